/*
 * git.h - read-only snapshots of manifests, and commits of outputs.
 *
 * This folder alone includes <git2.h>.
 *
 * Shape:  a snapshot is a sorted list of paths and a way to read each.
 *         Inputs, configuration and previous outputs of a run all come from
 *         one snapshot.
 * Owner:  the arena given to snapshot_open(); foreign handles go with it.
 * Errors: -1 with a fault (exit 4; 5 for a merge with conflicts), never a
 *         silent empty list.
 */
#ifndef GIT_GIT_H
#define GIT_GIT_H

#include "base/diag.h"
#include "base/fault.h"
#include "base/fileset.h"
#include "base/sandbox.h"

/* True if git would find a repository from `start` (or GIT_DIR) on. */
bool repo_exists(const char *start);

struct snapshot_spec;

/* The commit where `a` and `b` parted, as 40 hex digits. */
int repo_merge_base(struct arena *mem, const struct snapshot_spec *spec,
		    const char *a, const char *b, struct fault *f,
		    struct sv *out);

/* The messages of the commits that `head` has and `base` has not, at most
 * MAX_RANGE_COMMITS of them, newest first. */
struct messages {
	VEC(struct sv) list;
};
int repo_messages(struct arena *mem, const struct snapshot_spec *spec,
		  const char *base, const char *head, struct fault *f,
		  struct messages *out);

enum snapshot_kind {
	SNAPSHOT_WORKTREE, /* tracked and untracked, not ignored */
	SNAPSHOT_INDEX,	   /* what git commit would record; GIT_INDEX_FILE */
	SNAPSHOT_REV,	   /* the tree of a commit, also of a bare repository */
	SNAPSHOT_DIR,	   /* a folder without git */
	SNAPSHOT_MERGE,	   /* what merging `rev` into `into` would give */
	SNAPSHOT_EMPTY,	   /* no file at all: --stdin outside a repository */
};

struct snapshot_spec {
	enum snapshot_kind kind;
	const char *start; /* -C: where discovery begins; NULL is "." */
	const char *rev;  /* SNAPSHOT_REV: anything git_revparse_single takes */
	const char *into; /* SNAPSHOT_MERGE: a revision, as rev */
	const char *dir;  /* SNAPSHOT_DIR */
	bool trust_repo;  /* --trust-repo: skip the ownership check */
};

struct snapshot_file {
	struct sv path;	      /* relative to the root, "/" between parts */
	uint32_t mode;	      /* 0100644, 0100755, 0120000 (link) */
	unsigned char id[20]; /* blob; all zero: it is read from disk */
};

struct snapshot; /* private: repository, index or folder handles */

/* Open, and list every path (sorted by sv_cmp).  Unmerged, intent-to-add and
 * submodule entries are filed as notes or faults as gitops.md 5.5 says. */
int snapshot_open(struct arena *mem, const struct snapshot_spec *spec,
		  struct diags *d, struct fault *f, struct snapshot **out);

size_t snapshot_count(const struct snapshot *s);
const struct snapshot_file *snapshot_at(const struct snapshot *s, size_t i);

/* Number of the first file at or behind `path`. */
size_t snapshot_lower_bound(const struct snapshot *s, struct sv path);

/* The file, following symbolic links (also of folders) inside the tree; NULL
 * if there is none, the link leaves the tree, or more than MAX_SYMLINKS are on
 * the way.  "." and ".." parts are understood. */
const struct snapshot_file *snapshot_find(const struct snapshot *s,
					  struct sv path);

/* A symbolic link stands there, whether it leads to a file or not. */
bool snapshot_is_link(const struct snapshot *s, struct sv path);

/* Its target, as it is written; p NULL: no link stands there. */
struct sv snapshot_link(const struct snapshot *s, struct sv path);

/* True if some file lies below the folder `path` ("" is the root). */
bool snapshot_has_folder(const struct snapshot *s, struct sv path);

/*
 * The whole file, of a link what it leads to.  Line ends of the work tree are
 * turned as git would on adding it.  Returns -1 with a fault, or, where the
 * input is at fault (longer than MAX_FILE_BYTES, a dangling link, a Git LFS
 * pointer in place of YAML or JSON), with an error in `d`.
 */
int snapshot_read(struct snapshot *s, const struct snapshot_file *file,
		  struct arena *mem, struct diags *d, struct fault *f,
		  struct sv *out);

/* Paths with conflicts, sorted: index and work tree only. */
size_t snapshot_unmerged(const struct snapshot *s, const struct sv **paths);

/* A line of a .gitignore, of info/exclude or of core.excludesFile. */
struct ignore_rule {
	struct sv file, text;
	uint32_t line;
};

/* Would git add leave `path` out?  False for what is tracked.  A snapshot that
 * has a work tree is asked as git asks it; a revision by its own .gitignore
 * files.  -1 with a fault. */
int snapshot_ignores(struct snapshot *s, struct sv path, struct fault *f,
		     bool *ignored, struct ignore_rule *rule);

/* Where outputs are written: the work tree, --dir, or NULL (bare, --rev). */
const char *snapshot_root(const struct snapshot *s);

/* `path` as typed in the current folder to a path of the snapshot, without "."
 * and ".." parts; false when it leads out of the tree. */
bool snapshot_path(const struct snapshot *s, struct sv path, struct sv *out);

/* A value of git's configuration, any scope; p NULL where it is unset, and
 * without git. */
struct sv snapshot_setting(struct snapshot *s, const char *key);

