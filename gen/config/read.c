#include "config/key.h"

#include <assert.h>

#include "base/buf.h"
#include "config/option.h"

static void *member(void *thing, const struct key *k)
{
	return (char *)thing + k->offset;
}

/* Defaults are written as a user would write them. */
static void key_init(struct arena *mem, const struct key *k, void *thing)
{
	struct diags none = { .mem = mem };
	struct reader r = { .mem = mem, .diags = &none };

	if (k->type == KEY_MAP) {
		schema_init(mem, k->schema, member(thing, k));
		return;
	}
	if (k->fallback[0] == '\0' || k->type == KEY_FORMAT)
		return;
	key_read(&r, k, sv_of(k->name),
		 node_new_str(mem, NOWHERE, sv_of(k->fallback)),
		 member(thing, k));
	assert(none.errors == 0);
}

void schema_init(struct arena *mem, const struct schema *schema, void *thing)
{
	if (schema->inherits != NULL)
		schema_init(mem, schema->inherits, schema->inherited(thing));
	for (const struct key *k = schema->keys; k && k->name; k++)
		key_init(mem, k, thing);
}

static struct sv below(struct reader *r, struct sv what, struct sv key)
{
	if (what.n == 0)
		return key;
	return arena_fmt(r->mem, SV_FMT "." SV_FMT, SV_ARG(what), SV_ARG(key));
}

/* May the row of option.def stand in a map of `schema`? */
static bool option_ok(const struct schema *schema, size_t row)
{
	return option_at(row)->scope >= schema->scope;
}

static bool has_key(const struct schema *schema, struct sv name)
{
	for (const struct key *k = schema->keys; k && k->name; k++)
		if (sv_eq(name, sv_of(k->name)))
			return true;
	return false;
}

/* Is `name` a key of `schema` or of what it inherits? */
static bool key_known(const struct schema *schema, struct sv name)
{
	size_t row = option_find(name);

	for (const struct schema *s = schema; s != NULL; s = s->inherits)
		if (has_key(s, name) || (s->options && row < option_count() &&
					 option_ok(schema, row)))
			return true;
	return false;
}

static const char *const *key_names(struct arena *mem,
				    const struct schema *schema)
{
	VEC(const char *) names = { 0 };

	for (const struct schema *s = schema; s != NULL; s = s->inherits) {
		for (const struct key *k = s->keys; k->name; k++)
			*VEC_ADD(mem, &names) = k->name;
		for (size_t i = 0; s->options && i < option_count(); i++)
			if (option_ok(schema, i))
				*VEC_ADD(mem, &names) = option_at(i)->name;
	}
	*VEC_ADD(mem, &names) = NULL;
	return names.v;
}

static void find_places(struct arena *mem, const struct schema *schema,
			struct sv path, struct sv name, struct strings *out)
{
	static const char *const marks[] = {
		[KEY_MAP] = "", [KEY_ROWS] = "[]", [KEY_TABLE] = ".NAME"
	};

	if (key_known(schema, name))
		*VEC_ADD(mem, &out->list) =
			path.n == 0
				? SV("at the top level")
				: arena_fmt(mem, "under " SV_FMT, SV_ARG(path));
	for (const struct schema *s = schema; s != NULL; s = s->inherits)
		for (const struct key *k = s->keys; k && k->name; k++)
			if (k->schema != NULL)
				find_places(mem, k->schema,
					    arena_fmt(mem, SV_FMT "%s%s%s",
						      SV_ARG(path),
						      path.n > 0 ? "." : "",
						      k->name, marks[k->type]),
					    name, out);
}

/* "at the top level or under publishers[]": where a key may stand. */
static struct sv places_of(struct arena *mem, struct sv name)
{
	struct strings places = { 0 };
	struct buf out = { .mem = mem };

	find_places(mem, &schema_file, SV(""), name, &places);
	for (size_t i = 0; i < places.list.n; i++)
		buf_fmt(&out, "%s" SV_FMT,
			i == 0			 ? ""
			: i + 1 == places.list.n ? " or "
						 : ", ",
			SV_ARG(places.list.v[i]));
	return buf_sv(&out);
}

static void unknown_key(struct reader *r, const struct schema *schema,
			struct sv what, const struct node *key)
{
	struct sv path = below(r, what, key->scalar);
	struct sv places = places_of(r->mem, key->scalar);
	const char *near = nearest_word(key->scalar, key_names(r->mem, schema));

