#include "config/key.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/words.h"
#include "config/option.h"
#include "config/text.h"

/* outputs[0].file: expected a string, found a list */
static int wrong_kind(struct reader *r, struct sv what, const struct node *n,
		      const char *expected)
{
	static const char *const kinds[] = {
		[NODE_SCALAR] = "a single value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a map",
	};

	return diag_error(r->diags, DIAG_CONFIG, n->at,
			  SV_FMT ": expected %s, found %s", SV_ARG(what),
			  expected,
			  node_is_null(n) ? "nothing" : kinds[n->kind]);
}

/* invalid soa.retry "x": expected ... */
static int wrong_text(struct reader *r, struct sv what, struct loc at,
		      struct sv text, const char *fault)
{
	return diag_error(r->diags, DIAG_CONFIG, at,
			  "invalid " SV_FMT " \"" SV_FMT "\": %s", SV_ARG(what),
			  SV_ARG(text), fault);
}

static int text_of(struct reader *r, struct sv what, const struct node *n,
		   const char *expected, struct sv *out)
{
	if (n->kind != NODE_SCALAR || node_is_null(n))
		return wrong_kind(r, what, n, expected);
	*out = n->scalar.p ? n->scalar : SV("");
	return 0;
}

const char *key_expected(struct arena *mem, const struct key *k)
{
	if (k->values[0] == '\0')
		return "a string";
	return k->type == KEY_CHOICE ? words_or(mem, sv_of(k->values)).p
				     : k->values;
}

static int read_flag(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	struct sv text;

	(void)k;
	if (text_of(r, what, n, "true or false", &text) != 0)
		return -1;
	if (n->type != SCALAR_BOOL || !bool_parse(text, to))
		return wrong_text(r, what, n->at, text,
				  "expected true or false");
	return 0;
}

static int read_text(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	return text_of(r, what, n, key_expected(r->mem, k), to);
}

/* "./dns/x" means "dns/x". */
static int read_file(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	while (sv_starts(text, SV("./")))
		text = sv_from(text, 2);
	*(struct sv *)to = text;
	return 0;
}

static int read_path(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	const char *fault;
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	if (k->type == KEY_FOLDER && sv_eq(text, SV("."))) {
		*(struct sv *)to = SV("");
		return 0;
	}
	while (sv_starts(text, SV("./")))
		text = sv_from(text, 2);
	while (text.n > 1 && sv_ends(text, SV("/")))
		text.n--;
	fault = path_fault(text);
	if (fault != NULL)
		return wrong_text(r, what, n->at, text, fault);
	*(struct sv *)to = text;
	return 0;
}

static int read_choice(struct reader *r, const struct key *k, struct sv what,
		       const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	if (!choice_ok(sv_of(k->values), text))
		return diag_error(
			r->diags, DIAG_CONFIG, n->at,
			"invalid " SV_FMT " \"" SV_FMT "\": expected %s%s",
			SV_ARG(what), SV_ARG(text), key_expected(r->mem, k),
			did_you_mean(r->mem, text, sv_of(k->values)));
	*(struct sv *)to = text;
	return 0;
}

static int number_of(struct reader *r, struct sv what, const struct node *n,
		     int64_t min, int64_t max, int64_t *out)
{
	unsigned long long value;
	struct sv text;

	if (text_of(r, what, n, "a whole number", &text) != 0)
		return -1;
	if (!sv_number(text, (unsigned long long)max, &value) ||
	    (int64_t)value < min)
		return diag_error(
			r->diags, DIAG_CONFIG, n->at,
			"invalid " SV_FMT " \"" SV_FMT
			"\": expected a whole number from %lld to %lld",
			SV_ARG(what), SV_ARG(text), (long long)min,
			(long long)max);
	*out = (int64_t)value;
	return 0;
}

static int read_count(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	(void)k;
	return number_of(r, what, n, 0, MAX_TTL, to);
}

static int read_ttl(struct reader *r, const struct key *k, struct sv what,
		    const struct node *n, void *to)
{
	(void)k;
	return number_of(r, what, n, 1, MAX_TTL, to);
}

