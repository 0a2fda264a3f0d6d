#include "config/config.h"

#include "config/flags.h"
#include "config/option.h"

static void config_init(struct arena *mem, struct config *c)
{
	struct publisher *p;

	*c = (struct config){ 0 };
	p = VEC_ADD(mem, &c->publishers);
	options_init(mem, &p->opt);
	p->targets.unmatched = SV("warn");
	c->safety.max_deletes_percent = 30;
	c->safety.max_changes_percent = 60;
	c->safety.from_records = 10;
}

int config_load(struct arena *mem, struct diags *d, struct sv file,
		struct sv text, const struct flags *flags, bool compat,
		struct config *out)
{
	size_t before = d->errors;

	config_init(mem, out);
	out->compat = compat;
	if (text.n > 0)
		return diag_error(d, DIAG_CONFIG, (struct loc){ .file = file },
				  "a configuration file cannot be read yet");
	flags_apply(mem, d, flags, compat, out);
	return d->errors > before ? -1 : 0;
}

int config_add_zone(struct arena *mem, struct diags *d, struct config *c,
		    struct sv zone, struct sv format, struct sv zone_id)
{
	struct loc at = { .line = 0 };
	struct zone *z;
	struct output_spec *o;
	struct sv name;

	if (dname_parse(mem, d, at, "--zone", DNAME_ZONE, zone, &name) != 0)
		return -1;
	z = VEC_ADD(mem, &c->zones);
	z->name = z->key = name;
	z->addresses = SV("public");
	z->default_ttl = 300;
	z->serial = SV("increment");
	if (format.n == 0)
		return 0;
	o = VEC_ADD(mem, &z->outputs);
	o->format = arena_sv(mem, format);
	o->zone_id = arena_sv(mem, zone_id);
	o->provider = SV("cloudflare@5");
	o->mode = SV("include");
	o->comments = SV("source");
	return 0;
}

/* "*" stands for any run of bytes: "*@internal", "retake.*". */
static bool pattern_ok(struct sv pattern, struct sv key)
{
	size_t p = 0, star = pattern.n, resume = 0;

	for (size_t k = 0; k < key.n;) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			resume = k;
		} else if (p < pattern.n && pattern.p[p] == key.p[k]) {
			p++;
			k++;
		} else if (star < pattern.n) {
			p = star + 1;
			k = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static bool serves(const struct publisher *p, const struct zone *z)
{
	if (p->zones.list.n == 0)
		return true;
	for (size_t i = 0; i < p->zones.list.n; i++)
		if (pattern_ok(p->zones.list.v[i], z->key))
			return true;
	return false;
}

const struct zone *config_zone_of(const struct config *c,
				  const struct publisher *p, struct sv name)
{
	const struct zone *best = NULL;

	/* Sorted by key, so of two views of one zone the first, the one
	 * without a view if there is one, wins. */
	for (size_t i = 0; i < c->zones.n; i++) {
		const struct zone *z = &c->zones.v[i];

		if (dname_in(name, z->name) && serves(p, z) &&
		    (best == NULL || z->name.n > best->name.n))
			best = z;
	}
	return best;
}
