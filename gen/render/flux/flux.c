#include "render/flux/unit.h"

#include <stdlib.h>

#include "base/budget.h"
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

bool flux_path(struct arena *mem, struct sv path, struct sv *out)
{
	while (sv_starts(path, SV("/")))
		path = sv_from(path, 1);
	return path_join(mem, SV(""), path, out);
}

bool flux_path_exists(const struct render_ctx *ctx, const struct node *spec)
{
	struct sv path;

	return flux_path(ctx->mem, node_str(spec, SV("path")), &path) &&
	       snapshot_has_folder(ctx->snapshot, path);
}

bool flux_may_be_root(const struct render_ctx *ctx, const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));

	return flux_is_kustomization(o) && o->name.n > 0 &&
	       node_get(spec, SV("path")) != NULL &&
	       node_get(spec, SV("sourceRef")) != NULL &&
	       flux_path_exists(ctx, spec);
}

bool flux_asked(const struct render_ctx *ctx)
{
	const struct config *c = ctx->config;

	for (size_t i = 0; i < c->roots.n; i++)
		if (!sv_eq(c->roots.v[i].kind, SV("argocd")) &&
		    !sv_eq(c->roots.v[i].kind, SV("values")))
			return true;
	return ctx->publisher->opt.flux_path.list.n > 0;
}

bool flux_in(const struct render_ctx *ctx, const struct objects *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (flux_may_be_root(ctx, set->list.v[i]))
			return true;
	return false;
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

int flux_unit_build(struct flux_unit *u, struct diags *d)
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
	return 0;
}

/* --- the walk --- */

bool flux_is_resource(const struct resource *r)
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

struct flux_unit *flux_unit_new(struct flux *f, struct flux_unit *parent,
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
	if (!flux_path(f->ctx->mem, node_str(u->spec, SV("path")), &u->path)) {
		(void)diag_error(f->diags, DIAG_FLUX, u->spec->at,
				 "Kustomization " SV_FMT "/" SV_FMT
				 ": its path leaves the tree",
				 SV_ARG(u->id.namespace), SV_ARG(u->id.name));
		return NULL;
	}
	if (seen_before(f, u) || flux_says_foreign(f, u))
		return NULL;
	note_suspended(f, u);
	(void)known_check(f->ctx, f->diags, "FluxKustomization",
			  SV("Kustomization"), u->origin->object, tree);
	return u;
}

static bool holds_variable(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return sv_chr(n->scalar, '$') < n->scalar.n;
	for (size_t i = 0; i < n->items.n; i++)
		if (holds_variable(n->items.v[i]))
			return true;
	return false;
}

/* Kustomizations that a ResourceSet makes: what it is filled with may stand
 * anywhere in the tree. */
static void enqueue_set(struct flux_walk *w, struct flux_unit *u,
			const struct resource *r)
{
	static const char *const kinds[] = {
		"Kustomization.kustomize.toolkit.fluxcd.io", NULL
	};
	struct flux *f = w->flux;
	struct diags ignored = { .mem = f->ctx->mem };
	struct objects sets = { 0 }, made = { 0 };

	objects_add(f->ctx->mem, &ignored, &sets,
		    u->source != NULL ? flux_substitute(u, r->root, NULL)
				      : r->root,
		    r->origin);
	for (size_t i = 0; i < sets.list.n; i++)
		resource_set_build(f->ctx, &ignored, kinds, &f->plain,
				   sets.list.v[i], &made);
	for (size_t i = 0; i < made.list.n; i++) {
		struct resource *one = ARENA_NEW(f->ctx->mem, struct resource);

		resource_refresh(one,
				 node_copy(f->ctx->mem, made.list.v[i]->root));
		one->origin = made.list.v[i]->origin;
		*VEC_ADD(f->ctx->mem, &w->ready.list) =
			(struct flux_pending){ u, one };
	}
}

