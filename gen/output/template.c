/*
 * A format of the user's own, from a Mustache template of the repository.
 *
 * Shape:  the values are those of a zone file: printable ASCII without line
 *         ends, whatever `escape` makes of them then.
 * Trust:  the template reads nothing: its partials are in the output's spec.
 *         Its text must begin with our header in a comment, so that nobody
 *         else's file is overwritten and an obsolete one is known.
 */
#include "base/escape.h"
#include "base/mustache.h"
#include "base/path.h"
#include "output/json_text.h"
#include "output/list.h"
#include "output/typed.h"

static struct sv for_zone(struct arena *mem, struct sv s)
{
	return escape(mem, SINK_ZONE, s);
}

static struct sv for_json(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };
	struct sv text;

	json_string_put(&b, s);
	text = buf_sv(&b);
	return sv_head(sv_from(text, 1), text.n - 2);
}

static struct sv for_hcl(struct arena *mem, struct sv s)
{
	return template_escape(mem, for_json(mem, s));
}

static struct sv for_html(struct arena *mem, struct sv s)
{
	return html_escape(mem, text_escape(mem, s));
}

static const struct {
	const char *word;
	mustache_escape *escape;
} escapes[] = {
	{ "hcl", for_hcl }, { "html", for_html }, { "json", for_json },
	{ "none", NULL },   { "zone", for_zone },
};

static mustache_escape *escape_find(struct sv word)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (sv_eq(word, sv_of(escapes[i].word)))
			return escapes[i].escape;
	return for_html;
}

static struct sv yes(bool is)
{
	return is ? SV("yes") : SV("");
}

static void place_put(struct arena *mem, struct mustache_scope *s, size_t i,
		      size_t n)
{
	mustache_text(mem, s, "first", yes(i == 0));
	mustache_text(mem, s, "last", yes(i + 1 == n));
}

/* The values of an RRset, each with its data as a zone file has it. */
static int values_put(struct output_ctx *ctx, const struct endpoint *e,
		      struct mustache_scope *set)
{
	struct arena *mem = ctx->mem;
	struct mustache_scope *list =
		ARENA_ARRAY(mem, struct mustache_scope, e->targets.n + 1);
	struct sv wire;
	int rc = 0;

	for (size_t i = 0; i < e->targets.n; i++) {
		if (!rdata_wire(mem, e, e->targets.v[i], &wire)) {
			rc = output_target_fault(ctx, e, e->targets.v[i]);
			continue;
		}
		mustache_text(mem, &list[i], "value",
			      rdata_text(mem, e->type, wire));
		place_put(mem, &list[i], i, e->targets.n);
	}
	mustache_list(mem, set, "values", list, e->targets.n);
	return rc;
}

static int record_put(struct output_ctx *ctx, const struct endpoint *e,
		      struct mustache_scope *set)
{
	struct arena *mem = ctx->mem;
	int rc = output_check_plain(ctx, e);
	bool silent = sv_eq(ctx->spec->comments, SV("none"));

	if (output_check_single(ctx, e) != 0)
		rc = -1;
	mustache_text(mem, set, "name", e->name);
	mustache_text(mem, set, "relative", typed_owner(ctx, e->name, SV("@")));
	mustache_text(mem, set, "type", sv_of(rrtype_name(e->type)));
	mustache_text(mem, set, "ttl",
		      arena_fmt(mem, "%lld", (long long)output_ttl(ctx, e)));
	mustache_text(mem, set, "comment",
		      silent ? SV("") : output_comment(mem, e));
	mustache_text(mem, set, "registry", yes(e->is_registry));
	if (values_put(ctx, e, set) != 0)
		rc = -1;
	return rc;
}

static int scope_put(struct output_ctx *ctx, const struct endpoints *records,
		     struct mustache_scope *top)
{
	struct arena *mem = ctx->mem;
	struct endpoint_refs refs = { 0 };
	struct mustache_scope *sets =
		ARENA_ARRAY(mem, struct mustache_scope, records->list.n + 1);
	int rc = 0;

	endpoint_refs_sorted(mem, records, &refs);
	for (size_t i = 0; i < refs.list.n; i++) {
		if (record_put(ctx, refs.list.v[i], &sets[i]) != 0)
			rc = -1;
		place_put(mem, &sets[i], i, refs.list.n);
	}
	mustache_text(mem, top, "header", output_header(ctx));
	mustache_text(mem, top, "zone", ctx->zone->name);
	mustache_text(mem, top, "view", ctx->zone->view);
	mustache_list(mem, top, "records", sets, refs.list.n);
	return rc;
}

static int partial_find(void *of, struct sv name, struct sv *text)
{
	const struct output_ctx *ctx = of;
	const struct sv *found;
	struct sv path;

	if (!path_join(ctx->mem, path_folder(ctx->spec->template), name, &path))
		return 0;
	found = pairs_get(&ctx->spec->template_files, path);
	if (found != NULL)
		*text = *found;
	return 0;
}

static int begins_with_header(const struct output_ctx *ctx, struct sv text)
{
	struct header h;

	if (header_parse(ctx->mem, text, &h) &&
	    header_format(&h) == output_format(ctx->spec))
		return 0;
	return diag_error(ctx->diags, DIAG_OUTPUT, ctx->spec->at,
			  SV_FMT ": expected {{header}} in a comment at the "
				 "start: behind #, ;, //, -- or <!--",
			  SV_ARG(ctx->spec->template));
}

static int write_all(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text)
{
	const struct output_spec *spec = ctx->spec;
	const struct sv *file =
		pairs_get(&spec->template_files, spec->template);
	struct mustache_scope top = { 0 };
	struct fault f = { 0 };
	struct mustache_options o = {
		.name = arena_str(ctx->mem, spec->template),
		.top = &top,
		.escape = escape_find(spec->escape),
		.raw = escape_find(spec->escape),
		.strict = true,
		.partial = partial_find,
		.of = ctx,
	};

	if (file == NULL)
		return diag_error(ctx->diags, DIAG_CONFIG, spec->at,
				  "missing template: an output of the "
				  "configuration names one");
	o.template = *file;
	if (scope_put(ctx, records, &top) != 0)
		return -1;
	if (mustache_render(ctx->mem, &o, &f, text) < 0)
		return diag_error(ctx->diags, DIAG_OUTPUT, spec->at, SV_FMT,
				  SV_ARG(f.text));
	return begins_with_header(ctx, *text);
}

static int template_write(struct output_ctx *ctx,
			  const struct endpoints *records, struct sv *text)
{
	return output_scratch(ctx, records, text, write_all);
}

/* Nobody knows what a template made of a record: the other outputs of the zone
 * say what stood before, and there is one (config/zone.c). */
static int template_read(struct output_ctx *ctx, struct sv file, struct sv text,
			 struct endpoints *out)
{
	(void)ctx;
	(void)file;
	(void)text;
	(void)out;
	return 0;
}

const struct output output_template = {
	.write = template_write,
	.read = template_read,
};
