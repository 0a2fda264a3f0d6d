/* Service: annotations name the hosts; what a cluster would know of addresses
 * comes from whatever of it is in git. */
#include "source/service.h"

#include <stdlib.h>

#include "base/map.h"
#include "source/key.h"

static bool strict(const struct object_ctx *s)
{
	return !s->ctx->config->compat;
}

static const struct node *spec_of(const struct object_ctx *s)
{
	return node_get(s->object->root, SV("spec"));
}

/* In a cluster the API server fills in the default; git leaves it out. */
static struct sv service_type(const struct object_ctx *s)
{
	struct sv type = node_str(spec_of(s), SV("type"));

	return type.n == 0 ? SV("ClusterIP") : type;
}

static bool is_headless(const struct object_ctx *s)
{
	return sv_eq(service_type(s), SV("ClusterIP")) &&
	       sv_eq(node_str(spec_of(s), SV("clusterIP")), SV("None"));
}

static void external_ips(struct object_ctx *s)
{
	targets_node(s, node_get(spec_of(s), SV("externalIPs")),
		     SV("spec.externalIPs"), true);
}

/* ExternalDNS publishes a clusterIP that is not there as an empty name. */
static void cluster_ip(struct object_ctx *s)
{
	const struct node *n = node_get(spec_of(s), SV("clusterIP"));

	if (n != NULL && n->kind == NODE_SCALAR && !node_is_null(n)) {
		if (!sv_eq(n->scalar, SV("None")))
			targets_text(s, n->scalar, n->at, SV("spec.clusterIP"),
				     true);
		return;
	}
	if (!strict(s))
		targets_text(s, SV(""), s->object->at, SV("spec.clusterIP"),
			     true);
}

static void load_balancer(struct object_ctx *s, bool internal)
{
	if (internal) {
		cluster_ip(s);
		return;
	}
	external_ips(s);
	targets_status(s, s->object, "status.loadBalancer.ingress");
	if (!strict(s))
		return;
	targets_node(s, node_get(spec_of(s), SV("loadBalancerIP")),
		     SV("spec.loadBalancerIP"), true);
	targets_pools(s, node_path(s->object->root, SV("metadata.annotations")),
		      "annotation");
}

static void cluster(struct object_ctx *s, bool internal)
{
	if (!is_headless(s) &&
	    (internal || s->ctx->publisher->opt.publish_internal_services))
		cluster_ip(s);
}

static void node_port(struct object_ctx *s, bool internal)
{
	(void)internal;
	node_port_targets(s);
}

static void external_name(struct object_ctx *s, bool internal)
{
	const struct node *n = node_get(spec_of(s), SV("externalName"));

	(void)internal;
	external_ips(s);
	if (s->targets.n == 0 || strict(s))
		targets_node(s, n, SV("spec.externalName"), false);
	if (s->targets.n == 0 && !strict(s))
		targets_text(s, SV(""), s->object->at, SV("spec.externalName"),
			     false);
}

/* `default_ok`: a name in the configuration may stand for what is not in git;
 * a Service that is reached inside the cluster only has no public address. */
static const struct {
	struct sv type;
	void (*targets)(struct object_ctx *s, bool internal);
	bool default_ok;
} types[] = {
	{ { "ClusterIP", 9 }, cluster, false },
	{ { "ExternalName", 12 }, external_name, false },
	{ { "LoadBalancer", 12 }, load_balancer, true },
	{ { "NodePort", 8 }, node_port, true },
};

/* Targets of the names at hand: those that clients outside use, or those of
 * internal-hostname.  True if an annotation gave them. */
static bool find_targets(struct object_ctx *s, bool internal)
{
	struct sv type = service_type(s);
	bool annotated;

	s->targets.n = 0;
	s->fallen_back = true;
	targets_annotation(s, s->object);
	annotated = s->targets.n > 0 || s->failed;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!sv_eq(type, types[i].type))
			continue;
		s->quiet = !types[i].default_ok || internal;
		if (!s->quiet)
			targets_rules(s, SV(""), SV(""));
		if (!annotated)
			types[i].targets(s, internal);
		s->fallen_back = s->quiet;
	}
	return annotated;
}

/* Records of all names of the object. */
static size_t publish(struct object_ctx *s, bool internal)
{
	struct wanted_names names = s->names;
	size_t made = 0;
	bool annotated;

	if (names.list.n == 0)
		return 0;
	annotated = find_targets(s, internal);
	if (!annotated && is_headless(s))
		return headless_publish(s);
	if (!annotated && sv_eq(service_type(s), SV("NodePort")))
		made = node_port_publish(s);
	s->names = names;
	/* ExternalDNS cuts a final dot here, and one more of each record. */
	for (size_t i = 0; i < names.list.n && !strict(s); i++)
		names.list.v[i].text = dname_strip_dot(names.list.v[i].text);
	return made + object_ctx_publish(s);
}

