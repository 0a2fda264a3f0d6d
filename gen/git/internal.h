/*
 * internal.h - what the files of this folder share; nobody else includes it.
 *
 * Owner:  a struct repo and all it points to live in the arena it was opened
 *         with; libgit2's handles are freed with that arena.
 */
#ifndef GIT_INTERNAL_H
#define GIT_INTERNAL_H

#include <git2.h>

#include "base/cleanup.h"
#include "base/fileset.h"
#include "base/glob.h"
#include "base/map.h"
#include "git/git.h"

struct setting {
	struct sv key, value;
};

struct repo {
	struct arena *mem;
	git_repository *git;
	git_odb *odb;
	const char *start;	/* NULL: git's variables count */
	const char *gitdir;	/* this work tree's: HEAD, index; ends in "/" */
	const char *commondir;	/* refs and objects; ends in "/" */
	const char *workdir;	/* without "/" at the end; NULL: bare */
	const char *index_path; /* GIT_INDEX_FILE or the usual one */
	bool index_named;	/* GIT_INDEX_FILE */
	VEC(struct setting) command; /* `git -c` and GIT_CONFIG_KEY_n */
};

/* repo.c */
int repo_open(struct arena *mem, const char *start, bool trust, struct fault *f,
	      struct repo **out);

/* extension.c: before the opening, what libgit2 must not refuse by its key;
 * after it, whether the values are read: 0, or -1 with a fault. */
void extensions_take(void);
int extensions_check(struct repo *r, struct fault *f);

/* What to type about a repository that cannot be read. */
#define WITHOUT_GIT                                                            \
 "git archive HEAD | tar x -C DIR, then zoneloom --dir DIR ..."

/* realpath(3); NULL where nothing is. */
const char *real_path(struct arena *mem, const char *path);

