/*
 * generate.h - the generators of ApplicationSets, between their files; private
 * to this folder.
 *
 * Shape:  a generator gives sets of parameters: a map each, as Argo CD has it:
 *         flat texts without goTemplate, nested values with it.
 * Source: Argo CD 3.6, applicationset/generators; judged by
 *         tests/e2e/appset.sh.
 */
#ifndef RENDER_ARGOCD_GENERATE_H
#define RENDER_ARGOCD_GENERATE_H

#include "render/argocd/walk.h"

/* How the templates of an ApplicationSet are read. */
struct argocd_rules {
	bool go; /* goTemplate */
	enum missing_key missing;
};

/* One set of parameters, and the places that gave it, a file once. */
struct param_set {
	struct node *map;
	VEC(struct loc) from;
};

struct params {
	VEC(struct param_set) list;
};

struct generation {
	struct argocd *a;
	const struct object *set;
	const struct node *generator; /* the part below its name */
	const struct argocd_rules *rules;
	unsigned depth;
	struct params *out;
};

/* Each files what is wrong and is -1 then: its generator gives nothing. */
int generate_list(struct generation *g);
int generate_clusters(struct generation *g);
int generate_git(struct generation *g);
int generate_matrix(struct generation *g);
int generate_merge(struct generation *g);

/* File a fault of the ApplicationSet at `at`; always -1. */
int generate_fault(struct generation *g, struct loc at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* One more set, given by `at` and by what gave `also` (or NULL). */
int generate_add(struct generation *g, struct node *map, struct loc at,
		 const struct param_set *also);

/*
 * The sets of one entry of a list of generators, without those that its
 * `selector` leaves out.  `outer`, or NULL: parameters that fill it first.
 */
int generate_entry(struct generation *g, const struct node *entry,
		   const struct param_set *outer, struct params *out);

/* The one generator of an entry inside matrix or merge. */
int generate_nested(struct generation *g, const struct node *entry,
		    const struct param_set *outer, struct params *out);

/* The entry's `template`, or NULL. */
const struct node *generate_template(const struct node *entry);

/* `values` of a generator, filled, among its parameters. */
int generate_values(struct generation *g, struct node *params);

/* --- parameters (params.c) --- */

void params_set_text(struct arena *mem, struct node *map, struct sv key,
		     struct sv value, struct loc at);
/* As fmt's %v. */
struct sv params_text(struct arena *mem, const struct node *value);
/* Nested values as "a.b" and "a.0", each a text. */
struct node *params_flat(struct arena *mem, const struct node *map);
/* `from` over `to`: maps are merged, the rest replaced. */
void params_merge(struct arena *mem, struct node *to, const struct node *from);
/* What is empty in `to` is taken from `from`. */
void params_complete(struct arena *mem, struct node *to,
		     const struct node *from);
/* A text made a name, as Argo CD's normalize. */
struct sv params_name(struct arena *mem, struct sv s);

/* --- filling (fill.c) --- */

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

/* The same of a generator: without goTemplate, what no parameter fills stays
 * as it is. */
struct node *argocd_fill_entry(struct argocd *a, const struct node *entry,
			       const struct node *params,
			       const struct argocd_rules *rules,
			       struct argocd_unfilled *out);

/* One text; NULL, or why it cannot be filled. */
const char *argocd_fill_text(struct argocd *a, struct sv text, struct loc at,
			     const struct node *params,
			     const struct argocd_rules *rules, struct sv *out);

/* --- globs (git_glob.c) --- */

struct pattern;

/* As Go's path.Match(): "*" and "?" stop at slashes. */
const char *glob_of_path(struct arena *mem, struct sv glob,
			 struct pattern **out);
/* As git's pathspec: they do not. */
const char *glob_of_pathspec(struct arena *mem, struct sv glob,
			     struct pattern **out);

/* The functions that templates have here besides sprig's (functions.c). */
extern const struct template_dialect argocd_dialect;

#endif
