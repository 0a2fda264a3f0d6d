#include "pipeline/session.h"
#include "pipeline/templates.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "pipeline/confine.h"
#include "pipeline/records.h"
#include "source/source.h"

/* --base: its serial must be passed, and what it has is kept. */
static void follow_base(struct session *s)
{
	if (s->opt->base.n == 0)
		return;
	s->keep_from[0] = s->serial_from[2] = arena_str(s->mem, s->opt->base);
	s->keep_from[1] = NULL;
}

struct session session_new(struct arena *mem, const struct session_options *opt)
{
	struct session s = { .mem = mem,
			     .opt = opt,
			     .keep_from = { "HEAD", "MERGE_HEAD" },
			     .serial_from = { "HEAD", "MERGE_HEAD" },
			     .diags = { .mem = mem } };

	follow_base(&s);
	return s;
}

void session_follow(struct session *s, const char *rev)
{
	for (size_t i = 0; i < PREVIOUS_REVISIONS; i++)
		s->keep_from[i] = s->serial_from[i] = i == 0 ? rev : NULL;
}

bool session_wants_zone(const struct session *s, const struct zone *zone)
{
	struct sv name = s->opt->zone;

	name = dname_strip_dot(name);
	return name.p == NULL || sv_case_eq(name, zone->key);
}

static int read_stdin(struct session *s)
{
	if (file_read_fd(s->mem, STDIN_FILENO, "standard input",
			 MAX_STDIN_BYTES, &s->fault, &s->stdin_text) < 0)
		return -1;
	if (sv_trim(s->stdin_text).n > 0 || s->opt->compat)
		return 0;
	fault_file(&s->fault, s->mem, FAULT_STOP,
		   "standard input is empty; a failed command in a pipe looks "
		   "like that");
	fault_hint(&s->fault, s->mem,
		   "set -o pipefail, and look at the command before the pipe");
	return -1;
}

int session_read(struct session *s, struct sv path, struct sv *text)
{
	const struct snapshot_file *file = snapshot_find(s->snapshot, path);

	*text = (struct sv){ NULL, 0 };
	/* A link out of the tree does not count as a missing file, since it
	 * names a file to read. */
	if (file == NULL && snapshot_is_link(s->snapshot, path))
		return diag_error(
			&s->diags, DIAG_LINK, ((struct loc){ path, 0, 0 }),
			"the symbolic link leads to no file in this tree");
	if (file == NULL)
		return 0;
	return snapshot_read(s->snapshot, file, s->mem, &s->diags, &s->fault,
			     text);
}

/* Of an absolute path into the work tree, the part that every machine has. */
static struct sv below_root(const struct session *s, struct sv path)
{
	struct sv root = sv_of(snapshot_root(s->snapshot));

	while (sv_ends(root, SV("/")))
		root.n--;
	return root.n > 0 && path_below(path, root) ? sv_from(path, root.n + 1)
						    : path;
}

/* A path of the tree, in any revision: not absolute, and not above it. */
static bool is_of_tree(struct arena *mem, struct sv path)
{
	struct sv ignored;

	return path_join(mem, SV(""), path, &ignored);
}

/*
 * The file that --config or ZONELOOM_CONFIG names: in the snapshot, so that a
 * revision is judged by its own; else on disk.  What a revision lacks, the
 * work tree of another must not supply: it has no configuration.
 */
static int config_text(struct session *s, struct sv *file, struct sv *text)
{
	bool named = s->opt->config_file.n > 0;

	*file = named ? below_root(s, s->opt->config_file)
		      : SV(".zoneloom.yaml");
	*text = (struct sv){ NULL, 0 };
	if (s->opt->compat && !named)
		return 0;
	if (session_read(s, *file, text) < 0)
		return -1;
	if (text->p != NULL)
		return 0;
	s->config_missing = named;
	if (named && is_of_tree(s->mem, *file) &&
	    (s->spec.kind == SNAPSHOT_REV || s->spec.kind == SNAPSHOT_MERGE))
		return 0;
	if (named || (s->spec.kind == SNAPSHOT_EMPTY &&
		      access(".zoneloom.yaml", F_OK) == 0))
		return file_read(s->mem, arena_str(s->mem, *file),
				 MAX_FILE_BYTES, &s->fault, text);
	return 0;
}

/* What a flag names may lie anywhere; what the configuration names is a plain
 * file of its own snapshot, for it is a stranger's text. */
