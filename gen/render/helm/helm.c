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
 * `enabled: false` of the map or of any map around it switches it off.
 */
#include "render/helm/helm.h"

#include "base/buf.h"
#include "base/limits.h"
#include "render/known.h"

struct walk {
	const struct render_ctx *ctx;
	struct diags *diags;
	const struct helm_release *release;
	struct objects *out;
	bool extract;
	unsigned depth;
	size_t names;
};

/* What a map of values stands for, by the keys above it. */
enum below { BELOW_NOTHING, BELOW_INGRESS, BELOW_ROUTE };

static bool contains(struct sv key, struct sv word)
{
	for (size_t i = 0; i + word.n <= key.n; i++)
		if (sv_case_eq((struct sv){ key.p + i, word.n }, word))
			return true;
	return false;
}

static enum below below_of(struct sv key, enum below outer)
{
	if (contains(key, SV("ingress")) && !contains(key, SV("ingressclass")))
		return BELOW_INGRESS;
	if (contains(key, SV("route")) && !contains(key, SV("router")))
		return BELOW_ROUTE;
	return outer;
}

static bool is_off(const struct node *map)
{
	const struct node *n = node_get(map, SV("enabled"));

	return n != NULL && n->kind == NODE_SCALAR &&
	       (sv_case_eq(n->scalar, SV("false")) ||
		sv_case_eq(n->scalar, SV("no")));
}

/* A host after its templates; what stays unknown is a finding, not a record. */
static void add_host(struct walk *w, const struct node *host,
		     struct node *hosts)
{
	struct arena *mem = w->ctx->mem;
	struct node *copy;
	struct sv text;

	if (host == NULL || host->kind != NODE_SCALAR ||
	    host->type == SCALAR_NULL || host->scalar.n == 0)
		return;
	w->names++;
	if (!w->extract)
		return;
	if (helm_template(mem, w->release, host->scalar, &text) < 0) {
		diag_warn(w->diags, DIAG_HELM_VALUES, host->at,
			  SV_FMT ": host \"" SV_FMT
				 "\" needs the chart; no record is made",
			  SV_ARG(w->release->what), SV_ARG(host->scalar));
		return;
	}
	copy = node_new_str(mem, host->at, text);
	copy->was = sv_eq(text, host->scalar) ? host->was : host;
	node_add(mem, hosts, copy);
}

/* A scalar, a list of scalars, or a list of maps with `host` or `name`. */
static void add_hosts(struct walk *w, const struct node *n, struct node *hosts)
{
	if (n == NULL)
		return;
	add_host(w, n, hosts);
	for (size_t i = 0; i < node_len(n) && i < MAX_HOSTS; i++) {
		const struct node *item = node_at(n, i);
		const struct node *host = node_get(item, SV("host"));

		if (item->kind == NODE_SCALAR)
			add_host(w, item, hosts);
		else
			add_host(w, host ? host : node_get(item, SV("name")),
				 hosts);
	}
}

static struct node *annotations_of(struct walk *w, const struct node *map)
{
	const struct node *from = node_get(map, SV("annotations"));
	struct node *to = node_new_map(w->ctx->mem, map->at);

	for (size_t i = 0;
	     from != NULL && from->kind == NODE_MAP && i + 1 < from->items.n;
	     i += 2) {
		const struct node *value = from->items.v[i + 1];
		struct sv text;

		if (value->kind != NODE_SCALAR ||
		    helm_template(w->ctx->mem, w->release, value->scalar,
				  &text) < 0)
			continue;
		node_set(w->ctx->mem, to, from->items.v[i]->scalar,
			 node_new_str(w->ctx->mem, value->at, text));
	}
	return to;
}

static void set_str(struct walk *w, struct node *map, const char *key,
		    struct sv value)
{
	node_set(w->ctx->mem, map, sv_of(key),
		 node_new_str(w->ctx->mem, map->at, value));
}

