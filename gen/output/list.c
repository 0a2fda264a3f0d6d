#include "output/list.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "output/rdata.h"

static int ref_cmp(const void *a, const void *b)
{
	const struct endpoint *x = *(const struct endpoint *const *)a;
	const struct endpoint *y = *(const struct endpoint *const *)b;

	return endpoint_cmp(x, y);
}

void endpoint_refs_sorted(struct arena *mem, const struct endpoints *set,
			  struct endpoint_refs *out)
{
	for (size_t i = 0; i < set->list.n; i++)
		*VEC_ADD(mem, &out->list) = &set->list.v[i];
	if (out->list.n > 1)
		qsort(out->list.v, out->list.n, sizeof(out->list.v[0]),
		      ref_cmp);
}

struct pairs endpoint_labels(struct arena *mem, const struct endpoint *e)
{
	struct pairs labels = { 0 };

	for (size_t i = 0; i < e->labels.list.n; i++)
		*VEC_ADD(mem, &labels.list) = e->labels.list.v[i];
	if (e->is_registry && e->owned_name.n > 0)
		pairs_put(mem, &labels, SV("ownedRecord"), e->owned_name);
	return labels;
}

enum {
	/* Long enough for "kind namespace/name" of any Kubernetes object. */
	MAX_COMMENT = 200,
	/* A sentence about one value. */
	MAX_REFUSAL = 512,
};

/* A test writes without a configuration. */
struct sv output_header(const struct output_ctx *ctx)
{
	struct sv config = ctx->config != NULL ? ctx->config->file : SV("");

	return header_text(ctx->mem, header_config(ctx->mem, config),
			   output_format(ctx->spec), ctx->zone->key);
}

int64_t output_ttl(const struct output_ctx *ctx, const struct endpoint *e)
{
	if (e->ttl > 0)
		return e->ttl;
	return output_format(ctx->spec)->ttl == FORMAT_TTL_OF_ZONE
		       ? ctx->zone->default_ttl
		       : 0;
}

int output_target_fault(const struct output_ctx *ctx, const struct endpoint *e,
			struct sv target)
{
	enum { QUOTED = 100 };
	struct sv shown;
	struct sv expected = rdata_expected(ctx->mem, e, target, &shown);

	return diag_error(ctx->diags, DIAG_TARGET, endpoint_at(e),
			  "record " SV_FMT ": invalid %s \"" SV_FMT
			  "\": expected " SV_FMT,
			  SV_ARG(e->name), rrtype_name(e->type),
			  SV_ARG(sv_head(shown, QUOTED)), SV_ARG(expected));
}

int output_check_plain(const struct output_ctx *ctx, const struct endpoint *e)
{
	if (e->ref.n == 0)
		return 0;
	return diag_error(ctx->diags, DIAG_TARGET, endpoint_at(e),
			  "record " SV_FMT
			  ": the target is the Terraform expression " SV_FMT
			  ", which %s cannot hold",
			  SV_ARG(e->name), SV_ARG(e->ref),
			  output_format(ctx->spec)->called);
}

int output_refusal(const struct output_ctx *ctx, const struct endpoint *e,
		   const char *fmt, ...)
{
	char fault[MAX_REFUSAL];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(fault, sizeof(fault), fmt, ap);
	va_end(ap);
	return diag_error(ctx->diags, DIAG_FORMAT, endpoint_at(e),
			  "%s \"" SV_FMT "\": %s cannot hold %s",
			  rrtype_name(e->type), SV_ARG(e->name),
			  output_format(ctx->spec)->called, fault);
}

int output_check_single(const struct output_ctx *ctx, const struct endpoint *e)
{
	return e->set_identifier.n == 0
		       ? 0
		       : output_refusal(ctx, e,
					"the set identifier \"" SV_FMT "\"",
					SV_ARG(e->set_identifier));
}

struct sv output_object_name(struct arena *mem, struct sv zone_key)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < zone_key.n; i++) {
		char c = sv_lower_char(zone_key.p[i]);
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			     c == '.';

		buf_char(&b, plain ? c : '-');
	}
	return buf_sv(&b);
}

struct loc output_place(const struct output_ctx *ctx)
{
	return (struct loc){ ctx->spec->file, 0, 0 };
}

