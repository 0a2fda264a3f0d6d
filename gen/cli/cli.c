#include "cli/cli.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/nomem.h"
#include "base/limits.h"
#include "base/size.h"
#include "cli/flags.h"

const struct command command_table[] = {
#define MANY SIZE_MAX
#define COMMAND(name, args, max, uses, changes, network, about)                \
 { #name,                                                                      \
   args,                                                                       \
   about,                                                                      \
   max,                                                                        \
   USES_##uses,                                                                \
   CHANGES_##changes,                                                          \
   SANDBOX_##network,                                                          \
   cmd_##name },
#include "cli/command.def"
#undef COMMAND
#undef MANY
	{ .name = NULL },
};

struct sv cli_flag(const struct cli_ctx *c, const char *name)
{
	for (size_t i = c->cli_flags.list.n; i-- > 0;)
		if (sv_eq(c->cli_flags.list.v[i].name, sv_of(name)))
			return c->cli_flags.list.v[i].value;
	return SV("");
}

bool cli_has(const struct cli_ctx *c, const char *name)
{
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, sv_of(name)))
			return true;
	return false;
}

int cli_number(struct cli_ctx *c, const char *name, long long *out)
{
	unsigned long long n;

	*out = -1;
	if (!cli_has(c, name))
		return 0;
	if (!sv_number(cli_flag(c, name), 1000000000ULL, &n))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid --%s \"" SV_FMT
				  "\": expected a whole number",
				  name, SV_ARG(cli_flag(c, name)));
	*out = (long long)n;
	return 0;
}

static int set_color(struct cli_ctx *c)
{
	struct sv when = cli_flag(c, "color");

	if (!cli_has(c, "color") || sv_eq(when, SV("auto")))
		c->color = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
	else if (when.n == 0 || sv_eq(when, SV("always")))
		c->color = true;
	else if (!sv_eq(when, SV("never")))
		return diag_error(
			&c->s.diags, DIAG_USAGE, NOWHERE,
			"invalid --color \"" SV_FMT
			"\": expected auto, always or never%s",
			SV_ARG(when),
			did_you_mean(c->s.mem, when, SV("auto always never")));
	return 0;
}

/* What went on when a bound was passed is not to be trusted: it may be half
 * done.  So this is the one message, and nothing is written. */
static _Noreturn void on_over(void *arg, const struct budget *b, enum work kind)
{
	struct cli_ctx *c = arg;
	struct arena *mem;
	struct diags one = { 0 };
	struct sv twice;

	budget_release(b);
	mem = one.mem = arena_new();
	twice = size_text(mem, 2 * b->limit);
	if (kind == WORK_COUNT)
		diag_file(&one, DIAG_MEMORY, DIAG_ERROR, b->at,
			  "reading this takes the run over " SV_FMT
			  " of memory; if it is meant, --memory=" SV_FMT
			  " allows more",
			  SV_ARG(size_text(mem, b->limit)), SV_ARG(twice));
	else
		diag_file(&one, DIAG_WORK, DIAG_ERROR, b->at,
			  "more than %zu %s in one run; if they are meant, "
			  "--memory=" SV_FMT " allows twice as many",
			  work_most(b, kind), work_things(kind), SV_ARG(twice));
	diag_write(&one.list.v[0], stderr);
	arena_free(mem);
	exit(cli_has(c, "detailed-exitcode") ? EXIT_DIFFERENT : EXIT_INPUT);
}

static int set_memory(struct cli_ctx *c)
{
	struct sv text = cli_flag(c, "memory");

	if (cli_has(c, "memory") && (!size_parse(text, &c->budget.limit) ||
				     c->budget.limit < LEAST_MEMORY))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid --memory \"" SV_FMT
				  "\": expected a size such as 512M or 2G, at "
				  "least 16M",
				  SV_ARG(text));
	c->budget.program = PROGRAM_MEMORY;
	budget_enforce(&c->budget);
	return 0;
}

static int set_globals(struct cli_ctx *c)
{
	const char *dir =
		cli_has(c, "directory")
			? arena_str(c->s.mem, cli_flag(c, "directory"))
			: NULL;
	struct sv compat = cli_flag(c, "compat");

	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		c->verbose += sv_eq(c->cli_flags.list.v[i].name, SV("verbose"));
	c->quiet = cli_has(c, "quiet");
	c->opt.compat = cli_has(c, "compat");
	if (c->opt.compat && !sv_eq(compat, SV("external-dns")))
		return diag_error(
			&c->s.diags, DIAG_USAGE, NOWHERE,
			"invalid --compat \"" SV_FMT
			"\": expected external-dns%s",
			SV_ARG(compat),
			did_you_mean(c->s.mem, compat, SV("external-dns")));
	if (set_memory(c) < 0)
		return -1;
	if (dir != NULL && chdir(dir) < 0)
		return fault_set(&c->s.fault, c->s.mem, FAULT_ENV, "-C %s: %s",
				 dir, strerror(errno));
	return set_color(c) < 0 ? -1 : cli_set_session(c);
}

/* The word that `--help` or `--version` replaces. */
static const struct command *implied(struct cli_ctx *c,
				     const struct command *command)
{
	if (cli_has(c, "version"))
		return command_find(SV("version"));
	if (!cli_has(c, "help") && command != NULL)
		return command;
	if (command != NULL) {
		*VEC_ADD(c->s.mem, &c->args.list) = sv_of(command->name);
		if (c->args.list.n > 1)
			c->args.list.v[0] = sv_of(command->name);
	}
	c->cli_flags.list.n = 0;
	return command_find(SV("help"));
}

static int run_all(struct cli_ctx *c, int argc, char **argv)
{
	const struct command *command;
	int rc;

	if (flags_parse(c, argc, argv, &command) < 0) {
		cli_report(c);
		return EXIT_USAGE;
	}
	if (set_globals(c) < 0) {
		(void)fault_usage(&c->s.fault);
		cli_report(c);
		return cli_status(c, EXIT_USAGE);
	}
	command = implied(c, command);
	if (command == NULL) {
		fputs("zoneloom: missing command; see the manual\n", stderr);
		return EXIT_USAGE;
	}
	cli_confine(c, command);
	rc = command->run(c);
	held_release(c->held);
	if (c->held->error != 0) {
		print_text(stderr, "zoneloom: standard output: %s\n",
			   strerror(c->held->error));
		return EXIT_ENV;
	}
	return rc;
}

/* A file that is opened must not become standard output, or what is printed
 * goes into it.  The wrong way round, so that printing fails. */
static void open_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null",
				   fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int cli_main(int argc, char **argv)
{
	struct arena *mem;
	struct held held = { 0 };
	struct cli_ctx c = { .held = &held };
	int rc;

	cleanup_install();
	open_standard();
	held_begin(&held);
	if (!budget_open(&c.budget, DEFAULT_MEMORY))
		err(EXIT_ENV, NULL);
	c.budget.over = on_over;
	c.budget.arg = &c;
	nomem_blame(&c.budget);
	mem = arena_new_in(&c.budget);
	c.s = session_new(mem, &c.opt);
	rc = run_all(&c, argc, argv);
	held_end(&held);
	arena_free(mem);
	nomem_blame(NULL);
	budget_close(&c.budget);
	return rc;
}
