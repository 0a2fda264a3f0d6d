/*
 * serialize.h - what one file held, as bytes from a reading process to ours.
 *
 * Shape:  native integers; both ends are one program.  A list or map that
 *         hangs in several places is sent once.
 * Owner:  what is read points into one copy of the bytes in `mem`.
 */
#ifndef RENDER_SERIALIZE_H
#define RENDER_SERIALIZE_H

#include "base/buf.h"
#include "manifest/manifest.h"
#include "render/render.h"

/* Everything of one file. */
struct file_read {
	struct diags diags;
	struct objects objects;
	struct render_stats stats;
};

bool file_read_empty(const struct file_read *r);
void serialize_write(struct buf *out, const struct file_read *r);
void serialize_read(struct arena *mem, struct sv file, struct sv bytes,
		    struct file_read *out);

#endif
