#include "output/rdata.h"

#include <ldns/ldns.h>

#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/zone_foreign.h"
#include "output/zone_text.h"

/*
 * What ldns calls the fields of a record, and what they are to us.  Any other
 * is text that ldns alone knows how to write.  Names and strings are written
 * here: ldns leaves "$", "@" and quotes in names bare, which BIND and NSD
 * read as something else, and takes 3 us for a TXT.
 */
static const enum rdata_kind kinds[] = {
	[LDNS_RDF_TYPE_ALG] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_CERTIFICATE_USAGE] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_DNAME] = RDATA_NAME,
	[LDNS_RDF_TYPE_HEX] = RDATA_HEX,
	[LDNS_RDF_TYPE_INT16] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_INT32] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_INT8] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_LONG_STR] = RDATA_STRING,
	[LDNS_RDF_TYPE_MATCHING_TYPE] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_PERIOD] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_SELECTOR] = RDATA_NUMBER,
	[LDNS_RDF_TYPE_STR] = RDATA_STRING,
	[LDNS_RDF_TYPE_SVCPARAMS] = RDATA_PARAMS,
	[LDNS_RDF_TYPE_TAG] = RDATA_TAG,
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static enum rdata_kind kind_of(ldns_rdf_type type)
{
	return (size_t)type < KINDS ? kinds[type] : RDATA_OTHER;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A byte of a name that dname_fault() has brought to its one form. */
static unsigned char name_byte(struct sv *rest)
{
	unsigned c = (unsigned char)rest->p[0];

	if (c != '\\' || rest->n < 4) {
		*rest = sv_from(*rest, 1);
		return (unsigned char)c;
	}
	c = (unsigned)(rest->p[1] - '0') * 100 +
	    (unsigned)(rest->p[2] - '0') * 10 + (unsigned)(rest->p[3] - '0');
	*rest = sv_from(*rest, 4);
	return (unsigned char)c;
}

bool name_wire(struct arena *mem, struct sv name, struct sv *wire)
{
	struct buf b = { .mem = mem };
	struct sv plain = SV(""), label;

	if (!sv_eq(name, SV(".")) &&
	    dname_fault(mem, DNAME_ANY, name, &plain) != NULL)
		return false;
	while (plain.n > 0 && sv_cut(&plain, '.', &label)) {
		size_t at = b.n;

		buf_char(&b, 0);
		while (label.n > 0)
			buf_char(&b, (char)name_byte(&label));
		b.p[at] = (char)(b.n - at - 1);
	}
	buf_char(&b, 0);
	*wire = buf_sv(&b);
	return true;
}

/* One byte of a label: literal where every parser reads it so. */
static void label_byte(struct buf *b, char c)
{
	c = sv_lower_char(c);
	if ((c >= 'a' && c <= 'z') || digit(c) ||
	    (c != '\0' && strchr("-_/*", c) != NULL))
		buf_char(b, c);
	else
		buf_fmt(b, "\\%03u", (unsigned)(unsigned char)c);
}

bool name_plain(struct arena *mem, struct sv wire, struct sv *name,
		size_t *used)
{
	struct buf b = { .mem = mem };
	size_t at = 0;

	while (at < wire.n && wire.p[at] != 0) {
		size_t n = (unsigned char)wire.p[at++];

		if (n > 63 || wire.n - at < n)
			return false;
		if (b.n > 0)
			buf_char(&b, '.');
		for (size_t i = 0; i < n; i++)
			label_byte(&b, wire.p[at + i]);
		at += n;
	}
	if (at >= wire.n)
		return false;
	*used = at + 1;
	*name = b.n > 0 ? buf_sv(&b) : SV(".");
	return true;
}

/* Big-endian number of `n` bytes at the head of `rest`. */
static bool take_number(struct sv *rest, size_t n, uint32_t *out)
{
	uint32_t v = 0;

	if (rest->n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)rest->p[i];
	*rest = sv_from(*rest, n);
	*out = v;
	return true;
}

/* It stands bare in a zone file: letters and digits (RFC 8659 section 4.1). */
static bool tag_ok(struct sv tag)
{
	for (size_t i = 0; i < tag.n; i++) {
		char c = sv_lower_char(tag.p[i]);

		if (!digit(c) && (c < 'a' || c > 'z'))
			return false;
	}
	return tag.n > 0;
}

static void free_rr(void *rr)
{
	ldns_rr_free(rr);
}

static void free_buffer(void *b)
{
	ldns_buffer_free(b);
}

/* What ldns writes for one field, without the blanks it leaves behind lists;
 * "" when it does not know. */
static struct sv ldns_text(struct arena *mem, const ldns_rdf *f)
{
	struct arena *own = arena_under(mem);
	ldns_buffer *b = ldns_buffer_new(LDNS_MIN_BUFLEN);
	struct sv text = SV("");

	if (b != NULL) {
		arena_defer(own, free_buffer, b);
		if (ldns_rdf2buffer_str(b, f) == LDNS_STATUS_OK)
			text = sv_trim(
				(struct sv){ (const char *)ldns_buffer_begin(b),
					     ldns_buffer_position(b) });
		text = arena_sv(mem, text);
	}
	arena_free(own);
	return text;
}

/* ldns leaves ";" bare, where a comment would begin; and Cloudflare answers
 * with alpn in quotes, without which no plan would be empty. */
static bool is_quoted(struct sv key)
{
	return sv_eq(key, SV("alpn")) || sv_starts(key, SV("key"));
}

/* One parameter off the list; blanks in quotes are part of it. */
static bool param_cut(struct sv *rest, struct sv *param)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < rest->n && (quoted || rest->p[n] != ' '); n++) {
		if (rest->p[n] == '"')
			quoted = !quoted;
		else if (rest->p[n] == '\\' && n + 1 < rest->n)
			n++;
	}
	*param = sv_head(*rest, n);
	*rest = sv_from(*rest, n + 1);
	return n > 0;
}

