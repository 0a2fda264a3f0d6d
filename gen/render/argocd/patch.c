#include "render/argocd/patch.h"

#include "base/limits.h"
#include "render/known.h"

/* All of it stands where the patch is written. */
static void set_place(struct node *n, struct loc at, unsigned depth)
{
	n->at = at;
	for (size_t i = 0; depth < MAX_YAML_DEPTH && i < n->items.n; i++)
		set_place(n->items.v[i], at, depth + 1);
}

static bool is_directive(struct sv key)
{
	return sv_eq(key, SV("$patch")) || sv_eq(key, SV("$retainKeys")) ||
	       sv_starts(key, SV("$setElementOrder/")) ||
	       sv_starts(key, SV("$deleteFromPrimitiveList/"));
}

/* `change` where nothing stood: null and directives say nothing there. */
static struct node *alone(struct arena *mem, const struct node *change)
{
	struct node *to;

	if (change->kind != NODE_MAP)
		return node_copy(mem, change);
	to = node_new_map(mem, change->at);
	for (size_t i = 0; i + 1 < change->items.n; i += 2)
		if (!node_is_null(change->items.v[i + 1]) &&
		    !is_directive(change->items.v[i]->scalar))
			node_set(mem, to, change->items.v[i]->scalar,
				 alone(mem, change->items.v[i + 1]));
	return to;
}

static struct node *merge(struct arena *mem, const struct node *have,
			  const struct node *change)
{
	struct sv directive = node_str(change, SV("$patch"));
	struct node *to = node_new_map(mem, have->at);

	if (have->kind != NODE_MAP || change->kind != NODE_MAP ||
	    sv_eq(directive, SV("replace")))
		return alone(mem, change);
	if (sv_eq(directive, SV("delete")))
		return to;
	for (size_t i = 0; i + 1 < have->items.n; i += 2) {
		struct sv key = have->items.v[i]->scalar;
		const struct node *new = node_get(change, key);

		if (new == NULL)
			node_set(mem, to, key, have->items.v[i + 1]);
		else if (!node_is_null(new))
			node_set(mem, to, key,
				 merge(mem, have->items.v[i + 1], new));
	}
	for (size_t i = 0; i + 1 < change->items.n; i += 2) {
		struct sv key = change->items.v[i]->scalar;
		const struct node *new = change->items.v[i + 1];

		if (node_get(have, key) == NULL && !node_is_null(new) &&
		    !is_directive(key))
			node_set(mem, to, key, alone(mem, new));
	}
	return to;
}

static const char *parse(struct argocd *a, struct sv text,
			 const struct node *patch, struct node **out)
{
	struct diags ignored = { .mem = a->ctx->mem };
	struct documents docs = { 0 };

	if (manifest_parse(a->ctx->mem, &ignored, patch->at.file, text, &docs) <
	    0)
		return "invalid YAML";
	*out = docs.list.n > 0 ? node_copy(a->ctx->mem, docs.list.v[0])
			       : node_new_map(a->ctx->mem, patch->at);
	if (node_is_null(*out))
		*out = node_new_map(a->ctx->mem, patch->at);
	if ((*out)->kind != NODE_MAP)
		return "expected a map";
	set_place(*out, patch->at, 0);
	return NULL;
}

struct node *argocd_patch(struct argocd *a, const struct object *set,
			  const struct node *patch, struct node *app,
			  const struct node *params,
			  const struct argocd_rules *rules,
			  struct argocd_unfilled *out)
{
	struct node *change = NULL;
	struct sv text = SV("");
	const char *fault;

	if (patch->kind != NODE_SCALAR)
		return app;
	fault = argocd_fill_text(a, patch->scalar, patch->at, params, rules,
				 &text);
	if (fault == NULL)
		fault = parse(a, text, patch, &change);
	if (fault == NULL && !a->values_only)
		(void)known_check(a->ctx, a->diags, "Application",
				  SV("Application"),
				  known_object(a->ctx->mem, set->kind,
					       set->namespace, set->name),
				  change);
	if (fault == NULL)
		return merge(a->ctx->mem, app, change);
	*out = (struct argocd_unfilled){ patch->at, SV("templatePatch"),
					 fault };
	return NULL;
}
