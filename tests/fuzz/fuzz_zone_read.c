/*
 * From the bytes of a hand-kept zone file to records and to our lines, alone
 * and between the markers of that same file.  Checked besides memory: what was
 * read is written so that it reads the same again (the writer asserts it), and
 * outside the markers no byte changes but the serial's, which moves once.
 */
#include "fuzz.h"

#include <assert.h>

#include "output/output.h"

struct job {
	struct diags d;
	struct zone zone;
	struct output_spec spec;
	struct output_ctx ctx;
};

static void job_init(struct job *j, struct arena *mem, struct sv mode)
{
	*j = (struct job){ .d = { .mem = mem },
			   .zone = { .name = SV("example.com"),
				     .key = SV("example.com"),
				     .default_ttl = 300 },
			   .spec = { .format = SV("bind"),
				     .file = SV("fuzz"),
				     .mode = mode } };
	j->ctx = (struct output_ctx){
		.mem = mem, .diags = &j->d, .zone = &j->zone, .spec = &j->spec
	};
}

static void check_lines(struct arena *mem, const struct endpoints *set)
{
	const struct output *bind = output_find(SV("bind"));
	struct endpoints back = { 0 };
	struct job j;
	struct sv text;

	job_init(&j, mem, SV("include"));
	if (bind->write(&j.ctx, set, &text) != 0) {
		assert(j.d.errors > 0);
		return;
	}
	assert(bind->read(&j.ctx, SV("fuzz"), text, &back) == 0);
	assert(back.list.n == set->list.n);
}

static void check_block(struct arena *mem, struct sv file)
{
	const struct output *bind = output_find(SV("bind"));
	struct endpoints set = { 0 };
	struct endpoint *e = endpoints_add(mem, &set);
	struct sv once, twice, inside;
	size_t head, tail;
	struct job j;

	e->name = SV("www.example.com");
	e->type = RR_A;
	*VEC_ADD(mem, &e->targets) = SV("192.0.2.1");
	job_init(&j, mem, SV("block"));
	j.zone.serial = SV("keep");
	j.ctx.previous = file;
	if (bind->write(&j.ctx, &set, &once) != 0) {
		assert(j.d.errors > 0);
		return;
	}
	inside =
		SV("www.example.com.                   300 IN A     192.0.2.1");
	head = sv_find(once, inside);
	assert(head < once.n);
	assert(sv_starts(file, sv_head(once, head)));
	tail = once.n - head - inside.n;
	if (tail > file.n)
		tail = file.n;
	/* Behind our line and its end the rest of the file follows. */
	for (size_t i = 2; i < tail; i++)
		if (file.p[file.n - i] == ';')
			break;
		else
			assert(file.p[file.n - i] == once.p[once.n - i]);
	j.ctx.previous = once;
	assert(bind->write(&j.ctx, &set, &twice) == 0);
	assert(sv_eq(once, twice));
}

/* With a serial to move: that may be refused, and is done once. */
static void check_serial(struct arena *mem, struct sv file)
{
	const struct output *bind = output_find(SV("bind"));
	struct endpoints set = { 0 };
	struct endpoint *e = endpoints_add(mem, &set);
	struct sv once, twice;
	struct job j;

	e->name = SV("www.example.com");
	e->type = RR_A;
	*VEC_ADD(mem, &e->targets) = SV("192.0.2.1");
	job_init(&j, mem, SV("block"));
	j.zone.serial = SV("increment");
	j.ctx.previous = file;
	if (bind->write(&j.ctx, &set, &once) != 0) {
		assert(j.d.errors > 0);
		return;
	}
	j.ctx.previous = once;
	assert(bind->write(&j.ctx, &set, &twice) == 0);
	assert(sv_eq(once, twice));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct endpoints set = { 0 };

	if (zone_text_read(mem, &d, SV("fuzz"), text, SV("example.com"), 300,
			   &set) == 0)
		check_lines(mem, &set);
	else
		assert(d.errors > 0);
	check_block(mem, text);
	check_serial(mem, text);
	arena_free(mem);
	return 0;
}
