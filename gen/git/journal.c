#include "base/shell.h"
#include "base/words.h"
#include "git/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_TRIES = 256 };

static const char name_start[] = "zoneloom.";

bool journal_is_name(const char *name)
{
	struct sv rest = sv_of(name);

	if (!sv_starts(rest, SV("zoneloom.")))
		return false;
	rest = sv_from(rest, strlen(name_start));
	for (size_t i = 0; i < rest.n; i++)
		if (sv_chr(SV("0123456789abcdef"), rest.p[i]) == 16)
			return false;
	return rest.n == 10;
}

/* Locked, and not yet taken for a dead one's by a run that was faster. */
static bool is_alive(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return false;
	return fstat(fd, &st) < 0 || st.st_nlink == 1;
}

static int try_name(struct journal *j, unsigned i)
{
	bool alive = false;

	j->path = arena_fmt(j->r->mem, "%s%s%06x%04x", j->r->gitdir, name_start,
			    (unsigned)getpid() & 0xffffffU, i)
			  .p;
	cleanup_hold();
	j->fd = open(j->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (j->fd >= 0) {
		alive = is_alive(j->fd);
		j->file.path = j->path;
		if (alive)
			cleanup_add(&j->file);
		else
			close(j->fd);
		errno = EEXIST;
	}
	cleanup_release();
	return alive ? 0 : -1;
}

static int put(struct journal *j, struct sv text, struct fault *f)
{
	struct sv rest = { text.p, text.n + 1 };

	while (rest.n > 0) {
		ssize_t n = write(j->fd, rest.p, rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_set(f, j->r->mem, FAULT_ENV, "%s: %s",
					 j->path, strerror(errno));
		rest = sv_from(rest, (size_t)n);
	}
	return 0;
}

int journal_begin(struct repo *r, struct fault *f, struct journal *j)
{
	int rc = -1;

	*j = (struct journal){ .r = r };
	errno = EEXIST;
	for (unsigned i = 0; rc < 0 && errno == EEXIST && i < NAME_TRIES; i++)
		rc = try_name(j, i);
	if (rc == 0)
		return put(j, SV("zoneloom 1"), f);
	fault_file(f, r->mem, FAULT_ENV, "%s: %s", j->path, strerror(errno));
	j->path = NULL;
	return -1;
}

/* "3 minutes" */
static const char *age_of(struct arena *mem, const char *path)
{
	static const struct {
		long long seconds;
		const char *name;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" } };
	struct stat st;
	long long age;

	if (lstat(path, &st) < 0)
		return "an unknown time";
	age = (long long)time(NULL) - (long long)st.st_mtime;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		long long n = age / units[i].seconds;

		if (n > 0)
			return words_count(mem, (size_t)n, units[i].name, NULL)
				.p;
	}
	return arena_fmt(mem, "%lld s", age > 0 ? age : 0).p;
}

static int lock_fault(struct journal *j, const char *path, struct fault *f)
{
	struct arena *mem = j->r->mem;

	if (errno != EEXIST)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", path,
				 strerror(errno));
	fault_file(f, mem, FAULT_AGAIN,
		   "%s has existed for %s: another git process seems to be "
		   "running",
		   path, age_of(mem, path));
	fault_hint(f, mem, "wait and try again; if none is running: rm " SV_FMT,
		   SV_ARG(shell_word(mem, sv_of(path))));
	return -1;
}

/* A second name of the journal, so that whose lock it is can be seen; where a
 * file system has no such names, a file of its own, as git's. */
static int link_lock(struct journal *j, const char *path)
{
	int fd;

	if (link(j->path, path) == 0)
		return 0;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS &&
	    errno != EXDEV && errno != EMLINK)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

int journal_lock(struct journal *j, struct fault *f)
{
	const char *path = arena_fmt(j->r->mem, "%s.lock", j->r->index_path).p;
	int rc;

	if (put(j, arena_fmt(j->r->mem, "index %s", path), f) < 0)
		return -1;
	j->held.path = path;
	cleanup_hold();
	rc = link_lock(j, path);
	if (rc == 0) {
		j->lock = path;
		cleanup_add(&j->held);
	}
	cleanup_release();
	return rc < 0 ? lock_fault(j, path, f) : 0;
}

int journal_file(struct journal *j, struct sv path, const git_oid *old,
		 const git_oid *new, struct fault *f)
{
	char a[GIT_OID_HEXSZ + 1], b[GIT_OID_HEXSZ + 1];

	return put(j,
		   arena_fmt(j->r->mem, "file %s %s " SV_FMT,
			     git_oid_tostr(a, sizeof(a), old),
			     git_oid_tostr(b, sizeof(b), new), SV_ARG(path)),
		   f);
}

int journal_ref(struct journal *j, const char *ref, const git_oid *old,
		const git_oid *new, struct fault *f)
{
	char a[GIT_OID_HEXSZ + 1], b[GIT_OID_HEXSZ + 1];

	return put(j,
		   arena_fmt(j->r->mem, "ref %s %s %s",
			     git_oid_tostr(a, sizeof(a), old),
			     git_oid_tostr(b, sizeof(b), new), ref),
		   f);
}

int journal_ready(struct journal *j, struct fault *f)
{
	if (put(j, SV("ready"), f) < 0)
		return -1;
	if (fsync(j->fd) < 0)
		return fault_set(f, j->r->mem, FAULT_ENV, "%s: %s", j->path,
				 strerror(errno));
	return 0;
}

/* The lock first: what it guards is done.  Where it stays, the journal does
 * too, so that the next run knows whose it is. */
void journal_end(struct journal *j)
{
	if (j->path == NULL)
		return;
	cleanup_hold();
	if (j->lock == NULL || unlink(j->lock) == 0 || errno == ENOENT)
		(void)unlink(j->path);
	cleanup_drop(&j->held);
	cleanup_drop(&j->file);
	cleanup_release();
	close(j->fd);
	j->path = j->lock = NULL;
}
