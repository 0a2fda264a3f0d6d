/*
 * patch.h - templatePatch of an ApplicationSet; private to this folder.
 *
 * Errors: NULL with `out` saying what cannot be filled or merged.
 * Source: Argo CD 3.6, applicationset/controllers/template: a strategic merge
 *         in which no list of an Application merges; spec.project stays.
 */
#ifndef RENDER_ARGOCD_PATCH_H
#define RENDER_ARGOCD_PATCH_H

#include "render/argocd/generate.h"

struct node *argocd_patch(struct argocd *a, const struct object *set,
			  const struct node *patch, struct node *app,
			  const struct node *params,
			  const struct argocd_rules *rules,
			  struct argocd_unfilled *out);

#endif