/* Release name, and the keys that tell two objects of one release apart. */
static struct sv object_name(struct walk *w, struct sv path)
{
	struct buf b = { .mem = w->ctx->mem };
	struct sv part;

	buf_add(&b, w->release->name);
	while (sv_cut(&path, '.', &part)) {
		if (contains(part, SV("ingress")) ||
		    contains(part, SV("route")) || sv_eq(part, SV("main")) ||
		    sv_eq(part, SV("app")) || part.n == 0)
			continue;
		buf_char(&b, '-');
		buf_add(&b, part);
	}
	return buf_sv(&b);
}

static struct node *skeleton(struct walk *w, const struct node *map,
			     struct sv path, const char *api, struct sv kind)
{
	struct arena *mem = w->ctx->mem;
	struct node *root = node_new_map(mem, map->at);
	struct node *meta = node_new_map(mem, map->at);

	set_str(w, root, "apiVersion", sv_of(api));
	set_str(w, root, "kind", kind);
	set_str(w, meta, "name", object_name(w, path));
	set_str(w, meta, "namespace", w->release->namespace);
	node_set(mem, meta, SV("annotations"), annotations_of(w, map));
	node_set(mem, root, SV("metadata"), meta);
	node_set(mem, root, SV("spec"), node_new_map(mem, map->at));
	return root;
}

static struct node *spec_of(struct node *root)
{
	for (size_t i = 0; i + 1 < root->items.n; i += 2)
		if (sv_eq(root->items.v[i]->scalar, SV("spec")))
			return root->items.v[i + 1];
	return NULL;
}

static void emit(struct walk *w, struct node *root, struct sv path)
{
	struct origin *o = ARENA_NEW(w->ctx->mem, struct origin);
	size_t before = w->out->list.n;

	o->outer = w->release->origin;
	o->step = "helm-values";
	o->at = root->at;
	o->text = arena_fmt(w->ctx->mem, SV_FMT ": " SV_FMT,
			    SV_ARG(w->release->what), SV_ARG(path));
	o->object = w->release->what;
	objects_add(w->ctx->mem, w->diags, w->out, root, o);
	for (size_t i = before; i < w->out->list.n; i++) {
		w->out->list.v[i]->cluster = w->release->cluster;
		w->out->list.v[i]->realm = w->release->realm;
	}
}

static void take_route(struct walk *w, const struct node *map, struct sv path)
{
	struct arena *mem = w->ctx->mem;
	struct node *hosts = node_new_list(mem, map->at);
	const struct node *parents = node_get(map, SV("parentRefs"));
	struct sv kind = node_str(map, SV("kind"));
	struct node *root;

	add_hosts(w, node_get(map, SV("hostnames")), hosts);
	add_hosts(w, node_get(map, SV("hostname")), hosts);
	add_hosts(w, node_get(map, SV("hosts")), hosts);
	add_hosts(w, node_get(map, SV("host")), hosts);
	if (!w->extract || node_len(hosts) == 0)
		return;
	if (!sv_ends(kind, SV("Route")))
		kind = SV("HTTPRoute");
	root = skeleton(w, map, path, "gateway.networking.k8s.io/v1", kind);
	node_set(mem, spec_of(root), SV("hostnames"), hosts);
	if (parents != NULL && parents->kind == NODE_LIST)
		node_set(mem, spec_of(root), SV("parentRefs"),
			 node_copy(mem, parents));
	emit(w, root, path);
}

static struct node *rules_of(struct walk *w, const struct node *hosts)
{
	struct arena *mem = w->ctx->mem;
	struct node *rules = node_new_list(mem, hosts->at);

	for (size_t i = 0; i < node_len(hosts); i++) {
		struct node *rule = node_new_map(mem, node_at(hosts, i)->at);

		node_set(mem, rule, SV("host"), hosts->items.v[i]);
		node_add(mem, rules, rule);
	}
	return rules;
}

