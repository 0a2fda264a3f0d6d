#include "pipeline/gate.h"

#include "base/words.h"
#include "endpoint/txt.h"
#include "pipeline/edited.h"
#include "pipeline/findings.h"
#include "pipeline/foreign.h"
#include "render/render.h"

static int failed(struct gate *g, struct session *s)
{
	g->failed = s;
	return -1;
}

/* A broken configuration publishes nothing and lets everything through: the
 * configuration after it is compared with the defaults. */
static int open_base(const struct session *like, const char *rev,
		     struct gate *g)
{
	struct session *s = &g->base;
	struct diags ignored = { .mem = like->mem };
	struct sv none = { NULL, 0 };

	if (session_open_rev(like, rev, s) == 0)
		return 0;
	if (s->fault.kind != FAULT_USAGE || s->snapshot == NULL)
		return failed(g, s);
	g->base_broken = true;
	s->fault = (struct fault){ 0 };
	if (config_load(s->mem, &ignored, none, none, &like->opt->flags, false,
			&s->config) < 0)
		return failed(g, s);
	s->config.file = SV(".zoneloom.yaml");
	return 0;
}

static bool is_configured(const struct session *s)
{
	return s->config.file.n > 0;
}

/* Where one side alone has a configuration, the other publishes nothing:
 * before zoneloom came, and after its file went. */
static int derive_side(struct gate *g, struct session *s,
		       const struct session *other, struct derived *out)
{
	*out = (struct derived){ 0 };
	if ((!is_configured(s) && is_configured(other)) ||
	    (s == &g->base && g->base_broken))
		return 0;
	return derive(s, out) < 0 ? failed(g, s) : 0;
}

static int open_policy(const struct session *like, const struct gate_request *q,
		       struct gate *g)
{
	if (q->policy_rev == NULL) {
		g->policy = g->base;
		return 0;
	}
	if (session_open_rev(like, q->policy_rev, &g->policy) < 0)
		return failed(g, &g->policy);
	return 0;
}

/* The base's render commands, and no others, are run: HEAD's are whatever its
 * author likes. */
static int restrict_commands(struct gate *g, const struct gate_request *q)
{
	struct session *s = &g->policy, *m = &g->merged;
	struct strings head;

	if (q->allow_policy_change)
		return 0;
	if (!g->base_broken &&
	    command_digests(s->mem, s->snapshot, &s->config, &s->diags,
			    &s->fault, &g->commands) < 0)
		return failed(g, s);
	m->render_only = &g->commands;
	m->render_base = q->policy_rev != NULL ? q->policy_rev : q->base;
	if (command_digests(m->mem, m->snapshot, &m->config, &m->diags,
			    &m->fault, &head) < 0)
		return failed(g, m);
	for (size_t i = 0; i < head.list.n; i++)
		(void)command_in_base(m->mem, &m->diags, m->render_only,
				      m->render_base, &m->config.render.v[i],
				      head.list.v[i]);
	return 0;
}

/* A command of the base that did not run here hides what HEAD changes. */
static void file_not_run(struct gate *g)
{
	for (size_t i = 0; i < g->base.diags.list.n; i++) {
		const struct diag *m = &g->base.diags.list.v[i];

		if (m->code == DIAG_ALLOW)
			diag_file(&g->merged.diags, m->code, m->severity, m->at,
				  SV_FMT, SV_ARG(m->text));
	}
}

static void file_loosening(struct gate *g)
{
	for (size_t i = 0; i < g->policy_changes.list.n; i++) {
		const struct policy_change *p = &g->policy_changes.list.v[i];

		if (!p->loosens)
			continue;
		diag_file(&g->merged.diags, DIAG_POLICY_CHANGE, DIAG_ERROR,
			  p->at,
			  "policy \"" SV_FMT "\": changing \"" SV_FMT
			  "\" to \"" SV_FMT
			  "\" is not provably as tight; expected the approval "
			  "of a code owner, then --allow-policy-change",
			  SV_ARG(p->key), SV_ARG(p->old), SV_ARG(p->new));
	}
}

