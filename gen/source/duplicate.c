/*
 * Objects of one kind, namespace and name in one cluster: it holds only one of
 * them, and which one was applied last, git does not say.  Nothing is united:
 * where they answer differently for one name, both answers are refused; where
 * one file holds both, that is an error by itself; what else is read twice is
 * a warning, since a repository may well hold several clusters.
 */
#include <stdlib.h>

#include "source/annotation.h"
#include "source/key.h"
#include "source/state.h"

/* Objects of one name, and the records that they ask for. */
struct duplicates {
	VEC(const struct object *) objects; /* sorted by place */
	VEC(struct endpoint *) records;
	bool is_own_kind; /* of a source, not only looked up */
};

static struct sv duplicates_key(struct arena *mem, struct sv group,
				struct sv kind, struct sv namespace,
				struct sv name, struct sv realm)
{
	struct buf b = { .mem = mem };

	key_add(&b, sv_eq(group, SV("extensions")) ? SV("networking.k8s.io")
						   : group);
	key_add(&b, kind);
	key_add(&b, namespace);
	key_add(&b, name);
	key_add(&b, realm);
	return buf_sv(&b);
}

static struct sv object_key(struct arena *mem, const struct object *o)
{
	return duplicates_key(mem, o->group, o->kind, o->namespace, o->name,
			      o->realm);
}

static bool same_name(const struct object *a, const struct object *b)
{
	return sv_eq(a->namespace, b->namespace) && sv_eq(a->name, b->name);
}

static bool is_from_values(const struct object *o)
{
	for (const struct origin *from = o->origin; from != NULL;
	     from = from->outer)
		if (strcmp(from->step, "helm-values") == 0)
			return true;
	return false;
}

static void note_object(struct source_state *st, struct arena *mem,
			const struct object *o, bool is_own_kind)
{
	struct sv key = object_key(mem, o);
	struct duplicates *t = map_get(&st->duplicates_by_key, key);

	if (t == NULL) {
		t = ARENA_NEW(mem, struct duplicates);
		t->is_own_kind = is_own_kind;
		map_put(&st->duplicates_by_key, key, t);
		*VEC_ADD(mem, &st->duplicates) = t;
	}
	*VEC_ADD(mem, &t->objects) = o;
}

void duplicates_note(const struct source_ctx *ctx,
		     const struct object_refs *refs, bool is_own_kind)
{
	const struct object *const *v = refs->list.v;

	for (size_t i = 0; !ctx->config->compat && i < refs->list.n; i++)
		if ((i > 0 && same_name(v[i - 1], v[i])) ||
		    (i + 1 < refs->list.n && same_name(v[i], v[i + 1])))
			note_object(ctx->state, ctx->mem, v[i], is_own_kind);
}

/* --- what they answer --- */

static void add_record(const struct source_ctx *ctx, struct endpoint *e)
{
	const struct provenance *p = e->from.n > 0 ? &e->from.v[0] : NULL;
	struct duplicates *t;

	if (p == NULL || p->id == NULL || e->type == RR_PTR)
		return;
	t = map_get(&ctx->state->duplicates_by_key,
		    duplicates_key(ctx->mem, p->id->group, p->kind,
				   p->namespace, p->name, p->id->realm));
	if (t != NULL)
		*VEC_ADD(ctx->mem, &t->records) = e;
}

static struct loc object_of(const struct endpoint *e)
{
	return e->from.v[0].id->at;
}

static int text_cmp(const struct endpoint *a, const struct endpoint *b)
{
	int c = sv_cmp(a->ref, b->ref);

	if (c == 0)
		c = sv_cmp(a->set_identifier, b->set_identifier);
	for (size_t i = 0; c == 0 && i < a->targets.n && i < b->targets.n; i++)
		c = sv_cmp(a->targets.v[i], b->targets.v[i]);
	if (c == 0)
		c = (a->targets.n > b->targets.n) -
		    (a->targets.n < b->targets.n);
	return c;
}

