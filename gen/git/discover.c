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

static int oid_of(struct repo *r, const char *rev, struct fault *f,
		  git_oid *out)
{
	struct revision at;

	if (repo_revision(r, rev, f, &at) < 0)
		return -1;
	if (!at.has_commit)
		return fault_set(f, r->mem, FAULT_ENV, "%s: no commit", rev);
	git_oid_cpy(out, &at.commit);
	return 0;
}

int repo_merge_base(struct arena *mem, const struct snapshot_spec *spec,
		    const char *a, const char *b, struct fault *f,
		    struct sv *out)
{
	git_oid left, right, base;
	char hex[GIT_OID_HEXSZ + 1];
	struct repo *r;

	if (repo_open(mem, spec->start, spec->trust_repo, f, &r) < 0 ||
	    oid_of(r, a, f, &left) < 0 || oid_of(r, b, f, &right) < 0)
		return -1;
	if (git_merge_base(&base, r->git, &left, &right) < 0) {
		fault_file(f, mem, FAULT_ENV,
			   "%s and %s have no common commit here", a, b);
		fault_hint(f, mem,
			   "in a shallow clone: git fetch --unshallow, or "
			   "fetch-depth: 0 in the workflow");
		return -1;
	}
	*out = arena_sv(mem, sv_of(git_oid_tostr(hex, sizeof(hex), &base)));
	return 0;
}
