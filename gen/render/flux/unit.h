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
	bool unknown;	/* it has a value, which git does not tell */
	bool encrypted; /* for that reason */
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

/* An instance of flux-operator that fills a cluster from this tree. */
struct flux_instance {
	const struct node *sync, *patches; /* patches: or NULL */
	struct sv name, namespace;	   /* of source and Kustomization */
	const struct object *object;	   /* NULL: values of its chart */
};

struct flux {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds; /* wanted in the end */
	struct kustomize k;
	VEC(struct flux_unit *) units; /* in the order of the walk */
	struct objects plain;	       /* every object of interest, unbuilt */
	VEC(struct flux_instance) instances;
	struct sv own_source; /* of this repository: "GitRepository/NAME" */
	struct sv own_url;    /* as flux_url_key() has it */
	struct map named;     /* ConfigMaps and Secrets: to struct flux_named */
	struct map seen;      /* units by root, namespace, name and path */
	struct map noted;     /* maps that are missed: each is said once */
	struct map folders;   /* to struct flux_folder */
	bool walked; /* every unit is known: what is missed now is missing */
	size_t roots;
};

/* Kustomizations that nobody lists and that lie in one folder: whoever applies
 * one applies all of them, so they are one cluster. */
struct flux_folder {
	size_t root;
};

/* ConfigMaps and Secrets of one kind and name. */
struct flux_holder {
	struct flux_unit *unit; /* that applies it; NULL: as in the tree */
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

/* Value of a variable in this unit, or NULL. */
const struct flux_value *flux_var(struct flux_unit *u, struct sv name);

/* True for an object that asks to be left as it is. */
bool flux_is_left(const struct node *root);

/* True where every map that this unit's variables come from has been met. */
bool flux_vars_met(const struct flux_unit *u);

/* --- sources (source.c) --- */

/* Find out which source this repository is, and what its artifact leaves
 * out.  -1: the environment. */
int flux_sources(struct flux *f);

/* True for a unit whose files come from elsewhere; `says` warns of it. */
bool flux_is_foreign(const struct flux *f, const struct node *spec);
bool flux_says_foreign(struct flux *f, const struct flux_unit *u);

/* "git@host:a/b.git" and "https://host/A/b" are one repository. */
struct sv flux_url_key(struct arena *mem, struct sv url);

/* --- instances of flux-operator (instance.c) --- */

/* Those whose path is here: FluxInstances, and values of the chart that makes
 * one, in HelmReleases and in value files.  -1: the environment. */
int flux_instances(struct flux *f);

/* The Kustomization that the operator writes for it; NULL with a diag. */
const struct resource *flux_instance_root(struct flux *f,
					  const struct flux_instance *i);

/* --- the walk (flux.c) --- */

/* "./a/b/" and "/a/b" as "a/b"; false: it leaves the tree. */
bool flux_path(struct arena *mem, struct sv path, struct sv *out);
bool flux_path_exists(const struct render_ctx *ctx, const struct node *spec);

/* A whole Kustomization, as the cluster would take it; patches of one have no
 * source. */
bool flux_may_be_root(const struct render_ctx *ctx, const struct object *o);

bool flux_is_resource(const struct resource *r);

/* A Kustomization that a built unit applies. */
struct flux_pending {
	struct flux_unit *parent;
	const struct resource *r;
};

struct flux_queue {
	VEC(struct flux_pending) list;
	size_t next;
};

struct flux_walk {
	struct flux *flux;
	/* deferred: its text holds variables, whose maps may not have been met
	 * yet; it comes again up to `waited` times. */
	struct flux_queue ready, deferred;
	size_t waited;
};

/* The unit of a Kustomization object; NULL where there is none to build. */
struct flux_unit *flux_unit_new(struct flux *f, struct flux_unit *parent,
				size_t root, const struct resource *r);

/* Build it; -1 with a fault is the environment. */
int flux_unit_build(struct flux_unit *u, struct diags *d);

/* Build it, and put what it applies on the lists. */
int flux_unit_add(struct flux_walk *w, struct flux_unit *u);
void flux_unit_enqueue(struct flux_walk *w, struct flux_unit *u);

int flux_walk_all(struct flux_walk *w);

/* --- where the walk starts (roots.c) --- */

int flux_roots_asked(struct flux_walk *w);
int flux_roots_found(struct flux_walk *w);

#endif
