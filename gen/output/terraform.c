#include <stdlib.h>

#include "base/map.h"
#include "base/path.h"
#include "output/json_text.h"
#include "output/list.h"
#include "output/serial.h"
#include "output/terraform_moves.h"

enum {
	/* What Cloudflare's API takes; 30 is for Enterprise zones. */
	TTL_AUTOMATIC = 1,
	TTL_LEAST = 30,
	TTL_USUAL = 60,
	TTL_MOST = 86400,

	/* Characters of a TXT's content. */
	TXT_MOST = 2048,

	/* Bytes of a comment: free and paid zones. */
	COMMENT_FREE = 100,
	COMMENT_PAID = 500,

	KEY_DIGITS = 8,
	KEY_DIGITS_ALL = 40,
};

static const struct tf_provider providers[] = {
	{ "cloudflare@4", "cloudflare_record", false, false, false, false },
	{ "cloudflare@5", "cloudflare_dns_record", true, true, true, true },
};
enum { PROVIDERS = sizeof(providers) / sizeof(providers[0]) };

#define SVCB_DATA                                                              \
 .data = { { "priority", 0, false },                                           \
	   { "target", 1, false },                                             \
	   { "value", 2, false } }

const struct tf_type tf_types[RR_COUNT] = {
	[RR_A] = { .known = true, .proxiable = true },
	[RR_AAAA] = { .known = true, .proxiable = true },
	[RR_CAA] = { .known = true,
		     .data = { { "flags", 0, true },
			       { "tag", 1, false },
			       { "value", 2, false } } },
	[RR_CNAME] = { .known = true, .proxiable = true },
	[RR_DS] = { .known = true,
		    .data = { { "algorithm", 1, false },
			      { "digest", 3, false },
			      { "digest_type", 2, false },
			      { "key_tag", 0, false } } },
	[RR_HTTPS] = { .known = true, SVCB_DATA },
	[RR_MX] = { .known = true, .has_priority = true },
	[RR_NAPTR] = { .known = true,
		       .data = { { "flags", 2, false },
				 { "order", 0, false },
				 { "preference", 1, false },
				 { "regex", 4, false },
				 { "replacement", 5, false },
				 { "service", 3, false } } },
	[RR_NS] = { .known = true },
	[RR_PTR] = { .known = true },
	[RR_SRV] = { .known = true,
		     .has_priority = true,
		     .data = { { "port", 2, false },
			       { "priority", 0, false },
			       { "target", 3, false },
			       { "weight", 1, false } } },
	[RR_SSHFP] = { .known = true,
		       .data = { { "algorithm", 0, false },
				 { "fingerprint", 2, false },
				 { "type", 1, false } } },
	[RR_SVCB] = { .known = true, SVCB_DATA },
	[RR_TLSA] = { .known = true,
		      .data = { { "certificate", 3, false },
				{ "matching_type", 2, false },
				{ "selector", 1, false },
				{ "usage", 0, false } } },
	[RR_TXT] = { .known = true },
	[RR_URI] = { .known = true,
		     .has_priority = true,
		     .data = { { "target", 2, false },
			       { "weight", 1, false } } },
};

const struct tf_provider *tf_provider_find(struct sv name)
{
	if (name.n == 0)
		return &providers[PROVIDERS - 1];
	for (size_t i = 0; i < PROVIDERS; i++)
		if (sv_eq(name, sv_of(providers[i].name)))
			return &providers[i];
	return NULL;
}

const struct tf_provider *tf_provider_of_resource(const char *resource)
{
	for (size_t i = 0; i < PROVIDERS; i++)
		if (strcmp(resource, providers[i].resource) == 0)
			return &providers[i];
	return NULL;
}

/* One writing of one file. */
struct tf_write {
	struct output_ctx *ctx;
	const struct tf_provider *provider;
	struct sv zone_id; /* "": the zone is looked up by its name */
	struct tf_file file;
	bool has_parent;	 /* a zone above it is in the same module */
	struct strings children; /* zones below it that are */
	bool pruned;		 /* write nothing that older changes needed */
	int rc;
};

