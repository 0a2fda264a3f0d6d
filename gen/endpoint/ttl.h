/*
 * ttl.h - durations as Go reads them.
 *
 * Units:  seconds; what is finer is cut.
 * Source: Go's time.ParseDuration(); RFC 2181 8.
 */
#ifndef ENDPOINT_TTL_H
#define ENDPOINT_TTL_H

#include <stdint.h>

#include "base/sv.h"

/* "300ms", "-1.5h", "2h45m", "0": false for anything else. */
bool duration_parse(struct sv text, int64_t *seconds);

/* The same with "d" and "w", as ExternalDNS' flags take them. */
bool duration_flag_parse(struct sv text, int64_t *seconds);

/*
 * A TTL annotation: a duration or a whole number of seconds, 1 to MAX_TTL;
 * fractions of a second are cut.  NULL, or what is wrong; then *out is 0.
 */
const char *ttl_parse(struct sv text, int64_t *out);

#endif
