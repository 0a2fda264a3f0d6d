/* The tree that merging one commit into another gives; nothing is written. */
#include "git/internal.h"

#include "base/buf.h"
#include "base/limits.h"

enum { CONFLICTS_NAMED = 10 };

static int conflict_fault(struct repo *r, git_index *ix, const char *base,
			  const char *head, struct fault *f)
{
	git_index_conflict_iterator *it;
	const git_index_entry *old, *ours, *theirs;
	struct buf list = { .mem = r->mem };
	size_t n = 0;

	if (git_index_conflict_iterator_new(&it, ix) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "merge of %s into %s",
				  head, base);
	while (git_index_conflict_next(&old, &ours, &theirs, it) == 0)
		if (n++ < CONFLICTS_NAMED)
			buf_fmt(&list, "%s%s", n > 1 ? ", " : "",
				ours != NULL	 ? ours->path
				: theirs != NULL ? theirs->path
						 : old->path);
	git_index_conflict_iterator_free(it);
	if (n > CONFLICTS_NAMED)
		buf_fmt(&list, " and %zu more", n - CONFLICTS_NAMED);
	fault_file(f, r->mem, FAULT_AGAIN,
		   "%s does not merge into %s: conflict in " SV_FMT, head, base,
		   SV_ARG(buf_sv(&list)));
	fault_hint(f, r->mem, "git merge %s, resolve, then again", base);
	return -1;
}

static void take_entry(struct repo *r, const git_index_entry *e,
		       struct diags *d, struct files *out)
{
	struct snapshot_file *file;
	struct sv path = arena_sv(r->mem, sv_of(e->path));
	struct loc at = { path, 0, 0 };

	if ((e->mode & 0170000) == 0160000) {
		diag_note(d, DIAG_MANIFEST_SKIPPED, at,
			  "a submodule, not entered");
		return;
	}
	file = VEC_ADD(r->mem, &out->list);
	file->path = path;
	file->mode = (e->mode & 0170000) == 0120000 ? 0120000
		     : e->mode & 0100		    ? 0100755
						    : 0100644;
	memcpy(file->id, e->id.id, sizeof(file->id));
}

static bool holds(const struct files *side, size_t *at,
		  const struct snapshot_file *file)
{
	while (*at < side->list.n &&
	       sv_cmp(side->list.v[*at].path, file->path) < 0)
		++*at;
	return *at < side->list.n &&
	       sv_eq(side->list.v[*at].path, file->path) &&
	       memcmp(side->list.v[*at].id, file->id, sizeof(file->id)) == 0;
}

/* The texts that the merge made lie in memory only, where a reading process
 * with handles of its own does not see them. */
static int keep_made(struct repo *r, const struct merge *m,
		     const struct files *base, const struct files *head,
		     struct fault *f)
{
	size_t b = 0, h = 0;

	for (size_t i = 0; i < m->files.list.n; i++) {
		const struct snapshot_file *file = &m->files.list.v[i];
		struct sv *text;
		bool too_long, in_base = holds(base, &b, file);
		git_oid id;

		if (in_base | holds(head, &h, file))
			continue;
		text = ARENA_NEW(r->mem, struct sv);
		git_oid_fromraw(&id, file->id);
		if (repo_blob(r, &id, file->path, MAX_FILE_BYTES, r->mem, f,
			      text, &too_long) < 0)
			return -1;
		/* Too long to be read, from memory or from disk. */
		if (!too_long)
			map_put(m->made, blob_key(file), text);
	}
	return 0;
}

static int take_index(struct repo *r, git_index *ix, const struct revision *b,
		      const struct revision *h, struct diags *d,
		      struct fault *f, struct merge *out)
{
	struct diags ignored = { .mem = r->mem };
	struct files base = { 0 }, head = { 0 };

	for (size_t i = 0; i < git_index_entrycount(ix); i++)
		take_entry(r, git_index_get_byindex(ix, i), d, &out->files);
	if (files_of_tree(r, &b->tree, &ignored, f, &base) < 0 ||
	    files_of_tree(r, &h->tree, &ignored, f, &head) < 0)
		return -1;
	files_sort(&out->files);
	files_sort(&base);
	files_sort(&head);
	return keep_made(r, out, &base, &head, f);
}

static int merge_commits(struct repo *r, const git_oid *b, const git_oid *h,
			 git_index **out)
{
	git_commit *base = NULL, *head = NULL;
	git_merge_options options;
	int rc = git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);

	if (rc == 0)
		rc = git_commit_lookup(&base, r->git, b);
	if (rc == 0)
		rc = git_commit_lookup(&head, r->git, h);
	if (rc == 0)
		rc = git_merge_commits(out, r->git, base, head, &options);
	git_commit_free(head);
	git_commit_free(base);
	return rc;
}

static int merge_both(struct repo *r, const char *base, const char *head,
		      const struct revision *b, const struct revision *h,
		      struct diags *d, struct fault *f, struct merge *out)
{
	git_index *ix = NULL;
	int rc;

	if (repo_use_memory(r, f) < 0)
		return -1;
	if (merge_commits(r, &b->commit, &h->commit, &ix) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "merge of %s into %s",
				  head, base);
	rc = git_index_has_conflicts(ix) ? conflict_fault(r, ix, base, head, f)
					 : take_index(r, ix, b, h, d, f, out);
	git_index_free(ix);
	return rc;
}

int merge_files(struct repo *r, const char *base, const char *head,
		struct diags *d, struct fault *f, struct merge *out)
{
	struct revision b, h;
	git_oid parted;

	if (repo_revision(r, base, f, &b) < 0 ||
	    repo_revision(r, head, f, &h) < 0 ||
	    repo_parted(r, base, head, f, &parted) < 0)
		return -1;
	if (git_oid_equal(&parted, &b.commit))
		return files_of_tree(r, &h.tree, d, f, &out->files);
	if (git_oid_equal(&parted, &h.commit))
		return files_of_tree(r, &b.tree, d, f, &out->files);
	return merge_both(r, base, head, &b, &h, d, f, out);
}
