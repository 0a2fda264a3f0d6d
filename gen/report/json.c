/* One object: version, summary, changes, findings.  Keys never change their
 * meaning; new ones may come. */
#include "report/report.h"

#include <jansson.h>

#include "verify/verify.h"

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

static json_t *texts(const struct report_ctx *ctx, const struct strings *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->list.n; i++)
		json_array_append_new(list, text(ctx, s->list.v[i]));
	return list;
}

static json_t *text_or_null(const struct report_ctx *ctx, struct sv s)
{
	return s.n > 0 ? text(ctx, s) : json_null();
}

static json_t *ttl_or_null(int64_t ttl)
{
	return ttl >= 0 ? json_integer(ttl) : json_null();
}

static json_t *verify_finding(const struct report_ctx *ctx,
			      const struct verify_finding *f)
{
	bool record = f->name.n > 0;

	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"severity", diag_severity_name(f->severity), "code",
		diag_code_name(f->code), "at", place(ctx, f->at), "name",
		text_or_null(ctx, f->name), "type", text_or_null(ctx, f->type),
		"servers", texts(ctx, &f->servers), "expected",
		texts(ctx, &f->expected), "served", texts(ctx, &f->served),
		"answer", text_or_null(ctx, f->answer), "ttl_expected",
		ttl_or_null(record ? f->expected_ttl : -1), "ttl_served",
		ttl_or_null(record ? f->served_ttl : -1), "text",
		text(ctx, f->text));
}

static json_t *verify_server(const struct report_ctx *ctx,
			     const struct verify_server *s)
{
	bool good = s->state == VERIFY_GOOD;

	return json_pack("{s:o, s:s, s:o, s:b}", "server", text(ctx, s->server),
			 "state", verify_state_name(s->state), "serial",
			 good ? json_integer(s->serial) : json_null(),
			 "transfer", s->transfer);
}

static json_t *verify_zone(const struct report_ctx *ctx,
			   const struct verify_result *z)
{
	json_t *servers = json_array(), *findings = json_array();

	for (size_t i = 0; i < z->servers.n; i++)
		json_array_append_new(servers,
				      verify_server(ctx, &z->servers.v[i]));
	for (size_t i = 0; i < z->findings.list.n; i++)
		json_array_append_new(
			findings, verify_finding(ctx, &z->findings.list.v[i]));
	return json_pack("{s:o, s:I, s:o, s:o}", "zone", text(ctx, z->zone),
			 "records", (json_int_t)z->records, "servers", servers,
			 "findings", findings);
}

static void add_verify(const struct report_ctx *ctx, json_t *root)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ctx->verify->list.n; i++)
		json_array_append_new(
			list, verify_zone(ctx, &ctx->verify->list.v[i]));
	json_object_set_new(root, "verify", list);
}

static void json_write(const struct report_ctx *ctx, FILE *out)
{
	json_t *root =
		json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "version", 1,
			  "zones", zones(ctx, &ctx->zones), "policy",
			  policy(ctx), "drift", zones(ctx, ctx->drift),
			  "remarks", remarks(ctx), "findings", findings(ctx));

	if (ctx->verify != NULL)
		add_verify(ctx, root);
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}

const struct report report_json = {
	.name = "json",
	.about = "changes and findings for programs",
	.write = json_write,
};
