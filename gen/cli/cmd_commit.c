/*
 * zoneloom commit: derive from a commit, commit the outputs on it.
 *
 * Standard output has the ids of new commits and nothing else, so that a
 * pipeline can ask "was there one?"; --dry-run prints what it would do.
 */
#include "cli/message.h"
#include "cli/reports.h"
#include "cli/version.h"

#include <errno.h>

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

struct commits {
	size_t made;
	bool moved; /* a ref moved under the feet of this try */
};

/* A commit is derived from a commit: what is staged or edited is the hook's
 * business. */
static int check_flags(struct run *r)
{
	static const char *const others[] = { "index", "worktree", "rev", "dir",
					      "stdin" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (run_has(r, others[i]))
			return diag_error(&r->diags, DIAG_USAGE, nowhere,
					  "--%s: zoneloom commit derives from "
					  "a commit (--base); for the index "
					  "there is zoneloom hook pre-commit",
					  others[i]);
	if (sv_eq(run_flag(r, "base"), SV(":")))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--base: a commit is wanted, not the index");
	if (run_has(r, "sign") && run_has(r, "no-sign"))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--sign and --no-sign: one of them");
	return 0;
}

/* "Key=value" or "Key: value" to "Key: value". */
static int add_trailer(struct run *r, struct sv text, struct commit_request *q)
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
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "trailer \"" SV_FMT
				  "\": KEY=VALUE is wanted, the key of "
				  "letters, digits and -",
				  SV_ARG(text));
	*VEC_ADD(r->mem, &q->trailers) =
		arena_fmt(r->mem, SV_FMT ": " SV_FMT,
			  SV_ARG(sv_head(text, cut)), SV_ARG(value));
	return 0;
}

static int add_trailers(struct run *r, struct commit_request *q)
{
	const struct strings *own = &r->config.commit.trailers;
	int rc = 0;

	for (size_t i = 0; i < own->list.n; i++)
		rc |= add_trailer(r, own->list.v[i], q);
	for (size_t i = 0; i < r->own.list.n; i++)
		if (sv_eq(r->own.list.v[i].name, SV("trailer")))
			rc |= add_trailer(r, r->own.list.v[i].value, q);
	*VEC_ADD(r->mem, &q->trailers) =
		arena_fmt(r->mem, "Source-Commit: " SV_FMT, SV_ARG(q->base));
	*VEC_ADD(r->mem, &q->trailers) =
		SV("Generated-by: zoneloom " ZONELOOM_VERSION);
	return rc;
}

static void set_sign(struct run *r, struct commit_request *q)
{
	struct sv set = r->config.commit.sign;

	if (run_has(r, "no-sign") || sv_eq(set, SV("false"))) {
		q->sign = SIGN_NO;
	} else if (set.n > 0) {
		q->sign = SIGN_YES;
		q->sign_key = sv_eq(set, SV("true")) ? SV("") : set;
	}
	if (run_has(r, "sign")) {
		q->sign = SIGN_YES;
		q->sign_key = run_flag(r, "sign");
	}
}

static int fill_request(struct run *r, struct commit_request *q)
{
	*q = (struct commit_request){
		.start = r->spec.start,
		.trust_repo = r->spec.trust_repo,
		.base = snapshot_commit(r->snapshot),
		.base_name = run_has(r, "base") ? r->spec.rev : NULL,
		.branch = run_has(r, "branch") ? run_flag(r, "branch")
					       : r->config.commit.branch,
		.author = run_has(r, "author") ? run_flag(r, "author")
					       : r->config.commit.author,
		.date = run_flag(r, "date"),
		.signoff = run_has(r, "signoff"),
		.force = run_has(r, "force"),
		.dry_run = run_has(r, "dry-run"),
		.prune = run_has(r, "prune"),
	};
	if (q->base.n == 0)
		return fault_set(&r->fault, r->mem, FAULT_ENV,
				 "--base %s: no commit", r->spec.rev);
	if (run_has(r, "branch") && q->branch.n == 0)
		return fault_set(&r->fault, r->mem, FAULT_USAGE,
				 "--branch: a name is wanted");
	set_sign(r, q);
	return add_trailers(r, q);
}

static void say_dry(struct run *r, const struct commit_request *q,
		    const struct commit_result *c)
{
	if (c->id.n == 0)
		return;
	printf("branch " SV_FMT ": " SV_FMT " -> " SV_FMT "%s\n",
	       SV_ARG(c->branch), SV_ARG(c->old.n > 0 ? c->old : SV("(none)")),
	       SV_ARG(c->id), q->sign == SIGN_YES ? " (before signing)" : "");
	for (size_t i = 0; i < q->files.n; i++)
		printf("%s " SV_FMT "\n",
		       q->files.v[i].text.p != NULL ? "write" : "remove",
		       SV_ARG(text_escape(r->mem, q->files.v[i].path)));
	printf("\n" SV_FMT "\n", SV_ARG(q->message));
	for (size_t i = 0; i < q->trailers.n; i++)
		printf(SV_FMT "\n", SV_ARG(q->trailers.v[i]));
}

