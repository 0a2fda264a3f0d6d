/* For renameat2(). */
#define _GNU_SOURCE 1

#include "base/fileset.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

enum {
	/* ".zoneloom.", process and counter in ten digits, NUL. */
	TEMP_NAME = sizeof(".zoneloom.") + 10,
	TEMP_TRIES = 256,
	LOCK_TRIES = 25,
};

enum change_state {
	CHANGE_READY,	  /* temp holds the new text; nothing else is touched */
	CHANGE_EXCHANGED, /* the new text is in place, temp holds the old */
	CHANGE_NEW,	  /* the new text is in place, nothing was there */
	CHANGE_REMOVED,	  /* temp holds the old, nothing is in place */
	CHANGE_DONE,	  /* no temp is left */
};

struct change {
	struct change *next;
	struct sv path;
	/* The path with a NUL behind each part: undo may ask for no memory. */
	const char *parts;
	unsigned n_parts;
	char temp[TEMP_NAME];
	enum change_state state;
	bool removes, has_temp;
	struct file_seen old, new;
	mode_t mode; /* of the old file */
	struct cleanup cleanup;
};

/* A folder that was made: the first parts of a change's path. */
struct made {
	struct made *next;
	const char *parts;
	unsigned n_parts;
};

struct fileset {
	struct arena *mem;
	const char *root;
	int root_fd;
	struct change *first, **end; /* in the order of adding */
	struct made *made;	     /* the last one first */
	unsigned temps;		     /* names given out */
	bool applied;
	struct cleanup undo;
};

struct file_seen file_seen_of(const struct stat *st)
{
	return (struct file_seen){ .there = true,
				   .dev = st->st_dev,
				   .ino = st->st_ino,
				   .size = st->st_size,
				   .mtime = st->st_mtim };
}

static bool same_seen(const struct file_seen *a, const struct file_seen *b)
{
	return a->there == b->there &&
	       (!a->there ||
		(a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
		 a->mtime.tv_sec == b->mtime.tv_sec &&
		 a->mtime.tv_nsec == b->mtime.tv_nsec));
}

static void close_root(void *arg)
{
	struct fileset *s = arg;

	cleanup_drop(&s->undo);
	for (struct change *c = s->first; c != NULL; c = c->next)
		cleanup_drop(&c->cleanup);
	if (s->root_fd >= 0)
		close(s->root_fd);
}

static void undo_at_exit(void *arg)
{
	struct fileset *s = arg;

	(void)fileset_undo(s, NULL);
}

/* A sweep takes milliseconds; one that was stopped is not waited for. */
static void lock_shared(int fd)
{
	const struct timespec some = { 0, 20L * 1000 * 1000 };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_SH | LOCK_NB) == 0 ||
		    (errno != EINTR && errno != EWOULDBLOCK))
			return;
		(void)nanosleep(&some, NULL);
	}
}

/* Whoever has a set holds the root's lock shared, so that a sweep, which wants
 * it alone, knows that no temporary file is anybody's.  Where the file system
 * has no such locks, nothing is swept. */
int fileset_new(struct arena *mem, const char *root, struct fault *f,
		struct fileset **out)
{
	struct fileset *s = ARENA_NEW(mem, struct fileset);

	*s = (struct fileset){ .mem = mem, .root = root, .end = &s->first };
	s->undo = (struct cleanup){ .undo = undo_at_exit, .arg = s };
	s->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root_fd < 0)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", root,
				 strerror(errno));
	arena_defer(mem, close_root, s);
	lock_shared(s->root_fd);
	*out = s;
	return 0;
}

static const char *next_part(const char *part)
{
	return part + strlen(part) + 1;
}

static const char *name_of(const struct change *c)
{
	const char *p = c->parts;

	for (unsigned i = 1; i < c->n_parts; i++)
		p = next_part(p);
	return p;
}

/* The folder of the first `n` parts, without following a link; -1 with errno.
 * Asks for no memory. */
