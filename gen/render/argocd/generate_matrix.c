/* Generator matrix: each set of the first with each of the second. */
#include "render/argocd/generate.h"

/* Without goTemplate all are texts, and two of one name must agree. */
static int combine(struct generation *g, struct node *to,
		   const struct node *from)
{
	struct arena *mem = g->a->ctx->mem;

	for (size_t i = 0; i + 1 < from->items.n; i += 2) {
		struct sv key = from->items.v[i]->scalar;
		struct sv text = params_text(mem, from->items.v[i + 1]);
		const struct node *have = node_get(to, key);

		if (have != NULL && !sv_eq(have->scalar, text))
			return generate_fault(
				g, g->generator->at,
				"matrix: \"" SV_FMT "\" is \"" SV_FMT
				"\" by its first generator and \"" SV_FMT
				"\" by its second",
				SV_ARG(key), SV_ARG(have->scalar),
				SV_ARG(text));
		params_set_text(mem, to, key, text, from->items.v[i + 1]->at);
	}
	return 0;
}

static int add_pair(struct generation *g, const struct param_set *a,
		    const struct param_set *b)
{
	struct arena *mem = g->a->ctx->mem;
	struct param_set both = { 0 };
	struct node *map = node_new_map(mem, a->map->at);

	if (g->rules->go) {
		params_merge(mem, map, b->map);
		params_merge(mem, map, a->map);
	} else if (combine(g, map, a->map) < 0 || combine(g, map, b->map) < 0) {
		return -1;
	}
	for (size_t i = 0; i < a->from.n; i++)
		*VEC_ADD(mem, &both.from) = a->from.v[i];
	for (size_t i = 0; i < b->from.n; i++)
		*VEC_ADD(mem, &both.from) = b->from.v[i];
	return generate_add(g, map, g->generator->at, &both);
}

static int add_row(struct generation *g, const struct node *entry,
		   const struct param_set *a)
{
	struct params right = { 0 };

	if (generate_nested(g, entry, a, &right) < 0)
		return -1;
	for (size_t i = 0; i < right.list.n; i++)
		if (add_pair(g, a, &right.list.v[i]) < 0)
			return -1;
	return 0;
}

int generate_matrix(struct generation *g)
{
	const struct node *two = node_get(g->generator, SV("generators"));
	struct params left = { 0 };

	if (node_len(two) != 2)
		return generate_fault(g, g->generator->at,
				      "matrix: expected two generators");
	if (generate_nested(g, node_at(two, 0), NULL, &left) < 0)
		return -1;
	for (size_t i = 0; i < left.list.n; i++)
		if (add_row(g, node_at(two, 1), &left.list.v[i]) < 0)
			return -1;
	return 0;
}
