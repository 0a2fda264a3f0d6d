/*
 * The way back from DNSControl's two forms.  Of JavaScript only what we write
 * is understood, and what a formatter makes of it: calls of functions with
 * strings, numbers, words and calls between the parentheses.
 */
#include <jansson.h>

#include "base/buf.h"
#include "base/limits.h"
#include "output/dnscontrol.h"
#include "output/list.h"

static int add_fault(struct output_ctx *ctx, struct loc at, const char *fault)
{
	return diag_error(ctx->diags, DIAG_OUTPUT, at, "DNSControl: %s", fault);
}

/* The set that the record before was of, if it is the same one. */
static struct endpoint *set_of(struct output_ctx *ctx,
			       const struct dnscontrol_record *r,
			       struct sv name, enum rrtype type,
			       struct endpoints *out)
{
	struct endpoint *e =
		out->list.n > 0 ? &out->list.v[out->list.n - 1] : NULL;

	if (e != NULL && e->type == type && sv_eq(e->name, name))
		return e;
	e = typed_endpoint(ctx, r->at, name, type, r->ttl, r->comment, out);
	if (r->proxied)
		pairs_put(ctx->mem, &e->properties, SV("cloudflare/proxied"),
			  SV("true"));
	return e;
}

/* The flags of a CAA do not stand among the arguments of its function. */
static bool caa_wire(struct arena *mem, const struct dnscontrol_record *r,
		     struct sv *wire)
{
	static const struct typed_row row = {
		.form = TYPED_NAMED,
		.fields = { { "flags", 0 }, { "tag", 1 }, { "value", 2 } }
	};
	struct sv fields[TYPED_MAX] = { r->critical ? SV("128") : SV("0"),
					r->fields[0], r->fields[1] };

	return typed_wire(mem, RR_CAA, &row, fields, wire);
}

int dnscontrol_add(struct output_ctx *ctx, const struct dnscontrol_record *r,
		   struct endpoints *out)
{
	struct endpoint *e;
	struct sv name, wire;
	enum rrtype type;

	if (!rrtype_parse(r->type, &type) ||
	    dnscontrol_rows[type].form == TYPED_NONE)
		return add_fault(ctx, r->at, "unknown type of a record");
	if (!typed_name(ctx, r->name, SV("@"), &name))
		return add_fault(ctx, r->at, "invalid name");
	if (type == RR_CAA ? !caa_wire(ctx->mem, r, &wire)
			   : !typed_wire(ctx->mem, type, &dnscontrol_rows[type],
					 r->fields, &wire))
		return add_fault(ctx, r->at, "invalid data for its type");
	e = set_of(ctx, r, name, type, out);
	rdata_targets(ctx->mem, e, &wire, 1);
	e->is_registry = e->is_registry && e->targets.n == 1;
	return 0;
}

enum js_kind { JS_END, JS_CALL, JS_NUMBER, JS_STRING, JS_WORD, JS_FAULT };

struct js_value {
	enum js_kind kind;
	uint32_t line;
	struct sv text; /* the word, the number, the string itself */
	VEC(struct js_value *) args;
	struct sv comment; /* at the end of its line */
};

enum { MAX_JS_DEPTH = 4 }; /* D(A(TTL(1))) */

struct js {
	struct arena *mem;
	struct sv rest;
	uint32_t line;
	struct js_value *last; /* whose comment comes next */
	size_t depth;
};

static void js_skip(struct js *p, size_t n)
{
	for (size_t i = 0; i < n && i < p->rest.n; i++)
		p->line += p->rest.p[i] == '\n';
	p->rest = sv_from(p->rest, n);
}

/* Blanks, and comments to the ends of their lines. */
static void js_blanks(struct js *p)
{
	for (;;) {
		size_t n = 0;

		while (n < p->rest.n && p->rest.p[n] != '\0' &&
		       strchr(" \t\r\n", p->rest.p[n]) != NULL)
			n++;
		js_skip(p, n);
		if (!sv_starts(p->rest, SV("//")))
			return;
		n = sv_chr(p->rest, '\n');
		if (p->last != NULL && p->last->line == p->line)
			p->last->comment =
				sv_trim(sv_from(sv_head(p->rest, n), 2));
		js_skip(p, n);
	}
}

static bool js_take(struct js *p, char c)
{
	js_blanks(p);
	if (p->rest.n == 0 || p->rest.p[0] != c)
		return false;
	js_skip(p, 1);
	return true;
}

