#include "render/known.h"

#include "base/limits.h"

enum known_how { KNOWN_BUILT, KNOWN_NONE, KNOWN_UNBUILT };

static const struct {
	const char *map, *key;
	enum known_how how;
	const char *below;
} rows[] = {
#define KNOWN(map, key, how, below) { map, key, KNOWN_##how, below },
#include "render/known.def"
#undef KNOWN
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

struct walk {
	const struct render_ctx *ctx;
	struct diags *diags;
	struct sv object;
	struct known_keys found;
};

static bool is_empty(const struct node *n)
{
	if (node_is_null(n))
		return true;
	if (n->kind == NODE_SCALAR)
		return n->scalar.n == 0 || (n->type == SCALAR_BOOL &&
					    sv_eq(n->scalar, SV("false")));
	return n->items.n == 0;
}

static bool is_ignored(const struct walk *w, struct sv path)
{
	const struct strings *keys = &w->ctx->publisher->opt.ignore_keys;

	for (size_t i = 0; i < keys->list.n; i++) {
		struct sv key = keys->list.v[i];

		if (sv_eq(path, key) ||
		    (sv_starts(path, key) && path.p[key.n] == '.'))
			return true;
	}
	return false;
}

static void report(struct walk *w, struct loc at, struct sv path, bool known)
{
	if (known)
		w->found.unbuilt++;
	else
		w->found.unknown++;
	diag_file(w->diags, DIAG_KEY, DIAG_ERROR, at,
		  SV_FMT ": %s key " SV_FMT
			 "; if names do not depend on it, add it to "
			 "ignore-keys",
		  SV_ARG(w->object), known ? "unsupported" : "unknown",
		  SV_ARG(sv_head(path, 200)));
	diag_object(w->diags, w->object);
}

static size_t find_row(struct sv map, struct sv key)
{
	size_t i = 0;

	while (i < ROWS && !(sv_eq(sv_of(rows[i].key), key) &&
			     sv_eq(sv_of(rows[i].map), map)))
		i++;
	return i;
}

static void check_map(struct walk *w, struct sv map, struct sv path,
		      const struct node *n, unsigned depth);

static void check_pair(struct walk *w, struct sv map, struct sv path,
		       const struct node *key, const struct node *value,
		       unsigned depth)
{
	struct sv own = arena_fmt(w->ctx->mem, SV_FMT "." SV_FMT, SV_ARG(path),
				  SV_ARG(sv_head(key->scalar, 200)));
	size_t i = find_row(map, key->scalar);

	if (is_empty(value) || is_ignored(w, own))
		return;
	if (i == ROWS || rows[i].how == KNOWN_UNBUILT)
		report(w, key->at, own, i < ROWS);
	else if (rows[i].how == KNOWN_BUILT && rows[i].below[0] != '\0')
		check_map(w, sv_of(rows[i].below), own, value, depth + 1);
}

/* `n` is a map, or a list of maps. */
static void check_map(struct walk *w, struct sv map, struct sv path,
		      const struct node *n, unsigned depth)
{
	if (depth > MAX_YAML_DEPTH)
		return;
	for (size_t i = 0; n->kind == NODE_LIST && i < n->items.n; i++)
		check_map(w, map, path, n->items.v[i], depth + 1);
	for (size_t i = 0; n->kind == NODE_MAP && i + 1 < n->items.n; i += 2)
		if (n->items.v[i]->kind == NODE_SCALAR)
			check_pair(w, map, path, n->items.v[i],
				   n->items.v[i + 1], depth);
}

struct known_keys known_check(const struct render_ctx *ctx, struct diags *d,
			      const char *map, struct sv kind, struct sv object,
			      const struct node *root)
{
	struct walk w = { .ctx = ctx, .diags = d, .object = object };

	if (root != NULL)
		check_map(&w, sv_of(map), kind, root, 0);
	return w.found;
}

bool known_skips(const struct render_ctx *ctx, struct diags *d,
		 struct sv object, struct loc at, struct sv key)
{
	struct walk w = { .ctx = ctx, .diags = d, .object = object };

	if (is_ignored(&w, key))
		return true;
	report(&w, at, key, true);
	return false;
}

struct sv known_object(struct arena *mem, struct sv kind, struct sv namespace,
		       struct sv name)
{
	return arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT, SV_ARG(kind),
			 SV_ARG(namespace), SV_ARG(name));
}
