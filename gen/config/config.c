#include "config/config.h"

#include <assert.h>

#include "base/limits.h"
#include "config/check.h"
#include "config/flags.h"
#include "config/key.h"
#include "config/option.h"

static void config_init(struct arena *mem, struct config *c)
{
	struct publisher *p;

	*c = (struct config){ .places = { .mem = mem } };
	p = VEC_ADD(mem, &c->publishers);
	options_init(mem, &p->opt);
	schema_init(mem, &schema_file, c);
}

/* The one document of a configuration file; NULL with a diag, or because
 * there is nothing in it. */
static const struct node *document(struct reader *r, struct sv text)
{
	struct loc at = { .file = r->file };
	struct documents docs = { 0 };

	if (text.n > MAX_CONFIG_BYTES) {
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, at,
			  "file larger than %d bytes", MAX_CONFIG_BYTES);
		return NULL;
	}
	if (manifest_parse_as(r->mem, r->diags, r->file, text, YAML_OURS,
			      &docs) != 0 ||
	    docs.list.n == 0)
		return NULL;
	if (docs.list.n > 1) {
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, docs.list.v[1]->at,
			  "second document in the file: expected one");
		return NULL;
	}
	if (node_is_null(docs.list.v[0]))
		return NULL;
	(void)node_check_keys(docs.list.v[0], DIAG_ERROR, r->diags);
	if (docs.list.v[0]->kind == NODE_MAP)
		return docs.list.v[0];
	diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, docs.list.v[0]->at,
		  "expected a map of keys");
	return NULL;
}

static void read_file(struct reader *r, struct sv text)
{
	const struct node *n = document(r, text);

	if (n != NULL)
		schema_read(r, &schema_file, SV(""), n, r->config);
}

/* What ExternalDNS does not know does not exist for it. */
static void strip(struct config *c)
{
	struct target_rules none = { .unmatched = SV("warn") };

	c->zones.n = 0;
	c->claims.n = 0;
	c->overrides.n = 0;
	for (size_t i = 0; i < c->publishers.n; i++) {
		c->publishers.v[i].targets = none;
		c->publishers.v[i].zones.list.n = 0;
	}
}

int config_load(struct arena *mem, struct diags *d, struct sv file,
		struct sv text, const struct flags *flags, bool compat,
		struct config *out)
{
	struct reader r = { mem, d, arena_sv(mem, file), out };
	size_t before = d->errors;

	config_init(mem, out);
	out->file = r.file;
	out->compat = compat;
	if (text.n > 0)
		read_file(&r, text);
	flags_apply(mem, d, flags, compat, out);
	vars_finalize(&r);
	config_check_all(&r);
	for (size_t i = 0; i < out->publishers.n; i++)
		(void)options_check(mem, d, &out->publishers.v[i], compat);
	if (compat)
		strip(out);
	return d->errors > before ? -1 : 0;
}

int config_add_vars(struct arena *mem, struct diags *d, struct sv file,
		    struct sv text, struct config *c)
{
	struct reader r = { mem, d, arena_sv(mem, file), c };
	struct config more = { 0 };
	size_t before = d->errors;
	const struct node *n = document(&r, text);

	if (n != NULL)
		key_read(&r, &key_vars, SV("vars"), n, &more);
	vars_merge(mem, c, &more);
	return d->errors > before ? -1 : 0;
}

/* --zone-id, where the format takes one. */
static int flag_zone_id(struct arena *mem, struct diags *d,
			const struct format *f, struct sv text, struct sv *out)
{
	if (text.n == 0)
		return 0;
	if (f == NULL)
		return diag_error(d, DIAG_USAGE, NOWHERE,
				  "--zone-id: missing --format, whose output "
				  "it is for");
	if (!format_takes(f->keys, SV("zone-id")))
		return diag_error(d, DIAG_USAGE, NOWHERE,
				  "--zone-id: format %s does not take one",
				  f->word);
	if (!zone_id_parse(mem, text, out))
		return diag_error(d, DIAG_USAGE, NOWHERE,
				  "invalid --zone-id \"" SV_FMT
				  "\": expected 32 hexadecimal digits or a "
				  "reference such as ${var.zone_id}",
				  SV_ARG(text));
	return 0;
}

int config_add_zone(struct arena *mem, struct diags *d, struct config *c,
		    struct sv zone, struct sv format, struct sv zone_id)
{
	const struct format *f = format_find(format);
	struct zone *z;
	struct output_spec *o;
	struct sv name, id = SV("");

	if (format.n > 0 && f == NULL)
		return diag_error(d, DIAG_USAGE, NOWHERE,
				  "invalid --format \"" SV_FMT
				  "\": expected " SV_FMT "%s",
				  SV_ARG(format), SV_ARG(format_list(mem)),
				  did_you_mean(mem, format, format_list(mem)));
	if (dname_parse(mem, d, NOWHERE, "--zone", DNAME_ZONE, zone, &name) !=
	    0)
		return -1;
	z = zones_add(mem, c);
	z->name = z->key = name;
	if (flag_zone_id(mem, d, f, zone_id, &id) != 0)
		return -1;
	if (f == NULL)
		return 0;
	o = outputs_add(mem, z);
	o->format = sv_of(f->word);
	o->mode = sv_of(format_plain_mode(f)->word);
	o->zone_id = id;
	return 0;
}

const struct output_spec *config_output_at(const struct config *c,
					   struct sv file,
					   const struct zone **zone)
{
	for (size_t i = 0; i < c->zones.n; i++) {
		*zone = &c->zones.v[i];
		for (size_t k = 0; k < (*zone)->outputs.n; k++)
			if (sv_eq((*zone)->outputs.v[k].file, file))
				return &(*zone)->outputs.v[k];
	}
	*zone = NULL;
	return NULL;
}

bool config_writes(const struct config *c, struct sv file)
{
	const struct zone *zone;

	return config_output_at(c, file, &zone) != NULL;
}

const struct format *output_format(const struct output_spec *o)
{
	const struct format *f = format_find(o->format);

	assert(f != NULL);
	return f;
}

/* A key `mode` that the format does not take was filed, and is its default. */
const struct format_mode *output_mode(const struct output_spec *o)
{
	const struct format *f = output_format(o);
	const struct format_mode *m = format_mode_find(f, o->mode);

	return m != NULL ? m : f->modes;
}

/* "*" stands for any run of bytes: "*@internal", "retake.*". */
bool star_matches(struct sv pattern, struct sv key)
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

bool publisher_serves(const struct publisher *p, const struct zone *z)
{
	if (p->zones.list.n == 0)
		return true;
	for (size_t i = 0; i < p->zones.list.n; i++)
		if (star_matches(p->zones.list.v[i], z->key))
			return true;
	return false;
}

/* A longer zone of the same view that another publisher serves: resolvers are
 * referred to it, so a record in the shorter zone would never be asked for. */
static bool is_cut_off(const struct config *c, const struct zone *z,
		       struct sv name)
{
	for (size_t i = 0; i < c->zones.n; i++) {
		const struct zone *w = &c->zones.v[i];

		if (w->name.n > z->name.n && sv_eq(w->view, z->view) &&
		    dname_in(name, w->name))
			return true;
	}
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

		if (dname_in(name, z->name) && publisher_serves(p, z) &&
		    (best == NULL || z->name.n > best->name.n))
			best = z;
	}
	return best != NULL && is_cut_off(c, best, name) ? NULL : best;
}
