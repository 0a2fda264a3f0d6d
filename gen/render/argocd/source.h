/*
 * source.h - one source of one Application, between the files of this folder.
 *
 * Shape:  argocd.c finds the source and takes what it gives; values.c, glob.c,
 *         env.c and kustomization.c know what its keys do.
 * Source: Argo CD 3.6.1, reposerver/repository and util/kustomize (behaviour).
 */
#ifndef RENDER_ARGOCD_SOURCE_H
#define RENDER_ARGOCD_SOURCE_H

#include "base/pattern.h"
#include "render/argocd/walk.h"

/* One place of a walk: the Application that leads there. */
struct argocd_step {
	struct argocd *a;
	const struct object *app;
	const struct node *source;
	struct sv namespace, cluster;
	const struct origin *origin;
	struct sv realm; /* of what it delivers */
	bool top;	 /* a root, which no Application leads to */
};

/* --- env.c --- */

/* $ARGOCD_APP_NAME and its like put in, as Go's os.Expand does it; what only
 * the cluster knows, such as the revision, stays as it is. */
struct sv argocd_env(const struct argocd_step *s, struct sv text);

/* --- glob.c --- */

/* The globs of `directory`: `{a,b}`, `[a-c]`, `[!abc]`, a backslash; `*` takes
 * slashes too.  NULL, or what is wrong. */
const char *argocd_glob(struct arena *mem, struct sv glob,
			struct pattern **out);

/* Those of paths: `*` stays within a folder, and `**` does not. */
const char *argocd_path_glob(struct arena *mem, struct sv glob,
			     struct pattern **out);

/* --- kustomization.c --- */

/* `root` as `kustomize edit` leaves it when Argo CD has put the source's
 * options in; NULL with a diag where it would refuse. */
struct node *argocd_kustomization(const struct argocd_step *s, struct sv folder,
				  const struct node *root);

/* --- values.c --- */

/* What the values of the chart name. */
int argocd_chart(struct argocd_step *s, struct sv folder);

/* --- overrides.c --- */

/* The source with what .argocd-source.yaml and .argocd-source-NAME.yaml of its
 * folder say. */
const struct node *argocd_overridden(const struct argocd_step *s,
				     struct sv folder);

/* Say where the cluster runs another tree than the one that is read. */
void argocd_revision(const struct argocd_step *s);

#endif
