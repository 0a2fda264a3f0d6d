/*
 * Entries into the index, whose lock the caller holds.
 *
 * libgit2 1.5.1 takes the lock when it writes and does not read again, so that
 * what git staged in between was lost: it writes a copy, which then takes the
 * index's place.
 */
#include "git/internal.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

enum { CHECKSUM = 20 };

struct putting {
	struct repo *r;
	const struct index *old;
	struct disk *disk; /* NULL: a bare repository */
	struct fileset *set;
	const char *copy;
	struct fault *f;
};

const struct index_entry *index_find(const struct index *ix, struct sv path)
{
	size_t low = 0, high = ix->list.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sv_cmp(ix->list.v[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < ix->list.n && sv_eq(ix->list.v[low].path, path)
		       ? &ix->list.v[low]
		       : NULL;
}

/* git 2.40 may leave the checksum out, which libgit2 1.5.1 does not accept. */
static int put_checksum(struct putting *p, struct sv bytes,
			unsigned char out[static CHECKSUM])
{
	static const unsigned char none[CHECKSUM];
	const char *sum = bytes.p + bytes.n - CHECKSUM;
	unsigned n = CHECKSUM;

	memcpy(out, sum, CHECKSUM);
	if (memcmp(sum, none, CHECKSUM) == 0 &&
	    EVP_Digest(bytes.p, bytes.n - CHECKSUM, out, &n, EVP_sha1(),
		       NULL) != 1)
		return fault_set(p->f, p->r->mem, FAULT_ENV,
				 "libcrypto cannot hash the index");
	return 0;
}

/* A copy of the index that libgit2 may write: its own lock is beside it. */
static int copy_index(struct putting *p)
{
	struct arena *mem = p->r->mem;
	unsigned char sum[CHECKSUM];
	struct sv bytes;
	FILE *out;
	bool ok;

	if (p->old->missing)
		return unlink(p->copy);
	if (file_read(mem, p->r->index_path, MAX_INDEX_BYTES, p->f, &bytes) < 0)
		return -1;
	if (bytes.n < CHECKSUM)
		return fault_set(p->f, mem, FAULT_ENV, "%s: not an index",
				 p->r->index_path);
	if (put_checksum(p, bytes, sum) < 0)
		return -1;
	out = fopen(p->copy, "wbe");
	ok = out != NULL &&
	     fwrite(bytes.p, 1, bytes.n - CHECKSUM, out) ==
		     bytes.n - CHECKSUM &&
	     fwrite(sum, 1, CHECKSUM, out) == CHECKSUM;
	if (out != NULL && fclose(out) != 0)
		ok = false;
	return ok ? 0
		  : fault_set(p->f, mem, FAULT_ENV, "%s: %s", p->copy,
			      strerror(errno));
}

/*
 * The state of the file only if its bytes are those of the entry: else git
 * would take an older or newer file for the one that is staged.  Without it
 * git looks at the bytes itself.
 */
static int fill_stat(struct putting *p, const struct commit_file *w,
		     git_index_entry *e)
{
	struct disk_file file;

	if (p->disk == NULL)
		return 0;
	if (repo_on_disk(p->r, p->disk, w->path, p->r->mem, p->f, &file) < 0)
		return -1;
	if (file.text.p == NULL || !sv_eq(file.text, w->text))
		return 0;
	e->ctime.seconds = (int32_t)file.st.st_ctim.tv_sec;
	e->ctime.nanoseconds = (uint32_t)file.st.st_ctim.tv_nsec;
	e->mtime.seconds = (int32_t)file.st.st_mtim.tv_sec;
	e->mtime.nanoseconds = (uint32_t)file.st.st_mtim.tv_nsec;
	e->dev = (uint32_t)file.st.st_dev;
	e->ino = (uint32_t)file.st.st_ino;
	e->uid = file.st.st_uid;
	e->gid = file.st.st_gid;
	e->file_size = (uint32_t)file.st.st_size;
	return 0;
}

static int put_one(struct putting *p, git_index *ix,
		   const struct commit_file *w)
{
	const struct index_entry *old = index_find(p->old, w->path);
	const char *path = arena_str(p->r->mem, w->path);
	git_index_entry e = { .path = path, .mode = GIT_FILEMODE_BLOB };

	if (w->text.p == NULL)
		return old == NULL ? 0 : git_index_remove(ix, path, 0);
	if (old != NULL && (old->mode & 0100))
		e.mode = GIT_FILEMODE_BLOB_EXECUTABLE;
	if (old != NULL && (old->flags & INDEX_SKIP))
		e.flags_extended = GIT_INDEX_ENTRY_SKIP_WORKTREE;
	else if (fill_stat(p, w, &e) < 0)
		return -1;
	if (git_odb_hash(&e.id, w->text.p, w->text.n, GIT_OBJECT_BLOB) < 0)
		return -1;
	return git_index_add(ix, &e);
}

/* libgit2 writes a lock beside the file, and tells nobody where a library that
 * has no memory ends the run. */
static int write_index(struct putting *p, git_index *ix)
{
	struct cleanup lock = {
		.path = arena_fmt(p->r->mem, "%s.lock", p->copy).p
	};
	int rc;

	cleanup_add(&lock);
	rc = git_index_write(ix);
	cleanup_drop(&lock);
	return rc;
}

static int write_copy(struct putting *p, const struct commit_file *files,
		      size_t n)
{
	git_index *ix = NULL;
	int rc = copy_index(p);

	if (rc == 0)
		rc = git_index_open(&ix, p->copy);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = put_one(p, ix, &files[i]);
	if (rc == 0)
		rc = write_index(p, ix);
	git_index_free(ix);
	/* The first fault wins: one that is filed already stays. */
	return rc < 0 ? repo_fault(p->r->mem, p->f, FAULT_ENV, "%s",
				   p->r->index_path)
		      : 0;
}

int index_put(struct repo *r, const struct index *ix,
	      const struct commit_file *files, size_t n, struct fault *f,
	      struct fileset **out)
{
	struct sv path = sv_of(r->index_path);
	struct sv name = path_name(path), above = path_folder(path);
	const char *folder = above.n > 0 ? arena_str(r->mem, above) : ".";
	struct putting p = { .r = r, .old = ix, .f = f };

	*out = NULL;
	if (r->workdir != NULL)
		p.disk = disk_new(r->mem, r->workdir);
	if (fileset_new(r->mem, folder, f, &p.set) < 0)
		return -1;
	if (fileset_reserve(p.set, name, NULL, &p.copy, f) < 0 ||
	    write_copy(&p, files, n) < 0 || fileset_seal(p.set, name, f) < 0) {
		(void)fileset_undo(p.set, f);
		return -1;
	}
	if (fileset_apply(p.set, f) < 0)
		return -1;
	*out = p.set;
	return 0;
}
