#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
};

/* What stands between two parentheses; the bottom one is the whole pattern. */
struct level {
	unsigned most;	/* largest product of repetitions inside */
	bool multiline; /* of (?m): "$" is the end of a line, too */
};

/* Reads the pattern as Go does and writes it as pcre2 must see it. */
struct walk {
	struct sv rest;
	struct buf out;
	bool repeatable;  /* something stands before that "*" can repeat */
	bool repeated;	  /* ... and it was repeated already */
	unsigned product; /* of the repetitions in what stands before */
	VEC(struct level) levels;
	struct sv flags; /* "(?i)" still to be written */
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool word_char(char c)
{
	return digit(c) || letter(c) || c == '_';
}

static bool one_of(struct sv set, char c)
{
	return sv_chr(set, c) < set.n;
}

static char at(const struct walk *w, size_t i)
{
	return i < w->rest.n ? w->rest.p[i] : '\0';
}

static void skip(struct walk *w, size_t n)
{
	w->rest = sv_from(w->rest, n);
}

/* Flags stand behind a repetition of what is before them: Go lets "a(?i)*"
 * repeat the "a". */
static void flush_flags(struct walk *w)
{
	buf_add(&w->out, w->flags);
	w->flags = SV("");
}

static void copy(struct walk *w, size_t n)
{
	buf_add(&w->out, sv_head(w->rest, n));
	skip(w, n);
}

static struct level *here(struct walk *w)
{
	return &w->levels.v[w->levels.n - 1];
}

static void begin_branch(struct walk *w)
{
	w->repeatable = w->repeated = false;
	w->product = 1;
}

static void end_atom(struct walk *w)
{
	w->repeatable = true;
	w->repeated = false;
	w->product = 1;
}

static void put_code(struct walk *w, uint32_t code)
{
	buf_fmt(&w->out, "\\x{%x}", code);
}

static bool hex_digit(char c, uint32_t *out)
{
	const struct sv digits = SV("0123456789abcdef");

	*out = (uint32_t)sv_chr(digits, sv_lower_char(c));
	return c != '\0' && *out < digits.n;
}

/* Behind "\x": two digits, or any number in braces. */
static const char *hex_code(struct walk *w, uint32_t *code)
{
	static const char fault[] =
		"invalid escape: expected \\xHH or \\x{H...}";
	bool braces = at(w, 2) == '{';
	size_t i = braces ? 3 : 2, first = i;
	uint32_t d;

	*code = 0;
	for (; hex_digit(at(w, i), &d) && (braces || i < 4); i++) {
		*code = *code * 16 + d;
		if (*code > 0x10ffff)
			return fault;
	}
	if (i == first || (braces ? at(w, i) != '}' : i != 4))
		return fault;
	skip(w, braces ? i + 1 : i);
	return NULL;
}

/* "\0", "\07", "\123": up to three octal digits, two at least but for 0. */
static const char *octal_code(struct walk *w, uint32_t *code)
{
	size_t i = 1;

	if (at(w, 1) != '0' && (at(w, 2) < '0' || at(w, 2) > '7'))
		return "back reference, which RE2 does not support";
	*code = 0;
	for (; i < 4 && at(w, i) >= '0' && at(w, i) <= '7'; i++)
		*code = *code * 8 + (uint32_t)(at(w, i) - '0');
	skip(w, i);
	return NULL;
}

/* The one character that a backslash and what follows stand for. */
static const char *escaped_code(struct walk *w, uint32_t *code)
{
	static const struct {
		char letter;
		uint32_t code;
	} rows[] = { { 'a', 7 },  { 'f', 12 }, { 'n', 10 },
		     { 'r', 13 }, { 't', 9 },  { 'v', 11 } };
	char c = at(w, 1);

	if (w->rest.n < 2)
		return "trailing backslash";
	if (c == 'x')
		return hex_code(w, code);
	if (c >= '0' && c <= '7')
		return octal_code(w, code);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].letter != c)
			continue;
		*code = rows[i].code;
		skip(w, 2);
		return NULL;
	}
	if (digit(c))
		return "back reference, which RE2 does not support";
	if (letter(c) || (unsigned char)c > 0x7f)
		return "escape that RE2 does not support";
	*code = (unsigned char)c;
	skip(w, 2);
	return NULL;
}

