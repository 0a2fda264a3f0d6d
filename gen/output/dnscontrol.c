#include "output/dnscontrol.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "output/json_text.h"
#include "output/list.h"

static const char *caa_fault(const struct endpoint *e, const struct rdata *r)
{
	(void)e;
	return r->fields.v[0].number == 0 ||
			       r->fields.v[0].number == CAA_CRITICAL
		       ? NULL
		       : "flags other than 0 and 128";
}

/* clang-format off */
const struct typed_row dnscontrol_rows[RR_COUNT] = {
	[RR_A] = { .form = TYPED_PLAIN, .fields = { { "target", 0 } } },
	[RR_AAAA] = { .form = TYPED_PLAIN, .fields = { { "target", 0 } } },
	[RR_CAA] = { .form = TYPED_NAMED,
		     .fields = { { "caatag", 1 }, { "target", 2 } },
		     .fault = caa_fault },
	[RR_CNAME] = { .form = TYPED_NAMED, .fields = { { "target", 0 } } },
	[RR_DHCID] = { .form = TYPED_PLAIN, .fields = { { "target", 0 } } },
	[RR_DNAME] = { .form = TYPED_NAMED, .fields = { { "target", 0 } } },
	[RR_HTTPS] = { .form = TYPED_NAMED,
		       .fields = { { "svcpriority", 0 }, { "target", 1 },
				   { "svcparams", 2 } } },
	[RR_MX] = { .form = TYPED_NAMED,
		    .fields = { { "mxpreference", 0 }, { "target", 1 } } },
	[RR_NAPTR] = { .form = TYPED_NAMED,
		       .fields = { { "naptrorder", 0 },
				   { "naptrpreference", 1 },
				   { "naptrflags", 2 }, { "naptrservice", 3 },
				   { "naptrregexp", 4 }, { "target", 5 } } },
	[RR_NS] = { .form = TYPED_NAMED, .fields = { { "target", 0 } } },
	[RR_OPENPGPKEY] = { .form = TYPED_PLAIN,
			    .fields = { { "target", 0 } } },
	[RR_PTR] = { .form = TYPED_NAMED, .fields = { { "target", 0 } } },
	[RR_SRV] = { .form = TYPED_NAMED,
		     .fields = { { "srvpriority", 0 }, { "srvweight", 1 },
				 { "srvport", 2 }, { "target", 3 } } },
	[RR_SSHFP] = { .form = TYPED_NAMED,
		       .fields = { { "sshfpalgorithm", 0 },
				   { "sshfpfingerprint", 1 },
				   { "target", 2 } } },
	[RR_SVCB] = { .form = TYPED_NAMED,
		      .fields = { { "svcpriority", 0 }, { "target", 1 },
				  { "svcparams", 2 } } },
	[RR_TLSA] = { .form = TYPED_NAMED,
		      .fields = { { "tlsausage", 0 }, { "tlsaselector", 1 },
				  { "tlsamatchingtype", 2 },
				  { "target", 3 } } },
	[RR_TXT] = { .form = TYPED_STRING, .fields = { { "target", 0 } } },
};
/* clang-format on */

static const char *string_fault(struct sv bytes)
{
	uint32_t code;
	size_t n;

	for (struct sv rest = bytes; rest.n > 0; rest = sv_from(rest, n)) {
		n = utf8_at(rest, &code);
		if (n == 0)
			return "bytes that are not UTF-8";
		if (code == 0)
			return "a NUL";
	}
	return NULL;
}

static bool is_apex(const struct output_ctx *ctx, const struct endpoint *e)
{
	return sv_eq(e->name, ctx->zone->name);
}

/* The name servers of the zone have a function of their own. */
static bool is_server(const struct output_ctx *ctx, const struct endpoint *e)
{
	return e->type == RR_NS && is_apex(ctx, e);
}

/* "example.org!internal": DNSControl's tag is our view. */
static struct sv domain_name(const struct output_ctx *ctx)
{
	const struct zone *z = ctx->zone;

