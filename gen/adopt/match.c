/*
 * What each record that exists is to one from git.
 *
 * Rule: a resource of the state first, then equal data, then, one by one, what
 *       is left of a name and type where a change in place is right: data
 *       that ExternalDNS owns for us, or that is the only one on both sides.
 *       What somebody else put there is never changed.
 */
#include <stdlib.h>

#include "adopt/internal.h"
#include "base/buf.h"
#include "base/limits.h"

/* Records of one name and type. */
struct group {
	VEC(struct existing *) have;
	VEC(struct wanted *) want;
};

struct matching {
	struct adopt *a;
	struct owners owners;
	struct map groups;    /* "TYPE name" -> struct group */
	struct map addresses; /* of the output -> struct wanted */
	struct map old_names; /* ownership TXT that nothing reads any more */
	VEC(struct group *) list;
};

static struct group *group_of(struct matching *m, struct sv type,
			      struct sv name, bool make)
{
	struct sv key = arena_fmt(m->a->s->mem, SV_FMT " " SV_FMT, SV_ARG(type),
				  SV_ARG(name));
	struct group *g = map_get(&m->groups, key);

	if (g != NULL || !make)
		return g;
	g = ARENA_NEW(m->a->s->mem, struct group);
	map_put(&m->groups, key, g);
	*VEC_ADD(m->a->s->mem, &m->list) = g;
	return g;
}

static struct adopt_row *row_add(struct matching *m, enum adopt_kind kind)
{
	struct adopt_row *r = VEC_ADD(m->a->s->mem, &m->a->rows);

	r->kind = kind;
	r->zone = r->have = r->want = r->address = r->id = SV("");
	r->moved_from = r->why = SV("");
	return r;
}

static struct adopt_row *row_of_want(struct matching *m, enum adopt_kind kind,
				     const struct wanted *w)
{
	struct adopt_row *r = row_add(m, kind);

	r->zone = w->zone->zone->key;
	r->name = w->name;
	r->type = w->type;
	r->want = w->content;
	r->address = w->address;
	return r;
}

static struct adopt_row *row_of_have(struct matching *m, enum adopt_kind kind,
				     const struct existing *e)
{
	struct adopt_row *r = row_add(m, kind);

	r->zone = e->zone != NULL ? e->zone->zone->key : SV("");
	r->name = e->name;
	r->type = e->type;
	r->have = e->content;
	r->moved_from = e->address;
	return r;
}

static void put_change(struct buf *b, const char *what)
{
	buf_fmt(b, "%s%s", b->n > 0 ? ", " : "", what);
}

/* Tags that the output does not name are left alone by provider 5. */
static bool tags_differ(const struct existing *e, const struct wanted *w)
{
	return (w->tags.n > 0 ||
		sv_starts(w->address, SV("cloudflare_record."))) &&
	       !sv_eq(e->tags, w->tags);
}

/* What an apply would change, in words; "" where it is nothing. */
static struct sv changes(struct matching *m, const struct existing *e,
			 const struct wanted *w)
{
	struct buf b = { .mem = m->a->s->mem };

	if (!w->by_reference && !sv_eq(e->key, w->key))
		put_change(&b, "content");
	/* A zone file says neither. */
	if (e->has_settings && w->address.n > 0) {
		if (e->ttl != w->ttl)
			put_change(&b, "ttl");
		if (cloudflare_proxiable(e->code) && e->proxied != w->proxied)
			put_change(&b, "proxied");
		if (!sv_eq(e->note, w->note))
			put_change(&b, "comment");
		if (tags_differ(e, w))
			put_change(&b, "tags");
	}
	return buf_sv(&b);
}

static bool is_zone_id(struct sv id)
{
	return id.n == 32 && id_ok(id);
}

/* The digits where they are known: a plan needs them before anything else. */
static struct sv zone_id_of(const struct adopt *a, const struct existing *e,
			    const struct wanted *w)
{
	if (is_zone_id(w->zone_id))
		return w->zone_id;
	if (is_zone_id(e->zone_id))
		return e->zone_id;
	return a->zone_id.n > 0 ? a->zone_id : w->zone_id;
}

/* Does the state have it at the address of the output, or at one that the
 * output moves there? */
