/*
 * findings.h - findings that were there before: of the base, or of a baseline.
 *
 * Shape:  a baseline is a text file, one finding a line, "SEVERITY CODE
 *         TEXT"; "#" starts a comment.  A finding counts as often as its line
 *         stands there.  Its place is not part of it: that moves with every
 *         edit above.  Findings about the clone (DIAG_ALLOW) are in no
 *         baseline.
 */
#ifndef PIPELINE_FINDINGS_H
#define PIPELINE_FINDINGS_H

#include "base/map.h"
#include "pipeline/session.h"

struct baseline {
	struct map counts; /* line to size_t * */
	struct strings distinct;
	size_t lines;
};

/* That of s->config, in its snapshot; empty where there is none. */
int baseline_read(struct session *s, struct baseline *out);

/* Does `b` hold every line of `a`, as often? */
bool baseline_within(const struct baseline *a, const struct baseline *b);

/* Of the errors: nothing else makes gate fail. */
struct sv baseline_text(struct arena *mem, const struct diags *d);

/* Errors and warnings of `d` that the base or the baseline has too become
 * notes; how many errors did. */
size_t findings_demote(struct diags *d, struct diags *base,
		       const struct baseline *baseline);

#endif
