/* Small helpers that every room uses: base/. */
#include "test.h"

#include "base/budget.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/shell.h"
#include "base/size.h"
#include "base/strings.h"
#include "base/utf8.h"

static const struct {
	const char *label, *in;
	size_t n;
	uint32_t code;
} utf8_rows[] = {
	{ "empty", "", 0, 0xfffd },
	{ "ASCII", "a\xff", 1, 'a' },
	{ "two", "\xc3\xbc", 2, 0xfc },
	{ "three", "\xe2\x82\xac", 3, 0x20ac },
	{ "four", "\xf0\x9f\x99\x82", 4, 0x1f642 },
	{ "the last one", "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	{ "above it", "\xf4\x90\x80\x80", 0, 0xfffd },
	{ "0xf5", "\xf5\x80\x80\x80", 0, 0xfffd },
	{ "a continuation", "\x80", 0, 0xfffd },
	{ "cut short", "\xe2\x82", 0, 0xfffd },
	{ "cut by ASCII", "\xe2\x82x", 0, 0xfffd },
	{ "overlong two", "\xc1\x81", 0, 0xfffd },
	{ "overlong three", "\xe0\x80\xaf", 0, 0xfffd },
	{ "overlong four", "\xf0\x80\x80\xaf", 0, 0xfffd },
	{ "a surrogate", "\xed\xa0\x80", 0, 0xfffd },
	{ "before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff },
};

static void utf8_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(utf8_rows) / sizeof(utf8_rows[0]); i++) {
		uint32_t code;
		size_t n = utf8_at(sv_of(utf8_rows[i].in), &code);

		assert_row(utf8_rows[i].label, n == utf8_rows[i].n);
		assert_row(utf8_rows[i].label, code == utf8_rows[i].code);
	}
}

static const struct {
	const char *label, *in, *clean, *escaped;
} text_rows[] = {
	{ "as it is", "b\xc3\xbc", "b\xc3\xbc", "b\xc3\xbc" },
	{ "a byte",
	  "a\xff"
	  "b",
	  "a\xef\xbf\xbd"
	  "b",
	  "a\\xff"
	  "b" },
	{ "a sequence cut short", "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd",
	  "\\xe2\\x82" },
	/* A terminal that takes it reads a slash. */
	{ "an overlong slash", "\xe0\x80\xaf",
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\\xe0\\x80\\xaf" },
	{ "escape", "\x1b[1m", "\x1b[1m", "\\x1b[1m" },
	{ "C1", "\xc2\x9b", "\xc2\x9b", "\\xc2\\x9b" },
	{ "right to left", "\xe2\x80\xae", "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	{ "isolate", "\xe2\x81\xa6", "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
};

static void text_is_cleaned(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(text_rows) / sizeof(text_rows[0]); i++) {
		struct sv in = sv_of(text_rows[i].in);
		struct sv clean = utf8_clean(mem, in);

		assert_sv(text_rows[i].label, clean, sv_of(text_rows[i].clean));
		assert_row(text_rows[i].label, utf8_ok(clean));
		assert_row(text_rows[i].label, utf8_ok(in) == sv_eq(in, clean));
		assert_sv(text_rows[i].label, text_escape(mem, in),
			  sv_of(text_rows[i].escaped));
	}
	arena_free(mem);
}

static const struct {
	const char *path, *folder, *name, *top;
} path_rows[] = {
	{ "apps/a/web.yaml", "apps/a", "web.yaml", "apps" },
	{ "web.yaml", "", "web.yaml", "" },
	{ "", "", "", "" },
	{ "a/", "a", "", "a" },
};

static const struct {
	const char *folder, *path, *want; /* NULL: leads out */
} join_rows[] = {
	{ "", "a/b", "a/b" },
	{ "a", "b", "a/b" },
	{ "a/b", "../c", "a/c" },
	{ "a/b", "../../c", "c" },
	{ "a", "..", "" },
	{ "a", "../..", NULL },
	{ "", "..", NULL },
	{ "a", "/b", NULL },
	{ "a", "./b//c/.", "a/b/c" },
	{ "a", "", "a" },
};

static void paths_are_cut_and_joined(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(path_rows) / sizeof(path_rows[0]); i++) {
		struct sv path = sv_of(path_rows[i].path);

		assert_sv(path_rows[i].path, path_folder(path),
			  sv_of(path_rows[i].folder));
		assert_sv(path_rows[i].path, path_name(path),
			  sv_of(path_rows[i].name));
		assert_sv(path_rows[i].path, path_top(path),
			  sv_of(path_rows[i].top));
	}
	for (size_t i = 0; i < sizeof(join_rows) / sizeof(join_rows[0]); i++) {
		struct sv got = SV("");
		bool ok = path_join(mem, sv_of(join_rows[i].folder),
				    sv_of(join_rows[i].path), &got);

		assert_row(join_rows[i].path,
			   ok == (join_rows[i].want != NULL));
		if (ok)
			assert_sv(join_rows[i].path, got,
				  sv_of(join_rows[i].want));
	}
	assert_int_equal(path_shared(SV("a/b/c"), SV("a/b/d")), 2);
	assert_int_equal(path_shared(SV("a/b"), SV("ab/b")), 0);
	assert_true(path_below(SV("a/b"), SV("a")));
	assert_true(path_below(SV("a"), SV("")));
	assert_false(path_below(SV("a"), SV("a")));
	assert_false(path_below(SV("ab"), SV("a")));
	assert_false(path_below(SV(""), SV("")));
	arena_free(mem);
}

