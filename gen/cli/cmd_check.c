/* zoneloom check: are the outputs of this snapshot what it would write? */
#include "cli/reports.h"

static void fill_report(struct cli_ctx *c, const struct outputs *o,
			struct report_ctx *ctx)
{
	*ctx = (struct report_ctx){ .mem = c->s.mem,
				    .diags = &c->s.diags,
				    .zones = o->zones,
				    .color = c->color,
				    .quiet = c->quiet,
				    .classify = cli_has(c, "classify") };
	diags_sort(&c->s.diags);
}

static int check(struct cli_ctx *c)
{
	struct report_ctx ctx;
	struct derived d;
	struct outputs o;

	if (derive(&c->s, &d) < 0 || outputs_ignored(&c->s, DIAG_WARNING) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (cli_outputs(c, &d, &o) < 0)
		return cli_status(c, EXIT_ENV);
	fill_report(c, &o, &ctx);
	reports_records(&c->s, &d, &ctx);
	if (reports_print(c, &ctx) < 0)
		return cli_status(c, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	if (c->s.diags.errors == 0) {
		put_stale(&o, stderr);
		if (outputs_stale(&o) && !c->quiet)
			fputs("next: zoneloom generate, then commit the "
			      "result\n",
			      stderr);
	}
	return status_of_changes(c, outputs_stale(&o), EXIT_DIFFERENT);
}

int cmd_check(struct cli_ctx *c)
{
	int rc = cli_reads_all(c) < 0 ? EXIT_USAGE : cli_open(c);

	if (rc == 0)
		rc = check(c);
	held_release(c->held);
	cli_report(c);
	return rc;
}
