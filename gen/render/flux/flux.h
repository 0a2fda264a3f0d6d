/*
 * flux.h - what a cluster would hold that Flux fills from this snapshot.
 *
 * Shape:  a tree of units, one for each Flux Kustomization as the cluster
 *         would see it: patched and substituted by the unit that applies it.
 * Rule:   roots are those of the configuration (`roots:`, --flux-path), else
 *         every Flux Kustomization whose path exists and which no other one
 *         applies.  What no unit applies is not in the cluster.
 * Owner:  ctx->mem.
 * Errors: DIAG_FLUX and DIAG_KUSTOMIZE; -1 with a fault is the environment.
 * Source: kustomize-controller 1.9 (fluxcd/pkg/kustomize), spec.* of
 *         kustomize.toolkit.fluxcd.io/v1.
 */
#ifndef RENDER_FLUX_FLUX_H
#define RENDER_FLUX_FLUX_H

#include "render/render.h"

/* True if `o` is a Flux Kustomization. */
bool flux_is_kustomization(const struct object *o);

/* True if the configuration or the command line names a root. */
bool flux_asked(const struct render_ctx *ctx);

/* True if `set` holds a Flux Kustomization whose path exists. */
bool flux_in(const struct render_ctx *ctx, const struct objects *set);

/* The same of the whole tree, whatever part of it is asked for. */
int flux_in_tree(const struct render_ctx *ctx, bool *found);

/* Objects of the cluster, appended. */
int flux_objects(const struct render_ctx *ctx, const char *const *kinds,
		 struct diags *d, struct objects *out);

/* Put values of `vars:` into objects that no Kustomization applies. */
void flux_fill(const struct render_ctx *ctx, struct diags *d,
	       struct objects *set);

/* --- ResourceSets of flux-operator (resource_set.c) --- */

bool resource_set_is(struct sv kind, struct sv group);

/*
 * The objects of the set `o` whose kinds are among `kinds`, appended; its
 * providers are looked up in `maps`.  DIAG_KEY at the template that cannot be
 * filled, and where inputs are not in git; it keeps the set's previous records.
 */
void resource_set_build(const struct render_ctx *ctx, struct diags *d,
			const char *const *kinds, const struct objects *maps,
			const struct object *o, struct objects *out);

/* The kinds that it refers to; ends with NULL. */
extern const char *const resource_set_referred[];

#endif
