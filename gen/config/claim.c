#include "config/config.h"

#include "base/limits.h"

/* "*.team.example.com" claims all below, "shop.example.com" itself. */
static bool pattern_claims(struct sv pattern, struct sv name)
{
	pattern = dname_strip_dot(pattern);
	if (!sv_eq(dname_variable(pattern), dname_variable(name)))
		return false;
	if (!sv_starts(pattern, SV("*.")))
		return sv_case_eq(pattern, name);
	pattern = sv_from(pattern, 1);
	return name.n > pattern.n &&
	       sv_case_eq(sv_from(name, name.n - pattern.n), pattern);
}

size_t claim_length(const struct claim *c, struct sv name)
{
	size_t longest = 0;

	for (size_t i = 0; i < c->names.list.n; i++) {
		struct sv pattern = c->names.list.v[i];
		/* A whole name is more than any pattern. */
		size_t n =
			sv_starts(pattern, SV("*")) ? pattern.n : MAX_DNAME + 1;

		if (n > longest && pattern_claims(pattern, name))
			longest = n;
	}
	return longest;
}
