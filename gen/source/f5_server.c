/*
 * F5's VirtualServer and TransportServer: spec.host and its aliases.  The
 * controller writes the address it took to status.vsAddress, and ExternalDNS
 * waits for that; offline spec.virtualServerAddress is enough.
 */
#include "source/annotation.h"

static bool has_address(const struct object_ctx *s)
{
	struct sv address = node_str(node_get(s->object->root, SV("status")),
				     SV("vsAddress"));

	return address.n > 0 && !sv_case_eq(address, SV("none"));
}

static void names_of_server(struct object_ctx *s)
{
	const struct node *spec = node_get(s->object->root, SV("spec"));
	const struct node *aliases = node_get(spec, SV("hostAliases"));

	/* ExternalDNS publishes a host that is not there as an empty name. */
	if (s->ctx->config->compat)
		object_ctx_name_text(s, node_str(spec, SV("host")),
				     s->object->at, "spec.host");
	else
		object_ctx_name(s, node_get(spec, SV("host")), "spec.host");
	if (sv_eq(s->object->kind, SV("VirtualServer")))
		for (size_t i = 0; i < node_len(aliases); i++)
			object_ctx_name(s, node_at(aliases, i),
					"spec.hostAliases[]");
}

static void server_one(struct object_ctx *s)
{
	if (s->ctx->config->compat && !has_address(s)) {
		diag_warn(s->ctx->diags, DIAG_NO_TARGET, s->object->at,
			  SV_FMT ": missing address in status.vsAddress",
			  SV_ARG(s->label));
		(void)object_ctx_whole_templates(s, 0);
		return;
	}
	/* Of the annotations only ttl and target count for ExternalDNS. */
	s->properties = (struct pairs){ 0 };
	s->set_identifier = SV("");
	names_of_server(s);
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), SV(""));
	targets_node(
		s, node_path(s->object->root, SV("spec.virtualServerAddress")),
		SV("spec.virtualServerAddress"), true);
	if (has_address(s))
		targets_node(s,
			     node_path(s->object->root, SV("status.vsAddress")),
			     SV("status.vsAddress"), true);
	(void)object_ctx_whole_templates(s, object_ctx_publish(s));
}

static int virtual_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("f5-virtualserver"), server_one);
}

static int transport_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("f5-transportserver"), server_one);
}

const struct source source_f5_transportserver = {
	.flag = "f5-transportserver",
	.group = "cis.f5.com",
	.kind = "TransportServer",
	.read = transport_read,
};

const struct source source_f5_virtualserver = {
	.flag = "f5-virtualserver",
	.group = "cis.f5.com",
	.kind = "VirtualServer",
	.read = virtual_read,
};
