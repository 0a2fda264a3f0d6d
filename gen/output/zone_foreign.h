/*
 * zone_foreign.h - records of types that libzscanner has no word for, X25 or
 * HIP, read by ldns; private to gen/output/.
 *
 * Why:    libzscanner refuses such a line, ldns is three times slower and
 *         takes unclosed quotes; so it gets these lines only, one at a time.
 */
#ifndef OUTPUT_ZONE_FOREIGN_H
#define OUTPUT_ZONE_FOREIGN_H

#include "output/zone_text.h"

/*
 * The entry at the head of `text`: to the end of its last line, parentheses
 * closed.  `flat` gets it on one line, without comments.  False: it never
 * closes, or a quote does not.
 */
bool entry_cut(struct arena *mem, struct sv text, size_t *n, struct sv *flat);

/* The type of an entry, where it is one that is in rrtype.def as NUMBER; else
 * RR_COUNT. */
enum rrtype foreign_type(struct sv entry);

/* `entry` with `owner` and `origin` in wire form; false unless it is a record
 * of a type that is in rrtype.def as NUMBER, and of that owner. */
bool foreign_parse(struct arena *mem, struct sv entry, struct sv owner,
		   struct sv origin, uint32_t ttl, struct zone_rr *out);

/* Data of one record as ldns reads it, without a final dot at relative names:
 * the second opinion on what we write. */
bool rdata_parse(struct arena *mem, enum rrtype type, struct sv text,
		 struct sv *wire);

#endif
