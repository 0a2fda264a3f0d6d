#include "pipeline/outputs.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "base/path.h"
#include "pipeline/parents.h"
#include "pipeline/ours.h"

/* The one clock of the program: date serials of a zone that changed. */
static int64_t now_of(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	unsigned long long n;

	if (epoch != NULL && sv_number(sv_of(epoch), INT64_MAX, &n))
		return (int64_t)n;
	return (int64_t)time(NULL);
}

/* A serial must not fall behind any history that meets here. */
static int add_bases(struct session *s, struct output_ctx *ctx, struct sv path)
{
	struct sv text;

	/* A zone of flags alone is printed, and has no file. */
	if (path.n == 0)
		return 0;
	for (size_t i = 0; i < PREVIOUS_REVISIONS; i++) {
		if (s->serial_from[i] == NULL)
			continue;
		if (snapshot_read_at(s->snapshot, s->serial_from[i], path,
				     s->mem, &s->fault, &text) < 0)
			return -1;
		if (text.p != NULL)
			*VEC_ADD(s->mem, &ctx->bases) = text;
	}
	return 0;
}

/* A file that is neither ours nor a block is somebody else's work; one that two
 * configurations write would change with every run of either. */
static int check_ours(struct session *s, const struct out_file *file)
{
	struct loc at = { file->path, 0, 0 };
	struct sv rival;

	if (file->old.p == NULL)
		return 0;
	if (!output_may_replace(file->spec, file->old))
		return diag_error(
			&s->diags, DIAG_OUTPUT, at,
			"the file lacks our header line and would be "
			"overwritten; move it away or choose another file");
	if (ours_rival(s, file->path, file->old, &rival) < 0)
		return -1;
	if (rival.n == 0)
		return 0;
	return diag_error(&s->diags, DIAG_OUTPUT, at,
			  "the file is also an output of " SV_FMT
			  "; choose another file in one of them",
			  SV_ARG(rival));
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

/* The text that stands there; where it is gone, what HEAD has: deleting the
 * file first must not hide what goes with it. */
static int prior_text(struct session *s, const struct output_ctx *ctx,
		      struct sv path, struct sv *text)
{
	*text = ctx->previous;
	if (text->p != NULL || path.n == 0)
		return 0;
	return snapshot_read_at(s->snapshot, "HEAD", path, s->mem, &s->fault,
				text);
}

/*
 * Old and new are compared as the output itself says them: a default TTL or
 * a property that the format cannot hold is then no difference.
 */
static int add_prior(struct session *s, struct output_ctx *ctx,
		     const struct output *o, struct out_file *file,
		     struct outputs *out)
{
	struct prior_zone *z = prior_zone_of(s, &out->priors, ctx->zone);
	struct prior f = { .format = output_format(ctx->spec) };
	struct sv text;
	size_t all;

	if (prior_text(s, ctx, file->path, &text) < 0)
		return -1;
	f.stood = sv_trim(text).n > 0;
	if (f.stood && o->read(ctx, file->path, text, &f.have) < 0) {
		file->foreign = text;
		return 0;
	}
	if (o->read(ctx, file->path, file->text, &f.want) < 0)
		return 0;
	all = f.have.list.n;
	f.have = records_of_zone(s->mem, ctx->zone, &f.have, true);
	if (f.have.list.n < all)
		file->foreign = text;
	endpoints_sort(&f.have);
	endpoints_sort(&f.want);
	*VEC_ADD(s->mem, &z->files) = f;
	return 0;
}

/* What a file held and its zone does not write into it any more, against what
 * the files of that zone say now: those of its format, if there are any. */
static void add_prior_gone(struct session *s, struct sv path,
			   const struct output_file *read, struct outputs *out)
{
	struct prior_zone *z = prior_zone_of_file(s, &out->priors, path, read);
	struct prior f = { .stood = true };
	const struct prior *like = NULL;

	for (size_t i = 0; i < z->files.n; i++)
		if (like == NULL || (like->format != read->format &&
				     z->files.v[i].format == read->format))
			like = &z->files.v[i];
	f.format = read->format;
	f.have = read->records;
	if (like != NULL && !z->vanished)
		f.want = like->want;
	endpoints_sort(&f.have);
	*VEC_ADD(s->mem, &z->files) = f;
}

/* A file that is not written any more holds records that go, and so does one
 * whose zone got another name.  `named`: those that say their zone, which the
 * others are found by. */
static void find_gone(struct session *s, const struct out_file *file,
		      bool named, struct outputs *out)
{
	struct diags ignored = { .mem = s->mem };
	struct sv text = file->zone == NULL ? file->old : file->foreign;
	struct output_file read;

	if (text.p == NULL || output_file_read(s->mem, &ignored, &s->config,
					       file->path, text, &read) != 1)
		return;
	if (file->zone != NULL && read.zone == file->zone) {
		read.records = records_of_zone(s->mem, file->zone,
					       &read.records, false);
		read.zone = NULL;
		read.zone_key = SV("");
	}
	if ((read.zone_key.n > 0) == named &&
	    (file->zone == NULL || read.records.list.n > 0))
		add_prior_gone(s, file->path, &read, out);
}

static const struct endpoints *derived_records(const struct derived *d,
					       const struct zone *zone)
{
	static const struct endpoints none;

	for (size_t i = 0; i < d->plan.zones.n; i++)
		if (d->plan.zones.v[i].zone == zone)
			return &d->plan.zones.v[i].records;
	return &none;
}

/* An update is told in the words of the output: what it makes of no TTL. */
static void name_origin(struct arena *mem, const struct endpoints *set,
			struct change *c)
{
	const struct endpoint *written = c->want;
	struct endpoint *copy;

	c->want = derived_of(set, written);
	if (c->kind != CHANGE_UPDATE || c->want->ttl == written->ttl)
		return;
	copy = ARENA_NEW(mem, struct endpoint);
	*copy = *c->want;
	copy->ttl = written->ttl;
	c->want = copy;
}

static void find_changes(struct session *s, const struct derived *d,
			 struct outputs *out)
{
	for (size_t i = 0; i < out->priors.list.n; i++) {
		const struct prior_zone *p = out->priors.list.v[i];
		struct zone_changes *z = VEC_ADD(s->mem, &out->zones.list);

		z->zone = p->zone;
		z->known = p->files.n > 0;
		prior_changes(s->mem, p, &z->changes);
		for (size_t k = 0; k < z->changes.list.n; k++)
			name_origin(s->mem, derived_records(d, p->zone),
				    &z->changes.list.v[k]);
	}
}

/* git leaves both sides in the file, between lines of its own. */
static bool has_conflict(struct sv text)
{
	return sv_starts(text, SV("<<<<<<< ")) ||
	       sv_has(text, SV("\n<<<<<<< "));
}

/* A merge left both sides: its result is what the merged manifests say, on
 * top of what either side had. */
static int resolve_conflict(struct session *s, struct output_ctx *ctx,
			    const struct out_file *file)
{
	struct loc at = { file->path, 0, 0 };

	ctx->previous = file->old;
	if (!has_conflict(file->old))
		return 0;
	if (!s->opt->resolve)
		return diag_error(
			&s->diags, DIAG_OUTPUT, at,
			"the file contains a merge conflict; resolve the "
			"manifests, then run zoneloom generate --resolve");
	ctx->previous = ctx->bases.n > 0 ? ctx->bases.v[0] : SV("");
	return 0;
}

/* Findings at keys of followed objects, at least of this severity. */
static size_t key_findings(const struct diags *d, enum diag_severity least)
{
	size_t n = 0;

	for (size_t i = 0; i < d->list.n; i++)
		n += d->list.v[i].code == DIAG_KEY &&
		     d->list.v[i].severity >= least &&
		     d->list.v[i].object.n > 0;
	return n;
}

static bool keeps(const struct session *s)
{
	return sv_eq(s->config.publishers.v[0].opt.on_error, SV("keep"));
}

/* Errors that no zone answers for may have cost any of them a record: a file
 * that does not parse, a source.  Keys that are not understood have records of
 * their own that stay. */
static bool has_stray_errors(const struct session *s, const struct derived *d)
{
	return s->diags.errors >
	       d->plan.errors + key_findings(&s->diags, DIAG_ERROR);
}

static int keep_in_zone(struct session *s, struct zone_plan *z,
			const struct derived *d)
{
	struct endpoints have = { 0 };
	bool rejected = keeps(s) && z->rejected.list.n > 0;
	bool understood = key_findings(&s->diags, DIAG_WARNING) == 0;

	if (!rejected && d->unresolved.list.n == 0 && understood &&
	    !policy_keeps(&s->config, z->zone))
		return 0;
	if (previous_records(s, z->zone, &have) < 0)
		return -1;
	if (rejected)
		keep_records(s, z, &have);
	keep_unresolved(s, z, &have, &d->unresolved);
	if (!understood)
		keep_not_understood(s, z, &have);
	keep_policy(s, z, &have);
	return 0;
}

/* Written as if there were one answer: the author must know. */
static void warn_dropped(struct session *s, const struct endpoints *records,
			 const struct format *f)
{
	for (size_t i = 0; f->drops_identifiers && i < records->list.n; i++) {
		const struct endpoint *e = &records->list.v[i];

		if (e->set_identifier.n > 0 && !e->is_registry)
			diag_warn(&s->diags, DIAG_FORMAT, endpoint_at(e),
				  "%s \"" SV_FMT
				  "\": %s loses the set identifier \"" SV_FMT
				  "\"",
				  rrtype_name(e->type), SV_ARG(e->name),
				  f->called, SV_ARG(e->set_identifier));
	}
}

static void add_mates(struct session *s, const struct derived *d,
		      struct output_module *m)
{
	for (size_t i = 0; i < d->plan.zones.n; i++) {
		const struct zone_plan *z = &d->plan.zones.v[i];

		for (size_t k = 0; k < z->zone->outputs.n; k++) {
			const struct output_spec *o = &z->zone->outputs.v[k];

			if (output_format(o)->folder_is_module &&
			    sv_eq(path_folder(o->file), m->folder))
				*VEC_ADD(s->mem, &m->mates) =
					(struct output_mate){ z->zone, o,
							      &z->records };
		}
	}
}

/* Files of the folder; and those of its zones that left another one, whose
 * state may have come along. */
static bool has_past(const struct session *s, const struct output_module *m,
		     const struct output_past *past)
{
	if (sv_eq(path_folder(past->file), m->folder))
		return true;
	for (size_t i = 0; i < m->mates.n; i++)
		if (past->zone == m->mates.v[i].zone)
			return !config_writes(&s->config, past->file);
	return false;
}

/* The folder of an output whose files are one module; NULL for others. */
static int module_of(struct session *s, const struct derived *d,
		     const struct output_spec *spec, struct outputs *out,
		     struct output_module **module)
{
	struct output_module *m;

	*module = NULL;
	if (!output_format(spec)->folder_is_module || spec->file.n == 0)
		return 0;
	if (!out->pasts_read && previous_files(s, &out->pasts) < 0)
		return -1;
	out->pasts_read = true;
	for (size_t i = 0; i < out->modules.n; i++)
		if (sv_eq(out->modules.v[i]->folder, path_folder(spec->file)))
			*module = out->modules.v[i];
	if (*module != NULL)
		return 0;
	m = *module = ARENA_NEW(s->mem, struct output_module);
	m->mem = s->mem;
	m->folder = path_folder(spec->file);
	add_mates(s, d, m);
	for (size_t i = 0; i < out->pasts.list.n; i++)
		if (has_past(s, m, &out->pasts.list.v[i]))
			*VEC_ADD(s->mem, &m->pasts) = out->pasts.list.v[i];
	*VEC_ADD(s->mem, &out->modules) = m;
	return 0;
}

static int make_file(struct session *s, const struct derived *d,
		     struct zone_plan *z, const struct output_spec *spec,
		     struct outputs *out)
{
	const struct output *o = output_of(output_format(spec));
	struct output_ctx ctx = { .mem = s->mem,
				  .diags = &s->diags,
				  .config = &s->config,
				  .zone = z->zone,
				  .spec = spec,
				  .prune_moved = s->opt->prune_moved,
				  .now = now_of() };
	struct out_file *file = VEC_ADD(s->mem, &out->files);

	*file = (struct out_file){ .zone = z->zone,
				   .spec = spec,
				   .path = spec->file };
	if (session_read(s, spec->file, &file->old) < 0 ||
	    add_bases(s, &ctx, spec->file) < 0 ||
	    module_of(s, d, spec, out, &ctx.module) < 0 ||
	    (output_mode(spec)->is_included && parents_add(s, &ctx) < 0))
		return -1;
	if (check_ours(s, file) < 0 || resolve_conflict(s, &ctx, file) < 0)
		return 0;
	warn_dropped(s, &z->records, output_format(spec));
	if (o->write(&ctx, &z->records, &file->text) < 0)
		file->text = file->old;
	else if (add_prior(s, &ctx, o, file, out) < 0)
		return -1;
	file->stale = file->old.p == NULL || !sv_eq(file->old, file->text);
	return 0;
}

static bool is_wanted(const struct outputs *o, struct sv path)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (sv_eq(o->files.v[i].path, path))
			return true;
	return false;
}

