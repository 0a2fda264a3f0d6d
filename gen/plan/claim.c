/*
 * Who may decide a name, by paths: a contributor types the namespace.
 *
 * The place that gives the name lies in the paths of the most exact claim that
 * holds it.  Places that supply the rest (target, variable, generator element,
 * patch, replacement) lie in the paths of any claim that holds it, or in
 * claims-shared: a wider claim may supply, not take.
 */
#include "base/budget.h"
#include "base/origin.h"
#include "plan/admit.h"

/* Each pattern of each claim is tried on a name. */
static void count_names(const struct admission *a, const struct endpoint *e)
{
	const struct config *c = a->ctx->config;
	size_t n = 0;

	for (size_t i = 0; i < c->claims.n; i++)
		n += 1 + c->claims.v[i].names.list.n;
	work_spend(a->ctx->mem, WORK_NAMES, n, endpoint_at(e));
}

static bool covers(const struct claim *claim, const struct provenance *p,
		   struct sv file)
{
	return claim_covers(claim, p->repo, provenance_path(p, file));
}

/* The most exact claim; of two, the one that covers the place of `p`. */
static const struct claim *owner_of(const struct config *c, struct sv name,
				    const struct provenance *p, struct sv file)
{
	const struct claim *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < c->claims.n; i++) {
		const struct claim *claim = &c->claims.v[i];
		size_t n = claim_length(claim, name);

		if (n == 0 || n < longest)
			continue;
		if (n == longest && best != NULL && covers(best, p, file))
			continue;
		best = claim;
		longest = n;
	}
	return best;
}

static struct sv claim_name(const struct claim *c)
{
	return c->name.n > 0	     ? c->name
	       : c->repos.list.n > 0 ? c->repos.list.v[0]
	       : c->paths.list.n > 0 ? c->paths.list.v[0].pattern
				     : SV("");
}

static int name_given(struct admission *a, const struct endpoint *e,
		      const struct provenance *from)
{
	const struct config *c = a->ctx->config;
	const struct claim *claim;

	count_names(a, e);
	claim = owner_of(c, e->name, from, from->at.file);
	if (claim != NULL && covers(claim, from, from->at.file))
		return 0;
	/* The configuration hands a zone to its static file, so names without a
	 * claim are allowed there. */
	if (claim == NULL && e->is_static)
		return 0;
	if (claim == NULL)
		return diag_error(a->ctx->diags, DIAG_CLAIM, from->at,
				  "host \"" SV_FMT "\": no claim of " SV_FMT
				  " covers this name; add one whose paths "
				  "include this file",
				  SV_ARG(e->name), SV_ARG(c->file));
	diag_file(a->ctx->diags, DIAG_CLAIM, DIAG_ERROR, from->at,
		  "host \"" SV_FMT "\" is claimed by \"" SV_FMT "\" (" SV_FMT
		  "); this file is not in its %s",
		  SV_ARG(e->name), SV_ARG(claim_name(claim)),
		  SV_ARG(loc_text(a->ctx->mem, claim->at)),
		  from->repo.n > 0 ? "repos and paths" : "paths");
	diag_related(a->ctx->diags, claim->at);
	return -1;
}

/* The configuration itself, and what the command line says, is reviewed as
 * policy. */
static bool may_supply(const struct admission *a, const struct endpoint *e,
		       const struct provenance *from, struct sv file)
{
	const struct config *c = a->ctx->config;
	const struct strings *vars = &c->publishers.v[0].opt.vars_file;

	if (file.n == 0 || sv_eq(file, c->file) || strings_has(vars, file))
		return true;
	/* An empty list of globs matches everything. */
	if (c->claims_shared.list.n > 0 && from->repo.n == 0 &&
	    globs_match(&c->claims_shared, file))
		return true;
	count_names(a, e);
	for (size_t i = 0; i < c->claims.n; i++)
		if (claim_length(&c->claims.v[i], e->name) > 0 &&
		    covers(&c->claims.v[i], from, file))
			return true;
	return false;
}

/* The file that gives the name is judged by that alone. */
static int supplied(struct admission *a, const struct endpoint *e,
		    const struct provenance *from, const char *what,
		    struct loc at)
{
	const struct claim *claim;

	if (sv_eq(at.file, from->at.file) || may_supply(a, e, from, at.file))
		return 0;
	claim = owner_of(a->ctx->config, e->name, from, SV(""));
	diag_file(a->ctx->diags, DIAG_CLAIM, DIAG_ERROR, at,
		  "host \"" SV_FMT "\" is claimed by \"" SV_FMT
		  "\"; this %s is neither in its paths nor in claims-shared",
		  SV_ARG(e->name),
		  SV_ARG(claim != NULL ? claim_name(claim) : SV("nobody")),
		  what);
	diag_related(a->ctx->diags, endpoint_at(e));
	return -1;
}

static int origins_supplied(struct admission *a, const struct endpoint *e,
			    const struct provenance *from)
{
	int rc = 0;

	for (const struct origin *o = from->origin; o != NULL; o = o->outer)
		if (o->decides)
			rc |= supplied(a, e, from,
				       strcmp(o->step, "substitution") == 0
					       ? "variable"
				       : strcmp(o->step, "generator") == 0
					       ? "element"
					       : o->step,
				       o->at);
	return rc;
}

int claims_admit(struct admission *a, const struct endpoint *e)
{
	int rc = 0;

	if (a->ctx->config->claims.n == 0)
		return 0;
	for (size_t i = 0; i < e->from.n; i++) {
		const struct provenance *from = &e->from.v[i];

		rc |= name_given(a, e, from);
		rc |= supplied(a, e, from, "target", from->target_at);
		rc |= origins_supplied(a, e, from);
	}
	return rc;
}
