#include "verify/dangling.h"

#include "base/words.h"
#include "output/output.h"
#include "verify/findings.h"

/* Lookups, and by place the record that each is for. */
struct targets_out {
	struct lookups all;
	VEC(const struct endpoint *) of;
};

/* Those that send whoever asks on to another name. */
static bool leads_on(enum rrtype type)
{
	static const enum rrtype types[] = {
		RR_AFSDB, RR_CNAME, RR_DNAME, RR_HTTPS, RR_KX,
		RR_MX,	  RR_NAPTR, RR_NS,    RR_SRV,	RR_SVCB,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (type == types[i])
			return true;
	return false;
}

static void add_targets(struct arena *mem, const struct zone *zone,
			const struct endpoint *e, struct targets_out *out)
{
	struct strings names = { 0 };

	for (size_t i = 0; leads_on(e->type) && i < e->targets.n; i++)
		rdata_names(mem, e, e->targets.v[i], &names);
	for (size_t i = 0; i < names.list.n; i++)
		if (!dname_in(names.list.v[i], zone->name) &&
		    lookup_add(mem, &out->all, names.list.v[i], RR_A))
			*VEC_ADD(mem, &out->of) = e;
}

static void report(struct verify *v, struct verify_zone *z,
		   const struct endpoint *e, struct sv target)
{
	struct verify_finding f = {
		.code = DIAG_VERIFY_DANGLING,
		.severity = DIAG_ERROR,
		.at = endpoint_at(e),
		.name = e->name,
		.type = sv_of(rrtype_name(e->type)),
		.answer = rcode_text(v->mem, RCODE_NXDOMAIN),
		.expected_ttl = -1,
		.served_ttl = -1,
	};

	*VEC_ADD(v->mem, &f.expected.list) = target;
	finding_add(v, z, &f,
		    "record \"" SV_FMT "\": %s leads to " SV_FMT
		    ", which does not exist: whoever registers it answers for "
		    "this name",
		    SV_ARG(e->name), rrtype_name(e->type), SV_ARG(target));
}

static void report_silent(struct verify *v, struct verify_zone *z, size_t n)
{
	struct verify_finding f = { .code = DIAG_VERIFY_UNREACHABLE,
				    .severity = DIAG_WARNING,
				    .at = z->zone->at };

	finding_add(v, z, &f,
		    "zone " SV_FMT ": no resolver answered for " SV_FMT,
		    SV_ARG(z->zone->key),
		    SV_ARG(words_count(v->mem, n, "target", NULL)));
}

int dangling_find(struct verify *v, struct verify_zone *z)
{
	struct targets_out out = { 0 };
	size_t silent = 0;

	for (size_t i = 0; i < z->rows.list.n; i++)
		add_targets(v->mem, z->zone, z->rows.list.v[i].e, &out);
	if (lookup_all(v, &out.all) < 0)
		return -1;
	for (size_t i = 0; i < out.all.list.n; i++) {
		const struct lookup *l = &out.all.list.v[i];

		silent += !l->answered;
		if (l->answered && l->rcode == RCODE_NXDOMAIN)
			report(v, z, out.of.v[i], l->name);
	}
	if (silent > 0)
		report_silent(v, z, silent);
	return 0;
}
