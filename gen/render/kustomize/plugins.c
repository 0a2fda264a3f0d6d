/*
 * transformers: and generators: of a kustomization, as far as they are those
 * that kustomize has built in.  Others are programs: they are not run, and the
 * rest of the folder is built without them.
 *
 * Source: kustomize 5.8.2, api/internal/builtins; tests/kustomize/plugins.txt.
 */
#include "base/limits.h"
#include "base/path.h"
#include "render/kustomize/build.h"
#include "render/known.h"

/* --- the fields of a configuration: path, kind, group, version, create --- */

struct change {
	struct kustomize_step *step;
	const struct node *value; /* text or pairs */
	bool prefix;
	/* What takes the place of `have`, which may be NULL. */
	struct node *(*apply)(const struct change *c, struct node *have);
};

static struct node *change_at(const struct change *c, struct node *n,
			      struct sv path, bool create, unsigned depth);

static struct node *change_items(const struct change *c, struct node *list,
				 struct sv path, bool create, unsigned depth)
{
	struct node *copy = node_new_list(c->step->k->ctx->mem, list->at);

	for (size_t i = 0; i < list->items.n; i++)
		node_add(c->step->k->ctx->mem, copy,
			 change_at(c, list->items.v[i], path, create,
				   depth + 1));
	return copy;
}

/* `n` with what stands at `path` below it changed; lists on the way are gone
 * through. */
static struct node *change_at(const struct change *c, struct node *n,
			      struct sv path, bool create, unsigned depth)
{
	struct sv part;
	struct node *below;

	if (depth > MAX_YAML_DEPTH)
		return n;
	if (path.p == NULL)
		return c->apply(c, n);
	if (n != NULL && n->kind == NODE_LIST)
		return change_items(c, n, path, create, depth);
	(void)sv_cut(&path, '/', &part);
	if (sv_ends(part, SV("[]")))
		part = sv_head(part, part.n - 2);
	below = patch_get(n, part);
	if (below == NULL && !create)
		return n;
	return patch_with(c->step->k->ctx->mem, n, part,
			  change_at(c, below, path, create, depth + 1));
}

static void change_fields(const struct change *c, const struct node *config,
			  bool (*instead)(const struct change *c,
					  struct resource *r, struct sv path))
{
	const struct node *fields = node_get(config, SV("fieldSpecs"));
	struct resources *set = c->step->set;

	for (size_t i = 0; i < node_len(fields); i++) {
		const struct node *field = node_at(fields, i);
		struct sv path = node_str(field, SV("path"));

		for (size_t k = 0; k < set->list.n; k++) {
			struct resource *r = &set->list.v[k];

			if (kustomize_is_kind(r, field) &&
			    (instead == NULL || !instead(c, r, path)))
				resource_refresh(
					r, change_at(c, r->root, path,
						     node_true(field,
							       SV("create")),
						     0));
		}
	}
}

/* --- those that change fields --- */

static struct node *put_pairs(const struct change *c, struct node *have)
{
	struct node *to = have;

	for (size_t i = 0; i + 1 < c->value->items.n; i += 2)
		to = patch_with(c->step->k->ctx->mem, to,
				c->value->items.v[i]->scalar,
				c->value->items.v[i + 1]);
	return to;
}

static int set_pairs(struct kustomize_step *s, const struct node *config,
		     const char *key)
{
	struct change c = { .step = s,
			    .value = node_get(config, sv_of(key)),
			    .apply = put_pairs };

	if (c.value != NULL && c.value->kind == NODE_MAP)
		change_fields(&c, config, NULL);
	return 0;
}

static int annotations(struct kustomize_step *s, const struct node *config)
{
	return set_pairs(s, config, "annotations");
}

static int labels(struct kustomize_step *s, const struct node *config)
{
	return set_pairs(s, config, "labels");
}

static struct sv affixed(const struct change *c, struct sv text)
{
	struct sv own = c->value->scalar;

	return arena_fmt(c->step->k->ctx->mem, SV_FMT SV_FMT,
			 SV_ARG(c->prefix ? own : text),
			 SV_ARG(c->prefix ? text : own));
}

static struct node *put_affix(const struct change *c, struct node *have)
{
	if (have == NULL || have->kind != NODE_SCALAR)
		return have;
	return patch_str(c->step->k->ctx->mem, have->at,
			 affixed(c, have->scalar), have);
}

/* A name is remembered, so that what refers to it follows. */
static bool rename_affixed(const struct change *c, struct resource *r,
			   struct sv path)
{
	struct identity to = r->now;

	if (kustomize_keeps_name(r))
		return true;
	if (!sv_eq(path, SV("metadata/name")))
		return false;
	to.name = affixed(c, to.name);
	resource_rename(c->step->k->ctx->mem, r, to);
	return true;
}

