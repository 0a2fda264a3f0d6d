/*
 * Our files in the work tree and the index.
 *
 * The order is files, index, ref, with index.lock and the ref's lock held all
 * the while.  Whatever ends the process in between, neither index nor disk
 * lacks what HEAD holds, so that no commit of the user's takes records away;
 * and no entry of the index tells of bytes that are not on disk.
 */
#include "git/internal.h"

#include "base/limits.h"

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

/* 1: the user has edited the file in the work tree.  A missing file is written
 * again: nothing is lost by that. */
static int is_edited(struct checkout *c, const struct commit_file *w,
		     struct sv base, struct file_seen *seen, struct fault *f)
{
	struct disk_file file;

	if (repo_on_disk(c->r, c->disk, w->path, c->r->mem, f, &file) < 0)
		return -1;
	*seen = file.seen;
	if (file.too_long)
		return 1;
	return file.text.p != NULL &&
	       !(base.p != NULL && sv_eq(file.text, base)) &&
	       !(w->text.p != NULL && sv_eq(file.text, w->text));
}

static int check_clean(struct checkout *c, const struct commit_file *w,
		       git_tree *base, struct fault *f)
{
	const struct index_entry *e = index_find(&c->ix, w->path);
	struct file_seen *seen = VEC_ADD(c->r->mem, &c->seen);
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
			   SV_ARG(git_path_word(mem, c->r->workdir, w->path)));
		return -1;
	}
	if (!skipped(e))
		edited = is_edited(c, w, text, seen, f);
	if (edited <= 0)
		return edited;
	fault_file(f, mem, FAULT_ENV, SV_FMT " has unstaged edits",
		   SV_ARG(w->path));
	fault_hint(f, mem,
		   "git checkout -- " SV_FMT "   (or git stash), then again",
		   SV_ARG(git_path_word(mem, c->r->workdir, w->path)));
	return -1;
}

int checkout_begin(struct checkout *c, struct repo *r,
		   const struct commit_request *q, git_tree *base,
		   struct fault *f)
{
	*c = (struct checkout){ .r = r };
	if (index_load(r, f, &c->ix) < 0)
		return -1;
	if (c->ix.missing && !repo_unborn(r)) {
		fault_file(f, r->mem, FAULT_ENV, "%s: missing index",
			   r->index_path);
		fault_hint(f, r->mem, "git reset");
		return -1;
	}
	c->disk = disk_new(r->mem, r->workdir);
	for (size_t i = 0; i < q->files.n; i++)
		if (check_clean(c, &q->files.v[i], base, f) < 0)
			return -1;
	return 0;
}

static int prepare_one(struct checkout *c, const struct commit_file *w,
		       const struct file_seen *seen, struct fault *f)
{
	struct sv text = w->text;

	if (skipped(index_find(&c->ix, w->path)))
		return 0;
	if (text.p == NULL)
		return fileset_remove(c->files, w->path, seen, f);
	if (repo_smudge(c->r, w->path, c->r->mem, f, &text) < 0)
		return -1;
	return fileset_write(c->files, w->path, text, seen, f);
}

int checkout_prepare(struct checkout *c, const struct commit_request *q,
		     struct fault *f)
{
	if (fileset_new(c->r->mem, c->r->workdir, f, &c->files) < 0)
		return -1;
	for (size_t i = 0; i < q->files.n; i++)
		if (prepare_one(c, &q->files.v[i], &c->seen.v[i], f) < 0)
			return -1;
	return 0;
}

int checkout_apply(struct checkout *c, const struct commit_request *q,
		   struct fault *f)
{
	if (fileset_apply(c->files, f) < 0) {
		c->files = NULL;
		return -1;
	}
	return index_put(c->r, &c->ix, q->files.v, q->files.n, f, &c->index);
}

void checkout_finish(struct checkout *c)
{
	if (c->index != NULL)
		fileset_finish(c->index);
	if (c->files != NULL)
		fileset_finish(c->files);
	c->index = c->files = NULL;
}

void checkout_undo(struct checkout *c, struct fault *f)
{
	if (c->index != NULL)
		(void)fileset_undo(c->index, f);
	if (c->files != NULL)
		(void)fileset_undo(c->files, f);
	c->index = c->files = NULL;
}
