/*
 * zoneloom gate: a pull request judged by the policy of its base.
 *
 * Manifests of both ends are derived under one configuration, that of
 * --policy-rev (default: BASE), so that a pull request cannot loosen the
 * rules it is judged by.  No outputs are needed.
 */
#include "cli/reports.h"

struct range {
	const char *base, *head; /* as they were typed */
	const char *merge_base;
};

/* Without an argument: what this branch did since it left its upstream's. */
static int parse_range(struct cli_ctx *c, struct range *out)
{
	struct session *s = &c->s;
	struct sv text = c->args.list.n > 0 ? c->args.list.v[0]
					    : SV("origin/HEAD...HEAD");
	size_t dots = sv_find(text, SV("..."));
	struct sv base;

	if (c->args.list.n > 1 || dots == text.n || dots == 0)
		return fault_set(&s->fault, s->mem, FAULT_USAGE,
				 "gate: BASE...HEAD is wanted, such as "
				 "origin/main...HEAD");
	out->base = arena_str(s->mem, sv_head(text, dots));
	out->head = arena_str(s->mem, sv_from(text, dots + 3));
	if (out->head[0] == '\0')
		out->head = "HEAD";
	if (repo_merge_base(s->mem, &s->spec, out->base, out->head, &s->fault,
			    &base) < 0)
		return -1;
	out->merge_base = base.p;
	return 0;
}

static int fail(const struct cli_ctx *c, struct session *s)
{
	cli_report_of(c, s);
	return status_of(s, EXIT_ENV);
}

/* A revision under another's configuration: what is wrong with its own is
 * for its reviewers to see. */
static int open_under(const struct cli_ctx *c, const char *rev,
		      const struct session *policy, struct session *out)
{
	int rc = session_open_rev(&c->s, rev, out);

	if (policy->config.file.n == 0)
		return rc < 0 ? fail(c, out) : 0;
	if (rc < 0 && status_of(out, EXIT_ENV) != EXIT_USAGE)
		return fail(c, out);
	out->config = policy->config;
	out->diags = (struct diags){ .mem = out->mem };
	out->fault = (struct fault){ 0 };
	return 0;
}

static int open_policy(struct cli_ctx *c, const struct range *range,
		       struct session *policy)
{
	const char *rev =
		cli_has(c, "policy-rev")
			? arena_str(c->s.mem, cli_flag(c, "policy-rev"))
			: range->base;

	return session_open_rev(&c->s, rev, policy) < 0 ? fail(c, policy) : 0;
}

/* Where the base has no configuration yet, the head's own judges. */
static int derive_both(struct cli_ctx *c, const struct range *range,
		       struct session *head, struct derived *have,
		       struct derived *want)
{
	struct session policy, base;
	int rc = open_policy(c, range, &policy);

	if (rc == 0)
		rc = open_under(c, range->head, &policy, head);
	if (rc == 0)
		rc = open_under(c, range->merge_base, head, &base);
	if (rc != 0)
		return rc;
	if (derive(&base, have) < 0)
		return fail(c, &base);
	return derive(head, want) < 0 ? fail(c, head) : 0;
}

static int gate(struct cli_ctx *c)
{
	struct report_ctx ctx = { .mem = c->s.mem,
				  .color = c->color,
				  .classify = cli_has(c, "classify") };
	struct range range;
	struct session head;
	struct derived have, want;
	bool changed = false;
	int rc;

	if (parse_range(c, &range) < 0)
		return cli_status(c, EXIT_USAGE);
	rc = derive_both(c, &range, &head, &have, &want);
	if (rc != 0)
		return rc;
	diags_merge(&c->s.diags, &head.diags);
	c->s.snapshot = head.snapshot;
	diags_sort(&c->s.diags);
	ctx.diags = &c->s.diags;
	plan_changes(c->s.mem, &have.plan, &want.plan, &ctx.zones);
	if (reports_print(c, &ctx) < 0)
		return EXIT_USAGE;
	for (size_t i = 0; i < ctx.zones.list.n; i++)
		changed |= ctx.zones.list.v[i].changes.list.n > 0;
	if (c->s.diags.errors == 0 &&
	    cli_brake(c, &head.config, &ctx.zones) < 0)
		return cli_status(c, EXIT_STOP);
	return status_of_changes(c, changed, EXIT_SAME);
}

int cmd_gate(struct cli_ctx *c)
{
	int rc = gate(c);

	(void)fflush(stdout);
	cli_report(c);
	return rc;
}
