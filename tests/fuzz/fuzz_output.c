/*
 * From the bytes of any file to the records of an output, under any name, with
 * and without a configuration that has its zone.  Checked besides memory: what
 * is ours and cannot be read says so; what was read is written by every
 * format without breaking out of its place, and read again.
 */
#include "fuzz.h"

#include <assert.h>

#include "output/output.h"

/* example.com as an include file, a block and a Terraform module. */
static void config_fill(struct arena *mem, struct config *c)
{
	static const struct {
		const char *format, *mode, *file;
	} rows[] = {
		{ "bind", "include", "dns/include" },
		{ "bind", "block", "dns/block" },
		{ "terraform", "", "dns/records.tf.json" },
	};
	struct zone *z = VEC_ADD(mem, &c->zones);

	z->name = z->key = SV("example.com");
	z->default_ttl = 300;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct output_spec *o = VEC_ADD(mem, &z->outputs);

		o->format = sv_of(rows[i].format);
		o->mode = sv_of(rows[i].mode);
		o->file = sv_of(rows[i].file);
	}
	c->file = SV(".zoneloom.yaml");
}

/* In the formats that need no SOA; what they refuse, they say. */
static void check_again(struct output_ctx *ctx, const struct format *f,
			const struct endpoints *set)
{
	struct endpoints back = { 0 };
	size_t errors = ctx->diags->errors;
	struct sv text;

	if (output_of(f)->write(ctx, set, &text) != 0) {
		assert(ctx->diags->errors > errors);
		return;
	}
	assert(header_is_ours(text));
	assert(output_of(f)->read(ctx, SV("again"), text, &back) == 0);
	assert(back.list.n <= set->list.n);
}

/* Names that plan/ would refuse before anything is written. */
static bool has_conflict(const struct endpoints *set)
{
	for (size_t i = 1; i < set->list.n; i++)
		if (sv_eq(set->list.v[i].name, set->list.v[i - 1].name))
			return true;
	return false;
}

static void check_file(struct arena *mem, const struct config *c,
		       struct sv file, struct sv text)
{
	struct diags d = { .mem = mem };
	struct output_file got;
	int rc = output_file_read(mem, &d, c, file, text, &got);

	assert(rc >= 0 || d.errors > 0);
	if (rc != 1 || has_conflict(&got.records))
		return;
	for (const struct format *f = format_table; f->word; f++) {
		struct output_spec spec = { .format = sv_of(f->word) };
		struct output_ctx ctx = { .mem = mem,
					  .diags = &d,
					  .config = c,
					  .zone = &c->zones.v[0],
					  .spec = &spec };

		spec.mode = sv_of(format_plain_mode(f)->word);
		check_again(&ctx, f, &got.records);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char *const files[] = { "elsewhere", "dns/include",
					     "dns/block",
					     "dns/records.tf.json" };
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct config c = { 0 };

	config_fill(mem, &c);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		check_file(mem, &c, sv_of(files[i]), text);
	arena_free(mem);
	return 0;
}
