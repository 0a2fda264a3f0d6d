/* Globs of the git generator, as regular expressions. */
#include "base/buf.h"
#include "base/pattern.h"
#include "render/argocd/generate.h"

struct translation {
	struct sv rest;
	struct buf to;
	bool slashes; /* "*" and "?" match them */
};

static void add_literal(struct translation *g, char c)
{
	if (sv_chr(SV("\\.+*?()|[]{}^$"), c) < sizeof("\\.+*?()|[]{}^$") - 1)
		buf_add(&g->to, SV("\\"));
	buf_add(&g->to, (struct sv){ &c, 1 });
}

/* The first character of the rest, which a backslash may precede. */
static bool take(struct translation *g, char *c)
{
	if (g->rest.n > 0 && g->rest.p[0] == '\\')
		g->rest = sv_from(g->rest, 1);
	if (g->rest.n == 0)
		return false;
	*c = g->rest.p[0];
	g->rest = sv_from(g->rest, 1);
	return true;
}

/* What follows "[", up to the "]" that ends it. */
static bool add_class(struct translation *g)
{
	char c;
	bool first = true;

	buf_add(&g->to, SV("["));
	if (g->rest.n > 0 &&
	    (g->rest.p[0] == '^' || (g->slashes && g->rest.p[0] == '!'))) {
		buf_add(&g->to, SV("^"));
		g->rest = sv_from(g->rest, 1);
	}
	while (g->rest.n > 0 && (g->rest.p[0] != ']' || first)) {
		size_t named = sv_find(g->rest, SV(":]"));

		if (g->slashes && sv_starts(g->rest, SV("[:")) &&
		    named < g->rest.n) {
			buf_add(&g->to, sv_head(g->rest, named + 2));
			g->rest = sv_from(g->rest, named + 2);
		} else if (g->rest.p[0] == '-' && !first) {
			buf_add(&g->to, SV("-"));
			g->rest = sv_from(g->rest, 1);
		} else if (!g->slashes && g->rest.p[0] == ']') {
			return false;
		} else if (take(g, &c)) {
			if (c == '-' || c == '&' || c == '~')
				buf_add(&g->to, SV("\\"));
			add_literal(g, c);
		}
		first = false;
	}
	buf_add(&g->to, SV("]"));
	if (g->rest.n == 0)
		return false;
	g->rest = sv_from(g->rest, 1);
	return true;
}

static bool add_next(struct translation *g)
{
	char c = g->rest.p[0];

	if (c != '\\')
		g->rest = sv_from(g->rest, 1);
	switch (c) {
	case '*':
		buf_add(&g->to, g->slashes ? SV("(?s:.*)") : SV("[^/]*"));
		return true;
	case '?':
		buf_add(&g->to, g->slashes ? SV("(?s:.)") : SV("[^/]"));
		return true;
	case '[':
		return add_class(g);
	case '\\':
		if (!take(g, &c))
			return false;
		break;
	}
	add_literal(g, c);
	return true;
}

static const char *translate(struct arena *mem, struct sv text, bool slashes,
			     struct pattern **out)
{
	struct translation g = { .rest = text,
				 .to = { .mem = mem },
				 .slashes = slashes };

	while (g.rest.n > 0)
		if (!add_next(&g))
			return "invalid pattern";
	return pattern_compile_whole(mem, buf_sv(&g.to), out);
}

const char *glob_of_path(struct arena *mem, struct sv glob,
			 struct pattern **out)
{
	return translate(mem, glob, false, out);
}

const char *glob_of_pathspec(struct arena *mem, struct sv glob,
			     struct pattern **out)
{
	return translate(mem, glob, true, out);
}
