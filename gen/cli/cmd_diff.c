/* zoneloom diff: the records that change between two states. */
#include "cli/outputs.h"
#include "cli/reports.h"

static int print(struct run *r, struct report_ctx *ctx)
{
	bool changed = false;

	ctx->mem = r->mem;
	ctx->diags = &r->diags;
	ctx->color = r->color;
	ctx->classify = run_has(r, "classify");
	diags_sort(&r->diags);
	if (reports_print(r, ctx) < 0)
		return run_status(r, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	for (size_t i = 0; i < ctx->zones.n; i++)
		changed |= ctx->zones.v[i].changes.list.n > 0;
	return status_of_changes(r, changed,
				 run_has(r, "exit-code") ? EXIT_DIFFERENT
							 : EXIT_SAME);
}

/* The snapshot's manifests against its own outputs. */
static int diff_outputs(struct run *r)
{
	struct report_ctx ctx = { 0 };
	struct derived d;
	struct outputs o;

	if (derive(r, &d) < 0 || outputs_make(r, &d, &o) < 0)
		return run_status(r, EXIT_ENV);
	for (size_t i = 0; i < o.zones.n; i++)
		*VEC_ADD(r->mem, &ctx.zones) = o.zones.v[i];
	return print(r, &ctx);
}

/* The other side's findings belong to it; its faults stop us. */
static int open_side(struct run *r, const char *rev, struct run *side,
		     struct derived *d)
{
	int rc = run_open_rev(r, rev, side);

	if (rc == 0 && derive(side, d) < 0)
		rc = run_status(side, EXIT_ENV);
	if (rc != 0)
		run_report(side);
	return rc;
}

static int diff_sides(struct run *r, const char *a, const char *b)
{
	struct report_ctx ctx = { 0 };
	struct run left, right;
	struct derived have, want;
	int rc = open_side(r, a, &left, &have);

	if (rc != 0)
		return rc;
	if (b != NULL) {
		rc = open_side(r, b, &right, &want);
		if (rc != 0)
			return rc;
		diags_merge(&r->diags, &right.diags);
		r->snapshot = right.snapshot;
	} else {
		rc = run_open(r);
		if (rc == 0 && derive(r, &want) < 0)
			rc = run_status(r, EXIT_ENV);
		if (rc != 0)
			return rc;
	}
	plan_changes(r->mem, &have.plan, &want.plan, &ctx);
	return print(r, &ctx);
}

/* "A...B" is what B did since it left A, as git diff has it. */
static int diff_range(struct run *r, struct sv range)
{
	size_t dots = sv_find(range, SV("..."));
	const char *a = arena_str(r->mem, sv_head(range, dots));
	const char *b = arena_str(r->mem, sv_from(range, dots + 3));
	struct sv base;

	if (b[0] == '\0')
		b = "HEAD";
	if (a[0] == '\0')
		a = "HEAD";
	if (repo_merge_base(r->mem, &r->spec, a, b, &r->fault, &base) < 0)
		return run_status(r, EXIT_ENV);
	return diff_sides(r, base.p, b);
}

static int diff(struct run *r)
{
	const struct sv *args = r->args.list.v;

	if (r->args.list.n == 0) {
		int rc = run_open(r);

		return rc != 0 ? rc : diff_outputs(r);
	}
	if (r->args.list.n > 2) {
		fault_file(&r->fault, r->mem, FAULT_USAGE,
			   "diff takes no argument, A, A B or A...B");
		return EXIT_USAGE;
	}
	if (r->args.list.n == 1 && sv_has(args[0], SV("...")))
		return diff_range(r, args[0]);
	return diff_sides(r, arena_str(r->mem, args[0]),
			  r->args.list.n == 2 ? arena_str(r->mem, args[1])
					      : NULL);
}

int cmd_diff(struct run *r)
{
	int rc = diff(r);

	(void)fflush(stdout);
	run_report(r);
	return rc;
}
