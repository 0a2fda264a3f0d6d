/*
 * kustomize.h - `kustomize build` on a snapshot, for the kinds that end up in
 * records and what they are made of.  Private to this folder.
 *
 * Shape:  a list of resources in the order of the build.
 * Owner:  ctx->mem.  Trees are shared and never changed (render/kustomize/patch.h).
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
	struct sv name, namespace;
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
};

/* A file as far as it is of interest. */
struct kustomize_file {
	struct documents docs;
	bool broken; /* said by a diag */
};

struct kustomize {
	struct render_ctx *ctx;
	const char *const *kinds; /* what is kept; ends with NULL */
	struct map files;	  /* path to struct kustomize_file */
	struct map used;	  /* path of every file a build has read */
	struct map patched;	  /* those read as patches */
	struct map patterns;	  /* of selectors: to struct pattern */
	size_t builds, objects;
	struct patch patch;
	bool all; /* keep every kind: a replacement may read any */
	bool wants_all;
	bool limit_warned;
};

void kustomize_init(struct kustomize *k, struct render_ctx *ctx,
		    const char *const *kinds);

/* Path of the kustomization file of a folder, or the empty view. */
struct sv kustomize_file_of(const struct kustomize *k, struct sv folder);

/* "a/b" and "../c" give "a/c"; false: it leaves the tree or is absolute. */
bool kustomize_join(struct arena *mem, struct sv folder, struct sv path,
		    struct sv *out);

/*
 * The kustomization of `folder`, or, where it has none and `generate`, one
 * that lists its YAML files as Flux does.  NULL with a diag at `at`.
 */
struct node *kustomize_load(struct kustomize *k, struct sv folder,
			    struct loc at, bool generate);

/* Build `root`, the kustomization of `folder` or a changed one. */
int kustomize_build(struct kustomize *k, struct sv folder, struct node *root,
		    const struct origin *outer, struct resources *out);

/* The resources as objects, dropped ones left out. */
void kustomize_objects(struct kustomize *k, const struct resources *set,
		       struct objects *out);

/* --- between the files of the build --- */

/* One kustomization while it is built. */
struct kustomize_step {
	struct kustomize *k;
	struct sv folder, file;
	struct node *root;
	const struct origin *outer;
	unsigned depth;
	const struct kustomize_step *parent; /* to see cycles */
	struct resources *set;
};

/* Documents of a file beside the kustomization; NULL with a diag. */
struct kustomize_file *kustomize_read(struct kustomize_step *s,
				      const struct node *name, bool whole);

/* The bytes of such a file. */
int kustomize_text(struct kustomize_step *s, const struct node *name,
		   struct sv *path, struct sv *text);

int kustomize_error(struct kustomize *k, struct loc at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Is it of a kind that is of interest? */
bool kustomize_keeps(const struct kustomize *k, const struct resource *r);

/* Read name, namespace and kind anew after a change of the tree. */
void resource_refresh(struct resource *r, struct node *root);
void resource_rename(struct arena *mem, struct resource *r, struct identity to);

int kustomize_patches(struct kustomize_step *s, const struct node *list);
int kustomize_patches_merge(struct kustomize_step *s, const struct node *list);
int kustomize_patches_json(struct kustomize_step *s, const struct node *list);
int kustomize_namespace(struct kustomize_step *s, const struct node *value);
int kustomize_prefix(struct kustomize_step *s, const struct node *value);
int kustomize_suffix(struct kustomize_step *s, const struct node *value);
int kustomize_labels(struct kustomize_step *s, const struct node *value);
int kustomize_common_labels(struct kustomize_step *s, const struct node *value);
int kustomize_annotations(struct kustomize_step *s, const struct node *value);
int kustomize_replacements(struct kustomize_step *s, const struct node *list);
int kustomize_config_maps(struct kustomize_step *s, const struct node *list);
int kustomize_secrets(struct kustomize_step *s, const struct node *list);

/* Does a selector (of a patch or a replacement) mean this resource? */
bool target_match(struct kustomize_step *s, const struct node *selector,
		  const struct resource *r);

#endif
