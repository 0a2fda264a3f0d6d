/* Which node stands where, and which ones stand for many. */
#include "graph/graph.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/words.h"

/* --- order: each column by the middle of what leads to it --- */

static int by_title(const struct graph_node *x, const struct graph_node *y)
{
	int c = sv_cmp(x->group, y->group);

	if (c == 0)
		c = sv_cmp(x->title, y->title);
	return c != 0 ? c : sv_cmp(x->detail, y->detail);
}

static int node_cmp(const void *a, const void *b)
{
	const struct graph_node *x = *(const struct graph_node *const *)a;
	const struct graph_node *y = *(const struct graph_node *const *)b;

	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return by_title(x, y);
}

/* Sort the nodes, and have the edges follow them. */
static void sort(struct graph *g)
{
	struct graph_node **order =
		ARENA_ARRAY(g->mem, struct graph_node *, g->nodes.n + 1);
	struct graph_node *sorted =
		ARENA_ARRAY(g->mem, struct graph_node, g->nodes.n + 1);
	size_t *now = ARENA_ARRAY(g->mem, size_t, g->nodes.n + 1);

	for (size_t i = 0; i < g->nodes.n; i++)
		order[i] = &g->nodes.v[i];
	qsort(order, g->nodes.n, sizeof(struct graph_node *), node_cmp);
	for (size_t i = 0; i < g->nodes.n; i++) {
		sorted[i] = *order[i];
		now[order[i] - g->nodes.v] = i;
	}
	for (size_t i = 0; i < g->edges.n; i++)
		g->edges.v[i] = (struct graph_edge){ now[g->edges.v[i].from],
						     now[g->edges.v[i].to] };
	for (size_t i = 0; i < g->nodes.n; i++)
		g->nodes.v[i] = sorted[i];
}

/* The mean place of the neighbours on one side, a thousand a row. */
static void place(struct graph *g, enum graph_column column, bool by_left)
{
	long long *sum = ARENA_ARRAY(g->mem, long long, g->nodes.n + 1);
	long long *count = ARENA_ARRAY(g->mem, long long, g->nodes.n + 1);

	for (size_t i = 0; i < g->edges.n; i++) {
		size_t from = g->edges.v[i].from, to = g->edges.v[i].to;
		size_t at = by_left ? to : from;

		sum[at] += (long long)(by_left ? from : to) * 1000;
		count[at]++;
	}
	for (size_t i = 0; i < g->nodes.n; i++)
		if (g->nodes.v[i].column == column)
			g->nodes.v[i].position =
				count[i] > 0 ? sum[i] / count[i] : -1;
}

static void order(struct graph *g)
{
	sort(g);
	place(g, GRAPH_PROXY, true);
	sort(g);
	place(g, GRAPH_SERVICE, true);
	sort(g);
	place(g, GRAPH_NAME, false);
	sort(g);
	place(g, GRAPH_PROXY, true);
	sort(g);
	place(g, GRAPH_SERVICE, true);
	sort(g);
}

/* --- folding --- */

struct fold {
	struct graph *g;
	enum graph_column column;
	size_t most;
	struct buf *signature; /* of each node: its neighbours */
};

static size_t column_size(const struct graph *g, enum graph_column column)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nodes.n; i++)
		n += g->nodes.v[i].column == column;
	return n;
}

/* Edges come in the order of their nodes, so equal ones look equal. */
static void sign(struct fold *f)
{
	struct graph *g = f->g;

	f->signature = ARENA_ARRAY(g->mem, struct buf, g->nodes.n + 1);
	for (size_t i = 0; i < g->nodes.n; i++)
		f->signature[i].mem = g->mem;
	for (size_t i = 0; i < g->edges.n; i++) {
		const struct graph_edge *e = &g->edges.v[i];

		buf_fmt(&f->signature[e->from], ">%zu", e->to);
		buf_fmt(&f->signature[e->to], "<%zu", e->from);
	}
}

/* What folds together: those of one group that lead the same way, those of
 * one group, everything. */
static struct sv fold_key(const struct fold *f, size_t i, unsigned level)
{
	struct graph *g = f->g;
	struct sv group = g->nodes.v[i].group;

	if (level == 2)
		return SV("all");
	return arena_fmt(
		g->mem, SV_FMT "\n" SV_FMT, SV_ARG(group),
		SV_ARG(level == 0 ? buf_sv(&f->signature[i]) : SV("")));
}

static const char *const words[GRAPH_COLUMNS][2] = {
	[GRAPH_NAME] = { "name", NULL },
	[GRAPH_PROXY] = { "proxy or gateway", "proxies and gateways" },
	[GRAPH_SERVICE] = { "service", NULL },
};

static void absorb(struct graph *g, struct graph_node *into,
		   const struct graph_node *n)
{
	into->folded = (into->folded > 0 ? into->folded : 1) +
		       (n->folded > 0 ? n->folded : 1);
	into->title = words_count(g->mem, into->folded, words[n->column][0],
				  words[n->column][1]);
	if (!sv_eq(into->group, n->group))
		into->group = SV("");
	into->detail = into->group;
}

/* Drop what was absorbed; edges that became equal are one. */
static void rebuild(struct graph *g, const size_t *into)
{
	struct map seen = { .mem = g->mem };
	size_t *now = ARENA_ARRAY(g->mem, size_t, g->nodes.n + 1);
	size_t nodes = 0, edges = 0;

	for (size_t i = 0; i < g->nodes.n; i++)
		if (into[i] == i) {
			now[i] = nodes;
			g->nodes.v[nodes++] = g->nodes.v[i];
		}
	g->nodes.n = nodes;
	for (size_t i = 0; i < g->edges.n; i++) {
		struct graph_edge e = { now[into[g->edges.v[i].from]],
					now[into[g->edges.v[i].to]] };
		struct sv key = arena_fmt(g->mem, "%zu %zu", e.from, e.to);

		if (map_get(&seen, key) != NULL)
			continue;
		map_put(&seen, key, g);
		g->edges.v[edges++] = e;
	}
	g->edges.n = edges;
}

/* The first ones stay as they are while there is room for them. */
static void fold_column(struct fold *f, unsigned level)
{
	struct graph *g = f->g;
	struct map groups = { .mem = g->mem };
	size_t *into = ARENA_ARRAY(g->mem, size_t, g->nodes.n + 1);
	size_t alone = level == 2 ? f->most - 1 : 0;

	sign(f);
	for (size_t i = 0; i < g->nodes.n; i++) {
		size_t *first;
		struct sv key;

		into[i] = i;
		if (g->nodes.v[i].column != f->column || alone > 0) {
			alone -= g->nodes.v[i].column == f->column;
			continue;
		}
		key = fold_key(f, i, level);
		first = map_get(&groups, key);
		if (first == NULL) {
			map_put(&groups, key, &into[i]);
			continue;
		}
		into[i] = *first;
		absorb(g, &g->nodes.v[*first], &g->nodes.v[i]);
	}
	rebuild(g, into);
}

static int edge_cmp(const void *a, const void *b)
{
	const struct graph_edge *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

void graph_finish(struct graph *g, size_t most)
{
	order(g);
	for (int c = 0; c < GRAPH_COLUMNS; c++)
		for (unsigned level = 0; level < 3; level++) {
			struct fold f = { g, (enum graph_column)c, most, NULL };

			if (column_size(g, f.column) > most)
				fold_column(&f, level);
		}
	order(g);
	if (g->edges.n > 0)
		qsort(g->edges.v, g->edges.n, sizeof(g->edges.v[0]), edge_cmp);
}