static void record_fault(struct tf_write *w, const struct endpoint *e,
			 enum diag_code code, const char *fault)
{
	w->rc = diag_error(w->ctx->diags, code, endpoint_at(e),
			   "record " SV_FMT " %s: %s", SV_ARG(e->name),
			   rrtype_name(e->type), fault);
}

static void record_warning(struct tf_write *w, const struct endpoint *e,
			   enum diag_code code, const char *what)
{
	diag_warn(w->ctx->diags, code, endpoint_at(e),
		  "record " SV_FMT " %s: %s", SV_ARG(e->name),
		  rrtype_name(e->type), what);
}

/* "cloudflare/proxied", or "<prefix>/cloudflare-proxied" of a DNSEndpoint. */
static const struct sv *property(struct tf_write *w, const struct endpoint *e,
				 const char *name)
{
	struct sv own = arena_fmt(w->ctx->mem, "cloudflare/%s", name);
	struct sv tail = arena_fmt(w->ctx->mem, "/cloudflare-%s", name);
	const struct sv *hit = pairs_get(&e->properties, own);

	for (size_t i = 0; i < e->properties.list.n && hit == NULL; i++)
		if (sv_ends(e->properties.list.v[i].name, tail))
			hit = &e->properties.list.v[i].value;
	return hit;
}

/* Defaults of who asked for the record; a hand-kept one has none. */
static const struct options *options_of(const struct endpoint *e)
{
	return e->publisher != NULL ? &e->publisher->opt : NULL;
}

static bool is_proxied(struct tf_write *w, const struct endpoint *e)
{
	const struct sv *given = property(w, e, "proxied");
	const struct options *o = options_of(e);
	bool on;

	if (!tf_types[e->type].proxiable)
		return false;
	if (given != NULL && sv_bool(*given, &on))
		return on;
	if (given != NULL)
		record_warning(w, e, DIAG_ANNOTATION,
			       "invalid cloudflare-proxied: expected true or "
			       "false; the default is used");
	return o != NULL && o->cloudflare_proxied;
}

static int64_t ttl_of(struct tf_write *w, const struct endpoint *e,
		      bool proxied)
{
	if (proxied || e->ttl <= TTL_AUTOMATIC)
		return TTL_AUTOMATIC;
	if (e->ttl < TTL_LEAST || e->ttl > TTL_MOST)
		record_fault(w, e, DIAG_TTL,
			     "Cloudflare only accepts a TTL of 60 to 86400 "
			     "seconds (30 in Enterprise zones), or none");
	else if (e->ttl < TTL_USUAL)
		record_warning(w, e, DIAG_TTL,
			       "only Enterprise zones accept a TTL below 60");
	return e->ttl;
}

/* The one place where a zone has a Terraform name. */
static struct sv zone_key(struct tf_write *w)
{
	struct buf b = { .mem = w->ctx->mem };

	tf_name_encode(&b, w->ctx->zone->name);
	if (w->ctx->zone->view.n > 0) {
		buf_add(&b, SV("__"));
		tf_name_encode(&b, w->ctx->zone->view);
	}
	return buf_sv(&b);
}

/* Zones whose records are in this module: a parent and its child may have
 * records of one name, at the cut and below it. */
static void neighbours_find(struct tf_write *w)
{
	const struct config *c = w->ctx->config;
	struct sv own = w->ctx->spec->file, name = w->ctx->zone->name;

	for (size_t i = 0; c != NULL && own.n > 0 && i < c->zones.n; i++) {
		const struct zone *z = &c->zones.v[i];

		if (sv_eq(z->name, name))
			continue;
		for (size_t k = 0; k < z->outputs.n; k++) {
			const struct output_spec *o = &z->outputs.v[k];

			if (!output_format(o)->folder_is_module ||
			    !sv_eq(path_folder(o->file), path_folder(own)))
				continue;
			w->has_parent |= dname_in(name, z->name);
			if (dname_in(z->name, name))
				*VEC_ADD(w->ctx->mem, &w->children.list) =
					z->name;
		}
	}
}

/* Its address says its zone: the child's own name servers, and what the parent
 * holds of the child's names but for the delegation itself. */
