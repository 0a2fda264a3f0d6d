/* What is policy, and which of two values is the tighter one: the columns
 * POLICY and TIGHTER, walked. */
#include "config/policy.h"

#include <assert.h>

#include "config/key.h"
#include "config/option.h"

/* A policy key of a publisher, a zone or the file, wherever its row is. */
struct rule {
	struct sv
		path; /* from the struct that holds it: "safety.max-deletes" */
	enum key_type type;
	const char *values;
	enum tighter tighter;
	bool is_global;
	size_t option; /* its row, or option_count() */
	size_t offset; /* in the struct */
};

struct rules {
	VEC(struct rule) list;
};

static const enum key_type option_keys[] = {
	[OPTION_FLAG] = KEY_FLAG,     [OPTION_STRING] = KEY_TEXT,
	[OPTION_LIST] = KEY_LIST,     [OPTION_CSV] = KEY_LIST,
	[OPTION_CHOICE] = KEY_CHOICE, [OPTION_DURATION] = KEY_TEXT,
	[OPTION_COUNT] = KEY_COUNT,
};

static void option_rules(struct arena *mem, struct rules *out)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *o = option_at(i);

		assert(o->policy != POLICY_UNSTATED);
		if (o->policy != POLICY_YES)
			continue;
		*VEC_ADD(mem, &out->list) = (struct rule){
			.path = sv_of(o->name),
			.type = option_keys[o->type],
			.values = o->values,
			.tighter = o->tighter,
			.is_global = o->scope == SCOPE_GLOBAL,
			.option = i,
			.offset = offsetof(struct publisher, opt) +
				  option_offset(i),
		};
	}
}

static bool is_list(const struct key *k)
{
	return k->type == KEY_ROWS || k->type == KEY_TABLE;
}

static void key_rules(struct arena *mem, const struct schema *schema,
		      struct sv path, struct rules *out)
{
	for (const struct key *k = schema->keys; k->name; k++) {
		struct sv name = sv_of(k->name);

		assert(k->policy != POLICY_UNSTATED);
		if (path.n > 0)
			name = arena_fmt(mem, SV_FMT "." SV_FMT, SV_ARG(path),
					 SV_ARG(name));
		if (k->type == KEY_MAP && k->policy == POLICY_INSIDE)
			key_rules(mem, k->schema, name, out);
		else if (k->policy == POLICY_YES && !is_list(k))
			*VEC_ADD(mem, &out->list) =
				(struct rule){ .path = name,
					       .type = k->type,
					       .values = k->values,
					       .tighter = k->tighter,
					       .option = option_count(),
					       .offset = k->offset };
	}
}

static struct rules rules_of(struct arena *mem, const struct schema *schema)
{
	struct rules rules = { 0 };

	if (schema->options)
		option_rules(mem, &rules);
	key_rules(mem, schema, SV(""), &rules);
	return rules;
}

static const void *value_of(const struct rule *r, const void *thing)
{
	return (const char *)thing + r->offset;
}

/* Values, by their types. */

static bool same_text(const void *a, const void *b)
{
	return sv_eq(*(const struct sv *)a, *(const struct sv *)b);
}

static bool same_number(const void *a, const void *b)
{
	return *(const unsigned *)a == *(const unsigned *)b;
}

static bool holds_all(const struct strings *a, const struct strings *b)
{
	for (size_t i = 0; i < b->list.n; i++)
		if (!strings_has(a, b->list.v[i]))
			return false;
	return true;
}

static bool same_strings(const void *a, const void *b)
{
	return holds_all(a, b) && holds_all(b, a);
}

static void put_text(struct buf *out, const void *v)
{
	buf_add(out, *(const struct sv *)v);
}

static void put_number(struct buf *out, const void *v)
{
	buf_fmt(out, "%u", *(const unsigned *)v);
}

static void put_percent(struct buf *out, const void *v)
{
	buf_fmt(out, "%u%%", *(const unsigned *)v);
}

