/* zoneloom diff: the records that change between two states. */
#include "cli/reports.h"

static int print(struct cli_ctx *c, struct report_ctx *ctx)
{
	bool changed = false;

	ctx->mem = c->s.mem;
	ctx->diags = &c->s.diags;
	ctx->color = c->color;
	ctx->classify = cli_has(c, "classify");
	diags_sort(&c->s.diags);
	if (reports_print(c, ctx) < 0)
		return cli_status(c, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	for (size_t i = 0; i < ctx->zones.list.n; i++)
		changed |= ctx->zones.list.v[i].changes.list.n > 0;
	return status_of_changes(c, changed,
				 cli_has(c, "exit-code") ? EXIT_DIFFERENT
							 : EXIT_SAME);
}

/* The snapshot's manifests against its own outputs. */
static int diff_outputs(struct cli_ctx *c)
{
	struct report_ctx ctx = { 0 };
	struct derived d;
	struct outputs o;

	if (derive(&c->s, &d) < 0 || outputs_make(&c->s, &d, &o) < 0)
		return cli_status(c, EXIT_ENV);
	ctx.zones = o.zones;
	return print(c, &ctx);
}

/* The other side's findings belong to it; its faults stop us. */
static int open_side(struct cli_ctx *c, const char *rev, struct session *side,
		     struct derived *d)
{
	if (session_open_rev(&c->s, rev, side) == 0 && derive(side, d) == 0)
		return 0;
	cli_report_of(c, side);
	return status_of(side, EXIT_ENV);
}

static int diff_sides(struct cli_ctx *c, const char *a, const char *b)
{
	struct report_ctx ctx = { 0 };
	struct session left, right;
	struct derived have, want;
	int rc = open_side(c, a, &left, &have);

	if (rc != 0)
		return rc;
	if (b != NULL) {
		rc = open_side(c, b, &right, &want);
		if (rc != 0)
			return rc;
		if (session_has_config(&right, &left) < 0) {
			cli_report_of(c, &right);
			return status_of(&right, EXIT_USAGE);
		}
		diags_merge(&c->s.diags, &right.diags);
		c->s.snapshot = right.snapshot;
	} else {
		rc = cli_open(c);
		if (rc == 0 && derive(&c->s, &want) < 0)
			rc = cli_status(c, EXIT_ENV);
		if (rc != 0)
			return rc;
	}
	plan_changes(c->s.mem, &have.plan, &want.plan, &ctx.zones);
	return print(c, &ctx);
}

/* "A...B" is what B did since it left A, as git diff has it. */
static int diff_range(struct cli_ctx *c, struct sv range)
{
	size_t dots = sv_find(range, SV("..."));
	const char *a = arena_str(c->s.mem, sv_head(range, dots));
	const char *b = arena_str(c->s.mem, sv_from(range, dots + 3));
	struct sv base;

	if (b[0] == '\0')
		b = "HEAD";
	if (a[0] == '\0')
		a = "HEAD";
	if (repo_merge_base(c->s.mem, &c->s.spec, a, b, &c->s.fault, &base) < 0)
		return cli_status(c, EXIT_ENV);
	return diff_sides(c, base.p, b);
}

/* Two revisions leave no side that a snapshot flag could name. */
static int check_sides(struct cli_ctx *c)
{
	static const char *const flags[] = { "worktree", "index", "rev", "dir",
					     "stdin" };
	bool both =
		c->args.list.n == 2 ||
		(c->args.list.n == 1 && sv_has(c->args.list.v[0], SV("...")));

	for (size_t i = 0; both && i < sizeof(flags) / sizeof(flags[0]); i++)
		if (cli_has(c, flags[i]))
			return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
					 "diff of two revisions does not take "
					 "--%s; diff A and diff do",
					 flags[i]);
	return 0;
}

static int diff(struct cli_ctx *c)
{
	const struct sv *args = c->args.list.v;

	if (check_sides(c) < 0)
		return EXIT_USAGE;

	if (c->args.list.n == 0) {
		int rc = cli_open(c);

		return rc != 0 ? rc : diff_outputs(c);
	}
	if (c->args.list.n == 1 && sv_has(args[0], SV("...")))
		return diff_range(c, args[0]);
	return diff_sides(c, arena_str(c->s.mem, args[0]),
			  c->args.list.n == 2 ? arena_str(c->s.mem, args[1])
					      : NULL);
}

int cmd_diff(struct cli_ctx *c)
{
	int rc = diff(c);

	(void)fflush(stdout);
	cli_report(c);
	return rc;
}
