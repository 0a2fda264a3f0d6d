#include "render/kustomize/build.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/known.h"

/* Without "@text": a patch may add what makes an object interesting. */
static const char *const *whole_kinds(struct arena *mem,
				      const char *const *kinds)
{
	const char **whole;
	size_t n = 0;

	while (kinds[n] != NULL)
		n++;
	whole = ARENA_ARRAY(mem, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct sv kind = sv_of(kinds[i]);

		whole[i] = arena_str(mem, sv_head(kind, sv_chr(kind, '@')));
	}
	return whole;
}

void kustomize_init(struct kustomize *k, const struct render_ctx *ctx,
		    const char *const *kinds)
{
	*k = (struct kustomize){ .ctx = ctx,
				 .kinds = whole_kinds(ctx->mem, kinds) };
	k->files.mem = k->used.mem = k->patched.mem = ctx->mem;
	k->patterns.mem = k->patch.mem = ctx->mem;
}

int kustomize_error(struct diags *d, struct loc at, const char *fmt, ...)
{
	struct sv text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vfmt(d->mem, fmt, ap);
	va_end(ap);
	return diag_error(d, DIAG_KUSTOMIZE, at, SV_FMT, SV_ARG(text));
}

/* NULL: no such file, or one that is left out. */
static const struct snapshot_file *find(const struct kustomize *k,
					struct sv path)
{
	const struct snapshot_file *f = snapshot_find(k->ctx->snapshot, path);

	if (f != NULL && k->left_out != NULL &&
	    k->left_out(k->left_out_arg, path))
		return NULL;
	return f;
}

static const char *const file_names[] = { "kustomization.yaml",
					  "kustomization.yml",
					  "Kustomization" };

struct sv kustomize_file_of(const struct kustomize *k, struct sv folder)
{
	for (size_t i = 0; i < sizeof(file_names) / sizeof(file_names[0]);
	     i++) {
		struct sv path;

		if (path_join(k->ctx->mem, folder, sv_of(file_names[i]),
			      &path) &&
		    find(k, path) != NULL)
			return path;
	}
	return SV("");
}

/* Parse the slices of a file that could hold something of interest. */
static void parse(struct kustomize *k, struct sv path, struct sv text,
		  bool whole, struct kustomize_file *out)
{
	struct splitter split = splitter_new(text, YAML_KUSTOMIZE);
	struct slice slice;
	size_t n = 0;

	while (splitter_next(&split, &slice)) {
		if (++n > MAX_DOCUMENTS) {
			out->broken = true;
			diag_file(&out->diags, DIAG_KUSTOMIZE, DIAG_ERROR,
				  ((struct loc){ path, slice.line + 1, 1 }),
				  "more than %d documents in one file",
				  MAX_DOCUMENTS);
			return;
		}
		if (!whole && !k->all && k->ctx->prefilter &&
		    !prefilter_match(slice.text, k->kinds))
			continue;
		if (manifest_parse_slice(k->ctx->mem, &out->diags, path, slice,
					 &out->docs) < 0)
			out->broken = true;
	}
}

static int read_file(struct kustomize *k, const struct snapshot_file *file,
		     struct sv path, bool whole, struct kustomize_file *out)
{
	const struct render_ctx *ctx = k->ctx;
	struct sv text;

	budget_at(ctx->mem, (struct loc){ path, 0, 0 });
	ctx->stats->files++;
	if (snapshot_read(ctx->snapshot, file, ctx->mem, &out->diags,
			  ctx->fault, &text) == 0)
		parse(k, arena_sv(ctx->mem, path), text, whole, out);
	else
		out->broken = true;
	return ctx->fault->kind == FAULT_NONE ? 0 : -1;
}

