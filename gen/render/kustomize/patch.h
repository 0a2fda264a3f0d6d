/*
 * patch.h - changed copies of node trees.
 *
 * Shape:  nothing is changed in place: a change makes new nodes from the root
 *         down to the change and shares all others, so that a file parsed once
 *         serves every overlay.  A changed scalar remembers `was`.
 * Owner:  new nodes are in `mem`.
 * Errors: a fault text of the arena, or NULL; callers name file and object.
 * Source: RFC 6901, RFC 6902; sigs.k8s.io/kustomize/kyaml merge2 (kustomize
 *         5.8.2), measured in tests/e2e/kustomize.sh.
 */
#ifndef RENDER_KUSTOMIZE_PATCH_H
#define RENDER_KUSTOMIZE_PATCH_H

#include "manifest/manifest.h"

/* `map` with `key` set, or without it where `value` is NULL.  A NULL or null
 * `map` counts as an empty one. */
struct node *patch_with(struct arena *mem, struct node *map, struct sv key,
			struct node *value);

/* The same below the map under `outer`: metadata.name and the like. */
struct node *patch_with_in(struct arena *mem, struct node *root,
			   struct sv outer, struct sv key, struct node *value);

/* Value under `key` as a node that new trees may share; NULL if none. */
struct node *patch_get(const struct node *map, struct sv key);

/* A string scalar that replaces `was` (or stands alone). */
struct node *patch_str(struct arena *mem, struct loc at, struct sv text,
		       const struct node *was);

/*
 * Strategic merge of `change` into `have`.  Lists merge by key where the kind
 * has one (Service ports, ...), else they are replaced.  NULL in *out: the
 * patch deletes the object.
 */
struct patch {
	struct arena *mem;
	struct sv kind;
	const struct node *blame; /* what the fault is about, or NULL */
	size_t work; /* nodes copied so far, at most MAX_PATCH_WORK */
};

const char *patch_merge(struct patch *p, struct node *have, struct node *change,
			struct node **out);

/* A list of RFC 6902 operations. */
const char *patch_json(struct patch *p, struct node *root,
		       const struct node *ops, struct node **out);

#endif
