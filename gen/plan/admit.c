#include "plan/admit.h"

#include "base/budget.h"
#include "base/limits.h"

struct loc target_at(const struct endpoint *e)
{
	if (e->from.n > 0 && e->from.v[0].target_at.line > 0)
		return e->from.v[0].target_at;
	return endpoint_at(e);
}

struct sv loc_text(struct arena *mem, struct loc at)
{
	if (at.line == 0)
		return at.file.n > 0 ? at.file : SV("the command line");
	return arena_fmt(mem, SV_FMT ":%u:%u", SV_ARG(at.file), at.line,
			 at.col);
}

/* Refuse a placeholder: it would be published as it stands. */
static int no_placeholder(struct admission *a, struct loc at, const char *what,
			  struct sv host, struct sv text)
{
	const char *kind = placeholder_in(text);

	if (kind == NULL)
		return 0;
	if (sv_eq(host, text))
		return diag_error(a->ctx->diags, DIAG_PLACEHOLDER, at,
				  "invalid %s \"" SV_FMT
				  "\": expected a name, found %s",
				  what, SV_ARG(host), kind);
	return diag_error(a->ctx->diags, DIAG_PLACEHOLDER, at,
			  "host \"" SV_FMT "\": invalid %s \"" SV_FMT
			  "\": expected an address or a name, found %s",
			  SV_ARG(host), what, SV_ARG(text), kind);
}

int admit_name(struct admission *a, struct endpoint *e)
{
	struct loc at = endpoint_at(e);

	if (config_reference(a->ctx->config, e->name) == NULL
		    ? no_placeholder(a, at, "host", e->name, e->name) < 0
		    : no_placeholder(a, at, "host", e->name,
				     dname_head(e->name)) < 0)
		return -1;
	return dname_parse(a->ctx->mem, a->ctx->diags, at, "host",
			   DNAME_HOST_VAR, e->name, &e->name);
}

static int admit_owner(struct admission *a, const struct endpoint *e)
{
	struct sv name;

	if (e->type != RR_A && e->type != RR_AAAA && e->type != RR_MX)
		return 0;
	/* A zone with such an owner is refused as a whole: named's
	 * check-names is on by default, named-checkzone's is not. */
	if (sv_chr(e->name, '_') == e->name.n)
		return 0;
	return dname_parse(a->ctx->mem, a->ctx->diags, endpoint_at(e), "host",
			   DNAME_ADDRESS, e->name, &name);
}

static int admit_wildcard(struct admission *a, const struct endpoint *e)
{
	struct sv choice = a->publisher->opt.wildcards;
	bool refuse = sv_eq(choice, SV("error"));

	if (!sv_starts(e->name, SV("*.")) || sv_eq(choice, SV("allow")))
		return 0;
	if (!refuse && dname_is_public_suffix(sv_from(e->name, 2)))
		diag_warn(a->ctx->diags, DIAG_WILDCARD, endpoint_at(e),
			  "host \"" SV_FMT "\": below a public suffix, where "
			  "other people register names",
			  SV_ARG(e->name));
	diag_file(a->ctx->diags, DIAG_WILDCARD,
		  refuse ? DIAG_ERROR : DIAG_WARNING, endpoint_at(e),
		  "host \"" SV_FMT
		  "\": a wildcard answers for every name below "
		  "it that has no record; %s",
		  SV_ARG(e->name),
		  refuse ? "name the hosts, or set wildcards: allow"
			 : "set wildcards: allow to accept it, or error to "
			   "refuse it");
	return refuse ? -1 : 0;
}

/* As dname_in(). */
static bool in_any_case(struct sv name, struct sv zone)
{
	if (zone.n == 0)
		return true;
	return name.n >= zone.n &&
	       sv_case_eq(sv_from(name, name.n - zone.n), zone) &&
	       (name.n == zone.n || name.p[name.n - zone.n - 1] == '.');
}

/* Also "lab" for lab.example.com.  Names are in lower case, a cut may not be;
 * nothing is copied, because each cut of a zone is tried on each name. */
static bool is_delegated(const struct zone *z, struct sv cut, struct sv name)
{
	size_t below = name.n - z->name.n;

	cut = dname_strip_dot(cut);
	if (cut.n == 0)
		return false;
	if (!in_any_case(cut, z->name)) {
		if (z->name.n > 0 && below == 0)
			return false;
		name = sv_head(name, z->name.n > 0 ? below - 1 : below);
	}
	return in_any_case(name, cut);
}

static int admit_delegated(struct admission *a, const struct endpoint *e)
{
	const struct zone *z = a->zone;

	if (z == NULL || z->delegated.list.n == 0)
		return 0;
	work_spend(a->ctx->mem, WORK_NAMES, z->delegated.list.n,
		   endpoint_at(e));
	for (size_t i = 0; i < z->delegated.list.n; i++) {
		struct sv cut = z->delegated.list.v[i];

		if (!is_delegated(z, cut, e->name))
			continue;
		diag_file(a->ctx->diags, DIAG_DELEGATION, DIAG_ERROR,
			  endpoint_at(e),
			  "host \"" SV_FMT "\" is below \"" SV_FMT
			  "\", which zone " SV_FMT
			  " delegates; its record would never be served",
			  SV_ARG(e->name), SV_ARG(cut), SV_ARG(z->key));
		diag_related(a->ctx->diags, z->at);
		return -1;
	}
	return 0;
}

static int admit_ttl(struct admission *a, const struct endpoint *e)
{
	/* A zone under a dnssec-policy is not loaded over max-zone-ttl. */
	enum { DAY = 86400 };

	if (e->ttl < 0 || e->ttl > MAX_TTL)
		return diag_error(
			a->ctx->diags, DIAG_TTL, endpoint_at(e),
			"host \"" SV_FMT
			"\": invalid TTL %lld: expected 1 to %d seconds",
			SV_ARG(e->name), (long long)e->ttl, MAX_TTL);
	if (e->ttl > DAY)
		diag_warn(a->ctx->diags, DIAG_TTL, endpoint_at(e),
			  "host \"" SV_FMT
			  "\": TTL %lld is longer than a day; a wrong record "
			  "would stay cached that long",
			  SV_ARG(e->name), (long long)e->ttl);
	return 0;
}

int admit_object(struct admission *a, const struct endpoint *e)
{
	const struct duplicate *d = e->duplicate;

	if (d == NULL)
		return 0;
	/* One message tells of both. */
	if (d->text.n > 0) {
		diag_file(a->ctx->diags, DIAG_DUPLICATE_OBJECT, DIAG_ERROR,
			  d->at, "host \"" SV_FMT "\": " SV_FMT,
			  SV_ARG(e->name), SV_ARG(d->text));
		diag_related(a->ctx->diags, d->other);
	}
	return -1;
}

int admit_rules(struct admission *a, struct endpoint *e)
{
	int rc = 0;

	rc |= admit_owner(a, e);
	rc |= admit_wildcard(a, e);
	rc |= claims_admit(a, e);
	rc |= admit_delegated(a, e);
	rc |= admit_ttl(a, e);
	return rc;
}

int admit_static(struct admission *a, const struct endpoint *e)
{
	int rc = 0;

	rc |= admit_wildcard(a, e);
	rc |= claims_admit(a, e);
	for (size_t i = 0; i < e->targets.n; i++)
		rc |= guard_target(a, e, e->targets.v[i]);
	return rc;
}