static int vars_from_disk(struct session *s, struct sv path, struct sv *text)
{
	const struct options *o = &s->config.publishers.v[0].opt;

	bool typed = flags_have(&s->opt->flags, "vars-file");

	if (typed && access(arena_str(s->mem, path), F_OK) < 0)
		return diag_error(&s->diags, DIAG_USAGE, NOWHERE,
				  "invalid --vars-file \"" SV_FMT
				  "\": no such file here or in this snapshot",
				  SV_ARG(path));
	if (typed)
		return file_read(s->mem, arena_str(s->mem, path),
				 MAX_FILE_BYTES, &s->fault, text);
	return diag_error(&s->diags, DIAG_CONFIG,
			  option_place(o, option_find(SV("vars-file"))),
			  "vars-file \"" SV_FMT
			  "\": no such file in this snapshot",
			  SV_ARG(path));
}

static int add_vars_files(struct session *s)
{
	const struct strings *files = &s->config.publishers.v[0].opt.vars_file;

	for (size_t i = 0; i < files->list.n; i++) {
		struct sv path = files->list.v[i], text;

		if (session_read(s, path, &text) < 0)
			return -1;
		if (text.p == NULL && vars_from_disk(s, path, &text) < 0)
			return -1;
		if (config_add_vars(s->mem, &s->diags, path, text, &s->config) <
		    0)
			return -1;
	}
	return 0;
}

/* A folder that is not there would be read as an empty one. */
static int check_flux_paths(struct session *s)
{
	size_t row = option_find(SV("flux-path"));
	int rc = 0;

	for (size_t i = 0; !s->opt->from_stdin && i < s->config.publishers.n;
	     i++) {
		const struct options *o = &s->config.publishers.v[i].opt;

		for (size_t k = 0; k < o->flux_path.list.n; k++) {
			struct sv text = o->flux_path.list.v[k], path = text;

			while (sv_starts(path, SV("/")))
				path = sv_from(path, 1);
			if (path_join(s->mem, SV(""), path, &path) &&
			    snapshot_has_folder(s->snapshot, path))
				continue;
			rc = diag_error(&s->diags, DIAG_CONFIG,
					option_item_place(o, row, text),
					"invalid " SV_FMT " \"" SV_FMT
					"\": no such folder in this snapshot",
					SV_ARG(option_called(s->mem, o, row)),
					SV_ARG(text));
		}
	}
	return rc;
}

/* Its outputs say what a flag would say for a zone of flags alone. */
static int check_configured(struct session *s, const struct zone *zone)
{
	const char *flag = s->opt->format.n > 0	   ? "format"
			   : s->opt->zone_id.n > 0 ? "zone-id"
						   : NULL;

	if (flag == NULL)
		return 0;
	return diag_error(&s->diags, DIAG_USAGE, NOWHERE,
			  "--%s: zone " SV_FMT
			  " is configured; set it in the outputs of the zone",
			  flag, SV_ARG(zone->key));
}

/* --zone names a zone of the configuration; where there is none, it makes
 * one. */
static int add_zone(struct session *s)
{
	struct sv name = s->opt->zone;

	if (name.p == NULL)
		return 0;
	for (size_t i = 0; i < s->config.zones.n; i++)
		if (session_wants_zone(s, &s->config.zones.v[i]))
			return check_configured(s, &s->config.zones.v[i]);
	if (s->config.zones.n > 0)
		return diag_error(&s->diags, DIAG_USAGE, NOWHERE,
				  "--zone: " SV_FMT " is not a zone of " SV_FMT,
				  SV_ARG(name), SV_ARG(s->config.file));
	return config_add_zone(s->mem, &s->diags, &s->config, name,
			       s->opt->format, s->opt->zone_id);
}

/* Without a configuration the first answer should hold every name that is
 * there; a configuration says itself what it reads (default: ingress). */
static void read_every_source(struct session *s)
{
	struct publisher *p = &s->config.publishers.v[0];

	if (s->config.file.n > 0 || p->opt.set.source || s->opt->compat)
		return;
	p->opt.source = (struct strings){ 0 };
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (source_table[i]->by_default)
			*VEC_ADD(s->mem, &p->opt.source.list) =
				sv_of(source_table[i]->flag);
}

int session_load(struct session *s)
{
	struct sv file, text;

	confine_early(s);
	if (config_text(s, &file, &text) < 0)
		return -1;
	if (config_load(s->mem, &s->diags, file, text, &s->opt->flags,
			s->opt->compat, &s->config) < 0 ||
	    source_check(s->mem, &s->diags, &s->config) < 0 ||
	    check_flux_paths(s) < 0 || records_check(s) < 0 ||
	    add_vars_files(s) < 0 || add_zone(s) < 0 ||
	    config_finalize_references(&s->diags, &s->config) < 0 ||
	    templates_load(s) < 0)
		return fault_usage(&s->fault);
	s->config_text = text;
	if (text.p == NULL)
		s->config.file = SV("");
	read_every_source(s);
	return 0;
}

