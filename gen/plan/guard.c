/*
 * The guard: which targets a zone may hold.  An address or a name that only a
 * private network knows, in a public zone, is the mistake that this program
 * exists to prevent.
 */
#include "plan/admit.h"

#include "plan/check_names.h"

static const char *const class_words[] = {
	[ADDRESS_GLOBAL] = "public",
	[ADDRESS_DOCUMENTATION] = "for documentation only",
	[ADDRESS_SPECIAL] = "special-purpose",
	[ADDRESS_PRIVATE] = "private",
	[ADDRESS_UNUSABLE] = "unusable",
};

static struct sv guard_of(const struct admission *a)
{
	return a->zone != NULL && a->zone->addresses.n > 0 ? a->zone->addresses
	       : a->zone != NULL			   ? SV("public")
							   : SV("warn");
}

/* Cloudflare's own way to name a host that only its edge answers for: a proxied
 * AAAA to the discard prefix, which is never given to a client. */
static bool is_originless(const struct endpoint *e,
			  const struct special_prefix *s)
{
	return sv_eq(sv_of(s->prefix), SV("100::/64")) && record_proxied(e);
}

/* What is known of a target that is not public. */
struct special {
	enum address_class class;
	const char *what, *source;
	const char *thing; /* "address", "name" */
	bool spared;	   /* unusable, and meant so */
};

static struct sv special_text(struct arena *mem, const struct special *s)
{
	bool plain = strcmp(s->what, "Private-Use") == 0 ||
		     s->class == ADDRESS_DOCUMENTATION;

	return arena_fmt(mem, "%s%s%s (%s)", class_words[s->class],
			 plain ? "" : ": ", plain ? "" : s->what, s->source);
}

/* "network/external" where a status or spec of that Gateway is the target,
 * which `targets:` comes before; or "". */
static struct sv gateway_of(struct sv rule)
{
	if (sv_starts(rule, SV("annotation ")))
		return SV("");
	rule = sv_from(rule, sv_find(rule, SV("Gateway ")) + 8);
	return sv_head(rule, sv_chr(rule, ','));
}

/* What the author could write: the key that this target gives way to. */
static struct sv change_of(struct arena *mem, const struct admission *a,
			   const struct endpoint *e)
{
	struct sv prefix = a->publisher->opt.annotation_prefix;
	const struct provenance *p = e->from.n > 0 ? &e->from.v[0] : NULL;
	struct sv gateway = gateway_of(p != NULL ? p->target_rule : SV(""));

	if (gateway.n > 0)
		return arena_fmt(mem,
				 ": set targets: {gateway: {" SV_FMT
				 ": [ADDRESS]}} or " SV_FMT "target of the "
				 "Gateway",
				 SV_ARG(gateway), SV_ARG(prefix));
	if (p != NULL && (sv_eq(p->kind, SV("DNSEndpoint")) ||
			  sv_starts(p->target_rule, SV("annotation "))))
		return SV(" there");
	return arena_fmt(mem, ": set " SV_FMT "target or targets: [address]",
			 SV_ARG(prefix));
}

static struct sv advice(const struct admission *a, const struct endpoint *e,
			const struct special *s)
{
	if (s->class == ADDRESS_UNUSABLE)
		return arena_fmt(a->ctx->mem,
				 "; expected %s %s that can be reached",
				 s->thing[0] == 'a' ? "an" : "a", s->thing);
	if (s->class == ADDRESS_DOCUMENTATION)
		return SV("");
	if (e->is_static)
		return arena_fmt(a->ctx->mem,
				 "; expected the public %s, or addresses: any "
				 "for an internal zone",
				 s->thing);
	return arena_fmt(a->ctx->mem, "; expected the public %s" SV_FMT "%s",
			 s->thing, SV_ARG(change_of(a->ctx->mem, a, e)),
			 a->zone != NULL
				 ? ", or addresses: any for an internal zone"
				 : "");
}

/* May this target stand in the zone? */
static int judge(struct admission *a, const struct endpoint *e,
		 struct sv target, const struct special *s)
{
	struct sv choice = guard_of(a);
	bool private =
		s->class == ADDRESS_PRIVATE || s->class == ADDRESS_SPECIAL;
	bool error = (s->class == ADDRESS_UNUSABLE && !s->spared) ||
		     (private && sv_eq(choice, SV("public")));

	if (!error && sv_eq(choice, SV("any")))
		return 0;
	diag_file(a->ctx->diags, DIAG_ADDRESS,
		  error ? DIAG_ERROR : DIAG_WARNING, target_at(e),
		  "host \"" SV_FMT "\": target " SV_FMT " is " SV_FMT SV_FMT,
		  SV_ARG(e->name), SV_ARG(target),
		  SV_ARG(special_text(a->ctx->mem, s)),
		  SV_ARG(advice(a, e, s)));
	return error ? -1 : 0;
}

static int guard_address(struct admission *a, const struct endpoint *e,
			 struct sv target)
{
	const struct special_prefix *p;
	struct special s = { .thing = "address" };
	struct address address;

	p = address_parse(target, &address) ? address_special(&address) : NULL;
	if (p == NULL)
		return 0;
	s.class = p->class;
	s.spared = is_originless(e, p);
	s.what = p->what;
	s.source = p->rfc;
	return judge(a, e, target, &s);
}

/* Whoever resolves a name of such a domain resolves the others, too. */
static int guard_name(struct admission *a, const struct endpoint *e,
		      struct sv host)
{
	const struct special_name *n = name_special(host);
	struct special s = { .thing = "name" };

	if (n == NULL || dname_in(e->name, sv_of(n->name)))
		return 0;
	s.class = n->class;
	s.what = n->what;
	s.source = n->source;
	return judge(a, e, host, &s);
}

int guard_target(struct admission *a, const struct endpoint *e,
		 struct sv target)
{
	if (e->type == RR_A || e->type == RR_AAAA)
		return guard_address(a, e, target);
	return guard_name(a, e, target_host(e, target));
}
