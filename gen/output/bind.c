#include <assert.h>

#include "base/limits.h"
#include "output/bind.h"
#include "output/block.h"
#include "output/list.h"
#include "output/rdata.h"
#include "output/serial.h"
#include "output/zone_clash.h"
#include "output/zone_serial.h"

static int config_fault(struct output_ctx *ctx, const char *key,
			const char *fault, struct sv value)
{
	return diag_error(ctx->diags, DIAG_CONFIG, ctx->spec->at,
			  "zone " SV_FMT ": invalid %s \"" SV_FMT "\": %s",
			  SV_ARG(ctx->zone->key), key, SV_ARG(value), fault);
}

static bool is_graphic(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
			return false;
	return s.n > 0;
}

/* "hostmaster@example.com" is hostmaster.example.com; dots before the "@" are
 * part of the first label (RFC 1035 section 8). */
static struct sv mailbox(struct arena *mem, struct sv rname)
{
	struct buf b = { .mem = mem };
	size_t at = sv_chr(rname, '@');

	if (at == rname.n)
		return rname;
	for (size_t i = 0; i < at; i++) {
		if (rname.p[i] == '.')
			buf_add(&b, SV("\\046"));
		else
			buf_char(&b, rname.p[i]);
	}
	buf_char(&b, '.');
	buf_add(&b, sv_from(rname, at + 1));
	return buf_sv(&b);
}

static bool rname_ok(struct sv rname)
{
	size_t at = sv_chr(rname, '@');

	return is_graphic(rname) && at > 0 && at + 1 != rname.n &&
	       sv_chr(sv_from(rname, at + 1), '@') == sv_from(rname, at + 1).n;
}

static int soa_numbers(struct output_ctx *ctx, uint32_t out[5])
{
	const struct output_spec *s = ctx->spec;
	const struct {
		const char *key;
		int64_t value;
	} rows[] = {
		{ "soa.refresh", s->soa.refresh },
		{ "soa.retry", s->soa.retry },
		{ "soa.expire", s->soa.expire },
		{ "soa.minimum", s->soa.minimum },
		{ "soa.ttl", s->soa.ttl },
	};
	int rc = 0;

	out[0] = 0; /* the serial comes when the records are known */
	for (size_t i = 0; i < 5; i++) {
		if (rows[i].value < 1 || rows[i].value > MAX_TTL)
			rc = config_fault(
				ctx, rows[i].key,
				"expected 1 to 2147483647 seconds (RFC 2181 8)",
				arena_fmt(ctx->mem, "%lld",
					  (long long)rows[i].value));
		else if (i < 4)
			out[i + 1] = (uint32_t)rows[i].value;
	}
	return rc;
}

static int soa_add(struct output_ctx *ctx, struct zone_lines *out)
{
	const struct output_spec *s = ctx->spec;
	uint32_t numbers[5];
	struct sv wire;

	if (soa_numbers(ctx, numbers) != 0)
		return -1;
	if (!rname_ok(s->soa.rname))
		return config_fault(ctx, "soa.rname",
				    "expected an email address or a name",
				    s->soa.rname);
	if (!is_graphic(s->soa.mname) ||
	    !soa_wire(ctx->mem, s->soa.mname, mailbox(ctx->mem, s->soa.rname),
		      numbers, &wire))
		return config_fault(
			ctx, "soa.mname",
			"expected a DNS name (or soa.rname is invalid)",
			s->soa.mname);
	zone_lines_add_rr(ctx->mem, out, ctx->zone->name, RRCODE_SOA,
			  (uint32_t)s->soa.ttl, wire);
	return 0;
}

