/* From a map of values to the object that a chart makes of it. */
#include "base/buf.h"
#include "base/limits.h"
#include "render/helm/walk.h"

bool helm_contains(struct sv text, struct sv word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (sv_case_eq((struct sv){ text.p + i, word.n }, word))
			return true;
	return false;
}

bool helm_is_false(const struct node *n)
{
	if (node_is_null(n))
		return true;
	if (n->kind != NODE_SCALAR)
		return n->items.n == 0;
	switch (n->type) {
	case SCALAR_STRING:
		return n->scalar.n == 0;
	case SCALAR_NULL:
		return true;
	case SCALAR_BOOL:
		return !node_is_true(n);
	case SCALAR_INT:
	case SCALAR_FLOAT:
		return node_real(n) == 0;
	}
	return false;
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

/* `host`, or rook's `host.name`, or `name`. */
static const struct node *host_of(const struct node *map)
{
	const struct node *host = node_get(map, SV("host"));

	if (host != NULL && host->kind == NODE_MAP)
		host = node_get(host, SV("name"));
	return host ? host : node_get(map, SV("name"));
}

void helm_hosts(struct walk *w, const struct node *n, struct node *hosts)
{
	if (n == NULL)
		return;
	add_host(w, n->kind == NODE_MAP ? host_of(n) : n, hosts);
	for (size_t i = 0; i < node_len(n) && i < MAX_HOSTS; i++) {
		const struct node *item = node_at(n, i);

		add_host(w, item->kind == NODE_MAP ? host_of(item) : item,
			 hosts);
	}
}

static void add_annotations(struct walk *w, const struct node *from,
			    struct node *to)
{
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
}

static void set_str(struct walk *w, struct node *map, const char *key,
		    struct sv value)
{
	node_set(w->ctx->mem, map, sv_of(key),
		 node_new_str(w->ctx->mem, map->at, value));
}

static struct node *skeleton(struct walk *w, const struct helm_place *p,
			     const char *api, struct sv kind)
{
	struct arena *mem = w->ctx->mem;
	struct node *root = node_new_map(mem, p->map->at);
	struct node *meta = node_new_map(mem, p->map->at);
	struct node *notes = node_new_map(mem, p->map->at);

	set_str(w, root, "apiVersion", sv_of(api));
	set_str(w, root, "kind", kind);
	set_str(w, meta, "name", p->name);
	set_str(w, meta, "namespace", w->release->namespace);
	add_annotations(w, p->common, notes);
	add_annotations(w, node_get(p->map, SV("annotations")), notes);
	node_set(mem, meta, SV("annotations"), notes);
	helm_copy_key(mem, meta, p->map, "labels");
	node_set(mem, root, SV("metadata"), meta);
	node_set(mem, root, SV("spec"), node_new_map(mem, p->map->at));
	return root;
}

void helm_copy_key(struct arena *mem, struct node *to, const struct node *from,
		   const char *key)
{
	const struct node *n = node_get(from, sv_of(key));

	if (n != NULL)
		node_set(mem, to, sv_of(key), node_copy(mem, n));
}

static struct node *spec_of(struct node *root)
{
	for (size_t i = 0; i + 1 < root->items.n; i += 2)
		if (sv_eq(root->items.v[i]->scalar, SV("spec")))
			return root->items.v[i + 1];
	return NULL;
}

void helm_emit(struct walk *w, const struct node *root, struct sv path)
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

/* Without hosts it may have a name by its annotation. */
static bool is_made(const struct walk *w, const struct helm_place *p,
		    const struct node *hosts)
{
	return w->extract &&
	       (node_len(hosts) > 0 ||
		helm_names_host(node_get(p->map, SV("annotations"))) ||
		helm_names_host(p->common));
}

void helm_route(struct walk *w, const struct helm_place *p)
{
	static const char *const host_keys[] = { "hostnames", "hostname",
						 "hosts", "host" };
	struct arena *mem = w->ctx->mem;
	struct node *hosts = node_new_list(mem, p->map->at);
	const struct node *parents = node_get(p->map, SV("parentRefs"));
	struct sv kind = node_str(p->map, SV("kind"));
	struct node *root;

	for (size_t i = 0; i < sizeof(host_keys) / sizeof(host_keys[0]); i++)
		helm_hosts(w, node_get(p->map, sv_of(host_keys[i])), hosts);
	if (!is_made(w, p, hosts))
		return;
	if (!sv_ends(kind, SV("Route")))
		kind = SV("HTTPRoute");
	root = skeleton(w, p, "gateway.networking.k8s.io/v1", kind);
	node_set(mem, spec_of(root), SV("hostnames"), hosts);
	if (parents != NULL && parents->kind == NODE_LIST)
		node_set(mem, spec_of(root), SV("parentRefs"),
			 node_copy(mem, parents));
	helm_emit(w, root, p->path);
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
		helm_hosts(w, node_get(node_at(tls, i), SV("hosts")), hosts);
}

void helm_ingress_of(struct walk *w, const struct helm_place *p,
		     struct node *hosts)
{
	static const char *const class_keys[] = { "className",
						  "ingressClassName",
						  "ingressClass", "class" };
	struct arena *mem = w->ctx->mem;
	struct node *root;

	if (!is_made(w, p, hosts))
		return;
	root = skeleton(w, p, "networking.k8s.io/v1", SV("Ingress"));
	node_set(mem, spec_of(root), SV("rules"), rules_of(w, hosts));
	for (size_t i = 0; i < sizeof(class_keys) / sizeof(class_keys[0]);
	     i++) {
		struct sv class = node_str(p->map, sv_of(class_keys[i]));

		if (class.n > 0)
			set_str(w, spec_of(root), "ingressClassName", class);
	}
	helm_emit(w, root, p->path);
}

void helm_ingress(struct walk *w, const struct helm_place *p)
{
	static const char *const host_keys[] = { "hosts",     "hostname",
						 "hostnames", "host",
						 "fqdn",      "extraHosts" };
	struct node *hosts = node_new_list(w->ctx->mem, p->map->at);
	size_t names;

	for (size_t i = 0;
	     !p->only_tls && i < sizeof(host_keys) / sizeof(host_keys[0]); i++)
		helm_hosts(w, node_get(p->map, sv_of(host_keys[i])), hosts);
	names = w->names;
	add_tls(w, p->map, hosts);
	w->names = names; /* TLS repeats hosts: counted once */
	helm_ingress_of(w, p, hosts);
}

bool helm_names_host(const struct node *annotations)
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

/* What the values say, if they say it; a chart that is annotated for
 * ExternalDNS has a load balancer. */
static struct sv type_of(const struct helm_place *p)
{
	static const char *const types[] = { "ClusterIP", "ExternalName",
					     "LoadBalancer", "NodePort" };
	struct sv type = node_str(p->map, SV("type"));

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sv_eq(type, sv_of(types[i])))
			return type;
	return p->service_type.n > 0 ? p->service_type : SV("LoadBalancer");
}

void helm_service(struct walk *w, const struct helm_place *p)
{
	static const char *const keys[] = { "clusterIP", "externalIPs",
					    "externalName", "loadBalancerIP" };
	struct node *root;

	w->names++;
	if (!w->extract)
		return;
	root = skeleton(w, p, "v1", SV("Service"));
	set_str(w, spec_of(root), "type", type_of(p));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		helm_copy_key(w->ctx->mem, spec_of(root), p->map, keys[i]);
	helm_emit(w, root, p->path);
}
