/* The pure function: what a snapshot and a configuration give. */
#include "pipeline/derive.h"

#include <unistd.h>

#include "base/budget.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/shell.h"
#include "output/output.h"
#include "registry/registry.h"
#include "render/render.h"
#include "source/source.h"

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_JOBS ? MAX_JOBS : (unsigned)n;
}

/* What a person would type to have this snapshot's commands allowed. */
static struct sv allow_command(const struct session *s)
{
	const struct snapshot_spec *spec = &s->spec;
	bool merge = spec->kind == SNAPSHOT_MERGE;
	const char *rev =
		merge && s->render_only != NULL ? spec->into : spec->rev;

	if (spec->kind == SNAPSHOT_INDEX)
		return SV("zoneloom allow --index");
	if (!merge && spec->kind != SNAPSHOT_REV)
		return SV("zoneloom allow");
	return arena_fmt(s->mem, "zoneloom allow%s --rev " SV_FMT,
			 merge && s->render_only == NULL ? " --add" : "",
			 SV_ARG(shell_word(s->mem, sv_of(rev))));
}

static struct allowance allowance_of(const struct session *s)
{
	struct allowance a = { .base = s->render_only,
			       .base_name = s->render_base };

	if (s->config.render.n == 0)
		return a;
	command_allowed(s->mem, s->snapshot, &a.clone);
	a.next = allow_command(s);
	return a;
}

static int render(struct session *s, const struct publisher *p,
		  const char *const *kinds, struct diags *d,
		  struct render_stats *stats, struct objects *objects)
{
	struct progress progress = { .on = s->opt->progress };
	struct render_ctx ctx = {
		.mem = s->mem,
		.fault = &s->fault,
		.snapshot = s->snapshot,
		.config = &s->config,
		.publisher = p,
		.kinds = kinds,
		.paths = &s->paths,
		.stdin_text = s->stdin_text,
		.explicit_files = s->opt->from_stdin,
		.confined = s->opt->confinement != NULL,
		.prefilter = !s->opt->no_prefilter,
		.progress = &progress,
		.stats = stats,
		.jobs = s->opt->jobs > 0 ? s->opt->jobs : processors(),
	};

	ctx.allow = allowance_of(s);
	return render_objects(&ctx, d, objects);
}

static int render_wanted(struct session *s, const struct publisher *p,
			 struct derived *out, struct objects *objects)
{
	struct render_stats stats = { 0 };

	if (render(s, p, source_kinds(s->mem, &s->config), &s->diags, &stats,
		   objects) < 0)
		return -1;
	render_stats_add(&out->stats, &stats);
	return 0;
}

/* Two publishers that read the same files the same way read them once. */
static bool same_input(const struct publisher *a, const struct publisher *b)
{
	if (a->paths.list.n != b->paths.list.n ||
	    !strings_eq(&a->opt.flux_path, &b->opt.flux_path) ||
	    !sv_eq(a->opt.helm_values, b->opt.helm_values) ||
	    !strings_eq(&a->opt.ignore_keys, &b->opt.ignore_keys) ||
	    !sv_eq(a->opt.unresolved, b->opt.unresolved))
		return false;
	for (size_t i = 0; i < a->paths.list.n; i++)
		if (a->paths.list.v[i].negated != b->paths.list.v[i].negated ||
		    !sv_eq(a->paths.list.v[i].pattern,
			   b->paths.list.v[i].pattern))
			return false;
	return true;
}

static int publish(struct session *s, const struct publisher *p,
		   const struct objects *objects, struct derived *out)
{
	struct endpoints set = { 0 };
	struct plan_ctx plan = { s->mem, &s->diags, &s->config };
	struct source_ctx ctx = { .mem = s->mem,
				  .diags = &s->diags,
				  .fault = &s->fault,
				  .config = &s->config,
				  .publisher = p,
				  .all = objects,
				  .out = &set };

	(void)source_read_all(&ctx);
	/* What stops ExternalDNS: it publishes nothing for anybody then. */
	if (s->fault.kind != FAULT_NONE)
		return -1;
	out->no_target += ctx.no_target;
	if (sv_eq(p->opt.unresolved, SV("keep")))
		for (size_t i = 0; i < ctx.unresolved.list.n; i++)
			*VEC_ADD(s->mem, &out->unresolved.list) =
				ctx.unresolved.list.v[i];
	if (s->opt->compat) {
		plan_compat(&plan, p, &set);
		out->plan.unzoned = set;
		return 0;
	}
	/* What is wrong is filed; what is right goes on, so that `list` can
	 * show it and every fault is found at once. */
	(void)plan_add(&plan, p, &set, &out->plan);
	plan_add_open(&plan, p, &ctx.open, &out->plan);
	return 0;
}

/* What the lists of other repositories say, as if it were derived here. */
static int publish_records(struct session *s, struct derived *out)
{
	struct plan_ctx plan = { s->mem, &s->diags, &s->config };
	struct endpoints set = { 0 };

	if (s->opt->compat)
		return 0;
	if (records_read(s, &set, &out->records) < 0)
		return -1;
	if (set.list.n > 0)
		(void)plan_add(&plan, &s->config.publishers.v[0], &set,
			       &out->plan);
	return 0;
}

