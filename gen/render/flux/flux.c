#include "render/flux/unit.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/helm/helm.h"
#include "render/known.h"

static const struct sv flux_group = { "kustomize.toolkit.fluxcd.io", 27 };

bool flux_is_kustomization(const struct object *o)
{
	return sv_eq(o->kind, SV("Kustomization")) &&
	       sv_eq(o->group, flux_group);
}

/* "./a/b/" and "/a/b" as "a/b"; false: it leaves the tree. */
static bool clean_path(struct arena *mem, struct sv path, struct sv *out)
{
	while (sv_starts(path, SV("/")))
		path = sv_from(path, 1);
	return path_join(mem, SV(""), path, out);
}

static bool path_exists(const struct render_ctx *ctx, const struct node *spec)
{
	struct sv path;

	return clean_path(ctx->mem, node_str(spec, SV("path")), &path) &&
	       snapshot_has_folder(ctx->snapshot, path);
}

/* A whole Kustomization, as the cluster would take it; patches of one have no
 * source. */
static bool may_be_root(const struct render_ctx *ctx, const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));

	return flux_is_kustomization(o) && o->name.n > 0 &&
	       node_get(spec, SV("path")) != NULL &&
	       node_get(spec, SV("sourceRef")) != NULL &&
	       path_exists(ctx, spec);
}

bool flux_asked(const struct render_ctx *ctx)
{
	const struct config *c = ctx->config;

	for (size_t i = 0; i < c->roots.n; i++)
		if (!sv_eq(c->roots.v[i].kind, SV("argocd")))
			return true;
	return ctx->publisher->opt.flux_path.list.n > 0;
}

bool flux_in(const struct render_ctx *ctx, const struct objects *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (may_be_root(ctx, set->list.v[i]))
			return true;
	return false;
}

/* --- where a Kustomization takes its files from --- */

static struct sv ref_key(struct arena *mem, const struct node *spec)
{
	const struct node *ref = node_get(spec, SV("sourceRef"));

	return arena_fmt(mem, SV_FMT "/" SV_FMT,
			 SV_ARG(node_str(ref, SV("kind"))),
			 SV_ARG(node_str(ref, SV("name"))));
}

/* spec.url of the source object, where it lies in git. */
static struct sv source_url(const struct flux *f, struct sv key)
{
	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		size_t slash = sv_chr(key, '/');

		if (sv_eq(o->group, SV("source.toolkit.fluxcd.io")) &&
		    sv_eq(o->kind, sv_head(key, slash)) &&
		    sv_eq(o->name, sv_from(key, slash + 1)))
			return node_str(node_get(o->root, SV("spec")),
					SV("url"));
	}
	return SV("");
}

struct ref_count {
	struct sv key;
	size_t n;
};

/* No repository knows its own address: the source that most Kustomizations
 * name is the one they are written in. */
static void find_own_source(struct flux *f)
{
	struct map seen = { .mem = f->ctx->mem };
	size_t best = 0;

	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		struct ref_count *c;
		struct sv key;

		if (!may_be_root(f->ctx, o))
			continue;
		key = ref_key(f->ctx->mem, node_get(o->root, SV("spec")));
		c = map_get(&seen, key);
		if (c == NULL) {
			c = ARENA_NEW(f->ctx->mem, struct ref_count);
			c->key = key;
			map_put(&seen, key, c);
		}
		if (++c->n > best) {
			best = c->n;
			f->own_source = key;
		}
	}
	f->own_url = source_url(f, f->own_source);
}

static bool is_foreign(const struct flux *f, const struct node *spec)
{
	struct sv key = ref_key(f->ctx->mem, spec), url;

	if (f->own_source.n == 0 || sv_eq(key, f->own_source))
		return false;
	url = source_url(f, key);
	return url.n > 0 && !sv_eq(url, f->own_url);
}

/* --- one unit --- */