static bool is_shared(const struct tf_write *w, const struct tf_record *r)
{
	if (w->has_parent && r->type == RR_NS &&
	    sv_eq(r->name, w->ctx->zone->name))
		return true;
	for (size_t i = 0; i < w->children.list.n; i++) {
		struct sv cut = w->children.list.v[i];

		if (dname_in(r->name, cut) &&
		    (!sv_eq(r->name, cut) ||
		     (r->type != RR_NS && r->type != RR_DS)))
			return true;
	}
	return false;
}

/* enc(name), enc(name)__type, or enc(name)__type__hash.  It must never change
 * between releases: another key is another resource. */
static struct sv key_of(struct tf_write *w, const struct tf_record *r,
			size_t values, size_t digits)
{
	struct arena *mem = w->ctx->mem;
	struct buf b = { .mem = mem };
	struct sv type = arena_lower(mem, sv_of(rrtype_name(r->type)));

	tf_name_encode(&b, r->name);
	if (values > 1 || (r->type != RR_A && r->type != RR_CNAME))
		buf_fmt(&b, "__" SV_FMT, SV_ARG(type));
	if (values > 1)
		buf_fmt(&b, "__" SV_FMT,
			SV_ARG(digest_hex(mem, r->content, digits)));
	if (is_shared(w, r))
		buf_fmt(&b, "__zone__" SV_FMT, SV_ARG(zone_key(w)));
	return buf_sv(&b);
}

static struct tf_record *record_new(struct tf_write *w,
				    const struct endpoint *e)
{
	struct arena *mem = w->ctx->mem;
	struct tf_record *r = VEC_ADD(mem, &w->file.records);

	r->e = e;
	r->name = e->name;
	r->type = e->type;
	r->proxied = is_proxied(w, e);
	r->ttl = ttl_of(w, e, r->proxied);
	if (!sv_eq(w->ctx->spec->comments, SV("none")))
		r->comment = output_comment(mem, e);
	return r;
}

static void target_add(struct tf_write *w, const struct endpoint *e,
		       struct sv target)
{
	struct tf_record *r;
	struct rdata split;
	struct sv wire;

	if (!rdata_wire(w->ctx->mem, e, target, &wire) ||
	    !rdata_split(w->ctx->mem, e->type, wire, &split)) {
		w->rc = output_target_fault(w->ctx, e, target);
		return;
	}
	r = record_new(w, e);
	r->wire = wire;
	r->content = rdata_text(w->ctx->mem, e->type, wire);
	if (e->type == RR_TXT && r->content.n > TXT_MOST)
		record_warning(
			w, e, DIAG_TARGET,
			"Cloudflare accepts at most 2048 characters in a TXT");
}

static void reference_write(struct tf_write *w, const struct endpoint *e,
			    struct sv text)
{
	struct sv content;

	if (reference_content(w->ctx->mem, text, &content))
		record_new(w, e)->content = content;
	else
		record_fault(w, e, DIAG_TARGET,
			     "invalid Terraform expression: expected a "
			     "reference such as var.X, local.X or data.T.X.Y");
}

/* The first of "var.a, var.b", which then begins with the second. */
static struct sv reference_next(struct sv *rest)
{
	size_t end = sv_find(*rest, SV(", "));
	struct sv first = sv_head(*rest, end);

	*rest = sv_from(*rest, end < rest->n ? end + 2 : end);
	return first;
}

static void endpoint_add(struct tf_write *w, const struct endpoint *e)
{
	if (!tf_types[e->type].known) {
		record_fault(w, e, DIAG_TARGET,
			     "type not supported by Cloudflare or zoneloom");
		return;
	}
	if (sv_chr(e->name, '\\') < e->name.n) {
		record_fault(w, e, DIAG_DNAME,
			     "Cloudflare accepts no escaped byte in a name");
		return;
	}
	if (e->ref.n > 0 && !tf_types[e->type].proxiable) {
		record_fault(w, e, DIAG_TARGET,
			     "only A, AAAA and CNAME can have a Terraform "
			     "expression as target");
		return;
	}
	for (struct sv rest = e->ref; rest.n > 0;)
		reference_write(w, e, reference_next(&rest));
	for (size_t i = 0; i < e->targets.n; i++)
		target_add(w, e, e->targets.v[i]);
}

