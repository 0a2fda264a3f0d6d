#include "base/glob.h"

#include "base/path.h"

#include <stdint.h>

/* Blanks at the end go, unless a backslash keeps them (gitignore(5)). */
static struct sv trim_blanks(struct sv p)
{
	size_t keep = 0;

	for (size_t i = 0; i < p.n; i++) {
		if (p.p[i] == '\\' && i + 1 < p.n)
			keep = ++i + 1;
		else if (p.p[i] != ' ')
			keep = i + 1;
	}
	return sv_head(p, keep);
}

void globs_add(struct arena *mem, struct globs *g, struct sv pattern)
{
	struct glob *added = VEC_ADD(mem, &g->list);
	struct sv p = pattern;

	if (sv_starts(p, SV("#")))
		p.n = 0;
	p = trim_blanks(p);
	if (sv_starts(p, SV("!"))) {
		added->negated = true;
		p = sv_from(p, 1);
	}
	if (sv_ends(p, SV("/"))) {
		added->folder_only = true;
		p.n--;
	}
	/* A slash anywhere but at the end ties the pattern to the root. */
	added->anchored = sv_chr(p, '/') < p.n;
	if (sv_starts(p, SV("/")))
		p = sv_from(p, 1);
	added->pattern = arena_sv(mem, p);
}

