#include "config/key.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "config/text.h"

static int zone_cmp(const void *a, const void *b)
{
	const struct zone *x = a, *y = b;

	return sv_cmp(x->key, y->key);
}

static void finalize_zones(struct reader *r)
{
	struct config *c = r->config;

	if (c->zones.n > 0)
		qsort(c->zones.v, c->zones.n, sizeof(c->zones.v[0]), zone_cmp);
	for (size_t i = 1; i < c->zones.n; i++) {
		struct zone *z = &c->zones.v[i];

		if (!sv_eq(z[-1].key, z->key))
			continue;
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, z->at,
			  "zones." SV_FMT ": configured twice", SV_ARG(z->key));
		diag_related(r->diags, z[-1].at);
	}
}

/* The one publisher whose records reach a zone, or NULL. */
static const struct publisher *only_publisher(const struct config *c,
					      const struct zone *z)
{
	const struct publisher *one = NULL;

	for (size_t i = 0; i < c->publishers.n; i++) {
		const struct publisher *p = &c->publishers.v[i];

		if (config_zone_of(c, p, z->name) != z)
			continue;
		if (one != NULL)
			return NULL;
		one = p;
	}
	return one;
}

static int expand_publisher(struct reader *r, const struct zone *z,
			    struct loc at, struct sv *out)
{
	const struct publisher *p = only_publisher(r->config, z);

	if (p == NULL || p->name.n == 0)
		return diag_error(r->diags, DIAG_CONFIG, at,
				  "zones." SV_FMT
				  ": {publisher} in file requires exactly one "
				  "named publisher that serves the zone",
				  SV_ARG(z->key));
	*out = p->name;
	return 0;
}

/* What stands for {word}; 0, or -1 with a diag. */
static int expand_word(struct reader *r, const struct zone *z, struct loc at,
		       struct sv word, struct sv *out)
{
	if (sv_eq(word, SV("zone")))
		*out = z->name;
	else if (sv_eq(word, SV("view")))
		*out = z->view;
	else if (sv_eq(word, SV("publisher")))
		return expand_publisher(r, z, at, out);
	else
		return diag_error(
			r->diags, DIAG_CONFIG, at,
			"zones." SV_FMT ": unknown {" SV_FMT
			"} in file: expected {zone}, {view} or {publisher}",
			SV_ARG(z->key), SV_ARG(word));
	return 0;
}

/* A zone of RFC 2317 holds a "/", which must not make a folder; of "${NAME}"
 * the name is what a file can be called. */
static void add_word(struct buf *b, struct sv word)
{
	for (size_t i = 0; i < word.n; i++)
		if (memchr("${}", word.p[i], 3) == NULL)
			buf_char(b, word.p[i] == '/' ? '_' : word.p[i]);
}

static int expand(struct reader *r, const struct zone *z, struct output_spec *o)
{
	struct buf b = { .mem = r->mem };
	struct sv rest = o->file, word;

	while (rest.n > 0) {
		size_t open = sv_chr(rest, '{'), end;

		buf_add(&b, sv_head(rest, open));
		rest = sv_from(rest, open);
		end = sv_chr(rest, '}');
		if (end == rest.n) {
			buf_add(&b, rest);
			break;
		}
		if (expand_word(r, z, o->at, (struct sv){ rest.p + 1, end - 1 },
				&word) != 0)
			return -1;
		add_word(&b, word);
		rest = sv_from(rest, end + 1);
	}
	o->file = buf_sv(&b);
	return 0;
}

static void finalize_output(struct reader *r, struct map *files,
			    const struct zone *z, struct output_spec *o)
{
	const struct output_spec *other;
	const char *fault;

	if (o->file.n == 0 || expand(r, z, o) != 0)
		return;
	fault = output_path_fault(o->file, format_find(o->format));
	if (fault == NULL && sv_eq(o->file, r->file))
		fault = "must not be the configuration itself";
	if (fault != NULL) {
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, o->at,
			  "zones." SV_FMT ": invalid file \"" SV_FMT "\": %s",
			  SV_ARG(z->key), SV_ARG(o->file), fault);
		return;
	}
	other = map_get(files, o->file);
	if (other != NULL) {
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, o->at,
			  "zones." SV_FMT ": file \"" SV_FMT
			  "\" is also written by another output",
			  SV_ARG(z->key), SV_ARG(o->file));
		diag_related(r->diags, other->at);
		return;
	}
	map_put(files, o->file, o);
}

static void finalize_outputs(struct reader *r)
{
	struct map files = { .mem = r->mem };

	for (size_t i = 0; i < r->config->zones.n; i++) {
		struct zone *z = &r->config->zones.v[i];

		for (size_t j = 0; j < z->outputs.n; j++)
			finalize_output(r, &files, z, &z->outputs.v[j]);
	}
}

