/*
 * argocd.h - Applications and ApplicationSets, followed offline.
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

#include "render/render.h"

/* Walk from the folder `root` (roots: argocd). */
int argocd_walk(const struct render_ctx *ctx, const char *const *kinds,
		struct diags *d, const struct root *root, struct objects *out);

/* Helm values of the Applications that `set` holds and nobody walked; what
 * they name is appended to it. */
int argocd_values(const struct render_ctx *ctx, struct diags *d,
		  struct objects *set);

#endif