static bool js_is_word(char c)
{
	char l = sv_lower_char(c);

	return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || c == '_';
}

/* A string of JSON, which is one of JavaScript, too. */
static bool js_string(struct js *p, struct js_value *v)
{
	json_error_t e;
	json_t *s;
	size_t n = 1;

	while (n < p->rest.n && p->rest.p[n] != '"')
		n += p->rest.p[n] == '\\' ? 2 : 1;
	if (n >= p->rest.n)
		return false;
	s = json_loadb(p->rest.p, n + 1, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	if (s == NULL)
		return false;
	v->kind = JS_STRING;
	v->text = arena_sv(p->mem, (struct sv){ json_string_value(s),
						json_string_length(s) });
	json_decref(s);
	js_skip(p, n + 1);
	return true;
}

static struct js_value *js_value(struct js *p);

static bool js_args(struct js *p, struct js_value *v)
{
	v->kind = JS_CALL;
	while (!js_take(p, ')')) {
		struct js_value *arg;

		if (v->args.n > 0 && !js_take(p, ','))
			return false;
		if (js_take(p, ')'))
			break;
		arg = js_value(p);
		if (arg->kind == JS_FAULT || arg->kind == JS_END)
			return false;
		*VEC_ADD(p->mem, &v->args) = arg;
		p->last = arg;
	}
	return true;
}

static bool js_word(struct js *p, struct js_value *v)
{
	size_t n = 0;
	bool ok = true;

	while (n < p->rest.n && js_is_word(p->rest.p[n]))
		n++;
	if (n == 0)
		return false;
	v->text = sv_head(p->rest, n);
	v->kind = v->text.p[0] >= '0' && v->text.p[0] <= '9' ? JS_NUMBER
							     : JS_WORD;
	js_skip(p, n);
	if (v->kind == JS_WORD && p->rest.n > 0 && p->rest.p[0] == '(') {
		js_skip(p, 1);
		p->depth++;
		ok = p->depth <= MAX_JS_DEPTH && js_args(p, v);
		p->depth--;
		v->line = p->line;
	}
	return ok;
}

static struct js_value *js_value(struct js *p)
{
	struct js_value *v = ARENA_NEW(p->mem, struct js_value);
	bool ok = true;

	js_blanks(p);
	v->line = p->line;
	if (p->rest.n == 0)
		v->kind = JS_END;
	else if (p->rest.p[0] == '"')
		ok = js_string(p, v);
	else
		ok = js_word(p, v);
	if (!ok)
		v->kind = JS_FAULT;
	return v;
}

/* `A("www", "192.0.2.1", TTL(300), CF_PROXY_ON)` */
static void js_record(const struct js_value *call, struct loc at,
		      struct dnscontrol_record *r)
{
	size_t fields = 0;

	r->at = at;
	r->at.line = call->line;
	r->type = call->text;
	r->comment = call->comment;
	for (size_t i = 0; i < call->args.n; i++) {
		const struct js_value *a = call->args.v[i];
		unsigned long long ttl;

		if (a->kind == JS_CALL && sv_eq(a->text, SV("TTL")) &&
		    a->args.n == 1 &&
		    sv_number(a->args.v[0]->text, MAX_TTL, &ttl))
			r->ttl = (int64_t)ttl;
		else if (a->kind == JS_WORD) {
			r->critical |= sv_eq(a->text, SV("CAA_CRITICAL"));
			r->proxied |= sv_eq(a->text, SV("CF_PROXY_ON"));
		} else if (i == 0)
			r->name = a->text;
		else if (fields < TYPED_MAX)
			r->fields[fields++] = a->text;
	}
}

static int js_domain(struct output_ctx *ctx, const struct js_value *d,
		     struct loc at, struct endpoints *out)
{
	int64_t servers_ttl = 0;
	int rc = 0;

	for (size_t i = 2; i < d->args.n; i++) {
		const struct js_value *call = d->args.v[i];
		struct dnscontrol_record r = { .name = SV("@") };

		if (call->kind != JS_CALL ||
		    sv_eq(call->text, SV("DnsProvider")))
			continue;
		js_record(call, at, &r);
		if (sv_eq(call->text, SV("NAMESERVER_TTL"))) {
			unsigned long long ttl = 0;

			(void)sv_number(r.name, MAX_TTL, &ttl);
			servers_ttl = (int64_t)ttl;
			continue;
		}
		if (sv_eq(call->text, SV("NAMESERVER"))) {
			r.type = SV("NS");
			r.fields[0] = r.name;
			r.name = SV("@");
			r.ttl = servers_ttl;
		}
		if (dnscontrol_add(ctx, &r, out) != 0)
			rc = -1;
	}
	return rc;
}

int dnscontrol_read_js(struct output_ctx *ctx, struct sv file, struct sv text,
		       struct endpoints *out)
{
	struct arena *own = arena_under(ctx->mem);
	struct js p = { .mem = own, .rest = text, .line = 1 };
	struct loc at = { file, 1, 1 };
	int rc = 0;

	for (;;) {
		const struct js_value *v = js_value(&p);

		at.line = v->line;
		if (v->kind == JS_END)
			break;
		if (v->kind != JS_CALL || !sv_eq(v->text, SV("D")) ||
		    v->args.n < 2) {
			rc = add_fault(ctx, at, "expected D(...)");
			break;
		}
		if (js_domain(ctx, v, at, out) != 0)
			rc = -1;
		(void)js_take(&p, ';');
	}
	arena_free(own);
	return rc;
}

static struct sv json_text_of(struct arena *mem, const json_t *o,
			      const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_integer(v))
		return arena_fmt(mem, "%lld", (long long)json_integer_value(v));
	return json_is_string(v)
		       ? arena_sv(mem, (struct sv){ json_string_value(v),
						    json_string_length(v) })
		       : SV("");
}

