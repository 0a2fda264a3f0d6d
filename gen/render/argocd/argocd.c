/* Following Applications into this repository. */
#include "render/argocd/source.h"

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/known.h"
#include "render/kustomize/kustomize.h"

/* What an Application may hold besides the kinds the sources want. */
static const char *const own_kinds[] = { "Application", "ApplicationSet",
					 "HelmRelease", "ConfigMap",
					 "Secret",	NULL };

static int follow(struct argocd *a, struct objects *found);

static bool is_argo(const struct object *o)
{
	return sv_eq(o->group, SV("argoproj.io")) &&
	       (sv_eq(o->kind, SV("Application")) ||
		sv_eq(o->kind, SV("ApplicationSet")));
}

/* The destination gives namespace and cluster to what lies in the source. */
static int deliver(struct argocd_step *s, struct objects *found)
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

/* What a folder gives up: read once for all of its files. */
struct choice {
	struct sv folder;
	bool recurse, any_name;
	bool none; /* the glob of `include` cannot be read */
	const struct pattern *include, *exclude; /* NULL: all, none */
};

/* A glob that Argo CD cannot read matches nothing: NULL, with a warning. */
static const struct pattern *glob_of(struct argocd_step *s,
				     const struct node *n)
{
	struct pattern *p = NULL;
	const char *why;

	if (node_is_null(n) || n->scalar.n == 0)
		return NULL;
	why = argocd_glob(s->a->ctx->mem, n->scalar, &p);
	if (why == NULL)
		return p;
	diag_warn(s->a->diags, DIAG_ARGOCD, n->at,
		  "Application " SV_FMT ": invalid glob \"" SV_FMT
		  "\": %s; it matches no file",
		  SV_ARG(s->app->name), SV_ARG(n->scalar), why);
	return NULL;
}

static struct choice choice_of(struct argocd_step *s, struct sv folder)
{
	const struct node *dir = node_get(s->source, SV("directory"));
	struct choice c = { .folder = folder,
			    .recurse = node_true(dir, SV("recurse")),
			    .any_name = node_true(
				    dir, SV("disableExtensionFilter")) };

	c.include = glob_of(s, node_get(dir, SV("include")));
	c.exclude = glob_of(s, node_get(dir, SV("exclude")));
	c.none = c.include == NULL && node_str(dir, SV("include")).n > 0;
	return c;
}

static bool chosen(const struct choice *c, struct sv path)
{
	struct sv rest = sv_from(path, c->folder.n > 0 ? c->folder.n + 1 : 0);

	if (c->none || (!c->recurse && sv_chr(rest, '/') < rest.n))
		return false;
	if (!c->any_name && !sv_ends(path, SV(".yaml")) &&
	    !sv_ends(path, SV(".yml")) && !sv_ends(path, SV(".json")) &&
	    !sv_ends(path, SV(".jsonnet")))
		return false;
	return (c->exclude == NULL ||
		pattern_match(c->exclude, rest) != PATTERN_HIT) &&
	       (c->include == NULL ||
		pattern_match(c->include, rest) == PATTERN_HIT);
}

static int read_one(struct argocd_step *s, const struct snapshot_file *f,
		    struct objects *found)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct plain_request want = { .kinds = s->a->kinds,
					    .stats = ctx->stats };
	struct sv text;

	if (snapshot_read(ctx->snapshot, f, ctx->mem, s->a->diags, ctx->fault,
			  &text) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	if (sv_has(text, SV("+argocd:skip-file-rendering")))
		return 0;
	if (sv_ends(f->path, SV(".jsonnet"))) {
		diag_warn(s->a->diags, DIAG_ARGOCD,
			  ((struct loc){ f->path, 1, 1 }),
			  "Application " SV_FMT
			  ": Jsonnet is not read; its names are missing",
			  SV_ARG(s->app->name));
		return 0;
	}
	plain_text(ctx, &want, s->a->diags, f->path, text, s->origin, found);
	return 0;
}

static int read_folder(struct argocd_step *s, struct sv folder)
{
	struct snapshot *snapshot = s->a->ctx->snapshot;
	struct choice c = choice_of(s, folder);
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
		if (chosen(&c, f->path) && read_one(s, f, &found) < 0)
			return -1;
	}
	return deliver(s, &found);
}

static int read_kustomization(struct argocd_step *s, struct sv folder)
{
	struct kustomize k;
	struct resources set = { 0 };
	struct objects found = { 0 };
	struct node *root;

	kustomize_init(&k, s->a->ctx, s->a->kinds);
	root = kustomize_load(&k, s->a->diags, folder, s->source->at, false);
	if (root != NULL)
		root = argocd_kustomization(s, folder, root);
	if (root == NULL)
		return 0;
	if (kustomize_build(&k, s->a->diags, folder, root, s->origin, &set) < 0)
		return s->a->ctx->fault->kind == FAULT_NONE ? 0 : -1;
	kustomize_objects(&k, s->a->diags, &set, &found);
	return deliver(s, &found);
}

/* How Argo CD takes a source: what it says for itself, else what its folder
 * holds, of which a kustomization counts more than a chart. */
enum tool { TOOL_DIRECTORY, TOOL_HELM, TOOL_KUSTOMIZE };

