#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "manifest/manifest.h"
#include "manifest/scalar.h"

enum {
	/* Below this many keys a walk over all pairs beats a hash. */
	FEW_KEYS = 8,
};

static bool key_is(const struct node *key, struct sv want)
{
	return key->kind == NODE_SCALAR && sv_eq(key->scalar, want);
}

/* Of two equal keys the last one counts, as in every Go reader. */
const struct node *node_get(const struct node *map, struct sv key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = map->items.n; i >= 2; i -= 2)
		if (key_is(map->items.v[i - 2], key))
			return map->items.v[i - 1];
	return NULL;
}

const struct node *node_path(const struct node *map, struct sv path)
{
	struct sv key;

	while (map != NULL && sv_cut(&path, '.', &key))
		map = node_get(map, key);
	return map;
}

struct sv node_str(const struct node *map, struct sv key)
{
	const struct node *n = node_get(map, key);

	if (node_is_null(n) || n->kind != NODE_SCALAR)
		return SV("");
	return n->scalar;
}

static bool is_number(const struct node *n)
{
	return n != NULL && n->kind == NODE_SCALAR &&
	       (n->type == SCALAR_INT || n->type == SCALAR_FLOAT);
}

static struct scalar_number number_of(const struct node *n)
{
	struct arena *mem = arena_new();
	struct scalar_number v = scalar_number(mem, n->type, n->scalar);

	arena_free(mem);
	return v;
}

double node_real(const struct node *n)
{
	return number_of(n).real;
}

/* What JSON has for it, as ParseInt reads that: 60.0 is written as 60. */
static bool real_integer(double real, int64_t *out)
{
	struct arena *mem = arena_new();
	struct sv text = isfinite(real) ? go_json_float(mem, real) : SV("");
	bool negative = sv_starts(text, SV("-"));
	unsigned long long n = 0;
	bool ok = sv_number(sv_from(text, negative ? 1 : 0), INT64_MAX, &n);

	arena_free(mem);
	if (ok)
		*out = negative ? -(int64_t)n : (int64_t)n;
	return ok;
}

bool node_integer(const struct node *n, int64_t *out)
{
	struct scalar_number v;

	if (!is_number(n))
		return false;
	v = number_of(n);
	if (!v.whole)
		return real_integer(v.real, out);
	if (v.magnitude > (uint64_t)INT64_MAX + (v.negative ? 1 : 0))
		return false;
	*out = v.negative ? (int64_t)-v.magnitude : (int64_t)v.magnitude;
	return true;
}

bool node_is_true(const struct node *n)
{
	return n != NULL && n->kind == NODE_SCALAR && n->type == SCALAR_BOOL &&
	       scalar_is_true(n->scalar);
}

bool node_true(const struct node *map, struct sv key)
{
	const struct node *n = node_get(map, key);

	return node_is_true(n) ||
	       (n != NULL && n->kind == NODE_SCALAR &&
		n->type == SCALAR_STRING && sv_eq(n->scalar, SV("true")));
}

size_t node_len(const struct node *list)
{
	return list != NULL && list->kind == NODE_LIST ? list->items.n : 0;
}

const struct node *node_at(const struct node *list, size_t i)
{
	return i < node_len(list) ? list->items.v[i] : NULL;
}

bool node_is_null(const struct node *n)
{
	return n == NULL || (n->kind == NODE_SCALAR && n->type == SCALAR_NULL);
}

struct node *node_copy(struct arena *mem, const struct node *n)
{
	struct node *copy = ARENA_NEW(mem, struct node);

	*copy = *n;
	copy->at.file = n->at.file;
	if (n->kind == NODE_SCALAR) {
		copy->scalar = arena_sv(mem, n->scalar);
		return copy;
	}
	copy->items.cap = n->items.n;
	copy->items.v = NULL;
	if (n->items.n > 0)
		copy->items.v = ARENA_ARRAY(mem, struct node *, n->items.n);
	for (size_t i = 0; i < n->items.n; i++)
		copy->items.v[i] = node_copy(mem, n->items.v[i]);
	return copy;
}

static struct node *node_new(struct arena *mem, enum node_kind kind,
			     struct loc at)
{
	struct node *n = ARENA_NEW(mem, struct node);

	n->kind = kind;
	n->at = at;
	n->weight = 1;
	return n;
}

struct node *node_new_map(struct arena *mem, struct loc at)
{
	return node_new(mem, NODE_MAP, at);
}

struct node *node_new_list(struct arena *mem, struct loc at)
{
	return node_new(mem, NODE_LIST, at);
}

struct node *node_new_str(struct arena *mem, struct loc at, struct sv s)
{
	struct node *n = node_new(mem, NODE_SCALAR, at);

	n->quoted = true;
	n->scalar = arena_sv(mem, s);
	return n;
}

void node_set(struct arena *mem, struct node *map, struct sv key,
	      struct node *value)
{
	for (size_t i = map->items.n; i >= 2; i -= 2) {
		if (!key_is(map->items.v[i - 2], key))
			continue;
		map->items.v[i - 1] = value;
		return;
	}
	node_add(mem, map, node_new_str(mem, value->at, key));
	node_add(mem, map, value);
}

void node_add(struct arena *mem, struct node *list, struct node *value)
{
	*VEC_ADD(mem, &list->items) = value;
	list->weight += value->weight;
}

/* Where many keys are twice, the first hundred are warned. */
struct key_check {
	struct diags *diags;
	enum diag_severity severity;
	size_t warned;
};

static void tell_twice(struct key_check *c, const struct node *key,
		       const struct node *first)
{
	if (c->warned++ >= MAX_SAME_MESSAGES)
		return;
	diag_file(c->diags, DIAG_YAML_DUP_KEY, c->severity, key->at,
		  "key \"" SV_FMT "\" appears twice, first in line %u",
		  SV_ARG(sv_head(key->scalar, 80)), first->at.line);
	diag_related(c->diags, first->at);
}

static void check_few(const struct node *map, struct key_check *c)
{
	for (size_t i = 2; i + 1 < map->items.n; i += 2)
		for (size_t j = 0; j < i; j += 2)
			if (map->items.v[i]->kind == NODE_SCALAR &&
			    key_is(map->items.v[j], map->items.v[i]->scalar)) {
				tell_twice(c, map->items.v[i], map->items.v[j]);
				break;
			}
}

static void check_many(const struct node *map, struct key_check *c)
{
	struct arena *mem = arena_under(c->diags->mem);
	struct map seen = { .mem = mem };

	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		struct node *key = map->items.v[i];
		const struct node *first;

		if (key->kind != NODE_SCALAR)
			continue;
		first = map_get(&seen, key->scalar);
		if (first != NULL)
			tell_twice(c, key, first);
		else
			map_put(&seen, key->scalar, key);
	}
	arena_free(mem);
}

static void check_below(const struct node *n, struct key_check *c)
{
	if (n->kind == NODE_MAP && n->items.n <= 2 * (size_t)FEW_KEYS)
		check_few(n, c);
	else if (n->kind == NODE_MAP)
		check_many(n, c);
	for (size_t i = 0; i < n->items.n; i++)
		if (n->items.v[i]->kind != NODE_SCALAR)
			check_below(n->items.v[i], c);
}

int node_check_keys(const struct node *n, enum diag_severity severity,
		    struct diags *d)
{
	struct key_check c = { .diags = d, .severity = severity };

	if (n != NULL && n->kind != NODE_SCALAR)
		check_below(n, &c);
	return c.warned > 0 ? -1 : 0;
}
