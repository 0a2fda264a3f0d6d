/* Which Gateway, ListenerSet or Namespace a name means. */
#include "source/gateway.h"

#define SEVERAL SV("*")

static struct sv index_key(struct arena *mem, struct sv kind,
			   struct sv namespace, struct sv name)
{
	/* A blank stands in no kind and a slash in no namespace. */
	return arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT, SV_ARG(kind),
			 SV_ARG(namespace), SV_ARG(name));
}

static void index_add(struct gateway_run *run, struct sv kind,
		      struct sv namespace, const struct object *o)
{
	struct sv key = index_key(run->ctx->mem, kind, namespace, o->name);
	struct gateway_named *named = map_get(&run->objects, key);

	if (named == NULL) {
		named = ARENA_NEW(run->ctx->mem, struct gateway_named);
		map_put(&run->objects, key, named);
	}
	*VEC_ADD(run->ctx->mem, &named->refs.list) = o;
}

static void index_kind(struct gateway_run *run, struct sv group, struct sv kind)
{
	bool is_namespace = sv_eq(kind, SV("Namespace"));
	struct object_refs refs = { 0 };

	objects_of(run->ctx, group, kind, &refs);
	for (size_t i = 0; i < refs.list.n; i++) {
		const struct object *o = refs.list.v[i];

		index_add(run, kind, is_namespace ? SV("") : o->namespace, o);
		if (!run->compat && !is_namespace && !o->namespace_given)
			index_add(run, kind, SEVERAL, o);
	}
}

int gateway_run_init(struct gateway_run *run, struct source_ctx *ctx,
		     const struct route_kind *kind)
{
	const struct options *o = &ctx->publisher->opt;
	const char *fault;

	*run = (struct gateway_run){
		.ctx = ctx,
		.kind = kind,
		.objects = { .mem = ctx->mem },
		.targets = { .mem = ctx->mem },
		.compat = ctx->config->compat,
		.by_status = ctx->config->compat && !o->assume_accepted,
	};
	fault = selector_parse(ctx->mem, o->gateway_label_filter,
			       SELECTOR_LABELS, &run->labels);
	if (fault != NULL && ctx->fault != NULL)
		return fault_set(ctx->fault, ctx->mem, FAULT_USAGE,
				 "invalid --gateway-label-filter: %s", fault);
	if (fault != NULL)
		return diag_error(ctx->diags, DIAG_CONFIG, ctx->publisher->at,
				  "invalid --gateway-label-filter: %s", fault);
	index_kind(run, SV(GATEWAY_GROUP), SV("Gateway"));
	index_kind(run, SV(GATEWAY_GROUP), SV("ListenerSet"));
	index_kind(run, SV(GATEWAY_EXPERIMENT), SV("XListenerSet"));
	index_kind(run, SV(""), SV("Namespace"));
	return 0;
}

/* A repository may describe several clusters, each with its own Gateway of
 * the same name. */
const struct object *gateway_find(const struct gateway_run *run, struct sv kind,
				  struct sv namespace, struct sv name,
				  const struct object *near,
				  const struct object **duplicate)
{
	struct arena *mem = run->ctx->mem;
	const struct object *unasked;
	const struct gateway_named *named =
		map_get(&run->objects, index_key(mem, kind, namespace, name));

	/* Where kustomize or Flux sets the namespace, the manifest that was
	 * read has none: its name has to do. */
	if (named == NULL && !run->compat)
		named = map_get(&run->objects,
				index_key(mem, kind, SEVERAL, name));
	if (named == NULL)
		return NULL;
	return object_meant(named->refs.list.v, named->refs.list.n, near,
			    duplicate != NULL ? duplicate : &unasked);
}
