#include "output/list.h"

#include <stdlib.h>

#include "base/buf.h"

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

/* Well-formed sequences by their first byte (RFC 3629 section 4): how long
 * they are, and what the second byte may be. */
static const struct {
	unsigned char first, last, n, second_from, second_to;
} utf8_rows[] = {
	{ 0x00, 0x7f, 1, 0, 0 },       { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static size_t utf8_row_fits(size_t row, struct sv s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t n = utf8_rows[row].n;

	if (p[0] < utf8_rows[row].first || p[0] > utf8_rows[row].last ||
	    s.n < n)
		return 0;
	if (n > 1 && (p[1] < utf8_rows[row].second_from ||
		      p[1] > utf8_rows[row].second_to))
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Bytes of the well-formed UTF-8 sequence at `s`, or 0. */
static size_t utf8_step(struct sv s)
{
	size_t n = 0;

	for (size_t i = 0;
	     n == 0 && i < sizeof(utf8_rows) / sizeof(utf8_rows[0]); i++)
		n = utf8_row_fits(i, s);
	return n;
}

struct sv utf8_clean(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };
	size_t good = 0, n;

	while (good < s.n && (n = utf8_step(sv_from(s, good))) > 0)
		good += n;
	if (good == s.n)
		return s;
	for (; s.n > 0; s = sv_from(s, n > 0 ? n : 1)) {
		n = utf8_step(s);
		buf_add(&b, n > 0 ? sv_head(s, n) : SV("\xef\xbf\xbd"));
	}
	return buf_sv(&b);
}

enum {
	/* Long enough for "kind namespace/name" of any Kubernetes object. */
	MAX_COMMENT = 200,
};

struct loc endpoint_place(const struct endpoint *e)
{
	return e->from.n > 0 ? e->from.v[0].at : (struct loc){ 0 };
}

/* A test writes without a configuration. */
struct sv output_header(const struct output_ctx *ctx)
{
	struct sv config = ctx->config != NULL ? ctx->config->file : SV("");

	return header_text(ctx->mem, header_config(ctx->mem, config));
}

int64_t output_ttl(const struct output_ctx *ctx, const struct endpoint *e)
{
	if (e->ttl > 0)
		return e->ttl;
	return output_format(ctx->spec)->ttl == FORMAT_TTL_OF_ZONE
		       ? ctx->zone->default_ttl
		       : 0;
}

struct loc output_place(const struct output_ctx *ctx)
{
	return (struct loc){ ctx->spec->file, 0, 0 };
}

/* Without a byte that could end a comment: a name is a stranger's text. */
static void comment_add(struct buf *b, struct sv s)
{
	for (size_t i = 0; i < s.n && b->n < MAX_COMMENT; i++)
		buf_char(b, s.p[i] >= 0x20 && s.p[i] < 0x7f ? s.p[i] : '?');
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

		if (sv_eq(one, before))
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

	own.mem = arena_new();
	rc = write(&own, records, &made);
	if (rc == 0)
		*text = arena_sv(ctx->mem, made);
	arena_free(own.mem);
	return rc;
}

/* What YAML takes for a line end or a byte order mark even between quotes, and
 * C1 controls: the code point, else 0. */
static unsigned yaml_special(struct sv s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return p[1];
	if (s.n >= 3 && p[0] == 0xe2 && p[1] == 0x80 &&
	    (p[2] == 0xa8 || p[2] == 0xa9))
		return 0x2000U | (p[2] - 0x80U);
	if (s.n >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)
		return 0xfeff;
	return 0;
}

/* YAML's double-quoted form takes JSON's escapes. */
struct sv quoted_text(struct arena *mem, struct sv s)
{
	struct sv clean = utf8_clean(mem, s);
	struct buf b = { .mem = mem };
	size_t n;

	buf_char(&b, '"');
	for (; clean.n > 0; clean = sv_from(clean, n)) {
		unsigned char c = (unsigned char)clean.p[0];
		unsigned special = yaml_special(clean);

		n = utf8_step(clean);
		if (c == '"' || c == '\\')
			buf_fmt(&b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f || special != 0)
			buf_fmt(&b, "\\u%04x", special != 0 ? special : c);
		else
			buf_add(&b, sv_head(clean, n));
	}
	buf_char(&b, '"');
	return buf_sv(&b);
}

static void quote_write(FILE *out, struct sv s)
{
	struct arena *mem = arena_new();
	struct sv text = quoted_text(mem, s);

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

/* RFC 4180: quoted where it must be; CR LF ends are for mail, not for git. */
static void csv_field(FILE *out, struct sv s, char end)
{
	/* A spreadsheet runs a cell that begins so (CWE-1236). */
	bool formula =
		s.n > 0 && s.p[0] != '\0' && strchr("=+@-\t\r", s.p[0]) != NULL;
	bool quoted = formula;

	for (size_t i = 0; i < s.n && !quoted; i++)
		quoted = strchr(",\"\r\n", s.p[i]) != NULL;
	if (quoted)
		fprintf(out, formula ? "\"'" : "\"");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			fputc('"', out);
		fputc(s.p[i], out);
	}
	if (quoted)
		fputc('"', out);
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

	csv_field(out, e->name, ',');
	csv_field(out, sv_of(rrtype_name(e->type)), ',');
	csv_field(out, arena_fmt(mem, "%lld", (long long)e->ttl), ',');
	csv_field(out, target, ',');
	csv_field(out, resource, ',');
	csv_field(out, place, '\n');
}

void output_csv(FILE *out, const struct endpoints *set)
{
	struct arena *mem = arena_new();
	struct endpoint_refs refs = { 0 };

	endpoint_refs_sorted(mem, set, &refs);
	fprintf(out, "name,type,ttl,target,resource,place\n");
	for (size_t i = 0; i < refs.list.n; i++) {
		const struct endpoint *e = refs.list.v[i];

		if (e->ref.n > 0)
			csv_record(out, mem, e, e->ref);
		for (size_t k = 0; k < e->targets.n; k++)
			csv_record(out, mem, e, e->targets.v[k]);
	}
	arena_free(mem);
}
