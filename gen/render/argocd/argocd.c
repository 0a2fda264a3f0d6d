/* Following Applications into this repository. */
#include "render/argocd/walk.h"

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/helm/helm.h"
#include "render/known.h"
#include "render/kustomize/kustomize.h"

/* What an Application may hold besides the kinds the sources want. */
static const char *const own_kinds[] = { "Application", "ApplicationSet",
					 "HelmRelease", "ConfigMap",
					 "Secret",	NULL };

/* One place of a walk: the Application that leads there. */
struct step {
	struct argocd *a;
	const struct object *app;
	const struct node *source;
	struct sv namespace, cluster;
	const struct origin *origin;
	struct sv realm; /* of what it delivers */
};

static int follow(struct argocd *a, struct objects *found);

static bool is_argo(const struct object *o)
{
	return sv_eq(o->group, SV("argoproj.io")) &&
	       (sv_eq(o->kind, SV("Application")) ||
		sv_eq(o->kind, SV("ApplicationSet")));
}

/* The destination gives namespace and cluster to what lies in the source. */
static int deliver(struct step *s, struct objects *found)
{
	for (size_t i = 0; i < found->list.n; i++) {
		struct object *o = found->list.v[i];

		if (!o->namespace_given && s->namespace.n > 0)
			o->namespace = s->namespace;
		if (o->cluster.n == 0)
			o->cluster = s->cluster;
		if (o->realm.n == 0)
			o->realm = s->realm;
	}
	return follow(s->a, found);
}

static bool glob_one(struct sv pattern, struct sv name)
{
	struct arena *mem = arena_new();
	struct globs g = { 0 };
	bool hit;

	globs_add(mem, &g, pattern);
	hit = globs_match(&g, name);
	arena_free(mem);
	return hit;
}

static bool chosen(const struct step *s, struct sv folder, struct sv path)
{
	const struct node *dir = node_get(s->source, SV("directory"));
	struct sv rest = sv_from(path, folder.n > 0 ? folder.n + 1 : 0);
	struct sv include = node_str(dir, SV("include"));
	struct sv exclude = node_str(dir, SV("exclude"));

	if (!node_true(dir, SV("recurse")) && sv_chr(rest, '/') < rest.n)
		return false;
	return (include.n == 0 || glob_one(include, rest)) &&
	       (exclude.n == 0 || !glob_one(exclude, rest)) &&
	       (sv_ends(path, SV(".yaml")) || sv_ends(path, SV(".yml")) ||
		sv_ends(path, SV(".json")));
}

static int read_one(struct step *s, const struct snapshot_file *f,
		    struct objects *found)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct plain_request want = { .kinds = s->a->kinds,
					    .stats = ctx->stats };
	struct sv text;

	if (snapshot_read(ctx->snapshot, f, ctx->mem, s->a->diags, ctx->fault,
			  &text) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	plain_text(ctx, &want, s->a->diags, f->path, text, s->origin, found);
	return 0;
}

static int read_folder(struct step *s, struct sv folder)
{
	struct snapshot *snapshot = s->a->ctx->snapshot;
	struct objects found = { 0 };
	struct sv head = folder.n == 0 ? SV("")
				       : arena_fmt(s->a->ctx->mem, SV_FMT "/",
						   SV_ARG(folder));

	for (size_t i = snapshot_lower_bound(snapshot, head);
	     i < snapshot_count(snapshot); i++) {
		const struct snapshot_file *f = snapshot_at(snapshot, i);

		if (!sv_starts(f->path, head))
			break;
		work_spend(s->a->ctx->mem, WORK_PATHS, 1, s->source->at);
		if (chosen(s, folder, f->path) && read_one(s, f, &found) < 0)
			return -1;
	}
	return deliver(s, &found);
}

static int read_kustomization(struct step *s, struct sv folder)
{
	struct kustomize k;
	struct resources set = { 0 };
	struct objects found = { 0 };
	struct node *root;

	kustomize_init(&k, s->a->ctx, s->a->kinds);
	root = kustomize_load(&k, s->a->diags, folder, s->source->at, false);
	if (root == NULL)
		return 0;
	if (kustomize_build(&k, s->a->diags, folder, root, s->origin, &set) < 0)
		return s->a->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	kustomize_objects(&k, s->a->diags, &set, &found);
	return deliver(s, &found);
}

static int read_path(struct step *s, struct sv folder)
{
	struct kustomize k;

	kustomize_init(&k, s->a->ctx, s->a->kinds);
	if (kustomize_file_of(&k, folder).n > 0)
		return read_kustomization(s, folder);
	return read_folder(s, folder);
}