static void add_tls(struct walk *w, const struct node *map, struct node *hosts)
{
	const struct node *tls = node_get(map, SV("tls"));

	for (size_t i = 0; i < node_len(tls); i++)
		add_hosts(w, node_get(node_at(tls, i), SV("hosts")), hosts);
}

static void take_ingress(struct walk *w, const struct node *map, struct sv path)
{
	static const char *const host_keys[] = { "hosts",     "hostname",
						 "hostnames", "host",
						 "fqdn",      "extraHosts" };
	static const char *const class_keys[] = { "className",
						  "ingressClassName", "class" };
	struct arena *mem = w->ctx->mem;
	struct node *hosts = node_new_list(mem, map->at);
	size_t names;
	struct node *root;

	for (size_t i = 0; i < sizeof(host_keys) / sizeof(host_keys[0]); i++)
		add_hosts(w, node_get(map, sv_of(host_keys[i])), hosts);
	names = w->names;
	add_tls(w, map, hosts);
	w->names = names; /* TLS repeats hosts: counted once */
	if (!w->extract || node_len(hosts) == 0)
		return;
	root = skeleton(w, map, path, "networking.k8s.io/v1", SV("Ingress"));
	node_set(mem, spec_of(root), SV("rules"), rules_of(w, hosts));
	for (size_t i = 0; i < sizeof(class_keys) / sizeof(class_keys[0]);
	     i++) {
		struct sv class = node_str(map, sv_of(class_keys[i]));

		if (class.n > 0)
			set_str(w, spec_of(root), "ingressClassName", class);
	}
	emit(w, root, path);
}

static bool names_host(const struct node *annotations)
{
	if (annotations == NULL || annotations->kind != NODE_MAP)
		return false;
	for (size_t i = 0; i + 1 < annotations->items.n; i += 2) {
		struct sv key = annotations->items.v[i]->scalar;

		if (sv_starts(key, SV("external-dns")) &&
		    sv_ends(key, SV("/hostname")))
			return true;
	}
	return false;
}

static void take_service(struct walk *w, const struct node *map, struct sv path)
{
	struct sv ip = node_str(map, SV("loadBalancerIP"));
	struct node *root;

	w->names++;
	if (!w->extract)
		return;
	root = skeleton(w, map, path, "v1", SV("Service"));
	set_str(w, spec_of(root), "type", SV("LoadBalancer"));
	if (ip.n > 0)
		set_str(w, spec_of(root), "loadBalancerIP", ip);
	emit(w, root, path);
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

static void visit(struct walk *w, const struct node *n, struct sv path,
		  enum below below);

static void visit_children(struct walk *w, const struct node *n, struct sv path,
			   enum below below)
{
	for (size_t i = 0; n->kind == NODE_LIST && i < n->items.n; i++)
		visit(w, n->items.v[i], path, below);
	for (size_t i = 0; n->kind == NODE_MAP && i + 1 < n->items.n; i += 2) {
		struct sv key = n->items.v[i]->scalar;
		enum below inner = below_of(key, below);

		/* `backend.host`, `rules[].backendRefs[].name`: what is behind
		 * a route is not one of its names. */
		if (contains(key, SV("backend")) ||
		    contains(key, SV("middleware")))
			inner = BELOW_NOTHING;
		visit(w, n->items.v[i + 1],
		      arena_fmt(w->ctx->mem, SV_FMT "%s" SV_FMT, SV_ARG(path),
				path.n > 0 ? "." : "", SV_ARG(key)),
		      inner);
	}
}

static void visit(struct walk *w, const struct node *n, struct sv path,
		  enum below below)
{
	if (n->kind == NODE_SCALAR || is_off(n) || w->depth >= MAX_YAML_DEPTH)
		return;
	w->depth++;
	if (n->kind == NODE_MAP && below == BELOW_ROUTE && has_hosts(n)) {
		take_route(w, n, path);
	} else if (n->kind == NODE_MAP && below == BELOW_INGRESS &&
		   has_hosts(n)) {
		take_ingress(w, n, path);
	} else {
		if (names_host(node_get(n, SV("annotations"))))
			take_service(w, n, path);
		visit_children(w, n, path, below);
	}
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
			  .extract = helm_extracts(ctx) };

	if (release->values == NULL)
		return;
	visit(&w, release->values, SV(""), BELOW_NOTHING);
	if (!w.extract)
		ctx->stats->helm_names += w.names;
}

