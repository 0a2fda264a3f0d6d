#include "render/plain.h"

#include <assert.h>

#include "base/budget.h"
#include "base/map.h"
#include "base/path.h"
#include "base/workers.h"
#include "render/command.h"

enum {
	/* Under this, reading a blob again is cheaper than remembering that
	 * nothing is in it.  CRDs are large and copied to each cluster. */
	KNOWN_EMPTY_BYTES = 8 * 1024,
};

/* A file to read; its path, for a link, is the link's. */
struct choice {
	struct sv path;
	const struct snapshot_file *file;
};

/* State of one plain_files(). */
struct plain {
	const struct render_ctx *ctx;
	const struct plain_request *want;
	struct diags *diags;
	struct objects *out;
	VEC(struct choice) choices;
	struct map known_empty;	   /* blobs without anything wanted, by id */
	const struct glob *warned; /* the "!" pattern warned of last */
};

static bool has_suffix(struct sv path)
{
	return sv_ends(path, SV(".yaml")) || sv_ends(path, SV(".yml")) ||
	       sv_ends(path, SV(".json"));
}

/* "apps", "apps/" and "./apps/web.yaml" are asked for. */
static bool path_matches(struct sv path, struct sv asked)
{
	while (sv_starts(asked, SV("./")))
		asked = sv_from(asked, 2);
	while (sv_ends(asked, SV("/")))
		asked = sv_head(asked, asked.n - 1);
	if (asked.n == 0 || sv_eq(asked, SV(".")) || sv_eq(path, asked))
		return true;
	return path_below(path, asked);
}

static bool is_asked_for(const struct strings *paths, struct sv path)
{
	if (paths == NULL || paths->list.n == 0)
		return true;
	for (size_t i = 0; i < paths->list.n; i++)
		if (path_matches(path, paths->list.v[i]))
			return true;
	return false;
}

bool plain_chosen(const struct render_ctx *ctx,
		  const struct plain_request *want, struct sv path)
{
	return has_suffix(path) && is_asked_for(want->paths, path) &&
	       !command_covers(ctx, path) &&
	       (want->publisher == NULL ||
		globs_match(&want->publisher->paths, path));
}

static bool is_link(const struct snapshot_file *f)
{
	return f->mode == 0120000;
}

/* As in gitignore, nothing is taken out again below a folder that matches: who
 * writes "!apps/dev/" behind "apps/" would publish what is in there. */
static void check_overruled(struct plain *p, struct sv path)
{
	const struct publisher *pub = p->want->publisher;
	const struct glob *g;
	struct loc at;

	if (pub == NULL)
		return;
	g = globs_overruled(&pub->paths, path);
	if (g == NULL || g == p->warned)
		return;
	p->warned = g;
	at = pub->at.file.n > 0 ? pub->at
				: (struct loc){ p->ctx->config->file, 0, 0 };
	diag_warn(p->diags, DIAG_CONFIG, at,
		  "paths: \"!" SV_FMT "%s\" does not exclude " SV_FMT
		  ": a pattern before it matches a folder above or the file "
		  "itself; with \"FOLDER/*\" before it and \"!FOLDER/NAME\" it "
		  "does",
		  SV_ARG(g->pattern), g->folder_only ? "/" : "", SV_ARG(path));
}

static void choose(struct plain *p, const struct snapshot_file *f)
{
	const struct render_ctx *ctx = p->ctx;
	const struct snapshot_file *target = f;
	struct choice *c;

	if (!plain_chosen(ctx, p->want, f->path))
		return;
	check_overruled(p, f->path);
	if (is_link(f)) {
		target = snapshot_find(ctx->snapshot, f->path);
		if (target == NULL) {
			diag_note(p->diags, DIAG_LINK,
				  ((struct loc){ f->path, 0, 0 }),
				  "the symbolic link leads to no file in this "
				  "tree");
			return;
		}
		/* Where its target is read anyway, once is enough. */
		if (plain_chosen(ctx, p->want, target->path))
			return;
	}
	c = VEC_ADD(ctx->mem, &p->choices);
	c->path = f->path;
	c->file = target;
}

/* Those of wanted kinds, without the ones whose keys contradict. */
static void keep_objects(const struct render_ctx *ctx,
			 const struct plain_request *want,
			 const struct objects *from, struct diags *diags,
			 struct objects *to)
{
	for (size_t i = 0; i < from->list.n; i++) {
		struct object *o = from->list.v[i];

		if (object_wanted(o, want->kinds) &&
		    (ctx->config->compat ||
		     object_check_keys(o->kind, o->root, diags)))
			*VEC_ADD(diags->mem, &to->list) = o;
	}
}

