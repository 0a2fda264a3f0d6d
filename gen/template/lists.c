/* Functions of sprig over lists. */
#include <stdlib.h>

#include "base/limits.h"
#include "template/tree.h"

/* The items of what must be a list. */
static bool list_arg(struct filler *f, const char *name, const struct value *v,
		     struct items *out)
{
	if (!value_is_list(v))
		return fill_fault(f, "cannot find %s on type %s", name,
				  value_type(v));
	*out = value_items(f, v);
	return true;
}

static struct value *room(struct filler *f, size_t n)
{
	return ARENA_ARRAY(f->mem, struct value, n + 1);
}

static bool fn_list(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct value *all = room(f, n);

	for (size_t i = 0; i < n; i++)
		all[i] = args[i];
	*out = value_list(all, n, false);
	return true;
}

static bool fn_first(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "first", &args[0], &all))
		return false;
	*out = all.n > 0 ? all.values[0] : value_nil();
	return true;
}

static bool fn_last(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "last", &args[0], &all))
		return false;
	*out = all.n > 0 ? all.values[all.n - 1] : value_nil();
	return true;
}

/* Without the first, or without the last. */
static bool fn_rest(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "rest", &args[0], &all))
		return false;
	*out = all.n > 0 ? value_list(all.values + 1, all.n - 1, false)
			 : value_list(NULL, 0, false);
	return true;
}

static bool fn_initial(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "initial", &args[0], &all))
		return false;
	*out = value_list(all.values, all.n > 0 ? all.n - 1 : 0, false);
	return true;
}

static bool fn_append(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct value *made;
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "append", &args[0], &all))
		return false;
	made = room(f, all.n + 1);
	for (size_t i = 0; i < all.n; i++)
		made[i] = all.values[i];
	made[all.n] = args[1];
	*out = value_list(made, all.n + 1, false);
	return true;
}

static bool fn_prepend(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct value *made;
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "prepend", &args[0], &all))
		return false;
	made = room(f, all.n + 1);
	made[0] = args[1];
	for (size_t i = 0; i < all.n; i++)
		made[i + 1] = all.values[i];
	*out = value_list(made, all.n + 1, false);
	return true;
}

static bool fn_concat(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	VEC(struct value) made = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct items all = { 0 };

		if (!list_arg(f, "concat", &args[i], &all))
			return false;
		for (size_t k = 0; k < all.n; k++)
			*VEC_ADD(f->mem, &made) = all.values[k];
	}
	*out = value_list(made.v, made.n, false);
	return true;
}

static bool fn_reverse(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct value *made;
	struct items all = { 0 };

	(void)n;
	if (!list_arg(f, "reverse", &args[0], &all))
		return false;
	made = room(f, all.n);
	for (size_t i = 0; i < all.n; i++)
		made[all.n - 1 - i] = all.values[i];
	*out = value_list(made, all.n, false);
	return true;
}

static bool is_in(struct filler *f, const struct value *list, size_t n,
		  const struct value *v)
{
	for (size_t i = 0; i < n; i++)
		if (value_same(f, &list[i], v))
			return true;
	return false;
}

/* The items that `keep` takes; it sees those taken so far. */
static bool filter(struct filler *f, const char *name, const struct value *args,
		   size_t n,
		   bool (*keep)(struct filler *f, const struct value *v,
				const struct value *taken, size_t n_taken,
				const struct value *args, size_t n),
		   struct value *out)
{
	struct value *made;
	struct items all = { 0 };
	size_t kept = 0;

	if (!list_arg(f, name, &args[0], &all))
		return false;
	made = room(f, all.n);
	for (size_t i = 0; i < all.n && f->steps < MAX_GO_TEMPLATE_STEPS; i++)
		if (keep(f, &all.values[i], made, kept, args, n))
			made[kept++] = all.values[i];
	*out = value_list(made, kept, false);
	return true;
}

static bool keep_new(struct filler *f, const struct value *v,
		     const struct value *taken, size_t n_taken,
		     const struct value *args, size_t n)
{
	(void)args;
	(void)n;
	f->steps += n_taken;
	return !is_in(f, taken, n_taken, v);
}

