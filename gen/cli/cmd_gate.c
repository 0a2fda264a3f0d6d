/*
 * zoneloom gate: a pull request judged by the policy of its base.
 *
 * Manifests of both ends are derived under one configuration, that of
 * --policy-rev (default: the base), so that a pull request cannot loosen the
 * rules it is judged by.  No outputs are needed.
 */
#include "cli/reports.h"

struct range {
	const char *base, *head; /* head NULL: the snapshot of the flags */
};

/* Nothing said: what this branch did since it left its upstream's. */
static int parse_range(struct run *r, struct range *out)
{
	struct sv text = r->args.list.n > 0 ? r->args.list.v[0]
					    : SV("origin/HEAD...HEAD");
	size_t dots = sv_find(text, SV("..."));
	struct sv base;

	if (r->args.list.n > 1 || dots == text.n || dots == 0)
		return fault_set(&r->fault, r->mem, FAULT_USAGE,
				 "gate: BASE...HEAD is wanted, such as "
				 "origin/main...HEAD");
	out->base = arena_str(r->mem, sv_head(text, dots));
	out->head = arena_str(r->mem, sv_from(text, dots + 3));
	if (out->head[0] == '\0')
		out->head = "HEAD";
	if (repo_merge_base(r->mem, &r->spec, out->base, out->head, &r->fault,
			    &base) < 0)
		return -1;
	out->base = base.p;
	return 0;
}

/* The policy's configuration; where the base has none yet, the head's own. */
static int open_policy(struct run *r, const struct range *range,
		       struct run *head)
{
	const char *rev = run_has(r, "policy-rev")
				  ? arena_str(r->mem, run_flag(r, "policy-rev"))
				  : range->base;
	struct run policy;
	int rc = run_open_rev(r, rev, &policy);

	if (rc != 0) {
		run_report(&policy);
		return rc;
	}
	rc = run_open_rev(r, range->head, head);
	if (policy.config.file.n > 0) {
		head->config = policy.config;
		/* The head's own file may be broken: its reviewers see that,
		 * the judgement does not depend on it. */
		if (rc == EXIT_USAGE)
			rc = 0;
		head->diags = (struct diags){ .mem = r->mem };
	}
	if (rc != 0)
		run_report(head);
	return rc;
}

static int derive_base(struct run *r, const struct range *range,
		       const struct config *policy, struct derived *out)
{
	struct run base;
	int rc = run_open_rev(r, range->base, &base);

	if (rc == EXIT_USAGE)
		rc = 0;
	if (rc == 0) {
		base.config = *policy;
		base.diags = (struct diags){ .mem = r->mem };
		if (derive(&base, out) < 0)
			rc = run_status(&base, EXIT_ENV);
	}
	if (rc != 0)
		run_report(&base);
	return rc;
}

static int brake(struct run *r, const struct config *c,
		 const struct report_ctx *ctx)
{
	long long deletes, changes;

	if (run_number(r, "allow-deletes", &deletes) < 0 ||
	    run_number(r, "allow-changes", &changes) < 0)
		return EXIT_USAGE;
	for (size_t i = 0; i < ctx->zones.n; i++) {
		const struct changes *ch = &ctx->zones.v[i].changes;
		struct sv reason;

		if (brake_check(r->mem, c, ch,
				ch->before + ch->added - ch->deleted, deletes,
				changes, &reason) < 0) {
			fault_file(&r->fault, r->mem, FAULT_STOP, SV_FMT,
				   SV_ARG(reason));
			return EXIT_STOP;
		}
	}
	return 0;
}

static int gate(struct run *r)
{
	struct report_ctx ctx = { .mem = r->mem,
				  .color = r->color,
				  .classify = run_has(r, "classify") };
	struct range range;
	struct run head;
	struct derived have, want;
	bool changed = false;
	int rc;

	r->spec.trust_repo = run_has(r, "trust-repo");
	if (parse_range(r, &range) < 0)
		return run_status(r, EXIT_USAGE);
	rc = open_policy(r, &range, &head);
	if (rc == 0)
		rc = derive_base(r, &range, &head.config, &have);
	if (rc != 0)
		return rc;
	if (derive(&head, &want) < 0) {
		run_report(&head);
		return run_status(&head, EXIT_ENV);
	}
	diags_merge(&r->diags, &head.diags);
	r->snapshot = head.snapshot;
	diags_sort(&r->diags);
	ctx.diags = &r->diags;
	plan_changes(r->mem, &have.plan, &want.plan, &ctx);
	if (reports_print(r, &ctx) < 0)
		return EXIT_USAGE;
	for (size_t i = 0; i < ctx.zones.n; i++)
		changed |= ctx.zones.v[i].changes.list.n > 0;
	if (r->diags.errors > 0)
		return status_of_changes(r, changed, EXIT_SAME);
	rc = brake(r, &head.config, &ctx);
	return rc != 0 ? rc : status_of_changes(r, changed, EXIT_SAME);
}

int cmd_gate(struct run *r)
{
	int rc = gate(r);

	(void)fflush(stdout);
	run_report(r);
	return rc;
}
