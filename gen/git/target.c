/* The branch that a commit goes to: the current one, or one for review. */
#include "git/internal.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/shell.h"

enum {
	/* Commits looked at on a review branch; ours are one each. */
	MAX_REVIEW = 1000,
	MAX_NAMED = 5,
	LOCK_TRIES = 5,
	SHORT_HEX = 12,
};

static const char *const states[] = {
	[GIT_REPOSITORY_STATE_MERGE] = "a merge",
	[GIT_REPOSITORY_STATE_REVERT] = "a revert",
	[GIT_REPOSITORY_STATE_REVERT_SEQUENCE] = "a revert",
	[GIT_REPOSITORY_STATE_CHERRYPICK] = "a cherry-pick",
	[GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE] = "a cherry-pick",
	[GIT_REPOSITORY_STATE_BISECT] = "a bisect",
	[GIT_REPOSITORY_STATE_REBASE] = "a rebase",
	[GIT_REPOSITORY_STATE_REBASE_INTERACTIVE] = "a rebase",
	[GIT_REPOSITORY_STATE_REBASE_MERGE] = "a rebase",
	[GIT_REPOSITORY_STATE_APPLY_MAILBOX] = "git am",
	[GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE] = "git am",
};

static int check_state(struct repo *r, struct fault *f)
{
	int state = git_repository_state(r->git);

	if (state == GIT_REPOSITORY_STATE_NONE)
		return 0;
	fault_file(
		f, r->mem, FAULT_ENV, "%s is in progress",
		state > 0 && state < (int)(sizeof(states) / sizeof(states[0]))
			? states[state]
			: "an operation of git");
	fault_hint(f, r->mem, "finish it, or use --branch NAME");
	return -1;
}

static int detached(struct repo *r, struct fault *f)
{
	fault_file(f, r->mem, FAULT_ENV,
		   "HEAD is detached: no branch to commit on");
	fault_hint(f, r->mem, "zoneloom commit --branch NAME --base REV");
	return -1;
}

int target_current(struct repo *r, const struct commit_request *q,
		   struct fault *f, struct target *out)
{
	git_reference *head = NULL;
	const char *to;

	*out = (struct target){ .current = true };
	if (git_reference_lookup(&head, r->git, "HEAD") < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "HEAD");
	to = git_reference_symbolic_target(head);
	out->ref = to ? arena_str(r->mem, sv_of(to)) : NULL;
	git_reference_free(head);
	if (out->ref == NULL || !sv_starts(sv_of(out->ref), SV("refs/heads/")))
		return detached(r, f);
	out->name = sv_from(sv_of(out->ref), strlen("refs/heads/"));
	if (r->index_named)
		return fault_set(f, r->mem, FAULT_ENV,
				 "GIT_INDEX_FILE is set: a hook of git is "
				 "running, and it commits itself");
	if (check_state(r, f) < 0)
		return -1;
	out->exists =
		git_reference_name_to_id(&out->tip, r->git, out->ref) == 0;
	(void)q;
	return 0;
}

/* {base}: the branch that was read, else its commit. */
static struct sv base_word(struct repo *r, const struct commit_request *q)
{
	git_reference *ref = NULL;
	struct sv word = sv_head(q->base, SHORT_HEX);

	if (git_reference_dwim(&ref, r->git,
			       q->base_name ? q->base_name : "HEAD") == 0 &&
	    git_reference_is_branch(ref))
		word = arena_sv(r->mem, sv_of(git_reference_shorthand(ref)));
	git_reference_free(ref);
	return word;
}

static struct sv fill(struct repo *r, const struct commit_request *q,
		      const git_oid *tree)
{
	char hex[GIT_OID_HEXSZ + 1];
	const struct {
		struct sv key, value;
	} words[] = {
		{ SV("{base}"), base_word(r, q) },
		{ SV("{zone}"), q->zone },
		{ SV("{hash}"),
		  sv_head(sv_of(git_oid_tostr(hex, sizeof(hex), tree)),
			  SHORT_HEX) },
	};
	struct buf b = { .mem = r->mem };
	struct sv s = q->branch;

	while (s.n > 0) {
		size_t n = 1;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (!sv_starts(s, words[i].key))
				continue;
			buf_add(&b, words[i].value);
			n = words[i].key.n;
			break;
		}
		if (n == 1)
			buf_char(&b, s.p[0]);
		s = sv_from(s, n);
	}
	return buf_sv(&b);
}

