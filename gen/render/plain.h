/*
 * plain.h - files as they stand, without any rendering; private to
 * gen/render/.  What the readers of it use is in render.h.
 *
 * Shape:  a file gives the objects of wanted kinds it holds, in its order;
 *         files come in the order of their paths.
 * Rule:   a file that does not parse and holds "{{" is a Helm template, a note
 *         and not an error.  Other broken YAML is an error only where it could
 *         hold a wanted kind.
 */
#ifndef RENDER_PLAIN_H
#define RENDER_PLAIN_H

#include "render/serialize.h"

/* Standard input. */
void plain_stdin(const struct render_ctx *ctx, const char *const *kinds,
		 struct diags *d, struct objects *out);

/* One file; what it gives lives in `out->diags.mem` and in `text`. */
void plain_read(const struct render_ctx *ctx, const struct plain_request *want,
		struct sv file, struct sv text, struct file_read *out);

#endif
