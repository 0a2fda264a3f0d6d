/*
 * zoneloom hook: what git, pre-commit and lefthook call.
 *
 * pre-commit reads the index that is being committed and writes the outputs
 * into the work tree; the two others read commits and never write.  Exit 1
 * whenever something was or would be written: no hook runner sees a new file
 * by itself.
 */
#include "cli/reports.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

enum {
	/* Lines of the record diff: the message fits on a screen. */
	DIFF_LINES = 8,
	/* A push waits for pre-receive. */
	RECEIVE_SECONDS = 20,
};

static void put_diff(struct cli_ctx *c, const struct outputs *o)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < o->zones.list.n; i++) {
		const struct changes *ch = &o->zones.list.v[i].changes;

		for (size_t k = 0; k < ch->list.n; k++) {
			const struct endpoint *e =
				change_record(&ch->list.v[k]);

			if (e->is_registry)
				continue;
			if (shown == DIFF_LINES) {
				more++;
				continue;
			}
			shown++;
			print_text(
				stdout,
				"%c %-5s " SV_FMT "  " SV_FMT "  " SV_FMT "\n",
				"+~-"[ch->list.v[k].kind], rrtype_name(e->type),
				SV_ARG(e->name),
				SV_ARG(change_value(c->s.mem, &ch->list.v[k])),
				SV_ARG(change_place(c->s.mem, &ch->list.v[k])));
		}
	}
	if (more > 0)
		print_text(stdout, "and %zu more\n", more);
}

static void put_word(struct cli_ctx *c, struct sv path)
{
	print_text(stdout, " " SV_FMT,
		   SV_ARG(git_path_word(c->s.mem, snapshot_root(c->s.snapshot),
					path)));
}

static void put_held_back(struct cli_ctx *c, const struct out_file *f)
{
	print_text(stdout, SV_FMT " has unstaged edits; run: git checkout --",
		   SV_ARG(f->path));
	put_word(c, f->path);
	print_text(stdout, " (or git stash), then commit again\n");
}

/* Not written: it stood there already, and is not staged. */
static void put_written(const struct file_changes *list)
{
	for (size_t i = 0; i < list->list.n; i++)
		print_text(stdout, "%s " SV_FMT "\n",
			   !list->list.v[i].done	    ? "ready"
			   : list->list.v[i].text.p != NULL ? "wrote"
							    : "removed",
			   SV_ARG(list->list.v[i].path));
}

static void put_next(struct cli_ctx *c, const struct outputs *o)
{
	fputs("next: git add", stdout);
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			put_word(c, o->files.v[i].path);
	fputs(" && git commit\n", stdout);
}

static int write_files(struct cli_ctx *c, const struct outputs *o)
{
	struct file_changes list = { 0 };
	bool all = true, stage;

	for (size_t i = 0; i < o->files.n; i++) {
		struct file_change change;
		bool edited;

		if (!o->files.v[i].stale)
			continue;
		if (outputs_edited(&c->s, &o->files.v[i], &change, &edited) < 0)
			return cli_status(c, EXIT_ENV);
		if (edited)
			put_held_back(c, &o->files.v[i]);
		else
			*VEC_ADD(c->s.mem, &list.list) = change;
		all = all && !edited;
	}
	stage = all && cli_has(c, "stage");
	if (list.list.n > 0 && outputs_write(&c->s, &list, stage) < 0)
		return cli_status(c, EXIT_ENV);
	put_written(&list);
	if (!all)
		return EXIT_DIFFERENT;
	if (stage)
		return EXIT_SAME;
	put_next(c, o);
	return EXIT_DIFFERENT;
}

static int make(struct cli_ctx *c, struct outputs *o)
{
	struct derived d;

	if (derive(&c->s, &d) < 0 || outputs_ignored(&c->s, DIAG_ERROR) < 0 ||
	    cli_outputs(c, &d, o) < 0)
		return cli_status(c, EXIT_ENV);
	if (!outputs_despite_errors(&c->s, &d, o))
		return EXIT_INPUT;
	put_left(o);
	if (o->files.n > 0)
		return 0;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "no output is configured in .zoneloom.yaml of the %s",
		   arena_str(c->s.mem, snapshot_name(c->s.snapshot)));
	fault_hint(&c->s.fault, c->s.mem, "zoneloom init, and git add it");
	return EXIT_USAGE;
}

static int pre_commit(struct cli_ctx *c)
{
	struct outputs o = { 0 };
	int rc = make(c, &o);

	if (rc != 0)
		return rc;
	confine(&c->s);
	if (c->opt.heal)
		outputs_sweep(&c->s, &o);
	if (!outputs_stale(&o)) {
		/* A correct commit needs no warnings. */
		c->quiet = true;
		return cli_status(c, EXIT_SAME);
	}
	put_diff(c, &o);
	if (cli_brake(c, &c->s.config, &o.zones) < 0)
		return cli_status(c, EXIT_STOP);
	if (cli_has(c, "check")) {
		put_stale(&o, stdout);
		return cli_status(c, EXIT_DIFFERENT);
	}
	rc = write_files(c, &o);
	return cli_status(c, rc);
}

