/*
 * flags.h - the command line to a struct cli_ctx.
 *
 * Source: flag.def, command.def and config/option.def are the only lists of
 *         flags; getopt_long(3) does the splitting.
 * Errors: -1 with a diag without a place: exit 2.
 */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include "cli/cli.h"

struct flag_row {
	const char *name;
	char brief; /* 'o', or 0 */
	const char *arg, *commands, *about;
};

extern const struct flag_row flag_table[]; /* ends with name NULL */

/* Fills c->opt.flags, c->cli_flags, c->args and *command (NULL: there was
 * none). */
int flags_parse(struct cli_ctx *c, int argc, char **argv,
		const struct command **command);

/* Does `command` take this flag? */
bool flag_serves(const struct flag_row *row, const struct command *command);

const struct command *command_find(struct sv name);

#endif
