/* Selectors, TTLs and durations: Kubernetes' and Go's grammars. */
#include "test.h"

#include "base/selector.h"
#include "endpoint/ttl.h"

/* "a=1,b=" as an object; a key alone has an empty value. */
static bool lookup(const void *object, struct sv key, struct sv *value)
{
	struct sv rest = sv_of(object), item;

	while (sv_cut(&rest, ',', &item)) {
		struct sv v = item, k;

		(void)sv_cut(&v, '=', &k);
		if (!sv_eq(k, key))
			continue;
		*value = v;
		return true;
	}
	return false;
}

static void test_match(void **state)
{
	static const struct {
		const char *selector, *object;
		bool want;
	} rows[] = {
		{ "", "a=1", true },
		{ "  ", "a=1", true },
		{ "a", "a=1", true },
		{ "a", "b=1", false },
		{ "!a", "b=1", true },
		{ "!a", "a=1", false },
		{ "a=1", "a=1", true },
		{ "a==1", "a=1", true },
		{ "a = 1", "a=1", true },
		{ "a=1", "a=2", false },
		{ "a=1", "b=1", false },
		{ "a=", "a=", true },
		{ "a=", "a=1", false },
		{ "a=,b", "a=,b=1", true },
		{ "a!=1", "a=2", true },
		{ "a!=1", "b=1", true },
		{ "a!=1", "a=1", false },
		{ "a in (1,2)", "a=2", true },
		{ "a in (1,2)", "a=3", false },
		{ "a in (1, 2)", "b=2", false },
		{ "a in (,1)", "a=", true },
		{ "a in (1,)", "a=", true },
		{ "a in (1,,2)", "a=", true },
		{ "a in (,)", "a=", true },
		{ "a in ()", "a=", true },
		{ "a in ()", "a=1", false },
		{ "a in ()", "b=", false },
		{ "a notin ()", "a=", false },
		{ "a notin ( )", "a=1", true },
		{ "a=1,a=2", "a=2", false },
		{ "a notin (1,2)", "a=3", true },
		{ "a notin (1,2)", "b=3", true },
		{ "a notin (1,2)", "a=1", false },
		{ "a>1", "a=2", true },
		{ "a>1", "a=1", false },
		{ "a>1", "a=x", false },
		{ "a>1", "b=2", false },
		{ "a<10", "a=9", true },
		{ "a,b=1", "a=,b=1", true },
		{ "a,b=1", "a=,b=2", false },
		{ "in=notin", "in=notin", true },
		{ "in in (in)", "in=in", true },
		{ "x.io/a_b=c.d", "x.io/a_b=c.d", true },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct selector s;

		assert_row(rows[i].selector,
			   selector_parse(mem, sv_of(rows[i].selector),
					  SELECTOR_ANY, &s) == NULL);
		assert_row(rows[i].selector,
			   selector_match(&s, lookup, rows[i].object) ==
				   rows[i].want);
	}
	arena_free(mem);
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		",",	   "a,",       "a,,b",	     "!",	  "!!a",
		"a b",	   "a=b c",    "a=(",	     "a in",	  "a in 1",
		"a in )",  "a in (1",  "a in (1 2)", "a in (1))", "=a",
		"a=b=c",   "a!b",      "a>",	     "a>x",	  "a<1.5",
		"(a)",	   "a=b/c",    "a=-b",	     "a=b-",	  "-a=b",
		"a/b/c=d", "A.io/b=c", "/b=c",	     "a/=c",	  "a..b/c",
		"!a=b",	   "a=\"b\"",  "a in (b/c)",
	};
	static const char long_value[] =
		"a="
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aa";
	struct arena *mem = arena_new();
	struct selector s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_row(rows[i], selector_parse(mem, sv_of(rows[i]),
						   SELECTOR_ANY, &s) != NULL);
	assert_non_null(
		selector_parse(mem, sv_of(long_value), SELECTOR_ANY, &s));
	arena_free(mem);
}

