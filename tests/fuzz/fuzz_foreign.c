/*
 * From the bytes of a file beside an output to the blocks that change what it
 * says.  Checked besides memory: of both syntaxes each finding has a place in
 * the file, and an address of ours; reading ends.
 */
#include "fuzz.h"

#include <assert.h>

#include "output/output.h"

static void check_file(struct arena *mem, struct sv file, struct sv text)
{
	struct foreign_blocks blocks;

	output_find(SV("terraform"))->foreign_find(mem, file, text, &blocks);
	for (size_t i = 0; i < blocks.list.n; i++) {
		const struct foreign_block *b = &blocks.list.v[i];

		assert(sv_eq(b->at.file, file));
		assert(b->at.line > 0 && b->at.col > 0);
		assert(b->name.n > 0 && sv_has(b->address, SV(".")));
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });

	check_file(mem, SV("override.tf"), text);
	check_file(mem, SV("override.tf.json"), text);
	arena_free(mem);
	return 0;
}