static int content_cmp(const void *a, const void *b)
{
	const struct tf_record *x = a, *y = b;
	int c = sv_cmp(x->name, y->name);

	if (c == 0)
		c = strcmp(rrtype_name(x->type), rrtype_name(y->type));
	if (c == 0)
		c = sv_cmp(x->content, y->content);
	return c != 0 ? c : sv_cmp(x->comment, y->comment);
}

static int key_cmp(const void *a, const void *b)
{
	const struct tf_record *x = a, *y = b;

	return sv_cmp(x->key, y->key);
}

static bool same_set(const struct tf_record *a, const struct tf_record *b)
{
	return a->type == b->type && sv_eq(a->name, b->name);
}

/* By name, type and content, each record once. */
static void records_unique(struct tf_file *f)
{
	size_t kept = 0;

	if (f->records.n == 0)
		return;
	qsort(f->records.v, f->records.n, sizeof(f->records.v[0]), content_cmp);
	for (size_t i = 1; i < f->records.n; i++) {
		struct tf_record *last = &f->records.v[kept];

		if (!same_set(last, &f->records.v[i]) ||
		    !sv_eq(last->content, f->records.v[i].content))
			f->records.v[++kept] = f->records.v[i];
	}
	f->records.n = kept + 1;
}

/* Keys of one RRset; two equal hashes are told apart by their other digits. */
static void set_keys(struct tf_write *w, struct tf_record *r, size_t n)
{
	size_t digits = KEY_DIGITS;

	for (size_t i = 0; i < n; i++)
		r[i].key = key_of(w, &r[i], n, digits);
	for (size_t i = 0; i < n && digits == KEY_DIGITS; i++)
		for (size_t k = 0; k < i; k++)
			if (sv_eq(r[i].key, r[k].key))
				digits = KEY_DIGITS_ALL;
	for (size_t i = 0; i < n; i++) {
		if (digits != KEY_DIGITS)
			r[i].key = key_of(w, &r[i], n, digits);
		r[i].address =
			arena_fmt(w->ctx->mem, "%s." SV_FMT,
				  w->provider->resource, SV_ARG(r[i].key));
	}
}

static void keys_set(struct tf_write *w)
{
	struct tf_file *f = &w->file;
	size_t end;

	records_unique(f);
	for (size_t i = 0; i < f->records.n; i = end) {
		for (end = i + 1; end < f->records.n; end++)
			if (!same_set(&f->records.v[i], &f->records.v[end]))
				break;
		set_keys(w, &f->records.v[i], end - i);
	}
	if (f->records.n > 1)
		qsort(f->records.v, f->records.n, sizeof(f->records.v[0]),
		      key_cmp);
}

/* What stands in JSON of one record. */
static void content_write(struct tf_write *w, struct json_text *j,
			  const struct tf_record *r)
{
	struct arena *mem = w->ctx->mem;
	struct rdata data;
	struct sv content = r->content;

	if (r->wire.n > 0 && rdata_split(mem, r->type, r->wire, &data) &&
	    data.fields.n > 0 &&
	    data.fields.v[data.fields.n - 1].kind == RDATA_NAME)
		content = data.fields.v[data.fields.n - 1].bytes;
	if (r->wire.n > 0)
		content = template_escape(mem, content);
	json_text_add(j, SV("content"), content);
}

/* The field as an attribute; a SVCB without parameters ends before them. */
static struct sv field_text(struct arena *mem, const struct rdata *data,
			    unsigned field)
{
	const struct rdata_field *f = data->fields.v + field;

	if (field >= data->fields.n)
		return SV("");
	if (f->kind == RDATA_HEX)
		return f->text;
	return template_escape(mem,
			       f->kind == RDATA_PARAMS ? f->text : f->bytes);
}

static void data_write(struct tf_write *w, struct json_text *j,
		       const struct tf_record *r)
{
	const struct tf_attribute *a = tf_types[r->type].data;
	struct arena *mem = w->ctx->mem;
	struct rdata data;

	if (!rdata_split(mem, r->type, r->wire, &data))
		return;
	json_open(j, SV("data"), '{');
	for (size_t i = 0; i < TF_ATTRIBUTES && a[i].name != NULL; i++) {
		struct sv key = sv_of(a[i].name);

		if (rdata_kind(r->type, a[i].field) != RDATA_NUMBER)
			json_text_add(j, key,
				      field_text(mem, &data, a[i].field));
		else if (a[i].text)
			json_text_add(j, key,
				      arena_fmt(mem, "%lu",
						(unsigned long)data.fields
							.v[a[i].field]
							.number));
		else
			json_number_add(j, key,
					data.fields.v[a[i].field].number);
	}
	json_close(j, '}');
}

