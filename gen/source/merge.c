#include <stdlib.h>

#include "base/map.h"
#include "source/annotation.h"
#include "source/key.h"

/* An endpoint, where it stood, and what it is sorted by. */
struct ranked {
	struct sv resource;
	size_t index;
};

static int ranked_cmp(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = sv_cmp(x->resource, y->resource);

	return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static struct sv resource_of(const struct endpoint *e)
{
	const struct sv *r = pairs_get(&e->labels, SV("resource"));

	return r != NULL ? *r : SV("");
}

static bool single_target(enum rrtype t)
{
	return t == RR_CNAME || t == RR_DNAME;
}

/* Two objects of one name are two: duplicate.c judges them. */
static void key_add_object(struct buf *b, const struct provenance *p)
{
	key_add(b, p->resource);
	if (p->id == NULL)
		return;
	key_add(b, p->id->realm);
	key_add(b, p->id->at.file);
	buf_fmt(b, "%u:%u", p->id->at.line, p->id->at.col);
}

/* Two endpoints with equal keys are one record set. */
static struct sv merge_key(struct source_ctx *ctx, const struct endpoint *e)
{
	struct buf b = { .mem = ctx->mem };

	key_add(&b, e->name);
	key_add(&b, sv_of(rrtype_name(e->type)));
	key_add(&b, e->set_identifier);
	buf_fmt(&b, "%lld", (long long)e->ttl);
	key_add(&b, e->ref);
	if (single_target(e->type) && e->targets.n > 0)
		key_add(&b, e->targets.v[0]);
	if (!ctx->config->compat && e->from.n > 0)
		key_add_object(&b, &e->from.v[0]);
	return buf_sv(&b);
}

static void absorb(struct arena *mem, struct endpoint *to,
		   const struct endpoint *e)
{
	for (size_t i = 0; i < e->targets.n; i++)
		*VEC_ADD(mem, &to->targets) = e->targets.v[i];
	for (size_t i = 0; i < e->from.n; i++)
		*VEC_ADD(mem, &to->from) = e->from.v[i];
}

static struct ranked *rank(struct source_ctx *ctx, size_t first, size_t n,
			   bool by_resource)
{
	struct ranked *order = ARENA_ARRAY(ctx->mem, struct ranked, n);

	for (size_t i = 0; i < n; i++)
		order[i] = (struct ranked){
			resource_of(&ctx->out->list.v[first + i]), first + i
		};
	if (by_resource)
		qsort(order, n, sizeof(order[0]), ranked_cmp);
	return order;
}

static void merge(struct source_ctx *ctx, size_t first, bool by_resource)
{
	size_t n = ctx->out->list.n - first;
	struct endpoints merged = { 0 };
	struct map seen = { .mem = ctx->mem };
	struct ranked *order;

	if (n == 0)
		return;
	order = rank(ctx, first, n, by_resource);
	/* The map holds pointers: room for all of them beforehand. */
	merged.list.v = ARENA_ARRAY(ctx->mem, struct endpoint, n);
	merged.list.cap = n;
	for (size_t i = 0; i < n; i++) {
		struct endpoint *e = &ctx->out->list.v[order[i].index];
		struct endpoint *hit;
		struct sv key;

		if (single_target(e->type) && e->targets.n == 0 &&
		    e->ref.n == 0)
			continue;
		key = merge_key(ctx, e);
		hit = map_get(&seen, key);
		if (hit != NULL) {
			absorb(ctx->mem, hit, e);
			continue;
		}
		hit = endpoints_add(ctx->mem, &merged);
		*hit = *e;
		VEC_OWN(ctx->mem, &hit->targets);
		VEC_OWN(ctx->mem, &hit->from);
		map_put(&seen, key, hit);
	}
	ctx->out->list.n = first;
	for (size_t i = 0; i < merged.list.n; i++) {
		targets_sort(&merged.list.v[i]);
		provenance_sort(&merged.list.v[i]);
		*endpoints_add(ctx->mem, ctx->out) = merged.list.v[i];
	}
}

void endpoints_merge(struct source_ctx *ctx, size_t first)
{
	merge(ctx, first, true);
}

void endpoints_merge_in_order(struct source_ctx *ctx, size_t first)
{
	merge(ctx, first, false);
}
