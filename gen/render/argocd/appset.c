/* ApplicationSets: generators give parameters, the template Applications. */
#include "render/argocd/generate.h"
#include "render/argocd/patch.h"
#include "render/known.h"

/* Say which expression, and why. */
static void unfilled(struct argocd *a, const struct object *set,
		     const struct argocd_unfilled *u)
{
	diag_warn(a->diags, DIAG_ARGOCD, u->at,
		  "ApplicationSet " SV_FMT ": cannot fill \"" SV_FMT
		  "\" from what is in git: %s; an Application is missing",
		  SV_ARG(set->name), SV_ARG(sv_head(u->text, 200)), u->why);
}

/* One that is made: of which set, by which template and rules. */
struct making {
	struct argocd *a;
	const struct object *set;
	struct argocd_rules rules;
	const struct node *template, *patch;
	struct objects *out;
};

/* The elements that fill the template may stand in files of their own. */
static const struct origin *elements_origin(const struct making *m,
					    const struct param_set *p)
{
	const struct origin *outer = m->set->origin;

	for (size_t i = 0; i < p->from.n; i++) {
		struct origin *o = ARENA_NEW(m->a->ctx->mem, struct origin);

		*o = (struct origin){ .outer = outer,
				      .step = "generator",
				      .at = p->from.v[i],
				      .text = SV("element"),
				      .decides = true };
		outer = o;
	}
	return outer;
}

/* The template filled, then patched; NULL with a finding. */
static struct node *filled_template(const struct making *m,
				    const struct param_set *p)
{
	struct argocd_unfilled left_out = { 0 };
	struct node *app =
		argocd_fill(m->a, m->template, p->map, &m->rules, &left_out);

	if (app != NULL && m->patch != NULL)
		app = argocd_patch(m->a, m->set, m->patch, app, p->map,
				   &m->rules, &left_out);
	if (app == NULL)
		unfilled(m->a, m->set, &left_out);
	return app;
}

/* It stands in the namespace of its set. */
static void set_identity(const struct making *m, struct node *app)
{
	struct arena *mem = m->a->ctx->mem;
	struct loc at = m->template->at;
	struct node *metadata = node_new_map(mem, at);
	const struct node *have = node_get(app, SV("metadata"));

	if (have != NULL && have->kind == NODE_MAP)
		metadata = node_copy(mem, have);
	params_set_text(mem, metadata, SV("namespace"), m->set->namespace, at);
	node_set(mem, app, SV("metadata"), metadata);
	params_set_text(mem, app, SV("apiVersion"), SV("argoproj.io/v1alpha1"),
			at);
	params_set_text(mem, app, SV("kind"), SV("Application"), at);
}

static void make_app(const struct making *m, const struct param_set *p)
{
	struct arena *mem = m->a->ctx->mem;
	struct node *app = filled_template(m, p);
	struct origin *o = ARENA_NEW(mem, struct origin);
	struct sv label = known_object(mem, m->set->kind, m->set->namespace,
				       m->set->name);

	if (app == NULL)
		return;
	*o = (struct origin){ .outer = elements_origin(m, p),
			      .step = "argocd",
			      .at = m->set->at,
			      .text = label,
			      .object = label };
	set_identity(m, app);
	objects_add(mem, m->a->diags, m->out, app, o);
}

/* goTemplate, and what goTemplateOptions say of a key that is not there. */
static struct argocd_rules rules_of(const struct node *spec)
{
	static const struct {
		const char *option;
		enum missing_key missing;
	} options[] = {
		{ "missingkey=default", MISSING_NO_VALUE },
		{ "missingkey=error", MISSING_ERROR },
		{ "missingkey=invalid", MISSING_NO_VALUE },
		{ "missingkey=zero", MISSING_ZERO },
	};
	const struct node *list = node_get(spec, SV("goTemplateOptions"));
	struct argocd_rules r = { .go = node_true(spec, SV("goTemplate")) };

	for (size_t i = 0; i < node_len(list); i++)
		for (size_t k = 0; k < sizeof(options) / sizeof(options[0]);
		     k++)
			if (sv_eq(node_at(list, i)->scalar,
				  sv_of(options[k].option)))
				r.missing = options[k].missing;
	return r;
}

/* The template of one entry: its own, and what that leaves out. */
static const struct node *template_of(struct argocd *a,
				      const struct node *entry,
				      const struct node *template)
{
	const struct node *own = generate_template(entry);
	struct node *both;

	if (own == NULL)
		return template;
	both = node_copy(a->ctx->mem, own);
	params_complete(a->ctx->mem, both, template);
	return both;
}

/* A fault in a generator is filed; what the others give is known. */
void argocd_make(struct argocd *a, const struct object *set,
		 struct objects *out)
{
	const struct node *spec = node_get(set->root, SV("spec"));
	const struct node *template = node_get(spec, SV("template"));
	const struct node *all = node_get(spec, SV("generators"));
	struct making m = { .a = a,
			    .set = set,
			    .rules = rules_of(spec),
			    .patch = node_get(spec, SV("templatePatch")),
			    .out = out };
	struct generation g = { .a = a, .set = set, .rules = &m.rules };

	if (template == NULL || template->kind != NODE_MAP)
		return;
	for (size_t i = 0; i < node_len(all); i++) {
		struct params sets = { 0 };

		m.template = template_of(a, node_at(all, i), template);
		if (generate_entry(&g, node_at(all, i), NULL, &sets) < 0)
			continue;
		for (size_t k = 0; k < sets.list.n; k++)
			make_app(&m, &sets.list.v[k]);
	}
}

int argocd_set(struct argocd *a, const struct object *set)
{
	struct objects made = { 0 };
	int rc = 0;

	if (!a->values_only)
		(void)known_check(a->ctx, a->diags, "ApplicationSet", set->kind,
				  known_object(a->ctx->mem, set->kind,
					       set->namespace, set->name),
				  set->root);
	argocd_make(a, set, &made);
	for (size_t i = 0; rc == 0 && i < made.list.n; i++)
		rc = argocd_follow(a, made.list.v[i]);
	return rc;
}
