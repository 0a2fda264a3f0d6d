/* zoneloom explain: why a record is there, or why there is none. */
#include "cli/cli.h"
#include "report/report.h"

static struct sv place(struct run *r, struct loc at)
{
	if (at.line == 0)
		return text_escape(r->mem, at.file);
	return arena_fmt(r->mem, SV_FMT ":%u:%u",
			 SV_ARG(text_escape(r->mem, at.file)), at.line, at.col);
}

static void put_chain(struct run *r, const struct origin *o)
{
	for (; o != NULL; o = o->outer)
		printf("    via %-14s " SV_FMT "  " SV_FMT "\n", o->step,
		       SV_ARG(text_escape(r->mem, o->text)),
		       SV_ARG(place(r, o->at)));
}

static void put_provenance(struct run *r, const struct provenance *p)
{
	printf("  asked for by " SV_FMT " " SV_FMT "/" SV_FMT "  " SV_FMT "\n",
	       SV_ARG(text_escape(r->mem, p->kind)),
	       SV_ARG(text_escape(r->mem, p->namespace)),
	       SV_ARG(text_escape(r->mem, p->name)), SV_ARG(place(r, p->at)));
	if (p->name_rule != NULL)
		printf("    name from      %s\n", p->name_rule);
	if (p->target_rule.n > 0)
		printf("    target from    " SV_FMT "%s" SV_FMT "\n",
		       SV_ARG(text_escape(r->mem, p->target_rule)),
		       p->target_at.file.n > 0 ? "  " : "",
		       SV_ARG(p->target_at.file.n > 0 ? place(r, p->target_at)
						      : SV("")));
	put_chain(r, p->origin);
}

static void put_record(struct run *r, const struct zone *zone,
		       const struct endpoint *e)
{
	printf(SV_FMT "  %s  " SV_FMT "\n",
	       SV_ARG(text_escape(r->mem, e->name)), rrtype_name(e->type),
	       SV_ARG(record_value(r->mem, e)));
	if (zone != NULL)
		printf("  in zone " SV_FMT "\n", SV_ARG(zone->key));
	if (e->ttl != 0)
		printf("  TTL %lld\n", (long long)e->ttl);
	if (e->is_static)
		printf("  kept by hand in " SV_FMT "\n",
		       SV_ARG(zone != NULL ? zone->static_file : SV("")));
	if (e->is_registry)
		printf("  ownership of " SV_FMT "\n",
		       SV_ARG(text_escape(r->mem, e->owned_name)));
	for (size_t i = 0; i < e->from.n; i++)
		put_provenance(r, &e->from.v[i]);
	putchar('\n');
}

static bool asked_for(const struct endpoint *e, struct sv name)
{
	return name.n == 0 || sv_case_eq(e->name, name);
}

static size_t put_records(struct run *r, const struct plan *p, struct sv name)
{
	size_t n = 0;

	for (size_t i = 0; i < p->zones.n; i++)
		for (size_t k = 0; k < p->zones.v[i].records.list.n; k++) {
			const struct endpoint *e =
				&p->zones.v[i].records.list.v[k];

			if (!asked_for(e, name) ||
			    (name.n == 0 && e->is_registry))
				continue;
			put_record(r, p->zones.v[i].zone, e);
			n++;
		}
	for (size_t k = 0; k < p->unzoned.list.n; k++) {
		const struct endpoint *e = &p->unzoned.list.v[k];

		if (!asked_for(e, name) || (name.n == 0 && e->is_registry))
			continue;
		put_record(r, NULL, e);
		n++;
	}
	return n;
}

/* No record: whatever was said about the name is the reason. */
static size_t put_reasons(struct run *r, struct sv name)
{
	size_t n = 0;

	for (size_t i = 0; i < r->diags.list.n; i++) {
		const struct diag *m = &r->diags.list.v[i];

		if (!sv_has(m->text, name))
			continue;
		diag_write(m, stdout);
		n++;
	}
	return n;
}

static int put_absence(struct run *r, const struct derived *d, struct sv name)
{
	size_t n = put_reasons(r, name);

	printf("no record for " SV_FMT "\n", SV_ARG(text_escape(r->mem, name)));
	if (n == 0)
		printf("no object among %zu in %zu files asks for it; "
		       "zoneloom explain --skipped lists what was passed "
		       "over\n",
		       d->stats.objects, d->stats.files);
	return EXIT_DIFFERENT;
}

static int put_skipped(struct run *r, const struct derived *d)
{
	for (size_t i = 0; i < r->diags.list.n; i++)
		if (r->diags.list.v[i].severity != DIAG_ERROR)
			diag_write(&r->diags.list.v[i], stdout);
	printf("%zu files, %zu parsed, %zu templates passed over, %zu "
	       "refused, %zu objects\n",
	       d->stats.files, d->stats.candidates, d->stats.templates,
	       d->stats.rejected, d->stats.objects);
	return run_status(r, EXIT_SAME);
}

static int explain(struct run *r)
{
	struct derived d;
	struct sv name = r->args.list.n > 0 ? r->args.list.v[0] : SV("");

	if (derive(r, &d) < 0)
		return run_status(r, EXIT_ENV);
	diags_sort(&r->diags);
	if (run_has(r, "skipped"))
		return put_skipped(r, &d);
	if (sv_ends(name, SV(".")))
		name.n--;
	if (put_records(r, &d.plan, name) == 0 && name.n > 0)
		return run_status(r, put_absence(r, &d, name));
	return run_status(r, EXIT_SAME);
}

int cmd_explain(struct run *r)
{
	int rc = run_open(r);

	if (rc == 0)
		rc = explain(r);
	(void)fflush(stdout);
	if ((rc != EXIT_DIFFERENT && !run_has(r, "skipped")) ||
	    r->fault.kind != FAULT_NONE)
		run_report(r);
	return rc;
}
