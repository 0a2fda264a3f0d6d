/* Patches, the patterns of their targets, and paths in kustomizations. */
#include "test.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/kustomize/kustomize.h"

static struct node *parse(struct arena *mem, const char *text)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };

	assert_int_equal(
		manifest_parse(mem, &d, SV("t.yaml"), sv_of(text), &docs), 0);
	assert_int_equal(docs.list.n, 1);
	return docs.list.v[0];
}

/* Flow form with plain scalars, to compare with. */
static void show(struct buf *b, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		buf_add(b, n->scalar);
		return;
	}
	buf_char(b, n->kind == NODE_MAP ? '{' : '[');
	for (size_t i = 0; i < n->items.n; i++) {
		if (i > 0)
			buf_char(b,
				 n->kind == NODE_MAP && i % 2 == 1 ? ':' : ',');
		show(b, n->items.v[i]);
	}
	buf_char(b, n->kind == NODE_MAP ? '}' : ']');
}

struct row {
	const char *label, *have, *change, *want; /* want NULL: a fault */
};

static void check(const struct row *r, const char *why, const struct node *out,
		  struct arena *mem)
{
	struct buf b = { .mem = mem };

	if (r->want == NULL) {
		assert_row(r->label, why != NULL);
		return;
	}
	assert_row(r->label, why == NULL);
	if (out != NULL)
		show(&b, out);
	assert_sv(r->label, buf_sv(&b), sv_of(r->want));
}

static const struct row merges[] = {
	{ "set", "{a: 1, b: 2}", "{b: 3}", "{a:1,b:3}" },
	{ "add", "{a: 1}", "{b: {c: 3, d: null}}", "{a:1,b:{c:3}}" },
	{ "null takes away", "{a: 1, b: 2}", "{a: null}", "{b:2}" },
	{ "deep", "{a: {b: 1, c: 2}}", "{a: {c: 3}}", "{a:{b:1,c:3}}" },
	{ "list is replaced", "{a: [1, 2]}", "{a: [3]}", "{a:[3]}" },
	{ "delete", "{a: 1, b: {c: 1}}", "{b: {$patch: delete}}", "{a:1}" },
	{ "delete all", "{a: 1}", "{$patch: delete}", "" },
	{ "replace", "{b: {c: 1}}", "{b: {$patch: replace, d: 2}}",
	  "{b:{d:2}}" },
	{ "directive", "{b: 1}", "{$patch: remove}", NULL },
	{ "other kind", "{a: {b: 1}}", "{a: [1]}", NULL },
	{ "null gets a map", "{a: }", "{a: {b: 1}}", "{a:{b:1}}" },
	{ "ports by port", "{spec: {ports: [{port: 1, name: x}, {port: 2}]}}",
	  "{spec: {ports: [{port: 1, name: y}, {port: 3}]}}",
	  "{spec:{ports:[{port:3},{port:1,name:y},{port:2}]}}" },
	{ "port goes", "{spec: {ports: [{port: 1}, {port: 2}]}}",
	  "{spec: {ports: [{port: 1, $patch: delete}]}}",
	  "{spec:{ports:[{port:2}]}}" },
};

static void test_merge(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		struct arena *mem = arena_new();
		struct patch p = { .mem = mem, .kind = SV("Service") };
		struct node *have = parse(mem, merges[i].have), *out = NULL;
		struct buf before = { .mem = mem }, after = { .mem = mem };
		const char *why;

		show(&before, have);
		why = patch_merge(&p, have, parse(mem, merges[i].change), &out);
		check(&merges[i], why, out, mem);
		/* What is shared must not have changed. */
		show(&after, have);
		assert_sv(merges[i].label, buf_sv(&after), buf_sv(&before));
		arena_free(mem);
	}
}