	return z->view.n == 0 ? z->name
			      : arena_fmt(ctx->mem, SV_FMT "!" SV_FMT,
					  SV_ARG(z->name), SV_ARG(z->view));
}

/* One that takes no domain, where none is named. */
static struct sv registrar_of(const struct output_ctx *ctx)
{
	return ctx->spec->registrar.n > 0 ? ctx->spec->registrar : SV("none");
}

static struct sv owner_of(const struct output_ctx *ctx,
			  const struct endpoint *e)
{
	return typed_owner(ctx, e->name, SV("@"));
}

static int owner_check(const struct output_ctx *ctx, const struct endpoint *e)
{
	struct sv owner = owner_of(ctx, e);

	if (sv_chr(e->name, '\\') < e->name.n)
		return output_refusal(ctx, e, "a name with escaped bytes");
	if (!is_apex(ctx, e) && dname_in(owner, ctx->zone->name))
		return output_refusal(ctx, e,
				      "a name that repeats that of the zone");
	return 0;
}

static struct sv comment_of(const struct output_ctx *ctx,
			    const struct endpoint *e)
{
	return sv_eq(ctx->spec->comments, SV("none"))
		       ? SV("")
		       : output_comment(ctx->mem, e);
}

/* What the writers of the two forms do with a value that is fine. */
struct writing {
	struct output_ctx *ctx;
	struct json_text j; /* json: all of it; js: only j.b */
	void (*record)(struct writing *w, const struct endpoint *e,
		       const struct typed_row *row,
		       const struct typed_value *v);
};

static int endpoint_put(struct writing *w, const struct endpoint *e,
			bool servers)
{
	const struct typed_row *row = &dnscontrol_rows[e->type];
	struct typed_value *values =
		ARENA_ARRAY(w->ctx->mem, struct typed_value, e->targets.n + 1);

	if (is_server(w->ctx, e) != servers)
		return 0;
	if (owner_check(w->ctx, e) != 0 ||
	    typed_values(w->ctx, row, e, string_fault, values) != 0)
		return -1;
	for (size_t i = 0; i < e->targets.n; i++)
		w->record(w, e, row, &values[i]);
	return 0;
}

static int endpoints_put(struct writing *w, const struct endpoints *records,
			 bool servers)
{
	struct endpoint_refs refs = { 0 };
	int rc = 0;

	endpoint_refs_sorted(w->ctx->mem, records, &refs);
	for (size_t i = 0; i < refs.list.n; i++)
		if (endpoint_put(w, refs.list.v[i], servers) != 0)
			rc = -1;
	return rc;
}

/* The TTL of the zone's own name servers, if it has any in its records. */
static int64_t servers_ttl(const struct output_ctx *ctx,
			   const struct endpoints *records)
{
	for (size_t i = 0; i < records->list.n; i++)
		if (is_server(ctx, &records->list.v[i]))
			return output_ttl(ctx, &records->list.v[i]);
	return 0;
}

/* A field of a value, or of PLAIN and STRING the one text. */
static bool is_number(const struct typed_row *row, size_t i,
		      const struct typed_value *v)
{
	return row->form == TYPED_NAMED &&
	       row->fields[i].field < v->r.fields.n &&
	       v->r.fields.v[row->fields[i].field].kind == RDATA_NUMBER;
}

static struct sv field_text(struct arena *mem, const struct typed_row *row,
			    size_t i, const struct typed_value *v)
{
	if (row->form != TYPED_NAMED)
		return v->text;
	/* A list of parameters may be absent. */
	return row->fields[i].field < v->r.fields.n
		       ? typed_text(mem, &v->r.fields.v[row->fields[i].field])
		       : SV("");
}

static bool is_critical(const struct endpoint *e, const struct typed_value *v)
{
	return e->type == RR_CAA && v->r.fields.v[0].number == CAA_CRITICAL;
}

