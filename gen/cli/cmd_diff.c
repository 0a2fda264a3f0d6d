/* zoneloom diff: the records that change between two states. */
#include "cli/reports.h"

static int print(struct cli_ctx *c, struct report_ctx *ctx)
{
	bool changed = false;

	ctx->mem = c->s.mem;
	ctx->diags = &c->s.diags;
	ctx->color = c->color;
	ctx->quiet = c->quiet;
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

static const struct zone_plan *plan_zone(const struct plan *p, struct sv key)
{
	for (size_t i = 0; i < p->zones.n; i++)
		if (sv_eq(p->zones.v[i].zone->key, key))
			return &p->zones.v[i];
	return NULL;
}

/* Those of the zones that --zone leaves. */
static void wanted_changes(struct cli_ctx *c, const struct plan *have,
			   const struct plan *want,
			   struct zone_changes_list *out)
{
	struct zone_changes_list all = { 0 };

	plan_changes(c->s.mem, have, want, &all);
	for (size_t i = 0; i < all.list.n; i++)
		if (all.list.v[i].zone != NULL &&
		    session_wants_zone(&c->s, all.list.v[i].zone))
			*VEC_ADD(c->s.mem, &out->list) = all.list.v[i];
}

static int put_update(struct cli_ctx *c, const struct zone *zone,
		      const struct zone_plan *have,
		      const struct zone_plan *want)
{
	struct sv text;

	if (!session_wants_zone(&c->s, zone))
		return 0;
	if (nsupdate_write(c->s.mem, &c->s.diags, zone, have, want, &text) < 0)
		return -1;
	print_whole(stdout, text);
	return 0;
}

/* A script that is applied changes DNS: nothing of it is printed while there
 * is an error on either side, and the brake holds it as it holds any output. */
static int print_updates(struct cli_ctx *c, const struct session *left,
			 const struct plan *have, const struct plan *want)
{
	struct zone_changes_list changes = { 0 };
	bool changed = false;

	diags_merge(&c->s.diags, &left->diags);
	if (c->s.diags.errors > 0)
		return cli_status(c, EXIT_INPUT);
	wanted_changes(c, have, want, &changes);
	if (cli_one_view(c, want, "diff -o nsupdate") < 0 ||
	    cli_brake(c, &c->s.config, &changes) < 0)
		return cli_status(c, EXIT_USAGE);
	for (size_t i = 0; i < want->zones.n; i++) {
		const struct zone_plan *w = &want->zones.v[i];

		if (put_update(c, w->zone, plan_zone(have, w->zone->key), w) <
		    0)
			return cli_status(c, EXIT_INPUT);
	}
	for (size_t i = 0; i < have->zones.n; i++)
		if (plan_zone(want, have->zones.v[i].zone->key) == NULL &&
		    put_update(c, have->zones.v[i].zone, &have->zones.v[i],
			       NULL) < 0)
			return cli_status(c, EXIT_INPUT);
	for (size_t i = 0; i < changes.list.n; i++)
		changed |= changes.list.v[i].changes.list.n > 0;
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

	if (derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (outputs_make(&c->s, &d, &o) < 0)
		return cli_status(c, EXIT_ENV);
	ctx.zones = o.zones;
	reports_records(&c->s, &d, &ctx);
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

static int print_sides(struct cli_ctx *c, const struct session *left,
		       const struct plan *have, const struct derived *to)
{
	const struct plan *want = &to->plan;
	struct report_ctx ctx = { 0 };

	if (cli_has(c, "output") &&
	    sv_eq(cli_flag(c, "output"), SV("nsupdate")))
		return print_updates(c, left, have, want);
	plan_changes(c->s.mem, have, want, &ctx.zones);
	published_changes(c->s.mem, have, want, &ctx.remarks);
	reports_records(&c->s, to, &ctx);
	return print(c, &ctx);
}

static int diff_sides(struct cli_ctx *c, const char *a, const char *b)
{
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
		c->s.config = right.config;
	} else {
		rc = cli_open(c);
		if (rc == 0 && derive(&c->s, &want) < 0)
			rc = cli_status(c, EXIT_ENV);
		if (rc != 0)
			return rc;
	}
	return print_sides(c, &left, &have.plan, &want);
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
					 "--%s; use diff or diff A",
					 flags[i]);
	return 0;
}

/* -o: text, or a script between two states of the manifests. */
static int check_format(struct cli_ctx *c)
{
	struct sv format = cli_flag(c, "output");

	if (!cli_has(c, "output") || sv_eq(format, SV("text")))
		return 0;
	if (!sv_eq(format, SV("nsupdate")))
		return fault_set(
			&c->s.fault, c->s.mem, FAULT_USAGE,
			"invalid -o \"" SV_FMT
			"\": expected text or nsupdate%s",
			SV_ARG(format),
			did_you_mean(c->s.mem, format, SV("text nsupdate")));
	if (cli_has(c, "report"))
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "diff -o nsupdate prints a script and takes "
				 "no --report");
	if (c->args.list.n > 0)
		return 0;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "diff -o nsupdate compares the manifests of two revisions");
	fault_hint(&c->s.fault, c->s.mem,
		   "zoneloom diff -o nsupdate A B, A what is served now");
	return -1;
}

static int diff(struct cli_ctx *c)
{
	const struct sv *args = c->args.list.v;

	if (check_sides(c) < 0 || check_format(c) < 0)
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

	held_release(c->held);
	cli_report(c);
	return rc;
}
