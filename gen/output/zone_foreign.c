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

/*
 * Types that ldns 1.8 has no word for, or of which it makes other bytes than
 * named does, and those whose data has the same fields (RFC 3597 leaves it to
 * each type).
 */
static const struct {
	enum rrtype type, like;
} likes[] = {
	{ RR_AVC, RR_TXT },	{ RR_BRID, RR_OPENPGPKEY },
	{ RR_CLA, RR_TXT },	{ RR_HHIT, RR_OPENPGPKEY },
	{ RR_NINFO, RR_TXT },	{ RR_NSAP_PTR, RR_PTR },
	{ RR_RESINFO, RR_TXT }, { RR_RKEY, RR_DNSKEY },
	{ RR_TA, RR_DS },	{ RR_WALLET, RR_TXT },
};

/* A line whose type has no word in libzscanner. */
struct foreign {
	enum rrtype type, like; /* `like` is what ldns is given */
	struct sv head, rest;	/* before and behind the word */
	struct sv wire;		/* of the data, where we make it; or p NULL */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool foreign_word(struct sv word, enum rrtype *type)
{
	for (int t = 0; t < RR_COUNT; t++) {
		*type = (enum rrtype)t;
		if (!rrtype_has_word(*type) &&
		    sv_case_eq(word, sv_of(rrtype_name(*type))))
			return true;
	}
	return false;
}

/* Does such a type stand before the data?  Only then is it ldns' turn: other
 * faulty lines of a stranger's file stay away from it. */
static bool foreign_cut(struct sv entry, struct foreign *out)
{
	enum { OWNER_TTL_CLASS_TYPE = 4 };
	size_t at = 0, from;

	for (int i = 0; i < OWNER_TTL_CLASS_TYPE; i++) {
		while (at < entry.n && is_blank(entry.p[at]))
			at++;
		for (from = at; at < entry.n && !is_blank(entry.p[at]);)
			at++;
		if (foreign_word((struct sv){ entry.p + from, at - from },
				 &out->type)) {
			out->head = sv_head(entry, from);
			out->rest = sv_trim(sv_from(entry, at));
			return true;
		}
	}
	return false;
}

enum rrtype foreign_type(struct sv entry)
{
	struct foreign f;

	return foreign_cut(entry, &f) ? f.type : RR_COUNT;
}

/* The blank-separated words of data; false unless there are `n`. */
static bool words_cut(struct sv rest, struct sv *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		rest = sv_trim(rest);
		words[i] = sv_head(rest, sv_chr(rest, ' '));
		rest = sv_from(rest, words[i].n);
		if (words[i].n == 0)
			return false;
	}
	return sv_trim(rest).n == 0;
}

/* RFC 8777 section 4.3: that of an IPSECKEY without its algorithm and key, but
 * for a bit beside the type of the relay. */
static bool amtrelay_wire(struct arena *mem, struct sv rest, struct sv *wire)
{
	struct buf b = { .mem = mem };
	struct sv w[4], like;
	bool ok = words_cut(rest, w, 4) &&
		  (sv_eq(w[1], SV("0")) || sv_eq(w[1], SV("1"))) &&
		  (!sv_eq(w[2], SV("3")) || sv_ends(w[3], SV("."))) &&
		  rdata_scan(
			  mem, RR_IPSECKEY,
			  arena_fmt(mem, SV_FMT " " SV_FMT " 2 " SV_FMT " AQ==",
				    SV_ARG(w[0]), SV_ARG(w[2]), SV_ARG(w[3])),
			  &like);

	if (!ok)
		return false;
	buf_char(&b, like.p[0]);
	buf_char(&b, (char)(like.p[1] | (w[1].p[0] == '1' ? 0x80 : 0)));
	buf_add(&b, sv_from(sv_head(like, like.n - 1), 3));
	*wire = buf_sv(&b);
	return true;
}