/* Type, TTL and data: what a name is answered with. */
static int answer_cmp(const struct endpoint *a, const struct endpoint *b)
{
	int c = (a->type > b->type) - (a->type < b->type);

	if (c == 0)
		c = (a->ttl > b->ttl) - (a->ttl < b->ttl);
	return c != 0 ? c : text_cmp(a, b);
}

static bool same_properties(const struct endpoint *a, const struct endpoint *b)
{
	if (a->properties.list.n != b->properties.list.n)
		return false;
	for (size_t i = 0; i < a->properties.list.n; i++)
		if (!sv_eq(a->properties.list.v[i].name,
			   b->properties.list.v[i].name) ||
		    !sv_eq(a->properties.list.v[i].value,
			   b->properties.list.v[i].value))
			return false;
	return true;
}

static int record_cmp(const void *a, const void *b)
{
	const struct endpoint *x = *(struct endpoint *const *)a;
	const struct endpoint *y = *(struct endpoint *const *)b;
	int c = sv_cmp(x->name, y->name);

	if (c == 0)
		c = loc_cmp(object_of(x), object_of(y));
	return c != 0 ? c : answer_cmp(x, y);
}

/* Records of one name, and of them those of one object: `n` from `v` on. */
struct answers {
	struct endpoint **v;
	size_t n;
};

static struct answers of_name(const struct duplicates *t, size_t from)
{
	struct answers a = { &t->records.v[from], 0 };

	while (from + a.n < t->records.n && sv_eq(a.v[a.n]->name, a.v[0]->name))
		a.n++;
	return a;
}

static struct answers of_object(struct answers all, size_t from)
{
	struct answers a = { all.v + from, 0 };

	while (from + a.n < all.n &&
	       loc_cmp(object_of(a.v[a.n]), object_of(a.v[0])) == 0)
		a.n++;
	return a;
}

static bool same_answers(struct answers a, struct answers b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (answer_cmp(a.v[i], b.v[i]) != 0 ||
		    !same_properties(a.v[i], b.v[i]))
			return false;
	return true;
}

static struct sv place(struct arena *mem, struct loc at)
{
	return at.line > 0 ? arena_fmt(mem, SV_FMT ":%u:%u", SV_ARG(at.file),
				       at.line, at.col)
			   : at.file;
}

/* "A 192.0.2.1, AAAA 2001:db8::1" */
static struct sv answers_text(struct arena *mem, struct answers a)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < a.n; i++) {
		const struct endpoint *e = a.v[i];

		buf_fmt(&b, "%s%s " SV_FMT, i > 0 ? ", " : "",
			rrtype_name(e->type), SV_ARG(e->ref));
		for (size_t k = 0; k < e->targets.n; k++)
			buf_fmt(&b, "%s" SV_FMT, k > 0 ? "," : "",
				SV_ARG(sv_head(e->targets.v[k], 60)));
		if (e->ttl > 0)
			buf_fmt(&b, " TTL %lld", (long long)e->ttl);
	}
	return buf_sv(&b);
}

/* Neither is published: by chance one of them would be right. */
static void refuse(const struct source_ctx *ctx, struct answers first,
		   struct answers other)
{
	struct arena *mem = ctx->mem;
	const struct provenance *p = &other.v[0]->from.v[0];
	struct duplicate *reported = ARENA_NEW(mem, struct duplicate);
	struct duplicate *quiet = ARENA_NEW(mem, struct duplicate);