/* ldns writes a tab as it is. */
static void value_add(struct buf *b, struct sv value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < 0x20 || value.p[i] >= 0x7f)
			buf_fmt(b, "\\%03u",
				(unsigned)(unsigned char)value.p[i]);
		else
			buf_char(b, value.p[i]);
}

/* `alpn=h2,h3 port=443` as `alpn="h2,h3" port=443`. */
static struct sv params_text(struct arena *mem, struct sv rest)
{
	struct buf b = { .mem = mem };
	struct sv param;

	while (param_cut(&rest, &param)) {
		size_t equals = sv_chr(param, '=');
		struct sv value = sv_from(param, equals + 1);
		struct sv key = sv_head(param, equals);
		bool bare;

		/* RFC 9461 is too new for libzscanner 3.2 and NSD 4.6. */
		if (sv_eq(key, SV("dohpath")))
			key = SV("key7");
		bare = is_quoted(key) && value.n > 0 && value.p[0] != '"';
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_add(&b, key);
		if (equals < param.n)
			buf_char(&b, '=');
		if (bare)
			buf_char(&b, '"');
		value_add(&b, value);
		if (bare)
			buf_char(&b, '"');
	}
	return buf_sv(&b);
}

static bool field_of(struct arena *mem, const ldns_rdf *f,
		     struct rdata_field *out)
{
	struct sv raw = { (const char *)ldns_rdf_data(f), ldns_rdf_size(f) };
	bool counted = ldns_rdf_get_type(f) == LDNS_RDF_TYPE_STR ||
		       ldns_rdf_get_type(f) == LDNS_RDF_TYPE_TAG;
	size_t used;

	*out = (struct rdata_field){ .kind = kind_of(ldns_rdf_get_type(f)) };
	out->bytes = arena_sv(mem, sv_from(raw, counted ? 1 : 0));
	switch (out->kind) {
	case RDATA_NUMBER:
		return take_number(&raw, raw.n, &out->number);
	case RDATA_NAME:
		return name_plain(mem, raw, &out->bytes, &used) &&
		       used == raw.n;
	case RDATA_TAG:
		return tag_ok(out->bytes);
	case RDATA_STRING:
		return true;
	case RDATA_PARAMS:
		out->text = params_text(mem, ldns_text(mem, f));
		return out->text.n > 0;
	case RDATA_HEX:
	case RDATA_OTHER:
		out->text = ldns_text(mem, f);
		return out->text.n > 0;
	}
	return false;
}

