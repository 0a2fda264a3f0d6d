/*
 * configMapGenerator and secretGenerator: the maps that substitution and Helm
 * values read.  Their names keep no hash: what refers to them by name in git
 * does so without it.
 */
#include "base/limits.h"
#include "base/path.h"
#include "render/kustomize/build.h"

struct generator {
	struct kustomize_step *step;
	const struct node *entry;
	struct node *pairs; /* the map under "data" or "stringData" */
};

static int put(struct generator *g, struct loc at, struct sv key,
	       struct sv value)
{
	struct arena *mem = g->step->k->ctx->mem;

	if (key.n == 0)
		return kustomize_error(g->step->diags, at,
				       "missing name of a generated entry");
	g->pairs =
		patch_with(mem, g->pairs, key, patch_str(mem, at, value, NULL));
	return 0;
}

static struct sv unquoted(struct sv v)
{
	if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') &&
	    v.p[v.n - 1] == v.p[0])
		return (struct sv){ v.p + 1, v.n - 2 };
	return v;
}

/* "key=value" */
static int put_literal(struct generator *g, const struct node *n)
{
	size_t eq = n->kind == NODE_SCALAR ? sv_chr(n->scalar, '=') : 0;

	if (n->kind != NODE_SCALAR || eq == n->scalar.n)
		return kustomize_error(g->step->diags, n->at,
				       "invalid literal: expected KEY=VALUE");
	return put(g, n->at, sv_head(n->scalar, eq),
		   unquoted(sv_from(n->scalar, eq + 1)));
}

/* Scripts and dashboards hold no names: without one the rest still counts. */
static int without(struct generator *g, const struct node *n, struct sv path)
{
	diag_warn(g->step->diags, DIAG_KUSTOMIZE, n->at,
		  "\"" SV_FMT
		  "\" is not a file in this tree; the map is read without it",
		  SV_ARG(sv_head(path, 200)));
	return 0;
}

static bool is_here(struct generator *g, struct sv name)
{
	struct sv path;

	return path_join(g->step->k->ctx->mem, g->step->folder, name, &path) &&
	       snapshot_find(g->step->k->ctx->snapshot, path) != NULL;
}

/* "path" or "key=path" */
static int put_file(struct generator *g, const struct node *n)
{
	struct arena *mem = g->step->k->ctx->mem;
	struct sv path, text, key;
	struct node *name;
	size_t eq;

	if (n->kind != NODE_SCALAR)
		return kustomize_error(g->step->diags, n->at,
				       "expected a path");
	eq = sv_chr(n->scalar, '=');
	key = eq < n->scalar.n ? sv_head(n->scalar, eq) : n->scalar;
	if (eq == n->scalar.n)
		key = path_name(key);
	path = eq < n->scalar.n ? sv_from(n->scalar, eq + 1) : n->scalar;
	if (!is_here(g, path))
		return without(g, n, path);
	name = node_new_str(mem, n->at, path);
	if (kustomize_text(g->step, name, &path, &text) < 0)
		return -1;
	return put(g, (struct loc){ path, 1, 1 }, key, text);
}

/* A file of "key=value" lines. */
static int put_env(struct generator *g, const struct node *n)
{
	struct sv path, text, line;
	uint32_t number = 0;

	if (n->kind == NODE_SCALAR && !is_here(g, n->scalar))
		return without(g, n, n->scalar);
	if (kustomize_text(g->step, n, &path, &text) < 0)
		return -1;
	while (sv_cut(&text, '\n', &line)) {
		struct loc at = { path, ++number, 1 };
		size_t eq;

		line = sv_trim(line);
		eq = sv_chr(line, '=');
		if (line.n == 0 || line.p[0] == '#')
			continue;
		/* A name alone takes the caller's environment: unknown here. */
		if (eq == line.n)
			continue;
		if (put(g, at, sv_head(line, eq), sv_from(line, eq + 1)) < 0)
			return -1;
	}
	return 0;
}

static const struct {
	const char *key;
	int (*put)(struct generator *g, const struct node *n);
} parts[] = {
	{ "files", put_file },
	{ "envs", put_env },
	{ "literals", put_literal },
};

