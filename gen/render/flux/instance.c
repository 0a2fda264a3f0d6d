/*
 * Instances of flux-operator: which folder of this tree fills a cluster.
 *
 * Source: FluxInstance, fluxcd.controlplane.io/v1, spec.sync and
 *         spec.kustomize; the chart "flux-instance" has the same below
 *         `instance` in its values.
 */
#include "base/path.h"
#include "render/flux/unit.h"
#include "render/known.h"

/* `spec` is a FluxInstance's, or `instance` of the chart's values. */
static void add(struct flux *f, const struct node *spec, const struct object *o,
		struct sv namespace)
{
	const struct node *sync = node_get(spec, SV("sync"));
	struct flux_instance *i;
	struct sv name = node_str(sync, SV("name"));

	if (sync == NULL || node_str(sync, SV("path")).n == 0 ||
	    node_str(sync, SV("kind")).n == 0 ||
	    !flux_path_exists(f->ctx, sync))
		return;
	i = VEC_ADD(f->ctx->mem, &f->instances);
	i->sync = sync;
	i->patches = node_path(spec, SV("kustomize.patches"));
	i->namespace = namespace.n > 0 ? namespace : SV("flux-system");
	i->name = name.n > 0 ? name : i->namespace;
	i->object = o;
}

static void add_object(struct flux *f, const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));

	if (sv_eq(o->kind, SV("FluxInstance")) &&
	    sv_eq(o->group, SV("fluxcd.controlplane.io")))
		add(f, spec, o, o->namespace);
	if (sv_eq(o->kind, SV("HelmRelease")))
		add(f, node_path(spec, SV("values.instance")), NULL,
		    o->namespace);
}

/* Values that a kustomization makes a map of, or helmfile installs with. */
static bool is_value_file(struct sv path)
{
	struct sv name = path_name(path);

	return sv_has(name, SV("values")) &&
	       (sv_ends(name, SV(".yaml")) || sv_ends(name, SV(".yml")));
}

static int add_value_file(struct flux *f, const struct snapshot_file *file)
{
	const struct render_ctx *ctx = f->ctx;
	struct diags ignored = { .mem = ctx->mem };
	struct documents docs = { 0 };
	struct sv text;

	if (snapshot_read(ctx->snapshot, file, ctx->mem, &ignored, ctx->fault,
			  &text) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	if (!sv_has(text, SV("instance:")) || !sv_has(text, SV("sync:")))
		return 0;
	(void)manifest_parse(ctx->mem, &ignored, file->path, text, &docs);
	for (size_t i = 0; i < docs.list.n; i++)
		add(f, node_get(docs.list.v[i], SV("instance")), NULL, SV(""));
	return 0;
}

int flux_instances(struct flux *f)
{
	const struct snapshot *s = f->ctx->snapshot;

	for (size_t i = 0; i < f->plain.list.n; i++)
		add_object(f, f->plain.list.v[i]);
	for (size_t i = 0; i < snapshot_count(s); i++)
		if (is_value_file(snapshot_at(s, i)->path) &&
		    add_value_file(f, snapshot_at(s, i)) < 0)
			return -1;
	return 0;
}

static void set_str(struct arena *mem, struct node *map, const char *key,
		    struct sv value)
{
	node_set(mem, map, sv_of(key), node_new_str(mem, map->at, value));
}

static struct node *sync_object(struct arena *mem,
				const struct flux_instance *i)
{
	const struct node *sync = i->sync;
	struct node *root = node_new_map(mem, sync->at);
	struct node *meta = node_new_map(mem, sync->at);
	struct node *spec = node_new_map(mem, sync->at);
	struct node *ref = node_new_map(mem, sync->at);

	set_str(mem, root, "apiVersion", SV("kustomize.toolkit.fluxcd.io/v1"));
	set_str(mem, root, "kind", SV("Kustomization"));
	set_str(mem, meta, "name", i->name);
	set_str(mem, meta, "namespace", i->namespace);
	set_str(mem, spec, "path", node_str(sync, SV("path")));
	set_str(mem, ref, "kind", node_str(sync, SV("kind")));
	set_str(mem, ref, "name", i->name);
	node_set(mem, spec, SV("sourceRef"), ref);
	node_set(mem, root, SV("metadata"), meta);
	node_set(mem, root, SV("spec"), spec);
	return root;
}

/* spec.kustomize.patches are for all that the operator writes; of it, only the
 * Kustomization is of interest. */
static struct node *sync_patches(struct arena *mem, const struct node *patches)
{
	struct node *root = node_new_map(mem, patches->at);
	struct node *list = node_new_list(mem, patches->at);

	for (size_t i = 0; i < node_len(patches); i++) {
		struct node *patch = patches->items.v[i];
		struct sv kind =
			node_str(node_get(patch, SV("target")), SV("kind"));

		if (sv_eq(kind, SV("Kustomization")))
			node_add(mem, list, patch);
	}
	node_set(mem, root, SV("patches"), list);
	return root;
}

const struct resource *flux_instance_root(struct flux *f,
					  const struct flux_instance *i)
{
	struct arena *mem = f->ctx->mem;
	const struct object *o = i->object;
	struct resources set = { 0 };

	resource_refresh(VEC_ADD(mem, &set.list), sync_object(mem, i));
	if (node_len(i->patches) > 0 &&
	    kustomize_build(&f->k, f->diags, SV(""),
			    sync_patches(mem, i->patches), NULL, &set) < 0)
		return NULL;
	if (o != NULL)
		(void)known_check(
			f->ctx, f->diags, "FluxInstance", o->kind,
			known_object(mem, o->kind, o->namespace, o->name),
			o->root);
	return set.list.n == 1 ? &set.list.v[0] : NULL;
}
