/* What a repository says of a source beside the Application, and which tree
 * the cluster runs. */
#include "base/path.h"
#include "render/argocd/source.h"
#include "render/helm/helm.h"

/* Of these keys the Application alone decides. */
static const char *const fixed[] = { "chart", "path", "repoURL",
				     "targetRevision" };

static const struct node * override(const struct argocd_step *s,
				    const struct node *source, struct sv path)
{
	const struct render_ctx *ctx = s->a->ctx;
	const struct snapshot_file *f = snapshot_find(ctx->snapshot, path);
	struct node *merged;
	struct sv text;

	if (f == NULL || snapshot_read(ctx->snapshot, f, ctx->mem, s->a->diags,
				       ctx->fault, &text) < 0)
		return source;
	merged = helm_merge(
		ctx->mem, source,
		helm_parse_values(ctx->mem, s->a->diags, path, text));
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		const struct node *own = node_get(source, sv_of(fixed[i]));

		if (own != NULL || node_get(merged, sv_of(fixed[i])) != NULL)
			node_set(ctx->mem, merged, sv_of(fixed[i]),
				 own != NULL
					 ? node_copy(ctx->mem, own)
					 : node_new_str(ctx->mem, source->at,
							SV("")));
	}
	return merged;
}

const struct node *argocd_overridden(const struct argocd_step *s,
				     struct sv folder)
{
	struct arena *mem = s->a->ctx->mem;
	const struct node *source = s->source;
	const char *slash = folder.n > 0 ? "/" : "";

	if (node_str(source, SV("chart")).n > 0)
		return source;
	source = override(s, source,
			  arena_fmt(mem, SV_FMT "%s.argocd-source.yaml",
				    SV_ARG(folder), slash));
	return override(s, source,
			arena_fmt(mem,
				  SV_FMT "%s.argocd-source-" SV_FMT ".yaml",
				  SV_ARG(folder), slash, SV_ARG(s->app->name)));
}

/* --- the revision --- */

static bool is_hash(struct sv rev)
{
	for (size_t i = 0; i < rev.n; i++)
		if (sv_chr(SV("0123456789abcdef"), rev.p[i]) == 16)
			return false;
	return rev.n >= 7;
}

/* "v1.2.3", "1.x", ">=2": what Argo CD looks for among the tags. */
static bool is_version(struct sv rev)
{
	struct sv number = sv_starts(rev, SV("v")) ? sv_from(rev, 1) : rev;

	if (rev.n > 0 && sv_chr(SV("^~<>=*"), rev.p[0]) < 6)
		return true;
	return number.n > 0 && number.p[0] >= '0' && number.p[0] <= '9' &&
	       sv_chr(number, '.') < number.n;
}

static bool is_tag(struct snapshot *s, struct arena *mem, struct sv rev)
{
	return snapshot_has_git(s) &&
	       snapshot_has_rev(
		       s, arena_str(mem, arena_fmt(mem, "refs/tags/" SV_FMT,
						   SV_ARG(rev))));
}

static bool is_pinned(const struct argocd_step *s, struct sv rev)
{
	const struct render_ctx *ctx = s->a->ctx;

	return sv_starts(rev, SV("refs/tags/")) || is_hash(rev) ||
	       is_version(rev) || is_tag(ctx->snapshot, ctx->mem, rev);
}

/* The usual names of the branch that everybody works towards. */
static bool is_usual(struct sv rev)
{
	return rev.n == 0 || sv_eq(rev, SV("HEAD")) || sv_eq(rev, SV("main")) ||
	       sv_eq(rev, SV("master"));
}

void argocd_revision(const struct argocd_step *s)
{
	const struct node *n = node_get(s->source, SV("targetRevision"));
	struct sv rev = node_str(s->source, SV("targetRevision"));
	struct sv commit = snapshot_commit(s->a->ctx->snapshot);

	if (node_str(s->source, SV("chart")).n > 0 || is_usual(rev) ||
	    (is_hash(rev) && sv_starts(commit, rev)))
		return;
	if (is_pinned(s, rev))
		diag_warn(s->a->diags, DIAG_ARGOCD, n->at,
			  "Application " SV_FMT ": targetRevision \"" SV_FMT
			  "\" is pinned; its files are read as they stand here",
			  SV_ARG(s->app->name), SV_ARG(rev));
	else
		diag_note(s->a->diags, DIAG_ARGOCD, n->at,
			  "Application " SV_FMT ": targetRevision \"" SV_FMT
			  "\" may be another tree than this; its files are "
			  "read as they stand here",
			  SV_ARG(s->app->name), SV_ARG(rev));
}
