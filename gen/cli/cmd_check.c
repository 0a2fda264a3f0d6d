/* zoneloom check: are the outputs of this snapshot what it would write? */
#include "cli/outputs.h"
#include "cli/reports.h"

static void fill_report(struct run *r, const struct outputs *o,
			struct report_ctx *ctx)
{
	*ctx = (struct report_ctx){ .mem = r->mem,
				    .diags = &r->diags,
				    .color = r->color,
				    .classify = run_has(r, "classify") };
	for (size_t i = 0; i < o->zones.n; i++)
		*VEC_ADD(r->mem, &ctx->zones) = o->zones.v[i];
	diags_sort(&r->diags);
}

static int check(struct run *r)
{
	struct report_ctx ctx;
	struct derived d;
	struct outputs o;

	if (derive(r, &d) < 0 || outputs_make(r, &d, &o) < 0)
		return run_status(r, EXIT_ENV);
	fill_report(r, &o, &ctx);
	if (reports_print(r, &ctx) < 0)
		return run_status(r, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	if (r->diags.errors == 0) {
		outputs_put_stale(r, &o, stderr);
		if (outputs_stale(&o) && !r->quiet)
			fputs("next: zoneloom generate, then commit the "
			      "result\n",
			      stderr);
		if (outputs_brake(r, &o) < 0)
			return run_status(r, EXIT_STOP);
	}
	return status_of_changes(r, outputs_stale(&o), EXIT_DIFFERENT);
}

int cmd_check(struct run *r)
{
	int rc = run_open(r);

	if (rc == 0)
		rc = check(r);
	(void)fflush(stdout);
	run_report(r);
	return rc;
}
