/*
 * zone_text.h - zone file text to records, by libzscanner; private to
 * gen/output/, as is that library.
 *
 * Trust:  $INCLUDE is never followed: it could name any file.
 * Source: RFC 1035 section 5.
 */
#ifndef OUTPUT_ZONE_TEXT_H
#define OUTPUT_ZONE_TEXT_H

#include "output/output.h"

enum {
	RRCODE_NS = 2,
	RRCODE_SOA = 6,
};

struct zone_rr {
	struct sv owner; /* dname_parse() form */
	unsigned code;	 /* IANA number of the type */
	uint32_t ttl;
	struct sv rdata; /* wire; case of names as it was */
	struct sv comment;
	uint32_t line;
};

struct zone_rrs {
	VEC(struct zone_rr) list;
};

/* Every record; -1 when a line could not be read: one diag each, or none at
 * all without `d`.  `at` is the file, line 0. */
int zone_scan(struct arena *mem, struct diags *d, struct loc at, struct sv text,
	      struct sv origin, uint32_t ttl, struct zone_rrs *out);

/* The text with LF at the ends of its lines. */
struct sv zone_text_lf(struct arena *mem, struct sv text);

/* RRsets of `rrs` (SOA left out), in order of first appearance.  Records of a
 * class, type or TTL that we cannot hold are diags if there is `d`. */
int zone_endpoints(struct arena *mem, struct diags *d, struct loc at,
		   const struct zone_rrs *rrs, bool is_static,
		   struct endpoints *out);

/* Data of one record, `text` being a stranger's; names are absolute with or
 * without a final dot.  False unless it is exactly one record of that type. */
bool rdata_scan(struct arena *mem, enum rrtype type, struct sv text,
		struct sv *wire);

#endif
