/*
 * zoneloom commit: derive from a commit, commit the outputs on it.
 *
 * Standard output has the ids of new commits and nothing else, so that a
 * pipeline can ask "was there one?"; --dry-run prints what it would do.
 */
#include "base/shell.h"
#include "cli/reports.h"
#include "cli/version.h"

#include <errno.h>

struct commits {
	struct signer *signer; /* NULL: nothing is signed */
	size_t made;
	bool moved; /* a ref moved during this attempt */
};

/* A commit is derived from a commit: what is staged or edited is the hook's
 * business. */
static int check_flags(struct cli_ctx *c)
{
	static const char *const others[] = { "index", "worktree", "rev", "dir",
					      "stdin" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (cli_has(c, others[i]))
			return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
					  "--%s: zoneloom commit derives from "
					  "a commit (--base); for the index, "
					  "use zoneloom hook pre-commit",
					  others[i]);
	if (sv_eq(cli_flag(c, "base"), SV(":")))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--base: expected a commit, not the index");
	if (cli_has(c, "sign") && cli_has(c, "no-sign"))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--sign and --no-sign: expected only one");
	return 0;
}

/* "Key=value" or "Key: value" to "Key: value". */
static int add_trailer(struct cli_ctx *c, struct sv text,
		       struct commit_request *q)
{
	size_t cut = 0;
	struct sv value;

	while (cut < text.n && (sv_lower_char(text.p[cut]) == '-' ||
				(sv_lower_char(text.p[cut]) >= 'a' &&
				 sv_lower_char(text.p[cut]) <= 'z') ||
				(text.p[cut] >= '0' && text.p[cut] <= '9')))
		cut++;
	value = sv_trim(sv_from(text, cut + 1));
	if (cut == 0 || cut == text.n ||
	    (text.p[cut] != '=' && text.p[cut] != ':') || value.n == 0 ||
	    sv_chr(value, '\n') < value.n)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid trailer \"" SV_FMT
				  "\": expected KEY=VALUE with a key of "
				  "letters, digits and \"-\"",
				  SV_ARG(text));
	*VEC_ADD(c->s.mem, &q->trailers) =
		arena_fmt(c->s.mem, SV_FMT ": " SV_FMT,
			  SV_ARG(sv_head(text, cut)), SV_ARG(value));
	return 0;
}

static int add_trailers(struct cli_ctx *c, struct commit_request *q)
{
	const struct strings *own = &c->s.config.commit.trailers;
	int rc = 0;

	for (size_t i = 0; i < own->list.n; i++)
		rc |= add_trailer(c, own->list.v[i], q);
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, SV("trailer")))
			rc |= add_trailer(c, c->cli_flags.list.v[i].value, q);
	*VEC_ADD(c->s.mem, &q->trailers) =
		arena_fmt(c->s.mem, "Source-Commit: " SV_FMT, SV_ARG(q->base));
	*VEC_ADD(c->s.mem, &q->trailers) =
		SV("Generated-by: zoneloom " ZONELOOM_VERSION);
	return rc;
}

static void set_sign(struct cli_ctx *c, struct commit_request *q)
{
	struct sv set = c->s.config.commit.sign;

	if (cli_has(c, "no-sign") || sv_eq(set, SV("false"))) {
		q->sign = SIGN_NO;
	} else if (set.n > 0) {
		q->sign = SIGN_YES;
		q->sign_key = sv_eq(set, SV("true")) ? SV("") : set;
	}
	if (cli_has(c, "sign")) {
		q->sign = SIGN_YES;
		q->sign_key = cli_flag(c, "sign");
	}
}

static int fill_request(struct cli_ctx *c, struct commit_request *q)
{
	*q = (struct commit_request){
		.start = c->s.spec.start,
		.trust_repo = c->s.spec.trust_repo,
		.base = snapshot_commit(c->s.snapshot),
		.base_name = cli_has(c, "base") ? c->s.spec.rev : NULL,
		.branch = cli_has(c, "branch") ? cli_flag(c, "branch")
					       : c->s.config.commit.branch,
		.author = cli_has(c, "author") ? cli_flag(c, "author")
					       : c->s.config.commit.author,
		.date = cli_flag(c, "date"),
		.signoff = cli_has(c, "signoff"),
		.force = cli_has(c, "force"),
		.dry_run = cli_has(c, "dry-run"),
		.prune = cli_has(c, "prune"),
	};
	if (q->base.n == 0)
		return fault_set(&c->s.fault, c->s.mem, FAULT_ENV,
				 "--base %s: not a commit", c->s.spec.rev);
	if (cli_has(c, "branch") && q->branch.n == 0)
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "--branch: expected a name");
	set_sign(c, q);
	return add_trailers(c, q);
}

