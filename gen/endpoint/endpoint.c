#include "endpoint/endpoint.h"

#include <stdlib.h>

const struct sv *pairs_get(const struct pairs *p, struct sv name)
{
	for (size_t i = 0; i < p->list.n; i++)
		if (sv_eq(p->list.v[i].name, name))
			return &p->list.v[i].value;
	return NULL;
}

void pairs_put(struct arena *mem, struct pairs *p, struct sv name,
	       struct sv value)
{
	struct pair *last;
	size_t i;

	for (i = 0; i < p->list.n; i++) {
		int c = sv_cmp(name, p->list.v[i].name);

		if (c < 0)
			break;
		if (c == 0) {
			p->list.v[i].value = value;
			return;
		}
	}
	last = VEC_ADD(mem, &p->list);
	memmove(&p->list.v[i + 1], &p->list.v[i],
		(size_t)(last - &p->list.v[i]) * sizeof(*last));
	p->list.v[i] = (struct pair){ name, value };
}

static int number_cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int targets_cmp(const struct endpoint *x, const struct endpoint *y)
{
	for (size_t i = 0; i < x->targets.n && i < y->targets.n; i++) {
		int c = sv_cmp(x->targets.v[i], y->targets.v[i]);

		if (c != 0)
			return c;
	}
	return (x->targets.n > y->targets.n) - (x->targets.n < y->targets.n);
}

struct sv provenance_path(const struct provenance *p, struct sv file)
{
	size_t n = p->repo.n;

	return n > 0 && file.n > n && file.p[n] == ':' &&
			       sv_starts(file, p->repo)
		       ? sv_from(file, n + 1)
		       : file;
}

int provenance_cmp(const void *a, const void *b)
{
	const struct provenance *x = a, *y = b;
	int c = sv_cmp(x->resource, y->resource);

	return c != 0 ? c : loc_cmp(x->at, y->at);
}

/* Same record, other object: so that no order depends on who came first. */
static int from_cmp(const struct endpoint *x, const struct endpoint *y)
{
	if (x->from.n == 0 || y->from.n == 0)
		return (x->from.n > y->from.n) - (x->from.n < y->from.n);
	return provenance_cmp(&x->from.v[0], &y->from.v[0]);
}

int endpoint_cmp(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	int c = sv_cmp(x->name, y->name);

	if (c == 0 && x->type != y->type)
		c = strcmp(rrtype_name(x->type), rrtype_name(y->type));
	if (c == 0)
		c = sv_cmp(x->set_identifier, y->set_identifier);
	if (c == 0)
		c = number_cmp(x->ttl, y->ttl);
	if (c == 0)
		c = targets_cmp(x, y);
	if (c == 0)
		c = sv_cmp(x->ref, y->ref);
	return c != 0 ? c : from_cmp(x, y);
}

void endpoints_sort(struct endpoints *set)
{
	if (set->list.n > 1)
		qsort(set->list.v, set->list.n, sizeof(set->list.v[0]),
		      endpoint_cmp);
}

void targets_sort(struct endpoint *e)
{
	size_t kept = 0;

	if (e->targets.n < 2)
		return;
	qsort(e->targets.v, e->targets.n, sizeof(e->targets.v[0]), sv_qcmp);
	for (size_t i = 0; i < e->targets.n; i++)
		if (kept == 0 ||
		    !sv_eq(e->targets.v[kept - 1], e->targets.v[i]))
			e->targets.v[kept++] = e->targets.v[i];
	e->targets.n = kept;
}

struct endpoint *endpoints_add(struct arena *mem, struct endpoints *set)
{
	return VEC_ADD(mem, &set->list);
}

struct loc loc_copy(struct arena *mem, struct loc at)
{
	at.file = arena_sv(mem, at.file);
	return at;
}

struct loc endpoint_at(const struct endpoint *e)
{
	return e->from.n > 0 ? e->from.v[0].at : NOWHERE;
}

void provenance_sort(struct endpoint *e)
{
	if (e->from.n > 1)
		qsort(e->from.v, e->from.n, sizeof(e->from.v[0]),
		      provenance_cmp);
}

void reference_add(struct arena *mem, struct sv *ref, struct sv text)
{
	*ref = ref->n > 0 ? arena_fmt(mem, SV_FMT ", " SV_FMT, SV_ARG(*ref),
				      SV_ARG(text))
			  : arena_sv(mem, text);
}
