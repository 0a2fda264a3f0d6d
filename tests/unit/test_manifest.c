/* Bytes to nodes, nodes to objects, and which bytes are worth it. */
#include "manifest/manifest.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "test.h"

struct parsed {
	struct arena *mem;
	struct diags diags;
	struct documents docs;
	int rc;
};

static struct parsed parse_as(struct sv text, enum yaml_reader reader)
{
	struct parsed p = { .mem = arena_new() };

	p.diags.mem = p.mem;
	p.rc = manifest_parse_as(p.mem, &p.diags, SV("f.yaml"),
				 arena_sv(p.mem, text), reader, &p.docs);
	return p;
}

static struct parsed parse(struct sv text)
{
	return parse_as(text, YAML_KUBECTL);
}

static void dump(struct buf *b, const struct node *n)
{
	static const char *const types[] = {
		[SCALAR_STRING] = "'", [SCALAR_NULL] = "~",
		[SCALAR_BOOL] = "?",   [SCALAR_INT] = "#",
		[SCALAR_FLOAT] = ".",
	};

	if (n->kind == NODE_SCALAR) {
		buf_fmt(b, "%s" SV_FMT, types[n->type], SV_ARG(n->scalar));
		return;
	}
	buf_char(b, n->kind == NODE_LIST ? '[' : '{');
	for (size_t i = 0; i < n->items.n; i++) {
		if (i > 0)
			buf_char(b, n->kind == NODE_MAP && i % 2 ? ':' : ',');
		dump(b, n->items.v[i]);
	}
	buf_char(b, n->kind == NODE_LIST ? ']' : '}');
}

static struct sv dump_all(struct parsed *p)
{
	struct buf b = { .mem = p->mem };

	for (size_t i = 0; i < p->docs.list.n; i++) {
		if (i > 0)
			buf_char(&b, '|');
		dump(&b, p->docs.list.v[i]);
	}
	return buf_sv(&b);
}

