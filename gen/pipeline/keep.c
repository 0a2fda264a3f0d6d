/*
 * on-error: keep - a name whose record is refused keeps the one it had.
 * unresolved: keep - so does every name of an object that lacks a variable.
 * [key] - and every name of an object that is not wholly understood.
 *
 * Better an old record than none, where a team says so: a typo in one
 * manifest must not stop, or delete, the names of all others.
 */
#include "base/map.h"
#include "endpoint/txt.h"
#include "pipeline/outputs.h"
#include "registry/registry.h"

struct records {
	VEC(const struct endpoint *) list;
};

struct keeper {
	struct session *s;
	struct zone_plan *z;
	struct map by_name;  /* previous records: to struct records */
	struct map by_owner; /* the same, by the names of their TXT */
	struct map stands;   /* "TYPE NAME" of what the zone holds now */
};

static struct sv type_key(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, "%s " SV_FMT, rrtype_name(e->type),
			 SV_ARG(e->name));
}

static void index_add(struct arena *mem, struct map *m, struct sv key,
		      const struct endpoint *e)
{
	struct records *r = map_get(m, key);

	if (r == NULL) {
		r = ARENA_NEW(mem, struct records);
		map_put(m, key, r);
	}
	*VEC_ADD(mem, &r->list) = e;
}

static const struct records *found(const struct map *m, struct sv key)
{
	static const struct records none;
	const struct records *r = map_get(m, key);

	return r != NULL ? r : &none;
}

static void index_stands(struct keeper *k)
{
	struct arena *mem = k->s->mem;

	k->stands = (struct map){ .mem = mem };
	for (size_t i = 0; i < k->z->records.list.n; i++)
		map_put(&k->stands, type_key(mem, &k->z->records.list.v[i]), k);
}

static struct keeper keeper_new(struct session *s, struct zone_plan *z,
				const struct endpoints *have)
{
	struct keeper k = { .s = s, .z = z };
	const struct config *c = &s->config;

	k.by_name.mem = k.by_owner.mem = s->mem;
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *e = &have->list.v[i];

		index_add(s->mem, &k.by_name, e->name, e);
		/* Under any publisher's affixes. */
		for (size_t p = 0; e->type != RR_TXT && p < c->publishers.n;
		     p++)
			index_add(s->mem, &k.by_owner,
				  registry_name(s->mem, &c->publishers.v[p].opt,
						e->type, e->name),
				  e);
	}
	return k;
}

/* What is derived for the faulty names, and their ownership TXT: of two who
 * want one neither may win by being in order.  Of hand-kept records that goes
 * which is part of the fault, and what else stands at its name stays. */
static void drop_rejected(struct keeper *k)
{
	struct arena *mem = k->s->mem;
	struct map names = { .mem = mem }, by_hand = { .mem = mem };
	struct endpoints *set = &k->z->records;
	size_t kept = 0;

	for (size_t i = 0; i < k->z->rejected.list.n; i++) {
		const struct endpoint *e = &k->z->rejected.list.v[i];

		map_put(&names, e->name, k);
		if (e->is_static)
			map_put(&by_hand, type_key(mem, e), k);
	}
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (e->is_static
			    ? map_get(&by_hand, type_key(mem, e)) == NULL
			    : map_get(&names, e->is_registry ? e->owned_name
							     : e->name) == NULL)
			set->list.v[kept++] = *e;
	}
	set->list.n = kept;
}

static void keep_one(struct keeper *k, const struct endpoint *old,
		     const struct endpoint *rejected)
{
	struct sv key = type_key(k->s->mem, old);
	struct endpoint *e;

	if (map_get(&k->stands, key) != NULL)
		return;
	map_put(&k->stands, key, k);
	e = endpoints_add(k->s->mem, &k->z->records);
	*e = *old;
	e->from = rejected->from;
}

/* The old record's ownership TXT goes with it. */
static void keep_owner(struct keeper *k, const struct endpoint *old,
		       const struct endpoint *rejected)
{
	const struct publisher *p = rejected->publisher != NULL
					    ? rejected->publisher
					    : &k->s->config.publishers.v[0];
	const struct records *r =
		found(&k->by_name,
		      registry_name(k->s->mem, &p->opt, old->type, old->name));

	for (size_t i = 0; i < r->list.n; i++)
		if (r->list.v[i]->type == RR_TXT)
			keep_one(k, r->list.v[i], rejected);
}

