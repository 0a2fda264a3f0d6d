#include "endpoint/ttl.h"

#include "base/limits.h"

static const uint64_t NS_PER_SECOND = UINT64_C(1000000000);

static const struct {
	struct sv name;
	int64_t ns;
} units[] = {
	{ { "ns", 2 }, 1 },
	{ { "us", 2 }, 1000 },
	{ { "\xc2\xb5s", 3 }, 1000 }, /* U+00B5 micro sign */
	{ { "\xce\xbcs", 3 }, 1000 }, /* U+03BC Greek mu */
	{ { "ms", 2 }, 1000000 },
	{ { "s", 1 }, INT64_C(1000000000) },
	{ { "m", 1 }, INT64_C(60000000000) },
	{ { "h", 1 }, INT64_C(3600000000000) },
	{ { "d", 1 }, INT64_C(86400000000000) }, /* flags only */
	{ { "w", 1 }, INT64_C(604800000000000) },
};

enum {
	ALL_UNITS = sizeof(units) / sizeof(units[0]),
	GO_UNITS = ALL_UNITS - 2,
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Take a sign off the front: true for a minus. */
static bool take_sign(struct sv *s)
{
	bool minus = s->n > 0 && s->p[0] == '-';

	if (minus || (s->n > 0 && s->p[0] == '+'))
		*s = sv_from(*s, 1);
	return minus;
}

/* Digits off the front into `*n`; false when it grows over 2^63. */
static bool take_digits(struct sv *s, uint64_t *n)
{
	for (*n = 0; s->n > 0 && digit(s->p[0]); *s = sv_from(*s, 1)) {
		if (*n > (UINT64_C(1) << 63) / 10)
			return false;
		*n = *n * 10 + (uint64_t)(s->p[0] - '0');
		if (*n > UINT64_C(1) << 63)
			return false;
	}
	return true;
}

/* Digits behind the point, as a part of `scale`; those that no longer fit 63
 * bits are dropped, as Go does. */
static void take_fraction(struct sv *s, uint64_t *n, double *scale)
{
	bool full = false;

	*n = 0;
	*scale = 1;
	for (; s->n > 0 && digit(s->p[0]); *s = sv_from(*s, 1)) {
		uint64_t d = (uint64_t)(s->p[0] - '0');

		if (full || *n > (uint64_t)INT64_MAX / 10 ||
		    *n * 10 + d > UINT64_C(1) << 63) {
			full = true;
			continue;
		}
		*n = *n * 10 + d;
		*scale *= 10;
	}
}

/* A unit is everything up to the next point or digit. */
static int64_t take_unit(struct sv *s, size_t n_units)
{
	size_t n = 0;
	struct sv name;

	while (n < s->n && s->p[n] != '.' && !digit(s->p[n]))
		n++;
	name = sv_head(*s, n);
	*s = sv_from(*s, n);
	for (size_t i = 0; i < n_units; i++)
		if (sv_eq(name, units[i].name))
			return units[i].ns;
	return 0;
}

/* One "1.5h" off the front, added to `*total`. */
static bool take_part(struct sv *s, uint64_t *total, size_t n_units)
{
	uint64_t whole, fraction = 0, unit;
	double scale = 1;
	size_t before = s->n;
	bool any;

	if (!take_digits(s, &whole))
		return false;
	any = s->n < before;
	if (s->n > 0 && s->p[0] == '.') {
		*s = sv_from(*s, 1);
		before = s->n;
		take_fraction(s, &fraction, &scale);
		any = any || s->n < before;
	}
	unit = any ? (uint64_t)take_unit(s, n_units) : 0;
	if (unit == 0 || whole > (UINT64_C(1) << 63) / unit)
		return false;
	whole *= unit;
	if (fraction > 0)
		whole += (uint64_t)((double)fraction * ((double)unit / scale));
	if (whole > (UINT64_C(1) << 63) - *total)
		return false;
	*total += whole;
	return true;
}

static bool parse(struct sv text, size_t n_units, int64_t *seconds)
{
	bool minus = take_sign(&text);
	uint64_t total = 0;

	if (sv_eq(text, SV("0"))) {
		*seconds = 0;
		return true;
	}
	if (text.n == 0)
		return false;
	while (text.n > 0)
		if (!take_part(&text, &total, n_units))
			return false;
	if (!minus && total > INT64_MAX)
		return false;
	*seconds = (int64_t)(total / NS_PER_SECOND);
	*seconds = minus ? -*seconds : *seconds;
	return true;
}

bool duration_parse(struct sv text, int64_t *seconds)
{
	return parse(text, GO_UNITS, seconds);
}

bool duration_flag_parse(struct sv text, int64_t *seconds)
{
	return parse(text, ALL_UNITS, seconds);
}

const char *ttl_parse(struct sv text, int64_t *out)
{
	int64_t n;

	*out = 0;
	if (!duration_parse(text, &n) && !sv_integer(text, &n))
		return "expected a duration such as 5m or whole seconds";
	if (n < 1 || n > MAX_TTL)
		return "expected 1 to 2147483647 seconds";
	*out = n;
	return NULL;
}
