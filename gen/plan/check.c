/*
 * What no single record shows: rules of a whole zone.  named-checkzone passes
 * most of these faults, and named then answers SERVFAIL or nothing.
 */
#include "base/limits.h"
#include "base/map.h"
#include "base/words.h"
#include "plan/admit.h"
#include "plan/check_names.h"

/* A name of the zone, with records or only with names below it. */
struct owner_node {
	struct sv name;
	const struct endpoint *v; /* its records, sorted by type */
	size_t n;
	bool real; /* a record other than an ownership TXT is at or below it */
};

struct check {
	struct plan_ctx *ctx;
	const struct zone *zone; /* NULL: records of no zone */
	struct sv apex;		 /* "" without a zone */
	bool flattens;		 /* no output needs a CNAME-free apex */
	bool whole;		 /* all of the zone is here */
	bool zone_file;		 /* name servers load it as we write it */
	struct endpoints *rejected;
	bool unattributed; /* a fault that no derived record is part of */
	struct map nodes;
	VEC(struct owner_node *) list; /* those with records, in order */
	size_t cuts, dnames, wildcards;
};

static struct sv parent_of(struct sv name)
{
	return sv_from(name, sv_chr(name, '.') + 1);
}

static struct owner_node *owner_node_at(const struct check *c, struct sv name)
{
	return name.n > 0 ? map_get(&c->nodes, name) : NULL;
}

static const struct endpoint *find(const struct owner_node *s, enum rrtype type)
{
	for (size_t i = 0; s != NULL && i < s->n; i++)
		if (s->v[i].type == type)
			return &s->v[i];
	return NULL;
}

static struct owner_node *owner_node_open(struct check *c, struct sv name,
					  bool real)
{
	struct owner_node *s = owner_node_at(c, name);

	if (s == NULL) {
		s = ARENA_NEW(c->ctx->mem, struct owner_node);
		s->name = name;
		map_put(&c->nodes, name, s);
	}
	s->real = s->real || real;
	return s;
}

/* Names between a record and the apex exist too (RFC 8020). */
static void open_above(struct check *c, struct sv name, bool real)
{
	for (name = parent_of(name);
	     name.n > c->apex.n && dname_in(name, c->apex);
	     name = parent_of(name)) {
		struct owner_node *s = owner_node_at(c, name);

		if (s != NULL && (s->real || !real))
			return;
		owner_node_open(c, name, real);
	}
}

static void open_spots(struct check *c, const struct endpoints *set)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];
		struct owner_node *s;

		if (e->name.n == 0)
			continue;
		s = owner_node_open(c, e->name, !e->is_registry);
		if (s->n++ == 0) {
			s->v = e;
			*VEC_ADD(c->ctx->mem, &c->list) = s;
		}
		c->cuts += e->type == RR_NS && !sv_eq(e->name, c->apex);
		c->dnames += e->type == RR_DNAME;
		c->wildcards += sv_starts(e->name, SV("*."));
		open_above(c, e->name, !e->is_registry);
	}
}

/* on-error: keep goes back to the previous records of both names. */
static void refuse(struct check *c, const struct endpoint *e)
{
	struct endpoint *rejected = endpoints_add(c->ctx->mem, c->rejected);

	*rejected = *e;
	if (e->is_registry)
		rejected->name = e->owned_name;
}

static void fault(struct check *c, enum diag_code code,
		  const struct endpoint *e, const struct endpoint *other,
		  struct sv text)
{
	diag_file(c->ctx->diags, code, DIAG_ERROR, endpoint_at(e),
		  "%s \"" SV_FMT "\" " SV_FMT, rrtype_name(e->type),
		  SV_ARG(e->name), SV_ARG(text));
	refuse(c, e);
	if (other != NULL) {
		diag_related(c->ctx->diags, endpoint_at(other));
		refuse(c, other);
	}
	if (e->is_static && (other == NULL || other->is_static))
		c->unattributed = true;
}

#define FAULT(c, code, e, other, ...)                                          \
 fault((c), (code), (e), (other), arena_fmt((c)->ctx->mem, __VA_ARGS__))

static void warn(struct check *c, const struct endpoint *e, struct sv text)
{
	diag_warn(c->ctx->diags, DIAG_ZONE, endpoint_at(e),
		  "%s \"" SV_FMT "\" " SV_FMT, rrtype_name(e->type),
		  SV_ARG(e->name), SV_ARG(text));
}

#define WARN(c, e, ...) warn((c), (e), arena_fmt((c)->ctx->mem, __VA_ARGS__))