static void keep_name(struct keeper *k, const struct endpoint *rejected)
{
	const struct records *r = found(&k->by_name, rejected->name);

	for (size_t i = 0; i < r->list.n; i++) {
		keep_one(k, r->list.v[i], rejected);
		keep_owner(k, r->list.v[i], rejected);
	}
	diag_warn(&k->s->diags, DIAG_KEPT, endpoint_at(rejected),
		  "host \"" SV_FMT "\": refused; %s", SV_ARG(rejected->name),
		  r->list.n > 0 ? "its previous record stays"
				: "there was no previous record");
}

/* The object's name is unknown, so its records are found by their owner. */
static void keep_owned(struct keeper *k, const struct endpoint *txt,
		       struct sv resource)
{
	const struct records *r = found(&k->by_owner, txt->name);
	const struct endpoint nobody = { 0 };

	for (size_t i = 0; i < r->list.n; i++) {
		keep_one(k, r->list.v[i], &nobody);
		keep_one(k, txt, &nobody);
		diag_warn(&k->s->diags, DIAG_KEPT, NOWHERE,
			  "host \"" SV_FMT "\": " SV_FMT
			  " lacks a variable; its previous record stays",
			  SV_ARG(r->list.v[i]->name), SV_ARG(resource));
	}
}

/* Where the registry writes no TXT beside a record, which is so in DNSEndpoint
 * manifests and with registry: noop, its comment says whose it was. */
static void keep_commented(struct keeper *k, const struct endpoint *old,
			   const struct map *objects)
{
	const struct provenance *p = old->from.n > 0 ? &old->from.v[0] : NULL;
	struct arena *mem = k->s->mem;
	struct sv object;

	if (p == NULL || old->is_registry ||
	    map_get(&k->stands, type_key(mem, old)) != NULL)
		return;
	object = arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT, SV_ARG(p->kind),
			   SV_ARG(p->namespace), SV_ARG(p->name));
	if (map_get(objects, object) == NULL)
		return;
	keep_one(k, old, old);
	diag_warn(&k->s->diags, DIAG_KEPT, NOWHERE,
		  "host \"" SV_FMT "\": " SV_FMT
		  " lacks a variable; its previous record stays",
		  SV_ARG(old->name), SV_ARG(object));
}

void keep_unresolved(struct session *s, struct zone_plan *z,
		     const struct endpoints *have,
		     const struct strings *resources)
{
	struct keeper k = keeper_new(s, z, have);
	struct map objects = { .mem = s->mem };

	for (size_t i = 0; i < resources->list.n; i++)
		map_put(&objects, resources->list.v[i], &k);
	index_stands(&k);
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *txt = &have->list.v[i];
		const struct sv *resource;
		struct pairs labels = { 0 };

		if (txt->type != RR_TXT || txt->targets.n == 0 ||
		    !ownership_parse(s->mem, txt->targets.v[0], &labels))
			continue;
		resource = pairs_get(&labels, SV("resource"));
		if (resource != NULL && map_get(&objects, *resource) != NULL)
			keep_owned(&k, txt, *resource);
	}
	for (size_t i = 0; resources->list.n > 0 && i < have->list.n; i++)
		keep_commented(&k, &have->list.v[i], &objects);
	endpoints_sort(&z->records);
}

void keep_records(struct session *s, struct zone_plan *z,
		  const struct endpoints *have)
{
	struct keeper k = keeper_new(s, z, have);

	drop_rejected(&k);
	index_stands(&k);
	endpoints_sort(&z->rejected);
	for (size_t i = 0; i < z->rejected.list.n; i++)
		if (i == 0 || !sv_eq(z->rejected.list.v[i].name,
				     z->rejected.list.v[i - 1].name))
			keep_name(&k, &z->rejected.list.v[i]);
	endpoints_sort(&z->records);
}

/* --- objects that are followed and not wholly understood --- */

/* The first of them that the record comes through; p NULL: none. */
static struct sv object_of(const struct map *objects, const struct endpoint *e)
{
	for (size_t i = 0; i < e->from.n; i++)
		for (const struct origin *o = e->from.v[i].origin; o != NULL;
		     o = o->outer)
			if (o->object.n > 0 &&
			    map_get(objects, o->object) != NULL)
				return o->object;
	return (struct sv){ NULL, 0 };
}

