/* Standard output, kept back until all of it stands. */
#define _GNU_SOURCE /* memfd_create() */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

void held_begin(struct held *h)
{
	*h = (struct held){ .to = -1, .kept = -1 };
	(void)fflush(stdout);
	h->to = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	h->kept = h->to < 0 ? -1 : memfd_create("stdout", MFD_CLOEXEC);
	if (h->kept >= 0 && dup2(h->kept, STDOUT_FILENO) >= 0)
		return;
	/* Then it goes out as it comes. */
	if (h->kept >= 0)
		(void)close(h->kept);
	h->kept = -1;
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

static bool copy(const struct held *h)
{
	char part[CHUNK];
	ssize_t n = 0;

	if (lseek(h->kept, 0, SEEK_SET) < 0)
		return false;
	do
		if (n > 0 && !write_all(part, (size_t)n))
			return false;
	while ((n = read(h->kept, part, sizeof(part))) > 0 ||
	       (n < 0 && errno == EINTR));
	return n == 0;
}

void held_release(struct held *h)
{
	bool done = fflush(stdout) == 0 && !ferror(stdout);

	if (done && h->kept >= 0)
		/* The descriptor that others know it by. */
		done = dup2(h->to, STDOUT_FILENO) >= 0 && copy(h);
	if (!done && h->error == 0)
		h->error = errno;
	if (h->kept >= 0 &&
	    (ftruncate(h->kept, 0) < 0 || lseek(h->kept, 0, SEEK_SET) < 0 ||
	     dup2(h->kept, STDOUT_FILENO) < 0) &&
	    h->error == 0)
		h->error = errno;
}
