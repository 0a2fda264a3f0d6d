/*
 * on-error: keep - a name whose record is refused keeps the one it had.
 * unresolved: keep - so does every name of an object that lacks a variable.
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
 * want one neither may win by being in order. */
static void drop_rejected(struct keeper *k)
{
	struct map names = { .mem = k->s->mem };
	struct endpoints *set = &k->z->records;
	size_t kept = 0;

	for (size_t i = 0; i < k->z->rejected.list.n; i++)
		map_put(&names, k->z->rejected.list.v[i].name, k);
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (e->is_static ||
		    map_get(&names, e->is_registry ? e->owned_name : e->name) ==
			    NULL)
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
		  "host \"" SV_FMT "\": refused, %s", SV_ARG(rejected->name),
		  r->list.n > 0 ? "its previous record stays"
				: "and it had no record before");
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
			  " lacks a variable, its previous record stays",
			  SV_ARG(r->list.v[i]->name), SV_ARG(resource));
	}
}

void keep_unresolved(struct session *s, struct zone_plan *z,
		     const struct endpoints *have,
		     const struct strings *resources)
{
	struct keeper k = keeper_new(s, z, have);

	index_stands(&k);
	for (size_t i = 0; i < have->list.n; i++) {
		const struct endpoint *txt = &have->list.v[i];
		const struct sv *resource;
		struct pairs labels = { 0 };

		if (txt->type != RR_TXT || txt->targets.n == 0 ||
		    !ownership_parse(s->mem, txt->targets.v[0], &labels))
			continue;
		resource = pairs_get(&labels, SV("resource"));
		if (resource != NULL && strings_has(resources, *resource))
			keep_owned(&k, txt, *resource);
	}
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
