/*
 * walk.h - a walk over the values of one release; private to this folder.
 *
 * Shape:  who knows the layout of a chart finds the maps that stand for
 *         objects (helm.c, app_template.c); emit.c makes the objects.
 */
#ifndef RENDER_HELM_WALK_H
#define RENDER_HELM_WALK_H

#include "render/helm/helm.h"

struct walk {
	const struct render_ctx *ctx;
	struct diags *diags;
	const struct helm_release *release; /* whose templates are evaluated */
	struct objects *out;
	bool extract; /* false: names are counted, no more */
	unsigned depth;
	size_t names;
};

/* A map of values that stands for one object. */
struct helm_place {
	const struct node *map;
	struct sv path;		   /* "grafana.ingress", for people */
	struct sv name;		   /* of the object */
	const struct node *common; /* annotations of every object, or NULL */
	struct sv service_type;	   /* of one that says none; "": not known */
	bool only_tls;		   /* an Ingress without rules */
};

/* --- emit.c --- */

void helm_route(struct walk *w, const struct helm_place *p);
void helm_ingress(struct walk *w, const struct helm_place *p);
void helm_service(struct walk *w, const struct helm_place *p);

/* An Ingress with `hosts`, which may be empty. */
void helm_ingress_of(struct walk *w, const struct helm_place *p,
		     struct node *hosts);

/* Put what `n` names on `hosts`: a scalar, a list of scalars, or of maps with
 * `host` or `name`. */
void helm_hosts(struct walk *w, const struct node *n, struct node *hosts);

/* The object `root`, as it is. */
void helm_emit(struct walk *w, const struct node *root, struct sv path);

void helm_copy_key(struct arena *mem, struct node *to, const struct node *from,
		   const char *key);

/* Is there an external-dns hostname among the annotations? */
bool helm_names_host(const struct node *annotations);

/* True where a template's `if` takes the value for false; and for a map that
 * says so of itself: `enabled: false`. */
bool helm_is_false(const struct node *n);
bool helm_is_off(const struct node *map);

/* `text` contains `word`, in whatever case. */
bool helm_contains(struct sv text, struct sv word);

/* --- own_keys.c --- */

/* An Ingress for each map with a key of helm-host-keys. */
void helm_own_keys(struct walk *w);

/* --- inner.c --- */

/* Objects that are written out in the values: `n` is under `key`.  False
 * where it is none, and who called looks into it. */
bool helm_inner(struct walk *w, const struct node *n, struct sv key,
		struct sv path);

/* The object `root`, its templates evaluated, if records come from its kind. */
void helm_object(struct walk *w, const struct node *root, struct sv path);

/* --- naming.c --- */

/* At most 63 bytes, as a label takes them, and no `-` at the end. */
struct sv helm_name_cut(struct sv name);

/* What charts call their objects as `helm create` has it: `full`, if it is
 * said, else the release with `name`, unless the release contains it. */
struct sv helm_fullname(struct walk *w, struct sv full, struct sv name);

/* The same by the values of the release and its chart. */
struct sv helm_root_name(struct walk *w);

/* Below `key`, whose values are `map`: an approximation of the chart. */
struct sv helm_inner_name(struct walk *w, struct sv outer, struct sv key,
			  const struct node *map);

/* Text under `key`, its templates evaluated as far as they can be. */
struct sv helm_text(struct walk *w, const struct node *map, const char *key);

/* --- app_template.c --- */

/* True where `values` are those of bjw-s' app-template, or of a chart that is
 * made from the same library. */
bool app_template_is(const struct helm_release *r, const struct node *values);

void app_template_walk(struct walk *w, struct sv path);

#endif