static struct node *set_text(struct flux *f, struct node *root,
			     const struct node *spec, const char *from,
			     const char *to)
{
	struct node *value = patch_get(spec, sv_of(from));

	if (node_is_null(value) || value->kind != NODE_SCALAR ||
	    value->scalar.n == 0)
		return root;
	return patch_with(f->ctx->mem, root, sv_of(to), value);
}

/* Both lists, the kustomization's own first. */
static struct node *append(struct flux *f, struct node *root,
			   const struct node *spec, const char *key)
{
	struct arena *mem = f->ctx->mem;
	struct node *have = patch_get(root, sv_of(key));
	struct node *more = patch_get(spec, sv_of(key)), *all;

	if (node_len(more) == 0)
		return root;
	all = node_new_list(mem, more->at);
	for (size_t i = 0; i < node_len(have); i++)
		node_add(mem, all, have->items.v[i]);
	for (size_t i = 0; i < node_len(more); i++)
		node_add(mem, all, more->items.v[i]);
	return patch_with(mem, root, sv_of(key), all);
}

/* With ignoreMissingComponents, those that are there. */
static struct node *append_components(struct flux *f, struct node *root,
				      const struct node *spec, struct sv folder)
{
	const struct node *list = node_get(spec, SV("components"));
	struct arena *mem = f->ctx->mem;
	struct node *some;

	if (!node_true(spec, SV("ignoreMissingComponents")))
		return append(f, root, spec, "components");
	some = node_new_map(mem, spec->at);
	node_set(mem, some, SV("components"), node_new_list(mem, spec->at));
	for (size_t i = 0; i < node_len(list); i++) {
		struct sv path;

		if (list->items.v[i]->kind == NODE_SCALAR &&
		    path_join(mem, folder, list->items.v[i]->scalar, &path) &&
		    kustomize_file_of(&f->k, path).n > 0)
			node_add(mem, patch_get(some, SV("components")),
				 list->items.v[i]);
	}
	return append(f, root, some, "components");
}

/* What Flux writes into the kustomization before it builds. */
static struct node *with_spec(struct flux_unit *u, struct node *root)
{
	struct flux *f = u->flux;

	root = set_text(f, root, u->spec, "targetNamespace", "namespace");
	root = set_text(f, root, u->spec, "namePrefix", "namePrefix");
	root = set_text(f, root, u->spec, "nameSuffix", "nameSuffix");
	root = append(f, root, u->spec, "patches");
	root = append(f, root, u->spec, "patchesStrategicMerge");
	root = append(f, root, u->spec, "patchesJson6902");
	return append_components(f, root, u->spec, u->path);
}

static void set_common(struct flux_unit *u, const char *member)
{
	const struct node *map = node_get(
		node_get(u->spec, SV("commonMetadata")), sv_of(member));
	struct arena *mem = u->flux->ctx->mem;
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;

	for (size_t i = 0; n > 0 && i < u->set.list.n; i++) {
		struct resource *r = &u->set.list.v[i];
		struct node *to = patch_get(patch_get(r->root, SV("metadata")),
					    sv_of(member));

		for (size_t j = 0; j + 1 < n; j += 2)
			to = patch_with(mem, to, map->items.v[j]->scalar,
					map->items.v[j + 1]);
		r->root = patch_with_in(mem, r->root, SV("metadata"),
					sv_of(member), to);
	}
}

static int build_unit(struct flux_unit *u, struct diags *d)
{
	struct flux *f = u->flux;
	struct loc at = u->spec->at;
	struct node *root;

	if (!snapshot_has_folder(f->ctx->snapshot, u->path)) {
		diag_warn(d, DIAG_FLUX, at,
			  "Kustomization " SV_FMT "/" SV_FMT ": path \"" SV_FMT
			  "\" is not a folder here",
			  SV_ARG(u->id.namespace), SV_ARG(u->id.name),
			  SV_ARG(u->path));
		return 0;
	}
	root = kustomize_load(&f->k, d, u->path, at, true);
	if (root == NULL)
		return f->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	if (u->source != NULL)
		root = with_spec(u, root);
	if (kustomize_build(&f->k, d, u->path, root, u->origin, &u->set) < 0)
		return -1;
	set_common(u, "labels");
	set_common(u, "annotations");
	return 0;
}

