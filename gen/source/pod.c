/* Pod: its own address under internal-hostname, that of its Node under
 * hostname; without a resource label and without properties. */
#include "source/service.h"

static struct sv status_text(const struct object_ctx *s, const char *key)
{
	return node_str(node_get(s->object->root, SV("status")), sv_of(key));
}

static bool host_network(const struct object_ctx *s)
{
	return node_true(node_get(s->object->root, SV("spec")),
			 SV("hostNetwork"));
}

/* Forget the targets of the names before; true if an annotation has some. */
static bool annotated(struct object_ctx *s)
{
	s->targets.n = 0;
	targets_annotation(s, s->object);
	return s->targets.n > 0 || s->failed;
}

static size_t publish_on_pod(struct object_ctx *s)
{
	struct sv ip = status_text(s, "podIP");

	if (!annotated(s) && (ip.n > 0 || s->ctx->config->compat))
		targets_text(s, ip, s->object->at, SV("status.podIP"), true);
	return object_ctx_publish(s);
}

/* IPv6 addresses are InternalIP of a Node, though reached from outside. */
static size_t publish_on_node(struct object_ctx *s)
{
	const struct object *node = node_find(
		s->ctx, node_str(node_get(s->object->root, SV("spec")),
				 SV("nodeName")));
	struct target_source from = { .rule = SV("ExternalIP of the Node"),
				      .found = true };

	if (!annotated(s) && node != NULL) {
		node_addresses(s, node, SV("ExternalIP"), false, &from);
		node_addresses(s, node, SV("InternalIP"), true, &from);
		if (from.targets.list.n > 0)
			*VEC_ADD(s->ctx->mem, &s->targets) = from;
	}
	return object_ctx_publish(s);
}

static void names_of_raw(struct object_ctx *s, struct sv key)
{
	const struct node *n = annotation_raw(s->object, key);
	struct strings hosts = { 0 };

	if (n == NULL || n->kind != NODE_SCALAR)
		return;
	list_split(s->ctx, n->scalar, &hosts);
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], n->at,
				     "an older annotation");
}

static size_t publish_kops(struct object_ctx *s)
{
	size_t made;

	if (!sv_eq(s->ctx->publisher->opt.compatibility,
		   SV("kops-dns-controller")))
		return 0;
	names_of_raw(s, SV("dns.alpha.kubernetes.io/internal"));
	made = publish_on_pod(s);
	names_of_raw(s, SV("dns.alpha.kubernetes.io/external"));
	return made + publish_on_node(s);
}

static size_t publish_domain(struct object_ctx *s)
{
	struct sv domain = s->ctx->publisher->opt.pod_source_domain;

	if (domain.n == 0)
		return 0;
	object_ctx_name_text(s,
			     arena_fmt(s->ctx->mem, SV_FMT "." SV_FMT,
				       SV_ARG(s->name), SV_ARG(domain)),
			     s->object->at, "--pod-source-domain");
	return publish_on_pod(s);
}

/* Templates name all addresses of the Pod. */
static void publish_templates(struct object_ctx *s, size_t made)
{
	const struct node *ips =
		node_path(s->object->root, SV("status.podIPs"));

	made = object_ctx_pairs(s, made);
	s->targets.n = 0;
	for (size_t i = 0; i < node_len(ips); i++) {
		struct sv ip = node_str(node_at(ips, i), SV("ip"));

		if (ip.n > 0 && s->targets.n == 0)
			targets_text(s, ip, node_at(ips, i)->at,
				     SV("status.podIPs"), true);
		else if (ip.n > 0)
			*VEC_ADD(s->ctx->mem, &s->targets.v[0].targets.list) =
				(struct target){
					.text = arena_sv(s->ctx->mem, ip),
					.at = loc_copy(s->ctx->mem,
						       node_at(ips, i)->at),
				};
	}
	(void)object_ctx_templates(s, made);
}

static void pod_one(struct object_ctx *s)
{
	const struct options *o = &s->ctx->publisher->opt;
	size_t made = 0;

	s->set_identifier = SV("");
	s->properties = (struct pairs){ 0 };
	s->fallen_back = s->quiet = true;
	if (!o->ignore_non_host_network_pods || host_network(s)) {
		object_ctx_names_annotation(s, SV("internal-hostname"),
					    "annotation internal-hostname");
		made += publish_on_pod(s);
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
		made += publish_on_node(s);
		made += publish_kops(s);
		made += publish_domain(s);
	}
	publish_templates(s, made);
}

static int pod_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV(""), pod_one);
}

static const char *const pod_lookup_kinds[] = { "Node", NULL };

const struct source source_pod = {
	.flag = "pod",
	.group = "",
	.kind = "Pod",
	.lookup_kinds = pod_lookup_kinds,
	.read = pod_read,
};
