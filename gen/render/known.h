/*
 * known.h - the keys of the objects that a renderer reads.
 *
 * Rule:   an object that is followed is followed wholly, or it is said where
 *         not: a key that is not built here, or that no schema knows, is an
 *         error [key] at its place that names the object.  Who keeps the
 *         object's previous records makes a warning of it.
 * Source: known.def; the tools' own schemas, walked by tests/e2e/schemas.sh.
 */
#ifndef RENDER_KNOWN_H
#define RENDER_KNOWN_H

#include "render/render.h"

struct known_keys {
	size_t unbuilt, unknown;
};

/*
 * Check `root` against the rows of `map`; how many keys are in the way.
 * `kind` is what ignore-keys calls it, `object` whose records are kept.
 */
struct known_keys known_check(const struct render_ctx *ctx, struct diags *d,
			      const char *map, struct sv kind, struct sv object,
			      const struct node *root);

/* The same for one key that is built in part: true where ignore-keys lists it,
 * else false with the error at `at`. */
bool known_skips(const struct render_ctx *ctx, struct diags *d,
		 struct sv object, struct loc at, struct sv key);

/* "Application argocd/web" */
struct sv known_object(struct arena *mem, struct sv kind, struct sv namespace,
		       struct sv name);

#endif
