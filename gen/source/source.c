#include "source/source.h"

#include "source/process.h"
#include "source/state.h"

#define SOURCE(id) extern const struct source source_##id;
#include "source/source.def"
#undef SOURCE

const struct source *const source_table[] = {
#define SOURCE(id) &source_##id,
#include "source/source.def"
#undef SOURCE
	NULL
};

/* The next row from `*i` on that serves this flag: a flag may have several
 * kinds, each with its own row; NULL when there is none left. */
static const struct source *source_next(struct sv flag, size_t *i)
{
	while (source_table[*i] != NULL) {
		const struct source *s = source_table[(*i)++];

		if (sv_eq(flag, sv_of(s->flag)))
			return s;
	}
	return NULL;
}

struct kinds {
	VEC(const char *) list;
};

static void kind_add(struct arena *mem, struct kinds *k, const char *kind)
{
	for (size_t i = 0; i < k->list.n; i++)
		if (strcmp(k->list.v[i], kind) == 0)
			return;
	*VEC_ADD(mem, &k->list) = kind;
}

static bool names_by_template(const struct options *o)
{
	return o->fqdn_template.list.n > 0 ||
	       o->fqdn_target_template.list.n > 0 || o->compatibility.n > 0;
}

/* Most Services are of no interest: nine of ten in public repositories have
 * no annotation of ours, and parsing them is most of the reading. */
static void annotated_add(struct arena *mem, struct kinds *out,
			  const char *kind, const struct options *o)
{
	kind_add(mem, out, arena_fmt(mem, "%s@external-dns", kind).p);
	/* A prefix that is nearly ours: annotation_slips(). */
	kind_add(mem, out, arena_fmt(mem, "%s@/hostname", kind).p);
	kind_add(mem, out, arena_fmt(mem, "%s@/internal-hostname", kind).p);
	if (o->set.annotation_prefix)
		kind_add(mem, out,
			 arena_fmt(mem, "%s@" SV_FMT, kind,
				   SV_ARG(o->annotation_prefix))
				 .p);
}

/* With --compat an object without one replaces an earlier of its name. */
static void source_kinds_add(struct arena *mem, struct kinds *out,
			     const struct source *s, const struct options *o,
			     bool compat)
{
	if (s->by_annotation && !names_by_template(o) && !compat)
		annotated_add(mem, out, s->kind, o);
	else
		kind_add(mem, out, s->kind);
	for (size_t k = 0;
	     s->lookup_kinds != NULL && s->lookup_kinds[k] != NULL; k++)
		kind_add(mem, out, s->lookup_kinds[k]);
}

static void kinds_of(struct arena *mem, const struct options *o, bool compat,
		     struct kinds *out)
{
	const struct strings *sources = &o->source;

	for (size_t i = 0; i < sources->list.n; i++) {
		const struct source *s;
		size_t row = 0;

		while ((s = source_next(sources->list.v[i], &row)) != NULL)
			source_kinds_add(mem, out, s, o, compat);
	}
}

const char *const *source_kinds(struct arena *mem, const struct config *c)
{
	struct kinds k = { 0 };

	for (size_t i = 0; i < c->publishers.n; i++)
		kinds_of(mem, &c->publishers.v[i].opt, c->compat, &k);
	*VEC_ADD(mem, &k.list) = NULL;
	return k.list.v;
}

bool source_reads(const struct publisher *p, struct sv group, struct sv kind)
{
	const struct strings *sources = &p->opt.source;

	for (size_t i = 0; i < sources->list.n; i++) {
		const struct source *s;
		size_t row = 0;

		while ((s = source_next(sources->list.v[i], &row)) != NULL)
			if (sv_eq(kind, sv_of(s->kind)) &&
			    sv_eq(group, sv_of(s->group)))
				return true;
	}
	/* Decides the records of routes. */
	return sv_eq(kind, SV("Gateway")) || sv_eq(kind, SV("ListenerSet"));
}

static int read_flag(struct source_ctx *ctx, struct sv flag)
{
	const struct source *s;
	size_t row = 0, rows = 0;
	int rc = 0;

	while ((s = source_next(flag, &row)) != NULL) {
		rows++;
		ctx->flag = s->flag;
		if (s->read(ctx, s) < 0)
			rc = -1;
	}
	if (rows == 0 && ctx->fault != NULL)
		return fault_set(ctx->fault, ctx->mem, FAULT_USAGE,
				 "unknown source \"" SV_FMT "\"", SV_ARG(flag));
	if (rows == 0)
		rc = diag_error(ctx->diags, DIAG_CONFIG, ctx->publisher->at,
				"unknown source \"" SV_FMT "\"", SV_ARG(flag));
	return rc;
}

int source_read_all(struct source_ctx *ctx)
{
	const struct strings *sources = &ctx->publisher->opt.source;
	int rc = 0;

	ctx->state = source_state_new(ctx);
	if (ctx->state == NULL)
		return -1;
	for (size_t i = 0; i < sources->list.n; i++)
		if (read_flag(ctx, sources->list.v[i]) < 0)
			rc = -1;
	if (source_process(ctx) < 0)
		rc = -1;
	duplicates_judge(ctx);
	return rc;
}
