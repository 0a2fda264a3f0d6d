#include "lint/rule.h"

#include "base/path.h"

const char *const lint_kinds[] = {
	"Ingress",
	"HTTPRoute.gateway.networking.k8s.io",
	"GRPCRoute.gateway.networking.k8s.io",
	"TLSRoute.gateway.networking.k8s.io",
	"TCPRoute.gateway.networking.k8s.io",
	"Gateway.gateway.networking.k8s.io",
	"Service",
	"ClusterIssuer",
	"Issuer",
	"HelmRelease",
	"HelmChart.helm.cattle.io",
	"Application.argoproj.io",
	NULL,
};

static const struct lint_rule lint_table[] = {
#define LINT(name, code, severity, warned, text)                               \
 { DIAG_LINT_##code, DIAG_##severity, DIAG_##warned, text, lint_##name },
#include "lint/lint.def"
#undef LINT
};

void lint_file(struct lint_run *r, const struct lint_rule *self, struct loc at,
	       struct sv name, struct sv thing)
{
	diag_file(r->ctx->found, self->code, self->severity, at,
		  "host \"" SV_FMT "\": " SV_FMT "%s%s", SV_ARG(name),
		  SV_ARG(thing), thing.n > 0 ? ": " : "", self->text);
}

struct sv object_text(struct arena *mem, const struct object *o)
{
	return arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT, SV_ARG(o->kind),
			 SV_ARG(o->namespace), SV_ARG(o->name));
}

bool lint_host(struct lint_run *r, const struct node *n, struct sv *out)
{
	return n != NULL && n->kind == NODE_SCALAR && n->scalar.n > 0 &&
	       placeholder_in(n->scalar) == NULL &&
	       dname_fault(r->ctx->mem, DNAME_HOST, n->scalar, out) == NULL;
}

struct sv zone_name_key(struct arena *mem, const struct zone *zone,
			struct sv name)
{
	return arena_fmt(mem, SV_FMT " " SV_FMT, SV_ARG(zone->key),
			 SV_ARG(name));
}

static bool is_nearer(const struct zone *a, const struct zone *b)
{
	return a->name.n != b->name.n ? a->name.n > b->name.n
				      : a->view.n == 0 && b->view.n > 0;
}

const struct zone_plan *lint_zone(const struct lint_run *r, struct sv name)
{
	const struct plan *p = r->ctx->plan;
	const struct zone_plan *best = NULL;

	for (size_t i = 0; i < p->zones.n; i++)
		if (dname_in(name, p->zones.v[i].zone->name) &&
		    (best == NULL || is_nearer(p->zones.v[i].zone, best->zone)))
			best = &p->zones.v[i];
	return best;
}

void *lint_above(const struct lint_run *r, const struct map *m,
		 const struct zone *zone, struct sv name)
{
	struct sv label;

	while (name.p != NULL && dname_in(name, zone->name)) {
		void *hit = map_get(m, zone_name_key(r->ctx->mem, zone, name));

		if (hit != NULL)
			return hit;
		(void)sv_cut(&name, '.', &label);
	}
	return NULL;
}

static bool from_values(const struct object *o)
{
	for (const struct origin *i = o->origin; i != NULL; i = i->outer)
		if (sv_eq(sv_of(i->step), SV("helm-values")))
			return true;
	return false;
}

bool lint_reads(const struct object *o, const char *kind)
{
	return sv_eq(o->kind, sv_of(kind)) && o->root != NULL &&
	       !from_values(o);
}

static void service_add(struct lint_run *r, struct sv key,
			const struct object *o)
{
	struct lint_objects *at = map_get(&r->services, key);

	if (at == NULL) {
		at = ARENA_NEW(r->ctx->mem, struct lint_objects);
		map_put(&r->services, key, at);
	}
	*VEC_ADD(r->ctx->mem, &at->list) = o;
}

/* An Application that is a chart, or several sources of which one is. */
static bool is_chart(const struct node *source)
{
	return node_get(source, SV("chart")) != NULL ||
	       node_get(source, SV("helm")) != NULL;
}

