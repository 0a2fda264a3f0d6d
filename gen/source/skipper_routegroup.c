/* Skipper's RouteGroup: its hosts; the load balancer is in its status. */
#include "source/annotation.h"

static void routegroup_one(struct object_ctx *s)
{
	const struct node *hosts = node_path(s->object->root, SV("spec.hosts"));

	for (size_t i = 0; i < node_len(hosts); i++)
		object_ctx_name(s, node_at(hosts, i), "spec.hosts[]");
	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), SV(""));
	targets_status(s, s->object, "status.loadBalancer.routeGroup");
	(void)object_ctx_templates(s, object_ctx_publish(s));
}

static int routegroup_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("routegroup"), routegroup_one);
}

const struct source source_skipper_routegroup = {
	.flag = "skipper-routegroup",
	.group = "zalando.org",
	.kind = "RouteGroup",
	.read = routegroup_read,
};