static const struct row operations[] = {
	{ "replace", "{a: {b: 1}}", "[{op: replace, path: /a/b, value: 2}]",
	  "{a:{b:2}}" },
	{ "replace nothing", "{a: 1}", "[{op: replace, path: /b, value: 2}]",
	  "{a:1,b:2}" },
	{ "replace behind", "{a: [1]}", "[{op: replace, path: /a/1, value: 2}]",
	  NULL },
	{ "replace all", "{a: 1}", "[{op: replace, path: '', value: {b: 2}}]",
	  "{b:2}" },
	{ "replace all by text", "{a: 1}",
	  "[{op: replace, path: '', value: b}]", NULL },
	{ "add all", "{a: 1}", "[{op: add, path: '', value: {b: 2}}]", NULL },
	{ "add null", "{a: 1}", "[{op: add, path: /b}]", "{a:1,b:null}" },
	{ "add into null", "{a: null}", "[{op: add, path: /a/b, value: 2}]",
	  NULL },
	{ "add at the end", "{a: [1, 2]}", "[{op: add, path: /a/-1, value: 3}]",
	  "{a:[1,2,3]}" },
	{ "add at the front", "{a: [1, 2]}",
	  "[{op: add, path: /a/-3, value: 3}]", "{a:[3,1,2]}" },
	{ "add before it", "{a: [1, 2]}", "[{op: add, path: /a/-4, value: 3}]",
	  NULL },
	{ "signed", "{a: [1, 2]}", "[{op: replace, path: /a/+01, value: 3}]",
	  "{a:[1,3]}" },
	{ "from the end", "{a: [1, 2]}", "[{op: remove, path: /a/-1}]",
	  "{a:[1]}" },
	{ "end alone", "{a: [1, 2]}", "[{op: remove, path: /a/-}]", NULL },
	{ "before the slash", "{a: 1}", "[{op: replace, path: x/a, value: 2}]",
	  "{a:2}" },
	{ "empty part", "{a: 1}", "[{op: add, path: /, value: 2}]",
	  "{a:1,:2}" },
	{ "copy nothing", "{a: 1}", "[{op: copy, from: /b, path: /c}]",
	  "{a:1,c:null}" },
	{ "copy of nowhere", "{a: 1}", "[{op: copy, from: /b/c, path: /c}]",
	  NULL },
	{ "copy no item", "{a: []}", "[{op: copy, from: /a/0, path: /c}]",
	  NULL },
	{ "move nothing", "{a: 1}", "[{op: move, from: /b, path: /c}]", NULL },
	{ "move null", "{a: null}", "[{op: move, from: /a, path: /c}]",
	  "{c:null}" },
	{ "no from", "{a: 1}", "[{op: copy, path: /c}]", NULL },
	{ "no path", "{a: 1}", "[{op: add, value: 2}]", NULL },
	{ "test of nothing", "{a: 1}", "[{op: test, path: /b}]", "{a:1}" },
	{ "test of null", "{a: null}", "[{op: test, path: /a, value: null}]",
	  "{a:null}" },
	{ "test of no item", "{a: []}", "[{op: test, path: /a/0}]", NULL },
	{ "test of an empty map", "{a: {}}",
	  "[{op: test, path: /a, value: null}]", NULL },
	{ "add key", "{a: 1}", "[{op: add, path: /b, value: 2}]", "{a:1,b:2}" },
	{ "add into", "{a: [1, 3]}", "[{op: add, path: /a/1, value: 2}]",
	  "{a:[1,2,3]}" },
	{ "add behind", "{a: [1]}", "[{op: add, path: /a/-, value: 2}]",
	  "{a:[1,2]}" },
	{ "add far behind", "{a: [1]}", "[{op: add, path: /a/5, value: 2}]",
	  NULL },
	{ "add below nothing", "{a: 1}", "[{op: add, path: /b/c, value: 2}]",
	  NULL },
	{ "remove", "{a: [1, 2], b: 1}",
	  "[{op: remove, path: /a/0}, {op: remove, path: /b}]", "{a:[2]}" },
	{ "escapes", "{a/b: {c~d: 1}}",
	  "[{op: replace, path: /a~1b/c~0d, value: 2}]", "{a/b:{c~d:2}}" },
	{ "move", "{a: {b: 1}, c: {}}", "[{op: move, from: /a/b, path: /c/d}]",
	  "{a:{},c:{d:1}}" },
	{ "copy", "{a: 1}", "[{op: copy, from: /a, path: /b}]", "{a:1,b:1}" },
	{ "test holds", "{a: {b: [1]}}",
	  "[{op: test, path: /a, value: {b: [1]}}]", "{a:{b:[1]}}" },
	{ "test fails", "{a: 1}", "[{op: test, path: /a, value: 2}]", NULL },
	{ "unknown", "{a: 1}", "[{op: frob, path: /a}]", NULL },
	{ "relative", "{a: 1}", "[{op: remove, path: a}]", NULL },
	{ "no list", "{a: 1}", "{op: remove, path: /a}", NULL },
	{ "into a scalar", "{a: 1}", "[{op: add, path: /a/b, value: 2}]",
	  NULL },
};

static void test_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]);
	     i++) {
		struct arena *mem = arena_new();
		struct patch p = { .mem = mem };
		struct node *out = NULL;
		const char *why =
			patch_json(&p, parse(mem, operations[i].have),
				   parse(mem, operations[i].change), &out);

		check(&operations[i], why, out, mem);
		arena_free(mem);
	}
}

/* Each copy hangs all earlier ones below the next. */
static void test_growth(void **state)
{
	struct arena *mem = arena_new();
	struct patch p = { .mem = mem };
	struct buf ops = { .mem = mem };
	struct node *out = NULL;
	const char *why;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		buf_fmt(&ops, "- {op: copy, from: /a, path: /a/x%zu}\n", i);
	why = patch_json(&p, parse(mem, "{a: {b: 1}}"),
			 parse(mem, buf_sv(&ops).p), &out);
	assert_string_equal(why, "the patch makes the object too large");
	arena_free(mem);
}

static void test_work(void **state)
{
	struct arena *mem = arena_new();
	struct patch p = { .mem = mem, .work = MAX_PATCH_WORK + 1 };
	struct node *out = NULL;

	(void)state;
	assert_non_null(patch_merge(&p, parse(mem, "{a: 1}"),
				    parse(mem, "{a: 2}"), &out));
	assert_non_null(patch_json(&p, parse(mem, "{a: 1}"),
				   parse(mem, "[{op: remove, path: /a}]"),
				   &out));
	arena_free(mem);
}

static void test_join(void **state)
{
	static const struct {
		const char *folder, *path, *want; /* NULL: refused */
	} rows[] = {
		{ "a/b", "c.yaml", "a/b/c.yaml" },
		{ "a/b", "./c//d/", "a/b/c/d" },
		{ "a/b", "../c", "a/c" },
		{ "a", "../", "" },
		{ "a/b", "../../c", "c" },
		{ "a", "../../c", NULL },
		{ "", "..", NULL },
		{ "a", "b/../../../a", NULL },
		{ "a", "/etc", NULL },
		{ "a", "..x", "a/..x" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv out;
		bool ok = path_join(mem, sv_of(rows[i].folder),
				    sv_of(rows[i].path), &out);

		assert_row(rows[i].path, ok == (rows[i].want != NULL));
		if (ok)
			assert_sv(rows[i].path, out, sv_of(rows[i].want));
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge), cmocka_unit_test(test_json),
		cmocka_unit_test(test_work),  cmocka_unit_test(test_growth),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
