/*
 * reports.h - where the reports of a command go.
 *
 * --report FORMAT prints to stdout, --report FORMAT=FILE to a file; without
 * any, text goes to stdout.
 */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/cli.h"
#include "report/report.h"

/* 0, or -1 with a diag (unknown format) or fault (file). */
int reports_print(struct cli_ctx *c, struct report_ctx *ctx);

/* What a page shows besides the change: the records, and lines of `s`. */
void reports_records(struct session *s, const struct derived *d,
		     struct report_ctx *ctx);

/* Judge, report and brake; the exit status.  The findings are in c->s. */
int gate_judge(struct cli_ctx *c, const struct gate_request *q);

/* Exit status for "some change" under --exit-code and --detailed-exitcode;
 * `errors` of the input win. */
int status_of_changes(const struct cli_ctx *c, bool changed, int when_changed);

#endif
