/* Node: its name, and its addresses. */
#include "source/service.h"
#include "source/state.h"

static void find_targets(struct object_ctx *s)
{
	struct target_source ex = { .rule = SV("ExternalIP of the Node"),
				    .found = true };
	struct target_source in = { .rule = SV("InternalIP of the Node"),
				    .found = true };

	s->targets.n = 0;
	targets_annotation(s, s->object);
	node_addresses(s, s->object, SV("ExternalIP"), false, &ex);
	if (ex.targets.list.n > 0 &&
	    s->ctx->publisher->opt.expose_internal_ipv6)
		node_addresses(s, s->object, SV("InternalIP"), true, &ex);
	node_addresses(s, s->object, SV("InternalIP"), false, &in);
	if (ex.targets.list.n == 0)
		ex = in;
	if (s->targets.n == 0 && ex.targets.list.n > 0)
		*VEC_ADD(s->ctx->mem, &s->targets) = ex;
}

/* One node without an address stops ExternalDNS as a whole. */
static bool has_targets(struct object_ctx *s)
{
	if (s->targets.n > 0 || !s->ctx->config->compat ||
	    s->ctx->fault == NULL)
		return true;
	fault_file(s->ctx->fault, s->ctx->mem, FAULT_USAGE,
		   SV_FMT " (" SV_FMT ":%u:%u): missing address",
		   SV_ARG(s->label), SV_ARG(s->object->at.file),
		   s->object->at.line, s->object->at.col);
	return false;
}

/* ExternalDNS makes an endpoint of each target, so that two host names are
 * rivals for one record and not two targets of it. */
static size_t publish_singly(struct object_ctx *s)
{
	struct wanted_names names = s->names;
	struct target_source all = s->targets.v[0];
	size_t made = 0;

	for (size_t i = 0; i < all.targets.list.n; i++) {
		struct target_source one = { .rule = all.rule,
					     .found = all.found };

		*VEC_ADD(s->ctx->mem, &one.targets.list) =
			all.targets.list.v[i];
		s->targets.v[0] = one;
		s->names = names;
		made += object_ctx_publish(s);
	}
	s->targets.v[0] = all;
	s->names = (struct wanted_names){ 0 };
	return made;
}

static size_t publish(struct object_ctx *s)
{
	return s->ctx->config->compat && s->targets.n > 0
		       ? publish_singly(s)
		       : object_ctx_publish(s);
}

static void publish_templates(struct object_ctx *s)
{
	struct strings hosts = { 0 };

	if (!object_ctx_fqdn(s, &hosts))
		return;
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
	(void)publish(s);
}

static void node_one(struct object_ctx *s)
{
	const struct options *o = &s->ctx->publisher->opt;
	const struct source_state *st = s->ctx->state;
	bool named = st->fqdn != NULL || st->pair != NULL;
	size_t made = 0;

	if (o->exclude_unschedulable &&
	    node_true(node_get(s->object->root, SV("spec")),
		      SV("unschedulable")))
		return;
	s->resource = arena_fmt(s->ctx->mem, "node/" SV_FMT, SV_ARG(s->name));
	s->set_identifier = SV("");
	s->properties = (struct pairs){ 0 };
	s->fallen_back = true;
	find_targets(s);
	if (!named || o->combine_fqdn_annotation) {
		if (!has_targets(s))
			return;
		object_ctx_name_text(s, s->name, s->object->at,
				     "metadata.name");
		made = publish(s);
	}
	made = object_ctx_pairs(s, made);
	if (object_ctx_wants_templates(s, made) && has_targets(s))
		publish_templates(s);
}

static int node_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each_by(ctx, self, SV("node"),
			      SELECT_ALL & ~(unsigned)SELECT_NAMESPACE,
			      node_one);
}

const struct source source_node = {
	.flag = "node",
	.group = "",
	.kind = "Node",
	.read = node_read,
};
