/*
 * One page that loads nothing: the change first, then policy, findings with
 * their lines, the picture, and every record with its why.
 *
 * The page is templates/report.html; every value goes through SINK_HTML.  Its
 * policy allows the one style and the one script that stand in it, by their
 * digests (scripts/page.py).
 */
#include "base/buf.h"
#include "base/map.h"
#include "base/mustache.h"
#include "base/words.h"
#include "endpoint/txt.h"
#include "graph/graph.h"
#include "report/finding.h"

enum {
	/* Changes of a zone before they are folded. */
	FOLD_ROWS = 50,
	/* Records that stand open when the page opens. */
	OPEN_RECORDS = 200,
	/* Findings that a page still shows. */
	HTML_FINDINGS = 1000,
	/* Nodes of a column of the picture. */
	HTML_NODES = 24,
	/* Bytes of a source line. */
	LINE_BYTES = 240,
};

/* The templates lie in the program as they lie in templates/. */
#define EMBED(name, file)                                                      \
 __asm__(".pushsection .rodata\n"                                              \
	 ".global " name "\n" name ":\n"                                       \
	 ".incbin \"templates/" file "\"\n"                                    \
	 ".byte 0\n"                                                           \
	 ".popsection\n")
EMBED("template_report", "report.html");
EMBED("template_report_changes", "report-changes.html");
EMBED("template_report_counts", "report-counts.html");
extern const char template_report[];
extern const char template_report_changes[];
extern const char template_report_counts[];

struct scopes {
	VEC(struct mustache_scope) list;
};

static struct mustache_scope *add_scope(struct arena *mem, struct scopes *s)
{
	return VEC_ADD(mem, &s->list);
}

static void put_list(struct arena *mem, struct mustache_scope *s,
		     const char *name, const struct scopes *list)
{
	mustache_list(mem, s, name, list->list.v, list->list.n);
}

static struct sv number(struct arena *mem, size_t n)
{
	return arena_fmt(mem, "%zu", n);
}

/* False to the template where there is none. */
static struct sv count(struct arena *mem, size_t n)
{
	return n > 0 ? number(mem, n) : SV("");
}

static struct sv place_of(struct arena *mem, struct loc at)
{
	if (at.file.n == 0)
		return SV("command line");
	return at.line > 0
		       ? arena_fmt(mem, SV_FMT ":%u", SV_ARG(at.file), at.line)
		       : at.file;
}

/* --- what changes --- */

static const char *const kinds[] = {
	[CHANGE_ADD] = "add",
	[CHANGE_UPDATE] = "update",
	[CHANGE_DELETE] = "delete",
};

static void add_change(struct arena *mem, const struct change *c,
		       struct scopes *out)
{
	struct mustache_scope *s = add_scope(mem, out);
	const struct endpoint *e = change_record(c);

	mustache_text(mem, s, "change", sv_of(kinds[c->kind]));
	mustache_text(mem, s, "type", sv_of(rrtype_name(e->type)));
	mustache_text(mem, s, "name", e->name);
	mustache_text(mem, s, "value", change_value(mem, c));
	mustache_text(mem, s, "place", change_place(mem, c));
}

static void add_changes_of(struct arena *mem, const struct changes *c,
			   enum change_kind kind, bool txt, struct scopes *out)
{
	for (size_t i = 0; i < c->list.n; i++)
		if (c->list.v[i].kind == kind &&
		    is_ownership(change_record(&c->list.v[i])) == txt)
			add_change(mem, &c->list.v[i], out);
}

/* Deletions first; ownership TXT records behind what they own. */
static void add_changes(struct arena *mem, const struct changes *c,
			struct mustache_scope *zone)
{
	struct scopes rows = { 0 };

	for (int txt = 0; txt <= 1; txt++)
		for (int kind = CHANGE_DELETE; kind >= CHANGE_ADD; kind--)
			add_changes_of(mem, c, (enum change_kind)kind, txt > 0,
				       &rows);
	put_list(mem, zone, "changes", &rows);
	mustache_text(mem, zone, rows.list.n > FOLD_ROWS ? "folded" : "plain",
		      SV("yes"));
	mustache_text(mem, zone, "rows-count",
		      words_count(mem, rows.list.n, "record", NULL));
}

