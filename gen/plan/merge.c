#include <assert.h>
#include <stdlib.h>

#include "plan/admit.h"

struct merge {
	struct plan_ctx *ctx;
	struct zone_plan *zone; /* NULL: records of no zone */
	struct endpoints *set;
	/* Of the record that is being united: whose provenances are its own,
	 * and the smallest of them, whose labels it has. */
	const struct endpoint *owner;
	const struct provenance *smallest;
	bool failed;
};

static const struct provenance *from_least(const struct endpoint *e)
{
	const struct provenance *least = e->from.n > 0 ? &e->from.v[0] : NULL;

	for (size_t i = 1; i < e->from.n; i++)
		if (provenance_cmp(&e->from.v[i], least) < 0)
			least = &e->from.v[i];
	return least;
}

/* "proxied: false" is what it is without the annotation too. */
static bool covers(const struct endpoint *a, const struct endpoint *b)
{
	for (size_t i = 0; i < a->properties.list.n; i++) {
		const struct pair *p = &a->properties.list.v[i];

		if (!sv_eq(property_of(b, p->name), p->value))
			return false;
	}
	return true;
}

static bool same_properties(const struct endpoint *a, const struct endpoint *b)
{
	return covers(a, b) && covers(b, a);
}

static bool same_targets(const struct endpoint *a, const struct endpoint *b)
{
	if (!sv_eq(a->ref, b->ref) || a->targets.n != b->targets.n)
		return false;
	for (size_t i = 0; i < a->targets.n; i++)
		if (!sv_eq(a->targets.v[i], b->targets.v[i]))
			return false;
	return true;
}

/* Who asked, for the second half of a message. */
static struct sv who(struct arena *mem, const struct endpoint *e)
{
	const struct provenance *p = e->from.n > 0 ? &e->from.v[0] : NULL;

	if (p == NULL || p->kind.n == 0)
		return loc_text(mem, endpoint_at(e));
	return arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT " (" SV_FMT ")",
			 SV_ARG(p->kind), SV_ARG(p->namespace), SV_ARG(p->name),
			 SV_ARG(loc_text(mem, p->at)));
}

static void clash(struct merge *m, enum diag_code code,
		  const struct endpoint *e, const struct endpoint *first,
		  struct sv mine, struct sv other, const char *wanted)
{
	struct arena *mem = m->ctx->mem;

	diag_file(m->ctx->diags, code, DIAG_ERROR, endpoint_at(e),
		  "host \"" SV_FMT "\": %s " SV_FMT " here, " SV_FMT
		  " in " SV_FMT "; %s",
		  SV_ARG(e->name), rrtype_name(e->type), SV_ARG(mine),
		  SV_ARG(other), SV_ARG(who(mem, first)), wanted);
	diag_related(m->ctx->diags, endpoint_at(first));
	m->failed = true;
}

static struct sv ttl_text(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, "with TTL %lld", (long long)e->ttl);
}

static struct sv pairs_text(struct arena *mem, const struct pairs *p)
{
	struct sv all = SV("with");

	if (p->list.n == 0)
		return SV("without properties");
	for (size_t i = 0; i < p->list.n; i++)
		all = arena_fmt(mem, SV_FMT " " SV_FMT "=" SV_FMT, SV_ARG(all),
				SV_ARG(p->list.v[i].name),
				SV_ARG(p->list.v[i].value));
	return all;
}

static struct sv id_text(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, "of set-identifier \"" SV_FMT "\"",
			 SV_ARG(e->set_identifier));
}

static bool may_merge(const struct endpoint *a, const struct endpoint *b)
{
	return a->type != RR_CNAME && a->type != RR_DNAME && a->ref.n == 0 &&
	       b->ref.n == 0 &&
	       sv_eq(a->publisher->opt.conflict, SV("merge")) &&
	       sv_eq(b->publisher->opt.conflict, SV("merge"));
}

static void unite_targets(struct merge *m, struct endpoint *to,
			  const struct endpoint *e)
{
	struct endpoint all = { 0 };

	for (size_t i = 0; i < to->targets.n; i++)
		*VEC_ADD(m->ctx->mem, &all.targets) = to->targets.v[i];
	for (size_t i = 0; i < e->targets.n; i++)
		*VEC_ADD(m->ctx->mem, &all.targets) = e->targets.v[i];
	targets_sort(&all);
	to->targets.v = all.targets.v;
	to->targets.n = all.targets.n;
	to->targets.cap = all.targets.cap;
}

