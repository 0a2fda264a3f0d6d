/*
 * cli.h - commands, stdout and exit statuses.
 *
 * To add a command: gen/cli/cmd_<name>.c with `int cmd_<name>(struct run *)`
 * and a row COMMAND(...) in command.def; --help, completion and the manual
 * come from the row.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "config/config.h"
#include "git/git.h"
#include "output/output.h"
#include "plan/plan.h"
#include "render/render.h"

enum exit_status {
	EXIT_SAME = 0,
	EXIT_DIFFERENT = 1,
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,
	EXIT_ENV = 4,
	EXIT_AGAIN = 5,
	EXIT_STOP = 6,
	EXIT_BUG = 70,
};

/* The command line, split: see flag.def for the flags that are no options. */
struct run {
	struct arena *mem;
	struct diags diags;
	struct fault fault;
	struct flags flags;  /* of option.def: config_load() takes them */
	struct flags own;    /* of flag.def */
	struct strings args; /* behind the command */
	struct snapshot_spec spec;
	struct strings paths; /* restrict what is read; empty: all */
	struct sv stdin_text;
	bool from_stdin, compat, color, quiet;
	unsigned verbose;
	struct config config;
	struct snapshot *snapshot; /* manifests; configuration and outputs */
};

struct command {
	const char *name, *args, *about;
	bool reading; /* derives records: takes snapshot flags and options */
	int (*run)(struct run *r);
};

extern const struct command command_table[]; /* ends with name NULL */

#define COMMAND(name, args, reading, about) int cmd_##name(struct run *r);
#include "cli/command.def"
#undef COMMAND

/* What a snapshot and configuration give: the pure function of design 1. */
struct derived {
	struct objects objects;
	struct plan plan; /* with TXT and statics */
	struct render_stats stats;
	struct strings unresolved; /* source.h; only with unresolved: keep */
	size_t no_target;
};

int cli_main(int argc, char **argv);

/* Open the snapshot and load the configuration; 0, or an exit status. */
int run_open(struct run *r);

/* The same for a revision, with the flags of `r`: for diff, gate, commit. */
int run_open_rev(const struct run *r, const char *rev, struct run *out);

/* Load the configuration again, for r->snapshot; 0, or an exit status. */
int run_load(struct run *r);

/* A file of the snapshot; `text->p` is NULL when it is not there. */
int run_read(struct run *r, struct sv path, struct sv *text);

/* Derive from r->snapshot under r->config; 0, or -1 with a fault.  Input
 * errors are diags and are no failure of the call. */
int derive(struct run *r, struct derived *out);

/* Print diags (errors, warnings; notes with -v) to stderr, and the fault. */
void run_report(struct run *r);

/* The exit status for r->fault and r->diags, or `otherwise`. */
int run_status(const struct run *r, int otherwise);

/* Value of an own flag, or the empty view; last one wins. */
struct sv run_flag(const struct run *r, const char *name);
bool run_has(const struct run *r, const char *name);
/* False for a zone that --zone leaves out. */
bool run_wants_zone(const struct run *r, const struct zone *zone);
/* A whole number; -1 when the flag is not given. */
int run_number(struct run *r, const char *name, long long *out);

#endif