/* Put a built unit's maps and its own Kustomizations on the lists. */
void flux_unit_enqueue(struct flux_walk *w, struct flux_unit *u)
{
	struct flux *f = w->flux;

	for (size_t i = 0; i < u->set.list.n; i++) {
		struct resource *r = &u->set.list.v[i];
		struct flux_queue *q = &w->ready;

		if (r->dropped)
			continue;
		if (sv_eq(r->kind, SV("ConfigMap")) ||
		    sv_eq(r->kind, SV("Secret")))
			flux_hold(f, u, r->root);
		if (resource_set_is(r->kind, r->group))
			enqueue_set(w, u, r);
		if (!flux_is_resource(r))
			continue;
		if (holds_variable(r->root))
			q = &w->deferred;
		*VEC_ADD(f->ctx->mem, &q->list) = (struct flux_pending){ u, r };
	}
}

int flux_unit_add(struct flux_walk *w, struct flux_unit *u)
{
	struct flux *f = w->flux;

	work_spend(f->ctx->mem, WORK_UNITS, 1, u->spec->at);
	if (u->depth > MAX_FLUX_DEPTH)
		return diag_error(f->diags, DIAG_FLUX, u->spec->at,
				  "Flux Kustomizations are nested deeper than "
				  "%d",
				  MAX_FLUX_DEPTH);
	*VEC_ADD(f->ctx->mem, &f->units) = u;
	if (flux_unit_build(u, f->diags) < 0)
		return -1;
	flux_unit_enqueue(w, u);
	return 0;
}

/* Not yet: a map that its variables come from may be applied by one of those
 * that wait behind it. */
static bool wait_longer(struct flux_walk *w, struct flux_pending next)
{
	struct flux_queue *q = &w->deferred;

	if (flux_vars_met(next.parent) || w->waited >= q->list.n - q->next) {
		w->waited = 0;
		return false;
	}
	w->waited++;
	*VEC_ADD(w->flux->ctx->mem, &q->list) = next;
	return true;
}

static int run_pending(struct flux_walk *w, struct flux_pending next)
{
	struct flux_unit *u =
		flux_unit_new(w->flux, next.parent, next.parent->root, next.r);

	return u == NULL ? 0 : flux_unit_add(w, u);
}

int flux_walk_all(struct flux_walk *w)
{
	for (;;) {
		struct flux_queue *q = &w->ready;
		struct flux_pending next;

		if (q->next == q->list.n)
			q = &w->deferred;
		if (q->next == q->list.n)
			return 0;
		next = q->list.v[q->next++];
		if (q == &w->deferred && wait_longer(w, next))
			continue;
		if (run_pending(w, next) < 0)
			return w->flux->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	}
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

/* Flux puts commonMetadata over what is built and substituted. */
static struct node *with_common(struct flux_unit *u, struct node *root,
				const char *member)
{
	const struct node *map = node_get(
		node_get(u->spec, SV("commonMetadata")), sv_of(member));
	struct arena *mem = u->flux->ctx->mem;
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;
	struct node *to =
		patch_get(patch_get(root, SV("metadata")), sv_of(member));

	if (n == 0)
		return root;
	for (size_t i = 0; i + 1 < n; i += 2)
		to = patch_with(mem, to, map->items.v[i]->scalar,
				map->items.v[i + 1]);
	return patch_with_in(mem, root, SV("metadata"), sv_of(member), to);
}

static void emit(struct flux_unit *u, const struct resource *r,
		 struct objects *out)
{
	const struct render_ctx *ctx = u->flux->ctx;
	struct strings used = { 0 };
	const struct origin *origin = r->origin;
	struct node *root = r->root;
	size_t before = out->list.n;

	budget_at(ctx->mem, u->spec->at);
	if (u->source != NULL || ctx->config->vars.n > 0)
		root = flux_substitute(u, root, &used);
	if (used.list.n > 0)
		origin = substituted(u, r, &used);
	root = with_common(u, root, "labels");
	root = with_common(u, root, "annotations");
	objects_add(ctx->mem, u->flux->diags, out, root, origin);
	for (size_t i = before; i < out->list.n; i++)
		out->list.v[i]->realm =
			arena_fmt(ctx->mem, "flux %zu", u->root);
}

static bool is_map(struct sv kind)
{
	return sv_eq(kind, SV("ConfigMap")) || sv_eq(kind, SV("Secret"));
}

/* What a release refers to. */
static bool is_referred(const struct resource *r)
{
	struct object o = { .kind = r->kind, .group = r->group };

	return object_wanted(&o, helm_referred) ||
	       object_wanted(&o, resource_set_referred);
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
		if (is_map(r->kind) || is_referred(r))
			emit(u, r, &u->maps);
		else if (is_wanted(f, r) && !flux_is_resource(r) &&
			 is_shown(f, r))
			emit(u, r, &u->objects);
	}
}

