#include "endpoint/filter.h"

void domain_filter_add(struct arena *mem, struct domain_filter *f,
		       struct sv domain, bool exclude)
{
	struct sv name = dname_unicode(mem, sv_trim(domain));

	if (name.n == 0)
		return;
	if (exclude)
		*VEC_ADD(mem, &f->exclude) = name;
	else
		*VEC_ADD(mem, &f->include) = name;
}

/* At or below `filter`; below only if it begins with a dot. */
static bool domain_holds(struct sv filter, struct sv name)
{
	if (sv_starts(filter, SV(".")))
		return sv_ends(name, filter);
	return sv_eq(name, filter) ||
	       (name.n > filter.n && sv_ends(name, filter) &&
		name.p[name.n - filter.n - 1] == '.');
}

static bool any_holds(const struct sv *filters, size_t n, struct sv name)
{
	for (size_t i = 0; i < n; i++)
		if (domain_holds(filters[i], name))
			return true;
	return false;
}

/* Exclusions first: a name that one of them refuses needs no match. */
static enum pattern_result patterns_pass(const struct domain_filter *f,
					 struct sv name)
{
	enum pattern_result refused = PATTERN_MISS;

	if (f->refuse != NULL)
		refused = pattern_match(f->refuse, name);
	if (refused != PATTERN_MISS)
		return refused == PATTERN_HIT ? PATTERN_MISS : refused;
	return f->match == NULL ? PATTERN_HIT : pattern_match(f->match, name);
}

enum pattern_result domain_filter_pass(struct arena *mem,
				       const struct domain_filter *f,
				       struct sv name)
{
	if (f->match == NULL && f->refuse == NULL && f->include.n == 0 &&
	    f->exclude.n == 0)
		return PATTERN_HIT;
	name = dname_unicode(mem, name);
	if (f->match != NULL || f->refuse != NULL)
		return patterns_pass(f, name);
	if (f->include.n > 0 && !any_holds(f->include.v, f->include.n, name))
		return PATTERN_MISS;
	return any_holds(f->exclude.v, f->exclude.n, name) ? PATTERN_MISS
							   : PATTERN_HIT;
}

/* ::ffff:192.0.2.1 is 192.0.2.1 to Go's net.IP. */
static bool unmap(struct address *a)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (a->n != 16 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return false;
	memmove(a->bytes, a->bytes + 12, 4);
	a->n = 4;
	return true;
}

/* "192.0.2.0/024" and "::ffff:192.0.2.0/120", which netip refuses. */
static bool cidr_parse(struct sv text, struct prefix *out)
{
	size_t slash = sv_chr(text, '/');
	unsigned long long bits;

	*out = (struct prefix){ 0 };
	if (slash == text.n ||
	    !address_parse(sv_head(text, slash), &out->base) ||
	    !sv_number(sv_from(text, slash + 1), out->base.n * 8, &bits))
		return false;
	out->bits = (unsigned)bits;
	if (bits >= 96 && unmap(&out->base))
		out->bits -= 96;
	return true;
}

bool net_filter_add(struct arena *mem, struct net_filter *f, struct sv cidr,
		    bool exclude)
{
	struct prefix p;

	if (!cidr_parse(sv_trim(cidr), &p))
		return false;
	if (exclude)
		*VEC_ADD(mem, &f->exclude) = p;
	else
		*VEC_ADD(mem, &f->include) = p;
	return true;
}

static bool any_net(const struct prefix *nets, size_t n,
		    const struct address *a)
{
	for (size_t i = 0; i < n; i++)
		if (a->n > 0 && prefix_holds(&nets[i], a))
			return true;
	return false;
}

bool net_filter_pass(const struct net_filter *f, struct sv target)
{
	struct address a;

	if (address_parse(target, &a))
		(void)unmap(&a);
	if (f->include.n > 0 && !any_net(f->include.v, f->include.n, &a))
		return false;
	return !any_net(f->exclude.v, f->exclude.n, &a);
}