/* Parsed once; its faults are filed for everybody who asks. */
static int load(struct kustomize *k, struct diags *d, struct sv path,
		bool whole, struct kustomize_file **out)
{
	const struct render_ctx *ctx = k->ctx;
	const struct snapshot_file *file;
	struct sv key = path;

	if (whole && !k->all)
		key = arena_fmt(ctx->mem, "whole " SV_FMT, SV_ARG(path));
	*out = map_get(&k->files, key);
	if (*out == NULL) {
		file = find(k, path);
		if (file == NULL)
			return 0;
		*out = ARENA_NEW(ctx->mem, struct kustomize_file);
		(*out)->diags.mem = ctx->mem;
		if (read_file(k, file, path, whole, *out) < 0)
			return -1;
		map_put(&k->files, arena_sv(ctx->mem, key), *out);
	}
	diags_merge(d, &(*out)->diags);
	return 0;
}

int kustomize_missing(struct kustomize_step *s, struct loc at,
		      const char *change, struct sv kind, struct sv name)
{
	if (!s->set->incomplete)
		return kustomize_error(s->diags, at,
				       "%s of " SV_FMT " " SV_FMT
				       ": no such object in this kustomization",
				       change, SV_ARG(kind), SV_ARG(name));
	diag_warn(s->diags, DIAG_KUSTOMIZE, at,
		  "%s of " SV_FMT " " SV_FMT
		  ": no such object here; it may be in the base that is not "
		  "read",
		  change, SV_ARG(kind), SV_ARG(name));
	return 0;
}

/* A path in a kustomization, relative to its folder; false with a diag. */
static bool resolve(struct kustomize_step *s, const struct node *name,
		    struct sv *path)
{
	if (name == NULL || name->kind != NODE_SCALAR || node_is_null(name)) {
		kustomize_error(s->diags, name != NULL ? name->at : s->root->at,
				"expected a path");
		return false;
	}
	if (path_join(s->k->ctx->mem, s->folder, name->scalar, path))
		return true;
	kustomize_error(s->diags, name->at,
			"\"" SV_FMT
			"\" leaves the tree; expected a path inside it",
			SV_ARG(sv_head(name->scalar, 200)));
	return false;
}

struct kustomize_file *kustomize_read(struct kustomize_step *s,
				      const struct node *name, bool whole)
{
	struct kustomize_file *f = NULL;
	struct sv path;

	if (!resolve(s, name, &path))
		return NULL;
	if (load(s->k, s->diags, path, whole, &f) < 0)
		return NULL;
	if (f == NULL)
		kustomize_error(s->diags, name->at,
				"\"" SV_FMT "\" is not a file in this tree",
				SV_ARG(sv_head(name->scalar, 200)));
	else
		map_put(&s->k->patched, path, f);
	return f;
}

int kustomize_text(struct kustomize_step *s, const struct node *name,
		   struct sv *path, struct sv *text)
{
	const struct render_ctx *ctx = s->k->ctx;
	const struct snapshot_file *file;

	if (!resolve(s, name, path))
		return -1;
	file = find(s->k, *path);
	if (file == NULL)
		return kustomize_error(s->diags, name->at,
				       "\"" SV_FMT
				       "\" is not a file in this tree",
				       SV_ARG(sv_head(name->scalar, 200)));
	return snapshot_read(ctx->snapshot, file, ctx->mem, s->diags,
			     ctx->fault, text);
}

void resource_refresh(struct resource *r, struct node *root)
{
	const struct node *meta = node_get(root, SV("metadata"));
	size_t slash;

	r->root = root;
	r->kind = node_str(root, SV("kind"));
	r->api_version = node_str(root, SV("apiVersion"));
	slash = sv_chr(r->api_version, '/');
	r->group = slash < r->api_version.n ? sv_head(r->api_version, slash)
					    : SV("");
	r->version = slash < r->api_version.n
			     ? sv_from(r->api_version, slash + 1)
			     : r->api_version;
	r->now.name = node_str(meta, SV("name"));
	r->now.namespace = node_str(meta, SV("namespace"));
	r->now.kind = r->kind;
}

