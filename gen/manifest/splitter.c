#include "base/limits.h"
#include "manifest/manifest.h"
#include "manifest/scalar.h"

static bool is_utf16(struct sv s)
{
	return sv_starts(s, SV("\xff\xfe")) || sv_starts(s, SV("\xfe\xff"));
}

/* A `%TAG` belongs to the document behind its `---`, so such a file stays in
 * one piece.  Readers of manifests cut it off and refuse it. */
static bool has_directive(struct sv s)
{
	return sv_starts(s, SV("%")) || sv_starts(s, SV("\xef\xbb\xbf%")) ||
	       sv_has(s, SV("\n%"));
}

static size_t skip_blanks(struct sv s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' ||
			    s.p[at] == '\n' || s.p[at] == '\r'))
		at++;
	return at;
}

struct splitter splitter_new(struct sv text, enum yaml_reader reader)
{
	struct splitter c = { .rest = text, .reader = reader };
	size_t at = skip_blanks(text, 0);

	c.whole =
		is_utf16(text) || (reader == YAML_OURS && has_directive(text));
	/* Only kubectl knows a stream of JSON. */
	c.json = reader == YAML_KUBECTL && at < text.n && text.p[at] == '{';
	return c;
}

/* Line breaks as libyaml counts them: LF, CR LF, and CR alone. */
static uint32_t count_lines(struct sv s)
{
	uint32_t lines = 0;

	for (size_t at; (at = sv_chr(s, '\n')) < s.n; s = sv_from(s, at + 1)) {
		struct sv line = sv_head(s, at);

		lines++;
		for (size_t cr; (cr = sv_chr(line, '\r')) + 1 < line.n;
		     line = sv_from(line, cr + 1))
			lines++;
	}
	return lines;
}

/* True for "---" that stands alone or before a blank, as in libyaml. */
static bool is_separator(struct sv s)
{
	return sv_starts(s, SV("---")) &&
	       (s.n == 3 || s.p[3] == ' ' || s.p[3] == '\t' || s.p[3] == '\n' ||
		s.p[3] == '\r');
}

static size_t find_separator(struct sv s)
{
	for (size_t at = 0; at < s.n; at++) {
		at += sv_find(sv_from(s, at), SV("\n---"));
		if (at < s.n && is_separator(sv_from(s, at + 1)))
			return at + 1;
	}
	return s.n;
}

/* Behind the string whose opening quote is at `at`. */
static size_t skip_string(struct sv s, size_t at)
{
	for (at++; at < s.n && s.p[at] != '"'; at++)
		at += s.p[at] == '\\';
	return at + 1;
}

