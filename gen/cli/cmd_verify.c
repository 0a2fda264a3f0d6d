/* zoneloom verify: do name servers serve what the snapshot says?  The one
 * command that uses the network; it says whom it asks. */
#include <unistd.h>

#include "base/clock.h"
#include "base/words.h"
#include "cli/reports.h"
#include "endpoint/ttl.h"
#include "verify/verify.h"

enum {
	DNS_PORT = 53,
	/* Between two rounds of --wait: the first pause, and the longest. */
	PAUSE_MS = 1000,
	LONGEST_PAUSE_MS = 15 * 1000,
};

/* Every value of a repeatable flag. */
static struct strings values_of(struct cli_ctx *c, const char *flag)
{
	struct strings out = { 0 };

	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, sv_of(flag)))
			*VEC_ADD(c->s.mem, &out.list) =
				c->cli_flags.list.v[i].value;
	return out;
}

static int usage_fault(struct cli_ctx *c, const char *flag,
		       const char *expected)
{
	return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
			 "invalid --%s \"" SV_FMT "\": expected %s", flag,
			 SV_ARG(cli_flag(c, flag)), expected);
}

static int read_flags(struct cli_ctx *c, struct verify_options *opt,
		      int64_t *wait)
{
	struct sv format = cli_flag(c, "output");
	unsigned long long port = DNS_PORT;

	*wait = 0;
	if (cli_has(c, "output") && !sv_eq(format, SV("text")) &&
	    !sv_eq(format, SV("json")))
		return usage_fault(c, "output", "text or json");
	if (cli_has(c, "output") && cli_has(c, "report"))
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "verify takes -o or --report, not both");
	if (cli_has(c, "port") &&
	    (!sv_number(cli_flag(c, "port"), UINT16_MAX, &port) || port == 0))
		return usage_fault(c, "port", "1 to 65535");
	if (cli_has(c, "wait") &&
	    (!duration_parse(cli_flag(c, "wait"), wait) || *wait < 0))
		return usage_fault(c, "wait", "a duration such as 90s or 5m");
	*opt = (struct verify_options){ .servers = values_of(c, "server"),
					.resolvers = values_of(c, "resolver"),
					.port = (unsigned)port,
					.dangling = cli_has(c, "dangling") };
	return 0;
}

static int add_zones(struct cli_ctx *c, const struct plan *plan,
		     struct verify *v)
{
	if (plan->zones.n == 0)
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "verify: missing zone; add --zone ZONE");
	if (cli_one_view(c, plan, "verify") < 0)
		return -1;
	for (size_t i = 0; i < plan->zones.n; i++)
		if (session_wants_zone(&c->s, plan->zones.v[i].zone) &&
		    verify_add(v, &plan->zones.v[i]) < 0)
			return -1;
	return 0;
}

static void put_asks(struct cli_ctx *c, const struct verify *v)
{
	struct strings lines = { 0 };

	if (c->quiet)
		return;
	verify_asks(v, &lines);
	for (size_t i = 0; i < lines.list.n; i++)
		print_text(stderr, SV_FMT "\n", SV_ARG(lines.list.v[i]));
}

static void sleep_ms(int64_t ms)
{
	(void)usleep((useconds_t)(ms * 1000));
}

/* Again, with longer and longer pauses, until all is right or time is up. */
static int ask(struct cli_ctx *c, struct verify *v, int64_t wait_s)
{
	int64_t end = clock_ms() + wait_s * 1000, pause = PAUSE_MS;
	int rc = verify_round(v);

	while (rc == 0 && verify_findings(v) > 0 && clock_ms() < end) {
		int64_t left = end - clock_ms();

		if (pause == PAUSE_MS && !c->quiet)
			print_text(
				stderr,
				"not yet: " SV_FMT
				"; asking again for up to %lld s\n",
				SV_ARG(words_count(c->s.mem, verify_findings(v),
						   "finding", NULL)),
				(long long)(left / 1000));
		sleep_ms(pause < left ? pause : left);
		pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2
						     : LONGEST_PAUSE_MS;
		rc = verify_round(v);
	}
	return rc;
}

/* Of the input and of the servers; the latter are the result. */
static int report(struct cli_ctx *c, struct verify *v)
{
	struct diags all = { .mem = c->s.mem };
	struct verify_results results = { 0 };
	struct report_ctx ctx = { .mem = c->s.mem,
				  .diags = &all,
				  .found = &v->found,
				  .verify = &results,
				  .color = c->color };

	diags_merge(&all, &c->s.diags);
	diags_merge(&all, &v->found);
	diags_sort(&all);
	verify_summary(v, &ctx.remarks);
	verify_results(v, &results);
	if (!sv_eq(cli_flag(c, "output"), SV("json")))
		return reports_print(c, &ctx);
	report_find(SV("json"))->write(&ctx, stdout);
	return 0;
}

static int verify(struct cli_ctx *c)
{
	struct verify_options opt;
	struct verify v = { .mem = c->s.mem,
			    .fault = &c->s.fault,
			    .opt = &opt,
			    .config = &c->s.config,
			    .progress = { .on = c->opt.progress } };
	struct derived d;
	int64_t wait;

	if (read_flags(c, &opt, &wait) < 0)
		return EXIT_USAGE;
	if (derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (add_zones(c, &d.plan, &v) < 0)
		return cli_status(c, EXIT_ENV);
	put_asks(c, &v);
	if (ask(c, &v, wait) < 0)
		return cli_status(c, EXIT_ENV);
	if (report(c, &v) < 0)
		return cli_status(c, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							       : EXIT_ENV;
	return cli_status(c,
			  verify_findings(&v) > 0 ? EXIT_DIFFERENT : EXIT_SAME);
}

int cmd_verify(struct cli_ctx *c)
{
	int rc;

	/* The one file outside of the repository that it reads. */
	sandbox_add(c->s.mem, &c->confinement.box, "/etc/resolv.conf",
		    SANDBOX_READ);
	rc = cli_reads_all(c) < 0 ? EXIT_USAGE : cli_open(c);

	if (rc == 0)
		rc = verify(c);
	held_release(c->held);
	cli_report(c);
	return rc;
}
