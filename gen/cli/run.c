/* Opening what a command reads, and saying what was wrong with it. */
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "source/source.h"

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

static const struct {
	const char *flag;
	enum snapshot_kind kind;
} snapshot_flags[] = {
	{ "worktree", SNAPSHOT_WORKTREE }, { "index", SNAPSHOT_INDEX },
	{ "rev", SNAPSHOT_REV },	   { "dir", SNAPSHOT_DIR },
	{ "stdin", SNAPSHOT_WORKTREE },
};

static int spec_from_flags(struct run *r)
{
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(snapshot_flags) / sizeof(*snapshot_flags);
	     i++) {
		const char *flag = snapshot_flags[i].flag;

		if (!run_has(r, flag))
			continue;
		if (first != NULL)
			return diag_error(&r->diags, DIAG_USAGE, nowhere,
					  "--%s and --%s: only one snapshot "
					  "can be read",
					  first, flag);
		first = flag;
		r->spec.kind = snapshot_flags[i].kind;
	}
	r->from_stdin = run_has(r, "stdin");
	r->spec.trust_repo = run_has(r, "trust-repo");
	if (r->spec.kind == SNAPSHOT_REV)
		r->spec.rev = arena_str(r->mem, run_flag(r, "rev"));
	if (r->spec.kind == SNAPSHOT_REV && strcmp(r->spec.rev, ":") == 0)
		r->spec.kind = SNAPSHOT_INDEX;
	if (r->spec.kind == SNAPSHOT_DIR)
		r->spec.dir = arena_str(r->mem, run_flag(r, "dir"));
	/* A pipe needs no repository around it. */
	if (r->from_stdin && (r->compat || !repo_exists(NULL)))
		r->spec.kind = SNAPSHOT_EMPTY;
	return 0;
}

static int read_stdin(struct run *r)
{
	if (file_read_fd(r->mem, STDIN_FILENO, "standard input",
			 MAX_STDIN_BYTES, &r->fault, &r->stdin_text) < 0)
		return -1;
	if (sv_trim(r->stdin_text).n > 0 || r->compat)
		return 0;
	fault_file(&r->fault, r->mem, FAULT_STOP,
		   "standard input is empty; a failed command in a pipe looks "
		   "like that");
	fault_hint(&r->fault, r->mem,
		   "set -o pipefail, and look at the command before the pipe");
	return -1;
}

int run_read(struct run *r, struct sv path, struct sv *text)
{
	const struct snapshot_file *file = snapshot_find(r->snapshot, path);

	*text = (struct sv){ NULL, 0 };
	/* A link out of the tree is no missing file: there is something that
	 * somebody wants read. */
	if (file == NULL && snapshot_is_link(r->snapshot, path))
		return diag_error(&r->diags, DIAG_LINK,
				  ((struct loc){ path, 0, 0 }),
				  "the symbolic link leads to no file of this "
				  "tree");
	if (file == NULL)
		return 0;
	return snapshot_read(r->snapshot, file, r->mem, &r->diags, &r->fault,
			     text);
}

/* The file that --config or ZONELOOM_CONFIG names: in the snapshot, so that a
 * revision is judged by its own; else on disk. */
static int config_text(struct run *r, struct sv *file, struct sv *text)
{
	const char *env = getenv("ZONELOOM_CONFIG");
	bool named = run_has(r, "config");

	*file = named		    ? run_flag(r, "config")
		: env && !r->compat ? sv_of(env)
				    : SV(".zoneloom.yaml");
	*text = (struct sv){ NULL, 0 };
	named = named || (env != NULL && !r->compat);
	if (r->compat && !named)
		return 0;
	if (run_read(r, *file, text) < 0)
		return -1;
	if (text->p != NULL)
		return 0;
	if (named || (r->spec.kind == SNAPSHOT_EMPTY &&
		      access(".zoneloom.yaml", F_OK) == 0))
		return file_read(r->mem, arena_str(r->mem, *file),
				 MAX_FILE_BYTES, &r->fault, text);
	return 0;
}

