#include "manifest/scalar.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const struct {
	const char *text;
	enum scalar_type type;
} words[] = {
	/* clang-format off */
	{ "",      SCALAR_NULL },  { "~",     SCALAR_NULL },
	{ "null",  SCALAR_NULL },  { "Null",  SCALAR_NULL },
	{ "NULL",  SCALAR_NULL },
	{ "y",     SCALAR_BOOL },  { "Y",     SCALAR_BOOL },
	{ "yes",   SCALAR_BOOL },  { "Yes",   SCALAR_BOOL },
	{ "YES",   SCALAR_BOOL },  { "true",  SCALAR_BOOL },
	{ "True",  SCALAR_BOOL },  { "TRUE",  SCALAR_BOOL },
	{ "on",    SCALAR_BOOL },  { "On",    SCALAR_BOOL },
	{ "ON",    SCALAR_BOOL },  { "n",     SCALAR_BOOL },
	{ "N",     SCALAR_BOOL },  { "no",    SCALAR_BOOL },
	{ "No",    SCALAR_BOOL },  { "NO",    SCALAR_BOOL },
	{ "false", SCALAR_BOOL },  { "False", SCALAR_BOOL },
	{ "FALSE", SCALAR_BOOL },  { "off",   SCALAR_BOOL },
	{ "Off",   SCALAR_BOOL },  { "OFF",   SCALAR_BOOL },
	{ ".nan",  SCALAR_FLOAT }, { ".NaN",  SCALAR_FLOAT },
	{ ".NAN",  SCALAR_FLOAT }, { ".inf",  SCALAR_FLOAT },
	{ ".Inf",  SCALAR_FLOAT }, { ".INF",  SCALAR_FLOAT },
	{ "+.inf", SCALAR_FLOAT }, { "+.Inf", SCALAR_FLOAT },
	{ "+.INF", SCALAR_FLOAT }, { "-.inf", SCALAR_FLOAT },
	{ "-.Inf", SCALAR_FLOAT }, { "-.INF", SCALAR_FLOAT },
	/* clang-format on */
};

enum { LONGEST_WORD = 5, LONGEST_NUMBER = 64 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of a digit in any base, or 99. */
static unsigned digit_value(char c)
{
	char lower = sv_lower_char(c);

	if (is_digit(c))
		return (unsigned)(c - '0');
	return lower >= 'a' && lower <= 'z' ? (unsigned)(lower - 'a') + 10 : 99;
}

/* Base by prefix: 0x, 0o, 0b, and the 0 of old octal. */
static unsigned cut_base(struct sv *s)
{
	char c = s->n > 1 ? sv_lower_char(s->p[1]) : '\0';
	unsigned base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;

	if (s->n < 2 || s->p[0] != '0')
		return 10;
	*s = sv_from(*s, base ? 2 : 1);
	return base ? base : 8;
}

/* As Go's ParseInt or ParseUint with base 0: 64 bits, sign and all. */
static bool int_value(struct sv s, bool *negative, uint64_t *out)
{
	bool bits = sv_starts(s, SV("0b"));
	unsigned base;
	uint64_t v = 0;

	*negative = s.n > 0 && s.p[0] == '-';
	if (*negative || (s.n > 0 && s.p[0] == '+'))
		s = sv_from(s, 1);
	if (s.n == 0)
		return false;
	base = cut_base(&s);
	/* The decoder hands on what stands behind "0b": a sign may, too. */
	if (bits && s.n > 0 && s.n < 64 && (s.p[0] == '-' || s.p[0] == '+')) {
		*negative = s.p[0] == '-';
		s = sv_from(s, 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = digit_value(s.p[i]);

		if (digit >= base ||
		    __builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)digit, &v))
			return false;
	}
	*out = v;
	return s.n > 0 && (!*negative || v <= UINT64_C(1) << 63);
}

static bool is_int(struct sv s)
{
	bool negative;
	uint64_t v;

	return int_value(s, &negative, &v);
}

