/*
 * build.h - one build, between its files; private to this folder.
 */
#ifndef RENDER_KUSTOMIZE_BUILD_H
#define RENDER_KUSTOMIZE_BUILD_H

#include "render/kustomize/kustomize.h"

/* One kustomization while it is built. */
struct kustomize_step {
	struct kustomize *k;
	struct diags *diags;
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

/* Always -1. */
int kustomize_error(struct diags *d, struct loc at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What is changed is not in the build: -1 with an error, but 0 with a warning
 * where a base elsewhere may hold it. */
int kustomize_missing(struct kustomize_step *s, struct loc at,
		      const char *change, struct sv kind, struct sv name);

/* Take the nameReferences of a transformer configuration, for all of the
 * build; what else it says of fields is an error. */
void kustomize_configure(struct kustomize_step *s, const struct node *n);

/* Let those fields follow the names that have changed. */
void kustomize_fix_references(struct kustomize_step *s);

/* Is it of a kind that is of interest? */
bool kustomize_keeps(const struct kustomize *k, const struct resource *r);

void resource_rename(struct arena *mem, struct resource *r, struct identity to);

/* Of the kind, group and version that `want` names, as far as it does. */
bool kustomize_is_kind(const struct resource *r, const struct node *want);

/* True for a kind that no prefix or suffix changes. */
bool kustomize_keeps_name(const struct resource *r);

/* Documents that stand in a text, placed in its file; -1 with a diag. */
int kustomize_parse_inline(struct kustomize_step *s, const struct node *text,
			   struct documents *out);

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
int kustomize_generators(struct kustomize_step *s, const struct node *list);
int kustomize_transformers(struct kustomize_step *s, const struct node *list);
int kustomize_secrets(struct kustomize_step *s, const struct node *list);

/* Does a selector (of a patch or a replacement) mean this resource? */
bool target_match(struct kustomize_step *s, const struct node *selector,
		  const struct resource *r);

#endif