/* What reading a slice reported counts only where the prefilter lets it pass:
 * with and without the prefilter the warnings are the same. */
static int read_slice(const struct render_ctx *ctx,
		      const struct plain_request *want, struct sv file,
		      struct slice slice, bool wanted, struct file_read *out)
{
	struct diags ignored = { .mem = out->diags.mem };
	struct diags *diags = wanted ? &out->diags : &ignored;
	struct documents docs = { 0 };
	struct objects objects = { 0 };
	int rc;

	budget_at(diags->mem, (struct loc){ file, slice.line + 1, 1 });
	rc = manifest_parse_slice(diags->mem, diags, file, slice, &docs);

	for (size_t i = 0; i < docs.list.n; i++)
		objects_add(diags->mem, diags, &objects, docs.list.v[i], NULL);
	keep_objects(ctx, want, &objects, diags, &out->objects);
	return wanted ? rc : 0;
}

/* A chart's file: the part of it that parsed is not meant as an object
 * either. */
static void pass_over_template(struct file_read *out, struct sv file)
{
	const struct diag *first = NULL;
	struct diags warned = { .mem = out->diags.mem };
	struct loc at = { file, 0, 0 };

	for (size_t i = 0; first == NULL && i < out->diags.list.n; i++)
		if (out->diags.list.v[i].code == DIAG_YAML_SYNTAX)
			first = &out->diags.list.v[i];
	if (first != NULL)
		at = first->at;
	diag_note(&warned, DIAG_MANIFEST_SKIPPED, at,
		  "a Helm template, which only Helm can read");
	out->diags = warned;
	out->objects = (struct objects){ 0 };
	out->stats.templates = 1;
}

/* False at the end, and where the file has more than is read. */
static bool next_slice(struct splitter *split, struct sv file,
		       struct diags *diags, struct slice *slice)
{
	if (split->rest.n > 0 && splitter_check(split, diags, file) < 0) {
		split->broken++;
		return false;
	}
	return splitter_next(split, slice);
}

static void read_slices(const struct render_ctx *ctx,
			const struct plain_request *want, struct sv file,
			struct sv text, struct file_read *out)
{
	struct splitter split = splitter_new(text, YAML_KUBECTL);
	struct slice slice;

	while (next_slice(&split, file, &out->diags, &slice)) {
		bool wanted = want->strict ||
			      prefilter_match(slice.text, want->kinds);

		if (!wanted && ctx->prefilter)
			continue;
		if (wanted)
			out->stats.candidates = 1;
		if (read_slice(ctx, want, file, slice, wanted, out) < 0)
			split.broken++;
	}
	if (split.broken == 0)
		return;
	/* A stream that was cut off must not pass for a template. */
	if (!want->strict && manifest_is_template(text))
		pass_over_template(out, file);
	else
		out->stats.rejected = 1;
}

/* Without the prefilter: to show that nothing was in there. */
static void read_unwanted(const struct render_ctx *ctx,
			  const struct plain_request *want, struct sv file,
			  struct sv text, struct file_read *out)
{
	struct file_read unwanted = { .diags = { .mem = out->diags.mem } };

	read_slices(ctx, want, file, text, &unwanted);
	out->objects = unwanted.objects;
}

void plain_read(const struct render_ctx *ctx, const struct plain_request *want,
		struct sv file, struct sv text, struct file_read *out)
{
	bool wanted = want->strict || prefilter_match(text, want->kinds);

	if (!wanted && !ctx->prefilter && !header_is_ours(text))
		read_unwanted(ctx, want, file, text, out);
	if (!wanted)
		return;
	if (!header_is_ours(text))
		read_slices(ctx, want, file, text, out);
	else
		diag_note(&out->diags, DIAG_MANIFEST_SKIPPED,
			  ((struct loc){ file, 0, 0 }),
			  "an output of zoneloom, which is not an input");
}

static void count(const struct plain_request *want,
		  const struct render_stats *s)
{
	if (want->stats != NULL)
		render_stats_add(want->stats, s);
}

void plain_text(const struct render_ctx *ctx, const struct plain_request *want,
		struct diags *d, struct sv file, struct sv text,
		const struct origin *origin, struct objects *out)
{
	struct file_read got = { .diags = { .mem = ctx->mem } };

	plain_read(ctx, want, file, text, &got);
	diags_merge(d, &got.diags);
	for (size_t i = 0; i < got.objects.list.n; i++) {
		got.objects.list.v[i]->origin = origin;
		*VEC_ADD(ctx->mem, &out->list) = got.objects.list.v[i];
	}
	got.stats.files = 1;
	got.stats.objects = got.objects.list.n;
	count(want, &got.stats);
}