/* --- the walk --- */

static bool is_flux_resource(const struct resource *r)
{
	return !r->dropped && sv_eq(r->kind, SV("Kustomization")) &&
	       sv_eq(r->group, flux_group);
}

static const struct origin *unit_origin(struct flux *f,
					const struct resource *r)
{
	struct origin *o = ARENA_NEW(f->ctx->mem, struct origin);

	o->outer = r->origin;
	o->step = "flux";
	o->at = r->root->at;
	o->text = known_object(f->ctx->mem, SV("Kustomization"),
			       r->now.namespace, r->now.name);
	o->object = o->text;
	return o;
}

/* An object is applied once in a cluster, however often it is listed; its own
 * folder may well list it again. */
static bool seen_before(struct flux *f, const struct flux_unit *u)
{
	struct sv key =
		arena_fmt(f->ctx->mem, "%zu/" SV_FMT "/" SV_FMT, u->root,
			  SV_ARG(u->id.namespace), SV_ARG(u->id.name));

	if (map_get(&f->seen, key) != NULL)
		return true;
	map_put(&f->seen, key, f);
	return false;
}

static void note_suspended(struct flux *f, const struct flux_unit *u)
{
	if (node_true(u->spec, SV("suspend")))
		diag_note(f->diags, DIAG_FLUX, u->spec->at,
			  "Kustomization " SV_FMT "/" SV_FMT
			  " is suspended; what it applied stays in the "
			  "cluster, so it is read as it stands here",
			  SV_ARG(u->id.namespace), SV_ARG(u->id.name));
}

/* True, with a warning, where the files come from elsewhere. */
static bool says_foreign(struct flux *f, const struct flux_unit *u)
{
	if (!is_foreign(f, u->spec))
		return false;
	diag_warn(f->diags, DIAG_FLUX, u->spec->at,
		  "Kustomization " SV_FMT "/" SV_FMT
		  ": its files come from another repository, " SV_FMT
		  ", and are not read",
		  SV_ARG(u->id.namespace), SV_ARG(u->id.name),
		  SV_ARG(ref_key(f->ctx->mem, u->spec)));
	return true;
}

/* The unit of a Kustomization object; NULL where there is none to build. */
static struct flux_unit *unit_new(struct flux *f, struct flux_unit *parent,
				  size_t root, const struct resource *r)
{
	struct flux_unit *u = ARENA_NEW(f->ctx->mem, struct flux_unit);
	struct node *tree = r->root;

	if (parent != NULL && parent->source != NULL)
		tree = flux_substitute(parent, tree, NULL);
	u->flux = f;
	u->parent = parent;
	u->root = root;
	u->source = r;
	u->depth = parent != NULL ? parent->depth + 1 : 0;
	u->id = r->now;
	u->origin = unit_origin(f, r);
	u->spec = patch_get(tree, SV("spec"));
	if (u->spec == NULL || u->spec->kind != NODE_MAP)
		return NULL;
	if (!clean_path(f->ctx->mem, node_str(u->spec, SV("path")), &u->path)) {
		(void)diag_error(f->diags, DIAG_FLUX, u->spec->at,
				 "Kustomization " SV_FMT "/" SV_FMT
				 ": its path leaves the tree",
				 SV_ARG(u->id.namespace), SV_ARG(u->id.name));
		return NULL;
	}
	if (seen_before(f, u) || says_foreign(f, u))
		return NULL;
	note_suspended(f, u);
	(void)known_check(f->ctx, f->diags, "FluxKustomization",
			  SV("Kustomization"), u->origin->object, tree);
	return u;
}

