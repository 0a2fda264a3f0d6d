/* Headless Services: a record of all addresses, and one for each Pod that has
 * a host name, as far as EndpointSlices and Pods are in git. */
#include "source/service.h"

#include <stdlib.h>

/* All addresses of one name. */
struct headless_name {
	struct wanted_name name;
	struct target_source from;
};

struct headless {
	struct object_ctx *s;
	struct object_refs pods;
	struct sv endpoints_type;
	bool not_ready_too;
	VEC(struct headless_name) names;
};

static bool strict(const struct headless *h)
{
	return !h->s->ctx->config->compat;
}

static const struct options *options(const struct headless *h)
{
	return &h->s->ctx->publisher->opt;
}

/* Absent means true. */
static bool ready(const struct node *endpoint)
{
	const struct node *n = node_path(endpoint, SV("conditions.ready"));

	return node_is_null(n) || node_is_true(n);
}

/* A reference with an apiVersion is not a Pod to ExternalDNS. */
static const struct object *pod_of(const struct headless *h,
				   const struct node *endpoint)
{
	const struct node *ref = node_get(endpoint, SV("targetRef"));
	struct sv version = node_str(ref, SV("apiVersion"));

	if (!sv_eq(node_str(ref, SV("kind")), SV("Pod")) ||
	    (version.n > 0 && !(strict(h) && sv_eq(version, SV("v1")))))
		return NULL;
	for (size_t i = 0; i < h->pods.list.n; i++)
		if (sv_eq(h->pods.list.v[i]->name, node_str(ref, SV("name"))))
			return h->pods.list.v[i];
	return NULL;
}

static void target_add(struct headless *h, struct target_source *t,
		       const struct node *n, struct sv text)
{
	struct arena *mem = h->s->ctx->mem;

	*VEC_ADD(mem, &t->targets.list) = (struct target){
		.text = arena_sv(mem, text),
		.at = loc_copy(mem, n->at),
	};
}

static void node_targets(struct headless *h, const struct object *pod,
			 struct target_source *out)
{
	const struct object *node =
		node_find(h->s->ctx, node_str(node_get(pod->root, SV("spec")),
					      SV("nodeName")));

	out->rule = SV("ExternalIP of the Pod's Node");
	if (node == NULL)
		return;
	node_addresses(h->s, node, SV("ExternalIP"), false, out);
	if (options(h)->expose_internal_ipv6)
		node_addresses(h->s, node, SV("InternalIP"), true, out);
}

/* Where one endpoint of a slice points. */
static void endpoint_targets(struct headless *h, const struct object *pod,
			     const struct node *endpoint,
			     struct target_source *out)
{
	const struct node *addresses = node_get(endpoint, SV("addresses"));
	const struct node *status = node_get(pod->root, SV("status"));
	struct object_ctx *s = h->s;

	s->targets.n = 0;
	targets_annotation(s, pod);
	if (s->targets.n > 0) {
		*out = s->targets.v[0];
	} else if (sv_eq(h->endpoints_type, SV("NodeExternalIP"))) {
		node_targets(h, pod, out);
	} else if (sv_eq(h->endpoints_type, SV("HostIP")) ||
		   options(h)->publish_host_ip) {
		out->rule = SV("status.hostIP of the Pod");
		target_add(h, out, pod->root, node_str(status, SV("hostIP")));
	} else if (node_len(addresses) > 0 &&
		   node_at(addresses, 0)->kind == NODE_SCALAR) {
		out->rule = SV("endpoints[].addresses of an EndpointSlice");
		target_add(h, out, node_at(addresses, 0),
			   node_at(addresses, 0)->scalar);
	}
}

static struct headless_name *name_of(struct headless *h, struct sv text,
				     const struct wanted_name *base)
{
	struct headless_name *n;

	for (size_t i = 0; i < h->names.n; i++)
		if (sv_eq(h->names.v[i].name.text, text))
			return &h->names.v[i];
	n = VEC_ADD(h->s->ctx->mem, &h->names);
	n->name = *base;
	n->name.text = text;
	n->from.found = true;
	return n;
}

static void collect(struct headless *h, const struct wanted_name *base,
		    struct sv text, const struct target_source *from)
{
	struct headless_name *n = name_of(h, text, base);

	n->from.rule = from->rule;
	for (size_t i = 0; i < from->targets.list.n; i++)
		*VEC_ADD(h->s->ctx->mem, &n->from.targets.list) =
			from->targets.list.v[i];
}

