/*
 * From the bytes of a Terraform file to records, and what we write of them.
 * Checked besides memory: what was read is written, and what was written reads
 * as the same records; a second writing moves nothing.
 */
#include "fuzz.h"

#include <assert.h>

#include "output/output.h"

static size_t targets(const struct endpoints *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->list.n; i++)
		n += set->list.v[i].targets.n + (set->list.v[i].ref.n > 0);
	return n;
}

static void check_again(struct output_ctx *ctx, struct endpoints *set)
{
	const struct output *terraform = output_find(SV("terraform"));
	struct endpoints back = { 0 };
	struct sv once, twice;

	for (size_t i = 0; i < set->list.n; i++)
		set->list.v[i].is_static = true; /* quotes are syntax */
	if (terraform->write(ctx, set, &once) != 0) {
		assert(ctx->diags->errors > 0);
		return;
	}
	ctx->previous = once;
	assert(terraform->write(ctx, set, &twice) == 0);
	assert(sv_eq(once, twice));
	assert(terraform->read(ctx, SV("fuzz"), once, &back) == 0);
	assert(targets(&back) <= targets(set));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct zone zone = { .name = SV("example.com"),
			     .key = SV("example.com"),
			     .default_ttl = 300 };
	struct output_spec spec = { .format = SV("terraform"),
				    .file = SV("fuzz") };
	struct output_ctx ctx = { .mem = mem,
				  .diags = &d,
				  .zone = &zone,
				  .spec = &spec,
				  .previous = text };
	struct endpoints set = { 0 };

	if (output_find(SV("terraform"))->read(&ctx, SV("fuzz"), text, &set) ==
	    0)
		check_again(&ctx, &set);
	else
		assert(d.errors > 0);
	arena_free(mem);
	return 0;
}
