#include "render/render.h"

#include "render/command.h"
#include "render/helm.h"
#include "render/plain.h"

/* Kinds that hold names of others, beside those that the sources want. */
static const char *const holders[] = { "HelmRelease" };

enum { HOLDERS = sizeof(holders) / sizeof(holders[0]) };

static const char *const *with_holders(struct render_ctx *ctx)
{
	const char **all;
	size_t n = 0;

	while (ctx->kinds[n] != NULL)
		n++;
	all = ARENA_ARRAY(ctx->mem, const char *, n + HOLDERS + 1);
	memcpy(all, ctx->kinds, n * sizeof(*all));
	memcpy(all + n, holders, sizeof(holders));
	return all;
}

static int read_objects(struct render_ctx *ctx, struct objects *out)
{
	if (ctx->stdin_text.p != NULL) {
		plain_stdin(ctx, out);
		return 0;
	}
	return plain_files(ctx, out);
}

int render_objects(struct render_ctx *ctx, struct objects *out)
{
	/* In the compatible mode nothing of ours may add a record. */
	if (ctx->config->compat)
		return read_objects(ctx, out);
	ctx->kinds = with_holders(ctx);
	if (read_objects(ctx, out) < 0 || command_objects(ctx, out) < 0)
		return -1;
	helm_expand(ctx, out);
	return 0;
}
