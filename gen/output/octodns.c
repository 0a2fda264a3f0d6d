/*
 * octoDNS' YAML: a map of relative names, each with a list of its types.
 *
 * Source: octodns 1.22, provider/yaml.py and record/; octodns-bind 1.1.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "output/list.h"
#include "output/octodns_params.h"
#include "output/typed.h"
#include "output/yaml_lines.h"

static bool is_label_byte(char c)
{
	char l = sv_lower_char(c);

	return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || c == '-' ||
	       c == '_';
}

/* What the package fqdn takes, which octoDNS asks. */
static bool is_host_name(struct sv name)
{
	struct sv label;
	size_t labels = 0;

	if (sv_eq(name, SV(".")))
		return true;
	while (sv_cut(&name, '.', &label)) {
		labels++;
		if (label.n == 0 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!is_label_byte(label.p[i]))
				return false;
	}
	return labels > 1;
}

static const char *names_fault(const struct endpoint *e, const struct rdata *r)
{
	(void)e;
	for (size_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].kind == RDATA_NAME &&
		    !is_host_name(r->fields.v[i].bytes))
			return "a target that is not a host name";
	return NULL;
}

/* "_sip._tcp", or "*" in place of the first. */
static const char *service_fault(const struct endpoint *e,
				 const struct rdata *r)
{
	struct sv first, name = e->name;

	if (!sv_cut(&name, '.', &first) || name.n == 0 ||
	    (!sv_eq(first, SV("*")) && (first.n < 2 || first.p[0] != '_')))
		return "a name that does not begin with _service._protocol";
	return names_fault(e, r);
}

static const char *params_fault(const struct endpoint *e, const struct rdata *r)
{
	const char *fault = names_fault(e, r);

	for (size_t i = 0; fault == NULL && i < r->fields.n; i++)
		if (r->fields.v[i].kind == RDATA_PARAMS)
			fault = octodns_params_fault(r->fields.v[i].text);
	return fault;
}

#define SVCB_ROW                                                               \
 {                                                                             \
  .form = TYPED_NAMED,                                                         \
  .fields = { { "svcparams", 2 }, { "svcpriority", 0 }, { "targetname", 1 } }, \
  .fault = params_fault                                                        \
 }

/* Fields in the order of their keys, which octoDNS asks for. */
static const struct typed_row rows[RR_COUNT] = {
	[RR_A] = { .form = TYPED_PLAIN },
	[RR_AAAA] = { .form = TYPED_PLAIN },
	[RR_CAA] = { .form = TYPED_NAMED,
		     .fields = { { "flags", 0 },
				 { "tag", 1 },
				 { "value", 2 } } },
	[RR_CNAME] = { .form = TYPED_NAMED,
		       .fields = { { "value", 0 } },
		       .fault = names_fault },
	[RR_DNAME] = { .form = TYPED_NAMED,
		       .fields = { { "value", 0 } },
		       .fault = names_fault },
	[RR_DS] = { .form = TYPED_NAMED,
		    .fields = { { "algorithm", 1 },
				{ "digest", 3 },
				{ "digest_type", 2 },
				{ "key_tag", 0 } } },
	[RR_HTTPS] = SVCB_ROW,
	[RR_MX] = { .form = TYPED_NAMED,
		    .fields = { { "exchange", 1 }, { "preference", 0 } },
		    .fault = names_fault },
	[RR_NAPTR] = { .form = TYPED_NAMED,
		       .fields = { { "flags", 2 },
				   { "order", 0 },
				   { "preference", 1 },
				   { "regexp", 4 },
				   { "replacement", 5 },
				   { "service", 3 } } },
	[RR_NS] = { .form = TYPED_NAMED,
		    .fields = { { "value", 0 } },
		    .fault = names_fault },
	[RR_OPENPGPKEY] = { .form = TYPED_PLAIN },
	[RR_PTR] = { .form = TYPED_NAMED,
		     .fields = { { "value", 0 } },
		     .fault = names_fault },
	[RR_SRV] = { .form = TYPED_NAMED,
		     .fields = { { "port", 2 },
				 { "priority", 0 },
				 { "target", 3 },
				 { "weight", 1 } },
		     .fault = service_fault },
	[RR_SSHFP] = { .form = TYPED_NAMED,
		       .fields = { { "algorithm", 0 },
				   { "fingerprint", 2 },
				   { "fingerprint_type", 1 } } },
	[RR_SVCB] = SVCB_ROW,
	[RR_TLSA] = { .form = TYPED_NAMED,
		      .fields = { { "certificate_association_data", 3 },
				  { "certificate_usage", 0 },
				  { "matching_type", 2 },
				  { "selector", 1 } } },
	[RR_TXT] = { .form = TYPED_STRING },
	[RR_URI] = { .form = TYPED_NAMED,
		     .fields = { { "priority", 0 },
				 { "target", 2 },
				 { "weight", 1 } },
		     .fault = service_fault },
};

/* A map of one key is that key's value: CNAME and NS. */
static bool is_bare(const struct typed_row *row)
{
	return row->form != TYPED_NAMED || row->fields[1].name == NULL;
}