/* If a branch moves while a work tree has it checked out, `git status` shows
 * deletions there. */
static int check_free(struct repo *r, const struct commit_request *q,
		      const struct target *t, struct fault *f)
{
	git_reference *ref = NULL, *head = NULL;
	bool here = false, taken;

	if (git_reference_lookup(&head, r->git, "HEAD") == 0 &&
	    git_reference_symbolic_target(head) != NULL)
		here = strcmp(git_reference_symbolic_target(head), t->ref) == 0;
	git_reference_free(head);
	if (here) {
		fault_file(f, r->mem, FAULT_ENV,
			   "branch " SV_FMT " is checked out here",
			   SV_ARG(t->name));
		fault_hint(f, r->mem, "leave out --branch to commit on it");
		return -1;
	}
	if (q->force || git_reference_lookup(&ref, r->git, t->ref) < 0)
		return 0;
	taken = git_branch_is_checked_out(ref) == 1;
	git_reference_free(ref);
	if (!taken)
		return 0;
	fault_file(f, r->mem, FAULT_ENV,
		   "branch " SV_FMT " is checked out in another work tree",
		   SV_ARG(t->name));
	fault_hint(f, r->mem, "another --branch, or --force");
	return -1;
}

int target_branch(struct repo *r, const struct commit_request *q,
		  const git_oid *tree, struct fault *f, struct target *out)
{
	int valid = 0;

	*out = (struct target){ .name = fill(r, q, tree) };
	out->ref = arena_fmt(r->mem, "refs/heads/" SV_FMT, SV_ARG(out->name)).p;
	if (git_branch_name_is_valid(&valid, arena_str(r->mem, out->name)) <
		    0 ||
	    !valid || strlen(out->ref) != out->name.n + strlen("refs/heads/"))
		return fault_set(f, r->mem, FAULT_USAGE,
				 "invalid --branch \"" SV_FMT
				 "\": expected the name of a branch",
				 SV_ARG(out->name));
	out->exists =
		git_reference_name_to_id(&out->tip, r->git, out->ref) == 0;
	return check_free(r, q, out, f);
}

static bool is_ours(const git_commit *c)
{
	git_message_trailer_array list = { 0 };
	bool ours = false;

	if (git_message_trailers(&list, git_commit_message(c)) < 0)
		return false;
	for (size_t i = 0; i < list.count; i++)
		ours |= strcmp(list.trailers[i].key, "Generated-by") == 0 &&
			sv_starts(sv_of(list.trailers[i].value),
				  SV("zoneloom"));
	git_message_trailer_array_free(&list);
	return ours;
}

static int walk_review(struct repo *r, git_revwalk *walk, struct buf *foreign)
{
	unsigned named = 0;
	git_commit *c;
	git_oid id;
	int n = 0, rc = 0;

	while (n < MAX_REVIEW && (rc = git_revwalk_next(&id, walk)) == 0) {
		n++;
		if (git_commit_lookup(&c, r->git, &id) < 0)
			return -1;
		if (!is_ours(c) && named++ < MAX_NAMED)
			buf_fmt(foreign, "%s%.7s %s", named > 1 ? ", " : "",
				git_oid_tostr_s(&id), git_commit_summary(c));
		git_commit_free(c);
	}
	if (rc < 0 && rc != GIT_ITEROVER)
		return -1;
	if (named > MAX_NAMED)
		buf_fmt(foreign, " and %u more", named - MAX_NAMED);
	return n;
}

bool target_merged(struct repo *r, const struct target *t)
{
	git_commit *c;
	bool ours;

	if (git_commit_lookup(&c, r->git, &t->tip) < 0)
		return false;
	ours = is_ours(c);
	git_commit_free(c);
	return ours;
}

