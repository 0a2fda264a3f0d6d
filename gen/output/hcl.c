#include "output/hcl.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

struct hcl hcl_new(struct arena *mem, struct sv text)
{
	struct hcl h = { .mem = mem, .rest = text, .line = 1, .col = 1 };

	if (sv_starts(text, SV("\xef\xbb\xbf")))
		h.rest = sv_from(text, 3);
	return h;
}

bool hcl_is_mark(const struct hcl_token *t, char mark)
{
	return t->kind == HCL_MARK && t->text.p[0] == mark;
}

static void skip(struct hcl *h, size_t n)
{
	for (size_t i = 0; i < n && i < h->rest.n; i++) {
		unsigned char c = (unsigned char)h->rest.p[i];

		if (c == '\n') {
			h->line++;
			h->col = 1;
		} else if ((c & 0xc0) != 0x80) {
			h->col++;
		}
	}
	h->rest = sv_from(h->rest, n);
}

static bool at(const struct hcl *h, const char *text)
{
	return sv_starts(h->rest, sv_of(text));
}

static void fail(struct hcl *h)
{
	h->faulty = true;
	h->rest = SV("");
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       ((unsigned char)c & 0x80) != 0;
}

static size_t word_length(struct sv s)
{
	size_t n = 0;

	if (s.n == 0 || !begins_word(s.p[0]))
		return 0;
	while (n < s.n &&
	       (begins_word(s.p[n]) || is_digit(s.p[n]) || s.p[n] == '-'))
		n++;
	return n;
}

static void template_skip(struct hcl *h, unsigned depth);

/* "${" or "%{" opens a template, and "$${" is text. */
static bool template_at(struct hcl *h, unsigned depth)
{
	if (at(h, "$${") || at(h, "%%{")) {
		skip(h, 3);
		return true;
	}
	if (!at(h, "${") && !at(h, "%{"))
		return false;
	skip(h, 2);
	template_skip(h, depth + 1);
	return true;
}

/* Behind the opening quote, to behind the closing one.  A line's end is allowed
 * in its templates only. */
static void string_skip(struct hcl *h, unsigned depth)
{
	while (!h->faulty && h->rest.n > 0 && h->rest.p[0] != '"') {
		if (at(h, "\n") || at(h, "\\\n"))
			fail(h);
		else if (at(h, "\\"))
			skip(h, 2);
		else if (!template_at(h, depth))
			skip(h, 1);
	}
	if (h->rest.n == 0)
		fail(h);
	skip(h, 1);
}

static bool line_is(struct sv s, struct sv text)
{
	return sv_eq(sv_trim(sv_head(s, sv_chr(s, '\n'))), text);
}

/* "<<-EOF", to the line that is EOF and nothing else, and began outside of a
 * template.  Of the line's end it takes none. */
static void heredoc_skip(struct hcl *h, size_t head, unsigned depth)
{
	size_t n = word_length(sv_from(h->rest, head));
	struct sv marker = sv_head(sv_from(h->rest, head), n);
	bool fresh = true;

	skip(h, head + n);
	skip(h, sv_chr(h->rest, '\n') + 1);
	while (!h->faulty && h->rest.n > 0) {
		if (fresh && line_is(h->rest, marker)) {
			skip(h, sv_chr(h->rest, '\n'));
			return;
		}
		fresh = h->rest.p[0] == '\n';
		if (fresh || !template_at(h, depth))
			skip(h, 1);
	}
	fail(h);
}

/* The bytes of "<<" or "<<-" where a heredoc starts, else 0. */
static size_t heredoc_head(struct sv s)
{
	size_t head = sv_starts(s, SV("<<-")) ? 3 : 2, n;

	if (!sv_starts(s, SV("<<")))
		return 0;
	n = word_length(sv_from(s, head));
	s = sv_from(s, head + n);
	return n > 0 && (sv_starts(s, SV("\n")) || sv_starts(s, SV("\r\n")))
		       ? head
		       : 0;
}

