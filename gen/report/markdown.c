/* A pull-request comment: one table a zone, deletions first. */
#include "report/report.h"

#include "base/words.h"

enum { FOLD_ROWS = 50 };

static struct sv code(const struct report_ctx *ctx, struct sv s)
{
	return escape(ctx->mem, SINK_MARKDOWN, s);
}

static void put_rows(const struct report_ctx *ctx, const struct changes *c,
		     enum change_kind kind, const char *word, FILE *out)
{
	for (size_t i = 0; i < c->list.n; i++) {
		const struct change *ch = &c->list.v[i];
		const struct endpoint *e = change_record(ch);

		if (ch->kind != kind)
			continue;
		fprintf(out,
			"| %s | %s | " SV_FMT " | " SV_FMT " | " SV_FMT " |\n",
			word, rrtype_name(e->type), SV_ARG(code(ctx, e->name)),
			SV_ARG(code(ctx, change_value(ctx->mem, ch))),
			SV_ARG(code(ctx, change_place(ctx->mem, ch))));
	}
}

static void put_zone(const struct report_ctx *ctx, const struct zone_changes *z,
		     FILE *out)
{
	bool fold = z->changes.list.n > FOLD_ROWS;
	struct sv key = z->zone ? z->zone->key : SV("records");

	fprintf(out,
		"<!-- zoneloom:zone=" SV_FMT " -->\n### DNS: " SV_FMT " " SV_FMT
		"\n\n",
		SV_ARG(escape(ctx->mem, SINK_MARKER, key)),
		SV_ARG(code(ctx, key)),
		SV_ARG(changes_summary(ctx->mem, &z->changes)));
	if (fold)
		fprintf(out, "<details><summary>%zu changes</summary>\n\n",
			z->changes.list.n);
	fputs("| change | type | name | value | source |\n"
	      "|---|---|---|---|---|\n",
	      out);
	put_rows(ctx, &z->changes, CHANGE_DELETE, "delete", out);
	put_rows(ctx, &z->changes, CHANGE_UPDATE, "update", out);
	put_rows(ctx, &z->changes, CHANGE_ADD, "add", out);
	fputs(fold ? "\n</details>\n\n" : "\n", out);
}

static void put_policy(const struct report_ctx *ctx, FILE *out)
{
	const struct policy_changes *p = ctx->policy;

	if (p == NULL || p->list.n == 0)
		return;
	fprintf(out,
		"### Policy: " SV_FMT "\n\n"
		"| key | before | after | |\n|---|---|---|---|\n",
		SV_ARG(words_count(ctx->mem, p->list.n, "change", NULL)));
	for (size_t i = 0; i < p->list.n; i++) {
		const struct policy_change *c = &p->list.v[i];

		fprintf(out, "| " SV_FMT " | " SV_FMT " | " SV_FMT " | %s |\n",
			SV_ARG(code(ctx, c->key)),
			SV_ARG(code(ctx, policy_value(ctx->mem, c->old))),
			SV_ARG(code(ctx, policy_value(ctx->mem, c->new))),
			c->loosens ? "**loosens**" : "");
	}
	fputc('\n', out);
}

static size_t put_zones(const struct report_ctx *ctx,
			const struct zone_changes_list *zones, FILE *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < zones->list.n; i++)
		if (zones->list.v[i].changes.list.n > 0) {
			put_zone(ctx, &zones->list.v[i], out);
			shown++;
		}
	return shown;
}

static void put_drift(const struct report_ctx *ctx, FILE *out)
{
	if (ctx->drift == NULL || !zones_changed(ctx->drift))
		return;
	fputs("## Not part of this change, and published by the next run\n\n",
	      out);
	(void)put_zones(ctx, ctx->drift, out);
}

static void put_findings(const struct report_ctx *ctx, FILE *out)
{
	if (ctx->diags->errors + ctx->diags->warnings == 0)
		return;
	fprintf(out, "### Findings: " SV_FMT ", " SV_FMT "\n\n",
		SV_ARG(words_count(ctx->mem, ctx->diags->errors, "error",
				   NULL)),
		SV_ARG(words_count(ctx->mem, ctx->diags->warnings, "warning",
				   NULL)));
	for (size_t i = 0; i < ctx->diags->list.n; i++) {
		const struct diag *m = &ctx->diags->list.v[i];

		if (m->severity == DIAG_NOTE)
			continue;
		fprintf(out, "- **%s** " SV_FMT ":%u: " SV_FMT " (%s)\n",
			diag_severity_name(m->severity),
			SV_ARG(code(ctx, m->at.file)), m->at.line,
			SV_ARG(escape_prose(ctx->mem, m->text)),
			diag_code_name(m->code));
	}
}

static void markdown_write(const struct report_ctx *ctx, FILE *out)
{
	if (put_zones(ctx, &ctx->zones, out) == 0)
		fputs("No DNS change.\n\n", out);
	put_policy(ctx, out);
	put_drift(ctx, out);
	for (size_t i = 0; i < ctx->remarks.list.n; i++)
		fprintf(out, "> " SV_FMT "\n\n",
			SV_ARG(escape_prose(ctx->mem, ctx->remarks.list.v[i])));
	put_findings(ctx, out);
}

const struct report report_markdown = {
	.name = "markdown",
	.about = "a pull-request comment",
	.write = markdown_write,
};