static void bools_are_as_in_go(void **state)
{
	static const char *const words[] = { "0",     "f",     "F",    "false",
					     "FALSE", "False", "1",    "t",
					     "T",     "true",  "TRUE", "True" };
	static const char *const none[] = { "",	     "yes", "tRUE", "on",
					    " true", "01",  "truE" };
	bool on;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		assert_row(words[i], sv_bool(sv_of(words[i]), &on));
		assert_row(words[i], on == (i >= 6));
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_row(none[i], !sv_bool(sv_of(none[i]), &on));
}

static const struct {
	const char *label, *in, *want;
} word_rows[] = {
	{ "plain", "dns/a_b-c.inc", "dns/a_b-c.inc" },
	{ "nothing", "", "''" },
	{ "a blank", "a b", "'a b'" },
	{ "a quote", "it's", "'it'\\''s'" },
	{ "a command", "$(x);`y`&", "'$(x);`y`&'" },
	{ "a backslash", "a\\b", "'a\\b'" },
	{ "a tilde", "~root", "'~root'" },
	{ "letters beyond ASCII", "z\xc3\xbcrich", "'z\xc3\xbcrich'" },
	{ "a line end", "a\nb", "'a'$'\\012''b'" },
	{ "no UTF-8", "\xff\xfe", "$'\\377\\376'" },
	{ "right to left", "a\xe2\x80\xae", "'a'$'\\342\\200\\256'" },
	{ "a quote behind it", "\x1b'", "$'\\033'''\\'''" },
};

/* What a shell makes of them is asked in tests/cli/hook.sh. */
static void words_for_a_shell(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(word_rows) / sizeof(word_rows[0]); i++) {
		struct sv word = shell_word(mem, sv_of(word_rows[i].in));

		assert_sv(word_rows[i].label, word, sv_of(word_rows[i].want));
		/* A screen takes it as it is. */
		assert_sv(word_rows[i].label, text_escape(mem, word), word);
	}
	arena_free(mem);
}

static const struct {
	const char *label, *in;
	unsigned long long want; /* 0: must be refused */
} size_rows[] = {
	{ "bytes", "4096", 4096 },
	{ "bytes, said", "4096B", 4096 },
	{ "kibibytes", "64K", 65536 },
	{ "mebibytes, small letter", "512m", 536870912 },
	{ "gibibytes", "1G", 1073741824 },
	{ "with iB", "2GiB", 2147483648 },
	{ "with B", "2GB", 2147483648 },
	{ "a blank between", "3 MiB", 3145728 },
	{ "blanks around", " 1g ", 1073741824 },
	{ "tebibytes", "1T", 1099511627776 },
	{ "a half", "1.5G", 1610612736 },
	{ "thousandths", "0.125k", 128 },
	{ "a point at the end", "1.G", 0 },
	{ "a point alone", ".5G", 0 },
	{ "more than thousandths", "1.0625G", 0 },
	{ "two points", "1.5.5G", 0 },
	{ "nothing", "", 0 },
	{ "a unit alone", "G", 0 },
	{ "negative", "-1G", 0 },
	{ "an unknown unit", "1X", 0 },
	{ "a word", "1Gig", 0 },
	{ "two units", "1KM", 0 },
	{ "a number behind", "1G1", 0 },
	{ "too large", "99999999999999T", 0 },
	{ "far too large", "99999999999999999999999", 0 },
	{ "a percentage", "50%", 0 },
};