static bool keep_full(struct filler *f, const struct value *v,
		      const struct value *taken, size_t n_taken,
		      const struct value *args, size_t n)
{
	(void)f;
	(void)taken;
	(void)n_taken;
	(void)args;
	(void)n;
	return value_true(v);
}

static bool keep_others(struct filler *f, const struct value *v,
			const struct value *taken, size_t n_taken,
			const struct value *args, size_t n)
{
	(void)taken;
	(void)n_taken;
	return !is_in(f, args + 1, n - 1, v);
}

static bool fn_uniq(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	return filter(f, "uniq", args, n, keep_new, out);
}

static bool fn_compact(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	return filter(f, "compact", args, n, keep_full, out);
}

static bool fn_without(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	return filter(f, "without", args, n, keep_others, out);
}

static bool fn_has(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	struct items all = { 0 };

	(void)n;
	*out = value_bool(false);
	if (value_absent(&args[1]))
		return true;
	if (!list_arg(f, "has", &args[1], &all))
		return false;
	*out = value_bool(is_in(f, all.values, all.n, &args[0]));
	return true;
}

static bool fn_slice(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct items all = { 0 };
	int64_t from = 0, to;

	if (!list_arg(f, "slice", &args[0], &all))
		return false;
	if (all.n == 0) {
		*out = value_nil();
		return true;
	}
	to = (int64_t)all.n;
	if (n > 1)
		from = value_to_int(f, &args[1]);
	if (n > 2)
		to = value_to_int(f, &args[2]);
	if (from < 0 || to < from || to > (int64_t)all.n)
		return fill_fault(f, "slice out of range");
	*out = value_list(all.values + from, (size_t)(to - from),
			  args[0].strings);
	return true;
}

static bool fn_chunk(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	int64_t size = args[0].number;
	struct value *made;
	struct items all = { 0 };
	size_t chunks = 0;

	(void)n;
	if (!list_arg(f, "chunk", &args[1], &all))
		return false;
	if (size <= 0)
		return fill_fault(f, "chunk: expected a size above 0");
	made = room(f, all.n);
	for (size_t at = 0; at < all.n; at += (size_t)size) {
		size_t left = all.n - at;

		made[chunks++] = value_list(
			all.values + at,
			left < (size_t)size ? left : (size_t)size, false);
	}
	*out = value_list(made, chunks, false);
	return true;
}

struct items value_strslice(struct filler *f, const struct value *v)
{
	struct items all = { 1, NULL, v };
	struct value *texts;
	size_t kept = 0;

	if (value_is_list(v))
		all = value_items(f, v);
	texts = room(f, all.n);
	for (size_t i = 0; i < all.n; i++)
		if (!value_absent(&all.values[i]))
			texts[kept++] =
				value_text(value_strval(f, &all.values[i]));
	return (struct items){ kept, NULL, texts };
}

static bool fn_to_strings(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	struct items all = value_strslice(f, &args[0]);

	(void)n;
	*out = value_list(all.values, all.n, true);
	return true;
}

