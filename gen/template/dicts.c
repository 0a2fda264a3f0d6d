/* Functions of sprig over maps. */
#include "base/limits.h"
#include "template/tree.h"

static struct sv key_text(struct filler *f, const struct value *v)
{
	return value_strval(f, v);
}

/* dict "a" 1 "b" 2; a key without a value has "". */
static bool fn_dict(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	*out = value_dict(f->mem);
	for (size_t i = 0; i < n; i += 2)
		dict_put(f->mem, out->dict, key_text(f, &args[i]),
			 i + 1 < n ? args[i + 1] : value_text(SV("")));
	return true;
}

static bool fn_get(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)f;
	(void)n;
	if (value_absent(&args[0]) || !value_get(&args[0], args[1].text, out))
		*out = value_text(SV(""));
	return true;
}

static bool fn_has_key(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct value ignored;

	(void)f;
	(void)n;
	*out = value_bool(!value_absent(&args[0]) &&
			  value_get(&args[0], args[1].text, &ignored));
	return true;
}

/* The data belongs to whoever else is filled from it. */
static bool own_dict(struct filler *f, const struct value *v)
{
	if (v->kind == VALUE_DICT)
		return true;
	f->final = true;
	return fill_fault(f, "set and unset change only what dict made");
}

static bool fn_set(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)n;
	*out = args[0];
	if (!own_dict(f, &args[0]))
		return false;
	dict_put(f->mem, args[0].dict, args[1].text, args[2]);
	return true;
}

static bool fn_unset(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct dict *d = args[0].dict;
	size_t kept = 0;

	(void)n;
	*out = args[0];
	if (!own_dict(f, &args[0]))
		return false;
	for (size_t i = 0; i < d->keys.n; i++) {
		if (sv_eq(d->keys.v[i], args[1].text))
			continue;
		d->keys.v[kept] = d->keys.v[i];
		d->values.v[kept++] = d->values.v[i];
	}
	d->keys.n = d->values.n = kept;
	return true;
}

/* Go gives the keys in any order; here it is the order of their bytes, so
 * that equal input has equal output. */
static bool fn_keys(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	VEC(struct value) all = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct items one = value_items(f, &args[i]);

		for (size_t k = 0; k < one.n; k++)
			*VEC_ADD(f->mem, &all) = value_text(one.keys[k]);
	}
	*out = value_list(all.v, all.n, true);
	return true;
}

static bool fn_values(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct items all = value_items(f, &args[0]);

	(void)n;
	*out = value_list(all.values, all.n, false);
	return true;
}

/* pluck "key" MAP...: the values of those that have it. */
static bool fn_pluck(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	VEC(struct value) all = { 0 };
	struct value v;

	for (size_t i = 1; i < n; i++)
		if (!value_absent(&args[i]) &&
		    value_get(&args[i], args[0].text, &v))
			*VEC_ADD(f->mem, &all) = v;
	*out = value_list(all.v, all.n, false);
	return true;
}

static bool named(const struct value *args, size_t n, struct sv key)
{
	for (size_t i = 1; i < n; i++)
		if (sv_eq(args[i].text, key))
			return true;
	return false;
}

static bool choose(struct filler *f, const struct value *args, size_t n,
		   bool wanted, struct value *out)
{
	struct items all = value_items(f, &args[0]);

	*out = value_dict(f->mem);
	for (size_t i = 0; i < all.n; i++)
		if (named(args, n, all.keys[i]) == wanted)
			dict_put(f->mem, out->dict, all.keys[i], all.values[i]);
	return true;
}

static bool fn_pick(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	return choose(f, args, n, true, out);
}

static bool fn_omit(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	return choose(f, args, n, false, out);
}

/* A copy that functions may change; maps inside are copied too. */
static struct value copied(struct filler *f, const struct value *v)
{
	struct items all;
	struct value out;

	if (!value_is_map(v) || f->depth >= MAX_GO_TEMPLATE_DEPTH)
		return *v;
	f->depth++;
	all = value_items(f, v);
	out = value_dict(f->mem);
	out.strings = v->strings;
	for (size_t i = 0; i < all.n; i++)
		dict_put(f->mem, out.dict, all.keys[i],
			 copied(f, &all.values[i]));
	f->depth--;
	return out;
}

