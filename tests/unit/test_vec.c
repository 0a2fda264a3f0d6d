/* Vectors: growth, cutting, and copies that do not share with what grows. */
#include "test.h"

#include "base/vec.h"

struct numbers {
	VEC(int) list;
};

static void push(struct arena *mem, struct numbers *to, int first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*VEC_ADD(mem, &to->list) = first + (int)i;
}

static bool counts_from(const struct numbers *have, size_t at, int first,
			size_t n)
{
	bool same = have->list.n >= at + n;

	for (size_t i = 0; same && i < n; i++)
		same = have->list.v[at + i] == first + (int)i;
	return same;
}

/* Whatever room the block had left, neither of the two sees the other. */
static void test_own(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t n = 0; n <= 9; n++) {
		struct numbers from = { 0 }, copy;

		push(mem, &from, 100, n);
		copy = from;
		VEC_OWN(mem, &copy.list);
		assert_true(copy.list.n == n && copy.list.cap == n);
		push(mem, &copy, 200, 5);
		push(mem, &from, 300, 5);
		assert_true(counts_from(&copy, 0, 100, n));
		assert_true(counts_from(&copy, n, 200, 5));
		assert_true(counts_from(&from, 0, 100, n));
		assert_true(counts_from(&from, n, 300, 5));
	}
	arena_free(mem);
}

/* The crash of old: a copy appended to, the original cut and filled again. */
static void test_cut(void **state)
{
	struct arena *mem = arena_new();
	struct numbers from = { 0 }, copy;

	(void)state;
	push(mem, &from, 100, 3);
	copy = from;
	VEC_OWN(mem, &copy.list);
	push(mem, &copy, 200, 2);
	from.list.n = 1;
	push(mem, &from, 300, 4);
	assert_true(counts_from(&copy, 0, 100, 3));
	assert_true(counts_from(&copy, 3, 200, 2));
	assert_true(counts_from(&from, 1, 300, 4));
	arena_free(mem);
}

/* A slot behind a cut is zeroed before it is given out again. */
static void test_zeroed(void **state)
{
	struct arena *mem = arena_new();
	struct numbers of = { 0 };

	(void)state;
	push(mem, &of, 100, 3);
	of.list.n = 1;
	assert_int_equal(*VEC_ADD(mem, &of.list), 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