static void put_zones(struct arena *mem, struct mustache_scope *top,
		      const char *name, const struct zone_changes_list *zones)
{
	struct scopes list = { 0 };

	for (size_t i = 0; zones != NULL && i < zones->list.n; i++) {
		const struct zone_changes *z = &zones->list.v[i];
		struct mustache_scope *s;

		if (z->changes.list.n == 0)
			continue;
		s = add_scope(mem, &list);
		mustache_text(mem, s, "zone",
			      z->zone ? z->zone->key : SV("no zone"));
		mustache_text(mem, s, "added", count(mem, z->changes.added));
		mustache_text(mem, s, "updated",
			      count(mem, z->changes.updated));
		mustache_text(mem, s, "deleted",
			      count(mem, z->changes.deleted));
		add_changes(mem, &z->changes, s);
	}
	put_list(mem, top, name, &list);
}

/* --- policy, remarks, findings --- */

static void put_policy(const struct report_ctx *ctx, struct mustache_scope *top)
{
	struct arena *mem = ctx->mem;
	struct scopes list = { 0 };

	for (size_t i = 0; ctx->policy != NULL && i < ctx->policy->list.n;
	     i++) {
		const struct policy_change *c = &ctx->policy->list.v[i];
		struct mustache_scope *s = add_scope(mem, &list);

		mustache_text(mem, s, "key", c->key);
		mustache_text(mem, s, "before", policy_value(mem, c->old));
		mustache_text(mem, s, "after", policy_value(mem, c->new));
		mustache_text(mem, s, "loosens",
			      c->loosens ? SV("yes") : SV(""));
		mustache_text(mem, s, "place", policy_place(mem, c));
	}
	put_list(mem, top, "policy", &list);
	mustache_text(mem, top, "has-policy",
		      list.list.n > 0 ? SV("yes") : SV(""));
}

static void put_remarks(const struct report_ctx *ctx,
			struct mustache_scope *top)
{
	struct scopes list = { 0 };

	for (size_t i = 0; i < ctx->remarks.list.n; i++)
		mustache_text(ctx->mem, add_scope(ctx->mem, &list), "text",
			      ctx->remarks.list.v[i]);
	put_list(ctx->mem, top, "remarks", &list);
}

/* The line that a finding is about, as it stands in the snapshot. */
static void put_line(const struct report_ctx *ctx, struct loc at,
		     struct mustache_scope *s)
{
	struct scopes list = { 0 };
	struct mustache_scope *line;
	struct sv text;

	if (ctx->source_line != NULL && at.line > 0 &&
	    ctx->source_line(ctx->of, at, &text)) {
		line = add_scope(ctx->mem, &list);
		mustache_text(ctx->mem, line, "number",
			      number(ctx->mem, at.line));
		mustache_text(ctx->mem, line, "source",
			      sv_head(text, LINE_BYTES));
	}
	put_list(ctx->mem, s, "line", &list);
}

static void put_findings(const struct report_ctx *ctx,
			 struct mustache_scope *top)
{
	struct arena *mem = ctx->mem;
	struct scopes list = { 0 };
	struct findings found;

	findings_of(ctx, HTML_FINDINGS, &found);
	for (size_t i = 0; i < found.list.n; i++) {
		const struct diag *d = found.list.v[i].diag;
		struct mustache_scope *s = add_scope(mem, &list);

		mustache_text(mem, s, "severity",
			      sv_of(diag_severity_name(d->severity)));
		mustache_text(mem, s, "code", sv_of(diag_code_name(d->code)));
		mustache_text(mem, s, "place", place_of(mem, d->at));
		mustache_text(mem, s, "text", d->text);
		put_line(ctx, d->at, s);
	}
	put_list(mem, top, "findings", &list);
	mustache_text(mem, top, "has-findings",
		      list.list.n > 0 ? SV("yes") : SV(""));
	mustache_text(
		mem, top, "hidden-findings",
		found.hidden == 0
			? SV("")
			: arena_fmt(mem, "not shown: " SV_FMT,
				    SV_ARG(words_count(mem, found.hidden,
						       "finding", NULL))));
}

/* --- records --- */

