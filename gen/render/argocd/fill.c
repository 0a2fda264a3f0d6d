/* Parameters into a template: {{name}}, or Go's templates with sprig. */
#include "base/limits.h"
#include "render/argocd/generate.h"

struct fill {
	struct arena *mem;
	const struct node *params;
	struct argocd_rules rules;
	struct argocd_unfilled *out;
};

/* Without goTemplate a text is one where some line has both brackets. */
static bool is_template(struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line)) {
		struct sv rest = sv_from(line, sv_find(line, SV("{{")));

		if (rest.n > 0 && sv_has(rest, SV("}}")))
			return true;
	}
	return false;
}

/* A key that YAML reads as a boolean is called "true" or "false". */
static const char *with_hint(struct arena *mem, const char *why)
{
	static const char *const booleans[] = {
		"n",  "N",  "no", "No", "NO", "off", "Off", "OFF",
		"on", "On", "ON", "y",	"Y",  "yes", "Yes", "YES",
	};

	for (size_t i = 0; i < sizeof(booleans) / sizeof(booleans[0]); i++)
		if (sv_has(sv_of(why), arena_fmt(mem, " \"%s\"", booleans[i])))
			return arena_str(mem,
					 arena_fmt(mem,
						   "%s, which YAML reads as a "
						   "boolean; quote the key, or "
						   "take another",
						   why));
	return why;
}

static const char *missing_name(struct arena *mem, struct sv name)
{
	struct sv why = arena_fmt(mem, "no parameter \"" SV_FMT "\"",
				  SV_ARG(sv_head(name, 100)));

	return with_hint(mem, arena_str(mem, why));
}

/*
 * Without goTemplate: "{{ name }}" and nothing else.  What no parameter fills
 * stays as it is, and `*missing` says which was the first, or NULL.
 */
static const char *fill_names(struct fill *f, struct sv text, struct sv *out,
			      const char **missing)
{
	struct buf b = { .mem = f->mem };

	*missing = NULL;
	*out = text;
	if (!is_template(text))
		return NULL;
	while (text.n > 0) {
		size_t open = sv_find(text, SV("{{")), close;
		struct sv rest = sv_from(text, open < text.n ? open + 2 : open);
		const struct node *n;
		struct sv name;

		buf_add(&b, sv_head(text, open));
		if (open == text.n)
			break;
		close = sv_find(rest, SV("}}"));
		if (close == rest.n)
			return "\"{{\" without \"}}\"";
		name = sv_trim(sv_head(rest, close));
		n = node_get(f->params, name);
		if (b.n + (n != NULL ? n->scalar.n : 0) + close >
		    MAX_TEMPLATE_BYTES)
			return "text too long";
		if (n != NULL && n->kind == NODE_SCALAR &&
		    n->type == SCALAR_STRING) {
			buf_add(&b, n->scalar);
		} else {
			buf_add(&b, sv_head(sv_from(text, open), close + 4));
			if (*missing == NULL)
				*missing = missing_name(f->mem, name);
		}
		text = sv_from(rest, close + 2);
	}
	*out = buf_sv(&b);
	return NULL;
}

static const char *fill_go(struct fill *f, struct sv text, struct loc at,
			   struct sv *out)
{
	struct filler filler = { .mem = f->mem,
				 .dialect = &argocd_dialect,
				 .missing = f->rules.missing };
	struct value dot = value_data(f->params);
	struct template *t = NULL;
	const char *fault = template_parse(f->mem, text, &argocd_dialect, &t);

	*out = text;
	if (fault == NULL && t != NULL)
		fault = template_fill(&filler, t, &dot, at, out);
	return fault == NULL ? NULL : with_hint(f->mem, fault);
}

/* Of these no name depends on: one that cannot be filled stays as it is.  What
 * is handed to a renderer is another matter, whatever it is called. */
static bool has_no_effect(struct sv key)
{
	static const char *const keys[] = {
		"annotations",	     "chart",	       "finalizers",
		"ignoreDifferences", "info",	       "labels",
		"project",	     "repoURL",	       "syncPolicy",
		"tagPrefix",	     "targetRevision",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (sv_eq(key, sv_of(keys[i])))
			return true;
	return false;
}

static bool is_for_renderer(struct sv key)
{
	return sv_eq(key, SV("helm")) || sv_eq(key, SV("kustomize")) ||
	       sv_eq(key, SV("directory")) || sv_eq(key, SV("plugin"));
}

/* Of what is handed to a renderer: these lead to files and objects. */
static bool leads_on(struct sv key)
{
	return sv_eq(key, SV("valueFiles")) || sv_eq(key, SV("releaseName")) ||
	       sv_eq(key, SV("fileParameters")) || sv_eq(key, SV("components"));
}

/* What cannot be filled: nobody cares; a fault of Go's templates is one, but
 * the other ones leave the brackets, which may be meant for a chart; or both
 * cost the Application. */
enum care { NO_CARE, CARE_FAULTS, CARE_RENDERER, CARE };

static bool fill_node(struct fill *f, struct node *n, enum care care,
		      unsigned depth);

static bool fill_scalar(struct fill *f, struct node *n, enum care care)
{
	const char *fault, *missing = NULL;
	struct sv text = n->scalar;

	if (!sv_has(n->scalar, SV("{{")))
		return true;
	fault = f->rules.go ? fill_go(f, n->scalar, n->at, &text)
			    : fill_names(f, n->scalar, &text, &missing);
	if (fault == NULL && care == CARE)
		fault = missing;
	if (fault == NULL) {
		n->scalar = text;
		/* Argo CD fills texts alone, and a text it stays. */
		n->type = SCALAR_STRING;
	}
	if (fault == NULL || care == NO_CARE)
		return true;
	*f->out = (struct argocd_unfilled){ n->at, n->scalar, fault };
	return false;
}

static enum care care_below(enum care care, struct sv key)
{
	if (care == CARE && is_for_renderer(key))
		return CARE_RENDERER;
	if (care == CARE && has_no_effect(key))
		return NO_CARE;
	return care == CARE_RENDERER && leads_on(key) ? CARE : care;
}

static bool fill_map(struct fill *f, struct node *n, enum care care,
		     unsigned depth)
{
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		enum care inner = care_below(care, n->items.v[i]->scalar);

		if (!fill_node(f, n->items.v[i], inner, depth) ||
		    !fill_node(f, n->items.v[i + 1], inner, depth))
			return false;
	}
	return true;
}

