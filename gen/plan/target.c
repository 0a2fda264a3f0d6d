#include "base/buf.h"
#include "base/limits.h"
#include "endpoint/txt.h"
#include "plan/admit.h"

struct sv record_targets(struct arena *mem, const struct endpoint *e)
{
	enum { SHOWN = 4 };
	struct buf b = { .mem = mem };

	if (e->ref.n > 0)
		buf_add(&b, e->ref);
	for (size_t i = 0; i < e->targets.n && i < SHOWN; i++) {
		if (b.n > 0)
			buf_add(&b, SV(", "));
		buf_add(&b, sv_head(e->targets.v[i], 100));
	}
	if (e->targets.n > SHOWN)
		buf_fmt(&b, " and %zu more", e->targets.n - SHOWN);
	return buf_sv(&b);
}

static int refuse_target(struct admission *a, const struct endpoint *e,
			 struct sv target, const char *why)
{
	return diag_error(a->ctx->diags, DIAG_TARGET, target_at(e),
			  "host \"" SV_FMT "\": invalid target \"" SV_FMT
			  "\": %s",
			  SV_ARG(e->name), SV_ARG(sv_head(target, 100)), why);
}

/* The IPv4 address inside ::ffff:192.0.2.1 is what was meant. */
static bool is_mapped(const struct address *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	return address->n == 16 && memcmp(address->bytes, mapped, 12) == 0;
}

static int address_target(struct admission *a, const struct endpoint *e,
			  struct sv *target)
{
	struct arena *mem = a->ctx->mem;
	struct address address;
	bool v4 = e->type == RR_A;

	if (!address_parse(*target, &address) || address.n != (v4 ? 4U : 16U))
		return refuse_target(
			a, e, *target,
			v4 ? "expected an IPv4 address for an A record"
			   : "expected an IPv6 address for an AAAA record");
	if (is_mapped(&address)) {
		struct address inner = { .n = 4 };

		memcpy(inner.bytes, address.bytes + 12, 4);
		return refuse_target(
			a, e, *target,
			arena_fmt(mem,
				  "an IPv4-mapped IPv6 address is not "
				  "reachable; expected " SV_FMT,
				  SV_ARG(address_text(mem, &inner)))
				.p);
	}
	*target = address_text(mem, &address);
	return 0;
}

static bool is_address(struct sv text)
{
	struct address address;

	return address_parse(text, &address);
}

static bool digits_and_dots(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '.' && (text.p[i] < '0' || text.p[i] > '9'))
			return false;
	return text.n > 0;
}

/* A slip in an address reads as a host name to ExternalDNS. */
static const char *address_slip(struct sv t)
{
	struct prefix net;

	if (prefix_parse(t, &net))
		return "expected an address, found a network";
	if (sv_starts(t, SV("[")))
		return "expected the address without brackets";
	if (sv_ends(t, SV(".")) && is_address(sv_head(t, t.n - 1)))
		return "expected the address without the final dot";
	if (sv_chr(t, '%') < t.n && is_address(sv_head(t, sv_chr(t, '%'))))
		return "expected the address without its zone, which has no "
		       "meaning on other hosts";
	if (sv_trim(t).n < t.n && is_address(sv_trim(t)))
		return "expected the address without blanks around it";
	if (sv_chr(t, ':') < t.n && is_address(sv_head(t, sv_chr(t, ':'))))
		return "expected the address without a port, which no record "
		       "holds";
	if (digits_and_dots(t))
		return "expected four numbers from 0 to 255 without leading "
		       "zeros";
	return NULL;
}

static int name_target(struct admission *a, const struct endpoint *e,
		       struct sv *target)
{
	struct arena *mem = a->ctx->mem;
	const char *why = address_slip(*target), *fault;

	if (why != NULL)
		return refuse_target(a, e, *target, why);
	fault = dname_fault(mem, DNAME_TARGET, *target, target);
	if (fault != NULL)
		return refuse_target(
			a, e, *target,
			arena_fmt(mem, "%s; expected an address or a host name",
				  dname_fault_text(fault))
				.p);
	if (sv_chr(*target, '.') == target->n && name_special(*target) == NULL)
		diag_warn(a->ctx->diags, DIAG_TARGET, target_at(e),
			  "host \"" SV_FMT "\": target \"" SV_FMT
			  "\" is a single label; expected a full name",
			  SV_ARG(e->name), SV_ARG(*target));
	return 0;
}

/* "10 mail.example.net", "0 50 443 host": numbers, then a host without "_";
 * "." means that there is none (RFC 7505, RFC 2782). */
static int numbered_target(struct admission *a, const struct endpoint *e,
			   size_t numbers, struct sv *target)
{
	struct arena *mem = a->ctx->mem;
	struct sv rest = *target, word = SV("");
	struct buf out = { .mem = mem };
	unsigned long long n;
	const char *fault;

	for (size_t i = 0; i < numbers; i++) {
		rest = sv_trim(rest);
		word = sv_head(rest, sv_chr(rest, ' '));
		if (!sv_number(word, 65535, &n))
			return refuse_target(
				a, e, *target,
				numbers == 1
					? "expected a preference and a host, "
					  "such as \"10 mail.example.net\""
					: "expected a priority, a weight, a "
					  "port and a host, such as \"0 50 443 "
					  "host.example.net\"");
		buf_fmt(&out, "%llu ", n);
		rest = sv_from(rest, word.n);
	}
	word = sv_trim(rest);
	if (!sv_eq(word, SV("."))) {
		fault = dname_fault(mem, DNAME_TARGET, word, &word);
		if (fault == NULL && sv_chr(word, '_') < word.n)
			return refuse_target(a, e, *target,
					     "the host must not contain \"_\", "
					     "which name servers refuse there");
		if (fault != NULL)
			return refuse_target(a, e, *target,
					     arena_fmt(mem, "invalid host: %s",
						       dname_fault_text(fault))
						     .p);
	}
	buf_add(&out, word);
	*target = buf_sv(&out);
	return 0;
}

