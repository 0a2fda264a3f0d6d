/*
 * Files of a folder on disk: with git those that are tracked or not ignored,
 * without git all.
 *
 * Source: gitignore(5): nearest .gitignore first, then info/exclude, then
 *         core.excludesFile.  libgit2 asks the disk again for each path, so
 *         the patterns are kept here, one list a folder.
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

struct ignore {
	const struct ignore *up; /* asked next */
	struct sv folder;	 /* its patterns count from here */
	struct globs globs;
};

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

static void add_patterns(struct arena *mem, struct globs *g, struct sv text)
{
	struct sv line;

	if (sv_starts(text, SV("\xef\xbb\xbf")))
		text = sv_from(text, 3);
	while (sv_cut(&text, '\n', &line)) {
		if (sv_ends(line, SV("\r")))
			line.n--;
		if (line.n > 0 && line.p[0] != '#')
			globs_add(mem, g, line);
	}
}

/* The patterns of one file below `fd`, before those of `up`; a missing file and
 * a link add none, as in git. */
static const struct ignore *ignore_push(struct walk *w, const struct ignore *up,
					struct sv folder, int fd,
					const char *name)
{
	int in = openat(fd, name,
			O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC |
				(fd == AT_FDCWD ? 0 : O_NOFOLLOW));
	struct fault unreadable = { 0 };
	struct ignore *ig;
	struct sv text;

	if (in < 0)
		return up;
	ig = ARENA_NEW(w->mem, struct ignore);
	ig->up = up;
	ig->folder = folder;
	if (file_read_fd(w->mem, in, name, MAX_FILE_BYTES, &unreadable,
			 &text) == 0)
		add_patterns(w->mem, &ig->globs, text);
	close(in);
	return ig->globs.list.n > 0 ? ig : up;
}

/* core.excludesFile, by default git/ignore among the user's settings. */
static const struct ignore *ignore_global(struct walk *w)
{
	struct sv set = settings_get(w->repo, "core.excludesfile");
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *path = NULL;

	if (set.p != NULL && sv_starts(set, SV("~/")) && home != NULL)
		path = arena_fmt(w->mem, "%s" SV_FMT, home,
				 SV_ARG(sv_from(set, 1)))
			       .p;
	else if (set.p != NULL)
		path = arena_str(w->mem, set);
	else if (xdg != NULL && *xdg != '\0')
		path = arena_fmt(w->mem, "%s/git/ignore", xdg).p;
	else if (home != NULL)
		path = arena_fmt(w->mem, "%s/.config/git/ignore", home).p;
	return path != NULL && *path != '\0'
		       ? ignore_push(w, NULL, SV(""), AT_FDCWD, path)
		       : NULL;
}

static const struct ignore *ignore_top(struct walk *w)
{
	const char *path;

	if (w->repo == NULL)
		return NULL;
	path = arena_fmt(w->mem, "%sinfo/exclude", w->repo->commondir).p;
	return ignore_push(w, ignore_global(w), SV(""), AT_FDCWD, path);
}

static bool ignored(const struct ignore *ig, struct sv path, bool is_folder)
{
	for (; ig != NULL; ig = ig->up) {
		size_t cut = ig->folder.n ? ig->folder.n + 1 : 0;
		enum glob_verdict v = globs_verdict(
			&ig->globs, sv_from(path, cut), is_folder);

		if (v != GLOB_NONE)
			return v == GLOB_MATCH;
	}
	return false;
}

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
	below.ignored = p->ignored || ignored(p->ignore, path, true);
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
		below.ignore =
			ignore_push(w, p->ignore, path, below.fd, ".gitignore");
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
	    (p->ignored || ignored(p->ignore, path, false)))
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
	top.ignore = ignore_top(&w);
	if (r != NULL)
		top.ignore = ignore_push(&w, top.ignore, SV(""), top.fd,
					 ".gitignore");
	return walk_folder(&w, &top);
}
