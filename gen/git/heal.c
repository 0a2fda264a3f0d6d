/*
 * What a killed run left, read from its journal.
 *
 * The order of a commit is files, index, ref.  So when the ref has moved all
 * is in place and the locks go; else what was exchanged already is put back,
 * where it still is what that run wrote.
 */
#include "git/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

enum {
	/* Ours is there for milliseconds; git's locks of a ref without bytes
	 * are too. */
	LOCK_LOOKS = 3,
	LOCK_WAIT_MS = 100,
	LOCK_WINDOW_S = 10,
};

struct dead_file {
	struct sv path;
	git_oid old, new;
};

struct dead {
	struct repo *r;
	struct fault *f;
	struct healed *healed;
	const char *path;
	struct stat st;
	const char *index_lock, *ref; /* NULL: it had none */
	git_oid old, new;	      /* of the ref */
	VEC(struct dead_file) files;
	bool ready;
};

static bool two_ids(struct sv *rest, git_oid *old, git_oid *new)
{
	struct sv a, b;

	return sv_cut(rest, ' ', &a) && sv_cut(rest, ' ', &b) &&
	       a.n == GIT_OID_HEXSZ && b.n == GIT_OID_HEXSZ && rest->n > 0 &&
	       git_oid_fromstrn(old, a.p, a.n) == 0 &&
	       git_oid_fromstrn(new, b.p, b.n) == 0;
}

static void parse_record(struct dead *d, struct sv line)
{
	struct sv key, rest = line;

	if (!sv_cut(&rest, ' ', &key))
		return;
	if (sv_eq(key, SV("index"))) {
		d->index_lock = arena_str(d->r->mem, rest);
	} else if (sv_eq(key, SV("file"))) {
		struct dead_file file;

		if (two_ids(&rest, &file.old, &file.new)) {
			file.path = rest;
			*VEC_ADD(d->r->mem, &d->files) = file;
		}
	} else if (sv_eq(key, SV("ref"))) {
		if (two_ids(&rest, &d->old, &d->new))
			d->ref = arena_str(d->r->mem, rest);
	} else if (sv_eq(key, SV("ready"))) {
		d->ready = true;
	}
}

/* A record that is cut off was not acted on. */
static void parse(struct dead *d, struct sv text)
{
	struct sv line;

	while (sv_chr(text, '\0') < text.n && sv_cut(&text, '\0', &line))
		parse_record(d, line);
}

