#include "base/shell.h"
#include "git/git.h"

/* What gitglossary(7) calls pathspec magic, a pattern, or an option. */
static bool is_special(struct sv path)
{
	return sv_starts(path, SV(":")) || sv_starts(path, SV("-")) ||
	       sv_chr(path, '*') < path.n || sv_chr(path, '?') < path.n ||
	       sv_chr(path, '[') < path.n || sv_chr(path, '\\') < path.n;
}

struct sv git_path_word(struct arena *mem, struct sv path)
{
	if (is_special(path))
		path = arena_fmt(mem, ":(literal)" SV_FMT, SV_ARG(path));
	return shell_word(mem, path);
}