/* Into the run's arena: in one way, whether a process lies between or not. */
static void take_file(struct arena *mem, const struct plain_request *want,
		      struct diags *d, struct sv file, struct sv sent,
		      struct objects *out)
{
	struct file_read r = { .diags = { .mem = mem } };

	budget_at(mem, (struct loc){ file, 0, 0 });
	serialize_read(mem, file, sent, &r);
	diags_merge(d, &r.diags);
	for (size_t i = 0; i < r.objects.list.n; i++)
		*VEC_ADD(mem, &out->list) = r.objects.list.v[i];
	r.stats.objects = r.objects.list.n;
	count(want, &r.stats);
}

static void take(void *arg, size_t i, struct sv sent)
{
	struct plain *p = arg;

	take_file(p->ctx->mem, p->want, p->diags, p->choices.v[i].path, sent,
		  p->out);
	progress_step(p->ctx->progress, "reading", i, p->choices.n, "files");
}

/* The blob's name, or the empty view where it has none yet. */
static struct sv blob_id(const struct snapshot_file *f)
{
	static const unsigned char none[sizeof(f->id)];

	if (memcmp(f->id, none, sizeof(none)) == 0)
		return SV("");
	return (struct sv){ (const char *)f->id, sizeof(f->id) };
}

static int read_item(void *arg, size_t i, struct buf *out, struct fault *f)
{
	struct plain *p = arg;
	struct choice *c = &p->choices.v[i];
	struct file_read r = { .diags = { .mem = out->mem } };
	struct sv id = blob_id(c->file), text;

	budget_at(out->mem, (struct loc){ c->path, 0, 0 });
	if (id.n > 0 && map_get(&p->known_empty, id) != NULL)
		return 0;
	if (snapshot_read(p->ctx->snapshot, c->file, out->mem, &r.diags, f,
			  &text) == 0)
		plain_read(p->ctx, p->want, c->path, text, &r);
	else if (f->kind != FAULT_NONE)
		return -1;
	if (!file_read_empty(&r))
		serialize_write(out, &r);
	else if (id.n > 0 && text.n >= KNOWN_EMPTY_BYTES)
		map_put(&p->known_empty, id, c);
	return 0;
}

static int begin(void *arg, struct fault *f)
{
	struct plain *p = arg;
	struct sandbox box = { .role = SANDBOX_READER };

	if (snapshot_reopen(p->ctx->snapshot, f) < 0)
		return -1;
	if (!p->ctx->confined)
		return 0;
	snapshot_reach(p->ctx->snapshot, SANDBOX_READ, SANDBOX_READ, &box);
	sandbox_enter(&box);
	return 0;
}

int plain_files(const struct render_ctx *ctx, const struct plain_request *want,
		struct diags *d, struct objects *out)
{
	struct plain p = { .ctx = ctx, .want = want, .diags = d, .out = out };
	struct workers w = { .jobs = ctx->jobs,
			     .arg = &p,
			     .begin = begin,
			     .item = read_item,
			     .take = take };
	struct render_stats looked_at = { 0 };
	int rc;

	p.known_empty.mem = arena_under(ctx->mem);
	if (want->publisher != NULL)
		work_spend(ctx->mem, WORK_PATHS,
			   snapshot_count(ctx->snapshot) *
				   want->publisher->paths.list.n,
			   want->publisher->at);
	for (size_t i = 0; i < snapshot_count(ctx->snapshot); i++)
		choose(&p, snapshot_at(ctx->snapshot, i));
	w.n = looked_at.files = p.choices.n;
	count(want, &looked_at);
	rc = workers_run(ctx->mem, &w, ctx->fault);
	progress_end(ctx->progress);
	arena_free(p.known_empty.mem);
	return rc < 0 ? -1 : 0;
}

void plain_stdin(const struct render_ctx *ctx, const char *const *kinds,
		 struct diags *d, struct objects *out)
{
	const struct plain_request want = { .kinds = kinds,
					    .strict = ctx->explicit_files,
					    .stats = ctx->stats };
	struct buf sent = { .mem = arena_under(ctx->mem) };
	struct file_read r = { .diags = { .mem = sent.mem } };

	plain_read(ctx, &want, SV("<stdin>"), ctx->stdin_text, &r);
	r.stats.files = 1;
	serialize_write(&sent, &r);
	take_file(ctx->mem, &want, d, SV("<stdin>"), buf_sv(&sent), out);
	arena_free(sent.mem);
}