/* The fields in a row must be the wire data: ldns follows pointers, which no
 * record that stands alone can have. */
static bool fields_are(const ldns_rr *rr, struct sv wire)
{
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *f = ldns_rr_rdf(rr, i);
		struct sv raw = { (const char *)ldns_rdf_data(f),
				  ldns_rdf_size(f) };

		if (!sv_starts(wire, raw))
			return false;
		wire = sv_from(wire, raw.n);
	}
	return wire.n == 0;
}

static enum rdata_kind field_kind(unsigned code, size_t field)
{
	const ldns_rr_descriptor *d = ldns_rr_descript((uint16_t)code);

	return field < ldns_rr_descriptor_minimum(d)
		       ? kind_of(ldns_rr_descriptor_field_type(d, field))
		       : RDATA_OTHER;
}

static bool split(struct arena *mem, unsigned code, struct sv wire,
		  struct rdata *out)
{
	struct arena *own = arena_under(mem);
	struct buf b = { .mem = own };
	ldns_rr *rr = ldns_rr_new();
	size_t at = 0;
	bool ok;

	*out = (struct rdata){ 0 };
	if (rr != NULL)
		arena_defer(own, free_rr, rr);
	buf_char(&b, (char)(wire.n >> 8));
	buf_char(&b, (char)(wire.n & 0xff));
	buf_add(&b, wire);
	ok = rr != NULL && wire.n <= UINT16_MAX;
	if (ok) {
		ldns_rr_set_type(rr, (ldns_rr_type)code);
		ok = ldns_wire2rdf(rr, (const uint8_t *)b.p, b.n, &at) ==
			     LDNS_STATUS_OK &&
		     fields_are(rr, wire);
	}
	for (size_t i = 0; ok && i < ldns_rr_rd_count(rr); i++)
		ok = field_of(mem, ldns_rr_rdf(rr, i),
			      VEC_ADD(mem, &out->fields));
	/* To ldns a text without a byte at the end is none: CAA 0 issue "". */
	if (ok && field_kind(code, out->fields.n) == RDATA_STRING)
		VEC_ADD(mem, &out->fields)->kind = RDATA_STRING;
	arena_free(own);
	return ok;
}

bool rdata_split(struct arena *mem, enum rrtype type, struct sv wire,
		 struct rdata *out)
{
	return rrtype_has_word(type) &&
	       split(mem, rrtype_code(type), wire, out);
}

enum rdata_kind rdata_kind(enum rrtype type, size_t field)
{
	return field_kind(rrtype_code(type), field);
}

bool soa_split(struct arena *mem, struct sv wire, struct rdata *out)
{
	return split(mem, RRCODE_SOA, wire, out) && out->fields.n == 7;
}

static struct sv hex_text(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };

	buf_fmt(&b, "\\# %zu", wire.n);
	if (wire.n > 0)
		buf_char(&b, ' ');
	for (size_t i = 0; i < wire.n; i++)
		buf_fmt(&b, "%02x", (unsigned)(unsigned char)wire.p[i]);
	return buf_sv(&b);
}

static void field_add(struct buf *b, const struct rdata_field *f, bool absolute)
{
	switch (f->kind) {
	case RDATA_NUMBER:
		buf_fmt(b, "%lu", (unsigned long)f->number);
		return;
	case RDATA_NAME:
		buf_add(b, f->bytes);
		if (absolute && !sv_eq(f->bytes, SV(".")))
			buf_char(b, '.');
		return;
	case RDATA_STRING:
		buf_add(b, string_text(b->mem, f->bytes));
		return;
	case RDATA_TAG:
		buf_add(b, f->bytes);
		return;
	case RDATA_HEX:
	case RDATA_PARAMS:
	case RDATA_OTHER:
		buf_add(b, f->text);
		return;
	}
}

