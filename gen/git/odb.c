/*
 * What stands before libgit2's readers of objects: what is damaged ends in an
 * error that names the object, and not in a hang, a crash or a lack of memory.
 *
 * Shape:  a backend ahead of those of libgit2, with readers of packs of its
 *         own, which share what libgit2 has opened already.  Loose objects are
 *         read by loose.c.  Writing, and whether an object exists, stay with
 *         libgit2.
 * Errors: what is damaged ends the search; a copy of the object elsewhere is
 *         not looked for.
 */
#include "git/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

enum {
	/* Of libgit2: files 1, packs 2; objects in memory 999. */
	PRIORITY = 3,

	PATH_OF_ID = GIT_OID_HEXSZ + 1, /* "ab/cdef..." */
};

/* One folder of objects. */
struct shelf {
	git_odb_backend *packs;
	char *path, *name; /* `name` is its end, written over for each id */
};

struct guard {
	git_odb_backend backend; /* the first member: libgit2 knows no other */
	struct loose *loose;
	VEC(struct shelf) shelves;
};

static int complain(const git_oid *id, const char *why)
{
	char hex[GIT_OID_HEXSZ + 1], text[256];

	(void)snprintf(text, sizeof(text), "object %s: %s",
		       git_oid_tostr(hex, sizeof(hex), id), why);
	git_error_set_str(GIT_ERROR_ODB, text);
	return -1;
}

static int complain_of_pack(const git_oid *id)
{
	const git_error *e = git_error_last();
	char text[200];

	if (e != NULL && e->klass == GIT_ERROR_NOMEMORY)
		return complain(id, "too large, or damaged");
	(void)snprintf(text, sizeof(text), "damaged: %s",
		       e != NULL ? e->message : "the pack cannot be read");
	return complain(id, text);
}

/* The size is asked first: libgit2 allocates what a pack says. */
static int header_of_pack(const struct shelf *s, const git_oid *id, size_t *n,
			  git_object_t *type)
{
	int rc;

	git_error_clear();
	rc = s->packs->read_header(n, type, s->packs, id);
	if (rc == GIT_ENOTFOUND)
		return rc;
	if (rc < 0)
		return complain_of_pack(id);
	return *n > MAX_OBJECT_BYTES ? complain(id, "too large, or damaged")
				     : 0;
}

static int read_pack(const struct shelf *s, const git_oid *id,
		     struct object *out)
{
	void *bytes;
	int rc = header_of_pack(s, id, &out->n, &out->type);

	if (rc < 0)
		return rc;
	rc = s->packs->read(&bytes, &out->n, &out->type, s->packs, id);
	if (rc < 0)
		return complain_of_pack(id);
	out->bytes = bytes;
	return 0;
}

static int read_file(struct guard *g, const struct shelf *s, const git_oid *id,
		     struct object *out)
{
	const char *why;
	int fd;

	git_oid_pathfmt(s->name, id);
	fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? GIT_ENOTFOUND
			       : complain(id, strerror(errno));
	why = loose_read(g->loose, fd, out);
	(void)close(fd);
	return why != NULL ? complain(id, why) : 0;
}

static int read_any(struct guard *g, const git_oid *id, struct object *out)
{
	int rc = GIT_ENOTFOUND;

	for (size_t i = 0; rc == GIT_ENOTFOUND && i < g->shelves.n; i++)
		rc = read_pack(&g->shelves.v[i], id, out);
	for (size_t i = 0; rc == GIT_ENOTFOUND && i < g->shelves.n; i++)
		rc = read_file(g, &g->shelves.v[i], id, out);
	return rc;
}

static int guard_read(void **bytes, size_t *n, git_object_t *type,
		      git_odb_backend *b, const git_oid *id)
{
	struct object o;
	int rc = read_any((struct guard *)b, id, &o);

	if (rc < 0)
		return rc;
	*bytes = o.bytes;
	*n = o.n;
	*type = o.type;
	return 0;
}

static int guard_read_header(size_t *n, git_object_t *type, git_odb_backend *b,
			     const git_oid *id)
{
	void *bytes;
	int rc = guard_read(&bytes, n, type, b, id);

	if (rc == 0)
		git_odb_backend_data_free(b, bytes);
	return rc;
}

/* What begins as `key` does: how many different ones, `*id` is the last. */
struct search {
	const git_oid *key;
	size_t len, n;
	git_oid *id;
};

