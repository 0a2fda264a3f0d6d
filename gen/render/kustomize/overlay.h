/*
 * overlay.h - kustomizations that nobody names as a root; private to
 * gen/render/.
 *
 * Where no root is asked for and Flux has none here, every kustomization that
 * no other one includes is taken as one that somebody applies.
 *
 * Rule:   a file that a build reads makes the objects of that build; one that
 *         lies beside a kustomization and is not listed, or is a patch, makes
 *         none, with a note; all others are read as they stand.
 */
#ifndef RENDER_KUSTOMIZE_OVERLAY_H
#define RENDER_KUSTOMIZE_OVERLAY_H

#include "render/kustomize/kustomize.h"

/*
 * Turn what plain reading found into what would be applied.  `said` is what
 * plain reading warned; of files that it no longer stands for it is dropped.
 * Nothing changes where there is no kustomization.
 */
int overlay_objects(struct render_ctx *ctx, struct objects *set,
		    struct diags *warned);

#endif