static int read_serial(struct reader *r, const struct key *k, struct sv what,
		       const struct node *n, void *to)
{
	(void)k;
	return number_of(r, what, n, 1, UINT32_MAX, to);
}

static int read_number(struct reader *r, const struct key *k, struct sv what,
		       const struct node *n, void *to)
{
	int64_t value;

	(void)k;
	if (number_of(r, what, n, 0, MAX_TTL, &value) != 0)
		return -1;
	*(unsigned *)to = (unsigned)value;
	return 0;
}

static int read_percent(struct reader *r, const struct key *k, struct sv what,
			const struct node *n, void *to)
{
	unsigned long long value;
	struct sv text;

	(void)k;
	if (text_of(r, what, n, "a percentage such as 30%", &text) != 0)
		return -1;
	if (!sv_ends(text, SV("%")) ||
	    !sv_number(sv_head(text, text.n - 1), 100, &value))
		return wrong_text(r, what, n->at, text,
				  "expected a percentage from 0% to 100%");
	*(unsigned *)to = (unsigned)value;
	return 0;
}

static int read_seconds(struct reader *r, const struct key *k, struct sv what,
			const struct node *n, void *to)
{
	struct sv text;
	int64_t seconds;

	(void)k;
	if (text_of(r, what, n, "a duration such as 60s", &text) != 0)
		return -1;
	if (!duration_parse(text, &seconds) || seconds < 1)
		return wrong_text(
			r, what, n->at, text,
			"expected a duration of at least 1s, such as 60s");
	*(int64_t *)to = seconds;
	return 0;
}

static int name_of(struct reader *r, struct sv what, struct loc at,
		   enum dname_use use, struct sv text, struct sv *out)
{
	return dname_parse(r->mem, r->diags, at, arena_str(r->mem, what), use,
			   text, out);
}

static int read_name(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	return name_of(r, what, n->at, DNAME_HOST, text, to);
}

static int read_open(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	return name_of(r, what, n->at, DNAME_HOST_VAR, text, to);
}

static int read_mailbox(struct reader *r, const struct key *k, struct sv what,
			const struct node *n, void *to)
{
	struct sv text, name;
	size_t at;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	at = sv_chr(text, '@');
	if (at == 0 || at > MAX_LABEL)
		return wrong_text(r, what, n->at, text,
				  "expected an email address or a name");
	/* The part before @ becomes one label, whatever it holds. */
	if (name_of(r, what, n->at, DNAME_TARGET,
		    at < text.n ? sv_from(text, at + 1) : text, &name) != 0)
		return -1;
	*(struct sv *)to = text;
	return 0;
}

static int read_zone_id(struct reader *r, const struct key *k, struct sv what,
			const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	if (!zone_id_parse(r->mem, text, to))
		return wrong_text(r, what, n->at, text,
				  "expected 32 hexadecimal digits or a "
				  "reference such as ${var.zone_id}");
	return 0;
}

static int read_rrtype(struct reader *r, const struct key *k, struct sv what,
		       const struct node *n, void *to)
{
	struct sv text;

	if (text_of(r, what, n, key_expected(r->mem, k), &text) != 0)
		return -1;
	if (!rrtype_parse(text, to))
		return wrong_text(r, what, n->at, text,
				  "expected a record type such as A");
	return 0;
}

static int read_format(struct reader *r, const struct key *k, struct sv what,
		       const struct node *n, void *to)
{
	struct sv text;

	(void)k;
	(void)to;
	if (text_of(r, what, n, "1", &text) != 0)
		return -1;
	if (!sv_eq(text, SV("1")))
		return wrong_text(r, what, n->at, text, "expected 1");
	return 0;
}

/* Items of a list; a single value is a list of one. */
static size_t count_of(const struct node *n)
{
	return n->kind == NODE_LIST ? n->items.n : 1;
}

static const struct node *item_of(const struct node *n, size_t i)
{
	return n->kind == NODE_LIST ? n->items.v[i] : n;
}