/* "A (apps/b.yaml:3:7)", with what an ownership TXT is for. */
static struct sv beside(struct check *c, const struct endpoint *e)
{
	struct sv at = loc_text(c->ctx->mem, endpoint_at(e));

	if (!e->is_registry)
		return arena_fmt(c->ctx->mem, "%s (" SV_FMT ")",
				 rrtype_name(e->type), SV_ARG(at));
	return arena_fmt(c->ctx->mem,
			 "the ownership TXT of \"" SV_FMT "\" (" SV_FMT
			 "); a different txt-prefix moves it",
			 SV_ARG(e->owned_name), SV_ARG(at));
}

/* What a signer adds stands beside anything (RFC 4034 sections 3 and 4). */
static bool is_signature(enum rrtype type)
{
	return type == RR_NSEC || type == RR_RRSIG;
}

/* A CNAME must be alone at its name.  The fault is filed at the CNAME, with
 * the other record as its second place. */
static void check_cname(struct check *c, const struct owner_node *s)
{
	const struct endpoint *cname = find(s, RR_CNAME);
	bool apex = c->zone != NULL && sv_eq(s->name, c->apex);

	if (cname == NULL)
		return;
	if (apex && !c->flattens)
		FAULT(c, DIAG_CNAME_OTHER, cname, NULL,
		      "cannot be at the apex of zone " SV_FMT
		      ", beside its SOA and NS (RFC 1034 3.6.2); expected an "
		      "address",
		      SV_ARG(c->zone->key));
	if (cname->targets.n > 1)
		FAULT(c, DIAG_CNAME_OTHER, cname, NULL,
		      "has several targets; a name must have only one CNAME "
		      "(RFC 2181 10.1)");
	for (size_t i = 0; i < s->n; i++) {
		const struct endpoint *e = &s->v[i];

		if (e == cname || is_signature(e->type))
			continue;
		/* Cloudflare answers a flattened apex with addresses. */
		if (apex && c->flattens && e->type != RR_A &&
		    e->type != RR_AAAA && e->type != RR_CNAME)
			continue;
		if (e->type == RR_CNAME &&
		    sv_eq(e->set_identifier, cname->set_identifier))
			continue; /* a clash of same type: check_types() */
		FAULT(c, DIAG_CNAME_OTHER, cname, e,
		      "cannot coexist with " SV_FMT
		      "; a name with a CNAME has no other records (RFC 1034 "
		      "3.6.2)",
		      SV_ARG(beside(c, e)));
	}
}

static int64_t ttl_of(const struct check *c, const struct endpoint *e)
{
	return e->ttl != 0	 ? e->ttl
	       : c->zone != NULL ? c->zone->default_ttl
				 : 0;
}

static bool has_target(const struct endpoint *e, struct sv target)
{
	for (size_t i = 0; i < e->targets.n; i++)
		if (sv_eq(e->targets.v[i], target))
			return true;
	return false;
}

static bool same_data(const struct endpoint *a, const struct endpoint *b)
{
	if (a->targets.n != b->targets.n || !sv_eq(a->ref, b->ref))
		return false;
	for (size_t i = 0; i < a->targets.n; i++)
		if (!has_target(b, a->targets.v[i]))
			return false;
	return true;
}

/* Derived beside hand-kept records of one type: plan_finish() has settled
 * the derived ones among themselves. */
static void check_pair(struct check *c, const struct endpoint *a,
		       const struct endpoint *b)
{
	const struct endpoint *e = a->is_static ? b : a;
	const struct endpoint *other = e == a ? b : a;
	struct arena *mem = c->ctx->mem;

	if (!(a->is_static && b->is_static) && !same_data(a, b))
		FAULT(c, DIAG_CONFLICT, e, other,
		      "is " SV_FMT " here and " SV_FMT " in " SV_FMT
		      "; keep one of them",
		      SV_ARG(record_targets(mem, e)),
		      SV_ARG(record_targets(mem, other)),
		      SV_ARG(beside(c, other)));
	else if (ttl_of(c, a) != ttl_of(c, b))
		FAULT(c, DIAG_TTL, e, other,
		      "has TTL %lld here and %lld in " SV_FMT
		      "; an RRset must have one TTL (RFC 2181 5.2)",
		      (long long)ttl_of(c, e), (long long)ttl_of(c, other),
		      SV_ARG(beside(c, other)));
}

static void check_types(struct check *c, const struct owner_node *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (s->v[i].type == s->v[i - 1].type)
			check_pair(c, &s->v[i - 1], &s->v[i]);
}

