/* Regular expressions: RE2's syntax, whoever asks. */
#include "test.h"

#include "base/buf.h"
#include "base/pattern.h"

static void test_pattern(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} rows[] = {
		{ "example\\.com", "a.example.com.org", true },
		{ "example\\.com$", "a.example.com.org", false },
		{ "^a\\.example\\.(com|org)$", "a.example.org", true },
		{ "(?i)EXAMPLE", "example", true },
		{ "(?i:X)y", "xy", true },
		{ "^[[:alpha:]]+$", "abc", true },
		{ "^[^.]+\\.x$", "a.x", true },
		{ "^[^.]+\\.x$", "a.b.x", false },
		{ "^(?P<n>a)+$", "aaa", true },
		{ "^(?:ab){2,3}$", "ababab", true },
		{ "^x{,2}$", "x{,2}", true },
		{ "\\Qa.b\\E", "a.b", true },
		{ "\\Qa.b\\E", "axb", false },
		{ "^a*?b$", "aab", true },
		{ "a$", "a\n", false },
		{ "^\\d+$", "42", true },
		{ "\\x2e", ".", true },
		{ "\\pL", "\xc3\xbc", true },
		{ "^.$", "\xc3\xbc", true },
		{ "[]a]", "]", true },
		/* Time is what it must not take. */
		{ "^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		  false },
		{ "^(a|a?)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		  false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern *p = NULL;

		assert_row(rows[i].pattern,
			   pattern_compile(mem, sv_of(rows[i].pattern), &p) ==
				   NULL);
		assert_row(rows[i].pattern,
			   (pattern_match(p, sv_of(rows[i].text)) ==
			    PATTERN_HIT) == rows[i].want);
	}
	arena_free(mem);
}

/* What RE2 refuses, though pcre2 knows it. */
static void test_not_re2(void **state)
{
	static const char *const rows[] = {
		"(?=a)",   "(?!a)",  "(?<=a)", "(?<!a)",  "(?>a)",   "(a)\\1",
		"a++",	   "a**",    "a*+",    "a{2}{3}", "a{1001}", "(*UTF)a",
		"(?|a|b)", "(?R)",   "(?1)",   "\\K",	  "\\Z",     "\\G",
		"\\h",	   "\\X",    "(?#x)",  "(?x)a",	  "(?P=n)",  "*a",
		"+",	   "a|*",    "(",      ")",	  "[a",	     "a\\",
		"\\8",	   "(?P>n)", "a?\?\?", "\\e",
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern *p = NULL;

		assert_row(rows[i],
			   pattern_compile(mem, sv_of(rows[i]), &p) != NULL);
	}
	arena_free(mem);
}

/* Go takes these and pcre2 does not; refusing them is the safe side. */
static const char *const stricter[] = {
	"a*(?i)*",
};

static const struct sv go_texts[] = {
#define TEXT(text) { text, sizeof(text) - 1 },
#define ROW(pattern, bits)
#include "pattern_go.def"
#undef TEXT
#undef ROW
};

static const struct {
	struct sv pattern;
	const char *bits; /* by text: '1' hit, '0' miss; NULL: refused */
} go_rows[] = {
#define TEXT(text)
#define ROW(pattern, bits) { { pattern, sizeof(pattern) - 1 }, bits },
#include "pattern_go.def"
#undef TEXT
#undef ROW
};

static bool is_stricter(struct sv pattern)
{
	for (size_t i = 0; i < sizeof(stricter) / sizeof(stricter[0]); i++)
		if (sv_eq(pattern, sv_of(stricter[i])))
			return true;
	return false;
}

static size_t check_texts(const struct pattern *p, struct sv pattern,
			  const char *bits)
{
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(go_texts) / sizeof(go_texts[0]); i++) {
		bool want = bits[i] == '1';

		if ((pattern_match(p, go_texts[i]) == PATTERN_HIT) == want)
			continue;
		print_error("\"" SV_FMT "\" on \"" SV_FMT "\": Go %s\n",
			    SV_ARG(pattern), SV_ARG(go_texts[i]),
			    want ? "hits" : "misses");
		wrong++;
	}
	return wrong;
}

/* What Go's regexp said, recorded by tests/e2e/regexp. */
static void test_go(void **state)
{
	const size_t n = sizeof(go_rows) / sizeof(go_rows[0]);
	struct arena *mem = arena_new();
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct sv text = go_rows[i].pattern;
		struct pattern *p = NULL;
		bool refused = pattern_compile(mem, text, &p) != NULL;

		if (refused != (go_rows[i].bits == NULL) &&
		    !is_stricter(text)) {
			print_error("\"" SV_FMT "\": Go %s\n", SV_ARG(text),
				    refused ? "takes it" : "refuses it");
			wrong++;
		}
		if (!refused && go_rows[i].bits != NULL)
			wrong += check_texts(p, text, go_rows[i].bits);
	}
	assert_int_equal(wrong, 0);
	arena_free(mem);
}

/* As kustomize anchors a selector. */
static void test_whole(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} rows[] = {
		{ "web", "web", true },
		{ "web", "web-2", false },
		{ "web.*", "web-2", true },
		{ "a|b|cd", "cd", true },
		{ "w\\d{1,3}|x", "w12", true },
		{ "w\\d{1,3}|x", "w1234", false },
		{ "w12)|(?:x", "w12", true },
		{ "^w12$|y", "w12", true },
		{ "(((((((((a*)*)*)*)*)*)*)*)*)*b",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern *p = NULL;

		assert_row(rows[i].pattern,
			   pattern_compile_whole(mem, sv_of(rows[i].pattern),
						 &p) == NULL);
		assert_row(rows[i].pattern,
			   (pattern_match(p, sv_of(rows[i].text)) ==
			    PATTERN_HIT) == rows[i].want);
	}
	arena_free(mem);
}

/* Over the bound of states nobody claims to know. */
static void test_too_much(void **state)
{
	struct arena *mem = arena_new();
	struct buf b = { .mem = mem }, text = { .mem = mem };
	struct pattern *p = NULL;

	(void)state;
	buf_add(&b, SV("^(?:"));
	for (int i = 0; i < 200; i++)
		buf_fmt(&b, "%s(?:a{1,%d}){2}", i > 0 ? "|" : "", 100 + i);
	buf_add(&b, SV(")*b$"));
	for (int i = 0; i < 300; i++)
		buf_char(&text, 'a');
	buf_add(&text, SV("bc"));
	assert_null(pattern_compile(mem, buf_sv(&b), &p));
	assert_int_equal(pattern_match(p, buf_sv(&text)), PATTERN_TOO_MUCH);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pattern),	 cmocka_unit_test(test_not_re2),
		cmocka_unit_test(test_go),	 cmocka_unit_test(test_whole),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
