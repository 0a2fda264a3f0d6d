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
	const struct options *o = &r->config->publishers.v[0].opt;
	size_t row = option_find(SV("var")), sign = sv_chr(text, '=');
	struct variable v = { .at = option_item_place(o, row, text) };

	v.name = sv_head(text, sign);
	v.value = sv_from(text, sign + 1);
	if (sign == text.n || !variable_name_ok(v.name))
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, v.at,
			  "invalid " SV_FMT " \"" SV_FMT
			  "\": expected NAME=VALUE",
			  SV_ARG(option_called(r->mem, o, row)), SV_ARG(text));
	else
		put(r->mem, r->config, seen, v);
}

void vars_finalize(struct reader *r)
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

const struct variable *config_reference(const struct config *c, struct sv name)
{
	struct sv wanted = dname_variable(name);

	for (size_t i = 0; wanted.n > 0 && i < c->vars.n; i++)
		if (c->vars.v[i].ref.n > 0 && sv_eq(c->vars.v[i].name, wanted))
			return &c->vars.v[i];
	return NULL;
}

static int check_reference(struct diags *d, const struct config *c,
			   const char *what, struct loc at, struct sv name)
{
	if (dname_variable(name).n == 0 || config_reference(c, name) != NULL)
		return 0;
	return diag_error(
		d, DIAG_CONFIG, at,
		"%s " SV_FMT ": " SV_FMT
		" is not a Terraform expression; expected vars: {" SV_FMT
		": {terraform: REFERENCE}}",
		what, SV_ARG(name), SV_ARG(dname_variable(name)),
		SV_ARG(dname_variable(name)));
}

int config_check_plain(struct diags *d, const struct zone *z,
		       const char *writer, struct loc at)
{
	if (dname_variable(z->name).n == 0)
		return 0;
	return diag_error(
		d, DIAG_CONFIG, at,
		"zones." SV_FMT ": %s cannot write a name that is a Terraform "
		"expression (" SV_FMT "); expected format terraform",
		SV_ARG(z->key), writer, SV_ARG(dname_variable(z->name)));
}

/* What only Terraform knows can stand in no other file. */
static int check_open_zone(struct diags *d, const struct zone *z)
{
	int rc = 0;

	if (z->static_file.n > 0)
		rc = diag_error(d, DIAG_CONFIG, z->at,
				"zones." SV_FMT
				": static cannot be used in a zone whose name "
				"is a Terraform expression",
				SV_ARG(z->key));
	for (size_t i = 0; i < z->outputs.n; i++)
		if (!output_format(&z->outputs.v[i])->holds_references)
			rc |= config_check_plain(
				d, z,
				arena_fmt(d->mem, "format " SV_FMT,
					  SV_ARG(z->outputs.v[i].format))
					.p,
				z->outputs.v[i].at);
	return rc;
}

static int finalize_zone_reference(struct diags *d, const struct config *c,
				   struct zone *z)
{
	const struct variable *v = config_reference(c, z->name);

	if (v == NULL)
		return check_reference(d, c, "zone", z->at, z->name);
	z->ref = v->ref;
	return check_open_zone(d, z);
}

int config_finalize_references(struct diags *d, struct config *c)
{
	int rc = 0;

	for (size_t i = 0; i < c->zones.n; i++)
		rc |= finalize_zone_reference(d, c, &c->zones.v[i]);
	for (size_t i = 0; i < c->overrides.n; i++)
		rc |= check_reference(d, c, "override", c->overrides.v[i].at,
				      c->overrides.v[i].name);
	for (size_t i = 0; i < c->claims.n; i++) {
		const struct claim *claim = &c->claims.v[i];

		for (size_t k = 0; k < claim->names.list.n; k++)
			rc |= check_reference(d, c, "claim", claim->at,
					      claim->names.list.v[k]);
	}
	return rc;
}