static bool is_word(char c)
{
	char lower = sv_lower_char(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '-' || c == '.';
}

/* Behind the word at `at`, or 0: JSON has no such word. */
static size_t skip_word(struct sv s, size_t at)
{
	struct sv word = sv_from(s, at);
	size_t n = 0;

	while (n < word.n && is_word(word.p[n]))
		n++;
	word.n = n;
	if (n == 0 ||
	    (sv_lower_char(word.p[0]) >= 'a' && !sv_eq(word, SV("true")) &&
	     !sv_eq(word, SV("false")) && !sv_eq(word, SV("null"))))
		return 0;
	return at + n;
}

/* Behind the token of JSON at `at`, or 0. */
static size_t skip_token(struct sv s, size_t at)
{
	char c = s.p[at];

	if (c == '"')
		return skip_string(s, at);
	if (c != '\0' && strchr("{}[],: \t\r\n", c) != NULL)
		return at + 1;
	return skip_word(s, at);
}

/* Where the next of several JSON objects begins, or the end.  What JSON does
 * not have makes it YAML, which has one there. */
static size_t next_object(struct sv s)
{
	size_t at = skip_blanks(s, 0), depth = 0;

	if (at == s.n || s.p[at] != '{')
		return s.n;
	do {
		depth += s.p[at] == '{' || s.p[at] == '[';
		depth -= s.p[at] == '}' || s.p[at] == ']';
		at = skip_token(s, at);
	} while (at > 0 && at < s.n && depth > 0);
	if (at == 0 || at >= s.n)
		return s.n;
	at = skip_blanks(s, at);
	return at < s.n && s.p[at] == '{' ? at : s.n;
}

/* Behind a `---` the stream is YAML, to its end. */
static size_t slice_end(struct splitter *c)
{
	size_t end = c->json ? next_object(c->rest) : c->rest.n, line;

	if (c->whole)
		return c->rest.n;
	line = find_separator(sv_head(c->rest, end));
	c->json = c->json && line == end;
	/* What a directive stands for is the document behind it. */
	if (sv_starts(c->rest, SV("%")) && line < end)
		line += 1 + find_separator(sv_from(c->rest, line + 1));
	return line;
}

bool splitter_next(struct splitter *c, struct slice *out)
{
	size_t end = c->rest.n;

	if (end == 0)
		return false;
	end = slice_end(c);
	out->text = sv_head(c->rest, end);
	out->line = c->line;
	out->reader = c->reader;
	out->whole = c->whole;
	c->slices++;
	c->rest = sv_from(c->rest, end);
	if (c->rest.n > 0)
		c->line += count_lines(out->text);
	return true;
}

int splitter_check(const struct splitter *c, struct diags *d, struct sv file)
{
	struct loc at = { file, c->line + 1, 1 };

	if (c->slices >= MAX_DOCUMENTS)
		return diag_error(d, DIAG_YAML_LIMIT, at,
				  "more than %d documents", MAX_DOCUMENTS);
	if (c->broken >= MAX_SAME_MESSAGES)
		return diag_error(d, DIAG_YAML_LIMIT, at,
				  "%d broken documents; the rest is not read",
				  MAX_SAME_MESSAGES);
	return 0;
}

bool manifest_is_template(struct sv text)
{
	return sv_has(text, SV("{{"));
}

static int hex_value(char c)
{
	char lower = sv_lower_char(c);

	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The number in `\uXXXX` at the start of `s`, or -1. */
static long unicode_escape(struct sv s)
{
	long v = 0;

	if (s.n < 6 || !sv_starts(s, SV("\\u")))
		return -1;
	for (size_t i = 2; i < 6; i++) {
		if (hex_value(s.p[i]) < 0)
			return -1;
		v = v * 16 + hex_value(s.p[i]);
	}
	return v;
}

/* Two escapes of `from`, 12 bytes, as the one of 10 that YAML has. */
static bool put_pair(struct sv from, char *to)
{
	static const char digits[] = "0123456789ABCDEF";
	long high = unicode_escape(from);
	long low = unicode_escape(sv_from(from, 6));
	long c;

	if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return false;
	c = 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
	to[0] = '\\';
	to[1] = 'U';
	for (int i = 0; i < 8; i++)
		to[2 + i] = digits[(c >> (28 - 4 * i)) & 15];
	return true;
}

/* Half of a pair alone: Go's JSON reads U+FFFD. */
static bool put_half(struct sv from, char *to)
{
	long c = unicode_escape(from);

	if (c < 0xd800 || c > 0xdfff)
		return false;
	memcpy(to, "\\ufffd", 6);
	return true;
}

struct sv json_text(struct arena *mem, struct sv text)
{
	struct sv body = sv_trim(text);
	size_t n = 0;
	char *p;

	if (!sv_starts(body, SV("{")) && !sv_starts(body, SV("[")))
		return text;
	if (!sv_has(text, SV("\\ud")) && !sv_has(text, SV("\\uD")))
		return text;
	p = arena_alloc(mem, text.n + 1, 1);
	for (size_t i = 0; i < text.n;) {
		if (text.p[i] != '\\') {
			p[n++] = text.p[i++];
		} else if (put_pair(sv_from(text, i), p + n)) {
			n += 10;
			i += 12;
		} else if (put_half(sv_from(text, i), p + n)) {
			n += 6;
			i += 6;
		} else {
			/* A pair of bytes, so that "\\ud83d" stays what it
			 * is: a backslash and a word. */
			p[n++] = text.p[i++];
			if (i < text.n)
				p[n++] = text.p[i++];
		}
	}
	return (struct sv){ p, n };
}
