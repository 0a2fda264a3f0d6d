/* ApplicationSets: generators give parameters, the template Applications. */
#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/argocd/walk.h"
#include "render/known.h"

static void set_str(struct arena *mem, struct node *map, struct sv key,
		    struct sv value, struct loc at)
{
	node_set(mem, map, key, node_new_str(mem, at, value));
}

/* RFC 1123 name, as Argo CD's SanitizeName(): any other character becomes "-",
 * and none stands at an end. */
struct sv argocd_normalised(struct arena *mem, struct sv s)
{
	struct sv name = arena_lower(mem, s);
	char *p = ARENA_ARRAY(mem, char, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		p[i] = (name.p[i] >= 'a' && name.p[i] <= 'z') ||
				       (name.p[i] >= '0' && name.p[i] <= '9') ||
				       name.p[i] == '.'
			       ? name.p[i]
			       : '-';
	name = sv_head((struct sv){ p, name.n }, 253);
	while (name.n > 0 && (name.p[0] == '-' || name.p[0] == '.'))
		name = sv_from(name, 1);
	while (name.n > 0 &&
	       (name.p[name.n - 1] == '-' || name.p[name.n - 1] == '.'))
		name.n--;
	return name;
}

/* path, path.basename, path[0]...: flat keys, or a map for Go templates. */
static void add_path(struct arena *mem, struct node *params, struct sv path,
		     struct sv filename, bool go, struct loc at)
{
	struct node *map = node_new_map(mem, at);
	struct node *segments = node_new_list(mem, at);
	struct sv rest = path, part;
	size_t n = 0;

	while (sv_cut(&rest, '/', &part)) {
		node_add(mem, segments, node_new_str(mem, at, part));
		if (!go)
			set_str(mem, params, arena_fmt(mem, "path[%zu]", n++),
				part, at);
	}
	if (!go) {
		set_str(mem, params, SV("path"), path, at);
		set_str(mem, params, SV("path.basename"), path_name(path), at);
		set_str(mem, params, SV("path.basenameNormalized"),
			argocd_normalised(mem, path_name(path)), at);
		set_str(mem, params, SV("path.filename"), filename, at);
		return;
	}
	set_str(mem, map, SV("path"), path, at);
	set_str(mem, map, SV("basename"), path_name(path), at);
	set_str(mem, map, SV("basenameNormalized"),
		argocd_normalised(mem, path_name(path)), at);
	set_str(mem, map, SV("filename"), filename, at);
	node_set(mem, map, SV("segments"), segments);
	node_set(mem, params, SV("path"), map);
}

/* Say which expression, and why. */
static void unfilled(struct argocd *a, const struct object *set,
		     const struct argocd_unfilled *u)
{
	diag_warn(a->diags, DIAG_ARGOCD, u->at,
		  "ApplicationSet " SV_FMT ": cannot fill \"" SV_FMT
		  "\" from what is in git: %s; an Application is missing",
		  SV_ARG(set->name), SV_ARG(u->text), u->why);
}

struct generation {
	struct argocd *a;
	const struct object *set;
	const struct node *generator; /* the part below its name */
	const struct argocd_rules *rules;
	unsigned depth;
	struct params *out;
};

static int add(struct generation *g, const struct node *params)
{
	if (g->out->list.n >= MAX_ARGOCD_PARAMS)
		return diag_error(g->a->diags, DIAG_ARGOCD, g->generator->at,
				  "ApplicationSet " SV_FMT
				  ": more than %d sets of parameters",
				  SV_ARG(g->set->name), MAX_ARGOCD_PARAMS);
	*VEC_ADD(g->a->ctx->mem, &g->out->list) = params;
	return 0;
}

static int from_list(struct generation *g)
{
	const struct node *elements = node_get(g->generator, SV("elements"));
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < node_len(elements); i++)
		if (node_at(elements, i)->kind == NODE_MAP)
			rc = add(g, node_at(elements, i));
	return rc;
}