static void say(struct run *r, const struct commit_request *q,
		const struct commit_result *c)
{
	bool review = q->branch.n > 0;

	if (q->dry_run)
		say_dry(r, q, c);
	else if (c->id.n > 0)
		printf(SV_FMT "\n", SV_ARG(c->id));
	if (r->quiet)
		return;
	if (c->same)
		fprintf(stderr, SV_FMT " has this change already: %.7s\n",
			SV_ARG(c->branch), c->old.p);
	else if (c->obsolete)
		fprintf(stderr, "nothing to commit; " SV_FMT " %s\n",
			SV_ARG(c->branch),
			c->pruned ? "was obsolete and is deleted"
				  : "is obsolete: --prune deletes it");
	else if (c->id.n == 0)
		fputs("nothing to commit\n", stderr);
	else if (!q->dry_run)
		fprintf(stderr,
			"committed %.7s on " SV_FMT "; next: git push "
			"%sorigin " SV_FMT "\n",
			c->id.p, SV_ARG(c->branch),
			review ? "--force-with-lease " : "", SV_ARG(c->branch));
}

/* Commit the stale files of `zone`; of every zone where it is NULL. */
static int commit_files(struct run *r, const struct outputs *o,
			const struct zone *zone, bool removed,
			struct commit_request *q, struct commits *done)
{
	struct commit_result c;

	q->files.n = 0;
	for (size_t i = 0; i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];

		if (f->stale &&
		    (f->zone == NULL ? removed
				     : zone == NULL || f->zone == zone))
			*VEC_ADD(r->mem, &q->files) =
				(struct commit_file){ f->path, f->text };
	}
	if (message_make(r, o, zone, removed, &q->message) < 0)
		return -1;
	if (commit_make(r->mem, q, &r->fault, &c) < 0) {
		done->moved |= c.moved;
		return -1;
	}
	done->made += c.id.n > 0;
	say(r, q, &c);
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
static int commit_zones(struct run *r, const struct outputs *o,
			struct commit_request *q, struct commits *done)
{
	static const struct zone no_zone;

	if (!sv_has(q->branch, SV("{zone}")))
		return commit_files(r, o, NULL, true, q, done);
	for (size_t i = 0; i < r->config.zones.n; i++) {
		q->zone = r->config.zones.v[i].key;
		if (commit_files(r, o, &r->config.zones.v[i], false, q, done) <
		    0)
			return -1;
	}
	if (!has_removed(o))
		return 0;
	q->zone = SV("removed");
	return commit_files(r, o, &no_zone, true, q, done);
}

static int put_changed(struct run *r, const struct commits *done)
{
	const char *path;
	FILE *out;

	if (!run_has(r, "changed-file"))
		return 0;
	path = arena_str(r->mem, run_flag(r, "changed-file"));
	out = fopen(path, "we");
	if (out != NULL)
		fputs(done->made > 0 ? "true\n" : "false\n", out);
	if (out == NULL || fclose(out) != 0)
		return fault_set(&r->fault, r->mem, FAULT_ENV, "%s: %s", path,
				 strerror(errno));
	return 0;
}

static void put_diff(struct run *r, const struct outputs *o)
{
	struct report_ctx ctx = { .mem = r->mem,
				  .diags = &r->diags,
				  .color = r->color };

	for (size_t i = 0; i < o->zones.n; i++)
		*VEC_ADD(r->mem, &ctx.zones) = o->zones.v[i];
	report_find(SV("text"))->write(&ctx, stdout);
}

static int commit(struct run *r, struct commits *done)
{
	struct commit_request q;
	struct derived d;
	struct outputs o;

	if (fill_request(r, &q) < 0)
		return run_status(r, EXIT_USAGE) == EXIT_INPUT
			       ? EXIT_USAGE
			       : run_status(r, EXIT_USAGE);
	if (derive(r, &d) < 0 || outputs_make(r, &d, &o) < 0)
		return run_status(r, EXIT_ENV);
	if (!outputs_despite_errors(r, &d, &o))
		return EXIT_INPUT;
	if (o.files.n == 0) {
		fault_file(&r->fault, r->mem, FAULT_USAGE,
			   "no output is configured in .zoneloom.yaml of %s",
			   r->spec.rev);
		fault_hint(&r->fault, r->mem, "zoneloom init");
		return EXIT_USAGE;
	}
	if (outputs_brake(r, &o) < 0)
		return run_status(r, EXIT_STOP);
	if (q.dry_run)
		put_diff(r, &o);
	if (commit_zones(r, &o, &q, done) < 0 || put_changed(r, done) < 0)
		return run_status(r, EXIT_ENV);
	return run_status(r, EXIT_SAME);
}

int cmd_commit(struct run *r)
{
	const char *base = run_has(r, "base")
				   ? arena_str(r->mem, run_flag(r, "base"))
				   : "HEAD";
	int rc = EXIT_USAGE;

	if (check_flags(r) < 0) {
		run_report(r);
		return rc;
	}
	r->spec.trust_repo = run_has(r, "trust-repo");
	/* Once more from the new tip where somebody else was faster. */
	for (unsigned try = 0; try < 2; try++) {
		struct commits done = { 0 };
		struct run at;

		rc = run_open_rev(r, base, &at);
		if (rc == 0)
			rc = commit(&at, &done);
		if (done.moved && done.made == 0 && try == 0)
			continue;
		run_report(&at);
		break;
	}
	return rc;
}
