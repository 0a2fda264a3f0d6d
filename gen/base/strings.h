/*
 * strings.h - a list of texts.
 *
 * Owner: the views are borrowed; the list lies in an arena.
 */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stdlib.h>

#include "base/vec.h"

struct strings {
	VEC(struct sv) list;
};

static inline bool strings_has(const struct strings *s, struct sv word)
{
	for (size_t i = 0; i < s->list.n; i++)
		if (sv_eq(s->list.v[i], word))
			return true;
	return false;
}

/* Append `word`, unless it is there. */
static inline void strings_add_once(struct arena *mem, struct strings *s,
				    struct sv word)
{
	if (!strings_has(s, word))
		*VEC_ADD(mem, &s->list) = word;
}

/* The same texts in the same order? */
static inline bool strings_eq(const struct strings *a, const struct strings *b)
{
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		if (!sv_eq(a->list.v[i], b->list.v[i]))
			return false;
	return true;
}

static inline void strings_sort(struct strings *s)
{
	if (s->list.n > 0)
		qsort(s->list.v, s->list.n, sizeof(s->list.v[0]), sv_qcmp);
}

#endif