static void priority_write(struct tf_write *w, struct json_text *j,
			   const struct tf_record *r)
{
	struct rdata data;

	if (!tf_types[r->type].has_priority ||
	    (r->type == RR_SRV && !w->provider->srv_priority) ||
	    !rdata_split(w->ctx->mem, r->type, r->wire, &data))
		return;
	json_number_add(j, SV("priority"), data.fields.v[0].number);
}

static void comment_write(struct tf_write *w, struct json_text *j,
			  const struct endpoint *e)
{
	const struct sv *given = property(w, e, "record-comment");
	const struct options *o = options_of(e);
	struct sv text = given != NULL ? *given
			 : o != NULL   ? o->cloudflare_record_comment
				       : SV("");

	if (text.n == 0)
		return;
	if (text.n > COMMENT_PAID)
		record_fault(w, e, DIAG_ANNOTATION,
			     "Cloudflare accepts a comment of at most 500 "
			     "bytes (100 in free zones)");
	else if (text.n > COMMENT_FREE)
		record_warning(
			w, e, DIAG_ANNOTATION,
			"free zones accept a comment of at most 100 bytes");
	json_text_add(j, SV("comment"), template_escape(w->ctx->mem, text));
}

static void tags_write(struct tf_write *w, struct json_text *j,
		       const struct endpoint *e)
{
	const struct sv *given = property(w, e, "tags");
	struct strings tags = { 0 };
	struct sv rest = given != NULL ? *given : SV(""), tag;

	while (sv_cut(&rest, ',', &tag))
		if (sv_trim(tag).n > 0)
			*VEC_ADD(w->ctx->mem, &tags.list) = sv_trim(tag);
	if (tags.list.n == 0)
		return;
	qsort(tags.list.v, tags.list.n, sizeof(struct sv), sv_qcmp);
	json_open(j, SV("tags"), '[');
	for (size_t i = 0; i < tags.list.n; i++)
		if (i == 0 || !sv_eq(tags.list.v[i], tags.list.v[i - 1]))
			json_text_add(
				j, SV(""),
				template_escape(w->ctx->mem, tags.list.v[i]));
	json_close(j, ']');
}

/* "app.${DOMAIN}" as "app.${var.domain}": the one place of a name where text
 * reaches Terraform as an expression, and it is that of the configuration.  A
 * name may be kept from an edited output, whatever it holds. */
static struct sv referring(struct tf_write *w, struct sv name)
{
	struct sv ref = w->ctx->zone->ref;

	if (ref.n == 0 || dname_variable(name).n == 0)
		return template_escape(w->ctx->mem, name);
	return arena_fmt(w->ctx->mem, SV_FMT "${" SV_FMT "}",
			 SV_ARG(template_escape(w->ctx->mem, dname_head(name))),
			 SV_ARG(ref));
}

static struct sv provider_name(struct tf_write *w, struct sv name)
{
	struct sv zone = w->ctx->zone->name, relative;

	if (w->provider->whole_names || name.n <= zone.n + 1 ||
	    !dname_in(name, zone))
		return name;
	relative = sv_head(name, name.n - zone.n - 1);
	/* www.example.com.example.com: the API would take the relative name
	 * for a whole one. */
	return dname_in(relative, zone) ? name : relative;
}

static struct sv zone_id(struct tf_write *w)
{
	if (w->zone_id.n > 0)
		return w->zone_id;
	return arena_fmt(w->ctx->mem,
			 "${data.cloudflare_zone." SV_FMT ".zone_id}",
			 SV_ARG(zone_key(w)));
}

static bool is_ordered(const struct tf_write *w, const struct tf_record *r)
{
	return !w->pruned || !r->carried;
}

static void after_write(struct tf_write *w, struct json_text *j,
			const struct tf_record *r)
{
	if (r->after.n == 0 || !is_ordered(w, r))
		return;
	json_open(j, SV("depends_on"), '[');
	json_text_add(j, SV(""), r->after);
	json_close(j, ']');
}

