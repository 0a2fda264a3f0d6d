/*
 * ours.h - which files of a snapshot are outputs of one configuration, whether
 * or not it still writes them: what is obsolete, and what stood before.
 *
 * A file is the configuration's when its header names it.  With an older
 * header, which names none, it is so below the folders that the configuration
 * writes to, or wrote to in the base.  A copy of another project's outputs
 * that has its own configuration above it is that one's.
 *
 * Owner:  the arena of the session.
 */
#ifndef PIPELINE_OURS_H
#define PIPELINE_OURS_H

#include "output/output.h"
#include "pipeline/session.h"

/* Where files of ours may be, and whose they must be. */
struct ours {
	struct sv config; /* as headers name it */
	struct strings folders;
	VEC(const struct format *) formats; /* of outputs that are or were */
};

/* What the configuration of the session writes, and what it wrote at HEAD,
 * MERGE_HEAD and --base; 0, or -1 with a fault. */
int ours_new(struct session *s, struct ours *out);

/* Could a file of this path be ours?  False is certain; true says to read
 * it. */
bool ours_candidate(const struct ours *o, const struct snapshot_file *f);

/* The first candidate from the file *at on, which moves behind it; or NULL. */
const struct snapshot_file *ours_next(const struct ours *o,
				      const struct snapshot *in, size_t *at);

/* Is it?  `text` is what stands in it. */
bool ours_holds(const struct ours *o, const struct session *s, struct sv path,
		struct sv text);

/* The configuration that `text` names, if it is another one, is in this
 * snapshot and writes that file too; else "".  -1 with a fault. */
int ours_rival(struct session *s, struct sv path, struct sv text,
	       struct sv *rival);

#endif
