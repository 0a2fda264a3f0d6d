/* Small helpers that every room uses: base/. */
#include "test.h"

#include "base/path.h"
#include "base/shell.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_read),
		cmocka_unit_test(text_is_cleaned),
		cmocka_unit_test(paths_are_cut_and_joined),
		cmocka_unit_test(bools_are_as_in_go),
		cmocka_unit_test(words_for_a_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
