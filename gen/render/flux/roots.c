/*
 * Where the walk starts: at the folders that the configuration names, or at
 * the FluxInstances and Kustomizations that nothing else applies.
 */
#include "base/path.h"
#include "render/flux/unit.h"
#include "render/known.h"

static bool is_about(const struct flux *f, const struct node *root,
		     struct sv folder)
{
	struct sv path = node_str(node_get(root, SV("spec")), SV("path")), own;

	return flux_path(f->ctx->mem, path, &own) && sv_eq(own, folder);
}

/* The unit of a folder that the configuration names. */
static struct flux_unit *folder_unit(struct flux *f, struct sv path,
				     struct loc at)
{
	struct flux_unit *u = ARENA_NEW(f->ctx->mem, struct flux_unit);
	struct origin *o = ARENA_NEW(f->ctx->mem, struct origin);
	const char *fault = NULL;

	if (!flux_path(f->ctx->mem, path, &u->path))
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

		if (flux_is_resource(r) && is_about(u->flux, r->root, u->path))
			self = flux_unit_new(u->flux, NULL, u->root, r);
		if (self != NULL)
			return self;
	}
	return NULL;
}

/* Those that stand elsewhere and are about the folder; how many. */
static int add_applying(struct flux_walk *w, struct sv folder, size_t *n)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		struct resource *r;
		struct flux_unit *u;

		if (!flux_may_be_root(f->ctx, o) ||
		    !is_about(f, o->root, folder))
			continue;
		r = ARENA_NEW(f->ctx->mem, struct resource);
		resource_refresh(r, node_copy(f->ctx->mem, o->root));
		u = flux_unit_new(f, NULL, f->roots++, r);
		if (u == NULL)
			continue;
		++*n;
		if (flux_unit_add(w, u) < 0)
			return -1;
	}
	return 0;
}

/* A kustomization that is named as a root is only built. */
static int add_kustomization(struct flux_walk *w, struct sv path, struct loc at)
{
	struct flux *f = w->flux;
	struct flux_unit *u = folder_unit(f, path, at);

	if (u == NULL || flux_unit_build(u, f->diags) < 0)
		return -1;
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	return 0;
}

/* A folder of Flux.  Where a Kustomization is about it, that is how it gets
 * applied: with its patches and variables. */
static int add_folder(struct flux_walk *w, struct sv path, struct loc at)
{
	struct flux *f = w->flux;
	struct flux_unit *u = folder_unit(f, path, at), *self;
	size_t n = 0;

	if (u == NULL || flux_unit_build(u, f->diags) < 0)
		return -1;
	self = self_of(u);
	if (self != NULL)
		return flux_unit_add(w, self);
	if (add_applying(w, u->path, &n) < 0)
		return -1;
	if (n > 0)
		return 0;
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	flux_unit_enqueue(w, u);
	return 0;
}

int flux_roots_asked(struct flux_walk *w)
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

/* --- roots that nobody names --- */

/* A Kustomization object as it stands in its file. */
struct candidate {
	struct resource resource;
	struct sv path;			 /* what it applies */
	VEC(struct candidate *) listers; /* others whose folder lists it */
	bool patch;			 /* read as one: no object of its own */
	bool walked;			 /* the walk has met it */
	bool off; /* something that is applied leaves it out */
};

struct candidates {
	VEC(struct candidate *) list;
	struct map by_place; /* "file:line" to struct candidate */
	struct map walked;   /* paths of units that the walk has met */
};

static struct sv place_key(struct arena *mem, struct loc at)
{
	return arena_fmt(mem, SV_FMT ":%u", SV_ARG(at.file), at.line);
}

static void find_candidates(struct flux *f, struct candidates *out)
{
	struct arena *mem = f->ctx->mem;

	out->by_place.mem = out->walked.mem = mem;
	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		const struct node *spec = node_get(o->root, SV("spec"));
		struct candidate *c;

		if (!flux_may_be_root(f->ctx, o) || flux_is_foreign(f, spec))
			continue;
		c = ARENA_NEW(mem, struct candidate);
		if (!flux_path(mem, node_str(spec, SV("path")), &c->path))
			continue;
		resource_refresh(&c->resource, node_copy(mem, o->root));
		*VEC_ADD(mem, &out->list) = c;
		map_put(&out->by_place, place_key(mem, o->at), c);
	}
}

