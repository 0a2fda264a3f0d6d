/*
 * origin.h - by which steps an object came to be as it is.
 *
 * Owner:  an arena; a chain is shared by the objects of one step, and never
 *         changed.
 */
#ifndef BASE_ORIGIN_H
#define BASE_ORIGIN_H

#include "base/diag.h"

/*
 * How an object came to be read, outermost last: file <- Kustomization <-
 * Flux Kustomization.  `explain` prints the chain.
 */
struct origin {
	const struct origin *outer; /* NULL: nothing around it */
	const char *step; /* "kustomization", "flux", "argocd", "helm-values",
			     "render", "substitution", "patch", "replacement",
			     "generator" */
	struct loc at;	  /* where that step is written */
	struct sv text;	  /* "Kustomization flux-system/apps" */
	struct sv object; /* what the step followed, as a message names it */
	bool decides; /* gave a part of the object: claims judge its place */
};

#endif
