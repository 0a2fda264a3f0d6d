#include "render/command.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/workers.h"

struct digest {
	char hex[65];
};

struct commands {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds;
	const char *export; /* the copy of the snapshot; NULL: not made yet */
	const char *cache;  /* the user's folder of caches, or NULL */
	struct digest *keys;
	struct objects *out;
};

static bool reads(const struct render_command *c, struct sv path)
{
	struct arena *mem = arena_new();
	struct globs g = { 0 };
	bool hit;

	for (size_t i = 0; i < c->paths.list.n; i++)
		globs_add(mem, &g, c->paths.list.v[i]);
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

static void hash_sv(EVP_MD_CTX *md, struct sv s)
{
	uint64_t n = s.n; /* lengths keep "ab","c" from being "a","bc" */

	EVP_DigestUpdate(md, &n, sizeof(n));
	EVP_DigestUpdate(md, s.p, s.n);
}

static bool has_id(const struct snapshot_file *f)
{
	static const unsigned char none[20];

	return memcmp(f->id, none, sizeof(none)) != 0;
}

/* What git would call these bytes, so that the key is the same for a work
 * tree and for the commit made of it. */
static bool blob_id(struct sv text, unsigned char id[20])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char sum[EVP_MAX_MD_SIZE];
	char head[32];
	int n = snprintf(head, sizeof(head), "blob %zu", text.n);
	bool ok = md != NULL && EVP_DigestInit_ex(md, EVP_sha1(), NULL) &&
		  EVP_DigestUpdate(md, head, (size_t)n + 1) &&
		  EVP_DigestUpdate(md, text.p, text.n) &&
		  EVP_DigestFinal_ex(md, sum, NULL);

	if (ok)
		memcpy(id, sum, 20);
	EVP_MD_CTX_free(md);
	return ok;
}

static int hash_file(const struct commands *c, EVP_MD_CTX *md,
		     const struct snapshot_file *f)
{
	const struct render_ctx *ctx = c->ctx;
	unsigned char id[20];
	struct arena *mem;
	struct sv text;
	int rc = 0;

	memcpy(id, f->id, sizeof(id));
	if (!has_id(f)) {
		mem = arena_new();
		rc = snapshot_read(ctx->snapshot, f, mem, c->diags, ctx->fault,
				   &text);
		if (rc == 0 && !blob_id(text, id))
			rc = fault_set(ctx->fault, ctx->mem, FAULT_ENV,
				       "libcrypto does not support SHA-1");
		arena_free(mem);
	}
	hash_sv(md, f->path);
	EVP_DigestUpdate(md, &f->mode, sizeof(f->mode));
	EVP_DigestUpdate(md, id, sizeof(id));
	return rc;
}

static int make_key(const struct commands *all, const struct render_command *c,
		    struct digest *out)
{
	const struct render_ctx *ctx = all->ctx;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int rc = 0;

	if (md == NULL || !EVP_DigestInit_ex(md, EVP_sha256(), NULL))
		rc = fault_set(ctx->fault, ctx->mem, FAULT_ENV,
			       "libcrypto does not support SHA-256");
	hash_sv(md, SV("zoneloom render 1"));
	for (size_t i = 0; rc == 0 && i < c->argv.list.n; i++)
		hash_sv(md, c->argv.list.v[i]);
	for (size_t i = 0; rc == 0 && i < snapshot_count(ctx->snapshot); i++)
		if (reads(c, snapshot_at(ctx->snapshot, i)->path))
			rc = hash_file(all, md, snapshot_at(ctx->snapshot, i));
	if (rc == 0)
		EVP_DigestFinal_ex(md, sum, &n);
	for (unsigned i = 0; i < n && i < 32; i++)
		(void)snprintf(out->hex + (size_t)2 * i, 3, "%02x", sum[i]);
	EVP_MD_CTX_free(md);
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
		       const struct snapshot_file *f, struct sv target)
{
	const struct render_ctx *ctx = c->ctx;
	const char *at =
		arena_fmt(ctx->mem, "%s/" SV_FMT, root, SV_ARG(f->path)).p;

	if (snapshot_find(ctx->snapshot, f->path) == NULL &&
	    !snapshot_has_folder(ctx->snapshot, f->path)) {
		diag_note(
			c->diags, DIAG_RENDER, ((struct loc){ f->path, 0, 0 }),
			"a symbolic link that leaves the tree is not exported");
		return 0;
	}
	if (symlink(arena_str(ctx->mem, target), at) < 0)
		return fault_set(ctx->fault, ctx->mem, FAULT_ENV, "%s: %s", at,
				 strerror(errno));
	return 0;
}

