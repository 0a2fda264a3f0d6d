/* Line ends and $Id$ between the work tree and what git keeps. */
#include "git/internal.h"

#include "base/limits.h"

static int apply(struct repo *r, struct sv path, git_filter_mode_t mode,
		 struct arena *mem, struct fault *f, struct sv *text)
{
	git_filter_list *filters = NULL;
	git_buf out = { 0 };
	int rc = git_filter_list_load(&filters, r->git, NULL,
				      arena_str(mem, path), mode,
				      GIT_FILTER_ALLOW_UNSAFE);

	if (rc == 0 && filters != NULL)
		rc = git_filter_list_apply_to_buffer(&out, filters, text->p,
						     text->n);
	if (rc < 0)
		repo_fault(r->mem, f, FAULT_ENV, SV_FMT, SV_ARG(path));
	else if (filters != NULL)
		*text = arena_sv(mem, (struct sv){ out.ptr, out.size });
	git_buf_dispose(&out);
	git_filter_list_free(filters);
	return rc < 0 ? -1 : 0;
}

int repo_clean(struct repo *r, struct sv path, struct arena *mem,
	       struct fault *f, struct sv *text)
{
	/* Only text with CRs or $Id: can differ. */
	if (r == NULL ||
	    (sv_chr(*text, '\r') == text->n && !sv_has(*text, SV("$Id:"))))
		return 0;
	return apply(r, path, GIT_FILTER_TO_ODB, mem, f, text);
}

/* libgit2 runs no filter program and knows no other encoding: git would show
 * the file as edited for ever (LFS), or publish the plain text (SOPS). */
int repo_check_filter(struct repo *r, struct sv path, const git_oid *commit,
		      struct fault *f)
{
	static const char *const names[] = { "filter",
					     "working-tree-encoding" };
	git_attr_options o = { .version = GIT_ATTR_OPTIONS_VERSION };

	o.flags = r->workdir ? 0U : GIT_ATTR_CHECK_INDEX_ONLY;
	if (commit != NULL) {
		o.flags |= GIT_ATTR_CHECK_INCLUDE_COMMIT;
		git_oid_cpy(&o.attr_commit_id, commit);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = NULL;

		if (git_attr_get_ext(&value, r->git, &o,
				     arena_str(r->mem, path), names[i]) < 0)
			return repo_fault(r->mem, f, FAULT_ENV,
					  ".gitattributes");
		if (git_attr_value(value) == GIT_ATTR_VALUE_STRING)
			return fault_set(f, r->mem, FAULT_USAGE,
					 SV_FMT ": cannot write an output with "
						"%s=%s in .gitattributes",
					 SV_ARG(path), names[i], value);
	}
	return 0;
}

int repo_smudge(struct repo *r, struct sv path, struct arena *mem,
		struct fault *f, struct sv *text)
{
	if (r == NULL)
		return 0;
	if (repo_check_filter(r, path, NULL, f) < 0)
		return -1;
	return apply(r, path, GIT_FILTER_TO_WORKTREE, mem, f, text);
}

int repo_on_disk(struct repo *r, struct disk *k, struct sv path,
		 struct arena *mem, struct fault *f, struct disk_file *out)
{
	if (disk_look(k, path, MAX_FILE_BYTES, mem, f, out) < 0)
		return -1;
	return out->text.p == NULL ? 0
				   : repo_clean(r, path, mem, f, &out->text);
}
