#include "output/zone_serial.h"

#include "base/buf.h"
#include "output/list.h"
#include "output/serial.h"
#include "output/zone_lines.h"

/* A zone file as it stands somewhere. */
struct zone_state {
	bool readable, has_serial;
	uint32_t serial;
	struct sv digest; /* of all records */
};

/* "        2026092001 ; serial a5d48f5d9177400a" */
static bool serial_line(struct sv line, uint32_t *serial)
{
	unsigned long long n;
	struct sv number = SV(""), rest = sv_trim(line);

	if (!sv_cut(&rest, ' ', &number) ||
	    !sv_number(number, UINT32_MAX, &n) ||
	    !sv_starts(sv_trim(rest), SV("; serial")))
		return false;
	*serial = (uint32_t)n;
	return true;
}

/* Half a merge: the newer of the serials that stand in the file, so that the
 * next one is ahead of both sides. */
static void state_of_broken(struct sv text, struct zone_state *out)
{
	struct sv line;
	uint32_t n;

	while (sv_cut(&text, '\n', &line)) {
		if (!serial_line(line, &n))
			continue;
		if (!out->has_serial || serial_newer(n, out->serial))
			out->serial = n;
		out->has_serial = true;
	}
}

static void state_of(struct output_ctx *ctx, enum zone_reading reading,
		     struct sv text, struct zone_state *out)
{
	struct arena *own = arena_under(ctx->mem);
	struct zone_lines lines = { 0 };
	struct zone_rrs rrs = { 0 };

	*out = (struct zone_state){ 0 };
	if (reading == ZONE_TOLERANT)
		text = zone_text_lf(own, text);
	out->readable = zone_scan(own, NULL, NOWHERE, text, ctx->zone->name,
				  (uint32_t)ctx->zone->default_ttl, &rrs) == 0;
	if (out->readable || reading == ZONE_TOLERANT) {
		zone_lines_of(own, &rrs, &lines);
		out->has_serial = zone_lines_serial(&lines, &out->serial);
		out->readable = out->readable || out->has_serial;
		out->digest = digest_hex(
			ctx->mem, zone_lines_digest_text(own, &lines), DIGEST);
	} else {
		state_of_broken(text, out);
	}
	arena_free(own);
}

/* The newest published state; false when there is none.  Two
 * contents under one serial do not count: whichever is written, some server
 * already holds the other. */
static bool newest_base(struct output_ctx *ctx, enum zone_reading reading,
			struct zone_state *out)
{
	struct zone_state s;
	bool found = false;

	for (size_t i = 0; i < ctx->bases.n; i++) {
		if (ctx->bases.v[i].n == 0)
			continue;
		state_of(ctx, reading, ctx->bases.v[i], &s);
		if (!s.has_serial)
			continue;
		if (!found || serial_newer(s.serial, out->serial))
			*out = s;
		else if (s.serial == out->serial &&
			 !sv_eq(s.digest, out->digest))
			out->readable = false;
		found = true;
	}
	return found;
}

static bool same_records(const struct zone_state *s, struct sv digest)
{
	return s->readable && sv_eq(s->digest, digest);
}

/* The serial moves exactly when the zone differs from what was published;
 * what an earlier run wrote and nobody published yet, stays. */
int serial_choose(struct output_ctx *ctx, enum zone_reading reading,
		  struct sv digest, uint32_t *out)
{
	struct zone_state file = { 0 }, base = { 0 };
	uint32_t floor = (uint32_t)ctx->zone->serial_floor;
	bool has_base = newest_base(ctx, reading, &base);

	if (ctx->previous.n > 0)
		state_of(ctx, reading, ctx->previous, &file);
	if (!has_base && ctx->previous.n > 0 && !file.readable &&
	    !file.has_serial)
		return diag_error(ctx->diags, DIAG_ZONE_SYNTAX,
				  output_place(ctx),
				  "cannot read the existing zone file, so its "
				  "serial is unknown; restore it or remove it");
	if (!has_base) {
		base = file;
		has_base = file.has_serial;
	}
	if (has_base && same_records(&base, digest)) {
		*out = base.serial;
		return 0;
	}
	if (has_base && file.has_serial && same_records(&file, digest) &&
	    serial_newer(file.serial, base.serial)) {
		*out = file.serial;
		return 0;
	}
	if (floor != 0 && (!has_base || serial_newer(floor, base.serial))) {
		base.serial = floor;
		has_base = true;
	}
	*out = serial_next(ctx->zone->serial, has_base ? &base.serial : NULL,
			   ctx->now);
	return 0;
}

void serial_is_elsewhere(struct output_ctx *ctx)
{
	struct buf b = { .mem = ctx->mem };

	/* A file that is new is not served yet. */
	if (ctx->previous.n == 0 || sv_eq(ctx->zone->serial, SV("keep")))
		return;
	for (size_t i = 0; i < ctx->parents.n; i++)
		buf_fmt(&b, "%s" SV_FMT, i > 0 ? ", " : "",
			SV_ARG(ctx->parents.v[i].file));
	diag_warn(ctx->diags, DIAG_SERIAL, output_place(ctx),
		  "zone " SV_FMT
		  " changes, and its SOA is not in this file: move the serial "
		  "in " SV_FMT ", or secondaries keep the old records",
		  SV_ARG(ctx->zone->key),
		  SV_ARG(b.n > 0 ? buf_sv(&b)
				 : SV("the file that holds the SOA")));
}
