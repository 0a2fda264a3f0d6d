#include "pipeline/ours.h"

#include "base/buf.h"
#include "base/path.h"

static bool has_format(const struct ours *o, const struct format *f)
{
	for (size_t i = 0; i < o->formats.n; i++)
		if (o->formats.v[i] == f)
			return true;
	return false;
}

static void add_outputs(struct arena *mem, struct ours *o, const struct zone *z)
{
	for (size_t i = 0; i < z->outputs.n; i++) {
		const struct output_spec *spec = &z->outputs.v[i];
		const struct format *f = format_find(spec->format);
		struct sv folder = path_folder(spec->file);

		/* A configuration of the past may be a faulty one. */
		if (f == NULL || spec->file.n == 0)
			continue;
		strings_add_once(mem, &o->folders, folder);
		if (!has_format(o, f))
			*VEC_ADD(mem, &o->formats) = f;
	}
}

/* The faults of another revision's configuration are reported there. */
static int add_revision(struct session *s, const char *rev, struct ours *o)
{
	struct diags ignored = { .mem = s->mem };
	struct config past;
	struct sv text;

	if (snapshot_read_at(s->snapshot, rev, o->config, s->mem, &s->fault,
			     &text) < 0)
		return -1;
	if (text.p == NULL)
		return 0;
	(void)config_load(s->mem, &ignored, s->config.file, text,
			  &s->opt->flags, false, &past);
	for (size_t i = 0; i < past.zones.n; i++)
		add_outputs(s->mem, o, &past.zones.v[i]);
	return 0;
}

int ours_new(struct session *s, struct ours *out)
{
	const char *revs[] = { "HEAD", "MERGE_HEAD", NULL };

	*out = (struct ours){ .config = header_config(s->mem, s->config.file) };
	for (size_t i = 0; i < s->config.zones.n; i++)
		add_outputs(s->mem, out, &s->config.zones.v[i]);
	if (s->opt->base.n > 0)
		revs[2] = arena_str(s->mem, s->opt->base);
	for (size_t i = 0; i < 3 && s->config.file.n > 0; i++)
		if (revs[i] != NULL && add_revision(s, revs[i], out) < 0)
			return -1;
	return 0;
}

/* Beside an output any name will do.  Elsewhere only endings that tell are
 * worth a look: a repository may hold ten thousand YAML files. */
bool ours_candidate(const struct ours *o, const struct snapshot_file *f)
{
	enum { MODE_LINK = 0120000 };

	if (f->mode == MODE_LINK)
		return false;
	if (strings_has(&o->folders, path_folder(f->path)))
		return true;
	for (const struct format *row = format_table; row->word; row++)
		if (format_suffix_ok(row, f->path) &&
		    (row->suffix_tells || has_format(o, row)))
			return true;
	return false;
}

const struct snapshot_file *ours_next(const struct ours *o,
				      const struct snapshot *in, size_t *at)
{
	while (*at < snapshot_count(in)) {
		const struct snapshot_file *f = snapshot_at(in, (*at)++);

		if (ours_candidate(o, f))
			return f;
	}
	return NULL;
}

/* Below one of the folders; of the root, in it. */
static bool is_below(const struct ours *o, struct sv path)
{
	for (size_t i = 0; i < o->folders.list.n; i++) {
		struct sv folder = o->folders.list.v[i];

		if (folder.n == 0 ? path_folder(path).n == 0
				  : path_below(path, folder))
			return true;
	}
	return false;
}

/* A folder above the file, the root left out, holds a configuration that the
 * header can mean as well: a project in a project. */
static bool has_nearer(const struct session *s, struct sv path,
		       struct sv config)
{
	struct arena *mem = arena_under(s->mem);
	bool nearer = false;

	for (struct sv folder = path_folder(path); folder.n > 0 && !nearer;
	     folder = path_folder(folder))
		nearer = snapshot_find(s->snapshot,
				       arena_fmt(mem, SV_FMT "/" SV_FMT,
						 SV_ARG(folder),
						 SV_ARG(config))) != NULL;
	arena_free(mem);
	return nearer;
}

bool ours_holds(const struct ours *o, const struct session *s, struct sv path,
		struct sv text)
{
	struct header h;

	if (!header_parse(s->mem, text, &h))
		return false;
	if (h.config.p == NULL)
		return is_below(o, path);
	return sv_eq(h.config, o->config) && !has_nearer(s, path, h.config);
}

int ours_rival(struct session *s, struct sv path, struct sv text,
	       struct sv *rival)
{
	struct diags ignored = { .mem = s->mem };
	struct config other;
	struct header h;

	*rival = SV("");
	if (!header_parse(s->mem, text, &h) || h.config.p == NULL ||
	    sv_eq(h.config, header_config(s->mem, s->config.file)))
		return 0;
	if (session_read(s, h.config, &text) < 0)
		return -1;
	if (text.p == NULL)
		return 0;
	(void)config_load(s->mem, &ignored, h.config, text, &s->opt->flags,
			  false, &other);
	if (config_writes(&other, path))
		*rival = h.config;
	return 0;
}