static void print_dry_run(const struct commit_request *q,
			  const struct commit_result *made)
{
	if (made->id.n == 0)
		return;
	print_text(stdout, "branch " SV_FMT ": " SV_FMT " -> " SV_FMT "%s\n",
		   SV_ARG(made->branch),
		   SV_ARG(made->old.n > 0 ? made->old : SV("(none)")),
		   SV_ARG(made->id),
		   q->sign == SIGN_YES ? " (before signing)" : "");
	for (size_t i = 0; i < q->files.n; i++)
		print_text(stdout, "%s " SV_FMT "\n",
			   q->files.v[i].text.p != NULL ? "write" : "remove",
			   SV_ARG(q->files.v[i].path));
	print_text(stdout, "\n");
	print_lines(stdout, q->message);
	print_text(stdout, "\n");
	for (size_t i = 0; i < q->trailers.n; i++)
		print_text(stdout, SV_FMT "\n", SV_ARG(q->trailers.v[i]));
}

static void report_commit(struct cli_ctx *c, const struct commit_request *q,
			  const struct commit_result *made)
{
	bool review = q->branch.n > 0;

	if (q->dry_run)
		print_dry_run(q, made);
	else if (made->id.n > 0)
		print_text(stdout, SV_FMT "\n", SV_ARG(made->id));
	if (c->quiet)
		return;
	if (made->same)
		print_text(stderr,
			   SV_FMT " already has this change: " SV_FMT "\n",
			   SV_ARG(made->branch), SV_ARG(sv_head(made->old, 7)));
	else if (made->obsolete)
		print_text(stderr, "nothing to commit; " SV_FMT " %s\n",
			   SV_ARG(made->branch),
			   made->pruned ? "was obsolete and is deleted"
					: "is obsolete: --prune deletes it");
	else if (made->id.n == 0)
		fputs("nothing to commit\n", stderr);
	else if (!q->dry_run)
		print_text(stderr,
			   "committed " SV_FMT " on " SV_FMT "; next: git push "
			   "%sorigin " SV_FMT "\n",
			   SV_ARG(sv_head(made->id, 7)), SV_ARG(made->branch),
			   review ? "--force-with-lease " : "",
			   SV_ARG(shell_word(c->s.mem, made->branch)));
}

/* Commit the stale files of `zone`, or of every zone if it is NULL. */
static int commit_files(struct cli_ctx *c, const struct outputs *o,
			const struct zone *zone, bool removed,
			struct commit_request *q, struct commits *done)
{
	struct commit_result made;
	struct commit_message_options message = {
		.skip_ci = cli_has(c, "skip-ci"),
	};

	if (cli_has(c, "message-template"))
		message.template_file = cli_flag(c, "message-template");
	q->files.n = 0;
	for (size_t i = 0; i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];

		if (f->stale &&
		    (f->zone == NULL ? removed
				     : zone == NULL || f->zone == zone))
			*VEC_ADD(c->s.mem, &q->files) =
				(struct commit_file){ f->path, f->text };
	}
	if (commit_message_make(&c->s, &message, o, zone, removed,
				&q->message) < 0)
		return -1;
	if (commit_make(c->s.mem, q, &c->s.fault, &made) < 0) {
		done->moved |= made.moved;
		return -1;
	}
	done->made += made.id.n > 0;
	report_commit(c, q, &made);
	return 0;
}

static bool has_removed(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].zone == NULL && o->files.v[i].stale)
			return true;
	return false;
}

/* A zone without any output makes a zone pointer that no file has. */
static int commit_zones(struct cli_ctx *c, const struct outputs *o,
			struct commit_request *q, struct commits *done)
{
	static const struct zone no_zone;