static int put_all(struct generator *g)
{
	const struct node *env = node_get(g->entry, SV("env"));

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct node *list =
			node_get(g->entry, sv_of(parts[i].key));

		if (node_len(list) > MAX_GENERATED)
			return kustomize_error(g->step->diags, list->at,
					       "too many entries");
		for (size_t j = 0; j < node_len(list); j++)
			if (parts[i].put(g, node_at(list, j)) < 0)
				return -1;
	}
	return node_is_null(env) ? 0 : put_env(g, env);
}

/* The resource that an earlier step made under this name, or NULL. */
static struct resource *made(struct kustomize_step *s, struct sv kind,
			     const struct node *entry)
{
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct sv space = node_str(entry, SV("namespace"));

		if (!r->dropped && sv_eq(r->kind, kind) &&
		    sv_eq(r->now.name, node_str(entry, SV("name"))) &&
		    (space.n == 0 || sv_eq(space, r->now.namespace)))
			return r;
	}
	return NULL;
}

/* `behavior: merge` and `replace` change one that is there. */
static int change_made(struct generator *g, struct sv kind, struct sv data)
{
	struct resource *r = made(g->step, kind, g->entry);
	struct arena *mem = g->step->k->ctx->mem;
	struct node *old;

	if (r == NULL)
		return kustomize_missing(g->step, g->entry->at, "\"behavior\"",
					 kind, node_str(g->entry, SV("name")));
	old = patch_get(r->root, data);
	if (sv_eq(node_str(g->entry, SV("behavior")), SV("merge"))) {
		for (size_t i = 0; i + 1 < g->pairs->items.n; i += 2)
			old = patch_with(mem, old, g->pairs->items.v[i]->scalar,
					 g->pairs->items.v[i + 1]);
	} else {
		old = g->pairs;
	}
	resource_refresh(r, patch_with(mem, r->root, data, old));
	return 0;
}

static struct node *new_object(struct generator *g, struct sv kind,
			       struct sv data)
{
	struct arena *mem = g->step->k->ctx->mem;
	struct loc at = g->entry->at;
	struct node *root = node_new_map(mem, at);
	struct node *meta = node_new_map(mem, at);
	struct sv space = node_str(g->entry, SV("namespace"));

	node_set(mem, root, SV("apiVersion"), node_new_str(mem, at, SV("v1")));
	node_set(mem, root, SV("kind"), node_new_str(mem, at, kind));
	node_set(mem, meta, SV("name"),
		 node_new_str(mem, at, node_str(g->entry, SV("name"))));
	if (space.n > 0)
		node_set(mem, meta, SV("namespace"),
			 node_new_str(mem, at, space));
	node_set(mem, root, SV("metadata"), meta);
	node_set(mem, root, data, g->pairs);
	return root;
}

static int generate(struct kustomize_step *s, const struct node *entry,
		    struct sv kind, struct sv data)
{
	struct arena *mem = s->k->ctx->mem;
	struct generator g = { .step = s, .entry = entry };
	struct sv behavior = node_str(entry, SV("behavior"));
	struct resource *r;
	struct origin *o;

	g.pairs = node_new_map(mem, entry->at);
	if (put_all(&g) < 0)
		return -1;
	if (behavior.n > 0 && !sv_eq(behavior, SV("create")))
		return change_made(&g, kind, data);
	o = ARENA_NEW(mem, struct origin);
	o->outer = s->outer;
	o->step = "kustomization";
	o->at = entry->at;
	o->text = s->file;
	o->object = arena_fmt(mem, "kustomization " SV_FMT, SV_ARG(s->file));
	r = VEC_ADD(mem, &s->set->list);
	resource_refresh(r, new_object(&g, kind, data));
	r->origin = o;
	return 0;
}

static int generate_all(struct kustomize_step *s, const struct node *list,
			struct sv kind, struct sv data)
{
	for (size_t i = 0; i < node_len(list); i++)
		if (generate(s, node_at(list, i), kind, data) < 0)
			return -1;
	return 0;
}

int kustomize_config_maps(struct kustomize_step *s, const struct node *list)
{
	return generate_all(s, list, SV("ConfigMap"), SV("data"));
}

/* Plain text here: what reads a Secret reads stringData too. */
int kustomize_secrets(struct kustomize_step *s, const struct node *list)
{
	return generate_all(s, list, SV("Secret"), SV("stringData"));
}