/* "\d" and its like; false: it is none.  pcre2's \s has the vertical tab. */
static bool perl_class(struct walk *w, bool in_class)
{
	static const struct {
		char letter;
		const char *alone, *inside;
	} rows[] = {
		{ 'd', "\\d", "\\d" },
		{ 'D', "\\D", "\\D" },
		{ 's', "[\\t\\n\\f\\r ]", "\\t\\n\\f\\r\\x20" },
		{ 'S', "[\\S\\x0b]", "\\S\\x0b" },
		{ 'w', "\\w", "\\w" },
		{ 'W', "\\W", "\\W" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (at(w, 1) != rows[i].letter)
			continue;
		buf_add(&w->out,
			sv_of(in_class ? rows[i].inside : rows[i].alone));
		skip(w, 2);
		return true;
	}
	return false;
}

/* Names of Unicode tables in Go: a category of one or two letters, or a
 * script, "Old_Italic".  pcre2 would take other spellings, too. */
static bool table_name(struct sv name)
{
	if (name.n == 0 || name.p[0] < 'A' || name.p[0] > 'Z' ||
	    (name.n == 3 && name.p[0] == 'X'))
		return false;
	for (size_t i = 1; i < name.n; i++)
		if (!(name.p[i] >= 'a' && name.p[i] <= 'z') &&
		    !(name.p[i] == '_' && i + 1 < name.n) &&
		    !(name.p[i - 1] == '_' && letter(name.p[i])))
			return false;
	return true;
}

/* "\pN", "\p{Greek}", "\P{^Greek}" */
static const char *unicode_class(struct walk *w)
{
	size_t close = sv_chr(w->rest, '}'), n = 3;
	struct sv name = sv_head(sv_from(w->rest, 2), 1);

	if (at(w, 2) == '{') {
		if (close == w->rest.n)
			return "\"\\p{\" without \"}\"";
		name = sv_head(sv_from(w->rest, 3), close - 3);
		n = close + 1;
	}
	if (sv_starts(name, SV("^")))
		name = sv_from(name, 1);
	if (!table_name(name))
		return "unknown Unicode class";
	copy(w, n);
	return NULL;
}

/* pcre2 repeats one only as a group. */
static void assertion(struct walk *w, size_t n)
{
	buf_add(&w->out, SV("(?:"));
	copy(w, n);
	buf_char(&w->out, ')');
	end_atom(w);
}

/* Said outright: with PCRE2_DOLLAR_ENDONLY the DFA matcher of 10.42 takes
 * "(?m)$" for the end of the text, too. */
static void walk_dollar(struct walk *w)
{
	if (here(w)->multiline) {
		assertion(w, 1);
		return;
	}
	buf_add(&w->out, SV("(?:\\z)"));
	skip(w, 1);
	end_atom(w);
}

static const char *quoted(struct walk *w)
{
	size_t end;

	skip(w, 2);
	end = sv_find(w->rest, SV("\\E"));
	for (size_t i = 0; i < end; i++) {
		if (!word_char(w->rest.p[i]) && (signed char)w->rest.p[i] > 0)
			buf_char(&w->out, '\\');
		buf_char(&w->out, w->rest.p[i]);
	}
	skip(w, end < w->rest.n ? end + 2 : end);
	if (end > 0)
		end_atom(w);
	return NULL;
}

static const char *walk_escape(struct walk *w)
{
	char c = at(w, 1);
	const char *fault = NULL;
	uint32_t code;

	if (c == 'Q')
		return quoted(w);
	if (c != '\0' && one_of(SV("AbBz"), c)) {
		assertion(w, 2);
	} else if (c == 'p' || c == 'P') {
		fault = unicode_class(w);
	} else if (!perl_class(w, false)) {
		fault = escaped_code(w, &code);
		if (fault == NULL)
			put_code(w, code);
	}
	end_atom(w);
	return fault;
}

/* Bytes of the first character; what is not UTF-8, pcre2 refuses later. */
static size_t char_len(struct sv s)
{
	uint32_t code;
	size_t n = utf8_at(s, &code);

	return n > 0 ? n : 1;
}

/* One end of a range in a class. */
static const char *class_char(struct walk *w)
{
	const char *fault;
	uint32_t code;

	if (w->rest.n == 0)
		return "\"[\" without \"]\"";
	if (at(w, 0) == '\\') {
		fault = escaped_code(w, &code);
		if (fault == NULL)
			put_code(w, code);
		return fault;
	}
	if ((unsigned char)at(w, 0) > 0x7f) {
		copy(w, char_len(w->rest));
		return NULL;
	}
	put_code(w, (unsigned char)at(w, 0));
	skip(w, 1);
	return NULL;
}

static const char *class_item(struct walk *w)
{
	size_t close = sv_find(w->rest, SV(":]"));
	const char *fault;

	if (sv_starts(w->rest, SV("[:")) && close < w->rest.n) {
		copy(w, close + 2);
		return NULL;
	}
	if (at(w, 0) == '\\' && (at(w, 1) == 'p' || at(w, 1) == 'P'))
		return unicode_class(w);
	if (at(w, 0) == '\\' && perl_class(w, true))
		return NULL;
	fault = class_char(w);
	if (fault != NULL || at(w, 0) != '-' || w->rest.n < 2 ||
	    at(w, 1) == ']')
		return fault;
	copy(w, 1);
	return class_char(w);
}

static const char *walk_class(struct walk *w)
{
	copy(w, at(w, 1) == '^' ? 2 : 1);
	for (bool first = true; at(w, 0) != ']' || first; first = false) {
		const char *fault = class_item(w);

		if (fault != NULL)
			return fault;
	}
	copy(w, 1);
	end_atom(w);
	return NULL;
}

static void open_group(struct walk *w)
{
	struct level inner = { .most = 1 };

	if (w->levels.n > 0)
		inner.multiline = here(w)->multiline;
	*VEC_ADD(w->out.mem, &w->levels) = inner;
	begin_branch(w);
}

/* Names say nothing here and are left out. */
static const char *group_name(struct walk *w, size_t from)
{
	struct sv name = sv_from(w->rest, from);
	size_t n = 0;

	while (n < name.n && word_char(name.p[n]))
		n++;
	if (n == 0 || n == name.n || name.p[n] != '>')
		return "group that RE2 does not support";
	buf_char(&w->out, '(');
	skip(w, from + n + 1);
	open_group(w);
	return NULL;
}

/* "(?i)", "(?i-s:" */
static const char *group_flags(struct walk *w)
{
	size_t i = 2, flags = 0;
	bool minus = false, multiline = here(w)->multiline;

	for (; at(w, i) != ')' && at(w, i) != ':'; i++) {
		if (at(w, i) == '-' && !minus) {
			minus = true;
			flags = 0;
			continue;
		}
		if (at(w, i) == '\0' || !one_of(SV("imsU"), at(w, i)))
			return "group that RE2 does not support";
		if (at(w, i) == 'm')
			multiline = !minus;
		flags++;
	}
	if (minus && flags == 0)
		return "group that RE2 does not support";
	if (at(w, i) == ':') {
		open_group(w);
		copy(w, i + 1);
	} else {
		w->flags = sv_head(w->rest, i + 1);
		skip(w, i + 1);
	}
	here(w)->multiline = multiline;
	return NULL;
}

static const char *walk_group(struct walk *w)
{
	if (at(w, 1) == '*')
		return "\"(*\", which RE2 does not support";
	if (at(w, 1) == '?' && at(w, 2) == 'P' && at(w, 3) == '<')
		return group_name(w, 4);
	if (at(w, 1) == '?' && at(w, 2) == '<')
		return group_name(w, 3);
	if (at(w, 1) == '?')
		return group_flags(w);
	copy(w, 1);
	open_group(w);
	return NULL;
}

static const char *close_group(struct walk *w)
{
	unsigned most;

	if (w->levels.n < 2)
		return "\")\" without \"(\"";
	most = w->levels.v[--w->levels.n].most;
	copy(w, 1);
	end_atom(w);
	w->product = most;
	return NULL;
}

struct bounds {
	size_t n; /* bytes; 0: no repetition, a literal "{" */
	unsigned most;
};

/* "{2}", "{2,}", "{2,5}" */
static struct bounds bounds_at(const struct walk *w)
{
	struct bounds b = { 0 };
	size_t i = 1;

	for (int part = 0; part < 2; part++, i++) {
		size_t from = i;
		unsigned long long n = 0;

		while (digit(at(w, i)))
			i++;
		if (part == 0 && i == from)
			return b;
		if (i > from &&
		    !sv_number(sv_head(sv_from(w->rest, from), i - from),
			       MAX_PATTERN_REPEAT, &n))
			n = MAX_PATTERN_REPEAT + 1;
		if (n > b.most)
			b.most = (unsigned)n;
		if (at(w, i) == '}') {
			b.n = i + 1;
			return b;
		}
		if (at(w, i) != ',')
			return b;
	}
	return b;
}

static const char *walk_repeat(struct walk *w, size_t n, unsigned most)
{
	struct level *level = here(w);

	if (!w->repeatable)
		return "repetition of nothing";
	if (w->repeated)
		return "repetition of a repetition, which RE2 does not support";
	if (most > MAX_PATTERN_REPEAT ||
	    (most > 0 && w->product > MAX_PATTERN_REPEAT / most))
		return "repetition over 1000, which RE2 refuses";
	copy(w, at(w, n) == '?' ? n + 1 : n);
	w->repeated = true;
	w->product *= most > 0 ? most : 1;
	if (w->product > level->most)
		level->most = w->product;
	return NULL;
}

static const char *walk_brace(struct walk *w)
{
	struct bounds b = bounds_at(w);

	if (b.n > 0)
		return walk_repeat(w, b.n, b.most);
	flush_flags(w);
	buf_char(&w->out, '\\');
	copy(w, 1);
	end_atom(w);
	return NULL;
}

static const char *walk_one(struct walk *w)
{
	if (!one_of(SV("*+?{"), at(w, 0)))
		flush_flags(w);
	switch (at(w, 0)) {
	case '\\':
		return walk_escape(w);
	case '[':
		return walk_class(w);
	case '(':
		return walk_group(w);
	case ')':
		return close_group(w);
	case '|':
		copy(w, 1);
		begin_branch(w);
		return NULL;
	case '*':
	case '+':
	case '?':
		return walk_repeat(w, 1, 1);
	case '{':
		return walk_brace(w);
	case '^':
		assertion(w, 1);
		return NULL;
	case '$':
		walk_dollar(w);
		return NULL;
	case '\0':
		return "a NUL";
	}
	copy(w, char_len(w->rest));
	end_atom(w);
	return NULL;
}

static const char *translate(struct arena *mem, struct sv text, struct sv *out)
{
	struct walk w = { .rest = text, .out = { .mem = mem } };

	if (text.n > MAX_PATTERN)
		return "pattern too long";
	open_group(&w);
	while (w.rest.n > 0) {
		const char *fault = walk_one(&w);

		if (fault != NULL)
			return fault;
	}
	if (w.levels.n > 1)
		return "\"(\" without \")\"";
	*out = buf_sv(&w.out);
	return NULL;
}

static void pattern_free(void *p)
{
	struct pattern *x = p;

	pcre2_match_data_free(x->match);
	pcre2_code_free(x->code);
}

static pcre2_code *compile(struct sv text, uint32_t options, int *code)
{
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);
	PCRE2_SIZE offset;
	pcre2_code *made;

	/* "." and "(?m)$" must not depend on how the library was built. */
	pcre2_set_newline(c, PCRE2_NEWLINE_LF);
	made = pcre2_compile((PCRE2_SPTR)(text.n > 0 ? text.p : ""), text.n,
			     PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | options,
			     code, &offset, c);
	pcre2_compile_context_free(c);
	return made;
}

