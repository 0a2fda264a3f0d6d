/*
 * compat.h - how ExternalDNS takes its command line, for --compat.
 *
 * Source: kingpin 2.4 (parser.go, values.go); ExternalDNS 0.23 types.go.
 */
#ifndef CLI_COMPAT_H
#define CLI_COMPAT_H

#include "cli/cli.h"

/* File what kingpin refuses in a flag that getopt took: a name cut short, a
 * switch with a value, a flag given twice that is not a list.  `word` is the
 * argument.  -1 if it does. */
int compat_check(struct cli_ctx *c, struct sv word,
		 const struct option_row *row);

/* EXTERNAL_DNS_TXT_OWNER_ID is --txt-owner-id, unless that was given; lines
 * are repetitions. */
void compat_environment(struct cli_ctx *c);

#endif
