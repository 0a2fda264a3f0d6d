#include "cli/usage.h"

#include "base/buf.h"

const struct status_row status_table[] = {
	{ EXIT_SAME, "same, or done" },
	{ EXIT_DIFFERENT, "differences or findings" },
	{ EXIT_USAGE, "usage or configuration" },
	{ EXIT_INPUT, "input or policy" },
	{ EXIT_ENV, "repository or environment" },
	{ EXIT_AGAIN, "try again: a ref moved, a lock is held" },
	{ EXIT_STOP, "safety stop: empty result, mass deletion or change" },
	{ EXIT_BUG, "a bug of zoneloom" },
	{ 0, NULL },
};

struct sv usage_flag(struct arena *mem, const struct flag_row *row)
{
	struct sv brief =
		row->brief ? arena_fmt(mem, "-%c, ", row->brief) : SV("");
	const char *arg = row->arg;

	if (arg[0] == '=')
		return arena_fmt(mem, SV_FMT "--%s[=%s]", SV_ARG(brief),
				 row->name, arg + 1);
	return arena_fmt(mem, SV_FMT "--%s%s%s", SV_ARG(brief), row->name,
			 arg[0] ? " " : "", arg);
}

static const char *argument(const struct option_row *row)
{
	switch (row->type) {
	case OPTION_FLAG:
		return "";
	case OPTION_CHOICE:
		return " WORD";
	case OPTION_DURATION:
		return " DURATION";
	case OPTION_COUNT:
		return " N";
	case OPTION_STRING:
	case OPTION_LIST:
	case OPTION_CSV:
		return NULL; /* the row says */
	}
	return NULL;
}

struct sv usage_option(struct arena *mem, const struct option_row *row)
{
	const char *arg = argument(row);

	if (row->type == OPTION_FLAG)
		return arena_fmt(mem, "--[no-]%s", row->name);
	if (arg == NULL)
		return arena_fmt(mem, "--%s %s", row->name, row->values);
	return arena_fmt(mem, "--%s%s", row->name, arg);
}

struct sv usage_about(struct arena *mem, const struct option_row *row)
{
	struct sv rest = sv_of(row->values), word, more = SV("");
	bool list = row->type == OPTION_LIST || row->type == OPTION_CSV;
	const char *comma = ": ";

	while (row->type == OPTION_CHOICE && sv_cut(&rest, ' ', &word)) {
		more = arena_fmt(mem, SV_FMT "%s" SV_FMT, SV_ARG(more), comma,
				 SV_ARG(word));
		comma = ", ";
	}
	if (row->fallback[0] != '\0')
		more = arena_fmt(mem, SV_FMT " (default: %s)", SV_ARG(more),
				 row->fallback);
	return arena_fmt(mem, "%s" SV_FMT "%s", row->about, SV_ARG(more),
			 list ? "; repeatable" : "");
}

struct sv usage_commands(struct arena *mem, const struct flag_row *row)
{
	struct buf out = { .mem = mem };
	size_t n = 0, i = 0;

	for (const struct command *c = command_table; c->name; c++)
		n += flag_serves(row, c);
	for (const struct command *c = command_table; c->name; c++) {
		if (!flag_serves(row, c))
			continue;
		buf_fmt(&out, "%s%s",
			i == 0	     ? ""
			: i + 1 == n ? " and "
				     : ", ",
			c->name);
		i++;
	}
	return buf_sv(&out);
}