static int enough(struct flux *f, struct loc at)
{
	if (f->k.limit_warned)
		return -1;
	f->k.limit_warned = true;
	return diag_error(f->diags, DIAG_FLUX, at,
			  "too many Flux Kustomizations, or nested too deep");
}

/* A Kustomization that a built unit applies. */
struct pending {
	struct flux_unit *parent;
	const struct resource *r;
};

struct queue {
	VEC(struct pending) list;
	size_t next;
};

static bool holds_variable(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return sv_chr(n->scalar, '$') < n->scalar.n;
	for (size_t i = 0; i < n->items.n; i++)
		if (holds_variable(n->items.v[i]))
			return true;
	return false;
}

struct walk {
	struct flux *flux;
	struct queue ready,
		deferred; /* deferred: its text holds variables, whose
				      maps may not have been met yet */
};

/* Put a built unit's maps and its own Kustomizations on the lists. */
static void enqueue_children(struct walk *w, struct flux_unit *u)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < u->set.list.n; i++) {
		struct resource *r = &u->set.list.v[i];
		struct queue *q = &w->ready;

		if (r->dropped)
			continue;
		if (sv_eq(r->kind, SV("ConfigMap")) ||
		    sv_eq(r->kind, SV("Secret")))
			flux_hold(f, u, r->root);
		if (!is_flux_resource(r))
			continue;
		if (holds_variable(r->root))
			q = &w->deferred;
		*VEC_ADD(f->ctx->mem, &q->list) = (struct pending){ u, r };
	}
}

static int add_unit(struct walk *w, struct flux_unit *u)
{
	struct flux *f = w->flux;

	if (f->units.n >= MAX_FLUX_UNITS || u->depth > MAX_FLUX_DEPTH)
		return enough(f, u->spec->at);
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	if (build_unit(u, f->diags) < 0)
		return -1;
	enqueue_children(w, u);
	return 0;
}

static int run_queue(struct walk *w, struct queue *q)
{
	struct pending next = q->list.v[q->next++];
	struct flux_unit *u =
		unit_new(w->flux, next.parent, next.parent->root, next.r);

	return u == NULL ? 0 : add_unit(w, u);
}

static int walk_all(struct walk *w)
{
	for (;;) {
		struct queue *q = &w->ready;

		if (q->next == q->list.n)
			q = &w->deferred;
		if (q->next == q->list.n)
			return 0;
		if (run_queue(w, q) < 0)
			return w->flux->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	}
}

/* --- roots --- */

static bool is_about(const struct flux *f, const struct node *root,
		     struct sv folder)
{
	struct sv path = node_str(node_get(root, SV("spec")), SV("path")), own;

	return clean_path(f->ctx->mem, path, &own) && sv_eq(own, folder);
}

/* The unit of a folder that the configuration names. */
static struct flux_unit *folder_unit(struct flux *f, struct sv path,
				     struct loc at)
{
	struct flux_unit *u = ARENA_NEW(f->ctx->mem, struct flux_unit);
	struct origin *o = ARENA_NEW(f->ctx->mem, struct origin);
	const char *fault = NULL;

	if (!clean_path(f->ctx->mem, path, &u->path))
		fault = "leaves the tree";
	else if (!snapshot_has_folder(f->ctx->snapshot, u->path))
		fault = "is not a folder here";
	if (fault != NULL) {
		(void)diag_error(f->diags, DIAG_FLUX, at, "\"" SV_FMT "\" %s",
				 SV_ARG(path), fault);
		return NULL;
	}
	o->step = "flux";
	o->at = at;
	o->text = arena_fmt(f->ctx->mem, "root " SV_FMT, SV_ARG(u->path));
	u->flux = f;
	u->root = f->roots++;
	u->spec = node_new_map(f->ctx->mem, at);
	u->origin = o;
	return u;
}