void policy_strings(struct buf *out, const struct strings *s)
{
	buf_char(out, '[');
	for (size_t i = 0; i < s->list.n; i++)
		buf_fmt(out, "%s" SV_FMT, i > 0 ? ", " : "",
			SV_ARG(s->list.v[i]));
	buf_char(out, ']');
}

static void put_strings(struct buf *out, const void *v)
{
	policy_strings(out, v);
}

/* An empty list shares nothing, although it matches every path. */
static bool shares_less(const struct globs *new, const struct globs *old)
{
	return new->list.n == 0 || (old->list.n > 0 && globs_within(new, old));
}

static bool same_globs(const void *a, const void *b)
{
	return shares_less(a, b) && shares_less(b, a);
}

static void put_globs(struct buf *out, const void *v)
{
	const struct globs *g = v;

	buf_char(out, '[');
	for (size_t i = 0; i < g->list.n; i++)
		buf_fmt(out, "%s%s" SV_FMT, i > 0 ? ", " : "",
			g->list.v[i].negated ? "!" : "",
			SV_ARG(g->list.v[i].pattern));
	buf_char(out, ']');
}

/* The types that policy keys have; a new one asserts until it has its row. */
static const struct value_type {
	size_t size;
	bool (*same)(const void *a, const void *b);
	void (*put)(struct buf *out, const void *v);
} value_types[] = {
	[KEY_TEXT] = { sizeof(struct sv), same_text, put_text },
	[KEY_CHOICE] = { sizeof(struct sv), same_text, put_text },
	[KEY_PERCENT] = { sizeof(unsigned), same_number, put_percent },
	[KEY_NUMBER] = { sizeof(unsigned), same_number, put_number },
	[KEY_NAMES_VAR] = { sizeof(struct strings), same_strings, put_strings },
	[KEY_GLOBS] = { sizeof(struct globs), same_globs, put_globs },
	[KEY_LIST] = { sizeof(struct strings), same_strings, put_strings },
};

static const struct value_type *type_of(const struct rule *r)
{
	assert(r->type < sizeof(value_types) / sizeof(value_types[0]) &&
	       value_types[r->type].same != NULL);
	return &value_types[r->type];
}

static struct sv value_text(struct arena *mem, const struct rule *r,
			    const void *thing)
{
	struct buf out = { .mem = mem };

	type_of(r)->put(&out, value_of(r, thing));
	return buf_sv(&out);
}

static bool is_same(const struct rule *r, const void *a, const void *b)
{
	return type_of(r)->same(value_of(r, a), value_of(r, b));
}

/* Which word of `values` a choice is. */
static size_t word_index(const struct rule *r, const void *v)
{
	struct sv rest = sv_of(r->values), word;
	size_t i = 0;

	while (sv_cut(&rest, ' ', &word) && !sv_eq(word, *(const struct sv *)v))
		i++;
	return i;
}

/* Every old name is still one of the new ones, or below one. */
static bool covers(const struct strings *new, const struct strings *old)
{
	for (size_t i = 0; i < old->list.n; i++) {
		size_t k = 0;

		while (k < new->list.n &&
		       !dname_in(old->list.v[i], new->list.v[k]))
			k++;
		if (k == new->list.n)
			return false;
	}
	return true;
}

static bool is_tighter(const struct rule *r, const void *old, const void *new)
{
	switch (r->tighter) {
	case TIGHTER_NONE:
		return false;
	case TIGHTER_FIRST:
		return word_index(r, new) == 0;
	case TIGHTER_EARLIER:
		return word_index(r, new) < word_index(r, old);
	case TIGHTER_LATER:
		return word_index(r, new) > word_index(r, old);
	case TIGHTER_LOWER:
		return *(const unsigned *)new < *(const unsigned *)old;
	case TIGHTER_NAMES:
		return covers(new, old);
	case TIGHTER_PATHS:
		return shares_less(new, old);
	}
	return false;
}

