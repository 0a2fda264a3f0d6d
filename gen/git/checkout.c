/*
 * Our files in the work tree and the index, under index.lock.
 *
 * libgit2 1.5.1 takes the lock when it writes and does not read again, so that
 * what git staged in between was lost: the lock is taken first, here.
 */
#include "git/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

enum { CHECKSUM = 20 };

static int take_lock(struct checkout *c, struct fault *f)
{
	struct arena *mem = c->r->mem;
	const char *path = arena_fmt(mem, "%s.lock", c->r->index_path).p;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd >= 0) {
		close(fd);
		c->lock = path;
		return 0;
	}
	if (errno != EEXIST)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", path,
				 strerror(errno));
	fault_file(f, mem, FAULT_AGAIN,
		   "%s exists: another git process is at work here", path);
	fault_hint(f, mem, "wait and try again; if none runs: rm %s", path);
	return -1;
}

static const struct index_entry *entry_of(const struct index *ix,
					  struct sv path)
{
	for (size_t i = 0; i < ix->list.n; i++)
		if (sv_eq(ix->list.v[i].path, path))
			return &ix->list.v[i];
	return NULL;
}

static bool skipped(const struct index_entry *e)
{
	return e != NULL && (e->flags & INDEX_SKIP);
}

/* What the base holds under a path; p NULL: nothing. */
static int base_text(struct repo *r, git_tree *base, struct sv path,
		     struct fault *f, struct sv *text, git_oid *id)
{
	git_filemode_t mode;
	bool too_long;
	int rc = tree_find(r, git_tree_id(base), path, f, id, &mode);

	*text = (struct sv){ NULL, 0 };
	if (rc <= 0)
		return rc;
	return repo_blob(r, id, path, MAX_FILE_BYTES, r->mem, f, text,
			 &too_long);
}

/* Staged: neither what the base holds nor what would be committed. */
static bool is_staged(const struct index_entry *e, const struct commit_file *w,
		      bool in_base, const git_oid *base)
{
	git_oid want;

	if (e == NULL)
		return in_base && w->text.p != NULL;
	if (e->stage > 0)
		return true;
	if (in_base && memcmp(e->id, base->id, GIT_OID_RAWSZ) == 0)
		return false;
	return w->text.p == NULL ||
	       git_odb_hash(&want, w->text.p, w->text.n, GIT_OBJECT_BLOB) < 0 ||
	       memcmp(e->id, want.id, GIT_OID_RAWSZ) != 0;
}

/* 1: an edit of the user's stands in the work tree.  A missing file is written
 * again: nothing is lost by that. */
static int is_edited(struct repo *r, const struct commit_file *w,
		     struct sv base, struct fault *f)
{
	struct disk *k = disk_new(r->mem, r->workdir);
	struct sv text;
	bool too_long = false;
	int rc = disk_look(k, w->path, MAX_FILE_BYTES, r->mem, f, &text,
			   &too_long);

	if (rc <= 0)
		return rc;
	if (too_long)
		return 1;
	if (repo_clean(r, w->path, r->mem, f, &text) < 0)
		return -1;
	return !(base.p != NULL && sv_eq(text, base)) &&
	       !(w->text.p != NULL && sv_eq(text, w->text));
}

static int check_clean(struct checkout *c, const struct commit_file *w,
		       git_tree *base, struct fault *f)
{
	const struct index_entry *e = entry_of(&c->ix, w->path);
	struct arena *mem = c->r->mem;
	struct sv text;
	git_oid id;
	int edited = 0;

	if (base_text(c->r, base, w->path, f, &text, &id) < 0)
		return -1;
	if (is_staged(e, w, text.p != NULL, &id)) {
		fault_file(f, mem, FAULT_ENV, SV_FMT " has staged changes",
			   SV_ARG(w->path));
		fault_hint(f, mem,
			   "git restore --staged " SV_FMT ", then again",
			   SV_ARG(w->path));
		return -1;
	}
	if (!skipped(e))
		edited = is_edited(c->r, w, text, f);
	if (edited <= 0)
		return edited;
	fault_file(f, mem, FAULT_ENV, SV_FMT " has unstaged edits",
		   SV_ARG(w->path));
	fault_hint(f, mem,
		   "git checkout -- " SV_FMT "   (or git stash), then again",
		   SV_ARG(w->path));
	return -1;
}

int checkout_begin(struct repo *r, const struct commit_request *q,
		   git_tree *base, struct fault *f, struct checkout *out)
{
	*out = (struct checkout){ .r = r };
	if (!q->dry_run && take_lock(out, f) < 0)
		return -1;
	if (index_load(r, f, &out->ix) < 0)
		return -1;
	if (out->ix.missing && !repo_unborn(r)) {
		fault_file(f, r->mem, FAULT_ENV, "%s: there is no index",
			   r->index_path);
		fault_hint(f, r->mem, "git reset");
		return -1;
	}
	for (size_t i = 0; i < q->files.n; i++)
		if (check_clean(out, &q->files.v[i], base, f) < 0)
			return -1;
	return 0;
}

static int write_one(struct checkout *c, const struct commit_file *w,
		     struct fault *f)
{
	if (skipped(entry_of(&c->ix, w->path)))
		return 0;
	if (w->text.p == NULL)
		return file_remove(c->r->mem, c->r->workdir, w->path, f);
	return repo_write(c->r, w->path, w->text, f);
}