static const char *compile_with(struct arena *mem, struct sv text,
				uint32_t options, struct pattern **out)
{
	struct pattern *p = ARENA_NEW(mem, struct pattern);
	PCRE2_UCHAR reason[128];
	const char *fault;
	int code;

	fault = translate(mem, text, &text);
	if (fault != NULL)
		return fault;
	p->code = compile(text, options, &code);
	if (p->code == NULL) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return arena_str(mem, sv_of((const char *)reason));
	}
	p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
	arena_defer(mem, pattern_free, p);
	*out = p;
	return NULL;
}

const char *pattern_compile(struct arena *mem, struct sv text,
			    struct pattern **out)
{
	return compile_with(mem, text, PCRE2_NO_AUTO_CAPTURE, out);
}

const char *pattern_compile_groups(struct arena *mem, struct sv text,
				   struct pattern **out)
{
	return compile_with(mem, text, 0, out);
}

const char *pattern_compile_whole(struct arena *mem, struct sv text,
				  struct pattern **out)
{
	return pattern_compile(
		mem, arena_fmt(mem, "^(?:" SV_FMT ")$", SV_ARG(text)), out);
}

static int dfa(const struct pattern *p, struct sv text, int *space, size_t n)
{
	return pcre2_dfa_match(p->code, (PCRE2_SPTR)(text.n > 0 ? text.p : ""),
			       text.n, 0, PCRE2_DFA_SHORTEST, p->match, NULL,
			       space, n);
}

