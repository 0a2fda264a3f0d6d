#include <assert.h>

#include "base/buf.h"
#include "endpoint/txt.h"
#include "plan/admit.h"
#include "plan/published.h"

static int key_cmp(const struct endpoint *a, const struct endpoint *b)
{
	int c = sv_cmp(a->name, b->name);

	return c != 0 ? c : strcmp(rrtype_name(a->type), rrtype_name(b->type));
}

/* Whatever order they were written in. */
static bool same_targets(struct arena *mem, const struct endpoint *a,
			 const struct endpoint *b)
{
	struct endpoint x = { 0 }, y = { 0 };

	if (a->targets.n != b->targets.n)
		return false;
	for (size_t i = 0; i < a->targets.n; i++) {
		if (sv_eq(a->targets.v[i], b->targets.v[i]))
			continue;
		for (size_t k = 0; k < a->targets.n; k++) {
			*VEC_ADD(mem, &x.targets) = a->targets.v[k];
			*VEC_ADD(mem, &y.targets) = b->targets.v[k];
		}
		targets_sort(&x);
		targets_sort(&y);
		if (x.targets.n != y.targets.n)
			return false;
		for (size_t k = 0; k < x.targets.n; k++)
			if (!sv_eq(x.targets.v[k], y.targets.v[k]))
				return false;
		return true;
	}
	return true;
}

struct sv property_of(const struct endpoint *e, struct sv name)
{
	const struct sv *value = pairs_get(&e->properties, name);

	if (value != NULL)
		return *value;
	if (sv_eq(name, SV("cloudflare/proxied")))
		return e->publisher != NULL &&
				       e->publisher->opt.cloudflare_proxied
			       ? SV("true")
			       : SV("false");
	if (sv_eq(name, SV("cloudflare/record-comment")) &&
	    e->publisher != NULL)
		return e->publisher->opt.cloudflare_record_comment;
	return SV("");
}

bool record_proxied(const struct endpoint *e)
{
	bool on;

	return sv_bool(property_of(e, SV("cloudflare/proxied")), &on) && on;
}

static bool agrees(const struct endpoint *a, const struct endpoint *b)
{
	for (size_t i = 0; i < a->properties.list.n; i++) {
		const struct pair *p = &a->properties.list.v[i];

		/* A file has them sorted, an annotation as they were typed. */
		if (sv_eq(p->name, SV("cloudflare/tags")))
			continue;
		if (!sv_eq(property_of(b, p->name), p->value))
			return false;
	}
	return true;
}

/* Cloudflare proxies these types; a comment can stand at any. */
static bool has_default(const struct endpoint *e, struct sv property)
{
	return !sv_eq(property, SV("cloudflare/proxied")) || e->type == RR_A ||
	       e->type == RR_AAAA || e->type == RR_CNAME;
}

/* Where a record does not say a property, its publisher does. */
static bool same_defaults(const struct endpoint *a, const struct endpoint *b)
{
	const struct sv names[] = { SV("cloudflare/proxied"),
				    SV("cloudflare/record-comment") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has_default(a, names[i]) &&
		    !sv_eq(property_of(a, names[i]), property_of(b, names[i])))
			return false;
	return true;
}

/* No format holds every property: a record that was read beside one that was
 * derived is asked about its own only. */
static bool same_properties(const struct endpoint *have,
			    const struct endpoint *want)
{
	bool have_read = have->publisher == NULL && !have->is_static;
	bool want_read = want->publisher == NULL && !want->is_static;

	if (have_read != want_read)
		return have_read ? agrees(have, want) : agrees(want, have);
	return agrees(have, want) && agrees(want, have) &&
	       same_defaults(have, want);
}

bool record_same(struct arena *mem, const struct endpoint *a,
		 const struct endpoint *b)
{
	return a->ttl == b->ttl && sv_eq(a->ref, b->ref) &&
	       same_targets(mem, a, b) && same_properties(a, b);
}

static void add_change(struct arena *mem, struct changes *out,
		       enum change_kind kind, const struct endpoint *have,
		       const struct endpoint *want)
{
	const struct endpoint *e = want != NULL ? want : have;

	assert(e != NULL);
	*VEC_ADD(mem, &out->list) = (struct change){ kind, have, want };
	/* Servers come and go with the file of their zone. */
	if (is_ownership(e) || (e->is_server && kind != CHANGE_UPDATE))
		return;
	switch (kind) {
	case CHANGE_ADD:
		out->added++;
		break;
	case CHANGE_UPDATE:
		out->updated++;
		out->servers += e->is_server;
		out->before += e->is_server;
		break;
	case CHANGE_DELETE:
		out->deleted++;
		break;
	}
}

void changes_find(struct arena *mem, const struct endpoints *have,
		  const struct endpoints *want, struct changes *out)
{
	size_t i = 0, k = 0;

	*out = (struct changes){ 0 };
	for (size_t n = 0; n < have->list.n; n++)
		out->before += !is_ownership(&have->list.v[n]) &&
			       !have->list.v[n].is_server;
	while (i < have->list.n || k < want->list.n) {
		const struct endpoint *h =
			i < have->list.n ? &have->list.v[i] : NULL;
		const struct endpoint *w =
			k < want->list.n ? &want->list.v[k] : NULL;
		int c = h == NULL ? 1 : w == NULL ? -1 : key_cmp(h, w);

		if (c < 0)
			add_change(mem, out, CHANGE_DELETE, h, NULL);
		else if (c > 0)
			add_change(mem, out, CHANGE_ADD, NULL, w);
		else if (!record_same(mem, h, w))
			add_change(mem, out, CHANGE_UPDATE, h, w);
		i += c <= 0;
		k += c >= 0;
	}
}

