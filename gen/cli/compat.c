#include "cli/compat.h"

#include <stdlib.h>

#include "cli/kingpin.h"

static bool is_list(const struct option_row *row)
{
	return row->type == OPTION_LIST || row->type == OPTION_CSV;
}

static bool given(const struct cli_ctx *c, const char *name)
{
	for (size_t i = 0; i < c->opt.flags.list.n; i++)
		if (sv_eq(c->opt.flags.list.v[i].name, sv_of(name)))
			return true;
	for (size_t i = 0; i < c->idle.list.n; i++)
		if (sv_eq(c->idle.list.v[i].name, sv_of(name)))
			return true;
	return false;
}

static struct sv name_of(struct sv word)
{
	return sv_from(sv_head(word, sv_chr(word, '=')), 2);
}

const char *compat_value(struct sv word, const char *next, bool *next_used)
{
	const struct kingpin_row *row = kingpin_find(name_of(word));

	*next_used = false;
	if (sv_chr(word, '=') < word.n)
		return word.p + sv_chr(word, '=') + 1;
	if (row == NULL || row->type == KINGPIN_SWITCH || next == NULL)
		return NULL;
	*next_used = true;
	return next;
}

/* The next argument is a flag, not a value, if it begins with "-". */
static bool is_flag(struct sv word, const char *value)
{
	return sv_chr(word, '=') == word.n && value[0] == '-' &&
	       value[1] != '\0';
}

static int check_value(struct cli_ctx *c, const struct kingpin_row *row,
		       struct sv word, const char *value)
{
	const char *expected;

	if (row->type == KINGPIN_SWITCH) {
		if (sv_chr(word, '=') == word.n)
			return 0;
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "ExternalDNS takes no value for --%s; type "
				  "--%s or --no-%s",
				  row->name, row->name, row->name);
	}
	if (value == NULL || is_flag(word, value))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--%s: missing value", row->name);
	expected = kingpin_check(c->s.mem, row, sv_of(value));
	if (expected != NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid %s \"%s\": ExternalDNS expected %s",
				  row->name, value, expected);
	return 0;
}

/* Is the name typed whole?  getopt takes the beginning of one. */
static bool is_whole_name(struct sv name, const struct option_row *row)
{
	bool negated = sv_starts(name, SV("no-")) && row->type == OPTION_FLAG;

	return sv_eq(name, sv_of(row->name)) ||
	       (negated && sv_eq(sv_from(name, 3), sv_of(row->name)));
}

int compat_check(struct cli_ctx *c, struct sv word, const char *value,
		 const struct option_row *row)
{
	struct sv name = name_of(word);
	const struct kingpin_row *theirs = kingpin_find(name);

	if (row != NULL && !is_whole_name(name, row))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "unknown option --" SV_FMT
				  "; did you mean --%s?",
				  SV_ARG(name), row->name);
	if (theirs == NULL)
		return 0;
	if (!kingpin_repeats(theirs) && given(c, theirs->name))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--%s cannot be repeated", theirs->name);
	if (row == NULL)
		*VEC_ADD(c->s.mem, &c->idle.list) = (struct flag){
			sv_of(theirs->name),
			value != NULL ? sv_of(value) : SV(""),
			!sv_eq(name, sv_of(theirs->name)),
		};
	/* The option says itself which words it takes, and the nearest one. */
	if (row != NULL && row->type == OPTION_CHOICE && value != NULL)
		return 0;
	return check_value(c, theirs, word, value);
}

static const struct flag *find(const struct flags *flags, const char *name)
{
	for (size_t i = 0; i < flags->list.n; i++)
		if (sv_eq(flags->list.v[i].name, sv_of(name)))
			return &flags->list.v[i];
	return NULL;
}

static bool is_on(const struct cli_ctx *c, const char *name)
{
	const struct flag *f = find(&c->idle, name);

	return f != NULL && !f->negated;
}

/* Go makes a whole number of what ParseFloat() gives. */
static bool below_one(const struct cli_ctx *c, const char *name)
{
	const struct flag *f = find(&c->idle, name);
	double real;

	if (f == NULL)
		return false;
	real = strtod(arena_str(c->s.mem, f->value), NULL);
	return !(real >= 1 && real < 0x1p63);
}

static bool is_provider(const struct cli_ctx *c, const char *name)
{
	const struct flag *f = find(&c->opt.flags, "provider");

	return f != NULL && sv_eq(f->value, sv_of(name));
}

/* What validation.go refuses in flags that have no effect here. */
static const char *idle_fault(const struct cli_ctx *c)
{
	const struct flag *azure = find(&c->idle, "azure-config-file");
	const struct flag *ttl = find(&c->idle, "rfc2136-min-ttl");

	if (below_one(c, "kube-api-qps"))
		return "kube-api-qps: expected more than 0";
	if (below_one(c, "kube-api-burst"))
		return "kube-api-burst: expected more than 0";
	if (is_provider(c, "azure") && azure != NULL && azure->value.n == 0)
		return "azure-config-file: expected a file";
	if (!is_provider(c, "rfc2136"))
		return NULL;
	if (ttl != NULL && sv_starts(ttl->value, SV("-")))
		return "rfc2136-min-ttl: expected no negative duration";
	if (below_one(c, "rfc2136-batch-change-size"))
		return "rfc2136-batch-change-size: expected 1 or more";
	if (is_on(c, "rfc2136-gss-tsig") && is_on(c, "rfc2136-insecure"))
		return "rfc2136-gss-tsig: not together with rfc2136-insecure";
	if (is_on(c, "rfc2136-gss-tsig") &&
	    (find(&c->idle, "rfc2136-kerberos-realm") == NULL ||
	     find(&c->idle, "rfc2136-kerberos-username") == NULL ||
	     find(&c->idle, "rfc2136-kerberos-password") == NULL))
		return "rfc2136-gss-tsig: expected rfc2136-kerberos-realm, "
		       "-username and -password";
	return NULL;
}

int compat_validate(struct cli_ctx *c)
{
	const char *fault = idle_fault(c);

	if (fault == NULL)
		return 0;
	return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "ExternalDNS refuses --%s", fault);
}

static const char *variable_name(struct arena *mem, const char *flag)
{
	struct sv name = arena_fmt(mem, "EXTERNAL_DNS_%s", flag);
	char *text = ARENA_ARRAY(mem, char, name.n + 1);

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		text[i] = c == '-'		 ? '_'
			  : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A')
						 : c;
	}
	return text;
}

/* One line end behind the last value is none of it. */
static struct sv without_line_end(struct sv s)
{
	if (sv_ends(s, SV("\n")))
		s.n--;
	return sv_ends(s, SV("\r")) ? sv_head(s, s.n - 1) : s;
}

static void add_variable(struct cli_ctx *c, const struct option_row *row,
			 struct sv value)
{
	struct sv rest = is_list(row) ? without_line_end(value) : value, line;

	if (!is_list(row)) {
		*VEC_ADD(c->s.mem, &c->opt.flags.list) =
			(struct flag){ sv_of(row->name), value, false };
		return;
	}
	while (sv_cut(&rest, '\n', &line))
		*VEC_ADD(c->s.mem, &c->opt.flags.list) =
			(struct flag){ sv_of(row->name), without_line_end(line),
				       false };
}

void compat_environment(struct cli_ctx *c)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);
		const char *value;

		if (given(c, row->name))
			continue;
		value = getenv(variable_name(c->s.mem, row->name));
		if (value != NULL && value[0] != '\0')
			add_variable(c, row, arena_sv(c->s.mem, sv_of(value)));
	}
}