static struct node *merge_file(struct step *s, struct sv path,
			       struct node *so_far, struct loc at)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct snapshot_file *f = snapshot_find(ctx->snapshot, path);
	struct sv text;

	if (f == NULL) {
		diag_note(s->a->diags, DIAG_HELM_VALUES, at,
			  "Application " SV_FMT ": values file " SV_FMT
			  " is not in this repository",
			  SV_ARG(s->app->name), SV_ARG(path));
		return so_far;
	}
	if (snapshot_read(ctx->snapshot, f, ctx->mem, s->a->diags, ctx->fault,
			  &text) < 0)
		return so_far;
	return helm_merge(ctx->mem, so_far,
			  helm_parse_values(ctx->mem, s->a->diags, path, text));
}

/* "$ref/a.yaml" is from the root of the repository that `ref` names, which is
 * this one where the file exists; the rest is from the source's path. */
static struct sv values_path(struct step *s, struct sv folder, struct sv name)
{
	struct sv path = name;

	if (sv_starts(name, SV("$")))
		return sv_from(name, sv_chr(name, '/') + 1);
	if (sv_starts(name, SV("/")))
		return sv_from(name, 1);
	if (!path_join(s->a->ctx->mem, folder, name, &path))
		return SV("");
	return path;
}

static const struct node *values_of(struct step *s, struct sv folder)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct node *helm = node_get(s->source, SV("helm"));
	const struct node *files = node_get(helm, SV("valueFiles"));
	const struct node *text = node_get(helm, SV("values"));
	struct node *all = NULL;
	struct sv chart =
		arena_fmt(ctx->mem, SV_FMT "/values.yaml", SV_ARG(folder));

	if (folder.n > 0 && snapshot_find(ctx->snapshot, chart) != NULL)
		all = merge_file(s, chart, all, s->source->at);
	for (size_t i = 0; i < node_len(files) && i < MAX_VALUES_FROM; i++)
		all = merge_file(
			s, values_path(s, folder, node_at(files, i)->scalar),
			all, node_at(files, i)->at);
	if (text != NULL && text->kind == NODE_SCALAR && text->scalar.n > 0)
		all = helm_merge(ctx->mem, all,
				 helm_parse_values(ctx->mem, s->a->diags,
						   text->at.file,
						   text->scalar));
	return helm_merge(ctx->mem, all, node_get(helm, SV("valuesObject")));
}

static int read_chart(struct step *s, struct sv folder)
{
	const struct render_ctx *ctx = s->a->ctx;
	struct sv name =
		node_str(node_get(s->source, SV("helm")), SV("releaseName"));
	struct helm_release release = {
		.name = name.n > 0 ? name : s->app->name,
		.namespace = s->namespace.n > 0 ? s->namespace : SV("default"),
		.values = values_of(s, folder),
		.origin = s->origin,
		.cluster = s->cluster,
		.realm = s->realm,
		.what = s->origin->object,
	};
	struct objects found = { 0 };

	/* Of what is not followed only the values count. */
	if (s->a->values_only && helm_extracts(ctx))
		(void)known_check(ctx, s->a->diags, "ApplicationHelm",
				  SV("Application.spec.source.helm"),
				  s->origin->object,
				  node_get(s->source, SV("helm")));
	helm_extract(ctx, s->a->diags, &release, &found);
	for (size_t i = 0; i < found.list.n; i++)
		*VEC_ADD(ctx->mem, &s->a->out->list) = found.list.v[i];
	return 0;
}

static bool is_chart(const struct step *s, struct sv folder)
{
	struct sv chart = arena_fmt(s->a->ctx->mem, SV_FMT "%sChart.yaml",
				    SV_ARG(folder), folder.n > 0 ? "/" : "");

	return node_str(s->source, SV("chart")).n > 0 ||
	       snapshot_find(s->a->ctx->snapshot, chart) != NULL;
}

static int read_source(struct argocd *a, const struct object *app,
		       const struct node *source)
{
	const struct node *to = node_path(app->root, SV("spec.destination"));
	struct origin *o = ARENA_NEW(a->ctx->mem, struct origin);
	struct step s = { a,
			  app,
			  source,
			  node_str(to, SV("namespace")),
			  node_str(to, SV("name")),
			  o,
			  SV("") };
	struct sv path = node_str(source, SV("path")), folder;
	struct sv label = known_object(a->ctx->mem, SV("Application"),
				       app->namespace, app->name);

	*o = (struct origin){ .outer = app->origin,
			      .step = "argocd",
			      .at = source->at,
			      .text = label,
			      .object = label };
	if (s.cluster.n == 0)
		s.cluster = node_str(to, SV("server"));
	s.realm = arena_fmt(a->ctx->mem, "argocd " SV_FMT, SV_ARG(s.cluster));
	if (!path_join(a->ctx->mem, SV(""), path, &folder)) {
		diag_file(a->diags, DIAG_ARGOCD, DIAG_ERROR, source->at,
			  "Application " SV_FMT ": path \"" SV_FMT
			  "\" is outside the repository",
			  SV_ARG(app->name), SV_ARG(path));
		return 0;
	}
	if (is_chart(&s, folder))
		return read_chart(&s, folder);
	/* `ref` alone: a source that only lends its files to others. */
	if (a->values_only ||
	    (path.n == 0 && node_str(source, SV("ref")).n > 0))
		return 0;
	if (!snapshot_has_folder(a->ctx->snapshot, folder)) {
		diag_warn(a->diags, DIAG_ARGOCD, source->at,
			  "Application " SV_FMT ": path \"" SV_FMT
			  "\" of " SV_FMT
			  " is not in this repository; its names are missing",
			  SV_ARG(app->name), SV_ARG(path),
			  SV_ARG(node_str(source, SV("repoURL"))));
		return 0;
	}
	return read_path(&s, folder);
}

