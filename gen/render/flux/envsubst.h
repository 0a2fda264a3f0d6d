/*
 * envsubst.h - ${variables} in text, as Flux' post-build substitution has them.
 *
 * Shape:  only "${...}" is an expression; "$$" outside one is "$"; "$X", "$(X)"
 *         and backslashes are text.  Values are taken as they are and never
 *         read again.
 * Owner:  all in `mem`.
 * Errors: -1 with `fault` (what is wrong) and `fault_at` (byte of the text).
 * Trust:  MAX_SUBST_DEPTH, MAX_SUBST_BYTES, MAX_SUBST_WORK.
 * Source: fluxcd/pkg/envsubst, measured case by case (tests/data/envsubst).
 */
#ifndef RENDER_FLUX_ENVSUBST_H
#define RENDER_FLUX_ENVSUBST_H

#include "base/vec.h"

enum envsubst_state {
	ENVSUBST_UNSET, /* a default may stand in for it */
	ENVSUBST_SET,
	ENVSUBST_UNKNOWN, /* it has a value that is encrypted (SOPS):
			     its default would be wrong */
};

struct envsubst {
	struct arena *mem;
	enum envsubst_state (*get)(void *ctx, struct sv name, struct sv *value);
	void *ctx;
	bool lenient; /* what is unset and has no default is empty */
	bool keep;    /* an expression without a value stays as it is written
			 and its names go to `missing`; else it is a fault */
	VEC(struct sv) missing;
	const char *fault;
	size_t fault_at;
	size_t work; /* steps done so far; callers may start it anew */
};

int envsubst(struct envsubst *e, struct sv text, struct sv *out);

#endif
