#include "base/glob.h"

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

/*
 * Two places to come back to suffice: the last "*", which cannot pass a
 * slash, and the last double star that fills a whole part, which moves on from
 * slash to slash.  Anything before them is settled.
 */
static bool wild(struct sv p, struct sv t)
{
	size_t i = 0, j = 0, n, plain = 0;
	size_t star = SIZE_MAX, star_j = 0, deep = SIZE_MAX, deep_j = 0;

	/* Git compares the plain head first and takes what follows it for the
	 * start of a part: "a**" is "a" and all that follows, slashes too. */
	while (plain < p.n && !memchr("*?[\\", p.p[plain], 4))
		plain++;
	for (;;) {
		n = stars(sv_from(p, i));
		if (n >= 2 && (i == plain || p.p[i - 1] == '/') &&
		    (i + n == p.n || p.p[i + n] == '/')) {
			if (i + n == p.n)
				return true;
			deep = i += n + 1;
			deep_j = j;
			star = SIZE_MAX;
			continue;
		}
		if (n > 0) {
			star = i += n;
			star_j = j;
			continue;
		}
		if (i == p.n && j == t.n)
			return true;
		n = j < t.n ? one(sv_from(p, i), t.p[j]) : 0;
		if (n > 0) {
			i += n;
			j++;
			continue;
		}
		if (star != SIZE_MAX && star_j < t.n && t.p[star_j] != '/') {
			i = star;
			j = ++star_j;
			continue;
		}
		if (deep == SIZE_MAX)
			return false;
		star = SIZE_MAX;
		deep_j += sv_chr(sv_from(t, deep_j), '/') + 1;
		if (deep_j >= t.n)
			return false;
		i = deep;
		j = deep_j;
	}
}

static bool glob_hits(const struct glob *g, struct sv path, bool is_folder)
{
	size_t slash = sv_rchr(path, '/');

	if (g->pattern.n == 0 || (g->folder_only && !is_folder))
		return false;
	if (!g->anchored && slash < path.n)
		path = sv_from(path, slash + 1);
	return wild(g->pattern, path);
}

enum glob_verdict globs_verdict(const struct globs *g, struct sv path,
				bool is_folder)
{
	for (size_t i = g->list.n; i-- > 0;)
		if (glob_hits(&g->list.v[i], path, is_folder))
			return g->list.v[i].negated ? GLOB_NEGATED : GLOB_MATCH;
	return GLOB_NONE;
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
