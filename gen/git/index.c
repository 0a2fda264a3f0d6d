/*
 * The index, read without libgit2.
 *
 * libgit2 1.5.1 needs 1.6 s for a million entries and refuses an index
 * without checksum (index.skipHash); this reader takes 20 ms and, as git,
 * leaves the checksum to fsck.
 *
 * Source: gitformat-index(5), versions 2 to 4.
 */
#include "git/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

enum {
	HEADER = 12,
	CHECKSUM = 20,
	STAT_BYTES = 40, /* times, device, inode, mode, owner, size */
	FIXED = STAT_BYTES + 20 + 2,
	MODE_AT = 24,
	FLAG_EXTENDED = 0x4000,
	FLAG2_INTENT = 0x2000,
	FLAG2_SKIP = 0x4000,
};

struct reader {
	struct arena *mem;
	const char *name; /* of the file, for messages */
	struct fault *f;
	const unsigned char *p;
	size_t at, end; /* of the entries and extensions */
	unsigned version;
	bool disorder; /* filed after the extensions: they may explain it */
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static unsigned be16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static int corrupt(struct reader *x, const char *what)
{
	return fault_set(x->f, x->mem, FAULT_ENV, "%s: %s", x->name, what);
}

/* How much of the last path goes: base-128, each step adds one (version 4). */
static int strip_of(struct reader *x, size_t *out)
{
	size_t n = 0;

	for (unsigned i = 0; i < 5 && x->at < x->end; i++) {
		unsigned char c = x->p[x->at++];

		n = (n << 7) + (c & 0x7f);
		if ((c & 0x80) == 0) {
			*out = n;
			return 0;
		}
		n++;
	}
	return corrupt(x, "the index is cut off or broken");
}

static int path_of(struct reader *x, size_t start, struct sv last,
		   struct sv *out)
{
	const unsigned char *nul;
	struct sv tail;
	size_t strip = 0;

	if (x->version == 4 && strip_of(x, &strip) < 0)
		return -1;
	nul = memchr(x->p + x->at, 0, x->end - x->at);
	if (nul == NULL || strip > last.n)
		return corrupt(x, "the index is cut off or broken");
	tail = (struct sv){ (const char *)x->p + x->at,
			    (size_t)(nul - x->p) - x->at };
	x->at += tail.n + 1;
	*out = tail;
	if (x->version == 4) {
		*out = arena_fmt(x->mem, SV_FMT SV_FMT,
				 SV_ARG(sv_head(last, last.n - strip)),
				 SV_ARG(tail));
		return 0;
	}
	/* An entry is a multiple of eight bytes, its NULs counted. */
	x->at = start + ((x->at - start - 1) / 8 + 1) * 8;
	return x->at > x->end ? corrupt(x, "the index is cut off or broken")
			      : 0;
}

static int entry_of(struct reader *x, struct sv last, struct index_entry *out)
{
	const unsigned char *e = x->p + x->at;
	size_t start = x->at;
	unsigned flags;

	if (x->end - x->at < FIXED)
		return corrupt(x, "the index is cut off or broken");
	flags = be16(e + STAT_BYTES + 20);
	out->mode = be32(e + MODE_AT);
	out->stage = flags >> 12 & 3;
	memcpy(out->id, e + STAT_BYTES, sizeof(out->id));
	x->at += FIXED;
	if (flags & FLAG_EXTENDED) {
		if (x->version < 3 || x->end - x->at < 2)
			return corrupt(x, "the index is cut off or broken");
		flags = be16(x->p + x->at);
		x->at += 2;
		out->flags = (flags & FLAG2_INTENT ? INDEX_INTENT : 0U) |
			     (flags & FLAG2_SKIP ? INDEX_SKIP : 0U);
	}
	return path_of(x, start, last, &out->path);
}

static int entries_of(struct reader *x, uint32_t n, struct index *out)
{
	struct sv last = { "", 0 };
	unsigned stage = 0;

	if (n > MAX_SNAPSHOT_FILES)
		return corrupt(x, "too many entries in the index");
	if (n > x->end / FIXED)
		return corrupt(x, "the index is cut off or broken");
	out->list.v = ARENA_ARRAY(x->mem, struct index_entry, n);
	out->list.cap = n;
	for (uint32_t i = 0; i < n; i++) {
		struct index_entry *e = &out->list.v[out->list.n++];
		int order;

		if (entry_of(x, last, e) < 0)
			return -1;
		order = i == 0 ? -1 : sv_cmp(last, e->path);
		x->disorder |= e->path.n == 0 || order > 0 ||
			       (order == 0 && stage >= e->stage);
		last = e->path;
		stage = e->stage;
	}
	return 0;
}

/* Lower-case extensions change what the index means and cannot be skipped. */
static int extensions_of(struct reader *x)
{
	static const struct {
		const char *name, *what, *hint;
	} known[] = {
		{ "link", "split index, which is not supported",
		  "git update-index --no-split-index" },
		{ "sdir", "sparse index, which is not supported",
		  "git sparse-checkout reapply --no-sparse-index" },
	};

	while (x->end - x->at >= 8) {
		struct sv name = { (const char *)x->p + x->at, 4 };
		size_t n = be32(x->p + x->at + 4);

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (!sv_eq(name, sv_of(known[i].name)))
				continue;
			(void)corrupt(x, known[i].what);
			fault_hint(x->f, x->mem, "%s", known[i].hint);
			return -1;
		}
		if (name.p[0] < 'A' || name.p[0] > 'Z')
			return corrupt(x, "unknown extension of the index");
		if (n > x->end - x->at - 8)
			return corrupt(x, "the index is cut off or broken");
		x->at += 8 + n;
	}
	return x->disorder
		       ? corrupt(x, "the entries of the index are not sorted")
		       : 0;
}