/* A hook that stages makes pre-commit lose the user's edits; in `git commit
 * PATH` the real index keeps the old file. */
static int check_stage(struct cli_ctx *c)
{
	struct sv index = sv_of(getenv("GIT_INDEX_FILE"));
	struct sv name = path_name(index);

	if (!cli_has(c, "stage"))
		return 0;
	if (getenv("PRE_COMMIT") != NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--stage: not under pre-commit, which would "
				  "lose unstaged edits");
	if (sv_starts(name, SV("next-index-")))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--stage: not in git commit PATH, where the "
				  "index keeps the old file; git add, then git "
				  "commit");
	return 0;
}

static int hook_pre_commit(struct cli_ctx *c)
{
	struct flag *index = VEC_ADD(c->s.mem, &c->cli_flags.list);
	int rc;

	index->name = SV("index");
	c->opt.heal = !cli_has(c, "check");
	if (check_stage(c) < 0)
		rc = EXIT_USAGE;
	else
		rc = cli_open(c);
	if (rc == 0)
		rc = pre_commit(c);
	held_release(c->held);
	cli_report(c);
	return rc;
}

static struct sv config_name(const struct cli_ctx *c)
{
	return c->opt.config_file.n > 0 ? c->opt.config_file
					: SV(".zoneloom.yaml");
}

/* A commit that is pushed, judged by itself.  A branch without our
 * configuration is not judged. */
static int check_commit(struct cli_ctx *c, struct sv id)
{
	struct outputs o = { 0 };
	struct cli_ctx at = *c;
	int rc = 0;

	if (session_open_rev(&c->s, arena_str(c->s.mem, id), &at.s) < 0)
		rc = cli_status(&at, EXIT_ENV);
	if (at.s.snapshot != NULL &&
	    snapshot_find(at.s.snapshot, config_name(c)) == NULL) {
		if (c->verbose > 0 || c->opt.config_file.n > 0)
			print_text(stderr, SV_FMT ": missing " SV_FMT "\n",
				   SV_ARG(sv_head(id, 12)),
				   SV_ARG(config_name(c)));
		return EXIT_SAME;
	}
	/* A commit is judged by itself, so that a push of many is, too. */
	session_follow(&at.s, arena_str(c->s.mem, id));
	if (rc == 0)
		rc = make(&at, &o);
	if (rc == 0 && outputs_stale(&o)) {
		print_text(stdout, SV_FMT ":\n", SV_ARG(sv_head(id, 12)));
		put_diff(&at, &o);
		put_stale(&o, stdout);
		puts("next: zoneloom generate, then commit the result");
		rc = EXIT_DIFFERENT;
	}
	at.quiet = at.quiet || rc == 0;
	held_release(at.held);
	cli_report(&at);
	return rc;
}

static bool is_id(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (sv_chr(SV("0123456789abcdef"), s.p[i]) == 16)
			return false;
	return s.n == 40;
}

static bool is_zero(struct sv id)
{
	return sv_eq(id, SV("0000000000000000000000000000000000000000"));
}

/* A branch that a push moves: from where (zero: a new one) to where. */
struct update {
	struct sv old, new;
};

struct updates {
	VEC(struct update) list;
	bool lines; /* git said what is pushed */
};

static void add_update(struct cli_ctx *c, struct updates *u, struct sv old,
		       struct sv new)
{
	for (size_t i = 0; i < u->list.n; i++)
		if (sv_eq(u->list.v[i].old, old) &&
		    sv_eq(u->list.v[i].new, new))
			return;
	*VEC_ADD(c->s.mem, &u->list) = (struct update){ old, new };
}

/* Four words of pre-push: local ref and id, remote ref and id.  Three of
 * pre-receive: old and new id, ref.  From a line of any other form it is
 * unknown what is pushed. */
static int add_line(struct cli_ctx *c, struct sv line, bool push,
		    struct updates *u)
{
	struct sv word[5] = { 0 }, rest = line, old, new;
	size_t n = 0;

	if (sv_trim(line).n == 0)
		return 0;
	while (n < 5 && sv_cut(&rest, ' ', &word[n]))
		n++;
	old = push ? word[3] : word[0];
	new = word[1];
	if (n != (push ? 4U : 3U) || !is_id(old) || !is_id(new))
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "invalid line \"" SV_FMT
				 "\" on standard input: expected %s",
				 SV_ARG(sv_head(line, 200)),
				 push ? "LOCAL-REF ID REMOTE-REF ID"
				      : "OLD-ID NEW-ID REF");
	u->lines = true;
	if (!is_zero(new) && sv_starts(word[2], SV("refs/heads/")))
		add_update(c, u, old, new);
	return 0;
}

