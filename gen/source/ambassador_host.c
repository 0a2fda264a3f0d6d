/*
 * Ambassador's (Emissary's) Host: spec.hostname, behind the Service that an
 * annotation names.  Without that annotation ExternalDNS passes the Host over,
 * whatever its target annotation says.
 */
#include "source/balancer.h"

static const struct sv service_key = { "external-dns.ambassador-service", 31 };

/* "ns/svc", "svc.ns" or "svc" in `default`. */
static bool service_ref(struct sv text, struct sv *ns, struct sv *name)
{
	size_t dot = sv_chr(text, '.');

	if (sv_chr(text, '/') < text.n) {
		*ns = sv_head(text, sv_chr(text, '/'));
		*name = sv_from(text, ns->n + 1);
		return sv_chr(*name, '/') == name->n;
	}
	*name = sv_head(text, dot);
	*ns = dot < text.n ? sv_from(text, dot + 1) : SV("default");
	return true;
}

static void targets_service(struct object_ctx *s, const struct node *n)
{
	struct node *list = node_new_list(s->ctx->mem, n->at);
	const struct object *service = NULL;
	struct sv ns, name;

	if (service_ref(n->scalar, &ns, &name))
		service =
			object_index_find(s->ctx->own, SV("Service"), ns, name);
	if (service == NULL) {
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
			  SV_FMT
			  ": annotation " SV_FMT " \"" SV_FMT
			  "\" names a Service that is not among the manifests",
			  SV_ARG(s->label), SV_ARG(service_key),
			  SV_ARG(n->scalar));
		return;
	}
	balancer_add(s->ctx, service, BALANCER_BOTH, list);
	targets_node(s, list,
		     arena_fmt(s->ctx->mem, "Service " SV_FMT "/" SV_FMT,
			       SV_ARG(ns), SV_ARG(name)),
		     true);
	if (!s->ctx->config->compat)
		targets_pools(
			s, node_path(service->root, SV("metadata.annotations")),
			"annotation of the Service");
}

static void host_one(struct object_ctx *s)
{
	const struct node *n = annotation_raw(s->object, service_key);

	if (n == NULL || n->kind != NODE_SCALAR) {
		diag_note(s->ctx->diags, DIAG_ROUTE, s->object->at,
			  SV_FMT ": missing annotation " SV_FMT,
			  SV_ARG(s->label), SV_ARG(service_key));
		return;
	}
	object_ctx_name(s, node_path(s->object->root, SV("spec.hostname")),
			"spec.hostname");
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), SV(""));
	if (s->targets.n == 0)
		targets_service(s, n);
	object_ctx_publish(s);
}

static int host_read(struct source_ctx *ctx, const struct source *self)
{
	struct object_index *services =
		ARENA_NEW(ctx->mem, struct object_index);

	services->ctx = ctx;
	object_index_add(services, SV(""), SV("Service"), true);
	ctx->own = services;
	return source_each_by(ctx, self, SV("host"),
			      SELECT_NAMESPACE | SELECT_ANNOTATIONS |
				      SELECT_LABELS,
			      host_one);
}

static const char *const lookup_kinds[] = { "Service", NULL };

const struct source source_ambassador_host = {
	.flag = "ambassador-host",
	.group = "getambassador.io",
	.kind = "Host",
	.lookup_kinds = lookup_kinds,
	.read = host_read,
};
