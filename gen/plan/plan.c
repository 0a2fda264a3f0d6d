#include "plan/plan.h"

#include "base/budget.h"
#include "endpoint/filter.h"
#include "plan/admit.h"

/* One row a configured zone, made once. */
static void open_zones(struct plan_ctx *ctx, struct plan *out)
{
	for (size_t i = out->zones.n; i < ctx->config->zones.n; i++)
		VEC_ADD(ctx->mem, &out->zones)->zone = &ctx->config->zones.v[i];
}

static struct zone_plan *zone_plan_of(struct plan *out, const struct zone *z)
{
	for (size_t i = 0; i < out->zones.n; i++)
		if (out->zones.v[i].zone == z)
			return &out->zones.v[i];
	return NULL;
}

/* Types and domains that this publisher leaves to others. */
static bool is_ours(struct admission *a, const struct domain_filter *domains,
		    const struct endpoint *e)
{
	const char *why = NULL;
	enum pattern_result passes;

	if (!plan_manages(a->publisher, e->type)) {
		why = "the type is not in managed-record-types";
	} else {
		passes = plan_passes(a->ctx, domains, e);
		if (passes == PATTERN_TOO_MUCH)
			return false;
		if (passes == PATTERN_MISS)
			why = "the name does not pass the domain filter";
	}
	if (why == NULL)
		return true;
	diag_note(a->ctx->diags, DIAG_MANIFEST_SKIPPED, endpoint_at(e),
		  "%s \"" SV_FMT "\": %s", rrtype_name(e->type),
		  SV_ARG(e->name), why);
	return false;
}

/* Names that no zone holds make no record and are listed. */
static void no_zone(struct admission *a, const struct endpoint *e,
		    struct plan *out)
{
	struct sv choice = a->publisher->opt.unmatched_hosts;
	enum diag_severity severity = sv_eq(choice, SV("error")) ? DIAG_ERROR
				      : sv_eq(choice, SV("skip"))
					      ? DIAG_NOTE
					      : DIAG_WARNING;

	out->no_zone++;
	diag_file(a->ctx->diags, DIAG_NO_ZONE, severity, endpoint_at(e),
		  "host \"" SV_FMT "\": no zone of " SV_FMT
		  " contains it, so it has no record; add its zone, or set "
		  "unmatched-hosts: skip",
		  SV_ARG(e->name),
		  SV_ARG(a->ctx->config->file.n > 0 ? a->ctx->config->file
						    : SV("the command line")));
}

static void refuse(struct admission *a, const struct endpoint *e,
		   struct plan *out)
{
	struct zone_plan *z = zone_plan_of(out, a->zone);

	if (z != NULL)
		z->has_errors = true;
	*endpoints_add(a->ctx->mem, z != NULL ? &z->rejected : &out->rejected) =
		*e;
}

/* A name that is none: the zone is guessed by its end, and where that does
 * not say, it may have been a record of any. */
static void refuse_nameless(struct admission *a, const struct endpoint *e,
			    struct plan *out)
{
	struct sv text = arena_lower(a->ctx->mem, e->name);
	const struct zone *zone = NULL;

	if (placeholder_in(text) == NULL && a->ctx->config->zones.n > 0)
		zone = config_zone_of(a->ctx->config, a->publisher, text);
	for (size_t i = 0; i < out->zones.n; i++)
		if (zone == NULL || out->zones.v[i].zone == zone)
			out->zones.v[i].has_errors =
				out->zones.v[i].unattributed = true;
	*endpoints_add(a->ctx->mem, &out->rejected) = *e;
}

static void add_one(struct admission *a, const struct endpoint *asked,
		    struct plan *out)
{
	const struct config *config = a->ctx->config;
	struct endpoint e = *asked;
	struct zone_plan *z;