static void say(struct dead *d, const char *what, const char *path)
{
	*VEC_ADD(d->r->mem, &d->healed->list) =
		arena_fmt(d->r->mem, "%s %s", what, path);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static void remove_index_lock(struct dead *d)
{
	struct stat st;

	if (d->index_lock != NULL && lstat(d->index_lock, &st) == 0 &&
	    same_file(&st, &d->st) && unlink(d->index_lock) == 0)
		say(d, "removed", d->index_lock);
}

static void wait_some(void)
{
	struct timespec t = { 0, LOCK_WAIT_MS * 1000L * 1000L };

	(void)nanosleep(&t, NULL);
}

/* libgit2 made the lock, so its bytes and its time have to tell: it was empty
 * or held the new id, and came soon behind the journal. */
static bool is_dead_lock(const struct dead *d, const char *path,
			 struct stat *st)
{
	struct sv want = arena_fmt(d->r->mem, "%s\n", git_oid_tostr_s(&d->new));
	struct fault ignored = { 0 };
	struct sv text;

	if (lstat(path, st) < 0 || !S_ISREG(st->st_mode) ||
	    st->st_mtim.tv_sec < d->st.st_mtim.tv_sec - 1 ||
	    st->st_mtim.tv_sec > d->st.st_mtim.tv_sec + LOCK_WINDOW_S)
		return false;
	if (st->st_size == 0)
		return true;
	return file_read(d->r->mem, path, want.n, &ignored, &text) == 0 &&
	       sv_starts(want, text);
}

static void remove_ref_lock(struct dead *d)
{
	const char *path;
	struct stat first, st;

	if (d->ref == NULL)
		return;
	path = arena_fmt(d->r->mem, "%s%s.lock", d->r->commondir, d->ref).p;
	if (!is_dead_lock(d, path, &first))
		return;
	for (int i = 0; first.st_size == 0 && i < LOCK_LOOKS; i++) {
		wait_some();
		if (!is_dead_lock(d, path, &st) || !same_file(&first, &st))
			return;
	}
	if (unlink(path) == 0)
		say(d, "removed", path);
}

static bool has_moved(const struct dead *d)
{
	git_oid now;

	return d->ref != NULL &&
	       git_reference_name_to_id(&now, d->r->git, d->ref) == 0 &&
	       (git_oid_equal(&now, &d->new) ||
		git_graph_descendant_of(d->r->git, &now, &d->new) == 1);
}

/* What HEAD holds under a path, all zero for nothing. */
static int head_id(struct dead *d, struct sv path, git_oid *id)
{
	struct revision at;
	git_filemode_t mode;
	int rc;

	*id = (git_oid){ { 0 } };
	if (repo_unborn(d->r))
		return 0;
	if (repo_revision(d->r, "HEAD", d->f, &at) < 0)
		return -1;
	rc = tree_find(d->r, &at.tree, path, d->f, id, &mode);
	if (rc == 0)
		*id = (git_oid){ { 0 } };
	return rc;
}

/* The file as it was before: a commit_file of the old bytes. */
static int old_file(struct dead *d, const struct dead_file *file,
		    struct commit_file *out)
{
	bool too_long = false;

	*out = (struct commit_file){ .path = file->path };
	if (git_oid_is_zero(&file->old))
		return 0;
	return repo_blob(d->r, &file->old, file->path, MAX_FILE_BYTES,
			 d->r->mem, d->f, &out->text, &too_long);
}

static bool has_text(struct sv text, const git_oid *id)
{
	git_oid now;

	if (text.p == NULL)
		return git_oid_is_zero(id);
	return git_odb_hash(&now, text.p, text.n, GIT_OBJECT_BLOB) == 0 &&
	       git_oid_equal(&now, id);
}

static int restore_file(struct dead *d, struct fileset *set, struct disk *disk,
			const struct dead_file *file)
{
	struct repo *r = d->r;
	struct commit_file old;
	struct disk_file now;
	int rc;

	if (repo_on_disk(r, disk, file->path, r->mem, d->f, &now) < 0)
		return -1;
	if (!has_text(now.text, &file->new) || has_text(now.text, &file->old))
		return 0;
	if (old_file(d, file, &old) < 0)
		return -1;
	if (old.text.p == NULL) {
		rc = fileset_remove(set, file->path, &now.seen, d->f);
	} else {
		rc = repo_smudge(r, file->path, r->mem, d->f, &old.text);
		if (rc == 0)
			rc = fileset_write(set, file->path, old.text, &now.seen,
					   d->f);
	}
	if (rc > 0)
		say(d, "put back", arena_str(r->mem, file->path));
	return rc;
}

/* Those that HEAD still has as the run found them; a later commit decides
 * otherwise. */
static int restore_files(struct dead *d)
{
	struct disk *disk = disk_new(d->r->mem, d->r->workdir);
	struct fileset *set;
	git_oid head;

	if (fileset_new(d->r->mem, d->r->workdir, d->f, &set) < 0)
		return -1;
	for (size_t i = 0; i < d->files.n; i++) {
		const struct dead_file *file = &d->files.v[i];

		if (head_id(d, file->path, &head) < 0 ||
		    (git_oid_equal(&head, &file->old) &&
		     restore_file(d, set, disk, file) < 0)) {
			(void)fileset_undo(set, d->f);
			return -1;
		}
	}
	if (fileset_apply(set, d->f) < 0)
		return -1;
	fileset_finish(set);
	return 0;
}

static bool entry_is(const struct index_entry *e, const git_oid *id)
{
	return e == NULL ? git_oid_is_zero(id)
			 : e->stage == 0 &&
				   memcmp(e->id, id->id, GIT_OID_RAWSZ) == 0;
}

static int find_entries(struct dead *d, const struct index *ix,
			struct commit_files *out)
{
	for (size_t i = 0; i < d->files.n; i++) {
		const struct dead_file *file = &d->files.v[i];
		const struct index_entry *e = index_find(ix, file->path);
		git_oid head;

		if (!entry_is(e, &file->new) || entry_is(e, &file->old))
			continue;
		if (head_id(d, file->path, &head) < 0)
			return -1;
		if (!git_oid_equal(&head, &file->old))
			continue;
		if (old_file(d, file, VEC_ADD(d->r->mem, &out->list)) < 0)
			return -1;
		say(d, "unstaged", arena_str(d->r->mem, file->path));
	}
	return 0;
}

static int restore_index(struct dead *d)
{
	struct commit_files entries = { 0 };
	struct fileset *set;
	struct journal own;
	struct index ix;
	int rc = -1;

	if (d->index_lock == NULL || d->r->index_named)
		return 0;
	if (journal_begin(d->r, d->f, &own) == 0 &&
	    journal_lock(&own, d->f) == 0 && index_load(d->r, d->f, &ix) == 0)
		rc = find_entries(d, &ix, &entries);
	if (rc == 0 && entries.list.n > 0) {
		rc = index_put(d->r, &ix, entries.list.v, entries.list.n, d->f,
			       &set);
		if (rc == 0)
			fileset_finish(set);
	}
	journal_end(&own);
	return rc;
}

static void sweep(struct repo *r, const char *root, const struct paths *paths,
		  struct healed *healed)
{
	struct paths gone = { 0 };

	fileset_sweep(r->mem, root, paths, &gone);
	for (size_t i = 0; i < gone.list.n; i++)
		*VEC_ADD(r->mem, &healed->list) = arena_fmt(
			r->mem, "removed " SV_FMT, SV_ARG(gone.list.v[i]));
}

static void sweep_files(struct dead *d)
{
	struct paths paths = { 0 };

	for (size_t i = 0; i < d->files.n; i++)
		*VEC_ADD(d->r->mem, &paths.list) = d->files.v[i].path;
	if (d->r->workdir != NULL && paths.list.n > 0)
		sweep(d->r, d->r->workdir, &paths, d->healed);
}

/* An old index under its temporary name. */
static void sweep_gitdir(struct repo *r, struct healed *healed)
{
	struct paths paths = { 0 };

	*VEC_ADD(r->mem, &paths.list) = SV("index");
	sweep(r, r->gitdir, &paths, healed);
}

static int heal(struct dead *d)
{
	remove_ref_lock(d);
	remove_index_lock(d);
	if (d->ready && d->files.n > 0 && d->r->workdir != NULL &&
	    !has_moved(d) && (restore_files(d) < 0 || restore_index(d) < 0))
		return -1;
	sweep_files(d);
	if (unlink(d->path) < 0 && errno != ENOENT)
		return fault_set(d->f, d->r->mem, FAULT_ENV, "%s: %s", d->path,
				 strerror(errno));
	return 0;
}

/* Nobody holds the lock: its process is gone. */
static bool is_dead(int fd, const char *path, struct stat *st)
{
	struct stat named;

	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, st) == 0 &&
	       S_ISREG(st->st_mode) && lstat(path, &named) == 0 &&
	       same_file(st, &named);
}