/* Nothing is read from a terminal, nor from a runner that has read it. */
static int read_lines(struct cli_ctx *c, bool push, struct updates *u)
{
	struct sv text, line;
	struct stat st;

	if (getenv("PRE_COMMIT") != NULL || fstat(STDIN_FILENO, &st) < 0 ||
	    !(S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) ||
	      S_ISSOCK(st.st_mode)))
		return 0;
	if (file_read_fd(c->s.mem, STDIN_FILENO, "standard input",
			 MAX_FILE_BYTES, &c->s.fault, &text) < 0)
		return -1;
	while (sv_cut(&text, '\n', &line))
		if (add_line(c, line, push, u) < 0)
			return -1;
	return 0;
}

/* pre-commit hands the commit over in its environment. */
static void add_fallback(struct cli_ctx *c, struct updates *u)
{
	static const char *const names[] = { "PRE_COMMIT_TO_REF",
					     "PRE_COMMIT_LOCAL_BRANCH" };
	struct sv rev = { NULL, 0 };

	for (size_t i = 0; i < 2 && rev.n == 0; i++)
		rev = sv_of(getenv(names[i]));
	add_update(c, u, SV(""), rev.n > 0 ? rev : SV("HEAD"));
}

static int hook_push(struct cli_ctx *c)
{
	struct updates u = { 0 };
	int rc = 0;

	if (read_lines(c, true, &u) < 0) {
		cli_report(c);
		return cli_status(c, EXIT_ENV);
	}
	if (!u.lines)
		add_fallback(c, &u);
	for (size_t i = 0; rc == 0 && i < u.list.n; i++)
		rc = check_commit(c, u.list.v[i].new);
	return rc;
}

static void out_of_time(int signal)
{
	static const char text[] =
		"zoneloom: the push took longer than 20 s to check\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_ENV);
	_exit(EXIT_ENV);
}

/* What the push changes, judged by what was there: the branch itself, or for
 * a new one the default branch.  One that has nothing in common with it, or
 * cannot be merged as it is, publishes nothing. */
static int judge_update(struct cli_ctx *c, const struct update *u)
{
	bool fresh = is_zero(u->old);
	struct gate_request q = {
		.base = fresh ? "HEAD" : arena_str(c->s.mem, u->old),
		.head = arena_str(c->s.mem, u->new),
		.allow_policy_change = cli_has(c, "allow-policy-change"),
		.replace = !fresh,
	};
	struct cli_ctx at = *c;
	struct fault ignored = { 0 };
	struct sv parted;
	int rc;

	if (fresh && repo_merge_base(c->s.mem, &c->s.spec, q.base, q.head,
				     &ignored, &parted) < 0)
		return EXIT_SAME;
	rc = gate_judge(&at, &q);
	held_release(at.held);
	at.quiet = at.quiet || rc == 0;
	cli_report(&at);
	return fresh && rc == EXIT_AGAIN ? EXIT_SAME : rc;
}

static int hook_receive(struct cli_ctx *c)
{
	struct sigaction sa = { .sa_handler = out_of_time };
	struct updates u = { 0 };
	int rc = 0;

	(void)sigaction(SIGALRM, &sa, NULL);
	(void)alarm(RECEIVE_SECONDS);
	if (read_lines(c, false, &u) < 0) {
		cli_report(c);
		return cli_status(c, EXIT_ENV);
	}
	for (size_t i = 0; rc == 0 && i < u.list.n; i++) {
		rc = judge_update(c, &u.list.v[i]);
		if (rc == 0)
			rc = check_commit(c, u.list.v[i].new);
	}
	return rc;
}

static const struct {
	const char *name;
	int (*run)(struct cli_ctx *c);
} hooks[] = {
	{ "pre-commit", hook_pre_commit },
	{ "pre-push", hook_push },
	{ "pre-receive", hook_receive },
};

int cmd_hook(struct cli_ctx *c)
{
	struct sv name = c->args.list.n > 0 ? c->args.list.v[0] : SV("");

	if (cli_reads_all(c) < 0) {
		cli_report(c);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (sv_eq(name, sv_of(hooks[i].name)))
			return hooks[i].run(c);
	(void)diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			 "invalid hook \"" SV_FMT
			 "\": expected pre-commit, pre-push or pre-receive%s",
			 SV_ARG(name),
			 did_you_mean(c->s.mem, name,
				      SV("pre-commit pre-push pre-receive")));
	cli_report(c);
	return EXIT_USAGE;
}
