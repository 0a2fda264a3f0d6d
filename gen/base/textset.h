/*
 * textset.h - which texts were there already, at 32 bytes each or fewer.
 *
 * Shape:  a set of seeded 64-bit hashes; the texts themselves are not kept.
 * Limits: two texts may share a hash, one pair in 2^64, so that the second
 *         counts as seen.  Who counts texts then has one too few, and must take
 *         that for an error.
 */
#ifndef BASE_TEXTSET_H
#define BASE_TEXTSET_H

#include <stdint.h>

#include "base/arena.h"

struct textset {
	struct arena *mem;
	uint64_t *slots; /* 0: free */
	size_t n, cap;
	uint64_t seed;
};

/* False if it was there. */
bool textset_add(struct textset *t, struct sv text);

#endif
