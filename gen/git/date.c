/*
 * Dates as git's variables and people write them.
 *
 * Source: git-commit(1) "DATE FORMATS": git's internal format, RFC 2822 and
 *         ISO 8601.  Relative dates ("yesterday") are not accepted: the same
 *         command must give the same commit.
 */
#include "git/internal.h"

static const char *const months[] = {
	"jan", "feb", "mar", "apr", "may", "jun",
	"jul", "aug", "sep", "oct", "nov", "dec"
};

struct fields {
	int64_t year, month, day, hour, minute, second;
};

/* Days from 1970-01-01, Gregorian; March is the first month of the year. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static bool fields_ok(const struct fields *t)
{
	static const int64_t length[] = { 31, 29, 31, 30, 31, 30,
					  31, 31, 30, 31, 30, 31 };

	if (t->month == 2 && t->day == 29 &&
	    (t->year % 4 != 0 || (t->year % 100 == 0 && t->year % 400 != 0)))
		return false;
	return t->year >= 1970 && t->year <= 9999 && t->month >= 1 &&
	       t->month <= 12 && t->day >= 1 &&
	       t->day <= length[t->month - 1] && t->hour <= 23 &&
	       t->minute <= 59 && t->second <= 60;
}

/* Exactly `width` digits, or 1 to 2 when `width` is 0. */
static bool digits(struct sv *s, size_t width, int64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n < s->n && n < (width ? width : 2) && s->p[n] >= '0' &&
	       s->p[n] <= '9')
		*out = *out * 10 + (s->p[n++] - '0');
	*s = sv_from(*s, n);
	return width ? n == width : n > 0;
}

static bool take(struct sv *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = sv_from(*s, 1);
	return true;
}

/* "Z", "+0200", "+02:00", "UTC" or nothing, which is UTC. */
static bool zone(struct sv s, int *minutes)
{
	int64_t h, m;
	bool west;

	s = sv_trim(s);
	*minutes = 0;
	if (s.n == 0 || sv_eq(s, SV("Z")) || sv_eq(s, SV("z")) ||
	    sv_eq(s, SV("UTC")) || sv_eq(s, SV("GMT")))
		return true;
	west = s.p[0] == '-';
	if ((!west && s.p[0] != '+') || s.n < 5)
		return false;
	s = sv_from(s, 1);
	if (!digits(&s, 2, &h))
		return false;
	(void)take(&s, ':');
	if (!digits(&s, 2, &m) || s.n > 0 || h > 14 || m > 59)
		return false;
	*minutes = (int)(h * 60 + m) * (west ? -1 : 1);
	return true;
}

static bool clock_of(struct sv *s, struct fields *t)
{
	if (!digits(s, 2, &t->hour) || !take(s, ':') ||
	    !digits(s, 2, &t->minute))
		return false;
	if (take(s, ':') && !digits(s, 2, &t->second))
		return false;
	/* Fractions of a second are not part of a commit. */
	if (take(s, '.'))
		while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9')
			*s = sv_from(*s, 1);
	return true;
}

/* 2026-11-23T07:04:00+01:00 */
static bool iso(struct sv *s, struct fields *t)
{
	return digits(s, 4, &t->year) && take(s, '-') &&
	       digits(s, 2, &t->month) && take(s, '-') &&
	       digits(s, 2, &t->day) &&
	       (take(s, 'T') || take(s, 't') || take(s, ' ')) && clock_of(s, t);
}

/* Mon, 23 Nov 2026 07:04:00 +0100 */
static bool rfc2822(struct sv *s, struct fields *t)
{
	size_t comma = sv_chr(*s, ',');

	if (comma < s->n)
		*s = sv_trim(sv_from(*s, comma + 1));
	if (!digits(s, 0, &t->day) || !take(s, ' ') || s->n < 3)
		return false;
	for (size_t i = 0; i < 12; i++)
		if (sv_case_eq(sv_head(*s, 3), sv_of(months[i])))
			t->month = (int64_t)i + 1;
	*s = sv_from(*s, 3);
	return take(s, ' ') && digits(s, 4, &t->year) && take(s, ' ') &&
	       clock_of(s, t);
}

/* "@1700000000 +0100", "1700000000 +0100" and "@1700000000" */
static bool epoch(struct sv s, git_time *out)
{
	bool at = take(&s, '@');
	size_t blank = sv_chr(s, ' ');
	unsigned long long n;

	/* Without "@" eight digits could be a day: git asks for more, too. */
	if ((!at && blank < 9) ||
	    !sv_number(sv_head(s, blank), 253402300799ULL, &n) ||
	    !zone(sv_from(s, blank), &out->offset))
		return false;
	out->time = (git_time_t)n;
	out->sign = out->offset < 0 ? '-' : '+';
	return true;
}

bool date_parse(struct sv text, git_time *out)
{
	struct fields t = { 0 };
	struct sv s = sv_trim(text);

	*out = (git_time){ 0 };
	if (epoch(s, out))
		return true;
	if (!iso(&s, &t)) {
		t = (struct fields){ 0 };
		s = sv_trim(text);
		if (!rfc2822(&s, &t))
			return false;
	}
	if (!fields_ok(&t) || !zone(s, &out->offset))
		return false;
	out->time = days_of(t.year, t.month, t.day) * 86400 + t.hour * 3600 +
		    t.minute * 60 + t.second - (int64_t)out->offset * 60;
	out->sign = out->offset < 0 ? '-' : '+';
	return true;
}