static bool is_single(enum rrtype type)
{
	return type == RR_CNAME || type == RR_DNAME;
}

static bool has_byte_above(struct sv s, unsigned char most)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > most)
			return true;
	return false;
}

/* octodns-bind never ends at a backslash behind a text; other providers read
 * one as an escape, and some do not. */
static const char *text_fault(struct sv bytes)
{
	if (has_byte_above(bytes, 0x7f))
		return "it takes only ASCII";
	if (sv_chr(bytes, '\\') < bytes.n)
		return "its providers read a backslash in different ways";
	if (sv_starts(bytes, SV("\"")))
		return "it takes the quote in front off";
	if (sv_has(bytes, SV("\" \"")))
		return "it takes the middle for a border of strings";
	return NULL;
}

/* These it puts between quotes without a look at them. */
static const char *string_fault(struct sv bytes)
{
	return sv_chr(bytes, '"') < bytes.n ? "a quote ends the string there"
					    : text_fault(bytes);
}

/* The bytes as octoDNS holds them: ";" behind a backslash. */
static struct sv text_escaped(struct arena *mem, struct sv bytes)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == ';')
			buf_char(&b, '\\');
		buf_char(&b, bytes.p[i]);
	}
	return buf_sv(&b);
}

static struct sv text_unescaped(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\\' || i + 1 == s.n || s.p[i + 1] != ';')
			buf_char(&b, s.p[i]);
	return buf_sv(&b);
}

static void string_put(struct buf *b, struct sv s)
{
	buf_add(b, escape(b->mem, SINK_YAML, s));
	buf_char(b, '\n');
}

static void field_put(struct buf *b, const struct rdata_field *f)
{
	if (f->kind == RDATA_NUMBER)
		buf_fmt(b, "%lu\n", (unsigned long)f->number);
	else
		string_put(b, typed_text(b->mem, f));
}

/* One value behind "    - " or "value: "; more lines of it are indented. */
static void value_put(struct buf *b, const struct typed_row *row,
		      const struct typed_value *v)
{
	bool first = true;

	if (row->form == TYPED_STRING) {
		string_put(b, text_escaped(b->mem, v->text));
		return;
	}
	if (row->form == TYPED_PLAIN) {
		string_put(b, v->text);
		return;
	}
	if (is_bare(row)) {
		field_put(b, &v->r.fields.v[0]);
		return;
	}
	for (size_t i = 0; i < typed_count(row); i++) {
		unsigned k = row->fields[i].field;

		if (k >= v->r.fields.n)
			continue;
		buf_fmt(b, "%s%s:", first ? "" : "      ", row->fields[i].name);
		first = false;
		if (v->r.fields.v[k].kind == RDATA_PARAMS) {
			octodns_params_put(b, v->r.fields.v[k].text);
			continue;
		}
		buf_char(b, ' ');
		field_put(b, &v->r.fields.v[k]);
	}
}

static void head_put(struct output_ctx *ctx, struct buf *b,
		     const struct endpoint *e)
{
	struct sv comment = SV("");

	if (!sv_eq(ctx->spec->comments, SV("none")))
		comment = output_comment(ctx->mem, e);
	if (comment.n > 0)
		buf_fmt(b, "  # " SV_FMT "\n", SV_ARG(comment));
	buf_add(b, SV("  - "));
	if (output_proxied(e))
		buf_add(b, SV("octodns:\n      cloudflare:\n"
			      "        proxied: true\n    "));
	buf_fmt(b, "ttl: %lld\n    type: %s\n", (long long)output_ttl(ctx, e),
		rrtype_name(e->type));
}

static int record_put(struct output_ctx *ctx, struct buf *b,
		      const struct endpoint *e)
{
	const struct typed_row *row = &rows[e->type];
	struct typed_value *values =
		ARENA_ARRAY(ctx->mem, struct typed_value, e->targets.n + 1);

	if (sv_chr(e->name, '\\') < e->name.n)
		return output_refusal(ctx, e, "a name with escaped bytes");
	if (typed_values(ctx, row, e,
			 row->form == TYPED_STRING ? text_fault : string_fault,
			 values) != 0)
		return -1;
	head_put(ctx, b, e);
	if (is_single(e->type)) {
		buf_add(b, SV("    value: "));
		value_put(b, row, &values[0]);
		return 0;
	}
	buf_add(b, SV("    values:\n"));
	for (size_t i = 0; i < e->targets.n; i++) {
		buf_add(b, SV("    - "));
		value_put(b, row, &values[i]);
	}
	return 0;
}

struct owner {
	struct sv name; /* relative */
	const struct endpoint *e;
};

static int owner_cmp(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	int c = natural_cmp(x->name, y->name);

	/* "01" and "1" are the same to it, and must not be parted. */
	if (c == 0)
		c = sv_cmp(x->name, y->name);
	return c != 0 ? c : endpoint_cmp(x->e, y->e);
}

static struct owner *owners_of(struct output_ctx *ctx,
			       const struct endpoints *records)
{
	size_t n = records->list.n;
	struct owner *all = ARENA_ARRAY(ctx->mem, struct owner, n + 1);

	for (size_t i = 0; i < n; i++) {
		all[i].e = &records->list.v[i];
		all[i].name = typed_owner(ctx, all[i].e->name, SV(""));
	}
	if (n > 1)
		qsort(all, n, sizeof(all[0]), owner_cmp);
	return all;
}