static size_t skip_digits(struct sv s, size_t i)
{
	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_float_shape(struct sv s)
{
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	size_t whole = skip_digits(s, i) - i, part = 0, end;

	i += whole;
	if (i < s.n && s.p[i] == '.') {
		part = skip_digits(s, i + 1) - i - 1;
		i += part + 1;
	}
	if (whole == 0 && part == 0)
		return false;
	if (i == s.n)
		return true;
	if (sv_lower_char(s.p[i++]) != 'e')
		return false;
	if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	end = skip_digits(s, i);
	return end > i && end == s.n;
}

/* Go refuses what is out of range, and then it is a string. */
static bool is_float(struct arena *mem, struct sv s)
{
	return is_float_shape(s) && !isinf(strtod(arena_str(mem, s), NULL));
}

static struct sv without_underscores(struct arena *mem, struct sv s)
{
	char *p;
	size_t n = 0;

	if (sv_chr(s, '_') == s.n)
		return s;
	p = arena_alloc(mem, s.n + 1, 1);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			p[n++] = s.p[i];
	return (struct sv){ p, n };
}

/* Behind a dot Go's own reader judges: underscores part digits. */
static bool between_digits(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '_' &&
		    (i == 0 || i + 1 == s.n || !is_digit(s.p[i - 1]) ||
		     !is_digit(s.p[i + 1])))
			return false;
	return true;
}

static enum scalar_type number_type(struct arena *mem, struct sv text)
{
	struct sv plain;

	if (text.n > LONGEST_NUMBER)
		return SCALAR_STRING;
	if (text.p[0] == '.' && !between_digits(text))
		return SCALAR_STRING;
	plain = without_underscores(mem, text);
	if (text.p[0] != '.' && is_int(plain))
		return SCALAR_INT;
	return is_float(mem, plain) ? SCALAR_FLOAT : SCALAR_STRING;
}

enum scalar_type scalar_resolve(struct arena *mem, struct sv text)
{
	char c = text.n > 0 ? text.p[0] : '\0';

	if (is_digit(c) || c == '+' || c == '-' || c == '.') {
		enum scalar_type type = number_type(mem, text);

		if (type != SCALAR_STRING)
			return type;
	}
	if (text.n > LONGEST_WORD)
		return SCALAR_STRING;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_eq(text, sv_of(words[i].text)))
			return words[i].type;
	return SCALAR_STRING;
}

static const struct {
	const char *tag;
	enum scalar_type type;
} tags[] = {
	{ "tag:yaml.org,2002:null", SCALAR_NULL },
	{ "tag:yaml.org,2002:bool", SCALAR_BOOL },
	{ "tag:yaml.org,2002:int", SCALAR_INT },
	{ "tag:yaml.org,2002:float", SCALAR_FLOAT },
};

enum scalar_type scalar_tagged(struct arena *mem, struct sv tag, struct sv text)
{
	enum scalar_type type = scalar_resolve(mem, text);

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (!sv_eq(tag, sv_of(tags[i].tag)))
			continue;
		if (tags[i].type == SCALAR_FLOAT && type == SCALAR_INT)
			return SCALAR_FLOAT;
		return tags[i].type == type ? type : SCALAR_STRING;
	}
	return SCALAR_STRING;
}

bool scalar_fits(struct sv tag, enum scalar_type type)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (sv_eq(tag, sv_of(tags[i].tag)))
			return type == tags[i].type;
	return true;
}

struct scalar_number scalar_number(struct arena *mem, enum scalar_type type,
				   struct sv text)
{
	static const struct sv infinities[] = { { ".inf", 4 }, { "+.inf", 5 } };
	struct scalar_number n = { 0 };
	struct sv plain = without_underscores(mem, text);

