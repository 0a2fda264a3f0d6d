#include "config/option.h"

#include "base/limits.h"

static const int64_t second = 1000 * 1000 * 1000;

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\xc2\xb5s", 1000 }, /* micro sign */
	{ "\xce\xbcs", 1000 }, /* Greek mu */
	{ "ms", 1000 * 1000 },
	{ "s", 1000 * 1000 * 1000 },
	{ "m", 60LL * 1000 * 1000 * 1000 },
	{ "h", 3600LL * 1000 * 1000 * 1000 },
};

static size_t digits(struct sv s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

/* The unit in front of `s`: up to the next digit or point. */
static int64_t unit_cut(struct sv *s)
{
	size_t n = 0;
	struct sv name;

	while (n < s->n && s->p[n] != '.' && (s->p[n] < '0' || s->p[n] > '9'))
		n++;
	name = sv_head(*s, n);
	*s = sv_from(*s, n);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (sv_eq(name, sv_of(units[i].name)))
			return units[i].ns;
	return 0;
}

/* One "1.5h": false if there is none, or if it does not fit. */
static bool part_cut(struct sv *s, int64_t *ns)
{
	struct sv whole = sv_head(*s, digits(*s)), part = { NULL, 0 };
	unsigned long long n = 0;
	double fraction = 0, scale = 1;
	int64_t unit;

	*s = sv_from(*s, whole.n);
	if (s->n > 0 && s->p[0] == '.') {
		*s = sv_from(*s, 1);
		part = sv_head(*s, digits(*s));
		*s = sv_from(*s, part.n);
	}
	if (whole.n + part.n == 0)
		return false;
	for (size_t i = 0; i < part.n && i < MAX_WORD; i++) {
		fraction = fraction * 10 + (part.p[i] - '0');
		scale *= 10;
	}
	unit = unit_cut(s);
	if (unit == 0 || (whole.n > 0 && !sv_number(whole, INT64_MAX, &n)) ||
	    n > (unsigned long long)(INT64_MAX / unit))
		return false;
	*ns = (int64_t)n * unit;
	unit = (int64_t)(fraction * (double)unit / scale);
	if (unit > INT64_MAX - *ns)
		return false;
	*ns += unit;
	return true;
}

bool duration_parse(struct sv text, int64_t *seconds)
{
	bool minus = sv_starts(text, SV("-"));
	int64_t sum = 0, part;

	if (minus || sv_starts(text, SV("+")))
		text = sv_from(text, 1);
	if (sv_eq(text, SV("0"))) {
		*seconds = 0;
		return true;
	}
	if (text.n == 0)
		return false;
	while (text.n > 0) {
		if (!part_cut(&text, &part) || part > INT64_MAX - sum)
			return false;
		sum += part;
	}
	*seconds = (minus ? -sum : sum) / second;
	return true;
}