static void lifecycle_write(struct tf_write *w, struct json_text *j,
			    const struct tf_record *r)
{
	if (!r->create_first || !is_ordered(w, r))
		return;
	json_open(j, SV("lifecycle"), '{');
	json_bool_add(j, SV("create_before_destroy"), true);
	json_close(j, '}');
}

static void record_write(struct tf_write *w, struct json_text *j,
			 const struct tf_record *r, struct sv id)
{
	const struct tf_type *t = &tf_types[r->type];

	json_open(j, r->key, '{');
	if (r->comment.n > 0)
		json_text_add(j, SV("//"), r->comment);
	comment_write(w, j, r->e);
	if (t->data[0].name != NULL)
		data_write(w, j, r);
	else
		content_write(w, j, r);
	after_write(w, j, r);
	lifecycle_write(w, j, r);
	json_text_add(j, SV("name"), referring(w, provider_name(w, r->name)));
	priority_write(w, j, r);
	if (t->proxiable)
		json_bool_add(j, SV("proxied"), r->proxied);
	tags_write(w, j, r->e);
	json_number_add(j, SV("ttl"), r->ttl);
	json_text_add(j, SV("type"), sv_of(rrtype_name(r->type)));
	json_text_add(j, SV("zone_id"), id);
	json_close(j, '}');
}

static void zone_write(struct tf_write *w, struct json_text *j)
{
	json_open(j, SV("data"), '{');
	json_open(j, SV("cloudflare_zone"), '{');
	json_open(j, zone_key(w), '{');
	if (w->provider->zone_filter)
		json_open(j, SV("filter"), '{');
	json_text_add(j, SV("name"), referring(w, w->ctx->zone->name));
	if (w->provider->zone_filter)
		json_close(j, '}');
	json_close(j, '}');
	json_close(j, '}');
	json_close(j, '}');
}

static bool has_moves(const struct tf_write *w)
{
	for (size_t i = 0; i < w->file.moves.n; i++)
		if (!w->pruned || !w->file.moves.v[i].kept)
			return true;
	return false;
}

