#include "cli/kingpin.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "endpoint/ttl.h"

static const struct kingpin_row rows[] = {
#define KINGPIN(type, name, words) { name, KINGPIN_##type, words },
#include "cli/kingpin.def"
#undef KINGPIN
};

const struct kingpin_row *kingpin_at(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const struct kingpin_row *kingpin_find(struct sv name)
{
	const struct kingpin_row *row;

	for (size_t i = 0; (row = kingpin_at(i)) != NULL; i++)
		if (sv_eq(name, sv_of(row->name)) ||
		    (row->type == KINGPIN_SWITCH &&
		     sv_starts(name, SV("no-")) &&
		     sv_eq(sv_from(name, 3), sv_of(row->name))))
			return row;
	return NULL;
}

bool kingpin_repeats(const struct kingpin_row *row)
{
	return row->type == KINGPIN_TEXTS || row->type == KINGPIN_PAIRS;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	char lower = sv_lower_char(c);

	return is_digit(c) || (lower >= 'a' && lower <= 'f');
}

static struct sv without_sign(struct sv s)
{
	return s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? sv_from(s, 1) : s;
}

/* 0x, 0o, 0b, or the 0 of old octal; the rest is digits of that base. */
static unsigned cut_base(struct sv *s)
{
	char c = s->n > 1 ? sv_lower_char(s->p[1]) : '\0';
	unsigned base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;

	if (s->n < 2 || s->p[0] != '0')
		return 10;
	*s = sv_from(*s, base ? 2 : 1);
	return base ? base : 8;
}

/* Underscores stand between digits, or behind the prefix of a base. */
static bool underscores_fit(struct sv s)
{
	struct sv rest = without_sign(s);
	bool prefix = rest.n > 1 && rest.p[0] == '0' && !is_digit(rest.p[1]) &&
		      sv_chr(SV("xXoObB"), rest.p[1]) < 6;

	for (size_t i = prefix ? 2 : 0; i < rest.n; i++)
		if (rest.p[i] == '_' &&
		    (i + 1 == rest.n || !is_hex(rest.p[i + 1]) ||
		     !(i > 0 && (is_hex(rest.p[i - 1]) || (prefix && i == 2)))))
			return false;
	return true;
}

static const char *without_underscores(struct arena *mem, struct sv s)
{
	char *p = arena_alloc(mem, s.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			p[n++] = s.p[i];
	p[n] = '\0';
	return p;
}

/* strconv.ParseInt() with base 0. */
static bool is_whole(struct arena *mem, struct sv s)
{
	struct sv digits = sv_of(without_underscores(mem, without_sign(s)));
	bool zero = sv_eq(digits, SV("0"));
	unsigned base = cut_base(&digits);
	char *end;

	if (!underscores_fit(s))
		return false;
	if (zero || digits.n == 0)
		return zero;
	if (!is_hex(digits.p[0]))
		return false;
	errno = 0;
	(void)strtoll(arena_fmt(mem, "%s" SV_FMT,
				sv_starts(s, SV("-")) ? "-" : "",
				SV_ARG(digits))
			      .p,
		      &end, (int)base);
	return *end == '\0' && errno == 0;
}

/* strconv.ParseFloat(), which reads whole numbers of flags too.  strtod()
 * takes a few words and forms more. */
static bool is_real(struct arena *mem, struct sv s)
{
	static const char *const words[] = { "inf", "infinity" };
	const char *text = without_underscores(mem, s);
	struct sv rest = without_sign(s);
	bool hex = sv_starts(rest, SV("0x")) || sv_starts(rest, SV("0X"));
	char *end;

	if (sv_case_eq(s, SV("nan")))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_case_eq(rest, sv_of(words[i])))
			return true;
	if (rest.n == 0 || !(is_digit(rest.p[0]) || rest.p[0] == '.') ||
	    !underscores_fit(s) ||
	    (hex && sv_chr(rest, 'p') == rest.n && sv_chr(rest, 'P') == rest.n))
		return false;
	return !isinf(strtod(text, &end)) && *end == '\0' && end != text;
}

static const char *choice_check(struct arena *mem, const char *words,
				struct sv value)
{
	struct sv rest = sv_of(words), word;

	while (sv_cut(&rest, ' ', &word))
		if (sv_eq(value, sv_eq(word, SV("-")) ? SV("") : word))
			return NULL;
	return arena_fmt(mem, "one of %s", words).p;
}

const char *kingpin_check(struct arena *mem, const struct kingpin_row *row,
			  struct sv value)
{
	int64_t seconds;
	bool ok = true;

	switch (row->type) {
	case KINGPIN_SWITCH:
	case KINGPIN_TEXT:
	case KINGPIN_TEXTS:
		return NULL;
	case KINGPIN_CHOICE:
		return choice_check(mem, row->words, value);
	case KINGPIN_DURATION:
		return duration_flag_parse(value, &seconds)
			       ? NULL
			       : "a duration such as 1m30s";
	case KINGPIN_REAL:
		ok = is_real(mem, value);
		break;
	case KINGPIN_WHOLE:
		ok = is_whole(mem, value);
		break;
	case KINGPIN_PAIRS:
		ok = sv_chr(value, '=') < value.n ||
		     sv_chr(value, ':') < value.n;
		return ok ? NULL : "KEY=VALUE";
	}
	return ok ? NULL : "a number";
}
