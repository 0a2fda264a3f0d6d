#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(struct arena *mem, int fd, const char *name, size_t max,
		 struct fault *f, struct sv *out)
{
	size_t cap = (size_t)64 * 1024, n = 0;
	struct stat st;
	char *p;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (size_t)st.st_size <= max)
		cap = (size_t)st.st_size + 1;
	p = arena_alloc(mem, cap + 1, 1);
	for (;;) {
		ssize_t got = read(fd, p + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(f, mem, FAULT_ENV, "%s: %s", name,
					 strerror(errno));
		n += (size_t)got;
		if (n > max)
			return fault_set(f, mem, FAULT_ENV,
					 "%s: more than %zu bytes", name, max);
		if (got == 0)
			break;
		if (n == cap) {
			char *q = arena_alloc(mem, cap * 2 + 1, 1);

			memcpy(q, p, n);
			p = q;
			cap *= 2;
		}
	}
	p[n] = '\0';
	*out = (struct sv){ p, n };
	return 0;
}

int file_read(struct arena *mem, const char *path, size_t max, struct fault *f,
	      struct sv *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", path,
				 strerror(errno));
	rc = file_read_fd(mem, fd, path, max, f, out);
	close(fd);
	return rc;
}

/* Open the folder that holds `path`, component by component.  -1 with a
 * fault; `*name` is the last component. */
static int open_parent(struct arena *mem, const char *root, struct sv path,
		       bool make, struct fault *f, struct sv *name)
{
	int dir = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sv part, rest = path;

	if (dir < 0)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", root,
				 strerror(errno));
	while (sv_cut(&rest, '/', &part)) {
		const char *c = arena_str(mem, part);
		int next;

		if (part.n == 0 || sv_eq(part, SV(".")) ||
		    sv_eq(part, SV("..")) || strlen(c) != part.n) {
			close(dir);
			return fault_set(f, mem, FAULT_USAGE,
					 SV_FMT ": not a plain relative path",
					 SV_ARG(path));
		}
		if (rest.p == NULL) {
			*name = part;
			return dir;
		}
		if (make && mkdirat(dir, c, 0777) < 0 && errno != EEXIST) {
			next = -1;
		} else {
			next = openat(dir, c,
				      O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					      O_CLOEXEC);
		}
		close(dir);
		if (next < 0 && !make && errno == ENOENT)
			return -2;
		if (next < 0)
			return fault_set(
				f, mem, FAULT_ENV, SV_FMT ": folder %s: %s",
				SV_ARG(path), c,
				errno == ELOOP || errno == ENOTDIR
					? "a symbolic link or no folder"
					: strerror(errno));
		dir = next;
	}
	close(dir);
	return fault_set(f, mem, FAULT_USAGE, "an output needs a file name");
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

static bool same_content(struct arena *mem, int dir, const char *name,
			 struct sv text)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct fault ignored = { 0 };
	struct stat st;
	struct sv old;
	bool same;

	if (fd < 0)
		return false;
	same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       (size_t)st.st_size == text.n &&
	       file_read_fd(mem, fd, name, text.n, &ignored, &old) == 0 &&
	       sv_eq(old, text);
	close(fd);
	return same;
}

/* A name that no other process picks: O_EXCL decides. */
static int open_temp(int dir, char name[static 32])
{
	for (unsigned i = 0; i < 100; i++) {
		int fd;

		(void)snprintf(name, 32, ".zoneloom.%06x%02x",
			       (unsigned)getpid() & 0xffffffU, i);
		fd = openat(dir, name,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
				    O_CLOEXEC,
			    0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int replace_at(int dir, const char *name, struct sv text)
{
	struct stat st;
	char temp[32];
	int fd, saved;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode)) {
		errno = S_ISLNK(st.st_mode) ? ELOOP : EISDIR;
		return -1;
	}
	fd = open_temp(dir, temp);
	if (fd < 0)
		return -1;
	/* Keep the mode of the file that goes; else 0666 less the umask. */
	if ((fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	     fchmod(fd, st.st_mode & 0777) < 0) ||
	    write_all(fd, text) < 0 || fsync(fd) < 0) {
		saved = errno;
		close(fd);
		unlinkat(dir, temp, 0);
		errno = saved;
		return -1;
	}
	if (close(fd) < 0 || renameat(dir, temp, dir, name) < 0) {
		saved = errno;
		unlinkat(dir, temp, 0);
		errno = saved;
		return -1;
	}
	/* The rename itself must survive a power cut.  Some file systems
	 * cannot sync a folder; the file is whole all the same. */
	(void)fsync(dir);
	return 0;
}

int file_replace(struct arena *mem, const char *root, struct sv path,
		 struct sv text, struct fault *f)
{
	struct sv name;
	int dir = open_parent(mem, root, path, true, f, &name);
	const char *c;
	int rc = 1;

	if (dir < 0)
		return -1;
	c = arena_str(mem, name);
	if (same_content(mem, dir, c, text))
		rc = 0;
	else if (replace_at(dir, c, text) < 0)
		rc = fault_set(f, mem, FAULT_ENV, SV_FMT ": cannot write: %s",
			       SV_ARG(path), strerror(errno));
	close(dir);
	return rc;
}

int file_remove(struct arena *mem, const char *root, struct sv path,
		struct fault *f)
{
	struct sv name;
	int dir = open_parent(mem, root, path, false, f, &name);
	int rc = 1;

	if (dir == -2)
		return 0;
	if (dir < 0)
		return -1;
	if (unlinkat(dir, arena_str(mem, name), 0) < 0)
		rc = errno == ENOENT ? 0
				     : fault_set(f, mem, FAULT_ENV,
						 SV_FMT ": cannot remove: %s",
						 SV_ARG(path), strerror(errno));
	close(dir);
	return rc;
}