/* The namespace that a chart's objects go to; "": it is not a chart. */
static struct sv chart_namespace(const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	const struct node *sources = node_get(spec, SV("sources"));
	struct sv named = node_str(spec, SV("targetNamespace"));
	bool chart = is_chart(node_get(spec, SV("source")));

	if (!sv_eq(o->kind, SV("Application")))
		return named.n > 0 ? named : o->namespace;
	for (size_t i = 0; i < node_len(sources); i++)
		chart |= is_chart(node_at(sources, i));
	return chart ? node_str(node_get(spec, SV("destination")),
				SV("namespace"))
		     : SV("");
}

static void look_at_hosts(struct lint_run *r, const struct object *o)
{
	const struct node *rules = node_path(o->root, SV("spec.rules"));
	const struct node *names = node_path(o->root, SV("spec.hostnames"));
	struct sv host;

	for (size_t i = 0; i < node_len(rules); i++)
		if (lint_host(r, node_get(node_at(rules, i), SV("host")),
			      &host))
			map_put(&r->hosts, host, ARENA_NEW(r->ctx->mem, char));
	for (size_t i = 0; i < node_len(names); i++)
		if (lint_host(r, node_at(names, i), &host))
			map_put(&r->hosts, host, ARENA_NEW(r->ctx->mem, char));
}

/* What the distribution of a cluster puts there is in no repository, nor is
 * what a chart makes in a namespace of the folder's objects. */
static bool is_opaque(const struct lint_run *r, const struct object *o)
{
	const struct strings *charts = r->ctx->charts;

	if (sv_starts(o->namespace, SV("kube-")))
		return true;
	for (size_t i = 0; i < charts->list.n; i++)
		if (path_below(o->at.file, charts->list.v[i]))
			return true;
	return false;
}

static void look_at_object(struct lint_run *r, const struct object *o)
{
	struct arena *mem = r->ctx->mem;
	struct sv chart = SV("");

	if (lint_reads(o, "Service") && o->group.n == 0) {
		service_add(r, o->name, o);
		service_add(r,
			    arena_fmt(mem, SV_FMT "/" SV_FMT,
				      SV_ARG(o->namespace), SV_ARG(o->name)),
			    o);
	}
	if (lint_reads(o, "HelmRelease") || lint_reads(o, "HelmChart") ||
	    lint_reads(o, "Application"))
		chart = chart_namespace(o);
	look_at_hosts(r, o);
	if (chart.n == 0 && is_opaque(r, o))
		chart = o->namespace;
	if (chart.n > 0)
		map_put(&r->opaque, chart, ARENA_NEW(mem, char));
}

static void look_at_record(struct lint_run *r, const struct zone *zone,
			   struct endpoint *e)
{
	struct sv key = zone_name_key(r->ctx->mem, zone, e->name);

	if (!e->is_registry)
		map_put(&r->names, key, e);
	if (e->type == RR_NS && !sv_eq(e->name, zone->name))
		map_put(&r->cuts, key, e);
	if (e->type == RR_CAA)
		map_put(&r->caa, key, e);
}

static void look_at_zone(struct lint_run *r, const struct zone_plan *z)
{
	const struct strings *cuts = &z->zone->delegated;

	for (size_t i = 0; i < z->records.list.n; i++)
		look_at_record(r, z->zone, &z->records.list.v[i]);
	for (size_t i = 0; i < cuts->list.n; i++)
		map_put(&r->cuts,
			zone_name_key(r->ctx->mem, z->zone, cuts->list.v[i]),
			ARENA_NEW(r->ctx->mem, char));
}

void lint_all(const struct lint_ctx *ctx)
{
	struct lint_run r = { .ctx = ctx,
			      .services = { .mem = ctx->mem },
			      .hosts = { .mem = ctx->mem },
			      .opaque = { .mem = ctx->mem },
			      .names = { .mem = ctx->mem },
			      .cuts = { .mem = ctx->mem },
			      .caa = { .mem = ctx->mem } };

	for (size_t i = 0; i < ctx->objects->list.n; i++)
		look_at_object(&r, ctx->objects->list.v[i]);
	for (size_t i = 0; i < ctx->plan->zones.n; i++)
		look_at_zone(&r, &ctx->plan->zones.v[i]);
	for (size_t i = 0; i < sizeof(lint_table) / sizeof(lint_table[0]);
	     i++) {
		const struct lint_rule *rule = &lint_table[i];

		rule->test(&r, rule);
		if (rule->warned != DIAG_COUNT)
			diags_unite(ctx->warned, rule->warned, ctx->found,
				    rule->code);
	}
	diags_sort(ctx->found);
}
