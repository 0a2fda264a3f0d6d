/* How a Terraform state gets from what was published to what is written: which
 * old record each new one is, so that Terraform changes it where it can, and
 * in which order where it cannot. */
#include "output/terraform_moves.h"

#include <stdlib.h>

#include "base/map.h"

struct pairing {
	struct arena *mem;
	struct tf_change *c;
	VEC(struct tf_record *) olds, news; /* by name, type, zone, content */
	struct map declared;		    /* addresses of all new files */
	struct map from, to;		    /* of moves so far */
};

static bool is_address(const struct tf_record *r)
{
	return r->type == RR_A || r->type == RR_AAAA;
}

static bool is_host(const struct tf_record *r)
{
	return is_address(r) || r->type == RR_CNAME;
}

/* A file may not say which zone it is of; then its zone id tells. */
static bool same_zone(const struct tf_record *a, const struct tf_record *b)
{
	if (a->zone_key.n > 0 && b->zone_key.n > 0)
		return sv_eq(a->zone_key, b->zone_key);
	return sv_eq(a->zone_id, b->zone_id);
}

static int record_cmp(const void *a, const void *b)
{
	const struct tf_record *x = *(struct tf_record *const *)a;
	const struct tf_record *y = *(struct tf_record *const *)b;
	int c = sv_cmp(x->name, y->name);

	if (c == 0)
		c = (int)x->type - (int)y->type;
	if (c == 0)
		c = sv_cmp(x->zone_key, y->zone_key);
	if (c == 0)
		c = sv_cmp(x->content, y->content);
	return c != 0 ? c : sv_cmp(x->address, y->address);
}

/* Provider 5 takes over state of provider 4, and not the other way round. */
static bool may_move(const struct pairing *p, struct sv from)
{
	struct sv own = sv_of(p->c->provider->resource);
	size_t dot = sv_chr(from, '.');

	return dot < from.n &&
	       (sv_eq(sv_head(from, dot), own) || p->c->provider->takes_over);
}

static bool is_foreign(const struct pairing *p, struct sv address)
{
	struct sv type = sv_head(address, sv_chr(address, '.'));

	return !sv_eq(type, sv_of(p->c->provider->resource));
}

static void pair(struct tf_record *old, struct tf_record *new)
{
	old->other = new;
	new->other = old;
}

/* The first time that a record is met counts: of two histories, HEAD's. */
static void collect(struct pairing *p)
{
	struct map seen = { .mem = p->mem };

	for (size_t i = 0; i < p->c->olds.n; i++) {
		struct tf_file *f = p->c->olds.v[i];

		for (size_t k = 0; k < f->records.n; k++) {
			struct tf_record *r = &f->records.v[k];

			if (map_get(&seen, r->address) != NULL ||
			    !may_move(p, r->address))
				continue;
			map_put(&seen, r->address, r);
			*VEC_ADD(p->mem, &p->olds) = r;
		}
	}
	for (size_t i = 0; i < p->c->news.n; i++) {
		struct tf_file *f = p->c->news.v[i];

		for (size_t k = 0; k < f->records.n; k++) {
			map_put(&p->declared, f->records.v[k].address,
				&f->records.v[k]);
			*VEC_ADD(p->mem, &p->news) = &f->records.v[k];
		}
	}
	if (p->olds.n > 1)
		qsort(p->olds.v, p->olds.n, sizeof(p->olds.v[0]), record_cmp);
	if (p->news.n > 1)
		qsort(p->news.v, p->news.n, sizeof(p->news.v[0]), record_cmp);
}

/* What two records have in common that are one. */
typedef struct sv alike(struct pairing *p, const struct tf_record *r);

static struct sv by_address(struct pairing *p, const struct tf_record *r)
{
	(void)p;
	return r->key;
}

static struct sv by_zone(struct pairing *p, const struct tf_record *r)
{
	return arena_fmt(p->mem, "%s " SV_FMT " " SV_FMT " " SV_FMT,
			 rrtype_name(r->type), SV_ARG(r->name),
			 SV_ARG(r->zone_key), SV_ARG(r->content));
}

static struct sv by_content(struct pairing *p, const struct tf_record *r)
{
	return arena_fmt(p->mem, "%s " SV_FMT " " SV_FMT, rrtype_name(r->type),
			 SV_ARG(r->name), SV_ARG(r->content));
}