static struct sv fields_text(struct arena *mem, const struct rdata *r,
			     bool absolute)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < r->fields.n; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		field_add(&b, &r->fields.v[i], absolute);
	}
	return buf_sv(&b);
}

static bool is_text(enum rrtype type)
{
	return type == RR_TXT || type == RR_SPF;
}

/* No byte that one reader or another takes for syntax. */
static bool bare(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= 0x20 - 1 || text.p[i] >= 0x7f ||
		    strchr("\\\"$@;()", text.p[i]) != NULL)
			return false;
	return true;
}

static bool is_name_alone(enum rrtype type)
{
	return type == RR_CNAME || type == RR_DNAME || type == RR_NS ||
	       type == RR_PTR;
}

/* Types whose fields are written here, or are digits. */
static bool is_common(enum rrtype type)
{
	return is_name_alone(type) || type == RR_CAA || type == RR_MX ||
	       type == RR_SRV;
}

/* Of a CERT of type 0, which RFC 4398 reserves, ldns 1.8 refuses the text that
 * it wrote itself, and loses the memory it had for it. */
static bool is_reserved(enum rrtype type, struct sv wire)
{
	return type == RR_CERT && sv_starts(wire, SV("\0\0"));
}

/* Other text is asked back from both libraries: libzscanner 3.2 wants two
 * bytes in each protocol of a list, ldns 1.8 a type in a CSYNC.  Hexadecimal is
 * read by all. */
static bool readable(struct arena *mem, enum rrtype type, const struct rdata *r,
		     struct sv wire, struct sv text)
{
	struct sv again;

	for (size_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].kind == RDATA_OTHER &&
		    !bare(r->fields.v[i].text))
			return false;
	if (is_reserved(type, wire))
		return false;
	return is_common(type) || (rdata_scan(mem, type, text, &again) &&
				   sv_case_eq(again, wire) &&
				   rdata_parse(mem, type, text, &again) &&
				   sv_case_eq(again, wire));
}

/* What most of a zone is, without ldns: a zone of 150,000 records takes a
 * fifth less time so. */
static bool plain_text(struct arena *mem, enum rrtype type, struct sv wire,
		       struct sv *out)
{
	struct address a = { .n = wire.n };

	if (is_text(type)) {
		*out = txt_quoted(mem, wire);
		return true;
	}
	if ((type != RR_A || a.n != 4) && (type != RR_AAAA || a.n != 16))
		return false;
	memcpy(a.bytes, wire.p, a.n);
	*out = address_text(mem, &a);
	return true;
}

static struct sv text_of(struct arena *mem, enum rrtype type, struct sv wire,
			 bool absolute)
{
	struct rdata r;
	struct sv text;

	if (plain_text(mem, type, wire, &text))
		return text;
	if (!rdata_split(mem, type, wire, &r))
		return hex_text(mem, wire);
	text = fields_text(mem, &r, absolute);
	return readable(mem, type, &r, wire, text) ? text : hex_text(mem, wire);
}

struct sv rdata_text(struct arena *mem, enum rrtype type, struct sv wire)
{
	return text_of(mem, type, wire, true);
}

struct sv rdata_target(struct arena *mem, enum rrtype type, struct sv wire)
{
	return is_text(type) ? txt_target(mem, wire)
			     : text_of(mem, type, wire, false);
}

static bool address_wire(struct arena *mem, struct sv target, size_t n,
			 struct sv *wire)
{
	struct address a;

	if (!address_parse(target, &a) || a.n != n)
		return false;
	*wire = arena_sv(mem, (struct sv){ (const char *)a.bytes, n });
	return true;
}

/* libzscanner lets through what servers refuse, such as "is-sue" as a tag. */
static bool shape_ok(struct arena *mem, enum rrtype type, struct sv wire)
{
	struct rdata r;

	if (!rdata_form_ok(type, wire))
		return false;
	/* To ldns 1.8 it is a text. */
	if (type == RR_NSAP_PTR)
		return true;
	/* Nobody here knows what it is made of. */
	if (ldns_rr_descriptor_field_type(
		    ldns_rr_descript((uint16_t)rrtype_code(type)), 0) ==
	    LDNS_RDF_TYPE_UNKNOWN)
		return true;
	return split(mem, rrtype_code(type), wire, &r) &&
	       rdata_shape_fault(type, &r) == NULL;
}