static void js_record(struct writing *w, const struct endpoint *e,
		      const struct typed_row *row, const struct typed_value *v)
{
	struct buf *b = &w->j.b;
	struct sv comment = comment_of(w->ctx, e);

	buf_fmt(b, "  %s(", rrtype_name(e->type));
	json_string_put(b, owner_of(w->ctx, e));
	for (size_t i = 0; i < typed_count(row); i++) {
		struct sv text = field_text(b->mem, row, i, v);

		buf_add(b, SV(", "));
		if (is_number(row, i, v))
			buf_add(b, text);
		else
			json_string_put(b, text);
	}
	buf_fmt(b, ", TTL(%lld)", (long long)output_ttl(w->ctx, e));
	if (is_critical(e, v))
		buf_add(b, SV(", CAA_CRITICAL"));
	if (output_proxied(e))
		buf_add(b, SV(", CF_PROXY_ON"));
	buf_add(b, SV("),"));
	if (comment.n > 0)
		buf_fmt(b, " // " SV_FMT, SV_ARG(comment));
	buf_char(b, '\n');
}

static void js_server(struct writing *w, const struct endpoint *e,
		      const struct typed_row *row, const struct typed_value *v)
{
	(void)e;
	buf_add(&w->j.b, SV("  NAMESERVER("));
	json_string_put(&w->j.b, field_text(w->ctx->mem, row, 0, v));
	buf_add(&w->j.b, SV("),\n"));
}

static int write_js(struct output_ctx *ctx, const struct endpoints *records,
		    struct sv *text)
{
	struct writing w = { .ctx = ctx, .record = js_server };
	struct buf *b = &w.j.b;
	int rc;

	b->mem = ctx->mem;
	buf_fmt(b, "// " SV_FMT "\nD(", SV_ARG(output_header(ctx)));
	json_string_put(b, domain_name(ctx));
	buf_add(b, SV(", "));
	json_string_put(b, registrar_of(ctx));
	if (ctx->spec->dns_provider.n > 0) {
		buf_add(b, SV(", DnsProvider("));
		json_string_put(b, ctx->spec->dns_provider);
		buf_char(b, ')');
	}
	buf_add(b, SV(",\n"));
	if (servers_ttl(ctx, records) > 0)
		buf_fmt(b, "  NAMESERVER_TTL(%lld),\n",
			(long long)servers_ttl(ctx, records));
	rc = endpoints_put(&w, records, true);
	w.record = js_record;
	if (endpoints_put(&w, records, false) != 0)
		rc = -1;
	/* It may stand behind the last comma; the language of the interpreter
	 * is that of 2009. */
	buf_add(b, SV("  END);\n"));
	*text = buf_sv(b);
	return rc;
}

/* A member of a record, put in order before it is written. */
struct member {
	struct sv key, text;
	bool number;
};

static int member_cmp(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return sv_cmp(x->key, y->key);
}

static size_t members_of(const struct writing *w, const struct endpoint *e,
			 const struct typed_row *row,
			 const struct typed_value *v, struct member *out)
{
	struct arena *mem = w->ctx->mem;
	struct sv comment = comment_of(w->ctx, e);
	size_t n = 0;

	out[n++] = (struct member){ SV("name"), owner_of(w->ctx, e), false };
	out[n++] = (struct member){ SV("type"), sv_of(rrtype_name(e->type)),
				    false };
	out[n++] = (struct member){
		SV("ttl"),
		arena_fmt(mem, "%lld", (long long)output_ttl(w->ctx, e)), true
	};
	if (comment.n > 0)
		out[n++] = (struct member){ SV("//"), comment, false };
	if (is_critical(e, v))
		out[n++] = (struct member){ SV("caaflag"), SV("128"), true };
	for (size_t i = 0; i < typed_count(row); i++)
		out[n++] = (struct member){ sv_of(row->fields[i].name),
					    field_text(mem, row, i, v),
					    is_number(row, i, v) };
	if (output_proxied(e))
		out[n++] = (struct member){ SV("meta"), SV(""), false };
	qsort(out, n, sizeof(out[0]), member_cmp);
	return n;
}

