/*
 * words.h - numbers and lists as English has them, for messages.
 *
 * Owner:  results lie in `mem`.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/arena.h"

/* "1 record", "2 records", "0 records"; `many` where an "s" is not enough:
 * words_count(mem, n, "entry", "entries"), else NULL. */
struct sv words_count(struct arena *mem, size_t n, const char *one,
		      const char *many);

/* "warn error skip" as "warn, error or skip". */
struct sv words_or(struct arena *mem, struct sv words);

#endif
