/* GitLab's code quality report: a list of findings.
 * Source: docs.gitlab.com, Code Quality, "Code Quality report format". */
#include "report/finding.h"

/* What a merge request widget still shows; GitLab reads 100 MB at most. */
enum { GITLAB_FINDINGS = 10000 };

static const char *const severities[] = {
	[DIAG_NOTE] = "info",
	[DIAG_WARNING] = "minor",
	[DIAG_ERROR] = "major",
};

/* GitLab wants a file and a line of every finding; those of the command line
 * are at the configuration, which is what decides otherwise. */
static json_t *place(const struct report_ctx *ctx, struct loc at)
{
	struct sv file = at.file.n > 0 ? at.file : SV(".zoneloom.yaml");

	return json_pack("{s:o, s:{s:i}}", "path", finding_text(ctx->mem, file),
			 "lines", "begin", at.line > 0 ? (int)at.line : 1);
}

static json_t *issue(const struct report_ctx *ctx, const struct finding *f)
{
	const struct diag *d = f->diag;

	return json_pack("{s:o, s:s, s:o, s:s, s:o}", "description",
			 finding_text(ctx->mem, d->text), "check_name",
			 diag_code_name(d->code), "fingerprint",
			 finding_text(ctx->mem, f->fingerprint), "severity",
			 severities[d->severity], "location",
			 place(ctx, d->at));
}

static void gitlab_write(const struct report_ctx *ctx, FILE *out)
{
	json_t *root = json_array();
	struct findings found;

	findings_of(ctx, GITLAB_FINDINGS, &found);
	for (size_t i = 0; i < found.list.n; i++)
		json_array_append_new(root, issue(ctx, &found.list.v[i]));
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}

const struct report report_gitlab = {
	.name = "gitlab",
	.about = "GitLab's code quality report",
	.write = gitlab_write,
};
