/* zoneloom explain: why a record is there, or why there is none. */
#include "base/words.h"
#include "cli/cli.h"
#include "report/report.h"

static struct sv place(struct cli_ctx *c, struct loc at)
{
	if (at.line == 0)
		return at.file;
	return arena_fmt(c->s.mem, SV_FMT ":%u:%u", SV_ARG(at.file), at.line,
			 at.col);
}

static void put_chain(struct cli_ctx *c, const struct origin *o)
{
	for (; o != NULL; o = o->outer)
		print_text(stdout, "    via %-14s " SV_FMT "  " SV_FMT "\n",
			   o->step, SV_ARG(o->text), SV_ARG(place(c, o->at)));
}

static void put_provenance(struct cli_ctx *c, const struct provenance *p)
{
	print_text(stdout,
		   "  asked for by " SV_FMT " " SV_FMT "/" SV_FMT "  " SV_FMT
		   "\n",
		   SV_ARG(p->kind), SV_ARG(p->namespace), SV_ARG(p->name),
		   SV_ARG(place(c, p->at)));
	if (p->name_rule != NULL)
		print_text(stdout, "    name from      %s\n", p->name_rule);
	if (p->target_rule.n > 0)
		print_text(
			stdout, "    target from    " SV_FMT "%s" SV_FMT "\n",
			SV_ARG(p->target_rule),
			p->target_at.file.n > 0 ? "  " : "",
			SV_ARG(p->target_at.file.n > 0 ? place(c, p->target_at)
						       : SV("")));
	put_chain(c, p->origin);
}

static void put_record(struct cli_ctx *c, const struct zone *zone,
		       const struct endpoint *e)
{
	bool open = e->targets.n == 0 && e->ref.n == 0;

	print_text(stdout, SV_FMT "  %s  " SV_FMT "\n", SV_ARG(e->name),
		   rrtype_name(e->type),
		   SV_ARG(open ? SV("?") : record_value(c->s.mem, e)));
	if (zone != NULL)
		print_text(stdout, "  in zone " SV_FMT "\n", SV_ARG(zone->key));
	if (e->ttl != 0)
		print_text(stdout, "  TTL %lld\n", (long long)e->ttl);
	if (e->is_static)
		print_text(stdout, "  kept by hand in " SV_FMT "\n",
			   SV_ARG(zone != NULL ? zone->static_file : SV("")));
	if (e->is_registry)
		print_text(stdout, "  ownership of " SV_FMT "\n",
			   SV_ARG(e->owned_name));
	for (size_t i = 0; i < e->from.n; i++)
		put_provenance(c, &e->from.v[i]);
	putchar('\n');
}

/* A name as it was typed, as records have it, and as a message may have
 * it; empty: every name. */
struct asked {
	struct sv typed, name, readable;
};

static struct asked asked_of(struct cli_ctx *c)
{
	struct arena *mem = c->s.mem;
	struct asked a = { SV(""), SV(""), SV("") };

	if (c->args.list.n == 0)
		return a;
	a.typed = dname_strip_dot(c->args.list.v[0]);
	a.readable = dname_unicode(mem, a.typed);
	/* What is not a host is looked up as it stands. */
	if (dname_fault(mem, DNAME_HOST_VAR, a.typed, &a.name) != NULL &&
	    dname_fault(mem, DNAME_HOST_VAR, a.readable, &a.name) != NULL)
		a.name = a.typed;
	return a;
}

static bool asked_for(const struct endpoint *e, const struct asked *a)
{
	if (a->typed.n == 0)
		return !e->is_registry;
	return sv_case_eq(e->name, a->name) || sv_case_eq(e->name, a->typed);
}

static size_t put_records(struct cli_ctx *c, const struct plan *p,
			  const struct asked *a)
{
	size_t n = 0;

	for (size_t i = 0; i < p->zones.n; i++)
		for (size_t k = 0; k < p->zones.v[i].records.list.n; k++) {
			const struct endpoint *e =
				&p->zones.v[i].records.list.v[k];

			if (!asked_for(e, a))
				continue;
			put_record(c, p->zones.v[i].zone, e);
			n++;
		}
	for (size_t k = 0; k < p->unzoned.list.n; k++) {
		const struct endpoint *e = &p->unzoned.list.v[k];

		if (!asked_for(e, a))
			continue;
		put_record(c, NULL, e);
		n++;
	}
	return n;
}

/* Without a record, the reason is in the messages about the name. */
static size_t put_reasons(struct cli_ctx *c, const struct asked *a)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.diags.list.n; i++) {
		const struct diag *m = &c->s.diags.list.v[i];

		if (!sv_has(m->text, a->typed) && !sv_has(m->text, a->name) &&
		    !sv_has(m->text, a->readable))
			continue;
		diag_write(m, stdout);
		n++;
	}
	return n;
}

/* Asked for, and without a target: no record, and the reason follows. */
static size_t put_open(struct cli_ctx *c, const struct plan *p,
		       const struct asked *a)
{
	size_t n = 0;

	for (size_t i = 0; i < p->open.list.n; i++) {
		const struct endpoint *e = &p->open.list.v[i];

		if (!asked_for(e, a))
			continue;
		put_record(c, e->zone, e);
		n++;
	}
	return n;
}