static int from_clusters(struct generation *g)
{
	const struct config *c = g->a->ctx->config;
	struct arena *mem = g->a->ctx->mem;
	int rc = 0;

	if (c->clusters.n == 0)
		diag_warn(g->a->diags, DIAG_ARGOCD, g->generator->at,
			  "ApplicationSet " SV_FMT
			  ": clusters are not in git; name them under "
			  "argocd-clusters",
			  SV_ARG(g->set->name));
	for (size_t i = 0; rc == 0 && i < c->clusters.n; i++) {
		const struct argocd_cluster *k = &c->clusters.v[i];
		struct loc at = g->generator->at;
		struct node *p = node_new_map(mem, at);

		set_str(mem, p, SV("name"), k->name, at);
		set_str(mem, p, SV("nameNormalized"),
			argocd_normalised(mem, k->name), at);
		set_str(mem, p, SV("server"), k->server, at);
		for (size_t n = 0; n < k->labels.list.n; n++)
			set_str(mem, p,
				arena_fmt(mem, "metadata.labels." SV_FMT,
					  SV_ARG(k->labels.list.v[n].name)),
				k->labels.list.v[n].value, at);
		rc = add(g, p);
	}
	return rc;
}

/* The rows of a git generator: what they take, and what they leave out. */
struct choice {
	struct globs in, out;
};

static struct choice choice_of(struct arena *mem, const struct node *rows)
{
	struct choice c = { 0 };

	for (size_t i = 0; i < node_len(rows); i++) {
		const struct node *row = node_at(rows, i);
		bool out = node_true(row, SV("exclude"));

		/* Anchored: Argo CD matches the whole path. */
		globs_add(mem, out ? &c.out : &c.in,
			  arena_fmt(mem, "/" SV_FMT,
				    SV_ARG(node_str(row, SV("path")))));
	}
	return c;
}

/* An empty list of globs would match all. */
static bool takes(const struct globs *g, struct sv path)
{
	return g->list.n > 0 && globs_match(g, path);
}

static bool excluded(const struct choice *c, struct sv path)
{
	return !takes(&c->in, path) || takes(&c->out, path);
}

/* Every path of the snapshot is tried by each row. */
static void count_paths(struct generation *g, const struct node *rows)
{
	work_spend(g->a->ctx->mem, WORK_PATHS,
		   snapshot_count(g->a->ctx->snapshot) * node_len(rows),
		   g->generator->at);
}

/* Every folder that holds a file, once. */
static int each_folder(struct generation *g, const struct choice *chosen,
		       struct map *seen)
{
	const struct render_ctx *ctx = g->a->ctx;

	for (size_t i = 0; i < snapshot_count(ctx->snapshot); i++) {
		struct sv path = snapshot_at(ctx->snapshot, i)->path;

		while ((path = path_folder(path)).n > 0) {
			struct node *p;

			if (map_get(seen, path) != NULL)
				break;
			map_put(seen, path, g);
			if (excluded(chosen, path))
				continue;
			p = node_new_map(ctx->mem, g->generator->at);
			add_path(ctx->mem, p, path, SV(""), g->rules->go,
				 g->generator->at);
			if (add(g, p) < 0)
				return -1;
		}
	}
	return 0;
}

static int from_directories(struct generation *g, const struct node *rows)
{
	struct arena *own = arena_under(g->a->ctx->mem);
	struct choice chosen = choice_of(own, rows);
	struct map seen = { .mem = own };
	int rc;

	count_paths(g, rows);
	rc = each_folder(g, &chosen, &seen);
	arena_free(own);
	return rc;
}

