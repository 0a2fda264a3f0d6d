#include "base/path.h"
#include "base/shell.h"
#include "git/git.h"
#include "git/internal.h"

/* What gitglossary(7) calls pathspec magic, a pattern, or an option. */
static bool is_special(struct sv path)
{
	return sv_starts(path, SV(":")) || sv_starts(path, SV("-")) ||
	       sv_chr(path, '*') < path.n || sv_chr(path, '?') < path.n ||
	       sv_chr(path, '[') < path.n || sv_chr(path, '\\') < path.n;
}

/* "../" for each folder between the root and the one that git is started in;
 * "" also where that is somewhere else. */
static struct sv way_up(struct arena *mem, const char *root)
{
	const char *here = root != NULL ? real_path(mem, ".") : NULL;
	const char *top = here != NULL ? real_path(mem, root) : NULL;
	struct sv below, way = SV("");

	if (top == NULL || !path_below(sv_of(here), sv_of(top)))
		return way;
	below = sv_from(sv_of(here), sv_of(top).n);
	for (size_t i = 0; i < below.n; i++)
		if (below.p[i] == '/')
			way = arena_fmt(mem, "../" SV_FMT, SV_ARG(way));
	return way;
}

struct sv git_path_word(struct arena *mem, const char *root, struct sv path)
{
	struct sv up = way_up(mem, root);

	return shell_word(mem, arena_fmt(mem, "%s" SV_FMT SV_FMT,
					 is_special(path) ? ":(literal)" : "",
					 SV_ARG(up), SV_ARG(path)));
}
