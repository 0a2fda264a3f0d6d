/*
 * A loose object, which is a file of its own.  libgit2 1.5.1 writes past the
 * end of its buffer when one is longer than its header says, and never ends
 * with one that is cut off.
 *
 * Source: git's object-file.c, unpack_loose_rest().
 */
#include "git/internal.h"

#include <errno.h>
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/limits.h"

enum {
	CHUNK = 16 * 1024,
	HEADER = 64,	  /* bytes; git's own bound is 32 */
	MAX_RATIO = 1032, /* zlib makes no more of one byte */
};

struct loose {
	struct arena *mem;
	z_stream z;
	unsigned char in[CHUNK];
};

/* One object that is being read. */
struct reading {
	struct loose *l;
	int fd;
	size_t bytes;	 /* of the file */
	bool ended;	 /* zlib saw the end of its stream */
	const char *why; /* what is damaged */
	struct object *out;
};

static bool damaged(struct reading *in, const char *why)
{
	in->why = why;
	return false;
}

/* At the end of the file `avail_in` stays 0. */
static bool refill(struct reading *in)
{
	z_stream *z = &in->l->z;
	ssize_t n;

	do
		n = read(in->fd, in->l->in, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return damaged(in, strerror(errno));
	z->next_in = in->l->in;
	z->avail_in = (uInt)n;
	return true;
}

/* Up to `n` bytes of what the file contains; less at its end only. */
static bool inflate_some(struct reading *in, unsigned char *out, size_t n)
{
	z_stream *z = &in->l->z;

	z->next_out = out;
	z->avail_out = (uInt)n;
	while (z->avail_out > 0 && !in->ended) {
		int rc;

		if (z->avail_in == 0 && !refill(in))
			return false;
		if (z->avail_in == 0)
			return damaged(in, in->bytes == 0
						   ? "damaged: it is empty"
						   : "damaged: it is cut off");
		rc = inflate(z, Z_NO_FLUSH);
		in->ended = rc == Z_STREAM_END;
		if (rc != Z_OK && !in->ended)
			return damaged(in, "damaged: zlib cannot read it");
	}
	return true;
}

/* "blob 12" */
static bool parse_header(struct reading *in, struct sv text)
{
	unsigned long long n;
	struct sv type;

	if (!sv_cut(&text, ' ', &type) || text.p == NULL ||
	    !sv_number(text, SIZE_MAX, &n))
		return damaged(in, "damaged: invalid header");
	for (git_object_t t = GIT_OBJECT_COMMIT; t <= GIT_OBJECT_TAG; t++)
		if (sv_eq(type, sv_of(git_object_type2string(t))))
			in->out->type = t;
	if (in->out->type == 0)
		return damaged(in, "damaged: unknown type");
	/* Before it is allocated. */
	if (n / MAX_RATIO > in->bytes)
		return damaged(in, "damaged: it is cut off");
	if (n > MAX_OBJECT_BYTES)
		return damaged(in, "too large");
	in->out->n = (size_t)n;
	return true;
}

/* With one byte more than the header says: that is how the end is seen. */
static bool read_body(struct reading *in, const unsigned char *head, size_t n)
{
	z_stream *z = &in->l->z;

	if (n > in->out->n)
		return damaged(in, "damaged: longer than its header says");
	in->out->bytes = git_odb_backend_data_alloc(NULL, in->out->n + 1);
	if (in->out->bytes == NULL)
		arena_exhausted(in->l->mem);
	memcpy(in->out->bytes, head, n);
	if (!inflate_some(in, in->out->bytes + n, in->out->n + 1 - n))
		return false;
	if (!in->ended || z->avail_out == 0)
		return damaged(in, "damaged: longer than its header says");
	if (z->avail_out > 1)
		return damaged(in, "damaged: shorter than its header says");
	if (z->avail_in == 0 && !refill(in))
		return false;
	if (z->avail_in > 0)
		return damaged(in, "damaged: bytes behind its end");
	in->out->bytes[in->out->n] = '\0';
	return true;
}

static bool read_all(struct reading *in)
{
	unsigned char head[HEADER] = { 0 };
	struct sv text = { (const char *)head, 0 };
	size_t n;

	(void)inflateReset(&in->l->z);
	in->l->z.avail_in = 0;
	if (!inflate_some(in, head, HEADER))
		return false;
	n = HEADER - in->l->z.avail_out;
	text.n = sv_chr((struct sv){ text.p, n }, '\0');
	if (text.n == n)
		return damaged(in, "damaged: invalid header");
	return parse_header(in, text) &&
	       read_body(in, head + text.n + 1, n - text.n - 1);
}

const char *loose_read(struct loose *l, int fd, struct object *out)
{
	struct reading in = { .l = l, .fd = fd, .out = out };
	struct stat st;

	*out = (struct object){ 0 };
	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "damaged: not a plain file";
	in.bytes = (size_t)st.st_size;
	if (read_all(&in))
		return NULL;
	git_odb_backend_data_free(NULL, out->bytes);
	return in.why;
}

static void loose_free(void *l)
{
	(void)inflateEnd(&((struct loose *)l)->z);
}

struct loose *loose_new(struct arena *mem)
{
	struct loose *l = ARENA_NEW(mem, struct loose);

	l->mem = mem;
	if (inflateInit(&l->z) != Z_OK)
		arena_exhausted(mem);
	arena_defer(mem, loose_free, l);
	return l;
}
