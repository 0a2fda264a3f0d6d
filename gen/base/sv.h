/*
 * sv.h - string view: a borrowed slice of bytes.
 *
 * Shape:  `n` bytes at `p`.  Not NUL-terminated; may hold any byte.
 * Owner:  whoever owns the bytes (an arena, or a literal).  A view never
 *         outlives them and is never freed.
 * Units:  `n` is in bytes, never in characters.
 */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sv {
	const char *p;
	size_t n;
};

/* Only a literal compiles: "" lit does not concatenate with a variable. */
#define SV(lit) ((struct sv){ "" lit, sizeof(lit) - 1 })

/* printf("%.*s") pair.  Safe: every view is under MAX_FILE_BYTES < INT_MAX. */
#define SV_FMT	  "%.*s"
#define SV_ARG(s) (int)(s).n, (s).p

/* View of a C string of ours (a table's, argv's); NULL is the empty view. */
static inline struct sv sv_of(const char *s)
{
	return s ? (struct sv){ s, strlen(s) } : (struct sv){ NULL, 0 };
}

static inline bool sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Byte order: the one order used in every sort, so output never depends on
 * the locale. */
static inline int sv_cmp(struct sv a, struct sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool sv_starts(struct sv s, struct sv head)
{
	return s.n >= head.n &&
	       (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

static inline bool sv_ends(struct sv s, struct sv tail)
{
	return s.n >= tail.n &&
	       (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

/* Bytes from `from` on; the empty view when there are none. */
static inline struct sv sv_from(struct sv s, size_t from)
{
	return from >= s.n ? (struct sv){ s.p ? s.p + s.n : NULL, 0 }
			   : (struct sv){ s.p + from, s.n - from };
}

/* At most the first `n` bytes. */
static inline struct sv sv_head(struct sv s, size_t n)
{
	return (struct sv){ s.p, n < s.n ? n : s.n };
}

/* Index of the first `c`, or `s.n`. */
static inline size_t sv_chr(struct sv s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

/* Index of the last `c`, or `s.n`. */
static inline size_t sv_rchr(struct sv s, char c)
{
	for (size_t i = s.n; i-- > 0;)
		if (s.p[i] == c)
			return i;
	return s.n;
}

/* Index of the first `needle`, or `s.n`.  An empty needle is at 0. */
size_t sv_find(struct sv s, struct sv needle);

static inline bool sv_has(struct sv s, struct sv needle)
{
	return needle.n == 0 || sv_find(s, needle) < s.n;
}

/* Without blanks, tabs, CR and LF at both ends. */
struct sv sv_trim(struct sv s);

/* ASCII only, as DNS wants it (RFC 4343): never by locale. */
static inline char sv_lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sv_case_eq(struct sv a, struct sv b);

/*
 * A whole decimal number without sign, blank or leading "+", at most `max`.
 * False, and `*out` unchanged, for anything else.
 */
bool sv_number(struct sv s, unsigned long long max, unsigned long long *out);

/* An optional sign and decimal digits, within 64 bits: Go's
 * strconv.ParseInt(). */
bool sv_integer(struct sv s, int64_t *out);

/* What Go's strconv.ParseBool takes: "1", "t", "T", "TRUE", "true", "True" and
 * the same of false.  False, and `*out` unchanged, for anything else. */
bool sv_bool(struct sv s, bool *out);

/* Cut the first field off `*rest` at `sep`.  False when nothing is left. */
static inline bool sv_cut(struct sv *rest, char sep, struct sv *field)
{
	size_t hit;

	if (rest->p == NULL)
		return false;
	hit = sv_chr(*rest, sep);
	*field = (struct sv){ rest->p, hit };
	if (hit == rest->n) {
		*rest = (struct sv){ NULL, 0 };
		return true;
	}
	rest->n -= hit + 1;
	rest->p += hit + 1;
	return true;
}

/* For qsort() over struct sv. */
int sv_qcmp(const void *a, const void *b);

#endif
