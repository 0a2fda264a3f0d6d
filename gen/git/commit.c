/* Commits of outputs: objects first, then one compare-and-swap of a ref. */
#include "git/internal.h"

#include "base/buf.h"
#include "base/limits.h"

/* What one commit is made of; handles are freed at the end of commit_make. */
struct making {
	struct repo *r;
	struct commit_request *q;
	struct fault *f;
	struct commit_result *out;
	git_commit *base;
	git_tree *base_tree;
	git_oid base_id, tree, id;
	struct target target;
	struct identity who;
	struct journal journal;
	struct checkout checkout;
};

static int refuse(struct making *m, struct sv path, const char *why)
{
	return fault_set(m->f, m->r->mem, FAULT_ENV, SV_FMT ": %s",
			 SV_ARG(path), why);
}

/* A name that differs in case only would be the same file on some disks. */
static bool clashes(const git_tree *tree, struct sv name)
{
	for (size_t i = 0; i < git_tree_entrycount(tree); i++)
		if (sv_case_eq(sv_of(git_tree_entry_name(
				       git_tree_entry_byindex(tree, i))),
			       name))
			return true;
	return false;
}

/* One part of an output's path: 1 go on below `*id`, 0 nothing is there. */
static int check_part(struct making *m, struct sv path, struct sv part,
		      bool last, git_oid *id)
{
	const git_tree_entry *e;
	git_tree *tree;
	int rc = 1;

	if (git_tree_lookup(&tree, m->r->git, id) < 0)
		return repo_fault(m->r->mem, m->f, FAULT_ENV,
				  "tree above " SV_FMT, SV_ARG(path));
	e = git_tree_entry_byname(tree, arena_str(m->r->mem, part));
	if (e == NULL && clashes(tree, part))
		rc = refuse(m, path, "another path differs only in case");
	else if (e == NULL)
		rc = 0;
	else if (git_tree_entry_filemode(e) == GIT_FILEMODE_LINK)
		rc = refuse(m, path, "a folder of the path is a symbolic link");
	else if (git_tree_entry_type(e) == GIT_OBJECT_COMMIT)
		rc = refuse(m, path, "a submodule is there");
	else if (git_tree_entry_type(e) !=
		 (last ? GIT_OBJECT_BLOB : GIT_OBJECT_TREE))
		rc = refuse(m, path,
			    last ? "a folder is there"
				 : "expected a folder, found a file");
	else
		git_oid_cpy(id, git_tree_entry_id(e));
	git_tree_free(tree);
	return rc;
}

static int check_path(struct making *m, struct sv path)
{
	git_oid id;
	struct sv rest = path, part;
	int rc = 1;

	git_oid_cpy(&id, git_tree_id(m->base_tree));
	while (rc == 1 && sv_cut(&rest, '/', &part))
		rc = check_part(m, path, part, rest.p == NULL, &id);
	return rc < 0 ? -1 : 0;
}

static int check_files(struct making *m)
{
	for (size_t i = 0; i < m->q->files.n; i++)
		if (check_path(m, m->q->files.v[i].path) < 0 ||
		    repo_check_filter(m->r, m->q->files.v[i].path, &m->base_id,
				      m->f) < 0)
			return -1;
	return 0;
}

static int update_of(struct making *m, const struct commit_file *w,
		     git_tree_update *u, bool *wanted)
{
	git_filemode_t mode = GIT_FILEMODE_BLOB;
	git_oid old;
	int rc = tree_find(m->r, git_tree_id(m->base_tree), w->path, m->f, &old,
			   &mode);

	if (rc < 0)
		return -1;
	*wanted = w->text.p != NULL || rc == 1;
	u->action = w->text.p ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
	u->filemode = rc == 1 && mode == GIT_FILEMODE_BLOB_EXECUTABLE
			      ? mode
			      : GIT_FILEMODE_BLOB;
	u->path = arena_str(m->r->mem, w->path);
	return w->text.p != NULL
		       ? repo_put_blob(m->r, w->path, w->text, m->f, &u->id)
		       : 0;
}