/* The baseline is policy, whatever its name: a longer one lets more pass. */
static void compare_baselines(struct gate *g, const struct baseline *before,
			      const struct baseline *after)
{
	struct arena *mem = g->merged.mem;
	bool loosens = !baseline_within(after, before);

	if (!loosens && baseline_within(before, after))
		return;
	*VEC_ADD(mem, &g->policy_changes.list) = (struct policy_change){
		.key = SV("baseline"),
		.old = words_count(mem, before->lines, "finding", NULL),
		.new = words_count(mem, after->lines, "finding", NULL),
		.at = { g->merged.config.baseline, 1, 1 },
		.loosens = loosens,
	};
	g->policy_changes.loosening += loosens;
}

static int judge_policy(struct gate *g, const struct gate_request *q,
			struct baseline *baseline)
{
	struct baseline after = { 0 };

	if (baseline_read(&g->policy, baseline) < 0)
		return failed(g, &g->policy);
	if (baseline_read(&g->merged, &after) < 0)
		return failed(g, &g->merged);
	config_policy_diff(g->merged.mem, &g->policy.config, &g->merged.config,
			   &g->policy_changes);
	compare_baselines(g, baseline, &after);
	if (g->policy_changes.loosening == 0)
		return 0;
	if (q->allow_policy_change) {
		*baseline = after;
		return 0;
	}
	config_policy_take(g->merged.mem, &g->merged.config, &g->policy.config);
	return 0;
}

/* "Zoneloom-Allow-Deletes: 5" in the last paragraph of a message. */
static bool trailer(struct sv message, struct sv key, long long *out)
{
	struct sv line, value;
	unsigned long long n;
	bool found = false;

	while (sv_cut(&message, '\n', &line)) {
		line = sv_trim(line);
		if (line.n == 0 && sv_trim(message).n > 0)
			found = false;
		if (line.n <= key.n || line.p[key.n] != ':' ||
		    !sv_case_eq(sv_head(line, key.n), key))
			continue;
		value = sv_trim(sv_from(line, key.n + 1));
		if (!sv_number(value, 1000000000ULL, &n))
			continue;
		*out = (long long)n;
		found = true;
	}
	return found;
}

/* The newest commit that says a number counts. */
static int read_trailers(struct gate *g, const struct gate_request *q)
{
	struct session *s = &g->base;
	struct messages messages = { 0 };
	bool deletes = false, changes = false;

	g->release = (struct brake_release){ -1, -1 };
	if (!sv_eq(g->policy.config.safety.release, SV("trailer")))
		return 0;
	if (repo_messages(s->mem, &s->spec, q->base, q->head, &s->fault,
			  &messages) < 0)
		return failed(g, s);
	for (size_t i = 0; i < messages.list.n; i++) {
		struct sv m = messages.list.v[i];

		deletes = deletes || trailer(m, SV("Zoneloom-Allow-Deletes"),
					     &g->release.deletes);
		changes = changes || trailer(m, SV("Zoneloom-Allow-Changes"),
					     &g->release.changes);
	}
	return 0;
}

/* What BASE's outputs hold and nothing derives any more is removed by the next
 * run, whoever starts it. */
static void find_drift(struct gate *g, const struct outputs *o)
{
	struct arena *mem = g->base.mem;

	for (size_t i = 0; i < o->priors.list.n; i++) {
		const struct prior_zone *p = o->priors.list.v[i];
		bool stood = false;

		for (size_t k = 0; k < p->files.n; k++)
			stood = stood || p->files.v[k].stood;
		for (size_t k = 0; stood && k < o->zones.list.n; k++)
			if (o->zones.list.v[k].zone == p->zone)
				*VEC_ADD(mem, &g->drift.list) =
					o->zones.list.v[k];
	}
}

static bool is_derived(const struct plan *p, struct sv zone,
		       const struct endpoint *e)
{
	for (size_t i = 0; i < p->zones.n; i++) {
		const struct endpoints *set = &p->zones.v[i].records;

		for (size_t k = 0;
		     sv_eq(p->zones.v[i].zone->key, zone) && k < set->list.n;
		     k++)
			if (set->list.v[k].type == e->type &&
			    sv_eq(set->list.v[k].name, e->name))
				return true;
	}
	return false;
}