static int add_statics(struct session *s, struct plan_ctx *ctx,
		       struct plan *plan, struct zone_plan *z)
{
	struct endpoints set = { 0 };
	struct sv path = z->zone->static_file, text;

	if (path.n == 0)
		return 0;
	if (session_read(s, path, &text) < 0)
		return -1;
	if (text.p == NULL) {
		diag_file(&s->diags, DIAG_CONFIG, DIAG_ERROR, z->zone->at,
			  "zone " SV_FMT ": static: " SV_FMT
			  " is not in this snapshot",
			  SV_ARG(z->zone->key), SV_ARG(path));
		return 0;
	}
	if (zone_text_read(s->mem, &s->diags, path, text, z->zone->name,
			   z->zone->default_ttl, &set) < 0)
		z->has_errors = true;
	plan_add_static(ctx, &set, z, plan);
	return 0;
}

static int finish(struct session *s, struct plan *plan)
{
	const struct publisher *first = &s->config.publishers.v[0];
	struct plan_ctx ctx = { s->mem, &s->diags, &s->config };

	if (!s->opt->compat)
		(void)plan_finish(&ctx, plan);
	(void)registry_add(s->mem, &s->diags, first, s->opt->compat, SV(""),
			   &plan->unzoned);
	endpoints_sort(&plan->unzoned);
	for (size_t i = 0; i < plan->zones.n; i++) {
		struct zone_plan *z = &plan->zones.v[i];

		if (add_statics(s, &ctx, plan, z) < 0)
			return -1;
		(void)registry_add(s->mem, &s->diags, first, false,
				   z->zone->name, &z->records);
		endpoints_sort(&z->records);
	}
	if (!s->opt->compat)
		(void)plan_check(&ctx, plan);
	plan_finish_open(&ctx, plan);
	return 0;
}

int derive(struct session *s, struct derived *out)
{
	size_t n = s->config.publishers.n;
	struct objects *read = ARENA_ARRAY(s->mem, struct objects, n);

	*out = (struct derived){ 0 };
	work_restart(s->mem);
	for (size_t i = 0; i < n; i++) {
		const struct publisher *p = &s->config.publishers.v[i];
		size_t k = 0;

		while (k < i && !same_input(p, &s->config.publishers.v[k]))
			k++;
		if (k < i)
			read[i] = read[k];
		else if (render_wanted(s, p, out, &read[i]) < 0)
			return -1;
		if (publish(s, p, &read[i], out) < 0)
			return -1;
	}
	if (publish_records(s, out) < 0)
		return -1;
	out->objects = n > 0 ? read[0] : (struct objects){ 0 };
	return finish(s, &out->plan);
}

/* Whom two publishers read is looked at once. */
static bool is_read(const struct session *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_input(&s->config.publishers.v[i],
			       &s->config.publishers.v[k]))
			return true;
	return false;
}

int derive_objects(struct session *s, const char *const *kinds,
		   struct objects *out)
{
	struct diags d = { .mem = s->mem };

	*out = (struct objects){ 0 };
	for (size_t i = 0; i < s->config.publishers.n; i++) {
		struct render_stats ignored = { 0 };
		struct objects some = { 0 };

		if (is_read(s, i))
			continue;
		if (render(s, &s->config.publishers.v[i], kinds, &d, &ignored,
			   &some) < 0)
			return -1;
		for (size_t k = 0; k < some.list.n; k++)
			*VEC_ADD(s->mem, &out->list) = some.list.v[k];
	}
	/* What no record depends on stops nothing. */
	diags_merge_softly(&s->diags, &d);
	return 0;
}

static bool is_kustomization(struct sv path)
{
	static const char *const names[] = { "kustomization.yaml",
					     "kustomization.yml",
					     "Kustomization" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq(path_name(path), sv_of(names[i])))
			return true;
	return false;
}

/* helmCharts, helmChartInflationGenerator */
static bool has_charts(struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		if (sv_starts(line, SV("helmChart")))
			return true;
	return false;
}

int derive_charts(struct session *s, struct strings *folders)
{
	for (size_t i = 0; i < snapshot_count(s->snapshot); i++) {
		const struct snapshot_file *f = snapshot_at(s->snapshot, i);
		struct arena *own;
		struct diags passed_over;
		struct sv text;

		if (!is_kustomization(f->path))
			continue;
		own = arena_under(s->mem);
		passed_over = (struct diags){ .mem = own };
		if (snapshot_read(s->snapshot, f, own, &passed_over, &s->fault,
				  &text) == 0 &&
		    has_charts(text))
			*VEC_ADD(s->mem, &folders->list) = path_folder(f->path);
		arena_free(own);
		if (s->fault.kind != FAULT_NONE)
			return -1;
	}
	return 0;
}
