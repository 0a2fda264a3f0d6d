/* source.helm: the values of a chart, in Argo CD's order. */
#include "base/budget.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/argocd/source.h"
#include "render/helm/helm.h"
#include "render/known.h"

/* The values of one source, as they are put together. */
struct gathering {
	struct argocd_step *step;
	struct sv folder;
	const struct node *helm;
	struct node *values;
	struct map seen, explicit; /* value files, by path */
};

static struct arena *mem_of(const struct gathering *g)
{
	return g->step->a->ctx->mem;
}

static bool read_text(struct gathering *g, struct sv path, struct loc at,
		      struct sv *text)
{
	const struct render_ctx *ctx = g->step->a->ctx;
	const struct snapshot_file *f = snapshot_find(ctx->snapshot, path);

	if (f == NULL) {
		diag_note(g->step->a->diags, DIAG_HELM_VALUES, at,
			  "Application " SV_FMT ": values file " SV_FMT
			  " is not in this repository",
			  SV_ARG(g->step->app->name), SV_ARG(path));
		return false;
	}
	return snapshot_read(ctx->snapshot, f, ctx->mem, g->step->a->diags,
			     ctx->fault, text) == 0;
}

static void merge_file(struct gathering *g, struct sv path, struct loc at)
{
	struct sv text;

	if (map_get(&g->seen, path) != NULL)
		return;
	map_put(&g->seen, path, g);
	if (read_text(g, path, at, &text))
		g->values = helm_merge(mem_of(g), g->values,
				       helm_parse_values(mem_of(g),
							 g->step->a->diags,
							 path, text));
}

/* "$ref/a.yaml" is from the root of the repository that `ref` names, which is
 * this one where the file exists, and so is a path that begins with "/"; the
 * rest is from the source's path. */
static struct sv file_path(const struct gathering *g, struct sv name)
{
	struct sv path = argocd_env(g->step, name);

	if (sv_starts(name, SV("$")))
		path = argocd_env(g->step, sv_from(name, sv_chr(name, '/')));
	if (sv_starts(path, SV("/")))
		return path_join(mem_of(g), SV(""), sv_from(path, 1), &path)
			       ? path
			       : SV("");
	return path_join(mem_of(g), g->folder, path, &path) ? path : SV("");
}

static bool is_glob(struct sv path)
{
	return sv_chr(path, '*') < path.n || sv_chr(path, '?') < path.n ||
	       sv_chr(path, '[') < path.n;
}

/* Every file that matches, by path, but for those that are named besides. */
static void merge_glob(struct gathering *g, struct sv glob, struct loc at)
{
	struct snapshot *snapshot = g->step->a->ctx->snapshot;
	struct pattern *p;
	const char *why = argocd_path_glob(mem_of(g), glob, &p);

	if (why != NULL) {
		diag_warn(g->step->a->diags, DIAG_ARGOCD, at,
			  "Application " SV_FMT ": invalid glob \"" SV_FMT
			  "\": %s",
			  SV_ARG(g->step->app->name), SV_ARG(glob), why);
		return;
	}
	work_spend(mem_of(g), WORK_PATHS, snapshot_count(snapshot), at);
	for (size_t i = 0; i < snapshot_count(snapshot); i++) {
		struct sv path = snapshot_at(snapshot, i)->path;

		if (map_get(&g->explicit, path) == NULL &&
		    pattern_match(p, path) == PATTERN_HIT)
			merge_file(g, path, at);
	}
}

static void add_files(struct gathering *g)
{
	const struct node *files = node_get(g->helm, SV("valueFiles"));

	for (size_t i = 0; i < node_len(files) && i < MAX_VALUES_FROM; i++) {
		struct sv path = file_path(g, node_at(files, i)->scalar);

		if (!is_glob(path))
			map_put(&g->explicit, path, g);
	}
	for (size_t i = 0; i < node_len(files) && i < MAX_VALUES_FROM; i++) {
		struct sv path = file_path(g, node_at(files, i)->scalar);

		if (is_glob(path))
			merge_glob(g, path, node_at(files, i)->at);
		else
			merge_file(g, path, node_at(files, i)->at);
	}
}