static int json_record(struct output_ctx *ctx, const json_t *o, struct loc at,
		       struct endpoints *out)
{
	struct arena *mem = ctx->mem;
	struct dnscontrol_record r = { .at = at };
	enum rrtype type;

	r.type = json_text_of(mem, o, "type");
	r.name = json_text_of(mem, o, "name");
	r.comment = json_text_of(mem, o, "//");
	r.ttl = json_integer_value(json_object_get(o, "ttl"));
	r.critical = json_integer_value(json_object_get(o, "caaflag")) != 0;
	r.proxied = sv_eq(
		json_text_of(mem, json_object_get(o, "meta"), DNSCONTROL_PROXY),
		SV("on"));
	if (r.ttl < 0 || r.ttl > MAX_TTL)
		return add_fault(ctx, at, "invalid ttl");
	if (rrtype_parse(r.type, &type))
		for (size_t i = 0; i < typed_count(&dnscontrol_rows[type]); i++)
			r.fields[i] = json_text_of(
				mem, o, dnscontrol_rows[type].fields[i].name);
	return dnscontrol_add(ctx, &r, out);
}

static int json_servers(struct output_ctx *ctx, const json_t *domain,
			struct loc at, struct endpoints *out)
{
	struct sv ttl = json_text_of(ctx->mem, json_object_get(domain, "meta"),
				     "ns_ttl");
	unsigned long long seconds = 0;
	const json_t *o;
	size_t i;
	int rc = 0;

	(void)sv_number(ttl, MAX_TTL, &seconds);
	json_array_foreach(json_object_get(domain, "nameservers"), i, o)
	{
		struct dnscontrol_record r = {
			.at = at,
			.name = SV("@"),
			.type = SV("NS"),
			.ttl = (int64_t)seconds,
			.fields = { json_text_of(ctx->mem, o, "name") },
		};

		if (dnscontrol_add(ctx, &r, out) != 0)
			rc = -1;
	}
	return rc;
}

int dnscontrol_read_json(struct output_ctx *ctx, struct sv file, struct sv text,
			 struct endpoints *out)
{
	struct loc at = { file, 1, 1 };
	const json_t *domain, *o;
	json_error_t e;
	json_t *root = json_loadb(text.p, text.n,
				  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
	size_t i, k;
	int rc = 0;

	if (root == NULL) {
		at.line = e.line > 0 ? (uint32_t)e.line : 1;
		return add_fault(ctx, at,
				 arena_fmt(ctx->mem, "not JSON: %s", e.text).p);
	}
	json_array_foreach(json_object_get(root, "domains"), i, domain)
	{
		if (json_servers(ctx, domain, at, out) != 0)
			rc = -1;
		json_array_foreach(json_object_get(domain, "records"), k, o)
		{
			if (json_record(ctx, o, at, out) != 0)
				rc = -1;
		}
	}
	json_decref(root);
	return rc;
}
