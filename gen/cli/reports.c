#include "cli/reports.h"

#include "base/words.h"
#include "cli/version.h"

#include <errno.h>
#include <unistd.h>

static int print_one(struct cli_ctx *c, const struct report_ctx *ctx,
		     struct sv value)
{
	struct sv rest = value, name = value;
	const struct report *report;
	const char *file;
	FILE *out;

	(void)sv_cut(&rest, '=', &name);
	report = report_find(name);
	if (report == NULL)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "invalid --report \"" SV_FMT
				  "\": expected " SV_FMT "%s",
				  SV_ARG(name),
				  SV_ARG(words_or(c->s.mem, report_words())),
				  did_you_mean(c->s.mem, name, report_words()));
	if (rest.p == NULL) {
		report->write(ctx, stdout);
		return 0;
	}
	file = arena_str(c->s.mem, rest);
	out = fopen(file, "w");
	if (out == NULL)
		return fault_set(&c->s.fault, c->s.mem, FAULT_ENV, "%s: %s",
				 file, strerror(errno));
	report->write(ctx, out);
	if (ferror(out) | fclose(out))
		return fault_set(&c->s.fault, c->s.mem, FAULT_ENV,
				 "%s: cannot write", file);
	return 0;
}

/* The file that was read last: findings come sorted by file. */
struct source_lines {
	struct session *s;
	struct sv path, text;
};

static bool source_line(void *of, struct loc at, struct sv *line)
{
	struct source_lines *l = of;
	struct session reader = *l->s;
	struct sv rest;

	if (at.file.n == 0)
		return false;
	if (!sv_eq(l->path, at.file)) {
		/* A file that cannot be read has no lines to show. */
		l->path = at.file;
		if (session_read(&reader, at.file, &l->text) < 0)
			l->text = SV("");
	}
	rest = l->text;
	for (uint32_t n = 1; rest.p != NULL && sv_cut(&rest, '\n', line); n++)
		if (n == at.line)
			return true;
	return false;
}

void reports_records(struct session *s, const struct derived *d,
		     struct report_ctx *ctx)
{
	struct source_lines *lines = ARENA_NEW(s->mem, struct source_lines);

	lines->s = s;
	ctx->plan = &d->plan;
	ctx->objects = &d->objects;
	ctx->source_line = source_line;
	ctx->of = lines;
}

int reports_print(struct cli_ctx *c, struct report_ctx *ctx)
{
	int rc = 0;

	ctx->version = ZONELOOM_VERSION;
	if (!cli_has(c, "report")) {
		report_find(SV("text"))->write(ctx, stdout);
		return 0;
	}
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, SV("report")) &&
		    print_one(c, ctx, c->cli_flags.list.v[i].value) < 0)
			rc = -1;
	return rc;
}

int status_of_changes(const struct cli_ctx *c, bool changed, int when_changed)
{
	int rc = cli_status(c, changed ? when_changed : EXIT_SAME);

	if (!cli_has(c, "detailed-exitcode"))
		return rc;
	if (c->s.fault.kind != FAULT_NONE || c->s.diags.errors > 0)
		return 1;
	return changed ? 2 : 0;
}
