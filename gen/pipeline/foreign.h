/*
 * foreign.h - files beside an output that change what it publishes: whoever
 * reviews the output sees nothing of it.
 *
 * Owner:  s->mem.
 * Errors: -1 with a fault in `s`.
 */
#ifndef PIPELINE_FOREIGN_H
#define PIPELINE_FOREIGN_H

#include "pipeline/outputs.h"

/*
 * File a finding for each block of such a file in the snapshot that names a
 * record of ours: one that a plan has, or an output that stands there.
 * `before`, `o`: NULL where there is none.
 */
int foreign_find(struct session *s, const struct plan *plan,
		 const struct plan *before, const struct outputs *o,
		 enum diag_severity severity, struct diags *d);

#endif