/* The record of `type` at the nearest name above (or at) `name`, below the
 * apex. */
static const struct endpoint *above(const struct check *c, struct sv name,
				    enum rrtype type)
{
	const struct endpoint *e = NULL;

	while (name.n > c->apex.n && e == NULL) {
		e = find(owner_node_at(c, name), type);
		name = parent_of(name);
	}
	return e;
}

static bool is_glue(const struct check *c, const struct endpoint *ns,
		    const struct endpoint *e)
{
	const struct owner_node *cut = owner_node_at(c, ns->name);

	if (e->type != RR_A && e->type != RR_AAAA)
		return false;
	for (size_t i = 0; i < cut->n; i++)
		if (cut->v[i].type == RR_NS && has_target(&cut->v[i], e->name))
			return true;
	return false;
}

static void check_cut(struct check *c, const struct endpoint *e)
{
	const struct endpoint *ns = above(c, e->name, RR_NS);
	bool at = ns != NULL && sv_eq(ns->name, e->name);

	if (ns == NULL || e->is_registry || is_glue(c, ns, e) ||
	    (at &&
	     (e->type == RR_NS || e->type == RR_DS || is_signature(e->type))))
		return;
	FAULT(c, DIAG_DELEGATION, e, ns,
	      "is %s the delegation of \"" SV_FMT "\" (" SV_FMT
	      ") and would never be served (RFC 1034 4.2.1)",
	      at ? "at" : "below", SV_ARG(ns->name),
	      SV_ARG(loc_text(c->ctx->mem, endpoint_at(ns))));
}

/* The DNAME that redirects `name`: one above it, the apex's too. */
static const struct endpoint *dname_over(const struct check *c, struct sv name)
{
	const struct endpoint *e = NULL;

	if (c->dnames == 0 || !dname_in(name, c->apex) || name.n == c->apex.n)
		return NULL;
	e = above(c, parent_of(name), RR_DNAME);
	return e != NULL ? e : find(owner_node_at(c, c->apex), RR_DNAME);
}

static void check_dname(struct check *c, const struct owner_node *s)
{
	const struct endpoint *own = find(s, RR_DNAME);
	const struct endpoint *over = dname_over(c, s->name);

	if (over != NULL)
		FAULT(c, DIAG_ZONE, &s->v[0], over,
		      "is below the DNAME of \"" SV_FMT
		      "\", which redirects every name there (RFC 6672 2.4)",
		      SV_ARG(over->name));
	if (own == NULL)
		return;
	if (own->targets.n > 1)
		FAULT(c, DIAG_ZONE, own, NULL,
		      "has several targets; a name must have only one DNAME "
		      "(RFC 6672 2.4)");
	if (find(s, RR_NS) != NULL && !sv_eq(s->name, c->apex))
		FAULT(c, DIAG_ZONE, own, find(s, RR_NS),
		      "cannot coexist with a delegation (RFC 6672 2.4)");
}

static bool has_address(const struct owner_node *s)
{
	return find(s, RR_A) != NULL || find(s, RR_AAAA) != NULL;
}

static void check_ns(struct check *c, const struct endpoint *ns)
{
	for (size_t i = 0; i < ns->targets.n; i++) {
		struct sv host = ns->targets.v[i];
		const struct owner_node *s = owner_node_at(c, host);

		if (!dname_in(host, c->apex) || find(s, RR_CNAME) != NULL)
			continue; /* check_hosts() reports a CNAME */
		if (!has_address(s) &&
		    (dname_in(host, ns->name) || above(c, host, RR_NS) == NULL))
			FAULT(c, DIAG_ZONE, ns, NULL,
			      "names \"" SV_FMT
			      "\", which has no address here (glue, RFC 1034 "
			      "4.2.1)",
			      SV_ARG(host));
	}
}

/* The host name that an MX, SRV or NS target ends in. */
static struct sv host_in(const struct endpoint *e, struct sv target)
{
	if (e->type == RR_MX || e->type == RR_SRV)
		return sv_from(target, sv_rchr(target, ' ') + 1);
	return target;
}

/* What answers for `name`: itself, or the wildcard at its closest encloser. */
static const struct owner_node *answer_for(const struct check *c,
					   struct sv name)
{
	const struct owner_node *s = owner_node_at(c, name);