static void spell(struct buf *b, const struct node *n)
{
	buf_fmt(b, "%c%zu:", "slm"[n->kind],
		n -> kind == NODE_SCALAR ? n -> scalar.n : n->items.n);
	if (n->kind == NODE_SCALAR)
		buf_add(b, n->scalar);
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->items.n; i++)
		spell(b, n->items.v[i]);
}

/* Two Applications are one if they say the same: a repository may hold those
 * of several Argo CDs, which tell each other apart by destination alone. */
static bool first_time(struct argocd *a, const struct object *app)
{
	const struct node *spec = node_get(app->root, SV("spec"));
	struct buf key = { .mem = a->ctx->mem };

	buf_fmt(&key, SV_FMT "/" SV_FMT " ", SV_ARG(app->namespace),
		SV_ARG(app->name));
	if (spec != NULL)
		spell(&key, spec);
	if (map_get(&a->seen, buf_sv(&key)) != NULL)
		return false;
	map_put(&a->seen, buf_sv(&key), a);
	return true;
}

int argocd_application(struct argocd *a, const struct object *app)
{
	if (!a->values_only)
		(void)known_check(a->ctx, a->diags, "Application", app->kind,
				  known_object(a->ctx->mem, app->kind,
					       app->namespace, app->name),
				  app->root);
	return argocd_follow(a, app);
}

int argocd_follow(struct argocd *a, const struct object *app)
{
	const struct node *spec = node_get(app->root, SV("spec"));
	const struct node *source = node_get(spec, SV("source"));
	const struct node *sources = node_get(spec, SV("sources"));
	int rc = 0;

	if (!first_time(a, app))
		return 0;
	if (++a->apps > MAX_ARGOCD_APPS) {
		diag_file(a->diags, DIAG_ARGOCD, DIAG_ERROR, app->at,
			  "more than %d Applications are not followed",
			  MAX_ARGOCD_APPS);
		return 0;
	}
	if (source != NULL && source->kind == NODE_MAP)
		rc = read_source(a, app, source);
	for (size_t i = 0; rc == 0 && i < node_len(sources); i++)
		rc = read_source(a, app, node_at(sources, i));
	return rc;
}

/* What was found: Argo's own objects lead on, the rest is the result. */
static int follow(struct argocd *a, struct objects *found)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < found->list.n; i++) {
		struct object *o = found->list.v[i];

		if (!is_argo(o))
			*VEC_ADD(a->ctx->mem, &a->out->list) = o;
		else if (sv_eq(o->kind, SV("Application")))
			rc = argocd_application(a, o);
		else
			rc = argocd_set(a, o);
	}
	return rc;
}

int argocd_walk(const struct render_ctx *ctx, const char *const *kinds,
		struct diags *d, const struct root *root, struct objects *out)
{
	struct argocd a = { .ctx = ctx,
			    .diags = d,
			    .kinds = kinds_join(ctx->mem, kinds, own_kinds),
			    .seen = { .mem = ctx->mem },
			    .out = out };
	struct node *source = node_new_map(ctx->mem, root->at);
	struct node *directory = node_new_map(ctx->mem, root->at);
	struct object top = { .name = root->path, .at = root->at };
	struct step s = { .a = &a, .app = &top, .source = source };

	/* A root is a folder of Applications, however deep they lie. */
	node_set(ctx->mem, directory, SV("recurse"),
		 node_new_str(ctx->mem, root->at, SV("true")));
	node_set(ctx->mem, source, SV("directory"), directory);
	if (!snapshot_has_folder(ctx->snapshot, root->path)) {
		diag_file(d, DIAG_ARGOCD, DIAG_ERROR, root->at,
			  "roots: folder \"" SV_FMT
			  "\" is not in this snapshot",
			  SV_ARG(root->path));
		return 0;
	}
	return read_path(&s, root->path);
}

int argocd_values(const struct render_ctx *ctx, struct diags *d,
		  struct objects *set)
{
	struct argocd a = { .ctx = ctx,
			    .diags = d,
			    .seen = { .mem = ctx->mem },
			    .out = set,
			    .values_only = true };
	size_t n = set->list.n;

	for (size_t i = 0; i < n; i++) {
		const struct object *o = set->list.v[i];
		int rc = 0;

		if (is_argo(o) && sv_eq(o->kind, SV("Application")))
			rc = argocd_application(&a, o);
		else if (is_argo(o))
			rc = argocd_set(&a, o);
		if (rc < 0)
			return rc;
	}
	return 0;
}
