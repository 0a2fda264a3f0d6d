#include "output/zone_text.h"

#include <assert.h>
#include <stdlib.h>
#include <libzscanner/scanner.h>

#include "base/buf.h"
#include "base/limits.h"
#include "output/list.h"
#include "output/rdata.h"
#include "output/zone_foreign.h"

enum { CLASS_IN = 1 };

/* BIND and NSD read CR LF, libzscanner does not. */
struct sv zone_text_lf(struct arena *mem, struct sv text)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n ||
		    text.p[i + 1] != '\n')
			buf_char(&b, text.p[i]);
	return buf_sv(&b);
}

static void scanner_done(void *s)
{
	zs_deinit(s);
}

/* 200 kB: on the heap, never on the stack.  NULL: an invalid origin. */
static zs_scanner_t *scanner_new(struct arena *mem, struct sv text,
				 const char *origin, uint32_t ttl)
{
	zs_scanner_t *s = ARENA_NEW(mem, zs_scanner_t);

	if (zs_init(s, origin, CLASS_IN, ttl) != 0)
		return NULL;
	arena_defer(mem, scanner_done, s);
	/* It refuses the empty string, which holds no record. */
	if (zs_set_input_string(s, text.n > 0 ? text.p : "\n",
				text.n > 0 ? text.n : 1) != 0)
		return NULL;
	return s;
}

static struct sv owner_of(struct arena *mem, const zs_scanner_t *s)
{
	struct sv wire = { (const char *)s->r_owner, s->r_owner_length };
	struct sv name = SV("");
	size_t used;
	bool ok = name_plain(mem, wire, &name, &used);

	assert(ok);
	(void)ok;
	return name;
}

static void rr_add(struct arena *mem, const zs_scanner_t *s,
		   struct zone_rrs *out)
{
	struct zone_rr *rr = VEC_ADD(mem, &out->list);

	rr->owner = owner_of(mem, s);
	rr->code = s->r_type;
	rr->ttl = s->r_ttl;
	rr->rdata = arena_sv(
		mem, (struct sv){ (const char *)s->r_data, s->r_data_length });
	/* The length counts the NUL behind it. */
	if (s->buffer_length > 0)
		rr->comment =
			arena_sv(mem, (struct sv){ (const char *)s->buffer,
						   s->buffer_length - 1 });
	rr->line = (uint32_t)s->line_counter;
}

/* The line that the scanner is at.  `from` is where it stood before. */
static struct sv line_at(const zs_scanner_t *s, const char *from)
{
	const char *line = s->input.current;

	while (line > from && line[-1] != '\n')
		line--;
	return (struct sv){ line, (size_t)(s->input.end - line) };
}

/* A type that libzscanner has no word for: ours, or nobody's. */
static int type_fault(struct diags *d, struct loc at, struct sv line)
{
	enum rrtype type = foreign_type(sv_head(line, sv_chr(line, '\n')));

	if (type == RR_COUNT)
		return diag_error(d, DIAG_ZONE_SYNTAX, at,
				  "zone file: unknown type or class: expected "
				  "a type that IANA has assigned, of class IN");
	return diag_error(d, DIAG_ZONE_SYNTAX, at,
			  "zone file: invalid data of type %s; it can be "
			  "written as TYPE%u \\# 1 00 (RFC 3597)",
			  rrtype_name(type), rrtype_code(type));
}

static int scan_fault(struct diags *d, struct loc at, const zs_scanner_t *s,
		      const char *from)
{
	at.line = (uint32_t)s->line_counter;
	at.col = 1;
	if (d == NULL)
		return -1;
	if (s->state == ZS_STATE_INCLUDE)
		return diag_error(d, DIAG_ZONE_SYNTAX, at,
				  "zone file: $INCLUDE is not followed; write "
				  "the records here");
	if (s->state == ZS_STATE_DATA)
		return diag_error(d, DIAG_ZONE_SYNTAX, at,
				  "zone file: class %u: expected IN",
				  s->r_class);
	if (s->error.code == ZS_UNSUPPORTED_TYPE)
		return type_fault(d, at, line_at(s, from));
	return diag_error(d, DIAG_ZONE_SYNTAX, at, "zone file: %s",
			  zs_strerror(s->error.code));
}

/* The line that `s` has just refused, if ldns can read it; a record over
 * several lines is passed as a whole.  `from` is where the scanner stood. */
