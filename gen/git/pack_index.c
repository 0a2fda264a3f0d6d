/*
 * The index of a pack, looked through once before libgit2 1.5.1 has it, which
 * reads beyond its end where an offset in it is damaged.
 *
 * Source: gitformat-pack(5), pack-*.idx.
 */
#include "git/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FANOUT = 256 * 4,
	HEADER = 8, /* of version 2: its magic number and version */
	TRAILER = 2 * GIT_OID_RAWSZ,
	LEAST_PACK = 12 + GIT_OID_RAWSZ,
	WIDE_SHIFT = 31, /* the bit that says: 64 bits, elsewhere */
};

static const uint32_t magic =
	0xff744f63; /* no number of a fanout is so large */

struct pack_index {
	const unsigned char *p;
	size_t n, count;
	unsigned long long pack; /* bytes that objects may lie in */
};

static uint32_t number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static bool fanout_ok(struct pack_index *x, size_t at)
{
	for (size_t i = 0; i < FANOUT / 4; i++) {
		uint32_t n = number(x->p + at + 4 * i);

		if (n < x->count)
			return false;
		x->count = n;
	}
	return true;
}

/* A list of offset and name. */
static bool version_1_ok(struct pack_index *x)
{
	enum { ENTRY = 4 + GIT_OID_RAWSZ };

	if (!fanout_ok(x, 0) || (x->n - FANOUT - TRAILER) / ENTRY != x->count ||
	    (x->n - FANOUT - TRAILER) % ENTRY != 0)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (number(x->p + FANOUT + i * ENTRY) >= x->pack)
			return false;
	return true;
}

/* Lists of names, of checksums and of offsets, which may lead to wider ones. */
static bool version_2_ok(struct pack_index *x)
{
	enum { ENTRY = GIT_OID_RAWSZ + 4 + 4 };
	const unsigned char *offsets, *wide;
	size_t n = x->n - HEADER - FANOUT - TRAILER, wides;

	if (number(x->p + 4) != 2 || x->n < HEADER + FANOUT + TRAILER ||
	    !fanout_ok(x, HEADER) || n / ENTRY < x->count ||
	    (n - x->count * ENTRY) % 8 != 0)
		return false;
	wides = (n - x->count * ENTRY) / 8;
	offsets = x->p + HEADER + FANOUT + x->count * (GIT_OID_RAWSZ + 4);
	wide = offsets + x->count * 4;
	for (size_t i = 0; i < x->count; i++) {
		unsigned long long at = number(offsets + 4 * i);

		if (at >> WIDE_SHIFT != 0) {
			size_t k = at & ~(1ULL << WIDE_SHIFT);

			if (k >= wides)
				return false;
			at = (unsigned long long)number(wide + 8 * k) << 32 |
			     number(wide + 8 * k + 4);
		}
		if (at >= x->pack)
			return false;
	}
	return true;
}

static bool index_ok(struct pack_index *x)
{
	if (x->n < FANOUT + TRAILER)
		return false;
	return number(x->p) == magic ? version_2_ok(x) : version_1_ok(x);
}

/* True where it has no pack: nobody reads it then. */
static bool check_one(int dir, const char *name, const char *pack)
{
	struct stat st, of_pack;
	struct pack_index x = { 0 };
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok = fd < 0 || fstatat(dir, pack, &of_pack, 0) < 0;
	void *p;

	if (ok || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size == 0 || of_pack.st_size < LEAST_PACK) {
		if (fd >= 0)
			(void)close(fd);
		return ok;
	}
	x.n = (size_t)st.st_size;
	x.pack = (unsigned long long)of_pack.st_size - GIT_OID_RAWSZ;
	p = mmap(NULL, x.n, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (p == MAP_FAILED)
		return false;
	x.p = p;
	ok = index_ok(&x);
	(void)munmap(p, x.n);
	return ok;
}

static const char *pack_of(struct arena *mem, struct sv name)
{
	const struct sv end = SV(".idx");

	return arena_fmt(mem, SV_FMT ".pack",
			 SV_ARG(sv_head(name, name.n - end.n)))
		.p;
}

int pack_indexes_check(struct repo *r, const char *folder, struct fault *f)
{
	const char *path = arena_fmt(r->mem, "%s/pack", folder).p;
	const struct dirent *e;
	DIR *d = opendir(path);
	int rc = 0;

	while (rc == 0 && d != NULL && (e = readdir(d)) != NULL) {
		struct sv name = sv_of(e->d_name);

		if (!sv_ends(name, SV(".idx")) ||
		    check_one(dirfd(d), e->d_name, pack_of(r->mem, name)))
			continue;
		rc = fault_set(f, r->mem, FAULT_ENV,
			       "%s/%s: damaged index of a pack", path,
			       e->d_name);
		fault_hint(f, r->mem, "git fsck");
	}
	if (d != NULL)
		closedir(d);
	return rc;
}
