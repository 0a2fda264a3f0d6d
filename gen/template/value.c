/* Values of templates: the data's nodes, and what functions make. */
#include <stdlib.h>

#include "base/limits.h"
#include "template/tree.h"

struct value value_text(struct sv s)
{
	return (struct value){ .kind = VALUE_STRING, .text = s };
}

struct value value_bool(bool b)
{
	return (struct value){ .kind = VALUE_BOOL, .yes = b };
}

struct value value_int(int64_t n)
{
	return (struct value){ .kind = VALUE_INT, .number = n };
}

struct value value_nil(void)
{
	return (struct value){ .kind = VALUE_NIL };
}

struct value value_list(const struct value *items, size_t n, bool strings)
{
	return (struct value){
		.kind = VALUE_LIST, .items = items, .n = n, .strings = strings
	};
}

struct value value_dict(struct arena *mem)
{
	return (struct value){ .kind = VALUE_DICT,
			       .plain = true,
			       .dict = ARENA_NEW(mem, struct dict) };
}

static struct value value_scalar(const struct node *n)
{
	struct value v = value_text(n->scalar);
	int64_t whole;

	if (n->type == SCALAR_BOOL)
		return value_bool(node_is_true(n));
	if (n->type == SCALAR_INT && node_integer(n, &whole)) {
		v = value_int(whole);
		v.wide = true;
		v.real = node_real(n);
	} else if (n->type == SCALAR_INT || n->type == SCALAR_FLOAT) {
		v.kind = VALUE_FLOAT;
		v.real = node_real(n);
	}
	return v;
}

struct value value_of_node(const struct node *n, bool strings)
{
	if (n == NULL)
		return (struct value){ .kind = VALUE_MISSING };
	if (n->kind != NODE_SCALAR)
		return (struct value){ .kind = VALUE_NODE,
				       .node = n,
				       .strings = strings };
	if (strings)
		return value_text(node_is_null(n) ? SV("") : n->scalar);
	if (node_is_null(n))
		return value_nil();
	return value_scalar(n);
}

struct value value_below(const struct value *v, const struct node *n)
{
	struct value below = value_of_node(n, v->strings);

	below.floats = v->floats;
	if (below.kind == VALUE_INT && v->floats)
		below.kind = VALUE_FLOAT;
	return below;
}

struct value value_data(const struct node *n)
{
	const struct value top = { .floats = true };
	struct value v = n == NULL ? value_nil() : value_below(&top, n);

	v.plain = true;
	return v;
}

bool value_is_map(const struct value *v)
{
	return v->kind == VALUE_DICT ||
	       (v->kind == VALUE_NODE && v->node->kind == NODE_MAP);
}

bool value_is_list(const struct value *v)
{
	return v->kind == VALUE_LIST ||
	       (v->kind == VALUE_NODE && v->node->kind == NODE_LIST);
}

bool value_absent(const struct value *v)
{
	return v->kind == VALUE_MISSING || v->kind == VALUE_NIL;
}

size_t value_len(const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return v->text.n;
	if (v->kind == VALUE_LIST)
		return v->n;
	if (v->kind == VALUE_DICT)
		return v->dict->keys.n;
	if (v->kind != VALUE_NODE)
		return 0;
	return v->node->kind == NODE_MAP ? v->node->items.n / 2
					 : v->node->items.n;
}

bool value_true(const struct value *v)
{
	switch (v->kind) {
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_ZERO:
		return false;
	case VALUE_BOOL:
		return v->yes;
	case VALUE_INT:
		return v->number != 0;
	case VALUE_FLOAT:
		return v->real != 0;
	case VALUE_STRING:
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
		return value_len(v) > 0;
	case VALUE_HOST:
		return true;
	}
	return false;
}

bool value_get(const struct value *map, struct sv key, struct value *out)
{
	const struct node *n = NULL;

	if (map->kind == VALUE_DICT) {
		for (size_t i = 0; i < map->dict->keys.n; i++)
			if (sv_eq(map->dict->keys.v[i], key)) {
				*out = map->dict->values.v[i];
				return true;
			}
		return false;
	}
	if (map->kind == VALUE_NODE)
		n = node_get(map->node, key);
	if (n == NULL)
		return false;
	*out = value_below(map, n);
	out->plain = map->plain;
	return true;
}