int target_ours(struct repo *r, const struct commit_request *q,
		const struct target *t, const git_oid *base, struct fault *f)
{
	struct buf foreign = { .mem = r->mem };
	git_revwalk *walk = NULL;
	int n = -1;

	if (git_revwalk_new(&walk, r->git) == 0 &&
	    git_revwalk_push(walk, &t->tip) == 0 &&
	    git_revwalk_hide(walk, base) == 0)
		n = walk_review(r, walk, &foreign);
	git_revwalk_free(walk);
	if (n < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "branch " SV_FMT,
				  SV_ARG(t->name));
	if (foreign.n == 0 || q->force)
		return n;
	fault_file(f, r->mem, FAULT_AGAIN,
		   "branch " SV_FMT " has commits that are not ours: " SV_FMT,
		   SV_ARG(t->name), SV_ARG(buf_sv(&foreign)));
	fault_hint(f, r->mem,
		   "merge or drop them, then again; --force drops them");
	return -1;
}

/* 20 to 200 ms: two writers that met once should not meet again. */
static void pause_some(unsigned try)
{
	struct timespec t = { 0, 20L * 1000 * 1000 };

	t.tv_nsec +=
		(long)(((unsigned)getpid() * 7919U + try * 104729U) % 180U) *
		1000L * 1000L;
	(void)nanosleep(&t, NULL);
}

static int move_once(struct repo *r, const struct target *t, const git_oid *to,
		     const char *log)
{
	git_oid none = { { 0 } };
	git_reference *ref = NULL;
	int rc;

	if (to != NULL) {
		rc = git_reference_create_matching(&ref, r->git, t->ref, to, 1,
						   t->exists ? &t->tip : &none,
						   log);
	} else {
		rc = git_reference_lookup(&ref, r->git, t->ref);
		/* Deleting fails if the ref moved since this look. */
		if (rc == 0 &&
		    !git_oid_equal(git_reference_target(ref), &t->tip))
			rc = GIT_EMODIFIED;
		if (rc == 0)
			rc = git_reference_delete(ref);
	}
	git_reference_free(ref);
	return rc;
}

static int move_fault(struct repo *r, const struct target *t, int rc,
		      struct fault *f, bool *moved)
{
	*moved = rc == GIT_EMODIFIED || rc == GIT_EEXISTS;
	if (*moved)
		return fault_set(f, r->mem, FAULT_AGAIN,
				 "branch " SV_FMT
				 " moved in the meantime; nothing was changed",
				 SV_ARG(t->name));
	repo_fault(r->mem, f, rc == GIT_ELOCKED ? FAULT_AGAIN : FAULT_ENV,
		   "branch " SV_FMT, SV_ARG(t->name));
	if (rc == GIT_ELOCKED)
		fault_hint(f, r->mem,
			   "wait and try again; if no git process runs: "
			   "rm " SV_FMT,
			   SV_ARG(shell_word(r->mem,
					     arena_fmt(r->mem, "%s%s.lock",
						       r->commondir, t->ref))));
	return -1;
}

/* The ref holds `to`: an error came behind the rename, on syncing.  Where it
 * does not, the error stays what it was. */
static bool is_there(struct repo *r, const struct target *t, const git_oid *to)
{
	const git_error *e = git_error_last();
	struct sv why = e != NULL ? arena_sv(r->mem, sv_of(e->message))
				  : SV("unknown reason");
	int class = e != NULL ? e->klass : GIT_ERROR_REFERENCE, rc;
	git_oid now;

	rc = git_reference_name_to_id(&now, r->git, t->ref);
	if (to == NULL ? rc == GIT_ENOTFOUND
		       : rc == 0 && git_oid_equal(&now, to))
		return true;
	git_error_set_str(class, why.p);
	return false;
}

/* libgit2 renames by link(2) and unlink(2), and passes over a failure of the
 * second. */