static int affix(struct kustomize_step *s, const struct node *config,
		 bool prefix)
{
	struct change c = { .step = s,
			    .value = node_get(config, prefix ? SV("prefix")
							     : SV("suffix")),
			    .prefix = prefix,
			    .apply = put_affix };

	if (node_is_null(node_get(config, SV("fieldSpecs"))))
		return kustomize_error(s->diags, config->at,
				       "missing fieldSpecs");
	if (c.value != NULL && c.value->kind == NODE_SCALAR)
		change_fields(&c, config, rename_affixed);
	return 0;
}

static int prefix(struct kustomize_step *s, const struct node *config)
{
	return affix(s, config, true);
}

static int suffix(struct kustomize_step *s, const struct node *config)
{
	return affix(s, config, false);
}

static int prefix_suffix(struct kustomize_step *s, const struct node *config)
{
	return prefix(s, config) < 0 ? -1 : suffix(s, config);
}

/* A Namespace object is renamed where a field says so. */
static bool renames_namespaces(const struct node *config)
{
	const struct node *fields = node_get(config, SV("fieldSpecs"));

	for (size_t i = 0; i < node_len(fields); i++)
		if (sv_eq(node_str(node_at(fields, i), SV("path")),
			  SV("metadata/name")))
			return true;
	return false;
}

static int namespace(struct kustomize_step *s, const struct node *config)
{
	struct sv name =
		node_str(node_get(config, SV("metadata")), SV("namespace"));
	bool unset = node_true(config, SV("unsetOnly"));
	bool all = renames_namespaces(config);

	for (size_t i = 0; name.n > 0 && i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct identity to = r->now;

		if (sv_eq(r->kind, SV("Namespace")) && all)
			to.name = name;
		if (!kind_is_cluster_scoped(r->kind) &&
		    (!unset || to.namespace.n == 0))
			to.namespace = name;
		resource_rename(s->k->ctx->mem, r, to);
	}
	return 0;
}

/* --- those that are a key of the kustomization in another place --- */

static struct node *list_of_one(struct kustomize_step *s,
				const struct node *item)
{
	struct node *list = node_new_list(s->k->ctx->mem, item->at);

	node_add(s->k->ctx->mem, list, node_copy(s->k->ctx->mem, item));
	return list;
}

static int patch(struct kustomize_step *s, const struct node *config)
{
	return kustomize_patches(s, list_of_one(s, config));
}

static int patch_json6902(struct kustomize_step *s, const struct node *config)
{
	struct arena *mem = s->k->ctx->mem;
	const struct node *op = node_get(config, SV("jsonOp"));
	struct node *copy = node_copy(mem, config);

	if (!node_is_null(op))
		node_set(mem, copy, SV("patch"), node_copy(mem, op));
	return kustomize_patches_json(s, list_of_one(s, copy));
}

static int patch_merge_all(struct kustomize_step *s, const struct node *config)
{
	const struct node *paths = node_get(config, SV("paths"));
	const struct node *text = node_get(config, SV("patches"));

	if (node_len(paths) > 0 && kustomize_patches_merge(s, paths) < 0)
		return -1;
	return node_is_null(text)
		       ? 0
		       : kustomize_patches_merge(s, list_of_one(s, text));
}

static int replacement(struct kustomize_step *s, const struct node *config)
{
	return kustomize_replacements(s, node_get(config, SV("replacements")));
}

/* Images and numbers of replicas name no host. */
static int nothing(struct kustomize_step *s, const struct node *config)
{
	(void)s;
	(void)config;
	return 0;
}

/* --- generators --- */

static struct node *generator_entry(struct kustomize_step *s,
				    const struct node *config)
{
	static const char *const keys[] = { "name", "namespace" };
	const struct node *meta = node_get(config, SV("metadata"));
	struct arena *mem = s->k->ctx->mem;
	struct node *copy = node_copy(mem, config);

	for (size_t i = 0; i < 2; i++) {
		const struct node *n = node_get(meta, sv_of(keys[i]));

		if (!node_is_null(n))
			node_set(mem, copy, sv_of(keys[i]), node_copy(mem, n));
	}
	return list_of_one(s, copy);
}

static int config_map(struct kustomize_step *s, const struct node *config)
{
	return kustomize_config_maps(s, generator_entry(s, config));
}

static int secret(struct kustomize_step *s, const struct node *config)
{
	return kustomize_secrets(s, generator_entry(s, config));
}

/* --- which there are --- */