/* Take what comes of them out of the zone; the first record of each name. */
static void take_out(struct keeper *k, const struct map *objects,
		     struct records *out)
{
	struct endpoints *set = &k->z->records;
	struct map names = { .mem = k->s->mem };
	size_t kept = 0;

	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e;

		if (set->list.v[i].is_registry || set->list.v[i].is_static ||
		    map_get(&names, set->list.v[i].name) != NULL ||
		    object_of(objects, &set->list.v[i]).p == NULL)
			continue;
		e = ARENA_NEW(k->s->mem, struct endpoint);
		*e = set->list.v[i];
		map_put(&names, e->name, e);
		*VEC_ADD(k->s->mem, &out->list) = e;
	}
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (e->is_static ||
		    map_get(&names, e->is_registry ? e->owned_name : e->name) ==
			    NULL)
			set->list.v[kept++] = *e;
	}
	set->list.n = kept;
}

/* As it was, or not at all; marks the object whose name had a record. */
static void keep_as_it_was(struct keeper *k, const struct map *objects,
			   struct map *had, const struct endpoint *e)
{
	const struct records *r = found(&k->by_name, e->name);
	struct sv object = object_of(objects, e);

	if (r->list.n > 0)
		map_put(had, object, k);
	else
		diag_warn(&k->s->diags, DIAG_KEPT, endpoint_at(e),
			  "host \"" SV_FMT "\": no record yet, " SV_FMT
			  " is not fully supported",
			  SV_ARG(e->name), SV_ARG(object));
	for (size_t i = 0; i < r->list.n; i++) {
		keep_one(k, r->list.v[i], e);
		keep_owner(k, r->list.v[i], e);
	}
}

/* Records that `txt` owns and no manifest asks for any more. */
static size_t keep_orphans(struct keeper *k, const struct map *names,
			   const struct endpoint *txt)
{
	const struct records *r = found(&k->by_owner, txt->name);
	const struct endpoint nobody = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < r->list.n; i++) {
		if (map_get(names, r->list.v[i]->name) != NULL)
			continue;
		keep_one(k, r->list.v[i], &nobody);
		keep_one(k, txt, &nobody);
		kept++;
		diag_warn(&k->s->diags, DIAG_KEPT, NOWHERE,
			  "host \"" SV_FMT "\": nothing asks for it any more, "
			  "but an object that is not fully supported may; "
			  "its previous record stays",
			  SV_ARG(r->list.v[i]->name));
	}
	return kept;
}

static size_t keep_lost(struct keeper *k, const struct endpoints *have)
{
	struct map names = { .mem = k->s->mem };
	size_t kept = 0;

	for (size_t i = 0; i < k->z->records.list.n; i++)
		if (!k->z->records.list.v[i].is_registry)
			map_put(&names, k->z->records.list.v[i].name, k);
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *txt = &have->list.v[i];
		struct pairs labels = { 0 };

		if (txt->type == RR_TXT && txt->targets.n > 0 &&
		    ownership_parse(k->s->mem, txt->targets.v[0], &labels))
			kept += keep_orphans(k, &names, txt);
	}
	return kept;
}

void keep_not_understood(struct session *s, struct zone_plan *z,
			 const struct endpoints *have)
{
	struct keeper k = keeper_new(s, z, have);
	struct map objects = { .mem = s->mem }, had = { .mem = s->mem };
	struct records mine = { 0 };
	struct diags *d = &s->diags;
	size_t end = d->list.n, lost;

	for (size_t i = 0; i < end; i++)
		if (d->list.v[i].code == DIAG_KEY && d->list.v[i].object.n > 0)
			map_put(&objects, d->list.v[i].object, s);
	if (objects.n == 0)
		return;
	take_out(&k, &objects, &mine);
	index_stands(&k);
	for (size_t i = 0; i < mine.list.n; i++)
		keep_as_it_was(&k, &objects, &had, mine.list.v[i]);
	lost = keep_lost(&k, have);
	for (size_t i = 0; i < end; i++)
		if (d->list.v[i].code == DIAG_KEY &&
		    d->list.v[i].object.n > 0 &&
		    (lost > 0 || map_get(&had, d->list.v[i].object) != NULL))
			diag_soften(d, i, "; its previous records stay");
	endpoints_sort(&z->records);
}
