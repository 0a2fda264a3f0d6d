/* Nodes behind a NodePort Service, and the annotations of older programs. */
#include "source/service.h"

const struct object *node_find(const struct source_ctx *ctx, struct sv name)
{
	struct object_refs nodes = { 0 };

	objects_of(ctx, SV(""), SV("Node"), &nodes);
	for (size_t i = 0; i < nodes.list.n; i++)
		if (sv_eq(nodes.list.v[i]->name, name))
			return nodes.list.v[i];
	return NULL;
}

void node_addresses(struct object_ctx *s, const struct object *node,
		    struct sv type, bool only_v6, struct target_source *out)
{
	const struct node *list = node_path(node->root, SV("status.addresses"));

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *entry = node_at(list, i);
		struct sv text = node_str(entry, SV("address"));

		if (!sv_eq(node_str(entry, SV("type")), type) ||
		    (only_v6 && rrtype_of_target(text) != RR_AAAA))
			continue;
		*VEC_ADD(s->ctx->mem, &out->targets.list) = (struct target){
			.text = arena_sv(s->ctx->mem, text),
			.at = loc_copy(s->ctx->mem, entry->at),
		};
	}
}

static bool label_of(const void *object, struct sv key, struct sv *value)
{
	const struct node *n = object_label(object, key);

	if (n != NULL)
		*value = n->scalar;
	return n != NULL;
}

void service_pods(const struct source_ctx *ctx, const struct object *svc,
		  struct object_refs *out)
{
	const struct node *want = node_path(svc->root, SV("spec.selector"));
	struct object_refs pods = { 0 };

	objects_of(ctx, SV(""), SV("Pod"), &pods);
	for (size_t i = 0; i < pods.list.n; i++) {
		const struct object *p = pods.list.v[i];
		bool hit = sv_eq(p->namespace, svc->namespace);

		for (size_t k = 0;
		     hit && want != NULL && want->kind == NODE_MAP &&
		     k + 1 < want->items.n;
		     k += 2) {
			struct sv value;

			hit = label_of(p, want->items.v[k]->scalar, &value) &&
			      sv_eq(value, want->items.v[k + 1]->scalar);
		}
		if (hit)
			*VEC_ADD(ctx->mem, &out->list) = p;
	}
}

/* How good a Pod is to have traffic: 0 not at all, up to ready and staying. */
static unsigned readiness(const struct object *pod)
{
	const struct node *status = node_get(pod->root, SV("status"));
	const struct node *list = node_get(status, SV("conditions"));

	if (!sv_eq(node_str(status, SV("phase")), SV("Running")))
		return 0;
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *c = node_at(list, i);

		if (!sv_eq(node_str(c, SV("type")), SV("Ready")))
			continue;
		if (!sv_eq(node_str(c, SV("status")), SV("True")))
			return 1;
		return node_str(node_get(pod->root, SV("metadata")),
				SV("deletionTimestamp"))
					       .n > 0
			       ? 2
			       : 3;
	}
	return 1;
}

/* externalTrafficPolicy Local: only nodes with the best Pods there are. */
static void local_nodes(struct object_ctx *s, struct object_refs *out)
{
	struct object_refs pods = { 0 };
	unsigned best = 0;

	service_pods(s->ctx, s->object, &pods);
	for (size_t i = 0; i < pods.list.n; i++) {
		const struct object *pod = pods.list.v[i];
		unsigned rank = readiness(pod);
		const struct object *node = node_find(
			s->ctx, node_str(node_get(pod->root, SV("spec")),
					 SV("nodeName")));

		if (rank == 0 || node == NULL || rank < best)
			continue;
		if (rank > best)
			out->list.n = 0;
		best = rank;
		*VEC_ADD(s->ctx->mem, &out->list) = node;
	}
}

static void nodes_of(struct object_ctx *s, struct object_refs *out)
{
	const struct node *spec = node_get(s->object->root, SV("spec"));

	if (sv_eq(node_str(spec, SV("externalTrafficPolicy")), SV("Local")))
		local_nodes(s, out);
	else
		objects_of(s->ctx, SV(""), SV("Node"), out);
}

