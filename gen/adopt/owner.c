/* Whose record it is: ExternalDNS says so in a TXT beside it. */
#include "adopt/internal.h"
#include "registry/registry.h"

bool owner_is_ours(const struct adopt *a, struct sv owner)
{
	const struct config *c = &a->s->config;

	for (size_t i = 0; i < c->publishers.n; i++)
		if (sv_eq(owner, c->publishers.v[i].opt.txt_owner_id))
			return true;
	return strings_has(&a->owners, owner);
}

void owners_find(struct adopt *a, struct owners *out)
{
	const struct existing_set *all = a->existing;

	out->by_name = (struct map){ .mem = a->s->mem };
	for (size_t i = 0; i < all->list.n; i++) {
		struct existing *e = all->list.v[i];
		const struct existing *old;

		if (!e->heritage)
			continue;
		old = map_get(&out->by_name, e->name);
		/* Of two, ours counts: it is what an apply would change. */
		if (old == NULL || !owner_is_ours(a, old->owner))
			map_put(&out->by_name, e->name, e);
	}
}

struct sv owner_old_name(struct arena *mem, const struct options *o,
			 struct sv name)
{
	struct sv label = sv_head(name, sv_chr(name, '.'));
	struct sv mark = SV("%{record_type}");

	if (sv_has(o->txt_prefix, mark) || sv_has(o->txt_suffix, mark))
		return SV("");
	if (o->txt_wildcard_replacement.n > 0 && sv_eq(label, SV("*")))
		label = o->txt_wildcard_replacement;
	return arena_lower(mem,
			   arena_fmt(mem, SV_FMT SV_FMT SV_FMT SV_FMT,
				     SV_ARG(o->txt_prefix), SV_ARG(label),
				     SV_ARG(o->txt_suffix),
				     SV_ARG(sv_from(name, sv_chr(name, '.')))));
}

const struct existing *owner_of(struct adopt *a, const struct owners *all,
				const struct existing *e)
{
	const struct config *c = &a->s->config;

	if (e->heritage)
		return e;
	for (size_t i = 0; e->known && i < c->publishers.n; i++) {
		const struct options *o = &c->publishers.v[i].opt;
		const struct existing *hit =
			map_get(&all->by_name,
				registry_name(a->s->mem, o, e->code, e->name));

		if (hit == NULL)
			hit = map_get(&all->by_name,
				      owner_old_name(a->s->mem, o, e->name));
		if (hit != NULL)
			return hit;
	}
	return NULL;
}
