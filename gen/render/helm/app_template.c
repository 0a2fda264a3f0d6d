/*
 * bjw-s' app-template and the charts made from the same library: what is
 * enabled, and what it is called.  The ownership TXT names the object, so that
 * its name must be the chart's to the letter.
 *
 * Source: app-template 2.0 to 4.1, rendered by helm: tests/data/helm has what
 *         it answered, tests/helm/record.sh asks again.
 */
#include "base/buf.h"
#include "render/helm/walk.h"

/* When an object is called by more than the release. */
enum naming {
	NAME_NOT_PRIMARY, /* unless it is the first, or says `primary` */
	NAME_NOT_MAIN,	  /* unless its key is "main" */
	NAME_UNLESS_SAID, /* unless it says `primary` */
	NAME_MANY,	/* where more than one is enabled, unless it says so */
	NAME_MANY_EVER, /* where more than one is enabled */
	NAME_MANY_GLOBAL, /* the same, or where `global` says always */
	NAME_ALWAYS,
};

struct version {
	unsigned part[3];
};

enum { ANY = 1000000 };

static void take_ingress(struct walk *w, const struct helm_place *p);
static void take_raw(struct walk *w, const struct helm_place *p);
static void take_service(struct walk *w, const struct helm_place *p);

/* The last row whose version is not newer is the chart's. */
static const struct rule {
	const char *key;
	struct version from;
	enum naming naming;
	void (*take)(struct walk *w, const struct helm_place *p);
} rules[] = {
	{ "ingress", { { 0, 0, 0 } }, NAME_NOT_PRIMARY, take_ingress },
	{ "ingress", { { 2, 0, 0 } }, NAME_NOT_MAIN, take_ingress },
	{ "ingress", { { 3, 0, 0 } }, NAME_MANY_EVER, take_ingress },
	{ "ingress", { { 4, 1, 0 } }, NAME_MANY_GLOBAL, take_ingress },
	{ "rawResources", { { 0, 0, 0 } }, NAME_ALWAYS, take_raw },
	{ "rawResources", { { 4, 0, 0 } }, NAME_MANY_EVER, take_raw },
	{ "rawResources", { { 4, 1, 0 } }, NAME_MANY_GLOBAL, take_raw },
	{ "route", { { 0, 0, 0 } }, NAME_NOT_PRIMARY, helm_route },
	{ "route", { { 3, 7, 3 } }, NAME_MANY, helm_route },
	{ "route", { { 4, 0, 0 } }, NAME_MANY_EVER, helm_route },
	{ "route", { { 4, 1, 0 } }, NAME_MANY_GLOBAL, helm_route },
	{ "service", { { 0, 0, 0 } }, NAME_NOT_PRIMARY, take_service },
	{ "service", { { 2, 0, 0 } }, NAME_UNLESS_SAID, take_service },
	{ "service", { { 3, 0, 0 } }, NAME_MANY, take_service },
	{ "service", { { 4, 0, 0 } }, NAME_MANY_EVER, take_service },
	{ "service", { { 4, 1, 0 } }, NAME_MANY_GLOBAL, take_service },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* --- the version --- */

static unsigned number_cut(struct sv *s)
{
	unsigned n = 0;

	while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
		n = n < ANY ? n * 10 + (unsigned)(s->p[0] - '0') : ANY;
		*s = sv_from(*s, 1);
	}
	return n;
}

/* "4.1.1", "v3", "3.x", "~3.7.0", "^4.0.0"; of a range, the newest that is in
 * it, and where nothing can be said the newest of all. */
static struct version version_of(struct sv text)
{
	struct version v = { { ANY, ANY, ANY } };
	size_t fixed = 3;
	struct sv s = sv_trim(text);

	if (sv_starts(s, SV("^")))
		fixed = 1;
	else if (sv_starts(s, SV("~")))
		fixed = 2;
	else if (sv_starts(s, SV(">")) || sv_has(s, SV("|")))
		return v;
	while (s.n > 0 && (s.p[0] < '0' || s.p[0] > '9'))
		s = sv_from(s, 1);
	for (size_t i = 0; i < fixed && s.n > 0; i++) {
		if (s.p[0] < '0' || s.p[0] > '9')
			break;
		v.part[i] = number_cut(&s);
		if (!sv_starts(s, SV(".")))
			break;
		s = sv_from(s, 1);
	}
	return v;
}

static bool is_since(struct version v, struct version from)
{
	for (size_t i = 0; i < 3; i++)
		if (v.part[i] != from.part[i])
			return v.part[i] > from.part[i];
	return true;
}

