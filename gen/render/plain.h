/*
 * plain.h - files as they stand, without any rendering.
 *
 * Shape:  a file gives the objects of wanted kinds it holds, in its order;
 *         files come in the order of their paths.
 * Rule:   a file that does not parse and holds "{{" is a Helm template, a note
 *         and no error.  Other broken YAML is an error only where it could
 *         hold a wanted kind.
 */
#ifndef RENDER_PLAIN_H
#define RENDER_PLAIN_H

#include "render/serialize.h"

/* Every YAML and JSON file of the snapshot below the publisher's paths and
 * those of the command line. */
int plain_files(struct render_ctx *ctx, struct objects *out);

/* Standard input. */
void plain_stdin(struct render_ctx *ctx, struct objects *out);

/* One file; what it gives lives in `out->diags.mem` and in `text`. */
void plain_text(const struct render_ctx *ctx, struct sv file, struct sv text,
		struct file_read *out);

/* True for a path that plain reading would open. */
bool plain_chosen(const struct render_ctx *ctx, struct sv path);

#endif
