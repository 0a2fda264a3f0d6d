/* Which generator an entry holds, and what goes for all of them. */
#include "render/argocd/generate.h"

#include <stdarg.h>

#include "base/limits.h"
#include "render/labels.h"

/* In Argo CD's order; without `make` it asks something outside git. */
static const struct {
	const char *name;
	int (*make)(struct generation *g);
	bool combines;
} generator_rows[] = {
	{ "list", generate_list, false },
	{ "clusters", generate_clusters, false },
	{ "git", generate_git, false },
	{ "scmProvider", NULL, false },
	{ "clusterDecisionResource", NULL, false },
	{ "pullRequest", NULL, false },
	{ "matrix", generate_matrix, true },
	{ "merge", generate_merge, true },
	{ "plugin", NULL, false },
	{ "oci", NULL, false },
};

enum { GENERATORS = sizeof(generator_rows) / sizeof(generator_rows[0]) };

int generate_fault(struct generation *g, struct loc at, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return diag_error(g->a->diags, DIAG_ARGOCD, at,
			  "ApplicationSet " SV_FMT ": %s", SV_ARG(g->set->name),
			  text);
}

static void add_place(struct arena *mem, struct param_set *p, struct loc at)
{
	for (size_t i = 0; i < p->from.n; i++)
		if (sv_eq(p->from.v[i].file, at.file))
			return;
	if (at.line > 0)
		*VEC_ADD(mem, &p->from) = at;
}

int generate_add(struct generation *g, struct node *map, struct loc at,
		 const struct param_set *also)
{
	struct arena *mem = g->a->ctx->mem;
	struct param_set *p;

	if (g->out->list.n >= MAX_ARGOCD_PARAMS)
		return generate_fault(g, g->generator->at,
				      "more than %d sets of parameters",
				      MAX_ARGOCD_PARAMS);
	p = VEC_ADD(mem, &g->out->list);
	p->map = map;
	add_place(mem, p, at);
	for (size_t i = 0; also != NULL && i < also->from.n; i++)
		add_place(mem, p, also->from.v[i]);
	return 0;
}

/* With goTemplate they replace what a file has under "values". */
int generate_values(struct generation *g, struct node *params)
{
	struct arena *mem = g->a->ctx->mem;
	const struct node *values = node_get(g->generator, SV("values"));
	struct node *all = node_new_map(mem, g->generator->at);

	if (values == NULL || values->kind != NODE_MAP || values->items.n == 0)
		return 0;
	for (size_t i = 0; i + 1 < values->items.n; i += 2) {
		struct sv key = values->items.v[i]->scalar, text;
		const struct node *n = values->items.v[i + 1];
		const char *fault = argocd_fill_text(g->a, n->scalar, n->at,
						     params, g->rules, &text);

		if (fault != NULL)
			return generate_fault(
				g, n->at, "cannot fill \"" SV_FMT "\": %s",
				SV_ARG(sv_head(n->scalar, 100)), fault);
		if (!g->rules->go)
			key = arena_fmt(mem, "values." SV_FMT, SV_ARG(key));
		params_set_text(mem, all, key, text, n->at);
	}
	if (g->rules->go)
		node_set(mem, params, SV("values"), all);
	for (size_t i = 0; !g->rules->go && i < all->items.n; i += 2)
		node_set(mem, params, all->items.v[i]->scalar,
			 all->items.v[i + 1]);
	return 0;
}

static bool value_of(const void *object, struct sv key, struct sv *value)
{
	const struct node *n = node_get(object, key);

	if (n != NULL)
		*value = n->scalar;
	return n != NULL;
}

/* What the entry's selector takes; its values may be any text. */
static int select_sets(struct generation *g, const struct node *selector,
		       const struct params *all, struct params *out)
{
	struct arena *mem = g->a->ctx->mem;
	struct selector s = { 0 };
	const char *fault = labels_selector(mem, selector, &s);

	if (fault != NULL)
		return generate_fault(g, selector->at, "selector: %s", fault);
	for (size_t i = 0; i < all->list.n; i++) {
		const struct param_set *p = &all->list.v[i];

		if (node_is_null(selector) ||
		    selector_match(&s, value_of, params_flat(mem, p->map)))
			*VEC_ADD(mem, &out->list) = *p;
	}
	return 0;
}

static const struct node *below(const struct node *entry, size_t row)
{
	const struct node *n = node_get(entry, sv_of(generator_rows[row].name));

	return node_is_null(n) ? NULL : n;
}

static int make(struct generation *g, size_t row, struct params *out)
{
	struct generation inner = *g;

	inner.depth = g->depth + 1;
	inner.out = out;
	if (generator_rows[row].make != NULL)
		return generator_rows[row].make(&inner);
	diag_warn(g->a->diags, DIAG_ARGOCD, g->generator->at,
		  "ApplicationSet " SV_FMT
		  ": its generator %s asks outside git; its Applications are "
		  "missing",
		  SV_ARG(g->set->name), generator_rows[row].name);
	return -1;
}

int generate_entry(struct generation *g, const struct node *entry,
		   const struct param_set *outer, struct params *out)
{
	struct argocd_unfilled left_out = { 0 };
	const struct node *filled = entry;
	int rc = 0;

	if (outer != NULL && outer->map->items.n > 0)
		filled = argocd_fill_entry(g->a, entry, outer->map, g->rules,
					   &left_out);
	if (filled == NULL)
		return generate_fault(
			g, left_out.at, "cannot fill \"" SV_FMT "\": %s",
			SV_ARG(sv_head(left_out.text, 100)), left_out.why);
	for (size_t i = 0; rc == 0 && i < GENERATORS; i++) {
		struct generation one = *g;
		struct params all = { 0 };

		one.generator = below(filled, i);
		if (one.generator == NULL)
			continue;
		rc = make(&one, i, &all);
		if (rc == 0)
			rc = select_sets(&one, node_get(entry, SV("selector")),
					 &all, out);
	}
	return rc;
}

int generate_nested(struct generation *g, const struct node *entry,
		    const struct param_set *outer, struct params *out)
{
	size_t n = 0;

	/* One may hold another, and that no third. */
	for (size_t i = 0; i < GENERATORS; i++)
		n += below(entry, i) != NULL &&
		     (!generator_rows[i].combines || g->depth < 2);
	if (n != 1)
		return generate_fault(g, entry->at,
				      "expected one generator in each entry "
				      "of matrix and merge, at most two of "
				      "those inside each other");
	return generate_entry(g, entry, outer, out);
}

const struct node *generate_template(const struct node *entry)
{
	for (size_t i = 0; i < GENERATORS; i++) {
		const struct node *n =
			node_get(below(entry, i), SV("template"));

		if (n != NULL && n->kind == NODE_MAP)
			return n;
	}
	return NULL;
}
