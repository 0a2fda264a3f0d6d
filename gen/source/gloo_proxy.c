/*
 * Gloo's Proxy, which its controller writes: the domains of the virtual hosts
 * of its listeners.  TTL and properties come from the VirtualServices that a
 * virtual host was made of, targets from the Proxy, the Ingress that its
 * Gateway names, or the Service of its own name.
 *
 * ExternalDNS gives these records no resource label.
 */
#include "base/limits.h"
#include "source/balancer.h"

#define GLOO_GROUP "gateway.solo.io"

/* What a `source` or `sources[]` of metadata refers to. */
struct gloo_ref {
	struct sv kind, namespace, name;
	struct loc at;
};

/* Both forms: {kind, namespace, name} and {resourceKind, resourceRef}. */
static struct gloo_ref ref_of(const struct node *n)
{
	const struct node *ref = node_get(n, SV("resourceRef"));
	struct gloo_ref r = { .at = n->at };

	if (ref == NULL) {
		r.kind = node_str(n, SV("kind"));
		ref = n;
	} else {
		r.kind = node_str(n, SV("resourceKind"));
	}
	r.namespace = node_str(ref, SV("namespace"));
	r.name = node_str(ref, SV("name"));
	return r;
}

/* ExternalDNS stops where the object is missing. */
static const struct object *look_up(struct object_ctx *s, struct sv kind,
				    const struct gloo_ref *r)
{
	const struct object *o =
		object_index_find(s->ctx->own, kind, r->namespace, r->name);

	if (o == NULL)
		object_ctx_stop(s, DIAG_ROUTE, r->at,
				SV_FMT " " SV_FMT "/" SV_FMT
				       " is not among the manifests",
				SV_ARG(kind), SV_ARG(r->namespace),
				SV_ARG(r->name));
	return o;
}

/* The Ingress that a Gateway's annotation names. */
static void add_ingress(struct object_ctx *s, const struct object *gateway,
			struct node *list)
{
	const struct node *n = annotation_node(s->ctx, gateway, SV("ingress"));
	struct gloo_ref ref = { 0 };
	const struct object *ingress;

	if (n == NULL || n->kind != NODE_SCALAR || n->scalar.n == 0)
		return;
	ref.at = n->at;
	if (!balancer_ref(n->scalar, gateway->namespace, &ref.namespace,
			  &ref.name)) {
		object_ctx_stop(
			s, DIAG_ANNOTATION, n->at,
			"invalid annotation ingress \"" SV_FMT
			"\": expected NAME or NAMESPACE/NAME of an Ingress",
			SV_ARG(n->scalar));
		return;
	}
	ingress = look_up(s, SV("Ingress"), &ref);
	if (ingress != NULL)
		balancer_add(s->ctx, ingress, BALANCER_FIRST, list);
}

static void targets_gateways(struct object_ctx *s, const struct node *listeners)
{
	struct node *list = node_new_list(s->ctx->mem, s->object->at);

	for (size_t i = 0; i < node_len(listeners); i++) {
		const struct node *sources = node_path(
			node_at(listeners, i), SV("metadataStatic.sources"));

		for (size_t k = 0; k < node_len(sources); k++) {
			struct gloo_ref r = ref_of(node_at(sources, k));
			const struct object *o = NULL;

			if (sv_eq(r.kind, SV("*v1.Gateway")))
				o = look_up(s, SV("Gateway"), &r);
			if (o != NULL)
				add_ingress(s, o, list);
		}
	}
	targets_node(s, list, SV("Ingress of the Gateway"), true);
}

static void targets_service(struct object_ctx *s)
{
	struct gloo_ref ref = { .namespace = s->object->namespace,
				.name = s->object->name,
				.at = s->object->at };
	const struct object *o = look_up(s, SV("Service"), &ref);

	if (o == NULL)
		return;
	if (!sv_eq(node_str(node_get(o->root, SV("spec")), SV("type")),
		   SV("LoadBalancer")))
		diag_warn(s->ctx->diags, DIAG_ROUTE, o->at,
			  SV_FMT ": its Service is not of type LoadBalancer",
			  SV_ARG(s->label));
	else
		targets_status(s, o, "status.loadBalancer.ingress");
}

/* The annotations of all VirtualServices behind a virtual host; those of a
 * later one win. */
static void merge_annotations(struct object_ctx *s, const struct node *sources,
			      struct node *out)
{
	for (size_t i = 0; i < node_len(sources); i++) {
		struct gloo_ref r = ref_of(node_at(sources, i));
		const struct object *o = NULL;
		const struct node *map;

		if (sv_eq(r.kind, SV("*v1.VirtualService")))
			o = look_up(s, SV("VirtualService"), &r);
		map = o != NULL ? node_path(o->root, SV("metadata.annotations"))
				: NULL;
		for (size_t k = 0; map != NULL && map->kind == NODE_MAP &&
				   k + 1 < map->items.n;
		     k += 2)
			node_set(s->ctx->mem, out, map->items.v[k]->scalar,
				 node_copy(s->ctx->mem, map->items.v[k + 1]));
	}
}