/* One of the folder's own Kustomizations that is about the folder itself. */
static struct flux_unit *self_of(struct flux_unit *u)
{
	for (size_t i = 0; i < u->set.list.n; i++) {
		const struct resource *r = &u->set.list.v[i];
		struct flux_unit *self = NULL;

		if (is_flux_resource(r) && is_about(u->flux, r->root, u->path))
			self = unit_new(u->flux, NULL, u->root, r);
		if (self != NULL)
			return self;
	}
	return NULL;
}

/* Those that stand elsewhere and are about the folder; how many. */
static int add_applying(struct walk *w, struct sv folder, size_t *n)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		struct resource *r;
		struct flux_unit *u;

		if (!may_be_root(f->ctx, o) || !is_about(f, o->root, folder))
			continue;
		r = ARENA_NEW(f->ctx->mem, struct resource);
		resource_refresh(r, node_copy(f->ctx->mem, o->root));
		u = unit_new(f, NULL, f->roots++, r);
		if (u == NULL)
			continue;
		++*n;
		if (add_unit(w, u) < 0)
			return -1;
	}
	return 0;
}

/* A kustomization that is named as a root is only built. */
static int add_kustomization(struct walk *w, struct sv path, struct loc at)
{
	struct flux *f = w->flux;
	struct flux_unit *u = folder_unit(f, path, at);

	if (u == NULL || build_unit(u, f->diags) < 0)
		return -1;
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	return 0;
}

/* A folder of Flux.  Where a Kustomization is about it, that is how it gets
 * applied: with its patches and variables. */
static int add_folder(struct walk *w, struct sv path, struct loc at)
{
	struct flux *f = w->flux;
	struct flux_unit *u = folder_unit(f, path, at), *self;
	size_t n = 0;

	if (u == NULL || build_unit(u, f->diags) < 0)
		return -1;
	self = self_of(u);
	if (self != NULL)
		return add_unit(w, self);
	if (add_applying(w, u->path, &n) < 0)
		return -1;
	if (n > 0)
		return 0;
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	enqueue_children(w, u);
	return 0;
}

static int add_asked(struct walk *w)
{
	const struct render_ctx *ctx = w->flux->ctx;
	const struct strings *paths = &ctx->publisher->opt.flux_path;
	struct loc flag = { .file = SV("--flux-path") };

	for (size_t i = 0; i < paths->list.n; i++) {
		struct sv path = paths->list.v[i];

		if (add_folder(w, path, flag) < 0)
			return -1;
	}
	for (size_t i = 0; i < ctx->config->roots.n; i++) {
		const struct root *r = &ctx->config->roots.v[i];
		int rc = 0;

		if (sv_eq(r->kind, SV("flux")))
			rc = add_folder(w, r->path, r->at);
		else if (sv_eq(r->kind, SV("kustomize")))
			rc = add_kustomization(w, r->path, r->at);
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* A Kustomization object as it stands in its file. */
struct candidate {
	struct resource resource;
	bool applied; /* by another one, or by the walk that is under way */
	bool tried;
};

struct candidates {
	VEC(struct candidate *) list;
	struct map by_place; /* "file:line" to struct candidate */
};

static struct sv place_key(struct arena *mem, struct loc at)
{
	return arena_fmt(mem, SV_FMT ":%u", SV_ARG(at.file), at.line);
}

static void find_candidates(struct flux *f, struct candidates *out)
{
	struct arena *mem = f->ctx->mem;

	out->by_place.mem = mem;
	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		struct candidate *c;

		if (!may_be_root(f->ctx, o) ||
		    is_foreign(f, node_get(o->root, SV("spec"))))
			continue;
		c = ARENA_NEW(mem, struct candidate);
		resource_refresh(&c->resource, node_copy(mem, o->root));
		*VEC_ADD(mem, &out->list) = c;
		map_put(&out->by_place, place_key(mem, o->at), c);
	}
}

/* Mark what the folder of `c` applies; the walk files the messages again, so
 * those of this trial are dropped. */
static void try_candidate(struct flux *f, struct candidates *all,
			  struct candidate *c)
{
	struct diags ignored = { .mem = f->ctx->mem };
	struct flux_unit u = { .flux = f, .source = &c->resource };

	u.spec = patch_get(c->resource.root, SV("spec"));
	if (!clean_path(f->ctx->mem, node_str(u.spec, SV("path")), &u.path))
		return;
	(void)build_unit(&u, &ignored);
	for (size_t i = 0; i < u.set.list.n; i++) {
		struct resource *r = &u.set.list.v[i];
		struct candidate *hit = NULL;

		if (is_flux_resource(r))
			hit = map_get(&all->by_place,
				      place_key(f->ctx->mem, r->root->at));
		if (hit != NULL && hit != c)
			hit->applied = true;
	}
}

static int walk_root(struct walk *w, const struct resource *r)
{
	struct flux_unit *u = unit_new(w->flux, NULL, w->flux->roots++, r);

	if (u == NULL)
		return 0;
	if (add_unit(w, u) < 0)
		return w->flux->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	return walk_all(w);
}

/* Mark the candidates that the walk has met, in whatever form. */
static void mark_walked(struct flux *f, struct candidates *all, size_t from)
{
	for (size_t i = from; i < f->units.n; i++) {
		const struct resource *r = f->units.v[i]->source;
		struct candidate *c = NULL;

		if (r != NULL)
			c = map_get(&all->by_place,
				    place_key(f->ctx->mem, r->root->at));
		if (c != NULL)
			c->tried = true;
	}
}

static int walk_candidates(struct walk *w, struct candidates *all, bool applied)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < all->list.n; i++) {
		struct candidate *c = all->list.v[i];
		size_t from = f->units.n;

		if (c->tried || c->applied != applied)
			continue;
		c->tried = true;
		if (walk_root(w, &c->resource) < 0)
			return -1;
		mark_walked(f, all, from);
	}
	return 0;
}