/* Walk a list of texts; `take` gets each. */
static int each_text(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n,
		     int (*take)(struct reader *r, struct sv what,
				 struct loc at, struct sv text, void *to),
		     void *to)
{
	struct sv text;
	int rc = 0;

	if (n->kind == NODE_MAP || node_is_null(n))
		return wrong_kind(r, what, n, "a list");
	for (size_t i = 0; i < count_of(n); i++) {
		const struct node *item = item_of(n, i);

		if (text_of(r, what, item, key_expected(r->mem, k), &text) !=
			    0 ||
		    take(r, what, item->at, text, to) != 0)
			rc = -1;
	}
	return rc;
}

static int take_text(struct reader *r, struct sv what, struct loc at,
		     struct sv text, void *to)
{
	struct strings *list = to;

	(void)what;
	(void)at;
	*VEC_ADD(r->mem, &list->list) = text;
	return 0;
}

static int take_name(struct reader *r, struct sv what, struct loc at,
		     struct sv text, void *to)
{
	struct strings *list = to;
	struct sv name;

	if (name_of(r, what, at, DNAME_HOST, text, &name) != 0)
		return -1;
	*VEC_ADD(r->mem, &list->list) = name;
	return 0;
}

static int take_open(struct reader *r, struct sv what, struct loc at,
		     struct sv text, void *to)
{
	struct strings *list = to;
	struct sv name;

	if (name_of(r, what, at, DNAME_HOST_VAR, text, &name) != 0)
		return -1;
	*VEC_ADD(r->mem, &list->list) = name;
	return 0;
}

static int take_glob(struct reader *r, struct sv what, struct loc at,
		     struct sv text, void *to)
{
	if (text.n == 0)
		return wrong_text(r, what, at, text, "expected a pattern");
	globs_add(r->mem, to, text);
	return 0;
}

static int read_list(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	*(struct strings *)to = (struct strings){ 0 };
	return each_text(r, k, what, n, take_text, to);
}

static int read_names(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	*(struct strings *)to = (struct strings){ 0 };
	return each_text(r, k, what, n, take_name, to);
}

static int read_opens(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	*(struct strings *)to = (struct strings){ 0 };
	return each_text(r, k, what, n, take_open, to);
}

static int read_globs(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	*(struct globs *)to = (struct globs){ 0 };
	return each_text(r, k, what, n, take_glob, to);
}

/* The X of {word: X}, alone in its map. */
static const struct node *only_key(const struct node *n, const char *word)
{
	return n->kind == NODE_MAP && n->items.n == 2 ? node_get(n, sv_of(word))
						      : NULL;
}

static int reference_of(struct reader *r, struct sv what, const struct node *n,
			struct sv *out)
{
	struct sv text;

	if (text_of(r, what, n, "a Terraform reference", &text) != 0)
		return -1;
	if (!reference_ok(text))
		return wrong_text(
			r, what, n->at, text,
			"expected a reference such as var.X, local.X, "
			"data.T.X.Y, module.X.Y or T.X.Y");
	*out = text;
	return 0;
}

static int target_text(struct reader *r, struct sv what, const struct node *n,
		       struct sv *out)
{
	struct address a;
	struct sv text;
	const char *blank;

	if (text_of(r, what, n, "an address, a name or {terraform: REFERENCE}",
		    &text) != 0)
		return -1;
	blank = placeholder_in(text);
	if (blank != NULL)
		return diag_error(r->diags, DIAG_PLACEHOLDER, n->at,
				  "invalid " SV_FMT " \"" SV_FMT
				  "\": expected an address or a name, found %s",
				  SV_ARG(what), SV_ARG(text), blank);
	if (!address_parse(text, &a))
		return name_of(r, what, n->at, DNAME_TARGET, text, out);
	*out = text;
	return 0;
}

/* {terraform: local.nlb, type: CNAME}: nothing else says which type it is. */
static const struct node *typed_reference(struct reader *r, struct sv what,
					  const struct node *n, int *rc,
					  enum rrtype *type)
{
	const struct node *ref = only_key(n, REFERENCE_WORD);
	const struct node *word = node_get(n, SV("type"));

