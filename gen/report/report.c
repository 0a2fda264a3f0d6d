#include "report/report.h"

#include "base/buf.h"

#define REPORT(id) extern const struct report report_##id;
#include "report/report.def"
#undef REPORT

const struct report *const report_table[] = {
#define REPORT(id) &report_##id,
#include "report/report.def"
#undef REPORT
	NULL,
};

struct sv report_words(void)
{
	static const char words[] =
#define REPORT(id) " " #id
#include "report/report.def"
#undef REPORT
		;

	return sv_trim(sv_of(words));
}

const struct report *report_find(struct sv name)
{
	for (size_t i = 0; report_table[i] != NULL; i++)
		if (sv_eq(name, sv_of(report_table[i]->name)))
			return report_table[i];
	return NULL;
}

struct sv changes_summary(struct arena *mem, const struct changes *c)
{
	return arena_fmt(mem, "+%zu ~%zu -%zu", c->added, c->updated,
			 c->deleted);
}

const struct endpoint *change_record(const struct change *c)
{
	return c->want != NULL ? c->want : c->have;
}

struct sv record_value(struct arena *mem, const struct endpoint *e)
{
	struct buf all = { .mem = mem };

	if (e->ref.n > 0)
		buf_fmt(&all,
			sv_has(e->ref, SV("${")) ? SV_FMT : "${" SV_FMT "}",
			SV_ARG(e->ref));
	for (size_t i = 0; i < e->targets.n; i++)
		buf_fmt(&all, "%s" SV_FMT, all.n > 0 ? "," : "",
			SV_ARG(e->targets.v[i]));
	return text_escape(mem, buf_sv(&all));
}

static struct sv ttl_word(struct arena *mem, const struct endpoint *e)
{
	return e->ttl == 0 ? SV("auto")
			   : arena_fmt(mem, "%lld", (long long)e->ttl);
}

/* What else is another one. */
static struct sv other_word(struct arena *mem, const struct change *c)
{
	const struct sv *have = pairs_get(&c->have->properties, PUBLISHED_BY);
	const struct sv *want = pairs_get(&c->want->properties, PUBLISHED_BY);

	if (have == NULL || want == NULL || sv_eq(*have, *want))
		return SV(" (properties)");
	return arena_fmt(mem, " (by " SV_FMT " -> " SV_FMT ")",
			 SV_ARG(text_escape(mem, *have)),
			 SV_ARG(text_escape(mem, *want)));
}

struct sv change_value(struct arena *mem, const struct change *c)
{
	struct sv have, want, ttl = SV("");

	if (c->kind != CHANGE_UPDATE)
		return record_value(mem, change_record(c));
	have = record_value(mem, c->have);
	want = record_value(mem, c->want);
	if (c->have->ttl != c->want->ttl)
		ttl = arena_fmt(mem, " (TTL " SV_FMT " -> " SV_FMT ")",
				SV_ARG(ttl_word(mem, c->have)),
				SV_ARG(ttl_word(mem, c->want)));
	if (!sv_eq(have, want))
		return arena_fmt(mem, SV_FMT " -> " SV_FMT SV_FMT, SV_ARG(have),
				 SV_ARG(want), SV_ARG(ttl));
	return arena_fmt(mem, SV_FMT SV_FMT, SV_ARG(want),
			 SV_ARG(ttl.n > 0 ? ttl : other_word(mem, c)));
}

/* An approximation of a chart is marked wherever its place is shown. */
static bool from_helm_values(const struct origin *o)
{
	for (; o != NULL; o = o->outer)
		if (sv_eq(sv_of(o->step), SV("helm-values")))
			return true;
	return false;
}

struct sv record_place(struct arena *mem, const struct endpoint *e)
{
	const struct provenance *p;

	if (e->from.n == 0 || e->from.v[0].at.line == 0)
		return SV("");
	p = &e->from.v[0];
	return arena_fmt(mem, SV_FMT ":%u%s",
			 SV_ARG(text_escape(mem, p->at.file)), p->at.line,
			 from_helm_values(p->origin) ? " (helm-values)" : "");
}

struct sv change_place(struct arena *mem, const struct change *c)
{
	return record_place(mem, change_record(c));
}

const char *changes_class(const struct changes *c)
{
	return c->deleted > 0	? "destructive"
	       : c->updated > 0 ? "update"
	       : c->added > 0	? "additive"
				: "same";
}

bool zones_changed(const struct zone_changes_list *zones)
{
	for (size_t i = 0; i < zones->list.n; i++)
		if (zones->list.v[i].changes.list.n > 0)
			return true;
	return false;
}

struct sv policy_place(struct arena *mem, const struct policy_change *c)
{
	if (c->at.line == 0)
		return SV("");
	return arena_fmt(mem, SV_FMT ":%u",
			 SV_ARG(text_escape(mem, c->at.file)), c->at.line);
}

struct sv policy_value(struct arena *mem, struct sv value)
{
	return value.n > 0 ? text_escape(mem, value) : SV("(none)");
}