void dict_put(struct arena *mem, struct dict *d, struct sv key,
	      struct value value)
{
	for (size_t i = 0; i < d->keys.n; i++)
		if (sv_eq(d->keys.v[i], key)) {
			d->values.v[i] = value;
			return;
		}
	*VEC_ADD(mem, &d->keys) = key;
	*VEC_ADD(mem, &d->values) = value;
}

struct entry {
	struct sv key;
	struct value value;
};

static int by_key(const void *a, const void *b)
{
	return sv_cmp(((const struct entry *)a)->key,
		      ((const struct entry *)b)->key);
}

static struct entry *map_entries(struct arena *mem, const struct value *v,
				 size_t n)
{
	struct entry *all = ARENA_ARRAY(mem, struct entry, n + 1);

	for (size_t i = 0; i < n; i++) {
		if (v->kind == VALUE_DICT) {
			all[i].key = v->dict->keys.v[i];
			all[i].value = v->dict->values.v[i];
			continue;
		}
		all[i].key = v->node->items.v[2 * i]->scalar;
		all[i].value = value_below(v, v->node->items.v[2 * i + 1]);
		all[i].value.plain = v->plain;
	}
	qsort(all, n, sizeof(all[0]), by_key);
	return all;
}

static struct items map_items(struct filler *f, const struct value *v)
{
	size_t n = value_len(v);
	struct entry *all = map_entries(f->mem, v, n);
	struct sv *keys = ARENA_ARRAY(f->mem, struct sv, n + 1);
	struct value *values = ARENA_ARRAY(f->mem, struct value, n + 1);

	for (size_t i = 0; i < n; i++) {
		keys[i] = all[i].key;
		values[i] = all[i].value;
	}
	return (struct items){ n, keys, values };
}

struct items value_items(struct filler *f, const struct value *v)
{
	size_t n = value_len(v);
	struct value *values;

	/* Whatever walks values comes by here, also one that shares its parts
	 * so often that a copy would never end. */
	f->steps += n + 1;
	if (f->steps > MAX_GO_TEMPLATE_STEPS) {
		(void)fill_fault(f, "more than %d steps",
				 MAX_GO_TEMPLATE_STEPS);
		return (struct items){ 0, NULL, NULL };
	}
	if (value_is_map(v))
		return map_items(f, v);
	if (v->kind == VALUE_LIST)
		return (struct items){ n, NULL, v->items };
	if (v->kind != VALUE_NODE)
		return (struct items){ 0, NULL, NULL };
	values = ARENA_ARRAY(f->mem, struct value, n + 1);
	for (size_t i = 0; i < n; i++) {
		values[i] = value_below(v, node_at(v->node, i));
		values[i].plain = v->plain;
		values[i].known = v->known;
		if (sv_starts(v->type, SV("[]")))
			values[i].type = sv_from(v->type, 2);
	}
	return (struct items){ n, NULL, values };
}

static bool same_items(struct filler *f, const struct value *a,
		       const struct value *b)
{
	struct items x = value_items(f, a), y = value_items(f, b);

	if (x.n != y.n || (x.keys == NULL) != (y.keys == NULL))
		return false;
	for (size_t i = 0; i < x.n; i++)
		if ((x.keys != NULL && !sv_eq(x.keys[i], y.keys[i])) ||
		    !value_same(f, &x.values[i], &y.values[i]))
			return false;
	return true;
}

bool value_same(struct filler *f, const struct value *a, const struct value *b)
{
	if (value_absent(a) || value_absent(b))
		return value_absent(a) && value_absent(b);
	if ((value_is_list(a) && value_is_list(b)) ||
	    (value_is_map(a) && value_is_map(b)))
		return a->strings == b->strings && same_items(f, a, b);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_BOOL:
		return a->yes == b->yes;
	case VALUE_INT:
		return a->number == b->number && a->wide == b->wide;
	case VALUE_FLOAT:
		return a->real == b->real;
	case VALUE_STRING:
		return sv_eq(a->text, b->text);
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_ZERO:
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
	case VALUE_HOST:
		break;
	}
	return false;
}
