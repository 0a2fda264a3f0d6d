#include "cli/usage.h"

/* The words of a script are names of our tables: letters and "-" only, so
 * nothing is quoted but the sentences. */

static void names_write(FILE *out)
{
	for (const struct command *c = command_table; c->name; c++)
		fprintf(out, "%s%s", c == command_table ? "" : " ", c->name);
}

static void flags_write(FILE *out, const struct command *command)
{
	for (const struct flag_row *f = flag_table; f->name; f++)
		if (flag_serves(f, command))
			fprintf(out, " --%s%s", f->name,
				f->arg[0] && f->arg[0] != '=' ? "=" : "");
	for (size_t i = 0; command->uses >= USES_DERIVES && i < option_count();
	     i++) {
		const struct option_row *o = option_at(i);

		if (o->type == OPTION_FLAG)
			fprintf(out, " --%s --no-%s", o->name, o->name);
		else
			fprintf(out, " --%s=", o->name);
	}
}

/* Words behind "--NAME=", for options that have a fixed set. */
static void bash_choices(FILE *out)
{
	for (size_t i = 0; i < option_count(); i++)
		if (option_at(i)->type == OPTION_CHOICE)
			fprintf(out, "\t--%s) words='%s' ;;\n",
				option_at(i)->name, option_at(i)->values);
}

static void bash_write(FILE *out)
{
	fputs("# bash completion of zoneloom\n"
	      "_zoneloom()\n"
	      "{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command= words= i\n"
	      "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tCOMPREPLY=()\n"
	      "\t# bash parts --name=word at the sign.\n"
	      "\tif [[ $cur == = ]]; then cur=; prev=$prev\n"
	      "\telif [[ $prev == = ]]; then "
	      "prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
	      "\tcase $prev in\n",
	      out);
	bash_choices(out);
	fputs("\tesac\n"
	      "\tif [[ $words ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n"
	      "\t\t-C|--config|--directory) ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $command in\n"
	      "\t'') words='",
	      out);
	names_write(out);
	fputs("' ;;\n", out);
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out, "\t%s) words='", c->name);
		flags_write(out, c);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n"
	      "\tif [[ $command && $cur != -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\t[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
	      "}\n"
	      "complete -F _zoneloom zoneloom\n",
	      out);
}

/* A sentence in single quotes; zsh wants ":" and brackets escaped too. */
static void sentence(FILE *out, const char *s, const char *special)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", out);
		else if (strchr(special, *s) != NULL)
			fprintf(out, "\\%c", *s);
		else
			fputc(*s, out);
	}
}

static void zsh_option(FILE *out, const char *name, const char *about,
		       const char *values, bool takes, bool choice)
{
	fprintf(out, "\t\t'*--%s%s[", name, takes ? "=" : "");
	sentence(out, about, "[]:\\");
	fputs("]", out);
	if (takes && choice)
		fprintf(out, ":word:(%s)", values);
	else if (takes)
		fputs(":value:_files", out);
	fputs("'\n", out);
}

static void zsh_command(FILE *out, const struct command *c)
{
	fprintf(out, "\t%s) specs=(\n", c->name);
	for (const struct flag_row *f = flag_table; f->name; f++)
		if (flag_serves(f, c))
			zsh_option(out, f->name, f->about, "",
				   f->arg[0] && f->arg[0] != '=', false);
	for (size_t i = 0; c->uses >= USES_DERIVES && i < option_count(); i++) {
		const struct option_row *o = option_at(i);

		zsh_option(out, o->name, o->about, o->values,
			   o->type != OPTION_FLAG, o->type == OPTION_CHOICE);
	}
	fputs("\t\t) ;;\n", out);
}

static void zsh_write(FILE *out)
{
	fputs("#compdef zoneloom\n"
	      "_zoneloom()\n"
	      "{\n"
	      "\tlocal -a commands specs\n"
	      "\tlocal word command=\n"
	      "\tcommands=(\n",
	      out);
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out, "\t\t'%s:", c->name);
		sentence(out, c->about, ":\\");
		fputs("'\n", out);
	}
	fputs("\t)\n"
	      "\tfor word in ${words[2,CURRENT-1]}; do\n"
	      "\t\t[[ $word == -* ]] || { command=$word; break }\n"
	      "\tdone\n"
	      "\tcase $command in\n"
	      "\t'') _describe command commands; return ;;\n",
	      out);
	for (const struct command *c = command_table; c->name; c++)
		zsh_command(out, c);
	fputs("\tesac\n"
	      "\t_arguments $specs '*:file:_files'\n"
	      "}\n"
	      /* A file of fpath is the body of the function itself; by
	       * `source <(...)` there is only the name to register. */
	      "if [[ ${funcstack[1]} == _zoneloom ]]; then\n"
	      "\t_zoneloom \"$@\"\n"
	      "elif (( ${+functions[compdef]} )); then\n"
	      "\tcompdef _zoneloom zoneloom\n"
	      "fi\n",
	      out);
}

static void fish_flag(FILE *out, const char *command, const char *name,
		      const char *about, const char *values, bool takes)
{
	fprintf(out,
		"complete -c zoneloom -n '__fish_seen_subcommand_from %s'"
		" -l %s%s%s%s%s -d '",
		command, name, takes ? " -r" : "", values[0] ? " -fa '" : "",
		values, values[0] ? "'" : "");
	sentence(out, about, "\\");
	fputs("'\n", out);
}

static void fish_write(FILE *out)
{
	fputs("# fish completion of zoneloom\n", out);
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out,
			"complete -c zoneloom -f -n "
			"__fish_use_subcommand -a %s -d '",
			c->name);
		sentence(out, c->about, "\\");
		fputs("'\n", out);
		for (const struct flag_row *f = flag_table; f->name; f++)
			if (flag_serves(f, c))
				fish_flag(out, c->name, f->name, f->about, "",
					  f->arg[0] && f->arg[0] != '=');
		for (size_t i = 0;
		     c->uses >= USES_DERIVES && i < option_count(); i++) {
			const struct option_row *o = option_at(i);

			fish_flag(out, c->name, o->name, o->about,
				  o->type == OPTION_CHOICE ? o->values : "",
				  o->type != OPTION_FLAG);
		}
	}
}

int completion_write(FILE *out, struct sv shell)
{
	static const struct {
		const char *shell;
		void (*write)(FILE *out);
	} shells[] = {
		{ "bash", bash_write },
		{ "fish", fish_write },
		{ "zsh", zsh_write },
	};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (sv_eq(shell, sv_of(shells[i].shell))) {
			shells[i].write(out);
			return 0;
		}
	return -1;
}