/* Those that nobody applies; then, where some apply each other in a circle,
 * the first of each circle. */
static int walk_found(struct walk *w)
{
	struct flux *f = w->flux;
	struct candidates all = { 0 };

	find_candidates(f, &all);
	for (size_t i = 0; i < all.list.n; i++)
		try_candidate(f, &all, all.list.v[i]);
	for (size_t i = 0; i < all.list.n; i++)
		if (map_get(&f->k.patched,
			    all.list.v[i]->resource.root->at.file) != NULL)
			all.list.v[i]->tried = true;
	f->k.builds = f->k.objects = 0;
	f->k.limit_warned = false;
	f->k.used = (struct map){ .mem = f->ctx->mem };
	if (walk_candidates(w, &all, false) < 0)
		return -1;
	return walk_candidates(w, &all, true);
}

/* --- objects --- */

/* "DOMAIN of ConfigMap flux-system/settings, ..." around the other steps: one
 * for each file that gives values. */
static const struct origin *substituted(struct flux_unit *u,
					const struct resource *r,
					const struct strings *used)
{
	struct arena *mem = u->flux->ctx->mem;
	const struct origin *outer = r->origin;
	struct strings files = { 0 };

	for (size_t i = 0; i < used->list.n; i++)
		strings_add_once(mem, &files,
				 flux_var(u, used->list.v[i])->at.file);
	for (size_t f = files.list.n; f-- > 0;) {
		struct origin *o = ARENA_NEW(mem, struct origin);
		struct buf b = { .mem = mem };

		for (size_t i = 0; i < used->list.n; i++) {
			const struct flux_value *v =
				flux_var(u, used->list.v[i]);

			if (!sv_eq(v->at.file, files.list.v[f]))
				continue;
			if (b.n == 0)
				o->at = v->at;
			buf_fmt(&b, "%s" SV_FMT " of " SV_FMT,
				b.n > 0 ? ", " : "", SV_ARG(used->list.v[i]),
				SV_ARG(v->from));
		}
		o->step = "substitution";
		o->text = buf_sv(&b);
		o->outer = outer;
		o->decides = true;
		outer = o;
	}
	return outer;
}