static void drop_second_name(struct repo *r, const struct target *t)
{
	const char *ref = arena_fmt(r->mem, "%s%s", r->commondir, t->ref).p;
	const char *lock = arena_fmt(r->mem, "%s.lock", ref).p;
	struct stat a, b;

	if (lstat(ref, &a) == 0 && lstat(lock, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		(void)unlink(lock);
}

int target_move(struct repo *r, const struct target *t, const git_oid *to,
		const char *log, struct fault *f, bool *moved)
{
	int rc = GIT_ELOCKED;

	for (unsigned try = 0; rc == GIT_ELOCKED && try < LOCK_TRIES; try++) {
		if (try > 0)
			pause_some(try);
		rc = move_once(r, t, to, log);
	}
	if (rc == 0 || (rc != GIT_ELOCKED && is_there(r, t, to))) {
		drop_second_name(r, t);
		return 0;
	}
	return move_fault(r, t, rc, f, moved);
}

/* A ref and a folder of refs cannot have one name; libgit2's transactions see
 * only those that are files. */
static int check_name(struct repo *r, const struct target *t)
{
	git_reference_iterator *it = NULL;
	const char *name;
	int rc = git_reference_iterator_new(&it, r->git);

	while (rc == 0 && git_reference_next_name(&name, it) == 0) {
		struct sv a = sv_of(name), b = sv_of(t->ref);

		if (path_below(a, b) || path_below(b, a)) {
			git_error_set_str(GIT_ERROR_REFERENCE,
					  "a branch has part of its name");
			rc = GIT_EEXISTS;
		}
	}
	git_reference_iterator_free(it);
	return rc;
}

/* The ref under its lock is what was seen, and HEAD names it still. */
static int check_locked(struct repo *r, const struct target *t)
{
	git_reference *head = NULL;
	const char *to;
	git_oid now;
	int rc = git_reference_name_to_id(&now, r->git, t->ref);

	if (rc == GIT_ENOTFOUND && !t->exists)
		rc = check_name(r, t);
	else if (rc == 0 && (!t->exists || !git_oid_equal(&now, &t->tip)))
		rc = GIT_EMODIFIED;
	if (rc == 0)
		rc = git_reference_lookup(&head, r->git, "HEAD");
	if (rc == 0) {
		to = git_reference_symbolic_target(head);
		rc = to != NULL && strcmp(to, t->ref) == 0 ? 0 : GIT_EMODIFIED;
	}
	git_reference_free(head);
	return rc;
}

static int lock_once(struct target_lock *l)
{
	int rc = git_transaction_new(&l->tx, l->r->git);

	cleanup_hold();
	if (rc == 0)
		rc = git_transaction_lock_ref(l->tx, l->t->ref);
	if (rc == 0)
		cleanup_add(&l->held);
	cleanup_release();
	if (rc < 0) {
		git_transaction_free(l->tx);
		l->tx = NULL;
	}
	return rc;
}

int target_lock(struct repo *r, const struct target *t, struct fault *f,
		bool *moved, struct target_lock *out)
{
	int rc = GIT_ELOCKED;

	*out = (struct target_lock){ .r = r, .t = t };
	out->held.path = arena_fmt(r->mem, "%s%s.lock", r->commondir, t->ref).p;
	for (unsigned try = 0; rc == GIT_ELOCKED && try < LOCK_TRIES; try++) {
		if (try > 0)
			pause_some(try);
		rc = lock_once(out);
	}
	if (rc == 0)
		rc = check_locked(r, t);
	if (rc == 0)
		return 0;
	(void)move_fault(r, t, rc, f, moved);
	target_unlock(out);
	return -1;
}

int target_commit(struct target_lock *l, const git_oid *to,
		  const git_signature *who, const char *log, struct fault *f)
{
	int rc = git_transaction_set_target(l->tx, l->t->ref, to, who, log);

	if (rc == 0)
		rc = git_transaction_commit(l->tx);
	if (rc == 0 || is_there(l->r, l->t, to)) {
		drop_second_name(l->r, l->t);
		return 0;
	}
	return repo_fault(l->r->mem, f, FAULT_ENV, "branch " SV_FMT,
			  SV_ARG(l->t->name));
}

void target_unlock(struct target_lock *l)
{
	if (l->tx == NULL)
		return;
	cleanup_hold();
	git_transaction_free(l->tx);
	l->tx = NULL;
	cleanup_drop(&l->held);
	cleanup_release();
}