static int export_file(const struct commands *c, const char *root,
		       const struct snapshot_file *f)
{
	const struct render_ctx *ctx = c->ctx;
	struct arena *mem = arena_new();
	const char *at;
	struct sv text;
	int rc = snapshot_read(ctx->snapshot, f, mem, c->diags, ctx->fault,
			       &text);

	if (rc < 0 && ctx->fault->kind == FAULT_NONE)
		rc = 1; /* too large: a diag is filed */
	else if (rc == 0)
		rc = file_replace(mem, root, f->path, text, ctx->fault);
	if (rc >= 0 && f->mode == 0120000) {
		rc = file_remove(mem, root, f->path, ctx->fault);
		rc = rc < 0 ? rc : export_link(c, root, f, text);
	} else if (rc >= 0 && (f->mode & 0111) != 0) {
		at = arena_fmt(mem, "%s/" SV_FMT, root, SV_ARG(f->path)).p;
		if (chmod(at, 0755) < 0)
			rc = fault_set(ctx->fault, ctx->mem, FAULT_ENV,
				       "%s: %s", at, strerror(errno));
	}
	arena_free(mem);
	return rc < 0 ? -1 : 0;
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
					    c->cache, c->keys[i].hex)
					  .p;
}

/* In a worker: one status byte, then what is to be read or said. */
static int run_one(void *arg, size_t i, struct buf *out, struct fault *f)
{
	struct commands *c = arg;
	const struct render_command *row = &c->ctx->config->render.v[i];
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
	struct arena *mem = arena_new();
	struct fault ignored = { 0 };

	if (c->cache != NULL && (mkdir(c->cache, 0700) == 0 || errno == EEXIST))
		(void)file_replace(mem, c->cache,
				   arena_fmt(mem, "zoneloom/render/%s.yaml",
					     c->keys[i].hex),
				   text, &ignored);
	arena_free(mem);
}

static void take_one(void *arg, size_t i, struct sv sent)
{
	struct commands *c = arg;
	const struct render_ctx *ctx = c->ctx;
	const struct render_command *row = &ctx->config->render.v[i];
	struct origin *o = ARENA_NEW(ctx->mem, struct origin);
	const struct plain_request want = { .kinds = c->kinds,
					    .strict = true,
					    .stats = ctx->stats };
	struct sv text = arena_sv(ctx->mem, sv_from(sent, 1));

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
	plain_text(ctx, &want, c->diags, arena_fmt(ctx->mem, "render[%zu]", i),
		   text, o, c->out);
}

static int refuse(const struct render_ctx *ctx, struct diags *d)
{
	for (size_t i = 0; i < ctx->config->render.n; i++)
		diag_file(d, DIAG_RENDER, DIAG_ERROR,
			  ctx->config->render.v[i].at,
			  "render: not run: not allowed in this clone; type: "
			  "git config zoneloom.allowRender true, or add "
			  "--allow-render");
	return 0;
}

static bool all_cached(const struct commands *c)
{
	for (size_t i = 0; i < c->ctx->config->render.n; i++) {
		const char *path = cached(c->ctx->mem, c, i);

		if (path == NULL || access(path, R_OK) != 0)
			return false;
	}
	return true;
}

static int run_all(struct commands *c)
{
	const struct render_ctx *ctx = c->ctx;
	struct workers w = { .n = ctx->config->render.n,
			     .jobs = ctx->jobs,
			     .arg = c,
			     .item = run_one,
			     .take = take_one };

	for (size_t i = 0; i < w.n; i++)
		if (make_key(c, &ctx->config->render.v[i], &c->keys[i]) < 0)
			return -1;
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

	if (ctx->config->render.n == 0)
		return 0;
	if (!ctx->allow_render)
		return refuse(ctx, d);
	c.keys = ARENA_ARRAY(ctx->mem, struct digest, ctx->config->render.n);
	rc = run_all(&c);
	remove_export(&c);
	return rc;
}
