/*
 * serial.h - SOA serials and the digest beside them; private to gen/output/.
 *
 * Source: RFC 1982: of two serials the newer is the one less than 2^31 ahead.
 */
#ifndef OUTPUT_SERIAL_H
#define OUTPUT_SERIAL_H

#include "output/output.h"

/* Hexadecimal digits: on the serial's line, and all. */
enum { SERIAL_DIGEST = 16, DIGEST = 40 };

bool serial_newer(uint32_t a, uint32_t b);

/* The serial of a changed zone.  `base` NULL: there is none yet.  `scheme` is
 * zones.*.serial; `now` in seconds since 1970. */
uint32_t serial_next(struct sv scheme, const uint32_t *base, int64_t now);

/* First `digits` (at most 40) of the id that git gives to a blob of `text`:
 * `git hash-object --stdin` prints the same.  No protection, a name. */
struct sv digest_hex(struct arena *mem, struct sv text, size_t digits);

#endif
