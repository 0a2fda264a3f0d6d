/*
 * From bytes to the objects of a file, by way of the wire.  Checked besides
 * memory: the prefilter never changes what is found, no fault is without a
 * place in the text, and what was read is read again the same.
 */
#include "fuzz.h"

#include <assert.h>

#include "render/plain.h"

static const char *const kinds[] = { "Ingress",
				     "HTTPRoute.gateway.networking.k8s.io",
				     NULL };

static void check_places(const struct diags *d, size_t size)
{
	for (size_t i = 0; i < d->list.n; i++) {
		assert(d->list.v[i].at.line <= size + 1);
		assert(d->list.v[i].text.n > 0);
	}
}

static struct file_read read_as(struct arena *mem, struct sv text,
				bool prefilter)
{
	static const struct config config;
	struct render_ctx ctx = { .mem = mem,
				  .config = &config,
				  .prefilter = prefilter };
	struct plain_request want = { .kinds = kinds };
	struct file_read r = { .diags = { .mem = mem } };

	plain_read(&ctx, &want, SV("fuzz"), text, &r);
	return r;
}

static struct sv wired(struct arena *mem, const struct file_read *r)
{
	struct buf b = { .mem = mem };

	serialize_write(&b, r);
	return buf_sv(&b);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct file_read with = read_as(mem, text, true);
	struct file_read without = read_as(mem, text, false);
	struct file_read back = { .diags = { .mem = mem } };
	struct documents docs = { 0 };
	struct sv told = wired(mem, &with);

	assert(sv_eq(told, wired(mem, &without)));
	serialize_read(mem, SV("fuzz"), told, &back);
	assert(sv_eq(told, wired(mem, &back)));
	check_places(&with.diags, size);
	(void)manifest_parse(mem, &back.diags, SV("fuzz"), text, &docs);
	for (size_t i = 0; i < docs.list.n; i++)
		(void)node_check_keys(docs.list.v[i], DIAG_ERROR, &back.diags);
	arena_free(mem);
	return 0;
}