static const struct rule *rule_of(struct sv key, struct version v)
{
	const struct rule *found = NULL;

	for (size_t i = 0; i < RULES; i++)
		if (sv_eq(sv_of(rules[i].key), key) &&
		    is_since(v, rules[i].from))
			found = &rules[i];
	return found;
}

/* --- what is enabled --- */

/* Before 2.0 what did not say `enabled: true` was not. */
static bool is_enabled(const struct node *map, struct version v)
{
	const struct node *n = node_get(map, SV("enabled"));

	if (map->kind != NODE_MAP)
		return false;
	if (n == NULL)
		return is_since(v, (struct version){ { 2, 0, 0 } });
	return !helm_is_false(n);
}

struct group {
	struct walk *w;
	const struct node *map; /* route: {...} */
	const struct rule *rule;
	struct version version;
	size_t enabled;
	struct sv primary; /* key of the primary one; "": none */
	struct sv fullname;
	const struct node *global;
};

static bool says_primary(const struct node *map)
{
	return node_true(map, SV("primary"));
}

/* Values of the chart before 2.0 have "main" as the primary one. */
static bool is_first(const struct group *g, struct sv key, struct sv first)
{
	if (is_since(g->version, (struct version){ { 2, 0, 0 } }))
		return first.n == 0 || sv_cmp(key, first) < 0;
	return first.n == 0 || sv_eq(key, SV("main")) ||
	       (!sv_eq(first, SV("main")) && sv_cmp(key, first) < 0);
}

/* Only those that say `enabled` themselves can be primary. */
static void count(struct group *g)
{
	const struct node *map = g->map;
	struct sv first = SV("");

	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		const struct node *one = map->items.v[i + 1];
		struct sv key = map->items.v[i]->scalar;

		if (!is_enabled(one, g->version))
			continue;
		g->enabled++;
		if (node_get(one, SV("enabled")) == NULL)
			continue;
		if (says_primary(one))
			g->primary = key;
		if (is_first(g, key, first))
			first = key;
	}
	if (g->primary.n == 0)
		g->primary = first;
}

/* --- names --- */

static bool is_told_apart(const struct group *g, struct sv id,
			  const struct node *map)
{
	switch (g->rule->naming) {
	case NAME_NOT_PRIMARY:
		return !sv_eq(id, g->primary);
	case NAME_NOT_MAIN:
		return !sv_eq(id, SV("main"));
	case NAME_UNLESS_SAID:
		return !says_primary(map);
	case NAME_MANY:
		return g->enabled > 1 && !says_primary(map);
	case NAME_MANY_EVER:
		return g->enabled > 1;
	case NAME_MANY_GLOBAL:
		return g->enabled > 1 ||
		       node_true(g->global,
				 SV("alwaysAppendIdentifierToResourceName"));
	case NAME_ALWAYS:
		return true;
	}
	return true;
}

static struct sv joined(const struct group *g, struct sv a, struct sv b)
{
	return arena_fmt(g->w->ctx->mem, SV_FMT "-" SV_FMT, SV_ARG(a),
			 SV_ARG(b));
}

/* "web-app" ends with "app" as a word. */
static bool ends_with_word(struct sv name, struct sv word)
{
	return name.n > word.n && sv_ends(name, word) &&
	       name.p[name.n - word.n - 1] == '-';
}

/* Of 4.0 and later. */
static struct sv name_affixed(const struct group *g, struct sv id,
			      const struct node *map)
{
	const struct version equal = { { 4, 1, 0 } };
	struct sv name = g->fullname;
	struct sv prefix = helm_text(g->w, map, "prefix");
	struct sv suffix = helm_text(g->w, map, "suffix");

	if (prefix.n > 0 && !sv_eq(prefix, name))
		name = joined(g, prefix, name);
	if (is_told_apart(g, id, map) && !ends_with_word(name, id) &&
	    !(sv_eq(name, id) && is_since(g->version, equal)))
		name = joined(g, name, id);
	if (suffix.n > 0 && !ends_with_word(name, suffix))
		name = joined(g, name, suffix);
	return name;
}

/* Of all before. */
static struct sv name_plain(const struct group *g, struct sv id,
			    const struct node *map)
{
	struct sv over = helm_text(g->w, map, "nameOverride");

	if (over.n == 0 && !is_told_apart(g, id, map))
		return g->fullname;
	if (over.n == 0)
		over = id;
	if (sv_eq(g->fullname, over) &&
	    is_since(g->version, (struct version){ { 3, 0, 2 } }))
		return over;
	return joined(g, g->fullname, over);
}

