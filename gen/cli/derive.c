/* The pure function: what a snapshot and a configuration give. */
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "source/source.h"

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_JOBS ? MAX_JOBS : (unsigned)n;
}

static int jobs_of(struct run *r, unsigned *jobs)
{
	long long n;

	if (run_number(r, "jobs", &n) < 0)
		return -1;
	if (n == 0 || n > MAX_JOBS)
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--jobs: 1 to %d are wanted", MAX_JOBS);
	*jobs = n < 0 ? processors() : (unsigned)n;
	return 0;
}

static int render(struct run *r, const struct publisher *p, struct derived *out,
		  struct objects *objects)
{
	struct render_ctx ctx = {
		.mem = r->mem,
		.diags = &r->diags,
		.fault = &r->fault,
		.snapshot = r->snapshot,
		.config = &r->config,
		.publisher = p,
		.kinds = source_kinds(r->mem, &r->config),
		.paths = r->paths,
		.stdin_text = r->stdin_text,
		.explicit_files = r->from_stdin,
		.allow_render =
			run_has(r, "allow-render") ||
			snapshot_setting(r->snapshot, "zoneloom.allowRender"),
		.prefilter = !run_has(r, "no-prefilter"),
		.progress = { .on = !r->quiet && isatty(STDERR_FILENO) },
	};

	if (jobs_of(r, &ctx.jobs) < 0 || render_objects(&ctx, objects) < 0)
		return -1;
	out->stats.files += ctx.stats.files;
	out->stats.candidates += ctx.stats.candidates;
	out->stats.templates += ctx.stats.templates;
	out->stats.rejected += ctx.stats.rejected;
	out->stats.objects += ctx.stats.objects;
	out->stats.helm_names += ctx.stats.helm_names;
	return 0;
}

static bool same_list(const struct strings *a, const struct strings *b)
{
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		if (!sv_eq(a->list.v[i], b->list.v[i]))
			return false;
	return true;
}

/* Two publishers that read the same files the same way read them once. */
static bool same_input(const struct publisher *a, const struct publisher *b)
{
	if (a->paths.list.n != b->paths.list.n ||
	    !same_list(&a->opt.flux_path, &b->opt.flux_path) ||
	    !sv_eq(a->opt.helm_values, b->opt.helm_values) ||
	    !sv_eq(a->opt.unresolved, b->opt.unresolved))
		return false;
	for (size_t i = 0; i < a->paths.list.n; i++)
		if (a->paths.list.v[i].negated != b->paths.list.v[i].negated ||
		    !sv_eq(a->paths.list.v[i].pattern,
			   b->paths.list.v[i].pattern))
			return false;
	return true;
}

static int publish(struct run *r, const struct publisher *p,
		   const struct objects *objects, struct derived *out)
{
	struct endpoints set = { 0 };
	struct plan_ctx plan = { r->mem, &r->diags, &r->config };
	struct source_ctx ctx = { .mem = r->mem,
				  .diags = &r->diags,
				  .fault = &r->fault,
				  .config = &r->config,
				  .publisher = p,
				  .all = objects,
				  .out = &set };

	if (source_read_all(&ctx) < 0 && r->fault.kind != FAULT_NONE)
		return -1;
	out->no_target += ctx.no_target;
	if (sv_eq(p->opt.unresolved, SV("keep")))
		for (size_t i = 0; i < ctx.unresolved.list.n; i++)
			*VEC_ADD(r->mem, &out->unresolved.list) =
				ctx.unresolved.list.v[i];
	if (r->compat) {
		plan_compat(&plan, p, &set);
		out->plan.unzoned = set;
		return 0;
	}
	/* What is wrong is filed; what is right goes on, so that `list` can
	 * show it and every fault is found at once. */
	(void)plan_add(&plan, p, &set, &out->plan);
	return 0;
}

static int add_statics(struct run *r, struct zone_plan *z)
{
	struct endpoints set = { 0 };
	struct sv path = z->zone->static_file, text;

	if (path.n == 0)
		return 0;
	if (run_read(r, path, &text) < 0)
		return -1;
	if (text.p == NULL) {
		diag_file(&r->diags, DIAG_CONFIG, DIAG_ERROR, z->zone->at,
			  "zone " SV_FMT ": static: " SV_FMT
			  " is not in this snapshot",
			  SV_ARG(z->zone->key), SV_ARG(path));
		return 0;
	}
	if (zone_text_read(r->mem, &r->diags, path, text, z->zone->name,
			   z->zone->default_ttl, &set) < 0)
		z->has_errors = true;
	for (size_t i = 0; i < set.list.n; i++) {
		set.list.v[i].is_static = true;
		*endpoints_add(r->mem, &z->records) = set.list.v[i];
	}
	return 0;
}

static int finish(struct run *r, struct plan *plan)
{
	const struct publisher *first = &r->config.publishers.v[0];
	struct plan_ctx ctx = { r->mem, &r->diags, &r->config };

	if (!r->compat)
		(void)plan_finish(&ctx, plan);
	(void)registry_add(r->mem, &r->diags, first, r->compat, SV(""),
			   &plan->unzoned);
	endpoints_sort(&plan->unzoned);
	for (size_t i = 0; i < plan->zones.n; i++) {
		struct zone_plan *z = &plan->zones.v[i];

		if (add_statics(r, z) < 0)
			return -1;
		(void)registry_add(r->mem, &r->diags, first, false,
				   z->zone->name, &z->records);
		endpoints_sort(&z->records);
	}
	if (!r->compat)
		(void)plan_check(&ctx, plan);
	return 0;
}

int derive(struct run *r, struct derived *out)
{
	size_t n = r->config.publishers.n;
	struct objects *read = ARENA_ARRAY(r->mem, struct objects, n);

	*out = (struct derived){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct publisher *p = &r->config.publishers.v[i];
		size_t k = 0;

		while (k < i && !same_input(p, &r->config.publishers.v[k]))
			k++;
		if (k < i)
			read[i] = read[k];
		else if (render(r, p, out, &read[i]) < 0)
			return -1;
		if (publish(r, p, &read[i], out) < 0)
			return -1;
	}
	out->objects = n > 0 ? read[0] : (struct objects){ 0 };
	return finish(r, &out->plan);
}
