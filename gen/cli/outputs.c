#include "cli/outputs.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

/* The one clock of the program: date serials of a zone that changed. */
static int64_t now_of(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	unsigned long long n;

	if (epoch != NULL && sv_number(sv_of(epoch), INT64_MAX, &n))
		return (int64_t)n;
	return (int64_t)time(NULL);
}

static struct zone_changes *changes_of(struct run *r, struct outputs *o,
				       const struct zone *zone)
{
	struct zone_changes *z;

	for (size_t i = 0; i < o->zones.n; i++)
		if (o->zones.v[i].zone == zone)
			return &o->zones.v[i];
	z = VEC_ADD(r->mem, &o->zones);
	z->zone = zone;
	return z;
}

/* A serial must not fall behind any history that meets here. */
static int add_bases(struct run *r, struct output_ctx *ctx, struct sv path)
{
	const char *revs[] = { "HEAD", "MERGE_HEAD", NULL };
	struct sv text;

	/* A zone of flags alone is printed, and has no file. */
	if (path.n == 0)
		return 0;
	if (run_has(r, "base"))
		revs[2] = arena_str(r->mem, run_flag(r, "base"));
	for (size_t i = 0; i < 3; i++) {
		if (revs[i] == NULL)
			continue;
		if (snapshot_read_at(r->snapshot, revs[i], path, r->mem,
				     &r->fault, &text) < 0)
			return -1;
		if (text.p != NULL)
			*VEC_ADD(r->mem, &ctx->bases) = text;
	}
	return 0;
}

/* A file that is neither ours nor a block is somebody's work. */
static int check_ours(struct run *r, const struct out_file *file)
{
	struct loc at = { file->path, 0, 0 };

	if (file->old.p == NULL || output_may_replace(file->spec, file->old))
		return 0;
	return diag_error(&r->diags, DIAG_OUTPUT, at,
			  "the file lacks our header line and would be "
			  "overwritten; move it away or choose another file");
}

/* The record that a line of the new output came from: it knows where its
 * name is written.  `set` is sorted by name, then type. */
static const struct endpoint *derived_of(const struct endpoints *set,
					 const struct endpoint *e)
{
	size_t low = 0, high = set->list.n;

	if (e == NULL)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sv_cmp(set->list.v[mid].name, e->name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < set->list.n && sv_eq(set->list.v[low].name, e->name);
	     low++)
		if (set->list.v[low].type == e->type)
			return &set->list.v[low];
	return e;
}

/*
 * Old and new are compared as the output itself says them: a default TTL or
 * a property that the format cannot hold is then no difference.
 */
static void find_changes(struct run *r, struct output_ctx *ctx,
			 const struct output *o, const struct out_file *file,
			 const struct endpoints *records, struct outputs *out)
{
	struct zone_changes *z = changes_of(r, out, ctx->zone);
	struct endpoints *have = ARENA_NEW(r->mem, struct endpoints);
	struct endpoints *want = ARENA_NEW(r->mem, struct endpoints);

	if (o->read == NULL || z->known)
		return;
	if (sv_trim(ctx->previous).n > 0 &&
	    o->read(ctx, file->path, ctx->previous, have) < 0)
		return;
	if (o->read(ctx, file->path, file->text, want) < 0)
		return;
	endpoints_sort(have);
	endpoints_sort(want);
	z->known = true;
	changes_find(r->mem, have, want, &z->changes);
	for (size_t i = 0; i < z->changes.list.n; i++)
		z->changes.list.v[i].want =
			derived_of(records, z->changes.list.v[i].want);
}

/* git leaves both sides in the file, between lines of its own. */
static bool has_conflict(struct sv text)
{
	return sv_starts(text, SV("<<<<<<< ")) ||
	       sv_has(text, SV("\n<<<<<<< "));
}

/* A merge left both sides: its result is what the merged manifests say, on
 * top of what either side had. */
static int resolve_conflict(struct run *r, struct output_ctx *ctx,
			    const struct out_file *file)
{
	struct loc at = { file->path, 0, 0 };

	ctx->previous = file->old;
	if (!has_conflict(file->old))
		return 0;
	if (!run_has(r, "resolve"))
		return diag_error(&r->diags, DIAG_OUTPUT, at,
				  "the file holds a merge conflict; resolve "
				  "the manifests, then zoneloom generate "
				  "--resolve");
	ctx->previous = ctx->bases.n > 0 ? ctx->bases.v[0] : SV("");
	return 0;
}