static bool is_at(const struct matching *m, const struct existing *e,
		  const struct wanted *w)
{
	const struct resource_move *move;

	if (e->address.n == 0 || w->address.n == 0)
		return false;
	move = map_get(&m->a->wanted->moves, e->address);
	return sv_eq(e->address, w->address) ||
	       (move != NULL && sv_eq(move->to, w->address));
}

static const char *quotes_note(const struct existing *e, const struct wanted *w)
{
	return e->code == RR_TXT && e->raw.n > 0 && !sv_eq(e->raw, w->content)
		       ? "quotes of the TXT are written anew"
		       : "";
}

static void pair(struct matching *m, struct existing *e, struct wanted *w)
{
	struct sv what = changes(m, e, w);
	bool at = is_at(m, e, w);
	enum adopt_kind kind = what.n > 0 ? ADOPT_DRIFT
			       : at	  ? ADOPT_MANAGED
					  : ADOPT_ADOPTABLE;
	struct adopt_row *r;

	if (e->read_only && what.n > 0)
		kind = ADOPT_CONFLICT;
	r = row_of_have(m, kind, e);
	e->used = w->used = true;
	r->want = w->content;
	r->address = w->address;
	r->why = what.n > 0 ? what : sv_of(quotes_note(e, w));
	if (kind == ADOPT_CONFLICT)
		r->why = SV("read-only at Cloudflare");
	else if (!at && e->id.n > 0 && w->address.n > 0)
		r->id = arena_fmt(m->a->s->mem, SV_FMT "/" SV_FMT,
				  SV_ARG(zone_id_of(m->a, e, w)),
				  SV_ARG(e->id));
	else if (!at && e->id.n == 0)
		r->why = what.n > 0 ? what : SV("no id in a zone file");
}

static bool same_place(const struct matching *m, const struct existing *e,
		       const struct wanted *w)
{
	return is_at(m, e, w);
}

static bool same_data(const struct matching *m, const struct existing *e,
		      const struct wanted *w)
{
	(void)m;
	return !w->by_reference && sv_eq(e->key, w->key);
}

static void pair_where(struct matching *m, struct group *g,
		       bool (*same)(const struct matching *,
				    const struct existing *,
				    const struct wanted *))
{
	for (size_t i = 0; i < g->want.n; i++)
		for (size_t k = 0; k < g->have.n && !g->want.v[i]->used; k++)
			if (!g->have.v[k]->used &&
			    same(m, g->have.v[k], g->want.v[i]))
				pair(m, g->have.v[k], g->want.v[i]);
}

static bool has_other_owner(struct matching *m, const struct existing *e)
{
	const struct existing *o = owner_of(m->a, &m->owners, e);

	return o != NULL && !owner_is_ours(m->a, o->owner);
}

static bool is_ours(struct matching *m, const struct existing *e)
{
	const struct existing *o = owner_of(m->a, &m->owners, e);

	return o != NULL && owner_is_ours(m->a, o->owner);
}

static size_t count_unused(const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->have.n; i++)
		n += !g->have.v[i]->used;
	return n;
}

/* May this record become another one in place?  A set of TXT, MX or NS is made
 * by many hands, a CNAME or an only address by one. */
static bool may_change(struct matching *m, const struct existing *e,
		       bool only_one)
{
	if (!e->known || has_other_owner(m, e))
		return false;
	return e->address.n > 0 || is_ours(m, e) ||
	       (only_one && cloudflare_proxiable(e->code));
}

/* What is left, in order; names of a heritage stay ownership records. */
static void pair_rest(struct matching *m, struct group *g)
{
	bool only_one = count_unused(g) == 1;
	size_t left = 0;

	for (size_t i = 0; i < g->want.n; i++)
		left += !g->want.v[i]->used;
	only_one = only_one && left == 1;
	for (size_t i = 0; i < g->want.n; i++)
		for (size_t k = 0; k < g->have.n && !g->want.v[i]->used; k++)
			if (!g->have.v[k]->used &&
			    may_change(m, g->have.v[k], only_one))
				pair(m, g->have.v[k], g->want.v[i]);
}

/* --- what has no counterpart --- */