/* Each new tree, from the top to the files. */
static int check_tree(struct making *m)
{
	git_filemode_t mode;
	git_oid id;

	for (size_t i = 0; i < m->q->files.n; i++)
		if (tree_find(m->r, &m->tree, m->q->files.v[i].path, m->f, &id,
			      &mode) < 0)
			return -1;
	return 0;
}

static int make_tree(struct making *m)
{
	VEC(git_tree_update) list = { 0 };

	for (size_t i = 0; i < m->q->files.n; i++) {
		git_tree_update u = { 0 };
		bool wanted;

		if (update_of(m, &m->q->files.v[i], &u, &wanted) < 0)
			return -1;
		if (wanted)
			*VEC_ADD(m->r->mem, &list) = u;
	}
	git_oid_cpy(&m->tree, git_tree_id(m->base_tree));
	if (list.n > 0 &&
	    git_tree_create_updated(&m->tree, m->r->git, m->base_tree, list.n,
				    list.v) < 0)
		return repo_fault(m->r->mem, m->f, FAULT_ENV,
				  "the tree of the commit");
	return check_tree(m);
}

/* Git sees trailers only behind a blank line. */
static struct sv whole_message(struct making *m)
{
	struct buf b = { .mem = m->r->mem };
	struct sv text = m->q->message;

	while (sv_ends(text, SV("\n")))
		text.n--;
	buf_add(&b, text);
	buf_add(&b, SV("\n\n"));
	for (size_t i = 0; i < m->q->trailers.n; i++)
		buf_fmt(&b, SV_FMT "\n", SV_ARG(m->q->trailers.v[i]));
	if (m->q->signoff)
		buf_fmt(&b, "Signed-off-by: %s <%s>\n", m->who.committer->name,
			m->who.committer->email);
	return buf_sv(&b);
}

static int write_commit(struct making *m, struct sv bytes, struct sv signature)
{
	int rc;

	if (signature.p != NULL)
		rc = git_commit_create_with_signature(
			&m->id, m->r->git, bytes.p,
			arena_str(m->r->mem, signature), NULL);
	else
		rc = git_odb_write(&m->id, m->r->odb, bytes.p, bytes.n,
				   GIT_OBJECT_COMMIT);
	return rc < 0 ? repo_fault(m->r->mem, m->f, FAULT_ENV, "the commit")
		      : repo_check_object(m->r, SV("the commit"), &m->id, m->f);
}

/* A signature of gpg holds the time: a second run would make another commit of
 * the same content.  --force signs anew, with another key. */
static bool stands_signed(struct making *m, struct sv bytes)
{
	git_buf signature = { 0 }, content = { 0 };
	bool same = false;

	if (m->target.current || !m->target.exists || m->q->force)
		return false;
	if (git_commit_extract_signature(&signature, &content, m->r->git,
					 &m->target.tip, NULL) == 0)
		same = sv_eq((struct sv){ content.ptr, content.size }, bytes);
	git_buf_dispose(&signature);
	git_buf_dispose(&content);
	return same;
}

static int make_commit(struct making *m)
{
	const git_commit *parents[] = { m->base };
	/* On a branch without commits the first one has no parent. */
	size_t n = m->target.current && !m->target.exists ? 0 : 1;
	struct sv message = whole_message(m), bytes, signature = { NULL, 0 };
	git_buf buf = { 0 };
	git_tree *tree = NULL;
	int rc;

	if (strlen(message.p) != message.n)
		return fault_set(m->f, m->r->mem, FAULT_USAGE,
				 "the commit message contains a NUL byte");
	rc = git_tree_lookup(&tree, m->r->git, &m->tree);
	if (rc == 0)
		rc = git_commit_create_buffer(&buf, m->r->git, m->who.author,
					      m->who.committer, NULL, message.p,
					      tree, n, parents);
	git_tree_free(tree);
	if (rc < 0)
		return repo_fault(m->r->mem, m->f, FAULT_ENV, "the commit");
	bytes = arena_sv(m->r->mem, (struct sv){ buf.ptr, buf.size });
	git_buf_dispose(&buf);
	if (!m->q->dry_run && sign_commit(m->r, m->q, m->who.committer, bytes,
					  m->f, &signature) < 0)
		return -1;
	if (signature.p != NULL && stands_signed(m, bytes)) {
		m->id = m->target.tip;
		return 0;
	}
	return write_commit(m, bytes, signature);
}

