#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/json_text.h"
#include "output/list.h"
#include "output/terraform.h"

enum { TTL_AUTOMATIC = 1 };

/* One reading of one file. */
struct tf_reader {
	struct arena *mem;
	struct diags *d; /* or NULL */
	struct loc at;
	const struct zone *zone;
	struct tf_file *out;
	int rc;
};

static void read_fault(struct tf_reader *r, const char *key, const char *fault)
{
	r->rc = -1;
	if (r->d != NULL)
		(void)diag_error(r->d, DIAG_OUTPUT, r->at,
				 "Terraform resource %s: %s", key, fault);
}

static struct sv text_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? (struct sv){ json_string_value(v),
						json_string_length(v) }
				 : SV("");
}

/* Text, or a number as text: both majors take either. */
static struct sv scalar_of(struct tf_reader *r, const json_t *v)
{
	if (json_is_integer(v))
		return arena_fmt(r->mem, "%lld",
				 (long long)json_integer_value(v));
	if (!json_is_string(v))
		return SV("");
	return template_unescape(r->mem, (struct sv){ json_string_value(v),
						      json_string_length(v) });
}

/* "${var.ip}", "external.${var.domain}"; "$${" is text. */
static bool is_reference(struct sv s)
{
	return s.n > 3 && sv_has(s, SV("${")) && !sv_has(s, SV("$${"));
}

static struct sv bare_reference(struct sv content)
{
	size_t last = content.n - 1;

	return sv_starts(content, SV("${")) && sv_chr(content, '}') == last
		       ? sv_head(sv_from(content, 2), last - 2)
		       : content;
}

/* Zone file text of `data`, the fields in wire order. */
static struct sv data_text(struct tf_reader *r, enum rrtype type,
			   const json_t *record)
{
	const struct tf_attribute *a = tf_types[type].data;
	const json_t *data = json_object_get(record, "data");
	struct sv field[TF_ATTRIBUTES] = { { NULL, 0 } };
	struct buf b = { .mem = r->mem };

	if (tf_types[type].has_priority)
		field[0] = scalar_of(r, json_object_get(record, "priority"));
	for (size_t i = 0; i < TF_ATTRIBUTES && a[i].name != NULL; i++) {
		struct sv v = scalar_of(r, json_object_get(data, a[i].name));

		field[a[i].field] = rdata_kind(type, a[i].field) == RDATA_STRING
					    ? string_text(r->mem, v)
					    : v;
	}
	for (size_t i = 0; i < TF_ATTRIBUTES; i++) {
		if (field[i].n == 0)
			continue;
		buf_add(&b, field[i]);
		buf_char(&b, ' ');
	}
	return sv_trim(buf_sv(&b));
}

static struct sv content_text(struct tf_reader *r, enum rrtype type,
			      const json_t *record)
{
	struct sv content = scalar_of(r, json_object_get(record, "content"));
	struct sv priority = scalar_of(r, json_object_get(record, "priority"));

	if (tf_types[type].data[0].name != NULL)
		return data_text(r, type, record);
	if (!tf_types[type].has_priority)
		return content;
	return arena_fmt(r->mem, SV_FMT " " SV_FMT, SV_ARG(priority),
			 SV_ARG(content));
}

/* "a,b", as the annotation has it. */
static struct sv tags_of(struct tf_reader *r, const json_t *tags)
{
	struct buf b = { .mem = r->mem };
	const json_t *tag;
	size_t i;

	json_array_foreach(tags, i, tag)
	{
		if (i > 0)
			buf_char(&b, ',');
		buf_add(&b, scalar_of(r, tag));
	}
	return buf_sv(&b);
}

/* "app.${var.domain}" as "app.${DOMAIN}", which the writer made it of. */
static struct sv closed_name(struct tf_reader *r, struct sv name)
{
	struct sv tail = sv_from(name, sv_find(name, SV("${")));

	if (r->zone->ref.n == 0 || tail.n != r->zone->ref.n + 3 ||
	    !sv_ends(tail, SV("}")) ||
	    !sv_starts(sv_from(tail, 2), r->zone->ref))
		return name;
	return arena_fmt(r->mem, SV_FMT "${" SV_FMT "}",
			 SV_ARG(sv_head(name, name.n - tail.n)),
			 SV_ARG(dname_variable(r->zone->name)));
}

/* The name that the address encodes, if it is what `name` is short for: with
 * provider 4 the file holds relative names, and nothing else of it may say what
 * they are relative to. */
static struct sv name_of_address(struct tf_reader *r, struct sv key,
				 struct sv name)
{
	struct sv whole = tf_name_decode(r->mem, key);
	struct sv head = sv_head(name, sv_find(name, SV("${")));

	if (head.n < name.n)
		return sv_eq(dname_head(whole), head) &&
				       dname_variable(whole).n > 0
			       ? whole
			       : SV("");
	return sv_starts(whole, name) &&
			       (whole.n == name.n || whole.p[name.n] == '.')
		       ? whole
		       : SV("");
}

