/*
 * Is this repository ours to read?  Git's rules, in its order.
 *
 * Source: git-config(1) safe.directory; git 2.46 setup.c for PREFIX/ and a
 *         star.  libgit2 1.5.1 knows exact paths only, calls a missing
 *         setting "not found" and does not exempt root.
 */
#include "git/internal.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/shell.h"

static bool owned(const char *path)
{
	const char *sudo = getenv("SUDO_UID");
	unsigned long long uid = geteuid();
	struct stat st;

	if (lstat(path, &st) < 0)
		return false;
	/* Under sudo a repository of the user who typed it is trusted too. */
	if (uid == 0 && st.st_uid != 0 && sudo != NULL &&
	    !sv_number(sv_of(sudo), UINT32_MAX, &uid))
		return false;
	return st.st_uid == uid;
}

/* "~/x" as git reads path settings. */
static struct sv expand(struct repo *r, struct sv value)
{
	const char *home = getenv("HOME");

	if (!sv_starts(value, SV("~/")) || home == NULL)
		return value;
	return arena_fmt(r->mem, "%s" SV_FMT, home, SV_ARG(sv_from(value, 1)));
}

static bool listed(struct repo *r, struct sv path)
{
	struct strings_found found = { 0 };
	bool safe = false;

	settings_protected(r, "safe.directory", &found);
	for (size_t i = 0; i < found.list.n; i++) {
		struct sv v = expand(r, found.list.v[i]);

		if (v.n == 0)
			safe = false;
		else
			safe |= sv_eq(v, SV("*")) || sv_eq(v, path) ||
				(sv_ends(v, SV("/*")) &&
				 sv_starts(path, sv_head(v, v.n - 1)));
	}
	return safe;
}

static struct sv no_slash(const char *path)
{
	struct sv s = sv_of(path);

	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

int owner_check(struct repo *r, struct fault *f)
{
	struct sv path = no_slash(r->workdir ? r->workdir : r->gitdir);
	const char *link = NULL;
	struct stat st;

	if (r->workdir != NULL) {
		link = arena_fmt(r->mem, "%s/.git", r->workdir).p;
		if (lstat(link, &st) < 0 || !S_ISREG(st.st_mode))
			link = NULL;
	}
	if (owned(r->gitdir) && (r->workdir == NULL || owned(r->workdir)) &&
	    (link == NULL || owned(link)))
		return 0;
	if (listed(r, path))
		return 0;
	fault_file(f, r->mem, FAULT_ENV,
		   "detected dubious ownership in repository at '" SV_FMT
		   "': it belongs to another user",
		   SV_ARG(path));
	fault_hint(f, r->mem,
		   "git config --global --add safe.directory " SV_FMT
		   "   (or: zoneloom --trust-repo ...)",
		   SV_ARG(shell_word(r->mem, path)));
	return -1;
}