/* git 2.40 may leave the checksum out, which libgit2 1.5.1 does not accept. */
static void put_checksum(struct sv bytes, unsigned char out[static CHECKSUM])
{
	static const unsigned char none[CHECKSUM];
	const char *sum = bytes.p + bytes.n - CHECKSUM;
	unsigned n = CHECKSUM;

	memcpy(out, sum, CHECKSUM);
	if (memcmp(sum, none, CHECKSUM) == 0)
		(void)EVP_Digest(bytes.p, bytes.n - CHECKSUM, out, &n,
				 EVP_sha1(), NULL);
}

/* A copy of the index that libgit2 may write: its own lock is beside it. */
static int copy_index(struct repo *r, const char *to, struct fault *f)
{
	unsigned char sum[CHECKSUM];
	struct sv bytes;
	FILE *out;
	bool ok;

	(void)unlink(to);
	if (access(r->index_path, F_OK) < 0)
		return 0;
	if (file_read(r->mem, r->index_path, MAX_INDEX_BYTES, f, &bytes) < 0)
		return -1;
	if (bytes.n < CHECKSUM)
		return fault_set(f, r->mem, FAULT_ENV, "%s: this is no index",
				 r->index_path);
	put_checksum(bytes, sum);
	out = fopen(to, "wbe");
	ok = out != NULL &&
	     fwrite(bytes.p, 1, bytes.n - CHECKSUM, out) ==
		     bytes.n - CHECKSUM &&
	     fwrite(sum, 1, CHECKSUM, out) == CHECKSUM;
	if (out != NULL && fclose(out) != 0)
		ok = false;
	return ok ? 0
		  : fault_set(f, r->mem, FAULT_ENV, "%s: %s", to,
			      strerror(errno));
}

static void fill_stat(struct repo *r, struct sv path, git_index_entry *e)
{
	struct stat st;

	if (lstat(arena_fmt(r->mem, "%s/" SV_FMT, r->workdir, SV_ARG(path)).p,
		  &st) < 0)
		return;
	e->ctime.seconds = (int32_t)st.st_ctim.tv_sec;
	e->ctime.nanoseconds = (uint32_t)st.st_ctim.tv_nsec;
	e->mtime.seconds = (int32_t)st.st_mtim.tv_sec;
	e->mtime.nanoseconds = (uint32_t)st.st_mtim.tv_nsec;
	e->dev = (uint32_t)st.st_dev;
	e->ino = (uint32_t)st.st_ino;
	e->uid = st.st_uid;
	e->gid = st.st_gid;
	e->file_size = (uint32_t)st.st_size;
}

static int stage_one(struct checkout *c, git_index *ix,
		     const struct commit_file *w)
{
	const struct index_entry *old = entry_of(&c->ix, w->path);
	const char *path = arena_str(c->r->mem, w->path);
	git_index_entry e = { .path = path, .mode = GIT_FILEMODE_BLOB };

	if (w->text.p == NULL)
		return old == NULL ? 0 : git_index_remove(ix, path, 0);
	if (old != NULL && (old->mode & 0100))
		e.mode = GIT_FILEMODE_BLOB_EXECUTABLE;
	if (skipped(old))
		e.flags_extended = GIT_INDEX_ENTRY_SKIP_WORKTREE;
	else
		fill_stat(c->r, w->path, &e);
	if (git_odb_hash(&e.id, w->text.p, w->text.n, GIT_OBJECT_BLOB) < 0)
		return -1;
	return git_index_add(ix, &e);
}

static int stage(struct checkout *c, const struct commit_file *files, size_t n,
		 struct fault *f)
{
	struct repo *r = c->r;
	const char *copy = arena_fmt(r->mem, "%s.zoneloom", r->index_path).p;
	git_index *ix = NULL;
	int rc;

	if (copy_index(r, copy, f) < 0)
		return -1;
	rc = git_index_open(&ix, copy);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = stage_one(c, ix, &files[i]);
	if (rc == 0)
		rc = git_index_write(ix);
	git_index_free(ix);
	if (rc < 0)
		rc = repo_fault(r->mem, f, FAULT_ENV, "%s", r->index_path);
	else if (rename(copy, r->index_path) < 0)
		rc = fault_set(f, r->mem, FAULT_ENV, "%s: %s", r->index_path,
			       strerror(errno));
	if (rc < 0)
		(void)unlink(copy);
	return rc;
}

int checkout_write(struct checkout *c, const struct commit_request *q,
		   struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; i < q->files.n; i++)
		if (write_one(c, &q->files.v[i], f) < 0)
			rc = -1;
	return stage(c, q->files.v, q->files.n, f) < 0 ? -1 : rc;
}

void checkout_end(struct checkout *c)
{
	if (c->lock != NULL)
		(void)unlink(c->lock);
	c->lock = NULL;
}

int index_stage(struct arena *mem, const struct snapshot_spec *spec,
		const struct commit_file *files, size_t n, struct fault *f)
{
	struct checkout c = { 0 };
	int rc = -1;

	if (repo_open(mem, spec->start, spec->trust_repo, f, &c.r) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		git_oid id;

		if (files[i].text.p != NULL &&
		    git_blob_create_from_buffer(&id, c.r->git, files[i].text.p,
						files[i].text.n) < 0)
			return repo_fault(mem, f, FAULT_ENV, SV_FMT,
					  SV_ARG(files[i].path));
	}
	if (take_lock(&c, f) == 0 && index_load(c.r, f, &c.ix) == 0)
		rc = stage(&c, files, n, f);
	checkout_end(&c);
	return rc;
}
