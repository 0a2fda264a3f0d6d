#include "base/map.h"
#include "config/key.h"
#include "config/text.h"

static void put(struct arena *mem, struct config *c, struct map *seen,
		struct variable v)
{
	/* An environment that lacks it: no value, not an empty one. */
	if (v.value.p == NULL && v.ref.p == NULL)
		return;
	/* Any pointer that is not NULL says "seen". */
	if (map_get(seen, v.name) != NULL)
		return;
	map_put(seen, v.name, c);
	*VEC_ADD(mem, &c->vars) = v;
}

/* "NAME=VALUE" of the command line, or of the key `var`. */
static void put_flag(struct reader *r, struct map *seen, struct sv text)
{
	struct variable v = { .at = { .file = SV(""), .line = 0 } };
	size_t sign = sv_chr(text, '=');

	v.name = sv_head(text, sign);
	v.value = sv_from(text, sign + 1);
	if (sign == text.n || !variable_name_ok(v.name))
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, v.at,
			  "--var: \"" SV_FMT "\" is not NAME=VALUE",
			  SV_ARG(text));
	else
		put(r->mem, r->config, seen, v);
}

void vars_settle(struct reader *r)
{
	const struct options *o = &r->config->publishers.v[0].opt;
	struct config file = *r->config;
	struct map seen = { .mem = r->mem };

	r->config->vars.v = NULL;
	r->config->vars.n = r->config->vars.cap = 0;
	/* As with -var of Terraform, the last one wins. */
	for (size_t i = o->var.list.n; i-- > 0;)
		put_flag(r, &seen, o->var.list.v[i]);
	for (size_t i = 0; i < file.vars.n; i++)
		put(r->mem, r->config, &seen, file.vars.v[i]);
}

void vars_merge(struct arena *mem, struct config *c, const struct config *more)
{
	struct map seen = { .mem = mem };

	for (size_t i = 0; i < c->vars.n; i++)
		map_put(&seen, c->vars.v[i].name, c);
	for (size_t i = 0; i < more->vars.n; i++)
		put(mem, c, &seen, more->vars.v[i]);
}
