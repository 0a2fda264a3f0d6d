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

/* Each repository has the paths it likes, so that a claim of paths alone must
 * not be one of theirs. */
bool claim_covers(const struct claim *c, struct sv repo, struct sv path)
{
	bool covers = c->repos.list.n == 0 && repo.n == 0;

	for (size_t i = 0; repo.n > 0 && i < c->repos.list.n; i++)
		covers |= star_matches(c->repos.list.v[i], repo);
	return covers && globs_match(&c->paths, path);
}

bool claim_within(const struct claim *a, const struct claim *b)
{
	if ((a->repos.list.n == 0) != (b->repos.list.n == 0))
		return false;
	for (size_t i = 0; i < a->repos.list.n; i++) {
		bool found = false;

		/* What a pattern with stars matches, one that matches the
		 * pattern itself matches, too. */
		for (size_t k = 0; k < b->repos.list.n; k++)
			found |= star_matches(b->repos.list.v[k],
					      a->repos.list.v[i]);
		if (!found)
			return false;
	}
	return b->paths.list.n == 0 ||
	       (a->paths.list.n > 0 && globs_within(&a->paths, &b->paths));
}