/* The name as it may be written: also with a variable for its domain. */
static struct strings spellings(struct cli_ctx *c, const struct asked *a)
{
	struct strings texts = { 0 };
	size_t dot = sv_chr(a->typed, '.');

	strings_add_once(c->s.mem, &texts, a->typed);
	strings_add_once(c->s.mem, &texts, a->name);
	strings_add_once(c->s.mem, &texts, a->readable);
	if (dot > 0 && dot < a->typed.n)
		strings_add_once(c->s.mem, &texts,
				 arena_fmt(c->s.mem, SV_FMT ".${",
					   SV_ARG(sv_head(a->typed, dot))));
	return texts;
}

static void put_found(struct cli_ctx *c, const struct found_texts *found)
{
	for (size_t i = 0; i < found->list.n; i++) {
		const struct found_text *f = &found->list.v[i];

		print_text(stdout,
			   "stands in " SV_FMT ": " SV_FMT "\n"
			   "  " SV_FMT "\n",
			   SV_ARG(place(c, f->at)), SV_ARG(f->line),
			   SV_ARG(f->why));
	}
	if (found->more > 0)
		print_text(stdout, "and in " SV_FMT "\n",
			   SV_ARG(words_count(c->s.mem, found->more,
					      "line more", "lines more")));
}

/* One or two letters are a slip; more is another name. */
enum { SLIP = 2 };

static void nearest_in(const struct endpoints *set, const struct asked *a,
		       size_t *least, struct sv *near)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];
		size_t far;

		if (e->is_registry)
			continue;
		far = word_distance(a->name, e->name);
		if (far <= *least) {
			*least = far > 0 ? far - 1 : 0;
			*near = e->name;
		}
	}
}

/* A name that was meant, perhaps; or "". */
static struct sv near_miss(const struct plan *p, const struct asked *a)
{
	size_t least = SLIP;
	struct sv near = SV("");

	for (size_t i = 0; i < p->zones.n; i++)
		nearest_in(&p->zones.v[i].records, a, &least, &near);
	nearest_in(&p->unzoned, a, &least, &near);
	nearest_in(&p->open, a, &least, &near);
	return near;
}

static int put_absence(struct cli_ctx *c, const struct derived *d,
		       const struct asked *a)
{
	size_t n = put_open(c, &d->plan, a) + put_reasons(c, a);
	struct found_texts found = { 0 };
	struct strings texts = spellings(c, a);
	struct sv near;

	print_text(stdout, "no record for " SV_FMT "\n", SV_ARG(a->typed));
	if (n > 0)
		return EXIT_DIFFERENT;
	print_text(
		stdout,
		"none of " SV_FMT " in " SV_FMT " asks for it; "
		"zoneloom explain --skipped lists what was skipped\n",
		SV_ARG(words_count(c->s.mem, d->stats.objects, "object", NULL)),
		SV_ARG(words_count(c->s.mem, d->stats.files, "file", NULL)));
	if (c->s.snapshot != NULL && search_text(&c->s, &texts, &found) < 0)
		return EXIT_ENV;
	put_found(c, &found);
	near = near_miss(&d->plan, a);
	if (near.n > 0)
		print_text(stdout, "did you mean " SV_FMT "?\n", SV_ARG(near));
	return EXIT_DIFFERENT;
}

static int put_skipped(struct cli_ctx *c, const struct derived *d)
{
	for (size_t i = 0; i < c->s.diags.list.n; i++)
		if (c->s.diags.list.v[i].severity != DIAG_ERROR)
			diag_write(&c->s.diags.list.v[i], stdout);
	print_text(stdout,
		   SV_FMT ", %zu parsed, " SV_FMT
			  " skipped, %zu refused, " SV_FMT "\n",
		   SV_ARG(words_count(c->s.mem, d->stats.files, "file", NULL)),
		   d->stats.candidates,
		   SV_ARG(words_count(c->s.mem, d->stats.templates, "template",
				      NULL)),
		   d->stats.rejected,
		   SV_ARG(words_count(c->s.mem, d->stats.objects, "object",
				      NULL)));
	return cli_status(c, EXIT_SAME);
}

static int explain(struct cli_ctx *c)
{
	struct derived d;
	struct asked asked = asked_of(c);

	if (derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	diags_sort(&c->s.diags);
	if (cli_has(c, "skipped"))
		return put_skipped(c, &d);
	if (put_records(c, &d.plan, &asked) == 0 && asked.typed.n > 0)
		return cli_status(c, put_absence(c, &d, &asked));
	return cli_status(c, EXIT_SAME);
}

int cmd_explain(struct cli_ctx *c)
{
	int rc = cli_open(c);

	if (rc == 0)
		rc = explain(c);
	held_release(c->held);
	if ((rc != EXIT_DIFFERENT && !cli_has(c, "skipped")) ||
	    c->s.fault.kind != FAULT_NONE)
		cli_report(c);
	return rc;
}
