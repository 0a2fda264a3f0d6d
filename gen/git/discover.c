#include "git/git.h"

#include <git2.h>
#include <stdlib.h>

bool repo_exists(const char *start)
{
	git_buf found = { 0 };
	bool hit;

	if (getenv("GIT_DIR") != NULL)
		return true;
	git_libgit2_init();
	hit = git_repository_discover(&found, start ? start : ".", 0,
				      getenv("GIT_CEILING_DIRECTORIES")) == 0;
	git_buf_dispose(&found);
	git_libgit2_shutdown();
	return hit;
}
