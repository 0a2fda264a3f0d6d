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

/* One set of generator parameters: a map of scalars, lists and maps. */
struct params {
	VEC(const struct node *) list;
};

/* How the templates of an ApplicationSet are read. */
struct argocd_rules {
	bool go; /* goTemplate */
	enum missing_key missing;
};

/* Parameters of spec.generators[]; what cannot be known is a finding. */
int argocd_generate(struct argocd *a, const struct object *set,
		    const struct node *generators,
		    const struct argocd_rules *rules, unsigned depth,
		    struct params *out);

/* What could not be filled. */
struct argocd_unfilled {
	struct loc at;
	struct sv text;
	const char *why;
};

/* `template` with its {{...}} filled in; NULL when one that matters cannot be
 * filled. */
struct node *argocd_fill(struct argocd *a, const struct node *template,
			 const struct node *params,
			 const struct argocd_rules *rules,
			 struct argocd_unfilled *out);

/* A text made a name, as Argo CD's normalize. */
struct sv argocd_normalised(struct arena *mem, struct sv s);

#endif
