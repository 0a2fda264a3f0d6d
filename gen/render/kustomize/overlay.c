#include "base/path.h"
#include "render/kustomize/kustomize.h"

struct overlay {
	struct kustomize k;
	VEC(struct sv) folders;	  /* that hold a kustomization */
	struct map has, included; /* by folder */
};

static bool is_kustomization_file(struct sv path)
{
	static const char *const names[] = { "Kustomization",
					     "kustomization.yaml",
					     "kustomization.yml" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq(path_name(path), sv_of(names[i])))
			return true;
	return false;
}

/* The file may hold a Flux Kustomization, or be a template. */
static struct node *own_kustomization(struct overlay *o, struct sv folder)
{
	struct diags ignored = { .mem = o->k.ctx->mem };
	struct loc at = { folder, 0, 0 };
	struct node *root;
	struct sv version;

	root = kustomize_load(&o->k, &ignored, folder, at, false);
	version = node_str(root, SV("apiVersion"));
	if (root == NULL ||
	    (version.n > 0 && !sv_starts(version, SV("kustomize.config.k8s."))))
		return NULL;
	return root;
}

static void find_folders(struct overlay *o)
{
	const struct snapshot *s = o->k.ctx->snapshot;

	for (size_t i = 0; i < snapshot_count(s); i++) {
		struct sv path = snapshot_at(s, i)->path;
		struct sv folder = path_folder(path);

		if (!is_kustomization_file(path) ||
		    map_get(&o->has, folder) != NULL ||
		    command_covers(o->k.ctx, path) ||
		    own_kustomization(o, folder) == NULL)
			continue;
		map_put(&o->has, folder, o);
		*VEC_ADD(o->k.ctx->mem, &o->folders) = folder;
	}
}

static void mark_included(struct overlay *o, struct sv folder,
			  const struct node *root)
{
	static const char *const lists[] = { "bases", "components",
					     "resources" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct node *list = node_get(root, sv_of(lists[i]));

		for (size_t k = 0; k < node_len(list); k++) {
			const struct node *n = node_at(list, k);
			struct sv path;

			if (n->kind == NODE_SCALAR &&
			    path_join(o->k.ctx->mem, folder, n->scalar,
				      &path) &&
			    !sv_eq(path, folder))
				map_put(&o->included, path, o);
		}
	}
}

static int build_top(struct overlay *o, struct diags *d, struct sv folder,
		     struct objects *out)
{
	struct node *root = own_kustomization(o, folder);
	struct resources set = { 0 };
	size_t before;

	if (map_get(&o->included, folder) != NULL ||
	    sv_eq(node_str(root, SV("kind")), SV("Component")))
		return 0;
	if (kustomize_build(&o->k, d, folder, root, NULL, &set) < 0)
		return -1;
	before = out->list.n;
	kustomize_objects(&o->k, d, &set, out);
	for (size_t i = before; i < out->list.n; i++)
		out->list.v[i]->realm = arena_fmt(
			o->k.ctx->mem, "kustomization " SV_FMT, SV_ARG(folder));
	return 0;
}

/* Why a file as it stands is not what gets applied; NULL: it is. */
static const char *superseded(const struct overlay *o, struct sv file)
{
	if (map_get(&o->k.used, file) != NULL)
		return "";
	if (map_get(&o->k.patched, file) != NULL)
		return "a patch, not an object of its own";
	if (map_get(&o->has, path_folder(file)) != NULL)
		return "the kustomization beside it does not list this file";
	return NULL;
}

static void keep_others(struct overlay *o, struct diags *d,
			const struct objects *plain, struct objects *out)
{
	const struct render_ctx *ctx = o->k.ctx;

	for (size_t i = 0; i < plain->list.n; i++) {
		struct object *obj = plain->list.v[i];
		const char *why = superseded(o, obj->at.file);

		if (why == NULL)
			*VEC_ADD(ctx->mem, &out->list) = obj;
		else if (why[0] != '\0')
			diag_note(d, DIAG_MANIFEST_SKIPPED, obj->at,
				  SV_FMT " " SV_FMT "/" SV_FMT ": %s",
				  SV_ARG(obj->kind), SV_ARG(obj->namespace),
				  SV_ARG(obj->name), why);
	}
}

/* What was filed about files as they stand holds only for those that do. */
static void drop_superseded(const struct overlay *o, struct diags *warned)
{
	struct diags kept = { .mem = warned->mem };

	for (size_t i = 0; i < warned->list.n; i++) {
		struct diags one = { .mem = warned->mem };

		if (superseded(o, warned->list.v[i].at.file) != NULL)
			continue;
		*VEC_ADD(warned->mem, &one.list) = warned->list.v[i];
		diags_merge(&kept, &one);
	}
	*warned = kept;
}

static const char *const map_kinds[] = { "ConfigMap", "Secret", NULL };

int overlay_objects(const struct render_ctx *ctx, const char *const *kinds,
		    struct diags *d, struct diags *warned, struct objects *set)
{
	struct overlay o = { 0 };
	struct objects built = { 0 };

	kustomize_init(&o.k, ctx, kinds_join(ctx->mem, kinds, map_kinds));
	o.has.mem = o.included.mem = ctx->mem;
	find_folders(&o);
	if (ctx->fault->kind != FAULT_NONE)
		return -1;
	if (o.folders.n == 0)
		return 0;
	for (size_t i = 0; i < o.folders.n; i++)
		mark_included(&o, o.folders.v[i],
			      own_kustomization(&o, o.folders.v[i]));
	for (size_t i = 0; i < o.folders.n; i++)
		if (build_top(&o, d, o.folders.v[i], &built) < 0)
			return -1;
	drop_superseded(&o, warned);
	keep_others(&o, d, set, &built);
	*set = built;
	return 0;
}