static int open_folder(const struct fileset *s, const char *part, unsigned n)
{
	int fd = fcntl(s->root_fd, F_DUPFD_CLOEXEC, 0);

	for (unsigned i = 0; fd >= 0 && i < n; i++) {
		int next =
			openat(fd, part,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int saved = errno;

		close(fd);
		errno = saved;
		fd = next;
		part = next_part(part);
	}
	return fd;
}

static int folder_of(const struct fileset *s, const struct change *c)
{
	return open_folder(s, c->parts, c->n_parts - 1);
}

static int split(struct fileset *s, struct change *c, struct fault *f)
{
	char *copy = arena_alloc(s->mem, c->path.n + 1, 1);
	struct sv rest = c->path, part;

	memcpy(copy, c->path.p, c->path.n);
	c->parts = copy;
	while (sv_cut(&rest, '/', &part)) {
		if (part.n == 0 || sv_eq(part, SV(".")) ||
		    sv_eq(part, SV("..")) || sv_chr(part, '\0') < part.n)
			return fault_set(f, s->mem, FAULT_USAGE,
					 SV_FMT ": not a plain relative path",
					 SV_ARG(c->path));
		copy[(size_t)(part.p - c->path.p) + part.n] = '\0';
		c->n_parts++;
	}
	if (c->n_parts == 0)
		return fault_set(f, s->mem, FAULT_USAGE,
				 "missing file name of an output");
	return 0;
}

static int folder_fault(const struct fileset *s, const struct change *c,
			const char *part, struct fault *f)
{
	return fault_set(f, s->mem, FAULT_ENV, SV_FMT ": folder %s: %s",
			 SV_ARG(c->path), part,
			 errno == ELOOP || errno == ENOTDIR
				 ? "a symbolic link, or not a folder"
				 : strerror(errno));
}

/* The folder of a change, made where it is missing; -1 with a fault. */
static int make_folder(struct fileset *s, const struct change *c,
		       struct fault *f)
{
	const char *part = c->parts;
	int fd = open_folder(s, part, 0);

	for (unsigned i = 0; fd >= 0 && i + 1 < c->n_parts; i++) {
		int next;

		if (mkdirat(fd, part, 0777) == 0) {
			struct made *m = ARENA_NEW(s->mem, struct made);

			*m = (struct made){ s->made, c->parts, i + 1 };
			s->made = m;
		} else if (errno != EEXIST) {
			close(fd);
			return folder_fault(s, c, part, f);
		}
		next = openat(fd, part,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		if (next < 0)
			return folder_fault(s, c, part, f);
		fd = next;
		part = next_part(part);
	}
	if (fd < 0)
		return folder_fault(s, c, ".", f);
	return fd;
}

static int write_all(int fd, struct sv text)
{
	while (text.n > 0) {
		ssize_t put = write(fd, text.p, text.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		text = sv_from(text, (size_t)put);
	}
	return 0;
}

static bool same_content(int dir, const char *name, struct sv text)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char block[16 * 1024];
	ssize_t got = 1;

	if (fd < 0)
		return false;
	while ((got = read(fd, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || (size_t)got > text.n ||
		    memcmp(block, text.p, (size_t)got) != 0)
			break;
		text = sv_from(text, (size_t)got);
	}
	close(fd);
	return got == 0 && text.n == 0;
}

/* A name that no other process picks; O_EXCL or its like decides. */
static void next_temp(struct fileset *s, char name[static TEMP_NAME])
{
	(void)snprintf(name, TEMP_NAME, ".zoneloom.%06x%04x",
		       (unsigned)getpid() & 0xffffffU, s->temps++ & 0xffffU);
}

static struct sv folder_path(const struct change *c)
{
	return sv_head(c->path, (size_t)(name_of(c) - c->parts));
}

static int try_temp(struct fileset *s, struct change *c, int dir)
{
	int fd;

	next_temp(s, c->temp);
	c->cleanup.path = arena_fmt(s->mem, "%s/" SV_FMT "%s", s->root,
				    SV_ARG(folder_path(c)), c->temp)
				  .p;
	cleanup_hold();
	fd = openat(dir, c->temp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0) {
		c->has_temp = true;
		cleanup_add(&c->cleanup);
	}
	cleanup_release();
	return fd;
}

static int open_temp(struct fileset *s, struct change *c, int dir)
{
	int fd = -1;

	errno = EEXIST;
	for (unsigned i = 0; fd < 0 && errno == EEXIST && i < TEMP_TRIES; i++)
		fd = try_temp(s, c, dir);
	return fd;
}

static int fill_temp(struct fileset *s, struct change *c, int dir,
		     struct sv text)
{
	int fd = open_temp(s, c, dir), saved;
	struct stat st;

	if (fd < 0)
		return -1;
	/* Keep the mode of the file that goes; else 0666 less the umask. */
	if ((c->old.there && fchmod(fd, c->mode) < 0) ||
	    write_all(fd, text) < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	c->new = file_seen_of(&st);
	return close(fd);
}

static int again(const struct fileset *s, const struct change *c,
		 struct fault *f)
{
	return fault_set(f, s->mem, FAULT_AGAIN,
			 SV_FMT " changed in the meantime; nothing was written",
			 SV_ARG(c->path));
}

static int change_fault(const struct fileset *s, const struct change *c,
			const char *what, struct fault *f)
{
	return fault_set(f, s->mem, FAULT_ENV, SV_FMT ": cannot %s: %s",
			 SV_ARG(c->path), what, strerror(errno));
}

/* What stands there; -1 with a fault. */
static int look(const struct fileset *s, struct change *c, int dir,
		const struct file_seen *seen, struct fault *f)
{
	struct stat st;

	if (fstatat(dir, name_of(c), &st, AT_SYMLINK_NOFOLLOW) == 0) {
		c->old = file_seen_of(&st);
		c->mode = st.st_mode & 0777;
		errno = S_ISLNK(st.st_mode) ? ELOOP : EISDIR;
		if (!S_ISREG(st.st_mode))
			return change_fault(s, c,
					    c->removes ? "remove" : "write", f);
	} else if (errno != ENOENT) {
		return change_fault(s, c, "read", f);
	}
	return seen != NULL && !same_seen(seen, &c->old) ? again(s, c, f) : 0;
}

static void append(struct fileset *s, struct change *c)
{
	*s->end = c;
	s->end = &c->next;
}

static struct change *change_new(struct fileset *s, struct sv path)
{
	struct change *c = ARENA_NEW(s->mem, struct change);

	assert(!s->applied);
	c->path = path;
	return c;
}

/* The folder of a change that writes, after a look at what is there. */
static int begin_write(struct fileset *s, struct change *c,
		       const struct file_seen *seen, struct fault *f)
{
	int dir;

	if (split(s, c, f) < 0)
		return -1;
	dir = make_folder(s, c, f);
	if (dir < 0)
		return -1;
	if (look(s, c, dir, seen, f) == 0)
		return dir;
	close(dir);
	return -1;
}

int fileset_write(struct fileset *s, struct sv path, struct sv text,
		  const struct file_seen *seen, struct fault *f)
{
	struct change *c = change_new(s, path);
	int dir = begin_write(s, c, seen, f), rc = 1;

	if (dir < 0)
		return -1;
	if (c->old.there && (size_t)c->old.size == text.n &&
	    same_content(dir, name_of(c), text)) {
		close(dir);
		return 0;
	}
	append(s, c);
	if (fill_temp(s, c, dir, text) < 0)
		rc = change_fault(s, c, "write", f);
	close(dir);
	return rc;
}

int fileset_reserve(struct fileset *s, struct sv path,
		    const struct file_seen *seen, const char **temp,
		    struct fault *f)
{
	struct change *c = change_new(s, path);
	int dir = begin_write(s, c, seen, f), rc;

	if (dir < 0)
		return -1;
	append(s, c);
	rc = fill_temp(s, c, dir, SV(""));
	close(dir);
	*temp = c->cleanup.path;
	return rc < 0 ? change_fault(s, c, "write", f) : 0;
}

static struct change *find(const struct fileset *s, struct sv path)
{
	struct change *c = s->first;

	while (c != NULL && !sv_eq(c->path, path))
		c = c->next;
	return c;
}

int fileset_seal(struct fileset *s, struct sv path, struct fault *f)
{
	struct change *c = find(s, path);
	int fd;
	struct stat st;
	bool ok;

	assert(c != NULL);
	fd = open(c->cleanup.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ok = fd >= 0 && (!c->old.there || fchmod(fd, c->mode) == 0) &&
	     fsync(fd) == 0 && fstat(fd, &st) == 0;
	if (ok)
		c->new = file_seen_of(&st);
	else
		(void)change_fault(s, c, "write", f);
	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

int fileset_remove(struct fileset *s, struct sv path,
		   const struct file_seen *seen, struct fault *f)
{
	struct change *c = change_new(s, path);
	int dir, rc;

	c->removes = true;
	if (split(s, c, f) < 0)
		return -1;
	dir = folder_of(s, c);
	if (dir < 0 && errno == ENOENT && (seen == NULL || !seen->there))
		return 0;
	if (dir < 0)
		return folder_fault(s, c, ".", f);
	rc = look(s, c, dir, seen, f);
	close(dir);
	if (rc < 0 || !c->old.there)
		return rc;
	append(s, c);
	return 1;
}

/* renameat2() where the file system has it. */
static bool unknown_flag(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

static int move_new(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (!unknown_flag())
		return -1;
	if (linkat(dir, from, dir, to, 0) == 0) {
		(void)unlinkat(dir, from, 0);
		return 0;
	}
	if (errno == EEXIST ||
	    faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dir, from, dir, to);
}

static int exchange_by_rename(struct fileset *s, struct change *c, int dir)
{
	char spare[TEMP_NAME];
	int saved;

	next_temp(s, spare);
	if (linkat(dir, name_of(c), dir, spare, 0) < 0 &&
	    renameat(dir, name_of(c), dir, spare) < 0)
		return -1;
	if (renameat(dir, c->temp, dir, name_of(c)) < 0) {
		saved = errno;
		(void)renameat(dir, spare, dir, name_of(c));
		errno = saved;
		return -1;
	}
	return renameat(dir, spare, dir, c->temp);
}

static int exchange(struct fileset *s, struct change *c, int dir)
{
	if (renameat2(dir, c->temp, dir, name_of(c), RENAME_EXCHANGE) == 0)
		return 0;
	return unknown_flag() ? exchange_by_rename(s, c, dir) : -1;
}

static int move_away(struct fileset *s, struct change *c, int dir)
{
	int rc = -1;

	errno = EEXIST;
	for (unsigned i = 0; rc < 0 && errno == EEXIST && i < TEMP_TRIES; i++) {
		next_temp(s, c->temp);
		rc = move_new(dir, name_of(c), c->temp);
	}
	return rc;
}

/* In place of the file that was seen; what came out must be that file. */
static int apply_one(struct fileset *s, struct change *c, int dir,
		     struct fault *f)
{
	struct file_seen out;
	struct stat st;
	int rc;

	if (c->removes)
		rc = move_away(s, c, dir);
	else if (c->old.there)
		rc = exchange(s, c, dir);
	else
		rc = move_new(dir, c->temp, name_of(c));
	if (rc < 0)
		return errno == EEXIST || errno == ENOENT
			       ? again(s, c, f)
			       : change_fault(s, c,
					      c->removes ? "remove" : "write",
					      f);
	c->state = c->removes	  ? CHANGE_REMOVED
		   : c->old.there ? CHANGE_EXCHANGED
				  : CHANGE_NEW;
	if (c->state == CHANGE_NEW)
		return 0;
	if (fstatat(dir, c->temp, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return change_fault(s, c, "read", f);
	out = file_seen_of(&st);
	return same_seen(&out, &c->old) ? 0 : again(s, c, f);
}

static int apply_all(struct fileset *s, bool removals, struct fault *f)
{
	for (struct change *c = s->first; c != NULL; c = c->next) {
		int dir, rc;

		if (c->removes != removals)
			continue;
		dir = folder_of(s, c);
		if (dir < 0)
			return folder_fault(s, c, ".", f);
		rc = apply_one(s, c, dir, f);
		/* The renames must survive a power cut.  Some file systems
		 * cannot sync a folder; the files are whole all the same. */
		if (rc == 0)
			(void)fsync(dir);
		close(dir);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int fileset_apply(struct fileset *s, struct fault *f)
{
	assert(!s->applied);
	cleanup_hold();
	s->applied = true;
	cleanup_add(&s->undo);
	if (apply_all(s, false, f) == 0 && apply_all(s, true, f) == 0)
		return 0;
	(void)fileset_undo(s, f);
	return -1;
}

static void drop_temp(struct change *c, int dir)
{
	if (dir >= 0)
		(void)unlinkat(dir, c->temp, 0);
	cleanup_drop(&c->cleanup);
	c->has_temp = false;
	c->state = CHANGE_DONE;
}

static void end(struct fileset *s)
{
	cleanup_drop(&s->undo);
	if (s->applied)
		cleanup_release();
	s->applied = false;
	/* Which drops the lock too. */
	if (s->root_fd >= 0)
		close(s->root_fd);
	s->root_fd = -1;
}

void fileset_finish(struct fileset *s)
{
	for (struct change *c = s->first; c != NULL; c = c->next) {
		int dir = folder_of(s, c);

		drop_temp(c, dir);
		if (dir >= 0)
			close(dir);
	}
	end(s);
}

/* The file in place is the one that we put there. */
static bool is_ours(const struct change *c, int dir)
{
	struct file_seen now;
	struct stat st;

	if (fstatat(dir, name_of(c), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	now = file_seen_of(&st);
	return same_seen(&now, &c->new);
}

/* Put the old file back over ours; if a folder has taken its place, the name
 * must be free first. */
static int put_back(struct change *c, int dir)
{
	if (renameat(dir, c->temp, dir, name_of(c)) == 0)
		return 0;
	if (errno != ENOTDIR || unlinkat(dir, name_of(c), 0) < 0)
		return -1;
	return renameat(dir, c->temp, dir, name_of(c));
}

/* An edit that came between stays: what it was made on is then of no use. */
static int take_back(struct change *c, int dir)
{
	switch (c->state) {
	case CHANGE_EXCHANGED:
		return is_ours(c, dir) ? put_back(c, dir)
				       : unlinkat(dir, c->temp, 0);
	case CHANGE_NEW:
		return is_ours(c, dir) ? unlinkat(dir, name_of(c), 0) : 0;
	case CHANGE_REMOVED:
		if (move_new(dir, c->temp, name_of(c)) == 0)
			return 0;
		return errno == EEXIST ? unlinkat(dir, c->temp, 0) : -1;
	case CHANGE_READY:
		return c->has_temp ? unlinkat(dir, c->temp, 0) : 0;
	case CHANGE_DONE:
		return 0;
	}
	return 0;
}

/* The old file lies under its temporary name still. */
static void stuck(const struct fileset *s, const struct change *c,
		  struct fault *f)
{
	if (f == NULL || c->state == CHANGE_READY)
		return;
	fault_file(f, s->mem, FAULT_ENV, SV_FMT ": cannot put it back: %s",
		   SV_ARG(c->path), strerror(errno));
	fault_hint(f, s->mem, "the old " SV_FMT " is %s beside it",
		   SV_ARG(c->path), c->temp);
}

static int undo_one(struct fileset *s, struct change *c, struct fault *f)
{
	bool idle = c->state == CHANGE_READY && !c->has_temp;
	int dir = folder_of(s, c), rc;

	rc = idle ? 0 : dir < 0 ? -1 : take_back(c, dir);
	if (rc < 0)
		stuck(s, c, f);
	else
		c->state = CHANGE_DONE;
	if (dir >= 0) {
		(void)fsync(dir);
		close(dir);
	}
	cleanup_drop(&c->cleanup);
	return rc;
}

static void remove_made(const struct fileset *s)
{
	for (const struct made *m = s->made; m != NULL; m = m->next) {
		const char *name = m->parts;
		int fd = open_folder(s, m->parts, m->n_parts - 1);

		for (unsigned i = 1; i < m->n_parts; i++)
			name = next_part(name);
		/* A folder that is not empty any more stays. */
		if (fd >= 0) {
			(void)unlinkat(fd, name, AT_REMOVEDIR);
			close(fd);
		}
	}
}

int fileset_undo(struct fileset *s, struct fault *f)
{
	int rc = 0;

	for (struct change *c = s->first; c != NULL; c = c->next)
		if (undo_one(s, c, f) < 0)
			rc = -1;
	remove_made(s);
	s->made = NULL;
	end(s);
	return rc;
}

/* ".zoneloom.", eight or ten digits, and what libgit2 adds to lock it. */
static bool is_temp(const char *name)
{
	struct sv rest = sv_of(name);

	if (!sv_starts(rest, SV(".zoneloom.")))
		return false;
	rest = sv_from(rest, strlen(".zoneloom."));
	if (sv_ends(rest, SV(".lock")))
		rest.n -= strlen(".lock");
	for (size_t i = 0; i < rest.n; i++)
		if (sv_chr(SV("0123456789abcdef"), rest.p[i]) == 16)
			return false;
	return rest.n == 8 || rest.n == 10;
}

static void sweep_folder(struct arena *mem, int fd, struct sv folder,
			 struct paths *gone)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(dir)) != NULL)
		if (is_temp(e->d_name) && unlinkat(fd, e->d_name, 0) == 0)
			*VEC_ADD(mem, &gone->list) = arena_fmt(
				mem, SV_FMT "%s", SV_ARG(folder), e->d_name);
	closedir(dir);
}

void fileset_sweep(struct arena *mem, const char *root,
		   const struct paths *paths, struct paths *gone)
{
	struct fault ignored = { 0 };
	struct fileset *s;
	struct sv last = { NULL, 0 };

	if (fileset_new(mem, root, &ignored, &s) < 0)
		return;
	/* Without it a sweep could take what a process is about to rename. */
	if (flock(s->root_fd, LOCK_EX | LOCK_NB) < 0) {
		end(s);
		return;
	}
	for (size_t i = 0; i < paths->list.n; i++) {
		struct change c = { .path = paths->list.v[i] };
		struct sv folder;

		if (split(s, &c, &ignored) < 0)
			continue;
		folder = folder_path(&c);
		if (last.p != NULL && sv_eq(last, folder))
			continue;
		last = folder;
		sweep_folder(mem, folder_of(s, &c), folder, gone);
	}
	end(s);
}
