#include "cli/reports.h"

#include <errno.h>
#include <unistd.h>

static const struct loc nowhere = { { NULL, 0 }, 0, 0 };

static int print_one(struct run *r, const struct report_ctx *ctx,
		     struct sv value)
{
	struct sv rest = value, name = value;
	const struct report *report;
	const char *file;
	FILE *out;

	(void)sv_cut(&rest, '=', &name);
	report = report_find(name);
	if (report == NULL)
		return diag_error(&r->diags, DIAG_USAGE, nowhere,
				  "--report: \"" SV_FMT
				  "\" is unknown; text, json, markdown or "
				  "github is wanted",
				  SV_ARG(name));
	if (rest.p == NULL) {
		report->write(ctx, stdout);
		return 0;
	}
	file = arena_str(r->mem, rest);
	out = fopen(file, "w");
	if (out == NULL)
		return fault_set(&r->fault, r->mem, FAULT_ENV, "%s: %s", file,
				 strerror(errno));
	report->write(ctx, out);
	if (ferror(out) | fclose(out))
		return fault_set(&r->fault, r->mem, FAULT_ENV,
				 "%s: cannot write", file);
	return 0;
}

int reports_print(struct run *r, const struct report_ctx *ctx)
{
	int rc = 0;

	if (!run_has(r, "report")) {
		report_find(SV("text"))->write(ctx, stdout);
		return 0;
	}
	for (size_t i = 0; i < r->own.list.n; i++)
		if (sv_eq(r->own.list.v[i].name, SV("report")) &&
		    print_one(r, ctx, r->own.list.v[i].value) < 0)
			rc = -1;
	return rc;
}

static const struct zone_plan *zone_by_key(const struct plan *p, struct sv key)
{
	for (size_t i = 0; i < p->zones.n; i++)
		if (sv_eq(p->zones.v[i].zone->key, key))
			return &p->zones.v[i];
	return NULL;
}

static void add_changes(struct arena *mem, const struct zone *zone,
			const struct endpoints *have,
			const struct endpoints *want, struct report_ctx *out)
{
	struct zone_changes *z = VEC_ADD(mem, &out->zones);

	z->zone = zone;
	z->known = true;
	changes_find(mem, have, want, &z->changes);
}

void plan_changes(struct arena *mem, const struct plan *have,
		  const struct plan *want, struct report_ctx *out)
{
	static const struct endpoints none;

	for (size_t i = 0; i < want->zones.n; i++) {
		const struct zone_plan *w = &want->zones.v[i];
		const struct zone_plan *h = zone_by_key(have, w->zone->key);

		add_changes(mem, w->zone, h ? &h->records : &none, &w->records,
			    out);
	}
	for (size_t i = 0; i < have->zones.n; i++) {
		const struct zone_plan *h = &have->zones.v[i];

		if (zone_by_key(want, h->zone->key) == NULL)
			add_changes(mem, h->zone, &h->records, &none, out);
	}
	add_changes(mem, NULL, &have->unzoned, &want->unzoned, out);
}

int status_of_changes(const struct run *r, bool changed, int when_changed)
{
	int rc = run_status(r, changed ? when_changed : EXIT_SAME);

	if (!run_has(r, "detailed-exitcode"))
		return rc;
	if (r->fault.kind != FAULT_NONE || r->diags.errors > 0)
		return 1;
	return changed ? 2 : 0;
}
