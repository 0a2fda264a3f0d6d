#include "config/config.h"

#include "base/limits.h"

/* "txtOwnerId", "TXT_OWNER_ID" and "txt-owner-id" are equal for the search of
 * the nearest word. */
static size_t fold(struct sv s, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 1 < max; i++) {
		bool upper = s.p[i] >= 'A' && s.p[i] <= 'Z';

		if (upper && i > 0 && s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z')
			out[n++] = '-';
		out[n++] = s.p[i] == '_' ? '-' : sv_lower_char(s.p[i]);
	}
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours between two words
 * (optimal string alignment), both at most MAX_WORD bytes. */
static size_t distance(const char *a, size_t an, const char *b, size_t bn)
{
	size_t rows[3][MAX_WORD + 1] = { { 0 } };

	for (size_t j = 0; j <= bn; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= an; i++) {
		size_t *now = rows[i % 3], *last = rows[(i + 2) % 3];
		const size_t *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= bn; j++) {
			now[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]),
				       least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return rows[an % 3][bn];
}

size_t word_distance(struct sv a, struct sv b)
{
	return a.n > MAX_WORD || b.n > MAX_WORD ? a.n + b.n
						: distance(a.p, a.n, b.p, b.n);
}

const char *nearest_word(struct sv typed, const char *const *words)
{
	char a[MAX_WORD + 1], b[MAX_WORD + 1];
	size_t an = fold(typed, a, sizeof(a)), best;
	const char *hit = NULL;

	/* A third of a word may be wrong; more is another word. */
	best = an / 3 + 1;
	if (typed.n > MAX_WORD)
		return NULL;
	for (; *words; words++) {
		size_t bn = fold(sv_of(*words), b, sizeof(b));
		size_t far = distance(a, an, b, bn);

		if (far < best || (hit == NULL && far == best)) {
			best = far;
			hit = *words;
		}
	}
	return hit;
}

const char *did_you_mean(struct arena *mem, struct sv typed, struct sv words)
{
	VEC(const char *) list = { 0 };
	const char *near;
	struct sv word;

	while (sv_cut(&words, ' ', &word)) {
		while (sv_ends(word, SV(",")))
			word.n--;
		if (word.n > 0 && !sv_eq(word, SV("or")))
			*VEC_ADD(mem, &list) = arena_str(mem, word);
	}
	*VEC_ADD(mem, &list) = NULL;
	near = nearest_word(typed, list.v);
	return near == NULL ? "" : arena_fmt(mem, "; did you mean %s?", near).p;
}