/* valuesObject stands in the place of `values`, not over it. */
static void add_own(struct gathering *g)
{
	const struct node *object = node_get(g->helm, SV("valuesObject"));
	const struct node *text = node_get(g->helm, SV("values"));

	if (!node_is_null(object))
		g->values = helm_merge(mem_of(g), g->values, object);
	else if (text != NULL && text->kind == NODE_SCALAR &&
		 text->scalar.n > 0)
		g->values = helm_merge(
			mem_of(g), g->values,
			helm_parse_text(mem_of(g), g->step->a->diags, text));
}

/* Argo CD gives those with forceString to --set-string, which comes behind. */
static void add_parameters(struct gathering *g, bool strings)
{
	const struct node *list = node_get(g->helm, SV("parameters"));

	for (size_t i = 0; i < node_len(list) && i < MAX_HOSTS; i++) {
		const struct node *p = node_at(list, i);
		const struct node *value = node_get(p, SV("value"));
		struct loc at = value != NULL ? value->at : p->at;
		struct sv text = argocd_env(g->step, node_str(p, SV("value")));

		if (node_true(p, SV("forceString")) == strings)
			g->values = helm_set(
				mem_of(g), g->values, node_str(p, SV("name")),
				helm_set_value(mem_of(g), at, text, strings));
	}
}

static void add_file_parameters(struct gathering *g)
{
	const struct node *list = node_get(g->helm, SV("fileParameters"));

	for (size_t i = 0; i < node_len(list) && i < MAX_VALUES_FROM; i++) {
		const struct node *p = node_at(list, i);
		struct sv path = file_path(g, node_str(p, SV("path")));
		struct sv text;

		if (read_text(g, path, p->at, &text))
			g->values = helm_set(
				mem_of(g), g->values, node_str(p, SV("name")),
				node_new_str(mem_of(g),
					     (struct loc){ path, 1, 1 }, text));
	}
}

static const struct node *gather(struct argocd_step *s, struct sv folder,
				 const struct node *defaults)
{
	struct arena *mem = s->a->ctx->mem;
	struct gathering g = {
		.step = s,
		.folder = folder,
		.helm = node_get(s->source, SV("helm")),
		.values = defaults != NULL ? node_copy(mem, defaults) : NULL,
		.seen = { .mem = mem },
		.explicit = { .mem = mem },
	};

	add_files(&g);
	add_own(&g);
	add_parameters(&g, false);
	add_parameters(&g, true);
	add_file_parameters(&g);
	return g.values;
}

int argocd_chart(struct argocd_step *s, struct sv folder)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct node *helm = node_get(s->source, SV("helm"));
	struct sv name = node_str(helm, SV("releaseName"));
	struct sv namespace = node_str(helm, SV("namespace"));
	struct helm_chart chart = { .name = node_str(s->source, SV("chart")),
				    .version = node_str(s->source,
							SV("targetRevision")) };
	struct helm_release release = {
		.name = name.n > 0 ? name : s->app->name,
		.namespace = namespace.n > 0	  ? namespace
			     : s->namespace.n > 0 ? s->namespace
						  : SV("default"),
		.origin = s->origin,
		.cluster = s->cluster,
		.realm = s->realm,
		.what = s->origin->object,
	};
	struct objects found = { 0 };

	if (chart.name.n == 0)
		helm_local_chart(ctx, s->a->diags, folder, &chart);
	release.chart = path_name(chart.name);
	release.version = chart.version;
	release.values = gather(s, folder, chart.values);
	/* Of what is not followed only the values count. */
	if (s->a->values_only && helm_extracts(ctx))
		(void)known_check(ctx, s->a->diags, "ApplicationHelm",
				  SV("Application.spec.source.helm"),
				  s->origin->object, helm);
	helm_extract(ctx, s->a->diags, &release, &found);
	for (size_t i = 0; i < found.list.n; i++)
		*VEC_ADD(ctx->mem, &s->a->out->list) = found.list.v[i];
	return ctx->fault->kind == FAULT_NONE ? 0 : -1;
}