/* The Proxy with other annotations: those of the virtual host. */
static const struct object *annotated(struct object_ctx *s,
				      const struct node *host)
{
	struct arena *mem = s->ctx->mem;
	struct node *root = node_new_map(mem, host->at);
	struct node *meta = node_new_map(mem, host->at);
	struct node *map = node_new_map(mem, host->at);
	struct object *o = ARENA_NEW(mem, struct object);

	merge_annotations(s, node_path(host, SV("metadata.sources")), map);
	merge_annotations(s, node_path(host, SV("metadataStatic.sources")),
			  map);
	node_set(mem, meta, SV("annotations"), map);
	node_set(mem, root, SV("metadata"), meta);
	*o = *s->object;
	o->root = root;
	return o;
}

static size_t publish_host(struct object_ctx *s, const struct node *host)
{
	const struct node *domains = node_get(host, SV("domains"));
	struct object_ctx one;
	size_t made;

	object_ctx_init(&one, s->ctx, annotated(s, host), SV(""), true);
	for (size_t i = 0; i < node_len(domains); i++) {
		const struct node *n = node_at(domains, i);

		if (!s->ctx->config->compat && n->kind == NODE_SCALAR &&
		    sv_eq(n->scalar, SV("*")))
			diag_note(s->ctx->diags, DIAG_ROUTE, n->at,
				  SV_FMT ": the domain \"*\" is not a host",
				  SV_ARG(s->label));
		else if (s->ctx->config->compat && n->kind == NODE_SCALAR)
			/* ExternalDNS takes an empty one too. */
			object_ctx_name_text(
				&one, node_is_null(n) ? SV("") : n->scalar,
				n->at, "virtualHosts[].domains[]");
		else
			object_ctx_name(&one, n, "virtualHosts[].domains[]");
	}
	for (size_t i = 0; i < s->targets.n; i++)
		*VEC_ADD(s->ctx->mem, &one.targets) = s->targets.v[i];
	made = object_ctx_publish(&one);
	s->failed |= one.failed;
	return made;
}

/* Virtual hosts of a listener stand in a list, or in a map that filter chains
 * refer to. */
static size_t publish_listener(struct object_ctx *s,
			       const struct node *listener)
{
	const struct node *hosts =
		node_path(listener, SV("httpListener.virtualHosts"));
	const struct node *chains =
		node_path(listener, SV("aggregateListener.httpFilterChains"));
	const struct node *map = node_path(
		listener, SV("aggregateListener.httpResources.virtualHosts"));
	size_t made = 0;

	for (size_t i = 0; i < node_len(hosts) && i < MAX_HOSTS; i++)
		made += publish_host(s, node_at(hosts, i));
	for (size_t i = 0; i < node_len(chains) && i < MAX_HOSTS; i++) {
		const struct node *refs =
			node_get(node_at(chains, i), SV("virtualHostRefs"));

		for (size_t k = 0; k < node_len(refs) && k < MAX_HOSTS; k++) {
			const struct node *host =
				node_get(map, node_at(refs, k)->scalar);

			if (host != NULL)
				made += publish_host(s, host);
		}
	}
	return made;
}

static bool namespace_selected(const struct object_ctx *s)
{
	const struct strings *want = &s->ctx->publisher->opt.gloo_namespace;

	if (want->list.n == 0)
		return sv_eq(s->object->namespace, SV("gloo-system"));
	return strings_has(want, s->object->namespace);
}

static void proxy_one(struct object_ctx *s)
{
	const struct node *listeners =
		node_path(s->object->root, SV("spec.listeners"));
	size_t made = 0;

	if (!namespace_selected(s))
		return;
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), SV(""));
	if (s->targets.n == 0)
		targets_gateways(s, listeners);
	if (s->targets.n == 0)
		targets_service(s);
	for (size_t i = 0; i < node_len(listeners) && i < MAX_LISTENERS; i++)
		made += publish_listener(s, node_at(listeners, i));
	(void)object_ctx_whole_templates(s, made);
}

static int proxy_read(struct source_ctx *ctx, const struct source *self)
{
	struct object_index *objects = ARENA_NEW(ctx->mem, struct object_index);

	objects->ctx = ctx;
	object_index_add(objects, SV(GLOO_GROUP), SV("Gateway"), true);
	object_index_add(objects, SV(GLOO_GROUP), SV("VirtualService"), true);
	object_index_add(objects, SV("networking.k8s.io"), SV("Ingress"), true);
	object_index_add(objects, SV(""), SV("Service"), true);
	ctx->own = objects;
	/* --namespace does not count here, --gloo-namespace does. */
	return source_each_by(ctx, self, SV(""),
			      SELECT_ANNOTATIONS | SELECT_LABELS |
				      SELECT_CONTROLLER,
			      proxy_one);
}

static const char *const lookup_kinds[] = { "VirtualService", "Gateway",
					    "Service", "Ingress", NULL };

const struct source source_gloo_proxy = {
	.flag = "gloo-proxy",
	.group = "gloo.solo.io",
	.kind = "Proxy",
	.lookup_kinds = lookup_kinds,
	.read = proxy_read,
};
