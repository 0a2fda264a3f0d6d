/*
 * message.h - one question to a name server, and what comes back; private to
 * gen/verify/.
 *
 * Trust:  an answer is a stranger's bytes.  It is looked at only when its id
 *         and its question are those that were sent (RFC 5452 section 4), and
 *         nothing is read behind its end.
 * Source: RFC 1035 section 4, RFC 6891 (EDNS), RFC 5936 (AXFR).
 */
#ifndef VERIFY_MESSAGE_H
#define VERIFY_MESSAGE_H

#include <stdint.h>

#include "base/vec.h"

enum {
	/* A TCP message has two bytes for its length. */
	MAX_MESSAGE = 65535,

	MESSAGE_HEADER = 12,

	TYPE_SOA = 6,
	TYPE_AXFR = 252,
};

enum rcode {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_NOTAUTH = 9,
	RCODE_BADVERS = 16,
};

struct question {
	struct sv name; /* wire form, lower case */
	unsigned type;	/* IANA number */
	bool recurse;	/* ask for recursion: of a resolver */
};

struct served_rr {
	struct sv owner; /* wire form, lower case */
	unsigned type;
	uint32_t ttl;
	struct sv wire; /* data; names uncompressed */
};

struct served_rrs {
	VEC(struct served_rr) list;
};

struct answer {
	unsigned rcode; /* with the bits that EDNS adds */
	bool authoritative, truncated;
	struct served_rrs answer, authority;
};

enum reading {
	READING_OK,
	READING_STRANGE, /* not an answer to this question */
	READING_BROKEN,	 /* it is one, and cannot be read */
};

/* Its length in front, as TCP has it. */
struct sv query_write(struct arena *mem, const struct question *q, uint16_t id,
		      bool edns);

/* The sections of a truncated answer are left out.  A later message of a
 * transfer may come without its question. */
enum reading answer_read(struct arena *mem, const struct question *q,
			 uint16_t id, struct sv bytes, struct answer *out);

/* "NXDOMAIN", "code 23" */
struct sv rcode_text(struct arena *mem, unsigned rcode);

#endif
