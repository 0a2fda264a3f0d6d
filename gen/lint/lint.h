/*
 * lint.h - findings about hosts that records alone do not show.
 *
 * To add a rule: a row in lint.def, its code in base/diag.def, and its test
 * in a file here, `void lint_<name>(struct lint_run *, const struct lint_rule
 * *)`.
 *
 * Shape:  a rule walks objects or records and files what it finds; none of
 *         them stops an output.
 * Rule:   a finding must be sure, or say what it does not know: where a chart
 *         or an operator may make the object, nothing is found.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "plan/plan.h"

struct lint_ctx {
	struct arena *mem;
	struct diags *found;
	struct diags *warned; /* by the stages before; see lint.def */
	const struct config *config;
	const struct objects *objects; /* of lint_kinds */
	const struct strings *charts;  /* folders where a chart makes objects */
	const struct plan *plan;
};

/* Whom the rules look at, as prefilter_match() takes them; ends with NULL. */
extern const char *const lint_kinds[];

void lint_all(const struct lint_ctx *ctx);

#endif