	if (!sv_has(q->branch, SV("{zone}")))
		return commit_files(c, o, NULL, true, q, done);
	for (size_t i = 0; i < c->s.config.zones.n; i++) {
		q->zone = c->s.config.zones.v[i].key;
		if (commit_files(c, o, &c->s.config.zones.v[i], false, q,
				 done) < 0)
			return -1;
	}
	if (!has_removed(o))
		return 0;
	q->zone = SV("removed");
	return commit_files(c, o, &no_zone, true, q, done);
}

static int put_changed(struct cli_ctx *c, const struct commits *done)
{
	const char *path;
	FILE *out;

	if (!cli_has(c, "changed-file"))
		return 0;
	path = arena_str(c->s.mem, cli_flag(c, "changed-file"));
	out = fopen(path, "we");
	if (out != NULL)
		fputs(done->made > 0 ? "true\n" : "false\n", out);
	if (out == NULL || fclose(out) != 0)
		return fault_set(&c->s.fault, c->s.mem, FAULT_ENV, "%s: %s",
				 path, strerror(errno));
	return 0;
}

static void put_diff(struct cli_ctx *c, const struct outputs *o)
{
	struct report_ctx ctx = { .mem = c->s.mem,
				  .diags = &c->s.diags,
				  .zones = o->zones,
				  .color = c->color };

	report_find(SV("text"))->write(&ctx, stdout);
}

static int commit(struct cli_ctx *c, struct commits *done)
{
	struct commit_request q;
	struct derived d;
	struct outputs o;

	if (fill_request(c, &q) < 0) {
		(void)fault_usage(&c->s.fault);
		return cli_status(c, EXIT_USAGE);
	}
	q.signer = done->signer;
	if (derive(&c->s, &d) < 0 || outputs_ignored(&c->s, DIAG_ERROR) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (cli_outputs(c, &d, &o) < 0)
		return cli_status(c, EXIT_ENV);
	if (!outputs_despite_errors(&c->s, &d, &o))
		return EXIT_INPUT;
	put_left(&o);
	if (o.files.n == 0) {
		fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
			   "no output is configured in .zoneloom.yaml of %s",
			   c->s.spec.rev);
		fault_hint(&c->s.fault, c->s.mem, "zoneloom init");
		return EXIT_USAGE;
	}
	if (cli_brake(c, &c->s.config, &o.zones) < 0)
		return cli_status(c, EXIT_STOP);
	if (q.dry_run)
		put_diff(c, &o);
	else if (q.branch.n == 0)
		outputs_sweep(&c->s, &o);
	put_healed(c, &c->s);
	if (commit_zones(c, &o, &q, done) < 0 || put_changed(c, done) < 0)
		return cli_status(c, EXIT_ENV);
	return cli_status(c, EXIT_SAME);
}

/* Before anything of the repository is read, which cannot choose then what is
 * run. */
static int start_signer(struct cli_ctx *c, struct signer **out)
{
	const struct commit_request like = {
		.start = c->s.spec.start,
		.trust_repo = c->s.spec.trust_repo,
	};

	*out = NULL;
	if (cli_has(c, "no-sign") || cli_has(c, "dry-run"))
		return 0;
	return signer_start(c->s.mem, &like, &c->s.fault, out);
}

int cmd_commit(struct cli_ctx *c)
{
	const char *base = cli_has(c, "base")
				   ? arena_str(c->s.mem, cli_flag(c, "base"))
				   : "HEAD";
	const struct session unopened = c->s;
	struct signer *signer;
	int rc = EXIT_USAGE;

	if (check_flags(c) < 0 || cli_reads_all(c) < 0 ||
	    start_signer(c, &signer) < 0) {
		cli_report(c);
		return cli_status(c, rc);
	}
	c->opt.heal = !cli_has(c, "dry-run");
	/* Again from the new tip, if somebody else was faster. */
	for (unsigned try = 0; try < 2; try++) {
		struct commits done = { .signer = signer };

		rc = session_open_rev(&unopened, base, &c->s) < 0
			     ? cli_status(c, EXIT_ENV)
			     : commit(c, &done);
		if (done.moved && done.made == 0 && try == 0)
			continue;
		cli_report(c);
		break;
	}
	return rc;
}
