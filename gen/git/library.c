#include "git/git.h"

#include <git2.h>

struct sv git_library(struct arena *mem)
{
	int major, minor, patch;

	git_libgit2_version(&major, &minor, &patch);
	return arena_fmt(mem, "libgit2 %d.%d.%d", major, minor, patch);
}
