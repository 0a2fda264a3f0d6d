/* Generator git: folders of the repository, or what its files hold. */
#include "base/budget.h"
#include "base/map.h"
#include "base/path.h"
#include "base/pattern.h"
#include "render/argocd/generate.h"

/* One row of `directories` or `files`. */
struct row {
	bool exclude;
	struct sv path; /* files: git takes a folder for all below it */
	const struct pattern *pattern;
};

struct rows {
	VEC(struct row) list;
};

typedef const char *compile_glob(struct arena *mem, struct sv glob,
				 struct pattern **out);

static int read_rows(struct generation *g, const struct node *list,
		     compile_glob *compile, struct rows *out)
{
	struct arena *mem = g->a->ctx->mem;

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *n = node_at(list, i);
		struct row *r = VEC_ADD(mem, &out->list);
		struct pattern *p = NULL;
		const char *fault;

		*r = (struct row){ .exclude = node_true(n, SV("exclude")),
				   .path = node_str(n, SV("path")) };
		fault = compile(mem, r->path, &p);
		if (fault != NULL)
			return generate_fault(g, n->at,
					      "git: path \"" SV_FMT "\": %s",
					      SV_ARG(r->path), fault);
		r->pattern = p;
	}
	/* Every path of the snapshot is tried by each row. */
	work_spend(mem, WORK_PATHS,
		   snapshot_count(g->a->ctx->snapshot) * node_len(list),
		   g->generator->at);
	return 0;
}

static bool row_matches(const struct row *r, struct sv path, bool file)
{
	struct sv folder = r->path;

	if (pattern_match(r->pattern, path) == PATTERN_HIT)
		return true;
	if (!file)
		return false;
	while (folder.n > 0 && folder.p[folder.n - 1] == '/')
		folder.n--;
	return path_below(path, sv_eq(folder, SV(".")) ? SV("") : folder);
}

/* One row that leaves a path out outweighs all that take it. */
static bool chosen(const struct rows *rows, struct sv path, bool file)
{
	bool in = false;

	for (size_t i = 0; i < rows->list.n; i++) {
		const struct row *r = &rows->list.v[i];

		if (!row_matches(r, path, file))
			continue;
		if (r->exclude)
			return false;
		in = true;
	}
	return in;
}

/* One value of a path: path.basename, a key or nested. */
static void set_part(struct generation *g, struct node *to, struct sv head,
		     const char *name, struct sv value)
{
	struct arena *mem = g->a->ctx->mem;
	struct sv key = sv_of(name);

	if (!g->rules->go)
		key = arena_fmt(mem, SV_FMT ".%s", SV_ARG(head), name);
	params_set_text(mem, to, key, value, g->generator->at);
}

static void set_segments(struct generation *g, struct node *to, struct sv head,
			 struct sv path)
{
	struct arena *mem = g->a->ctx->mem;
	struct node *list = node_new_list(mem, g->generator->at);
	struct sv part;
	size_t n = 0;

	while (sv_cut(&path, '/', &part)) {
		if (g->rules->go)
			node_add(mem, list,
				 node_new_str(mem, g->generator->at, part));
		else
			params_set_text(mem, to,
					arena_fmt(mem, SV_FMT "[%zu]",
						  SV_ARG(head), n++),
					part, g->generator->at);
	}
	if (g->rules->go)
		node_set(mem, to, SV("segments"), list);
}

static void set_parts(struct generation *g, struct node *to, struct sv head,
		      struct sv path, struct sv file)
{
	struct arena *mem = g->a->ctx->mem;
	struct sv base = path_name(path);

	set_part(g, to, head, "basename", base);
	set_part(g, to, head, "basenameNormalized", params_name(mem, base));
	if (file.n > 0) {
		set_part(g, to, head, "filename", file);
		set_part(g, to, head, "filenameNormalized",
			 params_name(mem, file));
	}
	set_segments(g, to, head, path);
}

/* path, path.basename, path[0]; with goTemplate a map.  All below
 * pathParamPrefix, where there is one. */
static void set_path(struct generation *g, struct node *p, struct sv path,
		     struct sv file)
{
	struct arena *mem = g->a->ctx->mem;
	struct sv prefix = node_str(g->generator, SV("pathParamPrefix"));
	struct node *map = node_new_map(mem, g->generator->at);
	struct node *outer = node_new_map(mem, g->generator->at);
	struct sv head = SV("path");