static struct sv hex(struct making *m, const git_oid *id)
{
	return arena_sv(m->r->mem, sv_of(git_oid_tostr_s(id)));
}

static int find_current(struct making *m)
{
	if (target_current(m->r, m->q, m->f, &m->target) < 0)
		return -1;
	if (!m->target.exists || git_oid_equal(&m->target.tip, &m->base_id))
		return 0;
	if (m->q->base_name != NULL) {
		fault_file(m->f, m->r->mem, FAULT_USAGE,
			   "--base %s is not the tip of " SV_FMT,
			   m->q->base_name, SV_ARG(m->target.name));
		fault_hint(m->f, m->r->mem, "--branch NAME to commit on it");
		return -1;
	}
	m->out->moved = true;
	return fault_set(m->f, m->r->mem, FAULT_AGAIN,
			 "branch " SV_FMT
			 " moved in the meantime; nothing was changed",
			 SV_ARG(m->target.name));
}

static void tell_target(struct making *m)
{
	m->out->branch = m->target.name;
	if (m->target.exists)
		m->out->old = hex(m, &m->target.tip);
}

static int blob_ids(struct making *m, const struct commit_file *w, git_oid *old,
		    git_oid *new)
{
	git_filemode_t mode;
	int rc = tree_find(m->r, git_tree_id(m->base_tree), w->path, m->f, old,
			   &mode);

	if (rc == 0)
		*old = (git_oid){ { 0 } };
	*new = (git_oid){ { 0 } };
	if (rc >= 0 && w->text.p != NULL &&
	    git_odb_hash(new, w->text.p, w->text.n, GIT_OBJECT_BLOB) < 0)
		return repo_fault(m->r->mem, m->f, FAULT_ENV, SV_FMT,
				  SV_ARG(w->path));
	return rc < 0 ? -1 : 0;
}

/* What the next run must know if this one is killed from here on. */
static int write_journal(struct making *m, bool files, const git_oid *to)
{
	static const git_oid none;
	struct journal *j = &m->journal;
	git_oid old, new;

	for (size_t i = 0; files && i < m->q->files.n; i++)
		if (blob_ids(m, &m->q->files.v[i], &old, &new) < 0 ||
		    journal_file(j, m->q->files.v[i].path, &old, &new, m->f) <
			    0)
			return -1;
	if (journal_ref(j, m->target.ref,
			m->target.exists ? &m->target.tip : &none,
			to != NULL ? to : &none, m->f) < 0)
		return -1;
	return journal_ready(j, m->f);
}

/* A review branch: neither index nor work tree is touched. */
static int swap(struct making *m, const git_oid *to, const char *log)
{
	int rc;

	if (m->q->dry_run)
		return 0;
	if (git_repository_set_ident(m->r->git, m->who.committer->name,
				     m->who.committer->email) < 0)
		return repo_fault(m->r->mem, m->f, FAULT_ENV, "the reflog");
	if (write_journal(m, false, to) < 0)
		return -1;
	cleanup_hold();
	cleanup_keep(true);
	rc = target_move(m->r, &m->target, to, log, m->f, &m->out->moved);
	if (rc == 0)
		cleanup_state("the branch was moved");
	cleanup_keep(false);
	cleanup_release();
	return rc;
}

/* Nothing changes: a review branch of an earlier run may be obsolete, or
 * merged. */
static int make_nothing(struct making *m)
{
	int ours;

	if (m->q->branch.n == 0)
		return 0;
	if (target_branch(m->r, m->q, &m->tree, m->f, &m->target) < 0)
		return -1;
	tell_target(m);
	if (!m->target.exists)
		return 0;
	ours = target_ours(m->r, m->q, &m->target, &m->base_id, m->f);
	if (ours < 0 || (ours == 0 && !target_merged(m->r, &m->target)))
		return ours;
	m->out->obsolete = true;
	if (!m->q->prune)
		return 0;
	m->out->pruned = true;
	return swap(m, NULL, "commit (zoneloom): obsolete");
}

