#include "base/size.h"

#include <stdint.h>

static const char units[] = "KMGT";
enum { UNITS = sizeof(units) - 1 };

/* How often 1024 is multiplied in for "", "k", "KiB", "mb"; -1: no unit. */
static int unit_of(struct sv text)
{
	if (text.n == 0 || sv_case_eq(text, SV("B")))
		return 0;
	for (int i = 0; i < UNITS; i++) {
		struct sv rest = sv_from(text, 1);

		if (!sv_case_eq(sv_head(text, 1), (struct sv){ &units[i], 1 }))
			continue;
		if (rest.n == 0 || sv_case_eq(rest, SV("B")) ||
		    sv_case_eq(rest, SV("iB")))
			return i + 1;
	}
	return -1;
}

static bool is_part(char c)
{
	return (c >= '0' && c <= '9') || c == '.';
}

/* "1.5" as 1500 thousandths; three digits behind the point are enough. */
static bool thousandths(struct sv text, unsigned long long *out)
{
	struct sv whole = text, rest = text;
	unsigned long long n, part = 0;

	(void)sv_cut(&rest, '.', &whole);
	if (!sv_number(whole, UINT64_MAX / 1000 - 1, &n))
		return false;
	if (rest.p != NULL && (rest.n > 3 || !sv_number(rest, 999, &part)))
		return false;
	for (size_t i = rest.n; rest.p != NULL && i < 3; i++)
		part *= 10;
	*out = n * 1000 + part;
	return true;
}

bool size_parse(struct sv text, size_t *out)
{
	unsigned long long n;
	size_t digits = 0;
	int unit;

	text = sv_trim(text);
	while (digits < text.n && is_part(text.p[digits]))
		digits++;
	unit = unit_of(sv_trim(sv_from(text, digits)));
	if (unit < 0 || !thousandths(sv_head(text, digits), &n))
		return false;
	for (int i = 0; i < unit; i++)
		if (__builtin_mul_overflow(n, 1024ULL, &n))
			return false;
	*out = n / 1000;
	return true;
}

struct sv size_text(struct arena *mem, size_t bytes)
{
	int unit = 0;

	while (unit < UNITS && bytes > 0 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	return arena_fmt(mem, "%zu%.*s", bytes, unit > 0 ? 1 : 0,
			 &units[unit > 0 ? unit - 1 : 0]);
}
