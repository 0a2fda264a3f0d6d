/*
 * Where a Kustomization takes its files from, and which files of this tree
 * source-controller puts into the artifact.
 */
#include "base/buf.h"
#include "base/path.h"
#include "render/flux/unit.h"
#include "render/known.h"

static const struct sv source_group = { "source.toolkit.fluxcd.io", 24 };

/* --- which source is this repository --- */

/* "GitRepository/flux-system"; "" where it names none. */
static struct sv ref_key(struct arena *mem, const struct node *spec)
{
	const struct node *ref = node_get(spec, SV("sourceRef"));
	struct sv kind = node_str(ref, SV("kind"));
	struct sv name = node_str(ref, SV("name"));

	if (kind.n == 0 || name.n == 0)
		return SV("");
	return arena_fmt(mem, SV_FMT "/" SV_FMT, SV_ARG(kind), SV_ARG(name));
}

static const struct object *source_object(const struct flux *f, struct sv key)
{
	size_t slash = sv_chr(key, '/');

	for (size_t i = 0; slash < key.n && i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];

		if (sv_eq(o->group, source_group) &&
		    sv_eq(o->kind, sv_head(key, slash)) &&
		    sv_eq(o->name, sv_from(key, slash + 1)))
			return o;
	}
	return NULL;
}

/* A port does not name a repository: ssh://git@host:22/a/b is git@host:a/b. */
static struct sv without_port(struct sv path)
{
	size_t n = 0;

	while (n < path.n && path.p[n] >= '0' && path.p[n] <= '9')
		n++;
	return n > 0 && n < path.n && path.p[n] == '/' ? sv_from(path, n + 1)
						       : path;
}

struct sv flux_url_key(struct arena *mem, struct sv url)
{
	size_t scheme = sv_find(url, SV("://")), at, cut;
	struct buf b = { .mem = mem };
	struct sv path;

	if (scheme < url.n)
		url = sv_from(url, scheme + 3);
	while (sv_ends(url, SV("/")))
		url = sv_head(url, url.n - 1);
	if (sv_ends(url, SV(".git")))
		url = sv_head(url, url.n - 4);
	at = sv_chr(url, '@');
	if (at < sv_chr(url, '/'))
		url = sv_from(url, at + 1);
	cut = sv_chr(url, '/');
	if (sv_chr(url, ':') < cut)
		cut = sv_chr(url, ':');
	path = cut < url.n ? without_port(sv_from(url, cut + 1)) : SV("");
	for (size_t i = 0; i < cut; i++)
		buf_char(&b, sv_lower_char(url.p[i]));
	buf_char(&b, '/');
	for (size_t i = 0; i < path.n; i++)
		buf_char(&b, sv_lower_char(path.p[i]));
	return buf_sv(&b);
}

/* spec.url of the source object, where it lies in git; as a key. */
static struct sv source_url(const struct flux *f, struct sv key)
{
	const struct object *o = source_object(f, key);
	struct sv url = SV("");

	if (o != NULL)
		url = node_str(node_get(o->root, SV("spec")), SV("url"));
	return url.n > 0 ? flux_url_key(f->ctx->mem, url) : url;
}

/* Its own file lies in the folder that it applies: what `flux bootstrap`
 * writes. */
static bool applies_itself(const struct flux *f, const struct object *o)
{
	struct sv path = node_str(node_get(o->root, SV("spec")), SV("path"));

	return flux_path(f->ctx->mem, path, &path) &&
	       path_below(o->at.file, path);
}

struct ref_count {
	size_t n;
};

/* The source that most of them name, "" if none does. */
static struct sv voted(const struct flux *f, bool of_themselves)
{
	struct map seen = { .mem = f->ctx->mem };
	struct sv own = SV("");
	size_t best = 0;

	for (size_t i = 0; i < f->plain.list.n; i++) {
		const struct object *o = f->plain.list.v[i];
		struct ref_count *c;
		struct sv key;

		if (!flux_may_be_root(f->ctx, o) ||
		    (of_themselves && !applies_itself(f, o)))
			continue;
		key = ref_key(f->ctx->mem, node_get(o->root, SV("spec")));
		if (!sv_starts(key, SV("GitRepository/")))
			continue;
		c = map_get(&seen, key);
		if (c == NULL) {
			c = ARENA_NEW(f->ctx->mem, struct ref_count);
			map_put(&seen, key, c);
		}
		if (++c->n > best) {
			best = c->n;
			own = key;
		}
	}
	return own;
}

/* The source that flux-operator makes of an instance. */
static bool instance_source(struct flux *f)
{
	const struct flux_instance *i;

	if (f->instances.n == 0)
		return false;
	i = &f->instances.v[0];
	f->own_source = arena_fmt(f->ctx->mem, SV_FMT "/" SV_FMT,
				  SV_ARG(node_str(i->sync, SV("kind"))),
				  SV_ARG(i->name));
	f->own_url = flux_url_key(f->ctx->mem, node_str(i->sync, SV("url")));
	return true;
}

bool flux_is_foreign(const struct flux *f, const struct node *spec)
{
	struct sv key = ref_key(f->ctx->mem, spec), url;

	if (key.n == 0 || sv_eq(key, f->own_source))
		return false;
	if (!sv_starts(key, SV("GitRepository/")))
		return true;
	url = source_url(f, key);
	return f->own_source.n > 0 && url.n > 0 && !sv_eq(url, f->own_url);
}

