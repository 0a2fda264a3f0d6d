/* From flags to the session that they ask for. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

static const struct {
	const char *flag;
	enum snapshot_kind kind;
} snapshot_flags[] = {
	{ "worktree", SNAPSHOT_WORKTREE }, { "index", SNAPSHOT_INDEX },
	{ "rev", SNAPSHOT_REV },	   { "dir", SNAPSHOT_DIR },
	{ "stdin", SNAPSHOT_WORKTREE },
};

static int choose_kind(struct cli_ctx *c)
{
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(snapshot_flags) / sizeof(*snapshot_flags);
	     i++) {
		const char *flag = snapshot_flags[i].flag;

		if (!cli_has(c, flag))
			continue;
		if (first != NULL)
			return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
					  "--%s and --%s: only one snapshot "
					  "can be read",
					  first, flag);
		first = flag;
		c->s.spec.kind = snapshot_flags[i].kind;
	}
	return 0;
}

static int spec_from_flags(struct cli_ctx *c)
{
	struct snapshot_spec *spec = &c->s.spec;

	if (choose_kind(c) < 0)
		return -1;
	if (spec->kind == SNAPSHOT_REV)
		spec->rev = arena_str(c->s.mem, cli_flag(c, "rev"));
	if (spec->kind == SNAPSHOT_REV && strcmp(spec->rev, ":") == 0)
		spec->kind = SNAPSHOT_INDEX;
	if (spec->kind == SNAPSHOT_DIR)
		spec->dir = arena_str(c->s.mem, cli_flag(c, "dir"));
	/* A pipe needs no repository around it. */
	if (c->opt.from_stdin && (c->opt.compat || !repo_exists(NULL)))
		spec->kind = SNAPSHOT_EMPTY;
	return 0;
}

static int set_jobs(struct cli_ctx *c)
{
	long long n;

	if (cli_number(c, "jobs", &n) < 0)
		return -1;
	if (n == 0 || n > MAX_JOBS)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid --jobs: expected 1 to %d", MAX_JOBS);
	c->opt.jobs = n < 0 ? 0 : (unsigned)n;
	return 0;
}

static struct sv config_file(const struct cli_ctx *c)
{
	const char *env = getenv("ZONELOOM_CONFIG");

	if (cli_has(c, "config"))
		return cli_flag(c, "config");
	return env != NULL && !c->opt.compat ? sv_of(env) : SV("");
}

int cli_set_session(struct cli_ctx *c)
{
	struct session_options *o = &c->opt;

	o->config_file = config_file(c);
	if (cli_has(c, "zone"))
		o->zone = cli_flag(c, "zone");
	o->format = cli_flag(c, "format");
	o->zone_id = cli_flag(c, "zone-id");
	o->base = cli_flag(c, "base");
	o->from_stdin = cli_has(c, "stdin");
	o->no_prefilter = cli_has(c, "no-prefilter");
	o->resolve = cli_has(c, "resolve");
	o->prune_moved = cli_has(c, "prune-moved");
	o->progress = !c->quiet && isatty(STDERR_FILENO);
	c->s.spec.trust_repo = cli_has(c, "trust-repo");
	if (set_jobs(c) < 0 ||
	    cli_number(c, "allow-deletes", &c->release.deletes) < 0 ||
	    cli_number(c, "allow-changes", &c->release.changes) < 0)
		return fault_usage(&c->s.fault);
	return 0;
}

const char *cli_part(struct cli_ctx *c)
{
	const char *what = c->opt.paths.list.n > 0 ? "a path" : NULL;

	for (size_t i = 0; what == NULL && i < option_count(); i++)
		if (option_at(i)->reads == READS_PART &&
		    flags_have(&c->opt.flags, option_at(i)->name))
			what = arena_fmt(c->s.mem, "--%s", option_at(i)->name)
				       .p;
	return what;
}

int cli_reads_all(struct cli_ctx *c)
{
	const char *what = cli_part(c);

	if (what == NULL)
		return 0;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "%s reads a part of the records, and all of them are "
		   "needed here",
		   what);
	fault_hint(&c->s.fault, c->s.mem,
		   "zoneloom generate --stdout prints that part; put a "
		   "permanent filter into the configuration");
	return -1;
}

int cli_one_view(struct cli_ctx *c, const struct plan *p, const char *what)
{
	for (size_t i = 0; i < p->zones.n; i++) {
		const struct zone *z = p->zones.v[i].zone;

		for (size_t k = 0; k < i && c->opt.zone.p == NULL; k++) {
			const struct zone *other = p->zones.v[k].zone;

			if (!sv_eq(z->name, other->name))
				continue;
			fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
				   "%s: " SV_FMT " and " SV_FMT
				   " are one zone to a server; choose one "
				   "with --zone",
				   what, SV_ARG(other->key), SV_ARG(z->key));
			return -1;
		}
	}
	return 0;
}

int cli_open(struct cli_ctx *c)
{
	if (spec_from_flags(c) < 0)
		return EXIT_USAGE;
	return session_open(&c->s) < 0 ? cli_status(c, EXIT_ENV) : 0;
}

int cli_outputs(struct cli_ctx *c, struct derived *d, struct outputs *o)
{
	if (outputs_make(&c->s, d, o) < 0)
		return -1;
	return foreign_find(&c->s, &d->plan, NULL, o, DIAG_WARNING,
			    &c->s.diags);
}

int cli_brake(struct cli_ctx *c, const struct config *config,
	      const struct zone_changes_list *zones)
{
	struct sv reason;

	if (brake_check(c->s.mem, config, zones, &c->release, &reason) == 0)
		return 0;
	return fault_set(&c->s.fault, c->s.mem, FAULT_STOP, SV_FMT,
			 SV_ARG(reason));
}