static int add_vars_files(struct run *r)
{
	const struct strings *files = &r->config.publishers.v[0].opt.vars_file;

	for (size_t i = 0; i < files->list.n; i++) {
		struct sv path = files->list.v[i], text;

		if (run_read(r, path, &text) < 0)
			return -1;
		if (text.p == NULL &&
		    file_read(r->mem, arena_str(r->mem, path), MAX_FILE_BYTES,
			      &r->fault, &text) < 0)
			return -1;
		if (config_add_vars(r->mem, &r->diags, path, text, &r->config) <
		    0)
			return -1;
	}
	return 0;
}

/* --zone names a zone of the configuration; where there is none, it makes
 * one. */
static int add_zone(struct run *r)
{
	struct sv name = run_flag(r, "zone");

	if (!run_has(r, "zone"))
		return 0;
	for (size_t i = 0; i < r->config.zones.n; i++)
		if (run_wants_zone(r, &r->config.zones.v[i]))
			return 0;
	if (r->config.zones.n > 0)
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--zone: \"" SV_FMT
				  "\" is no zone of " SV_FMT,
				  SV_ARG(name), SV_ARG(r->config.file));
	return config_add_zone(r->mem, &r->diags, &r->config, name,
			       run_flag(r, "format"), run_flag(r, "zone-id"));
}

/* Without a configuration the first answer should hold every name that is
 * there; a configuration says itself what it reads (default: ingress). */
static void read_every_source(struct run *r)
{
	struct publisher *p = &r->config.publishers.v[0];

	if (r->config.file.n > 0 || p->opt.set.source || r->compat)
		return;
	p->opt.source = (struct strings){ 0 };
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (source_table[i]->by_default)
			*VEC_ADD(r->mem, &p->opt.source.list) =
				sv_of(source_table[i]->flag);
}

int run_load(struct run *r)
{
	struct sv file, text;

	if (config_text(r, &file, &text) < 0)
		return run_status(r, EXIT_ENV);
	if (config_load(r->mem, &r->diags, file, text, &r->flags, r->compat,
			&r->config) < 0 ||
	    add_vars_files(r) < 0 || add_zone(r) < 0 ||
	    config_finalize_references(&r->diags, &r->config) < 0)
		return run_status(r, EXIT_USAGE) == EXIT_INPUT
			       ? EXIT_USAGE
			       : run_status(r, EXIT_USAGE);
	if (text.p == NULL)
		r->config.file = SV("");
	read_every_source(r);
	return 0;
}

static bool is_output(const struct run *r, struct sv path)
{
	for (size_t i = 0; i < r->config.zones.n; i++)
		for (size_t k = 0; k < r->config.zones.v[i].outputs.n; k++)
			if (sv_eq(r->config.zones.v[i].outputs.v[k].file, path))
				return true;
	return false;
}

/* Conflicts in our own files are solved by writing them anew; in the index any
 * other one would read as a deletion. */
static int check_merged(struct run *r)
{
	const struct sv *paths;
	size_t n = snapshot_unmerged(r->snapshot, &paths), count = 0;
	struct buf list = { .mem = r->mem };

	for (size_t i = 0; r->spec.kind == SNAPSHOT_INDEX && i < n; i++)
		if (!is_output(r, paths[i]) && count++ < 10)
			buf_fmt(&list, "%s" SV_FMT, count > 1 ? ", " : "",
				SV_ARG(paths[i]));
	if (count == 0)
		return 0;
	if (count > 10)
		buf_fmt(&list, " and %zu more", count - 10);
	fault_file(&r->fault, r->mem, FAULT_ENV, "merge conflict in " SV_FMT,
		   SV_ARG(buf_sv(&list)));
	fault_hint(&r->fault, r->mem, "solve it, then git add");
	return run_status(r, EXIT_ENV);
}