static struct sv why(struct arena *mem, const struct endpoint *e)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < e->from.n; i++) {
		const struct provenance *p = &e->from.v[i];

		buf_fmt(&b, "%s" SV_FMT " " SV_FMT "%s" SV_FMT ", " SV_FMT,
			i > 0 ? "; " : "", SV_ARG(p->kind),
			SV_ARG(p->namespace), p->namespace.n > 0 ? "/" : "",
			SV_ARG(p->name), SV_ARG(place_of(mem, p->at)));
		if (p->name_rule != NULL)
			buf_fmt(&b, ", name from %s", p->name_rule);
		if (p->target_rule.n > 0)
			buf_fmt(&b, ", target from " SV_FMT,
				SV_ARG(p->target_rule));
		if (p->target_rule.n > 0 && p->target_at.line > 0)
			buf_fmt(&b, " (" SV_FMT ")",
				SV_ARG(place_of(mem, p->target_at)));
	}
	return buf_sv(&b);
}

static void add_record(struct arena *mem, const struct endpoint *e,
		       struct scopes *out)
{
	struct mustache_scope *s = add_scope(mem, out);

	mustache_text(mem, s, "name", e->name);
	mustache_text(mem, s, "type", sv_of(rrtype_name(e->type)));
	mustache_text(mem, s, "ttl",
		      e->ttl == 0 ? SV("auto")
				  : arena_fmt(mem, "%lld", (long long)e->ttl));
	mustache_text(mem, s, "value", record_value(mem, e));
	mustache_text(mem, s, "why", why(mem, e));
}

/* Who is asked about a record: the namespace of its object. */
static struct sv team_of(const struct endpoint *e)
{
	if (e->from.n == 0 || e->from.v[0].namespace.n == 0)
		return SV("kept by hand");
	return e->from.v[0].namespace;
}

struct team {
	struct sv name;
	struct scopes records;
};

struct teams {
	VEC(struct team *) list;
};

static int team_cmp(const void *a, const void *b)
{
	return sv_cmp((*(struct team *const *)a)->name,
		      (*(struct team *const *)b)->name);
}

static size_t find_teams(struct arena *mem, const struct endpoints *set,
			 struct teams *out)
{
	struct map names = { .mem = mem };
	size_t n = 0;

	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];
		struct team *t = map_get(&names, team_of(e));

		if (e->is_registry)
			continue;
		if (t == NULL) {
			t = ARENA_NEW(mem, struct team);
			t->name = team_of(e);
			map_put(&names, t->name, t);
			*VEC_ADD(mem, &out->list) = t;
		}
		add_record(mem, e, &t->records);
		n++;
	}
	if (out->list.n > 0)
		qsort(out->list.v, out->list.n, sizeof(struct team *),
		      team_cmp);
	return n;
}

static void add_record_zone(struct arena *mem, struct sv zone,
			    const struct endpoints *set, bool open,
			    struct scopes *out)
{
	struct sv attribute = open ? SV(" open") : SV("");
	struct teams teams = { 0 };
	struct scopes list = { 0 };
	size_t n = find_teams(mem, set, &teams);
	struct mustache_scope *s;

	if (n == 0)
		return;
	for (size_t i = 0; i < teams.list.n; i++) {
		const struct team *t = teams.list.v[i];

		s = add_scope(mem, &list);
		mustache_text(mem, s, "team", t->name);
		mustache_text(
			mem, s, "count",
			words_count(mem, t->records.list.n, "record", NULL));
		put_list(mem, s, "records", &t->records);
	}
	s = add_scope(mem, out);
	mustache_text(mem, s, "zone", zone);
	mustache_text(mem, s, "count", words_count(mem, n, "record", NULL));
	mustache_text(mem, s, "open", attribute);
	put_list(mem, s, "teams", &list);
}

static size_t count_records(const struct plan *plan)
{
	size_t n = plan->unzoned.list.n;

	for (size_t i = 0; i < plan->zones.n; i++)
		n += plan->zones.v[i].records.list.n;
	return n;
}

static void put_records(const struct report_ctx *ctx,
			struct mustache_scope *top)
{
	const struct plan *plan = ctx->plan;
	struct scopes list = { 0 };
	bool open;