static struct sv whole_name(struct tf_reader *r, struct sv key,
			    struct sv written)
{
	struct sv name = closed_name(r, written), zone = r->zone->name;
	struct sv whole = name_of_address(r, key, written);

	if (whole.n > 0 && (zone.n == 0 || dname_in(whole, zone)))
		return whole;
	/* Of another expression: a whole name, and none of this zone. */
	if (dname_in(name, zone) || zone.n == 0 || sv_ends(name, SV("}")))
		return arena_sv(r->mem, name);
	return arena_fmt(r->mem, SV_FMT "." SV_FMT, SV_ARG(name), SV_ARG(zone));
}

/* What an earlier change wrote for the order of its apply. */
static void order_read(struct tf_reader *r, const json_t *o,
		       struct tf_record *record)
{
	const json_t *after =
		json_array_get(json_object_get(o, "depends_on"), 0);
	const json_t *life = json_object_get(o, "lifecycle");

	record->zone_id = arena_sv(r->mem, text_of(o, "zone_id"));
	record->create_first =
		json_is_true(json_object_get(life, "create_before_destroy"));
	if (json_is_string(after))
		record->after = arena_sv(
			r->mem, (struct sv){ json_string_value(after),
					     json_string_length(after) });
}

static void record_read(struct tf_reader *r, const char *resource,
			const char *key, const json_t *o)
{
	struct sv name = text_of(o, "name"), raw = text_of(o, "content");
	struct endpoint as_text = { 0 };
	struct tf_record record = { 0 };

	if (!json_is_object(o) || name.n == 0 ||
	    !rrtype_parse(text_of(o, "type"), &record.type) ||
	    !tf_types[record.type].known) {
		read_fault(r, key, "missing name, or unknown type");
		return;
	}
	as_text.type = record.type;
	record.key = arena_sv(r->mem, sv_of(key));
	record.address = arena_fmt(r->mem, "%s.%s", resource, key);
	record.name = whole_name(r, sv_of(key), name);
	record.ttl = json_integer_value(json_object_get(o, "ttl"));
	record.proxied = json_is_true(json_object_get(o, "proxied"));
	record.comment = arena_sv(r->mem, text_of(o, "//"));
	record.note = scalar_of(r, json_object_get(o, "comment"));
	record.tags = tags_of(r, json_object_get(o, "tags"));
	order_read(r, o, &record);
	if (is_reference(raw) && tf_types[record.type].proxiable) {
		record.content = arena_sv(r->mem, raw);
	} else if (rdata_wire(r->mem, &as_text, content_text(r, record.type, o),
			      &record.wire)) {
		record.content = rdata_text(r->mem, record.type, record.wire);
	} else {
		read_fault(r, key, "invalid data for its type");
		return;
	}
	*VEC_ADD(r->mem, &r->out->records) = record;
}

static void moves_read(struct tf_reader *r, const json_t *moved)
{
	const json_t *move;
	size_t i;

	json_array_foreach(moved, i, move)
	{
		struct tf_move m = { arena_sv(r->mem, text_of(move, "from")),
				     arena_sv(r->mem, text_of(move, "to")),
				     false };

		if (m.from.n > 0 && m.to.n > 0)
			*VEC_ADD(r->mem, &r->out->moves) = m;
	}
}

static void root_read(struct tf_reader *r, json_t *root)
{
	json_t *resources = json_object_get(root, "resource"), *records, *o;
	const char *type, *key;

	json_object_foreach(resources, type, records)
	{
		if (tf_provider_of_resource(type) == NULL) {
			read_fault(r, type, "not ours");
			continue;
		}
		json_object_foreach(records, key, o)
		{
			record_read(r, type, key, o);
		}
	}
	moves_read(r, json_object_get(root, "moved"));
}

int tf_file_read(struct arena *mem, struct diags *d, struct loc at,
		 struct sv text, const struct zone *zone, struct tf_file *out)
{
	struct tf_reader r = { mem, d, at, zone, out, 0 };
	json_error_t e;
	json_t *root = json_loadb(text.n > 0 ? text.p : "", text.n,
				  JSON_REJECT_DUPLICATES, &e);

	if (root == NULL) {
		r.at.line = e.line > 0 ? (uint32_t)e.line : 0;
		r.at.col = e.column > 0 ? (uint32_t)e.column : 1;
		return d == NULL ? -1
				 : diag_error(d, DIAG_OUTPUT, r.at,
					      "Terraform file is not JSON: %s",
					      e.text);
	}
	root_read(&r, root);
	json_decref(root);
	return r.rc;
}

static int set_cmp(const void *a, const void *b)
{
	const struct tf_record *x = a, *y = b;
	int c = sv_cmp(x->name, y->name);

	if (c == 0)
		c = strcmp(rrtype_name(x->type), rrtype_name(y->type));
	return c != 0 ? c : sv_cmp(x->content, y->content);
}

