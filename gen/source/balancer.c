#include "source/balancer.h"

#include "base/limits.h"

static void add_text(const struct source_ctx *ctx, const struct node *n,
		     struct node *list)
{
	if (n != NULL && n->kind == NODE_SCALAR && !node_is_null(n) &&
	    n->scalar.n > 0 && node_len(list) < MAX_TARGETS)
		node_add(ctx->mem, list,
			 node_new_str(ctx->mem, n->at, n->scalar));
}

static void add_status(const struct source_ctx *ctx, const struct object *o,
		       enum balancer_take take, struct node *list)
{
	const struct node *status =
		node_path(o->root, SV("status.loadBalancer.ingress"));

	for (size_t i = 0; i < node_len(status); i++) {
		const struct node *entry = node_at(status, i);
		bool ip = node_str(entry, SV("ip")).n > 0;

		add_text(ctx, node_get(entry, SV("ip")), list);
		if (take == BALANCER_BOTH || !ip)
			add_text(ctx, node_get(entry, SV("hostname")), list);
	}
}

void balancer_add(const struct source_ctx *ctx, const struct object *o,
		  enum balancer_take take, struct node *list)
{
	const struct node *external =
		sv_eq(o->kind, SV("Service"))
			? node_path(o->root, SV("spec.externalIPs"))
			: NULL;
	size_t before = node_len(list);

	for (size_t i = 0; i < node_len(external); i++)
		add_text(ctx, node_at(external, i), list);
	if (node_len(external) == 0)
		add_status(ctx, o, take, list);
	if (ctx->config->compat || node_len(list) > before)
		return;
	add_text(ctx, node_path(o->root, SV("spec.loadBalancerIP")), list);
}

bool balancer_ref(struct sv text, struct sv namespace, struct sv *ns,
		  struct sv *name)
{
	size_t slash = sv_chr(text, '/');

	*ns = namespace;
	*name = text;
	if (slash == text.n)
		return true;
	if (slash > 0)
		*ns = sv_head(text, slash);
	*name = sv_from(text, slash + 1);
	return sv_chr(*name, '/') == name->n;
}
