/* The on-call pin: what `overrides` says stands in place of the manifests. */
#include "plan/admit.h"

static bool leads_to_host(enum rrtype type)
{
	return type == RR_A || type == RR_AAAA || type == RR_CNAME;
}

bool override_replaces(struct sv name, enum rrtype type,
		       const struct endpoint *e)
{
	if (!sv_eq(e->name, name))
		return false;
	return e->type == type ||
	       (leads_to_host(e->type) && leads_to_host(type) &&
		(e->type == RR_CNAME || type == RR_CNAME));
}

static void pin(struct plan_ctx *ctx, const struct override *o,
		struct endpoint *e)
{
	struct provenance *from = VEC_ADD(ctx->mem, &e->from);

	e->name = o->name;
	e->type = o->type;
	e->ttl = o->ttl;
	e->is_pinned = true;
	for (size_t i = 0; i < o->targets.list.n; i++) {
		const struct target *t = &o->targets.list.v[i];

		if (t->is_ref)
			reference_add(ctx->mem, &e->ref, t->text);
		else
			*VEC_ADD(ctx->mem, &e->targets) = t->text;
		from->target_at = t->at;
	}
	from->at = o->at;
	from->kind = SV("override");
	from->name = o->reason;
	from->name_rule = "overrides[].name";
	from->target_rule = SV("overrides[].targets");
}

/* Take what is replaced out of `set`; its first asker lends its properties,
 * labels and publisher, so that the owner stays who it was. */
static size_t take_out(struct plan_ctx *ctx, const struct override *o,
		       struct endpoints *set, struct endpoint *pinned)
{
	size_t kept = 0, taken = 0;

	endpoints_sort(set);
	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e = &set->list.v[i];

		if (!override_replaces(o->name, o->type, e)) {
			set->list.v[kept++] = *e;
			continue;
		}
		if (taken++ == 0) {
			pinned->properties = e->properties;
			pinned->labels = e->labels;
			pinned->publisher = e->publisher;
		}
		for (size_t k = 0; k < e->from.n; k++)
			*VEC_ADD(ctx->mem, &pinned->from) = e->from.v[k];
	}
	set->list.n = kept;
	return taken;
}

static int apply(struct plan_ctx *ctx, const struct override *o,
		 const struct publisher *publisher, const struct zone *zone,
		 struct endpoints *set)
{
	struct admission a = { .ctx = ctx,
			       .publisher = publisher,
			       .zone = zone };
	struct override own = *o;
	struct endpoint e = { 0 };
	size_t taken;
	int rc;

	if (dname_parse(ctx->mem, ctx->diags, o->at, "override", DNAME_HOST_VAR,
			o->name, &own.name) < 0)
		return -1;
	pin(ctx, &own, &e);
	e.publisher = a.publisher;
	rc = admit_targets(&a, &e);
	if (rc < 0)
		return -1;
	taken = take_out(ctx, &own, set, &e);
	diag_warn(ctx->diags, DIAG_OVERRIDE, o->at,
		  "%s \"" SV_FMT "\" is " SV_FMT " by override%s" SV_FMT
		  "; it %s",
		  rrtype_name(o->type), SV_ARG(own.name),
		  SV_ARG(record_targets(ctx->mem, &e)),
		  o->reason.n > 0 ? ": " : "", SV_ARG(o->reason),
		  taken > 0 ? "replaces what the manifests say"
			    : "is in no manifest");
	*endpoints_add(ctx->mem, set) = e;
	return 0;
}

/* Whoever puts this name into the zone, before others one that is there for
 * this zone: the owner of what no manifest asks for.  NULL: nobody does. */
static const struct publisher *
publisher_of(const struct plan_ctx *ctx, const struct zone *z, struct sv name)
{
	const struct publisher *any = NULL;

	for (size_t i = 0; i < ctx->config->publishers.n; i++) {
		const struct publisher *p = &ctx->config->publishers.v[i];

		if (config_zone_of(ctx->config, p, name) != z)
			continue;
		if (p->zones.list.n > 0)
			return p;
		if (any == NULL)
			any = p;
	}
	return any;
}

static int override_one(struct plan_ctx *ctx, const struct override *o,
			struct plan *out)
{
	struct sv name = dname_lower(ctx->mem, o->name);
	size_t found = 0;
	int rc = 0;

	name = dname_strip_dot(name);
	for (size_t i = 0; i < out->zones.n; i++) {
		const struct zone *zone = out->zones.v[i].zone;
		const struct publisher *p = publisher_of(ctx, zone, name);

		if (p == NULL)
			continue;
		found++;
		if (apply(ctx, o, p, zone, &out->zones.v[i].records) < 0) {
			out->zones.v[i].has_errors = true;
			rc = -1;
		}
	}
	if (ctx->config->zones.n == 0)
		return apply(ctx, o, &ctx->config->publishers.v[0], NULL,
			     &out->unzoned);
	if (found == 0)
		return diag_error(ctx->diags, DIAG_NO_ZONE, o->at,
				  "override \"" SV_FMT
				  "\": no zone contains it",
				  SV_ARG(o->name));
	return rc;
}

int plan_override(struct plan_ctx *ctx, struct plan *out)
{
	int rc = 0;

	for (size_t i = 0; i < ctx->config->overrides.n; i++)
		rc |= override_one(ctx, &ctx->config->overrides.v[i], out);
	return rc;
}
