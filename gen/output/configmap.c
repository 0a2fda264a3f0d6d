/*
 * A ConfigMap with a whole zone file in it, which CoreDNS' file plugin reads
 * from a mounted volume.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "output/bind.h"
#include "output/list.h"
#include "output/yaml_lines.h"

/* The file in it is one of the format whose comments are behind ";". */
static void inner_spec(const struct output_ctx *ctx, struct output_spec *spec)
{
	const struct format *f = format_of_syntax(COMMENT_SEMICOLON);

	*spec = *ctx->spec;
	spec->format = sv_of(f->word);
	spec->mode = sv_of(f->modes[0].word);
}

/* The value of the one key of `data`, or NULL. */
static const struct node *file_node(const struct documents *docs)
{
	const struct node *data = NULL;

	if (docs->list.n > 0)
		data = node_get(docs->list.v[0], SV("data"));
	return data != NULL && data->kind == NODE_MAP && data->items.n == 2 &&
			       data->items.v[1]->kind == NODE_SCALAR
		       ? data->items.v[1]
		       : NULL;
}

/* The zone file in `text`; p NULL: there is none in it. */
static struct sv file_of(struct arena *mem, struct sv text)
{
	struct diags ignored = { .mem = arena_under(mem) };
	struct documents docs = { 0 };
	const struct node *n = NULL;
	struct sv file = { NULL, 0 };

	if (text.p != NULL &&
	    manifest_parse(ignored.mem, &ignored, SV(""), text, &docs) == 0)
		n = file_node(&docs);
	if (n != NULL)
		file = arena_sv(mem, n->scalar);
	arena_free(ignored.mem);
	return file;
}

/* No line of a zone file of ours is empty, begins with a blank where the first
 * one does, or has a byte that a block of YAML could not hold. */
static void block_add(struct buf *b, struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line) && text.p != NULL)
		buf_fmt(b, "    " SV_FMT "\n", SV_ARG(line));
}

static int write_all(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text)
{
	struct output_ctx inner = *ctx;
	struct buf b = { .mem = ctx->mem };
	struct output_spec spec;
	struct sv file;

	inner_spec(ctx, &spec);
	inner.spec = &spec;
	inner.previous = file_of(ctx->mem, ctx->previous);
	inner.bases.v = NULL;
	inner.bases.n = inner.bases.cap = 0;
	for (size_t i = 0; i < ctx->bases.n; i++)
		*VEC_ADD(ctx->mem, &inner.bases) =
			file_of(ctx->mem, ctx->bases.v[i]);
	if (bind_write_zone(&inner, records, &file) != 0)
		return -1;
	if (file.n > MAX_CONFIGMAP)
		return diag_error(ctx->diags, DIAG_OUTPUT, output_place(ctx),
				  "a ConfigMap holds 1 MiB at most, and the "
				  "zone file has %zu bytes",
				  file.n);
	buf_fmt(&b,
		"# " SV_FMT "\n---\n"
		"apiVersion: v1\n"
		"kind: ConfigMap\nmetadata:\n  name: \"" SV_FMT "\"\n"
		"data:\n  \"" SV_FMT ".zone\": |\n",
		SV_ARG(output_header(ctx)),
		SV_ARG(output_object_name(ctx->mem, ctx->zone->key)),
		SV_ARG(output_object_name(ctx->mem, ctx->zone->name)));
	block_add(&b, file);
	*text = buf_sv(&b);
	return 0;
}

static int configmap_write(struct output_ctx *ctx,
			   const struct endpoints *records, struct sv *text)
{
	return output_scratch(ctx, records, text, write_all);
}

static int configmap_read(struct output_ctx *ctx, struct sv file,
			  struct sv text, struct endpoints *out)
{
	struct output_ctx inner = *ctx;
	struct output_spec spec;
	struct sv zone;

	inner_spec(ctx, &spec);
	inner.spec = &spec;
	zone = file_of(ctx->mem, output_readable(ctx, text));
	if (zone.p == NULL)
		return diag_error(ctx->diags, DIAG_OUTPUT,
				  ((struct loc){ file, 1, 1 }),
				  "ConfigMap: expected one zone file in data");
	return bind_read_zone(&inner, (struct loc){ file, 0, 0 }, zone, out);
}

const struct output output_configmap = {
	.write = configmap_write,
	.read = configmap_read,
};