static bool foreign_add(struct arena *mem, zs_scanner_t *s, const char *from,
			struct zone_rrs *out)
{
	struct zone_rr rr = { .line = (uint32_t)s->line_counter };
	struct sv owner = { (const char *)s->r_owner, s->r_owner_length };
	struct sv flat, rest = line_at(s, from);
	size_t n;

	if (s->error.fatal || s->multiline ||
	    !name_plain(mem, owner, &rr.owner, &n) || n != owner.n)
		return false;
	if (!entry_cut(mem, rest, &n, &flat) ||
	    !foreign_parse(
		    mem, flat,
		    (struct sv){ (const char *)s->r_owner, s->r_owner_length },
		    (struct sv){ (const char *)s->zone_origin,
				 s->zone_origin_length },
		    s->default_ttl, &rr))
		return false;
	for (; s->input.current < rest.p + n; s->input.current++)
		s->line_counter += *s->input.current == '\n';
	*VEC_ADD(mem, &out->list) = rr;
	return true;
}

int zone_scan(struct arena *mem, struct diags *d, struct loc at, struct sv text,
	      struct sv origin, uint32_t ttl, struct zone_rrs *out)
{
	struct arena *own = arena_under(mem);
	const char *from =
		arena_str(own, arena_fmt(own, SV_FMT ".", SV_ARG(origin)));
	zs_scanner_t *s = scanner_new(own, text, from, ttl);
	int rc = 0;

	assert(s != NULL);
	for (;;) {
		const char *before = s->input.current;

		if (zs_parse_record(s) != 0)
			break;
		if (s->state == ZS_STATE_DATA && s->r_class == CLASS_IN)
			rr_add(mem, s, out);
		else if (s->state == ZS_STATE_EOF)
			break;
		else if (s->state != ZS_STATE_ERROR ||
			 !foreign_add(mem, s, before, out))
			rc = scan_fault(d, at, s, before);
		/* It is marked so until the file is opened. */
		if (s->state == ZS_STATE_INCLUDE)
			s->error.fatal = false;
		if (s->error.fatal || s->state == ZS_STATE_STOP)
			break;
	}
	arena_free(own);
	return rc;
}

bool rdata_scan(struct arena *mem, enum rrtype type, struct sv text,
		struct sv *wire)
{
	struct arena *own = arena_under(mem);
	/* By its number, where no library needs a word for the type. */
	struct sv line =
		sv_starts(text, SV("\\#"))
			? arena_fmt(own, ". 0 IN TYPE%u ", rrtype_code(type))
			: arena_fmt(own, ". 0 IN %s ", rrtype_name(type));
	struct buf b = { .mem = own };
	struct zone_rrs rrs = { 0 };
	bool ok;

	buf_add(&b, line);
	buf_add(&b, text);
	buf_char(&b, '\n');
	ok = zone_scan(own, NULL, NOWHERE, buf_sv(&b), SV(""), 0, &rrs) == 0 &&
	     rrs.list.n == 1 && rrs.list.v[0].code == rrtype_code(type) &&
	     sv_eq(rrs.list.v[0].owner, SV("."));
	if (ok)
		*wire = arena_sv(mem, rrs.list.v[0].rdata);
	arena_free(own);
	return ok;
}

