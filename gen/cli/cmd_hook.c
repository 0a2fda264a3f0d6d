/*
 * zoneloom hook: what git, pre-commit and lefthook call.
 *
 * pre-commit reads the index that is being committed and writes the outputs
 * into the work tree; the two others read commits and never write.  Exit 1
 * whenever something was or would be written: no hook runner sees a new file
 * by itself.
 */
#include "cli/outputs.h"
#include "cli/reports.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

enum {
	/* Lines of the record diff: the message fits on a screen. */
	DIFF_LINES = 8,
	/* A push waits for pre-receive. */
	RECEIVE_SECONDS = 20,
};

static void put_diff(struct run *r, const struct outputs *o)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < o->zones.n; i++) {
		const struct changes *c = &o->zones.v[i].changes;

		for (size_t k = 0; k < c->list.n; k++) {
			const struct endpoint *e = change_record(&c->list.v[k]);

			if (e->is_registry)
				continue;
			if (shown == DIFF_LINES) {
				more++;
				continue;
			}
			shown++;
			printf("%c %-5s " SV_FMT "  " SV_FMT "  " SV_FMT "\n",
			       "+~-"[c->list.v[k].kind], rrtype_name(e->type),
			       SV_ARG(text_escape(r->mem, e->name)),
			       SV_ARG(change_value(r->mem, &c->list.v[k])),
			       SV_ARG(change_place(r->mem, &c->list.v[k])));
		}
	}
	if (more > 0)
		printf("and %zu more\n", more);
}

/* A word for the shell, quoted where it has to be. */
static void put_word(struct run *r, struct sv path)
{
	bool plain = path.n > 0 && path.p[0] != '-';

	for (size_t i = 0; i < path.n; i++)
		plain &= path.p[i] > ' ' && path.p[i] < 0x7f &&
			 strchr("'\"\\$`!*?[](){}<>|&;#~", path.p[i]) == NULL;
	if (plain) {
		printf(" " SV_FMT, SV_ARG(path));
		return;
	}
	fputs(" '", stdout);
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '\'')
			fputs("'\\''", stdout);
		else
			fputs(text_escape(r->mem,
					  sv_from(sv_head(path, i + 1), i))
				      .p,
			      stdout);
	fputs("'", stdout);
}

/* One file into the work tree: 1 written, 0 held back. */
static int write_one(struct run *r, const struct out_file *f)
{
	bool edited;
	int rc;

	if (outputs_edited(r, f, &edited) < 0)
		return -1;
	if (edited) {
		printf(SV_FMT " has unstaged edits; run: git checkout --",
		       SV_ARG(text_escape(r->mem, f->path)));
		put_word(r, f->path);
		printf(" (or git stash), then commit again\n");
		return 0;
	}
	rc = outputs_write(r, f);
	if (rc < 0)
		return -1;
	/* Not written: it stood there already, and is not staged. */
	printf("%s " SV_FMT "\n",
	       rc == 0		   ? "ready"
	       : f->text.p != NULL ? "wrote"
				   : "removed",
	       SV_ARG(text_escape(r->mem, f->path)));
	return 1;
}

static int stage(struct run *r, const struct outputs *o)
{
	VEC(struct commit_file) list = { 0 };

	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			*VEC_ADD(r->mem, &list) =
				(struct commit_file){ o->files.v[i].path,
						      o->files.v[i].text };
	return index_stage(r->mem, &r->spec, list.v, list.n, &r->fault);
}

static void put_next(struct run *r, const struct outputs *o)
{
	fputs("next: git add", stdout);
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			put_word(r, o->files.v[i].path);
	fputs(" && git commit\n", stdout);
}