static void emit(struct flux_unit *u, const struct resource *r,
		 struct objects *out)
{
	const struct render_ctx *ctx = u->flux->ctx;
	struct strings used = { 0 };
	const struct origin *origin = r->origin;
	struct node *root = r->root;

	if (u->source != NULL || ctx->config->vars.n > 0)
		root = flux_substitute(u, root, &used);
	if (used.list.n > 0)
		origin = substituted(u, r, &used);
	objects_add(ctx->mem, u->flux->diags, out, root, origin);
}

static bool is_map(struct sv kind)
{
	return sv_eq(kind, SV("ConfigMap")) || sv_eq(kind, SV("Secret"));
}

static bool is_wanted(const struct flux *f, const struct resource *r)
{
	struct object o = { .kind = r->kind, .group = r->group };

	return object_wanted(&o, f->kinds);
}

/* Paths of the command line show a part of what is applied. */
static bool is_shown(const struct flux *f, const struct resource *r)
{
	const struct plain_request shown = { .paths = f->ctx->paths };

	return f->ctx->paths->list.n == 0 ||
	       plain_chosen(f->ctx, &shown, r->root->at.file);
}

static void emit_unit(struct flux_unit *u)
{
	struct flux *f = u->flux;

	for (size_t i = 0; i < u->set.list.n; i++) {
		const struct resource *r = &u->set.list.v[i];

		if (r->dropped)
			continue;
		if (is_map(r->kind))
			emit(u, r, &u->maps);
		else if (is_wanted(f, r) && !is_flux_resource(r) &&
			 is_shown(f, r))
			emit(u, r, &u->objects);
	}
}

static bool has_release(const struct objects *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (sv_eq(set->list.v[i]->kind, SV("HelmRelease")))
			return true;
	return false;
}

struct ranked {
	size_t rank, order;
	struct object *map;
};

static int ranked_cmp(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* The maps of all units, those first that this unit would meet. */
static void add_maps(struct flux_unit *u, struct objects *out)
{
	struct flux *f = u->flux;
	VEC(struct ranked) all = { 0 };

	for (size_t i = 0; i < f->units.n; i++) {
		struct flux_unit *of = f->units.v[i];

		for (size_t k = 0; k < of->maps.list.n; k++) {
			struct ranked *r = VEC_ADD(f->ctx->mem, &all);

			r->map = of->maps.list.v[k];
			r->order = all.n;
			r->rank = of == u ? SIZE_MAX
					  : flux_rank(u, of, r->map->at.file);
		}
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(all.v[0]), ranked_cmp);
	for (size_t i = 0; i < all.n; i++)
		*VEC_ADD(f->ctx->mem, &out->list) = all.v[i].map;
}

static void append_all(struct arena *mem, const struct objects *from,
		       struct objects *to)
{
	for (size_t i = 0; i < from->list.n; i++)
		*VEC_ADD(mem, &to->list) = from->list.v[i];
}

/* Helm values come from maps of the same cluster, and two clusters may well
 * have two of one name. */
static void expand_unit(struct flux_unit *u, struct objects *out)
{
	struct objects maps = { 0 };

	append_all(u->flux->ctx->mem, &u->objects, out);
	if (!has_release(&u->objects))
		return;
	add_maps(u, &maps);
	helm_expand(u->flux->ctx, u->flux->diags, &u->objects, &maps, out);
}

static void emit_all(struct flux *f, struct objects *out)
{
	size_t had = out->list.n;

	for (size_t i = 0; i < f->units.n; i++)
		emit_unit(f->units.v[i]);
	for (size_t i = 0; i < f->units.n; i++)
		expand_unit(f->units.v[i], out);
	f->ctx->stats->objects += out->list.n - had;
}

/* What lies in the tree and is in no cluster. */
static void note_unlisted(struct flux *f)
{
	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		bool patch = map_get(&f->k.patched, o->at.file) != NULL;

		if (!object_wanted(o, f->kinds) ||
		    sv_eq(o->kind, SV("Kustomization")) ||
		    map_get(&f->k.used, o->at.file) != NULL)
			continue;
		diag_note(f->diags, DIAG_MANIFEST_SKIPPED, o->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": %s", SV_ARG(o->kind),
			  SV_ARG(o->namespace), SV_ARG(o->name),
			  patch ? "a patch, not an object of its own"
				: "no Kustomization that is followed lists "
				  "this file");
	}
}

