#include "render/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/workers.h"
#include "render/allow.h"
#include "render/digest.h"

/* One that may run. */
struct running {
	const struct render_command *row;
	size_t index; /* in the configuration */
	struct digest key;
};

struct commands {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds;
	const char *export; /* the copy of the snapshot; NULL: not made yet */
	const char *cache;  /* the user's folder of caches, or NULL */
	VEC(struct running) list;
	struct objects *out;
};

static bool reads(const struct render_command *c, struct sv path)
{
	struct arena *mem = arena_new();
	struct globs g = { 0 };
	bool hit;

	globs_add_all(mem, &g, &c->paths);
	hit = globs_match(&g, path);
	arena_free(mem);
	return hit;
}

bool command_covers(const struct render_ctx *ctx, struct sv path)
{
	for (size_t i = 0; i < ctx->config->render.n; i++)
		if (reads(&ctx->config->render.v[i], path))
			return true;
	return false;
}

/* What it prints, as long as it and what it reads stay the same. */
static int make_key(const struct commands *all, struct sv allowed,
		    struct running *r)
{
	const struct render_ctx *ctx = all->ctx;
	struct digester g = { ctx->mem, ctx->snapshot, all->diags, ctx->fault,
			      NULL };
	struct globs reads = { 0 };
	int rc = digest_begin(&g);

	globs_add_all(ctx->mem, &reads, &r->row->paths);
	if (rc == 0)
		digest_text(&g, SV("zoneloom render 2"));
	if (rc == 0)
		digest_text(&g, allowed);
	for (size_t i = 0; rc == 0 && i < snapshot_count(ctx->snapshot); i++)
		if (globs_match(&reads, snapshot_at(ctx->snapshot, i)->path))
			rc = digest_file(&g, snapshot_at(ctx->snapshot, i));
	digest_end(&g, &r->key);
	return rc;
}

static const char *cache_folder(struct arena *mem)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return base;
	if (home != NULL && home[0] == '/')
		return arena_fmt(mem, "%s/.cache", home).p;
	return NULL;
}

/* A link may lead anywhere once it is on disk: only those that stay inside
 * the copy are made. */
static int export_link(const struct commands *c, const char *root,
		       const struct snapshot_file *f, struct arena *mem)
{
	const struct render_ctx *ctx = c->ctx;
	const char *at = arena_fmt(mem, "%s/" SV_FMT, root, SV_ARG(f->path)).p;
	struct sv target = snapshot_link(ctx->snapshot, f->path);

	if (target.p == NULL ||
	    (snapshot_find(ctx->snapshot, f->path) == NULL &&
	     !snapshot_has_folder(ctx->snapshot, f->path))) {
		diag_note(
			c->diags, DIAG_RENDER, ((struct loc){ f->path, 0, 0 }),
			"a symbolic link that leaves the tree is not exported");
		return 0;
	}
	/* For its folders' sake. */
	if (file_replace(mem, root, f->path, SV(""), ctx->fault) < 0 ||
	    file_remove(mem, root, f->path, ctx->fault) < 0)
		return -1;
	if (symlink(arena_str(mem, target), at) < 0)
		return fault_set(ctx->fault, ctx->mem, FAULT_ENV, "%s: %s", at,
				 strerror(errno));
	return 0;
}

static int export_text(const struct commands *c, const char *root,
		       const struct snapshot_file *f, struct arena *mem)
{
	const struct render_ctx *ctx = c->ctx;
	const char *at = arena_fmt(mem, "%s/" SV_FMT, root, SV_ARG(f->path)).p;
	struct sv text;

	if (snapshot_read(ctx->snapshot, f, mem, c->diags, ctx->fault, &text) <
	    0)
		/* Too large, or kept in LFS: a diag is filed. */
		return ctx->fault->kind == FAULT_NONE ? 0 : -1;
	if (file_replace(mem, root, f->path, text, ctx->fault) < 0)
		return -1;
	if ((f->mode & 0111) != 0 && chmod(at, 0755) < 0)
		return fault_set(ctx->fault, ctx->mem, FAULT_ENV, "%s: %s", at,
				 strerror(errno));
	return 0;
}

static int export_file(const struct commands *c, const char *root,
		       const struct snapshot_file *f)
{
	struct arena *mem = arena_under(c->ctx->mem);
	int rc = f->mode == 0120000 ? export_link(c, root, f, mem)
				    : export_text(c, root, f, mem);

	arena_free(mem);
	return rc;
}

static int export_all(struct commands *c)
{
	const struct render_ctx *ctx = c->ctx;
	const char *tmp = getenv("TMPDIR");
	const char *made =
		arena_fmt(ctx->mem, "%s/zoneloom.XXXXXX",
			  tmp != NULL && tmp[0] == '/' ? tmp : "/tmp")
			.p;
	char *root = ARENA_ARRAY(ctx->mem, char, strlen(made) + 1);

	memcpy(root, made, strlen(made));
	if (mkdtemp(root) == NULL)
		return fault_set(ctx->fault, ctx->mem, FAULT_ENV, "%s: %s",
				 root, strerror(errno));
	c->export = root;
	for (size_t i = 0; i < snapshot_count(ctx->snapshot); i++)
		if (export_file(c, root, snapshot_at(ctx->snapshot, i)) < 0)
			return -1;
	return 0;
}

static void remove_export(struct commands *c)
{
	const char *argv[] = { "rm", "-rf", "--", c->export, NULL };
	struct child rm = { .argv = argv,
			    .dir = "/",
			    .timeout_s = CHILD_SECONDS };
	struct child_result done;
	struct fault f = { 0 };

	if (c->export != NULL && child_run(c->ctx->mem, &rm, &f, &done) < 0)
		diag_note(c->diags, DIAG_RENDER, ((struct loc){ SV(""), 0, 0 }),
			  "cannot remove %s", c->export);
}

