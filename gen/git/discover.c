/* Questions about a repository that need no snapshot. */
#include "git/internal.h"

#include <stdlib.h>

#include "base/limits.h"

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

int repo_parted(struct repo *repo, const char *a, const char *b,
		struct fault *f, git_oid *out)
{
	struct revision left, right;
	int rc = GIT_ENOTFOUND;

	if (repo_revision(repo, a, f, &left) < 0 ||
	    repo_revision(repo, b, f, &right) < 0)
		return -1;
	if (left.has_commit && right.has_commit)
		rc = git_merge_base(out, repo->git, &left.commit,
				    &right.commit);
	if (rc == 0)
		return 0;
	/* In a shallow clone the parents of the oldest commits are missing. */
	if (rc != GIT_ENOTFOUND)
		return repo_fault(repo->mem, f, FAULT_ENV, "%s...%s", a, b);
	fault_file(f, repo->mem, FAULT_ENV,
		   "%s and %s have no common commit in this clone", a, b);
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
	    repo_parted(repo, a, b, f, &base) < 0)
		return -1;
	*out = arena_sv(mem, sv_of(git_oid_tostr(hex, sizeof(hex), &base)));
	return 0;
}

static int walk_range(struct repo *r, git_revwalk *walk, const char *base,
		      const char *head, struct fault *f)
{
	struct revision b, h;

	if (repo_revision(r, base, f, &b) < 0 ||
	    repo_revision(r, head, f, &h) < 0)
		return -1;
	if (git_revwalk_push(walk, &h.commit) < 0 ||
	    git_revwalk_hide(walk, &b.commit) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "%s...%s", base, head);
	return 0;
}

int repo_messages(struct arena *mem, const struct snapshot_spec *spec,
		  const char *base, const char *head, struct fault *f,
		  struct messages *out)
{
	git_revwalk *walk = NULL;
	struct repo *r;
	git_oid id;
	int rc = 0;

	if (repo_open(mem, spec->start, spec->trust_repo, f, &r) < 0)
		return -1;
	if (git_revwalk_new(&walk, r->git) < 0)
		return repo_fault(mem, f, FAULT_ENV, "%s...%s", base, head);
	if (walk_range(r, walk, base, head, f) < 0) {
		git_revwalk_free(walk);
		return -1;
	}
	while (out->list.n < MAX_RANGE_COMMITS &&
	       (rc = git_revwalk_next(&id, walk)) == 0) {
		git_commit *commit;

		rc = git_commit_lookup(&commit, r->git, &id);
		if (rc < 0)
			break;
		*VEC_ADD(mem, &out->list) =
			arena_sv(mem, sv_of(git_commit_message(commit)));
		git_commit_free(commit);
	}
	git_revwalk_free(walk);
	return rc < 0 && rc != GIT_ITEROVER
		       ? repo_fault(mem, f, FAULT_ENV, "%s...%s", base, head)
		       : 0;
}