static int from_file(struct generation *g, const struct snapshot_file *f)
{
	const struct render_ctx *ctx = g->a->ctx;
	struct documents docs = { 0 };
	struct sv folder = path_folder(f->path);
	struct sv text;

	if (snapshot_read(ctx->snapshot, f, ctx->mem, g->a->diags, ctx->fault,
			  &text) < 0)
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	if (manifest_parse(ctx->mem, g->a->diags, f->path, text, &docs) < 0)
		return 0;
	for (size_t i = 0; i < docs.list.n; i++) {
		struct node *p;

		if (docs.list.v[i]->kind != NODE_MAP)
			continue;
		p = node_copy(ctx->mem, docs.list.v[i]);
		add_path(ctx->mem, p, folder, path_name(f->path), g->rules->go,
			 g->generator->at);
		if (add(g, p) < 0)
			return -1;
	}
	return 0;
}

static int from_files(struct generation *g, const struct node *rows)
{
	struct choice chosen = choice_of(g->a->ctx->mem, rows);
	struct snapshot *s = g->a->ctx->snapshot;
	int rc = 0;

	count_paths(g, rows);
	for (size_t i = 0; rc == 0 && i < snapshot_count(s); i++)
		if (!excluded(&chosen, snapshot_at(s, i)->path))
			rc = from_file(g, snapshot_at(s, i));
	return rc;
}

static int from_git(struct generation *g)
{
	const struct node *folders = node_get(g->generator, SV("directories"));
	const struct node *files = node_get(g->generator, SV("files"));

	if (folders != NULL)
		return from_directories(g, folders);
	return files != NULL ? from_files(g, files) : 0;
}

static const struct node *merged(struct arena *mem, const struct node *a,
				 const struct node *b)
{
	struct node *to = node_copy(mem, a);

	for (size_t i = 0; b->kind == NODE_MAP && i + 1 < b->items.n; i += 2)
		node_set(mem, to, b->items.v[i]->scalar, b->items.v[i + 1]);
	return to;
}

/* Each of the first with each of the second, which may use the first's. */
static int from_matrix(struct generation *g)
{
	const struct node *two = node_get(g->generator, SV("generators"));
	struct arena *mem = g->a->ctx->mem;
	struct params left = { 0 };
	int rc;

	if (node_len(two) != 2)
		return diag_error(g->a->diags, DIAG_ARGOCD, g->generator->at,
				  "ApplicationSet " SV_FMT
				  ": matrix: expected two generators",
				  SV_ARG(g->set->name));
	struct node *one = node_new_list(mem, two->at);

	node_add(mem, one, node_copy(mem, node_at(two, 0)));
	rc = argocd_generate(g->a, g->set, one, g->rules, g->depth + 1, &left);
	for (size_t i = 0; rc == 0 && i < left.list.n; i++) {
		struct node *other = node_new_list(mem, two->at);
		struct params right = { 0 };
		struct argocd_unfilled left_out;
		struct node *filled =
			argocd_fill(g->a, node_at(two, 1), left.list.v[i],
				    g->rules, &left_out);

		if (filled == NULL) {
			unfilled(g->a, g->set, &left_out);
			continue;
		}
		node_add(mem, other, filled);
		rc = argocd_generate(g->a, g->set, other, g->rules,
				     g->depth + 1, &right);
		for (size_t k = 0; rc == 0 && k < right.list.n; k++)
			rc = add(g,
				 merged(mem, left.list.v[i], right.list.v[k]));
	}
	return rc;
}

static const struct {
	const char *name;
	int (*make)(struct generation *g);
} generator_rows[] = {
	{ "clusters", from_clusters },
	{ "git", from_git },
	{ "list", from_list },
	{ "matrix", from_matrix },
};

enum { GENERATORS = sizeof(generator_rows) / sizeof(generator_rows[0]) };

static int generate_one(struct generation *g, const struct node *entry)
{
	for (size_t i = 0; i < GENERATORS; i++) {
		g->generator = node_get(entry, sv_of(generator_rows[i].name));
		if (g->generator != NULL)
			return generator_rows[i].make(g);
	}
	diag_warn(g->a->diags, DIAG_ARGOCD, entry->at,
		  "ApplicationSet " SV_FMT
		  ": its generator asks outside git; only list, git, clusters "
		  "and matrix are followed",
		  SV_ARG(g->set->name));
	return 0;
}

