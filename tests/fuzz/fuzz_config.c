/*
 * From bytes to a configuration, and to the arguments of an ExternalDNS.
 * Checked besides memory: a refusal always says why and where, and what was
 * accepted can neither leave the repository nor end a Terraform reference.
 */
#include "fuzz.h"

#include <assert.h>

#include "adopt/adopt.h"
#include "config/config.h"

enum { MAX_COMPARED = 100 }; /* changes, each with each */

static void check_places(const struct diags *d, size_t size)
{
	for (size_t i = 0; i < d->list.n; i++) {
		assert(d->list.v[i].at.line <= size + 1);
		assert(d->list.v[i].text.n > 0);
	}
}

static void check_path(struct sv path)
{
	struct sv rest = path, part;

	assert(path.n > 0 && path.p[0] != '/');
	while (sv_cut(&rest, '/', &part))
		assert(part.n > 0 && part.p[0] != '.');
}

/* Nothing that HCL would take for more than an address. */
static void check_reference(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		assert(strchr("(){}$%\\ \t\n\r,+*", s.p[i]) == NULL);
}

static void check_zone_id(struct sv id)
{
	if (!sv_starts(id, SV("${"))) {
		assert(id.n == 0 || id.n == 32);
		return;
	}
	assert(sv_ends(id, SV("}")));
	check_reference((struct sv){ id.p + 2, id.n - 3 });
}

static void check_config(const struct config *c)
{
	assert(c->publishers.n > 0);
	for (size_t i = 0; i < c->zones.n; i++) {
		const struct zone *z = &c->zones.v[i];

		assert(i == 0 || sv_cmp(z[-1].key, z->key) < 0);
		assert(z->default_ttl > 0);
		for (size_t k = 0; k < z->outputs.n; k++) {
			check_path(z->outputs.v[k].file);
			check_zone_id(z->outputs.v[k].zone_id);
		}
	}
	for (size_t i = 0; i < c->vars.n; i++)
		check_reference(c->vars.v[i].ref);
	for (size_t i = 0; i < c->publishers.n; i++) {
		const struct targets *t = &c->publishers.v[i].targets.fallback;

		for (size_t k = 0; k < t->list.n; k++)
			if (t->list.v[k].is_ref)
				check_reference(t->list.v[k].text);
	}
}

/* No policy differs from itself, and of two that differ at most one is the
 * tighter, key by key.  (A zone that goes takes its records along.) */
static void check_policy(struct arena *mem, const struct config *c)
{
	struct policy_changes there, back;
	struct diags d = { .mem = mem };
	struct config other;

	config_policy_diff(mem, c, c, &there);
	assert(there.list.n == 0);
	(void)config_load(mem, &d, SV("fuzz"), SV("format: 1"), NULL, false,
			  &other);
	config_policy_diff(mem, &other, c, &there);
	config_policy_diff(mem, c, &other, &back);
	for (size_t i = 0; i < there.list.n && i < MAX_COMPARED; i++)
		for (size_t k = 0; k < back.list.n && k < MAX_COMPARED; k++)
			assert(there.list.v[i].loosens ||
			       back.list.v[k].loosens ||
			       sv_starts(back.list.v[k].key, SV("zones.")) ||
			       !sv_eq(there.list.v[i].key, back.list.v[k].key));
	config_policy_take(mem, &other, c);
	config_policy_diff(mem, c, &other, &there);
	for (size_t i = 0; i < there.list.n; i++)
		assert(sv_starts(there.list.v[i].key, SV("zones.")) ||
		       sv_starts(there.list.v[i].key, SV("publishers.")));
}

static void check_import(struct arena *mem, struct sv text)
{
	struct diags d = { .mem = mem };
	struct imported in;
	int rc = import_read(mem, &d, SV("fuzz"), text, &in);

	assert(rc == 0 || d.errors > 0);
	check_places(&d, text.n);
	for (size_t i = 0; rc == 0 && i < in.flags.list.n; i++)
		(void)import_not_taken(in.flags.list.v[i].name);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });

	for (int compat = 0; compat <= 1; compat++) {
		struct diags d = { .mem = mem };
		struct config c;
		int rc = config_load(mem, &d, SV("fuzz"), text, NULL, compat,
				     &c);

		assert((rc == 0) == (d.errors == 0));
		check_places(&d, size);
		if (rc == 0)
			check_config(&c);
		if (rc == 0 && !compat)
			check_policy(mem, &c);
	}
	check_import(mem, text);
	arena_free(mem);
	return 0;
}
