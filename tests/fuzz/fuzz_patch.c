/*
 * Patches of any document by any other.  Checked besides memory: what is
 * shared has not changed, nothing grows beyond its bound, and a fault says
 * what it is.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "render/kustomize/patch.h"

/* Enough to see a change in place: order, kinds, bytes. */
static uint64_t digest(const struct node *n, uint64_t h, unsigned depth)
{
	h = h * 31 + (uint64_t)n->kind;
	for (size_t i = 0; i < n->scalar.n; i++)
		h = h * 31 + (unsigned char)n->scalar.p[i];
	for (size_t i = 0; depth < 8 && i < n->items.n; i++)
		h = digest(n->items.v[i], h, depth + 1);
	return h;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct patch p = { .mem = mem, .kind = SV("Service") };

	(void)manifest_parse(mem, &d, SV("fuzz"), text, &docs);
	for (size_t i = 1; i < docs.list.n && i < 4; i++) {
		struct node *have = docs.list.v[0], *out = NULL;
		uint64_t before = digest(have, 0, 0);
		const char *why =
			docs.list.v[i]->kind == NODE_LIST
				? patch_json(&p, have, docs.list.v[i], &out)
				: patch_merge(&p, have, docs.list.v[i], &out);

		assert(digest(have, 0, 0) == before);
		assert(why == NULL || why[0] != '\0');
		if (why == NULL && out != NULL)
			assert(out->weight <= have->weight + MAX_YAML_ALIASED);
	}
	arena_free(mem);
	return 0;
}
