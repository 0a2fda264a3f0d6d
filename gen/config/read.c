#include "config/key.h"

#include <assert.h>

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
	struct loc nowhere = { .line = 0 };

	if (k->type == KEY_MAP) {
		schema_init(mem, k->schema, member(thing, k));
		return;
	}
	if (k->fallback[0] == '\0' || k->type == KEY_FORMAT)
		return;
	key_read(&r, k, sv_of(k->name),
		 node_new_str(mem, nowhere, sv_of(k->fallback)),
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

static bool key_known(const struct schema *schema, struct sv name)
{
	for (; schema != NULL; schema = schema->inherits) {
		for (const struct key *k = schema->keys; k->name; k++)
			if (sv_eq(name, sv_of(k->name)))
				return true;
		if (schema->options && option_find(name) < option_count())
			return true;
	}
	return false;
}

static const char *const *key_names(struct arena *mem,
				    const struct schema *schema)
{
	VEC(const char *) names = { 0 };

	for (; schema != NULL; schema = schema->inherits) {
		for (const struct key *k = schema->keys; k->name; k++)
			*VEC_ADD(mem, &names) = k->name;
		for (size_t i = 0; schema->options && i < option_count(); i++)
			*VEC_ADD(mem, &names) = option_at(i)->name;
	}
	*VEC_ADD(mem, &names) = NULL;
	return names.v;
}

static void unknown_key(struct reader *r, const struct schema *schema,
			struct sv what, const struct node *key)
{
	struct sv path = below(r, what, key->scalar);
	const char *near = nearest_word(key->scalar, key_names(r->mem, schema));

	if (key->kind != NODE_SCALAR)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  "a key is a list or a map, a word is wanted");
	else if (near == NULL)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  SV_FMT ": unknown key", SV_ARG(path));
	else
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, key->at,
			  SV_FMT ": unknown key, did you mean %s", SV_ARG(path),
			  near);
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

/* A scalar, which is a list of one where a list is wanted. */
static int option_text(struct setter *s, struct options *o, size_t row,
		       const struct node *n, bool extend)
{
	bool flag = option_at(row)->type == OPTION_FLAG;

	s->at = n->at;
	if (n->kind != NODE_SCALAR || node_is_null(n))
		return diag_error(s->diags, DIAG_CONFIG, n->at,
				  SV_FMT ": %s stands here, %s is wanted",
				  SV_ARG(s->what),
				  node_is_null(n)	 ? "nothing"
				  : n->kind == NODE_LIST ? "a list"
							 : "a map",
				  flag		 ? "true or false"
				  : is_list(row) ? "a list of texts"
						 : "a text");
	if (flag && n->type != SCALAR_BOOL)
		return diag_error(s->diags, DIAG_CONFIG, n->at,
				  SV_FMT ": \"" SV_FMT
					 "\" is neither true nor false",
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

static void read_options(struct reader *r, const struct node *n,
			 struct options *o)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct node *v = node_get(n, sv_of(option_at(i)->name));

		if (v != NULL)
			option_read(r, i, v, o);
	}
}

static void read_key(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *thing)
{
	const struct node *v = node_get(n, sv_of(k->name));

	if (v != NULL)
		key_read(r, k, below(r, what, sv_of(k->name)), v,
			 member(thing, k));
	else if (k->required)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  SV_FMT ": is missing, %s%s is wanted",
			  SV_ARG(below(r, what, sv_of(k->name))),
			  k->type == KEY_CHOICE ? "one of " : "", k->values);
}

static void read_schema(struct reader *r, const struct schema *schema,
			struct sv what, const struct node *n, void *thing)
{
	struct publisher *p = schema->options ? thing : NULL;

	if (schema->inherits != NULL)
		read_schema(r, schema->inherits, what, n,
			    schema->inherited(thing));
	if (p != NULL)
		read_options(r, n, &p->opt);
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
	read_schema(r, schema, what, n, thing);
}
