/* Files of a tree object, read part by part: libgit2's own walk costs a third
 * more for 200,000 files. */
#include "git/internal.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/limits.h"

struct tree_walk {
	struct repo *r;
	struct diags *diags;
	struct fault *f;
	struct files *out;
};

/* "MODE NAME\0" and 20 bytes.  Moves `*t` behind it. */
static bool tree_entry(struct sv *t, uint32_t *mode, struct sv *name,
		       const unsigned char **id)
{
	size_t i = 0;

	for (*mode = 0; i < t->n && t->p[i] >= '0' && t->p[i] <= '7'; i++)
		*mode = *mode << 3 | (uint32_t)(t->p[i] - '0');
	if (i == 0 || i > 6 || i >= t->n || t->p[i] != ' ')
		return false;
	*t = sv_from(*t, i + 1);
	*name = sv_head(*t, sv_chr(*t, '\0'));
	if (name->n == 0 || t->n - name->n < 1 + GIT_OID_RAWSZ ||
	    sv_chr(*name, '/') < name->n || sv_eq(*name, SV(".")) ||
	    sv_eq(*name, SV("..")))
		return false;
	*id = (const unsigned char *)t->p + name->n + 1;
	*t = sv_from(*t, name->n + 1 + GIT_OID_RAWSZ);
	return true;
}

static int walk_tree(struct tree_walk *w, const git_oid *id, struct sv path,
		     unsigned depth);

static int take(struct tree_walk *w, uint32_t mode, struct sv path,
		const unsigned char *id, unsigned depth)
{
	struct loc at = { path, 0, 0 };
	struct snapshot_file *file;
	git_oid oid;

	/* Counts trees as well: they can be nested to billions. */
	work_spend(w->r->mem, WORK_FILES, 1, at);
	if ((mode & 0170000) == 0040000) {
		git_oid_fromraw(&oid, id);
		return walk_tree(w, &oid, path, depth + 1);
	}
	if ((mode & 0170000) == 0160000) {
		diag_note(w->diags, DIAG_MANIFEST_SKIPPED, at,
			  "a submodule, not entered");
		return 0;
	}
	file = VEC_ADD(w->r->mem, &w->out->list);
	file->path = path;
	file->mode = (mode & 0170000) == 0120000 ? 0120000
		     : mode & 0100		 ? 0100755
						 : 0100644;
	memcpy(file->id, id, sizeof(file->id));
	return 0;
}

static struct sv join(struct arena *mem, struct sv folder, struct sv name)
{
	struct sv full = { NULL, folder.n + 1 + name.n };
	char *p;

	if (folder.n == 0)
		return arena_sv(mem, name);
	full.p = p = arena_alloc(mem, full.n + 1, 1);
	memcpy(p, folder.p, folder.n);
	p[folder.n] = '/';
	memcpy(p + folder.n + 1, name.p, name.n);
	return full;
}

static int walk_entries(struct tree_walk *w, struct sv rest, struct sv path,
			const git_oid *tree, unsigned depth)
{
	const unsigned char *id;
	struct sv name, full;
	uint32_t mode;

	while (rest.n > 0) {
		if (!tree_entry(&rest, &mode, &name, &id))
			return object_fault(w->r->mem, w->f, path, tree,
					    "a broken tree");
		full = join(w->r->mem, path, name);
		if (take(w, mode, full, id, depth) < 0)
			return -1;
	}
	return 0;
}

static int walk_tree(struct tree_walk *w, const git_oid *id, struct sv path,
		     unsigned depth)
{
	git_odb_object *o;
	int rc;

	if (depth > MAX_FOLDER_DEPTH)
		return fault_set(w->f, w->r->mem, FAULT_ENV,
				 SV_FMT ": more than %d folders deep",
				 SV_ARG(path), MAX_FOLDER_DEPTH);
	if (git_odb_read(&o, w->r->odb, id) < 0)
		return repo_fault(w->r->mem, w->f, FAULT_ENV,
				  "cannot read tree \"" SV_FMT "\"",
				  SV_ARG(path));
	if (git_odb_object_type(o) == GIT_OBJECT_TREE)
		rc = walk_entries(w,
				  (struct sv){ git_odb_object_data(o),
					       git_odb_object_size(o) },
				  path, id, depth);
	else
		rc = object_fault(w->r->mem, w->f, path, id, "expected a tree");
	git_odb_object_free(o);
	return rc;
}

int files_of_tree(struct repo *r, const git_oid *tree, struct diags *d,
		  struct fault *f, struct files *out)
{
	struct tree_walk w = { .r = r, .diags = d, .f = f, .out = out };

	return walk_tree(&w, tree, SV(""), 0);
}

/* libgit2's own search by path says "not found" for a missing object too. */
int tree_find(struct repo *r, const git_oid *tree, struct sv path,
	      struct fault *f, git_oid *id, git_filemode_t *mode)
{
	struct sv part;

	git_oid_cpy(id, tree);
	while (sv_cut(&path, '/', &part)) {
		git_object_t type = GIT_OBJECT_INVALID;
		const git_tree_entry *e;
		git_tree *t;

		if (git_tree_lookup(&t, r->git, id) < 0)
			return repo_fault(r->mem, f, FAULT_ENV,
					  "tree above " SV_FMT, SV_ARG(part));
		e = git_tree_entry_byname(t, arena_str(r->mem, part));
		if (e != NULL) {
			type = git_tree_entry_type(e);
			*mode = git_tree_entry_filemode(e);
			git_oid_cpy(id, git_tree_entry_id(e));
		}
		git_tree_free(t);
		if (type != (path.p ? GIT_OBJECT_TREE : GIT_OBJECT_BLOB))
			return 0;
	}
	return 1;
}