	if (key->kind != NODE_SCALAR)
		diag_file(
			r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			"invalid key: expected a word, found a list or a map");
	else if (places.n > 0)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  "misplaced key " SV_FMT ": expected " SV_FMT,
			  SV_ARG(path), SV_ARG(places));
	else if (near == NULL)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  "unknown key " SV_FMT, SV_ARG(path));
	else
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  "unknown key " SV_FMT "; did you mean %s?",
			  SV_ARG(path), near);
}

static void check_unknown(struct reader *r, const struct schema *schema,
			  struct sv what, const struct node *n)
{
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		const struct node *key = n->items.v[i];

		if (key->kind != NODE_SCALAR || !key_known(schema, key->scalar))
			unknown_key(r, schema, what, key);
	}
}

static bool is_list(size_t row)
{
	enum option_type type = option_at(row)->type;

	return type == OPTION_LIST || type == OPTION_CSV;
}

/* A scalar; where a list is expected it is a list of one. */
static int option_text(struct setter *s, struct options *o, size_t row,
		       const struct node *n, bool extend)
{
	bool flag = option_at(row)->type == OPTION_FLAG;

	s->at = n->at;
	if (n->kind != NODE_SCALAR || node_is_null(n))
		return diag_error(s->diags, DIAG_CONFIG, n->at,
				  SV_FMT ": expected %s, found %s",
				  SV_ARG(s->what),
				  flag		 ? "true or false"
				  : is_list(row) ? "a list of strings"
						 : "a string",
				  node_is_null(n)	 ? "nothing"
				  : n->kind == NODE_LIST ? "a list"
							 : "a map");
	if (flag && n->type != SCALAR_BOOL)
		return diag_error(s->diags, DIAG_CONFIG, n->at,
				  "invalid " SV_FMT " \"" SV_FMT
				  "\": expected true or false",
				  SV_ARG(s->what), SV_ARG(n->scalar));
	return option_set(s, o, row, n->scalar.p ? n->scalar : SV(""), extend);
}

static void option_read(struct reader *r, size_t row, const struct node *n,
			struct options *o)
{
	struct setter s = { .mem = r->mem, .diags = r->diags, .split = true };
	const struct options old = *o;
	int rc = 0;

	s.what = sv_of(option_at(row)->name);
	if (!is_list(row) || n->kind != NODE_LIST) {
		option_text(&s, o, row, n, false);
		return;
	}
	option_clear(o, row, n->at);
	for (size_t i = 0; i < n->items.n; i++)
		rc |= option_text(&s, o, row, n->items.v[i], true);
	/* A list of what is left would only raise a second complaint. */
	if (rc != 0)
		*o = old;
}

static void read_options(struct reader *r, const struct schema *schema,
			 const struct node *n, struct options *o)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct node *v = node_get(n, sv_of(option_at(i)->name));

		if (v != NULL && option_ok(schema, i))
			option_read(r, i, v, o);
	}
}

static void note_place(struct reader *r, struct sv path, struct loc at)
{
	struct loc *place = ARENA_NEW(r->mem, struct loc);

	*place = at;
	map_put(&r->config->places, path, place);
}

static void read_key(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *thing)
{
	const struct node *v = node_get(n, sv_of(k->name));
	struct sv path = below(r, what, sv_of(k->name));
	/* No path is every path to a claim, and no target none to a pin. */
	bool empty = v != NULL && v->kind == NODE_LIST && v->items.n == 0;

	if (v != NULL && k->policy == POLICY_YES)
		note_place(r, path, v->at);
	if (k->required && (v == NULL || empty))
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR,
			  empty ? v->at : n->at, "%s " SV_FMT ": expected %s",
			  empty ? "empty" : "missing", SV_ARG(path),
			  key_expected(r->mem, k));
	else if (v != NULL)
		key_read(r, k, path, v, member(thing, k));
}

/* `top` is the schema that inherits this one, or this one itself. */
static void read_schema(struct reader *r, const struct schema *top,
			const struct schema *schema, struct sv what,
			const struct node *n, void *thing)
{
	struct publisher *p = schema->options ? thing : NULL;

	if (schema->inherits != NULL)
		read_schema(r, top, schema->inherits, what, n,
			    schema->inherited(thing));
	if (p != NULL)
		read_options(r, top, n, &p->opt);
	for (const struct key *k = schema->keys; k->name; k++)
		read_key(r, k, what, n, thing);
	if (schema->check != NULL)
		schema->check(r, what, n, thing);
}

void schema_read(struct reader *r, const struct schema *schema, struct sv what,
		 const struct node *n, void *thing)
{
	void *at = (char *)thing + schema->at;

	if (schema->has_at)
		*(struct loc *)at = n->at;
	check_unknown(r, schema, what, n);
	read_schema(r, schema, schema, what, n, thing);
}
