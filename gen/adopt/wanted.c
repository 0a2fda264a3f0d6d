/* The records from git: of a Terraform output with their addresses, of another
 * one as they are published. */
#include "adopt/internal.h"
#include "base/path.h"

const struct adopt_zone *zone_holding(const struct adopt *a, struct sv name)
{
	const struct adopt_zone *best = NULL;

	for (size_t i = 0; i < a->wanted->zones.n; i++) {
		const struct adopt_zone *z = a->wanted->zones.v[i];

		if (dname_in(name, z->domain) &&
		    (best == NULL || z->domain.n > best->domain.n))
			best = z;
	}
	return best;
}

/* "app.${DOMAIN}" as name servers have it. */
static struct sv real_name(struct adopt *a, const struct adopt_zone *z,
			   struct sv name)
{
	if (z->zone->ref.n == 0 || dname_variable(name).n == 0)
		return name;
	return arena_fmt(a->s->mem, SV_FMT SV_FMT, SV_ARG(dname_head(name)),
			 SV_ARG(z->domain));
}

static struct wanted *wanted_add(struct adopt *a, const struct adopt_zone *z,
				 struct sv name, enum rrtype type)
{
	struct wanted *w = ARENA_NEW(a->s->mem, struct wanted);

	w->zone = z;
	w->name = real_name(a, z, name);
	w->type = sv_of(rrtype_name(type));
	w->code = type;
	*VEC_ADD(a->s->mem, &a->wanted->list) = w;
	return w;
}

static void resource_add(struct adopt *a, const struct adopt_zone *z,
			 const struct resource *r, struct sv folder)
{
	struct wanted *w = wanted_add(a, z, r->name, r->type);

	w->content = r->content;
	w->by_reference = r->wire.n == 0 && r->type != RR_TXT;
	if (!w->by_reference)
		w->key = data_key(a->s->mem, r->type, r->wire);
	w->ttl = r->ttl;
	w->proxied = r->proxied;
	w->note = r->note;
	w->tags = r->tags;
	w->address = r->address;
	w->zone_id = r->zone_id;
	w->folder = folder;
}

static int resources_add(struct adopt *a, const struct adopt_zone *z,
			 const struct out_file *f)
{
	struct resources all = { 0 };

	if (resources_read(a->s->mem, &a->s->diags, f->path, f->text, z->zone,
			   &all) != 0)
		return -1;
	for (size_t i = 0; i < all.list.n; i++)
		resource_add(a, z, &all.list.v[i], path_folder(f->path));
	for (size_t i = 0; i < all.moves.n; i++) {
		struct resource_move *m =
			ARENA_NEW(a->s->mem, struct resource_move);

		*m = all.moves.v[i];
		map_put(&a->wanted->moves, m->from, m);
	}
	return 0;
}

static void endpoint_add(struct adopt *a, const struct adopt_zone *z,
			 const struct endpoint *e)
{
	struct wanted *w;
	struct sv wire;

	for (size_t i = 0; i < e->targets.n; i++) {
		if (!rdata_wire(a->s->mem, e, e->targets.v[i], &wire))
			continue;
		w = wanted_add(a, z, e->name, e->type);
		w->content = rdata_text(a->s->mem, e->type, wire);
		w->key = data_key(a->s->mem, e->type, wire);
	}
}

/* The Terraform output of a zone: the first, or the one in the folder that the
 * import blocks are for. */
static const struct out_file *output_in(const struct adopt *a,
					const struct outputs *o,
					const struct zone *zone)
{
	const struct out_file *first = NULL;

	for (size_t i = 0; i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];

		if (f->zone != zone || f->text.p == NULL ||
		    !output_format(f->spec)->folder_is_module)
			continue;
		if (sv_eq(path_folder(f->path), a->folder))
			return f;
		if (first == NULL)
			first = f;
	}
	return first;
}

/* Labels that all names end in, from the right. */
static struct sv common_domain(const struct adopt *a)
{
	const struct existing_set *all = a->existing;
	struct sv common = SV("");

	for (size_t i = 0; i < all->list.n; i++) {
		struct sv name = all->list.v[i]->name;

		if (i == 0)
			common = name;
		while (common.n > 0 && !dname_in(name, common))
			common = sv_from(common, sv_chr(common, '.') + 1);
	}
	return common;
}

static int zone_add(struct adopt *a, const struct zone_plan *p,
		    const struct outputs *o)
{
	const struct out_file *f = output_in(a, o, p->zone);
	struct adopt_zone *z = ARENA_NEW(a->s->mem, struct adopt_zone);

	z->zone = p->zone;
	z->domain = p->zone->name;
	if (p->zone->ref.n > 0)
		z->domain = a->domain.n > 0 ? a->domain : common_domain(a);
	if (p->zone->ref.n > 0 && sv_chr(z->domain, '.') == z->domain.n)
		return fault_set(&a->s->fault, a->s->mem, FAULT_USAGE,
				 "adopt: the name of zone " SV_FMT
				 " is a variable; add --domain NAME",
				 SV_ARG(p->zone->key));
	*VEC_ADD(a->s->mem, &a->wanted->zones) = z;
	if (f != NULL)
		return resources_add(a, z, f);
	for (size_t i = 0; i < p->records.list.n; i++)
		endpoint_add(a, z, &p->records.list.v[i]);
	return 0;
}

int wanted_find(struct adopt *a, const struct derived *d,
		const struct outputs *o)
{
	for (size_t i = 0; i < d->plan.zones.n; i++)
		if (session_wants_zone(a->s, d->plan.zones.v[i].zone) &&
		    zone_add(a, &d->plan.zones.v[i], o) < 0)
			return -1;
	if (a->wanted->zones.n > 0)
		return 0;
	return fault_set(&a->s->fault, a->s->mem, FAULT_USAGE,
			 "adopt: missing zone; add it to zones of "
			 ".zoneloom.yaml");
}
