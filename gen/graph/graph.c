#include "graph/graph.h"

#include "base/map.h"
#include "base/words.h"

struct builder {
	struct graph *g;
	struct map *objects; /* "Ingress shop/web" to the objects of it */
};

struct same_name {
	VEC(const struct object *) list;
};

static struct sv object_key(struct arena *mem, struct sv kind,
			    struct sv namespace, struct sv name)
{
	return arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT, SV_ARG(kind),
			 SV_ARG(namespace), SV_ARG(name));
}

static struct map *index_objects(struct arena *mem,
				 const struct objects *objects)
{
	struct map *all = ARENA_NEW(mem, struct map);

	all->mem = mem;
	for (size_t i = 0; i < objects->list.n; i++) {
		const struct object *o = objects->list.v[i];
		struct sv key = object_key(mem, o->kind, o->namespace, o->name);
		struct same_name *same = map_get(all, key);

		if (same == NULL) {
			same = ARENA_NEW(mem, struct same_name);
			map_put(all, key, same);
		}
		*VEC_ADD(mem, &same->list) = o;
	}
	return all;
}

/* Of several clusters' objects of one name, the one that asked. */
static const struct object *object_of(const struct builder *b,
				      const struct provenance *p)
{
	const struct same_name *same =
		map_get(b->objects,
			object_key(b->g->mem, p->kind, p->namespace, p->name));

	for (size_t i = 0; same != NULL && p->id != NULL && i < same->list.n;
	     i++)
		if (loc_cmp(same->list.v[i]->at, p->id->at) == 0)
			return same->list.v[i];
	return same != NULL ? same->list.v[0] : NULL;
}

/* The node of that column and title; made when it is new. */
static size_t node(struct graph *g, enum graph_column column, struct sv title,
		   struct sv detail, struct sv group)
{
	struct sv key = arena_fmt(g->mem, "%d " SV_FMT "\n" SV_FMT, column,
				  SV_ARG(title), SV_ARG(detail));
	size_t *at = map_get(g->index, key);

	if (at != NULL)
		return *at;
	at = ARENA_NEW(g->mem, size_t);
	*at = g->nodes.n;
	map_put(g->index, key, at);
	*VEC_ADD(g->mem, &g->nodes) =
		(struct graph_node){ column, title, detail, group, 0, 0 };
	return *at;
}

static void edge(struct graph *g, size_t from, size_t to)
{
	struct sv key = arena_fmt(g->mem, "edge %zu %zu", from, to);

	if (map_get(g->index, key) != NULL)
		return;
	map_put(g->index, key, g);
	*VEC_ADD(g->mem, &g->edges) = (struct graph_edge){ from, to };
}

/* --- what is behind a name --- */

struct way {
	struct builder *b;
	const struct provenance *p;
	const struct object *o; /* NULL: none that can be looked at */
	struct sv name;		/* of the record */
	VEC(size_t) proxies, services;
};

static void add_proxy(struct way *w, struct sv title, struct sv detail)
{
	*VEC_ADD(w->b->g->mem, &w->proxies) =
		node(w->b->g, GRAPH_PROXY, title, detail, w->p->cluster);
}

static void add_service(struct way *w, struct sv namespace, struct sv name)
{
	struct sv own = w->o->namespace;

	if (name.n == 0)
		return;
	namespace = namespace.n > 0 ? namespace : own;
	*VEC_ADD(w->b->g->mem, &w->services) =
		node(w->b->g, GRAPH_SERVICE, name, namespace, namespace);
}

/* networking.k8s.io/v1, and the words of v1beta1. */
static void ingress_service(struct way *w, const struct node *backend)
{
	struct sv name = node_str(node_get(backend, SV("service")), SV("name"));

	if (name.n == 0)
		name = node_str(backend, SV("serviceName"));
	add_service(w, SV(""), name);
}

/* The rules of this host; `all`: of every one, where no rule has its name. */
static void ingress_rules(struct way *w, bool all)
{
	const struct node *rules = node_path(w->o->root, SV("spec.rules"));

	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *rule = node_at(rules, i);
		const struct node *paths = node_path(rule, SV("http.paths"));

		if (!all && !sv_case_eq(node_str(rule, SV("host")), w->name))
			continue;
		for (size_t k = 0; k < node_len(paths); k++)
			ingress_service(
				w, node_get(node_at(paths, k), SV("backend")));
	}
}

static void ingress(struct way *w)
{
	const struct node *root = w->o->root;
	struct sv class =
		node_str(node_get(root, SV("spec")), SV("ingressClassName"));

	if (class.n == 0)
		class = node_str(node_path(root, SV("metadata.annotations")),
				 SV("kubernetes.io/ingress.class"));
	add_proxy(w, class.n > 0 ? class : SV("default class"),
		  SV("Ingress class"));
	ingress_rules(w, false);
	if (w->services.n == 0)
		ingress_rules(w, true);
	if (w->services.n > 0)
		return;
	ingress_service(w, node_path(root, SV("spec.defaultBackend")));
	ingress_service(w, node_path(root, SV("spec.backend")));
}