/* True for a map that says something: Argo CD drops `helm: {}`. */
static bool says(const struct node *n)
{
	if (n == NULL || node_is_null(n))
		return false;
	if (n->kind == NODE_SCALAR)
		return n->scalar.n > 0 &&
		       (n->type != SCALAR_BOOL || node_is_true(n));
	for (size_t i = n->kind == NODE_MAP; i < n->items.n;
	     i += n->kind == NODE_MAP ? 2 : 1)
		if (says(n->items.v[i]))
			return true;
	return false;
}

static bool has_file(const struct argocd_step *s, struct sv folder,
		     const char *name)
{
	return snapshot_find(s->a->ctx->snapshot,
			     arena_fmt(s->a->ctx->mem, SV_FMT "%s%s",
				       SV_ARG(folder), folder.n > 0 ? "/" : "",
				       name)) != NULL;
}

static enum tool tool_of(const struct argocd_step *s, struct sv folder)
{
	struct kustomize k;

	if (node_str(s->source, SV("chart")).n > 0 ||
	    says(node_get(s->source, SV("helm"))))
		return TOOL_HELM;
	if (says(node_get(s->source, SV("kustomize"))))
		return TOOL_KUSTOMIZE;
	if (!s->top && says(node_get(s->source, SV("directory"))))
		return TOOL_DIRECTORY;
	kustomize_init(&k, s->a->ctx, s->a->kinds);
	if (kustomize_file_of(&k, folder).n > 0)
		return TOOL_KUSTOMIZE;
	return has_file(s, folder, "Chart.yaml") ? TOOL_HELM : TOOL_DIRECTORY;
}

static int read_here(struct argocd_step *s, struct sv folder, enum tool tool)
{
	if (!snapshot_has_folder(s->a->ctx->snapshot, folder)) {
		diag_warn(s->a->diags, DIAG_ARGOCD, s->source->at,
			  "Application " SV_FMT ": path \"" SV_FMT
			  "\" of " SV_FMT
			  " is not in this repository; its names are missing",
			  SV_ARG(s->app->name), SV_ARG(folder),
			  SV_ARG(node_str(s->source, SV("repoURL"))));
		return 0;
	}
	argocd_revision(s);
	return tool == TOOL_KUSTOMIZE ? read_kustomization(s, folder)
				      : read_folder(s, folder);
}

static int read_source(struct argocd_step *s)
{
	struct sv path = node_str(s->source, SV("path")), folder;
	enum tool tool;

	if (!path_join(s->a->ctx->mem, SV(""), path, &folder)) {
		diag_file(s->a->diags, DIAG_ARGOCD, DIAG_ERROR, s->source->at,
			  "Application " SV_FMT ": path \"" SV_FMT
			  "\" is outside the repository",
			  SV_ARG(s->app->name), SV_ARG(path));
		return 0;
	}
	s->source = argocd_overridden(s, folder);
	tool = tool_of(s, folder);
	if (tool == TOOL_HELM) {
		if (has_file(s, folder, "Chart.yaml"))
			argocd_revision(s);
		return argocd_chart(s, folder);
	}
	/* `ref` alone: a source that only lends its files to others. */
	if (path.n == 0 && node_str(s->source, SV("ref")).n > 0) {
		argocd_revision(s);
		return 0;
	}
	return s->a->values_only ? 0 : read_here(s, folder, tool);
}

static int follow_source(struct argocd *a, const struct object *app,
			 const struct node *source)
{
	const struct node *to = node_path(app->root, SV("spec.destination"));
	struct origin *o = ARENA_NEW(a->ctx->mem, struct origin);
	struct argocd_step s = { .a = a,
				 .app = app,
				 .source = source,
				 .namespace = node_str(to, SV("namespace")),
				 .cluster = node_str(to, SV("name")),
				 .origin = o };
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
	return read_source(&s);
}

/* sourceHydrator counts before `sources`, and these before `source`. */
static int follow_sources(struct argocd *a, const struct object *app)
{
	const struct node *spec = node_get(app->root, SV("spec"));
	const struct node *dry =
		node_path(spec, SV("sourceHydrator.drySource"));
	const struct node *source = dry ? dry : node_get(spec, SV("source"));
	const struct node *sources = node_get(spec, SV("sources"));
	int rc = 0;

	if (dry == NULL && node_len(sources) > 0) {
		for (size_t i = 0; rc == 0 && i < node_len(sources); i++)
			rc = follow_source(a, app, node_at(sources, i));
		return rc;
	}
	return source != NULL && source->kind == NODE_MAP
		       ? follow_source(a, app, source)
		       : 0;
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
	if (!first_time(a, app))
		return 0;
	if (++a->apps > MAX_ARGOCD_APPS) {
		diag_file(a->diags, DIAG_ARGOCD, DIAG_ERROR, app->at,
			  "more than %d Applications are not followed",
			  MAX_ARGOCD_APPS);
		return 0;
	}
	return follow_sources(a, app);
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
	struct argocd_step s = {
		.a = &a, .app = &top, .source = source, .top = true
	};

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
	return tool_of(&s, root->path) == TOOL_KUSTOMIZE
		       ? read_kustomization(&s, root->path)
		       : read_folder(&s, root->path);
}

int argocd_values(const struct render_ctx *ctx, struct diags *d,
		  struct objects *set)
{
	struct argocd a = { .ctx = ctx,
			    .diags = d,
			    .kinds = own_kinds,
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
