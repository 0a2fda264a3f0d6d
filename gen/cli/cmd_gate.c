/*
 * zoneloom gate: what merging a pull request would publish, judged by the
 * policy of the branch that it goes into.  No outputs are needed.
 */
#include "cli/reports.h"

/* Without an argument: what merging this branch into its upstream's default
 * branch would do. */
static int parse_range(struct cli_ctx *c, struct gate_request *out)
{
	struct session *s = &c->s;
	struct sv text = c->args.list.n > 0 ? c->args.list.v[0]
					    : SV("origin/HEAD...HEAD");
	size_t dots = sv_find(text, SV("..."));

	if (c->args.list.n > 1 || dots == text.n || dots == 0)
		return fault_set(&s->fault, s->mem, FAULT_USAGE,
				 "gate: expected BASE...HEAD, such as "
				 "origin/main...HEAD");
	out->base = arena_str(s->mem, sv_head(text, dots));
	out->head = arena_str(s->mem, sv_from(text, dots + 3));
	if (out->head[0] == '\0')
		out->head = "HEAD";
	return 0;
}

static int run_gate(struct cli_ctx *c, const struct gate_request *q,
		    struct gate *g)
{
	if (gate_make(&c->s, q, g) == 0)
		return 0;
	cli_report_of(c, g->failed);
	return status_of(g->failed, EXIT_ENV);
}

static int report(struct cli_ctx *c, const struct gate_request *q,
		  const struct gate *g)
{
	struct report_ctx ctx = { .mem = c->s.mem,
				  .diags = &c->s.diags,
				  .zones = g->changes,
				  .policy = &g->policy_changes,
				  .drift = &g->drift,
				  .color = c->color,
				  .quiet = c->quiet,
				  .classify = cli_has(c, "classify") };

	gate_remarks(g, q, &ctx.remarks);
	reports_records(&c->s, &g->want, &ctx);
	if (reports_print(c, &ctx) == 0)
		return 0;
	return c->s.fault.kind != FAULT_NONE ? cli_status(c, EXIT_ENV)
					     : EXIT_USAGE;
}

/* Into the work tree, for the next commit. */
static int write_baseline(struct cli_ctx *c, const struct gate *g)
{
	struct session *s = &c->s;
	struct sv path = g->merged.config.baseline;
	struct file_change file = { .path = path, .text = gate_baseline(g) };
	int rc;

	if (path.n == 0) {
		fault_file(&s->fault, s->mem, FAULT_USAGE,
			   "--write-baseline: missing baseline in the "
			   "configuration");
		fault_hint(&s->fault, s->mem,
			   "baseline: FILE in .zoneloom.yaml");
		return -1;
	}
	if (snapshot_open(s->mem, &s->spec, &s->diags, &s->fault,
			  &s->snapshot) < 0)
		return -1;
	rc = snapshot_write(s->snapshot, &file, 1, false, &s->fault);
	if (rc == 0 && file.done && !c->quiet)
		print_text(stderr, "wrote " SV_FMT "\n", SV_ARG(path));
	return rc;
}

/* A flag wins over a trailer. */
static void take_release(struct cli_ctx *c, const struct gate *g)
{
	if (c->release.deletes < 0)
		c->release.deletes = g->release.deletes;
	if (c->release.changes < 0)
		c->release.changes = g->release.changes;
}

int gate_judge(struct cli_ctx *c, const struct gate_request *q)
{
	struct gate g;
	int rc = run_gate(c, q, &g);

	if (rc != 0)
		return rc;
	confine(&c->s);
	if (cli_has(c, "write-baseline"))
		return write_baseline(c, &g) < 0 ? cli_status(c, EXIT_ENV) : 0;
	take_release(c, &g);
	diags_merge(&c->s.diags, &g.merged.diags);
	c->s.snapshot = g.merged.snapshot;
	diags_sort(&c->s.diags);
	rc = report(c, q, &g);
	if (rc != 0)
		return rc;
	if (c->s.diags.errors == 0 &&
	    cli_brake(c, &g.merged.config, &g.counted) < 0)
		return cli_status(c, EXIT_STOP);
	return status_of_changes(c, zones_changed(&g.changes), EXIT_SAME);
}

static int gate(struct cli_ctx *c)
{
	struct gate_request q = {
		.all = cli_has(c, "all"),
		.allow_policy_change = cli_has(c, "allow-policy-change"),
	};

	if (cli_has(c, "policy-rev"))
		q.policy_rev = arena_str(c->s.mem, cli_flag(c, "policy-rev"));
	if (parse_range(c, &q) < 0)
		return cli_status(c, EXIT_USAGE);
	return gate_judge(c, &q);
}

int cmd_gate(struct cli_ctx *c)
{
	int rc = gate(c);

	held_release(c->held);
	cli_report(c);
	return rc;
}
