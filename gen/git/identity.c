/*
 * Who commits, and when.
 *
 * Source: git-commit(1) "COMMIT INFORMATION".  libgit2 1.5.1 knows user.name
 *         and user.email only.  A name that git would make up of the login and
 *         the host is refused: it would be another one on each runner.
 */
#include "git/internal.h"

#include <stdlib.h>
#include <time.h>

struct role {
	const char *env_name, *env_email, *env_date, *name, *email;
};

static const struct role author_role = { "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL",
					 "GIT_AUTHOR_DATE", "author.name",
					 "author.email" };
static const struct role committer_role = {
	"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
	"committer.name", "committer.email"
};

static void free_signature(void *p)
{
	git_signature_free(p);
}

static struct sv first_of(struct repo *r, const char *env, const char *own,
			  const char *user)
{
	struct sv v = sv_of(getenv(env));

	if (v.n == 0)
		v = settings_get(r, own);
	if (v.n == 0)
		v = settings_get(r, user);
	return sv_trim(v);
}

static int nobody(struct repo *r, const struct role *role, struct fault *f)
{
	fault_file(f, r->mem, FAULT_ENV,
		   "missing name or email address for the commit (%s, "
		   "user.name, user.email)",
		   role->env_name);
	fault_hint(f, r->mem,
		   "git config user.name \"Your Name\" && "
		   "git config user.email you@example.com");
	return -1;
}

/* "Name <mail>" */
static bool split(struct sv text, struct sv *name, struct sv *email)
{
	size_t open = sv_chr(text, '<');

	if (open == text.n || !sv_ends(text, SV(">")))
		return false;
	*name = sv_trim(sv_head(text, open));
	*email = sv_from(text, open + 1);
	email->n--;
	return name->n > 0 && email->n > 0 && sv_chr(*email, '<') == email->n &&
	       sv_chr(*email, '>') == email->n;
}

static int64_t local_offset(time_t now)
{
	struct tm t;

	return localtime_r(&now, &t) != NULL ? t.tm_gmtoff / 60 : 0;
}

static bool date_now(git_time *out)
{
	time_t now = time(NULL);

	*out = (git_time){ .time = now, .offset = (int)local_offset(now) };
	out->sign = out->offset < 0 ? '-' : '+';
	return true;
}

static bool date_base(const git_commit *base, git_time *out)
{
	if (base == NULL)
		return date_now(out);
	out->time = git_commit_time(base);
	out->offset = git_commit_time_offset(base);
	out->sign = out->offset < 0 ? '-' : '+';
	return true;
}

/* --date, then git's variable, then SOURCE_DATE_EPOCH, then by target. */
static int date_of(struct repo *r, const struct commit_request *q,
		   const struct role *role, const git_commit *base,
		   bool date_of_base, struct fault *f, git_time *out)
{
	struct sv env = sv_of(getenv(role->env_date));
	struct sv epoch = sv_of(getenv("SOURCE_DATE_EPOCH"));
	unsigned long long n;
	bool ok;

	if (q->date.n == 0 && env.n == 0 &&
	    sv_number(epoch, 253402300799ULL, &n)) {
		*out = (git_time){ .time = (git_time_t)n, .sign = '+' };
		return 0;
	}
	if (sv_eq(q->date, SV("now")))
		ok = date_now(out);
	else if (sv_eq(q->date, SV("base")) ||
		 (q->date.n == 0 && env.n == 0 && date_of_base))
		ok = date_base(base, out);
	else if (q->date.n > 0)
		ok = date_parse(q->date, out);
	else
		ok = env.n > 0 ? date_parse(env, out) : date_now(out);
	if (ok)
		return 0;
	return fault_set(f, r->mem, FAULT_USAGE,
			 "%s: invalid date \"" SV_FMT
			 "\": expected now, base, @SECONDS, "
			 "2026-01-31T12:00:00Z or RFC 2822",
			 q->date.n > 0 ? "--date" : role->env_date,
			 SV_ARG(q->date.n > 0 ? q->date : env));
}

static int make(struct repo *r, const struct role *role, struct sv name,
		struct sv email, git_time when, struct fault *f,
		git_signature **out)
{
	if (name.n == 0 || email.n == 0)
		return nobody(r, role, f);
	if (sv_chr(name, '\n') < name.n || sv_chr(email, '\n') < email.n)
		return fault_set(
			f, r->mem, FAULT_USAGE,
			"a name or email address contains a line break");
	if (git_signature_new(out, arena_str(r->mem, name),
			      arena_str(r->mem, email), when.time,
			      when.offset) < 0)
		return repo_fault(r->mem, f, FAULT_USAGE,
				  SV_FMT " <" SV_FMT ">", SV_ARG(name),
				  SV_ARG(email));
	arena_defer(r->mem, free_signature, *out);
	return 0;
}

int identity_find(struct repo *r, const struct commit_request *q,
		  const git_commit *base, bool date_of_base, struct fault *f,
		  struct identity *out)
{
	const struct role *a = &author_role, *c = &committer_role;
	struct sv name = first_of(r, a->env_name, a->name, "user.name");
	struct sv email = first_of(r, a->env_email, a->email, "user.email");
	git_time when;

	if (email.n == 0)
		email = sv_of(getenv("EMAIL"));
	if (q->author.n > 0 && !split(q->author, &name, &email))
		return fault_set(f, r->mem, FAULT_USAGE,
				 "invalid author \"" SV_FMT
				 "\": expected \"Name <mail>\"",
				 SV_ARG(q->author));
	if (date_of(r, q, a, base, date_of_base, f, &when) < 0 ||
	    make(r, a, name, email, when, f, &out->author) < 0)
		return -1;
	name = first_of(r, c->env_name, c->name, "user.name");
	email = first_of(r, c->env_email, c->email, "user.email");
	if (email.n == 0)
		email = sv_of(getenv("EMAIL"));
	if (date_of(r, q, c, base, date_of_base, f, &when) < 0)
		return -1;
	return make(r, c, name, email, when, f, &out->committer);
}
