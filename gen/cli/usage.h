/*
 * usage.h - rows of the tables as people read them: for --help, the manual
 * page and completion.
 *
 * Source: command.def, flag.def and config/option.def.
 */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "cli/flags.h"

struct status_row {
	int status;
	const char *about;
};

extern const struct status_row status_table[]; /* ends with about NULL */

/* "-o, --output FORMAT", "--color[=WHEN]", "--[no-]create-ptr". */
struct sv usage_flag(struct arena *mem, const struct flag_row *row);
struct sv usage_option(struct arena *mem, const struct option_row *row);

/* The sentence of an option, with its words and its default. */
struct sv usage_about(struct arena *mem, const struct option_row *row);

/* The manual page zoneloom(1), in mdoc. */
void manual_write(FILE *out);

/* A completion script; -1 for an unknown shell. */
int completion_write(FILE *out, struct sv shell);

/* The commands that take the flag: "list, generate and check". */
struct sv usage_commands(struct arena *mem, const struct flag_row *row);

#endif
