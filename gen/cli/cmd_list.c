/* zoneloom list: the derived records. */
#include "base/buf.h"
#include "base/words.h"
#include "cli/cli.h"

#include "cli/zone_text.h"
#include "output/output.h"

static void add_all(struct cli_ctx *c, const struct endpoints *set,
		    const struct zone *zone, struct endpoints *out)
{
	for (size_t i = 0; i < set->list.n; i++) {
		struct endpoint *e = endpoints_add(c->s.mem, out);

		*e = set->list.v[i];
		e->zone = zone;
	}
}

static void every_record(struct cli_ctx *c, const struct plan *p,
			 struct endpoints *out)
{
	for (size_t i = 0; i < p->zones.n; i++)
		if (session_wants_zone(&c->s, p->zones.v[i].zone))
			add_all(c, &p->zones.v[i].records, p->zones.v[i].zone,
				out);
	add_all(c, &p->unzoned, NULL, out);
	for (size_t i = 0; i < p->open.list.n; i++)
		if (p->open.list.v[i].zone == NULL ||
		    session_wants_zone(&c->s, p->open.list.v[i].zone))
			*endpoints_add(c->s.mem, out) = p->open.list.v[i];
	endpoints_sort(out);
}

/* Columns; 0: it would be empty. */
struct widths {
	int name, value, zone, publisher;
};

static int min_int(size_t n, int most)
{
	return n > (size_t)most ? most : (int)n;
}

static void widen(int *width, struct sv text)
{
	int n = min_int(text.n, 60);

	*width = n > *width ? n : *width;
}

static struct sv zone_of(const struct endpoint *e)
{
	return e->zone != NULL ? e->zone->key : SV("");
}

static struct sv publisher_of(const struct endpoint *e)
{
	return e->publisher != NULL ? e->publisher->name : SV("");
}

/* "?": somebody asks for the name, and nothing says where it leads. */
static struct sv value_of(struct cli_ctx *c, const struct endpoint *e)
{
	return e->targets.n == 0 && e->ref.n == 0 ? SV("?")
						  : record_value(c->s.mem, e);
}

static struct widths widths_of(struct cli_ctx *c, const struct endpoints *set,
			       bool wide)
{
	struct widths w = { 4, 5, 0, 0 };

	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		if (e->is_registry && !wide)
			continue;
		widen(&w.name, e->name);
		widen(&w.value, value_of(c, e));
		widen(&w.zone, zone_of(e));
		widen(&w.publisher, publisher_of(e));
	}
	w.zone = w.zone > 0 && w.zone < 4 ? 4 : w.zone;
	w.publisher = w.publisher > 0 && w.publisher < 9 ? 9 : w.publisher;
	return w;
}

static void put_cell(struct sv text, int width)
{
	if (width > 0)
		print_text(stdout, "%-*.*s  ", width, SV_ARG(text));
}

static void put_row(struct cli_ctx *c, const struct endpoint *e,
		    struct widths w, bool wide)
{
	struct sv value = value_of(c, e);
	struct sv ttl = SV("auto");

	if (e->ttl != 0)
		ttl = arena_fmt(c->s.mem, "%lld", (long long)e->ttl);
	print_text(stdout, "%-*.*s  %-5s %6.*s  %-*.*s  ", w.name,
		   SV_ARG(e->name), rrtype_name(e->type), SV_ARG(ttl), w.value,
		   SV_ARG(value));
	put_cell(zone_of(e), w.zone);
	put_cell(publisher_of(e), w.publisher);
	print_text(stdout, SV_FMT, SV_ARG(record_place(c->s.mem, e)));
	if (wide && e->from.n > 0)
		print_text(stdout, "  " SV_FMT "  %s  " SV_FMT,
			   SV_ARG(e->from.v[0].resource),
			   e->from.v[0].name_rule ? e->from.v[0].name_rule : "",
			   SV_ARG(e->from.v[0].target_rule));
	putchar('\n');
}

static void list_rows(struct cli_ctx *c, const struct endpoints *set, bool wide)
{
	struct widths w = widths_of(c, set, wide);

	print_text(stdout, "%-*s  %-5s %6s  %-*s  ", w.name, "NAME", "TYPE",
		   "TTL", w.value, "VALUE");
	put_cell(SV("ZONE"), w.zone);
	put_cell(SV("PUBLISHER"), w.publisher);
	print_text(stdout, "SOURCE\n");
	for (size_t i = 0; i < set->list.n; i++)
		if (wide || !set->list.v[i].is_registry)
			put_row(c, &set->list.v[i], w, wide);
}

static void list_table(struct cli_ctx *c, const struct derived *d,
		       const struct endpoints *set)
{
	(void)d;
	list_rows(c, set, false);
}

static void list_wide(struct cli_ctx *c, const struct derived *d,
		      const struct endpoints *set)
{
	(void)d;
	list_rows(c, set, true);
}

/* All that decides which lines there are, besides the commit. */
static struct sv configuration(struct cli_ctx *c)
{
	struct buf b = { .mem = c->s.mem };

	buf_add(&b, c->s.config_text);
	for (size_t i = 0; i < c->opt.flags.list.n; i++) {
		const struct flag *f = &c->opt.flags.list.v[i];

		buf_fmt(&b, "\n--%s" SV_FMT "=" SV_FMT, f->negated ? "no-" : "",
			SV_ARG(f->name), SV_ARG(f->value));
	}
	return buf_sv(&b);
}

