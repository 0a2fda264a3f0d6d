/* Questions about a repository that need no snapshot. */
#include "git/internal.h"

#include <stdlib.h>

bool repo_exists(const char *start)
{
	git_buf found = { 0 };
	bool hit;

	if (start == NULL && getenv("GIT_DIR") != NULL)
		return true;
	git_libgit2_init();
	hit = git_repository_discover(&found, start ? start : ".", 0,
				      getenv("GIT_CEILING_DIRECTORIES")) == 0;
	git_buf_dispose(&found);
	git_libgit2_shutdown();
	return hit;
}

static int base_of(struct repo *repo, const char *a, const char *b,
		   struct fault *f, git_oid *out)
{
	struct revision left, right;

	if (repo_revision(repo, a, f, &left) < 0 ||
	    repo_revision(repo, b, f, &right) < 0)
		return -1;
	if (left.has_commit && right.has_commit &&
	    git_merge_base(out, repo->git, &left.commit, &right.commit) == 0)
		return 0;
	fault_file(f, repo->mem, FAULT_ENV,
		   "%s and %s have no common commit here", a, b);
	fault_hint(f, repo->mem,
		   "in a shallow clone: git fetch --unshallow, or "
		   "fetch-depth: 0 in the workflow");
	return -1;
}

int repo_merge_base(struct arena *mem, const struct snapshot_spec *spec,
		    const char *a, const char *b, struct fault *f,
		    struct sv *out)
{
	char hex[GIT_OID_HEXSZ + 1];
	struct repo *repo;
	git_oid base;

	if (repo_open(mem, spec->start, spec->trust_repo, f, &repo) < 0 ||
	    base_of(repo, a, b, f, &base) < 0)
		return -1;
	*out = arena_sv(mem, sv_of(git_oid_tostr(hex, sizeof(hex), &base)));
	return 0;
}
