#include "base/sv.h"

size_t sv_find(struct sv s, struct sv needle)
{
	struct sv rest = s;

	if (needle.n == 0)
		return 0;
	while (rest.n >= needle.n) {
		size_t hit = sv_chr(rest, needle.p[0]);

		rest = sv_from(rest, hit);
		if (sv_starts(rest, needle))
			return (size_t)(rest.p - s.p);
		if (rest.n == 0)
			break;
		rest = sv_from(rest, 1);
	}
	return s.n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct sv sv_trim(struct sv s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = sv_from(s, 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool sv_case_eq(struct sv a, struct sv b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (sv_lower_char(a.p[i]) != sv_lower_char(b.p[i]))
			return false;
	return true;
}

bool sv_number(struct sv s, unsigned long long max, unsigned long long *out)
{
	unsigned long long v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(s.p[i] - '0');

		if (digit > 9 || __builtin_mul_overflow(v, 10ULL, &v) ||
		    __builtin_add_overflow(v, digit, &v) || v > max)
			return false;
	}
	*out = v;
	return true;
}

bool sv_integer(struct sv s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	unsigned long long max = INT64_MAX, n = 0;

	if (minus || (s.n > 0 && s.p[0] == '+'))
		s = sv_from(s, 1);
	if (!sv_number(s, max + (minus ? 1 : 0), &n))
		return false;
	*out = minus ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

int sv_qcmp(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

bool sv_bool(struct sv s, bool *out)
{
	static const char *const words[] = {
		"0", "f", "F", "false", "FALSE", "False",
		"1", "t", "T", "true",	"TRUE",	 "True",
	};
	enum { WORDS = sizeof(words) / sizeof(words[0]) };

	for (size_t i = 0; i < WORDS; i++) {
		if (!sv_eq(s, sv_of(words[i])))
			continue;
		*out = i >= WORDS / 2;
		return true;
	}
	return false;
}
