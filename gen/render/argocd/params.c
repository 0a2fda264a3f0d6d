/* Sets of parameters: nested and flat, merged and completed. */
#include "base/buf.h"
#include "render/argocd/generate.h"

void params_set_text(struct arena *mem, struct node *map, struct sv key,
		     struct sv value, struct loc at)
{
	node_set(mem, map, key, node_new_str(mem, at, value));
}

/* RFC 1123 name, as Argo CD's SanitizeName(): any other character becomes "-",
 * and none stands at an end. */
struct sv params_name(struct arena *mem, struct sv s)
{
	struct sv name = arena_lower(mem, s);
	char *p = ARENA_ARRAY(mem, char, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		/* The later bytes of a character of UTF-8. */
		if (c >= 0x80 && c < 0xc0)
			continue;
		p[n++] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
					 c == '.'
				 ? (char)c
				 : '-';
	}
	name = sv_head((struct sv){ p, n }, 253);
	while (name.n > 0 && (name.p[0] == '-' || name.p[0] == '.'))
		name = sv_from(name, 1);
	while (name.n > 0 &&
	       (name.p[name.n - 1] == '-' || name.p[name.n - 1] == '.'))
		name.n--;
	return name;
}

struct sv params_text(struct arena *mem, const struct node *value)
{
	struct filler f = { .mem = mem, .dialect = &argocd_dialect };
	struct buf b = { .mem = mem };
	struct value v = value_data(value);

	if (value->kind == NODE_SCALAR && value->type == SCALAR_STRING)
		return value->scalar;
	if (node_is_null(value))
		return SV("<nil>");
	value_print(&f, &b, &v);
	return buf_sv(&b);
}

static void flatten(struct arena *mem, struct node *to, struct sv prefix,
		    const struct node *n)
{
	bool map = n->kind == NODE_MAP;

	/* In Argo CD a list of strings by its type, printed as one. */
	if (n->kind == NODE_SCALAR ||
	    (n->kind == NODE_LIST && sv_ends(prefix, SV("path.segments")))) {
		params_set_text(mem, to, prefix, params_text(mem, n), n->at);
		return;
	}
	for (size_t i = 0; i + map < n->items.n; i += map ? 2 : 1) {
		struct sv key =
			map ? n->items.v[i]->scalar : arena_fmt(mem, "%zu", i);

		if (prefix.n > 0)
			key = arena_fmt(mem, SV_FMT "." SV_FMT, SV_ARG(prefix),
					SV_ARG(key));
		flatten(mem, to, key, n->items.v[i + map]);
	}
}

struct node *params_flat(struct arena *mem, const struct node *map)
{
	struct node *flat = node_new_map(mem, map->at);

	flatten(mem, flat, SV(""), map);
	return flat;
}

static struct node *find(const struct node *map, struct sv key)
{
	for (size_t i = map->items.n; i >= 2; i -= 2)
		if (sv_eq(map->items.v[i - 2]->scalar, key))
			return map->items.v[i - 1];
	return NULL;
}

void params_merge(struct arena *mem, struct node *to, const struct node *from)
{
	for (size_t i = 0; i + 1 < from->items.n; i += 2) {
		struct sv key = from->items.v[i]->scalar;
		struct node *have = find(to, key);
		struct node *value = from->items.v[i + 1];

		if (have != NULL && have->kind == NODE_MAP &&
		    value->kind == NODE_MAP)
			params_merge(mem, have, value);
		else
			node_set(mem, to, key, node_copy(mem, value));
	}
}

/* The zero value of its type in Go. */
static bool is_zero(const struct node *n)
{
	if (n->kind != NODE_SCALAR)
		return n->items.n == 0;
	if (node_is_null(n) || n->scalar.n == 0)
		return true;
	if (n->type == SCALAR_BOOL)
		return !node_is_true(n);
	return (n->type == SCALAR_INT || n->type == SCALAR_FLOAT) &&
	       node_real(n) == 0;
}

void params_complete(struct arena *mem, struct node *to,
		     const struct node *from)
{
	for (size_t i = 0; i + 1 < from->items.n; i += 2) {
		struct sv key = from->items.v[i]->scalar;
		struct node *have = find(to, key);
		struct node *value = from->items.v[i + 1];

		if (have == NULL || is_zero(have))
			node_set(mem, to, key, node_copy(mem, value));
		else if (have->kind == NODE_MAP && value->kind == NODE_MAP &&
			 !sv_eq(key, SV("valuesObject")))
			params_complete(mem, have, value);
	}
}
