/* zoneloom lint: findings about hosts that no record shows. */
#include "cli/reports.h"
#include "lint/lint.h"

static int report(struct cli_ctx *c, const struct derived *d,
		  const struct diags *found)
{
	struct diags all = { .mem = c->s.mem };
	struct report_ctx ctx = { .mem = c->s.mem,
				  .diags = &all,
				  .found = found,
				  .color = c->color };

	reports_records(&c->s, d, &ctx);
	diags_merge(&all, &c->s.diags);
	diags_merge(&all, found);
	diags_sort(&all);
	return reports_print(c, &ctx);
}

static int lint(struct cli_ctx *c)
{
	struct diags found = { .mem = c->s.mem };
	struct objects objects = { 0 };
	struct strings charts = { 0 };
	struct derived d;
	struct lint_ctx ctx = { .mem = c->s.mem,
				.found = &found,
				.warned = &c->s.diags,
				.config = &c->s.config,
				.objects = &objects,
				.charts = &charts,
				.plan = &d.plan };

	if (derive(&c->s, &d) < 0 ||
	    derive_objects(&c->s, lint_kinds, &objects) < 0 ||
	    derive_charts(&c->s, &charts) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	lint_all(&ctx);
	if (report(c, &d, &found) < 0)
		return cli_status(c, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	return cli_status(c, found.list.n > 0 ? EXIT_DIFFERENT : EXIT_SAME);
}

int cmd_lint(struct cli_ctx *c)
{
	int rc = cli_reads_all(c) < 0 ? EXIT_USAGE : cli_open(c);

	if (rc == 0)
		rc = lint(c);
	held_release(c->held);
	cli_report(c);
	return rc;
}
