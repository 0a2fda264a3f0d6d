/*
 * Where the traffic of a Gateway arrives, as far as git knows: what somebody
 * wrote as a target first, then addresses of the Gateway and of the Service
 * that its controller will make.
 */
#include "source/gateway.h"

static const struct node *infrastructure(const struct object *gateway,
					 const char *member)
{
	const struct node *n =
		node_get(node_path(gateway->root, SV("spec.infrastructure")),
			 sv_of(member));

	return n != NULL && n->kind == NODE_MAP ? n : NULL;
}

const struct object *gateway_infrastructure(struct arena *mem,
					    const struct object *gateway)
{
	static const char *const members[] = { "annotations", "labels" };
	struct node *root = node_new_map(mem, gateway->at);
	struct node *meta = node_new_map(mem, gateway->at);
	struct object *o = ARENA_NEW(mem, struct object);

	if (infrastructure(gateway, "annotations") == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct node *n = infrastructure(gateway, members[i]);

		if (n != NULL)
			node_set(mem, meta, sv_of(members[i]),
				 node_copy(mem, n));
	}
	node_set(mem, root, SV("metadata"), meta);
	*o = *gateway;
	o->root = root;
	return o;
}

/* A variable without a value is not an address: the next source may
 * have one. */
static bool address_counts(struct object_ctx *s, const struct node *n)
{
	struct sv type = node_str(n, SV("type"));
	struct sv value = node_str(n, SV("value"));
	const char *open = placeholder_in(value);

	/* ExternalDNS makes a CNAME to nothing of one without a value. */
	if (s->ctx->config->compat)
		return true;
	if (value.n == 0)
		return false;
	if (open != NULL)
		diag_note(s->ctx->diags, DIAG_UNRESOLVED, n->at,
			  SV_FMT ": address \"" SV_FMT
				 "\" contains %s and is ignored",
			  SV_ARG(s->label), SV_ARG(value), open);
	else if (type.n > 0 && !sv_eq(type, SV("IPAddress")) &&
		 !sv_eq(type, SV("Hostname")))
		diag_note(s->ctx->diags, DIAG_ROUTE, n->at,
			  SV_FMT ": an address of type " SV_FMT
				 " is only known to its controller",
			  SV_ARG(s->label), SV_ARG(type));
	else
		return true;
	return false;
}

/* {type, value} lists: status.addresses, spec.addresses. */
static void addresses(struct object_ctx *s, const struct object *gateway,
		      const char *path)
{
	struct arena *mem = s->ctx->mem;
	const struct node *list = node_path(gateway->root, sv_of(path));
	struct node *values = node_new_list(mem, gateway->at);

	for (size_t i = 0; i < node_len(list) && i < MAX_TARGETS; i++) {
		const struct node *n = node_at(list, i);
		const struct node *value = node_get(n, SV("value"));

		if (address_counts(s, n))
			node_add(mem, values,
				 node_new_str(mem, value ? value->at : n->at,
					      node_str(n, SV("value"))));
	}
	if (node_len(values) > 0)
		targets_node(s, values,
			     arena_fmt(mem, "%s of Gateway " SV_FMT "/" SV_FMT,
				       path, SV_ARG(gateway->namespace),
				       SV_ARG(gateway->name)),
			     true);
}

void gateway_addresses_in_git(struct object_ctx *s,
			      const struct object *gateway)
{
	struct sv where =
		arena_fmt(s->ctx->mem,
			  "spec.infrastructure of Gateway " SV_FMT "/" SV_FMT
			  ": annotation",
			  SV_ARG(gateway->namespace), SV_ARG(gateway->name));

	addresses(s, gateway, "status.addresses");
	addresses(s, gateway, "spec.addresses");
	targets_pools(s, infrastructure(gateway, "annotations"),
		      arena_str(s->ctx->mem, where));
}

/* What a parent gives to every route: found out once, so that a fault in a
 * Gateway is one message and not one for each of its routes. */
struct parent_targets {
	struct object_ctx written, found;
	struct sv class;
};

static void targets_written(struct gateway_run *run, struct object_ctx *s,
			    const struct gateway_parent *p)
{
	const struct object *infra;

	if (p->object != p->gateway)
		targets_annotation(s, p->object);
	if (p->gateway == NULL)
		return;
	targets_annotation(s, p->gateway);
	infra = gateway_infrastructure(run->ctx->mem, p->gateway);
	if (!run->compat && infra != NULL)
		targets_annotation(s, infra);
}

static void targets_found(struct gateway_run *run, struct object_ctx *s,
			  const struct object *gateway)
{
	if (!run->compat) {
		gateway_addresses_in_git(s, gateway);
		return;
	}
	addresses(s, gateway, "status.addresses");
	if (!run->by_status)
		addresses(s, gateway, "spec.addresses");
}

static struct parent_targets *targets_of(struct gateway_run *run,
					 const struct gateway_parent *p)
{
	struct arena *mem = run->ctx->mem;
	struct sv key = arena_fmt(mem, "%p %p", (const void *)p->object,
				  (const void *)p->gateway);
	struct parent_targets *t = map_get(&run->targets, key);

	if (t != NULL)
		return t;
	t = ARENA_NEW(mem, struct parent_targets);
	map_put(&run->targets, key, t);
	object_ctx_init(&t->written, run->ctx, p->object, SV(""), false);
	t->written.object = NULL; /* so that a rule says whose it is */
	targets_written(run, &t->written, p);
	if (p->gateway == NULL)
		return t;
	object_ctx_init(&t->found, run->ctx, p->gateway, SV(""), false);
	targets_found(run, &t->found, p->gateway);
	t->class = node_str(node_get(p->gateway->root, SV("spec")),
			    SV("gatewayClassName"));
	return t;
}

static void add_targets(struct object_ctx *s, const struct object_ctx *from)
{
	for (size_t i = 0; i < from->targets.n; i++)
		*VEC_ADD(s->ctx->mem, &s->targets) = from->targets.v[i];
	s->failed |= from->failed;
}

void gateway_targets(struct gateway_run *run, struct object_ctx *s,
		     const struct gateway_parent *p)
{
	struct parent_targets *t = NULL;

	s->targets.n = 0;
	if (p->object != NULL) {
		t = targets_of(run, p);
		add_targets(s, &t->written);
	}
	targets_rules(s, p->gateway_key, t != NULL ? t->class : SV(""));
	if (t != NULL)
		add_targets(s, &t->found);
}
