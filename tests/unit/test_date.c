#include "test.h"

#include "git/internal.h"

/* `date -u -d TEXT +%s` is the judge of the first column of numbers. */
static const struct {
	const char *label, *text;
	long long time; /* -1: refused */
	int offset;
} rows[] = {
	{ "git's own", "1700000000 +0100", 1700000000, 60 },
	{ "git's own, at", "@1700000000 -0230", 1700000000, -150 },
	{ "at alone", "@0", 0, 0 },
	{ "seconds alone", "1700000000", 1700000000, 0 },
	{ "RFC 3339", "2023-11-14T22:13:20Z", 1700000000, 0 },
	{ "RFC 3339, zone", "2023-11-14T23:13:20+01:00", 1700000000, 60 },
	{ "RFC 3339, west", "2023-11-14T17:13:20-05:00", 1700000000, -300 },
	{ "RFC 3339, blank", "2023-11-14 22:13:20", 1700000000, 0 },
	{ "RFC 3339, parts of seconds", "2023-11-14T22:13:20.999Z", 1700000000,
	  0 },
	{ "without seconds", "2023-11-14T22:13Z", 1699999980, 0 },
	{ "RFC 2822", "Tue, 14 Nov 2023 22:13:20 +0000", 1700000000, 0 },
	{ "RFC 2822, no day", "14 Nov 2023 22:13:20 GMT", 1700000000, 0 },
	{ "RFC 2822, one digit", "Wed, 1 Mar 2023 00:00:00 +0000", 1677628800,
	  0 },
	{ "leap day", "2024-02-29T00:00:00Z", 1709164800, 0 },
	{ "leap day of a century", "2000-02-29T00:00:00Z", 951782400, 0 },
	{ "first day", "1970-01-01T00:00:00Z", 0, 0 },
	{ "far away", "9999-12-31T23:59:59Z", 253402300799, 0 },
	{ "blanks around", "  @1  ", 1, 0 },
	{ "nothing", "", -1, 0 },
	{ "words", "yesterday", -1, 0 },
	{ "a day alone", "2023-11-14", -1, 0 },
	{ "thirteenth month", "2023-13-01T00:00:00Z", -1, 0 },
	{ "no such day", "2023-04-31T00:00:00Z", -1, 0 },
	{ "no such leap day", "2023-02-29T00:00:00Z", -1, 0 },
	{ "no leap day in a century", "2100-02-29T00:00:00Z", -1, 0 },
	{ "hour 24", "2023-01-01T24:00:00Z", -1, 0 },
	{ "before the epoch", "1969-12-31T23:59:59Z", -1, 0 },
	{ "zone too far", "@1 +1500", -1, 0 },
	{ "zone cut off", "@1 +01", -1, 0 },
	{ "something behind", "2023-11-14T22:13:20Z now", -1, 0 },
	{ "sign", "@-1", -1, 0 },
	{ "too large", "@999999999999999999999", -1, 0 },
	{ "unknown month", "14 Foo 2023 22:13:20 GMT", -1, 0 },
};

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		git_time t;
		bool ok = date_parse(sv_of(rows[i].text), &t);

		assert_row(rows[i].label, ok == (rows[i].time >= 0));
		assert_row(rows[i].label, !ok || t.time == rows[i].time);
		assert_row(rows[i].label, !ok || t.offset == rows[i].offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