int run_open(struct run *r)
{
	int rc;

	if (spec_from_flags(r) < 0)
		return EXIT_USAGE;
	if (snapshot_open(r->mem, &r->spec, &r->diags, &r->fault,
			  &r->snapshot) < 0)
		return run_status(r, EXIT_ENV);
	if (r->from_stdin && read_stdin(r) < 0)
		return run_status(r, EXIT_ENV);
	rc = run_load(r);
	return rc != 0 ? rc : check_merged(r);
}

int run_open_rev(const struct run *r, const char *rev, struct run *out)
{
	*out = (struct run){ .mem = r->mem,
			     .diags = { .mem = r->mem },
			     .flags = r->flags,
			     .own = r->own,
			     .spec = r->spec,
			     .compat = r->compat,
			     .color = r->color,
			     .quiet = r->quiet,
			     .verbose = r->verbose };
	out->spec.kind = SNAPSHOT_REV;
	out->spec.rev = rev;
	if (strcmp(rev, ":") == 0)
		out->spec.kind = SNAPSHOT_INDEX;
	if (snapshot_open(out->mem, &out->spec, &out->diags, &out->fault,
			  &out->snapshot) < 0)
		return run_status(out, EXIT_ENV);
	return run_load(out);
}

static const int status_of_fault[] = {
	[FAULT_NONE] = EXIT_SAME, [FAULT_USAGE] = EXIT_USAGE,
	[FAULT_ENV] = EXIT_ENV,	  [FAULT_AGAIN] = EXIT_AGAIN,
	[FAULT_STOP] = EXIT_STOP,
};

int run_status(const struct run *r, int otherwise)
{
	if (r->fault.kind != FAULT_NONE)
		return status_of_fault[r->fault.kind];
	return r->diags.errors > 0 ? EXIT_INPUT : otherwise;
}

/* The line itself and a caret under the column: where a person looks. */
static void put_snippet(struct run *r, const struct loc *at)
{
	struct arena *mem = arena_new();
	struct diags ignored = { .mem = mem };
	struct fault fault = { 0 };
	const struct snapshot_file *file = NULL;
	struct sv text = r->stdin_text, line = { NULL, 0 };

	if (r->snapshot != NULL)
		file = snapshot_find(r->snapshot, at->file);
	if (file != NULL &&
	    snapshot_read(r->snapshot, file, mem, &ignored, &fault, &text) < 0)
		text = (struct sv){ NULL, 0 };
	for (uint32_t i = 0; i < at->line; i++)
		if (!sv_cut(&text, '\n', &line))
			line = (struct sv){ NULL, 0 };
	line = sv_head(line, 160);
	if (line.n > 0 && at->line > 0)
		fprintf(stderr, "%6u | " SV_FMT "\n       | %*s^\n", at->line,
			SV_ARG(text_escape(mem, line)),
			at->col > 0 ? (int)(at->col > 160 ? 160 : at->col) - 1
				    : 0,
			"");
	arena_free(mem);
}

void run_report(struct run *r)
{
	diags_sort(&r->diags);
	for (size_t i = 0; i < r->diags.list.n; i++) {
		const struct diag *m = &r->diags.list.v[i];

		if ((m->severity == DIAG_NOTE && r->verbose == 0) ||
		    (m->severity == DIAG_WARNING && r->quiet))
			continue;
		diag_write(m, stderr);
		if (r->color)
			put_snippet(r, &m->at);
	}
	if (r->fault.kind == FAULT_NONE)
		return;
	fprintf(stderr, "zoneloom: " SV_FMT "\n",
		SV_ARG(text_escape(r->mem, r->fault.text)));
	if (r->fault.hint.n > 0)
		fprintf(stderr, "  " SV_FMT "\n",
			SV_ARG(text_escape(r->mem, r->fault.hint)));
}
