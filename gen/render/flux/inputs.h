/*
 * inputs.h - what a ResourceSet is filled with; private to this folder.
 *
 * Source: flux-operator 0.59, internal/inputs.
 */
#ifndef RENDER_FLUX_INPUTS_H
#define RENDER_FLUX_INPUTS_H

#include "render/render.h"

struct inputs {
	VEC(struct node *) list; /* maps; NULL: once, without inputs */
};

/* The inputs of the set `o` and of its providers, which are looked up in
 * `maps`; false with a diag where git does not hold them. */
bool inputs_combine(const struct render_ctx *ctx, struct diags *d,
		    const struct objects *maps, const struct object *o,
		    struct inputs *out);

#endif
