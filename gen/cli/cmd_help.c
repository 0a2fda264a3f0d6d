#include <stdio.h>

#include "base/limits.h"
#include "cli/usage.h"
#include "cli/version.h"
#include "output/output.h"

enum {
	HELP_INDENT = 30, /* where sentences begin */
	HELP_WIDTH = 79,
};

static const char *const intro =
	"usage: zoneloom [-C DIR] [--config FILE] [-v|-q] COMMAND "
	"[ARGUMENT...]\n"
	"\n"
	"Reads Kubernetes manifests out of a git repository, offline, and\n"
	"writes the DNS records that ExternalDNS would publish as Terraform\n"
	"JSON or BIND zones, for review.\n";

static void spaces(int n)
{
	printf("%*s", n, "");
}

/* Two columns; a long left one gets a line of its own. */
static void row(struct sv left, struct sv right)
{
	struct sv word;
	int at;

	printf("  " SV_FMT, SV_ARG(left));
	at = 2 + (int)left.n;
	if (at >= HELP_INDENT) {
		putchar('\n');
		at = 0;
	}
	spaces(HELP_INDENT - at);
	at = HELP_INDENT;
	while (sv_cut(&right, ' ', &word)) {
		if (at > HELP_INDENT && at + 1 + (int)word.n > HELP_WIDTH) {
			putchar('\n');
			spaces(HELP_INDENT);
			at = HELP_INDENT;
		} else if (at > HELP_INDENT) {
			at += printf(" ");
		}
		at += printf(SV_FMT, SV_ARG(word));
	}
	putchar('\n');
}

static void flags_help(struct arena *mem, const struct command *command)
{
	const char *title = command ? "\nflags:" : "\nflags of every command:";

	for (const struct flag_row *f = flag_table; f->name; f++) {
		bool global = f->commands[0] == '\0';

		if (command ? global || !flag_serves(f, command) : !global)
			continue;
		if (title != NULL)
			puts(title);
		title = NULL;
		row(usage_flag(mem, f), sv_of(f->about));
	}
}

static void options_help(struct arena *mem)
{
	puts("\noptions, which are keys of .zoneloom.yaml too:");
	for (size_t i = 0; i < option_count(); i++)
		row(usage_option(mem, option_at(i)),
		    usage_about(mem, option_at(i)));
}

static void help_all(struct arena *mem)
{
	fputs(intro, stdout);
	puts("\ncommands:");
	for (const struct command *c = command_table; c->name; c++)
		row(sv_of(c->name), sv_of(c->about));
	flags_help(mem, NULL);
	puts("\nexit status:");
	for (const struct status_row *s = status_table; s->about; s++)
		row(arena_fmt(mem, "%d", s->status), sv_of(s->about));
	puts("\nThe first thing to try, with no configuration and no "
	     "repository:\n  kubectl get ingress -A -o yaml | zoneloom list "
	     "--stdin\n\nRun zoneloom help COMMAND for more about a command.");
}

static void help_one(struct arena *mem, const struct command *c)
{
	printf("usage: zoneloom %s%s%s%s\n\n%s\n", c->name,
	       c->uses >= USES_DERIVES ? " [FLAG...]" : "",
	       c->args[0] ? " " : "", c->args, c->about);
	flags_help(mem, c);
	if (c->uses >= USES_DERIVES)
		options_help(mem);
	puts("\nRun zoneloom help for the flags of every command and the exit "
	     "statuses.");
}

static int unknown_command(struct cli_ctx *c, struct sv name)
{
	const char *names[MAX_COMMANDS + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < MAX_COMMANDS && command_table[i].name; i++)
		names[i] = command_table[i].name;
	near = nearest_word(name, names);
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "help: unknown command " SV_FMT,
		   SV_ARG(text_escape(c->s.mem, name)));
	if (near != NULL)
		fault_hint(&c->s.fault, c->s.mem, "zoneloom help %s", near);
	cli_report(c);
	return EXIT_USAGE;
}

int cmd_help(struct cli_ctx *c)
{
	const struct command *command;

	if (cli_has(c, "schema")) {
		struct sv schema = config_schema(c->s.mem);

		fwrite(schema.p, 1, schema.n, stdout);
		return EXIT_SAME;
	}
	if (cli_has(c, "man")) {
		manual_write(stdout);
		return EXIT_SAME;
	}
	if (c->args.list.n == 0) {
		help_all(c->s.mem);
		return EXIT_SAME;
	}
	command = command_find(c->args.list.v[0]);
	if (command == NULL)
		return unknown_command(c, c->args.list.v[0]);
	help_one(c->s.mem, command);
	return EXIT_SAME;
}

int cmd_version(struct cli_ctx *c)
{
	static struct sv (*const libraries[])(struct arena *) = {
		manifest_library, output_library,  git_library,
		endpoint_library, pattern_library,
	};

	puts("zoneloom " ZONELOOM_VERSION);
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		printf("%s" SV_FMT, i > 0 ? ", " : "",
		       SV_ARG(libraries[i](c->s.mem)));
	printf("\nsandbox: " SV_FMT "\n", SV_ARG(sandbox_level(c->s.mem)));
	return EXIT_SAME;
}

int cmd_completion(struct cli_ctx *c)
{
	struct sv shell = c->args.list.n > 0 ? c->args.list.v[0] : SV("");

	if (c->args.list.n == 1 && completion_write(stdout, shell) == 0)
		return EXIT_SAME;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "completion: unknown shell \"" SV_FMT
		   "\": expected bash, zsh or fish%s",
		   SV_ARG(text_escape(c->s.mem, shell)),
		   did_you_mean(c->s.mem, shell, SV("bash zsh fish")));
	cli_report(c);
	return EXIT_USAGE;
}
