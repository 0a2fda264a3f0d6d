/* Finding and opening a repository as git would, and reading its objects. */
#include "git/internal.h"

#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* libgit2 1.5.1 fails to open a repository with one of the first two set, and
 * would read all of the index for the third: they are put back afterwards. */
static const char *const own_variables[] = { "GIT_WORK_TREE", "GIT_COMMON_DIR",
					     "GIT_INDEX_FILE" };
enum {
	/* Tags of tags: real ones are one deep. */
	MAX_TAGS = 32,
};
enum { N_OWN = sizeof(own_variables) / sizeof(own_variables[0]) };

/* What to type about an object that is missing or damaged. */
static void hint_of(struct arena *mem, struct fault *f, const git_error *e)
{
	if (e == NULL ||
	    (e->klass != GIT_ERROR_ODB && e->klass != GIT_ERROR_OBJECT))
		return;
	if (sv_has(sv_of(e->message), SV("not found")))
		fault_hint(f, mem,
			   "in a partial clone: git fetch --refetch; else: "
			   "git fsck");
	else
		fault_hint(f, mem, "git fsck");
}

int repo_fault(struct arena *mem, struct fault *f, enum fault_kind kind,
	       const char *fmt, ...)
{
	const git_error *e = git_error_last();
	struct sv text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vfmt(mem, fmt, ap);
	va_end(ap);
	if (f->kind == FAULT_NONE)
		hint_of(mem, f, e);
	return fault_set(f, mem, kind, SV_FMT ": %s", SV_ARG(text),
			 e != NULL ? e->message : "unknown reason");
}

static void shutdown(void *unused)
{
	(void)unused;
	git_libgit2_shutdown();
}

static void free_repository(void *p)
{
	git_repository_free(p);
}

static void free_odb(void *p)
{
	git_odb_free(p);
}

