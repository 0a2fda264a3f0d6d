/*
 * From the bytes of a name server to the verdict about a record.  The first
 * two bytes choose the question.  Checked besides memory: an answer of another
 * id, or to another question, is never taken, and what is printed of it is
 * ASCII.
 */
#include "fuzz.h"

#include <assert.h>

#include "verify/judge.h"

static struct sv bytes_of(const unsigned char *data, size_t size)
{
	return (struct sv){ (const char *)data, size };
}

static void check_text(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		assert(text.p[i] >= 0x20 && text.p[i] < 0x7f);
}

static void check_rows(struct arena *mem, const struct answer *a, unsigned type)
{
	struct config config = { 0 };
	struct rows rows = { .known = { .mem = mem },
			     .name = SV("example.com"),
			     .zone = SV("\7example\3com\0"),
			     .is_whole = true };
	struct endpoint e = { .name = SV("www.example.com"), .type = RR_A };
	struct row row = { .e = &e,
			   .question = { SV("\3www\7example\3com\0"), type,
					 false },
			   .ttl = 60 };
	struct sv name, text = SV("");
	struct served have = { 0 };

	for (int rule = ROW_EXACT; rule <= ROW_PRESENCE; rule++) {
		row.rule = (enum row_rule)rule;
		row.proxied = rule == ROW_PRESENCE;
		(void)row_judge(mem, &row, a, &have);
		check_text(have.text);
		for (size_t i = 0; i < have.data.list.n; i++)
			check_text(have.data.list.v[i]);
	}
	for (size_t i = 0; i < a->answer.list.n; i++)
		if (rr_is_extra(mem, &config, &rows, &a->answer.list.v[i],
				&name, &text)) {
			check_text(name);
			check_text(text);
		}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem;
	struct question q = { .name = SV("\3www\7example\3com\0") };
	struct answer a;
	struct sv bytes;
	unsigned id;

	if (size < 4)
		return 0;
	mem = arena_new();
	q.type = (unsigned)data[0] << 8 | data[1];
	bytes = arena_sv(mem, bytes_of(data + 2, size - 2));
	id = (unsigned)data[2] << 8 | data[3];
	assert(answer_read(mem, &q, (uint16_t)(id ^ 1), bytes, &a) !=
	       READING_OK);
	if (answer_read(mem, &q, (uint16_t)id, bytes, &a) == READING_OK) {
		assert((data[4] & 0x80) != 0);
		check_rows(mem, &a, q.type);
	}
	arena_free(mem);
	return 0;
}
