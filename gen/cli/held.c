/* Standard output, kept back until all of it stands. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* The descriptor stays what it is, which a report may be written to by the name
 * /dev/stdout.  In memory: a file would have errors of its own, after all is
 * done.  Elsewhere than in glibc the stream is a constant, and what is printed
 * goes out as it comes. */
void held_begin(struct held *h)
{
#ifdef __GLIBC__
	FILE *kept = open_memstream(&h->text, &h->n);

	if (kept == NULL)
		return;
	h->to = stdout;
	stdout = kept;
#endif
}

void held_end(struct held *h)
{
#ifdef __GLIBC__
	if (h->to == NULL)
		return;
	(void)fclose(stdout);
	stdout = h->to;
	h->to = NULL;
	free(h->text);
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

void held_release(struct held *h)
{
	bool done = fflush(stdout) == 0 && !ferror(stdout);

	if (done && h->to != NULL)
		done = write_all(h->text, h->n);
	if (!done && h->error == 0)
		h->error = errno;
	held_end(h);
	held_begin(h);
}
