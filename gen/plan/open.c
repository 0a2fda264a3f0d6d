/* Names that somebody asked for and nobody says where they lead: no record, but
 * no secret either. */
#include "plan/admit.h"

#include <assert.h>

#include "base/map.h"
#include "endpoint/filter.h"

/* One line a name and zone, with everybody who asked. */
static struct sv place_of(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, SV_FMT " " SV_FMT,
			 SV_ARG(e->zone != NULL ? e->zone->key : SV("")),
			 SV_ARG(e->name));
}

static bool is_wanted(struct plan_ctx *ctx, const struct publisher *p,
		      const struct domain_filter *domains,
		      const struct endpoint *e)
{
	return plan_manages(p, e->type) && placeholder_in(e->name) == NULL &&
	       plan_passes(ctx, domains, e) == PATTERN_HIT;
}

void plan_add_open(struct plan_ctx *ctx, const struct publisher *p,
		   const struct endpoints *set, struct plan *out)
{
	struct domain_filter domains;

	if (set->list.n == 0 || plan_domains(ctx, p, &domains) < 0)
		return;
	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint e = set->list.v[i];

		if (dname_fault(ctx->mem, DNAME_HOST_VAR, e.name, &e.name) !=
			    NULL ||
		    !is_wanted(ctx, p, &domains, &e))
			continue;
		e.publisher = p;
		e.zone = config_zone_of(ctx->config, p, e.name);
		if (ctx->config->zones.n == 0 || e.zone != NULL)
			*endpoints_add(ctx->mem, &out->open) = e;
	}
}

static void note_records(struct plan_ctx *ctx, const struct endpoints *set,
			 const struct zone *zone, struct map *seen)
{
	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint e = set->list.v[i];

		e.zone = zone;
		if (!e.is_registry)
			map_put(seen, place_of(ctx->mem, &e), &set->list.v[i]);
	}
}

void plan_finish_open(struct plan_ctx *ctx, struct plan *plan)
{
	struct map named = { .mem = ctx->mem }, seen = { .mem = ctx->mem };
	struct endpoints out = { 0 };

	for (size_t i = 0; i < plan->zones.n; i++)
		note_records(ctx, &plan->zones.v[i].records,
			     plan->zones.v[i].zone, &named);
	note_records(ctx, &plan->unzoned, NULL, &named);
	for (size_t i = 0; i < plan->open.list.n; i++) {
		const struct endpoint *e = &plan->open.list.v[i];
		struct sv key = place_of(ctx->mem, e);
		const size_t *at = map_get(&seen, key);
		size_t *fresh;

		if (map_get(&named, key) != NULL)
			continue;
		if (at != NULL) {
			struct endpoint *first = &out.list.v[*at];

			assert(first != NULL);

			for (size_t k = 0; k < e->from.n; k++)
				*VEC_ADD(ctx->mem, &first->from) = e->from.v[k];
			continue;
		}
		fresh = ARENA_NEW(ctx->mem, size_t);
		*fresh = out.list.n;
		map_put(&seen, key, fresh);
		*endpoints_add(ctx->mem, &out) = *e;
	}
	for (size_t i = 0; i < out.list.n; i++)
		provenance_sort(&out.list.v[i]);
	endpoints_sort(&out);
	plan->open = out;
}
