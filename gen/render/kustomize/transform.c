/*
 * What a kustomization changes in all of its resources: namespace, names,
 * labels and annotations.
 */
#include "render/kustomize/build.h"

/* Kinds whose names stay as they are. */
static const char *const fixed_names[] = {
	"APIService",
	"CustomResourceDefinition",
	"Namespace",
};

bool kustomize_keeps_name(const struct resource *r)
{
	for (size_t i = 0; i < sizeof(fixed_names) / sizeof(fixed_names[0]);
	     i++)
		if (sv_eq(r->kind, sv_of(fixed_names[i])))
			return true;
	return false;
}

static int want_text(struct kustomize_step *s, const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return 0;
	return kustomize_error(s->diags, n->at, "expected a string");
}

int kustomize_namespace(struct kustomize_step *s, const struct node *value)
{
	if (want_text(s, value) < 0)
		return -1;
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct identity to = r->now;

		if (sv_eq(r->kind, SV("Namespace")))
			to.name = value->scalar;
		if (!kind_is_cluster_scoped(r->kind))
			to.namespace = value->scalar;
		resource_rename(s->k->ctx->mem, r, to);
	}
	return 0;
}

static int affix(struct kustomize_step *s, const struct node *value,
		 bool prefix)
{
	if (want_text(s, value) < 0)
		return -1;
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct identity to = r->now;
		struct sv first = prefix ? value->scalar : to.name;
		struct sv last = prefix ? to.name : value->scalar;

		if (kustomize_keeps_name(r))
			continue;
		to.name = arena_fmt(s->k->ctx->mem, SV_FMT SV_FMT,
				    SV_ARG(first), SV_ARG(last));
		resource_rename(s->k->ctx->mem, r, to);
	}
	return 0;
}

int kustomize_prefix(struct kustomize_step *s, const struct node *value)
{
	return affix(s, value, true);
}

int kustomize_suffix(struct kustomize_step *s, const struct node *value)
{
	return affix(s, value, false);
}

/* Every pair of `map` set in metadata.labels or metadata.annotations. */
static int set_all(struct kustomize_step *s, const struct node *map,
		   struct sv member)
{
	struct arena *mem = s->k->ctx->mem;

	if (map->kind != NODE_MAP)
		return kustomize_error(s->diags, map->at, "expected a map");
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct node *meta = patch_get(r->root, SV("metadata"));
		struct node *to = patch_get(meta, member);

		if (!node_is_null(to) && to->kind != NODE_MAP)
			return kustomize_error(s->diags, to->at,
					       "metadata." SV_FMT
					       ": expected a map",
					       SV_ARG(member));
		for (size_t j = 0; j + 1 < map->items.n; j += 2)
			to = patch_with(mem, to, map->items.v[j]->scalar,
					map->items.v[j + 1]);
		if (to != NULL)
			resource_refresh(r, patch_with_in(mem, r->root,
							  SV("metadata"),
							  member, to));
	}
	return 0;
}

/* Of the selectors of Kubernetes, a Service's alone is ever read here. */
static void set_selectors(struct kustomize_step *s, const struct node *map)
{
	struct arena *mem = s->k->ctx->mem;

	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct node *spec = patch_get(r->root, SV("spec"));
		struct node *to = patch_get(spec, SV("selector"));

		if (!sv_eq(r->kind, SV("Service")) || to == NULL ||
		    to->kind != NODE_MAP)
			continue;
		for (size_t j = 0; j + 1 < map->items.n; j += 2)
			to = patch_with(mem, to, map->items.v[j]->scalar,
					map->items.v[j + 1]);
		resource_refresh(r, patch_with_in(mem, r->root, SV("spec"),
						  SV("selector"), to));
	}
}

int kustomize_labels(struct kustomize_step *s, const struct node *value)
{
	for (size_t i = 0; i < node_len(value); i++) {
		const struct node *entry = node_at(value, i);
		const struct node *pairs = node_get(entry, SV("pairs"));

		if (node_is_null(pairs))
			continue;
		if (set_all(s, pairs, SV("labels")) < 0)
			return -1;
		if (node_true(entry, SV("includeSelectors")))
			set_selectors(s, pairs);
	}
	return 0;
}

int kustomize_common_labels(struct kustomize_step *s, const struct node *value)
{
	if (set_all(s, value, SV("labels")) < 0)
		return -1;
	set_selectors(s, value);
	return 0;
}

int kustomize_annotations(struct kustomize_step *s, const struct node *value)
{
	return set_all(s, value, SV("annotations"));
}