void policy_file(struct differ *d, struct policy_change change)
{
	/* Nothing was published, so nothing was held back. */
	if (d->before->file.n == 0)
		change.loosens = false;
	else if (d->after->file.n == 0)
		change.loosens = true;
	d->out->loosening += change.loosens;
	*VEC_ADD(d->mem, &d->out->list) = change;
}

/* Two structs of one kind, and how to call them. */
struct match {
	const void *before, *after;
	const void *top_before, *top_after; /* what they inherit; or NULL */
	struct sv path;			    /* "zones.example.org", or "" */
	struct sv places;		    /* the same in after->places */
	struct loc at;			    /* of `after` as a whole */
	bool is_gone; /* with all its records: nothing is let through */
};

static struct sv join(struct arena *mem, struct sv path, struct sv key)
{
	if (path.n == 0)
		return key;
	return arena_fmt(mem, SV_FMT "." SV_FMT, SV_ARG(path), SV_ARG(key));
}

static struct loc place_of(struct differ *d, const struct rule *r,
			   const struct match *p)
{
	const struct publisher *pub = p->after;
	const struct loc *at =
		map_get(&d->after->places, join(d->mem, p->places, r->path));

	if (r->option < option_count() &&
	    option_place(&pub->opt, r->option).line > 0)
		return option_place(&pub->opt, r->option);
	return at != NULL ? *at : p->at;
}

static void diff_rule(struct differ *d, const struct rule *r,
		      const struct match *p)
{
	if (is_same(r, p->before, p->after))
		return;
	/* The top level says it already. */
	if (p->top_before != NULL && is_same(r, p->before, p->top_before) &&
	    is_same(r, p->after, p->top_after))
		return;
	policy_file(d, (struct policy_change){
			       .key = join(d->mem, p->path, r->path),
			       .old = value_text(d->mem, r, p->before),
			       .new = value_text(d->mem, r, p->after),
			       .at = place_of(d, r, p),
			       .loosens = !p->is_gone &&
					  !is_tighter(r, value_of(r, p->before),
						      value_of(r, p->after)),
		       });
}

static void diff_rules(struct differ *d, const struct rules *rules,
		       const struct match *p)
{
	for (size_t i = 0; i < rules->list.n; i++)
		diff_rule(d, &rules->list.v[i], p);
}

/* Publishers. */

static const struct publisher *publisher_find(const struct config *c,
					      struct sv name)
{
	for (size_t i = 1; i < c->publishers.n; i++)
		if (sv_eq(c->publishers.v[i].name, name))
			return &c->publishers.v[i];
	return NULL;
}

/* What a publisher is compared with: its namesake, or what it inherited. */
static const struct publisher *publisher_before(const struct config *c,
						struct sv name)
{
	const struct publisher *p = publisher_find(c, name);

	return p != NULL ? p : &c->publishers.v[0];
}

static void diff_publisher(struct differ *d, const struct rules *rules,
			   struct sv name, size_t index, struct loc at)
{
	struct match p = {
		.before = publisher_before(d->before, name),
		.after = publisher_before(d->after, name),
		.top_before = &d->before->publishers.v[0],
		.top_after = &d->after->publishers.v[0],
		.path = arena_fmt(d->mem, "publishers." SV_FMT, SV_ARG(name)),
		.places = arena_fmt(d->mem, "publishers[%zu]", index),
		.at = at,
	};

	diff_rules(d, rules, &p);
}

static void diff_publishers(struct differ *d)
{
	struct rules rules = rules_of(d->mem, &schema_common);
	struct loc file = { .file = d->after->file };

	for (size_t i = 1; i < d->after->publishers.n; i++) {
		const struct publisher *p = &d->after->publishers.v[i];

		diff_publisher(d, &rules, p->name, i - 1, p->at);
	}
	for (size_t i = 1; i < d->before->publishers.n; i++) {
		struct sv name = d->before->publishers.v[i].name;

		if (publisher_find(d->after, name) == NULL)
			diff_publisher(d, &rules, name, d->after->publishers.n,
				       file);
	}
}