int argocd_generate(struct argocd *a, const struct object *set,
		    const struct node *generators,
		    const struct argocd_rules *rules, unsigned depth,
		    struct params *out)
{
	struct generation g = { a, set, NULL, rules, depth, out };

	if (depth > MAX_ARGOCD_DEPTH)
		return diag_error(a->diags, DIAG_ARGOCD, set->at,
				  "ApplicationSet " SV_FMT
				  ": generators nested deeper than %d",
				  SV_ARG(set->name), MAX_ARGOCD_DEPTH);
	for (size_t i = 0; i < node_len(generators); i++)
		if (generate_one(&g, node_at(generators, i)) < 0)
			return -1;
	return 0;
}

/* The element that fills the template may stand in a file of its own. */
static const struct origin *element_origin(struct argocd *a,
					   const struct object *set,
					   const struct node *params)
{
	struct origin *o;

	if (params->at.line == 0)
		return set->origin;
	o = ARENA_NEW(a->ctx->mem, struct origin);
	*o = (struct origin){ .outer = set->origin,
			      .step = "generator",
			      .at = params->at,
			      .text = SV("element"),
			      .decides = true };
	return o;
}

static int make_app(struct argocd *a, const struct object *set,
		    const struct node *template, const struct node *params,
		    const struct argocd_rules *rules)
{
	struct arena *mem = a->ctx->mem;
	struct argocd_unfilled left_out;
	struct node *filled =
		argocd_fill(a, template, params, rules, &left_out);
	struct origin *o = ARENA_NEW(mem, struct origin);
	struct sv label =
		known_object(mem, set->kind, set->namespace, set->name);
	struct objects made = { 0 };
	struct node *app;

	if (filled == NULL) {
		unfilled(a, set, &left_out);
		return 0;
	}
	*o = (struct origin){ .outer = element_origin(a, set, params),
			      .step = "argocd",
			      .at = set->at,
			      .text = label,
			      .object = label };
	app = node_copy(mem, filled);
	set_str(mem, app, SV("apiVersion"), SV("argoproj.io/v1alpha1"),
		template->at);
	set_str(mem, app, SV("kind"), SV("Application"), template->at);
	objects_add(mem, a->diags, &made, app, o);
	return made.list.n > 0 ? argocd_follow(a, made.list.v[0]) : 0;
}

/* goTemplate, and what goTemplateOptions say of a key that is not there. */
static struct argocd_rules rules_of(const struct node *spec)
{
	const struct node *options = node_get(spec, SV("goTemplateOptions"));
	struct argocd_rules r = { .go = node_true(spec, SV("goTemplate")) };

	for (size_t i = 0; i < node_len(options); i++) {
		struct sv option = node_at(options, i)->scalar;

		if (sv_eq(option, SV("missingkey=error")))
			r.missing = MISSING_ERROR;
		else if (sv_eq(option, SV("missingkey=zero")))
			r.missing = MISSING_ZERO;
		else
			r.missing = MISSING_NO_VALUE;
	}
	return r;
}

int argocd_set(struct argocd *a, const struct object *set)
{
	const struct node *spec = node_get(set->root, SV("spec"));
	const struct node *template = node_get(spec, SV("template"));
	struct argocd_rules rules = rules_of(spec);
	struct params all = { 0 };

	if (template == NULL || template->kind != NODE_MAP)
		return 0;
	if (!a->values_only)
		(void)known_check(a->ctx, a->diags, "ApplicationSet", set->kind,
				  known_object(a->ctx->mem, set->kind,
					       set->namespace, set->name),
				  set->root);
	/* A fault in a generator is filed; the Applications that are known are
	 * followed all the same. */
	(void)argocd_generate(a, set, node_get(spec, SV("generators")), &rules,
			      0, &all);
	for (size_t i = 0; i < all.list.n; i++)
		if (make_app(a, set, template, all.list.v[i], &rules) < 0)
			return -1;
	return 0;
}