void resource_rename(struct arena *mem, struct resource *r, struct identity to)
{
	const struct node *meta = node_get(r->root, SV("metadata"));
	struct loc at = meta != NULL ? meta->at : r->root->at;
	struct node *root = r->root;

	if (sv_eq(to.name, r->now.name) &&
	    sv_eq(to.namespace, r->now.namespace))
		return;
	*VEC_ADD(mem, &r->before) = r->now;
	if (!sv_eq(to.name, r->now.name))
		root = patch_with_in(mem, root, SV("metadata"), SV("name"),
				     patch_str(mem, at, to.name, NULL));
	if (!sv_eq(to.namespace, r->now.namespace))
		root = patch_with_in(mem, root, SV("metadata"), SV("namespace"),
				     patch_str(mem, at, to.namespace, NULL));
	resource_refresh(r, root);
}

bool kustomize_keeps(const struct kustomize *k, const struct resource *r)
{
	struct object o = { .kind = r->kind, .group = r->group };

	return k->all || object_wanted(&o, k->kinds);
}

/* What holds for all resources of one entry of a list. */
struct entry {
	struct kustomize_step *step;
	const struct origin *origin;
};

static int add_resource(struct entry *e, struct node *n, unsigned depth)
{
	struct kustomize *k = e->step->k;
	struct sv kind = node_str(n, SV("kind"));
	const struct node *items = node_get(n, SV("items"));
	struct resource r = { .origin = e->origin };

	if (n->kind == NODE_MAP && sv_ends(kind, SV("List")) && items != NULL &&
	    items->kind == NODE_LIST && depth == 0) {
		for (size_t i = 0; i < items->items.n; i++)
			if (add_resource(e, items->items.v[i], 1) < 0)
				return -1;
		return 0;
	}
	if (n->kind != NODE_MAP || kind.n == 0)
		return 0;
	resource_refresh(&r, n);
	if (!kustomize_keeps(k, &r) ||
	    !object_check_keys(kind, n, e->step->diags))
		return 0;
	work_spend(k->ctx->mem, WORK_BUILT, 1, n->at);
	*VEC_ADD(k->ctx->mem, &e->step->set->list) = r;
	return 0;
}

static struct sv object_of(struct arena *mem, struct sv file)
{
	return arena_fmt(mem, "kustomization " SV_FMT, SV_ARG(file));
}

static const struct origin *origin_of(struct kustomize_step *s,
				      const struct node *entry)
{
	struct origin *o = ARENA_NEW(s->k->ctx->mem, struct origin);

	o->outer = s->outer;
	o->step = "kustomization";
	o->at = entry->at;
	o->text = s->file;
	o->object = object_of(s->k->ctx->mem, s->file);
	return o;
}

static bool is_remote(struct sv path)
{
	return sv_has(path, SV("://")) || sv_has(path, SV("?ref=")) ||
	       sv_starts(path, SV("git@")) ||
	       sv_starts(path, SV("github.com/")) ||
	       sv_starts(path, SV("git::"));
}

static int build(struct kustomize_step *s);

/* True, with a diag, if `folder` is being built already. */
static bool is_cycle(const struct kustomize_step *s, struct sv folder,
		     struct loc at)
{
	for (const struct kustomize_step *p = s; p != NULL; p = p->parent) {
		if (!sv_eq(p->folder, folder))
			continue;
		kustomize_error(s->diags, at,
				"the kustomization of \"" SV_FMT
				"\" contains itself",
				SV_ARG(folder));
		return true;
	}
	return false;
}

static int build_folder(struct kustomize_step *s, const struct node *entry,
			struct sv folder, bool component)
{
	struct kustomize_step sub = { .k = s->k,
				      .diags = s->diags,
				      .folder = folder };
	struct resources own = { 0 };
	bool is_component;