static const struct existing *standing(struct matching *m, const char *type,
				       struct sv name)
{
	const struct group *g = group_of(m, sv_of(type), name, false);

	for (size_t i = 0; g != NULL && i < g->have.n; i++)
		if (!g->have.v[i]->used)
			return g->have.v[i];
	return NULL;
}

/* A record that Cloudflare would refuse this one beside. */
static const struct existing *in_the_way(struct matching *m,
					 const struct wanted *w)
{
	const struct existing *e = NULL;

	if (!cloudflare_proxiable(w->code))
		return NULL;
	if (w->code != RR_CNAME)
		return standing(m, "CNAME", w->name);
	e = standing(m, "A", w->name);
	if (e == NULL)
		e = standing(m, "AAAA", w->name);
	return e != NULL ? e : standing(m, "CNAME", w->name);
}

static void row_of_create(struct matching *m, struct wanted *w)
{
	struct arena *mem = m->a->s->mem;
	const struct existing *e = in_the_way(m, w);
	const struct existing *same =
		standing(m, arena_str(mem, w->type), w->name);
	struct adopt_row *r;

	if (e == NULL && same != NULL && has_other_owner(m, same))
		e = same;
	r = row_of_want(m, e != NULL ? ADOPT_CONFLICT : ADOPT_CREATE, w);
	if (e == NULL)
		return;
	r->have = arena_fmt(mem, SV_FMT " " SV_FMT, SV_ARG(e->type),
			    SV_ARG(e->content));
	r->why = has_other_owner(m, e)
			 ? arena_fmt(
				   mem, "owned by ExternalDNS \"" SV_FMT "\"",
				   SV_ARG(owner_of(m->a, &m->owners, e)->owner))
		 : sv_eq(e->type, w->type)
			 ? SV("another CNAME is there")
			 : SV("a CNAME and addresses exclude each other: "
			      "delete the one that exists, then apply");
}

static bool is_leftover(const struct matching *m, const struct existing *e)
{
	return e->heritage && map_get(&m->old_names, e->name) != NULL;
}

static void row_of_rest(struct matching *m, struct existing *e)
{
	struct arena *mem = m->a->s->mem;
	const struct existing *o = owner_of(m->a, &m->owners, e);
	bool ours = o != NULL && owner_is_ours(m->a, o->owner);
	bool orphan = ours && !is_leftover(m, o);
	struct adopt_row *r =
		row_of_have(m, orphan ? ADOPT_ORPHAN : ADOPT_FOREIGN, e);

	if (orphan)
		r->why = o->resource;
	else if (ours && e->heritage)
		r->why = SV("ownership TXT of an older form, read by nobody");
	else if (o != NULL)
		r->why = arena_fmt(mem, "owned by ExternalDNS \"" SV_FMT "\"",
				   SV_ARG(o->owner));
	else if (e->address.n > 0)
		r->why = SV("in the state, not in git");
}

/* --- all of it --- */

static void groups_fill(struct matching *m)
{
	const struct wanted_set *want = m->a->wanted;
	const struct existing_set *have = m->a->existing;
	const struct config *c = &m->a->s->config;
	struct arena *mem = m->a->s->mem;

	for (size_t i = 0; i < want->list.n; i++) {
		struct wanted *w = want->list.v[i];
		struct group *g = group_of(m, w->type, w->name, true);

		*VEC_ADD(mem, &g->want) = w;
		map_put(&m->addresses, w->address, w);
		for (size_t k = 0; w->code != RR_TXT && k < c->publishers.n;
		     k++)
			map_put(&m->old_names,
				owner_old_name(mem, &c->publishers.v[k].opt,
					       w->name),
				w);
	}
	for (size_t i = 0; i < have->list.n; i++) {
		struct existing *e = have->list.v[i];

		if (e->zone != NULL)
			*VEC_ADD(mem,
				 &group_of(m, e->type, e->name, true)->have) =
				e;
	}
}

static int row_cmp(const void *a, const void *b)
{
	const struct adopt_row *x = a, *y = b;
	int c = (x->kind > y->kind) - (x->kind < y->kind);

	if (c == 0)
		c = dname_cmp(x->name, y->name);
	if (c == 0)
		c = sv_cmp(x->type, y->type);
	if (c == 0)
		c = sv_cmp(x->have, y->have);
	return c != 0 ? c : sv_cmp(x->want, y->want);
}

