/* Standard output, kept back until all of it stands. */
#define _GNU_SOURCE /* memfd_create() */
#include "cli/cli.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

/* The descriptor stays what it is, which a report may be written to by the name
 * /dev/stdout.  Elsewhere than in glibc the stream is a constant, and what is
 * printed goes out as it comes. */
void held_begin(struct held *h)
{
	*h = (struct held){ .kept = -1 };
#ifdef __GLIBC__
	int fd = memfd_create("stdout", MFD_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (f != NULL) {
		h->kept = fd;
		stdout = f;
	} else if (fd >= 0) {
		(void)close(fd);
	}
#endif
}

static bool write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool copy(int from)
{
	char part[CHUNK];
	ssize_t n = 0;

	if (lseek(from, 0, SEEK_SET) < 0)
		return false;
	do
		if (n > 0 && !write_all(part, (size_t)n))
			return false;
	while ((n = read(from, part, sizeof(part))) > 0 ||
	       (n < 0 && errno == EINTR));
	return n == 0;
}

void held_release(struct held *h)
{
	bool done = fflush(stdout) == 0 && !ferror(stdout);

	if (done && h->kept >= 0)
		done = copy(h->kept) && ftruncate(h->kept, 0) == 0 &&
		       lseek(h->kept, 0, SEEK_SET) == 0;
	if (!done && h->error == 0)
		h->error = errno;
}
