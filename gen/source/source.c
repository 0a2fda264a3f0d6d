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

static const struct source *source_find(struct sv flag)
{
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (sv_eq(flag, sv_of(source_table[i]->flag)))
			return source_table[i];
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

static void kinds_of(struct arena *mem, const struct strings *sources,
		     struct kinds *out)
{
	for (size_t i = 0; i < sources->list.n; i++) {
		const struct source *s = source_find(sources->list.v[i]);

		if (s == NULL)
			continue;
		kind_add(mem, out, s->kind);
		for (size_t k = 0; s->also != NULL && s->also[k] != NULL; k++)
			kind_add(mem, out, s->also[k]);
	}
}

const char *const *source_kinds(struct arena *mem, const struct config *c)
{
	struct kinds k = { 0 };

	for (size_t i = 0; i < c->publishers.n; i++)
		kinds_of(mem, &c->publishers.v[i].opt.source, &k);
	*VEC_ADD(mem, &k.list) = NULL;
	return k.list.v;
}

int source_read_all(struct source_ctx *ctx)
{
	const struct strings *sources = &ctx->publisher->opt.source;
	int rc = 0;

	ctx->state = source_state_new(ctx);
	if (ctx->state == NULL)
		return -1;
	for (size_t i = 0; i < sources->list.n; i++) {
		const struct source *s = source_find(sources->list.v[i]);

		if (s == NULL)
			rc = diag_error(ctx->diags, DIAG_CONFIG,
					ctx->publisher->at,
					"--source: \"" SV_FMT
					"\" is no source that is known here",
					SV_ARG(sources->list.v[i]));
		else if (s->read(ctx, s) < 0)
			rc = -1;
	}
	return source_process(ctx) < 0 ? -1 : rc;
}