struct sv rdata_expected(struct arena *mem, const struct endpoint *e,
			 struct sv target, struct sv *shown)
{
	const char *fault = NULL;
	struct rdata r;
	struct sv wire;

	*shown = target;
	if (is_text(e->type) && txt_wire(mem, target, &wire) == NULL)
		return arena_fmt(mem, "%d bytes or less", MAX_RDATA);
	if (rdata_scan(mem, e->type, target, &wire)) {
		if (wire.n > MAX_RDATA)
			return arena_fmt(mem, "%d bytes or less", MAX_RDATA);
		if (split(mem, rrtype_code(e->type), wire, &r)) {
			fault = rdata_shape_fault(e->type, &r);
			*shown = fields_text(mem, &r, false);
		} else if (e->type == RR_CAA) {
			fault = "a tag of letters and digits (RFC 8659 4.1)";
		}
	}
	return fault != NULL ? sv_of(fault)
			     : arena_fmt(mem, "data of type %s",
					 rrtype_name(e->type));
}

bool rdata_wire(struct arena *mem, const struct endpoint *e, struct sv target,
		struct sv *wire)
{
	if (e->type == RR_A)
		return address_wire(mem, target, 4, wire);
	if (e->type == RR_AAAA)
		return address_wire(mem, target, 16, wire);
	if (is_text(e->type))
		return txt_wire(mem, target, wire) == NULL &&
		       wire->n <= MAX_RDATA;
	if (is_name_alone(e->type))
		return !sv_eq(target, SV(".")) && name_wire(mem, target, wire);
	return rdata_scan(mem, e->type, target, wire) && wire->n <= MAX_RDATA &&
	       shape_ok(mem, e->type, *wire);
}

void rdata_names(struct arena *mem, const struct endpoint *e, struct sv target,
		 struct strings *out)
{
	struct rdata r;
	struct sv wire;

	if (!rdata_wire(mem, e, target, &wire) ||
	    !rdata_split(mem, e->type, wire, &r))
		return;
	for (size_t i = 0; i < r.fields.n; i++)
		if (r.fields.v[i].kind == RDATA_NAME &&
		    !sv_eq(r.fields.v[i].bytes, SV(".")))
			strings_add_once(mem, out, r.fields.v[i].bytes);
}

/* Does `target` mean `wire` to rdata_wire()?  Names may differ in case. */
static bool means(struct arena *mem, const struct endpoint *e, struct sv target,
		  struct sv wire)
{
	struct sv again;

	return rdata_wire(mem, e, target, &again) && sv_case_eq(again, wire);
}

void rdata_targets(struct arena *mem, struct endpoint *e,
		   const struct sv *wires, size_t n)
{
	struct sv bytes;

	e->is_registry = !e->is_static && n == 1 && e->type == RR_TXT &&
			 txt_bytes(mem, wires[0], &bytes) &&
			 ownership_parse(NULL, bytes, NULL);
	for (size_t i = 0; i < n; i++) {
		struct sv target = rdata_target(mem, e->type, wires[i]);

		*VEC_ADD(mem, &e->targets) =
			means(mem, e, target, wires[i])
				? target
				: rdata_text(mem, e->type, wires[i]);
	}
	targets_sort(e);
}

static void number_add(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(b, (char)(v >> shift & 0xff));
}

bool soa_wire(struct arena *mem, struct sv mname, struct sv rname,
	      const uint32_t numbers[5], struct sv *wire)
{
	struct buf b = { .mem = mem };
	struct sv m, r;

	if (!name_wire(mem, mname, &m) || !name_wire(mem, rname, &r))
		return false;
	buf_add(&b, m);
	buf_add(&b, r);
	for (size_t i = 0; i < 5; i++)
		number_add(&b, numbers[i]);
	*wire = buf_sv(&b);
	return true;
}
