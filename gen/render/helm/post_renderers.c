/*
 * Patches that helm-controller puts over what a chart rendered.  Without the
 * chart they cannot be applied; what can be told is whether they may matter.
 */
#include "render/helm/helm.h"

static bool is_word(struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = sv_lower_char(s.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 0;
}

/* A kind that a record can come from; a pattern may mean any. */
static bool may_hold_names(const struct render_ctx *ctx, struct sv kind)
{
	if (!is_word(kind))
		return true;
	for (size_t i = 0; ctx->kinds[i] != NULL; i++) {
		struct sv wanted = sv_of(ctx->kinds[i]);
		size_t n = 0;

		while (n < wanted.n && wanted.p[n] != '.' && wanted.p[n] != '@')
			n++;
		if (sv_eq(sv_head(wanted, n), kind))
			return true;
	}
	return false;
}

/* The kind that a patch is about: its target's, or its own. */
static struct sv kind_of(const struct render_ctx *ctx, const struct node *patch)
{
	struct diags ignored = { .mem = ctx->mem };
	struct documents docs = { 0 };
	struct sv kind = node_str(node_get(patch, SV("target")), SV("kind"));
	struct sv text = node_str(patch, SV("patch"));

	if (kind.n == 0)
		kind = node_str(patch, SV("kind"));
	if (kind.n > 0)
		return kind;
	(void)manifest_parse(ctx->mem, &ignored, patch->at.file, text, &docs);
	return docs.list.n == 1 ? node_str(docs.list.v[0], SV("kind")) : kind;
}

/* Lists of patches that Flux has, or had. */
static const char *const lists[] = { "patches", "patchesJson6902",
				     "patchesStrategicMerge" };

static const struct node *first_patch(const struct render_ctx *ctx,
				      const struct node *patches)
{
	for (size_t i = 0; i < node_len(patches); i++)
		if (may_hold_names(ctx, kind_of(ctx, node_at(patches, i))))
			return node_at(patches, i);
	return NULL;
}

const struct node *helm_post_patch(const struct render_ctx *ctx,
				   const struct node *spec)
{
	const struct node *list = node_get(spec, SV("postRenderers"));
	const struct node *hit = NULL;

	for (size_t i = 0; hit == NULL && i < node_len(list); i++)
		for (size_t k = 0;
		     hit == NULL && k < sizeof(lists) / sizeof(lists[0]); k++)
			hit = first_patch(ctx,
					  node_get(node_get(node_at(list, i),
							    SV("kustomize")),
						   sv_of(lists[k])));
	return hit;
}