/* A comment to the end of its line, which is not part of it. */
static bool comment_skip(struct hcl *h)
{
	size_t end;

	if (at(h, "#") || at(h, "//")) {
		skip(h, sv_chr(h->rest, '\n'));
		return true;
	}
	if (!at(h, "/*"))
		return false;
	end = 2 + sv_find(sv_from(h->rest, 2), SV("*/"));
	if (end >= h->rest.n)
		fail(h);
	skip(h, end + 2);
	return true;
}

/* Comments, heredocs and strings in an expression; false: something else. */
static bool inner_skip(struct hcl *h, unsigned depth)
{
	size_t head = heredoc_head(h->rest);

	if (comment_skip(h))
		return true;
	if (head > 0) {
		heredoc_skip(h, head, depth);
		return true;
	}
	if (!at(h, "\""))
		return false;
	skip(h, 1);
	string_skip(h, depth);
	return true;
}

/* Behind "${", to behind the "}" that ends it. */
static void template_skip(struct hcl *h, unsigned depth)
{
	size_t open = 1;

	if (depth > MAX_HCL_DEPTH)
		fail(h);
	while (!h->faulty && open > 0 && h->rest.n > 0) {
		if (inner_skip(h, depth))
			continue;
		open += at(h, "{");
		open -= at(h, "}");
		skip(h, 1);
	}
	if (open > 0)
		fail(h);
}

/* The code point of "u00e9" or "U0001F600". */
static size_t unicode_escape(struct sv s, int64_t *code)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = s.p[0] == 'u' ? 4 : 8;

	*code = 0;
	for (size_t i = 1; i <= n; i++) {
		char c = i < s.n ? (char)(s.p[i] | 0x20) : '\0';
		const char *hit = memchr(digits, c, sizeof(digits) - 1);

		if (hit == NULL)
			return 0;
		*code = *code * 16 + (hit - digits);
	}
	return n + 1;
}

static struct sv unescape(struct arena *mem, struct sv s)
{
	static const char codes[] = "nrt", bytes[] = "\n\r\t";
	struct buf b = { .mem = mem };

	while (s.n > 0) {
		int64_t code;
		const char *hit;
		size_t n = 1;

		if (s.p[0] != '\\' || s.n < 2) {
			if (sv_starts(s, SV("$${")) || sv_starts(s, SV("%%{")))
				s = sv_from(s, 1);
			buf_char(&b, s.p[0]);
			s = sv_from(s, 1);
			continue;
		}
		s = sv_from(s, 1);
		hit = memchr(codes, s.p[0], sizeof(codes) - 1);
		if (s.p[0] == 'u' || s.p[0] == 'U')
			n = unicode_escape(s, &code);
		if (n > 1)
			utf8_put(&b, code);
		else
			buf_char(&b, hit != NULL ? bytes[hit - codes] : s.p[0]);
		s = sv_from(s, n > 0 ? n : 1);
	}
	return buf_sv(&b);
}

static struct sv string_read(struct hcl *h)
{
	struct sv from;

	skip(h, 1);
	from = h->rest;
	string_skip(h, 0);
	if (h->faulty)
		return SV("");
	return unescape(h->mem, sv_head(from, from.n - h->rest.n - 1));
}

/* Blanks, comments and heredocs are between tokens. */
static void between_skip(struct hcl *h)
{
	size_t head = 1;

	while (!h->faulty && head > 0) {
		while (at(h, " ") || at(h, "\t") || at(h, "\r"))
			skip(h, 1);
		head = heredoc_head(h->rest);
		if (head > 0)
			heredoc_skip(h, head, 0);
		else
			head = comment_skip(h);
	}
}

struct hcl_token hcl_next(struct hcl *h)
{
	struct hcl_token t = { 0 };
	size_t n;

	between_skip(h);
	t.line = h->line;
	t.col = h->col;
	n = word_length(h->rest);
	t.text = sv_head(h->rest, n > 0 ? n : 1);
	if (h->rest.n == 0) {
		t.kind = HCL_END;
	} else if (h->rest.p[0] == '"') {
		t.kind = HCL_STRING;
		t.text = string_read(h);
	} else {
		t.kind = n > 0			? HCL_WORD
			 : h->rest.p[0] == '\n' ? HCL_NEWLINE
						: HCL_MARK;
		skip(h, t.text.n);
	}
	if (h->faulty)
		t.kind = HCL_FAULT;
	return t;
}