static struct endpoint *endpoint_new(struct output_ctx *ctx, struct sv file,
				     const struct tf_record *r,
				     struct endpoints *out)
{
	struct endpoint *e = endpoints_add(ctx->mem, out);
	struct provenance *p = VEC_ADD(ctx->mem, &e->from);

	e->name = arena_sv(ctx->mem, r->name);
	e->type = r->type;
	e->ttl = r->ttl > TTL_AUTOMATIC ? r->ttl : 0;
	if (r->type == RR_A || r->type == RR_AAAA || r->type == RR_CNAME)
		pairs_put(ctx->mem, &e->properties, SV("cloudflare/proxied"),
			  r->proxied ? SV("true") : SV("false"));
	if (r->note.n > 0)
		pairs_put(ctx->mem, &e->properties,
			  SV("cloudflare/record-comment"),
			  arena_sv(ctx->mem, r->note));
	if (r->tags.n > 0)
		pairs_put(ctx->mem, &e->properties, SV("cloudflare/tags"),
			  arena_sv(ctx->mem, r->tags));
	p->at.file = file;
	p->name_rule = "output";
	p->kind = SV("output");
	p->name = arena_sv(ctx->mem, r->key);
	provenance_of_comment(arena_sv(ctx->mem, r->comment), p);
	return e;
}

/* The RRset of `n` records that starts at `r`. */
static void set_read(struct output_ctx *ctx, struct sv file,
		     const struct tf_record *r, size_t n, struct endpoints *out)
{
	struct sv *wires = ARENA_ARRAY(ctx->mem, struct sv, n);
	struct endpoint *e = endpoint_new(ctx, file, r, out);
	size_t data = 0;

	for (size_t i = 0; i < n; i++) {
		if (r[i].wire.n > 0)
			wires[data++] = r[i].wire;
		else
			reference_add(ctx->mem, &e->ref,
				      bare_reference(r[i].content));
	}
	if (data > 0)
		rdata_targets(ctx->mem, e, wires, data);
}

static void endpoints_fill(struct output_ctx *ctx, struct sv file,
			   struct tf_file *f, struct endpoints *out)
{
	size_t end;

	if (f->records.n > 1)
		qsort(f->records.v, f->records.n, sizeof(f->records.v[0]),
		      set_cmp);
	for (size_t i = 0; i < f->records.n; i = end) {
		const struct tf_record *r = &f->records.v[i];

		for (end = i + 1; end < f->records.n; end++)
			if (f->records.v[end].type != r->type ||
			    !sv_eq(f->records.v[end].name, r->name))
				break;
		set_read(ctx, file, r, end - i, out);
	}
	endpoints_sort(out);
}

int tf_read(struct output_ctx *ctx, struct sv file, struct sv text,
	    struct endpoints *out)
{
	struct arena *own = arena_under(ctx->mem);
	struct loc at = { file, 0, 0 };
	struct tf_file f = { 0 };
	int rc = tf_file_read(own, ctx->diags, at, output_readable(ctx, text),
			      ctx->zone, &f);

	if (rc == 0)
		endpoints_fill(ctx, file, &f, out);
	arena_free(own);
	return rc;
}

/* "retake_fr__internal" of the data source: the zone and its view. */
static struct sv key_of_source(struct arena *mem, json_t *sources)
{
	struct sv key = sv_of(json_object_iter_key(json_object_iter(sources)));
	struct sv name = tf_name_decode(mem, key), view;

	view = sv_from(key, sv_find(key, SV("__")) + 2);
	if (view.n == 0 || name.n == 0)
		return name;
	return arena_fmt(mem, SV_FMT "@" SV_FMT, SV_ARG(name),
			 SV_ARG(tf_name_decode(mem, view)));
}

/* What a relative name is relative to, if its address says it. */
static struct sv zone_of_record(struct arena *mem, const char *key,
				const json_t *record)
{
	struct sv whole = tf_name_decode(mem, sv_of(key));
	struct sv name = text_of(record, "name");

	return sv_starts(whole, name) && name.n > 0 && whole.n > name.n &&
			       whole.p[name.n] == '.'
		       ? sv_from(whole, name.n + 1)
		       : SV("");
}

static struct sv zone_of_records(struct arena *mem, json_t *resources)
{
	struct sv zone = SV("");
	const char *type, *key;
	json_t *records, *o;

	json_object_foreach(resources, type, records)
	{
		json_object_foreach(records, key, o)
		{
			zone = zone_of_record(mem, key, o);
			if (zone.n > 0)
				return zone;
		}
	}
	return zone;
}

struct sv tf_zone_key(struct arena *mem, struct sv text)
{
	json_t *root = json_loadb(text.n > 0 ? text.p : "", text.n,
				  JSON_REJECT_DUPLICATES, NULL);
	struct sv zone = key_of_source(
		mem, json_object_get(json_object_get(root, "data"),
				     "cloudflare_zone"));

	if (zone.n == 0)
		zone = zone_of_records(mem, json_object_get(root, "resource"));
	zone = arena_sv(mem, zone);
	json_decref(root);
	return zone;
}
