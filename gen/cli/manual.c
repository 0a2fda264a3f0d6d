#include "cli/usage.h"
#include "cli/version.h"

enum { MANUAL_WIDTH = 76 };

/* Filled to short lines, as mandoc -T lint likes them.  A backslash, and a dot
 * or quote in front, mean something to roff. */
static void words(FILE *out, struct sv s)
{
	struct sv word;
	size_t at = 0;

	while (sv_cut(&s, ' ', &word)) {
		bool fresh = at == 0 || at + 1 + word.n > MANUAL_WIDTH;

		if (at > 0)
			fputc(fresh ? '\n' : ' ', out);
		at = fresh ? word.n : at + 1 + word.n;
		if (fresh && word.n > 0 && strchr(".'", word.p[0]) != NULL)
			fputs("\\&", out);
		for (size_t i = 0; i < word.n; i++)
			fputs(word.p[i] == '\\' ? "\\e"
						: (char[]){ word.p[i], '\0' },
			      out);
	}
	fputc('\n', out);
}

static void head(FILE *out)
{
	fputs(".\\\" Written by zoneloom help --man.\n"
	      ".Dd " ZONELOOM_DATE "\n"
	      ".Dt ZONELOOM 1\n"
	      ".Os\n"
	      ".Sh NAME\n"
	      ".Nm zoneloom\n"
	      ".Nd DNS records from the Kubernetes manifests of a git "
	      "repository\n"
	      ".Sh SYNOPSIS\n"
	      ".Nm\n"
	      ".Op Fl C Ar DIR\n"
	      ".Op Fl Fl config Ar FILE\n"
	      ".Op Fl q | v\n"
	      ".Ar COMMAND\n"
	      ".Op Ar ARGUMENT ...\n"
	      ".Sh DESCRIPTION\n"
	      ".Nm\n"
	      "reads Kubernetes manifests out of a git repository, without a "
	      "cluster,\n"
	      "a token or the network, derives the records that ExternalDNS "
	      "would publish,\n"
	      "and writes them as Terraform JSON for Cloudflare or as BIND "
	      "zones,\n"
	      "so that every DNS change is a reviewed diff before it is a DNS "
	      "change.\n"
	      ".Pp\n"
	      "Records go to standard output, messages to standard error,\n"
	      "one a line as\n"
	      ".Dl path:line:col: severity: text [code]\n",
	      out);
}

static void command_items(FILE *out)
{
	fputs(".Sh COMMANDS\n.Bl -tag -width Ds\n", out);
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out, ".It Cm %s", c->name);
		if (c->args[0] != '\0')
			fprintf(out, " Ar %s\\&", c->args);
		fputc('\n', out);
		words(out, sv_of(c->about));
	}
	fputs(".El\n", out);
}

static void flag_item(FILE *out, const struct flag_row *f)
{
	const char *arg = f->arg;

	fputs(".It ", out);
	if (f->brief != 0)
		fprintf(out, "Fl %c , ", f->brief);
	fprintf(out, "Fl Fl %s", f->name);
	if (arg[0] == '=')
		fprintf(out, " Ns Op = Ns Ar %s", arg + 1);
	else if (arg[0] != '\0')
		fprintf(out, " Ar %s", arg);
	fputc('\n', out);
	words(out, sv_of(f->about));
}

/* In lines that mandoc(1) takes for no fault of style. */
static void put_commands(struct sv text, FILE *out)
{
	enum { COLUMNS = 70 };
	struct sv rest = text, word;
	size_t column = 0;

	fputc('(', out);
	while (sv_cut(&rest, ' ', &word)) {
		bool first = word.p == text.p;

		column += word.n + 1;
		fprintf(out, "%s" SV_FMT,
			first		   ? ""
			: column > COLUMNS ? "\n"
					   : " ",
			SV_ARG(word));
		if (column > COLUMNS)
			column = 0;
	}
	fputs(")\n", out);
}

static void flag_items(FILE *out, struct arena *mem)
{
	fputs(".Sh FLAGS\nOf every command:\n.Bl -tag -width Ds\n", out);
	for (const struct flag_row *f = flag_table; f->name; f++)
		if (f->commands[0] == '\0')
			flag_item(out, f);
	fputs(".El\n.Pp\nOf some:\n.Bl -tag -width Ds\n", out);
	for (const struct flag_row *f = flag_table; f->name; f++) {
		if (f->commands[0] == '\0')
			continue;
		flag_item(out, f);
		put_commands(usage_commands(mem, f), out);
	}
	fputs(".El\n", out);
}

static void option_items(FILE *out, struct arena *mem)
{
	fputs(".Sh OPTIONS\n"
	      "Every command that derives records takes them; each is a key "
	      "of\n"
	      ".Pa .zoneloom.yaml\n"
	      "too.\n"
	      "Those that ExternalDNS has keep its names and their meaning.\n"
	      ".Bl -tag -width Ds\n",
	      out);
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *o = option_at(i);
		struct sv shown = usage_option(mem, o);
		size_t blank = sv_chr(shown, ' ');

		if (o->type == OPTION_FLAG)
			fprintf(out, ".It Fl Fl %s , Fl Fl no-%s\n", o->name,
				o->name);
		else
			fprintf(out, ".It Fl Fl %s Ar " SV_FMT "\n", o->name,
				SV_ARG(sv_from(shown, blank + 1)));
		words(out, usage_about(mem, o));
	}
	fputs(".El\n", out);
}

static void tail(FILE *out)
{
	fputs(".Sh ENVIRONMENT\n"
	      ".Bl -tag -width Ds\n"
	      ".It Ev ZONELOOM_CONFIG\n"
	      "As\n"
	      ".Fl Fl config .\n"
	      ".It Ev ZONELOOM_SANDBOX\n"
	      ".Sq off\n"
	      "keeps the program from giving up files, programs and the "
	      "network;\n"
	      ".Cm version\n"
	      "says what the kernel lets it give up.\n"
	      ".El\n"
	      ".Sh FILES\n"
	      ".Bl -tag -width Ds\n"
	      ".It Pa .zoneloom.yaml\n"
	      "Configuration, at the root of the repository; see\n"
	      ".Xr zoneloom.yaml 5 .\n"
	      ".El\n"
	      ".Sh EXIT STATUS\n"
	      ".Bl -tag -width Ds\n",
	      out);
	for (const struct status_row *s = status_table; s->about; s++)
		fprintf(out, ".It %d\n%s\n", s->status, s->about);
	fputs(".El\n"
	      ".Sh EXAMPLES\n"
	      "The records of a cluster, with no configuration and no "
	      "repository:\n"
	      ".Dl kubectl get ingress -A -o yaml | zoneloom list --stdin\n"
	      ".Pp\n"
	      "Where an ExternalDNS Deployment is in use, its arguments as a\n"
	      "configuration:\n"
	      ".Dl zoneloom init --from-external-dns deployment.yaml\n"
	      ".Pp\n"
	      "In CI, with the outputs in the pull request:\n"
	      ".Dl zoneloom check\n"
	      ".Sh SEE ALSO\n"
	      ".Xr zoneloom.yaml 5\n",
	      out);
}

void manual_write(FILE *out)
{
	struct arena *mem = arena_new();

	head(out);
	command_items(out);
	flag_items(out, mem);
	option_items(out, mem);
	tail(out);
	arena_free(mem);
}