static void take_all(struct object_ctx *s, const struct target_source *from,
		     struct target_source *to)
{
	for (size_t i = 0; i < from->targets.list.n; i++)
		*VEC_ADD(s->ctx->mem, &to->targets.list) =
			from->targets.list.v[i];
}

void node_port_targets(struct object_ctx *s)
{
	struct target_source in = { .rule = SV("InternalIP of Nodes"),
				    .found = true };
	struct target_source ex = { .rule = SV("ExternalIP of Nodes"),
				    .found = true };
	struct target_source v6 = { 0 };
	const struct options *o = &s->ctx->publisher->opt;
	struct object_refs nodes = { 0 };
	struct sv access = SV("");

	nodes_of(s, &nodes);
	for (size_t i = 0; i < nodes.list.n; i++) {
		const struct object *n = nodes.list.v[i];

		if (o->exclude_unschedulable &&
		    node_true(node_get(n->root, SV("spec")),
			      SV("unschedulable")))
			continue;
		node_addresses(s, n, SV("ExternalIP"), false, &ex);
		node_addresses(s, n, SV("InternalIP"), false, &in);
		node_addresses(s, n, SV("InternalIP"), true, &v6);
	}
	(void)annotation_text(s->ctx, s->object, SV("access"), &access);
	if (sv_eq(access, SV("private")) ||
	    (!sv_eq(access, SV("public")) && ex.targets.list.n == 0)) {
		ex = in;
	} else if (o->expose_internal_ipv6) {
		take_all(s, &v6, &ex);
	}
	if (ex.targets.list.n > 0)
		*VEC_ADD(s->ctx->mem, &s->targets) = ex;
}

static struct sv lower_or(struct arena *mem, struct sv text, struct sv other)
{
	return text.n > 0 ? arena_lower(mem, text) : other;
}

/* RFC 2782: priority, weight, port and host, the host with a final dot. */
static size_t publish_port(struct object_ctx *s, const struct wanted_name *host,
			   const struct node *port)
{
	struct arena *mem = s->ctx->mem;
	struct target_source from = { .rule = SV("spec.ports[].nodePort") };
	struct wanted_name name = *host;
	struct sv base = host->text;
	int64_t n = 0;

	if (!node_integer(node_get(port, SV("nodePort")), &n) || n < 1 ||
	    n > 65535)
		return 0;
	base = dname_strip_dot(base);
	name.text = arena_fmt(
		mem, "_" SV_FMT "._" SV_FMT "." SV_FMT, SV_ARG(s->name),
		SV_ARG(lower_or(mem, node_str(port, SV("protocol")),
				SV("tcp"))),
		SV_ARG(base));
	*VEC_ADD(mem, &from.targets.list) = (struct target){
		.text = arena_fmt(
			mem, "0 50 %d " SV_FMT "%s", (int)n, SV_ARG(base),
			rrtype_of_target(base) == RR_CNAME ? "." : ""),
		.at = loc_copy(mem, port->at),
	};
	return object_ctx_endpoint(s, &name, RR_SRV, &from) != NULL;
}

size_t node_port_publish(struct object_ctx *s)
{
	const struct node *ports = node_path(s->object->root, SV("spec.ports"));
	size_t made = 0;

	for (size_t i = 0; i < s->names.list.n; i++)
		for (size_t k = 0; k < node_len(ports); k++)
			made += publish_port(s, &s->names.list.v[i],
					     node_at(ports, k));
	return made;
}

/* One endpoint of an older program: no TTL, no properties, no label. */
static size_t publish_legacy(struct object_ctx *s, struct sv host,
			     struct loc at, struct target_source *from)
{
	struct object_ctx bare = *s;
	size_t made = 0;