	*type = RR_A;
	if (ref != NULL || n->kind != NODE_MAP || n->items.n != 4 ||
	    word == NULL)
		return ref;
	ref = node_get(n, SV(REFERENCE_WORD));
	if (ref != NULL &&
	    (!rrtype_parse(word->scalar, type) ||
	     (*type != RR_A && *type != RR_AAAA && *type != RR_CNAME)))
		*rc = wrong_text(r, what, word->at, word->scalar,
				 "expected type A, AAAA or CNAME");
	return ref;
}

static int target_read(struct reader *r, struct sv what, const struct node *n,
		       struct targets *to)
{
	int rc = 0;
	enum rrtype type;
	const struct node *ref = typed_reference(r, what, n, &rc, &type);
	struct target t = { .at = n->at, .is_ref = ref != NULL, .type = type };

	if (rc != 0)
		return rc;
	rc = ref ? reference_of(r, what, ref, &t.text)
		 : target_text(r, what, n, &t.text);

	if (rc == 0)
		*VEC_ADD(r->mem, &to->list) = t;
	return rc;
}

static int read_targets(struct reader *r, const struct key *k, struct sv what,
			const struct node *n, void *to)
{
	struct targets *list = to;
	int rc = 0;

	(void)k;
	*list = (struct targets){ 0 };
	if (node_is_null(n) || count_of(n) > MAX_TARGETS)
		return wrong_kind(r, what, n, "a list of targets");
	for (size_t i = 0; i < count_of(n); i++)
		if (target_read(r, what, item_of(n, i), list) != 0)
			rc = -1;
	return rc;
}

static int env_of(struct reader *r, struct sv what, const struct node *n,
		  struct sv *out)
{
	const char *value, *full;
	struct sv name;

	if (text_of(r, what, n, "the name of an environment variable", &name) !=
	    0)
		return -1;
	if (!variable_name_ok(name))
		return wrong_text(
			r, what, n->at, name,
			"expected the name of an environment variable");
	/* A name that nobody else uses: a pull request must not be able to
	 * print the secrets of the job that judges it. */
	full = arena_fmt(r->mem, "ZONELOOM_VAR_" SV_FMT, SV_ARG(name)).p;
	value = getenv(full);
	if (value == NULL && getenv(full + strlen("ZONELOOM_VAR_")) != NULL)
		return diag_error(r->diags, DIAG_CONFIG, n->at,
				  SV_FMT ": environment variable " SV_FMT
					 " is not read; expected %s",
				  SV_ARG(what), SV_ARG(name), full);
	if (value == NULL) {
		diag_warn(r->diags, DIAG_UNRESOLVED, n->at,
			  SV_FMT ": environment variable %s is not set; the "
				 "variable has no value",
			  SV_ARG(what), full);
		return 0;
	}
	*out = arena_sv(r->mem, sv_of(value));
	return 0;
}

static int read_value(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	const struct node *env = only_key(n, "env");
	const struct node *ref = only_key(n, REFERENCE_WORD);
	struct variable *v = to;

	(void)k;
	if (!variable_name_ok(v->name))
		return wrong_text(r, what, v->at, v->name,
				  "expected letters, digits and \"_\"");
	if (env != NULL)
		return env_of(r, what, env, &v->value);
	if (ref != NULL)
		return reference_of(r, what, ref, &v->ref);
	return text_of(r, what, n,
		       "a string, {env: NAME} or {terraform: REFERENCE}",
		       &v->value);
}

static int read_pairs(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	struct sv text;
	int rc = 0;

	(void)k;
	if (n->kind != NODE_MAP)
		return wrong_kind(r, what, n, "a map of strings");
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		if (text_of(r, what, n->items.v[i + 1], "a string", &text) != 0)
			rc = -1;
		else
			pairs_put(r->mem, to, n->items.v[i]->scalar, text);
	}
	return rc;
}

static int read_map(struct reader *r, const struct key *k, struct sv what,
		    const struct node *n, void *to)
{
	if (n->kind != NODE_MAP)
		return wrong_kind(r, what, n, "a map");
	schema_read(r, k->schema, what, n, to);
	return 0;
}

