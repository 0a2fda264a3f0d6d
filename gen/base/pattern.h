/*
 * pattern.h - regular expressions, once for every place that takes one.
 *
 * Syntax: that of RE2 as Go's regexp/syntax reads it, which is what
 *         ExternalDNS and kustomize give their patterns to.  What it refuses
 *         is refused here; pcre2 sees a translation in which the few things
 *         that it reads differently are spelled out.
 * Trust:  pcre2's DFA matcher does not backtrack; MAX_PATTERN and
 *         MAX_PATTERN_STATES bound what a match takes.
 * Owner:  `mem`.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/arena.h"

struct pattern;

/* NULL, or what is wrong with it. */
const char *pattern_compile(struct arena *mem, struct sv text,
			    struct pattern **out);

/* The same, to match a whole text, as kustomize anchors its selectors. */
const char *pattern_compile_whole(struct arena *mem, struct sv text,
				  struct pattern **out);

enum pattern_result { PATTERN_MISS, PATTERN_HIT, PATTERN_TOO_MUCH };

/* Is there a match anywhere in `text`?  TOO_MUCH: unknown, the matcher would
 * need more states than it may keep.  A text that is not UTF-8 is a miss. */
enum pattern_result pattern_match(const struct pattern *p, struct sv text);

/* What stood where: the whole match, then each group; of one that took no part
 * `p` is NULL. */
struct pattern_groups {
	struct sv *v;
	size_t n;
};

/* The same pattern, compiled so that pattern_find() sees its groups. */
const char *pattern_compile_groups(struct arena *mem, struct sv text,
				   struct pattern **out);

/* The leftmost match from byte `from` on, as Go finds it.  Owner: `mem`. */
enum pattern_result pattern_find(struct arena *mem, const struct pattern *p,
				 struct sv text, size_t from,
				 struct pattern_groups *out);

/* "pcre2 10.42", for `zoneloom version`. */
struct sv pattern_library(struct arena *mem);

#endif
