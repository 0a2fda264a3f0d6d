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

static int oid_of(git_repository *repo, struct arena *mem, const char *rev,
		  struct fault *f, git_oid *out)
{
	git_object *found = NULL, *commit = NULL;
	int rc = git_revparse_single(&found, repo, rev);

	if (rc == 0)
		rc = git_object_peel(&commit, found, GIT_OBJECT_COMMIT);
	if (rc == 0)
		git_oid_cpy(out, git_object_id(commit));
	git_object_free(commit);
	git_object_free(found);
	if (rc == 0)
		return 0;
	fault_file(f, mem, FAULT_ENV, "%s: no such commit", rev);
	fault_hint(f, mem,
		   "in a shallow clone: git fetch --unshallow, or fetch-depth: "
		   "0 in the workflow");
	return -1;
}

int repo_merge_base(struct arena *mem, const struct snapshot_spec *spec,
		    const char *a, const char *b, struct fault *f,
		    struct sv *out)
{
	git_repository *repo = NULL;
	git_oid left, right, base;
	char hex[GIT_OID_HEXSZ + 1];
	int rc;

	git_libgit2_init();
	rc = git_repository_open_ext(&repo, spec->start ? spec->start : ".",
				     GIT_REPOSITORY_OPEN_FROM_ENV,
				     getenv("GIT_CEILING_DIRECTORIES"));
	if (rc < 0)
		rc = fault_set(f, mem, FAULT_ENV, "no git repository here");
	else if (oid_of(repo, mem, a, f, &left) < 0 ||
		 oid_of(repo, mem, b, f, &right) < 0)
		rc = -1;
	else if (git_merge_base(&base, repo, &left, &right) < 0)
		rc = fault_set(f, mem, FAULT_ENV,
			       "%s and %s have no common commit here", a, b);
	if (rc == 0)
		*out = arena_sv(mem,
				sv_of(git_oid_tostr(hex, sizeof(hex), &base)));
	git_repository_free(repo);
	git_libgit2_shutdown();
	return rc;
}
