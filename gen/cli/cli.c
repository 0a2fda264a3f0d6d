#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/flags.h"

const struct command command_table[] = {
#define COMMAND(name, args, reading, about)                                    \
 { #name, args, about, reading, cmd_##name },
#include "cli/command.def"
#undef COMMAND
	{ NULL, NULL, NULL, false, NULL },
};

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

struct sv run_flag(const struct run *r, const char *name)
{
	for (size_t i = r->own.list.n; i-- > 0;)
		if (sv_eq(r->own.list.v[i].name, sv_of(name)))
			return r->own.list.v[i].value;
	return SV("");
}

bool run_has(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->own.list.n; i++)
		if (sv_eq(r->own.list.v[i].name, sv_of(name)))
			return true;
	return false;
}

bool run_wants_zone(const struct run *r, const struct zone *zone)
{
	struct sv name = run_flag(r, "zone");

	if (sv_ends(name, SV(".")))
		name.n--;
	return !run_has(r, "zone") || sv_case_eq(name, zone->key);
}

int run_number(struct run *r, const char *name, long long *out)
{
	unsigned long long n;

	*out = -1;
	if (!run_has(r, name))
		return 0;
	if (!sv_number(run_flag(r, name), 1000000000ULL, &n))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--%s: \"" SV_FMT
				  "\" is no number, a whole one is wanted",
				  name, SV_ARG(run_flag(r, name)));
	*out = (long long)n;
	return 0;
}

static int set_color(struct run *r)
{
	struct sv when = run_flag(r, "color");

	if (!run_has(r, "color") || sv_eq(when, SV("auto")))
		r->color = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
	else if (when.n == 0 || sv_eq(when, SV("always")))
		r->color = true;
	else if (!sv_eq(when, SV("never")))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--color: \"" SV_FMT
				  "\" is none of auto, always, never",
				  SV_ARG(when));
	return 0;
}

static int set_globals(struct run *r)
{
	const char *dir = run_has(r, "directory")
				  ? arena_str(r->mem, run_flag(r, "directory"))
				  : NULL;
	struct sv compat = run_flag(r, "compat");

	for (size_t i = 0; i < r->own.list.n; i++)
		r->verbose += sv_eq(r->own.list.v[i].name, SV("verbose"));
	r->quiet = run_has(r, "quiet");
	r->compat = run_has(r, "compat");
	if (r->compat && !sv_eq(compat, SV("external-dns")))
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--compat: \"" SV_FMT
				  "\" is unknown, external-dns is wanted",
				  SV_ARG(compat));
	if (dir != NULL && chdir(dir) < 0)
		return fault_set(&r->fault, r->mem, FAULT_ENV, "-C %s: %s", dir,
				 strerror(errno));
	return set_color(r);
}

/* The word that `--help` and `--version` stand for. */
static const struct command *implied(struct run *r,
				     const struct command *command)
{
	if (run_has(r, "version"))
		return command_find(SV("version"));
	if (!run_has(r, "help") && command != NULL)
		return command;
	if (command != NULL) {
		*VEC_ADD(r->mem, &r->args.list) = sv_of(command->name);
		if (r->args.list.n > 1)
			r->args.list.v[0] = sv_of(command->name);
	}
	r->own.list.n = 0;
	return command_find(SV("help"));
}

static int run_all(struct run *r, int argc, char **argv)
{
	const struct command *command;
	int rc;

	if (flags_parse(r, argc, argv, &command) < 0) {
		run_report(r);
		return EXIT_USAGE;
	}
	if (set_globals(r) < 0) {
		run_report(r);
		return run_status(r, EXIT_USAGE);
	}
	command = implied(r, command);
	if (command == NULL) {
		fputs("zoneloom: no command; see the manual\n", stderr);
		return EXIT_USAGE;
	}
	rc = command->run(r);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "zoneloom: standard output: %s\n",
			strerror(errno));
		return EXIT_ENV;
	}
	return rc;
}

int cli_main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	struct run r = { .mem = mem, .diags = { .mem = mem } };
	int rc = run_all(&r, argc, argv);

	arena_free(mem);
	return rc;
}