/* An ownership TXT changes its name with the type of what it owns, and with
 * the prefix; provider 5 renames a record where it is. */
static struct sv by_ownership(struct pairing *p, const struct tf_record *r)
{
	if (r->type != RR_TXT || !p->c->provider->whole_names ||
	    !sv_has(r->content, SV("heritage=")))
		return SV("");
	return arena_fmt(p->mem, SV_FMT " " SV_FMT, SV_ARG(r->zone_key),
			 SV_ARG(r->content));
}

/* Records of one likeness, first come, first served. */
struct queue {
	size_t next;
	VEC(struct tf_record *) list;
};

static void pair_by(struct pairing *p, alike *key)
{
	struct map index = { .mem = p->mem };

	for (size_t i = 0; i < p->news.n; i++) {
		struct sv k = key(p, p->news.v[i]);
		struct queue *q = k.n > 0 ? map_get(&index, k) : NULL;

		if (k.n == 0 || p->news.v[i]->other != NULL)
			continue;
		if (q == NULL) {
			q = ARENA_NEW(p->mem, struct queue);
			map_put(&index, k, q);
		}
		*VEC_ADD(p->mem, &q->list) = p->news.v[i];
	}
	for (size_t i = 0; i < p->olds.n; i++) {
		struct sv k = key(p, p->olds.v[i]);
		struct queue *q = k.n > 0 ? map_get(&index, k) : NULL;

		if (q != NULL && p->olds.v[i]->other == NULL &&
		    q->next < q->list.n)
			pair(p->olds.v[i], q->list.v[q->next++]);
	}
}

/* All that is at one name, before and now. */
struct at_name {
	struct tf_record **olds, **news;
	size_t old_n, new_n;
};

static struct tf_record *unpaired(struct tf_record **v, size_t n,
				  enum rrtype type)
{
	for (size_t i = 0; i < n; i++)
		if (v[i]->other == NULL && v[i]->type == type)
			return v[i];
	return NULL;
}

static struct tf_record *unpaired_address(struct tf_record **v, size_t n)
{
	struct tf_record *r = unpaired(v, n, RR_A);

	return r != NULL ? r : unpaired(v, n, RR_AAAA);
}

/* Another value of a set: an update in place. */
static void pair_values(const struct at_name *at)
{
	size_t k = 0;

	for (size_t i = 0; i < at->old_n; i++) {
		struct tf_record *old = at->olds[i];

		while (k < at->new_n && at->news[k]->type < old->type)
			k++;
		for (size_t m = k; old->other == NULL && m < at->new_n &&
				   at->news[m]->type == old->type;
		     m++)
			if (at->news[m]->other == NULL)
				pair(old, at->news[m]);
	}
}

static bool keeps_one(const struct at_name *at)
{
	for (size_t i = 0; i < at->old_n; i++)
		if (is_host(at->olds[i]) && at->olds[i]->other != NULL)
			return true;
	return false;
}

/* An address and a CNAME cannot be beside each other: one resource is replaced,
 * which deletes it first.  A and AAAA can, so there the new one comes first. */
static void pair_types(const struct at_name *at)
{
	struct tf_record *old = unpaired(at->olds, at->old_n, RR_CNAME);
	struct tf_record *new = unpaired_address(at->news, at->new_n);

	if (old != NULL && new != NULL)
		pair(old, new);
	old = unpaired_address(at->olds, at->old_n);
	new = unpaired(at->news, at->new_n, RR_CNAME);
	if (old != NULL && new != NULL)
		pair(old, new);
	for (bool more = !keeps_one(at); more;) {
		old = unpaired_address(at->olds, at->old_n);
		new = unpaired_address(at->news, at->new_n);
		more = old != NULL && new != NULL;
		if (more)
			pair(old, new);
	}
}

/* Addresses that come instead of a CNAME wait for the first of them, which
 * waits for the CNAME to go. */
static void order_after(const struct at_name *at, const struct tf_record *first,
			bool carried)
{
	for (size_t i = 0; i < at->new_n; i++) {
		struct tf_record *r = at->news[i];

		if (r == first || !is_host(r) || r->after.n > 0)
			continue;
		r->after = first->address;
		r->carried |= carried;
	}
}

/* What the last change of this kind wrote stays as long as its records do: who
 * applies seldom has not seen it yet. */