/* False, with a diag, where two askers want different things. */
static bool agrees(struct merge *m, struct endpoint *to,
		   const struct endpoint *e)
{
	struct arena *mem = m->ctx->mem;

	if (!sv_eq(to->set_identifier, e->set_identifier)) {
		clash(m, DIAG_CONFLICT, e, to, id_text(mem, e),
		      id_text(mem, to),
		      "neither zone files nor Cloudflare support "
		      "set-identifier; keep one of them");
		return false;
	}
	if (to->ttl != 0 && e->ttl != 0 && to->ttl != e->ttl) {
		clash(m, DIAG_TTL, e, to, ttl_text(mem, e), ttl_text(mem, to),
		      "expected one TTL (RFC 2181 5.2)");
		return false;
	}
	if (!same_properties(to, e)) {
		clash(m, DIAG_CONFLICT, e, to, pairs_text(mem, &e->properties),
		      pairs_text(mem, &to->properties),
		      "expected the same annotations");
		return false;
	}
	if (same_targets(to, e))
		return true;
	if (e->type == RR_CNAME || e->type == RR_DNAME) {
		clash(m, DIAG_CNAME_OTHER, e, to, record_targets(mem, e),
		      record_targets(mem, to),
		      "a name must have only one (RFC 2181 10.1)");
		return false;
	}
	if (!may_merge(to, e)) {
		clash(m, DIAG_CONFLICT, e, to, record_targets(mem, e),
		      record_targets(mem, to),
		      "expected the same, or conflict: merge");
		return false;
	}
	unite_targets(m, to, e);
	return true;
}

/* Provenances of its own: sources share them among the records of a host. */
static void own_from(struct merge *m, struct endpoint *e)
{
	if (m->owner == e)
		return;
	m->owner = e;
	VEC_OWN(m->ctx->mem, &e->from);
}

/* The smallest resource labels the record, and so its TXT. */
static void unite(struct merge *m, struct endpoint *to,
		  const struct endpoint *e)
{
	const struct provenance *least = from_least(e);

	assert(e != to);
	own_from(m, to);
	if (to->ttl == 0)
		to->ttl = e->ttl;
	if (e->properties.list.n > to->properties.list.n)
		to->properties = e->properties; /* the one that says more */
	if (m->smallest == NULL)
		m->smallest = from_least(to);
	if (least != NULL && m->smallest != NULL &&
	    provenance_cmp(least, m->smallest) < 0) {
		m->smallest = least;
		to->labels = e->labels;
		to->publisher = e->publisher;
	}
	for (size_t i = 0; least != NULL && i < e->from.n; i++)
		*VEC_ADD(m->ctx->mem, &to->from) = e->from.v[i];
}

static bool same_key(const struct endpoint *a, const struct endpoint *b)
{
	return a->type == b->type && sv_eq(a->name, b->name);
}

static void refuse_name(struct merge *m, const struct endpoint *e,
			struct plan *out)
{
	if (m->zone != NULL)
		m->zone->has_errors = true;
	*endpoints_add(m->ctx->mem, m->zone != NULL ? &m->zone->rejected
						    : &out->rejected) = *e;
}

static void merge_set(struct merge *m, struct plan *out)
{
	struct endpoints *set = m->set;
	struct endpoint *all = set->list.v;
	size_t kept = 0;

	endpoints_sort(set);
	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e = &all[i];
		struct endpoint *to = kept > 0 ? &all[kept - 1] : NULL;

		if (to == NULL || !same_key(to, e)) {
			if (to != NULL)
				provenance_sort(to);
			all[kept++] = *e;
			m->owner = NULL;
			m->smallest = NULL;
			continue;
		}
		/* What was first stays, so that `list` has something. */
		if (agrees(m, to, e))
			unite(m, to, e);
		else
			refuse_name(m, e, out);
	}
	if (kept > 0)
		provenance_sort(&all[kept - 1]);
	set->list.n = kept;
}

int plan_finish(struct plan_ctx *ctx, struct plan *out)
{
	struct merge m = { .ctx = ctx };
	size_t errors = ctx->diags->errors;
	int rc = plan_override(ctx, out);

	for (size_t i = 0; i < out->zones.n; i++) {
		m.zone = &out->zones.v[i];
		m.set = &m.zone->records;
		merge_set(&m, out);
	}
	m.zone = NULL;
	m.set = &out->unzoned;
	merge_set(&m, out);
	out->errors += ctx->diags->errors - errors;
	return m.failed || rc < 0 ? -1 : 0;
}