	while (s == NULL && name.n > c->apex.n && dname_in(name, c->apex)) {
		name = parent_of(name);
		if (owner_node_at(c, name) == NULL && name.n > c->apex.n)
			continue;
		return owner_node_at(
			c, arena_fmt(c->ctx->mem, "*." SV_FMT, SV_ARG(name)));
	}
	return s;
}

/* One host that an MX, SRV or NS names. */
static void check_host(struct check *c, const struct endpoint *e,
		       struct sv host)
{
	const struct owner_node *s =
		c->whole ? answer_for(c, host) : owner_node_at(c, host);
	const struct endpoint *cname = find(s, RR_CNAME);
	const struct endpoint *over = dname_over(c, host);

	if (over != NULL)
		FAULT(c, DIAG_ZONE, e, over,
		      "names \"" SV_FMT "\", which the DNAME of \"" SV_FMT
		      "\" redirects",
		      SV_ARG(host), SV_ARG(over->name));
	else if (cname != NULL)
		FAULT(c, DIAG_ZONE, e, cname,
		      "names \"" SV_FMT "\", which is a CNAME; expected the "
		      "host itself (RFC 2181 10.3)",
		      SV_ARG(host));
	else if (!c->whole || e->type == RR_NS || has_address(s) ||
		 above(c, host, RR_NS) != NULL)
		return;
	else if (e->type == RR_MX)
		FAULT(c, DIAG_ZONE, e, NULL,
		      "names \"" SV_FMT
		      "\", which has no address in zone " SV_FMT,
		      SV_ARG(host), SV_ARG(c->zone->key));
	else
		WARN(c, e,
		     "names \"" SV_FMT
		     "\", which has no address in zone " SV_FMT,
		     SV_ARG(host), SV_ARG(c->zone->key));
}

static void check_hosts(struct check *c, const struct endpoint *e)
{
	for (size_t i = 0; i < e->targets.n; i++) {
		struct sv host = host_in(e, e->targets.v[i]);

		if (sv_eq(host, SV(".")) && e->targets.n > 1)
			FAULT(c, DIAG_ZONE, e, NULL,
			      "has the target \".\" (no host) beside others "
			      "(RFC 7505 3)");
		if (dname_in(host, c->apex))
			check_host(c, e, host);
	}
}

static bool is_hashed(struct sv name)
{
	size_t n = sv_chr(name, '.');

	for (size_t i = 0; i < n; i++)
		if (strchr("0123456789abcdefghijklmnopqrstuv", name.p[i]) ==
		    NULL)
			return false;
	return n == 32;
}

/* What name servers would not load. */
static void check_served(struct check *c, const struct endpoint *e)
{
	const char *why = owner_refused(e);
	bool reverse = is_reverse_zone(c->apex);

	if (why != NULL)
		FAULT(c, DIAG_DNAME, e, NULL, "%s", why);
	for (size_t i = 0; i < e->targets.n; i++) {
		why = target_refused(e, e->targets.v[i], reverse);
		if (why != NULL)
			FAULT(c, DIAG_DNAME, e, NULL,
			      "has the target \"" SV_FMT "\", which %s",
			      SV_ARG(e->targets.v[i]), why);
	}
}

/* The parent is asked to sign a key, and the child has none (RFC 7344 4.1);
 * the two forms that delete begin with 0. */
static void check_child_key(struct check *c, const struct owner_node *s,
			    const struct endpoint *e)
{
	if (!c->whole || !sv_eq(e->name, c->apex) ||
	    find(s, RR_DNSKEY) != NULL || e->targets.n == 0 ||
	    sv_starts(e->targets.v[0], SV("0 ")))
		return;
	FAULT(c, DIAG_ZONE, e, NULL,
	      "is at the apex without a DNSKEY (RFC 7344 4.1)");
}

static void check_record(struct check *c, const struct owner_node *s,
			 const struct endpoint *e)
{
	bool wild = sv_starts(e->name, SV("*."));

	if (wild && (e->type == RR_NS || e->type == RR_DNAME))
		FAULT(c, DIAG_ZONE, e, NULL,
		      "is not allowed at a wildcard (RFC 4592 4)");
	if (e->type == RR_DS && find(s, RR_NS) == NULL)
		FAULT(c, DIAG_ZONE, e, NULL,
		      "requires an NS record at the same name (RFC 4035 2.4)");
	if (e->type == RR_CDS || e->type == RR_CDNSKEY)
		check_child_key(c, s, e);
	if (c->zone_file)
		check_served(c, e);
	if (e->type == RR_NSEC3 && !is_hashed(e->name))
		FAULT(c, DIAG_ZONE, e, NULL,
		      "has an owner that is not a hash: expected 32 digits of "
		      "base32hex (RFC 5155 3)");
	if (e->type == RR_MX || e->type == RR_SRV || e->type == RR_NS)
		check_hosts(c, e);
	if (e->type == RR_NS && !wild && c->zone != NULL)
		check_ns(c, e);
	if (c->cuts > 0)
		check_cut(c, e);
}

