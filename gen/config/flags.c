#include "config/option.h"
#include "config/flags.h"

static const char *const *option_names(struct arena *mem)
{
	const char **names = ARENA_ARRAY(mem, const char *, option_count() + 1);

	for (size_t i = 0; i < option_count(); i++)
		names[i] = option_at(i)->name;
	return names;
}

static int unknown_flag(const struct setter *s, struct sv name)
{
	const char *near = nearest_word(name, option_names(s->mem));

	if (near == NULL)
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  "unknown flag --" SV_FMT, SV_ARG(name));
	return diag_error(s->diags, DIAG_CONFIG, s->at,
			  "unknown flag --" SV_FMT "; did you mean --%s?",
			  SV_ARG(name), near);
}

/* The text that a flag stands for; --no-X is X=false. */
static int flag_text(const struct setter *s, const struct flag *f, size_t row,
		     struct sv *text)
{
	*text = f->value;
	if (!f->negated)
		return 0;
	if (option_at(row)->type != OPTION_FLAG || f->value.p != NULL)
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  "--no-" SV_FMT
				  ": only switches can be negated",
				  SV_ARG(f->name));
	*text = SV("false");
	return 0;
}

static int flag_apply(struct setter *s, const struct flag *f, bool *begun,
		      struct config *c)
{
	size_t row = option_find(f->name);
	struct sv text;
	int rc = 0;

	if (row == option_count())
		return unknown_flag(s, f->name);
	s->what = arena_fmt(s->mem, "--" SV_FMT, SV_ARG(f->name));
	if (flag_text(s, f, row, &text) != 0)
		return -1;
	/* A flag is for the whole run, so every publisher gets it; its faults
	 * are filed once. */
	for (size_t i = 0; i < c->publishers.n && rc == 0; i++)
		rc = option_set(s, &c->publishers.v[i].opt, row, text,
				begun[row]);
	begun[row] = true;
	return rc;
}

int flags_apply(struct arena *mem, struct diags *d, const struct flags *flags,
		bool compat, struct config *c)
{
	bool *begun = ARENA_ARRAY(mem, bool, option_count());
	struct setter s = { .mem = mem, .diags = d, .split = !compat };
	int rc = 0;

	for (size_t i = 0; flags != NULL && i < flags->list.n; i++)
		if (flag_apply(&s, &flags->list.v[i], begun, c) != 0)
			rc = -1;
	return rc;
}

bool flags_have(const struct flags *flags, const char *name)
{
	for (size_t i = 0; i < flags->list.n; i++)
		if (sv_eq(flags->list.v[i].name, sv_of(name)))
			return true;
	return false;
}
