#include "manifest/manifest.h"

/*
 * The prefilter.  Why a text that fails cannot hold an object of a wanted
 * kind, by the rules of YAML 1.1 and 1.2:
 *
 * - A plain, single-quoted, literal or folded text has the bytes of a word
 *   unbroken: folding puts a blank or a line break in, never nothing.
 * - A double-quoted one can hide a letter only as \xHH, \uHHHH, \UHHHHHHHH, or
 *   be split by a "\" before a line break; such a text passes.
 * - An alias or a merge key needs its anchor in the same document, and there
 *   the word stands behind "&name".
 * - !!binary, also spelled "!<...>", "!!bin%61ry" or by a %TAG, can hide all;
 *   such a text passes.  So does UTF-16.
 * - A word inside a longer plain text ("the Ingress of") and a plain item of
 *   a list ("- Ingress") is the value of no key.
 */

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Bytes that go on with the text they touch, quoted or not. */
static bool is_word(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* True if what ends before `at` can stand before a value. */
static bool value_may_start(struct sv s, size_t at)
{
	size_t end = at;

	if (end > 0 && (s.p[end - 1] == '"' || s.p[end - 1] == '\''))
		end--;
	else if (end > 0 && is_word(s.p[end - 1]))
		return false;
	while (end > 0 && is_blank(s.p[end - 1]))
		end--;
	if (end == 0)
		return true;
	if (s.p[end - 1] == ',' || s.p[end - 1] == '[')
		return false;
	if (!is_word(s.p[end - 1]))
		return true; /* "key:", a line break, ... */
	/* A word goes before no value, but "&anchor" and "!tag" do. */
	while (end > 0 && (unsigned char)s.p[end - 1] > ' ') {
		end--;
		if (s.p[end] == '&' || s.p[end] == '!')
			return true;
	}
	return false;
}

/* True if what begins at `at` can stand behind a whole value. */
static bool value_may_end(struct sv s, size_t at)
{
	if (at < s.n && is_word(s.p[at]))
		return false;
	while (at < s.n && is_blank(s.p[at]))
		at++;
	return at == s.n || !is_alnum(s.p[at]);
}

static bool kind_at(struct sv s, size_t at, struct sv kind)
{
	struct sv tail = sv_from(s, at);

	if (!sv_starts(tail, kind) || !value_may_start(s, at))
		return false;
	if (value_may_end(s, at + kind.n))
		return true;
	return sv_starts(sv_from(tail, kind.n), SV("List")) &&
	       value_may_end(s, at + kind.n + 4);
}

/* True if the `digits` hex digits say a letter or digit of ASCII. */
static bool hides_letter(struct sv hex, size_t digits)
{
	if (hex.n < digits)
		return false;
	for (size_t i = 0; i + 2 < digits; i++)
		if (hex.p[i] != '0')
			return false;
	if (hex.p[digits - 2] == '3')
		return hex.p[digits - 1] >= '0' && hex.p[digits - 1] <= '9';
	return hex.p[digits - 2] >= '4' && hex.p[digits - 2] <= '7';
}

/* True if a "\" and the line break behind it stand after a quote and letters:
 * shell lines that go on in the next are far more common. */
static bool splits_word(struct sv s, size_t at)
{
	while (at > 0 && is_alnum(s.p[at - 1]))
		at--;
	return at > 0 && s.p[at - 1] == '"';
}

static bool escape_at(struct sv s, size_t at)
{
	struct sv tail = sv_from(s, at + 1);
	unsigned char c = tail.n > 0 ? (unsigned char)tail.p[0] : 0;

	if (c == 'x')
		return hides_letter(sv_from(tail, 1), 2);
	if (c == 'u')
		return hides_letter(sv_from(tail, 1), 4);
	if (c == 'U')
		return hides_letter(sv_from(tail, 1), 8);
	/* Line breaks are LF, CR, and, in UTF-8, NEL, LS, PS. */
	return (c == '\n' || c == '\r' || c == 0xc2 || c == 0xe2) &&
	       splits_word(s, at);
}

/* `!!str` and its like hide nothing. */
static bool tag_at(struct sv s, size_t at)
{
	struct sv tail = sv_from(s, at + 1);

	return sv_starts(tail, SV("<")) || sv_starts(tail, SV("!b")) ||
	       (sv_starts(tail, SV("!")) && sv_has(sv_head(tail, 64), SV("%")));
}

static bool directive_at(struct sv s, size_t at)
{
	return sv_starts(sv_from(s, at), SV("%TAG"));
}

enum { STOP_NONE, STOP_ESCAPE, STOP_TAG, STOP_DIRECTIVE, STOP_KIND };

static bool hit_at(struct sv s, size_t at, unsigned stop,
		   const char *const *kinds)
{
	if (stop == STOP_ESCAPE)
		return escape_at(s, at);
	if (stop == STOP_TAG)
		return tag_at(s, at);
	if (stop == STOP_DIRECTIVE)
		return directive_at(s, at);
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (kinds[i][0] == s.p[at] && kind_at(s, at, sv_of(kinds[i])))
			return true;
	return false;
}

bool manifest_wanted(struct sv text, const char *const *kinds)
{
	unsigned char stops[256] = {
		['\\'] = STOP_ESCAPE, ['!'] = STOP_TAG, ['%'] = STOP_DIRECTIVE
	};

	if (sv_starts(text, SV("\xff\xfe")) || sv_starts(text, SV("\xfe\xff")))
		return true;
	for (size_t i = 0; kinds[i] != NULL; i++)
		stops[(unsigned char)kinds[i][0]] = STOP_KIND;
	for (size_t at = 0; at < text.n; at++) {
		unsigned stop = stops[(unsigned char)text.p[at]];

		if (stop != STOP_NONE && hit_at(text, at, stop, kinds))
			return true;
	}
	return false;
}
