#include "output/zone_lines.h"

#include <stdlib.h>

#include "base/escape.h"
#include "output/list.h"
#include "output/rdata.h"

enum {
	/* SOA: the serial is the first of five numbers at the end. */
	SOA_NUMBERS = 5,
	SOA_TAIL = 4 * SOA_NUMBERS,
};

struct sv zone_type_name(struct arena *mem, unsigned code)
{
	enum rrtype type;

	if (code == RRCODE_SOA)
		return SV("SOA");
	return rrtype_of_code(code, &type) && rrtype_has_word(type)
		       ? sv_of(rrtype_name(type))
		       : arena_fmt(mem, "TYPE%u", code);
}

void zone_lines_add_rr(struct arena *mem, struct zone_lines *out,
		       struct sv owner, unsigned code, uint32_t ttl,
		       struct sv rdata)
{
	struct zone_line *l = VEC_ADD(mem, &out->list);
	enum rrtype type;

	*l = (struct zone_line){ owner, code, ttl, rdata, SV(""), SV(""), 0 };
	if (rrtype_of_code(code, &type))
		l->text = escape(mem, SINK_ZONE, rdata_text(mem, type, rdata));
}

static int endpoint_lines(struct output_ctx *ctx, const struct endpoint *e,
			  struct zone_lines *out)
{
	int64_t ttl = output_ttl(ctx, e);
	bool silent = sv_eq(ctx->spec->comments, SV("none"));
	struct sv owner, wire, comment;
	size_t used;
	int rc = 0;

	if (output_check_plain(ctx, e) != 0)
		return -1;
	if (!name_wire(ctx->mem, e->name, &wire) ||
	    !name_plain(ctx->mem, wire, &owner, &used))
		return diag_error(ctx->diags, DIAG_DNAME, endpoint_at(e),
				  "invalid \"" SV_FMT "\": expected a DNS name",
				  SV_ARG(e->name));
	comment = silent ? SV("") : output_comment(ctx->mem, e);
	for (size_t i = 0; i < e->targets.n; i++) {
		if (!rdata_wire(ctx->mem, e, e->targets.v[i], &wire)) {
			rc = output_target_fault(ctx, e, e->targets.v[i]);
			continue;
		}
		zone_lines_add_rr(ctx->mem, out, owner, rrtype_code(e->type),
				  (uint32_t)ttl, wire);
		out->list.v[out->list.n - 1].comment = comment;
	}
	return rc;
}

int zone_lines_add(struct output_ctx *ctx, const struct endpoints *records,
		   struct zone_lines *out)
{
	int rc = 0;

	for (size_t i = 0; i < records->list.n; i++)
		if (endpoint_lines(ctx, &records->list.v[i], out) != 0)
			rc = -1;
	return rc;
}

/* SOA data with its names in lower case, as we write them. */
static struct sv soa_lower(struct arena *mem, struct sv wire)
{
	uint32_t numbers[SOA_NUMBERS];
	struct rdata r;
	struct sv out;

	if (!soa_split(mem, wire, &r))
		return wire;
	for (size_t i = 0; i < SOA_NUMBERS; i++)
		numbers[i] = r.fields.v[2 + i].number;
	return soa_wire(mem, r.fields.v[0].bytes, r.fields.v[1].bytes, numbers,
			&out)
		       ? out
		       : wire;
}

void zone_lines_of(struct arena *mem, const struct zone_rrs *rrs,
		   struct zone_lines *out)
{
	for (size_t i = 0; i < rrs->list.n; i++) {
		const struct zone_rr *rr = &rrs->list.v[i];
		bool soa = rr->code == RRCODE_SOA;

		zone_lines_add_rr(mem, out, rr->owner, rr->code, rr->ttl,
				  soa ? soa_lower(mem, rr->rdata) : rr->rdata);
		out->list.v[out->list.n - 1].line = rr->line;
	}
	zone_lines_sort(out);
}

/* SOA first, then NS, then by mnemonic. */
static int code_cmp(unsigned a, unsigned b)
{
	static const unsigned first[] = { RRCODE_SOA, RRCODE_NS };
	enum rrtype x, y;

	for (size_t i = 0; i < 2 && a != b; i++)
		if (a == first[i] || b == first[i])
			return a == first[i] ? -1 : 1;
	if (a == b || !rrtype_of_code(a, &x) || !rrtype_of_code(b, &y))
		return (a > b) - (a < b);
	return strcmp(rrtype_name(x), rrtype_name(y));
}

static int line_cmp(const void *a, const void *b)
{
	const struct zone_line *x = a, *y = b;
	int c = dname_cmp(x->owner, y->owner);

	if (c == 0)
		c = code_cmp(x->code, y->code);
	if (c == 0)
		c = sv_cmp(x->rdata, y->rdata);
	if (c == 0 && x->ttl != y->ttl)
		c = x->ttl < y->ttl ? -1 : 1;
	return c != 0 ? c : sv_cmp(x->comment, y->comment);
}

void zone_lines_sort(struct zone_lines *lines)
{
	size_t kept = 0;

	if (lines->list.n == 0)
		return;
	qsort(lines->list.v, lines->list.n, sizeof(lines->list.v[0]), line_cmp);
	for (size_t i = 1; i < lines->list.n; i++) {
		struct zone_line *last = &lines->list.v[kept];
		struct zone_line *l = &lines->list.v[i];

		if (last->code == l->code && last->ttl == l->ttl &&
		    sv_eq(last->rdata, l->rdata) &&
		    sv_eq(last->owner, l->owner))
			continue;
		lines->list.v[++kept] = *l;
	}
	lines->list.n = kept + 1;
}

