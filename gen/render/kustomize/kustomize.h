/*
 * kustomize.h - `kustomize build` on a snapshot, for the kinds that end up in
 * records and what they are made of.
 *
 * Shape:  a list of resources in the order of the build.
 * Owner:  ctx->mem.  Trees are shared and never changed
 *         (render/kustomize/patch.h).
 * Errors: faults of files are diags (DIAG_KUSTOMIZE) that name the file; what
 *         kustomize can do and this cannot is one, too.  -1 with a fault is
 *         the environment.
 * Trust:  MAX_KUSTOMIZE_*; paths that leave the tree and cycles are refused.
 * Source: kustomize 5.8.2, which tests/e2e/kustomize.sh compares with.
 */
#ifndef RENDER_KUSTOMIZE_KUSTOMIZE_H
#define RENDER_KUSTOMIZE_KUSTOMIZE_H

#include "base/map.h"
#include "render/kustomize/patch.h"
#include "render/render.h"

struct identity {
	struct sv name, namespace, kind;
};

struct resource {
	struct node *root;
	struct sv api_version, group, version, kind;
	struct identity now;	     /* namespace "" when it has none */
	VEC(struct identity) before; /* what it was called before */
	const struct origin *origin;
	bool dropped;
};

struct resources {
	VEC(struct resource) list;
	bool incomplete; /* a base elsewhere was not read */
};

/* Of a transformer configuration: these fields hold the name of an object. */
struct name_reference {
	const struct node *to;	  /* kind, group, version of the object */
	const struct node *field; /* kind, group, version, path */
};

/* A file as far as it is of interest. */
struct kustomize_file {
	struct documents docs;
	struct diags diags; /* of reading it */
	bool broken;	    /* one of them says so */
};

struct kustomize {
	const struct render_ctx *ctx;
	const char *const *kinds; /* what is kept; ends with NULL */
	struct map files;	  /* path to struct kustomize_file */
	struct map used;	  /* path of every file a build has read */
	struct map patched;	  /* those read as patches */
	struct map patterns;	  /* of selectors: to struct pattern */
	VEC(struct name_reference) references; /* of the build under way */
	/* True for a file that is in the tree and not in what is built, or
	 * NULL. */
	bool (*left_out)(const void *arg, struct sv path);
	const void *left_out_arg;
	struct patch patch;
	bool all; /* keep every kind: a replacement may read any */
	bool wants_all;
};

void kustomize_init(struct kustomize *k, const struct render_ctx *ctx,
		    const char *const *kinds);

/* Path of the kustomization file of a folder, or the empty view. */
struct sv kustomize_file_of(const struct kustomize *k, struct sv folder);

/*
 * The kustomization of `folder`, or, where it has none and `generate`, one
 * that lists its YAML files as Flux does.  NULL with a diag at `at`.
 */
struct node *kustomize_load(struct kustomize *k, struct diags *d,
			    struct sv folder, struct loc at, bool generate);

/* Build `root`, the kustomization of `folder` or a changed one. */
int kustomize_build(struct kustomize *k, struct diags *d, struct sv folder,
		    struct node *root, const struct origin *outer,
		    struct resources *out);

/* The resources as objects, dropped ones left out. */
void kustomize_objects(struct kustomize *k, struct diags *d,
		       const struct resources *set, struct objects *out);

/* Note that what stands at `at` changed the resource. */
void resource_changed_by(struct arena *mem, struct resource *r,
			 const char *step, struct loc at);

/* Read name, namespace and kind anew after a change of the tree. */
void resource_refresh(struct resource *r, struct node *root);

/*
 * Kustomizations that nobody names as a root: every one that no other one
 * includes is taken as one that somebody applies.
 *
 * `set` is what plain reading found, `warned` what it reported; both are
 * changed.  A file that a build reads makes the objects of that build; one
 * that lies beside a kustomization and is not listed, or is a patch, makes
 * none, with a note; all others are read as they stand.  Without any
 * kustomization nothing changes.
 */
int overlay_objects(const struct render_ctx *ctx, const char *const *kinds,
		    struct diags *d, struct diags *warned, struct objects *set);

#endif
