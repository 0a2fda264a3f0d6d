/* GitHub workflow commands: each finding at its line of the pull request.
 * Source: actions/toolkit command.ts, escapeData and escapeProperty. */
#include "report/report.h"

static const char *const words[] = {
	[DIAG_NOTE] = "notice",
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
};

static void github_write(const struct report_ctx *ctx, FILE *out)
{
	for (size_t i = 0; i < ctx->diags->list.n; i++) {
		const struct diag *m = &ctx->diags->list.v[i];

		if (m->severity == DIAG_NOTE)
			continue;
		fprintf(out, "::%s file=" SV_FMT, words[m->severity],
			SV_ARG(escape(ctx->mem, SINK_GITHUB_KEY, m->at.file)));
		if (m->at.line > 0)
			fprintf(out, ",line=%u,col=%u", m->at.line, m->at.col);
		fprintf(out, ",title=%s::" SV_FMT "\n", diag_code_name(m->code),
			SV_ARG(escape(ctx->mem, SINK_GITHUB, m->text)));
	}
}

const struct report report_github = {
	.name = "github",
	.about = "annotations of GitHub Actions",
	.write = github_write,
};