/* What a LabelSelector can hold: no order, no "!=", one value for a key. */
static void test_label_selector(void **state)
{
	static const char *const refused[] = { "a>1", "a<1", "a!=1",
					       "b=1,a!=1" };
	static const struct {
		const char *selector, *object;
		bool want;
	} rows[] = {
		{ "a=1,a=2", "a=2", true },
		{ "a=1,a=2", "a=1", false },
		{ "a==1,b=1,a=2", "a=2", false },
		{ "a==1,b=1,a=2", "a=2,b=1", true },
		{ "a in (1),a=2", "a=2", false },
		{ "a notin (1)", "a=2", true },
	};
	struct arena *mem = arena_new();
	struct selector s;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct sv text = sv_of(refused[i]);

		assert_row(refused[i],
			   selector_parse(mem, text, SELECTOR_LABELS, &s));
		assert_row(refused[i],
			   selector_parse(mem, text, SELECTOR_ANY, &s) == NULL);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *label = rows[i].selector;

		assert_row(label, selector_parse(mem, sv_of(label),
						 SELECTOR_LABELS, &s) == NULL);
		assert_row(label, selector_match(&s, lookup, rows[i].object) ==
					  rows[i].want);
	}
	arena_free(mem);
}

static void test_ttl(void **state)
{
	static const struct {
		const char *in;
		int64_t want; /* 0: refused */
	} rows[] = {
		{ "600", 600 },
		{ "10m", 600 },
		{ "1h30m", 5400 },
		{ "1m1m", 120 },
		{ "1.5s", 1 },
		{ "1.999s", 1 },
		{ "+5", 5 },
		{ "007", 7 },
		{ "1500ms", 1 },
		{ "2147483647", 2147483647 },
		{ "30s1m", 90 },
		{ "2000000us", 2 },
		{ "2000000\xc2\xb5s", 2 },
		{ "2000000\xce\xbcs", 2 },
		{ "1.h", 3600 },
		{ ".5m", 30 },
		{ "0", 0 },
		{ "-1", 0 },
		{ "0.5s", 0 },
		{ "999ms", 0 },
		{ "2147483648", 0 },
		{ " 60", 0 },
		{ "60 ", 0 },
		{ "1m ", 0 },
		{ "1d", 0 },
		{ "1e3", 0 },
		{ "60.0", 0 },
		{ "1 m", 0 },
		{ "", 0 },
		{ "0s", 0 },
		{ "-1m", 0 },
		{ "600000h", 0 },
		{ "0x10", 0 },
		{ "1_000", 0 },
		{ "1,000", 0 },
		{ ".s", 0 },
		{ "m", 0 },
		{ "1", 1 },
		{ "+", 0 },
		{ "100000000000000000000", 0 },
		{ "9223372036854775808", 0 },
		{ "9223372036854775808ns", 0 },
		{ "9999999999999999999h", 0 },
		{ "\xef\xbc\x96\xef\xbc\x90", 0 }, /* full-width digits */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got;
		const char *fault = ttl_parse(sv_of(rows[i].in), &got);

		assert_row(rows[i].in, got == rows[i].want);
		assert_row(rows[i].in, (fault == NULL) == (got > 0));
	}
}

static void test_integer(void **state)
{
	int64_t n = 0;

	(void)state;
	assert_true(sv_integer(SV("-9223372036854775808"), &n));
	assert_true(n == INT64_MIN);
	assert_true(sv_integer(SV("+9223372036854775807"), &n));
	assert_true(n == INT64_MAX);
	assert_false(sv_integer(SV("9223372036854775808"), &n));
	assert_false(sv_integer(SV("-9223372036854775809"), &n));
	assert_true(duration_flag_parse(SV("1w1d1h"), &n));
	assert_true(n == 694800);
	assert_false(duration_parse(SV("1d"), &n));
	assert_true(sv_integer(SV("+9223372036854775807"), &n));
	assert_false(sv_integer(SV("--1"), &n));
	assert_true(n == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_label_selector),
		cmocka_unit_test(test_ttl),
		cmocka_unit_test(test_integer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