/* A name is a stranger's text. */
static void comment_add(struct buf *b, struct sv s)
{
	s = escape(b->mem, SINK_COMMENT, s);
	buf_add(b, sv_head(s, b->n < MAX_COMMENT ? MAX_COMMENT - b->n : 0));
}

struct sv output_comment(struct arena *mem, const struct endpoint *e)
{
	struct buf b = { .mem = mem };
	struct sv before = SV("");

	for (size_t i = 0; i < e->from.n && !e->is_static; i++) {
		const struct provenance *p = &e->from.v[i];
		struct sv one = arena_fmt(
			mem, SV_FMT " " SV_FMT "%s" SV_FMT,
			SV_ARG(arena_lower(mem, p->kind)), SV_ARG(p->namespace),
			p->namespace.n > 0 ? "/" : "", SV_ARG(p->name));

		/* A record that stays because it was there has no object, and
		 * a path stands in no output. */
		if (sv_eq(one, before) || sv_eq(p->kind, SV("output")))
			continue;
		if (b.n > 0)
			comment_add(&b, SV(", "));
		comment_add(&b, one);
		before = one;
	}
	return sv_trim(buf_sv(&b));
}

void provenance_of_comment(struct sv comment, struct provenance *p)
{
	struct sv rest = sv_head(comment, sv_chr(comment, ',')), kind, ns;

	rest = sv_trim(rest);
	if (!sv_cut(&rest, ' ', &kind) || kind.n == 0 || rest.n == 0)
		return;
	ns = SV("");
	if (sv_chr(rest, '/') < rest.n)
		(void)sv_cut(&rest, '/', &ns);
	p->kind = kind;
	p->namespace = ns;
	p->name = rest;
}

static bool has_conflict_marks(struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		if (sv_starts(line, SV("<<<<<<< ")))
			return true;
	return false;
}

struct sv output_readable(struct output_ctx *ctx, struct sv text)
{
	for (size_t i = 0; i < ctx->bases.n && has_conflict_marks(text); i++)
		if (ctx->bases.v[i].n > 0)
			return ctx->bases.v[i];
	return text;
}

int output_scratch(struct output_ctx *ctx, const struct endpoints *records,
		   struct sv *text,
		   int (*write)(struct output_ctx *ctx,
				const struct endpoints *records,
				struct sv *text))
{
	struct output_ctx own = *ctx;
	struct sv made = SV("");
	int rc;

	own.mem = arena_under(ctx->mem);
	rc = write(&own, records, &made);
	if (rc == 0)
		*text = arena_sv(ctx->mem, made);
	arena_free(own.mem);
	return rc;
}

static void quote_write(FILE *out, struct sv s)
{
	struct arena *mem = arena_new();
	struct sv text = escape(mem, SINK_YAML, s);

	(void)fwrite(text.p, 1, text.n, out);
	arena_free(mem);
}

static void yaml_pairs(FILE *out, const char *key, const struct pairs *p)
{
	if (p->list.n == 0)
		return;
	fprintf(out, "  %s:\n", key);
	for (size_t i = 0; i < p->list.n; i++) {
		fprintf(out, "    ");
		quote_write(out, p->list.v[i].name);
		fprintf(out, ": ");
		quote_write(out, p->list.v[i].value);
		fputc('\n', out);
	}
}

static void yaml_from(FILE *out, const struct endpoint *e)
{
	if (e->from.n == 0)
		return;
	fprintf(out, "  from:\n");
	for (size_t i = 0; i < e->from.n; i++) {
		const struct provenance *p = &e->from.v[i];

		fprintf(out, "  - path: ");
		quote_write(out, p->at.file);
		fprintf(out, "\n    line: %u\n    column: %u\n    kind: ",
			p->at.line, p->at.col);
		quote_write(out, p->kind);
		fprintf(out, "\n    namespace: ");
		quote_write(out, p->namespace);
		fprintf(out, "\n    name: ");
		quote_write(out, p->name);
		fputc('\n', out);
	}
}

static void yaml_word(FILE *out, const char *key, struct sv value)
{
	if (value.n == 0)
		return;
	fprintf(out, "  %s: ", key);
	quote_write(out, value);
	fputc('\n', out);
}

static void yaml_whose(FILE *out, const struct endpoint *e)
{
	if (e->zone != NULL) {
		yaml_word(out, "zone", e->zone->name);
		yaml_word(out, "view", e->zone->view);
	}
	if (e->publisher != NULL)
		yaml_word(out, "publisher", e->publisher->name);
}