static int heal_one(struct repo *r, const char *name, struct fault *f,
		    struct healed *healed)
{
	struct dead d = { .r = r, .f = f, .healed = healed };
	struct sv text;
	int fd, rc = 0;

	d.path = arena_fmt(r->mem, "%s%s", r->gitdir, name).p;
	fd = open(d.path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (is_dead(fd, d.path, &d.st)) {
		rc = file_read_fd(r->mem, fd, d.path, MAX_JOURNAL_BYTES, f,
				  &text);
		if (rc == 0) {
			parse(&d, text);
			rc = heal(&d);
		}
	}
	close(fd);
	return rc;
}

int repo_heal(struct repo *r, struct fault *f, struct healed *healed)
{
	DIR *dir = opendir(r->gitdir);
	const struct dirent *e;
	struct paths names = { 0 };
	int rc = 0;

	if (dir == NULL)
		return fault_set(f, r->mem, FAULT_ENV, "%s: %s", r->gitdir,
				 strerror(errno));
	while ((e = readdir(dir)) != NULL)
		if (journal_is_name(e->d_name))
			*VEC_ADD(r->mem, &names.list) =
				arena_sv(r->mem, sv_of(e->d_name));
	closedir(dir);
	for (size_t i = 0; rc == 0 && i < names.list.n; i++)
		rc = heal_one(r, names.list.v[i].p, f, healed);
	if (rc == 0)
		sweep_gitdir(r, healed);
	return rc;
}
