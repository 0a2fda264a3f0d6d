/*
 * Comma-separated values: a line for each target, in the columns of `list -o
 * csv` without the place.
 *
 * Trust:  a cell that a spreadsheet would run has an apostrophe in front, which
 *         is taken off again where it is read.
 * Source: RFC 4180; the comment of the first line is that of CSV on the Web.
 */
#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "output/list.h"
#include "output/typed.h"

enum column { NAME, TYPE, TTL, TARGET, RESOURCE, COLUMNS };

static const char *const titles[COLUMNS] = {
	[NAME] = "name",     [TYPE] = "type",	      [TTL] = "ttl",
	[TARGET] = "target", [RESOURCE] = "resource",
};

static void cell_add(struct buf *b, struct sv s, char end)
{
	buf_add(b, escape(b->mem, SINK_CSV, s));
	buf_char(b, end);
}

static int record_put(struct output_ctx *ctx, struct buf *b,
		      const struct endpoint *e)
{
	struct sv ttl = arena_fmt(ctx->mem, "%lld", (long long)e->ttl);
	struct sv comment = SV(""), wire;
	int rc = output_check_plain(ctx, e);

	if (output_check_single(ctx, e) != 0)
		rc = -1;
	if (!sv_eq(ctx->spec->comments, SV("none")))
		comment = output_comment(ctx->mem, e);
	for (size_t i = 0; rc == 0 && i < e->targets.n; i++) {
		if (!rdata_wire(ctx->mem, e, e->targets.v[i], &wire)) {
			rc = output_target_fault(ctx, e, e->targets.v[i]);
			continue;
		}
		cell_add(b, e->name, ',');
		cell_add(b, sv_of(rrtype_name(e->type)), ',');
		cell_add(b, ttl, ',');
		cell_add(b, rdata_text(ctx->mem, e->type, wire), ',');
		cell_add(b, comment, '\n');
	}
	return rc;
}

static int write_all(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text)
{
	struct buf b = { .mem = ctx->mem };
	struct endpoint_refs refs = { 0 };
	int rc = 0;

	endpoint_refs_sorted(ctx->mem, records, &refs);
	buf_fmt(&b, "# " SV_FMT "\n", SV_ARG(output_header(ctx)));
	for (size_t i = 0; i < COLUMNS; i++)
		cell_add(&b, sv_of(titles[i]), i + 1 < COLUMNS ? ',' : '\n');
	for (size_t i = 0; i < refs.list.n; i++)
		if (record_put(ctx, &b, refs.list.v[i]) != 0)
			rc = -1;
	*text = buf_sv(&b);
	return rc;
}

static int csv_write(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text)
{
	return output_scratch(ctx, records, text, write_all);
}

struct reading {
	struct output_ctx *ctx;
	struct loc at;
	size_t of[COLUMNS]; /* which cell of a line it is */
	struct endpoints *out;
};

/* One cell off the line. */
static struct sv cell_take(struct arena *mem, struct sv *rest)
{
	struct buf b = { .mem = mem };
	struct sv cell;

	if (!sv_starts(*rest, SV("\""))) {
		if (!sv_cut(rest, ',', &cell))
			return SV("");
		return cell;
	}
	for (*rest = sv_from(*rest, 1); rest->n > 0;
	     *rest = sv_from(*rest, 1)) {
		if (rest->p[0] == '"' && !sv_starts(*rest, SV("\"\"")))
			break;
		if (rest->p[0] == '"')
			*rest = sv_from(*rest, 1);
		buf_char(&b, rest->p[0]);
	}
	*rest = sv_from(*rest, 1);
	if (!sv_cut(rest, ',', &cell))
		*rest = (struct sv){ NULL, 0 };
	cell = buf_sv(&b);
	/* Nothing that we write begins with one by itself. */
	return sv_starts(cell, SV("'")) ? sv_from(cell, 1) : cell;
}

static size_t cells_take(struct arena *mem, struct sv line, struct sv *cells,
			 size_t most)
{
	size_t n = 0;

	while (line.p != NULL && n < most)
		cells[n++] = cell_take(mem, &line);
	return n;
}

static int line_fault(const struct reading *r, const char *fault)
{
	return diag_error(r->ctx->diags, DIAG_OUTPUT, r->at, "CSV: %s", fault);
}

static int titles_read(struct reading *r, const struct sv *cells, size_t n)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		size_t i = 0;

		while (i < n && !sv_eq(cells[i], sv_of(titles[c])))
			i++;
		if (i == n && c != RESOURCE)
			return line_fault(r,
					  arena_fmt(r->ctx->mem, "no column %s",
						    titles[c])
						  .p);
		r->of[c] = i;
	}
	return 0;
}

/* The record that the lines before were of, if it is the same one. */
static struct endpoint *same_set(const struct reading *r, struct sv name,
				 enum rrtype type)
{
	struct endpoint *e =
		r->out->list.n > 0 ? &r->out->list.v[r->out->list.n - 1] : NULL;

	return e != NULL && e->type == type && sv_eq(e->name, name) ? e : NULL;
}

static int record_read(const struct reading *r, const struct sv *cells,
		       size_t n)
{
	struct sv resource =
		r->of[RESOURCE] < n ? cells[r->of[RESOURCE]] : SV("");
	struct endpoint typed = { 0 }, *e;
	unsigned long long ttl;
	struct sv name, wire;

	for (size_t c = 0; c < RESOURCE; c++)
		if (r->of[c] >= n)
			return line_fault(r, "missing cells");
	if (dname_fault(r->ctx->mem, DNAME_ANY, cells[r->of[NAME]], &name) !=
		    NULL ||
	    !rrtype_parse(cells[r->of[TYPE]], &typed.type) ||
	    !sv_number(cells[r->of[TTL]], MAX_TTL, &ttl) ||
	    !rdata_wire(r->ctx->mem, &typed, cells[r->of[TARGET]], &wire))
		return line_fault(r, "invalid name, type, ttl or target");
	e = same_set(r, name, typed.type);
	if (e == NULL)
		e = typed_endpoint(r->ctx, r->at, name, typed.type,
				   (int64_t)ttl, resource, r->out);
	rdata_targets(r->ctx->mem, e, &wire, 1);
	e->is_registry = e->is_registry && e->targets.n == 1;
	return 0;
}

static int csv_read(struct output_ctx *ctx, struct sv file, struct sv text,
		    struct endpoints *out)
{
	enum { CELLS = 32 };
	struct reading r = { .ctx = ctx, .at = { file, 0, 1 }, .out = out };
	struct sv cells[CELLS], line;
	bool titled = false;
	int rc = 0;

	text = output_readable(ctx, text);
	while (sv_cut(&text, '\n', &line)) {
		size_t n;

		r.at.line++;
		line = sv_ends(line, SV("\r")) ? sv_head(line, line.n - 1)
					       : line;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		n = cells_take(ctx->mem, line, cells, CELLS);
		if (!titled && titles_read(&r, cells, n) != 0)
			return -1;
		if (titled && record_read(&r, cells, n) != 0)
			rc = -1;
		titled = true;
	}
	endpoints_sort(out);
	return titled ? rc : line_fault(&r, "no line of titles");
}

const struct output output_csv = {
	.write = csv_write,
	.read = csv_read,
};