/* The name servers that whole files of the zone are written with. */
static const struct output_spec *servers_of(const struct zone *z)
{
	for (size_t i = 0; z != NULL && i < z->outputs.n; i++)
		if (z->outputs.v[i].ns.list.n > 0)
			return &z->outputs.v[i];
	return NULL;
}

static bool same_servers(const struct output_spec *a,
			 const struct output_spec *b)
{
	if (a == NULL || b == NULL || a->ns.list.n != b->ns.list.n)
		return a == b;
	for (size_t i = 0; i < a->ns.list.n; i++)
		if (!strings_has(&b->ns, a->ns.list.v[i]))
			return false;
	return a->soa.ttl == b->soa.ttl;
}

static const struct endpoints *with_servers(struct arena *mem,
					    const struct endpoints *set,
					    const struct zone *zone,
					    const struct output_spec *spec)
{
	struct endpoints *out = ARENA_NEW(mem, struct endpoints);
	struct endpoint *e;

	if (spec == NULL)
		return set;
	for (size_t i = 0; i < set->list.n; i++)
		*endpoints_add(mem, out) = set->list.v[i];
	e = endpoints_add(mem, out);
	*e = (struct endpoint){ .name = zone->name,
				.type = RR_NS,
				.ttl = spec->soa.ttl,
				.is_server = true };
	for (size_t i = 0; i < spec->ns.list.n; i++)
		*VEC_ADD(mem, &e->targets) = spec->ns.list.v[i];
	targets_sort(e);
	VEC_ADD(mem, &e->from)->at = spec->at;
	endpoints_sort(out);
	return out;
}

static const struct zone_plan *zone_by_key(const struct plan *p, struct sv key)
{
	for (size_t i = 0; i < p->zones.n; i++)
		if (sv_eq(p->zones.v[i].zone->key, key))
			return &p->zones.v[i];
	return NULL;
}

static bool writes_default_ttl(const struct zone *z)
{
	for (size_t i = 0; i < z->outputs.n; i++)
		if (output_format(&z->outputs.v[i])->ttl == FORMAT_TTL_OF_ZONE)
			return true;
	return false;
}

static const struct endpoints *
with_ttl(struct arena *mem, const struct endpoints *set, int64_t ttl)
{
	struct endpoints *out = ARENA_NEW(mem, struct endpoints);

	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e = endpoints_add(mem, out);

		*e = set->list.v[i];
		if (e->ttl == 0)
			e->ttl = ttl;
	}
	return out;
}

/* A changed default-ttl is a change of each record without a TTL. */
static void take_default_ttl(struct arena *mem, const struct zone *have,
			     const struct zone *want,
			     const struct endpoints **old,
			     const struct endpoints **new)
{
	if (have->default_ttl == want->default_ttl ||
	    !writes_default_ttl(have) || !writes_default_ttl(want))
		return;
	*old = with_ttl(mem, *old, have->default_ttl);
	*new = with_ttl(mem, *new, want->default_ttl);
}

static const struct endpoints *
with_place(struct arena *mem, const struct endpoints *set, struct sv place)
{
	struct endpoints *out = ARENA_NEW(mem, struct endpoints);

	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e = endpoints_add(mem, out);

		*e = set->list.v[i];
		VEC_OWN(mem, &e->properties.list);
		pairs_put(mem, &e->properties, PUBLISHED_BY, place);
	}
	return out;
}

/* A zone that loses its outputs loses its records, and one that is published
 * elsewhere changes each of them. */
static void take_outputs(struct arena *mem, const struct zone *was,
			 const struct zone *is, const struct endpoints **old,
			 const struct endpoints **new)
{
	static const struct endpoints none;

	if (was->outputs.n > 0 && is->outputs.n == 0)
		*new = &none;
	if (was->outputs.n == 0 || is->outputs.n == 0 ||
	    !published_elsewhere(was, is))
		return;
	*old = with_place(mem, *old, published_where(mem, was));
	*new = with_place(mem, *new, published_where(mem, is));
}

static void add_zone(struct arena *mem, const struct zone_plan *have,
		     const struct zone_plan *want,
		     struct zone_changes_list *out)
{
	static const struct endpoints none;
	const struct zone *was = have != NULL ? have->zone : NULL;
	const struct zone *is = want != NULL ? want->zone : NULL;
	const struct endpoints *old = have != NULL ? &have->records : &none;
	const struct endpoints *new = want != NULL ? &want->records : &none;
	struct zone_changes *z = VEC_ADD(mem, &out->list);

	if (was != NULL && is != NULL) {
		take_default_ttl(mem, was, is, &old, &new);
		take_outputs(mem, was, is, &old, &new);
	}
	if (!same_servers(servers_of(was), servers_of(is))) {
		old = with_servers(mem, old, was, servers_of(was));
		new = with_servers(mem, new, is, servers_of(is));
	}
	z->zone = is != NULL ? is : was;
	z->known = true;
	changes_find(mem, old, new, &z->changes);
}

void plan_changes(struct arena *mem, const struct plan *have,
		  const struct plan *want, struct zone_changes_list *out)
{
	struct zone_changes *outside;

	for (size_t i = 0; i < want->zones.n; i++) {
		const struct zone_plan *w = &want->zones.v[i];

		add_zone(mem, zone_by_key(have, w->zone->key), w, out);
	}
	for (size_t i = 0; i < have->zones.n; i++) {
		const struct zone_plan *h = &have->zones.v[i];

		if (zone_by_key(want, h->zone->key) == NULL)
			add_zone(mem, h, NULL, out);
	}
	outside = VEC_ADD(mem, &out->list);
	outside->known = true;
	changes_find(mem, &have->unzoned, &want->unzoned, &outside->changes);
}