static void search_add(struct search *s, const git_oid *id)
{
	if (git_oid_ncmp(id, s->key, s->len) != 0 ||
	    (s->n > 0 && git_oid_equal(id, s->id)))
		return;
	git_oid_cpy(s->id, id);
	s->n++;
}

static void search_files(struct search *s, const struct shelf *shelf)
{
	char hex[GIT_OID_HEXSZ + 1] = { 0 };
	const struct dirent *e;
	git_oid id;
	DIR *d;

	git_oid_pathfmt(shelf->name, s->key);
	memcpy(hex, shelf->name, 2);
	shelf->name[2] = '\0'; /* the folder */
	d = opendir(shelf->path);
	shelf->name[2] = '/';
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strlen(e->d_name) != GIT_OID_HEXSZ - 2)
			continue;
		memcpy(hex + 2, e->d_name, GIT_OID_HEXSZ - 2);
		if (git_oid_fromstr(&id, hex) == 0)
			search_add(s, &id);
	}
	if (d != NULL)
		closedir(d);
}

static int search_packs(struct search *s, const struct shelf *shelf)
{
	git_oid id;
	int rc = shelf->packs->exists_prefix(&id, shelf->packs, s->key, s->len);

	if (rc == 0)
		search_add(s, &id);
	return rc == 0 || rc == GIT_ENOTFOUND ? 0 : rc;
}

static int guard_read_prefix(git_oid *id, void **bytes, size_t *n,
			     git_object_t *type, git_odb_backend *b,
			     const git_oid *key, size_t len)
{
	struct guard *g = (struct guard *)b;
	struct search s = { .key = key, .len = len, .id = id };
	git_oid found;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->shelves.n; i++) {
		rc = search_packs(&s, &g->shelves.v[i]);
		search_files(&s, &g->shelves.v[i]);
	}
	if (rc < 0 || s.n == 0)
		return rc < 0 ? rc : GIT_ENOTFOUND;
	if (s.n > 1) {
		git_error_set_str(GIT_ERROR_ODB, "ambiguous object name");
		return GIT_EAMBIGUOUS;
	}
	git_oid_cpy(&found, id);
	return guard_read(bytes, n, type, b, &found);
}

static int guard_refresh(git_odb_backend *b)
{
	const struct guard *g = (const struct guard *)b;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->shelves.n; i++)
		rc = g->shelves.v[i].packs->refresh(g->shelves.v[i].packs);
	return rc;
}

static void guard_free(git_odb_backend *b)
{
	const struct guard *g = (const struct guard *)b;

	for (size_t i = 0; i < g->shelves.n; i++)
		g->shelves.v[i].packs->free(g->shelves.v[i].packs);
}

static int shelf_open(struct arena *mem, const char *folder, struct shelf *s)
{
	size_t n = strlen(folder);

	s->path = arena_alloc(mem, n + 1 + PATH_OF_ID + 1, 1);
	memcpy(s->path, folder, n);
	s->path[n] = '/';
	s->name = s->path + n + 1;
	return git_odb_backend_pack(&s->packs, folder);
}

int odb_guard(struct repo *r, git_odb *odb, struct fault *f)
{
	struct object_folders all = { 0 };
	struct guard *g = ARENA_NEW(r->mem, struct guard);
	int rc = git_odb_init_backend(&g->backend, GIT_ODB_BACKEND_VERSION);

	g->loose = loose_new(r->mem);
	g->backend.read = guard_read;
	g->backend.read_header = guard_read_header;
	g->backend.read_prefix = guard_read_prefix;
	g->backend.refresh = guard_refresh;
	g->backend.free = guard_free;
	repo_object_folders(r, &all);
	for (size_t i = 0; rc == 0 && i < all.list.n; i++) {
		struct shelf s;

		if (pack_indexes_check(r, all.list.v[i].path, f) < 0) {
			guard_free(&g->backend);
			return -1;
		}
		rc = shelf_open(r->mem, all.list.v[i].path, &s);
		if (rc == 0)
			*VEC_ADD(r->mem, &g->shelves) = s;
	}
	if (rc == 0)
		rc = git_odb_add_backend(odb, &g->backend, PRIORITY);
	if (rc < 0) {
		guard_free(&g->backend);
		return repo_fault(r->mem, f, FAULT_ENV, "%s", r->gitdir);
	}
	return 0;
}