/* ' string  ~ null  ? bool  # int  . float  | next document */
static void test_values(void **state)
{
	static const struct {
		const char *label, *in, *want;
	} rows[] = {
		{ "empty", "", "" },
		{ "comment only", "# nothing\n", "" },
		{ "map", "a: b\n", "{'a:'b}" },
		{ "list", "- a\n- 'b'\n", "['a,'b]" },
		{ "flow", "{a: [b, c]}", "{'a:['b,'c]}" },
		{ "json", "{\"a\":\t[1, \"2\", true, null]}",
		  "{'a:[#1,'2,?true,~null]}" },
		{ "json pair", "{\"a\": \"\\ud83d\\ude00\\u00e9\"}",
		  "{'a:'\xf0\x9f\x98\x80\xc3\xa9}" },
		{ "json pair after a backslash", "[\"\\\\ud83d\\\\ude00\"]",
		  "['\\ud83d\\ude00]" },
		{ "two documents", "a: b\n---\nc: d\n", "{'a:'b}|{'c:'d}" },
		{ "null documents", "---\n---\n", "~|~" },
		{ "end marker", "a\n...\n---\nb\n", "'a|'b" },
		{ "comment behind the dashes", "--- # a\na\n--- #b\nb\n",
		  "'a|'b" },
		{ "no separator", "a: |\n  ---\n  x\n", "{'a:'---\nx\n}" },
		{ "four dashes", "a:\n ----\n", "{'a:'----}" },
		{ "CRLF", "a: b\r\n---\r\nc: d\r\n", "{'a:'b}|{'c:'d}" },
		{ "CR alone", "a: b\rc: d\r", "{'a:'b,'c:'d}" },
		{ "BOM",
		  "\xef\xbb\xbf"
		  "a: b\n---\nc: d\n",
		  "{'a:'b}|{'c:'d}" },
		{ "block scalar", "a: >-\n  b\n  c\n", "{'a:'b c}" },
		{ "alias", "a: &x b\nc: *x\n", "{'a:'b,'c:'b}" },
		{ "alias of a map", "a: &x {b: c}\nd: *x\n",
		  "{'a:{'b:'c},'d:{'b:'c}}" },
		{ "anchor again", "a: &x 1\nb: &x 2\nc: *x\n",
		  "{'a:#1,'b:#2,'c:#2}" },
		{ "merge", "a: &x {b: c}\nd:\n  <<: *x\n  e: f\n",
		  "{'a:{'b:'c},'d:{'b:'c,'e:'f}}" },
		{ "explicit wins behind",
		  "a: &x {b: c}\nd:\n  <<: *x\n  b: f\n",
		  "{'a:{'b:'c},'d:{'b:'f}}" },
		{ "merge list, first wins",
		  "a: &x {k: 1}\nb: &y {k: 2, l: 3}\nc:\n  <<: [*x, *y]\n",
		  "{'a:{'k:#1},'b:{'k:#2,'l:#3},'c:{'k:#1,'l:#3}}" },
		{ "merge of a merge",
		  "a: &x {k: 1}\nb: &y {<<: *x}\nc: {<<: *y}\n",
		  "{'a:{'k:#1},'b:{'k:#1},'c:{'k:#1}}" },
		{ "quoted << is a key", "'<<': {a: b}\n", "{'<<:{'a:'b}}" },
		{ "duplicate kept", "a: 1\na: 2\n", "{'a:#1,'a:#2}" },
		{ "tags", "[!!str 1, !!int 1, !!float 1, !!bool 'yes', !x 1]",
		  "['1,#1,.1,?yes,'1]" },
		{ "binary", "!!binary SW5ncmVzcw==", "'Ingress" },
		{ "quotes", "['1', \"true\", '~', \"\"]", "['1,'true,'~,']" },
		{ "NUL in quotes", "\"\\0\"", NULL },
		{ "UTF-16 LE", NULL, "{'a:'b}" },
		{ "UTF-16 BE", NULL, "{'a:'b}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv in = sv_of(rows[i].in);
		struct parsed p;

		if (strcmp(rows[i].label, "UTF-16 LE") == 0)
			in = SV("\xff\xfe"
				"a\0:\0 \0b\0\n\0");
		if (strcmp(rows[i].label, "UTF-16 BE") == 0)
			in = SV("\xfe\xff\0a\0:\0 \0b\0\n");
		p = parse(in);
		assert_row(rows[i].label, p.rc == 0);
		if (rows[i].want == NULL)
			assert_row(rows[i].label,
				   p.docs.list.v[0]->scalar.n == 1);
		else
			assert_sv(rows[i].label, dump_all(&p),
				  sv_of(rows[i].want));
		arena_free(p.mem);
	}
}

/* As go.yaml.in/yaml/v2 2.4.4 resolved each of them. */
static void test_scalars(void **state)
{
	static const struct {
		const char *in;
		enum scalar_type want;
	} rows[] = {
		/* clang-format off */
		{ "~", SCALAR_NULL }, { "null", SCALAR_NULL },
		{ "Null", SCALAR_NULL }, { "nULL", SCALAR_STRING },
		{ "y", SCALAR_BOOL }, { "N", SCALAR_BOOL },
		{ "Yes", SCALAR_BOOL }, { "on", SCALAR_BOOL },
		{ "OFF", SCALAR_BOOL }, { "oN", SCALAR_STRING },
		{ "yess", SCALAR_STRING }, { "TRUE", SCALAR_BOOL },
		{ "tRUE", SCALAR_STRING },
		{ "0", SCALAR_INT }, { "-1", SCALAR_INT },
		{ "+12", SCALAR_INT }, { "0755", SCALAR_INT },
		{ "0o17", SCALAR_INT }, { "0x1F", SCALAR_INT },
		{ "-0x1f", SCALAR_INT }, { "0b101", SCALAR_INT },
		{ "0b12", SCALAR_STRING }, { "1_000", SCALAR_INT },
		{ "1_", SCALAR_INT }, { "_1", SCALAR_STRING },
		{ "0x", SCALAR_STRING }, { "09", SCALAR_FLOAT },
		{ "18446744073709551615", SCALAR_INT },
		{ "18446744073709551616", SCALAR_FLOAT },
		{ "-9223372036854775808", SCALAR_INT },
		{ "-9223372036854775809", SCALAR_FLOAT },
		{ "1.", SCALAR_FLOAT }, { "1.5", SCALAR_FLOAT },
		{ ".5", SCALAR_FLOAT }, { "-.5", SCALAR_FLOAT },
		{ "1e3", SCALAR_FLOAT }, { "1e", SCALAR_STRING },
		{ "1E+3", SCALAR_FLOAT }, { "1e999", SCALAR_STRING },
		{ ".", SCALAR_STRING }, { "+", SCALAR_STRING },
		{ "-_", SCALAR_STRING },
		{ ".iNF", SCALAR_STRING }, { "+.nan", SCALAR_STRING },
		{ "1.2.3.4", SCALAR_STRING }, { "1:20", SCALAR_STRING },
		{ "2001-01-01", SCALAR_STRING }, { "1-2", SCALAR_STRING },
		{ "0x1p-2", SCALAR_STRING }, { "300s", SCALAR_STRING },
		{ "<<", SCALAR_STRING },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct parsed p = parse(arena_fmt(mem, "k: %s\n", rows[i].in));
		const struct node *n;

		assert_row(rows[i].in, p.rc == 0 && p.docs.list.n == 1);
		n = node_get(p.docs.list.v[0], SV("k"));
		assert_row(rows[i].in, n->type == rows[i].want);
		assert_sv(rows[i].in, n->scalar, sv_of(rows[i].in));
		arena_free(p.mem);
		arena_free(mem);
	}
}

static void test_faults(void **state)
{
	static const struct {
		const char *label, *in;
		unsigned line, col;
		size_t docs;
		const char *text;
	} rows[] = {
		{ "unclosed brace says where it began", "a: {\nb: c\n", 3, 1, 0,
		  "did not find expected ',' or '}' while parsing a flow "
		  "mapping that began in line 1" },
		{ "before and behind the fault", "a: b\n---\na: [\n---\nc: d\n",
		  4, 1, 2, NULL },
		{ "tab", "a:\n\tb: c\n", 2, 1, 0, NULL },
		{ "template", "a: b\n{{- if x }}\nc: d\n{{ end }}\n", 3, 1, 0,
		  NULL },
		{ "no anchor", "a: *x\n", 1, 4, 0,
		  "alias *x has no anchor before it" },
		{ "anchor of another document", "a: &x b\n---\nc: *x\n", 3, 4,
		  1, "alias *x has no anchor before it" },
		{ "alias into itself", "a: &x [*x]\n", 1, 8, 0,
		  "alias *x has no anchor before it" },
		{ "merge of a word", "a: &x b\nc: {<<: *x}\n", 2, 9, 0,
		  "merge key <<: expected a map or a list of maps" },
		{ "merge of words", "c: {<<: [{a: b}, d]}\n", 1, 18, 0,
		  "merge key <<: expected a map or a list of maps" },
		{ "bad UTF-8 behind a letter of two bytes",
		  "a: b\n\xc3\xa9 "
		  "\xff\n",
		  2, 3, 0, "invalid leading UTF-8 octet" },
		{ "bad byte in the second document", "a: b\n---\nc: \x01\n", 3,
		  4, 1, "control characters are not allowed" },
		{ "no base64", "a: !!binary '!'\n", 1, 4, 0,
		  "!!binary: expected base64" },
		{ "binary", "\x80\x81\x82", 1, 1, 0, NULL },
		{ "half a surrogate", "a: \"\\ud83d\"", 1, 7, 0, NULL },
		{ "directive", "%YAML 1.1\n---\na: b\n", 1, 1, 0, NULL },
		{ "directive of a later one", "%FOO\n---\na: b\n---\nc", 1, 1,
		  1, NULL },
		{ "map behind the dashes", "a\n--- {b: c}\n", 2, 1, 1, NULL },
		{ "map as key", "a: {{ .Values.x }}\n", 1, 5, 0,
		  "a key is a map: expected text" },
		{ "list as key", "? [a]\n: b", 1, 3, 0,
		  "a key is a list: expected text" },
		{ "null as key", "a: {~: b}", 1, 5, 0,
		  "a key is null: expected text" },
		{ "infinity", "a: [.inf]", 1, 5, 0, NULL },
		{ "tag that lies", "a: !!int b", 1, 4, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed p = parse(sv_of(rows[i].in));
		const struct diag *m = &p.diags.list.v[0];

		assert_row(rows[i].label, p.rc == -1);
		assert_row(rows[i].label, p.diags.list.n == 1);
		if (m->at.line != rows[i].line || m->at.col != rows[i].col)
			fail_msg("row \"%s\": at %u:%u", rows[i].label,
				 m->at.line, m->at.col);
		assert_row(rows[i].label, p.docs.list.n == rows[i].docs);
		if (rows[i].text != NULL)
			assert_sv(rows[i].label, m->text, sv_of(rows[i].text));
		arena_free(p.mem);
	}
}

static struct sv repeat(struct arena *mem, const char *word, size_t times)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < times; i++)
		buf_add(&b, sv_of(word));
	return buf_sv(&b);
}

