/*
 * Files of a folder on disk: with git those that are tracked or not ignored,
 * without git all.
 *
 * Source: gitignore(5); ignore.c keeps the patterns, since libgit2 asks the
 *         disk again for each path.
 */
#include "git/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/file.h"
#include "base/limits.h"

struct walk {
	struct arena *mem;
	struct repo *repo;	/* NULL: without git */
	const struct index *ix; /* NULL: without git */
	struct diags *diags;
	struct fault *f;
	struct files *out;
};

struct place {
	struct sv path; /* "" or "a/b" */
	int fd;		/* owned by the walk over it */
	const struct ignore *ignore;
	bool ignored; /* only tracked files count from here on */
	unsigned depth;
};

/* First entry at or behind `path`. */
static size_t lower_bound(const struct index *ix, struct sv path)
{
	size_t low = 0, high = ix ? ix->list.n : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sv_cmp(ix->list.v[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct index_entry *tracked(const struct index *ix, struct sv path)
{
	size_t i = lower_bound(ix, path);

	return ix != NULL && i < ix->list.n && sv_eq(ix->list.v[i].path, path)
		       ? &ix->list.v[i]
		       : NULL;
}

/* Some tracked file lies below the folder. */
static bool tracked_below(struct walk *w, struct sv path)
{
	struct sv head = arena_fmt(w->mem, SV_FMT "/", SV_ARG(path));
	size_t i = lower_bound(w->ix, head);

	return w->ix != NULL && i < w->ix->list.n &&
	       sv_starts(w->ix->list.v[i].path, head);
}

static int add(struct walk *w, struct sv path, mode_t mode)
{
	struct snapshot_file *file;

	work_spend(w->mem, WORK_FILES, 1, (struct loc){ path, 0, 0 });
	file = VEC_ADD(w->mem, &w->out->list);
	file->path = path;
	file->mode = S_ISLNK(mode)    ? 0120000
		     : mode & S_IXUSR ? 0100755
				      : 0100644;
	return 0;
}

static int walk_folder(struct walk *w, const struct place *p);

static bool has_git(int fd, const char *name)
{
	int dir = openat(fd, name,
			 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool hit;

	if (dir < 0)
		return false;
	hit = fstatat(dir, ".git", &st, AT_SYMLINK_NOFOLLOW) == 0;
	close(dir);
	return hit;
}

static int enter(struct walk *w, const struct place *p, struct sv path,
		 const char *name)
{
	const struct index_entry *e = tracked(w->ix, path);
	struct loc at = { path, 0, 0 };
	struct place below = { .path = path,
			       .ignored = p->ignored,
			       .depth = p->depth + 1 };
	bool wanted = tracked_below(w, path);

	if (e != NULL && (e->mode & 0170000) == 0160000)
		return 0; /* a submodule; noted with the index */
	if (w->repo != NULL && !wanted && has_git(p->fd, name)) {
		diag_note(w->diags, DIAG_MANIFEST_SKIPPED, at,
			  "a repository of its own, not entered");
		return 0;
	}
	below.ignored = p->ignored || ignore_hits(p->ignore, path, true, NULL);
	if (below.ignored && !wanted)
		return 0;
	if (below.depth > MAX_FOLDER_DEPTH)
		return fault_set(w->f, w->mem, FAULT_ENV,
				 SV_FMT ": more than %d folders deep",
				 SV_ARG(path), MAX_FOLDER_DEPTH);
	below.fd = openat(p->fd, name,
			  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below.fd < 0)
		return fault_set(w->f, w->mem, FAULT_ENV, SV_FMT ": %s",
				 SV_ARG(path), strerror(errno));
	below.ignore = p->ignore;
	if (w->repo != NULL)
		below.ignore = ignore_file(w->mem, p->ignore, path, below.fd,
					   ".gitignore");
	return walk_folder(w, &below);
}

static int visit(struct walk *w, const struct place *p, const char *name)
{
	struct sv path = p->path.n ? arena_fmt(w->mem, SV_FMT "/%s",
					       SV_ARG(p->path), name)
				   : arena_sv(w->mem, sv_of(name));
	struct stat st;

	if (fstatat(p->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0
				       : fault_set(w->f, w->mem, FAULT_ENV,
						   SV_FMT ": %s", SV_ARG(path),
						   strerror(errno));
	if (S_ISDIR(st.st_mode))
		return enter(w, p, path, name);
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return 0;
	if (w->repo != NULL && tracked(w->ix, path) == NULL &&
	    (p->ignored || ignore_hits(p->ignore, path, false, NULL)))
		return 0;
	return add(w, path, st.st_mode);
}

/* Closes p->fd. */
static int walk_folder(struct walk *w, const struct place *p)
{
	DIR *dir = fdopendir(p->fd);
	struct dirent *e;
	int rc = 0;

	if (dir == NULL) {
		close(p->fd);
		return fault_set(w->f, w->mem, FAULT_ENV, SV_FMT ": %s",
				 SV_ARG(p->path), strerror(errno));
	}
	for (errno = 0; rc == 0 && (e = readdir(dir)) != NULL; errno = 0)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, ".git") != 0)
			rc = visit(w, p, e->d_name);
	if (rc == 0 && errno != 0)
		rc = fault_set(w->f, w->mem, FAULT_ENV, SV_FMT ": %s",
			       SV_ARG(p->path), strerror(errno));
	closedir(dir);
	return rc;
}

int files_of_folder(struct arena *mem, const char *root, struct repo *r,
		    const struct index *ix, struct diags *d, struct fault *f,
		    struct files *out)
{
	struct walk w = {
		.mem = mem, .repo = r, .ix = ix, .diags = d, .f = f, .out = out
	};
	struct place top = { .path = SV("") };

	top.fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top.fd < 0)
		return fault_set(f, mem, FAULT_ENV, "%s: %s", root,
				 strerror(errno));
	if (r != NULL)
		top.ignore = ignore_file(mem, ignore_of_clone(r, mem), SV(""),
					 top.fd, ".gitignore");
	return walk_folder(&w, &top);
}
