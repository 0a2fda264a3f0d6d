/* Contour's HTTPProxy: the name of its virtual host; a proxy without one is
 * included by another and has no name of its own. */
#include "source/annotation.h"

static void proxy_one(struct object_ctx *s)
{
	object_ctx_name(s,
			node_path(s->object->root, SV("spec.virtualhost.fqdn")),
			"spec.virtualhost.fqdn");
	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	targets_annotation(s, s->object);
	targets_rules(s, SV(""),
		      node_str(node_get(s->object->root, SV("spec")),
			       SV("ingressClassName")));
	targets_status(s, s->object, "status.loadBalancer.ingress");
	(void)object_ctx_templates(s, object_ctx_publish(s));
}

static int proxy_read(struct source_ctx *ctx, const struct source *self)
{
	/* In capitals, because ExternalDNS writes it so. */
	return source_each(ctx, self, SV("HTTPProxy"), proxy_one);
}

const struct source source_contour_httpproxy = {
	.flag = "contour-httpproxy",
	.group = "projectcontour.io",
	.kind = "HTTPProxy",
	.read = proxy_read,
};