static bool type_code(struct sv word, unsigned long long *code)
{
	for (int t = 0; t < RR_COUNT; t++)
		if (sv_case_eq(word, sv_of(rrtype_name((enum rrtype)t)))) {
			*code = rrtype_code((enum rrtype)t);
			return true;
		}
	return sv_case_eq(sv_head(word, 4), SV("TYPE")) &&
	       sv_number(sv_from(word, 4), UINT16_MAX, code);
}

/* RFC 9859 section 2.1: a type, a scheme of one byte, and what a SRV has. */
static bool dsync_wire(struct arena *mem, struct sv rest, struct sv *wire)
{
	struct buf b = { .mem = mem };
	unsigned long long type, scheme = 1;
	struct sv w[4], like;

	if (!words_cut(rest, w, 4) || !type_code(w[0], &type) ||
	    (!sv_case_eq(w[1], SV("NOTIFY")) &&
	     !sv_number(w[1], UINT8_MAX, &scheme)) ||
	    !sv_ends(w[3], SV(".")) ||
	    !rdata_scan(mem, RR_SRV,
			arena_fmt(mem, "0 0 " SV_FMT " " SV_FMT, SV_ARG(w[2]),
				  SV_ARG(w[3])),
			&like))
		return false;
	buf_char(&b, (char)(type >> 8));
	buf_char(&b, (char)(type & 0xff));
	buf_char(&b, (char)scheme);
	buf_add(&b, sv_from(like, 4));
	*wire = buf_sv(&b);
	return true;
}

/* Types that neither library knows, of fields that one of them does. */
static const struct composed {
	enum rrtype type;
	bool (*wire)(struct arena *mem, struct sv rest, struct sv *wire);
} composed[] = {
	{ RR_AMTRELAY, amtrelay_wire },
	{ RR_DSYNC, dsync_wire },
};

/* The data, and a text in its place; false: it is not data of that type. */
static bool compose(struct arena *mem, struct foreign *f)
{
	for (size_t i = 0; i < sizeof(composed) / sizeof(composed[0]); i++)
		if (composed[i].type == f->type) {
			if (!composed[i].wire(mem, f->rest, &f->wire))
				return false;
			f->like = RR_TXT;
			f->rest = SV("x");
		}
	return true;
}

/* The entry as ldns reads it; false: it would read it wrong. */
static bool foreign_entry(struct arena *mem, struct foreign *f,
			  struct sv *entry)
{
	bool hex = sv_starts(f->rest, SV("\\#"));

	f->wire = (struct sv){ NULL, 0 };
	f->like = f->type;
	if (!hex && !compose(mem, f))
		return false;
	for (size_t i = 0; !hex && i < sizeof(likes) / sizeof(likes[0]); i++)
		if (likes[i].type == f->type)
			f->like = likes[i].like;
	*entry = hex ? arena_fmt(mem, SV_FMT "TYPE%u " SV_FMT, SV_ARG(f->head),
				 rrtype_code(f->type), SV_ARG(f->rest))
		     : arena_fmt(mem, SV_FMT "%s " SV_FMT, SV_ARG(f->head),
				 rrtype_name(f->like), SV_ARG(f->rest));
	return hex || f->type != RR_ATMA;
}

static bool take_record(struct arena *mem, const ldns_rr *rr,
			const struct foreign *f, struct sv owner,
			struct zone_rr *out)
{
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
	    (unsigned)ldns_rr_get_type(rr) != rrtype_code(f->like) ||
	    !same_name(ldns_rr_owner(rr), owner))
		return false;
	out->code = rrtype_code(f->type);
	out->ttl = ldns_rr_ttl(rr);
	if (f->wire.p == NULL)
		return take_data(mem, rr, &out->rdata);
	out->rdata = arena_sv(mem, f->wire);
	return true;
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
	struct foreign f;
	bool ok = foreign_cut(entry, &f) && foreign_entry(own, &f, &entry) &&
		  from != NULL && before != NULL &&
		  ldns_rr_new_frm_str(&rr, arena_str(own, entry), ttl, from,
				      &before) == LDNS_STATUS_OK;

	if (before != NULL)
		arena_defer(own, free_name, before);
	if (ok) {
		arena_defer(own, free_rr, rr);
		ok = take_record(mem, rr, &f, owner, out);
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