static void yaml_record(FILE *out, struct arena *mem, const struct endpoint *e)
{
	struct pairs labels = endpoint_labels(mem, e);

	fprintf(out, "- name: ");
	quote_write(out, e->name);
	fprintf(out, "\n  type: %s\n  ttl: %lld\n", rrtype_name(e->type),
		(long long)e->ttl);
	if (e->ref.n > 0) {
		fprintf(out, "  ref: ");
		quote_write(out, e->ref);
		fputc('\n', out);
	}
	fprintf(out, e->targets.n > 0 ? "  targets:\n" : "  targets: []\n");
	for (size_t i = 0; i < e->targets.n; i++) {
		fprintf(out, "  - ");
		quote_write(out, e->targets.v[i]);
		fputc('\n', out);
	}
	if (e->set_identifier.n > 0) {
		fprintf(out, "  set_identifier: ");
		quote_write(out, e->set_identifier);
		fputc('\n', out);
	}
	yaml_whose(out, e);
	yaml_pairs(out, "provider_specific", &e->properties);
	yaml_pairs(out, "labels", &labels);
	yaml_from(out, e);
}

void output_yaml(FILE *out, const struct endpoints *set)
{
	struct arena *mem = arena_new();
	struct endpoint_refs refs = { 0 };

	endpoint_refs_sorted(mem, set, &refs);
	if (refs.list.n == 0)
		fprintf(out, "[]\n");
	for (size_t i = 0; i < refs.list.n; i++)
		yaml_record(out, mem, refs.list.v[i]);
	arena_free(mem);
}

/* CR LF ends are for mail, not for git. */
static void csv_field(FILE *out, struct arena *mem, struct sv s, char end)
{
	s = escape(mem, SINK_CSV, s);
	(void)fwrite(s.p, 1, s.n, out);
	fputc(end, out);
}

/* One line a target, as a table of records has it. */
static void csv_record(FILE *out, struct arena *mem, const struct endpoint *e,
		       struct sv target)
{
	const struct provenance *p = e->from.n > 0 ? &e->from.v[0] : NULL;
	struct sv resource =
		p == NULL ? SV("")
			  : arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT,
				      SV_ARG(p->kind), SV_ARG(p->namespace),
				      SV_ARG(p->name));
	struct sv place =
		p == NULL ? SV("")
			  : arena_fmt(mem, SV_FMT ":%u:%u", SV_ARG(p->at.file),
				      p->at.line, p->at.col);

	csv_field(out, mem, e->name, ',');
	csv_field(out, mem, sv_of(rrtype_name(e->type)), ',');
	csv_field(out, mem, arena_fmt(mem, "%lld", (long long)e->ttl), ',');
	csv_field(out, mem, target, ',');
	csv_field(out, mem, resource, ',');
	csv_field(out, mem, place, ',');
	csv_field(out, mem, e->zone != NULL ? e->zone->name : SV(""), ',');
	csv_field(out, mem, e->zone != NULL ? e->zone->view : SV(""), ',');
	csv_field(out, mem, e->publisher != NULL ? e->publisher->name : SV(""),
		  '\n');
}

void output_list_csv(FILE *out, const struct endpoints *set)
{
	struct arena *mem = arena_new();
	struct endpoint_refs refs = { 0 };

	endpoint_refs_sorted(mem, set, &refs);
	fprintf(out,
		"name,type,ttl,target,resource,place,zone,view,publisher\n");
	for (size_t i = 0; i < refs.list.n; i++) {
		const struct endpoint *e = refs.list.v[i];

		if (e->ref.n > 0)
			csv_record(out, mem, e, e->ref);
		else if (e->targets.n == 0)
			csv_record(out, mem, e, SV("?"));
		for (size_t k = 0; k < e->targets.n; k++)
			csv_record(out, mem, e, e->targets.v[k]);
	}
	arena_free(mem);
}

bool output_proxied(const struct endpoint *e)
{
	return (e->type == RR_A || e->type == RR_AAAA || e->type == RR_CNAME) &&
	       record_proxied(e);
}

bool output_is_relative(const struct output_spec *spec)
{
	return sv_eq(spec->names, SV("relative"));
}

struct sv output_origin(const struct output_ctx *ctx)
{
	return output_is_relative(ctx->spec) ? ctx->zone->name
					     : (struct sv){ NULL, 0 };
}