static const char *const flux_kinds[] = {
	"Bucket",
	"ConfigMap",
	"ExternalArtifact",
	"GitRepository",
	"HelmRelease",
	"Kustomization.kustomize.toolkit.fluxcd.io",
	"OCIRepository",
	"Secret",
	NULL,
};

/* Every object of these kinds in the tree, whoever applies it. */
static int read_all(const struct render_ctx *ctx, const char *const *kinds,
		    struct objects *out)
{
	const struct plain_request all = { .kinds = kinds };
	struct diags ignored = { .mem = ctx->mem };

	return plain_files(ctx, &all, &ignored, out);
}

int flux_in_tree(const struct render_ctx *ctx, bool *found)
{
	static const char *const kinds[] = {
		"Kustomization.kustomize.toolkit.fluxcd.io", NULL
	};
	struct objects all = { 0 };

	if (read_all(ctx, kinds, &all) < 0)
		return -1;
	*found = flux_in(ctx, &all);
	return 0;
}

static int scan(struct flux *f)
{
	/* What is asked for may take its variables from anywhere. */
	int rc = read_all(f->ctx, f->k.kinds, &f->plain);

	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];

		if (is_map(o->kind))
			flux_hold(f, NULL, node_copy(f->ctx->mem, o->root));
	}
	return rc;
}

/* `o` with its variables filled in; NULL where none was. */
static struct object *filled(struct flux_unit *u, struct object *o)
{
	const struct render_ctx *ctx = u->flux->ctx;
	struct resource r = { .origin = o->origin };
	struct strings used = { 0 };
	struct objects one = { 0 };

	if (!holds_variable(o->root))
		return NULL;
	r.root = node_copy(ctx->mem, o->root);
	r.root = flux_substitute(u, r.root, &used);
	if (used.list.n == 0)
		return NULL;
	objects_add(ctx->mem, u->flux->diags, &one, r.root,
		    substituted(u, &r, &used));
	if (one.list.n != 1)
		return NULL;
	one.list.v[0]->cluster = o->cluster;
	return one.list.v[0];
}

void flux_fill(const struct render_ctx *ctx, struct diags *d,
	       struct objects *set)
{
	struct flux *f = ARENA_NEW(ctx->mem, struct flux);
	struct flux_unit *u = ARENA_NEW(ctx->mem, struct flux_unit);

	if (ctx->config->vars.n == 0)
		return;
	f->ctx = ctx;
	f->diags = d;
	u->flux = f;
	u->spec = node_new_map(ctx->mem, NOWHERE);
	for (size_t i = 0; i < set->list.n; i++) {
		struct object *now = filled(u, set->list.v[i]);

		if (now != NULL)
			set->list.v[i] = now;
	}
}

int flux_objects(const struct render_ctx *ctx, const char *const *kinds,
		 struct diags *d, struct objects *out)
{
	struct flux *f = ARENA_NEW(ctx->mem, struct flux);
	struct walk w = { .flux = f };
	int rc;

	f->ctx = ctx;
	f->diags = d;
	f->kinds = kinds;
	f->named.mem = f->seen.mem = ctx->mem;
	kustomize_init(&f->k, ctx, kinds_join(ctx->mem, kinds, flux_kinds));
	if (scan(f) < 0)
		return -1;
	find_own_source(f);
	rc = flux_asked(ctx) ? add_asked(&w) : walk_found(&w);
	if (rc < 0 || walk_all(&w) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	emit_all(f, out);
	note_unlisted(f);
	return 0;
}