/* Zones. */

static const struct zone *zone_find(const struct config *c, struct sv key)
{
	for (size_t i = 0; i < c->zones.n; i++)
		if (sv_eq(c->zones.v[i].key, key))
			return &c->zones.v[i];
	return NULL;
}

/* The zone of `c` that holds the names of a zone that is not in `c`. */
static const struct zone *zone_above(const struct config *c,
				     const struct zone *z)
{
	const struct zone *best = NULL;

	for (size_t i = 0; i < c->zones.n; i++) {
		const struct zone *w = &c->zones.v[i];

		if (sv_eq(w->view, z->view) && dname_in(z->name, w->name) &&
		    (best == NULL || w->name.n > best->name.n))
			best = w;
	}
	return best;
}

/* Of the delegated names those that matter to the names of `z`. */
static struct strings delegated_in(struct arena *mem, const struct zone *z,
				   const struct strings *names)
{
	struct strings out = { 0 };

	for (size_t i = 0; i < names->list.n; i++)
		if (dname_in(names->list.v[i], z->name) ||
		    dname_in(z->name, names->list.v[i]))
			*VEC_ADD(mem, &out.list) = names->list.v[i];
	return out;
}

/* How `c` judges the names of `z`: its namesake, the zone above, or the
 * default.  False: no zone of `c` holds them. */
static bool zone_before(struct arena *mem, const struct config *c,
			const struct zone *z, struct zone *out)
{
	const struct zone *same = zone_find(c, z->key);
	const struct zone *above = zone_above(c, z);

	schema_init(mem, &schema_zone, out);
	if (same == NULL && above == NULL)
		return false;
	*out = same != NULL ? *same : *above;
	if (same == NULL)
		out->delegated = delegated_in(mem, z, &above->delegated);
	return true;
}

static void diff_zone(struct differ *d, const struct rules *rules,
		      const struct zone *z, bool is_gone)
{
	struct zone *other = ARENA_NEW(d->mem, struct zone);
	bool held =
		zone_before(d->mem, is_gone ? d->after : d->before, z, other);
	struct match p = {
		.before = is_gone ? z : other,
		.after = is_gone ? other : z,
		.path = arena_fmt(d->mem, "zones." SV_FMT, SV_ARG(z->key)),
		.places = is_gone ? SV("") : z->path,
		.at = z->at,
		.is_gone = is_gone && !held,
	};

	if (is_gone)
		p.at = held ? other->at
			    : (struct loc){ .file = d->after->file };
	diff_rules(d, rules, &p);
}

static void diff_zones(struct differ *d)
{
	struct rules rules = rules_of(d->mem, &schema_zone);

	for (size_t i = 0; i < d->after->zones.n; i++)
		diff_zone(d, &rules, &d->after->zones.v[i], false);
	for (size_t i = 0; i < d->before->zones.n; i++)
		if (zone_find(d->after, d->before->zones.v[i].key) == NULL)
			diff_zone(d, &rules, &d->before->zones.v[i], true);
}

/* The file. */

static void diff_top(struct differ *d)
{
	struct rules file = rules_of(d->mem, &schema_file);
	struct rules common = rules_of(d->mem, &schema_common);
	struct match p = { .at = { .file = d->after->file } };

	p.before = &d->before->publishers.v[0];
	p.after = &d->after->publishers.v[0];
	diff_rules(d, &common, &p);
	p.before = d->before;
	p.after = d->after;
	diff_rules(d, &file, &p);
}

/* Taking a policy over. */

static void take_rules(const struct rules *rules, void *to, const void *from)
{
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct rule *r = &rules->list.v[i];

		memcpy((char *)to + r->offset, value_of(r, from),
		       type_of(r)->size);
	}
}

static void take_top(struct arena *mem, struct config *c,
		     const struct config *from)
{
	struct rules file = rules_of(mem, &schema_file);
	struct rules common = rules_of(mem, &schema_common);

	take_rules(&common, &c->publishers.v[0], &from->publishers.v[0]);
	take_rules(&file, c, from);
}

