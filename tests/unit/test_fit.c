#include "test.h"

#include "report/fit.h"

enum { RANKS = 3 };

/* A block a word: its rows are digits, each the rank of a row of `width`
 * bytes.  Wanted: the rows that are shown, "." for one that is not. */
static const struct {
	const char *label;
	size_t max, width, shares[RANKS];
	const char *blocks, *want;
} rows[] = {
	{ "all fit", 10000, 10, { 0, 0, 0 }, "012 21", "012 21" },
	{ "nothing fits", 100, 10, { 100, 100, 100 }, "012", "..." },
	{ "the most important first", 225, 10, { 0, 0, 0 }, "2100", "..00" },
	{ "the front of a rank", 225, 10, { 0, 0, 0 }, "0000", "00.." },
	{ "a share is kept from the ranks before",
	  235,
	  10,
	  { 1000, 0, 0 },
	  "00000",
	  "000.." },
	{ "each its share", 250, 10, { 225, 10, 10 }, "000012", "00..12" },
	{ "what one leaves, the first one gets",
	  250,
	  10,
	  { 215, 0, 0 },
	  "000222",
	  "0002.." },
	{ "a block costs its head", 460, 10, { 0, 0, 0 }, "00 1", "00 1" },
	{ "and is closed without", 425, 10, { 0, 0, 0 }, "00 11", "00 .." },
};

static void add(struct arena *mem, struct fit *f, struct sv digits,
		size_t width)
{
	struct fit_block *b = VEC_ADD(mem, &f->blocks);
	char *text = ARENA_ARRAY(mem, char, width);

	memset(text, 'x', width);
	b->head = SV("head");
	b->foot = SV("f");
	for (size_t i = 0; i < digits.n; i++)
		*VEC_ADD(mem, &b->rows) = (struct fit_row){
			{ text, width }, (unsigned)(digits.p[i] - '0'), false
		};
}

static struct sv shown(struct arena *mem, const struct fit *f, size_t *bytes)
{
	struct sv out = SV("");

	*bytes = 0;
	for (size_t i = 0; i < f->blocks.n; i++) {
		const struct fit_block *b = &f->blocks.v[i];

		if (i > 0)
			out = arena_fmt(mem, SV_FMT " ", SV_ARG(out));
		if (b->open)
			*bytes += b->head.n + b->foot.n + FIT_NOTE;
		for (size_t k = 0; k < b->rows.n; k++) {
			const struct fit_row *r = &b->rows.v[k];

			*bytes += r->shown ? r->text.n : 0;
			out = arena_fmt(mem, SV_FMT "%c", SV_ARG(out),
					r->shown ? (char)('0' + r->rank) : '.');
		}
	}
	return out;
}

static void rows_are_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct fit f = { .max = rows[i].max,
				 .ranks = RANKS,
				 .shares = rows[i].shares };
		struct sv rest = sv_of(rows[i].blocks), word;
		size_t bytes;

		while (sv_cut(&rest, ' ', &word))
			add(mem, &f, word, rows[i].width);
		fit_choose(&f);
		assert_sv(rows[i].label, shown(mem, &f, &bytes),
			  sv_of(rows[i].want));
		assert_row(rows[i].label, bytes <= rows[i].max);
		arena_free(mem);
	}
}

/* Any number of rows of any width: never more than may be. */
static void never_too_long(void **state)
{
	static const size_t shares[RANKS] = { 300, 200, 100 };

	(void)state;
	for (size_t width = 1; width < 400; width += 7) {
		struct arena *mem = arena_new();
		struct fit f = { .max = 1000,
				 .ranks = RANKS,
				 .shares = shares };
		size_t bytes;

		add(mem, &f, SV("012012012"), width);
		add(mem, &f, SV("2222"), width);
		add(mem, &f, SV("0"), width);
		fit_choose(&f);
		(void)shown(mem, &f, &bytes);
		assert_true(bytes <= f.max);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_chosen),
		cmocka_unit_test(never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