	/* !!float makes a real number of whole digits too. */
	if (int_value(plain, &n.negative, &n.magnitude)) {
		n.whole = type == SCALAR_INT;
		n.real = (double)n.magnitude * (n.negative ? -1 : 1);
		return n;
	}
	n.real = strtod(arena_str(mem, plain), NULL);
	if (sv_case_eq(text, SV(".nan")))
		n.real = (double)NAN;
	for (size_t i = 0; i < 2; i++)
		if (sv_case_eq(text, infinities[i]))
			n.real = (double)INFINITY;
	if (sv_case_eq(text, SV("-.inf")))
		n.real = (double)-INFINITY;
	return n;
}

/* Does the text read back as the same number of 64, or of 32, bits? */
static bool reads_back(struct sv text, double real, bool narrow)
{
	return narrow ? strtof(text.p, NULL) == (float)real
		      : strtod(text.p, NULL) == real;
}

struct sv go_float(struct arena *mem, double real, bool narrow)
{
	struct sv text;
	int digits = 0, exponent;

	if (isnan(real))
		return SV("NaN");
	if (isinf(real))
		return real > 0 ? SV("+Inf") : SV("-Inf");
	do
		text = arena_fmt(mem, "%.*e", digits, real);
	while (!reads_back(text, real, narrow) && ++digits < 17);
	exponent = (int)strtol(text.p + sv_chr(text, 'e') + 1, NULL, 10);
	if (exponent < -4 || exponent >= 6)
		return text;
	return arena_fmt(mem, "%.*f", digits > exponent ? digits - exponent : 0,
			 real);
}

/* "1.5e+03" and one nought more is 1500: printf's %.0f would know digits that
 * the shortest form has not. */
static struct sv whole_text(struct arena *mem, struct sv text, int noughts)
{
	char *p = arena_alloc(mem, text.n + (size_t)noughts + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < sv_chr(text, 'e'); i++)
		if (text.p[i] != '.')
			p[n++] = text.p[i];
	while (noughts-- > 0)
		p[n++] = '0';
	return (struct sv){ p, n };
}

struct sv go_json_float(struct arena *mem, double real)
{
	double size = fabs(real);
	struct sv text;
	int digits = 0, exponent;

	do
		text = arena_fmt(mem, "%.*e", digits, real);
	while (!reads_back(text, real, false) && ++digits < 17);
	exponent = (int)strtol(text.p + sv_chr(text, 'e') + 1, NULL, 10);
	if (size != 0 && (size < 1e-6 || size >= 1e21))
		return arena_fmt(mem, SV_FMT "e%+d",
				 SV_ARG(sv_head(text, sv_chr(text, 'e'))),
				 exponent);
	if (digits > exponent)
		return arena_fmt(mem, "%.*f", digits - exponent, real);
	return whole_text(mem, text, exponent - digits);
}

/* Go writes a key with the precision of 32 bits. */
static struct sv real_key(struct arena *mem, double real)
{
	if (isnan(real))
		return SV(".nan");
	if (isinf(real))
		return real > 0 ? SV(".inf") : SV("-.inf");
	return go_float(mem, (double)(float)real, true);
}

bool scalar_key(struct arena *mem, enum scalar_type type, struct sv text,
		struct sv *out)
{
	struct scalar_number n;

	*out = text;
	switch (type) {
	case SCALAR_NULL:
		return false;
	case SCALAR_STRING:
		return true;
	case SCALAR_BOOL:
		*out = scalar_is_true(text) ? SV("true") : SV("false");
		return true;
	case SCALAR_INT:
		n = scalar_number(mem, type, text);
		*out = arena_fmt(mem, "%s%llu", n.negative ? "-" : "",
				 (unsigned long long)n.magnitude);
		return true;
	case SCALAR_FLOAT:
		n = scalar_number(mem, type, text);
		*out = real_key(mem, n.real);
		return true;
	}
	return true;
}

bool scalar_is_true(struct sv text)
{
	char c = text.n > 0 ? sv_lower_char(text.p[0]) : '\0';

	return c == 'y' || c == 't' || sv_case_eq(text, SV("on"));
}