static bool fn_join(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct items all = value_strslice(f, &args[1]);
	struct buf b = { .mem = f->mem };

	(void)n;
	for (size_t i = 0; i < all.n && b.n <= MAX_GO_TEMPLATE_TEXT; i++) {
		if (i > 0)
			buf_add(&b, args[0].text);
		buf_add(&b, all.values[i].text);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

static int by_text(const void *a, const void *b)
{
	return sv_cmp(((const struct value *)a)->text,
		      ((const struct value *)b)->text);
}

static bool fn_sort_alpha(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	struct items all = value_strslice(f, &args[0]);
	struct value *sorted = room(f, all.n + 1);

	(void)n;
	if (!value_is_list(&args[0])) {
		sorted[0] = value_text(value_strval(f, &args[0]));
		*out = value_list(sorted, 1, true);
		return true;
	}
	for (size_t i = 0; i < all.n; i++)
		sorted[i] = all.values[i];
	qsort(sorted, all.n, sizeof(sorted[0]), by_text);
	*out = value_list(sorted, all.n, true);
	return true;
}

static struct value parts(struct filler *f, struct sv sep, struct sv s,
			  size_t most)
{
	VEC(struct value) all = { 0 };

	while (all.n + 1 < most && (sep.n > 0 ? sv_has(s, sep) : s.n > 1)) {
		/* An empty separator parts the characters. */
		size_t hit = sep.n > 0 ? sv_find(s, sep) : 1;

		while (sep.n == 0 && hit < s.n &&
		       ((unsigned char)s.p[hit] & 0xc0) == 0x80)
			hit++;
		if (sep.n == 0 && hit == s.n)
			break;
		*VEC_ADD(f->mem, &all) = value_text(sv_head(s, hit));
		s = sv_from(s, hit + sep.n);
	}
	if (sep.n > 0 || s.n > 0)
		*VEC_ADD(f->mem, &all) = value_text(s);
	return value_list(all.v, all.n, true);
}

static bool fn_split_list(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	(void)n;
	*out = parts(f, args[0].text, args[1].text, SIZE_MAX);
	return true;
}

/* {"_0": "a", "_1": "b"} */
static struct value numbered(struct filler *f, const struct value *list)
{
	struct value out = value_dict(f->mem);

	out.strings = true;
	for (size_t i = 0; i < list->n; i++)
		dict_put(f->mem, out.dict, arena_fmt(f->mem, "_%zu", i),
			 list->items[i]);
	return out;
}

static bool fn_split(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct value all = parts(f, args[0].text, args[1].text, SIZE_MAX);

	(void)n;
	*out = numbered(f, &all);
	return true;
}

static bool fn_splitn(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	int64_t most = args[1].number;
	struct value all = most == 0
				   ? value_list(NULL, 0, true)
				   : parts(f, args[0].text, args[2].text,
					   most < 0 ? SIZE_MAX : (size_t)most);

	(void)n;
	*out = numbered(f, &all);
	return true;
}

static const struct function rows[] = {
	{ "append", "aa", fn_append, 0, 0 },
	{ "chunk", "ia", fn_chunk, 0, 0 },
	{ "compact", "a", fn_compact, 0, 0 },
	{ "concat", "a*", fn_concat, 0, 0 },
	{ "first", "a", fn_first, 0, 0 },
	{ "has", "aa", fn_has, 0, 0 },
	{ "initial", "a", fn_initial, 0, 0 },
	{ "join", "sa", fn_join, 0, 0 },
	{ "last", "a", fn_last, 0, 0 },
	{ "list", "a*", fn_list, 0, 0 },
	{ "mustAppend", "aa", fn_append, 0, 0 },
	{ "mustChunk", "ia", fn_chunk, 0, 0 },
	{ "mustCompact", "a", fn_compact, 0, 0 },
	{ "mustFirst", "a", fn_first, 0, 0 },
	{ "mustHas", "aa", fn_has, 0, 0 },
	{ "mustInitial", "a", fn_initial, 0, 0 },
	{ "mustLast", "a", fn_last, 0, 0 },
	{ "mustPrepend", "aa", fn_prepend, 0, 0 },
	{ "mustPush", "aa", fn_append, 0, 0 },
	{ "mustRest", "a", fn_rest, 0, 0 },
	{ "mustReverse", "a", fn_reverse, 0, 0 },
	{ "mustSlice", "aa*", fn_slice, 0, 0 },
	{ "mustUniq", "a", fn_uniq, 0, 0 },
	{ "mustWithout", "aa*", fn_without, 0, 0 },
	{ "prepend", "aa", fn_prepend, 0, 0 },
	{ "push", "aa", fn_append, 0, 0 },
	{ "rest", "a", fn_rest, 0, 0 },
	{ "reverse", "a", fn_reverse, 0, 0 },
	{ "slice", "aa*", fn_slice, 0, 0 },
	{ "sortAlpha", "a", fn_sort_alpha, 0, 0 },
	{ "split", "ss", fn_split, 0, 0 },
	{ "splitList", "ss", fn_split_list, 0, 0 },
	{ "splitn", "sis", fn_splitn, 0, 0 },
	{ "toStrings", "a", fn_to_strings, 0, 0 },
	{ "tuple", "a*", fn_list, 0, 0 },
	{ "uniq", "a", fn_uniq, 0, 0 },
	{ "without", "aa*", fn_without, 0, 0 },
};

const struct function_list sprig_lists = { rows,
					   sizeof(rows) / sizeof(rows[0]) };
