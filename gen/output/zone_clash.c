#include "output/zone_clash.h"

#include "base/map.h"
#include "output/list.h"
#include "output/rdata.h"

/* Our lines and those around them, looked up by owner. */
struct clash {
	struct output_ctx *ctx;
	struct sv file; /* where theirs stand */
	const struct zone_lines *ours;
	struct map by_owner; /* our first line of an owner */
	int rc;
};

void outside_read(struct output_ctx *ctx, struct sv text,
		  struct zone_lines *out, struct diags *unread)
{
	struct zone_rrs rrs = { 0 };

	(void)zone_scan(ctx->mem, unread, output_place(ctx),
			zone_text_lf(ctx->mem, text), ctx->zone->name,
			(uint32_t)ctx->zone->default_ttl, &rrs);
	zone_lines_of(ctx->mem, &rrs, out);
}

static bool last_line(const struct clash *c, const struct zone_line *l)
{
	return l == &c->ours->list.v[c->ours->list.n - 1];
}

/* `what` theirs does to ours, and by which RFC. */
static void clash_fault(struct clash *c, const struct zone_line *ours,
			const struct zone_line *theirs, const char *what,
			const char *rfc)
{
	struct loc at = { c->file, theirs->line, 1 };

	c->rc = diag_error(
		c->ctx->diags, DIAG_BLOCK, at,
		"this record %s our " SV_FMT " \"" SV_FMT "\" (" SV_FMT
		"), see %s",
		what, SV_ARG(zone_type_name(c->ctx->mem, ours->code)),
		SV_ARG(ours->owner), SV_ARG(sv_head(ours->text, 100)), rfc);
}

static bool is_code(unsigned code, enum rrtype type)
{
	return code == rrtype_code(type);
}

static bool is_signature(unsigned code)
{
	return is_code(code, RR_NSEC) || is_code(code, RR_RRSIG);
}

static void clash_pair(struct clash *c, const struct zone_line *ours,
		       const struct zone_line *theirs)
{
	struct loc at = { c->file, theirs->line, 1 };

	if (ours->code == theirs->code && ours->ttl == theirs->ttl &&
	    sv_eq(ours->rdata, theirs->rdata))
		diag_warn(c->ctx->diags, DIAG_BLOCK, at,
			  SV_FMT " \"" SV_FMT "\" is also written by zoneloom",
			  SV_ARG(zone_type_name(c->ctx->mem, ours->code)),
			  SV_ARG(ours->owner));
	else if (ours->code == theirs->code)
		clash_fault(c, ours, theirs, "has the name and type of",
			    "RFC 2181 5");
	else if ((is_code(ours->code, RR_CNAME) ||
		  is_code(theirs->code, RR_CNAME)) &&
		 !is_signature(ours->code) && !is_signature(theirs->code))
		clash_fault(c, ours, theirs, "cannot coexist with",
			    "RFC 1034 3.6.2");
}

static void clash_owner(struct clash *c, const struct zone_line *theirs)
{
	const struct zone_line *l = map_get(&c->by_owner, theirs->owner);

	for (; l != NULL && sv_eq(l->owner, theirs->owner);
	     l = last_line(c, l) ? NULL : l + 1)
		clash_pair(c, l, theirs);
}

/* Does a record at `cut` take everything below it out of the zone? */
static bool is_cut(const struct clash *c, const struct zone_line *cut)
{
	return is_code(cut->code, RR_DNAME) ||
	       (is_code(cut->code, RR_NS) &&
		!sv_eq(cut->owner, c->ctx->zone->name));
}

/* Is `owner` the address of a server that the delegation at `cut` names?
 * `lines` hold all of them. */
static bool is_glue(const struct clash *c, const struct zone_lines *lines,
		    struct sv cut, struct sv owner)
{
	struct sv host;
	size_t used;

	for (size_t i = 0; i < lines->list.n; i++) {
		const struct zone_line *l = &lines->list.v[i];

		if (is_code(l->code, RR_NS) && sv_eq(l->owner, cut) &&
		    name_plain(c->ctx->mem, l->rdata, &host, &used) &&
		    sv_eq(host, owner))
			return true;
	}
	return false;
}

/* May `l` stand at or below `cut`, which is one of `lines`? */
static bool is_of_cut(const struct clash *c, const struct zone_line *l,
		      const struct zone_line *cut,
		      const struct zone_lines *lines)
{
	bool at = sv_eq(l->owner, cut->owner);

	if (is_code(cut->code, RR_DNAME))
		return at;
	if (is_code(l->code, RR_A) || is_code(l->code, RR_AAAA))
		return is_glue(c, lines, cut->owner, l->owner);
	return is_signature(l->code) ||
	       (at && (is_code(l->code, RR_NS) || is_code(l->code, RR_DS)));
}

/* Records below a delegation are never served (RFC 1034 section 4.2.1); those
 * below a DNAME neither. */
static void clash_below(struct clash *c, const struct zone_line *theirs,
			const struct zone_lines *outside)
{
	for (size_t i = 0; i < c->ours->list.n; i++) {
		const struct zone_line *l = &c->ours->list.v[i];

		if (dname_in(l->owner, theirs->owner) &&
		    !is_of_cut(c, l, theirs, outside))
			clash_fault(c, l, theirs, "hides", "RFC 1034 4.2.1");
	}
}

/* The other way round: ours above theirs. */
static void clash_above(struct clash *c, const struct zone_line *cut,
			const struct zone_lines *outside)
{
	for (size_t i = 0; i < outside->list.n; i++) {
		const struct zone_line *theirs = &outside->list.v[i];

		if (dname_in(theirs->owner, cut->owner) &&
		    !is_of_cut(c, theirs, cut, c->ours))
			clash_fault(c, cut, theirs, "would be hidden by",
				    "RFC 1034 4.2.1");
	}
}

/* Each cut once: one line of an NS set is reported for all. */
static bool is_first_cut(const struct clash *c, const struct zone_lines *lines,
			 size_t i)
{
	const struct zone_line *l = &lines->list.v[i];

	return is_cut(c, l) && (i == 0 || l[-1].code != l->code ||
				!sv_eq(l[-1].owner, l->owner));
}

int clash_check(struct output_ctx *ctx, struct sv file,
		const struct zone_lines *ours, const struct zone_lines *outside)
{
	struct clash c = { ctx, file, ours, { .mem = ctx->mem }, 0 };

	for (size_t i = ours->list.n; i-- > 0;)
		map_put(&c.by_owner, ours->list.v[i].owner, &ours->list.v[i]);
	for (size_t i = 0; i < outside->list.n; i++) {
		clash_owner(&c, &outside->list.v[i]);
		if (is_first_cut(&c, outside, i))
			clash_below(&c, &outside->list.v[i], outside);
	}
	for (size_t i = 0; i < ours->list.n; i++)
		if (is_first_cut(&c, ours, i))
			clash_above(&c, &ours->list.v[i], outside);
	return c.rc;
}
