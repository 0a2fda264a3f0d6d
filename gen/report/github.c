/* GitHub workflow commands: each finding at its line of the pull request.
 * Source: actions/toolkit command.ts, escapeData and escapeProperty. */
#include "report/report.h"

#include "base/words.h"

static const char *const words[] = {
	[DIAG_NOTE] = "notice",
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
};

/* GitHub shows ten annotations of a severity and step: the errors first, and
 * no more of one kind. */
enum { KIND_ANNOTATIONS = 10 };

static void put_head(const struct report_ctx *ctx, const struct diag *m,
		     FILE *out)
{
	fprintf(out, "::%s file=" SV_FMT, words[m->severity],
		SV_ARG(escape(ctx->mem, SINK_GITHUB_KEY, m->at.file)));
	if (m->at.line > 0)
		fprintf(out, ",line=%u,col=%u", m->at.line, m->at.col);
	fprintf(out, ",title=%s::", diag_code_name(m->code));
}

static void put_group(const struct report_ctx *ctx, const struct diag_group *g,
		      FILE *out)
{
	put_head(ctx, g->first, out);
	fprintf(out, SV_FMT "\n",
		SV_ARG(escape(ctx->mem, SINK_GITHUB,
			      diag_group_text(ctx->mem, g))));
	if (g->alike == 0)
		return;
	put_head(ctx, g->first, out);
	fprintf(out, "and " SV_FMT "\n",
		SV_ARG(words_count(ctx->mem, g->alike, "more", "more")));
}

static void github_write(const struct report_ctx *ctx, FILE *out)
{
	static const enum diag_severity order[] = { DIAG_ERROR, DIAG_WARNING };
	struct diag_groups groups = { 0 };

	diags_fold_kinds(ctx->mem, ctx->diags, KIND_ANNOTATIONS, &groups);
	for (size_t s = 0; s < sizeof(order) / sizeof(order[0]); s++)
		for (size_t i = 0; i < groups.list.n; i++)
			if (groups.list.v[i].first->severity == order[s])
				put_group(ctx, &groups.list.v[i], out);
}

const struct report report_github = {
	.name = "github",
	.about = "annotations of GitHub Actions",
	.write = github_write,
};
