#include "pipeline/foreign.h"

#include "base/map.h"
#include "base/path.h"
#include "pipeline/ours.h"

/* A folder that is read as a whole, by formats where one is. */
struct module {
	struct sv folder;
	const struct output *format;
	struct map names; /* of our records in it: to struct sv, the output */
};

struct search {
	struct session *s;
	enum diag_severity severity;
	struct diags *d;
	struct ours ours;
	VEC(struct module) modules;
};

static struct module *module_of(struct search *q, const struct format *f,
				struct sv file)
{
	const struct output *o = f != NULL ? output_of(f) : NULL;
	struct module *m;

	if (o == NULL || o->is_beside == NULL || file.n == 0)
		return NULL;
	for (size_t i = 0; i < q->modules.n; i++)
		if (q->modules.v[i].format == o &&
		    sv_eq(q->modules.v[i].folder, path_folder(file)))
			return &q->modules.v[i];
	m = VEC_ADD(q->s->mem, &q->modules);
	*m = (struct module){ .folder = path_folder(file), .format = o };
	m->names.mem = q->s->mem;
	return m;
}

static void add_names(struct search *q, struct module *m, struct sv file,
		      const struct endpoints *set)
{
	struct sv *output = ARENA_NEW(q->s->mem, struct sv);

	*output = file;
	for (size_t i = 0; m != NULL && i < set->list.n; i++)
		map_put(&m->names, set->list.v[i].name, output);
}

static void add_plan(struct search *q, const struct plan *p)
{
	for (size_t i = 0; p != NULL && i < p->zones.n; i++) {
		const struct zone *z = p->zones.v[i].zone;
		struct endpoint apex = { .name = z->name };
		struct endpoints own = { 0 };

		*endpoints_add(q->s->mem, &own) = apex;
		for (size_t k = 0; k < z->outputs.n; k++) {
			struct sv file = z->outputs.v[k].file;
			struct module *m = module_of(
				q, format_find(z->outputs.v[k].format), file);

			add_names(q, m, file, &own);
			add_names(q, m, file, &p->zones.v[i].records);
		}
	}
}

static void add_standing(struct search *q, const struct outputs *o)
{
	struct diags ignored = { .mem = q->s->mem };

	for (size_t i = 0; o != NULL && i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];
		struct output_file read;

		if (f->old.p != NULL &&
		    output_file_read(q->s->mem, &ignored, &q->s->config,
				     f->path, f->old, &read) == 1)
			add_names(q, module_of(q, read.format, f->path),
				  f->path, &read.records);
	}
}

/* A finding that was accepted is accepted for these bytes: with others the same
 * block does something else.  "" where they may change while they are read. */
static struct sv version_of(const struct search *q,
			    const struct snapshot_file *f)
{
	const struct snapshot_file *to = snapshot_find(q->s->snapshot, f->path);
	const unsigned char *id = to != NULL ? to->id : f->id;

	if (snapshot_root(q->s->snapshot) != NULL)
		return SV("");
	return arena_fmt(q->s->mem, " in blob %02x%02x%02x%02x%02x%02x", id[0],
			 id[1], id[2], id[3], id[4], id[5]);
}

static void file_block(struct search *q, const struct module *m,
		       const struct snapshot_file *f,
		       const struct foreign_block *b)
{
	const struct sv *output = map_get(&m->names, b->name);

	if (output == NULL)
		return;
	diag_file(q->d, DIAG_FOREIGN_OVERRIDE, q->severity, b->at,
		  "%s block for " SV_FMT " of output " SV_FMT SV_FMT
		  " %s; expected nothing beside an output to change it",
		  b->block, SV_ARG(b->address), SV_ARG(*output),
		  SV_ARG(version_of(q, f)), b->effect);
}

/* A file of ours is judged where outputs are; a link to one is not looked for
 * there, and is read as any file. */
static bool is_ours(const struct search *q, const struct snapshot_file *f,
		    struct sv text)
{
	if (config_writes(&q->s->config, f->path))
		return true;
	return ours_candidate(&q->ours, f) &&
	       ours_holds(&q->ours, q->s, f->path, text);
}

static int look_at(struct search *q, const struct module *m,
		   const struct snapshot_file *f)
{
	struct arena *mem = arena_under(q->s->mem);
	struct diags unreadable = { .mem = mem };
	struct foreign_blocks blocks = { .unreadable = true };
	struct loc at = { f->path, 1, 1 };
	struct sv text;
	int rc = snapshot_read(q->s->snapshot, f, mem, &unreadable,
			       &q->s->fault, &text);

	if (rc == 0 && is_ours(q, f, text))
		blocks.unreadable = false;
	else if (rc == 0)
		m->format->foreign_find(mem, f->path, text, &blocks);
	if (blocks.unreadable)
		diag_file(q->d, DIAG_FOREIGN_OVERRIDE, q->severity, at,
			  "file " SV_FMT SV_FMT
			  " cannot be read, and may change what an output "
			  "beside it says",
			  SV_ARG(f->path), SV_ARG(version_of(q, f)));
	for (size_t i = 0; i < blocks.list.n; i++)
		file_block(q, m, f, &blocks.list.v[i]);
	arena_free(mem);
	return q->s->fault.kind != FAULT_NONE ? -1 : 0;
}

static int look_into(struct search *q, const struct module *m)
{
	const struct snapshot *at = q->s->snapshot;
	struct sv start = m->folder;

	if (start.n > 0)
		start = arena_fmt(q->s->mem, SV_FMT "/", SV_ARG(start));
	for (size_t i = snapshot_lower_bound(at, start); i < snapshot_count(at);
	     i++) {
		const struct snapshot_file *f = snapshot_at(at, i);

		if (!sv_starts(f->path, start))
			break;
		if (sv_eq(path_folder(f->path), m->folder) &&
		    m->format->is_beside(f->path) && look_at(q, m, f) < 0)
			return -1;
	}
	return 0;
}

int foreign_find(struct session *s, const struct plan *plan,
		 const struct plan *before, const struct outputs *o,
		 enum diag_severity severity, struct diags *d)
{
	struct search q = { .s = s, .severity = severity, .d = d };

	add_plan(&q, plan);
	add_plan(&q, before);
	add_standing(&q, o);
	if (q.modules.n == 0)
		return 0;
	if (ours_new(s, &q.ours) < 0)
		return -1;
	for (size_t i = 0; i < q.modules.n; i++)
		if (look_into(&q, &q.modules.v[i]) < 0)
			return -1;
	return 0;
}