static bool fn_deep_copy(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	if (value_absent(&args[0]))
		return fill_fault(f, "deepCopy of nothing");
	*out = copied(f, &args[0]);
	return true;
}

/* As mergo: what `to` lacks, or what is empty there, comes from `from`; with
 * `over`, all of it. */
static void merge_into(struct filler *f, struct dict *to,
		       const struct value *from, bool over)
{
	struct items all = value_items(f, from);
	struct value map = { .kind = VALUE_DICT, .plain = true, .dict = to };

	for (size_t i = 0; i < all.n; i++) {
		struct value have;

		bool is_null = value_absent(&all.values[i]);
		bool is_there = value_get(&map, all.keys[i], &have);

		if (is_null && !over)
			continue;
		if (is_there && have.kind == VALUE_DICT &&
		    value_is_map(&all.values[i])) {
			if (f->depth++ < MAX_GO_TEMPLATE_DEPTH)
				merge_into(f, have.dict, &all.values[i], over);
			f->depth--;
		} else if (!is_there || over || !value_true(&have)) {
			dict_put(f->mem, to, all.keys[i],
				 copied(f, &all.values[i]));
		}
	}
}

static bool merge(struct filler *f, const struct value *args, size_t n,
		  bool over, struct value *out)
{
	*out = args[0];
	if (value_absent(&args[0]))
		return fill_fault(f, "merge: expected a map");
	if (out->kind != VALUE_DICT)
		*out = copied(f, &args[0]);
	for (size_t i = 1; i < n; i++)
		if (!value_absent(&args[i]))
			merge_into(f, out->dict, &args[i], over);
	return true;
}

static bool fn_merge(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	return merge(f, args, n, false, out);
}

static bool fn_merge_overwrite(struct filler *f, const struct value *args,
			       size_t n, struct value *out)
{
	return merge(f, args, n, true, out);
}

/* dig "a" "b" DEFAULT MAP */
static bool fn_dig(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	if (n < 3)
		return fill_fault(f, "dig needs at least three arguments");
	if (!value_is_map(&args[n - 1]) || args[n - 1].strings)
		return fill_fault(f, "dig: expected a map");
	*out = args[n - 1];
	for (size_t i = 0; i + 2 < n; i++) {
		struct value map = *out;

		if (args[i].kind != VALUE_STRING || !value_is_map(&map) ||
		    map.strings)
			return fill_fault(f, "dig: expected strings, a value "
					     "and a map");
		if (!value_get(&map, args[i].text, out)) {
			*out = args[n - 2];
			return true;
		}
	}
	return true;
}

static const struct function rows[] = {
	{ "deepCopy", "a", fn_deep_copy, 0, 0 },
	{ "dict", "a*", fn_dict, 0, 0 },
	{ "dig", "a*", fn_dig, 0, 0 },
	{ "get", "ds", fn_get, 0, 0 },
	{ "hasKey", "ds", fn_has_key, 0, 0 },
	{ "keys", "d*", fn_keys, 0, 0 },
	{ "merge", "dd*", fn_merge, 0, 0 },
	{ "mergeOverwrite", "dd*", fn_merge_overwrite, 0, 0 },
	{ "mustDeepCopy", "a", fn_deep_copy, 0, 0 },
	{ "mustMerge", "dd*", fn_merge, 0, 0 },
	{ "mustMergeOverwrite", "dd*", fn_merge_overwrite, 0, 0 },
	{ "omit", "ds*", fn_omit, 0, 0 },
	{ "pick", "ds*", fn_pick, 0, 0 },
	{ "pluck", "sd*", fn_pluck, 0, 0 },
	{ "set", "dsa", fn_set, 0, 0 },
	{ "unset", "ds", fn_unset, 0, 0 },
	{ "values", "d", fn_values, 0, 0 },
};

const struct function_list sprig_dicts = { rows,
					   sizeof(rows) / sizeof(rows[0]) };
