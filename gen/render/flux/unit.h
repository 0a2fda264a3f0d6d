/*
 * unit.h - one Flux Kustomization as the cluster would see it; private to
 * this folder.
 */
#ifndef RENDER_FLUX_UNIT_H
#define RENDER_FLUX_UNIT_H

#include "render/flux/envsubst.h"
#include "render/flux/flux.h"
#include "render/kustomize/kustomize.h"

struct flux;

/* A variable, and who said so. */
struct flux_value {
	struct sv text;
	bool unknown; /* encrypted: it has a value, which is unknown */
	struct loc at;
	struct sv from; /* "ConfigMap flux-system/cluster-settings" */
};

struct flux_vars {
	struct map by_name; /* to struct flux_value */
	bool any;	    /* there may be some, or Flux is told to go on */
};

struct flux_unit {
	struct flux *flux;
	const struct flux_unit *parent; /* NULL: a root */
	size_t root;			/* number of its root: its cluster */
	const struct resource *source;	/* as built; NULL: a plain folder */
	struct node *spec;		/* of the tree that Flux sees */
	struct identity id;
	struct sv path;
	struct resources set;
	struct objects maps, objects; /* what it applies in the end */
	const struct origin *origin;
	struct flux_vars *vars; /* NULL: not asked for yet */
	bool asking;		/* for its variables: stops a circle */
	unsigned depth;
};

struct flux {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds; /* wanted in the end */
	struct kustomize k;
	VEC(struct flux_unit *) units; /* in the order of the walk */
	struct objects plain;	       /* every object of interest, unbuilt */
	struct sv
		own_source; /* this repository's sourceRef: the one used most */
	struct sv own_url;
	struct map named; /* ConfigMaps and Secrets: to struct flux_named */
	struct map seen;  /* units by root, namespace, name and path */
	size_t roots;
	size_t work; /* of all substitutions: MAX_SUBST_WORK_ALL */
};

/* ConfigMaps and Secrets of one kind, namespace and name. */
struct flux_holder {
	struct flux_unit *unit; /* NULL: nobody applies it */
	struct node *root;
};

struct flux_named {
	VEC(struct flux_holder) list;
};

/* Remember a ConfigMap or Secret that variables may come from. */
void flux_hold(struct flux *f, struct flux_unit *unit, struct node *root);

/*
 * `n` as this unit's substitution leaves it: itself where nothing changes.
 * What has no value stays as it is written.  `used`, where not NULL, gets the
 * names of variables that were put in.
 */
struct node *flux_substitute(struct flux_unit *u, struct node *n,
			     struct strings *used);

/* How near an object of `of` (NULL: of nobody) in `file` is to this unit. */
size_t flux_rank(const struct flux_unit *u, const struct flux_unit *of,
		 struct sv file);

/* Value of a variable in this unit, or NULL. */
const struct flux_value *flux_var(struct flux_unit *u, struct sv name);

/* True for an object that asks to be left as it is. */
bool flux_is_left(const struct node *root);

#endif
