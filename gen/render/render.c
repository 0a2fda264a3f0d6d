#include "render/render.h"

#include "render/argocd/argocd.h"
#include "render/command.h"
#include "render/flux/flux.h"
#include "render/helm/helm.h"
#include "render/kustomize/kustomize.h"
#include "render/plain.h"

/* Kinds that hold names of others, beside those that the sources want.  Values
 * without any of these words name no host (render/helm/helm.c). */
static const char *const indirect_kinds[] = {
	"Application.argoproj.io",
	"ApplicationSet.argoproj.io",
	"HelmChart.helm.cattle.io",
	"HelmChartConfig.helm.cattle.io",
	"HelmRelease.helm.toolkit.fluxcd.io@host",
	"HelmRelease.helm.toolkit.fluxcd.io@Host",
	"HelmRelease.helm.toolkit.fluxcd.io@dnsName",
	"HelmRelease.helm.toolkit.fluxcd.io@fqdn",
	"HelmRelease.helm.toolkit.fluxcd.io@valuesFrom",
	"HelmRelease.helm.toolkit.fluxcd.io@GitRepository",
	"Kustomization.kustomize.toolkit.fluxcd.io",
	"ResourceSet.fluxcd.controlplane.io",
	NULL,
};

/* One derivation. */
struct reading {
	const struct render_ctx *ctx;
	const char *const *kinds; /* wanted, and indirect ones */
	struct diags *diags;
	struct objects raw;  /* as they stand in files */
	struct objects done; /* as a cluster has them: nothing to fill in */
	struct objects maps; /* what some of `raw` refers to */

	/* The files as they stand, read once: the choice of the reader looks at
	 * them, and their messages count where they are used. */
	bool plain_read;
	struct objects plain;
	struct diags plain_diags;
	struct render_stats plain_stats;
};

void render_stats_add(struct render_stats *to, const struct render_stats *s)
{
	to->files += s->files;
	to->candidates += s->candidates;
	to->templates += s->templates;
	to->rejected += s->rejected;
	to->objects += s->objects;
	to->helm_names += s->helm_names;
}

static bool has_paths(const struct reading *r)
{
	return r->ctx->paths->list.n > 0 || r->ctx->publisher->paths.list.n > 0;
}

static int read_plain(struct reading *r)
{
	const struct plain_request want = { .kinds = r->kinds,
					    .publisher = r->ctx->publisher,
					    .paths = r->ctx->paths,
					    .stats = &r->plain_stats };

	if (r->plain_read)
		return 0;
	r->plain_read = true;
	return plain_files(r->ctx, &want, &r->plain_diags, &r->plain);
}

/* --- the kinds of repository --- */

static int is_stdin(struct reading *r, bool *fits)
{
	*fits = r->ctx->stdin_text.p != NULL;
	return 0;
}

static int read_stdin(struct reading *r)
{
	plain_stdin(r->ctx, r->kinds, r->diags, &r->raw);
	return 0;
}

/* In the compatible mode nothing of ours may add a record. */
static int is_compat(struct reading *r, bool *fits)
{
	*fits = r->ctx->config->compat;
	return 0;
}

static void use_plain(struct reading *r)
{
	diags_merge(r->diags, &r->plain_diags);
	render_stats_add(r->ctx->stats, &r->plain_stats);
	r->raw = r->plain;
}

static int read_files(struct reading *r)
{
	if (read_plain(r) < 0)
		return -1;
	use_plain(r);
	return 0;
}

/* Value files are read beside what is found anyhow. */
static int has_roots(struct reading *r, bool *fits)
{
	const struct config *c = r->ctx->config;

	*fits = flux_asked(r->ctx);
	for (size_t i = 0; i < c->roots.n; i++)
		*fits |= !sv_eq(c->roots.v[i].kind, SV("values"));
	return 0;
}