/* It is kept: the deletion is shown, and the file is put back if writing
 * fails. */
static int add_if_ours(struct session *s, const struct ours *ours,
		       const struct snapshot_file *f, struct outputs *out)
{
	struct diags unreadable = { .mem = arena_under(s->mem) };
	struct sv text;
	int rc = snapshot_read(s->snapshot, f, unreadable.mem, &unreadable,
			       &s->fault, &text);

	if (rc == 0 && ours_holds(ours, s, f->path, text))
		*VEC_ADD(s->mem, &out->files) =
			(struct out_file){ .path = f->path,
					   .old = arena_sv(s->mem, text),
					   .stale = true };
	arena_free(unreadable.mem);
	return s->fault.kind != FAULT_NONE ? -1 : 0;
}

/* What this configuration wrote at one time and does not now. */
static int find_obsolete(struct session *s, struct outputs *out)
{
	const struct snapshot_file *f;
	struct ours ours;
	size_t i = 0;

	if (ours_new(s, &ours) < 0)
		return -1;
	while ((f = ours_next(&ours, s->snapshot, &i)) != NULL)
		if (!is_wanted(out, f->path) &&
		    add_if_ours(s, &ours, f, out) < 0)
			return -1;
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

int keep_previous(struct session *s, struct derived *d)
{
	bool stray = keeps(s) && has_stray_errors(s, d);

	for (size_t i = 0; i < d->plan.zones.n; i++) {
		struct zone_plan *z = &d->plan.zones.v[i];

		if (!session_wants_zone(s, z->zone))
			continue;
		if ((stray || (keeps(s) && z->unattributed)
			     ? keep_zone(s, z)
			     : keep_in_zone(s, z, d)) < 0)
			return -1;
	}
	return 0;
}

static int make_files(struct session *s, const struct derived *d,
		      struct zone_plan *z, struct outputs *out)
{
	for (size_t k = 0; k < z->zone->outputs.n; k++)
		if (make_file(s, d, z, &z->zone->outputs.v[k], out) < 0)
			return -1;
	return 0;
}

/* A record that a format cannot hold is found when it is written; on-error:
 * keep then writes the zone as it was. */
static int make_zone(struct session *s, const struct derived *d,
		     struct zone_plan *z, struct outputs *out)
{
	size_t files = out->files.n, errors = s->diags.errors;

	if (make_files(s, d, z, out) < 0)
		return -1;
	if (s->diags.errors == errors || !keeps(s) || z->is_kept)
		return 0;
	if (keep_zone(s, z) < 0)
		return -1;
	if (!z->is_kept)
		return 0;
	out->derive_errors += s->diags.errors - errors;
	out->files.n = files;
	prior_zone_of(s, &out->priors, z->zone)->files.n = 0;
	for (size_t i = 0; i < out->modules.n; i++)
		out->modules.v[i]->cache = NULL;
	return make_files(s, d, z, out);
}

int outputs_make(struct session *s, struct derived *d, struct outputs *out)
{
	size_t keys;

	*out = (struct outputs){ .derive_errors = s->diags.errors };
	keys = key_findings(&s->diags, DIAG_ERROR);
	if (keep_previous(s, d) < 0)
		return -1;
	out->derive_errors -= keys - key_findings(&s->diags, DIAG_ERROR);
	for (size_t i = 0; i < d->plan.zones.n; i++) {
		struct zone_plan *z = &d->plan.zones.v[i];

		if (session_wants_zone(s, z->zone) &&
		    make_zone(s, d, z, out) < 0)
			return -1;
	}
	out->records = plan_records(&d->plan);
	if (s->opt->zone.p == NULL && find_obsolete(s, out) < 0)
		return -1;
	for (size_t i = 0; i < out->files.n; i++)
		find_gone(s, &out->files.v[i], true, out);
	for (size_t i = 0; i < out->files.n; i++)
		find_gone(s, &out->files.v[i], false, out);
	find_changes(s, d, out);
	if (out->files.n > 0)
		qsort(out->files.v, out->files.n, sizeof(out->files.v[0]),
		      file_cmp);
	return 0;
}

static const struct zone_plan *plan_of(const struct derived *d,
				       const struct zone *zone)
{
	for (size_t i = 0; i < d->plan.zones.n; i++)
		if (d->plan.zones.v[i].zone == zone)
			return &d->plan.zones.v[i];
	return NULL;
}

/* With an error that no zone answers for, a file that no zone writes any more
 * stays as well: where its records are now, nobody knows. */
static bool stays_behind(const struct derived *d, const struct zone *zone,
			 bool keep, bool stray)
{
	const struct zone_plan *z = plan_of(d, zone);

	if (z == NULL)
		return stray;
	return keep ? z->unattributed : z->has_errors;
}

/* The files stay, so nothing of their zones changes. */
static void leave(const struct derived *d, struct outputs *o,
		  struct out_file *f)
{
	f->stale = false;
	f->left = true;
	for (size_t i = 0; i < o->zones.list.n; i++)
		if (plan_of(d, o->zones.list.v[i].zone) == plan_of(d, f->zone))
			o->zones.list.v[i].changes = (struct changes){ 0 };
}

bool outputs_despite_errors(struct session *s, const struct derived *d,
			    struct outputs *o)
{
	struct sv mode = s->config.publishers.v[0].opt.on_error;
	bool keep = keeps(s), stray = o->derive_errors > d->plan.errors;

	if (s->diags.errors == 0)
		return true;
	if (sv_eq(mode, SV("all")) || s->diags.errors > o->derive_errors ||
	    (stray && !keep))
		return false;
	for (size_t i = 0; i < o->files.n; i++)
		if (stays_behind(d, o->files.v[i].zone, keep, stray))
			leave(d, o, &o->files.v[i]);
	return true;
}

static int judge_ignored(struct session *s, struct sv path,
			 enum diag_severity severity)
{
	struct ignore_rule rule;
	bool ignored;

	if (path.n == 0)
		return 0;
	if (snapshot_ignores(s->snapshot, path, &s->fault, &ignored, &rule) < 0)
		return -1;
	if (ignored)
		diag_file(&s->diags, DIAG_OUTPUT, severity,
			  (struct loc){ rule.file, rule.line, 1 },
			  "output " SV_FMT " is ignored by the rule \"" SV_FMT
			  "\", so that no commit would hold it; git add "
			  "-f " SV_FMT ", or change the rule",
			  SV_ARG(path), SV_ARG(rule.text),
			  SV_ARG(git_path_word(
				  s->mem, snapshot_root(s->snapshot), path)));
	return 0;
}

int outputs_ignored(struct session *s, enum diag_severity severity)
{
	for (size_t i = 0; i < s->config.zones.n; i++) {
		const struct zone *z = &s->config.zones.v[i];

		for (size_t k = 0; k < z->outputs.n; k++)
			if (session_wants_zone(s, z) &&
			    judge_ignored(s, z->outputs.v[k].file, severity) <
				    0)
				return -1;
	}
	return 0;
}

bool outputs_stale(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			return true;
	return false;
}
