#include "verify/dangling.h"

#include "base/words.h"
#include "verify/server.h"

/* Lookups, and by place the record that each is for. */
struct targets_out {
	struct lookups all;
	VEC(const struct endpoint *) of;
};

static void add_targets(struct arena *mem, const struct zone *zone,
			const struct endpoint *e, struct targets_out *out)
{
	if (e->type != RR_CNAME && e->type != RR_NS)
		return;
	for (size_t i = 0; i < e->targets.n; i++)
		if (!dname_in(e->targets.v[i], zone->name) &&
		    lookup_add(mem, &out->all, e->targets.v[i], RR_A))
			*VEC_ADD(mem, &out->of) = e;
}

int dangling_find(struct verify *v, const struct zone *zone,
		  const struct rows *rows)
{
	struct targets_out out = { 0 };
	size_t silent = 0;

	for (size_t i = 0; i < rows->list.n; i++)
		add_targets(v->mem, zone, rows->list.v[i].e, &out);
	if (lookup_all(v, &out.all) < 0)
		return -1;
	for (size_t i = 0; i < out.all.list.n; i++) {
		const struct lookup *l = &out.all.list.v[i];
		const struct endpoint *e = out.of.v[i];

		silent += !l->answered;
		if (l->answered && l->rcode == RCODE_NXDOMAIN)
			diag_file(&v->found, DIAG_VERIFY_DANGLING, DIAG_ERROR,
				  endpoint_at(e),
				  "record \"" SV_FMT "\": %s leads to " SV_FMT
				  ", which does not exist: whoever registers "
				  "it answers for this name",
				  SV_ARG(e->name), rrtype_name(e->type),
				  SV_ARG(l->name));
	}
	if (silent > 0)
		diag_warn(&v->found, DIAG_VERIFY_UNREACHABLE, zone->at,
			  "zone " SV_FMT ": no resolver answered for " SV_FMT,
			  SV_ARG(zone->key),
			  SV_ARG(words_count(v->mem, silent, "target", NULL)));
	return 0;
}