static int rr_cmp(const void *a, const void *b)
{
	const struct zone_rr *x = *(const struct zone_rr *const *)a;
	const struct zone_rr *y = *(const struct zone_rr *const *)b;
	int c = sv_cmp(x->owner, y->owner);

	if (c != 0)
		return c;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

struct rr_refs {
	VEC(const struct zone_rr *) list;
};

struct grouping {
	struct arena *mem;
	struct diags *d; /* or NULL */
	struct loc at;
	bool is_static;
	struct endpoints *out;
};

static struct loc line_of(const struct grouping *g, const struct zone_rr *rr)
{
	return (struct loc){ g->at.file, rr->line, 1 };
}

static void provenance_add(struct grouping *g, struct endpoint *e,
			   const struct zone_rr *rr)
{
	struct provenance *p = VEC_ADD(g->mem, &e->from);

	p->at = line_of(g, rr);
	p->name_rule = g->is_static ? "zones.*.static" : "output";
	p->kind = g->is_static ? SV("static") : SV("output");
	p->name = g->at.file;
	if (!g->is_static)
		provenance_of_comment(arena_sv(g->mem, rr->comment), p);
}

static int rr_fault(struct grouping *g, const struct zone_rr *rr,
		    enum rrtype *type)
{
	if (!rrtype_of_code(rr->code, type))
		return g->d == NULL
			       ? -1
			       : diag_error(g->d, DIAG_ZONE, line_of(g, rr),
					    "record " SV_FMT " has type %u: "
					    "expected one that IANA has "
					    "assigned to data of a zone, or "
					    "65280 to 65534 (RFC 6895 3.1)",
					    SV_ARG(rr->owner), rr->code);
	if (rr->ttl > MAX_TTL || (rr->ttl == 0 && g->is_static))
		return g->d == NULL
			       ? -1
			       : diag_error(g->d, DIAG_TTL, line_of(g, rr),
					    "record " SV_FMT
					    ": invalid TTL %lu: expected 1 to "
					    "%d (RFC 2181 8)",
					    SV_ARG(rr->owner),
					    (unsigned long)rr->ttl, MAX_TTL);
	return 0;
}

/* The RRset that starts at `rr[0]`, one of `n` records. */
static int rrset_add(struct grouping *g, const struct zone_rr *const *rr,
		     size_t n)
{
	struct sv *wires = ARENA_ARRAY(g->mem, struct sv, n);
	struct endpoint *e;
	enum rrtype type;
	int rc = 0;

	if (rr_fault(g, rr[0], &type) != 0)
		return -1;
	e = endpoints_add(g->mem, g->out);
	e->name = arena_sv(g->mem, rr[0]->owner);
	e->type = type;
	e->ttl = rr[0]->ttl;
	e->is_static = g->is_static;
	provenance_add(g, e, rr[0]);
	for (size_t i = 0; i < n; i++) {
		wires[i] = rr[i]->rdata;
		if (rr[i]->ttl == rr[0]->ttl || g->d == NULL)
			continue;
		rc = diag_error(
			g->d, DIAG_TTL, line_of(g, rr[i]),
			"records " SV_FMT
			" %s have two TTLs; expected one (RFC 2181 5.2)",
			SV_ARG(e->name), rrtype_name(type));
		diag_related(g->d, line_of(g, rr[0]));
	}
	rdata_targets(g->mem, e, wires, n);
	return rc;
}

int zone_endpoints(struct arena *mem, struct diags *d, struct loc at,
		   const struct zone_rrs *rrs, bool is_static,
		   struct endpoints *out)
{
	struct grouping g = { mem, d, at, is_static, out };
	struct rr_refs refs = { 0 };
	size_t end;
	int rc = 0;

	for (size_t i = 0; i < rrs->list.n; i++)
		if (rrs->list.v[i].code != RRCODE_SOA)
			*VEC_ADD(mem, &refs.list) = &rrs->list.v[i];
	if (refs.list.n > 1)
		qsort(refs.list.v, refs.list.n, sizeof(refs.list.v[0]), rr_cmp);
	for (size_t i = 0; i < refs.list.n; i = end) {
		const struct zone_rr *first = refs.list.v[i];

		for (end = i + 1; end < refs.list.n; end++)
			if (refs.list.v[end]->code != first->code ||
			    !sv_eq(refs.list.v[end]->owner, first->owner))
				break;
		if (rrset_add(&g, &refs.list.v[i], end - i) != 0)
			rc = -1;
	}
	endpoints_sort(out);
	return rc;
}

/* What may not stand in a file of hand-kept records. */
static int static_fault(struct diags *d, struct loc at, struct sv origin,
			const struct zone_rr *rr)
{
	at.line = rr->line;
	at.col = 1;
	if (rr->code == RRCODE_SOA)
		return diag_error(d, DIAG_ZONE, at,
				  "the static file has a SOA, which belongs in "
				  "`soa:` of the output");
	if (!dname_in(rr->owner, origin))
		return diag_error(d, DIAG_ZONE, at,
				  "record " SV_FMT
				  " is outside the zone " SV_FMT,
				  SV_ARG(rr->owner), SV_ARG(origin));
	return 0;
}

int zone_text_read(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct sv origin, int64_t default_ttl,
		   struct endpoints *out)
{
	struct loc at = { file, 0, 0 };
	struct zone_rrs rrs = { 0 };
	int rc = zone_scan(mem, d, at, text, origin, (uint32_t)default_ttl,
			   &rrs);

	for (size_t i = 0; i < rrs.list.n; i++)
		if (static_fault(d, at, origin, &rrs.list.v[i]) != 0)
			rc = -1;
	return zone_endpoints(mem, d, at, &rrs, true, out) != 0 ? -1 : rc;
}
