/*
 * What a repository of format 1 says that a reader must know.
 *
 * libgit2 1.5.1 goes by the key, and refuses "objectFormat = sha1", which only
 * says what holds anyway.  So it is told to take all that are listed here, and
 * their values are judged when the repository is open.
 *
 * Source: gitrepository-layout(5), git-config(1) extensions.*, and setup.c of
 *         git 2.39 to 2.50: the last value counts, a key of format 1 in a
 *         repository of format 0 is an error.
 */
#include "git/internal.h"

/* As in the table, in lower case: git's keys are. */
#define PREFIX "extensions."

static const struct {
	const char *name;
	const char *plain; /* the one value that is read; NULL: any */
	const char *fault; /* what another value means */
	bool old;	   /* git takes it in format 0, too */
} extensions[] = {
	{ "compatobjectformat", "", "translates its object names", false },
	{ "noop-v1", NULL, NULL, false },
	{ "objectformat", "sha1", "uses SHA-256 object names", false },
	{ "partialclone", NULL, NULL, true },
	{ "preciousobjects", NULL, NULL, true },
	{ "refstorage", "files", "keeps its refs in a reftable", false },
	{ "relativeworktrees", NULL, NULL, false },
	/* Where the folders of submodules are: they are not entered. */
	{ "submodulepathconfig", NULL, NULL, false },
	{ "worktreeconfig", NULL, NULL, true },
};

enum { N_EXTENSIONS = sizeof(extensions) / sizeof(extensions[0]) };

void extensions_take(void)
{
	const char *names[N_EXTENSIONS];

	for (size_t i = 0; i < N_EXTENSIONS; i++)
		names[i] = extensions[i].name;
	(void)git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names,
			       (size_t)N_EXTENSIONS);
}

/* The value that counts, which is the last one; NULL: none. */
static const char *value_of(struct repo *r, git_config *local, const char *name)
{
	const char *key = arena_fmt(r->mem, PREFIX "%s", name).p;
	git_config_iterator *it;
	git_config_entry *e;
	const char *last = NULL;

	if (git_config_multivar_iterator_new(&it, local, key, NULL) < 0)
		return NULL;
	while (git_config_next(&e, it) == 0)
		last = arena_str(r->mem, sv_of(e->value ? e->value : ""));
	git_config_iterator_free(it);
	return last;
}

static int judge(struct repo *r, size_t i, const char *value, int format,
		 struct fault *f)
{
	const char *start = r->start != NULL ? r->start : ".";

	if (format < 1 && !extensions[i].old)
		fault_file(f, r->mem, FAULT_ENV,
			   "%s: the repository has extensions." SV_FMT
			   ", which needs core.repositoryFormatVersion 1",
			   start, SV_ARG(sv_of(extensions[i].name)));
	else if (extensions[i].plain != NULL &&
		 strcmp(value, extensions[i].plain) != 0)
		fault_file(f, r->mem, FAULT_ENV,
			   "%s: the repository %s (extensions.%s = " SV_FMT
			   "), which is not supported",
			   start, extensions[i].fault, extensions[i].name,
			   SV_ARG(sv_of(value)));
	else
		return 0;
	fault_hint(f, r->mem, WITHOUT_GIT);
	return -1;
}

int extensions_check(struct repo *r, struct fault *f)
{
	git_config *all, *local;
	int32_t format = 0;
	int rc = 0;

	if (git_repository_config(&all, r->git) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "git configuration");
	/* A repository without a file of its own has no extension. */
	if (git_config_open_level(&local, all, GIT_CONFIG_LEVEL_LOCAL) < 0) {
		git_config_free(all);
		return 0;
	}
	(void)git_config_get_int32(&format, local,
				   "core.repositoryformatversion");
	for (size_t i = 0; rc == 0 && i < N_EXTENSIONS; i++) {
		const char *value = value_of(r, local, extensions[i].name);

		if (value != NULL)
			rc = judge(r, i, value, format, f);
	}
	git_config_free(local);
	git_config_free(all);
	return rc;
}
