/*
 * SARIF 2.1.0, for code scanning.
 *
 * A run without findings has `results: []`: uploading it closes the alerts of
 * the run before.  GitHub takes 25,000 results a run and shows 5,000; how many
 * are left out is a notification of the run.
 */
#include "report/finding.h"

#include "base/words.h"

enum { SARIF_RESULTS = 5000 };

#define SARIF_SCHEMA                                                           \
 "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"         \
 "sarif-schema-2.1.0.json"

static const char *const levels[] = {
	[DIAG_NOTE] = "note",
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
};

static json_t *location(struct arena *mem, struct loc at)
{
	json_t *place =
		json_pack("{s:{s:o, s:s}}", "artifactLocation", "uri",
			  finding_text(mem, escape(mem, SINK_URI, at.file)),
			  "uriBaseId", "%SRCROOT%");

	if (at.line > 0)
		json_object_set_new(place, "region",
				    json_pack("{s:i, s:i}", "startLine",
					      (int)at.line, "startColumn",
					      at.col > 0 ? (int)at.col : 1));
	return json_pack("{s:o}", "physicalLocation", place);
}

/* None of what is said of the command line. */
static json_t *locations(struct arena *mem, struct loc at)
{
	json_t *list = json_array();

	if (at.file.n > 0)
		json_array_append_new(list, location(mem, at));
	return list;
}

static json_t *result(struct arena *mem, const struct finding *f, int rule)
{
	const struct diag *d = f->diag;
	json_t *r = json_pack("{s:s, s:i, s:s, s:{s:o}, s:o, s:{s:o}}",
			      "ruleId", diag_code_name(d->code), "ruleIndex",
			      rule, "level", levels[d->severity], "message",
			      "text", finding_text(mem, d->text), "locations",
			      locations(mem, d->at), "partialFingerprints",
			      "zoneloom/v1", finding_text(mem, f->fingerprint));

	if (d->related.line > 0)
		json_object_set_new(r, "relatedLocations",
				    locations(mem, d->related));
	return r;
}

static json_t *rule(struct arena *mem, enum diag_code code)
{
	const char *name = diag_code_name(code), *about = diag_code_about(code);
	json_t *help = finding_text(
		mem, arena_fmt(mem, "%s. See docs/diagnostics.md.", about));

	return json_pack("{s:s, s:{s:s}, s:{s:o}}", "id", name,
			 "shortDescription", "text", about, "help", "text",
			 help);
}

/* The rules of this run's findings, each once. */
static void add_results(struct arena *mem, const struct findings *found,
			json_t *rules, json_t *results)
{
	int index[DIAG_COUNT] = { 0 }; /* counts from 1 */

	for (size_t i = 0; i < found->list.n; i++) {
		const struct finding *f = &found->list.v[i];
		int *at = &index[f->diag->code];

		if (*at == 0) {
			json_array_append_new(rules, rule(mem, f->diag->code));
			*at = (int)json_array_size(rules);
		}
		json_array_append_new(results, result(mem, f, *at - 1));
	}
}

static json_t *invocation(struct arena *mem, size_t hidden)
{
	json_t *notes = json_array();
	struct sv text;

	if (hidden > 0) {
		text = arena_fmt(
			mem, "not shown: " SV_FMT,
			SV_ARG(words_count(mem, hidden, "finding", NULL)));
		json_array_append_new(notes,
				      json_pack("{s:s, s:{s:o}}", "level",
						"warning", "message", "text",
						finding_text(mem, text)));
	}
	return json_pack("{s:b, s:o}", "executionSuccessful", 1,
			 "toolExecutionNotifications", notes);
}

static void sarif_write(const struct report_ctx *ctx, FILE *out)
{
	json_t *rules = json_array(), *results = json_array(), *root;
	struct findings found;

	findings_of(ctx, SARIF_RESULTS, &found);
	add_results(ctx->mem, &found, rules, results);
	root = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:s, s:[o], "
			 "s:o}]}",
			 "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs",
			 "tool", "driver", "name", "zoneloom",
			 "semanticVersion", ctx->version, "rules", rules,
			 "columnKind", "unicodeCodePoints", "invocations",
			 invocation(ctx->mem, found.hidden), "results",
			 results);
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}

const struct report report_sarif = {
	.name = "sarif",
	.about = "findings for code scanning (SARIF 2.1.0)",
	.write = sarif_write,
};
