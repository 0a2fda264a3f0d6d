/*
 * OpenShift's Route.  Who is admitted, under which name and behind which
 * router stands in its status; ExternalDNS reads nothing else.  Git has no
 * status, so that offline spec.host and configured targets stand in for it.
 */
#include "source/annotation.h"

static bool admitted(const struct node *entry)
{
	const struct node *list = node_get(entry, SV("conditions"));

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *c = node_at(list, i);

		if (sv_eq(node_str(c, SV("type")), SV("Admitted")))
			return sv_eq(node_str(c, SV("status")), SV("True"));
	}
	return false;
}

/* The entry of the router that admitted the route, or NULL. */
static const struct node *router_of(const struct object_ctx *s)
{
	const struct sv want = s->ctx->publisher->opt.openshift_router_name;
	const struct node *list =
		node_path(s->object->root, SV("status.ingress"));

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *entry = node_at(list, i);

		if (admitted(entry) &&
		    node_str(entry, SV("routerCanonicalHostname")).n > 0 &&
		    (want.n == 0 ||
		     sv_eq(node_str(entry, SV("routerName")), want)))
			return entry;
	}
	return NULL;
}

static void names_of_route(struct object_ctx *s, const struct node *router)
{
	const struct node *spec = node_get(s->object->root, SV("spec"));

	if (router != NULL)
		object_ctx_name(s, node_get(router, SV("host")),
				"status.ingress[].host");
	else if (!s->ctx->config->compat)
		object_ctx_name(s, node_get(spec, SV("host")), "spec.host");
	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
}

static void route_one(struct object_ctx *s)
{
	const struct node *router = router_of(s);

	names_of_route(s, router);
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), SV(""));
	targets_node(s, node_get(router, SV("routerCanonicalHostname")),
		     SV("status.ingress[].routerCanonicalHostname"), true);
	(void)object_ctx_templates(s, object_ctx_publish(s));
}

static int route_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("route"), route_one);
}

const struct source source_openshift_route = {
	.flag = "openshift-route",
	.group = "route.openshift.io",
	.kind = "Route",
	.read = route_read,
};