/* The last error of libgit2 behind a sentence of ours; always -1. */
int repo_fault(struct arena *mem, struct fault *f, enum fault_kind kind,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* An object that is there and is not what its place says; always -1. */
int object_fault(struct arena *mem, struct fault *f, struct sv path,
		 const git_oid *id, const char *why);

/* HEAD names a branch that has no commit yet. */
bool repo_unborn(const struct repo *r);

/* Fresh handles on the objects, for a child process. */
int repo_reopen(struct repo *r, struct fault *f);

/* New objects stay in memory from here on. */
int repo_use_memory(struct repo *r, struct fault *f);

/* discover.c: the commit where two revisions parted. */
int repo_parted(struct repo *r, const char *a, const char *b, struct fault *f,
		git_oid *out);

struct revision {
	git_oid tree, commit;
	bool has_commit; /* false: the revision names a tree */
};

int repo_revision(struct repo *r, const char *rev, struct fault *f,
		  struct revision *out);

/* Whether `rev` names anything. */
bool repo_has_rev(struct repo *r, const char *rev);

/* A blob's bytes.  A missing object is a fault, never an absent file. */
int repo_blob(struct repo *r, const git_oid *id, struct sv path, size_t max,
	      struct arena *mem, struct fault *f, struct sv *out,
	      bool *too_long);

/* A file as an object.  Where one of its name is there already, libgit2 writes
 * none: a damaged one must not get into a commit. */
int repo_put_blob(struct repo *r, struct sv path, struct sv text,
		  struct fault *f, git_oid *id);
int repo_check_object(struct repo *r, struct sv path, const git_oid *id,
		      struct fault *f);

/* filter.c: `text` as git would keep it; as the work tree has it. */
int repo_clean(struct repo *r, struct sv path, struct arena *mem,
	       struct fault *f, struct sv *text);
int repo_check_filter(struct repo *r, struct sv path, const git_oid *commit,
		      struct fault *f);
int repo_smudge(struct repo *r, struct sv path, struct arena *mem,
		struct fault *f, struct sv *text);

/* settings.c: every scope that git reads, in its order. */
int settings_load(struct repo *r, struct fault *f);
struct sv settings_get(struct repo *r, const char *key); /* p NULL: unset */
bool settings_bool(struct repo *r, const char *key, bool fallback);
/* In the repository's own file; value.p NULL: the key goes. */
int settings_set(struct repo *r, const char *key, struct sv value,
		 struct fault *f);

/* Values of system, global and command scope: not the repository's own. */
struct strings_found {
	VEC(struct sv) list;
};
void settings_protected(struct repo *r, const char *key,
			struct strings_found *out);
void settings_hide_env(void);

/* owner.c: git's rules for safe.directory. */
int owner_check(struct repo *r, struct fault *f);

/* objects.c: the folders of objects, the repository's own one first. */
struct object_folder {
	const char *path;
	bool alternate; /* read only */
};

struct object_folders {
	VEC(struct object_folder) list;
};

void repo_object_folders(struct repo *r, struct object_folders *out);

/* loose.c: one object that is a file of its own.  NULL, or what is damaged. */
struct object {
	unsigned char *bytes; /* by git_odb_backend_data_alloc() */
	size_t n;
	git_object_t type;
};

struct loose;
struct loose *loose_new(struct arena *mem);
const char *loose_read(struct loose *l, int fd, struct object *out);

/* pack_index.c: those of one folder of objects. */
int pack_indexes_check(struct repo *r, const char *folder, struct fault *f);

/* odb.c: all objects are read by it, also those that libgit2 reads. */
int odb_guard(struct repo *r, git_odb *odb, struct fault *f);

/* reach.c: paths of the repository and of git's settings. */
void repo_reach(struct repo *r, unsigned repo, struct sandbox *out);

/* index.c */
enum {
	INDEX_INTENT = 1, /* git add -N */
	INDEX_SKIP = 2,	  /* skip-worktree: sparse checkout */
};

struct index_entry {
	struct sv path;
	uint32_t mode;
	unsigned stage, flags;
	unsigned char id[20];
};

struct index {
	VEC(struct index_entry) list; /* sorted by path, then stage */
	bool missing;
};

/* Paths are views into `bytes`. */
int index_parse(struct arena *mem, const char *name, struct sv bytes,
		struct fault *f, struct index *out);
int index_load(struct repo *r, struct fault *f, struct index *out);

/* files.c: what snapshots list. */
struct files {
	VEC(struct snapshot_file) list;
};

int files_of_tree(struct repo *r, const git_oid *tree, struct diags *d,
		  struct fault *f, struct files *out);

void files_sort(struct files *l); /* by path */

/* merge.c: blobs that the merge made are in `made`, by blob_key(). */
struct merge {
	struct files files;
	struct map *made; /* to struct sv * */
};

int merge_files(struct repo *r, const char *base, const char *head,
		struct diags *d, struct fault *f, struct merge *out);
struct sv blob_key(const struct snapshot_file *file);

/* ignore.c: the patterns of one file, asked before those of `up`; `up` where
 * there are none. */
struct ignore;
const struct ignore *ignore_text(struct arena *mem, const struct ignore *up,
				 struct sv folder, struct sv file,
				 struct sv text);
const struct ignore *ignore_file(struct arena *mem, const struct ignore *up,
				 struct sv folder, int fd, const char *name);

/* What this clone and its user ignore: info/exclude, core.excludesFile. */
const struct ignore *ignore_of_clone(struct repo *r, struct arena *mem);

/* Of `path` alone, without its folders; `rule`, or NULL: what decided. */
bool ignore_hits(const struct ignore *ig, struct sv path, bool is_folder,
		 struct ignore_rule *rule);

/* walk.c: folders on disk; `ix` and `r` are NULL without git. */
int files_of_folder(struct arena *mem, const char *root, struct repo *r,
		    const struct index *ix, struct diags *d, struct fault *f,
		    struct files *out);

/* disk.c: read below a folder without following a link. */
struct disk {
	struct arena *mem;
	const char *root;
	int root_fd, fd; /* the folder read last; -1 */
	struct sv folder;
};

struct disk *disk_new(struct arena *mem, const char *root);
int disk_read(struct disk *k, struct sv path, size_t max, struct arena *mem,
	      struct fault *f, struct sv *out, bool *too_long);
struct disk_file {
	struct file_seen seen;
	struct stat st;
	struct sv text; /* p NULL: nothing is there, or it is too long */
	bool too_long;
};

/* The same for a path that may be missing; a link or folder is a fault. */
int disk_look(struct disk *k, struct sv path, size_t max, struct arena *mem,
	      struct fault *f, struct disk_file *out);
int disk_link(struct disk *k, struct sv path, struct fault *f, struct sv *out);

/* What stands on disk, as git would keep it. */
int repo_on_disk(struct repo *r, struct disk *k, struct sv path,
		 struct arena *mem, struct fault *f, struct disk_file *out);

/* date.c */
bool date_parse(struct sv text, git_time *out);

/* identity.c: flag, then environment, then settings; never invented. */
struct identity {
	git_signature *author, *committer; /* freed with the arena */
};

int identity_find(struct repo *r, const struct commit_request *q,
		  const git_commit *base, bool date_of_base, struct fault *f,
		  struct identity *out);

/* sign.c: the signature of a commit's bytes; p NULL for none.  By the signer
 * of the request, or in this process. */
int sign_commit(struct repo *r, const struct commit_request *q,
		const git_signature *who, struct sv bytes, struct fault *f,
		struct sv *out);
int sign_here(struct repo *r, const struct commit_request *q,
	      const git_signature *who, struct sv bytes, struct fault *f,
	      struct sv *out);

/* signer.c */
int signer_ask(struct repo *r, const struct commit_request *q,
	       const git_signature *who, struct sv bytes, struct fault *f,
	       struct sv *out);

/* target.c: the branch that moves. */
struct target {
	struct sv name;	 /* "dns/review" */
	const char *ref; /* "refs/heads/dns/review" */
	git_oid tip;
	bool exists, current;
};

int target_current(struct repo *r, const struct commit_request *q,
		   struct fault *f, struct target *out);
int target_branch(struct repo *r, const struct commit_request *q,
		  const git_oid *tree, struct fault *f, struct target *out);

/* Commits of the branch that `base` lacks: -1 with a fault when some are not
 * ours, else their number. */
int target_ours(struct repo *r, const struct commit_request *q,
		const struct target *t, const git_oid *base, struct fault *f);

/* Of a branch whose commits `base` has, all of them: does it end in one of
 * ours, so that it was for review? */
bool target_merged(struct repo *r, const struct target *t);

/* Compare and swap; `to` NULL deletes. */
int target_move(struct repo *r, const struct target *t, const git_oid *to,
		const char *log, struct fault *f, bool *moved);

/* The same in two steps: the ref is locked and stands where it was seen, so
 * that moving it can fail by the disk alone. */
struct target_lock {
	struct repo *r;
	const struct target *t;
	git_transaction *tx;
	struct cleanup held;
};
int target_lock(struct repo *r, const struct target *t, struct fault *f,
		bool *moved, struct target_lock *out);
int target_commit(struct target_lock *l, const git_oid *to,
		  const git_signature *who, const char *log, struct fault *f);
void target_unlock(struct target_lock *l);

/*
 * journal.c: what a run is about to do, so that the next one can tell what a
 * killed one left.  A file zoneloom.XXXXXXXXXX in the git folder, locked by
 * flock(2) as long as its process lives; records end in NUL.
 */
struct journal {
	struct repo *r;
	const char *path; /* NULL: none was begun */
	const char *lock; /* index.lock, a second name of the file */
	int fd;
	struct cleanup file, held;
};

int journal_begin(struct repo *r, struct fault *f, struct journal *j);
int journal_lock(struct journal *j, struct fault *f);
int journal_file(struct journal *j, struct sv path, const git_oid *old,
		 const git_oid *new, struct fault *f);
int journal_ref(struct journal *j, const char *ref, const git_oid *old,
		const git_oid *new, struct fault *f);
/* From here on files, index and ref may change. */
int journal_ready(struct journal *j, struct fault *f);
void journal_end(struct journal *j); /* also where none was begun */

bool journal_is_name(const char *name);

/* heal.c: what killed runs left; what was done about it goes to `healed`. */
int repo_heal(struct repo *r, struct fault *f, struct healed *healed);

/* index_put.c: entries of `files` as they stand on disk, under index.lock.
 * On success the set is applied: fileset_finish() or _undo() by the caller. */
int index_put(struct repo *r, const struct index *ix,
	      const struct commit_file *files, size_t n, struct fault *f,
	      struct fileset **out);
const struct index_entry *index_find(const struct index *ix, struct sv path);

/* checkout.c: our files in the work tree and the index. */
struct checkout {
	struct repo *r;
	struct index ix;
	struct disk *disk;
	VEC(struct file_seen) seen; /* one of each file of the request */
	struct fileset *files, *index;
};

/* The index is locked; neither it nor the files have changes of the user's. */
int checkout_begin(struct checkout *c, struct repo *r,
		   const struct commit_request *q, git_tree *base,
		   struct fault *f);
/* Temporary files are written; then all is exchanged, and put back where that
 * fails. */
int checkout_prepare(struct checkout *c, const struct commit_request *q,
		     struct fault *f);
int checkout_apply(struct checkout *c, const struct commit_request *q,
		   struct fault *f);
void checkout_finish(struct checkout *c);
void checkout_undo(struct checkout *c, struct fault *f);

/* tree.c: the entry under a path: 1, 0 when there is none, -1 with a fault. */
int tree_find(struct repo *r, const git_oid *tree, struct sv path,
	      struct fault *f, git_oid *id, git_filemode_t *mode);

#endif
