/*
 * zone_lines.h - records as the lines of a zone file, in the one order and
 * the one layout of every zone file we write; private to gen/output/.
 *
 * Shape:  each line says everything, so that it means the same in a whole
 *         file, behind $INCLUDE and between two markers: absolute owner, TTL,
 *         class, type, absolute names; no $TTL, no $ORIGIN.
 * Source: RFC 4034 section 6 for the order.
 */
#ifndef OUTPUT_ZONE_LINES_H
#define OUTPUT_ZONE_LINES_H

#include "base/buf.h"
#include "output/zone_text.h"

struct zone_line {
	struct sv owner;
	unsigned code;
	uint32_t ttl;
	struct sv rdata;   /* wire, names lower-case */
	struct sv text;	   /* of rdata, in zone file form */
	struct sv comment; /* or "" */
	uint32_t line;	   /* of the file that it was read from, or 0 */
};

struct zone_lines {
	VEC(struct zone_line) list;
};

/* Lines of the records of ctx->zone; -1 with a diag for each that a zone file
 * cannot hold. */
int zone_lines_add(struct output_ctx *ctx, const struct endpoints *records,
		   struct zone_lines *out);
void zone_lines_add_rr(struct arena *mem, struct zone_lines *out,
		       struct sv owner, unsigned code, uint32_t ttl,
		       struct sv rdata);

/* The same of what was read from a file. */
void zone_lines_of(struct arena *mem, const struct zone_rrs *rrs,
		   struct zone_lines *out);

/* Into output order, each record once. */
void zone_lines_sort(struct zone_lines *lines);

/* What makes two zones equal: no comments, the serial counted as 0. */
struct sv zone_lines_digest_text(struct arena *mem,
				 const struct zone_lines *lines);

/* "A", or "TYPE22" where not every name server has a word for it. */
struct sv zone_type_name(struct arena *mem, unsigned code);

struct zone_style {
	const char *end;  /* "\r\n" or "\n" */
	struct sv origin; /* owners are written relative to it; p NULL: whole */
	uint32_t serial;  /* of a SOA, which takes several lines */
	struct sv digest; /* beside the serial, or "" */
};

void zone_lines_write(struct buf *b, const struct zone_lines *lines,
		      const struct zone_style *style);

/* Does libzscanner read exactly `lines` in `text`?  The SOA's serial must be
 * `serial`. */
bool zone_lines_reread(struct arena *mem, struct sv text, struct sv origin,
		       const struct zone_lines *lines, uint32_t serial);

/* The serial of a SOA among `lines`; false if there is none. */
bool zone_lines_serial(const struct zone_lines *lines, uint32_t *serial);

#endif