static struct node *find_value(struct node *map, struct sv key)
{
	for (size_t i = 0; i + 1 < map->items.n; i += 2)
		if (sv_eq(map->items.v[i]->scalar, key))
			return map->items.v[i + 1];
	return NULL;
}

struct node *helm_merge(struct arena *mem, const struct node *base,
			const struct node *over)
{
	struct node *to;

	if (base == NULL || over == NULL || base->kind != NODE_MAP ||
	    over->kind != NODE_MAP)
		return over   ? node_copy(mem, over)
		       : base ? node_copy(mem, base)
			      : NULL;
	to = node_copy(mem, base);
	for (size_t i = 0; i + 1 < over->items.n; i += 2) {
		struct sv key = over->items.v[i]->scalar;
		struct node *old = find_value(to, key);

		node_set(mem, to, key,
			 old ? helm_merge(mem, old, over->items.v[i + 1])
			     : node_copy(mem, over->items.v[i + 1]));
	}
	return to;
}

/* valuesFrom in order, then spec.values over them (Flux helm-controller). */
static const struct node *release_values(const struct render_ctx *ctx,
					 struct diags *d,
					 const struct objects *maps,
					 const struct object *o)
{
	const struct node *from = node_path(o->root, SV("spec.valuesFrom"));
	const struct node *own = node_path(o->root, SV("spec.values"));
	struct node *all = NULL;

	for (size_t i = 0; i < node_len(from) && i < MAX_VALUES_FROM; i++)
		all = helm_values_from(ctx, d, maps, o, node_at(from, i), all);
	return all != NULL ? helm_merge(ctx->mem, all, own) : own;
}

static struct sv release_name(const struct render_ctx *ctx,
			      const struct object *o, struct sv target)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	struct sv name = node_str(spec, SV("releaseName"));

	if (name.n > 0)
		return name;
	return target.n > 0 ? arena_fmt(ctx->mem, SV_FMT "-" SV_FMT,
					SV_ARG(target), SV_ARG(o->name))
			    : o->name;
}

static bool is_release(const struct object *o)
{
	return sv_eq(o->kind, SV("HelmRelease")) &&
	       sv_eq(o->group, SV("helm.toolkit.fluxcd.io"));
}

/* Is what the values name what the cluster gets?  False with a diag. */
static bool release_ok(const struct render_ctx *ctx, struct diags *d,
		       const struct object *o, struct sv what)
{
	const struct node *patch;

	(void)known_check(ctx, d, "HelmRelease", o->kind, what, o->root);
	patch = helm_post_patch(ctx, node_get(o->root, SV("spec")));
	return patch == NULL ||
	       known_skips(ctx, d, what, patch->at,
			   SV("HelmRelease.spec.postRenderers"));
}

void helm_expand(const struct render_ctx *ctx, struct diags *d,
		 const struct objects *set, const struct objects *maps,
		 struct objects *out)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct object *o = set->list.v[i];
		struct helm_release release = { 0 };
		struct sv target;

		if (!is_release(o))
			continue;
		target = node_str(node_get(o->root, SV("spec")),
				  SV("targetNamespace"));
		release.name = release_name(ctx, o, target);
		release.namespace = target.n > 0 ? target : o->namespace;
		release.values = release_values(ctx, d, maps, o);
		release.origin = o->origin;
		release.cluster = o->cluster;
		release.realm = o->realm;
		release.what =
			known_object(ctx->mem, o->kind, o->namespace, o->name);
		if (!helm_extracts(ctx) || release_ok(ctx, d, o, release.what))
			helm_extract(ctx, d, &release, out);
	}
}