static void list_jsonl(struct cli_ctx *c, const struct derived *d,
		       const struct endpoints *set)
{
	const struct session *s = &c->s;
	struct jsonl_run run = {
		.repo = s->config.publishers.v[0].opt.repo,
		.commit = snapshot_commit(s->snapshot),
		.configuration = configuration(c),
		.objects = d->stats.objects,
		.files = d->stats.files,
		.errors = s->diags.errors,
		.warnings = s->diags.warnings,
		.whole = cli_part(c) == NULL && !cli_has(c, "zone"),
		.status = (size_t)cli_status(c, EXIT_SAME),
	};

	if (c->opt.compat)
		output_jsonl(stdout, set, true);
	else
		output_jsonl_run(stdout, set, &run);
}

static void list_yaml(struct cli_ctx *c, const struct derived *d,
		      const struct endpoints *set)
{
	(void)c;
	(void)d;
	output_yaml(stdout, set);
}

static const struct {
	const char *name;
	void (*write)(struct cli_ctx *c, const struct derived *d,
		      const struct endpoints *set);
} formats[] = {
	{ "jsonl", list_jsonl },
	{ "table", list_table },
	{ "wide", list_wide },
	{ "yaml", list_yaml },
};

/* An output format: one text a zone. */
static int list_zones(struct cli_ctx *c, const struct derived *d,
		      const struct format *f)
{
	const char *listed = arena_fmt(c->s.mem, "list -o %s", f->word).p;

	if (d->plan.zones.n == 0)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "list -o %s: missing zone; add --zone ZONE",
				  f->word);
	for (size_t i = 0; i < d->plan.zones.n; i++) {
		const struct zone_plan *z = &d->plan.zones.v[i];
		struct sv text;

		if (!session_wants_zone(&c->s, z->zone))
			continue;
		if (zone_text(&c->s, z, f, listed, false, &text) < 0)
			return -1;
		print_whole(stdout, text);
	}
	return 0;
}

static int print_records(struct cli_ctx *c, const struct derived *d)
{
	struct sv format =
		cli_has(c, "output") ? cli_flag(c, "output") : SV("table");
	struct endpoints all = { 0 };
	struct sv known =
		arena_fmt(c->s.mem, "table, wide, jsonl, yaml, " SV_FMT,
			  SV_ARG(format_list(c->s.mem)));
	const struct format *f = format_find(format);

	if (f != NULL && !f->is_list)
		return list_zones(c, d, f);
	every_record(c, &d->plan, &all);
	if (f != NULL) {
		output_list_csv(stdout, &all);
		return 0;
	}
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (sv_eq(format, sv_of(formats[i].name))) {
			formats[i].write(c, d, &all);
			return 0;
		}
	return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "invalid -o \"" SV_FMT "\": expected " SV_FMT "%s",
			  SV_ARG(format), SV_ARG(known),
			  did_you_mean(c->s.mem, format, known));
}

/* Nothing is skipped silently. */
static void put_footer(const struct cli_ctx *c, const struct derived *d)
{
	struct arena *mem = c->s.mem;

	if (c->quiet || c->opt.compat)
		return;
	print_text(stderr, SV_FMT " from " SV_FMT " in " SV_FMT,
		   SV_ARG(words_count(mem, plan_records(&d->plan), "record",
				      NULL)),
		   SV_ARG(words_count(mem, d->stats.objects, "object", NULL)),
		   SV_ARG(words_count(mem, d->stats.files, "file", NULL)));
	if (d->records.lines > 0)
		print_text(stderr, "; " SV_FMT " of " SV_FMT,
			   SV_ARG(words_count(mem, d->records.lines, "line",
					      NULL)),
			   SV_ARG(words_count(mem, d->records.repos,
					      "repository", "repositories")));
	if (d->no_target > 0)
		print_text(
			stderr, "; " SV_FMT " with hosts but no target",
			SV_ARG(words_count(mem, d->no_target, "object", NULL)));
	if (d->plan.no_zone > 0)
		print_text(stderr, "; " SV_FMT " in no zone",
			   SV_ARG(words_count(mem, d->plan.no_zone, "name",
					      NULL)));
	if (d->stats.helm_names > 0)
		print_text(stderr,
			   "; " SV_FMT
			   " in Helm values (--helm-values=extract)",
			   SV_ARG(words_count(mem, d->stats.helm_names, "name",
					      NULL)));
	if (c->s.diags.notes > 0)
		print_text(stderr, "; %zu skipped (zoneloom explain --skipped)",
			   c->s.diags.notes);
	fputc('\n', stderr);
}

int cmd_list(struct cli_ctx *c)
{
	struct derived d;
	int rc = EXIT_SAME;

	c->opt.paths = c->args;
	rc = cli_open(c);
	if (rc == 0 && derive(&c->s, &d) < 0)
		rc = cli_status(c, EXIT_ENV);
	if (rc == 0 && print_records(c, &d) < 0)
		rc = cli_status(c, EXIT_USAGE) == EXIT_INPUT ? EXIT_USAGE
							     : EXIT_ENV;
	if (rc == 0) {
		rc = cli_status(c, EXIT_SAME);
		diags_sort(&c->s.diags);
		put_footer(c, &d);
	}
	held_release(c->held);
	cli_report(c);
	return rc;
}
