#include "test.h"

#include "base/words.h"

static const struct {
	const char *label;
	size_t n;
	const char *one, *many, *want;
} counts[] = {
	{ "none", 0, "record", NULL, "0 records" },
	{ "one", 1, "record", NULL, "1 record" },
	{ "two", 2, "record", NULL, "2 records" },
	{ "plural of its own", 3, "entry", "entries", "3 entries" },
	{ "one of those", 1, "entry", "entries", "1 entry" },
};

static void numbers_have_their_plural(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct arena *mem = arena_new();

		assert_sv(counts[i].label,
			  words_count(mem, counts[i].n, counts[i].one,
				      counts[i].many),
			  sv_of(counts[i].want));
		arena_free(mem);
	}
}

static const struct {
	const char *label, *in, *want;
} lists[] = {
	{ "nothing", "", "" },
	{ "one word", "bind", "bind" },
	{ "two words", "txt noop", "txt or noop" },
	{ "three words", "warn error skip", "warn, error or skip" },
};

static void lists_end_in_or(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct arena *mem = arena_new();

		assert_sv(lists[i].label, words_or(mem, sv_of(lists[i].in)),
			  sv_of(lists[i].want));
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_plural),
		cmocka_unit_test(lists_end_in_or),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
