/* Generator merge: sets of the first, overridden by those of the others that
 * have the same values under mergeKeys. */
#include "base/buf.h"
#include "base/map.h"
#include "render/argocd/generate.h"

/* What mergeKeys say of one set, as one text. */
static struct sv identity(struct generation *g, const struct node *keys,
			  const struct node *map)
{
	struct arena *mem = g->a->ctx->mem;
	struct filler f = { .mem = mem, .dialect = &argocd_dialect };
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < node_len(keys); i++) {
		const struct node *n = node_get(map, node_at(keys, i)->scalar);
		struct value v = n != NULL ? value_data(n) : value_nil();

		if (i > 0)
			buf_add(&b, SV(", "));
		value_json(&f, &b, &v, true);
	}
	return buf_sv(&b);
}

static int index_sets(struct generation *g, const struct node *keys,
		      struct params *sets, struct map *out)
{
	out->mem = g->a->ctx->mem;
	for (size_t i = 0; i < sets->list.n; i++) {
		struct sv id = identity(g, keys, sets->list.v[i].map);

		if (map_get(out, id) != NULL)
			return generate_fault(
				g, keys->at,
				"merge: mergeKeys are equal in two sets of one "
				"generator: " SV_FMT,
				SV_ARG(sv_head(id, 200)));
		map_put(out, id, &sets->list.v[i]);
	}
	return 0;
}

static void override(struct generation *g, struct param_set *base,
		     const struct param_set *by)
{
	struct arena *mem = g->a->ctx->mem;

	if (g->rules->go)
		params_merge(mem, base->map, by->map);
	for (size_t i = 0; !g->rules->go && i + 1 < by->map->items.n; i += 2)
		node_set(mem, base->map, by->map->items.v[i]->scalar,
			 by->map->items.v[i + 1]);
	for (size_t i = 0; i < by->from.n; i++)
		*VEC_ADD(mem, &base->from) = by->from.v[i];
}

static void override_all(struct generation *g, const struct node *keys,
			 const struct params *base, const struct map *by)
{
	for (size_t i = 0; i < base->list.n; i++) {
		const struct param_set *other =
			map_get(by, identity(g, keys, base->list.v[i].map));

		if (other != NULL)
			override(g, &base->list.v[i], other);
	}
}

int generate_merge(struct generation *g)
{
	const struct node *all = node_get(g->generator, SV("generators"));
	const struct node *keys = node_get(g->generator, SV("mergeKeys"));
	struct params base = { 0 };
	struct map by_key = { 0 };

	if (node_len(all) < 2)
		return generate_fault(g, g->generator->at,
				      "merge: expected two or more generators");
	if (node_len(keys) == 0)
		return generate_fault(g, g->generator->at,
				      "merge: expected mergeKeys");
	if (generate_nested(g, node_at(all, 0), NULL, &base) < 0 ||
	    index_sets(g, keys, &base, &by_key) < 0)
		return -1;
	for (size_t i = 1; i < node_len(all); i++) {
		struct params sets = { 0 };
		struct map others = { 0 };

		if (generate_nested(g, node_at(all, i), NULL, &sets) < 0 ||
		    index_sets(g, keys, &sets, &others) < 0)
			return -1;
		override_all(g, keys, &base, &others);
	}
	for (size_t i = 0; i < base.list.n; i++)
		if (generate_add(g, base.list.v[i].map, g->generator->at,
				 &base.list.v[i]) < 0)
			return -1;
	return 0;
}
