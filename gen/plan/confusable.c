/* Names that look like another name: a finding at the place that gives them. */
#include "plan/admit.h"
#include "plan/check_names.h"

static void put(struct plan_ctx *ctx, const struct endpoint *e, struct sv text,
		struct loc at, struct sv why)
{
	bool own = sv_eq(text, e->name);

	if (why.n > 0)
		diag_warn(ctx->diags, DIAG_CONFUSABLE, at,
			  "host \"" SV_FMT "\": %s" SV_FMT "%s" SV_FMT,
			  SV_ARG(e->name), own ? "" : "target \"",
			  SV_ARG(own ? SV("") : text),
			  own ? "" : "\": ", SV_ARG(why));
}

/* Names among the words of the data. */
static void check_target(struct plan_ctx *ctx, const struct endpoint *e,
			 struct sv target)
{
	struct sv rest = target, word, why = SV("");

	while (why.n == 0 && sv_cut(&rest, ' ', &word))
		why = dname_confusable(ctx->mem, dname_strip_dot(word), SV(""));
	put(ctx, e, target, target_at(e), why);
}

static void check_endpoint(struct plan_ctx *ctx, const struct endpoint *e,
			   struct sv apex)
{
	bool text = e->type == RR_TXT || e->type == RR_SPF;

	put(ctx, e, e->name, endpoint_at(e),
	    dname_confusable(ctx->mem, e->name, apex));
	for (size_t i = 0; i < e->targets.n && !text; i++)
		if (sv_has(e->targets.v[i], SV("xn--")))
			check_target(ctx, e, e->targets.v[i]);
}

void check_confusable(struct plan_ctx *ctx, const struct zone *zone,
		      const struct endpoints *set)
{
	struct sv apex = zone != NULL ? zone->name : SV("");
	struct sv why = dname_confusable(ctx->mem, apex, SV(""));

	if (zone != NULL && why.n > 0)
		diag_warn(ctx->diags, DIAG_CONFUSABLE, zone->at,
			  "zone \"" SV_FMT "\": " SV_FMT, SV_ARG(apex),
			  SV_ARG(why));
	for (size_t i = 0; i < set->list.n; i++)
		if (!set->list.v[i].is_registry)
			check_endpoint(ctx, &set->list.v[i], apex);
}