static void json_record(struct writing *w, const struct endpoint *e,
			const struct typed_row *row,
			const struct typed_value *v)
{
	struct member members[TYPED_MAX + 6];
	size_t n = members_of(w, e, row, v, members);
	struct json_text *j = &w->j;

	json_open(j, SV(""), '{');
	for (size_t i = 0; i < n; i++) {
		unsigned long long number = 0;

		if (sv_eq(members[i].key, SV("meta"))) {
			json_open(j, SV("meta"), '{');
			json_text_add(j, SV(DNSCONTROL_PROXY), SV("on"));
			json_close(j, '}');
		} else if (members[i].number &&
			   sv_number(members[i].text, UINT32_MAX, &number)) {
			json_number_add(j, members[i].key, (int64_t)number);
		} else {
			json_text_add(j, members[i].key, members[i].text);
		}
	}
	json_close(j, '}');
}

static void json_server(struct writing *w, const struct endpoint *e,
			const struct typed_row *row,
			const struct typed_value *v)
{
	(void)e;
	json_open(&w->j, SV(""), '{');
	json_text_add(&w->j, SV("name"), field_text(w->ctx->mem, row, 0, v));
	json_close(&w->j, '}');
}

/* "-": creds.json says what it is. */
static void declared_put(struct json_text *j, const char *key, struct sv name)
{
	json_open(j, sv_of(key), '[');
	if (name.n > 0) {
		json_open(j, SV(""), '{');
		json_text_add(j, SV("name"), name);
		json_text_add(j, SV("type"), SV("-"));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static int domain_put(struct writing *w, const struct endpoints *records)
{
	struct output_ctx *ctx = w->ctx;
	struct json_text *j = &w->j;
	int64_t ttl = servers_ttl(ctx, records);
	int rc;

	json_open(j, SV(""), '{');
	json_open(j, SV("dnsProviders"), '{');
	if (ctx->spec->dns_provider.n > 0)
		json_number_add(j, ctx->spec->dns_provider, -1);
	json_close(j, '}');
	json_open(j, SV("meta"), '{');
	if (ttl > 0)
		json_text_add(j, SV("ns_ttl"),
			      arena_fmt(ctx->mem, "%lld", (long long)ttl));
	json_close(j, '}');
	json_text_add(j, SV("name"), domain_name(ctx));
	json_open(j, SV("nameservers"), '[');
	w->record = json_server;
	rc = endpoints_put(w, records, true);
	json_close(j, ']');
	json_open(j, SV("records"), '[');
	w->record = json_record;
	if (endpoints_put(w, records, false) != 0)
		rc = -1;
	json_close(j, ']');
	json_text_add(j, SV("registrar"), registrar_of(ctx));
	json_close(j, '}');
	return rc;
}

/* The intermediate representation that `dnscontrol --ir` reads. */
static int write_json(struct output_ctx *ctx, const struct endpoints *records,
		      struct sv *text)
{
	struct writing w = { .ctx = ctx };
	int rc;

	w.j.b.mem = ctx->mem;
	json_open(&w.j, SV(""), '{');
	json_text_add(&w.j, SV("//"), output_header(ctx));
	declared_put(&w.j, "dns_providers", ctx->spec->dns_provider);
	json_open(&w.j, SV("domains"), '[');
	rc = domain_put(&w, records);
	json_close(&w.j, ']');
	declared_put(&w.j, "registrars", registrar_of(ctx));
	json_close(&w.j, '}');
	*text = buf_sv(&w.j.b);
	return rc;
}

static int dnscontrol_write(struct output_ctx *ctx,
			    const struct endpoints *records, struct sv *text)
{
	bool js = output_mode(ctx->spec) == output_format(ctx->spec)->modes;

	return output_scratch(ctx, records, text, js ? write_js : write_json);
}

static int dnscontrol_read(struct output_ctx *ctx, struct sv file,
			   struct sv text, struct endpoints *out)
{
	int rc;

	text = output_readable(ctx, text);
	rc = sv_starts(sv_trim(text), SV("{"))
		     ? dnscontrol_read_json(ctx, file, text, out)
		     : dnscontrol_read_js(ctx, file, text, out);
	endpoints_sort(out);
	return rc;
}

const struct output output_dnscontrol = {
	.write = dnscontrol_write,
	.read = dnscontrol_read,
};