	budget_at(a->ctx->mem, endpoint_at(asked));
	a->zone = NULL;
	e.publisher = a->publisher;
	if (admit_name(a, &e) < 0) {
		refuse_nameless(a, &e, out);
		return;
	}
	if (config->zones.n > 0) {
		work_spend(a->ctx->mem, WORK_NAMES, config->zones.n,
			   endpoint_at(asked));
		a->zone = config_zone_of(config, a->publisher, e.name);
		if (a->zone == NULL) {
			no_zone(a, &e, out);
			return;
		}
	}
	if ((admit_rules(a, &e) | admit_targets(a, &e) | admit_object(a, &e)) <
	    0) {
		refuse(a, &e, out);
		return;
	}
	z = zone_plan_of(out, a->zone);
	if (z != NULL && z->publisher == NULL)
		z->publisher = a->publisher;
	*endpoints_add(a->ctx->mem, z != NULL ? &z->records : &out->unzoned) =
		e;
}

int plan_add(struct plan_ctx *ctx, const struct publisher *p,
	     const struct endpoints *set, struct plan *out)
{
	struct admission a = { .ctx = ctx, .publisher = p };
	size_t errors = ctx->diags->errors;
	struct endpoints sorted = { 0 };
	struct domain_filter domains;

	open_zones(ctx, out);
	if (plan_domains(ctx, p, &domains) < 0)
		return -1;
	sorted.list.n = sorted.list.cap = set->list.n;
	sorted.list.v = ARENA_ARRAY(ctx->mem, struct endpoint, set->list.n);
	if (set->list.n > 0)
		memcpy(sorted.list.v, set->list.v,
		       set->list.n * sizeof(set->list.v[0]));
	/* So that which host is named first depends on no order of reading. */
	endpoints_sort(&sorted);
	for (size_t i = 0; i < sorted.list.n; i++)
		if (is_ours(&a, &domains, &sorted.list.v[i]))
			add_one(&a, &sorted.list.v[i], out);
	out->errors += ctx->diags->errors - errors;
	return ctx->diags->errors > errors ? -1 : 0;
}

static const struct publisher *server_of(const struct config *c,
					 const struct zone *z)
{
	for (size_t i = 0; i < c->publishers.n; i++)
		if (publisher_serves(&c->publishers.v[i], z))
			return &c->publishers.v[i];
	return &c->publishers.v[0];
}

static struct endpoints pins_of(struct plan_ctx *ctx, const struct zone_plan *z)
{
	struct endpoints pins = { 0 };

	for (size_t i = 0; i < z->records.list.n; i++)
		if (z->records.list.v[i].is_pinned)
			*endpoints_add(ctx->mem, &pins) = z->records.list.v[i];
	return pins;
}

/* An override stands in place of what is kept by hand, too. */
static bool is_overridden(struct plan_ctx *ctx, const struct endpoints *pins,
			  const struct endpoint *e)
{
	for (size_t i = 0; i < pins->list.n; i++) {
		const struct endpoint *pin = &pins->list.v[i];

		if (!override_replaces(pin->name, pin->type, e))
			continue;
		diag_warn(ctx->diags, DIAG_OVERRIDE, endpoint_at(e),
			  "%s \"" SV_FMT
			  "\" is not published, because of the override "
			  "in " SV_FMT,
			  rrtype_name(e->type), SV_ARG(e->name),
			  SV_ARG(loc_text(ctx->mem, endpoint_at(pin))));
		return true;
	}
	return false;
}

void plan_add_static(struct plan_ctx *ctx, const struct endpoints *set,
		     struct zone_plan *z, struct plan *out)
{
	struct endpoints pins = pins_of(ctx, z);
	struct admission a = { .ctx = ctx,
			       .publisher = server_of(ctx->config, z->zone),
			       .zone = z->zone };
	size_t errors = ctx->diags->errors;

	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e;

		if (is_overridden(ctx, &pins, &set->list.v[i]))
			continue;
		e = endpoints_add(ctx->mem, &z->records);
		*e = set->list.v[i];
		e->is_static = true;
		if (admit_static(&a, e) < 0)
			z->has_errors = z->unattributed = true;
	}
	out->errors += ctx->diags->errors - errors;
}