static struct sv name_of(const struct group *g, struct sv id,
			 const struct node *map)
{
	struct sv forced = helm_text(g->w, map, "forceRename");
	struct sv name;

	if (forced.n > 0)
		return arena_lower(g->w->ctx->mem, forced);
	if (!is_since(g->version, (struct version){ { 4, 0, 0 } }))
		return name_plain(g, id, map);
	name = name_affixed(g, id, map);
	return arena_lower(g->w->ctx->mem, name);
}

static bool is_template(const struct helm_release *r)
{
	return sv_eq(r->chart, SV("app-template"));
}

/* app-template itself says that the release is the chart's name, unless
 * `global` has another. */
static struct sv fullname_of(struct walk *w)
{
	const struct helm_release *r = w->release;
	const struct node *global = node_get(r->values, SV("global"));
	struct sv full = node_str(global, SV("fullnameOverride"));
	struct sv name = node_str(global, SV("nameOverride"));

	if (full.n == 0)
		full = node_str(r->values, SV("fullnameOverride"));
	if (name.n == 0 && r->chart.n > 0 && !is_template(r)) {
		name = node_str(r->values, SV("nameOverride"));
		if (name.n == 0)
			name = r->chart;
	}
	return helm_fullname(w, full, helm_name_cut(name));
}

/* --- objects --- */

/* With a default backend it has no rules. */
static void take_ingress(struct walk *w, const struct helm_place *p)
{
	struct helm_place ingress = *p;

	ingress.only_tls =
		!helm_is_false(node_get(p->map, SV("defaultBackend")));
	helm_ingress(w, &ingress);
}

/* What the library has for a Service that does not say its type. */
static void take_service(struct walk *w, const struct helm_place *p)
{
	struct helm_place service = *p;

	service.service_type = SV("ClusterIP");
	if (helm_names_host(node_get(p->map, SV("annotations"))) ||
	    helm_names_host(p->common))
		helm_service(w, &service);
}

/* Up to 4.1 what stands in `spec` is the whole object but for its head; since
 * 4.2 that is `manifest`, head included. */
static void take_raw(struct walk *w, const struct helm_place *p)
{
	struct arena *mem = w->ctx->mem;
	const struct node *manifest = node_get(p->map, SV("manifest"));
	const struct node *body =
		manifest ? manifest : node_get(p->map, SV("spec"));
	const struct node *head = manifest ? manifest : p->map;
	const struct node *meta = node_get(manifest, SV("metadata"));
	struct node *root, *named;

	if (body == NULL || body->kind != NODE_MAP)
		return;
	root = node_copy(mem, body);
	named = meta != NULL && meta->kind == NODE_MAP
			? node_copy(mem, meta)
			: node_new_map(mem, p->map->at);
	node_set(mem, named, SV("name"),
		 node_new_str(mem, p->map->at, p->name));
	if (manifest == NULL) {
		helm_copy_key(mem, named, p->map, "annotations");
		helm_copy_key(mem, named, p->map, "labels");
	}
	node_set(mem, root, SV("metadata"), named);
	helm_copy_key(mem, root, head, "apiVersion");
	helm_copy_key(mem, root, head, "kind");
	helm_object(w, root, p->path);
}

static void take_group(struct group *g, struct sv path)
{
	struct arena *mem = g->w->ctx->mem;

	count(g);
	for (size_t i = 0; i + 1 < g->map->items.n; i += 2) {
		struct sv id = g->map->items.v[i]->scalar;
		struct helm_place p = { .map = g->map->items.v[i + 1] };

		if (!is_enabled(p.map, g->version))
			continue;
		p.name = name_of(g, id, p.map);
		p.common = node_get(g->global, SV("annotations"));
		p.path = arena_fmt(mem, SV_FMT "%s%s." SV_FMT, SV_ARG(path),
				   path.n > 0 ? "." : "", g->rule->key,
				   SV_ARG(id));
		g->rule->take(g->w, &p);
	}
}

bool app_template_is(const struct helm_release *r, const struct node *values)
{
	const struct node *all = node_get(values, SV("controllers"));

	if (is_template(r))
		return true;
	if (all == NULL || all->kind != NODE_MAP)
		return false;
	for (size_t i = 1; i < all->items.n; i += 2)
		if (node_get(all->items.v[i], SV("containers")) != NULL)
			return true;
	return false;
}

void app_template_walk(struct walk *w, struct sv path)
{
	const struct node *values = w->release->values;
	struct group g = { .w = w, .version = version_of(w->release->version) };

	g.fullname = fullname_of(w);
	g.global = node_get(values, SV("global"));
	for (size_t i = 0; i + 1 < values->items.n; i += 2) {
		struct group one = g;

		one.map = values->items.v[i + 1];
		one.rule = rule_of(values->items.v[i]->scalar, g.version);
		if (one.rule != NULL && one.map->kind == NODE_MAP)
			take_group(&one, path);
	}
}
