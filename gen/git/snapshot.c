/* The files of one state of the tree, and their bytes. */
#include "git/internal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/words.h"

struct snapshot {
	struct arena *mem;
	enum snapshot_kind kind;
	struct repo *repo; /* NULL: no git */
	struct files files;
	VEC(struct sv) unmerged;
	struct map made;   /* texts of a merge that exist nowhere else */
	struct map links;  /* path to struct sv *, its target */
	struct disk *disk; /* NULL: nothing on disk */
	const struct ignore *ignore; /* of the clone and its user */
	const char *root;
	struct sv name, commit;
};

static const unsigned char no_id[20];

static bool on_disk(const struct snapshot_file *file)
{
	return memcmp(file->id, no_id, sizeof(no_id)) == 0;
}

struct sv blob_key(const struct snapshot_file *file)
{
	return (struct sv){ (const char *)file->id, sizeof(file->id) };
}

size_t snapshot_count(const struct snapshot *s)
{
	return s->files.list.n;
}

const struct snapshot_file *snapshot_at(const struct snapshot *s, size_t i)
{
	return &s->files.list.v[i];
}

const char *snapshot_root(const struct snapshot *s)
{
	return s->root;
}

struct sv snapshot_name(const struct snapshot *s)
{
	return s->name;
}

struct sv snapshot_commit(const struct snapshot *s)
{
	return s->commit;
}

/* git does not see files below a folder that has a .git of its own. */
static int check_own(struct snapshot *s, struct sv path, struct fault *f)
{
	struct stat st;

	for (size_t i = 1; s->repo != NULL && i < path.n; i++) {
		struct sv folder = sv_head(path, i);

		if (path.p[i] == '/' &&
		    lstat(arena_fmt(s->mem, "%s/" SV_FMT "/.git", s->root,
				    SV_ARG(folder))
				  .p,
			  &st) == 0)
			return fault_set(f, s->mem, FAULT_ENV,
					 SV_FMT
					 ": " SV_FMT
					 " is a repository of its own, or a "
					 "submodule",
					 SV_ARG(path), SV_ARG(folder));
	}
	return 0;
}

static int prepare(struct snapshot *s, struct fileset *set,
		   struct file_change *c, struct fault *f)
{
	const struct file_seen *seen = c->is_seen ? &c->seen : NULL;
	struct sv text = c->text;
	int rc = check_own(s, c->path, f);

	if (rc < 0)
		return -1;
	if (text.p == NULL) {
		rc = fileset_remove(set, c->path, seen, f);
	} else {
		rc = repo_smudge(s->repo, c->path, s->mem, f, &text);
		if (rc == 0)
			rc = fileset_write(set, c->path, text, seen, f);
	}
	c->done = rc > 0;
	return rc;
}

static int apply(struct fileset *set, struct fault *f)
{
	if (fileset_apply(set, f) < 0)
		return -1;
	fileset_finish(set);
	return 0;
}

/* Files, then the index, under index.lock. */
static int apply_staged(struct snapshot *s, struct fileset *set,
			struct commit_files *files, struct fault *f)
{
	struct fileset *index;
	struct index ix;

	if (index_load(s->repo, f, &ix) < 0) {
		(void)fileset_undo(set, f);
		return -1;
	}
	if (fileset_apply(set, f) < 0)
		return -1;
	if (index_put(s->repo, &ix, files->list.v, files->list.n, f, &index) <
	    0) {
		(void)fileset_undo(set, f);
		return -1;
	}
	fileset_finish(index);
	fileset_finish(set);
	return 0;
}

static int add_blobs(struct snapshot *s, struct file_change *list, size_t n,
		     struct commit_files *files, struct fault *f)
{
	git_oid id;

	for (size_t i = 0; i < n; i++) {
		*VEC_ADD(s->mem, &files->list) =
			(struct commit_file){ list[i].path, list[i].text };
		if (list[i].text.p != NULL &&
		    repo_put_blob(s->repo, list[i].path, list[i].text, f, &id) <
			    0)
			return -1;
	}
	return 0;
}

static int stage(struct snapshot *s, struct fileset *set,
		 struct file_change *list, size_t n, struct fault *f)
{
	struct commit_files files = { 0 };
	struct journal j = { 0 };
	int rc = -1;

