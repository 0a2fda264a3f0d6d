/* One object: version, summary, changes, findings.  Keys never change their
 * meaning; new ones may come. */
#include "report/report.h"

#include <jansson.h>

/* Escaped text is ASCII or valid UTF-8, so jansson always takes it. */
static json_t *text(const struct report_ctx *ctx, struct sv s)
{
	s = text_escape(ctx->mem, s);
	return json_stringn(s.p, s.n);
}

static json_t *place(const struct report_ctx *ctx, struct loc at)
{
	return json_pack("{s:o, s:i, s:i}", "path", text(ctx, at.file), "line",
			 (int)at.line, "column", (int)at.col);
}

static json_t *targets(const struct report_ctx *ctx, const struct endpoint *e)
{
	json_t *list = json_array();

	for (size_t i = 0; e != NULL && i < e->targets.n; i++)
		json_array_append_new(list, text(ctx, e->targets.v[i]));
	return list;
}

static json_t *change(const struct report_ctx *ctx, const struct change *c)
{
	static const char *const words[] = { "add", "update", "delete" };
	const struct endpoint *e = change_record(c);
	json_t *from = json_array();

	for (size_t i = 0; i < e->from.n; i++)
		json_array_append_new(from, place(ctx, e->from.v[i].at));
	return json_pack("{s:s, s:o, s:s, s:o, s:o, s:I, s:I, s:o}", "change",
			 words[c->kind], "name", text(ctx, e->name), "type",
			 rrtype_name(e->type), "before", targets(ctx, c->have),
			 "after", targets(ctx, c->want), "ttl_before",
			 (json_int_t)(c->have ? c->have->ttl : 0), "ttl_after",
			 (json_int_t)(c->want ? c->want->ttl : 0), "from",
			 from);
}

static json_t *zones(const struct report_ctx *ctx,
		     const struct zone_changes_list *zones)
{
	json_t *list = json_array();

	for (size_t i = 0; zones != NULL && i < zones->list.n; i++) {
		const struct zone_changes *z = &zones->list.v[i];
		json_t *changes = json_array();

		for (size_t k = 0; k < z->changes.list.n; k++)
			json_array_append_new(
				changes, change(ctx, &z->changes.list.v[k]));
		json_array_append_new(
			list,
			json_pack("{s:o, s:i, s:i, s:i, s:s, s:o}", "zone",
				  text(ctx, z->zone ? z->zone->key : SV("")),
				  "added", (int)z->changes.added, "updated",
				  (int)z->changes.updated, "deleted",
				  (int)z->changes.deleted, "class",
				  changes_class(&z->changes), "changes",
				  changes));
	}
	return list;
}

static json_t *findings(const struct report_ctx *ctx)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ctx->diags->list.n; i++) {
		const struct diag *m = &ctx->diags->list.v[i];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:o}", "severity",
					diag_severity_name(m->severity), "code",
					diag_code_name(m->code), "at",
					place(ctx, m->at), "text",
					text(ctx, m->text)));
	}
	return list;
}

static json_t *policy(const struct report_ctx *ctx)
{
	json_t *list = json_array();

	for (size_t i = 0; ctx->policy && i < ctx->policy->list.n; i++) {
		const struct policy_change *c = &ctx->policy->list.v[i];

		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:b, s:o}", "key",
					text(ctx, c->key), "before",
					text(ctx, c->old), "after",
					text(ctx, c->new), "loosens",
					c->loosens, "at", place(ctx, c->at)));
	}
	return list;
}

static json_t *remarks(const struct report_ctx *ctx)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ctx->remarks.list.n; i++)
		json_array_append_new(list, text(ctx, ctx->remarks.list.v[i]));
	return list;
}

static void json_write(const struct report_ctx *ctx, FILE *out)
{
	json_t *root =
		json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "version", 1,
			  "zones", zones(ctx, &ctx->zones), "policy",
			  policy(ctx), "drift", zones(ctx, ctx->drift),
			  "remarks", remarks(ctx), "findings", findings(ctx));

	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}

const struct report report_json = {
	.name = "json",
	.about = "changes and findings for programs",
	.write = json_write,
};
