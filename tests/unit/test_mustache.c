#include "test.h"

#include "base/mustache.h"

static struct sv shout(struct arena *mem, struct sv s)
{
	return arena_fmt(mem, "<" SV_FMT ">", SV_ARG(s));
}

static const struct {
	const char *label, *template, *want; /* want NULL: refused */
	bool escape;
} rows[] = {
	{ "plain", "a\n", "a\n", false },
	{ "value", "x {{a}} y", "x A y", false },
	{ "blanks in the tag", "{{ a }}", "A", false },
	{ "triple", "{{{a}}}", "A", false },
	{ "value is no template", "{{brace}}", "{{a}}", false },
	{ "escaped", "{{a}}", "<A>", true },
	{ "triple is escaped too", "{{{a}}}", "<A>", true },
	{ "text as a section", "{{#a}}yes{{/a}}", "yes", false },
	{ "empty text", "{{#none}}yes{{/none}}", "", false },
	{ "turned", "{{^none}}no{{/none}}{{^a}}x{{/a}}", "no", false },
	{ "list", "{{#list}}[{{i}}]{{/list}}", "[1][2]", false },
	{ "list sees what is above", "{{#list}}{{a}}{{i}}{{/list}}", "A1A2",
	  false },
	{ "list hides what is above", "{{#list}}{{hide}}{{/list}}{{hide}}",
	  "ininout", false },
	{ "turned list", "{{^list}}x{{/list}}", "", false },
	{ "alone on its line", "{{#list}}\n- {{i}}\n{{/list}}\nend\n",
	  "- 1\n- 2\nend\n", false },
	{ "alone, blanks around", "a\n  {{#a}} \nb\n{{/a}}\n", "a\nb\n",
	  false },
	{ "alone at the end", "{{#a}}\nb\n{{/a}}", "b\n", false },
	{ "not alone", "x {{#a}}\nb{{/a}}\n", "x \nb\n", false },
	{ "comment", "a{{! no }}b", "ab", false },
	{ "same name within", "{{#a}}1{{#a}}2{{/a}}3{{/a}}", "123", false },
	{ "unknown", "{{nope}}", NULL, false },
	{ "unknown section", "{{#nope}}{{/nope}}", NULL, false },
	{ "list as a text", "{{list}}", NULL, false },
	{ "not closed", "{{#a}}", NULL, false },
	{ "not opened", "{{/a}}", NULL, false },
	{ "closed by another", "{{#a}}{{/list}}", NULL, false },
	{ "no end of tag", "{{a", NULL, false },
};

static void test_render(void **state)
{
	struct arena *mem = arena_new();
	struct mustache_scope top = { 0 }, items[2] = { 0 };

	(void)state;
	mustache_text(mem, &top, "a", SV("A"));
	mustache_text(mem, &top, "none", SV(""));
	mustache_text(mem, &top, "brace", SV("{{a}}"));
	mustache_text(mem, &top, "hide", SV("out"));
	mustache_text(mem, &items[0], "i", SV("1"));
	mustache_text(mem, &items[1], "i", SV("2"));
	mustache_text(mem, &items[0], "hide", SV("in"));
	mustache_text(mem, &items[1], "hide", SV("in"));
	mustache_list(mem, &top, "list", items, 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };
		struct sv out = { NULL, 0 };
		int rc = mustache_render(mem, "t", sv_of(rows[i].template),
					 &top, rows[i].escape ? shout : NULL,
					 &f, &out);

		assert_row(rows[i].label, (rc == 0) == (rows[i].want != NULL));
		assert_row(rows[i].label, (f.kind == FAULT_USAGE) == (rc < 0));
		if (rc == 0)
			assert_sv(rows[i].label, out, sv_of(rows[i].want));
	}
	arena_free(mem);
}

static void test_deep(void **state)
{
	struct arena *mem = arena_new();
	struct mustache_scope top = { 0 };
	struct buf b = { .mem = mem };
	struct fault f = { 0 };
	struct sv out;

	(void)state;
	mustache_list(mem, &top, "l", &top, 1);
	for (int i = 0; i < 100; i++)
		buf_add(&b, SV("{{#l}}"));
	for (int i = 0; i < 100; i++)
		buf_add(&b, SV("{{/l}}"));
	assert_int_equal(
		mustache_render(mem, "t", buf_sv(&b), &top, NULL, &f, &out),
		-1);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_render),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
