/*
 * cli.h - commands, stdout and exit statuses.
 *
 * To add a command: gen/cli/cmd_<name>.c with
 * `int cmd_<name>(struct cli_ctx *)`
 * and a row COMMAND(...) in command.def; --help, completion and the manual
 * come from the row.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/budget.h"
#include "base/escape.h"
#include "pipeline/pipeline.h"

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

/* Standard output: what is printed is kept back until it is released, so that
 * who is over the budget prints nothing instead of a half. */
struct held {
	FILE *to; /* NULL: it goes out as it comes */
	char *text;
	size_t n;
	int error; /* errno of the first release that failed; 0 */
};

void held_begin(struct held *h);
void held_end(struct held *h);
void held_release(struct held *h); /* and again from here on */

/* One call of the program: the command line, and the session of the
 * snapshot that it names. */
struct cli_ctx {
	struct budget budget; /* of the run: --memory */
	struct held *held;
	struct session s;
	struct session_options opt;
	struct confinement confinement;
	struct flags cli_flags; /* of flag.def */
	struct strings args;	/* behind the command */
	struct flags idle;	/* of ExternalDNS, without an effect */
	struct brake_release release;
	bool color, quiet;
	unsigned verbose;
};

/* What a command makes of a repository; each one includes the one before. */
enum command_uses { USES_NOTHING, USES_DERIVES, USES_READS };

/* What a command may change; each one includes the one before. */
enum command_changes { CHANGES_NOTHING, CHANGES_TREE, CHANGES_REPO };

struct command {
	const char *name, *args, *about;
	size_t max_args;
	enum command_uses uses;
	enum command_changes changes;
	enum sandbox_role role;
	int (*run)(struct cli_ctx *c);
};

extern const struct command command_table[]; /* ends with name NULL */

#define COMMAND(name, args, max, uses, changes, network, about)                \
 int cmd_##name(struct cli_ctx *c);
#include "cli/command.def"
#undef COMMAND

int cli_main(int argc, char **argv);

/* What the flags ask of every session; -1 with diags and FAULT_USAGE. */
int cli_set_session(struct cli_ctx *c);

/* What the process keeps of what `command` and its flags need. */
void cli_confine(struct cli_ctx *c, const struct command *command);

/* The path or filter of the command line because of which a part is read, as a
 * message names it; NULL: all is read. */
const char *cli_part(struct cli_ctx *c);

/* Paths or a filter on the command line show a part of the records: nothing
 * may be written or compared as if it were all.  0, or -1 with FAULT_USAGE. */
int cli_reads_all(struct cli_ctx *c);

/* Zones of one name are views: a server is not told which is meant.  0, or -1
 * with FAULT_USAGE; --zone chooses. */
int cli_one_view(struct cli_ctx *c, const struct plan *p, const char *what);

/* Open the snapshot that the flags name; 0, or an exit status. */
int cli_open(struct cli_ctx *c);

/* Print diags (errors, warnings; notes with -v) to stderr, and the fault. */
void cli_report(struct cli_ctx *c);
void cli_report_of(const struct cli_ctx *c, struct session *s);

/* What was done about what killed runs left behind. */
void put_healed(const struct cli_ctx *c, struct session *s);

/* The exit status for the fault and diags, or `otherwise`. */
int cli_status(const struct cli_ctx *c, int otherwise);
int status_of(const struct session *s, int otherwise);

/* Value of a flag of flag.def, or the empty view; the last one wins. */
struct sv cli_flag(const struct cli_ctx *c, const char *name);
bool cli_has(const struct cli_ctx *c, const char *name);

/* A whole number; -1 when the flag is not given. */
int cli_number(struct cli_ctx *c, const char *name, long long *out);

/* outputs_make(), with a warning for what stands beside them and changes what
 * they say; whether that is new only gate can tell.  -1 with a fault. */
int cli_outputs(struct cli_ctx *c, struct derived *d, struct outputs *o);

/* The brake over all zones: 0, or -1 with a FAULT_STOP that says what to
 * type. */
int cli_brake(struct cli_ctx *c, const struct config *config,
	      const struct zone_changes_list *zones);

/* A line for each stale file, and for those that on-error leaves.  The bytes
 * may differ where no record does: comments, the format, a serial. */
void put_stale(const struct outputs *o, FILE *to);
void put_left(const struct outputs *o);

#endif