static void take_publishers(struct arena *mem, struct config *c,
			    const struct config *from)
{
	struct rules rules = rules_of(mem, &schema_common);

	for (size_t i = 1; i < c->publishers.n; i++)
		take_rules(&rules, &c->publishers.v[i],
			   publisher_before(from, c->publishers.v[i].name));
}

static void take_zones(struct arena *mem, struct config *c,
		       const struct config *from)
{
	struct rules rules = rules_of(mem, &schema_zone);

	for (size_t i = 0; i < c->zones.n; i++) {
		struct zone *z = &c->zones.v[i];
		struct zone other = { 0 };

		(void)zone_before(mem, from, z, &other);
		take_rules(&rules, z, &other);
	}
}

/* Both are frozen after loading: their vectors may share memory. */
static void take_claims(struct arena *mem, struct config *c,
			const struct config *from)
{
	(void)mem;
	c->claims.v = from->claims.v;
	c->claims.n = c->claims.cap = from->claims.n;
}

static void take_render(struct arena *mem, struct config *c,
			const struct config *from)
{
	(void)mem;
	c->render.v = from->render.v;
	c->render.n = c->render.cap = from->render.n;
}

/* The lists of the file that hold policy; NULL: what is in no list. */
static const struct list {
	const char *key;
	void (*diff)(struct differ *d);
	void (*take)(struct arena *mem, struct config *c,
		     const struct config *from);
	const struct schema *schema; /* whose keys are policy one by one */
} lists[] = {
	{ NULL, diff_top, take_top, NULL },
	{ "claims", policy_diff_claims, take_claims, NULL },
	{ "publishers", diff_publishers, take_publishers, &schema_common },
	{ "render", policy_diff_render, take_render, NULL },
	{ "zones", diff_zones, take_zones, &schema_zone },
};

enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

void config_policy_diff(struct arena *mem, const struct config *before,
			const struct config *after, struct policy_changes *out)
{
	struct differ d = { mem, before, after, out };

	*out = (struct policy_changes){ 0 };
	if (before->file.n > 0 && after->file.n == 0)
		policy_file(&d, (struct policy_change){ .key = before->file,
							.old = SV("present"),
							.new = SV("removed") });
	for (size_t i = 0; i < LISTS; i++)
		lists[i].diff(&d);
}

void config_policy_take(struct arena *mem, struct config *c,
			const struct config *from)
{
	for (size_t i = 0; i < LISTS; i++)
		lists[i].take(mem, c, from);
}

static void add_keys(struct arena *mem, const struct schema *schema,
		     struct sv path, struct strings *out)
{
	struct rules rules = rules_of(mem, schema);

	for (size_t i = 0; i < rules.list.n; i++)
		if (path.n == 0 || !rules.list.v[i].is_global)
			*VEC_ADD(mem, &out->list) =
				join(mem, path, rules.list.v[i].path);
}

static const struct list *list_find(const char *key)
{
	for (size_t i = 0; i < LISTS; i++)
		if (lists[i].key != NULL && strcmp(lists[i].key, key) == 0)
			return &lists[i];
	return NULL;
}

void config_policy_keys(struct arena *mem, struct strings *out)
{
	*out = (struct strings){ 0 };
	add_keys(mem, &schema_common, SV(""), out);
	add_keys(mem, &schema_file, SV(""), out);
	for (const struct key *k = schema_file.keys; k->name; k++) {
		const struct list *l;

		if (!is_list(k) || k->policy == POLICY_NO)
			continue;
		l = list_find(k->name);
		assert(l != NULL && "a list with policy has a row in lists[]");
		if (l->schema != NULL)
			add_keys(mem, l->schema,
				 arena_fmt(mem, "%s.NAME", k->name), out);
		else
			*VEC_ADD(mem, &out->list) = sv_of(k->name);
	}
}
