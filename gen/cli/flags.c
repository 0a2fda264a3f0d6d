#include "cli/flags.h"

#include <getopt.h>

#include "cli/compat.h"
#include "adopt/adopt.h"
#include "cli/kingpin.h"
#include "cli/usage.h"

const struct flag_row flag_table[] = {
#define FLAG(name, brief, arg, commands, about)                                \
 { name, brief, arg, commands, about },
#include "cli/flag.def"
#undef FLAG
	{ NULL, 0, NULL, NULL, NULL },
};

enum {
	/* getopt_long's return values, above every short option: */
	IS_OWN = 1000,	   /* + row of flag_table */
	IS_OPTION = 2000,  /* + row of option.def */
	IS_NEGATED = 4000, /* --no-NAME of a FLAG row */
	IS_ALIAS = 6000,   /* + row of import_alias() */
};

static int has_arg_of(const char *arg)
{
	return arg[0] == '\0'  ? no_argument
	       : arg[0] == '=' ? optional_argument
			       : required_argument;
}

struct table {
	VEC(struct option) list;
	struct {
		char text[64];
		size_t n;
	} brief;
};

static void table_brief(struct table *t, const struct flag_row *row)
{
	t->brief.text[t->brief.n++] = row->brief;
	if (has_arg_of(row->arg) == required_argument)
		t->brief.text[t->brief.n++] = ':';
}

static void table_own(struct arena *mem, struct table *t)
{
	for (int i = 0; flag_table[i].name != NULL; i++) {
		const struct flag_row *row = &flag_table[i];

		*VEC_ADD(mem, &t->list) =
			(struct option){ row->name, has_arg_of(row->arg), NULL,
					 IS_OWN + i };
		if (row->brief != 0)
			table_brief(t, row);
	}
}

static void table_options(struct arena *mem, struct table *t)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);
		bool flag = row->type == OPTION_FLAG;
		struct sv no;

		*VEC_ADD(mem, &t->list) = (struct option){
			row->name, flag ? optional_argument : required_argument,
			NULL, IS_OPTION + (int)i
		};
		if (!flag)
			continue;
		no = arena_fmt(mem, "no-%s", row->name);
		*VEC_ADD(mem, &t->list) =
			(struct option){ no.p, no_argument, NULL,
					 IS_NEGATED + (int)i };
	}
}

static void table_aliases(struct arena *mem, struct table *t)
{
	const char *name, *option;

	for (size_t i = 0; (name = import_alias(i, &option)) != NULL; i++)
		*VEC_ADD(mem, &t->list) =
			(struct option){ name, required_argument, NULL,
					 IS_ALIAS + (int)i };
	(void)VEC_ADD(mem, &t->list); /* getopt's end row */
}

static const char *const *all_names(struct arena *mem, const struct table *t)
{
	const char **names = ARENA_ARRAY(mem, const char *, t->list.n);

	for (size_t i = 0; i + 1 < t->list.n; i++)
		names[i] = t->list.v[i].name;
	return names;
}

/* With --compat the arguments of an ExternalDNS are copied as they are. */
static bool compat_asked(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct sv word = sv_of(argv[i]);

		/* --compatibility is an option of its own. */
		if (sv_eq(word, SV("--compat")) ||
		    sv_starts(word, SV("--compat=")))
			return true;
	}
	return false;
}

/* Flags that were, and what took their place. */
static const struct {
	const char *name, *now;
} retired[] = {
	{ "allow-render", "run zoneloom allow, which shows the render commands "
			  "and allows exactly these in this clone" },
};

static int retired_flag(struct cli_ctx *c, struct sv name)
{
	for (size_t i = 0; i < sizeof(retired) / sizeof(retired[0]); i++)
		if (sv_eq(name, sv_of(retired[i].name)))
			return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
					  "--%s is not taken any more; %s",
					  retired[i].name, retired[i].now);
	return 0;
}

/* A flag of ExternalDNS that has no effect here is taken with its value, which
 * getopt would leave as a word. */
static bool take_idle(struct cli_ctx *c, const char *word, char **argv, int *rc)
{
	struct sv typed = sv_of(word), name;
	const char *why, *value;
	bool next_used;

	if (!sv_starts(typed, SV("--")))
		return false;
	name = sv_from(sv_head(typed, sv_chr(typed, '=')), 2);
	if (sv_starts(name, SV("no-")) && kingpin_find(name) != NULL)
		name = sv_from(name, 3);
	why = import_not_taken(name);
	if (why == NULL)
		return false;
	value = compat_value(typed, argv[optind], &next_used);
	optind += next_used;
	diag_warn(&c->s.diags, DIAG_USAGE, NOWHERE,
		  "--" SV_FMT " has no effect here: %s", SV_ARG(name), why);
	*rc = compat_check(c, typed, value, NULL);
	return true;
}

