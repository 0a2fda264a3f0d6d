/*
 * Signatures of commits, made by the programs that git would run.
 *
 * Source: git-config(1) gpg.format, gpg.program, user.signingKey; git verifies
 *         what these command lines print.
 */
#include "git/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/limits.h"

enum {
	/* gpg may ask for a passphrase on a terminal of its own. */
	SIGN_SECONDS = 120,
	MAX_SIGNATURE = 64 * 1024,
};

static const struct {
	const char *format, *setting, *program;
} signers[] = {
	{ "openpgp", "gpg.program", "gpg" },
	{ "openpgp", "gpg.openpgp.program", "gpg" },
	{ "ssh", "gpg.ssh.program", "ssh-keygen" },
	{ "x509", "gpg.x509.program", "gpgsm" },
};

static const char *program_of(struct repo *r, struct sv format)
{
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(signers) / sizeof(signers[0]); i++) {
		struct sv set;

		if (!sv_eq(format, sv_of(signers[i].format)))
			continue;
		set = settings_get(r, signers[i].setting);
		if (set.n > 0)
			found = arena_str(r->mem, set);
		else if (found == NULL)
			found = signers[i].program;
	}
	return found;
}

static int run_signer(struct repo *r, const char *const *argv, struct sv bytes,
		      struct fault *f, struct sv *out)
{
	struct child c = { .argv = argv,
			   .dir = ".",
			   .timeout_s = SIGN_SECONDS,
			   .max_out = MAX_SIGNATURE,
			   .input = bytes,
			   .whole_env = true };
	struct child_result res;

	if (child_run(r->mem, &c, f, &res) < 0)
		return -1;
	if (res.status != 0 || res.out.n == 0)
		return fault_set(f, r->mem, FAULT_ENV,
				 "%s: signing failed (status %d): " SV_FMT,
				 argv[0], res.status, SV_ARG(sv_trim(res.err)));
	*out = res.out;
	return 0;
}

/* A key in the settings itself goes to a file for ssh-keygen; the agent holds
 * the private half. */
static int key_file(struct repo *r, struct sv key, struct fault *f,
		    const char **path, bool *literal)
{
	const char *home = getenv("HOME"), *tmp = getenv("TMPDIR");
	FILE *out;
	char *name;
	int fd;

	*literal = sv_starts(key, SV("key::")) || sv_starts(key, SV("ssh-"));
	if (!*literal) {
		*path = sv_starts(key, SV("~/")) && home != NULL
				? arena_fmt(r->mem, "%s" SV_FMT, home,
					    SV_ARG(sv_from(key, 1)))
					  .p
				: arena_str(r->mem, key);
		return 0;
	}
	if (sv_starts(key, SV("key::")))
		key = sv_from(key, 5);
	name = arena_alloc(r->mem, strlen(tmp ? tmp : "/tmp") + 32, 1);
	(void)sprintf(name, "%s/zoneloom-key-XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(name);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (out == NULL)
		return fault_set(f, r->mem, FAULT_ENV, "%s: %s", name,
				 "cannot write the file");
	fprintf(out, SV_FMT "\n", SV_ARG(key));
	*path = name;
	return fclose(out) == 0 ? 0
				: fault_set(f, r->mem, FAULT_ENV,
					    "%s: cannot write the file", name);
}

static int sign_ssh(struct repo *r, const char *program, struct sv key,
		    struct sv bytes, struct fault *f, struct sv *out)
{
	const char *path;
	bool literal;
	int rc;

	if (key.n == 0) {
		fault_file(f, r->mem, FAULT_ENV,
			   "gpg.format is ssh but user.signingKey is not set");
		fault_hint(f, r->mem,
			   "git config user.signingKey ~/.ssh/id_ed25519.pub");
		return -1;
	}
	if (key_file(r, key, f, &path, &literal) < 0)
		return -1;
	if (literal) {
		const char *const argv[] = { program, "-Y", "sign", "-n", "git",
					     "-f",    path, "-U",   NULL };

		rc = run_signer(r, argv, bytes, f, out);
		(void)unlink(path);
	} else {
		const char *const argv[] = { program, "-Y", "sign", "-n",
					     "git",   "-f", path,   NULL };

		rc = run_signer(r, argv, bytes, f, out);
	}
	return rc;
}

int sign_commit(struct repo *r, const struct commit_request *q,
		const git_signature *who, struct sv bytes, struct fault *f,
		struct sv *out)
{
	*out = (struct sv){ NULL, 0 };
	if (q->sign == SIGN_NO || (q->sign == SIGN_CONFIG &&
				   !settings_bool(r, "commit.gpgsign", false)))
		return 0;
	return q->signer != NULL ? signer_ask(r, q, who, bytes, f, out)
				 : sign_here(r, q, who, bytes, f, out);
}

int sign_here(struct repo *r, const struct commit_request *q,
	      const git_signature *who, struct sv bytes, struct fault *f,
	      struct sv *out)
{
	struct sv format = settings_get(r, "gpg.format"), key = q->sign_key;
	const char *program;

	if (format.n == 0)
		format = SV("openpgp");
	if (key.n == 0)
		key = settings_get(r, "user.signingkey");
	program = program_of(r, format);
	if (program == NULL)
		return fault_set(f, r->mem, FAULT_ENV,
				 "unknown gpg.format \"" SV_FMT
				 "\": expected openpgp, ssh or x509",
				 SV_ARG(format));
	if (sv_eq(format, SV("ssh")))
		return sign_ssh(r, program, key, bytes, f, out);
	if (key.n == 0)
		key = arena_fmt(r->mem, "%s <%s>", who->name, who->email);
	const char *const argv[] = { program, "--status-fd=2", "-bsau",
				     arena_str(r->mem, key), NULL };

	return run_signer(r, argv, bytes, f, out);
}
