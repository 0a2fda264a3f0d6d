#include "test.h"

#include "base/file.h"
#include "base/mustache.h"
#include "manifest/manifest.h"

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
		mustache_escape *escape = rows[i].escape ? shout : NULL;
		int rc = mustache_render(
			mem,
			&(struct mustache_options){
				.name = "t",
				.template = sv_of(rows[i].template),
				.top = &top,
				.escape = escape,
				.raw = escape,
				.strict = true },
			&f, &out);

		assert_row(rows[i].label, (rc == 0) == (rows[i].want != NULL));
		assert_row(rows[i].label, (f.kind == FAULT_USAGE) == (rc < 0));
		if (rc == 0)
			assert_sv(rows[i].label, out, sv_of(rows[i].want));
	}
	arena_free(mem);
}

/* Sections, partials, output and work have a bound each. */
static int partial_itself(void *of, struct sv name, struct sv *text)
{
	(void)of;
	*text = sv_eq(name, SV("twice")) ? SV("{{>twice}}{{>twice}}")
					 : SV("{{>itself}}");
	return 0;
}

static void bounds(void **state)
{
	static const struct {
		const char *label, *opening, *closing, *want;
		int times;
	} deep[] = {
		{ "sections", "{{#one}}", "{{/one}}", "nested too deep", 100 },
		{ "output", "{{#many}}{{x}}", "{{/many}}", "output too large",
		  4 },
		{ "work", "{{#many}}", "{{/many}}", "too much work", 6 },
		{ "partials", "{{>itself}}", "", "nested too deep", 1 },
		{ "partials twice", "{{>twice}}", "", "nested too deep", 1 },
	};
	enum { MANY = 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		struct arena *mem = arena_new();
		struct mustache_scope top = { 0 }, many[MANY] = { { { 0 } } };
		struct buf b = { .mem = mem };
		struct fault f = { 0 };
		struct sv out;

		mustache_list(mem, &top, "one", &top, 1);
		mustache_list(mem, &top, "many", many, MANY);
		mustache_text(mem, &top, "x", SV("twenty-one characters"));
		for (int k = 0; k < deep[i].times; k++)
			buf_add(&b, sv_of(deep[i].opening));
		for (int k = 0; k < deep[i].times; k++)
			buf_add(&b, sv_of(deep[i].closing));
		assert_int_equal(
			mustache_render(mem,
					&(struct mustache_options){
						.name = "t",
						.template = buf_sv(&b),
						.top = &top,
						.partial = partial_itself },
					&f, &out),
			-1);
		assert_row(deep[i].label, sv_has(f.text, sv_of(deep[i].want)));
		arena_free(mem);
	}
}

static void scope_fill(struct arena *mem, struct mustache_scope *s,
		       const struct node *map);

/* A value of the data under a name: false, null and "" are a text without
 * bytes. */
static void value_add(struct arena *mem, struct mustache_scope *s,
		      const char *name, const struct node *n)
{
	struct mustache_scope *list;

	if (n->kind == NODE_SCALAR) {
		bool none = node_is_null(n) || sv_eq(n->scalar, SV("false"));

		mustache_text(mem, s, name, none ? SV("") : n->scalar);
		return;
	}
	list = ARENA_ARRAY(mem, struct mustache_scope, n->items.n + 1);
	if (n->kind == NODE_MAP) {
		scope_fill(mem, list, n);
		mustache_list(mem, s, name, list, 1);
		return;
	}
	for (size_t i = 0; i < n->items.n; i++)
		if (n->items.v[i]->kind == NODE_MAP)
			scope_fill(mem, &list[i], n->items.v[i]);
		else
			value_add(mem, &list[i], ".", n->items.v[i]);
	mustache_list(mem, s, name, list, n->items.n);
}

static void scope_fill(struct arena *mem, struct mustache_scope *s,
		       const struct node *map)
{
	for (size_t i = 0; map != NULL && i + 1 < map->items.n; i += 2)
		value_add(mem, s, arena_str(mem, map->items.v[i]->scalar),
			  map->items.v[i + 1]);
}

static int partial_of(void *of, struct sv name, struct sv *text)
{
	const struct node *n = node_get(of, name);

	*text = n != NULL ? n->scalar : (struct sv){ NULL, 0 };
	return 0;
}

/* tests/data/mustache.yaml: a case for each rule of the language. */
static void rules(void **state)
{
	enum { RULES = 118 };
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct fault f = { 0 };
	struct sv text;
	const struct node *list;

	(void)state;
	assert_int_equal(
		file_read(mem, "tests/data/mustache.yaml", 1 << 20, &f, &text),
		0);
	assert_int_equal(manifest_parse(mem, &d, SV("cases"), text, &docs), 0);
	list = docs.list.v[0];
	assert_true(node_len(list) >= RULES);
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *c = node_at(list, i);
		struct mustache_scope top = { 0 };
		union {
			const struct node *in;
			void *out;
		} partials = { node_get(c, SV("partials")) };
		struct mustache_options o = {
			.name = arena_str(mem, node_str(c, SV("rule"))),
			.template = node_str(c, SV("template")),
			.top = &top,
			.escape = html_escape,
			.partial = partial_of,
			.of = partials.out,
		};
		struct sv out = { NULL, 0 };

		scope_fill(mem, &top, node_get(c, SV("data")));
		if (mustache_render(mem, &o, &f, &out) != 0)
			print_error(SV_FMT "\n", SV_ARG(f.text));
		assert_sv(arena_fmt(mem, "%u: %s", c->at.line, o.name).p, out,
			  node_str(c, SV("want")));
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_render),
		cmocka_unit_test(bounds),
		cmocka_unit_test(rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