/* Is there a repository whose configuration could say something? */
bool snapshot_has_git(const struct snapshot *s);

/* Into the configuration of this clone; value.p NULL: the key goes. */
int snapshot_set(struct snapshot *s, const char *key, struct sv value,
		 struct fault *f);

/* One file of a set; its place is below the root. */
struct file_change {
	struct sv path;
	struct sv text; /* p NULL: the file goes */
	/* Where snapshot_on_disk() saw it: if somebody changes it after that,
	 * nothing is written. */
	struct file_seen seen;
	bool is_seen;
	bool done; /* out: false where it was so already */
};

/*
 * Write and remove files below the root, all or none of them, with the line
 * ends that .gitattributes asks for.  `stage`: into the index too, as
 * `git add` would.
 */
int snapshot_write(struct snapshot *s, struct file_change *list, size_t n,
		   bool stage, struct fault *f);

/* What stands on disk under `path`, as git would keep it: p NULL when nothing
 * is there; a link or folder in its place is a fault. */
int snapshot_on_disk(struct snapshot *s, struct sv path, struct arena *mem,
		     struct fault *f, struct sv *out, struct file_seen *seen);

/* What was done about the leavings of killed runs: "removed .git/index.lock" */
struct healed {
	VEC(struct sv) list;
};

/* Before the snapshot is read: where anything was done, open it again. */
int snapshot_heal(struct snapshot *s, struct fault *f, struct healed *healed);

/* Temporary files in the folders of `paths`, whose process is gone. */
void snapshot_sweep(struct snapshot *s, const struct paths *paths,
		    struct healed *healed);

/* "worktree", "index", "commit 1a2b3c4", "dir", for -v and messages. */
struct sv snapshot_name(const struct snapshot *s);

/* The bytes of `path` at HEAD (or another revision) for the SOA serial and
 * `diff`: p NULL when the file or the commit is not there.  An object that is
 * missing from the repository is a fault. */
int snapshot_read_at(struct snapshot *s, const char *rev, struct sv path,
		     struct arena *mem, struct fault *f, struct sv *out);

/* Is there such a revision?  False without git. */
bool snapshot_has_rev(struct snapshot *s, const char *rev);

/*
 * A forked worker must not share the parent's open packs: call first thing in
 * the child.  Cost: one git_repository_open.
 */
int snapshot_reopen(struct snapshot *s, struct fault *f);

/*
 * What reading and writing this snapshot's repository needs: work tree, git
 * folder, objects wherever they lie, and the user's settings.  `tree` and
 * `repo` are rights on the first and on the others.
 */
void snapshot_reach(struct snapshot *s, unsigned tree, unsigned repo,
		    struct sandbox *out);

/* Versions of libgit2, for `zoneloom version`. */
struct sv git_library(struct arena *mem);

/* The commit of a revision as 40 hex digits; empty for other snapshots. */
struct sv snapshot_commit(const struct snapshot *s);

struct commit_file {
	struct sv path;
	struct sv text; /* p NULL: the file goes */
};

struct commit_files {
	VEC(struct commit_file) list;
};

struct signer; /* private: the process that signs */

enum sign_choice { SIGN_CONFIG, SIGN_YES, SIGN_NO };

/*
 * A commit of outputs: the tree of `base` and these files, nothing else; what
 * the user staged or edited is never part of it.
 *
 * Source: gitops.md 5.6, rules.
 */
struct commit_request {
	const char *start; /* as in snapshot_spec */
	bool trust_repo;
	struct sv base;	       /* 40 hex digits: what was derived from */
	const char *base_name; /* as typed, for {base}; NULL: HEAD */
	/* Empty: the current branch.  Else a branch that is made or moved and
	 * not checked out; {base}, {zone} and {hash} are replaced. */
	struct sv branch, zone;
	VEC(struct commit_file) files; /* those that differ */
	/* Subject and body; trailers follow behind a blank line. */
	struct sv message;
	VEC(struct sv) trailers; /* "Key: value" */
	bool signoff;
	struct sv author; /* "Name <mail>"; empty: as git would */
	struct sv date;	  /* "now", "base" or a date; empty: by target */
	enum sign_choice sign;
	struct sv sign_key;
	struct signer *signer; /* NULL: signed by this process */
	bool force, dry_run, prune;
};

struct commit_result {
	struct sv id;	  /* of the new commit; empty: there is none */
	struct sv branch; /* "dns/review" */
	struct sv old;	  /* where it was; empty: nowhere */
	bool same;	  /* the branch holds this very commit already */
	bool obsolete;	  /* nothing changes, yet the branch has commits of
			* ours, or is merged */
	bool pruned;	  /* ... and was deleted */
	bool moved;	  /* failed: the branch moved; derive again */
};

/* 0, or -1 with a fault: FAULT_AGAIN when a lock is held, the branch moved or
 * holds other people's commits. */
int commit_make(struct arena *mem, struct commit_request *q, struct fault *f,
		struct commit_result *out);

/*
 * A process that signs commits of the repository of `like` (start, trust_repo),
 * so that this one can give up starting programs.  It ends with `mem`.
 */
int signer_start(struct arena *mem, const struct commit_request *like,
		 struct fault *f, struct signer **out);

/* A path of the repository at `root` (NULL: as if its root were here) as a
 * person types it behind a command of git: a word of the shell, and a pathspec
 * that means this path alone. */
struct sv git_path_word(struct arena *mem, const char *root, struct sv path);

#endif
