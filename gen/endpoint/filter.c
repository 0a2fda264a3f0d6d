#include "endpoint/filter.h"

#include <idn2.h>
#include <stdlib.h>

#include "endpoint/idn.h"

/* A-labels to U-labels: regular expressions see names as people write them. */
static struct sv readable(struct arena *mem, struct sv name)
{
	char *text = NULL;
	struct sv out = name;

	if (!sv_has(name, SV("xn--")))
		return name;
	if (idn2_to_unicode_8z8z(arena_str(mem, name), &text, IDN2_NO_TR46) ==
	    IDN2_OK)
		out = arena_sv(mem, sv_of(text));
	free(text);
	return out;
}

void domain_filter_add(struct arena *mem, struct domain_filter *f,
		       struct sv domain, bool exclude)
{
	bool below = sv_starts(domain = sv_trim(domain), SV("."));
	struct sv name = dname_lookup(mem, below ? sv_from(domain, 1) : domain);

	if (name.n == 0 && !below)
		return;
	if (below)
		name = arena_fmt(mem, "." SV_FMT, SV_ARG(name));
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

/* What is refused first: then nobody asks whether it would match. */
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
	name = dname_lookup(mem, name);
	if (f->match != NULL || f->refuse != NULL)
		return patterns_pass(f, readable(mem, name));
	if (f->include.n > 0 && !any_holds(f->include.v, f->include.n, name))
		return PATTERN_MISS;
	return any_holds(f->exclude.v, f->exclude.n, name) ? PATTERN_MISS
							   : PATTERN_HIT;
}

bool net_filter_add(struct arena *mem, struct net_filter *f, struct sv cidr,
		    bool exclude)
{
	struct prefix p;

	if (!prefix_parse(sv_trim(cidr), &p))
		return false;
	if (exclude)
		*VEC_ADD(mem, &f->exclude) = p;
	else
		*VEC_ADD(mem, &f->include) = p;
	return true;
}

/* ::ffff:192.0.2.1 is 192.0.2.1 to Go's net.IP. */
static void unmap(struct address *a)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (a->n != 16 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return;
	memmove(a->bytes, a->bytes + 12, 4);
	a->n = 4;
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
		unmap(&a);
	if (f->include.n > 0 && !any_net(f->include.v, f->include.n, &a))
		return false;
	return !any_net(f->exclude.v, f->exclude.n, &a);
}