static void moves_write(struct tf_write *w, struct json_text *j)
{
	json_open(j, SV("moved"), '[');
	for (size_t i = 0; i < w->file.moves.n; i++) {
		if (w->pruned && w->file.moves.v[i].kept)
			continue;
		json_open(j, SV(""), '{');
		json_text_add(j, SV("from"), w->file.moves.v[i].from);
		json_text_add(j, SV("to"), w->file.moves.v[i].to);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Terraform refuses an empty "resource" or "data". */
static struct sv file_write(struct tf_write *w)
{
	struct json_text j = { .b = { .mem = w->ctx->mem } };
	struct sv id = zone_id(w);

	json_open(&j, SV(""), '{');
	json_text_add(&j, SV("//"), output_header(w->ctx));
	if (w->file.records.n > 0 && w->zone_id.n == 0)
		zone_write(w, &j);
	if (has_moves(w))
		moves_write(w, &j);
	if (w->file.records.n > 0) {
		json_open(&j, SV("resource"), '{');
		json_open(&j, sv_of(w->provider->resource), '{');
		for (size_t i = 0; i < w->file.records.n; i++)
			record_write(w, &j, &w->file.records.v[i], id);
		json_close(&j, '}');
		json_close(&j, '}');
	}
	json_close(&j, '}');
	return buf_sv(&j.b);
}

/* Why two outputs cannot be one Terraform module, or NULL. */
static const char *clash(const struct tf_write *w, const struct zone *zone,
			 const struct output_spec *other)
{
	const struct output_spec *own = w->ctx->spec;

	if (other == own || !output_format(other)->folder_is_module ||
	    !sv_eq(path_folder(other->file), path_folder(own->file)))
		return NULL;
	if (sv_eq(zone->name, w->ctx->zone->name))
		return "would have the same addresses";
	if (tf_provider_find(other->provider) != w->provider)
		return "would need two versions of one provider";
	return NULL;
}

/* All files of a folder are one module. */
static int module_check(struct tf_write *w)
{
	const struct config *c = w->ctx->config;
	const char *why;

	/* What is only printed lies in no folder. */
	if (w->ctx->spec->file.n == 0)
		return 0;
	for (size_t i = 0; c != NULL && i < c->zones.n; i++) {
		const struct zone *z = &c->zones.v[i];

		for (size_t k = 0; k < z->outputs.n; k++) {
			why = clash(w, z, &z->outputs.v[k]);
			if (why == NULL)
				continue;
			(void)diag_error(
				w->ctx->diags, DIAG_CONFIG, w->ctx->spec->at,
				"file " SV_FMT
				": its records and those of " SV_FMT
				" %s in one folder; use a folder for each",
				SV_ARG(w->ctx->spec->file),
				SV_ARG(z->outputs.v[k].file), why);
			diag_related(w->ctx->diags, z->outputs.v[k].at);
			return -1;
		}
	}
	return 0;
}

static int spec_check(struct tf_write *w)
{
	const struct output_spec *spec = w->ctx->spec;

	w->provider = tf_provider_find(spec->provider);
	if (w->provider == NULL)
		return diag_error(w->ctx->diags, DIAG_CONFIG, spec->at,
				  "unknown provider \"" SV_FMT
				  "\": expected cloudflare@5 or cloudflare@4",
				  SV_ARG(spec->provider));
	if (spec->zone_id.n > 0 &&
	    !zone_id_parse(w->ctx->mem, spec->zone_id, &w->zone_id))
		return diag_error(w->ctx->diags, DIAG_CONFIG, spec->at,
				  "invalid zone-id \"" SV_FMT
				  "\": expected 32 hexadecimal digits or a "
				  "reference such as ${var.zone_id}",
				  SV_ARG(spec->zone_id));
	return module_check(w);
}

/* What was published, as far as it can be read. */
static void old_add(struct tf_write *w, struct tf_change *c,
		    const struct zone *zone, struct sv zone_key, struct sv text)
{
	struct output_ctx *ctx = w->ctx;
	struct zone unknown = { .name = sv_head(zone_key,
						sv_chr(zone_key, '@')) };
	struct tf_file *old;

	if (text.n == 0)
		return;
	old = ARENA_NEW(ctx->mem, struct tf_file);
	old->zone_key = zone != NULL ? zone->key : zone_key;
	if (tf_file_read(ctx->mem, NULL, output_place(ctx), text,
			 zone != NULL ? zone : &unknown, old) != 0)
		return;
	for (size_t i = 0; i < old->records.n; i++)
		old->records.v[i].zone_key = old->zone_key;
	*VEC_ADD(ctx->mem, &c->olds) = old;
}

/* Compared with what was committed, so that a second run before the commit
 * writes the same; without git, with the file itself. */
static void olds_add(struct tf_write *w, struct tf_change *c)
{
	const struct output_module *m = w->ctx->module;
	const struct zone *zone = w->ctx->zone;

	for (size_t i = 0; m != NULL && i < m->pasts.n; i++)
		old_add(w, c, m->pasts.v[i].zone, m->pasts.v[i].zone_key,
			m->pasts.v[i].text);
	for (size_t i = 0; c->olds.n == 0 && i < w->ctx->bases.n; i++)
		old_add(w, c, zone, zone->key, w->ctx->bases.v[i]);
	if (c->olds.n == 0)
		old_add(w, c, zone, zone->key, w->ctx->previous);
}

static int records_make(struct tf_write *w, const struct endpoints *records)
{
	if (spec_check(w) != 0)
		return -1;
	neighbours_find(w);
	for (size_t i = 0; i < records->list.n; i++)
		endpoint_add(w, &records->list.v[i]);
	keys_set(w);
	w->file.zone_key = w->ctx->zone->key;
	for (size_t i = 0; i < w->file.records.n; i++) {
		w->file.records.v[i].zone_key = w->file.zone_key;
		w->file.records.v[i].zone_id = zone_id(w);
	}
	return 0;
}

/* All files of a folder, compared once with all that stood there. */
struct tf_folder {
	VEC(const struct output_spec *) specs;
	struct tf_change change;
};

static struct tf_folder *folder_make(struct tf_write *w)
{
	const struct output_module *m = w->ctx->module;
	struct tf_folder *f = ARENA_NEW(m->mem, struct tf_folder);
	struct diags ignored = { .mem = m->mem };
	struct output_ctx ctx = *w->ctx;
	struct tf_write *side;

	ctx.mem = m->mem;
	ctx.diags = &ignored;
	for (size_t i = 0; i < m->mates.n; i++) {
		struct output_ctx *own = ARENA_NEW(m->mem, struct output_ctx);

		*own = ctx;
		own->zone = m->mates.v[i].zone;
		own->spec = m->mates.v[i].spec;
		side = ARENA_NEW(m->mem, struct tf_write);
		side->ctx = own;
		if (records_make(side, m->mates.v[i].records) != 0)
			continue;
		*VEC_ADD(m->mem, &f->specs) = own->spec;
		*VEC_ADD(m->mem, &f->change.news) = &side->file;
		f->change.provider = side->provider;
	}
	side = ARENA_NEW(m->mem, struct tf_write);
	*side = *w;
	side->ctx = &ctx;
	olds_add(side, &f->change);
	tf_moves_set(m->mem, &f->change);
	return f;
}

/* What the comparison of the whole folder says of this file. */
static void take_from_folder(struct tf_write *w, const struct tf_folder *f)
{
	struct map index = { .mem = w->ctx->mem };
	const struct tf_file *own = NULL;

	for (size_t i = 0; i < f->specs.n; i++)
		if (f->specs.v[i] == w->ctx->spec)
			own = f->change.news.v[i];
	if (own == NULL)
		return;
	for (size_t i = 0; i < own->records.n; i++)
		map_put(&index, own->records.v[i].key, &own->records.v[i]);
	for (size_t i = 0; i < w->file.records.n; i++) {
		struct tf_record *r = &w->file.records.v[i];
		const struct tf_record *from = map_get(&index, r->key);

		if (from == NULL)
			continue;
		r->after = from->after;
		r->create_first = from->create_first;
		r->carried = from->carried;
		r->unordered = from->unordered;
	}
	for (size_t i = 0; i < own->moves.n; i++)
		*VEC_ADD(w->ctx->mem, &w->file.moves) = own->moves.v[i];
}

static void moves_set(struct tf_write *w)
{
	struct output_module *m = w->ctx->module;
	struct tf_change c = { .provider = w->provider };

	if (m != NULL && m->mates.n > 1) {
		if (m->cache == NULL)
			m->cache = folder_make(w);
		take_from_folder(w, m->cache);
		return;
	}
	olds_add(w, &c);
	*VEC_ADD(w->ctx->mem, &c.news) = &w->file;
	tf_moves_set(w->ctx->mem, &c);
}

/* Provider 4 tries again for half a minute; 5 does not. */
static void order_warn(struct tf_write *w)
{
	for (size_t i = 0; i < w->file.records.n; i++) {
		const struct tf_record *r = &w->file.records.v[i];

		if (r->unordered == 0 || !w->provider->takes_over)
			continue;
		record_warning(
			w, r->e, DIAG_APPLY_ORDER,
			"Terraform deletes the other addresses of the name at "
			"any time around its creation, which Cloudflare may "
			"refuse; leave one address, apply, then make it a "
			"CNAME, or apply twice");
	}
}

/* Without what older changes needed: as --prune-moved wrote it, or writes. */
static struct sv text_of_file(struct tf_write *w)
{
	struct sv whole = file_write(w), pruned;

	w->pruned = true;
	pruned = file_write(w);
	return w->ctx->prune_moved || sv_eq(w->ctx->previous, pruned) ? pruned
								      : whole;
}

static int tf_write(struct output_ctx *ctx, const struct endpoints *records,
		    struct sv *text)
{
	struct tf_write w = { .ctx = ctx };

	if (records_make(&w, records) != 0)
		return -1;
	moves_set(&w);
	order_warn(&w);
	*text = text_of_file(&w);
	return w.rc;
}

static int tf_write_scratch(struct output_ctx *ctx,
			    const struct endpoints *records, struct sv *text)
{
	return output_scratch(ctx, records, text, tf_write);
}

const struct output output_terraform = {
	.write = tf_write_scratch,
	.read = tf_read,
	.zone_key = tf_zone_key,
	.is_beside = tf_is_beside,
	.foreign_find = tf_foreign_find,
};