static int read_roots(struct reading *r)
{
	const struct config *c = r->ctx->config;

	for (size_t i = 0; i < c->roots.n; i++) {
		const struct root *root = &c->roots.v[i];

		if (sv_eq(root->kind, SV("argocd")) &&
		    argocd_walk(r->ctx, r->kinds, r->diags, root, &r->raw) < 0)
			return -1;
	}
	if (!flux_asked(r->ctx))
		return 0;
	return flux_objects(r->ctx, r->kinds, r->diags, &r->done);
}

/* Paths of the command line show a part of what Flux applies, and who does may
 * stand outside of them. */
static int has_flux(struct reading *r, bool *fits)
{
	*fits = false;
	if (r->ctx->publisher->paths.list.n > 0)
		return 0;
	if (has_paths(r))
		return flux_in_tree(r->ctx, fits);
	if (read_plain(r) < 0)
		return -1;
	*fits = flux_in(r->ctx, &r->plain);
	return 0;
}

/* A configuration that says nothing of roots may have meant every file. */
static void warn_walked(struct reading *r)
{
	const struct config *c = r->ctx->config;

	if (c->file.n > 0)
		diag_warn(r->diags, DIAG_FLUX, ((struct loc){ c->file, 0, 0 }),
			  "neither roots nor paths are set, so only what the "
			  "Flux Kustomizations here apply is read; set roots: "
			  "[{flux: DIR}], or paths");
}

static int read_flux(struct reading *r)
{
	if (flux_objects(r->ctx, r->kinds, r->diags, &r->done) < 0)
		return -1;
	warn_walked(r);
	return 0;
}

static int has_no_paths(struct reading *r, bool *fits)
{
	*fits = !has_paths(r);
	return 0;
}

static int read_overlays(struct reading *r)
{
	if (read_plain(r) < 0 ||
	    overlay_objects(r->ctx, r->kinds, r->diags, &r->plain_diags,
			    &r->plain) < 0)
		return -1;
	use_plain(r);
	return 0;
}

static int is_any(struct reading *r, bool *fits)
{
	(void)r;
	*fits = true;
	return 0;
}

/* As docs/repositories.md has them: the first that fits is the one. */
static const struct {
	const char *what;
	int (*fits)(struct reading *r, bool *fits);
	int (*read)(struct reading *r);
} readers[] = {
	{ "--stdin: what a renderer prints", is_stdin, read_stdin },
	{ "--compat: files as they stand", is_compat, read_files },
	{ "roots: or --flux-path: a walk from there", has_roots, read_roots },
	{ "Flux Kustomizations in the tree", has_flux, read_flux },
	{ "kustomizations that no other one includes, and all other files",
	  has_no_paths, read_overlays },
	{ "files below the given paths", is_any, read_files },
};

static int read_first(struct reading *r)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		bool fits = false;

		if (readers[i].fits(r, &fits) < 0)
			return -1;
		if (fits)
			return readers[i].read(r);
	}
	return 0;
}

/* --- what every kind goes through --- */

static int add_commands(struct reading *r)
{
	return command_objects(r->ctx, r->kinds, r->diags, &r->raw);
}

static int fill_variables(struct reading *r)
{
	flux_fill(r->ctx, r->diags, &r->raw);
	return 0;
}

static bool is_set(const struct object *o)
{
	return resource_set_is(o->kind, o->group);
}

static bool has_references(const struct objects *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (helm_refers(set->list.v[i]) || is_set(set->list.v[i]))
			return true;
	return false;
}

/* What releases refer to, as the same reader finds it: read only where
 * somebody asks, for maps are many.  Their faults are not those of the objects
 * asked for, and they are counted nowhere. */
static int read_maps(const struct reading *r, struct objects *maps)
{
	static const char *const kinds[] = { "ConfigMap", "Secret", NULL };
	const struct render_stats counted = *r->ctx->stats;
	struct diags ignored = { .mem = r->ctx->mem };
	struct reading m = { .ctx = r->ctx,
			     .kinds = kinds_join(r->ctx->mem,
						 resource_set_referred,
						 kinds_join(r->ctx->mem, kinds,
							    helm_referred)),
			     .diags = &ignored,
			     .plain_diags = { .mem = r->ctx->mem } };
	int rc = read_first(&m);

	*r->ctx->stats = counted;
	flux_fill(r->ctx, &ignored, &m.raw);
	*maps = m.raw;
	return rc;
}