static bool has_release(const struct objects *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (helm_is_release(set->list.v[i]))
			return true;
	return false;
}

static void append_all(struct arena *mem, const struct objects *from,
		       struct objects *to)
{
	for (size_t i = 0; i < from->list.n; i++)
		*VEC_ADD(mem, &to->list) = from->list.v[i];
}

/* What the cluster's ResourceSets make of what the unit applies; maps are
 * `maps`' then, and Kustomizations were followed before. */
static void fill_sets(struct flux_unit *u, struct objects *maps)
{
	struct flux *f = u->flux;
	size_t had = u->objects.list.n;

	for (size_t i = 0; i < had; i++) {
		const struct object *o = u->objects.list.v[i];
		struct objects made = { 0 };

		if (!resource_set_is(o->kind, o->group))
			continue;
		resource_set_build(f->ctx, f->diags, f->k.kinds, maps, o,
				   &made);
		for (size_t k = 0; k < made.list.n; k++) {
			struct object *one = made.list.v[k];
			const struct resource r = { .kind = one->kind,
						    .group = one->group,
						    .root = u->spec };

			if (is_map(r.kind) || is_referred(&r))
				*VEC_ADD(f->ctx->mem, &maps->list) = one;
			else if (object_wanted(one, f->kinds) &&
				 !flux_is_resource(&r))
				*VEC_ADD(f->ctx->mem, &u->objects.list) = one;
		}
	}
}

/* Helm values come from maps of the same cluster, and two clusters may well
 * have two of one name: `maps` has those of each root. */
static void expand_unit(struct flux_unit *u, const struct objects *maps,
			struct objects *out)
{
	append_all(u->flux->ctx->mem, &u->objects, out);
	if (has_release(&u->objects))
		helm_expand(u->flux->ctx, u->flux->diags, &u->objects,
			    &maps[u->root], out);
}

static void emit_all(struct flux *f, struct objects *out)
{
	struct objects *maps =
		ARENA_ARRAY(f->ctx->mem, struct objects, f->roots + 1);
	size_t had = out->list.n;

	/* Every map is known by now; a unit that was asked before may have
	 * missed one. */
	for (size_t i = 0; i < f->units.n; i++)
		f->units.v[i]->vars = NULL;
	f->walked = true;
	for (size_t i = 0; i < f->units.n; i++) {
		struct flux_unit *u = f->units.v[i];

		emit_unit(u);
		append_all(f->ctx->mem, &u->maps, &maps[u->root]);
	}
	for (size_t i = 0; i < f->units.n; i++)
		fill_sets(f->units.v[i], &maps[f->units.v[i]->root]);
	for (size_t i = 0; i < f->units.n; i++)
		expand_unit(f->units.v[i], maps, out);
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
	"ConfigMap",
	"FluxInstance.fluxcd.controlplane.io",
	"GitRepository",
	"HelmChart.source.toolkit.fluxcd.io",
	"HelmRelease",
	"Kustomization.kustomize.toolkit.fluxcd.io",
	"OCIRepository.source.toolkit.fluxcd.io",
	"ResourceSet.fluxcd.controlplane.io",
	"ResourceSetInputProvider.fluxcd.controlplane.io",
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

static int read_tree(struct flux *f)
{
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
	one.list.v[0]->realm = o->realm;
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
	struct flux_walk w = { .flux = f };
	int rc;

	f->ctx = ctx;
	f->diags = d;
	f->kinds = kinds;
	f->named.mem = f->seen.mem = f->noted.mem = ctx->mem;
	f->folders.mem = ctx->mem;
	kustomize_init(&f->k, ctx, kinds_join(ctx->mem, kinds, flux_kinds));
	if (read_tree(f) < 0)
		return -1;
	if (flux_instances(f) < 0 || flux_sources(f) < 0)
		return -1;
	rc = flux_asked(ctx) ? flux_roots_asked(&w) : flux_roots_found(&w);
	if (rc < 0 || flux_walk_all(&w) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	emit_all(f, out);
	note_unlisted(f);
	return 0;
}