static bool is_utf8_fault(int rc)
{
	return rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21;
}

enum pattern_result pattern_match(const struct pattern *p, struct sv text)
{
	int few[512], rc = dfa(p, text, few, sizeof(few) / sizeof(few[0]));
	struct arena *mem;

	if (rc == PCRE2_ERROR_DFA_WSSIZE) {
		mem = arena_new();
		rc = dfa(p, text, ARENA_ARRAY(mem, int, MAX_PATTERN_STATES),
			 MAX_PATTERN_STATES);
		arena_free(mem);
	}
	if (rc >= 0)
		return PATTERN_HIT;
	if (rc == PCRE2_ERROR_NOMATCH || is_utf8_fault(rc))
		return PATTERN_MISS;
	return PATTERN_TOO_MUCH;
}

enum pattern_result pattern_find(struct arena *mem, const struct pattern *p,
				 struct sv text, size_t from,
				 struct pattern_groups *out)
{
	pcre2_match_context *c = pcre2_match_context_create(NULL);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->match);
	int rc;

	/* This matcher backtracks. */
	pcre2_set_match_limit(c, MAX_PATTERN_STEPS);
	rc = pcre2_match(p->code, (PCRE2_SPTR)(text.n > 0 ? text.p : ""),
			 text.n, from, 0, p->match, c);
	pcre2_match_context_free(c);
	if (rc == PCRE2_ERROR_NOMATCH || is_utf8_fault(rc))
		return PATTERN_MISS;
	if (rc <= 0)
		return PATTERN_TOO_MUCH;
	out->n = pcre2_get_ovector_count(p->match);
	out->v = ARENA_ARRAY(mem, struct sv, out->n);
	for (size_t i = 0; i < out->n; i++)
		if (i < (size_t)rc && at[2 * i] != PCRE2_UNSET)
			out->v[i] = (struct sv){ text.p + at[2 * i],
						 at[2 * i + 1] - at[2 * i] };
	return PATTERN_HIT;
}

struct sv pattern_library(struct arena *mem)
{
	char text[64] = "";

	/* The longest known text has 16 bytes; the call says how many. */
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof(text))
		pcre2_config(PCRE2_CONFIG_VERSION, text);
	return arena_fmt(mem, "pcre2 %s", text);
}