/* Read once, before what refers to it. */
static int read_references(struct reading *r)
{
	return has_references(&r->raw) ? read_maps(r, &r->maps) : 0;
}

/* What ResourceSets make stands beside what is in files, and maps of theirs
 * beside the maps. */
static int fill_sets(struct reading *r)
{
	const char *const *kinds =
		kinds_join(r->ctx->mem, r->kinds, helm_referred);
	size_t had = r->raw.list.n;

	for (size_t i = 0; i < had; i++) {
		const struct object *o = r->raw.list.v[i];
		size_t before = r->raw.list.n;

		if (!is_set(o))
			continue;
		resource_set_build(r->ctx, r->diags, kinds, &r->maps, o,
				   &r->raw);
		for (size_t k = before; k < r->raw.list.n; k++)
			if (object_wanted(r->raw.list.v[k], helm_referred))
				*VEC_ADD(r->ctx->mem, &r->maps.list) =
					r->raw.list.v[k];
	}
	return 0;
}

static int add_helm_values(struct reading *r)
{
	helm_expand(r->ctx, r->diags, &r->raw, &r->maps, &r->done);
	return 0;
}

/* A Flux Kustomization has been applied already. */
static int take_raw(struct reading *r)
{
	for (size_t i = 0; i < r->raw.list.n; i++)
		if (!flux_is_kustomization(r->raw.list.v[i]))
			*VEC_ADD(r->ctx->mem, &r->done.list) = r->raw.list.v[i];
	return 0;
}

static int add_value_files(struct reading *r)
{
	return r->ctx->stdin_text.p != NULL
		       ? 0
		       : helm_value_files(r->ctx, r->diags, &r->done);
}

static int add_argocd_values(struct reading *r)
{
	return argocd_values(r->ctx, r->diags, &r->done);
}

static int (*const transforms[])(struct reading *r) = {
	add_commands,			    /* render: */
	fill_variables,			    /* vars: */
	read_references,   fill_sets,	    /* ResourceSets */
	take_raw,	   add_helm_values, /* HelmReleases */
	add_argocd_values,		    /* Applications */
	add_value_files,		    /* roots: values */
};

/* Releases whose values hold a key of helm-host-keys. */
static const char *const *own_kinds(const struct render_ctx *ctx)
{
	const struct strings *keys = &ctx->publisher->opt.helm_host_keys;
	const char **own =
		ARENA_ARRAY(ctx->mem, const char *, keys->list.n + 1);

	for (size_t i = 0; i < keys->list.n; i++) {
		struct sv key = keys->list.v[i];
		size_t dot = sv_rchr(key, '.');

		if (dot < key.n)
			key = sv_from(key, dot + 1);
		own[i] = arena_str(
			ctx->mem,
			arena_fmt(ctx->mem,
				  "HelmRelease.helm.toolkit.fluxcd.io@" SV_FMT,
				  SV_ARG(key)));
	}
	return own;
}

int render_objects(const struct render_ctx *ctx, struct diags *d,
		   struct objects *out)
{
	struct reading r = { .ctx = ctx,
			     .kinds = ctx->kinds,
			     .diags = d,
			     .plain_diags = { .mem = ctx->mem } };

	if (!ctx->config->compat)
		r.kinds = kinds_join(
			ctx->mem,
			kinds_join(ctx->mem, ctx->kinds, indirect_kinds),
			own_kinds(ctx));
	if (read_first(&r) < 0)
		return -1;
	*out = r.raw;
	if (ctx->config->compat)
		return 0;
	for (size_t i = 0; i < sizeof(transforms) / sizeof(transforms[0]); i++)
		if (transforms[i](&r) < 0)
			return -1;
	*out = r.done;
	return 0;
}
