#include "source/balancer.h"

#include "base/limits.h"

/* A map holds no pointers to const. */
struct indexed {
	const struct object *object;
};

static struct sv index_key(const struct object_index *x, struct sv kind,
			   struct sv namespace, struct sv name)
{
	return arena_fmt(x->ctx->mem, SV_FMT " " SV_FMT "/" SV_FMT,
			 SV_ARG(kind), SV_ARG(namespace), SV_ARG(name));
}

void object_index_add(struct object_index *x, struct sv group, struct sv kind,
		      bool everywhere)
{
	struct object_refs refs = { 0 };

	x->map.mem = x->ctx->mem;
	objects_of(x->ctx, group, kind, &refs);
	/* From the last to the first, so that the first of a name stays. */
	for (size_t i = refs.list.n; i-- > 0;) {
		const struct object *o = refs.list.v[i];
		struct indexed *n;

		if (!everywhere &&
		    !object_selected(x->ctx, o, SELECT_NAMESPACE))
			continue;
		n = ARENA_NEW(x->ctx->mem, struct indexed);
		n->object = o;
		map_put(&x->map, index_key(x, kind, o->namespace, o->name), n);
	}
}

const struct object *object_index_find(const struct object_index *x,
				       struct sv kind, struct sv namespace,
				       struct sv name)
{
	const struct indexed *n =
		map_get(&x->map, index_key(x, kind, namespace, name));

	return n != NULL ? n->object : NULL;
}

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
