/*
 * block.h - our lines between two markers of a zone file that somebody keeps
 * by hand; private to gen/output/.
 *
 *	; BEGIN zoneloom example.com.
 *	...
 *	; END zoneloom example.com.
 *
 * Rule:   outside the markers nothing changes, byte for byte, but the digits
 *         of the serial (and a digest beside it).
 * Errors: the file is refused, with a diag, where our lines could change what
 *         its other lines mean.
 */
#ifndef OUTPUT_BLOCK_H
#define OUTPUT_BLOCK_H

#include "output/output.h"

int block_write(struct output_ctx *ctx, const struct endpoints *records,
		struct sv *text);

/* The zone that the first BEGIN marker names, or "". */
struct sv block_zone(struct sv text);

/* What stands between the markers now; -1 with a diag. */
int block_find(struct output_ctx *ctx, struct loc at, struct sv text,
	       struct sv *inside);

/* Warn of what an $INCLUDE of our file in `text` does to the lines behind. */
void include_check(struct output_ctx *ctx, struct sv file, struct sv text);

#endif
