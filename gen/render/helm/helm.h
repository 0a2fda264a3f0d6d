/*
 * helm.h - hosts that stand only in Helm values, without the chart.
 *
 * Seven of ten names of public GitOps repositories stand in values alone, and
 * their charts come from elsewhere.  A few path rules cover 99 % of them
 * (helm.c); what they give is an approximation of the chart and is marked
 * "helm-values" wherever provenance is shown.
 */
#ifndef RENDER_HELM_HELM_H
#define RENDER_HELM_HELM_H

#include "render/render.h"

/* One installed chart: what its templates know of themselves. */
struct helm_release {
	struct sv name, namespace;
	struct sv chart, version;  /* "": not known */
	const struct node *values; /* merged; NULL: none */
	const struct origin *origin;
	struct sv cluster, realm;
	struct sv what; /* "HelmRelease media/plex", for messages */
	bool is_named;	/* roots: names its file, which is read always */
};

/* A chart that lies in the repository. */
struct helm_chart {
	struct sv name, version;
	const struct node *values; /* its defaults; NULL: none */
};

/* Read Chart.yaml and values.yaml of `folder`; false where the first is not
 * there.  -1 of the environment is left in ctx->fault. */
bool helm_local_chart(const struct render_ctx *ctx, struct diags *d,
		      struct sv folder, struct helm_chart *out);

/* helm-values: extract */
bool helm_extracts(const struct render_ctx *ctx);

/*
 * Append an Ingress, HTTPRoute or Service for each place in the values that
 * names hosts.  With helm-values "off" nothing is appended and the names are
 * counted in ctx->stats.
 */
void helm_extract(const struct render_ctx *ctx, struct diags *d,
		  const struct helm_release *release, struct objects *out);

/* The releases of `roots: [{values: PATTERN}]`, Rancher's fleet.yaml among
 * them; 0, or -1 with a fault. */
int helm_value_files(const struct render_ctx *ctx, struct diags *d,
		     struct objects *out);

/* The first patch of a HelmRelease's spec.postRenderers that is about a kind
 * which names hosts, or may be; NULL if there is none. */
const struct node *helm_post_patch(const struct render_ctx *ctx,
				   const struct node *spec);

/* A HelmRelease of Flux, or a HelmChart or HelmChartConfig of k3s. */
bool helm_is_release(const struct object *o);

/* One that refers to other objects; and the kinds of those, besides ConfigMap
 * and Secret; the list ends with NULL. */
bool helm_refers(const struct object *o);
extern const char *const helm_referred[];

/* The same for every release in `set`; what it refers to is looked up in
 * `maps`.  `out` is another list than both. */
void helm_expand(const struct render_ctx *ctx, struct diags *d,
		 const struct objects *set, const struct objects *maps,
		 struct objects *out);

/* Deep merge as Helm does it: maps are merged, everything else is replaced by
 * `over`; a null removes.  Either may be NULL. */
struct node *helm_merge(struct arena *mem, const struct node *base,
			const struct node *over);

/* Values in a text; NULL with a warning where it is not YAML. */
struct node *helm_parse_values(struct arena *mem, struct diags *d,
			       struct sv file, struct sv text);

/* The same of a text that stands in a manifest: places are those in its file.
 * And `content`, which was made of the text, as a parser would see it there. */
struct node *helm_parse_text(struct arena *mem, struct diags *d,
			     const struct node *text);
struct sv helm_placed(struct arena *mem, const struct node *text,
		      struct sv content);

/* `values` with what `helm install --set KEY=VALUE` puts in: "a.b[0].c", where
 * a dot behind a backslash is one of the name. */
struct node *helm_set(struct arena *mem, const struct node *values,
		      struct sv key, struct node *value);

/* What --set makes of a text: `{a,b}` is a list, and of the rest a bool, null
 * or number is one unless `strings` (--set-string).  A comma ends nothing. */
struct node *helm_set_value(struct arena *mem, struct loc at, struct sv text,
			    bool strings);

/* `so_far` with what one valuesFrom entry of `o` adds. */
struct node *helm_values_from(const struct render_ctx *ctx, struct diags *d,
			      const struct objects *maps,
			      const struct object *o, const struct node *ref,
			      struct node *so_far);

/* `{{ .Release.Name }}`, `.Release.Namespace`, `.Values.a.b`, simple pipes.
 * 0; -1 when something in braces is none of them. */
int helm_template(struct arena *mem, const struct helm_release *release,
		  struct sv text, struct sv *out);

#endif