static bool fill_node(struct fill *f, struct node *n, enum care care,
		      unsigned depth)
{
	if (depth > MAX_YAML_DEPTH) {
		*f->out = (struct argocd_unfilled){ n->at, SV(""),
						    "nested too deep" };
		return false;
	}
	if (n->kind == NODE_SCALAR)
		return fill_scalar(f, n, care);
	if (n->kind == NODE_MAP)
		return fill_map(f, n, care, depth + 1);
	for (size_t i = 0; i < n->items.n; i++)
		if (!fill_node(f, n->items.v[i], care, depth + 1))
			return false;
	return true;
}

/* Argo CD leaves a template alone that is given no parameter. */
static struct argocd_rules rules_for(const struct argocd_rules *rules,
				     const struct node *params)
{
	struct argocd_rules r = *rules;

	r.go = r.go && params->items.n > 0;
	return r;
}

struct node *argocd_fill(struct argocd *a, const struct node *template,
			 const struct node *params,
			 const struct argocd_rules *rules,
			 struct argocd_unfilled *out)
{
	struct fill f = { a->ctx->mem, params, rules_for(rules, params), out };
	struct node *copy = node_copy(a->ctx->mem, template);

	return fill_node(&f, copy, CARE, 0) ? copy : NULL;
}

const char *argocd_fill_text(struct argocd *a, struct sv text, struct loc at,
			     const struct node *params,
			     const struct argocd_rules *rules, struct sv *out)
{
	struct fill f = { a->ctx->mem, params, *rules, NULL };
	const char *missing;

	return rules->go ? fill_go(&f, text, at, out)
			 : fill_names(&f, text, out, &missing);
}

/* `values` of a generator inside a matrix: what its own parameters fill, not
 * those of the first one, stays for them. */
static bool fill_values(struct fill *f, struct node *values)
{
	struct fill own = *f;

	own.rules.missing = MISSING_ERROR;
	for (size_t i = 0; i + 1 < values->items.n; i += 2) {
		struct node *n = values->items.v[i + 1];
		struct sv fault;

		if (fill_node(&own, n, CARE_FAULTS, 0))
			continue;
		fault = sv_of(f->out->why);
		if (!sv_has(fault, SV("map has no entry for key")) &&
		    !sv_has(fault, SV("can't evaluate field")))
			return false;
	}
	return true;
}

static bool fill_entry(struct fill *f, struct node *entry, unsigned depth);

static bool fill_generator(struct fill *f, struct sv name, struct node *n,
			   unsigned depth)
{
	bool combines = sv_eq(name, SV("matrix")) || sv_eq(name, SV("merge"));

	if (n->kind != NODE_MAP)
		return fill_node(f, n, CARE_FAULTS, 0);
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		struct sv key = n->items.v[i]->scalar;
		struct node *value = n->items.v[i + 1];
		bool ok = true;

		if (combines && sv_eq(key, SV("generators")))
			for (size_t k = 0; ok && k < value->items.n; k++)
				ok = fill_entry(f, value->items.v[k],
						depth + 1);
		else if (sv_eq(key, SV("values")) && value->kind == NODE_MAP)
			ok = fill_values(f, value);
		else
			ok = fill_node(f, value, CARE_FAULTS, 0);
		if (!ok)
			return false;
	}
	return true;
}

static bool fill_entry(struct fill *f, struct node *entry, unsigned depth)
{
	if (entry->kind != NODE_MAP || depth > MAX_ARGOCD_DEPTH)
		return true;
	for (size_t i = 0; i + 1 < entry->items.n; i += 2)
		if (!fill_generator(f, entry->items.v[i]->scalar,
				    entry->items.v[i + 1], depth))
			return false;
	return true;
}

struct node *argocd_fill_entry(struct argocd *a, const struct node *entry,
			       const struct node *params,
			       const struct argocd_rules *rules,
			       struct argocd_unfilled *out)
{
	struct fill f = { a->ctx->mem, params, *rules, out };
	struct node *copy = node_copy(a->ctx->mem, entry);

	return fill_entry(&f, copy, 0) ? copy : NULL;
}