	if (is_cycle(s, folder, entry->at))
		return -1;
	if (s->depth >= MAX_KUSTOMIZE_DEPTH)
		return kustomize_error(s->diags, entry->at,
				       "kustomizations are nested too deeply");
	sub.root = kustomize_load(s->k, s->diags, folder, entry->at, false);
	if (sub.root == NULL)
		return -1;
	is_component = sv_eq(node_str(sub.root, SV("kind")), SV("Component"));
	if (is_component != component)
		return kustomize_error(
			s->diags, entry->at, "\"" SV_FMT "\" is %s Component",
			SV_ARG(folder), component ? "not a" : "a");
	sub.file = sub.root->at.file;
	sub.outer = origin_of(s, entry);
	sub.depth = s->depth + 1;
	sub.parent = s;
	sub.set = component ? s->set : &own;
	if (build(&sub) < 0)
		return -1;
	for (size_t i = 0; i < own.list.n; i++)
		*VEC_ADD(s->k->ctx->mem, &s->set->list) = own.list.v[i];
	s->set->incomplete |= own.incomplete;
	return 0;
}

static int add_file(struct kustomize_step *s, const struct node *entry,
		    struct sv path)
{
	struct entry e = { .step = s };
	struct kustomize_file *f = NULL;

	if (load(s->k, s->diags, path, false, &f) < 0)
		return -1;
	e.origin = origin_of(s, entry);
	map_put(&s->k->used, path, f);
	for (size_t i = 0; i < f->docs.list.n; i++)
		if (add_resource(&e, f->docs.list.v[i], 0) < 0)
			return -1;
	return 0;
}

static int add_entry(struct kustomize_step *s, const struct node *entry,
		     bool component)
{
	const struct render_ctx *ctx = s->k->ctx;
	struct sv path;

	if (entry->kind == NODE_SCALAR && is_remote(entry->scalar)) {
		diag_warn(s->diags, DIAG_KUSTOMIZE, entry->at,
			  "\"" SV_FMT
			  "\" is not in this repository and is not read; if it "
			  "holds names, render it with the real kustomize",
			  SV_ARG(sv_head(entry->scalar, 200)));
		s->set->incomplete = true;
		return 0;
	}
	if (!resolve(s, entry, &path))
		return 0;
	if (!component && find(s->k, path) != NULL)
		return add_file(s, entry, path);
	if (!snapshot_has_folder(ctx->snapshot, path)) {
		kustomize_error(s->diags, entry->at,
				"\"" SV_FMT
				"\" is not a file or folder in this tree",
				SV_ARG(sv_head(entry->scalar, 200)));
		return 0;
	}
	return build_folder(s, entry, path, component);
}

/* A fault of one entry does not keep the others from being read. */
static int add_entries(struct kustomize_step *s, const struct node *list,
		       bool component)
{
	if (list->kind != NODE_LIST)
		return kustomize_error(s->diags, list->at, "expected a list");
	for (size_t i = 0; i < list->items.n; i++) {
		(void)add_entry(s, list->items.v[i], component);
		if (s->k->ctx->fault->kind != FAULT_NONE)
			return -1;
	}
	return 0;
}

static int add_resources(struct kustomize_step *s, const struct node *list)
{
	return add_entries(s, list, false);
}

static int add_components(struct kustomize_step *s, const struct node *list)
{
	return add_entries(s, list, true);
}

static int read_configurations(struct kustomize_step *s,
			       const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++) {
		struct kustomize_file *f =
			kustomize_read(s, node_at(list, i), true);

		for (size_t k = 0; f != NULL && k < f->docs.list.n; k++)
			kustomize_configure(s, f->docs.list.v[k]);
	}
	return 0;
}

/* In the order in which kustomize does it.  render/known.def says which other
 * keys there are. */