static int write_all(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text)
{
	struct buf b = { .mem = ctx->mem };
	struct owner *all = owners_of(ctx, records);
	int rc = 0;

	buf_fmt(&b, "# " SV_FMT "\n---\n", SV_ARG(output_header(ctx)));
	if (records->list.n == 0)
		buf_add(&b, SV("{}\n"));
	for (size_t i = 0; i < records->list.n; i++) {
		if (i == 0 || !sv_eq(all[i].name, all[i - 1].name))
			buf_fmt(&b, SV_FMT ":\n",
				SV_ARG(escape(ctx->mem, SINK_YAML,
					      all[i].name)));
		if (record_put(ctx, &b, all[i].e) != 0)
			rc = -1;
	}
	*text = buf_sv(&b);
	return rc;
}

static int octodns_write(struct output_ctx *ctx,
			 const struct endpoints *records, struct sv *text)
{
	return output_scratch(ctx, records, text, write_all);
}

static bool value_wire(const struct yaml_reading *r, enum rrtype type,
		       const struct node *n, struct sv *wire)
{
	const struct typed_row *row = &rows[type];
	struct arena *mem = r->ctx->mem;
	struct sv fields[TYPED_MAX] = { { NULL, 0 } };

	if (is_bare(row) && n->kind != NODE_SCALAR)
		return false;
	if (is_bare(row))
		fields[0] = row->form == TYPED_STRING
				    ? text_unescaped(mem, n->scalar)
				    : n->scalar;
	else if (n->kind != NODE_MAP)
		return false;
	for (size_t i = 0; !is_bare(row) && i < typed_count(row); i++) {
		const struct node *v = node_get(n, sv_of(row->fields[i].name));

		if (v != NULL && v->kind == NODE_MAP)
			fields[i] = octodns_params_text(mem, v);
		else if (v != NULL && v->kind == NODE_SCALAR)
			fields[i] = v->scalar;
	}
	return typed_wire(mem, type, row, fields, wire);
}

static int values_read(const struct yaml_reading *r, const struct node *d,
		       struct endpoint *e)
{
	const struct node *one = node_get(d, SV("value"));
	const struct node *list = node_get(d, SV("values"));
	size_t n = one != NULL ? 1 : node_len(list);
	struct sv *wires = ARENA_ARRAY(r->ctx->mem, struct sv, n + 1);

	for (size_t i = 0; i < n; i++)
		if (!value_wire(r, e->type, one ? one : node_at(list, i),
				&wires[i]))
			return yaml_read_fault(r, d,
					       "invalid value for its type");
	if (n > 0)
		rdata_targets(r->ctx->mem, e, wires, n);
	return 0;
}

static int record_read(const struct yaml_reading *r, struct sv owner,
		       const struct node *d)
{
	const struct node *proxied =
		node_path(d, SV("octodns.cloudflare.proxied"));
	unsigned long long ttl = 0;
	struct endpoint *e;
	struct sv name;
	enum rrtype type;

	if (!typed_name(r->ctx, owner, SV(""), &name))
		return yaml_read_fault(r, d, "invalid name");
	if (!rrtype_parse(node_str(d, SV("type")), &type) ||
	    rows[type].form == TYPED_NONE)
		return yaml_read_fault(r, d, "missing or unknown type");
	if (node_get(d, SV("ttl")) != NULL &&
	    !sv_number(node_str(d, SV("ttl")), MAX_TTL, &ttl))
		return yaml_read_fault(r, d, "invalid ttl");
	e = typed_endpoint(
		r->ctx, (struct loc){ r->file, d->at.line, d->at.col }, name,
		type, (int64_t)ttl, yaml_comment_above(&r->lines, d), r->out);
	if (node_is_true(proxied))
		pairs_put(r->ctx->mem, &e->properties, SV("cloudflare/proxied"),
			  SV("true"));
	return values_read(r, d, e);
}

static int root_read(const struct yaml_reading *r, const struct node *root)
{
	int rc = 0;

	if (root->kind != NODE_MAP)
		return yaml_read_fault(r, root, "expected a map of names");
	for (size_t i = 0; i + 1 < root->items.n; i += 2) {
		struct sv owner = root->items.v[i]->scalar;
		const struct node *of = root->items.v[i + 1];

		if (of->kind == NODE_MAP && record_read(r, owner, of) != 0)
			rc = -1;
		for (size_t k = 0; k < node_len(of); k++)
			if (record_read(r, owner, node_at(of, k)) != 0)
				rc = -1;
	}
	return rc;
}

static int octodns_read(struct output_ctx *ctx, struct sv file, struct sv text,
			struct endpoints *out)
{
	struct yaml_reading r = {
		.ctx = ctx, .format = "octoDNS", .file = file, .out = out
	};

	return yaml_read(&r, text, root_read);
}

const struct output output_octodns = {
	.write = octodns_write,
	.read = octodns_read,
};
