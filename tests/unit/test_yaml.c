/*
 * YAML as kubectl reads it: tests/data/yaml-oddities.tsv holds what its own
 * decoder made of each text, as JSON.  Of a row "same" the answer here is that;
 * of a row "more" kubectl refuses, from some document on, what is read here,
 * and of a row "less" what kubectl reads is an error here.
 */
#include "hostile.h"

#include "manifest/manifest.h"

static void json_write(struct arena *mem, struct buf *b, const struct node *n);

static void json_string(struct buf *b, struct sv s)
{
	static const char named[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";

	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		size_t hit = sv_chr(sv_of(named), s.p[i]);

		if (hit < sizeof(named) - 1)
			buf_fmt(b, "\\%c", letters[hit]);
		else if ((unsigned char)s.p[i] < 0x20)
			buf_fmt(b, "\\u%04x", (unsigned)s.p[i]);
		else if (sv_starts(sv_from(s, i), SV("\xe2\x80\xa8")) ||
			 sv_starts(sv_from(s, i), SV("\xe2\x80\xa9")))
			fail_msg("a line separator");
		else
			buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

static void json_number(struct arena *mem, struct buf *b, const struct node *n)
{
	int64_t whole;

	if (node_integer(n, &whole))
		buf_fmt(b, "%lld", (long long)whole);
	else if (n->type == SCALAR_INT) /* above 63 bits */
		buf_add(b, n->scalar);
	else
		buf_add(b, go_json_float(mem, node_real(n)));
}

static void json_scalar(struct arena *mem, struct buf *b, const struct node *n)
{
	switch (n->type) {
	case SCALAR_STRING:
		json_string(b, n->scalar);
		return;
	case SCALAR_NULL:
		buf_add(b, SV("null"));
		return;
	case SCALAR_BOOL:
		buf_add(b, node_is_true(n) ? SV("true") : SV("false"));
		return;
	case SCALAR_INT:
	case SCALAR_FLOAT:
		json_number(mem, b, n);
		return;
	}
}

/* Keys in order, the last of two equal ones. */
static void json_map(struct arena *mem, struct buf *b, const struct node *n)
{
	size_t count = n->items.n / 2, kept = 0;
	struct sv *keys = ARENA_ARRAY(mem, struct sv, count + 1);

	for (size_t i = 0; i < count; i++)
		keys[i] = n->items.v[2 * i]->scalar;
	qsort(keys, count, sizeof(keys[0]), sv_qcmp);
	buf_char(b, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && sv_eq(keys[i], keys[i - 1]))
			continue;
		if (kept++ > 0)
			buf_char(b, ',');
		json_string(b, keys[i]);
		buf_char(b, ':');
		json_write(mem, b, node_get(n, keys[i]));
	}
	buf_char(b, '}');
}

static void json_write(struct arena *mem, struct buf *b, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		json_scalar(mem, b, n);
		return;
	}
	if (n->kind == NODE_MAP) {
		json_map(mem, b, n);
		return;
	}
	buf_char(b, '[');
	for (size_t i = 0; i < n->items.n; i++) {
		if (i > 0)
			buf_char(b, ',');
		json_write(mem, b, n->items.v[i]);
	}
	buf_char(b, ']');
}

/* \n, \r, \t, \\ and \xHH. */
static struct sv plain_text(struct arena *mem, struct sv s)
{
	static const char letters[] = "n\nr\rt\t\\\\";
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++) {
		const char *hit;

		if (s.p[i] != '\\') {
			buf_char(&b, s.p[i]);
			continue;
		}
		i++;
		hit = strchr(letters, s.p[i]);
		if (hit != NULL) {
			buf_char(&b, hit[1]);
			continue;
		}
		buf_char(&b, (char)strtol((char[]){ s.p[i + 1], s.p[i + 2], 0 },
					  NULL, 16));
		i += 2;
	}
	return buf_sv(&b);
}

/* Documents, parted by tabs; "error" where there was one, "none" for none. */
static struct sv answer(struct arena *mem, struct sv text)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct buf b = { .mem = mem };
	int rc = manifest_parse(mem, &d, SV("f"), text, &docs);

	assert_int_equal(rc<0, d.errors> 0);
	for (size_t i = 0; i < docs.list.n; i++) {
		if (node_is_null(docs.list.v[i]))
			continue;
		if (b.n > 0)
			buf_char(&b, '\t');
		json_write(mem, &b, docs.list.v[i]);
	}
	if (rc < 0)
		buf_fmt(&b, "%serror", b.n > 0 ? "\t" : "");
	return b.n > 0 ? buf_sv(&b) : SV("none");
}

/* kubectl stops at the first error; what stands behind it is read here, so
 * that all faults are told at once. */
static struct sv up_to_error(struct sv got, struct sv want)
{
	if (sv_ends(got, SV("\terror")) && sv_ends(want, SV("error")) &&
	    sv_starts(got, sv_head(want, want.n - 5)))
		return want;
	return got;
}

static void check(const char *label, struct sv how, struct sv got,
		  struct sv want)
{
	bool refused = sv_ends(got, SV("error"));
	bool refuses = sv_ends(want, SV("error"));

	if (sv_eq(how, SV("same")))
		assert_sv(label, got, want);
	else
		assert_row(label, refused != refuses &&
					  sv_eq(how, refused ? SV("less")
							     : SV("more")));
}

static void oddities(void **state)
{
	struct arena *mem = arena_new();
	struct sv text = read_table(mem, "tests/data/yaml-oddities.tsv"), line;
	size_t rows = 0;

	(void)state;
	while (sv_cut(&text, '\n', &line)) {
		struct sv label, how, in, got, want = line;

		if (line.n == 0 || line.p[0] == '#')
			continue;
		assert_true(sv_cut(&want, '\t', &label) &&
			    sv_cut(&want, '\t', &how) &&
			    sv_cut(&want, '\t', &in));
		got = answer(mem, plain_text(mem, in));
		check(arena_str(mem, label), how, up_to_error(got, want), want);
		rows++;
	}
	assert_true(rows >= 250);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oddities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