	if (add_blobs(s, list, n, &files, f) == 0 &&
	    journal_begin(s->repo, f, &j) == 0 && journal_lock(&j, f) == 0)
		rc = apply_staged(s, set, &files, f);
	else
		(void)fileset_undo(set, f);
	journal_end(&j);
	return rc;
}

int snapshot_write(struct snapshot *s, struct file_change *list, size_t n,
		   bool staged, struct fault *f)
{
	struct fileset *set;

	if (fileset_new(s->mem, s->root, f, &set) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (prepare(s, set, &list[i], f) < 0) {
			(void)fileset_undo(set, f);
			return -1;
		}
	return staged ? stage(s, set, list, n, f) : apply(set, f);
}

int snapshot_on_disk(struct snapshot *s, struct sv path, struct arena *mem,
		     struct fault *f, struct sv *out, struct file_seen *seen)
{
	struct disk_file file;

	if (repo_on_disk(s->repo, s->disk, path, mem, f, &file) < 0)
		return -1;
	if (file.too_long)
		return fault_set(f, s->mem, FAULT_ENV,
				 SV_FMT ": longer than %d bytes", SV_ARG(path),
				 MAX_FILE_BYTES);
	*out = file.text;
	*seen = file.seen;
	return 0;
}

int snapshot_heal(struct snapshot *s, struct fault *f, struct healed *healed)
{
	/* A hook runs inside git, whose locks these may be. */
	if (s->repo == NULL || s->repo->index_named)
		return 0;
	return repo_heal(s->repo, f, healed);
}

void snapshot_sweep(struct snapshot *s, const struct paths *paths,
		    struct healed *healed)
{
	struct paths gone = { 0 };
	const char *root = s->root;

	/* A commit is read as a revision, and written out. */
	if (root == NULL && s->repo != NULL)
		root = s->repo->workdir;
	if (root == NULL)
		return;
	fileset_sweep(s->mem, root, paths, &gone);
	for (size_t i = 0; i < gone.list.n; i++)
		*VEC_ADD(s->mem, &healed->list) = arena_fmt(
			s->mem, "removed " SV_FMT, SV_ARG(gone.list.v[i]));
}

size_t snapshot_unmerged(const struct snapshot *s, const struct sv **paths)
{
	*paths = s->unmerged.v;
	return s->unmerged.n;
}

/* First file at or behind `path`. */
size_t snapshot_lower_bound(const struct snapshot *s, struct sv path)
{
	size_t low = 0, high = s->files.list.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sv_cmp(s->files.list.v[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct snapshot_file *exact(const struct snapshot *s,
					 struct sv path)
{
	size_t i = snapshot_lower_bound(s, path);

	return i < s->files.list.n && sv_eq(s->files.list.v[i].path, path)
		       ? &s->files.list.v[i]
		       : NULL;
}

/* The folder on disk that paths of the snapshot count from; NULL: none. */
static const char *base_folder(const struct snapshot *s)
{
	if (s->kind == SNAPSHOT_DIR)
		return real_path(s->mem, s->root);
	return s->repo != NULL ? s->repo->workdir : NULL;
}

bool snapshot_path(const struct snapshot *s, struct sv path, struct sv *out)
{
	const char *base = base_folder(s), *here = real_path(s->mem, ".");
	struct sv full, below;

	if (base == NULL || here == NULL)
		return path_join(s->mem, SV(""), path, out);
	full = sv_starts(path, SV("/"))
		       ? path
		       : arena_fmt(s->mem, "%s/" SV_FMT, here, SV_ARG(path));
	below = arena_fmt(s->mem, "%s/", strcmp(base, "/") == 0 ? "" : base);
	if (path_join(s->mem, SV(""), sv_from(full, 1), &full) &&
	    sv_starts(full = arena_fmt(s->mem, "/" SV_FMT "/", SV_ARG(full)),
		      below))
		return path_join(s->mem, SV(""), sv_from(full, below.n), out);
	/* From outside, what --dir names may be said by its own paths. */
	return s->kind == SNAPSHOT_DIR && path_join(s->mem, SV(""), path, out);
}

/* Bytes of the first part of `path` that is a link; 0: none is. */
static size_t link_in(const struct snapshot *s, struct sv path,
		      struct sv *target)
{
	for (size_t i = 1; s->links.n > 0 && i <= path.n; i++) {
		const struct sv *to;

		if (i < path.n && path.p[i] != '/')
			continue;
		to = map_get(&s->links, sv_head(path, i));
		if (to != NULL) {
			*target = *to;
			return i;
		}
	}
	return 0;
}

/* Where `path` leads; false when it leaves the tree or turns in circles. */
static bool resolve(const struct snapshot *s, struct sv path, struct sv *out)
{
	struct sv target, at;
	size_t n;

	if (!path_join(s->mem, SV(""), path, &at))
		return false;
	for (unsigned i = 0; (n = link_in(s, at, &target)) > 0; i++) {
		struct sv rest = sv_from(at, n), link = sv_head(at, n);

		assert(link.p != NULL);
		if (i == MAX_SYMLINKS || sv_starts(target, SV("/")) ||
		    !path_join(s->mem, path_folder(link),
			       arena_fmt(s->mem, SV_FMT SV_FMT, SV_ARG(target),
					 SV_ARG(rest)),
			       &at))
			return false;
	}
	*out = at;
	return true;
}

const struct snapshot_file *snapshot_find(const struct snapshot *s,
					  struct sv path)
{
	const struct snapshot_file *file = exact(s, path);
	struct sv at;

	if (file != NULL && file->mode != 0120000)
		return file;
	return resolve(s, path, &at) ? exact(s, at) : NULL;
}

struct sv snapshot_link(const struct snapshot *s, struct sv path)
{
	const struct sv *to = map_get(&s->links, path);

	return to != NULL ? *to : (struct sv){ NULL, 0 };
}

bool snapshot_is_link(const struct snapshot *s, struct sv path)
{
	const struct snapshot_file *file = exact(s, path);

	return file != NULL && file->mode == 0120000;
}

bool snapshot_has_folder(const struct snapshot *s, struct sv path)
{
	struct sv at;
	size_t i;

	if (!resolve(s, path, &at))
		return false;
	if (at.n == 0)
		return s->files.list.n > 0;
	at = arena_fmt(s->mem, SV_FMT "/", SV_ARG(at));
	i = snapshot_lower_bound(s, at);
	return i < s->files.list.n && sv_starts(s->files.list.v[i].path, at);
}

static int bytes(struct snapshot *s, const struct snapshot_file *file,
		 struct arena *mem, struct fault *f, struct sv *out,
		 bool *too_long)
{
	git_oid id;

	const struct sv *made = NULL;

	if (s->made.n > 0)
		made = map_get(&s->made, blob_key(file));
	if (made != NULL) {
		*too_long = false;
		*out = *made;
		return 0;
	}
	if (!on_disk(file)) {
		git_oid_fromraw(&id, file->id);
		return repo_blob(s->repo, &id, file->path, MAX_FILE_BYTES, mem,
				 f, out, too_long);
	}
	if (disk_read(s->disk, file->path, MAX_FILE_BYTES, mem, f, out,
		      too_long) < 0)
		return -1;
	return *too_long ? 0 : repo_clean(s->repo, file->path, mem, f, out);
}

static bool wants_text(struct sv path)
{
	return sv_ends(path, SV(".yaml")) || sv_ends(path, SV(".yml")) ||
	       sv_ends(path, SV(".json"));
}

int snapshot_read(struct snapshot *s, const struct snapshot_file *file,
		  struct arena *mem, struct diags *d, struct fault *f,
		  struct sv *out)
{
	const struct snapshot_file *real = file;
	struct loc at = { file->path, 0, 0 };
	bool too_long;

	if (file->mode == 0120000)
		real = snapshot_find(s, file->path);
	if (real == NULL)
		return diag_error(
			d, DIAG_LINK, at,
			"the symbolic link leads to no file in this tree");
	if (bytes(s, real, mem, f, out, &too_long) < 0)
		return -1;
	if (too_long)
		return diag_error(d, DIAG_YAML_LIMIT, at,
				  "longer than %d bytes", MAX_FILE_BYTES);
	if (sv_starts(*out, SV("version https://git-lfs.github.com/spec/")) &&
	    wants_text(file->path))
		return diag_error(
			d, DIAG_LFS, at,
			"a Git LFS pointer: expected the file itself; run git "
			"lfs pull, and keep it out of LFS");
	return 0;
}

int snapshot_read_at(struct snapshot *s, const char *rev, struct sv path,
		     struct arena *mem, struct fault *f, struct sv *out)
{
	git_filemode_t mode;
	struct revision at;
	bool too_long = false;
	git_oid id;
	int rc;

	*out = (struct sv){ NULL, 0 };
	if (s->repo == NULL || !repo_has_rev(s->repo, rev))
		return 0;
	if (repo_revision(s->repo, rev, f, &at) < 0)
		return -1;
	rc = tree_find(s->repo, &at.tree, path, f, &id, &mode);
	if (rc <= 0)
		return rc;
	return repo_blob(s->repo, &id, path, MAX_FILE_BYTES, mem, f, out,
			 &too_long);
}

bool snapshot_has_rev(struct snapshot *s, const char *rev)
{
	return s->repo != NULL && repo_has_rev(s->repo, rev);
}

int snapshot_reopen(struct snapshot *s, struct fault *f)
{
	/* Folder handles have no position: those of the parent will do. */
	return s->repo != NULL ? repo_reopen(s->repo, f) : 0;
}

void snapshot_reach(struct snapshot *s, unsigned tree, unsigned repo,
		    struct sandbox *out)
{
	if (s->repo != NULL)
		repo_reach(s->repo, repo, out);
	sandbox_add(s->mem, out, s->root, tree);
	/* A commit changes the work tree around a revision. */
	if (s->repo != NULL && s->root == NULL)
		sandbox_add(s->mem, out, s->repo->workdir, tree);
}

/* Targets are few and small; read at once, so that a missing object is a
 * fault and never a link that leads nowhere. */
static int add_links(struct snapshot *s, struct fault *f)
{
	s->links.mem = s->mem;
	for (size_t i = 0; i < s->files.list.n; i++) {
		const struct snapshot_file *file = &s->files.list.v[i];
		struct sv *to;
		bool too_long = false;
		git_oid id;
		int rc;

		if (file->mode != 0120000)
			continue;
		to = ARENA_NEW(s->mem, struct sv);
		if (on_disk(file)) {
			rc = disk_link(s->disk, file->path, f, to);
		} else {
			git_oid_fromraw(&id, file->id);
			rc = repo_blob(s->repo, &id, file->path, MAX_LINK,
				       s->mem, f, to, &too_long);
		}
		if (rc < 0)
			return -1;
		/* Absolute: it leads out of the tree. */
		if (too_long || to->n == 0 || to->n > MAX_LINK)
			*to = SV("/");
		map_put(&s->links, file->path, to);
	}
	return 0;
}

static int file_cmp(const void *a, const void *b)
{
	const struct snapshot_file *x = a, *y = b;

	return sv_cmp(x->path, y->path);
}

void files_sort(struct files *l)
{
	if (l->list.n > 0)
		qsort(l->list.v, l->list.n, sizeof(l->list.v[0]), file_cmp);
}

static int sort_files(struct snapshot *s, struct fault *f)
{
	struct files *l = &s->files;

	files_sort(l);
	for (size_t i = 1; i < l->list.n; i++)
		if (sv_eq(l->list.v[i - 1].path, l->list.v[i].path))
			return fault_set(f, s->mem, FAULT_ENV,
					 "the tree contains " SV_FMT " twice",
					 SV_ARG(l->list.v[i].path));
	return 0;
}

/* Entries that are not plain files.  True when `e` is to be listed. */
static bool plain_entry(struct snapshot *s, const struct index_entry *e,
			struct diags *d)
{
	struct loc at = { e->path, 0, 0 };

	if (e->stage > 0) {
		if (s->unmerged.n == 0 ||
		    !sv_eq(s->unmerged.v[s->unmerged.n - 1], e->path))
			*VEC_ADD(s->mem, &s->unmerged) = e->path;
		return false;
	}
	if ((e->mode & 0170000) == 0160000) {
		diag_note(d, DIAG_MANIFEST_SKIPPED, at,
			  "a submodule, not entered");
		return false;
	}
	if ((e->flags & INDEX_INTENT) && s->kind == SNAPSHOT_INDEX) {
		diag_note(d, DIAG_MANIFEST_SKIPPED, at,
			  "only an intent to add (git add -N): not in the "
			  "index yet");
		return false;
	}
	return true;
}

static void add_entry(struct snapshot *s, const struct index_entry *e)
{
	struct snapshot_file *file = VEC_ADD(s->mem, &s->files.list);

	file->path = e->path;
	file->mode = (e->mode & 0170000) == 0120000 ? 0120000
		     : e->mode & 0100		    ? 0100755
						    : 0100644;
	memcpy(file->id, e->id, sizeof(file->id));
}

static int list_index(struct snapshot *s, const struct index *ix,
		      struct diags *d, struct fault *f)
{
	if (ix->missing && !repo_unborn(s->repo)) {
		/* Read as empty, it would remove every record. */
		fault_file(f, s->mem, FAULT_ENV, "%s: missing index",
			   s->repo->index_path);
		fault_hint(f, s->mem, "%s",
			   s->repo->index_named ? "unset GIT_INDEX_FILE"
						: "git reset");
		return -1;
	}
	for (size_t i = 0; i < ix->list.n; i++)
		if (plain_entry(s, &ix->list.v[i], d))
			add_entry(s, &ix->list.v[i]);
	return sort_files(s, f);
}

/* What a sparse checkout leaves out is in the object database. */
static void add_sparse(struct snapshot *s, const struct index *ix,
		       struct diags *d)
{
	VEC(const struct index_entry *) missing = { 0 };

	for (size_t i = 0; i < ix->list.n; i++) {
		const struct index_entry *e = &ix->list.v[i];

		if (plain_entry(s, e, d) && (e->flags & INDEX_SKIP) &&
		    exact(s, e->path) == NULL)
			*VEC_ADD(s->mem, &missing) = e;
	}
	for (size_t i = 0; i < missing.n; i++)
		add_entry(s, missing.v[i]);
	if (missing.n > 0)
		diag_note(d, DIAG_MANIFEST_SKIPPED, NOWHERE,
			  "sparse checkout: " SV_FMT " read from the index",
			  SV_ARG(words_count(s->mem, missing.n, "file is",
					     "files are")));
}

static int list_worktree(struct snapshot *s, const struct index *ix,
			 struct diags *d, struct fault *f)
{
	if (files_of_folder(s->mem, s->root, s->repo, ix, d, f, &s->files) <
		    0 ||
	    sort_files(s, f) < 0)
		return -1;
	add_sparse(s, ix, d);
	return sort_files(s, f);
}

static int open_rev(struct snapshot *s, const struct snapshot_spec *spec,
		    struct diags *d, struct fault *f)
{
	char hex[GIT_OID_HEXSZ + 1];
	struct revision at;

	if (repo_revision(s->repo, spec->rev, f, &at) < 0)
		return -1;
	s->root = NULL;
	(void)git_oid_tostr(hex, sizeof(hex),
			    at.has_commit ? &at.commit : &at.tree);
	if (at.has_commit)
		s->commit = arena_sv(s->mem, sv_of(hex));
	s->name = arena_fmt(s->mem, "%s %.7s",
			    at.has_commit ? "commit" : "tree", hex);
	if (files_of_tree(s->repo, &at.tree, d, f, &s->files) < 0)
		return -1;
	return sort_files(s, f);
}

static int open_merge(struct snapshot *s, const struct snapshot_spec *spec,
		      struct diags *d, struct fault *f)
{
	struct merge m = { .made = &s->made };

	s->made.mem = s->mem;
	s->root = NULL;
	s->name = arena_fmt(s->mem, "%s merged into %s", spec->rev, spec->into);
	if (merge_files(s->repo, spec->into, spec->rev, d, f, &m) < 0)
		return -1;
	s->files = m.files;
	return sort_files(s, f);
}

static int open_worktree(struct snapshot *s, struct diags *d, struct fault *f)
{
	struct index ix;

	if (s->root == NULL) {
		fault_file(
			f, s->mem, FAULT_ENV,
			"%s: a bare repository has no work tree and no index",
			s->repo->gitdir);
		fault_hint(f, s->mem, "zoneloom ... --rev HEAD");
		return -1;
	}
	if (index_load(s->repo, f, &ix) < 0)
		return -1;
	if (s->kind == SNAPSHOT_INDEX) {
		s->name = SV("index");
		return list_index(s, &ix, d, f);
	}
	s->name = SV("worktree");
	return list_worktree(s, &ix, d, f);
}

static int open_dir(struct snapshot *s, const struct snapshot_spec *spec,
		    struct diags *d, struct fault *f)
{
	s->name = SV("dir");
	s->root = spec->dir;
	if (spec->start != NULL && *spec->dir != '/')
		s->root = arena_fmt(s->mem, "%s/%s", spec->start, spec->dir).p;
	if (files_of_folder(s->mem, s->root, NULL, NULL, d, f, &s->files) < 0)
		return -1;
	return sort_files(s, f);
}

int snapshot_open(struct arena *mem, const struct snapshot_spec *spec,
		  struct diags *d, struct fault *f, struct snapshot **out)
{
	struct snapshot *s = ARENA_NEW(mem, struct snapshot);
	int rc = 0;

	work_restart(mem);
	s->mem = mem;
	s->kind = spec->kind;
	s->name = SV("empty");
	*out = s;
	if (spec->kind == SNAPSHOT_EMPTY)
		return 0;
	if (spec->kind != SNAPSHOT_DIR) {
		if (repo_open(mem, spec->start, spec->trust_repo, f, &s->repo) <
		    0)
			return -1;
		s->root = s->repo->workdir;
	}
	if (spec->kind == SNAPSHOT_DIR)
		rc = open_dir(s, spec, d, f);
	else if (spec->kind == SNAPSHOT_REV)
		rc = open_rev(s, spec, d, f);
	else if (spec->kind == SNAPSHOT_MERGE)
		rc = open_merge(s, spec, d, f);
	else
		rc = open_worktree(s, d, f);
	if (rc < 0)
		return -1;
	if (s->root != NULL)
		s->disk = disk_new(mem, s->root);
	/* Now: a process that has been confined cannot read it. */
	if (s->root != NULL && s->repo != NULL)
		s->ignore = ignore_of_clone(s->repo, mem);
	return add_links(s, f);
}

/* The .gitignore of one folder: where there is a work tree, that on disk. */
static int push_ignore(struct snapshot *s, struct sv folder,
		       const struct ignore **ig, struct fault *f)
{
	static const char name[] = ".gitignore";
	struct sv path = folder.n > 0 ? arena_fmt(s->mem, SV_FMT "/%s",
						  SV_ARG(folder), name)
				      : sv_of(name);
	const struct snapshot_file *file = exact(s, path);
	struct diags unreadable = { .mem = s->mem };
	struct sv text;
	int fd;

	if (s->root == NULL) {
		if (file == NULL || snapshot_is_link(s, path))
			return 0;
		if (snapshot_read(s, file, s->mem, &unreadable, f, &text) == 0)
			*ig = ignore_text(s->mem, *ig, folder, path, text);
		return f->kind != FAULT_NONE ? -1 : 0;
	}
	fd = open(arena_fmt(s->mem, "%s/" SV_FMT, s->root, SV_ARG(folder)).p,
		  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0; /* it is still to be made */
	*ig = ignore_file(s->mem, *ig, folder, fd, name);
	close(fd);
	return 0;
}

static int is_tracked(struct snapshot *s, struct sv path, struct fault *f,
		      bool *tracked)
{
	struct index ix;

	*tracked = s->root == NULL && exact(s, path) != NULL;
	if (s->root == NULL)
		return 0;
	if (index_load(s->repo, f, &ix) < 0)
		return -1;
	for (size_t i = 0; i < ix.list.n && !*tracked; i++)
		*tracked = sv_eq(ix.list.v[i].path, path);
	return 0;
}

int snapshot_ignores(struct snapshot *s, struct sv path, struct fault *f,
		     bool *ignored, struct ignore_rule *rule)
{
	const struct ignore *ig = s->ignore;
	bool tracked;

	*ignored = false;
	if (s->repo == NULL)
		return 0;
	if (push_ignore(s, SV(""), &ig, f) < 0)
		return -1;
	/* What lies below an ignored folder cannot be taken out again. */
	for (size_t i = 1; i < path.n && !*ignored; i++) {
		struct sv folder = sv_head(path, i);

		if (path.p[i] != '/')
			continue;
		*ignored = ignore_hits(ig, folder, true, rule);
		if (!*ignored && push_ignore(s, folder, &ig, f) < 0)
			return -1;
	}
	*ignored = *ignored || ignore_hits(ig, path, false, rule);
	if (!*ignored)
		return 0;
	if (is_tracked(s, path, f, &tracked) < 0)
		return -1;
	*ignored = !tracked;
	return 0;
}

struct sv snapshot_setting(struct snapshot *s, const char *key)
{
	return s->repo != NULL ? settings_get(s->repo, key)
			       : (struct sv){ NULL, 0 };
}

bool snapshot_has_git(const struct snapshot *s)
{
	return s->repo != NULL;
}

int snapshot_set(struct snapshot *s, const char *key, struct sv value,
		 struct fault *f)
{
	return settings_set(s->repo, key, value, f);
}
