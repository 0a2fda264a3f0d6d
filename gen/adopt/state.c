/*
 * A state as `terraform show -json` prints it: records of Cloudflare's provider
 * 4 and 5, in the root module and those below it.
 *
 * Source: Terraform's internal/command/jsonstate; provider 4 has a relative
 *         `name` beside `hostname`, provider 5 the whole name.
 */
#include "adopt/internal.h"
#include "base/limits.h"

struct reading {
	struct adopt *a;
	struct loc at;
	int rc;
};

static const char *const types[] = { "cloudflare_dns_record",
				     "cloudflare_record" };

static bool is_record(struct sv type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sv_eq(type, sv_of(types[i])))
			return true;
	return false;
}

/* Of a zone whose id the configuration has, a relative name can be made whole
 * without `hostname`. */
static struct sv whole_name(struct adopt *a, json_t *values, struct sv zone_id)
{
	struct arena *mem = a->s->mem;
	struct sv name = json_field(mem, values, "hostname");
	const struct config *c = &a->s->config;

	if (name.n > 0)
		return name;
	name = json_field(mem, values, "name");
	for (size_t i = 0; i < c->zones.n; i++) {
		const struct zone *z = &c->zones.v[i];

		if (dname_in(name, z->name))
			return name;
		for (size_t k = 0; k < z->outputs.n; k++)
			if (zone_id.n > 0 &&
			    sv_case_eq(z->outputs.v[k].zone_id, zone_id))
				return arena_fmt(mem, SV_FMT "." SV_FMT,
						 SV_ARG(name), SV_ARG(z->name));
	}
	return name;
}

static void resource_read(struct reading *r, json_t *o)
{
	struct arena *mem = r->a->s->mem;
	json_t *values = json_object_get(o, "values");
	struct sv id = json_field(mem, values, "id");
	struct existing *e;
	bool dumped;

	if (!is_record(json_field(mem, o, "type")) ||
	    !sv_eq(json_field(mem, o, "mode"), SV("managed")))
		return;
	if (!id_ok(id)) {
		r->rc = diag_error(&r->a->s->diags, DIAG_ADOPT, r->at,
				   "resource " SV_FMT ": missing or invalid id",
				   SV_ARG(json_field(mem, o, "address")));
		return;
	}
	dumped = map_get(&r->a->existing->by_id, id) != NULL;
	e = existing_add(r->a, r->at, id);
	e->address = json_field(mem, o, "address");
	e->zone_id = json_field(mem, values, "zone_id");
	r->a->has_ids = true;
	/* What the API says now is newer than the state. */
	if (dumped)
		return;
	e->name = whole_name(r->a, values, e->zone_id);
	record_of_json(r->a, e, values);
	existing_finish(r->a, e);
}

static void module_read(struct reading *r, json_t *module, size_t depth)
{
	json_t *o;
	size_t i;

	if (depth > MAX_MODULE_DEPTH) {
		r->rc = diag_error(&r->a->s->diags, DIAG_ADOPT, r->at,
				   "modules nest too deeply");
		return;
	}
	json_array_foreach(json_object_get(module, "resources"), i, o)
	{
		resource_read(r, o);
	}
	json_array_foreach(json_object_get(module, "child_modules"), i, o)
	{
		module_read(r, o, depth + 1);
	}
}

int state_read(struct adopt *a, struct sv file, struct sv text)
{
	struct reading r = { .a = a, .at = { file, 0, 0 } };
	json_error_t e;
	json_t *root = json_loadb(text.n > 0 ? text.p : "", text.n,
				  JSON_REJECT_DUPLICATES, &e);

	if (root == NULL)
		return diag_error(&a->s->diags, DIAG_ADOPT, r.at,
				  "invalid JSON: %s", e.text);
	if (json_object_get(root, "format_version") == NULL ||
	    json_object_get(root, "resource_changes") != NULL)
		r.rc = diag_error(&a->s->diags, DIAG_ADOPT, r.at,
				  "not a state: expected what terraform show "
				  "-json prints without a plan");
	else
		module_read(&r,
			    json_object_get(json_object_get(root, "values"),
					    "root_module"),
			    0);
	a->has_state = true;
	json_decref(root);
	return r.rc;
}
