/* The same answer from any number of processes, and no silent end. */
#include "base/workers.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/budget.h"
#include "test.h"

enum { MANY = 5000, MEBI = 1024 * 1024 };

struct job {
	struct arena *mem;
	struct buf told;
	size_t fault_at, die_at, exit_at; /* 0: none */
	bool begin_fails;
	size_t large_at, work_at; /* 0: none */
	size_t last;
};

static int begin(void *arg, struct fault *f)
{
	struct job *j = arg;

	if (j->begin_fails)
		return fault_set(f, j->mem, FAULT_AGAIN, "not now");
	return 0;
}

static int item(void *arg, size_t i, struct buf *out, struct fault *f)
{
	struct job *j = arg;

	if (j->fault_at != 0 && i >= j->fault_at) {
		fault_file(f, out->mem, FAULT_ENV, "item %zu", i);
		fault_hint(f, out->mem, "try %zu", i + 1);
		return -1;
	}
	if (j->die_at != 0 && i == j->die_at)
		(void)raise(SIGKILL);
	if (j->exit_at != 0 && i == j->exit_at)
		_exit(3);
	budget_at(out->mem, (struct loc){ SV("item"), (uint32_t)i, 1 });
	if (j->large_at != 0 && i == j->large_at)
		(void)arena_alloc(out->mem, 1, (size_t)64 * MEBI);
	if (j->work_at != 0 && i == j->work_at)
		work_spend(out->mem, WORK_BUILDS, SIZE_MAX,
			   (struct loc){ SV("work"), (uint32_t)i, 1 });
	if (i % 3 == 0)
		buf_fmt(out, "<%zu>", i);
	/* More than is kept back before it is written. */
	if (i % 1000 == 0)
		for (int k = 0; k < 40000; k++)
			buf_add(out, SV("0123456789"));
	return 0;
}

static void take(void *arg, size_t i, struct sv told)
{
	struct job *j = arg;

	assert_true(told.n > 0);
	assert_true(j->told.n == 0 || i > j->last);
	j->last = i;
	buf_add(&j->told, told);
}

static int run(struct job *j, unsigned jobs, struct fault *f)
{
	struct workers w = { .n = MANY,
			     .jobs = jobs,
			     .arg = j,
			     .begin = begin,
			     .item = item,
			     .take = take };

	j->told = (struct buf){ .mem = j->mem };
	return workers_run(j->mem, &w, f);
}

static void test_same_answer(void **state)
{
	struct job here = { .mem = arena_new() };
	struct job forked = { .mem = here.mem };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(run(&here, 1, &f), 0);
	assert_true(here.told.n > MANY);
	for (unsigned jobs = 2; jobs < 7; jobs++) {
		assert_int_equal(run(&forked, jobs, &f), 0);
		assert_sv("told", buf_sv(&forked.told), buf_sv(&here.told));
	}
	arena_free(here.mem);
}

static void test_first_fault(void **state)
{
	(void)state;
	for (unsigned jobs = 1; jobs < 5; jobs++) {
		struct job j = { .mem = arena_new(), .fault_at = 777 };
		struct fault f = { 0 };

		assert_int_equal(run(&j, jobs, &f), -1);
		assert_int_equal(f.kind, FAULT_ENV);
		assert_sv("text", f.text, SV("item 777"));
		assert_sv("hint", f.hint, SV("try 778"));
		arena_free(j.mem);
	}
}

static void test_deaths(void **state)
{
	struct job killed = { .mem = arena_new(), .die_at = 1234 };
	struct job left = { .mem = killed.mem, .exit_at = 1234 };
	struct job late = { .mem = killed.mem, .begin_fails = true };
	struct fault a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	assert_int_equal(run(&killed, 2, &a), -1);
	assert_sv("killed", a.text,
		  SV("a reader was killed by signal 9 (Killed)"));
	assert_int_equal(run(&left, 2, &b), -1);
	assert_sv("left", b.text, SV("a reader ended with status 3"));
	assert_int_equal(run(&late, 2, &c), -1);
	assert_int_equal(c.kind, FAULT_AGAIN);
	arena_free(killed.mem);
}

struct passed {
	jmp_buf back;
	enum work kind;
	struct loc at;
};

static void over(void *arg, const struct budget *b, enum work kind)
{
	struct passed *p = arg;

	p->kind = kind;
	p->at = b->at;
	longjmp(p->back, 1);
}

/* What a child passes is said in the parent, with the child's place. */
static void test_budget(void **state)
{
	static const struct {
		const char *label, *file;
		size_t large_at, work_at;
	} rows[] = {
		{ "bytes", "item", 1500, 0 },
		{ "work", "work", 0, 1500 },
	};

	(void)state;
	for (volatile size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct passed *p = test_malloc(sizeof(*p));
		struct budget *b = test_malloc(sizeof(*b));
		struct job *j = test_calloc(1, sizeof(*j));
		struct fault f = { 0 };

		assert_true(budget_open(b, (size_t)32 * MEBI));
		b->over = over;
		b->arg = p;
		j->mem = arena_new_in(b);
		j->large_at = rows[i].large_at;
		j->work_at = rows[i].work_at;
		if (setjmp(p->back) == 0) {
			(void)run(j, 3, &f);
			fail_msg("%s: not passed", rows[i].label);
		}
		assert_sv(rows[i].label, p->at.file, sv_of(rows[i].file));
		assert_int_equal(p->at.line, 1500);
		assert_int_equal(p->kind, i == 0 ? WORK_COUNT : WORK_BUILDS);
		arena_free(j->mem);
		budget_close(b);
		test_free(j);
		test_free(b);
		test_free(p);
	}
}

/* What the children took is given back, and what they sent. */
static void test_budget_returns(void **state)
{
	struct budget b;
	struct job j = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_true(budget_open(&b, (size_t)1024 * MEBI));
	j.mem = arena_new_in(&b);
	assert_int_equal(run(&j, 4, &f), 0);
	arena_free(j.mem);
	assert_int_equal(budget_held(&b), 0);
	budget_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_answer),
		cmocka_unit_test(test_first_fault),
		cmocka_unit_test(test_deaths),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_budget_returns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