static const struct {
	const char *name;
	int (*run)(struct kustomize_step *s, const struct node *value);
} keys[] = {
	{ "configurations", read_configurations },
	{ "resources", add_resources },
	{ "bases", add_resources },
	{ "configMapGenerator", kustomize_config_maps },
	{ "secretGenerator", kustomize_secrets },
	{ "generators", kustomize_generators },
	{ "components", add_components },
	{ "patchesStrategicMerge", kustomize_patches_merge },
	{ "patches", kustomize_patches },
	{ "namespace", kustomize_namespace },
	{ "namePrefix", kustomize_prefix },
	{ "nameSuffix", kustomize_suffix },
	{ "labels", kustomize_labels },
	{ "commonLabels", kustomize_common_labels },
	{ "commonAnnotations", kustomize_annotations },
	{ "patchesJson6902", kustomize_patches_json },
	{ "replacements", kustomize_replacements },
	{ "transformers", kustomize_transformers },
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static bool is_empty(const struct node *n)
{
	return node_is_null(n) || (n->kind != NODE_SCALAR && n->items.n == 0) ||
	       (n->kind == NODE_SCALAR && n->scalar.n == 0);
}

/* kustomize refuses what it does not know; what only we do not build costs
 * what it would have done, and no more. */
static int check_keys(struct kustomize_step *s)
{
	const struct render_ctx *ctx = s->k->ctx;
	struct known_keys found =
		known_check(ctx, s->diags, "kustomization", SV("kustomization"),
			    object_of(ctx->mem, s->file), s->root);

	return found.unknown > 0 ? -1 : 0;
}

static bool says_nothing(const struct node *root)
{
	static const char *const names[] = { "apiVersion", "kind", "metadata" };
	size_t n = sizeof(names) / sizeof(names[0]), known = 0;

	for (size_t i = 0; i < n; i++)
		known += node_get(root, sv_of(names[i])) != NULL ? 2U : 0U;
	return root->items.n == known;
}

/* What is only there for others to take from: it is in no output. */
static void drop_local(struct kustomize_step *s)
{
	static const char key[] = "config.kubernetes.io/local-config";

	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		const struct node *mark =
			node_get(node_get(node_get(r->root, SV("metadata")),
					  SV("annotations")),
				 sv_of(key));

		if (mark != NULL && mark->kind == NODE_SCALAR &&
		    !sv_eq(mark->scalar, SV("false")))
			r->dropped = true;
	}
}

/* What a fault in one key leaves is not what the cluster would get: -1 takes
 * the whole kustomization out, as kustomize does. */
static int build(struct kustomize_step *s)
{
	work_spend(s->k->ctx->mem, WORK_BUILDS, 1, s->root->at);
	if (check_keys(s) < 0)
		return -1;
	if (says_nothing(s->root))
		return kustomize_error(s->diags, s->root->at,
				       "the kustomization is empty");
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct node *value =
			node_get(s->root, sv_of(keys[i].name));

		if (keys[i].run == NULL || is_empty(value))
			continue;
		if (keys[i].run(s, value) < 0)
			return -1;
	}
	return 0;
}

static bool is_listed(struct sv path)
{
	return sv_ends(path, SV(".yaml")) || sv_ends(path, SV(".yml"));
}

/* The folder between `folder` and the file `path` that holds a kustomization
 * of its own, or the empty view. */
static struct sv own_folder(const struct kustomize *k, struct sv folder,
			    struct sv path)
{
	size_t from = folder.n > 0 ? folder.n + 1 : 0;

	for (size_t i = from; i < path.n; i++)
		if (path.p[i] == '/' &&
		    kustomize_file_of(k, sv_head(path, i)).n > 0)
			return sv_head(path, i);
	return SV("");
}

/* Flux' own rule for a path without a kustomization: every YAML file below,
 * and folders that have one in place of their files. */
static struct node *generated(struct kustomize *k, struct sv folder,
			      struct loc at)
{
	struct arena *mem = k->ctx->mem;
	struct node *list = node_new_list(mem, at);
	struct node *root = node_new_map(mem, at);
	struct snapshot *snap = k->ctx->snapshot;
	struct sv head = folder.n == 0
				 ? SV("")
				 : arena_fmt(mem, SV_FMT "/", SV_ARG(folder));
	struct sv last = { NULL, 0 };

