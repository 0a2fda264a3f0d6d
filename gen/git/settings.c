/*
 * Settings of every scope that git reads.
 *
 * libgit2 1.5.1 reads the system, XDG, user and repository files and knows
 * neither GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM, nor
 * config.worktree, nor what `git -c` hands down: those come in here.
 */
#include "git/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

enum {
	/* Pairs that GIT_CONFIG_COUNT may announce; git has no bound, real
	 * callers pass a few. */
	MAX_PAIRS = 1000,
};

static void hide(int level)
{
	(void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
}

/* Before the repository is opened: a file that git would not read must not be
 * able to fail the opening. */
void settings_hide_env(void)
{
	const char *nosystem = getenv("GIT_CONFIG_NOSYSTEM");

	if (getenv("GIT_CONFIG_SYSTEM") != NULL ||
	    (nosystem != NULL && *nosystem != '\0' && *nosystem != '0'))
		hide(GIT_CONFIG_LEVEL_SYSTEM);
	if (getenv("GIT_CONFIG_GLOBAL") == NULL)
		return;
	hide(GIT_CONFIG_LEVEL_GLOBAL);
	hide(GIT_CONFIG_LEVEL_XDG);
}

static int add_file(struct repo *r, git_config *c, const char *path,
		    git_config_level_t level, struct fault *f)
{
	if (path == NULL || *path == '\0' || access(path, R_OK) < 0)
		return 0;
	if (git_config_add_file_ondisk(c, path, level, r->git, 1) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "%s", path);
	return 0;
}

static void add_pair(struct repo *r, struct sv key, struct sv value)
{
	struct setting *s = VEC_ADD(r->mem, &r->command);

	/* As in a file, a key without a value is true. */
	s->key = arena_sv(r->mem, key);
	s->value = arena_sv(r->mem, value.p ? value : SV("true"));
}

static void add_counted(struct repo *r)
{
	const char *count = getenv("GIT_CONFIG_COUNT");
	unsigned long long n;
	char key[64], value[64];

	if (count == NULL || !sv_number(sv_of(count), MAX_PAIRS, &n))
		return;
	for (unsigned long long i = 0; i < n; i++) {
		(void)snprintf(key, sizeof(key), "GIT_CONFIG_KEY_%llu", i);
		(void)snprintf(value, sizeof(value), "GIT_CONFIG_VALUE_%llu",
			       i);
		if (getenv(key) != NULL)
			add_pair(r, sv_of(getenv(key)), sv_of(getenv(value)));
	}
}

/* One word in git's shell quotes: 'it'\''s'.  False at the end or when it is
 * not such a word. */
static bool unquote(struct sv *s, struct buf *out)
{
	out->n = 0;
	if (s->n == 0 || s->p[0] != '\'')
		return false;
	*s = sv_from(*s, 1);
	for (;;) {
		size_t end = sv_chr(*s, '\'');

		if (end == s->n)
			return false;
		buf_add(out, sv_head(*s, end));
		*s = sv_from(*s, end + 1);
		if (s->n < 3 || s->p[0] != '\\' || s->p[2] != '\'')
			return true;
		buf_char(out, s->p[1]);
		*s = sv_from(*s, 3);
	}
}

/* 'key'='value', and the older 'key=value'. */
static void add_parameters(struct repo *r)
{
	struct sv s = sv_of(getenv("GIT_CONFIG_PARAMETERS"));
	struct buf word = { .mem = r->mem };

	for (;;) {
		struct sv key, value = { NULL, 0 };

		s = sv_trim(s);
		if (!unquote(&s, &word))
			return;
		key = arena_sv(r->mem, buf_sv(&word));
		if (s.n > 0 && s.p[0] == '=') {
			s = sv_from(s, 1);
			if (!unquote(&s, &word))
				return;
			value = arena_sv(r->mem, buf_sv(&word));
		} else if (sv_chr(key, '=') < key.n) {
			size_t cut = sv_chr(key, '=');

			value = sv_from(key, cut + 1);
			key = sv_head(key, cut);
		}
		add_pair(r, key, value);
	}
}

static int load(struct repo *r, git_config *c, struct fault *f)
{
	const char *nosystem = getenv("GIT_CONFIG_NOSYSTEM");
	int on = 0;

	if ((nosystem == NULL || *nosystem == '\0' || *nosystem == '0') &&
	    add_file(r, c, getenv("GIT_CONFIG_SYSTEM"), GIT_CONFIG_LEVEL_SYSTEM,
		     f) < 0)
		return -1;
	if (add_file(r, c, getenv("GIT_CONFIG_GLOBAL"), GIT_CONFIG_LEVEL_GLOBAL,
		     f) < 0)
		return -1;
	if (git_config_get_bool(&on, c, "extensions.worktreeconfig") < 0 || !on)
		return 0;
	return add_file(r, c,
			arena_fmt(r->mem, "%sconfig.worktree", r->gitdir).p,
			GIT_CONFIG_LEVEL_APP, f);
}

int settings_load(struct repo *r, struct fault *f)
{
	git_config *c;
	int rc;

	add_parameters(r);
	add_counted(r);
	if (git_repository_config(&c, r->git) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "git configuration");
	rc = load(r, c, f);
	git_config_free(c);
	return rc;
}

/* The last one wins, as in git. */
static const struct setting *from_command(const struct repo *r, struct sv key)
{
	for (size_t i = r->command.n; i-- > 0;)
		if (sv_case_eq(r->command.v[i].key, key))
			return &r->command.v[i];
	return NULL;
}

struct sv settings_get(struct repo *r, const char *key)
{
	const struct setting *s = from_command(r, sv_of(key));
	struct sv out = { NULL, 0 };
	git_buf value = { 0 };
	git_config *c;

	if (s != NULL)
		return s->value;
	if (git_repository_config_snapshot(&c, r->git) < 0)
		return out;
	if (git_config_get_string_buf(&value, c, key) == 0)
		out = arena_sv(r->mem, (struct sv){ value.ptr, value.size });
	git_buf_dispose(&value);
	git_config_free(c);
	return out;
}

bool settings_bool(struct repo *r, const char *key, bool fallback)
{
	struct sv v = settings_get(r, key);
	int on;

	if (v.p == NULL)
		return fallback;
	if (git_config_parse_bool(&on, arena_str(r->mem, v)) < 0)
		return fallback;
	return on != 0;
}

static int change(git_config *local, const char *key, const char *value)
{
	int rc;

	if (value != NULL)
		return git_config_set_string(local, key, value);
	rc = git_config_delete_entry(local, key);
	return rc == GIT_ENOTFOUND ? 0 : rc;
}

int settings_set(struct repo *r, const char *key, struct sv value,
		 struct fault *f)
{
	git_config *all, *local;
	int rc;

	if (git_repository_config(&all, r->git) < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "git configuration");
	rc = git_config_open_level(&local, all, GIT_CONFIG_LEVEL_LOCAL);
	git_config_free(all);
	if (rc < 0)
		return repo_fault(r->mem, f, FAULT_ENV, "git configuration");
	rc = change(local, key,
		    value.p != NULL ? arena_str(r->mem, value) : NULL);
	git_config_free(local);
	return rc < 0 ? repo_fault(r->mem, f, FAULT_ENV,
				   "cannot set %s in git's configuration", key)
		      : 0;
}

void settings_protected(struct repo *r, const char *key,
			struct strings_found *out)
{
	git_config_iterator *it;
	git_config_entry *e;
	git_config *c;

	if (git_repository_config_snapshot(&c, r->git) == 0) {
		if (git_config_multivar_iterator_new(&it, c, key, NULL) == 0) {
			while (git_config_next(&e, it) == 0)
				if (e->level < GIT_CONFIG_LEVEL_LOCAL)
					*VEC_ADD(r->mem, &out->list) = arena_sv(
						r->mem, sv_of(e->value));
			git_config_iterator_free(it);
		}
		git_config_free(c);
	}
	for (size_t i = 0; i < r->command.n; i++)
		if (sv_case_eq(r->command.v[i].key, sv_of(key)))
			*VEC_ADD(r->mem, &out->list) = r->command.v[i].value;
}
