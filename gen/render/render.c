#include "render/render.h"

#include "render/argocd/argocd.h"
#include "render/command.h"
#include "render/flux/flux.h"
#include "render/helm/helm.h"
#include "render/kustomize/overlay.h"
#include "render/plain.h"

/* Kinds that hold names of others, beside those that the sources want.  Values
 * without any of these words name no host (render/helm/helm.c). */
static const char *const indirect_kinds[] = {
	"Application.argoproj.io",
	"ApplicationSet.argoproj.io",
	"HelmRelease.helm.toolkit.fluxcd.io@host",
	"HelmRelease.helm.toolkit.fluxcd.io@Hosts",
	"HelmRelease.helm.toolkit.fluxcd.io@fqdn",
	"Kustomization.kustomize.toolkit.fluxcd.io",
	NULL,
};

static int read_objects(struct render_ctx *ctx, struct objects *out)
{
	if (ctx->stdin_text.p != NULL) {
		plain_stdin(ctx, out);
		return 0;
	}
	return plain_files(ctx, out);
}

static bool has_path_filter(const struct render_ctx *ctx)
{
	return ctx->stdin_text.p != NULL || ctx->paths.list.n > 0 ||
	       ctx->publisher->paths.list.n > 0;
}

static void append(struct render_ctx *ctx, const struct objects *from,
		   struct objects *to)
{
	for (size_t i = 0; i < from->list.n; i++)
		if (!flux_is_kustomization(from->list.v[i]))
			*VEC_ADD(ctx->mem, &to->list) = from->list.v[i];
}

/* Roots that are asked for count whatever else is; those that are found only
 * where the configuration has no `paths`.  Paths of the command line show a
 * part of what Flux applies, and who does may stand outside of them. */
static int choose_reader(struct render_ctx *ctx, const struct objects *plain,
			 bool *walked)
{
	if (ctx->stdin_text.p != NULL)
		return 0;
	if (flux_asked(ctx) || !has_path_filter(ctx))
		*walked = flux_wanted(ctx, plain);
	else if (ctx->publisher->paths.list.n == 0)
		return flux_found(ctx, walked);
	return 0;
}

/* As the cluster has it, where Flux fills one from here; else as kustomize
 * makes it, and as it stands in the files.  What plain reading said of files
 * that Flux does not apply is of no interest. */
static int read_cluster(struct render_ctx *ctx, struct objects *out,
			bool *walked)
{
	struct diags *diags = ctx->diags, warned = { .mem = ctx->mem };
	struct render_stats stats = ctx->stats;
	int rc;

	ctx->diags = &warned;
	rc = read_objects(ctx, out);
	ctx->diags = diags;
	if (rc < 0 || choose_reader(ctx, out, walked) < 0)
		return -1;
	if (*walked) {
		ctx->stats = stats;
		*out = (struct objects){ 0 };
		return flux_objects(ctx, out);
	}
	if (!has_path_filter(ctx) && ctx->config->roots.n == 0)
		rc = overlay_objects(ctx, out, &warned);
	diags_merge(diags, &warned);
	return rc;
}

static bool is_argocd(const struct root *r)
{
	return sv_eq(r->kind, SV("argocd"));
}

/* Roots of the configuration: where reading starts instead of the files. */
static int read_argocd(struct render_ctx *ctx, struct objects *out,
		       size_t *roots)
{
	const struct config *c = ctx->config;

	for (size_t i = 0; i < c->roots.n; i++) {
		if (!is_argocd(&c->roots.v[i]))
			continue;
		++*roots;
		if (argocd_walk(ctx, &c->roots.v[i], out) < 0)
			return -1;
	}
	return 0;
}

/* A configuration that says nothing of roots may have meant every file. */
static void warn_walked(struct render_ctx *ctx)
{
	if (ctx->config->file.n > 0 && !flux_asked(ctx))
		diag_warn(ctx->diags, DIAG_FLUX,
			  ((struct loc){ ctx->config->file, 0, 0 }),
			  "neither roots nor paths are set, so only what the "
			  "Flux Kustomizations here apply is read; settle it "
			  "with roots: [{flux: DIR}], or with paths");
}

int render_objects(struct render_ctx *ctx, struct objects *out)
{
	struct objects cluster = { 0 }, rest = { 0 }, made = { 0 };
	size_t argocd = 0;
	bool walked = false;

	/* In the compatible mode nothing of ours may add a record. */
	if (ctx->config->compat)
		return read_objects(ctx, out);
	ctx->kinds = kinds_join(ctx->mem, ctx->kinds, indirect_kinds);
	if (ctx->stdin_text.p == NULL && read_argocd(ctx, &rest, &argocd) < 0)
		return -1;
	if ((argocd == 0 || argocd < ctx->config->roots.n) &&
	    read_cluster(ctx, &cluster, &walked) < 0)
		return -1;
	if (walked)
		warn_walked(ctx);
	if (command_objects(ctx, &rest) < 0)
		return -1;
	append(ctx, &cluster, walked ? out : &rest);
	flux_fill(ctx, &rest);
	helm_expand(ctx, &rest, &rest, &made);
	append(ctx, &rest, out);
	append(ctx, &made, out);
	return argocd > 0 ? 0 : argocd_values(ctx, out);
}