/* Seven lines, ten aliases each: ten million nodes if they were copied. */
static struct sv alias_bomb(struct arena *mem)
{
	struct buf b = { .mem = mem };

	buf_add(&b, SV("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"));
	for (int i = 1; i < 7; i++) {
		buf_fmt(&b, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			buf_fmt(&b, "%s*a%d", j ? "," : "", i - 1);
		buf_add(&b, SV("]\n"));
	}
	return buf_sv(&b);
}

/* Each anchor hangs 40 levels below the one before. */
static struct sv alias_tower(struct arena *mem)
{
	struct buf b = { .mem = mem };

	buf_fmt(&b, "a0: &a0 " SV_FMT "x" SV_FMT "\n",
		SV_ARG(repeat(mem, "[", 40)), SV_ARG(repeat(mem, "]", 40)));
	for (int i = 1; i < 100; i++)
		buf_fmt(&b, "a%d: &a%d " SV_FMT "*a%d" SV_FMT "\n", i, i,
			SV_ARG(repeat(mem, "[", 40)), i - 1,
			SV_ARG(repeat(mem, "]", 40)));
	return buf_sv(&b);
}

static void assert_limit(const char *label, struct sv text, unsigned line)
{
	struct parsed p = parse(text);

	assert_row(label, p.rc == -1 && p.diags.list.n == 1);
	assert_row(label, p.diags.list.v[0].code == DIAG_YAML_LIMIT);
	if (p.diags.list.v[0].at.line != line)
		fail_msg("%s: line %u", label, p.diags.list.v[0].at.line);
	arena_free(p.mem);
}

static void test_limits(void **state)
{
	struct arena *mem = arena_new();
	struct parsed p;

	(void)state;
	assert_limit("brackets", repeat(mem, "[", 200 * 1000), 1);
	assert_limit("65 levels", repeat(mem, "[", MAX_YAML_DEPTH + 1), 1);
	assert_limit("alias bomb", alias_bomb(mem), 6);
	assert_limit("alias tower", alias_tower(mem), 2);
	assert_limit("documents", repeat(mem, "---\n", MAX_DOCUMENTS + 1),
		     MAX_DOCUMENTS + 1);
	p = parse(repeat(mem, "---\n[\n", 1000));
	assert_int_equal(p.diags.errors, MAX_SAME_MESSAGES + 1);
	arena_free(p.mem);
	p = parse(arena_fmt(mem, SV_FMT SV_FMT,
			    SV_ARG(repeat(mem, "[", MAX_YAML_DEPTH)),
			    SV_ARG(repeat(mem, "]", MAX_YAML_DEPTH))));
	assert_int_equal(p.rc, 0);
	arena_free(p.mem);
	arena_free(mem);
}

static void test_places(void **state)
{
	struct parsed p = parse(SV("# head\n---\na: &x \xc3\xa9\nb: [1, *x]\n"
				   "c: {<<: {d: 1}}\n"));
	const struct node *n;

	(void)state;
	assert_int_equal(p.rc, 0);
	assert_int_equal(p.docs.list.n, 1);
	n = node_at(node_get(p.docs.list.v[0], SV("b")), 1);
	assert_sv("file", n->at.file, SV("f.yaml"));
	assert_int_equal(n->at.line, 4); /* the use, not the anchor */
	assert_int_equal(n->at.col, 8);
	n = node_path(p.docs.list.v[0], SV("c.d"));
	assert_int_equal(n->at.line, 5);
	assert_int_equal(n->at.col, 13);
	arena_free(p.mem);
}

static void test_keys(void **state)
{
	struct arena *mem = arena_new();
	struct buf many = { .mem = mem };
	struct parsed p;

	(void)state;
	p = parse(SV("a: 1\nb: {c: 1, d: 2, c: 3}\na: 4\n"));
	assert_int_equal(p.rc, 0);
	assert_sv("last wins", node_str(p.docs.list.v[0], SV("a")), SV("4"));
	assert_int_equal(
		node_check_keys(p.docs.list.v[0], DIAG_ERROR, &p.diags), -1);
	diags_sort(&p.diags);
	assert_int_equal(p.diags.errors, 2);
	assert_int_equal(p.diags.list.v[0].at.line, 2);
	assert_int_equal(p.diags.list.v[0].at.col, 17);
	assert_int_equal(p.diags.list.v[1].at.line, 3);
	assert_int_equal(p.diags.list.v[1].related.line, 1);
	arena_free(p.mem);

	for (int i = 0; i < 5000; i++)
		buf_fmt(&many, "k%d: v\n", i % 4999);
	p = parse(buf_sv(&many));
	assert_int_equal(
		node_check_keys(p.docs.list.v[0], DIAG_ERROR, &p.diags), -1);
	assert_int_equal(p.diags.errors, 1);
	assert_int_equal(p.diags.list.v[0].at.line, 5000);
	arena_free(p.mem);

	p = parse(arena_fmt(mem, "{" SV_FMT "}",
			    SV_ARG(repeat(mem, "k: v,", 1000))));
	assert_int_equal(
		node_check_keys(p.docs.list.v[0], DIAG_ERROR, &p.diags), -1);
	assert_int_equal(p.diags.errors, MAX_SAME_MESSAGES);
	arena_free(p.mem);

	p = parse_as(SV("{{x: 1}: 1, {x: 1}: 2, [a]: 3}"), YAML_OURS);
	assert_int_equal(
		node_check_keys(p.docs.list.v[0], DIAG_ERROR, &p.diags), 0);
	assert_null(node_get(p.docs.list.v[0], SV("x")));
	arena_free(p.mem);
	arena_free(mem);
}

/* kustomize and our configuration read some of it otherwise. */
static void test_readers(void **state)
{
	static const struct {
		const char *label;
		enum yaml_reader reader;
		const char *in, *want;
		size_t warnings;
	} rows[] = {
		{ "key before a merge", YAML_KUBECTL,
		  "x: &x {b: 1}\na: {b: 2, <<: *x}", "{'x:{'b:#1},'a:{'b:#1}}",
		  1 },
		{ "key before a merge, kustomize", YAML_KUSTOMIZE,
		  "x: &x {b: 1}\na: {b: 2, <<: *x}", "{'x:{'b:#1},'a:{'b:#2}}",
		  1 },
		{ "the same value", YAML_KUBECTL,
		  "x: &x {b: 1}\na: {b: 1, <<: *x}", "{'x:{'b:#1},'a:{'b:#1}}",
		  0 },
		{ "key behind a merge", YAML_KUSTOMIZE,
		  "x: &x {b: 1}\na: {<<: *x, b: 2}", "{'x:{'b:#1},'a:{'b:#2}}",
		  0 },
		{ "merge of a list, kustomize", YAML_KUSTOMIZE,
		  "x: &x {b: 1}\nz: &z {b: 3, c: 3}\na: {<<: [*x, *z]}",
		  "{'x:{'b:#1},'z:{'b:#3,'c:#3},'a:{'b:#1,'c:#3}}", 0 },
		{ "two merge keys, kustomize", YAML_KUSTOMIZE,
		  "x: &x {b: 1}\na: {<<: *x, <<: *x}", NULL, 0 },
		{ "boolean key", YAML_KUSTOMIZE, "a: {N: b}",
		  "{'a:{'false:'b}}", 0 },
		{ "boolean key of ours", YAML_OURS, "a: {N: b, 010: c}",
		  "{'a:{?N:'b,#010:'c}}", 0 },
		{ "directive of ours", YAML_OURS, "%YAML 1.1\n---\na: b\n",
		  "{'a:'b}", 0 },
		{ "end marker", YAML_KUBECTL, "a: 1\n...\nb: 2\n", "{'a:#1}",
		  1 },
		{ "end marker, kustomize", YAML_KUSTOMIZE, "a: 1\n...\nb: 2\n",
		  "{'a:#1}", 1 },
		{ "end marker and no more", YAML_KUBECTL, "a: 1\n...\n# c\n",
		  "{'a:#1}", 0 },
		{ "JSON twice", YAML_KUBECTL, "{\"a\": 1}\n{\"b\": 2}\n",
		  "{'a:#1}|{'b:#2}", 0 },
		{ "JSON twice, kustomize", YAML_KUSTOMIZE,
		  "{\"a\": 1}\n{\"b\": 2}\n", "{'a:#1}", 1 },
		{ "flow maps", YAML_KUBECTL, "{a: 1}\n{b: 2}\n", "{'a:#1}", 1 },
		{ "BOM behind dashes, kustomize", YAML_KUSTOMIZE,
		  "a: 1\n---\n\xef\xbb\xbf"
		  "b: 2\nc: 3\n",
		  "{'a:#1}|{'b:#2,'c:#3}", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed p = parse_as(sv_of(rows[i].in), rows[i].reader);

		assert_row(rows[i].label,
			   (p.rc == 0) == (rows[i].want != NULL));
		assert_row(rows[i].label, p.diags.warnings == rows[i].warnings);
		if (rows[i].want != NULL)
			assert_sv(rows[i].label, dump_all(&p),
				  sv_of(rows[i].want));
		arena_free(p.mem);
	}
}

/* What JSON writes without a fraction. */
static void test_integers(void **state)
{
	static const struct {
		const char *in;
		bool ok;
		int64_t want;
	} rows[] = {
		{ "0600", true, 384 },
		{ "0o74", true, 60 },
		{ "0x3c", true, 60 },
		{ "-0x3c", true, -60 },
		{ "1_000", true, 1000 },
		{ "1e3", true, 1000 },
		{ "60.0", true, 60 },
		{ "-6e1", true, -60 },
		{ "1e18", true, 1000000000000000000 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "1e19", false, 0 },
		{ "60.5", false, 0 },
		{ "1e-3", false, 0 },
		{ "\"60\"", false, 0 },
		{ "'0x3c'", false, 0 },
		{ "60s", false, 0 },
		{ "true", false, 0 },
		{ "~", false, 0 },
		{ "[60]", false, 0 },
		{ "!!str 60", false, 0 },
		{ "!!int \"60\"", true, 60 },
		{ "!!float 60", true, 60 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct parsed p = parse(arena_fmt(mem, "k: %s\n", rows[i].in));
		int64_t n = 0;

		assert_row(rows[i].in,
			   node_integer(node_get(p.docs.list.v[0], SV("k")),
					&n) == rows[i].ok);
		assert_row(rows[i].in, n == rows[i].want);
		arena_free(p.mem);
		arena_free(mem);
	}
}

static void test_helpers(void **state)
{
	struct parsed p = parse(SV("a: {b: [x, ~], c: ''}\nn: null\n"));
	const struct node *root = p.docs.list.v[0];
	struct node *copy;

	(void)state;
	assert_null(node_get(NULL, SV("a")));
	assert_null(node_path(root, SV("a.x.y")));
	assert_int_equal(node_len(root), 0);
	assert_int_equal(node_len(node_path(root, SV("a.b"))), 2);
	assert_null(node_at(node_path(root, SV("a.b")), 2));
	assert_true(node_is_null(node_get(root, SV("n"))));
	assert_true(node_is_null(node_get(root, SV("none"))));
	assert_false(node_is_null(node_path(root, SV("a.c"))));
	assert_sv("null is no text", node_str(root, SV("n")), SV(""));
	copy = node_copy(p.mem, root);
	node_set(p.mem, copy, SV("n"),
		 node_new_str(p.mem, root->at, SV("new")));
	node_set(p.mem, copy, SV("m"), node_new_list(p.mem, root->at));
	assert_sv("copied", node_str(copy, SV("n")), SV("new"));
	assert_sv("not the original", node_str(root, SV("n")), SV(""));
	assert_null(node_get(root, SV("m")));
	arena_free(p.mem);
}

static void test_objects(void **state)
{
	static const struct {
		const char *label, *in, *want; /* kind group/version ns name */
		size_t notes;
	} rows[] = {
		{ "one",
		  "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
		  "metadata: {name: a, namespace: b}\n",
		  "Ingress networking.k8s.io/v1 b a;", 0 },
		{ "core group and default namespace",
		  "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
		  "Service /v1 (default) a;", 0 },
		{ "List",
		  "apiVersion: v1\nkind: List\nitems:\n"
		  "- {apiVersion: v1, kind: Service, metadata: {name: a}}\n"
		  "- {metadata: {name: b}}\n",
		  "Service /v1 (default) a;", 1 },
		{ "IngressList",
		  "apiVersion: networking.k8s.io/v1\nkind: IngressList\n"
		  "items: [{metadata: {name: a}}, {metadata: {name: b}}]\n",
		  "Ingress networking.k8s.io/v1 (default) a;"
		  "Ingress networking.k8s.io/v1 (default) b;",
		  0 },
		{ "list in a list",
		  "kind: List\nitems: [{kind: List, items: [{kind: A}]}]\n",
		  "A / (default) ;", 0 },
		{ "a kind that ends so", "kind: AccessList\nspec: {}\n",
		  "AccessList / (default) ;", 0 },
		{ "empty list", "kind: IngressList\nitems: []\n", "", 0 },
		{ "null", "---\n", "", 0 },
		{ "word", "a\n", "", 1 },
		{ "values", "ingress: {enabled: true}\n", "", 1 },
		{ "name is a template",
		  "kind: Ingress\nmetadata: {name: {{ x }}}\n", "", 1 },
		{ "kind is a template", "kind: {{ x }}\n", "", 1 },
		{ "encrypted",
		  "kind: Ingress\nmetadata: {name: a}\n"
		  "spec: {rules: ['ENC[AES256_GCM,data:x]']}\n"
		  "sops: {version: 3.7}\n",
		  "", 1 },
		{ "encrypted elsewhere",
		  "kind: Ingress\nmetadata: {name: a}\nsops: {version: 3.7}\n",
		  "Ingress / (default) a;", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* kubectl reads no text with a template for a name. */
		struct parsed p = parse_as(sv_of(rows[i].in), YAML_KUSTOMIZE);
		struct objects set = { 0 };
		struct buf b = { .mem = p.mem };

		for (size_t j = 0; j < p.docs.list.n; j++)
			objects_add(p.mem, &p.diags, &set, p.docs.list.v[j],
				    NULL);
		for (size_t j = 0; j < set.list.n; j++) {
			const struct object *o = set.list.v[j];

			buf_fmt(&b,
				o->namespace_given ? "%.*s %.*s/%.*s %.*s "
						   : "%.*s %.*s/%.*s (%.*s) ",
				SV_ARG(o->kind), SV_ARG(o->group),
				SV_ARG(o->version), SV_ARG(o->namespace));
			buf_fmt(&b, SV_FMT ";", SV_ARG(o->name));
		}
		assert_sv(rows[i].label, buf_sv(&b), sv_of(rows[i].want));
		assert_row(rows[i].label, p.diags.notes == rows[i].notes &&
						  p.diags.errors == 0);
		arena_free(p.mem);
	}
}

static const char *const kinds[] = { "Ingress", "HTTPRoute",
				     "Kustomization.kustomize.toolkit.x.io",
				     NULL };

static void test_wanted(void **state)
{
	static const struct {
		const char *label, *in;
		bool want;
	} rows[] = {
		/* clang-format off */
		{ "plain", "kind: Ingress\n", true },
		{ "at the end", "kind: Ingress", true },
		{ "second kind", "kind: HTTPRoute\n", true },
		{ "double quotes", "kind: \"Ingress\"", true },
		{ "single quotes", "kind: 'Ingress'", true },
		{ "JSON", "{\"kind\":\"Ingress\"}", true },
		{ "flow", "{kind: Ingress}", true },
		{ "comment", "kind: Ingress # x", true },
		{ "next line", "kind:\n  Ingress\n", true },
		{ "CR", "kind: Ingress\rmetadata:\r", true },
		{ "NEL", "kind: Ingress\xc2\x85metadata:", true },
		{ "folded", "kind: >-\n  Ingress\n", true },
		{ "anchor", "x: &k Ingress\nkind: *k\n", true },
		{ "anchor in a list", "x:\n- &k Ingress\nkind: *k\n", true },
		{ "anchor in flow", "x: [&k Ingress]\nkind: *k\n", true },
		{ "anchor, quoted, in flow", "x: [&k \"Ingress\"]\nkind: *k",
		  true },
		{ "tag", "kind: !!str Ingress\n", true },
		{ "tag and anchor", "kind: !!str &k Ingress\n", true },
		{ "JSON tag", "\"kind\":!!str Ingress\n", true },
		{ "list of the kind", "kind: IngressList\n", true },
		{ "BOM", "\xef\xbb\xbfkind: Ingress\n", true },
		{ "UTF-16", "\xff\xfek", true },
		{ "hidden letter", "kind: \"\\x49ngress\"", true },
		{ "hidden letter, u", "kind: \"I\\u006egress\"", true },
		{ "hidden letter, U", "kind: \"I\\U0000006egress\"", true },
		{ "split", "kind: \"Ing\\\n  ress\"", true },
		{ "split, CRLF", "kind: \"Ing\\\r\n  ress\"", true },
		{ "split at the start", "kind: \"\\\n  Ingress\"", true },
		{ "split at the end", "kind: \"Ingress\\\n  \"", true },
		{ "binary", "kind: !!binary SW5ncmVzcw==", true },
		{ "binary, long tag",
		  "kind: !<tag:yaml.org,2002:binary> SW5ncmVzcw==", true },
		{ "binary, escaped", "kind: !!bin%61ry SW5ncmVzcw==", true },
		{ "binary, escaped first", "kind: !!%62inary SW5n", true },
		{ "handle", "%TAG !y! tag:yaml.org,2002:\n---\n", true },
		{ "kind and group", "apiVersion: kustomize.toolkit.x.io/v1\n"
				    "kind: Kustomization\n", true },
		{ "slash escaped", "{\"apiVersion\": \"kustomize.toolkit.x.io"
				   "\\/v1\", \"kind\": \"Kustomization\"}",
		  true },
		{ "dot escaped", "apiVersion: \"kustomize\\x2etoolkit\"", true },
		{ "dash escaped, u", "apiVersion: \"a\\u002Db\"", true },
		{ "split group", "apiVersion: \"kustomize.\\\n toolkit\"",
		  true },
		{ "kind of another group", "apiVersion: kustomize.config.x.io\n"
					   "kind: Kustomization\n", false },
		{ "kind without group", "kind: Kustomization\n", false },
		{ "empty", "", false },
		{ "other", "kind: Deployment\n", false },
		{ "class", "kind: IngressClass\n", false },
		{ "route of another", "kind: IngressRoute\n", false },
		{ "inside a word", "kind: MyIngress\n", false },
		{ "with a dash", "name: Ingress-x\n", false },
		{ "policy type", "policyTypes:\n- Ingress\n- Egress\n", false },
		{ "JSON item", "[\"Egress\",\"Ingress\"]", false },
		{ "JSON first item", "[\"Ingress\"]", false },
		{ "quoted item", "- \"Ingress\"\n", false },
		{ "prose", "description: the Ingress of it\n", false },
		{ "prose at the start", "description: Ingress is\n", false },
		{ "lower case", "kind: ingress\n", false },
		{ "Go's escapes", "a: \"\\u003cb\\u003e \\u0026\"", false },
		{ "shell", "a: \"x --foo \\\n  --bar\"", false },
		{ "plain tag", "a: !!str x", false },
		{ "exclamations", "# !!! NOTE", false },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_row(rows[i].label,
			   prefilter_match(sv_of(rows[i].in), kinds) ==
				   rows[i].want);
}

/* Whatever a random document says: if it parses to a wanted kind, the
 * prefilter let it pass. */
static void test_wanted_is_exact(void **state)
{
	static const char *const parts[] = {
		"kind: ",
		"\"kind\": ",
		"? kind\n: ",
		"Ingress",
		"Ing",
		"ress",
		"\"",
		"'",
		"\\\n",
		"\n",
		"  ",
		"&k ",
		"*k",
		"!!str ",
		"- ",
		"[",
		"]",
		"{",
		"}",
		",",
		": ",
		"x: ",
		"<<: ",
		"&m ",
		"*m",
		"\\x49",
		"\\u006e",
		"\r",
		"\t",
		"|\n ",
		">-\n ",
		"#",
		"List",
		"items: ",
		"!!binary SW5ncmVzcw==",
		"a",
		"\xc2\x85",
		"---\n",
	};
	unsigned seed = 1;
	size_t found = 0;

	(void)state;
	for (int run = 0; run < 60000; run++) {
		struct arena *mem = arena_new();
		struct buf b = { .mem = mem };
		struct objects set = { 0 };
		struct parsed p;
		bool wanted = false;

		if (run % 2)
			buf_add(&b, sv_of(parts[run / 2 % 3]));
		for (int i = 0; i < 1 + run % 7; i++) {
			seed = seed * 1103515245U + 12345U;
			buf_add(&b, sv_of(parts[(seed >> 16) %
						(sizeof(parts) /
						 sizeof(parts[0]))]));
		}
		p = parse(buf_sv(&b));
		for (size_t i = 0; i < p.docs.list.n; i++)
			objects_add(p.mem, &p.diags, &set, p.docs.list.v[i],
				    NULL);
		for (size_t i = 0; i < set.list.n; i++)
			wanted |= sv_eq(set.list.v[i]->kind, SV("Ingress"));
		found += wanted;
		if (wanted && !prefilter_match(buf_sv(&b), kinds))
			fail_msg("missed: " SV_FMT, SV_ARG(buf_sv(&b)));
		arena_free(p.mem);
		arena_free(mem);
	}
	assert_true(found > 100);
}

static void test_many_notes(void **state)
{
	struct arena *mem = arena_new();
	struct parsed p =
		parse(arena_fmt(mem, "kind: List\nitems: [" SV_FMT "]\n",
				SV_ARG(repeat(mem, "x,", 5000))));
	struct objects set = { 0 };

	(void)state;
	objects_add(p.mem, &p.diags, &set, p.docs.list.v[0], NULL);
	assert_int_equal(p.diags.notes, MAX_SAME_MESSAGES + 1);
	arena_free(p.mem);
	arena_free(mem);
}

/* Two objects of one name: where the first and the second stand ("REALM@" in
 * front where somebody applies them), who names them, and whose answer counts:
 * 1, 2, or 0 where it could be either. */
static const struct {
	const char *label, *first, *second, *near;
	int want;
	bool same; /* they do not differ */
} twins[] = {
	{ "mirrored folders", "dev/gw.yaml", "prod/gw.yaml", "prod/r.yaml", 2,
	  false },
	{ "mirrored, deeper", "c/dev/net/gw.yaml", "c/prod/net/gw.yaml",
	  "c/dev/apps/r.yaml", 1, false },
	{ "mirrored, other depths", "kubernetes/main/apps/x/gw.yaml",
	  "lab/apps/x/gw.yaml", "kubernetes/main/apps/y/r.yaml", 1, false },
	{ "mirrored, from beside", "dev/gw.yaml", "prod/gw.yaml", "base/r.yaml",
	  0, false },
	{ "another team's", "platform/gw.yaml", "teams/b/gw.yaml",
	  "teams/a/r.yaml", 0, false },
	{ "another team's, mirrored", "teams/p/gw.yaml", "teams/b/gw.yaml",
	  "teams/a/r.yaml", 0, false },
	{ "its own folder's", "platform/gw.yaml", "teams/b/gw.yaml",
	  "teams/b/apps/r.yaml", 2, false },
	{ "one at the root", "gw.yaml", "teams/b/gw.yaml", "teams/a/r.yaml", 0,
	  false },
	{ "one folder", "a/gw1.yaml", "a/gw2.yaml", "a/r.yaml", 0, false },
	{ "one inside the other", "a/gw.yaml", "a/b/gw.yaml", "a/b/r.yaml", 0,
	  false },
	{ "a folder that begins alike", "dev/gw.yaml", "dev2/gw.yaml",
	  "dev2/r.yaml", 2, false },
	{ "equal ones", "platform/gw.yaml", "teams/b/gw.yaml", "teams/a/r.yaml",
	  2, true },
	{ "of its realm", "k1@a/gw.yaml", "k2@b/gw.yaml", "k1@b/r.yaml", 1,
	  false },
	{ "twice in its realm", "k1@a/gw.yaml", "k1@b/gw.yaml", "k1@b/r.yaml",
	  0, false },
	{ "of other realms", "k1@a/gw.yaml", "k2@b/gw.yaml", "k3@b/r.yaml", 2,
	  false },
};

static struct object twin_at(struct arena *mem, const char *place,
			     const char *target)
{
	struct sv rest = sv_of(place), realm = SV("");
	struct object o = { 0 };
	struct node *root;

	if (sv_chr(rest, '@') < rest.n)
		sv_cut(&rest, '@', &realm);
	o.at = (struct loc){ rest, 1, 1 };
	o.realm = realm;
	root = node_new_map(mem, o.at);
	node_set(mem, root, SV("target"),
		 node_new_str(mem, o.at, sv_of(target)));
	o.root = root;
	return o;
}

static void test_twins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		struct arena *mem = arena_new();
		struct object first = twin_at(mem, twins[i].first, "1");
		struct object second = twin_at(mem, twins[i].second,
					       twins[i].same ? "1" : "2");
		struct object near = twin_at(mem, twins[i].near, "");
		const struct object *list[] = { &first, &second }, *twin;
		const struct object *hit = object_meant(list, 2, &near, &twin);
		int got = twin != NULL ? 0 : hit == &first ? 1 : 2;

		assert_row(twins[i].label, got == twins[i].want);
		arena_free(mem);
	}
}

static void test_same(void **state)
{
	static const struct {
		const char *label, *a, *b;
		bool same;
	} rows[] = {
		{ "order of keys", "{a: 1, b: [x]}", "{b: [x], a: 1}", true },
		{ "order of a list", "[a, b]", "[b, a]", false },
		{ "a key more", "{a: 1}", "{a: 1, b: 2}", false },
		{ "another key", "{a: 1}", "{b: 1}", false },
		{ "text and number", "{a: \"1\"}", "{a: 1}", false },
		{ "deep", "{a: {b: [1, {c: x}]}}", "{a: {b: [1, {c: y}]}}",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed a = parse(sv_of(rows[i].a));
		struct parsed b = parse(sv_of(rows[i].b));

		assert_row(rows[i].label,
			   node_same(a.docs.list.v[0], b.docs.list.v[0]) ==
				   rows[i].same);
		arena_free(a.mem);
		arena_free(b.mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_helpers),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_many_notes),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_wanted_is_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