static void route(struct way *w)
{
	const struct node *spec = node_get(w->o->root, SV("spec"));
	const struct node *parents = node_get(spec, SV("parentRefs"));
	const struct node *rules = node_get(spec, SV("rules"));

	for (size_t i = 0; i < node_len(parents); i++) {
		const struct node *ref = node_at(parents, i);
		struct sv kind = node_str(ref, SV("kind"));
		struct sv space = node_str(ref, SV("namespace"));

		kind = kind.n > 0 ? kind : SV("Gateway");
		space = space.n > 0 ? space : w->o->namespace;
		add_proxy(w, node_str(ref, SV("name")),
			  arena_fmt(w->b->g->mem, SV_FMT " in " SV_FMT,
				    SV_ARG(kind), SV_ARG(space)));
	}
	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *refs =
			node_get(node_at(rules, i), SV("backendRefs"));

		for (size_t k = 0; k < node_len(refs); k++)
			add_service(w,
				    node_str(node_at(refs, k), SV("namespace")),
				    node_str(node_at(refs, k), SV("name")));
	}
}

static void service(struct way *w)
{
	add_service(w, SV(""), w->o->name);
}

static const struct {
	const char *kind;
	void (*follow)(struct way *w);
} kinds[] = {
	{ "GRPCRoute", route }, { "HTTPRoute", route }, { "Ingress", ingress },
	{ "Service", service }, { "TCPRoute", route },	{ "TLSRoute", route },
	{ "UDPRoute", route },
};

/* Any other object leads wherever its targets are. */
static void other(struct way *w)
{
	const struct provenance *p = w->p;

	if (p->namespace.n == 0)
		add_proxy(w, p->at.file, SV("written by hand"));
	else
		add_proxy(w, p->name,
			  arena_fmt(w->b->g->mem, SV_FMT " in " SV_FMT,
				    SV_ARG(p->kind), SV_ARG(p->namespace)));
}

static void follow(struct way *w)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (w->o != NULL && sv_eq(w->p->kind, sv_of(kinds[i].kind))) {
			kinds[i].follow(w);
			return;
		}
	other(w);
}

static void add_way(struct builder *b, size_t from, const struct endpoint *e,
		    const struct provenance *p)
{
	struct way w = {
		.b = b, .p = p, .o = object_of(b, p), .name = e->name
	};

	follow(&w);
	for (size_t i = 0; i < w.proxies.n; i++) {
		edge(b->g, from, w.proxies.v[i]);
		for (size_t k = 0; k < w.services.n; k++)
			edge(b->g, w.proxies.v[i], w.services.v[k]);
	}
	for (size_t k = 0; w.proxies.n == 0 && k < w.services.n; k++)
		edge(b->g, from, w.services.v[k]);
}

static bool is_below(struct sv name, struct sv top)
{
	if (name.n <= top.n)
		return sv_case_eq(name, top);
	return name.p[name.n - top.n - 1] == '.' &&
	       sv_case_eq(sv_from(name, name.n - top.n), top);
}

static bool is_asked(const struct graph_part *part, const struct endpoint *e)
{
	if (e->is_registry)
		return false;
	for (size_t i = 0; i < part->names.list.n; i++)
		if (is_below(e->name, part->names.list.v[i]))
			return true;
	return part->names.list.n == 0;
}

static void add_records(struct builder *b, const struct graph_part *part,
			const struct endpoints *set, struct sv zone)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];
		size_t from;

		if (!is_asked(part, e))
			continue;
		from = node(b->g, GRAPH_NAME, e->name, zone, zone);
		for (size_t k = 0; k < e->from.n; k++)
			add_way(b, from, e, &e->from.v[k]);
	}
}

void graph_add(struct graph *g, const struct graph_part *part)
{
	struct builder b = { g, index_objects(g->mem, part->objects) };
	const struct plan *plan = part->plan;

	if (g->index == NULL)
		g->index = ARENA_NEW(g->mem, struct map);
	g->index->mem = g->mem;
	for (size_t i = 0; i < plan->zones.n; i++)
		if (part->zone.p == NULL ||
		    sv_eq(plan->zones.v[i].zone->key, part->zone))
			add_records(&b, part, &plan->zones.v[i].records,
				    plan->zones.v[i].zone->key);
	if (part->zone.p == NULL)
		add_records(&b, part, &plan->unzoned, SV("no zone"));
}

struct sv graph_summary(const struct graph *g)
{
	size_t n[GRAPH_COLUMNS] = { 0 };

	for (size_t i = 0; i < g->nodes.n; i++) {
		const struct graph_node *at = &g->nodes.v[i];

		n[at->column] += at->folded > 0 ? at->folded : 1;
	}
	return arena_fmt(
		g->mem, SV_FMT ", " SV_FMT ", " SV_FMT,
		SV_ARG(words_count(g->mem, n[GRAPH_NAME], "name", NULL)),
		SV_ARG(words_count(g->mem, n[GRAPH_PROXY], "proxy or gateway",
				   "proxies and gateways")),
		SV_ARG(words_count(g->mem, n[GRAPH_SERVICE], "service", NULL)));
}
