#include "output/typed.h"

#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/list.h"

enum { SHOWN = 60 }; /* of a value that is refused */

static int string_check(struct output_ctx *ctx, const struct endpoint *e,
			struct sv bytes, const char *(*fault)(struct sv bytes))
{
	const char *why = fault(bytes);

	return why == NULL ? 0
			   : output_refusal(ctx, e, "\"" SV_FMT "\": %s",
					    SV_ARG(sv_head(bytes, SHOWN)), why);
}

static int string_value(struct output_ctx *ctx, const struct endpoint *e,
			struct sv wire, const char *(*fault)(struct sv bytes),
			struct typed_value *out)
{
	if (!txt_bytes(ctx->mem, wire, &out->text))
		return output_refusal(ctx, e,
				      "strings with borders of their own");
	return string_check(ctx, e, out->text, fault);
}

static int named_value(struct output_ctx *ctx, const struct typed_row *row,
		       const struct endpoint *e, struct sv wire,
		       const char *(*fault)(struct sv bytes),
		       struct typed_value *out)
{
	const char *why = NULL;

	if (!rdata_split(ctx->mem, e->type, wire, &out->r))
		return output_refusal(ctx, e, "data without named fields");
	for (size_t i = 0; i < out->r.fields.n; i++)
		if (out->r.fields.v[i].kind == RDATA_STRING &&
		    string_check(ctx, e, out->r.fields.v[i].bytes, fault) != 0)
			return -1;
	if (row->fault != NULL)
		why = row->fault(e, &out->r);
	return why == NULL ? 0 : output_refusal(ctx, e, "%s", why);
}

int typed_value(struct output_ctx *ctx, const struct typed_row *row,
		const struct endpoint *e, struct sv target,
		const char *(*string_fault)(struct sv bytes),
		struct typed_value *out)
{
	struct sv wire;

	*out = (struct typed_value){ 0 };
	if (row->form == TYPED_NONE)
		return output_refusal(ctx, e, "a record of this type");
	if (!rdata_wire(ctx->mem, e, target, &wire))
		return output_target_fault(ctx, e, target);
	if (row->form == TYPED_STRING)
		return string_value(ctx, e, wire, string_fault, out);
	out->text = rdata_text(ctx->mem, e->type, wire);
	if (sv_starts(out->text, SV("\\#")))
		return output_refusal(ctx, e, "data that has no text");
	if (row->form == TYPED_NAMED)
		return named_value(ctx, row, e, wire, string_fault, out);
	return 0;
}

int typed_values(struct output_ctx *ctx, const struct typed_row *row,
		 const struct endpoint *e,
		 const char *(*string_fault)(struct sv bytes),
		 struct typed_value *values)
{
	int rc = output_check_plain(ctx, e);

	if (output_check_single(ctx, e) != 0)
		rc = -1;
	for (size_t i = 0; i < e->targets.n; i++)
		if (typed_value(ctx, row, e, e->targets.v[i], string_fault,
				&values[i]) != 0)
			rc = -1;
	return rc;
}

struct sv typed_text(struct arena *mem, const struct rdata_field *f)
{
	switch (f->kind) {
	case RDATA_NUMBER:
		return arena_fmt(mem, "%lu", (unsigned long)f->number);
	case RDATA_NAME:
		return sv_eq(f->bytes, SV("."))
			       ? f->bytes
			       : arena_fmt(mem, SV_FMT ".", SV_ARG(f->bytes));
	case RDATA_STRING:
	case RDATA_TAG:
		return f->bytes;
	case RDATA_HEX:
	case RDATA_PARAMS:
	case RDATA_OTHER:
		return f->text;
	}
	return SV("");
}

size_t typed_count(const struct typed_row *row)
{
	size_t n = 0;

	while (n < TYPED_MAX && row->fields[n].name != NULL)
		n++;
	return n;
}

static struct sv named_text(struct arena *mem, enum rrtype type,
			    const struct typed_row *row,
			    const struct sv *fields)
{
	struct sv ordered[TYPED_MAX] = { { NULL, 0 } };
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < typed_count(row); i++) {
		unsigned k = row->fields[i].field;

		ordered[k] = rdata_kind(type, k) == RDATA_STRING
				     ? string_text(mem, fields[i])
				     : fields[i];
	}
	for (size_t i = 0; i < TYPED_MAX; i++) {
		if (ordered[i].n == 0)
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_add(&b, ordered[i]);
	}
	return buf_sv(&b);
}

bool typed_wire(struct arena *mem, enum rrtype type,
		const struct typed_row *row, const struct sv *fields,
		struct sv *wire)
{
	struct endpoint typed = { .type = type };

	switch (row->form) {
	case TYPED_NONE:
		return false;
	case TYPED_PLAIN:
		return rdata_wire(mem, &typed, fields[0], wire);
	case TYPED_STRING:
		return rdata_wire(mem, &typed, string_text(mem, fields[0]),
				  wire);
	case TYPED_NAMED:
		return rdata_wire(mem, &typed,
				  named_text(mem, type, row, fields), wire);
	}
	return false;
}

struct sv typed_owner(const struct output_ctx *ctx, struct sv name,
		      struct sv apex)
{
	struct sv zone = ctx->zone->name;

	if (!dname_in(name, zone))
		return name;
	return name.n == zone.n ? apex : sv_head(name, name.n - zone.n - 1);
}

bool typed_name(const struct output_ctx *ctx, struct sv owner, struct sv apex,
		struct sv *name)
{
	struct sv zone = ctx->zone->name;

	if (zone.n > 0)
		owner = sv_eq(owner, apex)
				? zone
				: arena_fmt(ctx->mem, SV_FMT "." SV_FMT,
					    SV_ARG(owner), SV_ARG(zone));
	return dname_fault(ctx->mem, DNAME_ANY, owner, name) == NULL;
}

struct endpoint *typed_endpoint(struct output_ctx *ctx, struct loc at,
				struct sv name, enum rrtype type, int64_t ttl,
				struct sv comment, struct endpoints *out)
{
	struct endpoint *e = endpoints_add(ctx->mem, out);
	struct provenance *p = VEC_ADD(ctx->mem, &e->from);

	e->name = arena_sv(ctx->mem, name);
	e->type = type;
	e->ttl = ttl;
	p->at = at;
	p->name_rule = "output";
	p->kind = SV("output");
	p->name = at.file;
	provenance_of_comment(arena_sv(ctx->mem, comment), p);
	return e;
}
