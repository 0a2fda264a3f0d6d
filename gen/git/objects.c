/*
 * Where objects lie, in the order in which git looks.
 *
 * Source: gitrepository-layout(5) objects/info/alternates, git(1)
 *         GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES.
 */
#include "git/internal.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"

enum {
	/* Alternates of alternates: git's own bound. */
	MAX_ALTERNATES = 5,
};

static void add(struct repo *r, const char *path, bool alternate,
		unsigned depth, struct object_folders *out)
{
	struct fault unreadable = { 0 };
	struct sv text = SV(""), line;
	const char *list = arena_fmt(r->mem, "%s/info/alternates", path).p;
	struct stat st;

	*VEC_ADD(r->mem, &out->list) =
		(struct object_folder){ path, alternate };
	if (depth == MAX_ALTERNATES || stat(list, &st) < 0 ||
	    file_read(r->mem, list, MAX_CONFIG_BYTES, &unreadable, &text) < 0)
		return;
	while (sv_cut(&text, '\n', &line)) {
		const char *to = arena_str(r->mem, line);

		if (line.n == 0 || to[0] == '#')
			continue;
		if (to[0] != '/')
			to = arena_fmt(r->mem, "%s/%s", path, to).p;
		add(r, to, true, depth + 1, out);
	}
}

/* A relative path of git's variables counts from the current folder. */
void repo_object_folders(struct repo *r, struct object_folders *out)
{
	const char *own =
		r->start != NULL ? NULL : getenv("GIT_OBJECT_DIRECTORY");
	struct sv others = r->start != NULL
				   ? SV("")
				   : sv_of(getenv("GIT_ALTERNATE_OBJECT_"
						  "DIRECTORIES"));
	struct sv one;

	if (own == NULL)
		own = arena_fmt(r->mem, "%sobjects", r->commondir).p;
	add(r, own, false, 0, out);
	while (sv_cut(&others, ':', &one))
		if (one.n > 0)
			add(r, arena_str(r->mem, one), true, 0, out);
}