/* `to` is the struct that owns the rows, as add() wants it. */
static int read_rows(struct reader *r, const struct key *k, struct sv what,
		     const struct node *n, void *to)
{
	int rc = 0;

	if (n->kind != NODE_LIST)
		return wrong_kind(r, what, n, "a list");
	k->clear(to);
	for (size_t i = 0; i < n->items.n; i++) {
		struct sv name =
			arena_fmt(r->mem, SV_FMT "[%zu]", SV_ARG(what), i);

		if (n->items.v[i]->kind != NODE_MAP)
			rc = wrong_kind(r, name, n->items.v[i], "a map");
		else
			schema_read(r, k->schema, name, n->items.v[i],
				    k->add(r->mem, to));
	}
	return rc;
}

/* One row of a table: its key and place, then what stands behind the key. */
static int table_row(struct reader *r, const struct key *k, struct sv what,
		     const struct node *name, const struct node *n, void *row)
{
	const struct schema *schema = k->schema;
	void *key = (char *)row + schema->key, *at = (char *)row + schema->at;

	*(struct sv *)key = name->scalar;
	*(struct loc *)at = name->at;
	if (schema->value != NULL && schema->check != NULL)
		schema->check(r, what, name, row);
	if (schema->value != NULL)
		return key_read(r, schema->value, what, n,
				(char *)row + schema->value->offset);
	/* "example.com:" with nothing behind it has all defaults. */
	if (node_is_null(n))
		n = node_new_map(r->mem, n->at);
	if (n->kind != NODE_MAP)
		return wrong_kind(r, what, n, "a map");
	schema_read(r, schema, what, n, row);
	return 0;
}

static int read_table(struct reader *r, const struct key *k, struct sv what,
		      const struct node *n, void *to)
{
	int rc = 0;

	if (n->kind != NODE_MAP)
		return wrong_kind(r, what, n, "a map");
	k->clear(to);
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		const struct node *name = n->items.v[i];
		struct sv path = arena_fmt(r->mem, SV_FMT "." SV_FMT,
					   SV_ARG(what), SV_ARG(name->scalar));

		if (name->kind != NODE_SCALAR || name->scalar.n == 0)
			rc = wrong_kind(r, what, name, "a key");
		else if (table_row(r, k, path, name, n->items.v[i + 1],
				   k->add(r->mem, to)) != 0)
			rc = -1;
	}
	return rc;
}

int key_read(struct reader *r, const struct key *k, struct sv what,
	     const struct node *n, void *to)
{
	static int (*const readers[])(struct reader *, const struct key *,
				      struct sv, const struct node *,
				      void *) = {
		[KEY_FLAG] = read_flag,	      [KEY_TEXT] = read_text,
		[KEY_PATH] = read_path,	      [KEY_FOLDER] = read_path,
		[KEY_FILE] = read_file,	      [KEY_CHOICE] = read_choice,
		[KEY_COUNT] = read_count,     [KEY_TTL] = read_ttl,
		[KEY_SERIAL] = read_serial,   [KEY_PERCENT] = read_percent,
		[KEY_NUMBER] = read_number,   [KEY_SECONDS] = read_seconds,
		[KEY_NAME] = read_name,	      [KEY_NAMES] = read_names,
		[KEY_NAME_VAR] = read_open,   [KEY_NAMES_VAR] = read_opens,
		[KEY_MAILBOX] = read_mailbox, [KEY_ZONE_ID] = read_zone_id,
		[KEY_LIST] = read_list,	      [KEY_GLOBS] = read_globs,
		[KEY_RRTYPE] = read_rrtype,   [KEY_TARGETS] = read_targets,
		[KEY_VALUE] = read_value,     [KEY_PAIRS] = read_pairs,
		[KEY_MAP] = read_map,	      [KEY_ROWS] = read_rows,
		[KEY_TABLE] = read_table,     [KEY_FORMAT] = read_format,
	};

	return readers[k->type](r, k, what, n, to);
}