/* Any bytes: outputs quote them.  Only what a person was to fill in is looked
 * for, since "%{d}" and "<x>" are fine in a TXT. */
static int text_target(struct admission *a, const struct endpoint *e,
		       struct sv *text)
{
	/* One record must fit into the one message of a transfer. */
	enum { MAX_TEXT = 63000, MAX_ANSWER = 1200 };
	struct sv target = *text, wire;
	const char *why = txt_wire(a->ctx->mem, target, &wire);

	if (why != NULL)
		return refuse_target(a, e, target,
				     arena_fmt(a->ctx->mem,
					       "%s; expected quoted strings "
					       "such as \"a\" \"b\\\"c\", or "
					       "no quote in front",
					       why)
					     .p);
	if (sv_has(target, SV("${")) || sv_has(target, SV("{{")) ||
	    sv_starts(target, SV("ENC[")))
		return refuse_target(a, e, target, "variable without a value");
	if (target.n > MAX_TEXT)
		return refuse_target(a, e, target,
				     "longer than 63000 bytes, which no zone "
				     "transfer can carry");
	if (target.n > MAX_ANSWER)
		diag_warn(a->ctx->diags, DIAG_TARGET, target_at(e),
			  "host \"" SV_FMT
			  "\": a TXT of %zu bytes does not fit into a UDP "
			  "answer",
			  SV_ARG(e->name), target.n);
	*text = txt_target(a->ctx->mem, wire);
	return 0;
}

static int plain_target(struct admission *a, const struct endpoint *e,
			struct sv *data)
{
	struct sv target = *data;

	for (size_t i = 0; i < target.n; i++)
		if ((unsigned char)target.p[i] < 0x20 || target.p[i] == 0x7f)
			return refuse_target(a, e, target,
					     "contains a control byte");
	if (target.n == 0)
		return refuse_target(a, e, target, "expected a target");
	return 0;
}

static int mx_target(struct admission *a, const struct endpoint *e,
		     struct sv *target)
{
	return numbered_target(a, e, 1, target);
}

static int srv_target(struct admission *a, const struct endpoint *e,
		      struct sv *target)
{
	return numbered_target(a, e, 3, target);
}

static int (*const admit_data[RR_COUNT])(struct admission *a,
					 const struct endpoint *e,
					 struct sv *target) = {
	[RR_A] = address_target,  [RR_AAAA] = address_target,
	[RR_CNAME] = name_target, [RR_DNAME] = name_target,
	[RR_MX] = mx_target,	  [RR_NS] = name_target,
	[RR_PTR] = name_target,	  [RR_SPF] = text_target,
	[RR_SRV] = srv_target,	  [RR_TXT] = text_target,
};

static int admit_target(struct admission *a, const struct endpoint *e,
			struct sv *target)
{
	const char *placeholder =
		e->type == RR_TXT ? NULL : placeholder_in(*target);

	if (placeholder != NULL)
		return diag_error(a->ctx->diags, DIAG_PLACEHOLDER, target_at(e),
				  "host \"" SV_FMT
				  "\": invalid target \"" SV_FMT
				  "\": expected an address or a name, found %s",
				  SV_ARG(e->name),
				  SV_ARG(sv_head(*target, 100)), placeholder);
	if ((admit_data[e->type] != NULL ? admit_data[e->type](a, e, target)
					 : plain_target(a, e, target)) < 0)
		return -1;
	return guard_target(a, e, *target);
}

int admit_targets(struct admission *a, struct endpoint *e)
{
	struct endpoint own = *e;
	int rc = 0;

	if (e->ref.n > 0 && e->type == RR_CNAME &&
	    (e->targets.n > 0 || sv_has(e->ref, SV(", "))))
		return diag_error(a->ctx->diags, DIAG_CNAME_OTHER, target_at(e),
				  "host \"" SV_FMT
				  "\": a CNAME with two targets, " SV_FMT
				  "; say type: {terraform: REFERENCE, type: A}",
				  SV_ARG(e->name),
				  SV_ARG(record_targets(a->ctx->mem, e)));
	if (e->ref.n > 0 && e->targets.n == 0)
		return 0;
	if (e->targets.n == 0)
		return diag_error(
			a->ctx->diags, DIAG_TARGET, endpoint_at(e),
			"host \"" SV_FMT
			"\": %s record without a target; expected at least one",
			SV_ARG(e->name), rrtype_name(e->type));
	/* The caller's targets may be shared with other endpoints. */
	own.targets.v = ARENA_ARRAY(a->ctx->mem, struct sv, e->targets.n);
	own.targets.cap = e->targets.n;
	for (size_t i = 0; i < e->targets.n; i++) {
		own.targets.v[i] = e->targets.v[i];
		rc |= admit_target(a, e, &own.targets.v[i]);
	}
	targets_sort(&own);
	e->targets.v = own.targets.v;
	e->targets.n = own.targets.n;
	e->targets.cap = own.targets.cap;
	if (rc == 0 && e->type == RR_CNAME && e->targets.n > 1)
		return diag_error(a->ctx->diags, DIAG_CNAME_OTHER, target_at(e),
				  "host \"" SV_FMT
				  "\": a name must have only one CNAME (RFC "
				  "2181 10.1), found " SV_FMT,
				  SV_ARG(e->name),
				  SV_ARG(record_targets(a->ctx->mem, e)));
	return rc;
}
