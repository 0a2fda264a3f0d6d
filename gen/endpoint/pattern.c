#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"
#include "endpoint/filter.h"
#include "endpoint/idn.h"

struct pattern {
	struct arena *mem;
	pcre2_code *code;
	pcre2_match_data *match;
	int *workspace;
};

/* Walks over a pattern, to refuse what pcre2 takes and RE2 does not. */
struct walk {
	struct sv rest;
	bool repeatable; /* something stands before that "*" can repeat */
	bool repeated;	 /* ... and it was repeated already */
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char at(const struct walk *w, size_t i)
{
	return i < w->rest.n ? w->rest.p[i] : '\0';
}

static void skip(struct walk *w, size_t n)
{
	w->rest = sv_from(w->rest, n);
}

static void atom(struct walk *w, size_t n)
{
	skip(w, n);
	w->repeatable = true;
	w->repeated = false;
}

/* Behind the backslash: what RE2 has, at most. */
static const char *walk_escape(struct walk *w, bool in_class)
{
	char c = at(w, 1);

	if (w->rest.n < 2)
		return "a final backslash";
	if (c == 'Q' && !in_class) {
		size_t end = sv_find(w->rest, SV("\\E"));

		atom(w, end < w->rest.n ? end + 2 : w->rest.n);
		return NULL;
	}
	if (c >= '1' && c <= '9' &&
	    (c > '7' || at(w, 2) < '0' || at(w, 2) > '7'))
		return "a back reference, which RE2 does not have";
	if ((letter(c) || digit(c)) &&
	    sv_chr(in_class ? SV("dDsSwWpPaftnrvx01234567")
			    : SV("AbBzdDsSwWpPaftnrvx01234567"),
		   c) == (in_class ? sizeof("dDsSwWpPaftnrvx01234567")
				   : sizeof("AbBzdDsSwWpPaftnrvx01234567")) -
				 1)
		return "an escape that RE2 does not have";
	atom(w, 2);
	return NULL;
}

static const char *walk_class(struct walk *w)
{
	skip(w, at(w, 1) == '^' ? 2 : 1);
	for (bool first = true; at(w, 0) != ']' || first; first = false) {
		const char *fault = NULL;
		size_t close;

		if (w->rest.n == 0)
			return "\"[\" without \"]\"";
		if (at(w, 0) == '\\') {
			fault = walk_escape(w, true);
		} else if (at(w, 0) == '[' && at(w, 1) == ':') {
			close = sv_find(w->rest, SV(":]"));
			skip(w, close < w->rest.n ? close + 2 : 1);
		} else if (at(w, 0) == '[' &&
			   (at(w, 1) == '.' || at(w, 1) == '=')) {
			return "a collating class, which RE2 does not have";
		} else {
			skip(w, 1);
		}
		if (fault != NULL)
			return fault;
	}
	atom(w, 1);
	return NULL;
}

/* "(?P<name>", "(?<name>", "(?i)", "(?i-s:": nothing else behind "(?". */
static const char *walk_group(struct walk *w)
{
	size_t i = 2;
	bool minus = false;

	w->repeatable = w->repeated = false;
	if (at(w, 1) == '*')
		return "\"(*\", which RE2 does not have";
	if (at(w, 1) != '?') {
		skip(w, 1);
		return NULL;
	}
	if (at(w, 2) == '<' || (at(w, 2) == 'P' && at(w, 3) == '<')) {
		i = at(w, 2) == 'P' ? 4 : 3;
		if (at(w, i) != '_' && !letter(at(w, i)))
			return "a group that RE2 does not have";
		skip(w, i);
		return NULL;
	}
	for (; at(w, i) != ')' && at(w, i) != ':'; i++) {
		if (at(w, i) == '-' && !minus)
			minus = true;
		else if (at(w, i) == '\0' || sv_chr(SV("imsU"), at(w, i)) == 4)
			return "a group that RE2 does not have";
	}
	skip(w, i + 1);
	return NULL;
}

/* "{2}", "{2,}", "{2,5}": its length, or 0 for a literal "{". */
static size_t bounds(const struct walk *w, bool *big)
{
	unsigned long long n = 0, most = 1000;
	size_t i = 1, from;

	*big = false;
	for (int part = 0; part < 2; part++, i++) {
		from = i;
		while (digit(at(w, i)))
			i++;
		if (part == 0 && i == from)
			return 0;
		if (i > from &&
		    !sv_number(sv_head(sv_from(w->rest, from), i - from), most,
			       &n))
			*big = true;
		if (at(w, i) == '}')
			return i + 1;
		if (at(w, i) != ',')
			return 0;
	}
	return 0;
}

static const char *walk_repeat(struct walk *w, size_t n)
{
	if (!w->repeatable)
		return "a repetition of nothing";
	if (w->repeated)
		return "a repetition of a repetition, which RE2 does not have";
	skip(w, at(w, n) == '?' ? n + 1 : n);
	w->repeated = true;
	return NULL;
}

static const char *walk_one(struct walk *w)
{
	bool big;
	size_t n;

	switch (at(w, 0)) {
	case '\\':
		return walk_escape(w, false);
	case '[':
		return walk_class(w);
	case '(':
		return walk_group(w);
	case '|':
		skip(w, 1);
		w->repeatable = w->repeated = false;
		return NULL;
	case '*':
	case '+':
	case '?':
		return walk_repeat(w, 1);
	case '{':
		n = bounds(w, &big);
		if (big)
			return "a repetition over 1000, which RE2 refuses";
		if (n > 0)
			return walk_repeat(w, n);
		atom(w, 1);
		return NULL;
	case '\0':
		return "a NUL";
	}
	atom(w, 1);
	return NULL;
}

static const char *syntax_fault(struct sv text)
{
	struct walk w = { .rest = text };

	while (w.rest.n > 0) {
		const char *fault = walk_one(&w);

		if (fault != NULL)
			return fault;
	}
	return NULL;
}

static void pattern_free(void *p)
{
	struct pattern *x = p;

	pcre2_match_data_free(x->match);
	pcre2_code_free(x->code);
}

const char *pattern_compile(struct arena *mem, struct sv text,
			    struct pattern **out)
{
	struct pattern *p = ARENA_NEW(mem, struct pattern);
	const char *fault = syntax_fault(text);
	PCRE2_SIZE offset;
	PCRE2_UCHAR reason[128];
	int code;

	if (fault == NULL && text.n > MAX_PATTERN)
		fault = "a pattern that long";
	if (fault != NULL)
		return fault;
	p->mem = mem;
	p->code = pcre2_compile((PCRE2_SPTR)text.p, text.n,
				PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
					PCRE2_NO_AUTO_CAPTURE |
					PCRE2_NEVER_BACKSLASH_C,
				&code, &offset, NULL);
	if (p->code == NULL) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return arena_str(mem, sv_of((const char *)reason));
	}
	p->match = pcre2_match_data_create(1, NULL);
	p->workspace = ARENA_ARRAY(mem, int, MAX_PATTERN_STATES);
	arena_defer(mem, pattern_free, p);
	*out = p;
	return NULL;
}

bool pattern_match(const struct pattern *p, struct sv text)
{
	if (!utf8_ok(text))
		return false;
	return pcre2_dfa_match(p->code, (PCRE2_SPTR)(text.n > 0 ? text.p : ""),
			       text.n, 0, PCRE2_DFA_SHORTEST, p->match, NULL,
			       p->workspace, MAX_PATTERN_STATES) >= 0;
}
