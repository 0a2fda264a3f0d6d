/* Releases as the cluster has them: what they are called, of which chart, and
 * their values put together. */
#include "base/limits.h"
#include "base/path.h"
#include "render/helm/helm.h"
#include "render/helm/k3s.h"
#include "render/known.h"

const char *const helm_referred[] = {
	"HelmChart.source.toolkit.fluxcd.io",
	"OCIRepository.source.toolkit.fluxcd.io",
	NULL,
};

static struct node *find_value(struct node *map, struct sv key)
{
	for (size_t i = 0; i + 1 < map->items.n; i += 2)
		if (sv_eq(map->items.v[i]->scalar, key))
			return map->items.v[i + 1];
	return NULL;
}

struct node *helm_merge(struct arena *mem, const struct node *base,
			const struct node *over)
{
	struct node *to;

	if (base == NULL || over == NULL || base->kind != NODE_MAP ||
	    over->kind != NODE_MAP)
		return over   ? node_copy(mem, over)
		       : base ? node_copy(mem, base)
			      : NULL;
	to = node_copy(mem, base);
	for (size_t i = 0; i + 1 < over->items.n; i += 2) {
		struct sv key = over->items.v[i]->scalar;
		struct node *old = find_value(to, key);

		node_set(mem, to, key,
			 old ? helm_merge(mem, old, over->items.v[i + 1])
			     : node_copy(mem, over->items.v[i + 1]));
	}
	return to;
}

/* The chart's own, valuesFrom in order, then spec.values over them (Flux
 * helm-controller). */
static const struct node *release_values(const struct render_ctx *ctx,
					 struct diags *d,
					 const struct objects *maps,
					 const struct object *o,
					 struct node *all)
{
	const struct node *from = node_path(o->root, SV("spec.valuesFrom"));
	const struct node *own = node_path(o->root, SV("spec.values"));

	for (size_t i = 0; i < node_len(from) && i < MAX_VALUES_FROM; i++)
		all = helm_values_from(ctx, d, maps, o, node_at(from, i), all);
	return all != NULL ? helm_merge(ctx->mem, all, own) : own;
}

static struct sv release_name(const struct render_ctx *ctx,
			      const struct object *o, struct sv target)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	struct sv name = node_str(spec, SV("releaseName"));

	if (name.n > 0)
		return name;
	return target.n > 0 ? arena_fmt(ctx->mem, SV_FMT "-" SV_FMT,
					SV_ARG(target), SV_ARG(o->name))
			    : o->name;
}

/* Is what the values name what the cluster gets?  False with a diag. */
static bool release_ok(const struct render_ctx *ctx, struct diags *d,
		       const struct object *o, struct sv what)
{
	const struct node *patch;

	(void)known_check(ctx, d, "HelmRelease", o->kind, what, o->root);
	patch = helm_post_patch(ctx, node_get(o->root, SV("spec")));
	return patch == NULL ||
	       known_skips(ctx, d, what, patch->at,
			   SV("HelmRelease.spec.postRenderers"));
}

/* --- the chart --- */

static const struct object *referred(const struct objects *maps,
				     const struct object *o,
				     const struct node *ref)
{
	struct sv namespace = node_str(ref, SV("namespace"));

	return objects_find(maps, SV("source.toolkit.fluxcd.io"),
			    node_str(ref, SV("kind")),
			    namespace.n > 0 ? namespace : o->namespace,
			    node_str(ref, SV("name")));
}

static struct sv first_of(const struct node *map, const char *const *keys)
{
	struct sv text = { 0 };

	for (; *keys != NULL && text.n == 0; keys++)
		text = node_str(map, sv_of(*keys));
	return text;
}

/* `oci://ghcr.io/org/charts/web` and `./charts/web` are the chart "web", as a
 * folder or an address is called for what it holds. */
static void set_chart(struct helm_release *release, const struct node *spec)
{
	static const char *const refs[] = { "tag", "semver", NULL };
	static const char *const names[] = { "url", "chart", NULL };
	struct sv name = first_of(spec, names);

	while (sv_ends(name, SV("/")))
		name.n--;
	release->chart = path_name(name);
	release->version = node_str(spec, SV("version"));
	if (release->version.n == 0)
		release->version = first_of(node_get(spec, SV("ref")), refs);
}

/* What says which chart: a spec of source-controller's HelmChart, or of an
 * OCIRepository; NULL where it is not in git. */