/* getopt has stopped at something: say what it is, and what was meant. */
static int bad_flag(struct cli_ctx *c, const struct table *t, int code,
		    const char *word, char **argv, bool compat)
{
	struct sv typed = sv_of(word), name;
	const char *near, *why;
	int rc;

	if (compat && take_idle(c, word, argv, &rc))
		return rc;
	if (code == ':')
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "%s: missing value", word);
	while (typed.n > 0 && typed.p[0] == '-')
		typed = sv_from(typed, 1);
	name = sv_head(typed, sv_chr(typed, '='));
	for (size_t i = 0; i + 1 < t->list.n; i++)
		if (sv_eq(name, sv_of(t->list.v[i].name)))
			return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
					  "--" SV_FMT " takes no value",
					  SV_ARG(name));
	if (retired_flag(c, name) < 0)
		return -1;
	/* Somebody copies the arguments of an ExternalDNS. */
	why = import_not_taken(name);
	if (why != NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "ExternalDNS' --" SV_FMT
				  " has no effect here: %s; leave it out",
				  SV_ARG(name), why);
	near = nearest_word(name, all_names(c->s.mem, t));
	if (near == NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "unknown option %s; see zoneloom help", word);
	return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "unknown option %s; did you mean --%s?", word, near);
}

/* With --compat it is what a provider would do, and none is called. */
static void take_alias(struct cli_ctx *c, size_t i, const char *value,
		       bool compat)
{
	const char *option = "", *name = import_alias(i, &option);
	struct sv ours = sv_of(name), text = sv_of(value);

	if (!compat && import_take(c->s.mem, &ours, &text))
		*VEC_ADD(c->s.mem, &c->opt.flags.list) =
			(struct flag){ ours, text, false };
	diag_warn(&c->s.diags, DIAG_USAGE, NOWHERE,
		  compat ? "--%s has no effect here: no provider is called; "
			   "use --%s for the same"
			 : "--%s is taken as --%s",
		  name, option);
}

static void take(struct cli_ctx *c, int code, const char *value)
{
	bool own = code < IS_OPTION, negated = code >= IS_NEGATED;
	const char *name =
		own	  ? flag_table[code - IS_OWN].name
		: negated ? option_at((size_t)(code - IS_NEGATED))->name
			  : option_at((size_t)(code - IS_OPTION))->name;
	struct flag *f = own ? VEC_ADD(c->s.mem, &c->cli_flags.list)
			     : VEC_ADD(c->s.mem, &c->opt.flags.list);

	*f = (struct flag){ sv_of(name), sv_of(value), negated };
}

static int row_of_brief(int c)
{
	for (int i = 0; flag_table[i].name != NULL; i++)
		if (flag_table[i].brief == c)
			return IS_OWN + i;
	return c;
}

/* The row of option.def that getopt's value stands for, or NULL. */
static const struct option_row *option_of(int code)
{
	if (code >= IS_NEGATED && code < IS_ALIAS)
		return option_at((size_t)(code - IS_NEGATED));
	return code >= IS_OPTION && code < IS_NEGATED
		       ? option_at((size_t)(code - IS_OPTION))
		       : NULL;
}

/* `word` is the argument that getopt has just read. */
static int take_one(struct cli_ctx *c, int code, const char *word,
		    const char *value, bool compat)
{
	const struct option_row *row = option_of(code);

	if (compat && sv_starts(sv_of(word), SV("--")) &&
	    compat_check(c, sv_of(word), value, row) < 0)
		return -1;
	if (code >= IS_ALIAS)
		take_alias(c, (size_t)(code - IS_ALIAS), value, compat);
	else
		take(c, code < IS_OWN ? row_of_brief(code) : code, value);
	return 0;
}

const struct command *command_find(struct sv name)
{
	for (size_t i = 0; command_table[i].name != NULL; i++)
		if (sv_eq(name, sv_of(command_table[i].name)))
			return &command_table[i];
	return NULL;
}

