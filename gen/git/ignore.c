/*
 * What git ignores, and by which rule: one list of patterns a folder.
 *
 * Source: gitignore(5): nearest .gitignore first, then info/exclude, then
 *         core.excludesFile.
 */
#include "git/internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

struct ignore {
	const struct ignore *up; /* asked next */
	struct sv folder;	 /* its patterns count from here */
	struct globs globs;
	VEC(struct ignore_rule) rules; /* one for each of globs */
};

const struct ignore *ignore_text(struct arena *mem, const struct ignore *up,
				 struct sv folder, struct sv file,
				 struct sv text)
{
	struct ignore *ig = ARENA_NEW(mem, struct ignore);
	struct ignore_rule rule = { .file = file };
	struct sv line;

	*ig = (struct ignore){ .up = up, .folder = folder };
	if (sv_starts(text, SV("\xef\xbb\xbf")))
		text = sv_from(text, 3);
	while (sv_cut(&text, '\n', &line)) {
		rule.line++;
		if (sv_ends(line, SV("\r")))
			line.n--;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		globs_add(mem, &ig->globs, line);
		rule.text = line;
		*VEC_ADD(mem, &ig->rules) = rule;
	}
	return ig->globs.list.n > 0 ? ig : up;
}

/* A missing file and a link add none, as in git. */
const struct ignore *ignore_file(struct arena *mem, const struct ignore *up,
				 struct sv folder, int fd, const char *name)
{
	int in = openat(fd, name,
			O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC |
				(fd == AT_FDCWD ? 0 : O_NOFOLLOW));
	struct fault unreadable = { 0 };
	struct sv file = sv_of(name), text = SV("");
	int rc;

	if (in < 0)
		return up;
	if (folder.n > 0)
		file = arena_fmt(mem, SV_FMT "/%s", SV_ARG(folder), name);
	rc = file_read_fd(mem, in, name, MAX_FILE_BYTES, &unreadable, &text);
	close(in);
	return rc == 0 ? ignore_text(mem, up, folder, file, text) : up;
}

/* core.excludesFile, by default git/ignore among the user's settings. */
static const struct ignore *ignore_of_user(struct repo *r, struct arena *mem)
{
	struct sv set = settings_get(r, "core.excludesfile");
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *path = NULL;

	if (set.p != NULL && sv_starts(set, SV("~/")) && home != NULL)
		path = arena_fmt(mem, "%s" SV_FMT, home,
				 SV_ARG(sv_from(set, 1)))
			       .p;
	else if (set.p != NULL)
		path = arena_str(mem, set);
	else if (xdg != NULL && *xdg != '\0')
		path = arena_fmt(mem, "%s/git/ignore", xdg).p;
	else if (home != NULL)
		path = arena_fmt(mem, "%s/.config/git/ignore", home).p;
	return path != NULL && *path != '\0'
		       ? ignore_file(mem, NULL, SV(""), AT_FDCWD, path)
		       : NULL;
}

const struct ignore *ignore_of_clone(struct repo *r, struct arena *mem)
{
	const char *path = arena_fmt(mem, "%sinfo/exclude", r->commondir).p;

	return ignore_file(mem, ignore_of_user(r, mem), SV(""), AT_FDCWD, path);
}

bool ignore_hits(const struct ignore *ig, struct sv path, bool is_folder,
		 struct ignore_rule *rule)
{
	for (; ig != NULL; ig = ig->up) {
		size_t cut = ig->folder.n ? ig->folder.n + 1 : 0;
		const struct glob *g = globs_decider(
			&ig->globs, sv_from(path, cut), is_folder);

		if (g == NULL)
			continue;
		if (!g->negated && rule != NULL)
			*rule = ig->rules.v[g - ig->globs.list.v];
		return !g->negated;
	}
	return false;
}