/* Mark what the folder of `c` lists; the walk files the messages again, so
 * those of this trial are dropped. */
static void try_candidate(struct flux *f, struct candidates *all,
			  struct candidate *c)
{
	struct diags ignored = { .mem = f->ctx->mem };
	struct flux_unit u = { .flux = f, .source = &c->resource };

	u.spec = patch_get(c->resource.root, SV("spec"));
	u.path = c->path;
	(void)flux_unit_build(&u, &ignored);
	for (size_t i = 0; i < u.set.list.n; i++) {
		struct resource *r = &u.set.list.v[i];
		struct candidate *hit = NULL;

		if (flux_is_resource(r))
			hit = map_get(&all->by_place,
				      place_key(f->ctx->mem, r->root->at));
		if (hit != NULL && hit != c)
			*VEC_ADD(f->ctx->mem, &hit->listers) = c;
	}
}

/* The trials leave no trace: builds are counted by the walk, and so is what
 * they use. */
static void try_all(struct flux *f, struct candidates *all)
{
	for (size_t i = 0; i < all->list.n; i++)
		try_candidate(f, all, all->list.v[i]);
	for (size_t i = 0; i < all->list.n; i++) {
		struct candidate *c = all->list.v[i];

		c->patch = map_get(&f->k.patched, c->resource.root->at.file) !=
			   NULL;
	}
	f->k.used = (struct map){ .mem = f->ctx->mem };
}

static bool is_pending(const struct candidate *c)
{
	return !c->walked && !c->off && !c->patch;
}

/* Does the walk go through a folder above the file of `c` ? */
static bool is_below_walk(const struct candidates *all,
			  const struct candidate *c)
{
	struct sv folder = path_folder(c->resource.root->at.file);

	for (;; folder = path_folder(folder)) {
		if (map_get(&all->walked, folder) != NULL)
			return true;
		if (folder.n == 0)
			return false;
	}
}

/* What only Kustomizations list that are off is off with them. */
static bool has_dead_listers(const struct candidate *c)
{
	for (size_t i = 0; i < c->listers.n; i++)
		if (!c->listers.v[i]->off)
			return false;
	return c->listers.n > 0;
}

static void note_off(struct flux *f, const struct candidate *c)
{
	const struct resource *r = &c->resource;

	diag_note(f->diags, DIAG_MANIFEST_SKIPPED, r->root->at,
		  "Kustomization " SV_FMT "/" SV_FMT
		  ": no Kustomization that is followed lists it, although one "
		  "goes through its folder: switched off",
		  SV_ARG(r->now.namespace), SV_ARG(r->now.name));
}

static bool is_listed_by_pending(const struct candidate *c)
{
	for (size_t i = 0; i < c->listers.n; i++)
		if (is_pending(c->listers.v[i]))
			return true;
	return false;
}

/* What lies in the way of the walk and is not met by it, is switched off. */
static void switch_off(struct flux *f, struct candidates *all)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < all->list.n; i++) {
			struct candidate *c = all->list.v[i];

			if (!is_pending(c) || is_listed_by_pending(c) ||
			    (!is_below_walk(all, c) && !has_dead_listers(c)))
				continue;
			c->off = more = true;
			note_off(f, c);
		}
	}
}

/* How many pending ones apply each folder. */
struct folder_count {
	size_t n;
};

static void count_folders(const struct candidates *all, struct map *counts)
{
	for (size_t i = 0; i < all->list.n; i++) {
		const struct candidate *c = all->list.v[i];
		struct folder_count *n = map_get(counts, c->path);

		if (!is_pending(c))
			continue;
		if (n == NULL) {
			n = ARENA_NEW(counts->mem, struct folder_count);
			map_put(counts, c->path, n);
		}
		n->n++;
	}
}

