/* For people at a terminal: one line a change, its place behind it. */
#include "report/report.h"

static const struct {
	char sign;
	const char *color;
} kinds[] = {
	[CHANGE_ADD] = { '+', "\033[32m" },
	[CHANGE_UPDATE] = { '~', "\033[33m" },
	[CHANGE_DELETE] = { '-', "\033[31m" },
};

static int widest_name(const struct changes *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->list.n; i++) {
		size_t k = change_record(&c->list.v[i])->name.n;

		n = k > n ? k : n;
	}
	return n > 60 ? 60 : (int)n;
}

static void put_change(const struct report_ctx *ctx, const struct change *c,
		       int width, FILE *out)
{
	const struct endpoint *e = change_record(c);
	struct sv place = change_place(ctx->mem, c);

	print_color(out, ctx->color, kinds[c->kind].color);
	print_text(out, "%c %-5s %-*.*s  " SV_FMT "%s" SV_FMT,
		   kinds[c->kind].sign, rrtype_name(e->type), width,
		   SV_ARG(e->name), SV_ARG(change_value(ctx->mem, c)),
		   place.n > 0 ? "  " : "", SV_ARG(place));
	print_color(out, ctx->color, "\033[0m");
	print_text(out, "\n");
}

static void put_zones(const struct report_ctx *ctx,
		      const struct zone_changes_list *zones, FILE *out)
{
	for (size_t i = 0; i < zones->list.n; i++) {
		const struct zone_changes *z = &zones->list.v[i];
		int width = widest_name(&z->changes);

		if (z->changes.list.n == 0)
			continue;
		print_text(out, SV_FMT ": " SV_FMT "%s%s\n",
			   SV_ARG(z->zone ? z->zone->key : SV("records")),
			   SV_ARG(changes_summary(ctx->mem, &z->changes)),
			   ctx->classify ? " " : "",
			   ctx->classify ? changes_class(&z->changes) : "");
		for (size_t k = 0; k < z->changes.list.n; k++)
			put_change(ctx, &z->changes.list.v[k], width, out);
	}
}

static void put_policy(const struct report_ctx *ctx, FILE *out)
{
	const struct policy_changes *p = ctx->policy;

	if (p == NULL || p->list.n == 0)
		return;
	fputs("policy:\n", out);
	for (size_t i = 0; i < p->list.n; i++) {
		const struct policy_change *c = &p->list.v[i];
		struct sv place = policy_place(ctx->mem, c);

		print_text(out,
			   "%c " SV_FMT ": " SV_FMT " -> " SV_FMT "%s" SV_FMT
			   "%s\n",
			   c->loosens ? '!' : ' ', SV_ARG(c->key),
			   SV_ARG(policy_value(ctx->mem, c->old)),
			   SV_ARG(policy_value(ctx->mem, c->new)),
			   place.n > 0 ? "  " : "", SV_ARG(place),
			   c->loosens ? "  (loosens)" : "");
	}
}

/* Those that are alike as one. */
static void put_found(const struct report_ctx *ctx, FILE *out)
{
	struct diag_groups groups = { 0 };

	diags_fold(ctx->mem, ctx->found, &groups);
	for (size_t i = 0; i < groups.list.n; i++)
		diag_group_write(&groups.list.v[i], out);
}

static void text_write(const struct report_ctx *ctx, FILE *out)
{
	if (ctx->found != NULL)
		put_found(ctx, out);
	else if (!zones_changed(&ctx->zones) && !ctx->quiet)
		fputs("no change\n", out);
	put_zones(ctx, &ctx->zones, out);
	put_policy(ctx, out);
	if (ctx->drift != NULL && zones_changed(ctx->drift)) {
		fputs("not part of this change, and published by the next "
		      "run:\n",
		      out);
		put_zones(ctx, ctx->drift, out);
	}
	for (size_t i = 0; i < ctx->remarks.list.n; i++)
		print_text(out, "note: " SV_FMT "\n",
			   SV_ARG(ctx->remarks.list.v[i]));
}

const struct report report_text = {
	.name = "text",
	.about = "one line a change",
	.write = text_write,
};
