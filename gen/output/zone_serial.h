/*
 * zone_serial.h - which serial a zone gets, by what was published; private to
 * gen/output/.
 *
 * Source: RFC 1982; RFC 1912 section 2.2.
 */
#ifndef OUTPUT_ZONE_SERIAL_H
#define OUTPUT_ZONE_SERIAL_H

#include "output/output.h"

/* A file of ours is read as a whole or not at all; of one that somebody keeps
 * ($INCLUDE, $GENERATE), what can be read counts. */
enum zone_reading { ZONE_STRICT, ZONE_TOLERANT };

/* The serial of a zone whose records have this digest; -1 with a diag. */
int serial_choose(struct output_ctx *ctx, enum zone_reading reading,
		  struct sv digest, uint32_t *out);

/* Say who must move the serial: the file that changes has no SOA. */
void serial_is_elsewhere(struct output_ctx *ctx);

#endif
