/*
 * compat.h - how ExternalDNS takes its command line, for --compat.
 *
 * Source: kingpin 2.4 (parser.go, values.go); ExternalDNS 0.23 types.go.
 */
#ifndef CLI_COMPAT_H
#define CLI_COMPAT_H

#include "cli/cli.h"

/* File what kingpin refuses in an argument: a name cut short, a switch with a
 * value, a value of another type, a flag given twice that is not a list.
 * `word` is the argument; `value` is what it or the next one gives, or NULL;
 * `row` is our option, or NULL.  -1 if it does. */
int compat_check(struct cli_ctx *c, struct sv word, const char *value,
		 const struct option_row *row);

/* The value of a flag that getopt does not know: behind `=`, in `next`, or
 * NULL; *next_used says which. */
const char *compat_value(struct sv word, const char *next, bool *next_used);

/* File what ExternalDNS refuses in flags together that have no effect here. */
int compat_validate(struct cli_ctx *c);

/* EXTERNAL_DNS_TXT_OWNER_ID is --txt-owner-id, unless that was given; lines
 * are repetitions. */
void compat_environment(struct cli_ctx *c);

#endif
