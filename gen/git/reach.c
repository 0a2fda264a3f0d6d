/*
 * The paths that git reads and writes for one repository, so that a sandbox
 * can leave those alone open.
 *
 * Source: gitrepository-layout(5), git-config(1) FILES and include.path,
 *         gitattributes(5), gitignore(5).
 */
#include "git/internal.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

enum {
	/* Files of settings: real users include a handful. */
	MAX_SETTINGS_FILES = 100,
};

struct reach {
	struct repo *r;
	struct arena *mem;
	unsigned rights; /* on what belongs to the repository */
	struct sandbox *out;
};

static void add(struct reach *t, const char *path, unsigned rights)
{
	sandbox_add(t->mem, t->out, path, rights);
}

/* What a link in `folder` leads to lies elsewhere: git-new-workdir makes a git
 * folder of nothing else. */
static void add_links(struct reach *t, const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_type == DT_LNK || e->d_type == DT_UNKNOWN)
			add(t,
			    real_path(t->mem, arena_fmt(t->mem, "%s/%s", folder,
							e->d_name)
						      .p),
			    t->rights);
	if (d != NULL)
		closedir(d);
}

static void add_objects(struct reach *t)
{
	struct object_folders found = { 0 };

	/* Also where GIT_OBJECT_DIRECTORY names another one. */
	add(t, arena_fmt(t->mem, "%sobjects", t->r->commondir).p, t->rights);
	repo_object_folders(t->r, &found);
	for (size_t i = 0; i < found.list.n; i++) {
		const struct object_folder *o = &found.list.v[i];

		add(t, o->path, o->alternate ? SANDBOX_READ : t->rights);
		add_links(t, o->path);
	}
}

static struct sv expand(struct reach *t, struct sv path, struct sv folder)
{
	const char *home = getenv("HOME");

	if (sv_starts(path, SV("~/")))
		return arena_fmt(t->mem, "%s" SV_FMT, home != NULL ? home : "",
				 SV_ARG(sv_from(path, 1)));
	if (sv_starts(path, SV("/")) || folder.n == 0)
		return path;
	return arena_fmt(t->mem, SV_FMT "/" SV_FMT, SV_ARG(folder),
			 SV_ARG(path));
}

/* The files that settings come from, each with the folder that a relative
 * include counts from. */
static void add_settings_files(struct reach *t, struct strings_found *files)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	const char *user = home != NULL ? home : "";
	struct sv git = xdg != NULL && *xdg != '\0'
				? arena_fmt(t->mem, "%s/git", xdg)
				: arena_fmt(t->mem, "%s/.config/git", user);
	const struct sv usual[] = {
		sv_of(getenv("GIT_CONFIG_GLOBAL")),
		sv_of(getenv("GIT_CONFIG_SYSTEM")),
		arena_fmt(t->mem, "%s/.gitconfig", user),
		arena_fmt(t->mem, SV_FMT "/config", SV_ARG(git)),
		arena_fmt(t->mem, SV_FMT "/attributes", SV_ARG(git)),
		arena_fmt(t->mem, SV_FMT "/ignore", SV_ARG(git)),
		arena_fmt(t->mem, "%sconfig", t->r->commondir),
	};

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i].n > 0)
			*VEC_ADD(t->mem, &files->list) = usual[i];
}

/* Includes come out of libgit2 as settings without the file that has them:
 * a relative one is taken beside each file that is known. */
static void add_include(struct reach *t, struct sv value,
			struct strings_found *files)
{
	bool fixed = sv_starts(value, SV("/")) || sv_starts(value, SV("~/"));
	size_t known = fixed ? 1 : files->list.n;

	for (size_t i = 0; i < known; i++) {
		struct sv path =
			expand(t, value, path_folder(files->list.v[i]));
		struct stat st;

		if (stat(arena_str(t->mem, path), &st) == 0)
			*VEC_ADD(t->mem, &files->list) = path;
	}
}

static bool is_include(struct sv key)
{
	return sv_eq(key, SV("include.path")) ||
	       (sv_starts(key, SV("includeif.")) && sv_ends(key, SV(".path")));
}

static void add_includes(struct reach *t, struct strings_found *files)
{
	git_config_iterator *it;
	git_config_entry *e;
	git_config *c;

	if (git_repository_config_snapshot(&c, t->r->git) < 0)
		return;
	if (git_config_iterator_new(&it, c) == 0) {
		while (git_config_next(&e, it) == 0)
			if (is_include(sv_of(e->name)) && e->value != NULL &&
			    files->list.n < MAX_SETTINGS_FILES)
				add_include(t,
					    arena_sv(t->mem, sv_of(e->value)),
					    files);
		git_config_iterator_free(it);
	}
	git_config_free(c);
}

static void add_settings(struct reach *t)
{
	static const char *const named[] = { "core.excludesfile",
					     "core.attributesfile" };
	struct strings_found files = { 0 };

	add_settings_files(t, &files);
	add_includes(t, &files);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		struct sv path = settings_get(t->r, named[i]);

		if (path.n > 0)
			*VEC_ADD(t->mem, &files.list) = expand(t, path, SV(""));
	}
	for (size_t i = 0; i < files.list.n; i++)
		add(t, arena_str(t->mem, files.list.v[i]), SANDBOX_READ);
}

/* The .git of every linked work tree: a branch that is checked out there is
 * not moved. */
static void add_worktrees(struct reach *t)
{
	DIR *d = opendir(arena_fmt(t->mem, "%sworktrees", t->r->commondir).p);
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		const char *file = arena_fmt(t->mem, "%sworktrees/%s/gitdir",
					     t->r->commondir, e->d_name)
					   .p;
		struct fault none = { 0 };
		struct sv path;

		if (e->d_name[0] != '.' &&
		    file_read(t->mem, file, MAX_LINK, &none, &path) == 0)
			add(t, arena_str(t->mem, sv_trim(path)), SANDBOX_READ);
	}
	if (d != NULL)
		closedir(d);
}

void repo_reach(struct repo *r, unsigned repo, struct sandbox *out)
{
	struct reach t = { .r = r, .mem = r->mem, .rights = repo, .out = out };

	add(&t, r->gitdir, repo);
	add(&t, r->commondir, repo);
	add_links(&t, r->gitdir);
	add_links(&t, r->commondir);
	if (r->index_named)
		add(&t,
		    arena_fmt(r->mem, SV_FMT "/",
			      SV_ARG(path_folder(sv_of(r->index_path))))
			    .p,
		    repo);
	add_objects(&t);
	add_worktrees(&t);
	add_settings(&t);
}
