/* Substitution against the recorded answers of the real engine. */
#include "test.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "render/flux/envsubst.h"

static const struct {
	const char *name, *value;
} vars[] = {
	{ "a", "AbC" }, { "b", "" },   { "host", "www.example.org" },
	{ "n", "42" },	{ "nl", "x" }, { "\xc3\xa4", "uml" },
};

static enum envsubst_state get(void *ctx, struct sv name, struct sv *value)
{
	(void)ctx;
	if (sv_eq(name, SV("sealed")))
		return ENVSUBST_UNKNOWN;
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++) {
		if (sv_eq(name, sv_of(vars[i].name))) {
			*value = sv_of(vars[i].value);
			return ENVSUBST_SET;
		}
	}
	return ENVSUBST_UNSET;
}

/* "a\"b\\c", as Go quotes; `*rest` goes behind it. */
static struct sv unquote(struct arena *mem, struct sv *rest)
{
	struct buf b = { .mem = mem };
	size_t i = 1;

	assert_true(rest->n > 1 && rest->p[0] == '"');
	for (; rest->p[i] != '"'; i++) {
		if (rest->p[i] == '\\')
			i++;
		buf_char(&b, rest->p[i]);
	}
	*rest = sv_trim(sv_from(*rest, i + 1));
	return buf_sv(&b);
}

static size_t run_file(struct arena *mem, const char *path)
{
	struct fault f = { 0 };
	struct sv text, line;
	size_t n = 0;

	assert_int_equal(file_read(mem, path, MAX_FILE_BYTES, &f, &text), 0);
	while (sv_cut(&text, '\n', &line)) {
		struct envsubst e = { .mem = mem, .get = get, .lenient = true };
		struct sv in, out = SV("");
		int rc;

		if (line.n == 0)
			continue;
		in = unquote(mem, &line);
		rc = envsubst(&e, in, &out);
		if (sv_starts(line, SV("ERR")))
			assert_row(in.p, rc == -1 && e.fault != NULL);
		else {
			assert_row(in.p, rc == 0);
			assert_sv(in.p, out, unquote(mem, &line));
		}
		n++;
	}
	return n;
}

static void test_recorded(void **state)
{
	struct arena *mem = arena_new();
	size_t n = run_file(mem, "tests/data/envsubst/expected-lenient.txt") +
		   run_file(mem, "tests/data/envsubst/expected-more.txt");

	(void)state;
	assert_int_equal(n, 130);
	arena_free(mem);
}

static const struct {
	const char *in, *want, *keep; /* want NULL: strict mode refuses */
} strict[] = {
	{ "${c}", NULL, "${c}" },
	{ "x.${c}.${a}", NULL, "x.${c}.AbC" },
	{ "${#c}", NULL, "${#c}" },
	{ "${c^^}", NULL, "${c^^}" },
	{ "${c/a/b}", NULL, "${c/a/b}" },
	{ "${c:=d}", "d", "d" },
	{ "${c:=${d}}", NULL, "${c:=${d}}" },
	{ "${a:=${d}}", NULL, "${a:=${d}}" },
	{ "${c:=${d:=e}}", "e", "e" },
	{ "${b}", "", "" },
	{ "$${c}", "${c}", "${c}" },
	/* What is encrypted has a value: its default would be a lie. */
	{ "${sealed}", NULL, "${sealed}" },
	{ "${sealed:=d}", NULL, "${sealed:=d}" },
	{ "${a:0:-1}", NULL, NULL },
	{ "${a:-", NULL, NULL },
	{ "${host/#x/y}", "www.example.org", "www.example.org" },
	{ "${host/%.org/}", "www.example.org", "www.example.org" },
	{ "${host/w//x}", "xww.example.org", "xww.example.org" },
	{ "${host##[}", "www.example.org", "www.example.org" },
	{ "${host%[a-z]}", "www.example.org", "www.example.org" },
	{ "${host%or?}", "www.example.", "www.example." },
	{ "${host#[^w]}", "www.example.org", "www.example.org" },
	{ "${host/${b}/x}", "xwww.example.org", "xwww.example.org" },
	{ "${n//${b}/-}", "-4-2-", "-4-2-" },
	{ "${host:${n}}", "", "" },
	{ "${host:4:${#nl}}", "e", "e" },
	{ "${a,^}", "AbC", "AbC" },
	{ "${a/\\//x}", "AbC", "AbC" },
};

static void test_strict(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++) {
		struct envsubst e = { .mem = mem, .get = get };
		struct envsubst k = { .mem = mem, .get = get, .keep = true };
		struct sv in = sv_of(strict[i].in), out = SV("");
		int rc = envsubst(&e, in, &out);

		assert_row(strict[i].in,
			   rc == (strict[i].want == NULL ? -1 : 0));
		if (strict[i].want != NULL)
			assert_sv(strict[i].in, out, sv_of(strict[i].want));
		rc = envsubst(&k, in, &out);
		assert_row(strict[i].in,
			   rc == (strict[i].keep == NULL ? -1 : 0));
		if (strict[i].keep != NULL)
			assert_sv(strict[i].in, out, sv_of(strict[i].keep));
	}
	arena_free(mem);
}

static void test_missing(void **state)
{
	struct arena *mem = arena_new();
	struct envsubst e = { .mem = mem, .get = get, .keep = true };
	struct sv out;

	(void)state;
	assert_int_equal(envsubst(&e, SV("${c}${d}${c}${sealed:=x}"), &out), 0);
	assert_int_equal(e.missing.n, 3);
	assert_sv("first", e.missing.v[0], SV("c"));
	assert_sv("last", e.missing.v[2], SV("sealed"));
	arena_free(mem);
}

/* Nested defaults, values that multiply, patterns that take long. */
static void test_bombs(void **state)
{
	struct arena *mem = arena_new();
	struct buf deep = { .mem = mem }, wide = { .mem = mem };
	struct buf glob = { .mem = mem };
	struct envsubst e = { .mem = mem, .get = get };
	struct sv out;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		buf_add(&deep, SV("${c:="));
		buf_add(&wide, SV("${c:=aaaaaaaaaaaaaaaaaaaa}"));
	}
	assert_int_equal(envsubst(&e, buf_sv(&deep), &out), -1);
	assert_string_equal(e.fault, "expressions are nested too deeply");
	assert_int_equal(envsubst(&e, buf_sv(&wide), &out), -1);
	assert_string_equal(e.fault, "the substituted text is too long");
	buf_add(&glob, SV("${host//${b}/${host//${b}/${host//${b}/"
			  "${host//${b}/${host//${b}/${host}}}}}}"));
	e.work = 0;
	assert_int_equal(envsubst(&e, buf_sv(&glob), &out), -1);
	assert_true(e.work <= MAX_SUBST_WORK + MAX_SUBST_BYTES);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_bombs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