/* Does its file lie in a folder that another one applies? */
static bool is_below_other(const struct map *counts, const struct candidate *c)
{
	struct sv folder = path_folder(c->resource.root->at.file);

	for (;; folder = path_folder(folder)) {
		const struct folder_count *n = map_get(counts, folder);

		if (n != NULL && n->n > (sv_eq(folder, c->path) ? 1U : 0U))
			return true;
		if (folder.n == 0)
			return false;
	}
}

/* Mark what the walk has met, in whatever form. */
static void mark_walked(struct flux *f, struct candidates *all, size_t from)
{
	for (size_t i = from; i < f->units.n; i++) {
		const struct flux_unit *u = f->units.v[i];
		struct candidate *c = NULL;

		map_put(&all->walked, u->path, f);
		if (u->source != NULL)
			c = map_get(
				&all->by_place,
				place_key(f->ctx->mem, u->source->root->at));
		if (c != NULL)
			c->walked = true;
	}
}

static int walk_root(struct flux_walk *w, struct candidates *all, size_t root,
		     const struct resource *r)
{
	struct flux *f = w->flux;
	struct flux_unit *u = flux_unit_new(f, NULL, root, r);
	size_t from = f->units.n;

	if (u == NULL)
		return 0;
	if (flux_unit_add(w, u) < 0 || flux_walk_all(w) < 0)
		return f->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	mark_walked(f, all, from);
	return 0;
}

static size_t folder_root(struct flux *f, const struct resource *r)
{
	struct sv folder = path_folder(r->root->at.file);
	struct flux_folder *known = map_get(&f->folders, folder);

	if (known == NULL) {
		known = ARENA_NEW(f->ctx->mem, struct flux_folder);
		known->root = f->roots++;
		map_put(&f->folders, folder, known);
	}
	return known->root;
}

static int walk_instances(struct flux_walk *w, struct candidates *all)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < f->instances.n; i++) {
		const struct resource *r =
			flux_instance_root(f, &f->instances.v[i]);

		if (r != NULL && walk_root(w, all, f->roots++, r) < 0)
			return -1;
	}
	return f->ctx->fault->kind == FAULT_NONE ? 0 : -1;
}

static int walk_candidate(struct flux_walk *w, struct candidates *all,
			  struct candidate *c)
{
	c->walked = true;
	return walk_root(w, all, folder_root(w->flux, &c->resource),
			 &c->resource);
}

/* Start at those that nobody lists and that lie in nobody's folder; how many
 * there were. */
static int walk_free(struct flux_walk *w, struct candidates *all, size_t *n)
{
	struct map counts = { .mem = w->flux->ctx->mem };

	count_folders(all, &counts);
	*n = 0;
	for (size_t i = 0; i < all->list.n; i++) {
		struct candidate *c = all->list.v[i];

		if (!is_pending(c) || is_listed_by_pending(c) ||
		    is_below_walk(all, c) || is_below_other(&counts, c))
			continue;
		++*n;
		if (walk_candidate(w, all, c) < 0)
			return -1;
	}
	return 0;
}

/* Where all that are left lie in each other's folders, or list each other in a
 * circle: the first that nobody lists, else the first; NULL at the end. */
static struct candidate *first_pending(const struct candidates *all)
{
	struct candidate *first = NULL;

	for (size_t i = 0; i < all->list.n; i++) {
		struct candidate *c = all->list.v[i];

		if (is_pending(c) && !is_listed_by_pending(c))
			return c;
		if (is_pending(c) && first == NULL)
			first = c;
	}
	return first;
}

int flux_roots_found(struct flux_walk *w)
{
	struct candidates all = { 0 };

	find_candidates(w->flux, &all);
	try_all(w->flux, &all);
	if (walk_instances(w, &all) < 0)
		return -1;
	for (;;) {
		struct candidate *c;
		size_t n;

		switch_off(w->flux, &all);
		if (walk_free(w, &all, &n) < 0)
			return -1;
		if (n > 0)
			continue;
		c = first_pending(&all);
		if (c == NULL)
			return 0;
		if (walk_candidate(w, &all, c) < 0)
			return -1;
	}
}