static const struct {
	const char *kind;
	int (*run)(struct kustomize_step *s, const struct node *config);
} plugins[] = {
	{ "AnnotationsTransformer", annotations },
	{ "ConfigMapGenerator", config_map },
	{ "HashTransformer", nothing },
	{ "ImageTagTransformer", nothing },
	{ "LabelTransformer", labels },
	{ "NamespaceTransformer", namespace },
	{ "PatchJson6902Transformer", patch_json6902 },
	{ "PatchStrategicMergeTransformer", patch_merge_all },
	{ "PatchTransformer", patch },
	{ "PrefixSuffixTransformer", prefix_suffix },
	{ "PrefixTransformer", prefix },
	{ "ReplacementTransformer", replacement },
	{ "ReplicaCountTransformer", nothing },
	{ "SecretGenerator", secret },
	{ "SuffixTransformer", suffix },
};

enum { PLUGINS = sizeof(plugins) / sizeof(plugins[0]) };

/* What is not built in costs what it would have done, and no more. */
static int run_plugin(struct kustomize_step *s, const struct node *config,
		      const char *key)
{
	struct sv kind = node_str(config, SV("kind"));
	struct sv object = arena_fmt(s->k->ctx->mem, "kustomization " SV_FMT,
				     SV_ARG(s->file));

	for (size_t i = 0;
	     i < PLUGINS &&
	     sv_eq(node_str(config, SV("apiVersion")), SV("builtin"));
	     i++)
		if (sv_eq(sv_of(plugins[i].kind), kind))
			return plugins[i].run(s, config);
	(void)known_skips(s->k->ctx, s->diags, object, config->at,
			  arena_fmt(s->k->ctx->mem, "kustomization.%s." SV_FMT,
				    key, SV_ARG(kind)));
	return 0;
}

static int run_documents(struct kustomize_step *s, const struct documents *docs,
			 const char *key)
{
	for (size_t i = 0; i < docs->list.n; i++)
		if (docs->list.v[i]->kind == NODE_MAP &&
		    run_plugin(s, docs->list.v[i], key) < 0)
			return -1;
	return 0;
}

static int run_inline(struct kustomize_step *s, const struct node *text,
		      const char *key)
{
	struct documents docs = { 0 };

	return kustomize_parse_inline(s, text, &docs) < 0
		       ? -1
		       : run_documents(s, &docs, key);
}

/* Of a configuration the paths are those of the kustomization that names it:
 * `from` is where its own file is looked for. */
static int run_file(struct kustomize_step *s, struct sv from,
		    const struct node *name, const char *key)
{
	struct kustomize_step reader = *s;
	struct kustomize_file *f;

	reader.folder = from;
	f = kustomize_read(&reader, name, true);
	/* As with resources, what is missing costs no other object. */
	if (f == NULL)
		return s->k->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	return f->broken ? -1 : run_documents(s, &f->docs, key);
}

static int run_entry(struct kustomize_step *s, struct sv from,
		     const struct node *entry, const char *key, unsigned depth);

/* A folder: what its kustomization lists. */
static int run_folder(struct kustomize_step *s, const struct node *entry,
		      struct sv folder, const char *key, unsigned depth)
{
	static const char *const plain[] = { "apiVersion", "kind", "metadata",
					     "resources" };
	const struct node *root =
		kustomize_load(s->k, s->diags, folder, entry->at, false);
	const struct node *list = node_get(root, SV("resources"));
	size_t n = 0;

	if (root == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		n += node_get(root, sv_of(plain[i])) != NULL ? 2U : 0U;
	if (n != root->items.n)
		return kustomize_error(
			s->diags, root->at,
			"a kustomization of %s may have resources alone", key);
	for (size_t i = 0; i < node_len(list); i++)
		if (run_entry(s, folder, node_at(list, i), key, depth + 1) < 0)
			return -1;
	return 0;
}

static int run_entry(struct kustomize_step *s, struct sv from,
		     const struct node *entry, const char *key, unsigned depth)
{
	struct sv folder;

	if (entry->kind != NODE_SCALAR || depth > MAX_KUSTOMIZE_DEPTH)
		return kustomize_error(s->diags, entry->at, "expected a path");
	if (sv_has(entry->scalar, SV("kind:")))
		return run_inline(s, entry, key);
	if (path_join(s->k->ctx->mem, from, entry->scalar, &folder) &&
	    kustomize_file_of(s->k, folder).n > 0)
		return run_folder(s, entry, folder, key, depth);
	return run_file(s, from, entry, key);
}

static int run_all(struct kustomize_step *s, const struct node *list,
		   const char *key)
{
	for (size_t i = 0; i < node_len(list); i++)
		if (run_entry(s, s->folder, node_at(list, i), key, 0) < 0)
			return -1;
	return 0;
}

int kustomize_transformers(struct kustomize_step *s, const struct node *list)
{
	return run_all(s, list, "transformers");
}

int kustomize_generators(struct kustomize_step *s, const struct node *list)
{
	return run_all(s, list, "generators");
}
