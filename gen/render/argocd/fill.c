/* Parameters into a template: {{name}}, or Go's templates with sprig. */
#include "base/limits.h"
#include "render/argocd/walk.h"
#include "template/template.h"

struct fill {
	struct arena *mem;
	const struct node *params;
	const struct argocd_rules *rules;
	struct argocd_unfilled *out;
};

/* "a.b[2].c" below `n`; the whole path as one flat key comes first. */
static const struct node *lookup(const struct node *n, struct sv path)
{
	const struct node *flat = node_get(n, path);
	struct sv part;

	if (flat != NULL)
		return flat;
	while (n != NULL && sv_cut(&path, '.', &part)) {
		const struct node *inner = node_get(n, part);

		/* Labels have dots of their own: the rest as one key. */
		if (inner == NULL && path.p != NULL)
			return node_get(
				n, (struct sv){ part.p, part.n + 1 + path.n });
		n = inner;
	}
	return n;
}

/* Without goTemplate: "{{ name }}" and nothing else. */
static const char *fill_names(struct fill *f, struct sv text, struct sv *out)
{
	struct buf b = { .mem = f->mem };

	while (text.n > 0) {
		size_t open = sv_find(text, SV("{{")), close;
		const struct node *n;
		struct sv name;

		buf_add(&b, sv_head(text, open));
		if (open == text.n)
			break;
		text = sv_from(text, open + 2);
		close = sv_find(text, SV("}}"));
		name = sv_trim(sv_head(text, close));
		n = lookup(f->params, name);
		if (close == text.n || n == NULL || n->kind != NODE_SCALAR)
			return arena_str(
				f->mem,
				arena_fmt(f->mem, "no parameter \"" SV_FMT "\"",
					  SV_ARG(name)));
		if (b.n + n->scalar.n > MAX_TEMPLATE_BYTES)
			return "text too long";
		buf_add(&b, n->scalar);
		text = sv_from(text, close + 2);
	}
	*out = buf_sv(&b);
	return NULL;
}

/* As Argo CD makes a name of a text: other characters become "-". */
static bool fn_normalize(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	*out = value_text(argocd_normalised(f->mem, args[0].text));
	return true;
}

/* JSON is YAML, in a form that fits in one line wherever it is put. */
static bool fn_to_yaml(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };

	(void)n;
	value_json(f, &b, &args[0], false);
	*out = value_text(buf_sv(&b));
	return f->fault == NULL;
}

static bool fn_from_yaml(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	struct diags ignored = { .mem = f->mem };
	struct documents docs = { 0 };

	(void)n;
	if (args[0].text.n > MAX_GO_TEMPLATE_TEXT ||
	    manifest_parse(f->mem, &ignored, SV("fromYaml"), args[0].text,
			   &docs) < 0 ||
	    docs.list.n != 1)
		return fill_fault(f, "fromYaml: invalid YAML");
	*out = value_data(docs.list.v[0]);
	return true;
}

static const struct function rows[] = {
	{ "fromYaml", "s", fn_from_yaml, 0, 0 },
	{ "fromYamlArray", "s", fn_from_yaml, 0, 0 },
	{ "normalize", "s", fn_normalize, 0, 0 },
	{ "toYaml", "a", fn_to_yaml, 0, 0 },
};
static const struct function_list own = { rows,
					  sizeof(rows) / sizeof(rows[0]) };
static const struct function_list *const functions[] = { &own, NULL };
static const struct template_dialect dialect = { .functions = functions,
						 .base = &template_sprig };

static const char *fill_go(struct fill *f, const struct node *scalar,
			   struct sv *out)
{
	struct filler filler = { .mem = f->mem,
				 .dialect = &dialect,
				 .missing = f->rules->missing };
	struct value dot = value_data(f->params);
	struct template *t = NULL;
	const char *fault =
		template_parse(f->mem, scalar->scalar, &dialect, &t);

	if (fault == NULL && t != NULL)
		fault = template_fill(&filler, t, &dot, scalar->at, out);
	return fault;
}

/* Of these no name depends on: one that cannot be filled stays as it is.  What
 * is handed to a renderer is another matter, whatever it is called. */
static bool has_no_effect(struct sv key)
{
	static const char *const keys[] = {
		"annotations", "chart",	    "finalizers", "ignoreDifferences",
		"info",	       "labels",    "project",	  "repoURL",
		"syncPolicy",  "tagPrefix",
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

enum care { CARE, NO_CARE, ALWAYS_CARE };

static bool fill_node(struct fill *f, struct node *n, enum care care,
		      unsigned depth);

static bool fill_scalar(struct fill *f, struct node *n, enum care care)
{
	const char *fault;
	struct sv text = n->scalar;

	if (!sv_has(n->scalar, SV("{{")))
		return true;
	fault = f->rules->go ? fill_go(f, n, &text)
			     : fill_names(f, n->scalar, &text);
	if (fault == NULL)
		n->scalar = text;
	if (fault == NULL || care == NO_CARE)
		return true;
	*f->out = (struct argocd_unfilled){ n->at, n->scalar, fault };
	return false;
}

static bool fill_map(struct fill *f, struct node *n, enum care care,
		     unsigned depth)
{
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		struct sv key = n->items.v[i]->scalar;
		enum care inner = care;

		if (care == CARE && is_for_renderer(key))
			inner = ALWAYS_CARE;
		else if (care == CARE && has_no_effect(key))
			inner = NO_CARE;
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

struct node *argocd_fill(struct argocd *a, const struct node *template,
			 const struct node *params,
			 const struct argocd_rules *rules,
			 struct argocd_unfilled *out)
{
	struct fill f = { a->ctx->mem, params, rules, out };
	struct node *copy = node_copy(a->ctx->mem, template);

	return fill_node(&f, copy, CARE, 0) ? copy : NULL;
}
