/*
 * on-error: keep - a name whose record is refused keeps the one it had.
 * unresolved: keep - so does every name of an object that lacks a variable.
 *
 * Better an old record than none, where a team says so: a typo in one
 * manifest must not stop, or delete, the names of all others.
 */
#include "endpoint/txt.h"
#include "pipeline/outputs.h"

#include "registry/registry.h"

/* What is derived for a faulty name, and its ownership TXT: of two who want
 * it neither may win by being in order. */
static void drop_name(struct zone_plan *z, struct sv name)
{
	struct endpoints *set = &z->records;
	size_t kept = 0;

	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (e->is_static ||
		    !sv_eq(e->is_registry ? e->owned_name : e->name, name))
			set->list.v[kept++] = *e;
	}
	set->list.n = kept;
}

static void keep_one(struct session *s, struct zone_plan *z,
		     const struct endpoint *old,
		     const struct endpoint *rejected)
{
	struct endpoint *e;

	for (size_t i = 0; i < z->records.list.n; i++)
		if (z->records.list.v[i].type == old->type &&
		    sv_eq(z->records.list.v[i].name, old->name))
			return;
	e = endpoints_add(s->mem, &z->records);
	*e = *old;
	e->from = rejected->from;
}

/* The old record's ownership TXT goes with it. */
static void keep_owner(struct session *s, struct zone_plan *z,
		       const struct endpoints *have, const struct endpoint *old,
		       const struct endpoint *rejected)
{
	const struct publisher *p = rejected->publisher != NULL
					    ? rejected->publisher
					    : &s->config.publishers.v[0];
	struct sv name = registry_name(s->mem, &p->opt, old->type, old->name);

	for (size_t i = 0; i < have->list.n; i++)
		if (have->list.v[i].type == RR_TXT &&
		    sv_eq(have->list.v[i].name, name))
			keep_one(s, z, &have->list.v[i], rejected);
}

static void keep_name(struct session *s, struct zone_plan *z,
		      const struct endpoints *have,
		      const struct endpoint *rejected)
{
	size_t kept = 0;

	drop_name(z, rejected->name);
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *old = &have->list.v[i];

		if (!sv_eq(old->name, rejected->name))
			continue;
		keep_one(s, z, old, rejected);
		keep_owner(s, z, have, old, rejected);
		kept++;
	}
	diag_warn(&s->diags, DIAG_KEPT, endpoint_at(rejected),
		  "host \"" SV_FMT "\": refused, %s", SV_ARG(rejected->name),
		  kept > 0 ? "its previous record stays"
			   : "and it had no record before");
}

/* The old record that the ownership TXT `name` speaks for, under any
 * publisher's affixes. */
static bool owns(struct session *s, struct sv name, const struct endpoint *old)
{
	for (size_t i = 0; i < s->config.publishers.n; i++)
		if (old->type != RR_TXT &&
		    sv_eq(name,
			  registry_name(s->mem, &s->config.publishers.v[i].opt,
					old->type, old->name)))
			return true;
	return false;
}

/* The object's name is unknown, so its records are found by their owner. */
static void keep_owned(struct session *s, struct zone_plan *z,
		       const struct endpoints *have, const struct endpoint *txt,
		       struct sv resource)
{
	const struct endpoint nobody = { 0 };

	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *old = &have->list.v[i];

		if (!owns(s, txt->name, old))
			continue;
		keep_one(s, z, old, &nobody);
		keep_one(s, z, txt, &nobody);
		diag_warn(&s->diags, DIAG_KEPT, NOWHERE,
			  "host \"" SV_FMT "\": " SV_FMT
			  " lacks a variable, its previous record stays",
			  SV_ARG(old->name), SV_ARG(resource));
	}
}

void keep_unresolved(struct session *s, struct zone_plan *z,
		     const struct endpoints *have,
		     const struct strings *resources)
{
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *txt = &have->list.v[i];
		const struct sv *resource;
		struct pairs labels = { 0 };

		if (txt->type != RR_TXT || txt->targets.n == 0 ||
		    !ownership_parse(s->mem, txt->targets.v[0], &labels))
			continue;
		resource = pairs_get(&labels, SV("resource"));
		if (resource != NULL && strings_has(resources, *resource))
			keep_owned(s, z, have, txt, *resource);
	}
	endpoints_sort(&z->records);
}

void keep_records(struct session *s, struct zone_plan *z,
		  const struct endpoints *have)
{
	endpoints_sort(&z->rejected);
	for (size_t i = 0; i < z->rejected.list.n; i++)
		if (i == 0 || !sv_eq(z->rejected.list.v[i].name,
				     z->rejected.list.v[i - 1].name))
			keep_name(s, z, have, &z->rejected.list.v[i]);
	endpoints_sort(&z->records);
}