/* What the first readable output of a zone holds now. */
static int zone_have(struct run *r, const struct zone *zone,
		     struct endpoints *have)
{
	for (size_t i = 0; i < zone->outputs.n; i++) {
		const struct output_spec *spec = &zone->outputs.v[i];
		const struct output *o = output_find(spec->format);
		struct output_ctx ctx = { .mem = r->mem,
					  .diags = &r->diags,
					  .config = &r->config,
					  .zone = zone,
					  .spec = spec };
		struct sv text;

		if (o == NULL || o->read == NULL)
			continue;
		if (run_read(r, spec->file, &text) < 0)
			return -1;
		if (text.p != NULL &&
		    o->read(&ctx, spec->file, text, have) == 0)
			return 0;
	}
	return 0;
}

static int keep_previous(struct run *r, struct zone_plan *z,
			 const struct derived *d)
{
	struct endpoints have = { 0 };
	struct sv mode = r->config.publishers.v[0].opt.on_error;
	bool rejected = sv_eq(mode, SV("keep")) && z->rejected.list.n > 0;

	if (!rejected && d->unresolved.list.n == 0 &&
	    !policy_keeps(&r->config, z->zone))
		return 0;
	if (zone_have(r, z->zone, &have) < 0)
		return -1;
	if (rejected)
		keep_records(r, z, &have);
	keep_unresolved(r, z, &have, &d->unresolved);
	keep_policy(r, z, &have);
	return 0;
}

static int make_file(struct run *r, struct zone_plan *z,
		     const struct output_spec *spec, struct outputs *out)
{
	const struct output *o = output_find(spec->format);
	struct output_ctx ctx = { .mem = r->mem,
				  .diags = &r->diags,
				  .config = &r->config,
				  .zone = z->zone,
				  .spec = spec,
				  .now = now_of() };
	struct out_file *file = VEC_ADD(r->mem, &out->files);

	*file = (struct out_file){ .zone = z->zone,
				   .spec = spec,
				   .path = spec->file };
	if (o == NULL) {
		diag_file(&r->diags, DIAG_CONFIG, DIAG_ERROR, spec->at,
			  "output format \"" SV_FMT "\" is unknown",
			  SV_ARG(spec->format));
		return 0;
	}
	if (run_read(r, spec->file, &file->old) < 0 ||
	    add_bases(r, &ctx, spec->file) < 0)
		return -1;
	if (check_ours(r, file) < 0 || resolve_conflict(r, &ctx, file) < 0)
		return 0;
	if (o->write(&ctx, &z->records, &file->text) < 0)
		file->text = file->old;
	else
		find_changes(r, &ctx, o, file, &z->records, out);
	file->stale = file->old.p == NULL || !sv_eq(file->old, file->text);
	return 0;
}

static bool may_be_output(struct sv path)
{
	return sv_ends(path, SV(".tf.json")) || sv_ends(path, SV(".zone")) ||
	       sv_ends(path, SV(".inc")) || sv_ends(path, SV(".db"));
}

static struct sv top_folder(struct sv path)
{
	size_t slash = sv_chr(path, '/');

	return slash < path.n ? sv_head(path, slash) : SV("");
}

/* Beside our outputs: a copy that somebody keeps elsewhere is theirs. */
static bool is_beside(const struct outputs *o, struct sv path)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (sv_eq(top_folder(o->files.v[i].path), top_folder(path)))
			return true;
	return false;
}

static bool is_wanted(const struct outputs *o, struct sv path)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (sv_eq(o->files.v[i].path, path))
			return true;
	return false;
}

/* What an earlier configuration wrote and this one does not: it carries our
 * header, and lies below a folder of outputs. */
static int find_obsolete(struct run *r, struct outputs *out)
{
	for (size_t i = 0; i < snapshot_count(r->snapshot); i++) {
		const struct snapshot_file *f = snapshot_at(r->snapshot, i);
		struct arena *mem;
		struct sv text;
		bool ours;

		if (!may_be_output(f->path) || is_wanted(out, f->path) ||
		    !is_beside(out, f->path))
			continue;
		mem = arena_new();
		if (snapshot_read(r->snapshot, f, mem, &r->diags, &r->fault,
				  &text) < 0) {
			arena_free(mem);
			return -1;
		}
		ours = output_is_ours(text);
		if (ours)
			*VEC_ADD(r->mem, &out->files) =
				(struct out_file){ .path = f->path,
						   .old = arena_sv(r->mem,
								   text),
						   .stale = true };
		arena_free(mem);
	}
	return 0;
}

static int file_cmp(const void *a, const void *b)
{
	const struct out_file *x = a, *y = b;

	return sv_cmp(x->path, y->path);
}

size_t plan_records(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->zones.n; i++)
		for (size_t k = 0; k < p->zones.v[i].records.list.n; k++)
			n += !p->zones.v[i].records.list.v[k].is_registry;
	for (size_t k = 0; k < p->unzoned.list.n; k++)
		n += !p->unzoned.list.v[k].is_registry;
	return n;
}