static struct sv cname_target(const struct endpoint *cname)
{
	return cname != NULL && cname->targets.n > 0 ? cname->targets.v[0]
						     : SV("");
}

/* Where the CNAME at `s` leads inside the zone; NULL: out of it, or to what
 * nothing here knows.  In a zone that others write too a missing name says
 * nothing. */
static const struct owner_node *owner_node_next(const struct check *c,
						const struct owner_node *s)
{
	struct sv target = cname_target(find(s, RR_CNAME));

	if (target.n == 0 || !dname_in(target, c->apex))
		return NULL;
	return c->whole ? answer_for(c, target) : owner_node_at(c, target);
}

static void check_dangling(struct check *c, const struct owner_node *start)
{
	const struct endpoint *cname = find(start, RR_CNAME);
	struct sv target = cname_target(cname);
	const struct owner_node *s;

	if (c->zone == NULL || target.n == 0 || !dname_in(target, c->apex) ||
	    above(c, target, RR_NS) != NULL)
		return;
	s = answer_for(c, target);
	if (c->whole && (s == NULL || s->n == 0))
		diag_warn(c->ctx->diags, DIAG_CNAME_DANGLING,
			  endpoint_at(cname),
			  "CNAME \"" SV_FMT "\" points to \"" SV_FMT
			  "\", which has no record in zone " SV_FMT,
			  SV_ARG(cname->name), SV_ARG(target),
			  SV_ARG(c->zone->key));
	else if (!c->whole && s == start && !sv_eq(start->name, target))
		WARN(c, cname,
		     "points to \"" SV_FMT
		     "\", for which only this record answers: a loop, unless "
		     "that name is published elsewhere",
		     SV_ARG(target));
}

/* Follow a CNAME through the zone: loops and long chains. */
static void check_chain(struct check *c, const struct owner_node *start)
{
	enum { LONG_CHAIN = 8 };
	const struct owner_node *s = owner_node_next(c, start);
	struct sv smallest = start->name;
	size_t steps = 1;

	for (; s != NULL && s != start && steps <= MAX_CNAME_CHAIN; steps++) {
		if (sv_cmp(s->name, smallest) < 0)
			smallest = s->name;
		s = owner_node_next(c, s);
	}
	/* Every name of a loop is a start once; only one of them reports it. */
	if (s == start && sv_eq(smallest, start->name))
		FAULT(c, DIAG_ZONE, find(start, RR_CNAME), NULL,
		      "leads back to itself after " SV_FMT,
		      SV_ARG(words_count(c->ctx->mem, steps, "CNAME", NULL)));
	else if (s == NULL && steps > LONG_CHAIN)
		WARN(c, find(start, RR_CNAME),
		     "starts a chain of more than %d CNAMEs, which resolvers "
		     "do not follow",
		     LONG_CHAIN);
}

/* An ownership TXT below bar.apps makes bar.apps exist, so that *.apps no
 * longer answers for it (RFC 4592 2.2.2). */
static void check_shadow(struct check *c, const struct endpoint *e)
{
	struct sv name = parent_of(e->name);

	for (; name.n > c->apex.n; name = parent_of(name)) {
		const struct owner_node *s = owner_node_at(c, name);
		struct sv wild = arena_fmt(c->ctx->mem, "*." SV_FMT,
					   SV_ARG(parent_of(name)));

		if (s == NULL || s->real || s->n > 0 ||
		    owner_node_at(c, wild) == NULL)
			continue;
		WARN(c, e,
		     "makes \"" SV_FMT "\" exist, so \"" SV_FMT
		     "\" no longer answers for it; use a txt-prefix without a "
		     "dot",
		     SV_ARG(name), SV_ARG(wild));
	}
}

static void check_owner_node(struct check *c, const struct owner_node *s)
{
	check_types(c, s);
	check_cname(c, s);
	if (find(s, RR_CNAME) != NULL) {
		check_chain(c, s);
		check_dangling(c, s);
	}
	if (c->dnames > 0)
		check_dname(c, s);
	for (size_t i = 0; i < s->n; i++) {
		check_record(c, s, &s->v[i]);
		if (c->wildcards > 0 && s->v[i].is_registry && c->zone != NULL)
			check_shadow(c, &s->v[i]);
	}
}