static const struct node *chart_spec(const struct objects *maps,
				     const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	const struct node *ref = node_get(spec, SV("chartRef"));
	const struct object *source = ref ? referred(maps, o, ref) : NULL;

	if (ref == NULL)
		return node_path(spec, SV("chart.spec"));
	return source != NULL ? node_get(source->root, SV("spec")) : NULL;
}

/* valuesFiles take the place of the chart's values.yaml; they are from the root
 * of the repository. */
static struct node *files_of(const struct render_ctx *ctx, struct diags *d,
			     const struct node *list)
{
	struct node *all = NULL;

	for (size_t i = 0; i < node_len(list) && i < MAX_VALUES_FROM; i++) {
		struct sv path, text;
		const struct snapshot_file *f = NULL;

		if (path_join(ctx->mem, SV(""), node_at(list, i)->scalar,
			      &path))
			f = snapshot_find(ctx->snapshot, path);
		if (f != NULL && snapshot_read(ctx->snapshot, f, ctx->mem, d,
					       ctx->fault, &text) == 0)
			all = helm_merge(
				ctx->mem, all,
				helm_parse_values(ctx->mem, d, path, text));
	}
	return all;
}

/* The defaults of a chart that lies in this repository; NULL: none. */
static struct node *local_values(const struct render_ctx *ctx, struct diags *d,
				 const struct node *spec,
				 struct helm_release *release)
{
	struct sv kind = node_str(node_get(spec, SV("sourceRef")), SV("kind"));
	const struct node *files = node_get(spec, SV("valuesFiles"));
	struct helm_chart chart = { 0 };
	struct sv folder;

	if (!sv_eq(kind, SV("GitRepository")) ||
	    !path_join(ctx->mem, SV(""), node_str(spec, SV("chart")),
		       &folder) ||
	    !helm_local_chart(ctx, d, folder, &chart))
		return NULL;
	release->chart = chart.name;
	release->version = chart.version;
	if (node_len(files) > 0)
		return files_of(ctx, d, files);
	return chart.values != NULL ? node_copy(ctx->mem, chart.values) : NULL;
}

/* --- the kinds --- */

static bool read_release(const struct render_ctx *ctx, struct diags *d,
			 const struct objects *set, const struct objects *maps,
			 const struct object *o, struct helm_release *release)
{
	struct sv target =
		node_str(node_get(o->root, SV("spec")), SV("targetNamespace"));
	const struct node *chart = chart_spec(maps, o);
	struct node *defaults;

	(void)set;
	if (helm_extracts(ctx) && !release_ok(ctx, d, o, release->what))
		return false;
	if (chart != NULL)
		set_chart(release, chart);
	defaults = local_values(ctx, d, chart, release);
	release->name = release_name(ctx, o, target);
	release->namespace = target.n > 0 ? target : o->namespace;
	release->values = release_values(ctx, d, maps, o, defaults);
	return true;
}

static const struct kind {
	const char *kind, *group;
	bool (*read)(const struct render_ctx *ctx, struct diags *d,
		     const struct objects *set, const struct objects *maps,
		     const struct object *o, struct helm_release *release);
} kinds[] = {
	{ "HelmChart", "helm.cattle.io", k3s_chart },
	{ "HelmChartConfig", "helm.cattle.io", k3s_config },
	{ "HelmRelease", "helm.toolkit.fluxcd.io", read_release },
};

static const struct kind *kind_of(const struct object *o)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sv_eq(o->kind, sv_of(kinds[i].kind)) &&
		    sv_eq(o->group, sv_of(kinds[i].group)))
			return &kinds[i];
	return NULL;
}

bool helm_is_release(const struct object *o)
{
	return kind_of(o) != NULL;
}

bool helm_refers(const struct object *o)
{
	static const char *const keys[] = { "chartRef", "valuesFrom",
					    "valuesSecrets" };
	const struct node *spec = node_get(o->root, SV("spec"));

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (helm_is_release(o) &&
		    node_get(spec, sv_of(keys[i])) != NULL)
			return true;
	return false;
}

void helm_expand(const struct render_ctx *ctx, struct diags *d,
		 const struct objects *set, const struct objects *maps,
		 struct objects *out)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct object *o = set->list.v[i];
		const struct kind *kind = kind_of(o);
		struct helm_release release = { .origin = o->origin,
						.cluster = o->cluster,
						.realm = o->realm };

		if (kind == NULL)
			continue;
		release.what =
			known_object(ctx->mem, o->kind, o->namespace, o->name);
		if (kind->read(ctx, d, set, maps, o, &release))
			helm_extract(ctx, d, &release, out);
	}
}
