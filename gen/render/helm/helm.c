/*
 * Hosts in Helm values.  The rules, counted over public repositories:
 *
 *   ...route....hostnames[]          58 %  -> HTTPRoute (or its `kind`)
 *   ...ingress....hosts[].host       33 %  -> Ingress
 *   ...ingress....hosts[], host,      3 %  -> Ingress
 *      hostname, hostnames[], tls[].hosts[]
 *   an external-dns hostname          2 %  -> Service
 *      annotation anywhere else
 *
 * `enabled: false` of the map or of any map around it switches it off.  Charts
 * whose layout is known are read by that (app_template.c).
 */
#include "render/helm/walk.h"

#include "base/limits.h"

/* What a map of values stands for, by the keys above it. */
enum below { BELOW_NOTHING, BELOW_INGRESS, BELOW_ROUTE };

static enum below below_of(struct sv key, enum below outer)
{
	/* `backend.host`, `rules[].backendRefs[].name`: what is behind a route
	 * is not one of its names. */
	if (helm_contains(key, SV("backend")) ||
	    helm_contains(key, SV("middleware")))
		return BELOW_NOTHING;
	if (helm_contains(key, SV("ingress")) &&
	    !helm_contains(key, SV("ingressclass")))
		return BELOW_INGRESS;
	if (helm_contains(key, SV("route")) &&
	    !helm_contains(key, SV("router")))
		return BELOW_ROUTE;
	return outer;
}

bool helm_is_off(const struct node *map)
{
	const struct node *n = node_get(map, SV("enabled"));

	return n != NULL && helm_is_false(n);
}

static bool has_hosts(const struct node *map)
{
	static const char *const keys[] = { "hosts", "hostname", "hostnames",
					    "host", "fqdn" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (node_get(map, sv_of(keys[i])) != NULL)
			return true;
	return false;
}

/* Where the walk is. */
struct place_in {
	struct sv key, path, name;
	enum below below;
};

static void visit(struct walk *w, const struct node *n, struct place_in here);

/* Two items of a list are told apart by their names. */
static struct place_in item_of(struct walk *w, const struct node *item,
			       struct place_in here)
{
	struct sv name = node_str(item, SV("name"));

	if (name.n > 0)
		here.name = arena_fmt(w->ctx->mem, SV_FMT "-" SV_FMT,
				      SV_ARG(here.name), SV_ARG(name));
	return here;
}

static struct place_in value_of(struct walk *w, const struct node *key,
				const struct node *value, struct place_in here)
{
	struct sv path = here.path;

	here.key = key->scalar;
	here.path = arena_fmt(w->ctx->mem, SV_FMT "%s" SV_FMT, SV_ARG(path),
			      path.n > 0 ? "." : "", SV_ARG(key->scalar));
	here.name = helm_inner_name(w, here.name, key->scalar, value);
	here.below = below_of(key->scalar, here.below);
	return here;
}

static void visit_children(struct walk *w, const struct node *n,
			   struct place_in here)
{
	for (size_t i = 0; n->kind == NODE_LIST && i < n->items.n; i++)
		visit(w, n->items.v[i], item_of(w, n->items.v[i], here));
	for (size_t i = 0; n->kind == NODE_MAP && i + 1 < n->items.n; i += 2)
		visit(w, n->items.v[i + 1],
		      value_of(w, n->items.v[i], n->items.v[i + 1], here));
}

/* Values of a chart within the chart: its templates see no others. */
static void visit_template(struct walk *w, const struct node *values,
			   struct place_in here)
{
	const struct helm_release *outer = w->release;
	struct helm_release inner = *outer;

	inner.chart = SV("app-template");
	inner.version = SV("");
	inner.values = values;
	w->release = &inner;
	app_template_walk(w, here.path);
	w->release = outer;
}

static void visit_map(struct walk *w, const struct node *n,
		      struct place_in here)
{
	const struct helm_place p = { .map = n,
				      .path = here.path,
				      .name = here.name };
	bool named = helm_names_host(node_get(n, SV("annotations")));

	if (sv_eq(here.key, SV("app-template"))) {
		visit_template(w, n, here);
	} else if (here.below == BELOW_ROUTE && (has_hosts(n) || named)) {
		helm_route(w, &p);
	} else if (here.below == BELOW_INGRESS && (has_hosts(n) || named)) {
		helm_ingress(w, &p);
	} else {
		if (named)
			helm_service(w, &p);
		visit_children(w, n, here);
	}
}

static void visit(struct walk *w, const struct node *n, struct place_in here)
{
	if (w->depth >= MAX_YAML_DEPTH || helm_is_off(n) ||
	    helm_inner(w, n, here.key, here.path) || n->kind == NODE_SCALAR)
		return;
	w->depth++;
	if (n->kind == NODE_MAP)
		visit_map(w, n, here);
	else
		visit_children(w, n, here);
	w->depth--;
}

bool helm_extracts(const struct render_ctx *ctx)
{
	return sv_eq(ctx->publisher->opt.helm_values, SV("extract"));
}

void helm_extract(const struct render_ctx *ctx, struct diags *d,
		  const struct helm_release *release, struct objects *out)
{
	struct walk w = { .ctx = ctx,
			  .diags = d,
			  .release = release,
			  .out = out,
			  .extract = release->is_named || helm_extracts(ctx) };

	if (release->values == NULL)
		return;
	if (app_template_is(release, release->values))
		app_template_walk(&w, SV(""));
	else
		visit(&w, release->values,
		      (struct place_in){ .name = helm_root_name(&w) });
	helm_own_keys(&w);
	if (!w.extract)
		ctx->stats->helm_names += w.names;
}