static void sizes_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(size_rows) / sizeof(size_rows[0]); i++) {
		size_t n = 0;
		bool ok = size_parse(sv_of(size_rows[i].in), &n);

		if (ok != (size_rows[i].want > 0) || n != size_rows[i].want)
			fail_msg("%s: %zu", size_rows[i].label, n);
	}
}

static void sizes_are_written(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_sv("bytes", size_text(mem, 1023), SV("1023"));
	assert_sv("kibibytes", size_text(mem, 1536), SV("1536"));
	assert_sv("mebibytes", size_text(mem, 3U << 20), SV("3M"));
	assert_sv("gibibytes", size_text(mem, 1U << 30), SV("1G"));
	assert_sv("none", size_text(mem, 0), SV("0"));
	arena_free(mem);
}

/* What a budget said, and where; over() must not return. */
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

enum { MEBI = 1024 * 1024 };

static void budget_of_bytes(void **state)
{
	struct passed *p = test_malloc(sizeof(*p));
	struct budget b;
	struct arena *mem, *under;

	(void)state;
	assert_true(budget_open(&b, MEBI));
	b.over = over;
	b.arg = p;
	mem = arena_new_in(&b);
	under = arena_under(mem);
	(void)arena_alloc(mem, 1, MEBI / 2);
	/* What was freed or reset counts no more. */
	for (int i = 0; i < 8; i++) {
		(void)arena_alloc(under, 1, MEBI / 3);
		arena_reset(under);
	}
	budget_at(under, (struct loc){ SV("a.yaml"), 3, 7 });
	if (setjmp(p->back) == 0) {
		(void)arena_alloc(under, 1, MEBI / 2);
		fail_msg("more than the budget");
	}
	assert_int_equal(p->kind, WORK_COUNT);
	assert_sv("place", p->at.file, SV("a.yaml"));
	assert_int_equal(p->at.line, 3);
	arena_free(under);
	arena_free(mem);
	budget_close(&b);
	test_free(p);
}

static void budget_of_work(void **state)
{
	struct passed *p = test_malloc(sizeof(*p));
	struct budget b;
	struct arena *mem, *none = arena_new();
	size_t most;

	(void)state;
	assert_true(budget_open(&b, DEFAULT_MEMORY));
	b.over = over;
	b.arg = p;
	mem = arena_new_in(&b);
	most = work_most(&b, WORK_BUILDS);
	assert_int_equal(most, MAX_BUILDS);
	work_spend(mem, WORK_BUILDS, most, NOWHERE);
	work_spend(mem, WORK_UNITS, 1, NOWHERE);
	if (setjmp(p->back) == 0) {
		work_spend(mem, WORK_BUILDS, 1,
			   (struct loc){ SV("b.yaml"), 1, 1 });
		fail_msg("more than the bound");
	}
	assert_int_equal(p->kind, WORK_BUILDS);
	assert_sv("place", p->at.file, SV("b.yaml"));
	work_restart(mem);
	work_spend(mem, WORK_BUILDS, most, NOWHERE);
	if (setjmp(p->back) == 0) {
		work_spend(mem, WORK_UNITS, SIZE_MAX, NOWHERE);
		fail_msg("a sum that goes round");
	}
	b.limit *= 3;
	assert_int_equal(work_most(&b, WORK_BUILDS), 3 * most);
	work_spend(none, WORK_BUILDS, SIZE_MAX, NOWHERE);
	arena_free(none);
	arena_free(mem);
	budget_close(&b);
	test_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_read),
		cmocka_unit_test(text_is_cleaned),
		cmocka_unit_test(paths_are_cut_and_joined),
		cmocka_unit_test(bools_are_as_in_go),
		cmocka_unit_test(words_for_a_shell),
		cmocka_unit_test(sizes_are_read),
		cmocka_unit_test(sizes_are_written),
		cmocka_unit_test(budget_of_bytes),
		cmocka_unit_test(budget_of_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
