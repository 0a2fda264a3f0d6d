/* Kong's TCPIngress: the hosts of its rules; spec.tls names none. */
#include "source/annotation.h"

static void tcpingress_one(struct object_ctx *s)
{
	const struct node *rules = node_path(s->object->root, SV("spec.rules"));
	const struct node *class;

	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	for (size_t i = 0; i < node_len(rules); i++)
		object_ctx_name(s, node_get(node_at(rules, i), SV("host")),
				"spec.rules[].host");
	class = annotation_raw(s->object, SV("kubernetes.io/ingress.class"));
	targets_annotation(s, s->object);
	targets_rules(s, SV(""),
		      class != NULL && class->kind == NODE_SCALAR
			      ? class->scalar
			      : SV(""));
	targets_status(s, s->object, "status.loadBalancer.ingress");
	object_ctx_publish(s);
}

static int tcpingress_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("tcpingress"), tcpingress_one);
}

const struct source source_kong_tcpingress = {
	.flag = "kong-tcpingress",
	.group = "configuration.konghq.com",
	.kind = "TCPIngress",
	.read = tcpingress_read,
};