	bare.resource = SV("");
	bare.ttl = 0;
	bare.set_identifier = SV("");
	bare.properties = (struct pairs){ 0 };
	bare.names = (struct wanted_names){ 0 };
	bare.targets.v = from;
	bare.targets.n = bare.targets.cap = from->targets.list.n > 0;
	bare.fallen_back = bare.quiet = true;
	object_ctx_name_text(&bare, host, at, "an older annotation");
	made = object_ctx_publish(&bare);
	s->failed = s->failed || bare.failed;
	return made;
}

/* One name, or the elements of a list without its blanks. */
static size_t publish_list(struct object_ctx *s, const struct node *n,
			   struct target_source *from)
{
	struct strings hosts = { 0 };
	size_t made = 0;

	if (n == NULL || n->kind != NODE_SCALAR)
		return 0;
	list_split(s->ctx, n->scalar, &hosts);
	for (size_t i = 0; i < hosts.list.n; i++)
		made += publish_legacy(s, hosts.list.v[i], n->at, from);
	return made;
}

static void status_targets(struct object_ctx *s, struct target_source *out)
{
	s->targets.n = 0;
	targets_status(s, s->object, "status.loadBalancer.ingress");
	*out = s->targets.n > 0 ? s->targets.v[0] : (struct target_source){ 0 };
}

static size_t mate(struct object_ctx *s)
{
	const struct node *n =
		annotation_raw(s->object, SV("zalando.org/dnsname"));
	struct target_source from;

	status_targets(s, &from);
	return n == NULL || n->kind != NODE_SCALAR
		       ? 0
		       : publish_legacy(s, n->scalar, n->at, &from);
}

static size_t molecule(struct object_ctx *s)
{
	const struct node *opt_in = object_label(s->object, SV("dns"));
	struct target_source from;

	if (opt_in == NULL || !sv_eq(opt_in->scalar, SV("route53")))
		return 0;
	status_targets(s, &from);
	return publish_list(s, annotation_raw(s->object, SV("domainName")),
			    &from);
}

/* kOps publishes worker nodes only. */
static void worker_addresses(struct object_ctx *s, bool internal,
			     struct target_source *out)
{
	struct object_refs nodes = { 0 };

	objects_of(s->ctx, SV(""), SV("Node"), &nodes);
	for (size_t i = 0; i < nodes.list.n; i++) {
		const struct object *n = nodes.list.v[i];

		if (object_label(n, SV("node-role.kubernetes.io/node")) == NULL)
			continue;
		if (!internal)
			node_addresses(s, n, SV("ExternalIP"), false, out);
		if (internal || s->ctx->publisher->opt.expose_internal_ipv6)
			node_addresses(s, n, SV("InternalIP"), !internal, out);
	}
}

static size_t kops(struct object_ctx *s)
{
	const struct node *ex = annotation_raw(
		s->object, SV("dns.alpha.kubernetes.io/external"));
	const struct node *in = annotation_raw(
		s->object, SV("dns.alpha.kubernetes.io/internal"));
	struct sv type =
		node_str(node_get(s->object->root, SV("spec")), SV("type"));
	struct target_source from = { .rule = SV("addresses of Nodes"),
				      .found = true };

	if (sv_eq(type, SV("LoadBalancer"))) {
		status_targets(s, &from);
		return publish_list(s, ex, &from) + publish_list(s, in, &from);
	}
	/* With both, kOps does nothing. */
	if (!sv_eq(type, SV("NodePort")) || (ex == NULL) == (in == NULL))
		return 0;
	worker_addresses(s, in != NULL, &from);
	return publish_list(s, in != NULL ? in : ex, &from);
}

static const struct {
	struct sv mode;
	size_t (*publish)(struct object_ctx *s);
} modes[] = {
	{ { "mate", 4 }, mate },
	{ { "molecule", 8 }, molecule },
	{ { "kops-dns-controller", 19 }, kops },
};

size_t legacy_publish(struct object_ctx *s)
{
	struct sv mode = s->ctx->publisher->opt.compatibility;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (sv_eq(mode, modes[i].mode))
			return modes[i].publish(s);
	return 0;
}