bool zone_lines_serial(const struct zone_lines *lines, uint32_t *serial)
{
	for (size_t i = 0; i < lines->list.n; i++) {
		const struct zone_line *l = &lines->list.v[i];
		uint32_t v = 0;

		if (l->code != RRCODE_SOA || l->rdata.n < SOA_TAIL)
			continue;
		for (size_t k = l->rdata.n - SOA_TAIL;
		     k < l->rdata.n - SOA_TAIL + 4; k++)
			v = v << 8 | (unsigned char)l->rdata.p[k];
		*serial = v;
		return true;
	}
	return false;
}

/* "mname. rname. " and the five numbers, the serial as 0. */
static struct sv soa_text(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };
	struct rdata r;

	if (!soa_split(mem, wire, &r))
		return SV("");
	buf_fmt(&b, SV_FMT ". " SV_FMT ". 0", SV_ARG(r.fields.v[0].bytes),
		SV_ARG(r.fields.v[1].bytes));
	for (size_t i = 1; i < SOA_NUMBERS; i++)
		buf_fmt(&b, " %lu", (unsigned long)r.fields.v[2 + i].number);
	return buf_sv(&b);
}

struct sv zone_lines_digest_text(struct arena *mem,
				 const struct zone_lines *lines)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < lines->list.n; i++) {
		const struct zone_line *l = &lines->list.v[i];
		struct sv text = l->code == RRCODE_SOA ? soa_text(mem, l->rdata)
						       : l->text;

		buf_fmt(&b, SV_FMT ". %lu IN " SV_FMT " " SV_FMT "\n",
			SV_ARG(l->owner), (unsigned long)l->ttl,
			SV_ARG(zone_type_name(mem, l->code)), SV_ARG(text));
	}
	return buf_sv(&b);
}

static struct sv owner_text(struct arena *mem, struct sv owner,
			    struct sv origin)
{
	if (origin.p == NULL || !dname_in(owner, origin))
		return arena_fmt(mem, SV_FMT ".", SV_ARG(owner));
	return owner.n == origin.n ? SV("@")
				   : sv_head(owner, owner.n - origin.n - 1);
}

/* The columns depend on nothing but the line itself, so that a change touches
 * no other line. */
static void head_write(struct buf *b, const struct zone_line *l,
		       struct sv origin)
{
	struct sv owner = owner_text(b->mem, l->owner, origin);

	buf_fmt(b, "%-31.*s %6lu IN %-5.*s ", SV_ARG(owner),
		(unsigned long)l->ttl, SV_ARG(zone_type_name(b->mem, l->code)));
}

static void soa_write(struct buf *b, const struct zone_line *l,
		      const struct zone_style *style)
{
	static const char *const names[SOA_NUMBERS] = {
		"serial", "refresh", "retry", "expire", "negative caching",
	};
	struct rdata r;

	if (!soa_split(b->mem, l->rdata, &r))
		return;
	buf_fmt(b, SV_FMT ". " SV_FMT ". (%s", SV_ARG(r.fields.v[0].bytes),
		SV_ARG(r.fields.v[1].bytes), style->end);
	for (size_t i = 0; i < SOA_NUMBERS; i++) {
		uint32_t n = i == 0 ? style->serial : r.fields.v[2 + i].number;

		buf_fmt(b, "        %-10lu ; %s", (unsigned long)n, names[i]);
		if (i == 0 && style->digest.n > 0)
			buf_fmt(b, " " SV_FMT, SV_ARG(style->digest));
		buf_add(b, sv_of(style->end));
	}
	buf_fmt(b, "        )%s", style->end);
}

void zone_lines_write(struct buf *b, const struct zone_lines *lines,
		      const struct zone_style *style)
{
	for (size_t i = 0; i < lines->list.n; i++) {
		const struct zone_line *l = &lines->list.v[i];

		head_write(b, l, style->origin);
		if (l->code == RRCODE_SOA) {
			soa_write(b, l, style);
			continue;
		}
		buf_add(b, l->text);
		if (l->comment.n > 0)
			buf_fmt(b, " ; " SV_FMT, SV_ARG(l->comment));
		buf_add(b, sv_of(style->end));
	}
}

static bool line_same(const struct zone_line *a, const struct zone_line *b)
{
	bool soa = a->code == RRCODE_SOA;
	struct sv x = a->rdata, y = b->rdata;

	if (a->code != b->code || a->ttl != b->ttl ||
	    !sv_eq(a->owner, b->owner) || x.n != y.n)
		return false;
	if (!soa)
		return sv_eq(x, y);
	return x.n > SOA_TAIL &&
	       sv_eq(sv_head(x, x.n - SOA_TAIL), sv_head(y, y.n - SOA_TAIL)) &&
	       sv_eq(sv_from(x, x.n - SOA_TAIL + 4),
		     sv_from(y, y.n - SOA_TAIL + 4));
}

static bool lines_same(const struct zone_lines *a, const struct zone_lines *b)
{
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		if (!line_same(&a->list.v[i], &b->list.v[i]))
			return false;
	return true;
}

bool zone_lines_reread(struct arena *mem, struct sv text, struct sv origin,
		       const struct zone_lines *lines, uint32_t serial)
{
	struct arena *own = arena_under(mem);
	struct zone_lines got = { 0 };
	struct zone_rrs rrs = { 0 };
	uint32_t read = serial;
	bool ok = zone_scan(own, NULL, NOWHERE, text, origin, 0, &rrs) == 0 &&
		  rrs.list.n == lines->list.n;

	if (ok) {
		zone_lines_of(own, &rrs, &got);
		ok = lines_same(lines, &got);
		(void)zone_lines_serial(&got, &read);
	}
	arena_free(own);
	return ok && read == serial;
}
