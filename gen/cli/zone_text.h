/*
 * zone_text.h - the records of a zone in an output format, for standard output.
 *
 * Owner:  s->mem.
 * Errors: -1 with a diag, or a fault.
 */
#ifndef CLI_ZONE_TEXT_H
#define CLI_ZONE_TEXT_H

#include "pipeline/pipeline.h"

/* `what` prints them: "list -o bind".  `follow`: a serial goes on from that of
 * the zone's own file in the snapshot, where it has one. */
int zone_text(struct session *s, const struct zone_plan *z,
	      const struct format *f, const char *what, bool follow,
	      struct sv *text);

#endif