/* named refuses a zone whose own name server has no address in it. */
static int server_fault(struct output_ctx *ctx, const struct endpoints *records,
			struct sv name)
{
	if (!dname_in(name, ctx->zone->name))
		return 0;
	for (size_t i = 0; i < records->list.n; i++) {
		const struct endpoint *e = &records->list.v[i];

		if (!sv_eq(e->name, name))
			continue;
		if (e->type == RR_CNAME)
			return config_fault(
				ctx, "ns",
				"a CNAME in this zone; expected a name with "
				"addresses (RFC 2181 10.3)",
				name);
		if (e->type == RR_A || e->type == RR_AAAA)
			return 0;
	}
	return config_fault(ctx, "ns",
			    "a name in this zone without an address; add its A "
			    "record to `static`",
			    name);
}

static bool is_apex_ns(const struct output_ctx *ctx, const struct endpoint *e)
{
	return e->type == RR_NS && sv_eq(e->name, ctx->zone->name);
}

static int servers_add(struct output_ctx *ctx, const struct endpoints *records,
		       struct zone_lines *out)
{
	const struct strings *ns = &ctx->spec->ns;
	bool has_static = false;
	int rc = 0;

	for (size_t i = 0; i < records->list.n; i++)
		has_static |= is_apex_ns(ctx, &records->list.v[i]);
	if (has_static == (ns->list.n > 0))
		return config_fault(
			ctx, "ns",
			has_static ? "also in `static`; keep it in one place"
				   : "expected name servers",
			ctx->zone->name);
	for (size_t i = 0; i < ns->list.n; i++) {
		struct sv wire, name = SV("");
		size_t used;

		if (!is_graphic(ns->list.v[i]) ||
		    !name_wire(ctx->mem, ns->list.v[i], &wire) ||
		    !name_plain(ctx->mem, wire, &name, &used)) {
			rc = config_fault(ctx, "ns", "expected a DNS name",
					  ns->list.v[i]);
			continue;
		}
		if (server_fault(ctx, records, name) != 0)
			rc = -1;
		zone_lines_add_rr(ctx->mem, out, ctx->zone->name, RRCODE_NS,
				  (uint32_t)ctx->spec->soa.ttl, wire);
	}
	return rc;
}

/* Our bug, not the user's, if another parser reads something else. */
static void must_reread(struct output_ctx *ctx, struct sv text,
			const struct zone_lines *lines, uint32_t serial)
{
	bool same = zone_lines_reread(ctx->mem, text, ctx->zone->name, lines,
				      serial);

	assert(same);
	(void)same;
}

/* Header, and the origin where owners are relative to it. */
static void head_write(struct output_ctx *ctx, struct buf *b)
{
	buf_fmt(b, "; " SV_FMT "\n", SV_ARG(output_header(ctx)));
	if (output_is_relative(ctx->spec))
		buf_fmt(b, "$ORIGIN " SV_FMT ".\n", SV_ARG(ctx->zone->name));
}

int bind_write_zone(struct output_ctx *ctx, const struct endpoints *records,
		    struct sv *text)
{
	struct buf b = { .mem = ctx->mem };
	struct zone_style style = { "\n", output_origin(ctx), 0, SV("") };
	struct zone_lines lines = { 0 };
	int rc = zone_lines_add(ctx, records, &lines);

	if (soa_add(ctx, &lines) != 0 ||
	    servers_add(ctx, records, &lines) != 0 || rc != 0)
		return -1;
	zone_lines_sort(&lines);
	style.digest = digest_hex(
		ctx->mem, zone_lines_digest_text(ctx->mem, &lines), DIGEST);
	if (serial_choose(ctx, ZONE_STRICT, style.digest, &style.serial) != 0)
		return -1;
	/* Two branches that change one zone must conflict on this line: equal
	 * serials alone merge silently.  Where the server counts, they may. */
	style.digest = sv_head(
		style.digest,
		sv_eq(ctx->zone->serial, SV("keep")) ? 0 : SERIAL_DIGEST);
	head_write(ctx, &b);
	zone_lines_write(&b, &lines, &style);
	*text = buf_sv(&b);
	must_reread(ctx, *text, &lines, style.serial);
	return 0;
}