	quiet->at = reported->other = endpoint_at(first.v[0]);
	reported->at = quiet->other = endpoint_at(other.v[0]);
	reported->text = arena_fmt(
		mem,
		SV_FMT " " SV_FMT "/" SV_FMT
		       " is in this cluster twice, and answers " SV_FMT
		       " here, " SV_FMT " in " SV_FMT
		       "; keep one of them, or give each cluster a publisher "
		       "with its own paths",
		SV_ARG(p->kind), SV_ARG(p->namespace), SV_ARG(p->name),
		SV_ARG(answers_text(mem, other)),
		SV_ARG(answers_text(mem, first)),
		SV_ARG(place(mem, endpoint_at(first.v[0]))));
	for (size_t i = 0; i < first.n; i++)
		if (first.v[i]->duplicate == NULL)
			first.v[i]->duplicate = quiet;
	for (size_t i = 0; i < other.n; i++)
		other.v[i]->duplicate = i == 0 ? reported : quiet;
}

/* True if two of them answer differently for one name. */
static bool refuse_different(const struct source_ctx *ctx, struct duplicates *t)
{
	bool differ = false;

	if (t->records.n > 1)
		qsort(t->records.v, t->records.n, sizeof(t->records.v[0]),
		      record_cmp);
	for (size_t i = 0; i < t->records.n;) {
		struct answers all = of_name(t, i);
		struct answers first = of_object(all, 0), other;

		for (size_t k = first.n; k < all.n; k += other.n) {
			other = of_object(all, k);
			if (same_answers(first, other))
				continue;
			refuse(ctx, first, other);
			differ = true;
		}
		i += all.n;
	}
	return differ;
}

/* --- what one file holds, and what is only read twice --- */

static bool one_file(const struct source_ctx *ctx, const struct duplicates *t)
{
	for (size_t i = 1; t->is_own_kind && i < t->objects.n; i++) {
		const struct object *a = t->objects.v[i - 1];
		const struct object *b = t->objects.v[i];

		if (!sv_eq(a->at.file, b->at.file) || is_from_values(a) ||
		    is_from_values(b) || loc_cmp(a->at, b->at) == 0)
			continue;
		diag_file(ctx->diags, DIAG_DUPLICATE_OBJECT, DIAG_ERROR, b->at,
			  SV_FMT " " SV_FMT "/" SV_FMT
				 ": the file holds another one of this name, "
				 "at " SV_FMT "; keep one of them",
			  SV_ARG(b->kind), SV_ARG(b->namespace),
			  SV_ARG(b->name), SV_ARG(place(ctx->mem, a->at)));
		diag_related(ctx->diags, a->at);
		return true;
	}
	return false;
}

static void warn_of_two(const struct source_ctx *ctx,
			const struct duplicates *t)
{
	const struct provenance *p, *other = NULL;

	for (size_t i = 1; i < t->records.n && other == NULL; i++)
		if (loc_cmp(object_of(t->records.v[i]),
			    object_of(t->records.v[0])) != 0)
			other = &t->records.v[i]->from.v[0];
	if (other == NULL)
		return;
	p = &t->records.v[0]->from.v[0];
	diag_warn(
		ctx->diags, DIAG_DUPLICATE_OBJECT, other->at,
		"object \"" SV_FMT " " SV_FMT "/" SV_FMT " (also " SV_FMT
		")\": two of one name are read for one cluster; if they are of "
		"two clusters, give each a publisher with its own paths "
		"(publishers: paths)",
		SV_ARG(p->kind), SV_ARG(p->namespace), SV_ARG(p->name),
		SV_ARG(place(ctx->mem, p->at)));
	diag_related(ctx->diags, p->at);
}

void duplicates_judge(const struct source_ctx *ctx)
{
	struct source_state *st = ctx->state;

	if (st->duplicates.n == 0)
		return;
	for (size_t i = 0; i < ctx->out->list.n; i++)
		add_record(ctx, &ctx->out->list.v[i]);
	for (size_t i = 0; i < st->duplicates.n; i++) {
		struct duplicates *t = st->duplicates.v[i];

		if (t->objects.n > 1 && !refuse_different(ctx, t) &&
		    !one_file(ctx, t))
			warn_of_two(ctx, t);
	}
}