static void set_options(void)
{
	extensions_take();
	/* owner.c asks, by git's rules. */
	(void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	/* Hashing every object again costs 45% of a scan; git does not do it
	 * on reading either. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	settings_hide_env();
}

static const struct {
	const char *says, *text, *hint; /* text NULL: what libgit2 says */
} open_errors[] = {
	{ "unsupported extension name", NULL, WITHOUT_GIT },
	{ "could not find repository",
	  "no git repository here or in a parent folder",
	  "zoneloom --dir DIR reads a folder without git" },
};

static int open_fault(struct arena *mem, struct fault *f, const char *start)
{
	const git_error *e = git_error_last();
	struct sv warned = sv_of(e != NULL ? e->message : "");

	for (size_t i = 0; i < sizeof(open_errors) / sizeof(open_errors[0]);
	     i++) {
		if (!sv_has(warned, sv_of(open_errors[i].says)))
			continue;
		fault_file(f, mem, FAULT_ENV, "%s: %s", start,
			   open_errors[i].text ? open_errors[i].text
					       : warned.p);
		fault_hint(f, mem, "%s", open_errors[i].hint);
		return -1;
	}
	return repo_fault(mem, f, FAULT_ENV, "%s: cannot open the repository",
			  start);
}

static int open_git(struct repo *r, struct fault *f)
{
	const char *start = r->start;
	char *kept[N_OWN] = { NULL };
	int rc;

	for (size_t i = 0; start == NULL && i < N_OWN; i++) {
		const char *v = getenv(own_variables[i]);

		kept[i] = v != NULL ? arena_alloc(r->mem, strlen(v) + 1, 1)
				    : NULL;
		if (v != NULL)
			memcpy(kept[i], v, strlen(v) + 1);
		unsetenv(own_variables[i]);
	}
	rc = git_repository_open_ext(&r->git, start,
				     start ? 0 : GIT_REPOSITORY_OPEN_FROM_ENV,
				     getenv("GIT_CEILING_DIRECTORIES"));
	for (size_t i = 0; i < N_OWN; i++)
		if (kept[i] != NULL)
			setenv(own_variables[i], kept[i], 1);
	if (rc < 0)
		return open_fault(r->mem, f, start ? start : ".");
	arena_defer(r->mem, free_repository, r->git);
	return extensions_check(r, f);
}

const char *real_path(struct arena *mem, const char *path)
{
	char *p = realpath(path, NULL);
	const char *out = p != NULL ? arena_str(mem, sv_of(p)) : NULL;

	free(p);
	return out;
}

static bool same_folder(struct repo *r, const char *path)
{
	const char *there = path != NULL ? real_path(r->mem, path) : NULL;

	return there != NULL && strcmp(there, r->workdir) == 0;
}

/*
 * GIT_DIR alone makes the working folder the top of the work tree.  libgit2
 * takes the folder that holds GIT_DIR, which is the same for a ".git" that a
 * hook was called with; git(1) --git-dir of any other name means the former.
 */
static const char *implied_worktree(struct repo *r)
{
	struct sv dir = sv_of(r->gitdir);

	if (getenv("GIT_DIR") == NULL || git_repository_is_bare(r->git) ||
	    git_repository_is_worktree(r->git) || sv_ends(dir, SV("/.git/")) ||
	    settings_get(r, "core.worktree").p != NULL)
		return NULL;
	return ".";
}

static int set_workdir(struct repo *r, const char *start, struct fault *f)
{
	const char *env = start			    ? NULL
			  : getenv("GIT_WORK_TREE") ? getenv("GIT_WORK_TREE")
						    : implied_worktree(r);
	const char *path = env ? env : git_repository_workdir(r->git);

	if (path == NULL)
		return 0;
	r->workdir = real_path(r->mem, path);
	if (r->workdir == NULL)
		return fault_set(f, r->mem, FAULT_ENV, "%s: missing work tree",
				 path);
	/* 0: the repository's own configuration stays as it is. */
	if (env != NULL && !same_folder(r, git_repository_workdir(r->git)) &&
	    git_repository_set_workdir(r->git, r->workdir, 0) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "GIT_WORK_TREE %s",
				  env);
	return 0;
}

static int check_commondir(struct repo *r, const char *start, struct fault *f)
{
	const char *env = start ? NULL : getenv("GIT_COMMON_DIR");
	const char *want, *have;

	if (env == NULL)
		return 0;
	want = real_path(r->mem, env);
	have = real_path(r->mem, r->commondir);
	if (want != NULL && have != NULL && strcmp(want, have) == 0)
		return 0;
	return fault_set(f, r->mem, FAULT_ENV,
			 "GIT_COMMON_DIR is %s, but the repository's is %s: "
			 "this is not supported",
			 env, r->commondir);
}

/*
 * A hook runs at the top, where a relative GIT_INDEX_FILE counts from.  With
 * `start` another repository may be meant: the variable counts only if it
 * lies in the one that was found.
 */
static void set_index_path(struct repo *r, const char *start)
{
	const char *env = getenv("GIT_INDEX_FILE");
	const char *slash, *folder, *gitdir = real_path(r->mem, r->gitdir);

	r->index_path = arena_fmt(r->mem, "%sindex", r->gitdir).p;
	if (env == NULL || *env == '\0')
		return;
	if (*env != '/' && r->workdir != NULL)
		env = arena_fmt(r->mem, "%s/%s", r->workdir, env).p;
	slash = strrchr(env, '/');
	folder = slash ? real_path(r->mem,
				   arena_str(r->mem,
					     (struct sv){ env, (size_t)(slash -
									env) }))
		       : NULL;
	if (start != NULL &&
	    (folder == NULL || gitdir == NULL || strcmp(folder, gitdir) != 0))
		return;
	r->index_path = arena_str(r->mem, sv_of(env));
	r->index_named = true;
}

static int open_odb(struct repo *r, struct fault *f)
{
	if (git_repository_odb(&r->odb, r->git) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "%s", r->gitdir);
	arena_defer(r->mem, free_odb, r->odb);
	return odb_guard(r, r->odb, f);
}

/* libgit2 must not read the index to look for .gitattributes: it would refuse
 * split and sparse ones, and those without a checksum. */
static int hide_index(struct repo *r, struct fault *f)
{
	git_index *none;
	int rc = git_index_new(&none);

	if (rc == 0) {
		rc = git_repository_set_index(r->git, none);
		git_index_free(none);
	}
	return rc < 0 ? repo_fault(r->mem, f, FAULT_ENV, "%s", r->gitdir) : 0;
}

int repo_open(struct arena *mem, const char *start, bool trust, struct fault *f,
	      struct repo **out)
{
	struct repo *r = ARENA_NEW(mem, struct repo);
	/* Who names a git folder is taken to know whose it is, as in git. */
	bool named = start == NULL && getenv("GIT_DIR") != NULL;

	r->mem = mem;
	git_libgit2_init();
	arena_defer(mem, shutdown, NULL);
	set_options();
	r->start = start;
	if (open_git(r, f) < 0)
		return -1;
	r->gitdir = arena_str(mem, sv_of(git_repository_path(r->git)));
	r->commondir = arena_str(mem, sv_of(git_repository_commondir(r->git)));
	if (set_workdir(r, start, f) < 0 || check_commondir(r, start, f) < 0 ||
	    settings_load(r, f) < 0)
		return -1;
	if (!trust && !named && owner_check(r, f) < 0)
		return -1;
	set_index_path(r, start);
	*out = r;
	return hide_index(r, f) < 0 ? -1 : open_odb(r, f);
}

int repo_reopen(struct repo *r, struct fault *f)
{
	if (open_git(r, f) < 0)
		return -1;
	return open_odb(r, f);
}

int repo_use_memory(struct repo *r, struct fault *f)
{
	git_odb_backend *memory;

	if (git_mempack_new(&memory) < 0 ||
	    git_odb_add_backend(r->odb, memory, 999) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "objects in memory");
	return 0;
}

bool repo_unborn(const struct repo *r)
{
	return git_repository_head_unborn(r->git) == 1;
}

static int rev_fault(struct repo *r, const char *rev, int rc, struct fault *f)
{
	if (rc == GIT_ENOTFOUND && strcmp(rev, "HEAD") == 0 && repo_unborn(r)) {
		fault_file(f, r->mem, FAULT_ENV,
			   "HEAD: the branch has no commit yet");
		fault_hint(f, r->mem, "git add and git commit first");
		return -1;
	}
	if (rc == GIT_ENOTFOUND && git_repository_is_shallow(r->git) == 1)
		fault_hint(f, r->mem,
			   "the clone is shallow: git fetch --unshallow, or "
			   "fetch-depth: 0 in the workflow");
	return repo_fault(r->mem, f, FAULT_ENV,
			  rc == GIT_ENOTFOUND ? "%s: unknown revision"
					      : "%s: cannot read the revision",
			  rev);
}

/* What tags lead to; libgit2's own way says that a damaged tree is none. */
static int peel_tags(git_object **o)
{
	int rc = 0;

	for (int i = 0;
	     i < MAX_TAGS && rc == 0 && git_object_type(*o) == GIT_OBJECT_TAG;
	     i++) {
		git_object *to = NULL;

		rc = git_tag_target(&to, (const git_tag *)*o);
		git_object_free(*o);
		*o = to;
	}
	return rc;
}

static int revision_of(const git_object *o, struct revision *out)
{
	out->has_commit = git_object_type(o) == GIT_OBJECT_COMMIT;
	if (out->has_commit) {
		git_oid_cpy(&out->commit, git_object_id(o));
		git_oid_cpy(&out->tree,
			    git_commit_tree_id((const git_commit *)o));
		return 0;
	}
	git_oid_cpy(&out->tree, git_object_id(o));
	if (git_object_type(o) == GIT_OBJECT_TREE)
		return 0;
	git_error_set_str(GIT_ERROR_INVALID,
			  git_object_type2string(git_object_type(o)));
	return -1;
}

int repo_revision(struct repo *r, const char *rev, struct fault *f,
		  struct revision *out)
{
	git_object *found = NULL;
	int rc = git_revparse_single(&found, r->git, rev);

	if (rc < 0)
		return rev_fault(r, rev, rc, f);
	rc = peel_tags(&found);
	if (rc < 0)
		rc = repo_fault(r->mem, f, FAULT_ENV,
				"%s: cannot read the revision", rev);
	else if (revision_of(found, out) < 0)
		rc = repo_fault(r->mem, f, FAULT_ENV, "%s: not a tree", rev);
	git_object_free(found);
	return rc;
}

bool repo_has_rev(struct repo *r, const char *rev)
{
	git_object *found = NULL;
	git_reference *ref = NULL;
	bool hit = git_revparse_single(&found, r->git, rev) == 0;

	/* A ref whose commit is missing is there: reading it will fail. */
	if (!hit)
		hit = git_reference_dwim(&ref, r->git, rev) == 0;
	git_reference_free(ref);
	git_object_free(found);
	return hit;
}

static int blob_fault(struct repo *r, const git_oid *id, struct sv path,
		      struct fault *f)
{
	char hex[GIT_OID_HEXSZ + 1];

	return repo_fault(r->mem, f, FAULT_ENV,
			  SV_FMT ": cannot read object %s", SV_ARG(path),
			  git_oid_tostr(hex, sizeof(hex), id));
}

int object_fault(struct arena *mem, struct fault *f, struct sv path,
		 const git_oid *id, const char *why)
{
	char hex[GIT_OID_HEXSZ + 1];

	fault_file(f, mem, FAULT_ENV, "\"" SV_FMT "\": object %s: %s",
		   SV_ARG(path), git_oid_tostr(hex, sizeof(hex), id), why);
	fault_hint(f, mem, "git fsck");
	return -1;
}

static void free_object(void *o)
{
	git_odb_object_free(o);
}

int repo_blob(struct repo *r, const git_oid *id, struct sv path, size_t max,
	      struct arena *mem, struct fault *f, struct sv *out,
	      bool *too_long)
{
	git_odb_object *o;
	size_t n;

	*too_long = false;
	if (git_odb_read(&o, r->odb, id) < 0)
		return blob_fault(r, id, path, f);
	n = git_odb_object_size(o);
	if (git_odb_object_type(o) != GIT_OBJECT_BLOB) {
		git_odb_object_free(o);
		return object_fault(r->mem, f, path, id, "expected a file");
	}
	*too_long = n > max;
	if (*too_long) {
		git_odb_object_free(o);
		return 0;
	}
	/* Not copied: a repository's worth of copies is a tenth of the time
	 * that reading it takes. */
	arena_defer(mem, free_object, o);
	*out = (struct sv){ git_odb_object_data(o), n };
	return 0;
}

int repo_check_object(struct repo *r, struct sv path, const git_oid *id,
		      struct fault *f)
{
	git_object_t type;
	size_t n;

	return git_odb_read_header(&n, &type, r->odb, id) < 0
		       ? repo_fault(r->mem, f, FAULT_ENV, SV_FMT, SV_ARG(path))
		       : 0;
}

int repo_put_blob(struct repo *r, struct sv path, struct sv text,
		  struct fault *f, git_oid *id)
{
	if (git_blob_create_from_buffer(id, r->git, text.p, text.n) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, SV_FMT, SV_ARG(path));
	return repo_check_object(r, path, id, f);
}