	/* The root, as Go's path.Dir() has it. */
	if (path.n == 0)
		path = SV(".");
	if (!g->rules->go) {
		if (prefix.n > 0)
			head = arena_fmt(mem, SV_FMT ".path", SV_ARG(prefix));
		params_set_text(mem, p, head, path, g->generator->at);
		set_parts(g, p, head, path, file);
		return;
	}
	params_set_text(mem, map, SV("path"), path, g->generator->at);
	set_parts(g, map, head, path, file);
	node_set(mem, outer, SV("path"), map);
	if (prefix.n > 0)
		node_set(mem, p, prefix, outer);
	else
		node_set(mem, p, SV("path"), map);
}

static int add_folder(struct generation *g, struct sv path)
{
	struct node *p = node_new_map(g->a->ctx->mem, g->generator->at);

	set_path(g, p, path, SV(""));
	if (generate_values(g, p) < 0)
		return -1;
	return generate_add(g, p, g->generator->at, NULL);
}

/* Argo CD does not look into these. */
static bool is_hidden(struct sv path)
{
	struct sv part;

	while (sv_cut(&path, '/', &part))
		if (sv_starts(part, SV(".")))
			return true;
	return false;
}

/* Every folder that holds a file, once. */
static int each_folder(struct generation *g, const struct rows *rows,
		       struct map *seen)
{
	const struct render_ctx *ctx = g->a->ctx;

	for (size_t i = 0; i < snapshot_count(ctx->snapshot); i++) {
		struct sv path = snapshot_at(ctx->snapshot, i)->path;

		while ((path = path_folder(path)).n > 0) {
			if (map_get(seen, path) != NULL)
				break;
			map_put(seen, path, g);
			if (!is_hidden(path) && chosen(rows, path, false) &&
			    add_folder(g, path) < 0)
				return -1;
		}
	}
	return 0;
}

static int from_directories(struct generation *g, const struct node *list)
{
	struct map seen = { .mem = g->a->ctx->mem };
	struct rows rows = { 0 };

	if (read_rows(g, list, glob_of_path, &rows) < 0)
		return -1;
	return each_folder(g, &rows, &seen);
}

static int add_object(struct generation *g, const struct node *object,
		      struct sv path)
{
	struct arena *mem = g->a->ctx->mem;
	struct node *p = node_new_map(mem, object->at);

	if (object->kind == NODE_MAP)
		p = g->rules->go ? node_copy(mem, object)
				 : params_flat(mem, object);
	else if (!node_is_null(object))
		return generate_fault(g, object->at,
				      "git: expected a map, or a list of maps");
	set_path(g, p, path_folder(path), path_name(path));
	if (generate_values(g, p) < 0)
		return -1;
	return generate_add(g, p, object->at, NULL);
}

/* A file without content has the parameters of its path. */
static int add_file(struct generation *g, const struct snapshot_file *f)
{
	const struct render_ctx *ctx = g->a->ctx;
	struct documents docs = { 0 };
	const struct node *top;
	struct sv text;

	if (snapshot_read(ctx->snapshot, f, ctx->mem, g->a->diags, ctx->fault,
			  &text) < 0)
		return -1;
	if (manifest_parse(ctx->mem, g->a->diags, f->path, text, &docs) < 0)
		return -1;
	top = docs.list.n > 0
		      ? docs.list.v[0]
		      : node_new_map(ctx->mem, (struct loc){ f->path, 1, 1 });
	if (top->kind != NODE_LIST)
		return add_object(g, top, f->path);
	for (size_t i = 0; i < top->items.n; i++)
		if (add_object(g, top->items.v[i], f->path) < 0)
			return -1;
	return 0;
}

static int from_files(struct generation *g, const struct node *list)
{
	struct snapshot *s = g->a->ctx->snapshot;
	struct rows rows = { 0 };

	if (read_rows(g, list, glob_of_pathspec, &rows) < 0)
		return -1;
	for (size_t i = 0; i < snapshot_count(s); i++)
		if (chosen(&rows, snapshot_at(s, i)->path, true) &&
		    add_file(g, snapshot_at(s, i)) < 0)
			return -1;
	return 0;
}

int generate_git(struct generation *g)
{
	const struct node *folders = node_get(g->generator, SV("directories"));
	const struct node *files = node_get(g->generator, SV("files"));

	if (node_len(folders) > 0)
		return from_directories(g, folders);
	if (node_len(files) > 0)
		return from_files(g, files);
	return generate_fault(g, g->generator->at,
			      "git: expected directories or files");
}