static bool type_selected(const struct object_ctx *s)
{
	const struct strings *want =
		&s->ctx->publisher->opt.service_type_filter;

	return want->list.n == 0 || strings_has(want, SV("")) ||
	       strings_has(want, service_type(s));
}

static void check_words(struct object_ctx *s, struct sv key, struct sv one,
			struct sv two)
{
	struct sv text;

	if (!annotation_text(s->ctx, s->object, key, &text) ||
	    sv_eq(text, one) || sv_eq(text, two))
		return;
	diag_warn(s->ctx->diags, DIAG_ANNOTATION,
		  annotation_node(s->ctx, s->object, key)->at,
		  SV_FMT ": invalid annotation " SV_FMT " \"" SV_FMT
			 "\": expected \"" SV_FMT "\" or \"" SV_FMT "\"",
		  SV_ARG(s->label), SV_ARG(key), SV_ARG(text), SV_ARG(one),
		  SV_ARG(two));
}

static void service_one(struct object_ctx *s)
{
	const struct options *o = &s->ctx->publisher->opt;
	struct strings hosts = { 0 };
	size_t made = 0;

	if (!type_selected(s))
		return;
	check_words(s, SV("access"), SV("public"), SV("private"));
	check_words(s, SV("endpoints-type"), SV("NodeExternalIP"),
		    SV("HostIP"));
	if (!o->ignore_hostname_annotation) {
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
		made += publish(s, false);
		object_ctx_names_annotation(s, SV("internal-hostname"),
					    "annotation internal-hostname");
		made += publish(s, true);
	}
	if (made == 0 && o->compatibility.n > 0)
		made = legacy_publish(s);
	made = object_ctx_pairs(s, made);
	if (!object_ctx_wants_templates(s, made) || !object_ctx_fqdn(s, &hosts))
		return;
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
	(void)publish(s, false);
}

static int by_resource(const void *a, const void *b)
{
	const struct endpoint *x = *(const struct endpoint *const *)a;
	const struct endpoint *y = *(const struct endpoint *const *)b;
	const struct sv *rx = pairs_get(&x->labels, SV("resource"));
	const struct sv *ry = pairs_get(&y->labels, SV("resource"));
	int c = sv_cmp(rx != NULL ? *rx : SV(""), ry != NULL ? *ry : SV(""));

	return c != 0 ? c : (x > y) - (x < y);
}

static void merge_one(struct source_ctx *ctx, struct map *seen,
		      struct endpoints *out, const struct endpoint *e)
{
	struct buf key = { .mem = ctx->mem };
	struct endpoint *hit;

	key_add(&key, e->name);
	key_add(&key, sv_of(rrtype_name(e->type)));
	key_add(&key, e->set_identifier);
	hit = map_get(seen, buf_sv(&key));
	if (hit == NULL || e->type == RR_CNAME) {
		hit = endpoints_add(ctx->mem, out);
		*hit = *e;
		VEC_OWN(ctx->mem, &hit->targets);
		VEC_OWN(ctx->mem, &hit->from);
		map_put(seen, buf_sv(&key), hit);
		return;
	}
	for (size_t i = 0; i < e->targets.n; i++)
		*VEC_ADD(ctx->mem, &hit->targets) = e->targets.v[i];
	for (size_t i = 0; i < e->from.n; i++)
		*VEC_ADD(ctx->mem, &hit->from) = e->from.v[i];
}

/* ExternalDNS' first merge of Services: the TTL is not part of the key; that of
 * the smallest resource counts. */
static void service_merge(struct source_ctx *ctx, size_t first)
{
	size_t n = ctx->out->list.n - first;
	struct endpoint **order = ARENA_ARRAY(ctx->mem, struct endpoint *, n);
	struct map seen = { .mem = ctx->mem };
	struct endpoints out = { 0 };

	/* The map holds pointers: room for all of them beforehand. */
	out.list.v = ARENA_ARRAY(ctx->mem, struct endpoint, n);
	out.list.cap = n;
	for (size_t i = 0; i < n; i++)
		order[i] = &ctx->out->list.v[first + i];
	if (n > 1)
		qsort(order, n, sizeof(order[0]), by_resource);
	for (size_t i = 0; i < n; i++)
		merge_one(ctx, &seen, &out, order[i]);
	ctx->out->list.n = first;
	for (size_t i = 0; i < out.list.n; i++)
		*endpoints_add(ctx->mem, ctx->out) = out.list.v[i];
}

static int service_read(struct source_ctx *ctx, const struct source *self)
{
	size_t first = ctx->out->list.n;
	int rc = source_each(ctx, self, SV("service"), service_one);

	if (ctx->config->compat) {
		service_merge(ctx, first);
		endpoints_merge(ctx, first);
	}
	return rc;
}

static const char *const service_lookup_kinds[] = { "Endpoints",
						    "EndpointSlice", "Node",
						    "Pod", NULL };

const struct source source_service = {
	.flag = "service",
	.group = "",
	.kind = "Service",
	.lookup_kinds = service_lookup_kinds,
	.by_annotation = true,
	.by_default = true,
	.read = service_read,
};
