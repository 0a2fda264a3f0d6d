#include "output/zone_foreign.h"

#include <ldns/ldns.h>

#include "base/buf.h"

/* Where we are in an entry. */
struct entry {
	unsigned depth; /* of parentheses */
	bool quoted, comment;
};

/* Does the entry go on behind `c`?  What means something goes to `b`. */
static bool entry_byte(struct entry *e, struct buf *b, char c)
{
	if (c == '\n') {
		e->comment = false;
		buf_char(b, ' ');
		return e->depth > 0 && !e->quoted;
	}
	if (e->comment)
		return true;
	if (c == '"')
		e->quoted = !e->quoted;
	if (e->quoted || strchr("();", c) == NULL || c == '\0') {
		buf_char(b, c);
		return true;
	}
	e->comment = c == ';';
	e->depth += c == '(';
	e->depth -= c == ')' && e->depth > 0;
	buf_char(b, ' ');
	return true;
}

bool entry_cut(struct arena *mem, struct sv text, size_t *n, struct sv *flat)
{
	struct entry e = { 0 };
	struct buf b = { .mem = mem };
	size_t i = 0;

	for (; i < text.n && entry_byte(&e, &b, text.p[i]); i++) {
		if (text.p[i] == '\\' && !e.comment && i + 1 < text.n &&
		    text.p[i + 1] != '\n')
			buf_char(&b, text.p[++i]);
	}
	*n = i;
	*flat = buf_sv(&b);
	/* ldns takes a blank at the end for more data. */
	while (flat->n > 0 && flat->p[flat->n - 1] == ' ')
		flat->n--;
	return e.depth == 0 && !e.quoted;
}

static void free_rr(void *rr)
{
	ldns_rr_free(rr);
}

static void free_name(void *name)
{
	ldns_rdf_deep_free(name);
}

static ldns_rdf *name_of(struct arena *own, struct sv wire)
{
	ldns_rdf *name =
		ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.n, wire.p);

	if (name != NULL)
		arena_defer(own, free_name, name);
	return name;
}

static bool same_name(const ldns_rdf *name, struct sv wire)
{
	struct sv raw = { (const char *)ldns_rdf_data(name),
			  ldns_rdf_size(name) };

	return sv_case_eq(raw, wire);
}

/* The data as it goes over the wire. */
static bool take_data(struct arena *mem, const ldns_rr *rr, struct sv *out)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *f = ldns_rr_rdf(rr, i);

		buf_add(&b, (struct sv){ (const char *)ldns_rdf_data(f),
					 ldns_rdf_size(f) });
	}
	*out = buf_sv(&b);
	return out->n > 0;
}

/* Of these ldns 1.8 makes other bytes than named does. */
static bool is_trusted(enum rrtype type)
{
	return !rrtype_has_word(type) && type != RR_ATMA && type != RR_NSAP_PTR;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_trusted_word(struct sv word)
{
	for (int t = 0; t < RR_COUNT; t++)
		if (is_trusted((enum rrtype)t) &&
		    sv_case_eq(word, sv_of(rrtype_name((enum rrtype)t))))
			return true;
	return false;
}

/* Does such a type stand before the data?  Only then is it ldns' turn: other
 * faulty lines of a stranger's file stay away from it. */
static bool names_type(struct sv entry)
{
	enum { OWNER_TTL_CLASS_TYPE = 4 };
	size_t at = 0, from;

	for (int i = 0; i < OWNER_TTL_CLASS_TYPE; i++) {
		while (at < entry.n && is_blank(entry.p[at]))
			at++;
		for (from = at; at < entry.n && !is_blank(entry.p[at]);)
			at++;
		if (is_trusted_word((struct sv){ entry.p + from, at - from }))
			return true;
	}
	return false;
}

static bool take_record(struct arena *mem, const ldns_rr *rr, struct sv owner,
			struct zone_rr *out)
{
	enum rrtype type;

	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
	    !rrtype_of_code((unsigned)ldns_rr_get_type(rr), &type) ||
	    !is_trusted(type) || !same_name(ldns_rr_owner(rr), owner))
		return false;
	out->code = rrtype_code(type);
	out->ttl = ldns_rr_ttl(rr);
	return take_data(mem, rr, &out->rdata);
}

bool foreign_parse(struct arena *mem, struct sv entry, struct sv owner,
		   struct sv origin, uint32_t ttl, struct zone_rr *out)
{
	struct arena *own = arena_under(mem);
	ldns_rdf *from = name_of(own, origin);
	/* It is replaced by the owner that was read, and freed by us. */
	ldns_rdf *before =
		ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, owner.n, owner.p);
	ldns_rr *rr = NULL;
	bool ok = names_type(entry) && from != NULL && before != NULL &&
		  ldns_rr_new_frm_str(&rr, arena_str(own, entry), ttl, from,
				      &before) == LDNS_STATUS_OK;

	if (before != NULL)
		arena_defer(own, free_name, before);
	if (ok) {
		arena_defer(own, free_rr, rr);
		ok = take_record(mem, rr, owner, out);
	}
	arena_free(own);
	return ok;
}

bool rdata_parse(struct arena *mem, enum rrtype type, struct sv text,
		 struct sv *wire)
{
	struct arena *own = arena_under(mem);
	struct sv line = arena_fmt(own, ". 0 IN %s " SV_FMT, rrtype_name(type),
				   SV_ARG(text));
	ldns_rr *rr = NULL;
	bool ok = ldns_rr_new_frm_str(&rr, line.p, 0, NULL, NULL) ==
		  LDNS_STATUS_OK;

	if (ok) {
		arena_defer(own, free_rr, rr);
		ok = take_data(mem, rr, wire);
	}
	arena_free(own);
	return ok;
}