/* Of what is not imported nothing needs to be forgotten, and an address that
 * the output has is not an old one. */
static void old_addresses_clear(struct matching *m)
{
	for (size_t i = 0; i < m->a->rows.n; i++) {
		struct adopt_row *r = &m->a->rows.v[i];

		if (r->id.n == 0 ||
		    map_get(&m->addresses, r->moved_from) != NULL)
			r->moved_from = SV("");
	}
}

/* A dump of another zone would be all foreign, and all of ours created. */
static int zones_set(struct adopt *a)
{
	const struct existing_set *all = a->existing;
	size_t inside = 0;

	for (size_t i = 0; i < all->list.n; i++) {
		all->list.v[i]->zone = zone_holding(a, all->list.v[i]->name);
		inside += all->list.v[i]->zone != NULL;
	}
	if (all->list.n == 0 || inside > 0)
		return 0;
	return diag_error(&a->s->diags, DIAG_ADOPT, all->list.v[0]->at,
			  "record " SV_FMT " is in no zone of the "
			  "configuration; is this another zone?",
			  SV_ARG(all->list.v[0]->name));
}

/* A zone may be configured with the id of another one. */
static int zone_ids_check(struct adopt *a)
{
	for (size_t i = 0; i < a->existing->list.n; i++) {
		const struct existing *e = a->existing->list.v[i];
		const struct zone *z = e->zone != NULL ? e->zone->zone : NULL;

		for (size_t k = 0; z != NULL && k < z->outputs.n; k++)
			if (is_zone_id(e->zone_id) &&
			    is_zone_id(z->outputs.v[k].zone_id) &&
			    !sv_case_eq(e->zone_id, z->outputs.v[k].zone_id))
				return diag_error(
					&a->s->diags, DIAG_ADOPT, e->at,
					"zone " SV_FMT " has the id " SV_FMT
					" here and another zone-id in the "
					"configuration",
					SV_ARG(z->key), SV_ARG(e->zone_id));
	}
	return 0;
}

static void match_all(struct matching *m)
{
	for (size_t i = 0; i < m->list.n; i++)
		pair_where(m, m->list.v[i], same_place);
	for (size_t i = 0; i < m->list.n; i++)
		pair_where(m, m->list.v[i], same_data);
	for (size_t i = 0; i < m->list.n; i++)
		pair_rest(m, m->list.v[i]);
	for (size_t i = 0; i < m->a->wanted->list.n; i++)
		if (!m->a->wanted->list.v[i]->used)
			row_of_create(m, m->a->wanted->list.v[i]);
	for (size_t i = 0; i < m->a->existing->list.n; i++)
		if (!m->a->existing->list.v[i]->used &&
		    m->a->existing->list.v[i]->zone != NULL)
			row_of_rest(m, m->a->existing->list.v[i]);
}

int adopt_match(struct adopt *a, const struct derived *d,
		const struct outputs *o)
{
	struct arena *mem = a->s->mem;
	struct matching m = { .a = a,
			      .groups = { .mem = mem },
			      .addresses = { .mem = mem },
			      .old_names = { .mem = mem } };

	if (wanted_find(a, d, o) < 0 || zones_set(a) != 0 ||
	    answers_complete(a) != 0 || zone_ids_check(a) != 0)
		return -1;
	owners_find(a, &m.owners);
	groups_fill(&m);
	match_all(&m);
	old_addresses_clear(&m);
	for (size_t i = 0; i < a->rows.n; i++)
		a->count[a->rows.v[i].kind]++;
	if (a->rows.n > 1)
		qsort(a->rows.v, a->rows.n, sizeof(a->rows.v[0]), row_cmp);
	return 0;
}

static const bool kind_clean[] = {
#define ADOPT(id, word, about, clean) clean,
#include "adopt/kind.def"
#undef ADOPT
};

bool adopt_is_clean(const struct adopt *a)
{
	for (size_t i = 0; i < ADOPT_KINDS; i++)
		if (a->count[i] > 0 && !kind_clean[i])
			return false;
	return !a->has_state || a->count[ADOPT_ADOPTABLE] == 0;
}
