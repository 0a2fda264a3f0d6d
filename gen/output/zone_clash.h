/*
 * zone_clash.h - our records beside those that somebody keeps in the same
 * zone: around our block, or in the file that includes ours; private to
 * gen/output/.
 *
 * Source: RFC 1034 sections 3.6.2 and 4.2.1, RFC 2181 section 5, RFC 6672
 *         section 2.4.
 */
#ifndef OUTPUT_ZONE_CLASH_H
#define OUTPUT_ZONE_CLASH_H

#include "output/zone_lines.h"

/* The records of a file that somebody keeps, as far as they can be read; of a
 * line that cannot ($INCLUDE, $GENERATE) `unread`, or NULL, says why.  Line
 * ends may be CR LF. */
void outside_read(struct output_ctx *ctx, struct sv text,
		  struct zone_lines *out, struct diags *unread);

/* `file` is where they stand.  0, or -1 with a diag for each record of ours
 * that no zone can hold beside them; what is there twice is warned of. */
int clash_check(struct output_ctx *ctx, struct sv file,
		const struct zone_lines *ours,
		const struct zone_lines *outside);

#endif
