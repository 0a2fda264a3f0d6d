/*
 * source.kustomize: what Argo CD writes into the kustomization before it is
 * built, with `kustomize edit` and, for patches, by itself.
 */
#include "base/path.h"
#include "render/argocd/source.h"
#include "render/kustomize/kustomize.h"

struct edit {
	const struct argocd_step *step;
	const struct node *options;
	struct sv folder;
	struct node *root;
};

static struct arena *mem_of(const struct edit *e)
{
	return e->step->a->ctx->mem;
}

/* Always -1: the Application stays as it was. */
static int refuse(const struct edit *e, struct loc at, const char *what,
		  struct sv name)
{
	return diag_error(e->step->a->diags, DIAG_ARGOCD, at,
			  "Application " SV_FMT ": %s \"" SV_FMT
			  "\" stands in the kustomization already; Argo CD "
			  "refuses it without force",
			  SV_ARG(e->step->app->name), what, SV_ARG(name));
}

/* A value that takes the place of the one that is there. */
static int set_value(struct edit *e, const struct node *value, const char *key)
{
	node_set(mem_of(e), e->root, sv_of(key), node_copy(mem_of(e), value));
	return 0;
}

static int set_prefix(struct edit *e, const struct node *value)
{
	return set_value(e, value, "namePrefix");
}

static int set_suffix(struct edit *e, const struct node *value)
{
	return set_value(e, value, "nameSuffix");
}

static int set_namespace(struct edit *e, const struct node *value)
{
	return set_value(e, value, "namespace");
}

/* How pairs are added to a map of them. */
struct adding {
	const char *what;
	bool env, force;
};

static int add_pairs(struct edit *e, const struct node *from, struct node *to,
		     struct adding how)
{
	for (size_t i = 0; from->kind == NODE_MAP && i + 1 < from->items.n;
	     i += 2) {
		const struct node *key = from->items.v[i];
		const struct node *value = from->items.v[i + 1];
		struct sv text = value->scalar;

		if (node_get(to, key->scalar) != NULL && !how.force)
			return refuse(e, key->at, how.what, key->scalar);
		if (how.env)
			text = argocd_env(e->step, text);
		node_set(mem_of(e), to, key->scalar,
			 node_new_str(mem_of(e), value->at, text));
	}
	return 0;
}

/* The map under `key` of the copy, which may be changed. */
static struct node *map_below(struct edit *e, struct node *map, const char *key)
{
	const struct node *old = node_get(map, sv_of(key));
	struct node *copy = old != NULL && old->kind == NODE_MAP
				    ? node_copy(mem_of(e), old)
				    : node_new_map(mem_of(e), map->at);

	node_set(mem_of(e), map, sv_of(key), copy);
	return copy;
}

/* The entry of `labels` that `--without-selector` adds to, or a new one. */
static struct node *label_entry(struct edit *e)
{
	bool templates = node_true(e->options, SV("labelIncludeTemplates"));
	const struct node *old = node_get(e->root, SV("labels"));
	struct node *list = old != NULL && old->kind == NODE_LIST
				    ? node_copy(mem_of(e), old)
				    : node_new_list(mem_of(e), e->root->at);
	struct node *entry;

	node_set(mem_of(e), e->root, SV("labels"), list);
	for (size_t i = 0; i < list->items.n; i++) {
		entry = list->items.v[i];
		if (!node_true(entry, SV("includeSelectors")) &&
		    node_true(entry, SV("includeTemplates")) == templates)
			return entry;
	}
	entry = node_new_map(mem_of(e), e->root->at);
	node_add(mem_of(e), list, entry);
	return entry;
}

static int add_labels(struct edit *e, const struct node *value)
{
	struct adding how = { "label", true,
			      node_true(e->options, SV("forceCommonLabels")) };

	if (!node_true(e->options, SV("labelWithoutSelector")))
		return add_pairs(e, value,
				 map_below(e, e->root, "commonLabels"), how);
	return add_pairs(e, value, map_below(e, label_entry(e), "pairs"), how);
}

static int add_annotations(struct edit *e, const struct node *value)
{
	struct adding how = {
		"annotation",
		node_true(e->options, SV("commonAnnotationsEnvsubst")),
		node_true(e->options, SV("forceCommonAnnotations")),
	};

	return add_pairs(e, value, map_below(e, e->root, "commonAnnotations"),
			 how);
}

static struct node *list_below(struct edit *e, const char *key)
{
	const struct node *old = node_get(e->root, sv_of(key));
	struct node *copy = old != NULL && old->kind == NODE_LIST
				    ? node_copy(mem_of(e), old)
				    : node_new_list(mem_of(e), e->root->at);

	node_set(mem_of(e), e->root, sv_of(key), copy);
	return copy;
}

static int add_patches(struct edit *e, const struct node *value)
{
	struct node *list = list_below(e, "patches");

	for (size_t i = 0; i < node_len(value); i++)
		node_add(mem_of(e), list,
			 node_copy(mem_of(e), node_at(value, i)));
	return 0;
}

static bool has(const struct node *list, struct sv text)
{
	for (size_t i = 0; i < list->items.n; i++)
		if (sv_eq(list->items.v[i]->scalar, text))
			return true;
	return false;
}

static bool is_here(struct edit *e, struct sv name)
{
	struct kustomize k;
	struct sv folder;

	kustomize_init(&k, e->step->a->ctx, e->step->a->kinds);
	return path_join(mem_of(e), e->folder, name, &folder) &&
	       kustomize_file_of(&k, folder).n > 0;
}

static int add_components(struct edit *e, const struct node *value)
{
	bool lenient = node_true(e->options, SV("ignoreMissingComponents"));
	struct node *list = list_below(e, "components");

	for (size_t i = 0; i < node_len(value); i++) {
		struct sv name = node_at(value, i)->scalar;

		if (!has(list, name) && (!lenient || is_here(e, name)))
			node_add(mem_of(e), list,
				 node_copy(mem_of(e), node_at(value, i)));
	}
	return 0;
}

static const struct {
	const char *key;
	int (*run)(struct edit *e, const struct node *value);
} edits[] = {
	{ "namePrefix", set_prefix },
	{ "nameSuffix", set_suffix },
	{ "commonLabels", add_labels },
	{ "commonAnnotations", add_annotations },
	{ "namespace", set_namespace },
	{ "patches", add_patches },
	{ "components", add_components },
};

static bool is_empty(const struct node *n)
{
	return node_is_null(n) ||
	       (n->kind == NODE_SCALAR ? n->scalar.n == 0 : n->items.n == 0);
}

struct node *argocd_kustomization(const struct argocd_step *s, struct sv folder,
				  const struct node *root)
{
	struct edit e = { s, node_get(s->source, SV("kustomize")), folder,
			  node_copy(s->a->ctx->mem, root) };

	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		const struct node *value =
			node_get(e.options, sv_of(edits[i].key));

		if (!is_empty(value) && edits[i].run(&e, value) < 0)
			return NULL;
	}
	return e.root;
}
