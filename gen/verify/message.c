#include "verify/message.h"

#include <ldns/ldns.h>

#include "base/buf.h"

enum {
	FLAG_RESPONSE = 0x8000,
	FLAG_AUTHORITATIVE = 0x0400,
	FLAG_TRUNCATED = 0x0200,
	FLAG_RECURSE = 0x0100,
	OPCODE = 0x7800,
	RCODE = 0x000f,

	CLASS_IN = 1,

	QUESTION_TAIL = 4, /* type and class */
	EDNS_RECORD = 11,  /* put_edns() */

	/* What passes every path unfragmented: DNS Flag Day 2020. */
	EDNS_BYTES = 1232,
};

static void put_number(struct buf *b, unsigned n)
{
	buf_char(b, (char)(n >> 8 & 0xff));
	buf_char(b, (char)(n & 0xff));
}

static void put_question(struct buf *b, const struct question *q)
{
	buf_add(b, q->name);
	put_number(b, q->type);
	put_number(b, CLASS_IN);
}

/* RFC 6891 section 6.1.2: the root, OPT, our size, and nothing else. */
static void put_edns(struct buf *b)
{
	buf_char(b, 0);
	put_number(b, LDNS_RR_TYPE_OPT);
	put_number(b, EDNS_BYTES);
	put_number(b, 0);
	put_number(b, 0);
	put_number(b, 0);
}

struct sv query_write(struct arena *mem, const struct question *q, uint16_t id,
		      bool edns)
{
	struct buf b = { .mem = mem };

	put_number(&b, (unsigned)(MESSAGE_HEADER + q->name.n + QUESTION_TAIL +
				  (edns ? EDNS_RECORD : 0)));
	put_number(&b, id);
	put_number(&b, q->recurse ? FLAG_RECURSE : 0);
	put_number(&b, 1);
	put_number(&b, 0);
	put_number(&b, 0);
	put_number(&b, edns ? 1 : 0);
	put_question(&b, q);
	if (edns)
		put_edns(&b);
	return buf_sv(&b);
}

static unsigned number_at(struct sv bytes, size_t at)
{
	return (unsigned)(unsigned char)bytes.p[at] << 8 |
	       (unsigned char)bytes.p[at + 1];
}

/* Servers answer with the name as it was asked for, in its own case. */
static bool question_same(struct arena *mem, const struct question *q,
			  struct sv bytes)
{
	struct buf b = { .mem = mem };
	struct sv ours;

	put_question(&b, q);
	ours = buf_sv(&b);
	return sv_case_eq(sv_head(sv_from(bytes, MESSAGE_HEADER), ours.n),
			  ours);
}

/* A server that does not know EDNS may leave the question out; so may one that
 * goes on with a transfer (RFC 5936 section 2.2.1). */
static bool may_lack_question(const struct question *q, unsigned flags)
{
	return q->type == TYPE_AXFR || (flags & RCODE) == RCODE_FORMERR ||
	       (flags & RCODE) == RCODE_NOTIMP;
}

static struct sv data_of(struct arena *mem, const ldns_rr *rr)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *f = ldns_rr_rdf(rr, i);

		buf_add(&b, (struct sv){ (const char *)ldns_rdf_data(f),
					 ldns_rdf_size(f) });
	}
	return buf_sv(&b);
}

/* The bytes of a name, its lengths too, can be lowered at once: a length is
 * below "A". */
static void take_section(struct arena *mem, const ldns_rr_list *from,
			 struct served_rrs *out)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(from); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(from, i);
		const ldns_rdf *owner = ldns_rr_owner(rr);
		struct sv name = { (const char *)ldns_rdf_data(owner),
				   ldns_rdf_size(owner) };

		if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN)
			continue;
		*VEC_ADD(mem, &out->list) = (struct served_rr){
			.owner = arena_lower(mem, name),
			.type = ldns_rr_get_type(rr),
			.ttl = ldns_rr_ttl(rr),
			.wire = data_of(mem, rr),
		};
	}
}

static void free_packet(void *p)
{
	ldns_pkt_free(p);
}

static enum reading take_sections(struct arena *mem, struct sv bytes,
				  struct answer *out)
{
	struct arena *own = arena_new();
	ldns_pkt *p = NULL;
	bool ok = ldns_wire2pkt(&p, (const uint8_t *)bytes.p, bytes.n) ==
		  LDNS_STATUS_OK;

	if (ok) {
		arena_defer(own, free_packet, p);
		take_section(mem, ldns_pkt_answer(p), &out->answer);
		take_section(mem, ldns_pkt_authority(p), &out->authority);
		out->rcode |= (unsigned)ldns_pkt_edns_extended_rcode(p) << 4;
	}
	arena_free(own);
	return ok ? READING_OK : READING_BROKEN;
}

enum reading answer_read(struct arena *mem, const struct question *q,
			 uint16_t id, struct sv bytes, struct answer *out)
{
	unsigned flags, questions;

	*out = (struct answer){ 0 };
	if (bytes.n < MESSAGE_HEADER || bytes.n > MAX_MESSAGE ||
	    number_at(bytes, 0) != id)
		return READING_STRANGE;
	flags = number_at(bytes, 2);
	questions = number_at(bytes, 4);
	if ((flags & FLAG_RESPONSE) == 0 || (flags & OPCODE) != 0 ||
	    questions > 1 || (questions == 0 && !may_lack_question(q, flags)) ||
	    (questions == 1 && !question_same(mem, q, bytes)))
		return READING_STRANGE;
	out->rcode = flags & RCODE;
	out->authoritative = (flags & FLAG_AUTHORITATIVE) != 0;
	out->truncated = (flags & FLAG_TRUNCATED) != 0;
	return out->truncated ? READING_OK : take_sections(mem, bytes, out);
}

struct sv rcode_text(struct arena *mem, unsigned rcode)
{
	static const struct {
		unsigned code;
		const char *text;
	} rows[] = {
		{ RCODE_NOERROR, "NOERROR" },	{ RCODE_FORMERR, "FORMERR" },
		{ RCODE_SERVFAIL, "SERVFAIL" }, { RCODE_NXDOMAIN, "NXDOMAIN" },
		{ RCODE_NOTIMP, "NOTIMP" },	{ RCODE_REFUSED, "REFUSED" },
		{ RCODE_NOTAUTH, "NOTAUTH" },	{ RCODE_BADVERS, "BADVERS" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == rcode)
			return sv_of(rows[i].text);
	return arena_fmt(mem, "code %u", rcode);
}