/* Conflicts in our own files are solved by writing them anew; in the index any
 * other one would read as a deletion. */
static int check_merged(struct session *s)
{
	const struct sv *paths;
	size_t n = snapshot_unmerged(s->snapshot, &paths), count = 0;
	struct buf list = { .mem = s->mem };

	for (size_t i = 0; s->spec.kind == SNAPSHOT_INDEX && i < n; i++)
		if (!config_writes(&s->config, paths[i]) && count++ < 10)
			buf_fmt(&list, "%s" SV_FMT, count > 1 ? ", " : "",
				SV_ARG(paths[i]));
	if (count == 0)
		return 0;
	if (count > 10)
		buf_fmt(&list, " and %zu more", count - 10);
	fault_file(&s->fault, s->mem, FAULT_ENV, "merge conflict in " SV_FMT,
		   SV_ARG(buf_sv(&list)));
	fault_hint(&s->fault, s->mem, "solve it, then git add");
	return -1;
}

/* A word that matches nothing is taken for a typing error. */
static int find_paths(struct session *s)
{
	int rc = 0;

	for (size_t i = 0; i < s->opt->paths.list.n; i++) {
		struct sv typed = s->opt->paths.list.v[i], path;

		if (snapshot_path(s->snapshot, typed, &path) &&
		    (snapshot_find(s->snapshot, path) != NULL ||
		     snapshot_has_folder(s->snapshot, path)))
			*VEC_ADD(s->mem, &s->paths.list) = path;
		else
			rc = diag_error(
				&s->diags, DIAG_USAGE, NOWHERE,
				"path \"" SV_FMT
				"\": no such file or folder in the " SV_FMT,
				SV_ARG(typed),
				SV_ARG(snapshot_name(s->snapshot)));
	}
	return rc < 0 ? fault_usage(&s->fault) : 0;
}

/* What a killed run left is put right before it is read. */
static int open_snapshot(struct session *s)
{
	size_t before = s->healed.list.n;

	if (snapshot_open(s->mem, &s->spec, &s->diags, &s->fault,
			  &s->snapshot) < 0)
		return -1;
	if (!s->opt->heal)
		return 0;
	if (snapshot_heal(s->snapshot, &s->fault, &s->healed) < 0)
		return -1;
	if (s->healed.list.n == before)
		return 0;
	s->diags = (struct diags){ .mem = s->mem };
	return snapshot_open(s->mem, &s->spec, &s->diags, &s->fault,
			     &s->snapshot);
}

int session_open(struct session *s)
{
	/* The session is older than the options of the command line. */
	follow_base(s);
	if (open_snapshot(s) < 0)
		return -1;
	if (find_paths(s) < 0 || (s->opt->from_stdin && read_stdin(s) < 0))
		return -1;
	if (session_load(s) < 0)
		return -1;
	return session_has_config(s, s) < 0 ? -1 : check_merged(s);
}

int session_has_config(struct session *s, const struct session *other)
{
	if (!s->config_missing || !other->config_missing ||
	    s->config.file.n > 0 || other->config.file.n > 0)
		return 0;
	return fault_set(&s->fault, s->mem, FAULT_USAGE,
			 "configuration " SV_FMT ": no such file in " SV_FMT,
			 SV_ARG(s->opt->config_file),
			 SV_ARG(snapshot_name(s->snapshot)));
}

static int open_like(const struct session *like, struct snapshot_spec spec,
		     struct session *out)
{
	*out = session_new(like->mem, like->opt);
	/* It would be on both sides, and no difference between them. */
	if (flags_have(&like->opt->flags, "records"))
		return fault_set(&out->fault, out->mem, FAULT_USAGE,
				 "--records: two revisions are compared here; "
				 "set records in the configuration");
	out->render_only = like->render_only;
	out->render_base = like->render_base;
	out->spec = spec;
	return open_snapshot(out) < 0 ? -1 : session_load(out);
}

int session_open_rev(const struct session *like, const char *rev,
		     struct session *out)
{
	struct snapshot_spec spec = like->spec;

	spec.kind = strcmp(rev, ":") == 0 ? SNAPSHOT_INDEX : SNAPSHOT_REV;
	spec.rev = rev;
	return open_like(like, spec, out);
}

int session_open_merge(const struct session *like, const char *into,
		       const char *rev, struct session *out)
{
	struct snapshot_spec spec = like->spec;

	spec.kind = SNAPSHOT_MERGE;
	spec.into = into;
	spec.rev = rev;
	return open_like(like, spec, out);
}