static const char *cached(struct arena *mem, const struct commands *c, size_t i)
{
	return c->cache == NULL ? NULL
				: arena_fmt(mem, "%s/zoneloom/render/%s.yaml",
					    c->cache, c->list.v[i].key.hex)
					  .p;
}

/* In a worker: one status byte, then what is to be read or said. */
static int run_one(void *arg, size_t i, struct buf *out, struct fault *f)
{
	struct commands *c = arg;
	const struct render_command *row = c->list.v[i].row;
	const char *hit = cached(out->mem, c, i);
	size_t n = row->argv.list.n;
	const char **argv = ARENA_ARRAY(out->mem, const char *, n + 1);
	struct child child = { .argv = argv,
			       .dir = c->export,
			       .timeout_s = row->timeout_s,
			       .max_out = row->max_bytes > 0
						  ? (size_t)row->max_bytes
						  : MAX_FILE_BYTES };
	struct child_result done;
	struct sv text;

	if (hit != NULL && access(hit, R_OK) == 0 &&
	    file_read(out->mem, hit, MAX_FILE_BYTES, f, &text) == 0) {
		buf_char(out, 'y');
		buf_add(out, text);
		return 0;
	}
	for (size_t k = 0; k < n; k++)
		argv[k] = arena_str(out->mem, row->argv.list.v[k]);
	if (child_run(out->mem, &child, f, &done) < 0) {
		buf_char(out, 'n');
		buf_add(out, f->text);
		*f = (struct fault){ 0 };
		return 0;
	}
	buf_char(out, done.status == 0 ? 'Y' : 'n');
	if (done.status != 0)
		buf_fmt(out, "exit %d: ", done.status);
	buf_add(out, done.status == 0 ? done.out : sv_trim(done.err));
	return 0;
}

/* A missing cache costs time, never a result. */
static void keep(struct commands *c, size_t i, struct sv text)
{
	struct arena *mem = arena_under(c->ctx->mem);
	struct fault ignored = { 0 };

	if (c->cache != NULL && (mkdir(c->cache, 0700) == 0 || errno == EEXIST))
		(void)file_replace(mem, c->cache,
				   arena_fmt(mem, "zoneloom/render/%s.yaml",
					     c->list.v[i].key.hex),
				   text, &ignored);
	arena_free(mem);
}

static void take_one(void *arg, size_t i, struct sv sent)
{
	struct commands *c = arg;
	const struct render_ctx *ctx = c->ctx;
	const struct render_command *row = c->list.v[i].row;
	struct origin *o = ARENA_NEW(ctx->mem, struct origin);
	const struct plain_request want = { .kinds = c->kinds,
					    .strict = true,
					    .stats = ctx->stats };
	struct sv text = arena_sv(ctx->mem, sv_from(sent, 1));
	struct sv name = arena_fmt(ctx->mem, "render[%zu]", c->list.v[i].index);
	size_t before = c->out->list.n;

	if (sent.n == 0 || sent.p[0] == 'n') {
		diag_file(c->diags, DIAG_RENDER, DIAG_ERROR, row->at,
			  "render: " SV_FMT ": " SV_FMT,
			  SV_ARG(row->argv.list.v[0]), SV_ARG(text));
		return;
	}
	if (sent.p[0] == 'Y')
		keep(c, i, text);
	*o = (struct origin){ .step = "render",
			      .at = row->at,
			      .text = arena_sv(ctx->mem, row->argv.list.v[0]) };
	plain_text(ctx, &want, c->diags, name, text, o, c->out);
	for (size_t k = before; k < c->out->list.n; k++)
		c->out->list.v[k]->realm = name;
}

static bool all_cached(const struct commands *c)
{
	for (size_t i = 0; i < c->list.n; i++) {
		const char *path = cached(c->ctx->mem, c, i);

		if (path == NULL || access(path, R_OK) != 0)
			return false;
	}
	return true;
}

/* Those that may run; a diag for each that may not. */
static int choose(struct commands *c)
{
	const struct render_ctx *ctx = c->ctx;
	struct strings digests;

	if (command_digests(ctx->mem, ctx->snapshot, ctx->config, c->diags,
			    ctx->fault, &digests) < 0)
		return -1;
	for (size_t i = 0; i < digests.list.n; i++) {
		struct running r = { .row = &ctx->config->render.v[i],
				     .index = i };

		if (!command_may_run(ctx, c->diags, r.row, digests.list.v[i]))
			continue;
		if (make_key(c, digests.list.v[i], &r) < 0)
			return -1;
		*VEC_ADD(ctx->mem, &c->list) = r;
	}
	return 0;
}

static int run_all(struct commands *c)
{
	const struct render_ctx *ctx = c->ctx;
	struct workers w = { .n = c->list.n,
			     .jobs = ctx->jobs,
			     .arg = c,
			     .item = run_one,
			     .take = take_one };

	if (!all_cached(c) && export_all(c) < 0)
		return -1;
	return workers_run(ctx->mem, &w, ctx->fault);
}

int command_objects(const struct render_ctx *ctx, const char *const *kinds,
		    struct diags *d, struct objects *out)
{
	struct commands c = { .ctx = ctx,
			      .diags = d,
			      .kinds = kinds,
			      .cache = cache_folder(ctx->mem),
			      .out = out };
	int rc;

	/* Standard input stands for all manifests. */
	if (ctx->config->render.n == 0 || ctx->stdin_text.p != NULL)
		return 0;
	rc = choose(&c);
	if (rc == 0 && c.list.n > 0)
		rc = run_all(&c);
	remove_export(&c);
	return rc;
}