static const char *const *zone_keys(struct reader *r)
{
	size_t n = r->config->zones.n;
	const char **keys = ARENA_ARRAY(r->mem, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		keys[i] = arena_str(r->mem, r->config->zones.v[i].key);
	return keys;
}

/* A pattern that matches no zone is taken for a typing error. */
static void finalize_pattern(struct reader *r, const struct publisher *p,
			     struct sv pattern)
{
	struct publisher one = { 0 };
	const char *near;

	*VEC_ADD(r->mem, &one.zones.list) = pattern;
	for (size_t i = 0; i < r->config->zones.n; i++)
		if (publisher_serves(&one, &r->config->zones.v[i]))
			return;
	near = nearest_word(pattern, zone_keys(r));
	diag_file(
		r->diags, DIAG_CONFIG, DIAG_ERROR, p->at,
		"publishers: " SV_FMT ": no zone matches \"" SV_FMT "\"%s%s%s",
		SV_ARG(p->name), SV_ARG(pattern), near ? "; did you mean " : "",
		near ? near : "", near ? "?" : "");
}

static void finalize_publishers(struct reader *r)
{
	struct map names = { .mem = r->mem };

	for (size_t i = 1; i < r->config->publishers.n; i++) {
		struct publisher *p = &r->config->publishers.v[i];
		const struct publisher *other = map_get(&names, p->name);

		for (size_t j = 0; j < p->zones.list.n; j++)
			finalize_pattern(r, p, p->zones.list.v[j]);
		if (other != NULL) {
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, p->at,
				  "publishers: duplicate name " SV_FMT,
				  SV_ARG(p->name));
			diag_related(r->diags, other->at);
		} else {
			map_put(&names, p->name, p);
		}
	}
}

/* config_zone_of() prefers the first of two views, so one that no publisher
 * singles out gets nothing. */
static void finalize_view(struct reader *r, const struct zone *first,
			  const struct zone *z)
{
	for (size_t i = 0; i < r->config->publishers.n; i++) {
		const struct publisher *p = &r->config->publishers.v[i];

		if (publisher_serves(p, z) && !publisher_serves(p, first))
			return;
	}
	diag_file(r->diags, DIAG_CONFIG, DIAG_WARNING, z->at,
		  "zones." SV_FMT ": only its static records are written: no "
		  "publisher selects it without " SV_FMT
		  "; add it to zones of a publisher",
		  SV_ARG(z->key), SV_ARG(first->key));
}

static void finalize_views(struct reader *r)
{
	struct map first = { .mem = r->mem };

	for (size_t i = 0; i < r->config->zones.n; i++) {
		struct zone *z = &r->config->zones.v[i];
		const struct zone *other = map_get(&first, z->name);

		if (other == NULL)
			map_put(&first, z->name, z);
		else if (!sv_eq(other->key, z->key))
			finalize_view(r, other, z);
	}
}

/* Only a registry holds "co.uk"; inside a network anybody may hold "dev", and
 * such a zone sets addresses: any. */
static void finalize_suffixes(struct reader *r)
{
	for (size_t i = 0; i < r->config->zones.n; i++) {
		const struct zone *z = &r->config->zones.v[i];

		if (!sv_eq(z->addresses, SV("any")) &&
		    dname_is_public_suffix(z->name))
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, z->at,
				  "zones." SV_FMT
				  ": expected a name below this public suffix; "
				  "for a zone of your own network, set "
				  "addresses: any",
				  SV_ARG(z->key));
	}
}

/* Resolvers never ask name servers for these. */
static void finalize_special(struct reader *r)
{
	static const struct {
		struct sv name;
		const char *rfc;
	} special[] = {
		{ { "alt", 3 }, "RFC 9476" },
		{ { "invalid", 7 }, "RFC 6761" },
		{ { "local", 5 }, "RFC 6762" },
		{ { "localhost", 9 }, "RFC 6761" },
		{ { "onion", 5 }, "RFC 7686" },
	};

	for (size_t i = 0; i < r->config->zones.n; i++) {
		const struct zone *z = &r->config->zones.v[i];

		for (size_t k = 0; k < sizeof(special) / sizeof(*special); k++)
			if (dname_in(z->name, special[k].name))
				diag_warn(r->diags, DIAG_CONFIG, z->at,
					  "zones." SV_FMT
					  ": resolvers do not ask name servers "
					  "for names below " SV_FMT " (%s)",
					  SV_ARG(z->key),
					  SV_ARG(special[k].name),
					  special[k].rfc);
	}
}

void config_check_all(struct reader *r)
{
	finalize_zones(r);
	finalize_outputs(r);
	finalize_publishers(r);
	finalize_views(r);
	finalize_suffixes(r);
	finalize_special(r);
}