static bool in_class(struct sv name, unsigned char c, bool *known)
{
	bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
	bool digit = c >= '0' && c <= '9', print = c >= 0x20 && c < 0x7f;
	bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	bool space = c == ' ' || (c >= '\t' && c <= '\r');
	bool alnum = lower || upper || digit;
	const struct {
		const char *name;
		bool yes;
	} classes[] = {
		{ "alnum", alnum },
		{ "alpha", lower || upper },
		{ "blank", c == ' ' || c == '\t' },
		{ "cntrl", c < 0x20 || c == 0x7f },
		{ "digit", digit },
		{ "graph", print && c != ' ' },
		{ "lower", lower },
		{ "print", print },
		{ "punct", print && c != ' ' && !alnum },
		{ "space", space },
		{ "upper", upper },
		{ "xdigit", hex },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (sv_eq(name, sv_of(classes[i].name)))
			return classes[i].yes;
	*known = false;
	return false;
}

/* One item of a bracket: "[:alpha:]", "a-z" or "a".  Moves `*i` behind it;
 * false when the bracket is broken, which then matches nothing. */
static bool bracket_item(struct sv p, size_t *i, unsigned char c, bool *hit)
{
	unsigned char from, to;
	size_t at = *i;
	bool known = true;

	if (p.p[at] == '[' && at + 1 < p.n && p.p[at + 1] == ':') {
		struct sv rest = sv_from(p, at + 2);
		size_t end = sv_chr(rest, ']');

		if (end == rest.n)
			return false;
		if (end > 0 && rest.p[end - 1] == ':') {
			*hit |= in_class(sv_head(rest, end - 1), c, &known);
			*i = at + 2 + end + 1;
			return known;
		}
	}
	if (p.p[at] == '\\' && ++at == p.n)
		return false;
	from = to = (unsigned char)p.p[at++];
	if (at + 1 < p.n && p.p[at] == '-' && p.p[at + 1] != ']') {
		if (p.p[++at] == '\\' && ++at == p.n)
			return false;
		to = (unsigned char)p.p[at++];
	}
	/* As in git, the first byte counts even where the range is empty. */
	*hit |= c == from || (c >= from && c <= to);
	*i = at;
	return true;
}

/* `p` begins with "[".  Bytes of the bracket when it matches `c`, else 0. */
static size_t bracket(struct sv p, unsigned char c)
{
	size_t i = 1;
	bool hit = false, negated = false;

	if (i < p.n && (p.p[i] == '!' || p.p[i] == '^')) {
		negated = true;
		i++;
	}
	/* A "]" that comes first stands for itself. */
	for (bool first = true; i < p.n; first = false) {
		if (p.p[i] == ']' && !first)
			return hit != negated && c != '/' ? i + 1 : 0;
		if (!bracket_item(p, &i, c, &hit))
			return 0;
	}
	return 0;
}

/* Bytes of pattern at the head of `p` that match the byte `c`, else 0. */
static size_t one(struct sv p, char c)
{
	if (p.n == 0)
		return 0;
	if (p.p[0] == '?')
		return c != '/';
	if (p.p[0] == '[')
		return bracket(p, (unsigned char)c);
	if (p.p[0] == '\\')
		return p.n > 1 && p.p[1] == c ? 2 : 0;
	return p.p[0] == c;
}

static size_t stars(struct sv p)
{
	size_t n = 0;

	while (n < p.n && p.p[n] == '*')
		n++;
	return n;
}

/* A match in the making, and two places to come back to.  They suffice: the
 * last "*" cannot pass a slash, and the last double star that fills a whole
 * part moves on from slash to slash; anything before them is settled. */
struct wild {
	struct sv p, t;
	size_t i, j; /* in `p` and `t` */
	size_t star, star_j, deep, deep_j;
	size_t plain; /* bytes of `p` before the first special one */
};

/* Bytes of `p` that stand for themselves.  Git compares them first and takes
 * what follows for the start of a part: "a**" is "a" and all that follows it,
 * slashes too. */
static size_t plain_head(struct sv p)
{
	size_t n = 0;

	while (n < p.n && sv_chr(SV("*?[\\"), p.p[n]) == 4)
		n++;
	return n;
}

/* Stars at w->i.  2: they reach to the end of everything; 1: go on; 0: none. */
static int take_stars(struct wild *w)
{
	size_t n = stars(sv_from(w->p, w->i));

	if (n == 0)
		return 0;
	if (n >= 2 && (w->i == w->plain || w->p.p[w->i - 1] == '/') &&
	    (w->i + n == w->p.n || w->p.p[w->i + n] == '/')) {
		if (w->i + n == w->p.n)
			return 2;
		w->deep = w->i += n + 1;
		w->deep_j = w->j;
		w->star = SIZE_MAX;
		return 1;
	}
	w->star = w->i += n;
	w->star_j = w->j;
	return 1;
}

static bool go_back(struct wild *w)
{
	if (w->star != SIZE_MAX && w->star_j < w->t.n &&
	    w->t.p[w->star_j] != '/') {
		w->i = w->star;
		w->j = ++w->star_j;
		return true;
	}
	if (w->deep == SIZE_MAX)
		return false;
	w->star = SIZE_MAX;
	w->deep_j += sv_chr(sv_from(w->t, w->deep_j), '/') + 1;
	w->i = w->deep;
	w->j = w->deep_j;
	return w->deep_j < w->t.n;
}

static bool wild(struct sv p, struct sv t)
{
	struct wild w = { .p = p,
			  .t = t,
			  .star = SIZE_MAX,
			  .deep = SIZE_MAX,
			  .plain = plain_head(p) };

	for (;;) {
		int met = take_stars(&w);
		size_t n;

		if (met == 2 || (w.i == p.n && w.j == t.n && met == 0))
			return true;
		if (met == 1)
			continue;
		n = w.j < t.n ? one(sv_from(p, w.i), t.p[w.j]) : 0;
		w.i += n;
		w.j += n > 0;
		if (n == 0 && !go_back(&w))
			return false;
	}
}

static bool glob_hits(const struct glob *g, struct sv path, bool is_folder)
{
	if (g->pattern.n == 0 || (g->folder_only && !is_folder))
		return false;
	return wild(g->pattern, g->anchored ? path : path_name(path));
}

const struct glob *globs_decider(const struct globs *g, struct sv path,
				 bool is_folder)
{
	for (size_t i = g->list.n; i-- > 0;)
		if (glob_hits(&g->list.v[i], path, is_folder))
			return &g->list.v[i];
	return NULL;
}

enum glob_verdict globs_verdict(const struct globs *g, struct sv path,
				bool is_folder)
{
	const struct glob *hit = globs_decider(g, path, is_folder);

	return hit == NULL    ? GLOB_NONE
	       : hit->negated ? GLOB_NEGATED
			      : GLOB_MATCH;
}

void globs_add_all(struct arena *mem, struct globs *g,
		   const struct strings *patterns)
{
	for (size_t i = 0; i < patterns->list.n; i++)
		globs_add(mem, g, patterns->list.v[i]);
}

bool globs_match(const struct globs *g, struct sv path)
{
	if (g->list.n == 0)
		return true;
	for (size_t i = 1; i < path.n; i++)
		if (path.p[i] == '/' &&
		    globs_verdict(g, sv_head(path, i), true) == GLOB_MATCH)
			return true;
	return globs_verdict(g, path, false) == GLOB_MATCH;
}

static bool hits_any(const struct glob *g, struct sv path)
{
	for (size_t i = 1; i < path.n; i++)
		if (path.p[i] == '/' && glob_hits(g, sv_head(path, i), true))
			return true;
	return glob_hits(g, path, false);
}

const struct glob *globs_overruled(const struct globs *g, struct sv path)
{
	for (size_t i = g->list.n; i-- > 0;) {
		if (!hits_any(&g->list.v[i], path))
			continue;
		/* The last one that has anything to say is a "!": it should
		 * have decided. */
		return g->list.v[i].negated && globs_match(g, path)
			       ? &g->list.v[i]
			       : NULL;
	}
	return NULL;
}

static bool same_glob(const struct glob *a, const struct glob *b)
{
	return a->negated == b->negated && a->anchored == b->anchored &&
	       a->folder_only == b->folder_only &&
	       sv_eq(a->pattern, b->pattern);
}

static bool has_glob(const struct globs *g, const struct glob *p)
{
	for (size_t i = 0; i < g->list.n; i++)
		if (same_glob(&g->list.v[i], p))
			return true;
	return false;
}

static bool has_negated(const struct globs *g)
{
	for (size_t i = 0; i < g->list.n; i++)
		if (g->list.v[i].negated)
			return true;
	return false;
}

/* The next of `g` from `k` on that is `p`, past patterns without "!"; g->list.n
 * if there is none. */
static size_t next_glob(const struct globs *g, size_t k, const struct glob *p)
{
	while (k < g->list.n && !same_glob(&g->list.v[k], p)) {
		if (g->list.v[k].negated)
			return g->list.n;
		k++;
	}
	return k;
}

/* The last pattern that matches decides: taking a pattern away and adding a
 * "!" anywhere both match less, as long as the rest keeps its order. */
static bool is_thinned(const struct globs *a, const struct globs *b)
{
	size_t k = 0;

	for (size_t i = 0; i < a->list.n; i++) {
		const struct glob *p = &a->list.v[i];
		size_t hit = next_glob(b, k, p);

		if (hit < b->list.n)
			k = hit + 1;
		else if (!p->negated)
			return false;
	}
	while (k < b->list.n && !b->list.v[k].negated)
		k++;
	return k == b->list.n;
}

bool globs_within(const struct globs *a, const struct globs *b)
{
	if (b->list.n == 0)
		return true;
	if (a->list.n == 0)
		return false; /* no pattern matches everything */
	if (has_negated(b))
		return is_thinned(a, b);
	for (size_t i = 0; i < a->list.n; i++)
		if (!a->list.v[i].negated && !has_glob(b, &a->list.v[i]))
			return false;
	return true;
}
