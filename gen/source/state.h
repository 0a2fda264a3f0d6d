/*
 * state.h - what source_read_all() works out once for all kinds; private to
 * gen/source/.
 */
#ifndef SOURCE_STATE_H
#define SOURCE_STATE_H

#include "base/map.h"
#include "base/selector.h"
#include "source/annotation.h"
#include "source/source.h"
#include "source/template_object.h"

/* All objects of one kind, sorted. */
struct kind_objects {
	struct sv group, kind;
	struct object_refs objects;
};

struct duplicates; /* duplicate.c */

struct source_state {
	struct map duplicates_by_key;
	VEC(struct duplicates *) duplicates; /* objects of one name, in order */
	VEC(struct kind_objects) kinds;	     /* those asked for so far */
	struct sv prefixes[2]; /* of annotations, the one that wins first */
	size_t n_prefixes;
	struct selector annotations, labels;
	struct template *fqdn, *target, *pair; /* NULL: not given */
	/* The file name copied last: most places are in one file. */
	struct sv file, file_copy;
};

/* NULL with a diag where a filter is invalid. */
struct source_state *source_state_new(struct source_ctx *ctx);

/* Remember those of `refs`, which are sorted, that share a name with another;
 * `is_own_kind`: a source reads them.  Then judge them and ctx->out. */
void duplicates_note(const struct source_ctx *ctx,
		     const struct object_refs *refs, bool is_own_kind);
void duplicates_judge(const struct source_ctx *ctx);

/* loc_copy() that shares the name of the file. */
struct loc state_loc(struct source_ctx *ctx, struct loc at);

#endif