/* Name servers that only the configuration of a whole zone file names. */
static void check_servers(struct check *c, const struct output_spec *o)
{
	for (size_t i = 0; i < o->ns.list.n; i++) {
		struct sv host = arena_lower(c->ctx->mem, o->ns.list.v[i]);
		const struct owner_node *s;

		host = dname_strip_dot(host);
		s = owner_node_at(c, host);
		if (!dname_in(host, c->apex) || above(c, host, RR_NS) != NULL)
			continue;
		if (find(s, RR_CNAME) == NULL && has_address(s))
			continue;
		c->unattributed = true;
		diag_file(c->ctx->diags, DIAG_ZONE, DIAG_ERROR, o->at,
			  "zone " SV_FMT ": its name server \"" SV_FMT "\" %s",
			  SV_ARG(c->zone->key), SV_ARG(host),
			  find(s, RR_CNAME) != NULL
				  ? "is a CNAME (RFC 2181 10.3)"
				  : "has no address; add one to the zone's "
				    "static records");
	}
}

static bool same_key(const struct endpoint *a, const struct endpoint *b)
{
	return a->type == b->type && sv_eq(a->name, b->name);
}

/* Does a derived record of the same key, which lies beside it, say so too? */
static bool is_double(const struct endpoints *set, size_t i)
{
	const struct endpoint *v = set->list.v, *e = &v[i];
	size_t k = i;

	if (!e->is_static)
		return false;
	while (k > 0 && same_key(&v[k - 1], e))
		k--;
	for (; k < set->list.n && same_key(&v[k], e); k++)
		if (!v[k].is_static && v[k].ttl == e->ttl &&
		    same_data(&v[k], e))
			return true;
	return false;
}

/* Hand-kept and derived at once, and the same: one of them is enough. */
static void drop_duplicates(struct plan_ctx *ctx, struct endpoints *set)
{
	bool *twice = ARENA_ARRAY(ctx->mem, bool, set->list.n + 1);
	size_t kept = 0;

	endpoints_sort(set);
	for (size_t i = 0; i < set->list.n; i++)
		twice[i] = is_double(set, i);
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (!twice[i]) {
			set->list.v[kept++] = *e;
			continue;
		}
		diag_note(ctx->diags, DIAG_CONFLICT, endpoint_at(e),
			  "%s \"" SV_FMT "\" is also derived from a manifest",
			  rrtype_name(e->type), SV_ARG(e->name));
	}
	set->list.n = kept;
}

static size_t check_set(struct plan_ctx *ctx, const struct zone *zone,
			struct endpoints *set, struct endpoints *rejected,
			bool *unattributed)
{
	struct check c = { .ctx = ctx,
			   .zone = zone,
			   .apex = zone != NULL ? zone->name : SV(""),
			   .rejected = rejected,
			   .nodes = { .mem = ctx->mem } };
	size_t errors = ctx->diags->errors;

	c.flattens = zone != NULL;
	for (size_t i = 0; zone != NULL && i < zone->outputs.n; i++) {
		const struct output_spec *o = &zone->outputs.v[i];

		if (!output_format(o)->flattens_apex)
			c.flattens = false;
		if (output_mode(o)->is_whole_zone)
			c.whole = true;
		if (output_format(o)->is_zone_file)
			c.zone_file = true;
	}
	drop_duplicates(ctx, set);
	check_confusable(ctx, zone, set);
	open_spots(&c, set);
	for (size_t i = 0; i < c.list.n; i++)
		check_owner_node(&c, c.list.v[i]);
	for (size_t i = 0; zone != NULL && i < zone->outputs.n; i++)
		check_servers(&c, &zone->outputs.v[i]);
	*unattributed = c.unattributed;
	return ctx->diags->errors - errors;
}

int plan_check(struct plan_ctx *ctx, struct plan *out)
{
	bool unattributed;
	size_t errors = check_set(ctx, NULL, &out->unzoned, &out->rejected,
				  &unattributed);

	for (size_t i = 0; i < out->zones.n; i++) {
		struct zone_plan *z = &out->zones.v[i];
		size_t n = check_set(ctx, z->zone, &z->records, &z->rejected,
				     &unattributed);

		z->has_errors = z->has_errors || n > 0;
		z->unattributed = z->unattributed || unattributed;
		errors += n;
	}
	out->errors += errors;
	return errors > 0 ? -1 : 0;
}