static const struct tf_record *first_before(const struct pairing *p,
					    const struct at_name *at)
{
	for (size_t i = 0; i < at->old_n; i++) {
		if (at->olds[i]->after.n == 0)
			continue;
		for (size_t k = 0; k < at->old_n; k++)
			if (sv_eq(at->olds[k]->address, at->olds[i]->after) &&
			    at->olds[k]->other != NULL &&
			    is_address(at->olds[k]->other))
				return at->olds[k]->other;
	}
	(void)p;
	return NULL;
}

/* Two zones, or two ids: the record may stand in both for a moment. */
static bool is_elsewhere(const struct tf_record *old,
			 const struct tf_record *new)
{
	if (old->zone_key.n > 0 && new->zone_key.n > 0 &&
	    !sv_eq(old->zone_key, new->zone_key))
		return true;
	return !sv_eq(old->zone_id, new->zone_id) && old->type == new->type;
}

static void order_pair(struct tf_record *old, struct tf_record *new)
{
	bool both = is_address(old) && is_address(new);

	new->create_first =
		is_elsewhere(old, new) || (both && old->type != new->type);
	if (new->create_first || !old->create_first || old->type != new->type)
		return;
	new->create_first = true;
	new->carried = true;
}

/* Addresses that go beside the one that becomes the CNAME. */
static size_t left_over(const struct at_name *at, const struct tf_record *like)
{
	size_t n = 0;

	for (size_t i = 0; i < at->old_n; i++)
		n += is_address(at->olds[i]) && at->olds[i]->other == NULL &&
		     same_zone(at->olds[i], like);
	return n;
}

static void order_name(struct pairing *p, const struct at_name *at)
{
	const struct tf_record *before = first_before(p, at);

	for (size_t i = 0; i < at->new_n; i++) {
		struct tf_record *new = at->news[i], *old = new->other;

		if (old == NULL)
			continue;
		order_pair(old, new);
		if (!same_zone(old, new))
			continue;
		if (old->type == RR_CNAME && is_address(new))
			order_after(at, new, false);
		if (is_address(old) && new->type == RR_CNAME)
			new->unordered = left_over(at, old);
	}
	if (before != NULL)
		order_after(at, before, true);
}

static void each_name(struct pairing *p, bool order)
{
	size_t o = 0, n = 0;

	while (n < p->news.n) {
		struct at_name at = { .news = &p->news.v[n] };
		struct sv name = p->news.v[n]->name;

		for (; n < p->news.n && sv_eq(p->news.v[n]->name, name); n++)
			at.new_n++;
		while (o < p->olds.n && sv_cmp(p->olds.v[o]->name, name) < 0)
			o++;
		at.olds = p->olds.v + o;
		for (; o < p->olds.n && sv_eq(p->olds.v[o]->name, name); o++)
			at.old_n++;
		if (at.old_n == 0)
			continue;
		if (order)
			order_name(p, &at);
		else
			pair_values(&at);
		if (!order)
			pair_types(&at);
	}
}

static bool move_add(struct pairing *p, struct tf_file *file, struct sv from,
		     struct sv to, bool kept)
{
	struct tf_move *move;

	if (sv_eq(from, to) || map_get(&p->declared, from) != NULL ||
	    map_get(&p->from, from) != NULL || map_get(&p->to, to) != NULL ||
	    !may_move(p, from))
		return false;
	move = VEC_ADD(p->mem, &file->moves);
	*move = (struct tf_move){ from, to, kept };
	map_put(&p->from, from, p);
	/* By its key, where the move came from. */
	map_put(&p->to, to, ARENA_NEW(p->mem, struct sv));
	*(struct sv *)map_get(&p->to, to) = from;
	return true;
}

/* The file that a record of an old one would be in: that of its zone. */
static struct tf_file *file_for(const struct pairing *p, struct sv zone_key)
{
	for (size_t i = 0; i < p->c->news.n; i++)
		if (sv_eq(p->c->news.v[i]->zone_key, zone_key))
			return p->c->news.v[i];
	return p->c->news.v[0];
}

static struct tf_file *file_of(const struct pairing *p,
			       const struct tf_record *r)
{
	for (size_t i = 0; i < p->c->news.n; i++) {
		struct tf_file *f = p->c->news.v[i];

		if (f->records.n > 0 && r >= f->records.v &&
		    r < f->records.v + f->records.n)
			return f;
	}
	return p->c->news.v[0];
}

