/*
 * on-error: keep - a name whose record is refused keeps the one it had.
 *
 * Better an old record than none, where a team says so: a typo in one
 * manifest must not stop, or delete, the names of all others.
 */
#include "cli/outputs.h"

#include "registry/registry.h"

static bool has_name(const struct endpoints *set, struct sv name)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (sv_eq(set->list.v[i].name, name))
			return true;
	return false;
}

static void keep_one(struct run *r, struct zone_plan *z,
		     const struct endpoint *old, const struct endpoint *refused)
{
	struct endpoint *e;

	for (size_t i = 0; i < z->records.list.n; i++)
		if (z->records.list.v[i].type == old->type &&
		    sv_eq(z->records.list.v[i].name, old->name))
			return;
	e = endpoints_add(r->mem, &z->records);
	*e = *old;
	e->from = refused->from;
}

/* The old record's ownership TXT goes with it. */
static void keep_owner(struct run *r, struct zone_plan *z,
		       const struct endpoints *have, const struct endpoint *old,
		       const struct endpoint *refused)
{
	const struct publisher *p = refused->publisher != NULL
					    ? refused->publisher
					    : &r->config.publishers.v[0];
	struct sv name = registry_name(r->mem, &p->opt, old->type, old->name);

	for (size_t i = 0; i < have->list.n; i++)
		if (have->list.v[i].type == RR_TXT &&
		    sv_eq(have->list.v[i].name, name))
			keep_one(r, z, &have->list.v[i], refused);
}

static void keep_name(struct run *r, struct zone_plan *z,
		      const struct endpoints *have,
		      const struct endpoint *refused)
{
	struct loc at = { { NULL, 0 }, 0, 0 };
	size_t kept = 0;

	if (has_name(&z->records, refused->name))
		return;
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *old = &have->list.v[i];

		if (!sv_eq(old->name, refused->name))
			continue;
		keep_one(r, z, old, refused);
		keep_owner(r, z, have, old, refused);
		kept++;
	}
	if (refused->from.n > 0)
		at = refused->from.v[0].at;
	diag_warn(&r->diags, DIAG_KEPT, at, "host \"" SV_FMT "\": refused, %s",
		  SV_ARG(refused->name),
		  kept > 0 ? "its previous record stays"
			   : "and it had no record before");
}

void keep_records(struct run *r, struct zone_plan *z,
		  const struct endpoints *have)
{
	for (size_t i = 0; i < z->refused.list.n; i++)
		keep_name(r, z, have, &z->refused.list.v[i]);
	endpoints_sort(&z->records);
}
