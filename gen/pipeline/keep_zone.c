/*
 * on-error: keep, where a fault may have cost any record of a zone: a file that
 * does not parse, a name that cannot be read, a kustomization that is not
 * built.  All of the zone stays as it was, but for what `overrides` pin: a
 * stranger's typo must not hold up whoever mends an incident.
 */
#include "pipeline/outputs.h"
#include "registry/registry.h"

static bool is_refused(const struct zone_plan *z, struct sv name)
{
	for (size_t i = 0; i < z->rejected.list.n; i++)
		if (sv_eq(z->rejected.list.v[i].name, name))
			return true;
	return false;
}

static struct sv owner_name(struct session *s, const struct endpoint *pin,
			    enum rrtype type)
{
	const struct publisher *p = pin->publisher != NULL
					    ? pin->publisher
					    : &s->config.publishers.v[0];

	return registry_name(s->mem, &p->opt, type, pin->name);
}

/* The pins of the zone, then the ownership TXT of each. */
static struct endpoints pins_of(struct session *s, const struct zone_plan *z)
{
	struct endpoints pins = { 0 };
	size_t n;

	for (size_t i = 0; i < z->records.list.n; i++)
		if (z->records.list.v[i].is_pinned &&
		    !is_refused(z, z->records.list.v[i].name))
			*endpoints_add(s->mem, &pins) = z->records.list.v[i];
	n = pins.list.n;
	for (size_t i = 0; i < z->records.list.n; i++) {
		const struct endpoint *e = &z->records.list.v[i];

		for (size_t k = 0; e->is_registry && k < n; k++)
			if (sv_eq(e->name, owner_name(s, &pins.list.v[k],
						      pins.list.v[k].type)))
				*endpoints_add(s->mem, &pins) = *e;
	}
	return pins;
}

/* Does the pin take the place of `old`, or of the record that it owns? */
static bool takes(struct session *s, const struct endpoint *pin,
		  const struct endpoints *have, const struct endpoint *old)
{
	if (pin->is_registry)
		return false;
	if (override_replaces(pin->name, pin->type, old))
		return true;
	for (size_t i = 0; old->type == RR_TXT && i < have->list.n; i++) {
		const struct endpoint *h = &have->list.v[i];

		if (h->type != pin->type && h->type != RR_TXT &&
		    override_replaces(pin->name, pin->type, h) &&
		    sv_eq(old->name, owner_name(s, pin, h->type)))
			return true;
	}
	return false;
}

static bool stands(const struct endpoints *set, const struct endpoint *e)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (set->list.v[i].type == e->type &&
		    sv_eq(set->list.v[i].name, e->name))
			return true;
	return false;
}

/* What it said of its owner before goes on: of an object that cannot be read
 * now, the new TXT would not say whose it is. */
static void put_pins(struct session *s, const struct endpoints *pins,
		     struct endpoints *to)
{
	for (size_t i = 0; i < pins->list.n; i++)
		if (!stands(to, &pins->list.v[i]))
			*endpoints_add(s->mem, to) = pins->list.v[i];
	endpoints_sort(to);
}

int keep_zone(struct session *s, struct zone_plan *z)
{
	struct endpoints have, pins, all = { 0 };

	if (previous_records(s, z->zone, &have) < 0)
		return -1;
	/* Of a zone that nothing is known of, nothing is written. */
	z->unattributed = have.list.n == 0;
	if (have.list.n == 0)
		return 0;
	pins = pins_of(s, z);
	for (size_t i = 0; i < have.list.n; i++) {
		bool taken = false;

		for (size_t k = 0; k < pins.list.n; k++)
			taken = taken || takes(s, &pins.list.v[k], &have,
					       &have.list.v[i]);
		if (!taken)
			*endpoints_add(s->mem, &all) = have.list.v[i];
	}
	put_pins(s, &pins, &all);
	z->records = all;
	z->is_kept = true;
	diag_warn(&s->diags, DIAG_KEPT, NOWHERE,
		  "zone " SV_FMT
		  ": an error may concern any of its records, so that all of "
		  "them stay as they were%s",
		  SV_ARG(z->zone->key),
		  pins.list.n > 0 ? " but for overrides" : "");
	return 0;
}