static int write_files(struct run *r, const struct outputs *o)
{
	bool all = true;

	/* Each file is told on stdout here. */
	r->quiet = true;
	for (size_t i = 0; i < o->files.n; i++) {
		int rc = o->files.v[i].stale ? write_one(r, &o->files.v[i]) : 1;

		if (rc < 0)
			return run_status(r, EXIT_ENV);
		all = all && rc == 1;
	}
	if (!all)
		return EXIT_DIFFERENT;
	if (!run_has(r, "stage")) {
		put_next(r, o);
		return EXIT_DIFFERENT;
	}
	if (stage(r, o) < 0)
		return run_status(r, EXIT_ENV);
	return EXIT_SAME;
}

static int make(struct run *r, struct outputs *o)
{
	struct derived d;

	if (derive(r, &d) < 0 || outputs_make(r, &d, o) < 0)
		return run_status(r, EXIT_ENV);
	if (!outputs_despite_errors(r, &d, o))
		return EXIT_INPUT;
	if (o->files.n > 0)
		return 0;
	fault_file(&r->fault, r->mem, FAULT_USAGE,
		   "no output is configured in .zoneloom.yaml of the %s",
		   arena_str(r->mem, snapshot_name(r->snapshot)));
	fault_hint(&r->fault, r->mem, "zoneloom init, and git add it");
	return EXIT_USAGE;
}

static int pre_commit(struct run *r)
{
	struct outputs o = { 0 };
	int rc = make(r, &o);

	if (rc != 0)
		return rc;
	if (!outputs_stale(&o)) {
		/* A commit that is right is no place for warnings. */
		r->quiet = true;
		return run_status(r, EXIT_SAME);
	}
	put_diff(r, &o);
	if (outputs_brake(r, &o) < 0)
		return run_status(r, EXIT_STOP);
	if (run_has(r, "check")) {
		outputs_put_stale(r, &o, stdout);
		return run_status(r, EXIT_DIFFERENT);
	}
	rc = write_files(r, &o);
	return run_status(r, rc);
}

/* A hook that stages makes pre-commit lose the user's edits; in `git commit
 * PATH` the real index keeps the old file. */
static int check_stage(struct run *r)
{
	struct sv index = sv_of(getenv("GIT_INDEX_FILE"));
	struct sv name = sv_from(index, sv_rchr(index, '/') == index.n
						? 0
						: sv_rchr(index, '/') + 1);

	if (!run_has(r, "stage"))
		return 0;
	if (getenv("PRE_COMMIT") != NULL)
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--stage: not under pre-commit, which would "
				  "lose unstaged edits");
	if (sv_starts(name, SV("next-index-")))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--stage: not in git commit PATH, where the "
				  "index keeps the old file; git add, then git "
				  "commit");
	return 0;
}

static int run_pre_commit(struct run *r)
{
	struct flag *index = VEC_ADD(r->mem, &r->own.list);
	int rc;

	index->name = SV("index");
	if (check_stage(r) < 0)
		rc = EXIT_USAGE;
	else
		rc = run_open(r);
	if (rc == 0)
		rc = pre_commit(r);
	(void)fflush(stdout);
	run_report(r);
	return rc;
}

/* A commit that is pushed, judged by itself.  A branch without our
 * configuration is none of ours. */
