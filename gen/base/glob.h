/*
 * glob.h - gitignore patterns over paths.
 *
 * Shape:  a list in order; the last pattern that matches decides, "!" turns
 *         it round.  No pattern: everything matches.
 * Source: gitignore(5); `git check-ignore` is the judge in the tests.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/vec.h"

struct glob {
	struct sv pattern;
	bool negated, anchored, folder_only;
};

struct globs {
	VEC(struct glob) list;
};

void globs_add(struct arena *mem, struct globs *g, struct sv pattern);

/* `path` is relative to the root, without a leading "./". */
bool globs_match(const struct globs *g, struct sv path);

#endif
