/*
 * finding.h - which findings a report for machines has, and what each is
 * called; private to gen/report/.
 *
 * Shape:  errors first, then warnings; a note says what was skipped and is for
 *         -v and `explain --skipped`.
 * Rule:   a finding keeps its fingerprint while its line moves, and no two of
 *         one report have the same: GitLab shows only one of those.
 * Owner:  the arena of the report.
 */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include <jansson.h>

#include "report/report.h"

struct finding {
	const struct diag *diag;
	struct sv fingerprint; /* 32 hexadecimal digits */
};

struct findings {
	VEC(struct finding) list;
	size_t hidden; /* that `most` leaves out */
};

void findings_of(const struct report_ctx *ctx, size_t most,
		 struct findings *out);

/* Escaped as SINK_TEXT, which is valid UTF-8: jansson always takes it. */
json_t *finding_text(struct arena *mem, struct sv s);

#endif