static int check_commit(struct run *r, struct sv id)
{
	struct outputs o = { 0 };
	struct run at;
	int rc = run_open_rev(r, arena_str(r->mem, id), &at);

	if (rc == 0 &&
	    snapshot_find(at.snapshot, SV(".zoneloom.yaml")) == NULL) {
		if (r->verbose > 0)
			fprintf(stderr, "%.12s: no .zoneloom.yaml\n", id.p);
		return EXIT_SAME;
	}
	if (rc == 0)
		rc = make(&at, &o);
	if (rc == 0 && outputs_stale(&o)) {
		printf("%.12s:\n", id.p);
		put_diff(&at, &o);
		outputs_put_stale(&at, &o, stdout);
		puts("next: zoneloom generate, then commit the result");
		rc = EXIT_DIFFERENT;
	}
	at.quiet = at.quiet || rc == 0;
	(void)fflush(stdout);
	run_report(&at);
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

struct ids {
	VEC(struct sv) list; /* distinct */
	bool lines;	     /* some line had the form that git writes */
};

static void add_id(struct run *r, struct ids *ids, struct sv id)
{
	for (size_t i = 0; i < ids->list.n; i++)
		if (sv_eq(ids->list.v[i], id))
			return;
	*VEC_ADD(r->mem, &ids->list) = id;
}

/* Four words of pre-push: local ref and id, remote ref and id.  Three of
 * pre-receive: old and new id, ref. */
static void add_line(struct run *r, struct sv line, bool push, struct ids *ids)
{
	struct sv word[5] = { 0 }, id, ref;
	size_t n = 0;

	while (n < 5 && sv_cut(&line, ' ', &word[n]))
		n++;
	if (n != (push ? 4U : 3U) || !is_id(word[1]) ||
	    !is_id(push ? word[3] : word[0]))
		return;
	ids->lines = true;
	id = word[1];
	ref = word[2];
	if (!is_zero(id) && sv_starts(ref, SV("refs/heads/")))
		add_id(r, ids, id);
}

/* Nothing is read from a terminal, nor from a runner that has read it. */
static int read_lines(struct run *r, bool push, struct ids *ids)
{
	struct sv text, line;
	struct stat st;

	if (getenv("PRE_COMMIT") != NULL || fstat(STDIN_FILENO, &st) < 0 ||
	    !(S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) ||
	      S_ISSOCK(st.st_mode)))
		return 0;
	if (file_read_fd(r->mem, STDIN_FILENO, "standard input", MAX_FILE_BYTES,
			 &r->fault, &text) < 0)
		return -1;
	while (sv_cut(&text, '\n', &line))
		add_line(r, line, push, ids);
	return 0;
}

/* pre-commit hands the commit over in its environment. */
static void add_fallback(struct run *r, struct ids *ids)
{
	static const char *const names[] = { "PRE_COMMIT_TO_REF",
					     "PRE_COMMIT_LOCAL_BRANCH" };
	struct sv rev = { NULL, 0 };

	for (size_t i = 0; i < 2 && rev.n == 0; i++)
		rev = sv_of(getenv(names[i]));
	add_id(r, ids, rev.n > 0 ? rev : SV("HEAD"));
}

static int run_push(struct run *r)
{
	struct ids ids = { 0 };
	int rc = 0;

	if (read_lines(r, true, &ids) < 0) {
		run_report(r);
		return run_status(r, EXIT_ENV);
	}
	if (!ids.lines)
		add_fallback(r, &ids);
	for (size_t i = 0; rc == 0 && i < ids.list.n; i++)
		rc = check_commit(r, ids.list.v[i]);
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

static int run_receive(struct run *r)
{
	struct sigaction sa = { .sa_handler = out_of_time };
	struct ids ids = { 0 };
	int rc = 0;

	(void)sigaction(SIGALRM, &sa, NULL);
	(void)alarm(RECEIVE_SECONDS);
	if (read_lines(r, false, &ids) < 0) {
		run_report(r);
		return run_status(r, EXIT_ENV);
	}
	for (size_t i = 0; rc == 0 && i < ids.list.n; i++)
		rc = check_commit(r, ids.list.v[i]);
	return rc;
}

static const struct {
	const char *name;
	int (*run)(struct run *r);
} hooks[] = {
	{ "pre-commit", run_pre_commit },
	{ "pre-push", run_push },
	{ "pre-receive", run_receive },
};

int cmd_hook(struct run *r)
{
	struct sv name = r->args.list.n > 0 ? r->args.list.v[0] : SV("");

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (sv_eq(name, sv_of(hooks[i].name)))
			return hooks[i].run(r);
	(void)diag_error(&r->diags, DIAG_USAGE, nowhere,
			 "hook \"" SV_FMT
			 "\": pre-commit, pre-push or pre-receive is wanted",
			 SV_ARG(name));
	run_report(r);
	return EXIT_USAGE;
}