/* The file that includes ours is kept by hand, and part of the same zone. */
static int parents_check(struct output_ctx *ctx, const struct zone_lines *ours)
{
	int rc = 0;

	for (size_t i = 0; i < ctx->parents.n; i++) {
		const struct zone_parent *p = &ctx->parents.v[i];
		struct zone_lines outside = { 0 };

		outside_read(ctx, p->text, &outside, NULL);
		if (clash_check(ctx, p->file, ours, &outside) != 0)
			rc = -1;
		include_check(ctx, p->file, p->text);
	}
	return rc;
}

static int write_include(struct output_ctx *ctx,
			 const struct endpoints *records, struct sv *text)
{
	struct buf b = { .mem = ctx->mem };
	struct zone_style style = { "\n", output_origin(ctx), 0, SV("") };
	struct zone_lines lines = { 0 };

	if (zone_lines_add(ctx, records, &lines) != 0)
		return -1;
	zone_lines_sort(&lines);
	if (parents_check(ctx, &lines) != 0)
		return -1;
	head_write(ctx, &b);
	zone_lines_write(&b, &lines, &style);
	*text = buf_sv(&b);
	must_reread(ctx, *text, &lines, 0);
	if (!sv_eq(*text, ctx->previous))
		serial_is_elsewhere(ctx);
	return 0;
}

static int bind_write(struct output_ctx *ctx, const struct endpoints *records,
		      struct sv *text)
{
	const struct format_mode *m = output_mode(ctx->spec);

	return output_scratch(ctx, records, text,
			      !m->has_header	 ? block_write
			      : m->is_whole_zone ? bind_write_zone
						 : write_include);
}

/* The NS of `ns:` are nobody's but the configuration's. */
static void mark_servers(struct output_ctx *ctx, struct endpoints *set)
{
	bool may_be_static =
		ctx->zone->static_file.n > 0 && ctx->spec->ns.list.n == 0;

	for (size_t i = 0; i < set->list.n; i++)
		set->list.v[i].is_server =
			!may_be_static && is_apex_ns(ctx, &set->list.v[i]);
}

int bind_read_zone(struct output_ctx *ctx, struct loc at, struct sv text,
		   struct endpoints *out)
{
	struct arena *own = arena_under(ctx->mem);
	struct zone_rrs rrs = { 0 };
	int rc = zone_scan(own, ctx->diags, at, text, ctx->zone->name,
			   (uint32_t)ctx->zone->default_ttl, &rrs);

	/* What somebody wrote into our file by hand is rewritten anyway. */
	if (rc == 0)
		(void)zone_endpoints(ctx->mem, NULL, at, &rrs, false, out);
	mark_servers(ctx, out);
	arena_free(own);
	return rc;
}

static int bind_read(struct output_ctx *ctx, struct sv file, struct sv text,
		     struct endpoints *out)
{
	struct loc at = { file, 0, 0 };

	text = output_readable(ctx, text);
	if (!output_mode(ctx->spec)->has_header &&
	    block_find(ctx, at, text, &text) != 0)
		return -1;
	return bind_read_zone(ctx, at, text, out);
}

/* The owner of the SOA, which is our first record, or what the marker of a
 * block says. */
static struct sv bind_zone_key(struct arena *mem, struct sv text)
{
	enum { SOA_WITHIN = 4096 };
	struct arena *own = arena_under(mem);
	struct zone_rrs rrs = { 0 };
	struct sv name = block_zone(text);

	(void)zone_scan(own, NULL, NOWHERE, sv_head(text, SOA_WITHIN), SV(""),
			0, &rrs);
	for (size_t i = 0; i < rrs.list.n && name.n == 0; i++)
		if (rrs.list.v[i].code == RRCODE_SOA)
			name = rrs.list.v[i].owner;
	name = arena_sv(mem, name);
	arena_free(own);
	return name;
}

const struct output output_bind = {
	.write = bind_write,
	.read = bind_read,
	.zone_key = bind_zone_key,
};