bool flux_says_foreign(struct flux *f, const struct flux_unit *u)
{
	if (!flux_is_foreign(f, u->spec))
		return false;
	diag_warn(f->diags, DIAG_FLUX, u->spec->at,
		  "Kustomization " SV_FMT "/" SV_FMT
		  ": its files come from another repository, " SV_FMT
		  ", and are not read",
		  SV_ARG(u->id.namespace), SV_ARG(u->id.name),
		  SV_ARG(ref_key(f->ctx->mem, u->spec)));
	return true;
}

/* --- what is left out of its artifact --- */

/* One line of an ignore file, which counts below the folder of the file. */
struct ignore_line {
	struct sv folder;
	struct globs glob;
};

struct flux_ignore {
	VEC(struct ignore_line) lines;
};

static const char *const default_lines[] = {
	".github/",
	".circleci/",
	".travis.yml",
	".gitlab-ci.yml",
	"appveyor.yml",
	".drone.yml",
	"cloudbuild.yaml",
	"codeship-services.yml",
	"codeship-steps.yml",
	".goreleaser.yml",
	".goreleaser.brew.yml",
	".sops.yaml",
	".flux.yaml",
};

static void add_line(struct arena *mem, struct flux_ignore *i, struct sv folder,
		     struct sv text)
{
	struct ignore_line *line;

	if (sv_ends(text, SV("\r")))
		text = sv_head(text, text.n - 1);
	if (sv_trim(text).n == 0 || sv_starts(text, SV("#")))
		return;
	line = VEC_ADD(mem, &i->lines);
	line->folder = folder;
	globs_add(mem, &line->glob, text);
}

static void add_lines(struct arena *mem, struct flux_ignore *i,
		      struct sv folder, struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		add_line(mem, i, folder, line);
}

/* What one line says of a path or a folder above it, inside the line's own
 * folder. */
static enum glob_verdict line_verdict(const struct ignore_line *line,
				      struct sv path, bool is_folder)
{
	struct sv own = path;

	if (!path_below(path, line->folder))
		return GLOB_NONE;
	if (line->folder.n > 0)
		own = sv_from(path, line->folder.n + 1);
	for (size_t n = 0; n <= own.n; n++) {
		bool whole = n == own.n;
		enum glob_verdict v;

		if (!whole && own.p[n] != '/')
			continue;
		v = globs_verdict(&line->glob, sv_head(own, n),
				  !whole || is_folder);
		if (v != GLOB_NONE)
			return v;
	}
	return GLOB_NONE;
}

/* The last line that says something decides, and, unlike git, a later "!" takes
 * a file out again whatever became of its folder. */
static bool is_ignored(const struct flux_ignore *i, struct sv path,
		       bool is_folder)
{
	for (size_t k = i->lines.n; k-- > 0;) {
		enum glob_verdict v =
			line_verdict(&i->lines.v[k], path, is_folder);

		if (v != GLOB_NONE)
			return v == GLOB_MATCH;
	}
	return false;
}

static bool left_out(const void *arg, struct sv path)
{
	return is_ignored(arg, path, false);
}

/* Folders come before what lies in them, so that a file in a folder that is
 * ignored says nothing. */
static int add_files(const struct flux *f, struct flux_ignore *i)
{
	const struct render_ctx *ctx = f->ctx;

	for (size_t k = 0; k < snapshot_count(ctx->snapshot); k++) {
		const struct snapshot_file *file =
			snapshot_at(ctx->snapshot, k);
		struct sv folder = path_folder(file->path), text;

		if (!sv_eq(path_name(file->path), SV(".sourceignore")) ||
		    (folder.n > 0 && is_ignored(i, folder, true)))
			continue;
		if (snapshot_read(ctx->snapshot, file, ctx->mem, f->diags,
				  ctx->fault, &text) == 0)
			add_lines(ctx->mem, i, folder, text);
		else if (ctx->fault->kind != FAULT_NONE)
			return -1;
	}
	return 0;
}

static void add_spec(const struct flux *f, struct flux_ignore *i)
{
	const struct object *o = source_object(f, f->own_source);
	const struct node *spec;

	if (o == NULL)
		return;
	spec = node_get(o->root, SV("spec"));
	add_lines(f->ctx->mem, i, SV(""), node_str(spec, SV("ignore")));
	(void)known_check(
		f->ctx, f->diags, "GitRepository", o->kind,
		known_object(f->ctx->mem, o->kind, o->namespace, o->name),
		o->root);
}

int flux_sources(struct flux *f)
{
	struct flux_ignore *i = ARENA_NEW(f->ctx->mem, struct flux_ignore);
	size_t n = sizeof(default_lines) / sizeof(default_lines[0]);

	if (!instance_source(f)) {
		f->own_source = voted(f, true);
		if (f->own_source.n == 0)
			f->own_source = voted(f, false);
		f->own_url = source_url(f, f->own_source);
	}
	if (add_files(f, i) < 0)
		return -1;
	add_spec(f, i);
	for (size_t k = 0; i->lines.n == 0 && k < n; k++)
		add_line(f->ctx->mem, i, SV(""), sv_of(default_lines[k]));
	f->k.left_out = left_out;
	f->k.left_out_arg = i;
	return 0;
}
