/*
 * glob.h - gitignore patterns over paths.
 *
 * Shape:  a list in order; the last matching pattern decides, "!" negates it.
 *         No pattern: everything matches.  What lies below a folder that
 *         matches, matches: as in gitignore, a later "!" cannot take it out
 *         again (globs_overruled() finds such a "!").
 * Units:  paths are bytes; "?" and "[...]" stand for one byte, never "/".
 * Cost:   a match is O(path x pattern), whatever the pattern: no exponential
 *         backtracking.
 * Source: gitignore(5); `git check-ignore` is the judge in the tests.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/strings.h"

struct glob {
	struct sv pattern; /* without "!", leading and trailing "/" */
	bool negated, anchored, folder_only;
};

struct globs {
	VEC(struct glob) list;
};

/* A blank pattern and a comment ("#...") match nothing. */
void globs_add(struct arena *mem, struct globs *g, struct sv pattern);
void globs_add_all(struct arena *mem, struct globs *g,
		   const struct strings *patterns);

/* `path` is relative to the root, without a leading "./". */
bool globs_match(const struct globs *g, struct sv path);

/* Provably, every path that `a` matches is one that `b` matches.  False may
 * mean that the patterns do not show it. */
bool globs_within(const struct globs *a, const struct globs *b);

enum glob_verdict { GLOB_NONE, GLOB_MATCH, GLOB_NEGATED };

/* What the list says of this one path, without its parents; GLOB_NONE when no
 * pattern matches.  For walkers that come from above. */
enum glob_verdict globs_verdict(const struct globs *g, struct sv path,
				bool is_folder);

/* The pattern that says so, or NULL. */
const struct glob *globs_decider(const struct globs *g, struct sv path,
				 bool is_folder);

/* The "!" pattern that means to take `path` out and cannot, because a folder
 * above it or an earlier pattern matches it; NULL if there is none. */
const struct glob *globs_overruled(const struct globs *g, struct sv path);

#endif
