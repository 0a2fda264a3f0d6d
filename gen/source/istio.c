#include "source/istio.h"

#include "base/limits.h"

void istio_run_init(struct istio_run *run, struct source_ctx *ctx)
{
	*run = (struct istio_run){ .ctx = ctx,
				   .objects = { .ctx = ctx },
				   .targets = { .mem = ctx->mem } };
	object_index_add(&run->objects, SV(ISTIO_GROUP), SV("Gateway"), false);
	object_index_add(&run->objects, SV("networking.k8s.io"), SV("Ingress"),
			 false);
	objects_of(ctx, SV(""), SV("Service"), &run->services);
}

bool istio_host(struct sv text, struct sv *ns, struct sv *host)
{
	*ns = SV("*");
	*host = text;
	if (!sv_cut(&text, '/', host) || text.p == NULL)
		return true;
	*ns = *host;
	*host = text;
	return sv_chr(text, '/') == text.n;
}

/* ExternalDNS takes the key with the newer prefix whatever the flag says. */
static const struct node *ingress_annotation(const struct source_ctx *ctx,
					     const struct object *gateway)
{
	return ctx->config->compat
		       ? annotation_raw(gateway,
					SV("external-dns.kubernetes.io/"
					   "ingress"))
		       : annotation_node(ctx, gateway, SV("ingress"));
}

/* True if an Ingress is named, also where it cannot be found. */
static bool targets_ingress(struct istio_run *run, struct object_ctx *s)
{
	const struct node *n = ingress_annotation(run->ctx, s->object);
	struct node *list = node_new_list(run->ctx->mem, s->object->at);
	const struct object *ingress = NULL;
	struct sv ns, name;

	if (n == NULL || n->kind != NODE_SCALAR || n->scalar.n == 0)
		return false;
	if (balancer_ref(n->scalar, s->object->namespace, &ns, &name))
		ingress = object_index_find(&run->objects, SV("Ingress"), ns,
					    name);
	if (ingress == NULL) {
		object_ctx_stop(
			s, DIAG_ANNOTATION, n->at,
			"annotation ingress \"" SV_FMT
			"\" names an Ingress that is not among the manifests",
			SV_ARG(n->scalar));
		return true;
	}
	balancer_add(run->ctx, ingress, BALANCER_FIRST, list);
	targets_node(s, list,
		     arena_fmt(run->ctx->mem,
			       "status of Ingress " SV_FMT "/" SV_FMT,
			       SV_ARG(ns), SV_ARG(name)),
		     true);
	return true;
}

/* Every label that `want` names is in `have` with the same value. */
static bool selector_within(const struct node *want, const struct node *have)
{
	for (size_t i = 0;
	     want != NULL && want->kind == NODE_MAP && i + 1 < want->items.n;
	     i += 2) {
		struct sv key = want->items.v[i]->scalar;
		const struct node *value = node_get(have, key);

		if (value == NULL ||
		    !sv_eq(node_str(want, key), node_str(have, key)))
			return false;
	}
	return true;
}

/* Each Gateway is compared with each Service; a stranger may write both. */
static bool too_many(struct istio_run *run, struct object_ctx *s)
{
	run->compared += run->services.list.n;
	if (run->compared <= MAX_SELECTIONS)
		return false;
	object_ctx_refuse(
		s, DIAG_SHAPE, s->object->at,
		"more than %d pairs of a Gateway and a Service to compare",
		MAX_SELECTIONS);
	return true;
}

/* Services that select the Pods which the Gateway selects, of any type and
 * in any namespace. */
static void targets_services(struct istio_run *run, struct object_ctx *s)
{
	const struct node *want =
		node_path(s->object->root, SV("spec.selector"));
	struct node *list = node_new_list(run->ctx->mem, s->object->at);
	bool compat = run->ctx->config->compat;

	/* Without a selector every Service would do: only as a copy. */
	if (!compat && (want == NULL || want->items.n == 0))
		return;
	if (too_many(run, s))
		return;
	for (size_t i = 0; i < run->services.list.n; i++) {
		const struct object *o = run->services.list.v[i];

		if (!object_selected(run->ctx, o, SELECT_NAMESPACE) ||
		    !selector_within(want,
				     node_path(o->root, SV("spec.selector"))))
			continue;
		balancer_add(run->ctx, o, BALANCER_FIRST, list);
	}
	targets_node(s, list, SV("Services behind the Gateway"), true);
	for (size_t i = 0; !compat && i < run->services.list.n; i++) {
		const struct object *o = run->services.list.v[i];

		if (selector_within(want,
				    node_path(o->root, SV("spec.selector"))))
			targets_pools(
				s,
				node_path(o->root, SV("metadata.annotations")),
				"annotation of a Service behind the "
				"Gateway");
	}
}

/* Found once a Gateway, so that its faults are filed once. */
static const struct object_ctx *
targets_of(struct istio_run *run, const struct object *gateway, struct sv key)
{
	struct object_ctx *t = map_get(&run->targets, key);

	if (t != NULL)
		return t;
	t = ARENA_NEW(run->ctx->mem, struct object_ctx);
	map_put(&run->targets, key, t);
	object_ctx_init(t, run->ctx, gateway, SV(""), false);
	t->object = NULL; /* so that the rule says whose it is */
	targets_annotation(t, gateway);
	t->object = gateway;
	if (t->targets.n == 0 && !targets_ingress(run, t))
		targets_services(run, t);
	return t;
}

void istio_targets(struct istio_run *run, struct object_ctx *s,
		   const struct object *gateway, struct sv key)
{
	const struct object_ctx *t =
		gateway != NULL ? targets_of(run, gateway, key) : NULL;

	for (size_t i = 0; t != NULL && i < t->targets.n; i++)
		if (!t->targets.v[i].found)
			*VEC_ADD(run->ctx->mem, &s->targets) = t->targets.v[i];
	targets_rules(s, key, SV(""));
	for (size_t i = 0; t != NULL && i < t->targets.n; i++)
		if (t->targets.v[i].found)
			*VEC_ADD(run->ctx->mem, &s->targets) = t->targets.v[i];
	s->failed |= t != NULL && t->failed;
}
