#include "cli/compat.h"

#include <stdlib.h>

static bool is_list(const struct option_row *row)
{
	return row->type == OPTION_LIST || row->type == OPTION_CSV;
}

static bool given(const struct cli_ctx *c, const struct option_row *row)
{
	for (size_t i = 0; i < c->opt.flags.list.n; i++)
		if (sv_eq(c->opt.flags.list.v[i].name, sv_of(row->name)))
			return true;
	return false;
}

int compat_check(struct cli_ctx *c, struct sv word,
		 const struct option_row *row)
{
	struct sv name = sv_from(sv_head(word, sv_chr(word, '=')), 2);
	struct sv bare = sv_starts(name, SV("no-")) && row->type == OPTION_FLAG
				 ? sv_from(name, 3)
				 : name;

	if (!sv_eq(name, sv_of(row->name)) && !sv_eq(bare, sv_of(row->name)))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "unknown option --" SV_FMT
				  "; did you mean --%s?",
				  SV_ARG(name), row->name);
	if (row->type == OPTION_FLAG && sv_chr(word, '=') < word.n)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "ExternalDNS takes no value for --%s; type "
				  "--%s or --no-%s",
				  row->name, row->name, row->name);
	if (!is_list(row) && given(c, row))
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "--%s cannot be repeated", row->name);
	return 0;
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

		if (given(c, row))
			continue;
		value = getenv(variable_name(c->s.mem, row->name));
		if (value != NULL && value[0] != '\0')
			add_variable(c, row, arena_sv(c->s.mem, sv_of(value)));
	}
}
