/* Istio's Gateway: the hosts of its servers. */
#include "source/istio.h"

static void server_names(struct object_ctx *s, const struct node *hosts)
{
	for (size_t i = 0; i < node_len(hosts); i++) {
		const struct node *n = node_at(hosts, i);
		struct sv ns, host;

		if (n->kind != NODE_SCALAR || n->scalar.n == 0)
			continue;
		/* More slashes than one: ExternalDNS leaves the text alone. */
		if (!istio_host(n->scalar, &ns, &host))
			host = n->scalar;
		if (!sv_eq(host, SV("*")))
			object_ctx_name_text(s, host, n->at,
					     "spec.servers[].hosts[]");
	}
}

static void gateway_one(struct object_ctx *s)
{
	const struct node *servers =
		node_path(s->object->root, SV("spec.servers"));

	for (size_t i = 0; i < node_len(servers); i++)
		server_names(s, node_get(node_at(servers, i), SV("hosts")));
	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	istio_targets(s->ctx->own, s, s->object,
		      arena_fmt(s->ctx->mem, SV_FMT "/" SV_FMT,
				SV_ARG(s->object->namespace),
				SV_ARG(s->object->name)));
	(void)object_ctx_templates(s, object_ctx_publish(s));
}

static int gateway_read(struct source_ctx *ctx, const struct source *self)
{
	struct istio_run *run = ARENA_NEW(ctx->mem, struct istio_run);

	istio_run_init(run, ctx);
	ctx->own = run;
	return source_each(ctx, self, SV("gateway"), gateway_one);
}

static const char *const lookup_kinds[] = { "Service", "Ingress", NULL };

const struct source source_istio_gateway = {
	.flag = "istio-gateway",
	.group = ISTIO_GROUP,
	.kind = "Gateway",
	.lookup_kinds = lookup_kinds,
	.read = gateway_read,
};
