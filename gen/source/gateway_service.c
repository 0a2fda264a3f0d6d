/*
 * The Service that a Gateway's controller will make, as far as
 * spec.infrastructure says what it will be like: with --source=service its
 * hostname annotation is a name like that of any other Service, though
 * nothing but the Gateway is in git.
 *
 * ExternalDNS sees the Service itself, so --compat has no use for this.  The
 * name of the Service is the controller's choice; the resource label carries
 * that of the Gateway.  A label alone changes no record.
 */
#include "source/gateway.h"

/* The Gateway's own target annotation is for its routes, and often names just
 * this host: it is not a target here. */
static void targets_of(struct object_ctx *s, const struct object *gateway)
{
	struct sv key =
		arena_fmt(s->ctx->mem, SV_FMT "/" SV_FMT,
			  SV_ARG(gateway->namespace), SV_ARG(gateway->name));

	targets_annotation(s, s->object);
	targets_rules(s, key,
		      node_str(node_get(gateway->root, SV("spec")),
			       SV("gatewayClassName")));
	gateway_addresses_in_git(s, gateway);
}

static void gateway_one(struct source_ctx *ctx, const struct object *gateway)
{
	const struct object *infra = gateway_infrastructure(ctx->mem, gateway);
	struct object_ctx s;

	if (infra == NULL ||
	    annotation_node(ctx, infra, SV("hostname")) == NULL ||
	    !object_selected(ctx, infra, SELECT_ALL))
		return;
	object_ctx_init(&s, ctx, infra, SV("service"), true);
	if (!ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(&s, SV("hostname"),
					    "annotation hostname in "
					    "spec.infrastructure");
	targets_of(&s, gateway);
	object_ctx_publish(&s);
	if (s.failed)
		object_ctx_drop(&s);
}

static int gateway_read(struct source_ctx *ctx, const struct source *self)
{
	struct object_refs gateways = { 0 };
	size_t errors = ctx->diags->errors, first = ctx->out->list.n;

	if (ctx->config->compat)
		return 0;
	objects_of(ctx, sv_of(self->group), sv_of(self->kind), &gateways);
	for (size_t i = 0; i < gateways.list.n; i++)
		gateway_one(ctx, gateways.list.v[i]);
	endpoints_merge(ctx, first);
	return ctx->diags->errors > errors ? -1 : 0;
}

const struct source source_gateway_service = {
	.flag = "service",
	.group = GATEWAY_GROUP,
	.kind = "Gateway",
	.read = gateway_read,
};
