#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fileset.h"

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

/* A set of one. */
static int change_one(struct arena *mem, const char *root, struct sv path,
		      struct sv text, struct fault *f)
{
	struct fileset *s;
	int rc;

	if (fileset_new(mem, root, f, &s) < 0)
		return -1;
	rc = text.p != NULL ? fileset_write(s, path, text, NULL, f)
			    : fileset_remove(s, path, NULL, f);
	if (rc < 0) {
		(void)fileset_undo(s, f);
		return -1;
	}
	if (fileset_apply(s, f) < 0)
		return -1;
	fileset_finish(s);
	return rc;
}

int file_replace(struct arena *mem, const char *root, struct sv path,
		 struct sv text, struct fault *f)
{
	return change_one(mem, root, path, text.p != NULL ? text : SV(""), f);
}

int file_remove(struct arena *mem, const char *root, struct sv path,
		struct fault *f)
{
	return change_one(mem, root, path, (struct sv){ NULL, 0 }, f);
}
