/*
 * soa_place.h - where the serial of a hand-kept zone file stands, byte by
 * byte; private to gen/output/.
 *
 * Why:    a serial is moved without touching any other byte, and no library
 *         tells offsets.  What the text means is asked of libzscanner before
 *         and after.
 */
#ifndef OUTPUT_SOA_PLACE_H
#define OUTPUT_SOA_PLACE_H

#include "base/sv.h"

struct soa_place {
	size_t records; /* SOA records; the rest is of the last one */
	size_t at, n; /* its serial, as digits; n 0: it is written otherwise */
	/* The digest in a comment "; serial 0123456789abcdef" behind it;
	 * n 0: none. */
	size_t digest_at, digest_n;
};

struct soa_place soa_find(struct sv text);

#endif