static int find_command(struct cli_ctx *c, const struct command **command)
{
	struct sv name = c->args.list.v[0];
	const char *names[64] = { NULL };
	const char *near;

	*command = command_find(name);
	c->args.list.v++;
	c->args.list.n--;
	c->args.list.cap--;
	if (*command != NULL)
		return 0;
	for (size_t i = 0; i < 63 && command_table[i].name != NULL; i++)
		names[i] = command_table[i].name;
	near = nearest_word(name, names);
	if (near == NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "unknown command " SV_FMT
				  "; see zoneloom help",
				  SV_ARG(name));
	return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "unknown command " SV_FMT "; did you mean %s?",
			  SV_ARG(name), near);
}

bool flag_serves(const struct flag_row *row, const struct command *command)
{
	struct sv rest = sv_of(row->commands), word;

	if (rest.n == 0)
		return true;
	while (sv_cut(&rest, ' ', &word))
		if (sv_eq(word, sv_of(command->name)) ||
		    (sv_eq(word, SV("reading")) &&
		     command->uses >= USES_READS) ||
		    (sv_eq(word, SV("deriving")) &&
		     command->uses >= USES_DERIVES))
			return true;
	return false;
}

/* Among the arguments of an ExternalDNS it says what is true here anyway. */
static void note_dry_run(struct cli_ctx *c, const struct command *command)
{
	static const char *const idle[] = { "diff", "explain", "list" };
	bool hit = false;

	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		hit = hit || strcmp(command->name, idle[i]) == 0;
	if (hit && cli_has(c, "dry-run"))
		diag_warn(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "--dry-run has no effect here: %s",
			  import_not_taken(SV("dry-run")));
}

static int not_served(struct cli_ctx *c, const struct command *command,
		      const struct flag_row *row)
{
	const char *why = import_not_taken(sv_of(row->name));

	/* A flag of ours may have the name of one of ExternalDNS. */
	if (why == NULL || !cli_has(c, "compat"))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "%s does not take --%s; only " SV_FMT,
				  command->name, row->name,
				  SV_ARG(usage_commands(c->s.mem, row)));
	diag_warn(&c->s.diags, DIAG_USAGE, NOWHERE,
		  "--%s has no effect here: %s", row->name, why);
	return 0;
}

static int check_flag(struct cli_ctx *c, const struct command *command,
		      struct sv name)
{
	for (const struct flag_row *row = flag_table; row->name; row++)
		if (sv_eq(name, sv_of(row->name)) && !flag_serves(row, command))
			return not_served(c, command, row);
	return 0;
}

/* A flag or word that the command would ignore is an error. */
static int check_scope(struct cli_ctx *c, const struct command *command)
{
	int rc = 0;

	note_dry_run(c, command);
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		rc |= check_flag(c, command, c->cli_flags.list.v[i].name);
	if (command->uses < USES_DERIVES && c->opt.flags.list.n > 0)
		rc = diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				"%s does not take --" SV_FMT
				"; the commands that derive records do",
				command->name,
				SV_ARG(c->opt.flags.list.v[0].name));
	if (c->args.list.n > command->max_args)
		rc = diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				"%s: unexpected argument \"" SV_FMT
				"\"; usage: zoneloom %s%s%s",
				command->name,
				SV_ARG(c->args.list.v[command->max_args]),
				command->name, command->args[0] ? " " : "",
				command->args);
	return rc;
}

/* getopt passes over words that are not flags before it takes one, and moves
 * them behind it: the flag is the first from there on. */
static const char *word_at(char **argv, int at)
{
	while (argv[at] != NULL && argv[at][0] != '-')
		at++;
	return argv[at] != NULL ? argv[at] : "";
}

int flags_parse(struct cli_ctx *c, int argc, char **argv,
		const struct command **command)
{
	struct table t = { .brief = { ":", 1 } };
	bool compat = compat_asked(argc, argv);
	int code, rc = 0;

	table_own(c->s.mem, &t);
	table_options(c->s.mem, &t);
	table_aliases(c->s.mem, &t);
	opterr = 0;
	for (int at = optind; (code = getopt_long(argc, argv, t.brief.text,
						  t.list.v, NULL)) != -1;
	     at = optind) {
		if (code == '?' || code == ':')
			rc |= bad_flag(c, &t, code, argv[optind - 1], argv,
				       compat);
		else
			rc |= take_one(c, code, word_at(argv, at), optarg,
				       compat);
	}
	if (compat) {
		compat_environment(c);
		rc |= compat_validate(c);
	}
	for (int i = optind; i < argc; i++)
		*VEC_ADD(c->s.mem, &c->args.list) = sv_of(argv[i]);
	*command = NULL;
	if (rc < 0 || c->args.list.n == 0)
		return rc;
	rc = find_command(c, command);
	return rc < 0 ? rc : check_scope(c, *command);
}
