/*
 * Globs of Argo CD, as regular expressions.
 *
 * Source: github.com/gobwas/glob 1.0.0 (directories) and
 *         github.com/bmatcuk/doublestar 4 (paths of value files).
 */
#include "base/buf.h"
#include "render/argocd/source.h"

struct translation {
	struct buf out;
	struct sv rest;
	bool paths; /* "/" is special */
	unsigned braces;
};

static bool next(struct translation *t, struct sv word)
{
	if (!sv_starts(t->rest, word))
		return false;
	t->rest = sv_from(t->rest, word.n);
	return true;
}

/* One character of the text, UTF-8 or not. */
static struct sv take_char(struct translation *t)
{
	size_t n = 1;
	struct sv c;

	while (n < t->rest.n && ((unsigned char)t->rest.p[n] & 0xC0U) == 0x80U)
		n++;
	c = sv_head(t->rest, n);
	t->rest = sv_from(t->rest, n);
	return c;
}

static void put_text(struct translation *t, struct sv c)
{
	/* RE2 takes a backslash before any punctuation. */
	if (c.n == 1 && sv_chr(SV("\\.+*?()|[]{}^$-"), c.p[0]) < 15)
		buf_char(&t->out, '\\');
	buf_add(&t->out, c);
}

static void put_star(struct translation *t)
{
	bool folders = next(t, SV("*"));

	if (t->paths && !folders)
		buf_add(&t->out, SV("[^/]*"));
	else if (t->paths && next(t, SV("/")))
		buf_add(&t->out, SV("(?:.*/)?"));
	else
		buf_add(&t->out, SV(".*"));
}

/* "[a-c]", "[!abc]": one range, or a set in which "-" is a character. */
static const char *put_class(struct translation *t)
{
	bool not = next(t, SV("!")) || (t->paths && next(t, SV("^")));
	struct sv low, rest;
	size_t n = 0;

	buf_add(&t->out, not ? SV("[^") : SV("["));
	if (t->rest.n == 0)
		return "unclosed [";
	rest = t->rest;
	low = take_char(t);
	if (next(t, SV("-")) && t->rest.n > 0) {
		put_text(t, low);
		buf_char(&t->out, '-');
		put_text(t, take_char(t));
		buf_char(&t->out, ']');
		return next(t, SV("]")) ? NULL : "unclosed [";
	}
	t->rest = rest;
	for (; t->rest.n > 0 && t->rest.p[0] != ']'; n++) {
		if (next(t, SV("\\")) && t->rest.n == 0)
			return "backslash at the end";
		put_text(t, take_char(t));
	}
	buf_char(&t->out, ']');
	return n > 0 && next(t, SV("]")) ? NULL : "unclosed [";
}

static const char *put_any(struct translation *t)
{
	buf_add(&t->out, t->paths ? SV("[^/]") : SV("."));
	return NULL;
}

static const char *put_one(struct translation *t)
{
	if (next(t, SV("*")))
		return put_star(t), NULL;
	if (next(t, SV("?")))
		return put_any(t);
	if (next(t, SV("[")))
		return put_class(t);
	if (next(t, SV("{"))) {
		t->braces++;
		buf_add(&t->out, SV("(?:"));
	} else if (t->braces > 0 && next(t, SV(","))) {
		buf_char(&t->out, '|');
	} else if (t->braces > 0 && next(t, SV("}"))) {
		t->braces--;
		buf_char(&t->out, ')');
	} else if (next(t, SV("\\")) && t->rest.n == 0) {
		return "backslash at the end";
	} else {
		put_text(t, take_char(t));
	}
	return NULL;
}

static const char *translate(struct arena *mem, struct sv glob, bool paths,
			     struct pattern **out)
{
	struct translation t = { .out = { .mem = mem },
				 .rest = glob,
				 .paths = paths };
	const char *why = NULL;

	buf_add(&t.out, SV("(?s)"));
	while (why == NULL && t.rest.n > 0)
		why = put_one(&t);
	if (why == NULL && t.braces > 0)
		why = "unclosed {";
	return why != NULL ? why
			   : pattern_compile_whole(mem, buf_sv(&t.out), out);
}

const char *argocd_glob(struct arena *mem, struct sv glob, struct pattern **out)
{
	return translate(mem, glob, false, out);
}

const char *argocd_path_glob(struct arena *mem, struct sv glob,
			     struct pattern **out)
{
	return translate(mem, glob, true, out);
}
