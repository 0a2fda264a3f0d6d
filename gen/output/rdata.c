#include "output/rdata.h"

#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/svcb.h"
#include "output/zone_text.h"

/*
 * What stands in the wire data, field by field:
 * 4 6 addresses; b s u numbers of 8, 16, 32 bits; n name; q character-string;
 * g tag with its length in front; to the end: Q one string, t strings, x hex,
 * p parameters of SVCB.
 */
static const char *const layouts[RR_COUNT] = {
	[RR_A] = "4",	    [RR_AAAA] = "6",	[RR_CAA] = "bgQ",
	[RR_CNAME] = "n",   [RR_DNAME] = "n",	[RR_DS] = "sbbx",
	[RR_HTTPS] = "snp", [RR_MX] = "sn",	[RR_NAPTR] = "ssqqqn",
	[RR_NS] = "n",	    [RR_PTR] = "n",	[RR_SPF] = "t",
	[RR_SRV] = "sssn",  [RR_SSHFP] = "bbx", [RR_SVCB] = "snp",
	[RR_TLSA] = "bbbx", [RR_TXT] = "t",	[RR_URI] = "ssQ",
};
static const char soa_layout[] = "nnuuuuu";

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool rrtype_of_code(unsigned code, enum rrtype *out)
{
	for (int t = 0; t < RR_COUNT; t++) {
		if (rrtype_code((enum rrtype)t) == code) {
			*out = (enum rrtype)t;
			return true;
		}
	}
	return false;
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

static bool take_bytes(struct sv *rest, size_t n, struct sv *out)
{
	if (rest->n < n)
		return false;
	*out = sv_head(*rest, n);
	*rest = sv_from(*rest, n);
	return true;
}

static bool take_name(struct arena *mem, struct sv *rest, struct sv *out)
{
	size_t used;

	if (!name_plain(mem, *rest, out, &used))
		return false;
	*rest = sv_from(*rest, used);
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

static bool take_field(struct arena *mem, char kind, struct sv *rest,
		       struct rdata_field *f)
{
	uint32_t n;

	f->kind = kind;
	switch (kind) {
	case '4':
		return take_bytes(rest, 4, &f->bytes);
	case '6':
		return take_bytes(rest, 16, &f->bytes);
	case 'b':
		return take_number(rest, 1, &f->number);
	case 's':
		return take_number(rest, 2, &f->number);
	case 'u':
		return take_number(rest, 4, &f->number);
	case 'n':
		return take_name(mem, rest, &f->bytes);
	case 'q':
		return take_number(rest, 1, &n) &&
		       take_bytes(rest, n, &f->bytes);
	case 'g':
		return take_number(rest, 1, &n) &&
		       take_bytes(rest, n, &f->bytes) && tag_ok(f->bytes);
	case 'p':
		return svcb_ok(*rest) && take_bytes(rest, rest->n, &f->bytes);
	default: /* to the end */
		return take_bytes(rest, rest->n, &f->bytes);
	}
}

static bool split(struct arena *mem, const char *layout, struct sv wire,
		  struct rdata *out)
{
	out->n = 0;
	if (layout == NULL)
		return false;
	for (; *layout != '\0'; layout++)
		if (!take_field(mem, *layout, &wire, &out->field[out->n++]))
			return false;
	return wire.n == 0;
}

bool rdata_split(struct arena *mem, enum rrtype type, struct sv wire,
		 struct rdata *out)
{
	return split(mem, layouts[type], wire, out);
}

char rdata_kind(enum rrtype type, size_t field)
{
	return layouts[type] != NULL && field < strlen(layouts[type])
		       ? layouts[type][field]
		       : '\0';
}

bool soa_split(struct arena *mem, struct sv wire, struct rdata *out)
{
	return split(mem, soa_layout, wire, out);
}

static void hex_add(struct buf *b, struct sv bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		buf_fmt(b, "%02x", (unsigned)(unsigned char)bytes.p[i]);
}

static void address_add(struct buf *b, struct sv bytes)
{
	struct address a = { .n = bytes.n };

	memcpy(a.bytes, bytes.p, bytes.n);
	buf_add(b, address_text(b->mem, &a));
}

static void field_add(struct buf *b, const struct rdata_field *f, bool absolute)
{
	switch (f->kind) {
	case '4':
	case '6':
		address_add(b, f->bytes);
		return;
	case 'n':
		buf_add(b, f->bytes);
		if (absolute && !sv_eq(f->bytes, SV(".")))
			buf_char(b, '.');
		return;
	case 'q':
	case 'Q':
		buf_add(b, string_text(b->mem, f->bytes));
		return;
	case 'g':
		buf_add(b, f->bytes);
		return;
	case 't':
		buf_add(b, txt_quoted(b->mem, f->bytes));
		return;
	case 'x':
		hex_add(b, f->bytes);
		return;
	case 'p':
		buf_add(b, svcb_text(b->mem, f->bytes));
		return;
	case 'b':
	case 's':
	case 'u':
		buf_fmt(b, "%lu", (unsigned long)f->number);
		return;
	}
}

static struct sv hex_text(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };

	buf_fmt(&b, "\\# %zu ", wire.n);
	hex_add(&b, wire);
	return buf_sv(&b);
}

static struct sv fields_text(struct arena *mem, enum rrtype type,
			     struct sv wire, bool absolute)
{
	struct buf b = { .mem = mem };
	struct rdata r;

	if (!rdata_split(mem, type, wire, &r))
		return hex_text(mem, wire);
	for (size_t i = 0; i < r.n; i++) {
		/* A SVCB without parameters ends at its name. */
		if (r.field[i].kind == 'p' && r.field[i].bytes.n == 0)
			continue;
		if (i > 0)
			buf_char(&b, ' ');
		field_add(&b, &r.field[i], absolute);
	}
	return buf_sv(&b);
}

/* Not every reader takes every spelling of a parameter: libzscanner 3.2 wants
 * two bytes in each protocol of a list.  Hexadecimal is read by all. */
static struct sv readable(struct arena *mem, enum rrtype type, struct sv wire,
			  struct sv text)
{
	struct sv again;

	if ((type != RR_HTTPS && type != RR_SVCB) ||
	    (rdata_scan(mem, type, text, &again) && sv_case_eq(again, wire)))
		return text;
	return hex_text(mem, wire);
}

struct sv rdata_text(struct arena *mem, enum rrtype type, struct sv wire)
{
	return readable(mem, type, wire, fields_text(mem, type, wire, true));
}

static bool is_text(enum rrtype type)
{
	return type == RR_TXT || type == RR_SPF;
}

struct sv rdata_target(struct arena *mem, enum rrtype type, struct sv wire)
{
	if (is_text(type))
		return txt_target(mem, wire);
	return readable(mem, type, wire, fields_text(mem, type, wire, false));
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

/* libzscanner lets through what servers refuse, such as "is-sue" as a tag.
 * Odd parameters of SVCB can be written in hexadecimal. */
static bool shape_ok(struct arena *mem, enum rrtype type, struct sv wire)
{
	struct rdata r;

	return layouts[type] == NULL || type == RR_HTTPS || type == RR_SVCB ||
	       rdata_split(mem, type, wire, &r);
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
	if (layouts[e->type] != NULL && strcmp(layouts[e->type], "n") == 0)
		return !sv_eq(target, SV(".")) && name_wire(mem, target, wire);
	return rdata_scan(mem, e->type, target, wire) && wire->n <= MAX_RDATA &&
	       shape_ok(mem, e->type, *wire);
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
			 txt_bytes(mem, wires[0], &bytes) && is_heritage(bytes);
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