static struct changes *counted_zone(struct gate *g, const struct zone *zone)
{
	struct zone_changes *z;

	for (size_t i = 0; i < g->counted.list.n; i++)
		if (g->counted.list.v[i].zone != NULL &&
		    sv_eq(g->counted.list.v[i].zone->key, zone->key))
			return &g->counted.list.v[i].changes;
	z = VEC_ADD(g->base.mem, &g->counted.list);
	*z = (struct zone_changes){ .zone = zone, .known = true };
	return &z->changes;
}

/* Records that only BASE's outputs hold, and the merged tree does not ask for
 * again, are deletions too. */
static void count_drift(struct gate *g)
{
	for (size_t i = 0; i < g->drift.list.n; i++) {
		const struct zone_changes *z = &g->drift.list.v[i];

		for (size_t k = 0; k < z->changes.list.n; k++) {
			const struct change *c = &z->changes.list.v[k];
			struct changes *sum;

			if (c->kind != CHANGE_DELETE || is_ownership(c->have) ||
			    is_derived(&g->want.plan, z->zone->key, c->have))
				continue;
			sum = counted_zone(g, z->zone);
			sum->before++;
			sum->deleted++;
		}
	}
}

/* What BASE publishes: its records, with what it keeps, beside its outputs. */
static int make_base(struct gate *g, const struct gate_request *q)
{
	struct outputs o;

	session_follow(&g->base, q->base);
	if (derive_side(g, &g->base, &g->merged, &g->have) < 0)
		return -1;
	if (!is_configured(&g->base) || g->base_broken)
		return 0;
	if (outputs_make(&g->base, &g->have, &o) < 0)
		return failed(g, &g->base);
	find_drift(g, &o);
	return 0;
}

static int make_merged(struct gate *g, const struct gate_request *q)
{
	session_follow(&g->merged, q->base);
	g->merged.keep_plan = &g->have.plan;
	if (derive_side(g, &g->merged, &g->base, &g->want) < 0)
		return -1;
	return keep_previous(&g->merged, &g->want) < 0 ? failed(g, &g->merged)
						       : 0;
}

/* Those of the clone that judges are none of BASE's. */
static size_t base_errors(const struct gate *g)
{
	size_t errors = 0;

	for (size_t i = 0; i < g->base.diags.list.n; i++)
		errors += g->base.diags.list.v[i].severity == DIAG_ERROR &&
			  g->base.diags.list.v[i].code != DIAG_ALLOW;
	return errors;
}

/* Beside the outputs that either side has: taking a zone out of the
 * configuration must not hide what is done to its records. */
static int find_foreign(struct gate *g)
{
	struct session *base = &g->base, *merged = &g->merged;

	if (foreign_find(base, &g->have.plan, NULL, NULL, DIAG_ERROR,
			 &base->diags) < 0)
		return failed(g, base);
	if (foreign_find(merged, &g->want.plan, &g->have.plan, NULL, DIAG_ERROR,
			 &merged->diags) < 0)
		return failed(g, merged);
	return 0;
}

/* Where errors keep BASE from publishing anything, and the merged tree as well,
 * the next run does not remove what BASE's outputs alone hold: that may be what
 * cannot be read. */
static void drop_drift(struct gate *g)
{
	const struct options *o = &g->merged.config.publishers.v[0].opt;

	if (g->errors > 0 && g->merged.diags.errors > 0 &&
	    sv_eq(o->on_error, SV("all")))
		g->drift.list.n = 0;
}

static int open_after(const struct session *like, const struct gate_request *q,
		      struct gate *g)
{
	return q->replace
		       ? session_open_rev(like, q->head, &g->merged)
		       : session_open_merge(like, q->base, q->head, &g->merged);
}

int gate_make(const struct session *like, const struct gate_request *q,
	      struct gate *g)
{
	struct baseline baseline = { 0 };

