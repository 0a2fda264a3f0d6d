#include "render/render.h"

#include "render/plain.h"

int render_objects(struct render_ctx *ctx, struct objects *out)
{
	if (ctx->stdin_text.p != NULL) {
		plain_stdin(ctx, out);
		return 0;
	}
	return plain_files(ctx, out);
}
