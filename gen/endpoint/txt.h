/*
 * txt.h - the character-strings of a TXT (RFC 1035 section 3.3).
 *
 * Shape:  target  quoted, one or more strings: "a" "b;c", with the escapes \"
 *                 \\ and \DDD; without a quote in front: one string, its bytes
 *         wire    each string behind a byte that holds its length
 * Source: RFC 1035 section 5.1; what Cloudflare, Route 53 and miekg/dns (of
 *         ExternalDNS' rfc2136 and of CoreDNS) make of a TXT target.
 */
#ifndef ENDPOINT_TXT_H
#define ENDPOINT_TXT_H

#include "endpoint/endpoint.h"

enum {
	/* RFC 1035 section 3.3: one length byte. */
	MAX_STRING = 255,
};

/* Wire form of a target; a string that is longer is cut.  NULL, or what is
 * wrong with the quotes of `target`. */
const char *txt_wire(struct arena *mem, struct sv target, struct sv *wire);

/* The one target of `wire` that is compared and printed: its bytes, and quoted
 * where bytes do not say it: strings with borders of their own, a quote in
 * front, an ownership TXT. */
struct sv txt_target(struct arena *mem, struct sv wire);

/* Every string of `wire`, quoted. */
struct sv txt_quoted(struct arena *mem, struct sv wire);

/* All strings as one; false when they are not cut as txt_wire() would: then
 * the borders mean something (RFC 6763 section 6). */
bool txt_bytes(struct arena *mem, struct sv wire, struct sv *out);

/* One string of any length, quoted. */
struct sv string_text(struct arena *mem, struct sv bytes);

/* Is a TXT value, quoted or not, an ownership record of ExternalDNS (its
 * endpoint/labels.go)?  Fills `labels`, unless that is NULL. */
bool ownership_parse(struct arena *mem, struct sv value, struct pairs *labels);

/* An ownership TXT, also one that was read from a file. */
bool is_ownership(const struct endpoint *e);

#endif
