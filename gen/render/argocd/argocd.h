/*
 * argocd.h - Applications and ApplicationSets, followed offline; private to
 * gen/render/.
 *
 * Shape:  a source whose path is in this snapshot is read (kustomization,
 *         local chart's values, or plain folder); a chart from elsewhere gives
 *         what its values name (helm.h); anything else is a finding.
 * Trust:  MAX_ARGOCD_APPS, MAX_ARGOCD_PARAMS; an Application that leads to
 *         itself is followed once.
 * Source: Argo CD 3.x, util/argo and applicationset/generators (behaviour).
 */
#ifndef RENDER_ARGOCD_ARGOCD_H
#define RENDER_ARGOCD_ARGOCD_H

#include "base/map.h"
#include "render/render.h"

struct argocd {
	struct render_ctx *ctx;
	const char *const *kinds; /* wanted, and those that lead on */
	struct map seen;	  /* identity of each Application followed */
	size_t apps;		  /* followed so far */
	struct objects *out;
	bool values_only; /* plain reading: only what Helm values name */
};

/* Walk from the folder `root` (roots: argocd). */
int argocd_walk(struct render_ctx *ctx, const struct root *root,
		struct objects *out);

/* For plain reading: Helm values of the Applications that `set` holds;
 * what they name is appended. */
int argocd_values(struct render_ctx *ctx, struct objects *set);

/* --- between the files of the walk --- */

/* One Application, real or made by an ApplicationSet. */
int argocd_application(struct argocd *a, const struct object *app);

/* The Applications that an ApplicationSet makes, each followed. */
int argocd_set(struct argocd *a, const struct object *set);

/* One set of generator parameters: a map of scalars, lists and maps. */
struct params {
	VEC(const struct node *) list;
};

/* Parameters of spec.generators[]; what cannot be known is a finding. */
int argocd_generate(struct argocd *a, const struct object *set,
		    const struct node *generators, bool go_template,
		    unsigned depth, struct params *out);

/* `template` with its {{...}} filled in; NULL when one is unknown. */
struct node *argocd_fill(struct argocd *a, const struct node *template,
			 const struct node *params, bool go_template);

#endif
