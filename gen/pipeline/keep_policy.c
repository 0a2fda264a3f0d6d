/*
 * policy: upsert-only - a record whose object is gone stays.
 * policy: create-only - and one that is there already stays as it is.
 *
 * As ExternalDNS does it: only records of managed types that the publisher
 * owns, by the TXT beside them in the previous output; all of them with
 * `registry: noop`, and in a zone whose outputs leave the TXT to somebody else.
 * Whoever wants such a record gone deletes it from the output.
 */
#include "endpoint/txt.h"
#include "pipeline/outputs.h"

#include "base/map.h"
#include "base/words.h"
#include "registry/registry.h"

struct keeper {
	struct session *session;
	struct zone_plan *zone;
	const struct options *opt;
	struct map txt;	  /* previous ownership TXT by name */
	struct map names; /* derived records: by name, ... */
	struct map types; /* ... and by type and name: index + 1 */
	size_t kept;
};

static struct sv type_key(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, "%s " SV_FMT, rrtype_name(e->type),
			 SV_ARG(e->name));
}

/* Maps hold pointers, and the vector moves: the index, made one. */
static void *index_of(struct keeper *k, size_t i)
{
	size_t *n = ARENA_NEW(k->session->mem, size_t);

	*n = i;
	return n;
}

static void see(struct keeper *k, size_t i)
{
	const struct endpoint *e = &k->zone->records.list.v[i];

	map_put(&k->types, type_key(k->session->mem, e), index_of(k, i));
	if (map_get(&k->names, e->name) == NULL || e->type == RR_CNAME)
		map_put(&k->names, e->name, index_of(k, i));
}

static const struct endpoint *found(const struct keeper *k, const struct map *m,
				    struct sv key)
{
	const size_t *i = map_get(m, key);

	return i != NULL ? &k->zone->records.list.v[*i] : NULL;
}

/* The TXT of the owner before, with the owner of now. */
static const struct endpoint *
adopted(struct keeper *k, const struct endpoint *txt, struct pairs *labels)
{
	struct arena *mem = k->session->mem;
	struct endpoint *e = ARENA_NEW(mem, struct endpoint);

	*e = *txt;
	e->targets.v = NULL;
	e->targets.n = e->targets.cap = 0;
	pairs_put(mem, labels, SV("owner"), k->opt->txt_owner_id);
	*VEC_ADD(mem, &e->targets) = registry_value(mem, labels);
	return e;
}

/* The ownership TXT that makes `old` the publisher's, or NULL. */
static const struct endpoint *owner_of(struct keeper *k,
				       const struct endpoint *old)
{
	const struct endpoint *txt =
		map_get(&k->txt, registry_name(k->session->mem, k->opt,
					       old->type, old->name));
	struct pairs labels = { 0 };
	const struct sv *owner;

	if (txt == NULL ||
	    !ownership_parse(k->session->mem, txt->targets.v[0], &labels))
		return NULL;
	owner = pairs_get(&labels, SV("owner"));
	if (owner == NULL)
		return NULL;
	if (sv_eq(*owner, k->opt->txt_owner_id))
		return txt;
	return k->opt->migrate_from_txt_owner.n > 0 &&
			       sv_eq(*owner, k->opt->migrate_from_txt_owner)
		       ? adopted(k, txt, &labels)
		       : NULL;
}

/* A name changes its type: both cannot stand (RFC 1034 3.6.2). */
static bool in_the_way(const struct keeper *k, const struct endpoint *old)
{
	const struct endpoint *e = found(k, &k->names, old->name);

	return e != NULL && (e->type == RR_CNAME || old->type == RR_CNAME);
}

static void keep(struct keeper *k, const struct endpoint *old)
{
	struct endpoint *e = endpoints_add(k->session->mem, &k->zone->records);

	*e = *old;
	see(k, k->zone->records.list.n - 1);
}

/* The file is ours as a whole, and so is what it holds. */
static bool leaves_ownership(const struct zone *z)
{
	bool all = z->outputs.n > 0;

	for (size_t i = 0; i < z->outputs.n; i++)
		all = all && output_format(&z->outputs.v[i])->leaves_ownership;
	return all;
}

static void keep_if_gone(struct keeper *k, const struct endpoint *old)
{
	struct arena *mem = k->session->mem;
	const size_t *i = map_get(&k->types, type_key(mem, old));
	bool noop = sv_eq(k->opt->registry, SV("noop")) ||
		    leaves_ownership(k->zone->zone);
	const struct endpoint *txt = noop ? NULL : owner_of(k, old);

	if (txt == NULL && !noop)
		return;
	if (i != NULL && sv_eq(k->opt->policy, SV("create-only"))) {
		struct endpoint *e = &k->zone->records.list.v[*i];

		e->targets.v = old->targets.v;
		e->targets.n = old->targets.n;
		e->targets.cap = old->targets.cap;
		e->ref = old->ref;
		e->ttl = old->ttl;
		e->properties = old->properties;
	}
	if (i != NULL || in_the_way(k, old))
		return;
	keep(k, old);
	if (txt != NULL && map_get(&k->types, type_key(mem, txt)) == NULL)
		keep(k, txt);
	k->kept++;
	diag_note(&k->session->diags, DIAG_KEPT, NOWHERE,
		  "%s \"" SV_FMT "\": no manifest asks for it any more; it "
		  "stays under policy " SV_FMT,
		  rrtype_name(old->type), SV_ARG(old->name),
		  SV_ARG(k->opt->policy));
}

static void keep_for(struct session *s, struct zone_plan *z,
		     const struct endpoints *have, const struct publisher *p)
{
	const struct strings *types = &p->opt.managed_record_types;
	struct keeper k = { .session = s, .zone = z, .opt = &p->opt };

	k.txt.mem = k.names.mem = k.types.mem = s->mem;
	for (size_t i = 0; i < z->records.list.n; i++)
		see(&k, i);
	for (size_t i = 0; i < have->list.n; i++)
		if (is_ownership(&have->list.v[i]))
			map_put(&k.txt, have->list.v[i].name, &have->list.v[i]);
	for (size_t i = 0; i < have->list.n; i++)
		if (strings_has(types,
				sv_of(rrtype_name(have->list.v[i].type))) &&
		    !is_ownership(&have->list.v[i]))
			keep_if_gone(&k, &have->list.v[i]);
	if (k.kept > 0)
		diag_warn(&s->diags, DIAG_KEPT, NOWHERE,
			  "zone " SV_FMT ": policy " SV_FMT " keeps " SV_FMT
			  " that no manifest asks for any more; use -v for "
			  "the names",
			  SV_ARG(z->zone->key), SV_ARG(p->opt.policy),
			  SV_ARG(words_count(s->mem, k.kept, "record", NULL)));
	endpoints_sort(&z->records);
}

bool policy_keeps(const struct config *c, const struct zone *zone)
{
	for (size_t i = 0; i < c->publishers.n; i++)
		if (!sv_eq(c->publishers.v[i].opt.policy, SV("sync")) &&
		    publisher_serves(&c->publishers.v[i], zone))
			return true;
	return false;
}

void keep_policy(struct session *s, struct zone_plan *z,
		 const struct endpoints *have)
{
	for (size_t i = 0; i < s->config.publishers.n; i++) {
		const struct publisher *p = &s->config.publishers.v[i];

		if (!sv_eq(p->opt.policy, SV("sync")) &&
		    publisher_serves(p, z->zone))
			keep_for(s, z, have, p);
	}
}
