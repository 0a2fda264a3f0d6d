/* What is wrong with records as they stand in their zone. */
#include "lint/rule.h"

#include "config/config.h"

static bool is_wildcard(struct sv name)
{
	return sv_starts(name, SV("*."));
}

static void test_wildcards(struct lint_run *r, const struct lint_rule *self,
			   const struct endpoints *set)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (is_wildcard(e->name) && !e->is_registry)
			lint_file(r, self, endpoint_at(e), e->name,
				  sv_of(rrtype_name(e->type)));
	}
}

void lint_wildcard(struct lint_run *r, const struct lint_rule *self)
{
	const struct plan *p = r->ctx->plan;

	test_wildcards(r, self, &p->unzoned);
	for (size_t i = 0; i < p->zones.n; i++)
		test_wildcards(r, self, &p->zones.v[i].records);
}

/* RFC 4592: a wildcard above it answers for what is not there. */
static bool has_wildcard(const struct lint_run *r, const struct zone *zone,
			 struct sv name)
{
	struct sv label;

	while (sv_cut(&name, '.', &label) && name.p != NULL &&
	       dname_in(name, zone->name))
		if (map_get(&r->names,
			    zone_name_key(r->ctx->mem, zone,
					  arena_fmt(r->ctx->mem, "*." SV_FMT,
						    SV_ARG(name)))) != NULL)
			return true;
	return false;
}

static void test_target(struct lint_run *r, const struct lint_rule *self,
			const struct endpoint *e, struct sv target)
{
	const struct zone_plan *z = lint_zone(r, target);
	struct sv thing;

	if (z == NULL || sv_eq(target, z->zone->name) ||
	    lint_above(r, &r->cuts, z->zone, target) != NULL ||
	    map_get(&r->names, zone_name_key(r->ctx->mem, z->zone, target)) !=
		    NULL ||
	    has_wildcard(r, z->zone, target))
		return;
	thing = arena_fmt(r->ctx->mem, "CNAME to " SV_FMT, SV_ARG(target));
	lint_file(r, self, endpoint_at(e), e->name, thing);
}

void lint_dangling(struct lint_run *r, const struct lint_rule *self)
{
	const struct plan *p = r->ctx->plan;

	for (size_t i = 0; i < p->zones.n; i++)
		for (size_t k = 0; k < p->zones.v[i].records.list.n; k++) {
			const struct endpoint *e =
				&p->zones.v[i].records.list.v[k];

			for (size_t t = 0;
			     e->type == RR_CNAME && t < e->targets.n; t++)
				test_target(r, self, e, e->targets.v[t]);
		}
}

static void test_cut(struct lint_run *r, const struct lint_rule *self,
		     const struct object *o, const struct node *n)
{
	const struct zone_plan *z;
	struct sv host;

	if (!lint_host(r, n, &host))
		return;
	z = lint_zone(r, host);
	if (z != NULL && lint_above(r, &r->cuts, z->zone, host) != NULL)
		lint_file(r, self, n->at, host,
			  arena_fmt(r->ctx->mem,
				    SV_FMT ": below a delegation of " SV_FMT,
				    SV_ARG(object_text(r->ctx->mem, o)),
				    SV_ARG(z->zone->key)));
}

/* Hosts, and not records: one without a target makes no record that would be
 * refused, and is as wrong. */
void lint_cut(struct lint_run *r, const struct lint_rule *self)
{
	const struct objects *all = r->ctx->objects;

	for (size_t i = 0; i < all->list.n; i++) {
		const struct object *o = all->list.v[i];
		const struct node *rules = node_path(o->root, SV("spec.rules"));
		const struct node *names =
			node_path(o->root, SV("spec.hostnames"));

		if (lint_reads(o, "Ingress"))
			for (size_t k = 0; k < node_len(rules); k++)
				test_cut(r, self, o,
					 node_get(node_at(rules, k),
						  SV("host")));
		if (sv_ends(o->kind, SV("Route")))
			for (size_t k = 0; k < node_len(names); k++)
				test_cut(r, self, o, node_at(names, k));
	}
}
