/*
 * Substitution of any text.  Checked besides memory: a fault has its place in
 * the text, no result is longer than its bound, what is kept for want of a
 * value names it, and strict mode refuses exactly that.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "render/flux/envsubst.h"

static enum envsubst_state get(void *ctx, struct sv name, struct sv *value)
{
	(void)ctx;
	if (name.n % 3 == 0)
		return ENVSUBST_UNSET;
	if (name.n % 7 == 0)
		return ENVSUBST_UNKNOWN;
	*value = name.n % 2 == 0 ? SV("") : SV("www.Example.org");
	return ENVSUBST_SET;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct envsubst keep = { .mem = mem, .get = get, .keep = true };
	struct envsubst strict = { .mem = mem, .get = get };
	struct sv kept = SV(""), out = SV("");
	int rc = envsubst(&keep, text, &kept);

	if (rc < 0) {
		assert(keep.fault != NULL && keep.fault_at <= size);
		assert(envsubst(&strict, text, &out) < 0);
	} else {
		assert(kept.n <= MAX_SUBST_BYTES);
		assert((envsubst(&strict, text, &out) == 0) ==
		       (keep.missing.n == 0));
	}
	if (rc == 0 && keep.missing.n == 0)
		assert(sv_eq(kept, out));
	arena_free(mem);
	return 0;
}
