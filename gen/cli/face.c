/* What a session found, for the person at the terminal and the exit status. */
#include "base/words.h"
#include "cli/cli.h"

static const int status_of_fault[] = {
	[FAULT_NONE] = EXIT_SAME, [FAULT_USAGE] = EXIT_USAGE,
	[FAULT_ENV] = EXIT_ENV,	  [FAULT_AGAIN] = EXIT_AGAIN,
	[FAULT_STOP] = EXIT_STOP,
};

int status_of(const struct session *s, int otherwise)
{
	if (s->fault.kind != FAULT_NONE)
		return status_of_fault[s->fault.kind];
	return s->diags.errors > 0 ? EXIT_INPUT : otherwise;
}

int cli_status(const struct cli_ctx *c, int otherwise)
{
	return status_of(&c->s, otherwise);
}

/* The line itself and a caret under the column: where a person looks. */
static void put_snippet(struct session *s, const struct loc *at)
{
	struct arena *mem = arena_under(s->mem);
	struct diags ignored = { .mem = mem };
	struct fault fault = { 0 };
	const struct snapshot_file *file = NULL;
	struct sv text = s->stdin_text, line = { NULL, 0 };

	if (s->snapshot != NULL)
		file = snapshot_find(s->snapshot, at->file);
	if (file != NULL &&
	    snapshot_read(s->snapshot, file, mem, &ignored, &fault, &text) < 0)
		text = (struct sv){ NULL, 0 };
	for (uint32_t i = 0; i < at->line; i++)
		if (!sv_cut(&text, '\n', &line))
			line = (struct sv){ NULL, 0 };
	line = sv_head(line, 160);
	if (line.n > 0 && at->line > 0)
		print_text(stderr, "%6u | " SV_FMT "\n       | %*s^\n",
			   at->line, SV_ARG(line),
			   at->col > 0
				   ? (int)(at->col > 160 ? 160 : at->col) - 1
				   : 0,
			   "");
	arena_free(mem);
}

static void put_fault(const struct session *s)
{
	const struct fault *f = &s->fault;

	if (f->text.n > 0)
		print_text(stderr, "zoneloom: " SV_FMT "\n", SV_ARG(f->text));
	if (f->hint.n > 0)
		print_text(stderr, "  " SV_FMT "\n", SV_ARG(f->hint));
}

void put_healed(const struct cli_ctx *c, struct session *s)
{
	if (s->healed.list.n > 0 && !c->quiet)
		fputs("zoneloom: an earlier run was killed; what it left:\n",
		      stderr);
	for (size_t i = 0; i < s->healed.list.n && !c->quiet; i++)
		print_text(stderr, "  " SV_FMT "\n",
			   SV_ARG(s->healed.list.v[i]));
	s->healed.list.n = 0;
}

/* What a screen holds, beside the line that closes a command. */
enum { SCREEN_LINES = 22 };

static enum diag_severity least_shown(const struct cli_ctx *c)
{
	if (c->quiet)
		return DIAG_ERROR;
	return c->verbose > 0 ? DIAG_NOTE : DIAG_WARNING;
}

static void put_group(const struct cli_ctx *c, struct session *s,
		      const struct diag_group *g)
{
	diag_group_write(g, stderr);
	if (c->color)
		put_snippet(s, &g->first->at);
}

/* What is alike as one, and no more than a screen of it. */
static void put_folded(const struct cli_ctx *c, struct session *s)
{
	struct diag_groups groups = { 0 };
	size_t left = 0, folded = 0;

	diags_fold_lines(s->mem, &s->diags, least_shown(c), SCREEN_LINES,
			 &groups);
	for (size_t i = 0; i < groups.list.n; i++) {
		put_group(c, s, &groups.list.v[i]);
		left += groups.list.v[i].alike;
		folded += groups.list.v[i].same;
	}
	if (left > 0)
		print_text(stderr, "and " SV_FMT "; -v shows each\n",
			   SV_ARG(words_count(s->mem, left,
					      "message more of these kinds",
					      "messages more of these "
					      "kinds")));
	else if (folded > 0)
		print_text(stderr, "-v shows each\n");
}

/* Each one with -v. */
void cli_report_of(const struct cli_ctx *c, struct session *s)
{
	put_healed(c, s);
	diags_sort(&s->diags);
	if (c->verbose == 0)
		put_folded(c, s);
	for (size_t i = 0; c->verbose > 0 && i < s->diags.list.n; i++) {
		struct diag_group one = { .first = &s->diags.list.v[i] };

		if (one.first->severity >= least_shown(c))
			put_group(c, s, &one);
	}
	put_fault(s);
}

void cli_report(struct cli_ctx *c)
{
	cli_report_of(c, &c->s);
}

void put_stale(const struct outputs *o, FILE *to)
{
	for (size_t i = 0; i < o->files.n; i++) {
		const struct out_file *f = &o->files.v[i];

		if (f->stale)
			print_text(to, "%s " SV_FMT "\n",
				   f->text.p == NULL  ? "obsolete:"
				   : f->old.p == NULL ? "missing:"
						      : "stale:",
				   SV_ARG(f->path));
	}
}

void put_left(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].left)
			print_text(stderr, "not written: " SV_FMT "\n",
				   SV_ARG(o->files.v[i].path));
}
