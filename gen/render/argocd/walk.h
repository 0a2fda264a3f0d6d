/*
 * walk.h - one walk over Applications, between its files; private to this
 * folder.
 */
#ifndef RENDER_ARGOCD_WALK_H
#define RENDER_ARGOCD_WALK_H

#include "base/map.h"
#include "render/argocd/argocd.h"
#include "template/template.h"

struct argocd {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds; /* wanted, and those that lead on */
	struct map seen;	  /* identity of each Application followed */
	size_t apps;		  /* followed so far */
	struct objects *out;
	bool values_only; /* plain reading: only what Helm values name */
};

/* One Application that stands in a file: its keys are checked. */
int argocd_application(struct argocd *a, const struct object *app);

/* One whose keys are known, such as an ApplicationSet makes. */
int argocd_follow(struct argocd *a, const struct object *app);

/* The Applications that an ApplicationSet makes, each followed. */
int argocd_set(struct argocd *a, const struct object *set);

/* The same, not followed. */
void argocd_make(struct argocd *a, const struct object *set,
		 struct objects *out);

#endif