	*g = (struct gate){ 0 };
	if (open_base(like, q->base, g) < 0 || open_policy(like, q, g) < 0)
		return -1;
	if (open_after(like, q, g) < 0)
		return failed(g, &g->merged);
	if (session_has_config(&g->merged, &g->base) < 0)
		return failed(g, &g->merged);
	if (restrict_commands(g, q) < 0 || judge_policy(g, q, &baseline) < 0 ||
	    read_trailers(g, q) < 0 || make_base(g, q) < 0 ||
	    make_merged(g, q) < 0)
		return -1;
	file_not_run(g);
	g->errors = base_errors(g);
	drop_drift(g);
	if (find_foreign(g) < 0)
		return -1;
	plan_changes(g->merged.mem, &g->have.plan, &g->want.plan, &g->changes);
	g->counted = g->changes;
	VEC_OWN(g->merged.mem, &g->counted.list);
	count_drift(g);
	g->findings = (struct diags){ .mem = g->merged.mem };
	diags_merge(&g->findings, &g->merged.diags);
	diags_sort(&g->findings);
	if (!q->all)
		g->known = findings_demote(&g->merged.diags, &g->base.diags,
					   &baseline);
	if (!q->allow_policy_change)
		file_loosening(g);
	if (edited_find(&g->merged, q->base, q->head, &g->head,
			&g->merged.diags) < 0)
		return failed(g, &g->head);
	return 0;
}

static void remark(struct arena *mem, struct strings *out, struct sv text)
{
	*VEC_ADD(mem, &out->list) = text;
}

/* "no change" of a zone that on-error: keep holds says nothing of what the pull
 * request asks for. */
static void remark_kept(const struct gate *g, struct strings *out)
{
	struct arena *mem = g->merged.mem;

	for (size_t i = 0; i < g->want.plan.zones.n; i++)
		if (g->want.plan.zones.v[i].is_kept)
			remark(mem, out,
			       arena_fmt(mem,
					 "zone " SV_FMT
					 ": an error keeps all records as they "
					 "were; what the manifests change is "
					 "shown, and published, once it is "
					 "mended",
					 SV_ARG(g->want.plan.zones.v[i]
							.zone->key)));
}

void gate_remarks(const struct gate *g, const struct gate_request *q,
		  struct strings *out)
{
	struct arena *mem = g->merged.mem;
	const struct options *o = &g->base.config.publishers.v[0].opt;
	size_t errors = g->errors;

	remark_kept(g, out);
	published_changes(mem, &g->have.plan, &g->want.plan, out);
	if (g->base_broken)
		remark(mem, out,
		       arena_fmt(mem,
				 "the configuration of %s is invalid, so it "
				 "publishes nothing today",
				 q->base));
	else if (errors > 0 && sv_eq(o->on_error, SV("all")))
		remark(mem, out,
		       arena_fmt(
			       mem,
			       "%s publishes nothing today because of " SV_FMT
			       "; zoneloom check --rev %s shows %s",
			       q->base,
			       SV_ARG(words_count(mem, errors, "error", NULL)),
			       q->base, errors == 1 ? "it" : "them"));
	if (g->known > 0)
		remark(mem, out,
		       arena_fmt(mem,
				 SV_FMT " that %s also has %s not counted "
					"(--all counts %s)",
				 SV_ARG(words_count(mem, g->known, "error",
						    NULL)),
				 q->base, g->known == 1 ? "is" : "are",
				 g->known == 1 ? "it" : "them"));
	if (g->release.deletes >= 0)
		remark(mem, out,
		       arena_fmt(mem, "a commit allows " SV_FMT,
				 SV_ARG(words_count(mem,
						    (size_t)g->release.deletes,
						    "deletion", NULL))));
	if (g->release.changes >= 0)
		remark(mem, out,
		       arena_fmt(mem, "a commit allows " SV_FMT,
				 SV_ARG(words_count(mem,
						    (size_t)g->release.changes,
						    "change", NULL))));
}

struct sv gate_baseline(const struct gate *g)
{
	return baseline_text(g->merged.mem, &g->findings);
}
