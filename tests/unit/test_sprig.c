/*
 * Go's templates with sprig: what the real ones answered, recorded by
 * tests/e2e/gotemplate (`make e2e` asks them again).  NULL: refused.
 */
#include "test.h"

#include "template/template.h"

static const char text[] =
	"{\"s\": \"Web-App\", \"empty\": \"\", \"dotted\": \"a.b.c\",\n"
	" \"spaced\": \"  two words \", \"host\": \"shop.example.com\",\n"
	" \"num\": \"42\", \"line\": \"one\\ntwo\", \"n\": 3, \"zero\": 0,\n"
	" \"big\": 1500000, \"frac\": 2.5, \"yes\": true, \"null\": null,\n"
	" \"list\": [\"x\", \"y\", \"x\", \"z\"], \"nums\": [3, 1, 2],\n"
	" \"none\": [], \"mixed\": [\"a\", 1, true, null, {\"k\": \"v\"}],\n"
	" \"map\": {\"a\": \"one\", \"b\": {\"c\": \"two\", \"d\": [1, 2]},\n"
	"  \"e\": \"\"},\n"
	" \"labels\": {\"team\": \"blue\", \"app.kubernetes.io/name\": "
	"\"web\"},\n"
	" \"items\": [{\"name\": \"p\", \"port\": 80},\n"
	"  {\"name\": \"q\", \"port\": 443, \"tls\": true}],\n"
	" \"json\": \"{\\\"h\\\": [\\\"h1\\\", \\\"h2\\\"], \\\"n\\\": 1}\",\n"
	" \"b64\": \"aGVsbG8=\"}\n";

enum { DEFAULT = MISSING_NO_VALUE, ZERO = MISSING_ZERO, ERROR = MISSING_ERROR };

/* clang-format off */
static const struct {
	const char *text;
	int missing;
	const char *want;
} rows[] = {
#define ROW(text, missing, want) { text, missing, want },
#include "template_go.def"
#undef ROW
};
/* clang-format on */

static const char *fill(struct arena *mem, const char *t, int missing,
			struct sv *out)
{
	struct filler f = { .mem = mem,
			    .dialect = &template_sprig,
			    .missing = (enum missing_key)missing };
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct template *parsed;
	struct value dot;
	const char *fault;

	manifest_parse(mem, &d, SV("data"), sv_of(text), &docs);
	dot = value_data(docs.list.v[0]);
	*out = SV("");
	fault = template_parse(mem, sv_of(t), &template_sprig, &parsed);
	if (fault != NULL || parsed == NULL)
		return fault;
	return template_fill(&f, parsed, &dot, (struct loc){ 0 }, out);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct sv have;
		const char *fault =
			fill(mem, rows[i].text, rows[i].missing, &have);

		if ((rows[i].want == NULL) != (fault != NULL) ||
		    (fault == NULL && !sv_eq(have, sv_of(rows[i].want))))
			fail_msg("%s (%d): expected %s, found %s \"" SV_FMT
				 "\"",
				 rows[i].text, rows[i].missing,
				 rows[i].want != NULL ? rows[i].want
						      : "a refusal",
				 fault != NULL ? fault : "", SV_ARG(have));
		arena_free(mem);
	}
}

/* No function sees the clock, the machine, the network or chance. */
static void test_no_effects(void **state)
{
	static const char *const names[] = {
		"now",	     "env",	"expandenv", "getHostByName", "uuidv4",
		"randAlpha", "randInt", "genCA",     "lookup",	      "include",
	};
	struct arena *mem = arena_new();
	struct template *t;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(template_parse(
			mem, arena_fmt(mem, "{{%s \"a\"}}", names[i]),
			&template_sprig, &t));
	arena_free(mem);
}

/* What would run for long or fill the memory ends with a fault. */
static void test_bounds(void **state)
{
	static const char *const texts[] = {
		"{{range until 100000}}{{range until 100000}}{{end}}{{end}}",
		"{{repeat 1000000000 \"abc\"}}",
		"{{until 2000000000}}",
		"{{define \"r\"}}{{template \"r\"}}{{end}}{{template \"r\"}}",
		"{{$x := \"a\"}}{{range until 60}}{{$x = print $x $x}}{{end}}"
		"{{$x}}",
		"{{$x := list 1}}{{range until 60}}{{$x = concat $x "
		"$x}}{{end}}",
		"{{$x := dict}}{{range until 30}}{{$x = dict \"a\" $x \"b\" "
		"$x}}"
		"{{end}}{{deepCopy $x | toJson | len}}",
		"{{indent 100000000 \"a\"}}",
		"{{regexMatch \"(a|aa)+[bc]\" (repeat 60 \"a\")}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *mem = arena_new();
		struct sv out;
		const char *fault = fill(mem, texts[i], DEFAULT, &out);

		if (fault == NULL)
			fail_msg("%s: filled, %zu bytes", texts[i], out.n);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_effects),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