static int make_branch(struct making *m)
{
	if (target_branch(m->r, m->q, &m->tree, m->f, &m->target) < 0 ||
	    make_commit(m) < 0)
		return -1;
	tell_target(m);
	m->out->same =
		m->target.exists && git_oid_equal(&m->target.tip, &m->id);
	if (m->out->same)
		return 0;
	if (m->target.exists &&
	    target_ours(m->r, m->q, &m->target, &m->base_id, m->f) < 0)
		return -1;
	m->out->id = hex(m, &m->id);
	return swap(m, &m->id, "commit (zoneloom)");
}

/* Under the ref's lock, and with signals held: all of it, or nothing. */
static int change_all(struct making *m, bool files)
{
	struct target_lock lock;
	int rc;

	cleanup_keep(true);
	rc = target_lock(m->r, &m->target, m->f, &m->out->moved, &lock);
	if (rc < 0) {
		cleanup_keep(false);
		return -1;
	}
	cleanup_hold();
	rc = files ? checkout_apply(&m->checkout, m->q, m->f) : 0;
	if (rc == 0)
		rc = target_commit(&lock, &m->id, m->who.committer,
				   "commit (zoneloom)", m->f);
	if (rc == 0) {
		cleanup_state("the commit was made");
		checkout_finish(&m->checkout);
	} else {
		checkout_undo(&m->checkout, m->f);
	}
	target_unlock(&lock);
	journal_end(&m->journal);
	cleanup_keep(false);
	cleanup_release();
	return rc;
}

static int make_current(struct making *m)
{
	bool files = m->r->workdir != NULL;

	if (make_commit(m) < 0)
		return -1;
	if (!m->q->dry_run) {
		if (files && checkout_prepare(&m->checkout, m->q, m->f) < 0)
			return -1;
		if (write_journal(m, files, &m->id) < 0 ||
		    change_all(m, files) < 0)
			return -1;
	}
	tell_target(m);
	m->out->id = hex(m, &m->id);
	return 0;
}

static int lock_index(struct making *m)
{
	if (!m->q->dry_run && journal_lock(&m->journal, m->f) < 0)
		return -1;
	return checkout_begin(&m->checkout, m->r, m->q, m->base_tree, m->f);
}

static int make_all(struct making *m)
{
	bool current = m->q->branch.n == 0;

	if (current && find_current(m) < 0)
		return -1;
	if (identity_find(m->r, m->q, m->base, !current, m->f, &m->who) < 0 ||
	    check_files(m) < 0)
		return -1;
	if (!m->q->dry_run && journal_begin(m->r, m->f, &m->journal) < 0)
		return -1;
	if (current && m->q->files.n > 0 && m->r->workdir != NULL &&
	    lock_index(m) < 0)
		return -1;
	if (make_tree(m) < 0)
		return -1;
	if (git_oid_equal(&m->tree, git_tree_id(m->base_tree)))
		return make_nothing(m);
	return current ? make_current(m) : make_branch(m);
}

int commit_make(struct arena *mem, struct commit_request *q, struct fault *f,
		struct commit_result *out)
{
	struct making m = { .q = q, .f = f, .out = out };
	int rc = -1;

	*out = (struct commit_result){ 0 };
	/* Before the first look at objects and refs, which note it. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	cleanup_state("nothing was changed");
	if (repo_open(mem, q->start, q->trust_repo, f, &m.r) < 0 ||
	    (q->dry_run && repo_use_memory(m.r, f) < 0)) {
		cleanup_state(NULL);
		return -1;
	}
	if (git_oid_fromstr(&m.base_id, arena_str(mem, q->base)) < 0 ||
	    git_commit_lookup(&m.base, m.r->git, &m.base_id) < 0 ||
	    git_commit_tree(&m.base_tree, m.base) < 0)
		rc = repo_fault(mem, f, FAULT_ENV, SV_FMT, SV_ARG(q->base));
	else
		rc = make_all(&m);
	if (rc < 0)
		checkout_undo(&m.checkout, f);
	journal_end(&m.journal);
	cleanup_state(NULL);
	git_tree_free(m.base_tree);
	git_commit_free(m.base);
	return rc;
}