static void read_endpoint(struct headless *h, const struct node *endpoint,
			  const struct wanted_name *base)
{
	const struct object *pod = pod_of(h, endpoint);
	struct target_source from = { .found = true };
	struct sv host, stem = base->text;

	if (pod == NULL || (!ready(endpoint) && !h->not_ready_too))
		return;
	endpoint_targets(h, pod, endpoint, &from);
	stem = dname_strip_dot(stem);
	collect(h, base, stem, &from);
	host = node_str(node_get(pod->root, SV("spec")), SV("hostname"));
	if (host.n > 0)
		collect(h, base,
			arena_fmt(h->s->ctx->mem, SV_FMT "." SV_FMT,
				  SV_ARG(host), SV_ARG(stem)),
			&from);
}

static bool slice_ok(const struct headless *h, const struct object *slice)
{
	const struct node *label =
		object_label(slice, SV("kubernetes.io/service-name"));
	struct sv type = node_str(slice->root, SV("addressType"));
	bool pod_ips = h->endpoints_type.n == 0 && !options(h)->publish_host_ip;

	return label != NULL && sv_eq(label->scalar, h->s->object->name) &&
	       sv_eq(slice->namespace, h->s->object->namespace) &&
	       (!pod_ips || sv_eq(type, SV("IPv4")) || sv_eq(type, SV("IPv6")));
}

static void read_slices(struct headless *h, const struct wanted_name *base)
{
	struct object_refs slices = { 0 };

	objects_of(h->s->ctx, SV("discovery.k8s.io"), SV("EndpointSlice"),
		   &slices);
	for (size_t i = 0; i < slices.list.n; i++) {
		const struct node *list =
			node_get(slices.list.v[i]->root, SV("endpoints"));

		if (!slice_ok(h, slices.list.v[i]))
			continue;
		for (size_t k = 0; k < node_len(list); k++)
			read_endpoint(h, node_at(list, k), base);
	}
}

/* Addresses somebody wrote by hand: Endpoints of the Service's name. */
static void read_endpoints(struct headless *h, const struct wanted_name *base)
{
	const struct object *o =
		objects_find(h->s->ctx->all, SV(""), SV("Endpoints"),
			     h->s->object->namespace, h->s->object->name);
	const struct node *subsets;
	struct target_source from = {
		.rule = SV("subsets[].addresses of Endpoints"), .found = true
	};

	if (o == NULL || !strict(h))
		return;
	subsets = node_get(o->root, SV("subsets"));
	for (size_t i = 0; i < node_len(subsets); i++) {
		const struct node *list =
			node_get(node_at(subsets, i), SV("addresses"));

		for (size_t k = 0; k < node_len(list); k++)
			target_add(h, &from, node_at(list, k),
				   node_str(node_at(list, k), SV("ip")));
	}
	if (from.targets.list.n > 0)
		collect(h, base, base->text, &from);
}

static int by_name(const void *a, const void *b)
{
	const struct headless_name *x = a, *y = b;

	return sv_cmp(x->name.text, y->name.text);
}

size_t headless_publish(struct object_ctx *s)
{
	const struct node *spec = node_get(s->object->root, SV("spec"));
	struct headless h = { .s = s };
	struct wanted_names names = s->names;
	size_t made = 0;

	service_pods(s->ctx, s->object, &h.pods);
	(void)annotation_text(s->ctx, s->object, SV("endpoints-type"),
			      &h.endpoints_type);
	if (!sv_eq(h.endpoints_type, SV("NodeExternalIP")) &&
	    !sv_eq(h.endpoints_type, SV("HostIP")))
		h.endpoints_type = SV("");
	h.not_ready_too = options(&h)->always_publish_not_ready ||
			  node_true(spec, SV("publishNotReadyAddresses"));
	for (size_t i = 0; i < names.list.n; i++) {
		read_slices(&h, &names.list.v[i]);
		read_endpoints(&h, &names.list.v[i]);
	}
	if (h.names.n > 1)
		qsort(h.names.v, h.names.n, sizeof(h.names.v[0]), by_name);
	s->fallen_back = s->quiet = true;
	for (size_t i = 0; i < h.names.n; i++) {
		s->targets.v = &h.names.v[i].from;
		s->targets.n = h.names.v[i].from.targets.list.n > 0;
		s->targets.cap = 1;
		s->names = (struct wanted_names){ 0 };
		*VEC_ADD(s->ctx->mem, &s->names.list) = h.names.v[i].name;
		made += object_ctx_publish(s);
	}
	s->targets.n = 0;
	return made;
}