int outputs_make(struct run *r, const struct derived *d, struct outputs *out)
{
	*out = (struct outputs){ .derive_errors = r->diags.errors };
	for (size_t i = 0; i < d->plan.zones.n; i++) {
		struct zone_plan *z = &d->plan.zones.v[i];

		if (!run_wants_zone(r, z->zone))
			continue;
		if (keep_previous(r, z, d) < 0)
			return -1;
		for (size_t k = 0; k < z->zone->outputs.n; k++)
			if (make_file(r, z, &z->zone->outputs.v[k], out) < 0)
				return -1;
	}
	out->records = plan_records(&d->plan);
	if (!run_has(r, "zone") && find_obsolete(r, out) < 0)
		return -1;
	if (out->files.n > 0)
		qsort(out->files.v, out->files.n, sizeof(out->files.v[0]),
		      file_cmp);
	return 0;
}

static bool stays_behind(const struct derived *d, const struct zone *zone,
			 bool keep)
{
	for (size_t i = 0; i < d->plan.zones.n; i++)
		if (d->plan.zones.v[i].zone == zone)
			return keep ? d->plan.zones.v[i].unattributed
				    : d->plan.zones.v[i].has_errors;
	return false;
}

bool outputs_despite_errors(struct run *r, const struct derived *d,
			    struct outputs *o)
{
	struct sv mode = r->config.publishers.v[0].opt.on_error;
	bool keep = sv_eq(mode, SV("keep"));

	if (r->diags.errors == 0)
		return true;
	/* An error that no zone answers for may have cost any of them a
	 * record: a file that does not parse, a source, an output. */
	if (sv_eq(mode, SV("all")) || r->diags.errors > o->derive_errors ||
	    o->derive_errors > d->plan.errors)
		return false;
	for (size_t i = 0; i < o->files.n; i++) {
		struct out_file *f = &o->files.v[i];

		if (f->zone == NULL || !stays_behind(d, f->zone, keep))
			continue;
		f->stale = false;
		fprintf(stderr, "left as it is: " SV_FMT "\n",
			SV_ARG(text_escape(r->mem, f->path)));
	}
	return true;
}

bool outputs_stale(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			return true;
	return false;
}

static bool zone_stale(const struct outputs *o, const struct zone *zone)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].zone == zone && o->files.v[i].stale)
			return true;
	return false;
}

/* Records that the zone will hold, TXT not counted. */
static size_t records_after(const struct changes *c)
{
	return c->before + c->added - c->deleted;
}

struct brake_sum {
	size_t deleted, changed, stopped;
	struct sv reason;
};

static void brake_zones(struct run *r, const struct outputs *o,
			struct brake_sum *sum)
{
	for (size_t i = 0; i < o->zones.n; i++) {
		const struct zone_changes *z = &o->zones.v[i];
		struct sv reason;

		if (!zone_stale(o, z->zone) ||
		    brake_check(r->mem, &r->config, &z->changes,
				records_after(&z->changes), -1, -1,
				&reason) == 0)
			continue;
		sum->reason = arena_fmt(r->mem, "zone " SV_FMT ": " SV_FMT,
					SV_ARG(z->zone->key), SV_ARG(reason));
		sum->deleted += z->changes.deleted;
		sum->changed += z->changes.deleted + z->changes.updated;
		sum->stopped++;
	}
}

int outputs_brake(struct run *r, const struct outputs *o)
{
	struct brake_sum sum = { 0 };
	long long deletes, changes;

	if (run_number(r, "allow-deletes", &deletes) < 0 ||
	    run_number(r, "allow-changes", &changes) < 0)
		return fault_set(&r->fault, r->mem, FAULT_USAGE,
				 "a whole number is wanted");
	brake_zones(r, o, &sum);
	if (sum.stopped == 0 ||
	    (deletes >= 0 && (size_t)deletes == sum.deleted &&
	     (changes < 0 || (size_t)changes == sum.changed)) ||
	    (changes >= 0 && (size_t)changes == sum.changed))
		return 0;
	if (sum.stopped > 1)
		return fault_set(&r->fault, r->mem, FAULT_STOP,
				 "%zu zones stopped, the last one: " SV_FMT
				 "; for all: --allow-deletes=%zu "
				 "--allow-changes=%zu",
				 sum.stopped, SV_ARG(sum.reason), sum.deleted,
				 sum.changed);
	return fault_set(&r->fault, r->mem, FAULT_STOP, SV_FMT,
			 SV_ARG(sum.reason));
}

void outputs_put_stale(struct run *r, const struct outputs *o, FILE *to)
{
	for (size_t i = 0; i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];

		if (f->stale)
			fprintf(to, "%s " SV_FMT "\n",
				f->text.p == NULL  ? "obsolete:"
				: f->old.p == NULL ? "missing:"
						   : "stale:",
				SV_ARG(text_escape(r->mem, f->path)));
	}
}