	if (plan == NULL) {
		put_list(ctx->mem, top, "record-zones", &list);
		mustache_text(ctx->mem, top, "has-records", SV(""));
		return;
	}
	open = count_records(plan) <= OPEN_RECORDS;
	for (size_t i = 0; i < plan->zones.n; i++)
		add_record_zone(ctx->mem, plan->zones.v[i].zone->key,
				&plan->zones.v[i].records, open, &list);
	add_record_zone(ctx->mem, SV("no zone"), &plan->unzoned, open, &list);
	put_list(ctx->mem, top, "record-zones", &list);
	mustache_text(ctx->mem, top, "has-records",
		      list.list.n > 0 ? SV("yes") : SV(""));
}

/* --- the page --- */

static void put_picture(const struct report_ctx *ctx,
			struct mustache_scope *top)
{
	struct graph g = { .mem = ctx->mem };
	struct graph_part part = { .plan = ctx->plan, .objects = ctx->objects };

	if (ctx->plan != NULL && ctx->objects != NULL) {
		graph_add(&g, &part);
		graph_finish(&g, HTML_NODES);
	}
	mustache_text(ctx->mem, top, "has-picture",
		      g.nodes.n > 0 ? SV("yes") : SV(""));
	mustache_text(ctx->mem, top, "picture-summary", graph_summary(&g));
	mustache_text(ctx->mem, top, "picture", graph_svg(&g, false));
}

static void put_head(const struct report_ctx *ctx, struct mustache_scope *top)
{
	struct arena *mem = ctx->mem;
	struct changes sum = { 0 };
	struct sv change;

	for (size_t i = 0; i < ctx->zones.list.n; i++) {
		sum.added += ctx->zones.list.v[i].changes.added;
		sum.updated += ctx->zones.list.v[i].changes.updated;
		sum.deleted += ctx->zones.list.v[i].changes.deleted;
	}
	change = arena_fmt(mem, "%zu added, %zu updated, %zu deleted",
			   sum.added, sum.updated, sum.deleted);
	mustache_text(mem, top, "title",
		      ctx->found != NULL ? SV("DNS findings")
					 : SV("DNS change"));
	mustache_text(mem, top, "summary",
		      arena_fmt(mem, SV_FMT "; " SV_FMT ", " SV_FMT,
				SV_ARG(change),
				SV_ARG(words_count(mem, ctx->diags->errors,
						   "error", NULL)),
				SV_ARG(words_count(mem, ctx->diags->warnings,
						   "warning", NULL))));
	mustache_text(mem, top, "version", sv_of(ctx->version));
	mustache_text(mem, top, "has-drift",
		      ctx->drift != NULL && zones_changed(ctx->drift)
			      ? SV("yes")
			      : SV(""));
}

static struct sv html(struct arena *mem, struct sv s)
{
	return escape(mem, SINK_HTML, s);
}

static int partial(void *of, struct sv name, struct sv *text)
{
	(void)of;
	*text = sv_of(sv_eq(name, SV("counts")) ? template_report_counts
						: template_report_changes);
	return 0;
}

static void html_write(const struct report_ctx *ctx, FILE *out)
{
	struct mustache_scope top = { 0 };
	struct mustache_options o = { .name = "report.html",
				      .template = sv_of(template_report),
				      .top = &top,
				      .escape = html,
				      .partial = partial };
	struct fault fault = { 0 };
	struct sv text;

	put_head(ctx, &top);
	put_remarks(ctx, &top);
	put_zones(ctx->mem, &top, "zones", &ctx->zones);
	put_policy(ctx, &top);
	put_zones(ctx->mem, &top, "drift", ctx->drift);
	put_findings(ctx, &top);
	put_picture(ctx, &top);
	put_records(ctx, &top);
	/* Only a page of more than 64 MiB. */
	if (mustache_render(ctx->mem, &o, &fault, &text) < 0)
		text = SV("<!doctype html><title>zoneloom</title><p>The page "
			  "would be too large; see --report markdown.\n");
	print_whole(out, text);
}

const struct report report_html = {
	.name = "html",
	.about = "a page of its own: change, findings, picture, records",
	.write = html_write,
};