/* The same address with our provider. */
static struct sv ours(const struct pairing *p, struct sv address)
{
	return arena_fmt(p->mem, "%s." SV_FMT, p->c->provider->resource,
			 SV_ARG(sv_from(address, sv_chr(address, '.') + 1)));
}

/* Where a move to `to` may lead: there, or to where it is moved from already;
 * "" behind an address of provider 4, which may hold something itself. */
static struct sv free_end(const struct pairing *p, struct sv to)
{
	const struct sv *taken = map_get(&p->to, to);

	for (size_t i = 0; taken != NULL && i <= p->to.n; i++) {
		if (is_foreign(p, *taken))
			return SV("");
		to = *taken;
		taken = map_get(&p->to, to);
	}
	return to;
}

/* State of provider 4 has to go somewhere, if only to be deleted there: one
 * address of it that is left stops every plan of provider 5. */
static void take_over(struct pairing *p, struct tf_file *file, struct sv from,
		      struct sv to, bool kept)
{
	struct sv own = ours(p, from), end;

	if (map_get(&p->from, from) != NULL)
		return;
	end = free_end(p, to);
	if (end.n == 0 && map_get(&p->declared, own) == NULL)
		end = free_end(p, own);
	while (end.n == 0) {
		own = arena_fmt(p->mem, SV_FMT "__gone", SV_ARG(own));
		end = free_end(p, own);
	}
	move_add(p, file, from, end, kept);
}

static void moves_find(struct pairing *p)
{
	for (size_t i = 0; i < p->olds.n; i++) {
		const struct tf_record *old = p->olds.v[i], *new = old->other;

		if (new != NULL)
			move_add(p, file_of(p, new), old->address, new->address,
				 false);
	}
	for (size_t i = 0; i < p->olds.n; i++) {
		const struct tf_record *old = p->olds.v[i];

		if (is_foreign(p, old->address))
			take_over(p, file_for(p, old->zone_key), old->address,
				  ours(p, old->address), false);
	}
}

/* A move that was written stays as long as it leads to a record, itself or by
 * another move: who applies seldom has not seen it yet. */
static void moves_keep(struct pairing *p, const struct tf_file *old)
{
	struct tf_file *file = file_for(p, old->zone_key);
	bool more = true;

	for (size_t round = 0; more && round <= old->moves.n; round++) {
		more = false;
		for (size_t i = 0; i < old->moves.n; i++) {
			struct sv to = old->moves.v[i].to;

			if (map_get(&p->declared, to) != NULL ||
			    map_get(&p->from, to) != NULL)
				more |= move_add(p, file, old->moves.v[i].from,
						 to, true);
		}
	}
	for (size_t i = 0; i < old->moves.n; i++) {
		const struct tf_move *m = &old->moves.v[i];

		if (is_foreign(p, m->from) && !is_foreign(p, m->to))
			take_over(p, file, m->from, m->to, true);
		else if (is_foreign(p, m->from))
			take_over(p, file, m->from, ours(p, m->from), true);
		if (is_foreign(p, m->to))
			take_over(p, file, m->to, ours(p, m->to), true);
	}
}

static int move_cmp(const void *a, const void *b)
{
	const struct tf_move *x = a, *y = b;

	return sv_cmp(x->from, y->from);
}

void tf_moves_set(struct arena *mem, struct tf_change *c)
{
	struct pairing p = { .mem = mem,
			     .c = c,
			     .declared = { .mem = mem },
			     .from = { .mem = mem },
			     .to = { .mem = mem } };

	if (c->news.n == 0 || c->olds.n == 0)
		return;
	collect(&p);
	pair_by(&p, by_address);
	pair_by(&p, by_zone);
	pair_by(&p, by_content);
	each_name(&p, false);
	pair_by(&p, by_ownership);
	each_name(&p, true);
	moves_find(&p);
	for (size_t i = 0; i < c->olds.n; i++)
		moves_keep(&p, c->olds.v[i]);
	for (size_t i = 0; i < c->news.n; i++)
		if (c->news.v[i]->moves.n > 1)
			qsort(c->news.v[i]->moves.v, c->news.v[i]->moves.n,
			      sizeof(struct tf_move), move_cmp);
}