int index_parse(struct arena *mem, const char *name, struct sv bytes,
		struct fault *f, struct index *out)
{
	struct reader x = { .mem = mem,
			    .name = name,
			    .f = f,
			    .p = (const unsigned char *)bytes.p,
			    .end = bytes.n };

	*out = (struct index){ 0 };
	if (bytes.n < HEADER + CHECKSUM || memcmp(bytes.p, "DIRC", 4) != 0)
		return corrupt(&x, "not an index");
	x.version = be32(x.p + 4);
	if (x.version < 2 || x.version > 4)
		return corrupt(&x, "unknown version of the index");
	x.end -= CHECKSUM;
	x.at = HEADER;
	if (entries_of(&x, be32(x.p + 8), out) < 0)
		return -1;
	return extensions_of(&x);
}

struct mapping {
	void *p;
	size_t n;
};

static void unmap(void *data)
{
	struct mapping *m = data;

	(void)munmap(m->p, m->n);
}

/* Git replaces an index by rename, never in place: what is mapped stays. */
static int map_file(struct repo *r, int fd, struct fault *f,
		    struct mapping *out)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return fault_set(f, r->mem, FAULT_ENV, "%s: not an index",
				 r->index_path);
	out->n = (size_t)st.st_size;
	out->p = mmap(NULL, out->n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (out->p == MAP_FAILED)
		return fault_set(f, r->mem, FAULT_ENV, "%s: %s", r->index_path,
				 strerror(errno));
	arena_defer(r->mem, unmap, out);
	return 0;
}

int index_load(struct repo *r, struct fault *f, struct index *out)
{
	struct mapping *m = ARENA_NEW(r->mem, struct mapping);
	int fd = open(r->index_path, O_RDONLY | O_CLOEXEC), rc;

	*out = (struct index){ 0 };
	if (fd < 0 && errno == ENOENT) {
		out->missing = true;
		return 0;
	}
	if (fd < 0)
		return fault_set(f, r->mem, FAULT_ENV, "%s: %s", r->index_path,
				 strerror(errno));
	rc = map_file(r, fd, f, m);
	close(fd);
	if (rc < 0)
		return -1;
	return index_parse(r->mem, r->index_path, (struct sv){ m->p, m->n }, f,
			   out);
}