	for (size_t i = snapshot_lower_bound(snap, head);
	     i < snapshot_count(snap); i++) {
		struct sv path = snapshot_at(snap, i)->path, own;

		if (!sv_starts(path, head))
			break;
		own = own_folder(k, folder, path);
		if (own.n > 0 && last.p != NULL && sv_eq(own, last))
			continue;
		if (own.n > 0)
			last = own;
		else if (!is_listed(path) || find(k, path) == NULL)
			continue;
		node_add(mem, list,
			 node_new_str(mem, at,
				      sv_from(own.n > 0 ? own : path, head.n)));
	}
	node_set(mem, root, SV("resources"), list);
	return root;
}

struct node *kustomize_load(struct kustomize *k, struct diags *d,
			    struct sv folder, struct loc at, bool generate)
{
	struct sv path = kustomize_file_of(k, folder);
	struct kustomize_file *f = NULL;

	if (path.n == 0 && generate)
		return generated(k, folder, at);
	if (path.n == 0) {
		kustomize_error(d, at,
				"folder \"" SV_FMT "\" has no kustomization",
				SV_ARG(folder));
		return NULL;
	}
	if (load(k, d, path, true, &f) < 0 || f == NULL || f->broken)
		return NULL;
	map_put(&k->used, path, f);
	if (f->docs.list.n != 1 || f->docs.list.v[0]->kind != NODE_MAP) {
		kustomize_error(d, ((struct loc){ path, 1, 1 }),
				"expected one map in a kustomization");
		return NULL;
	}
	return f->docs.list.v[0];
}

/* An object may be in a build once: of two, kustomize takes none. */
static void drop_duplicates(struct kustomize_step *s)
{
	struct arena *mem = s->k->ctx->mem;
	struct map seen = { .mem = mem };
	bool warned = false;

	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct sv key = arena_fmt(
			mem, SV_FMT "/" SV_FMT "/" SV_FMT "/" SV_FMT,
			SV_ARG(r->group), SV_ARG(r->kind),
			SV_ARG(r->now.namespace), SV_ARG(r->now.name));
		const struct resource *first = map_get(&seen, key);

		if (r->dropped)
			continue;
		if (first == NULL) {
			map_put(&seen, key, r);
			continue;
		}
		r->dropped = true;
		if (warned)
			continue;
		warned = true;
		kustomize_error(s->diags, r->root->at,
				SV_FMT " " SV_FMT
				       " is added to this build twice",
				SV_ARG(r->kind), SV_ARG(r->now.name));
		diag_related(s->diags, first->root->at);
	}
}

static int build_root(struct kustomize_step *s)
{
	s->k->references.n = 0;
	if (build(s) == 0) {
		drop_duplicates(s);
		kustomize_fix_references(s);
		drop_local(s);
		return 0;
	}
	s->set->list.n = 0;
	return s->k->ctx->fault->kind == FAULT_NONE ? 0 : -1;
}

int kustomize_build(struct kustomize *k, struct diags *d, struct sv folder,
		    struct node *root, const struct origin *outer,
		    struct resources *out)
{
	struct diags first = { .mem = k->ctx->mem };
	struct kustomize_step s = {
		.k = k,
		.diags = &first,
		.folder = folder,
		.file = root->at.file,
		.root = root,
		.outer = outer,
		.set = out,
	};
	int rc;

	/* Messages of a build that is done again are filed once. */
	k->wants_all = false;
	rc = build_root(&s);
	if (!k->wants_all) {
		diags_merge(d, &first);
		return rc;
	}
	*out = (struct resources){ 0 };
	s.diags = d;
	k->all = true;
	k->files = (struct map){ .mem = k->ctx->mem };
	rc = build_root(&s);
	k->all = false;
	k->files = (struct map){ .mem = k->ctx->mem };
	return rc;
}

void kustomize_objects(struct kustomize *k, struct diags *d,
		       const struct resources *set, struct objects *out)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct resource *r = &set->list.v[i];

		if (!r->dropped)
			objects_add(k->ctx->mem, d, out, r->root, r->origin);
	}
}
