/* What ExternalDNS would create in a zone that is empty: filters, then one
 * candidate for each name, set identifier and type. */
#include "base/buf.h"
#include "base/map.h"
#include "endpoint/filter.h"
#include "endpoint/rules.h"
#include "plan/plan.h"

/* Everything that wants one name under one set identifier. */
struct row {
	VEC(struct endpoint) candidates;
};

struct rows {
	VEC(struct row *) list;
};

static int pattern_set(struct plan_ctx *ctx, const struct publisher *p,
		       const char *flag, struct sv text, struct pattern **out)
{
	const char *fault;

	if (text.n == 0)
		return 0;
	fault = pattern_compile(ctx->mem, text, out);
	if (fault == NULL)
		return 0;
	return diag_error(ctx->diags, DIAG_CONFIG, p->at, "--%s: %s", flag,
			  fault);
}

int plan_domains(struct plan_ctx *ctx, const struct publisher *p,
		 struct domain_filter *out)
{
	const struct options *o = &p->opt;

	*out = (struct domain_filter){ 0 };
	for (size_t i = 0; i < o->domain_filter.list.n; i++)
		domain_filter_add(ctx->mem, out, o->domain_filter.list.v[i],
				  false);
	for (size_t i = 0; i < o->exclude_domains.list.n; i++)
		domain_filter_add(ctx->mem, out, o->exclude_domains.list.v[i],
				  true);
	if (pattern_set(ctx, p, "regex-domain-filter", o->regex_domain_filter,
			&out->match) < 0)
		return -1;
	return pattern_set(ctx, p, "regex-domain-exclusion",
			   o->regex_domain_exclusion, &out->refuse);
}

enum pattern_result plan_passes(struct plan_ctx *ctx,
				const struct domain_filter *domains,
				const struct endpoint *e)
{
	enum pattern_result passes =
		domain_filter_pass(ctx->mem, domains, e->name);

	if (passes == PATTERN_TOO_MUCH)
		(void)diag_error(ctx->diags, DIAG_CONFIG, endpoint_at(e),
				 "cannot match \"" SV_FMT "\" with the regular "
				 "expression of the domain filter: it takes "
				 "too many states; simplify it",
				 SV_ARG(e->name));
	return passes;
}

bool plan_manages(const struct publisher *p, enum rrtype t)
{
	struct sv name = sv_of(rrtype_name(t));

	return strings_has(&p->opt.managed_record_types, name) &&
	       !strings_has(&p->opt.exclude_record_types, name);
}

/* The zone file of ExternalDNS' memory: absolute names without a final dot. */
static void clean(struct endpoint *e)
{
	e->name = dname_strip_dot(e->name);
	if (e->type == RR_TXT || e->type == RR_NAPTR || e->type == RR_SRV)
		return;
	for (size_t i = 0; i < e->targets.n; i++)
		e->targets.v[i] = dname_strip_dot(e->targets.v[i]);
}

static void row_add(struct plan_ctx *ctx, struct map *index, struct rows *rows,
		    const struct endpoint *e)
{
	struct buf key = { .mem = ctx->mem };
	struct row *r;

	buf_fmt(&key, "%zu:", e->set_identifier.n);
	buf_add(&key, e->set_identifier);
	buf_add(&key, dname_lookup(ctx->mem, e->name));
	r = map_get(index, buf_sv(&key));

	if (r == NULL) {
		r = ARENA_NEW(ctx->mem, struct row);
		map_put(index, buf_sv(&key), r);
		*VEC_ADD(ctx->mem, &rows->list) = r;
	}
	*VEC_ADD(ctx->mem, &r->candidates) = *e;
}

/* A CNAME beside anything else loses, whoever came first. */
static void drop_cnames(struct plan_ctx *ctx, struct row *r)
{
	const struct endpoint *other = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < r->candidates.n; i++)
		if (r->candidates.v[i].type != RR_CNAME)
			other = &r->candidates.v[i];
	if (other == NULL)
		return;
	for (size_t i = 0; i < r->candidates.n; i++) {
		const struct endpoint *e = &r->candidates.v[i];

		if (e->type != RR_CNAME) {
			r->candidates.v[kept++] = *e;
			continue;
		}
		diag_warn(ctx->diags, DIAG_CNAME_OTHER, endpoint_at(e),
			  "CNAME " SV_FMT
			  " cannot coexist with other records and is left out",
			  SV_ARG(e->name));
		diag_related(ctx->diags, endpoint_at(other));
	}
	r->candidates.n = kept;
}

/* The smallest of each type, the first of equal ones. */
static void pick(struct plan_ctx *ctx, struct row *r, struct endpoints *out)
{
	struct endpoint *best[RR_COUNT] = { NULL };

	for (size_t i = 0; i < r->candidates.n; i++) {
		struct endpoint *e = &r->candidates.v[i];

		if (best[e->type] == NULL || endpoint_less(e, best[e->type]))
			best[e->type] = e;
	}
	for (size_t i = 0; i < r->candidates.n; i++) {
		const struct endpoint *e = &r->candidates.v[i];

		if (best[e->type] == e)
			continue;
		diag_warn(ctx->diags, DIAG_CONFLICT, endpoint_at(e),
			  "%s " SV_FMT
			  " is requested more than once; this one is left out",
			  rrtype_name(e->type), SV_ARG(e->name));
		diag_related(ctx->diags, endpoint_at(best[e->type]));
	}
	for (size_t t = 0; t < RR_COUNT; t++) {
		if (best[t] == NULL)
			continue;
		clean(best[t]);
		*endpoints_add(ctx->mem, out) = *best[t];
	}
}

void plan_compat(struct plan_ctx *ctx, const struct publisher *p,
		 struct endpoints *set)
{
	struct domain_filter domains;
	struct map index = { .mem = ctx->mem };
	struct rows rows = { 0 };
	struct endpoints out = { 0 };

	if (plan_domains(ctx, p, &domains) < 0)
		return;
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (plan_manages(p, e->type) &&
		    plan_passes(ctx, &domains, e) == PATTERN_HIT)
			row_add(ctx, &index, &rows, e);
	}
	for (size_t i = 0; i < rows.list.n; i++) {
		drop_cnames(ctx, rows.list.v[i]);
		pick(ctx, rows.list.v[i], &out);
	}
	*set = out;
}
