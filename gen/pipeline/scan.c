#include "pipeline/scan.h"

#include "pipeline/derive.h"
#include "source/source.h"

/* The name below the public suffix: "retake.fr" of "a.b.retake.fr". */
static struct sv registrable(struct sv name)
{
	struct sv best = name, rest = name, label;

	if (sv_starts(name, SV("*.")))
		best = rest = sv_from(name, 2);
	while (sv_cut(&rest, '.', &label)) {
		if (rest.n == 0 || dname_is_public_suffix(rest))
			return best;
		best = rest;
	}
	return best;
}

static void add_sources(struct arena *mem, struct strings *to,
			const struct endpoint *e)
{
	for (size_t i = 0; i < e->from.n; i++)
		for (size_t k = 0; source_table[k] != NULL; k++)
			if (sv_eq(e->from.v[i].kind,
				  sv_of(source_table[k]->kind)))
				strings_add_once(mem, to,
						 sv_of(source_table[k]->flag));
}

static void look(struct session *s, const struct endpoints *set,
		 struct scan *out)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];
		struct sv zone;

		if (e->is_registry)
			continue;
		out->names++;
		zone = registrable(e->name);
		/* Nobody is given "localhost" or "co.uk". */
		if (sv_chr(zone, '.') < zone.n && !dname_is_public_suffix(zone))
			strings_add_once(s->mem, &out->zones, zone);
		add_sources(s->mem, &out->sources, e);
	}
	strings_sort(&out->zones);
	strings_sort(&out->sources);
}

/* Derive once as it is, and once with a target for all, so that the names of
 * objects without one are seen too. */
static int look_twice(struct session *s, struct scan *out)
{
	struct sv none = { NULL, 0 };
	struct options *o;
	struct derived got;

	if (config_load(s->mem, &s->diags, none, none, &s->opt->flags, false,
			&s->config) < 0)
		return -1;
	o = &s->config.publishers.v[0].opt;
	o->source = (struct strings){ 0 };
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (source_table[i]->by_default)
			*VEC_ADD(s->mem, &o->source.list) =
				sv_of(source_table[i]->flag);
	if (derive(s, &got) < 0)
		return -1;
	out->without_target = got.no_target;
	*VEC_ADD(s->mem, &o->default_targets.list) = SV("192.0.2.1");
	if (derive(s, &got) < 0)
		return -1;
	look(s, &got.plan.unzoned, out);
	return 0;
}

int scan_repository(struct session *s, struct scan *out)
{
	struct diags keep = s->diags;
	int rc = 0;

	*out = (struct scan){ 0 };
	s->diags = (struct diags){ .mem = s->mem };
	if (s->snapshot != NULL)
		rc = look_twice(s, out);
	s->diags = keep;
	return rc;
}
