/*
 * ResourceSets of flux-operator: templates of whole objects, filled for each
 * of their inputs.
 *
 * Source: flux-operator 0.59, internal/builder.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "render/flux/flux.h"
#include "render/flux/inputs.h"
#include "render/flux/reread.h"
#include "render/known.h"
#include "template/template.h"

static const struct sv group = { "fluxcd.controlplane.io", 22 };

const char *const resource_set_referred[] = {
	"ResourceSetInputProvider.fluxcd.controlplane.io",
	NULL,
};

struct build {
	const struct render_ctx *ctx;
	struct diags *diags;
	const char *const *kinds;
	const struct object *set;
	const struct node *spec;
	const struct origin *origin;
	struct sv what;		   /* "ResourceSet flux-system/apps" */
	const struct node *inputs; /* those of this turn, or NULL */
	struct objects *out;
	size_t before; /* of what was in `out` */
	bool failed;
};

bool resource_set_is(struct sv kind, struct sv g)
{
	return sv_eq(kind, SV("ResourceSet")) && sv_eq(g, group);
}

/* --- templates --- */

/* JSON is YAML: what is read again is the same. */
static bool fn_to_yaml(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct template *json;
	struct filler inner = { .mem = f->mem };
	struct sv text = SV("");

	(void)n;
	if (template_parse(f->mem, SV("{{ toJson . }}"), &template_sprig,
			   &json) != NULL)
		return fill_fault(f, "toYaml: no JSON");
	inner.fault = template_fill(&inner, json, &args[0], NOWHERE, &text);
	if (inner.fault != NULL)
		return fill_fault(f, "%s", inner.fault);
	*out = value_text(text);
	return true;
}

/* gosimple/slug, of what is ASCII; at most a label's length, cut at a word. */
static struct sv slug(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };
	size_t cut;

	s = sv_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		char c = sv_lower_char(s.p[i]);

		if (c == '&')
			buf_add(&b, SV("and"));
		else if (c == '@')
			buf_add(&b, SV("at"));
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			 c == '_')
			buf_char(&b, c);
		else if (c != '\'' && b.n > 0 && b.p[b.n - 1] != '-')
			buf_char(&b, '-');
	}
	while (b.n > 0 && (b.p[b.n - 1] == '-' || b.p[b.n - 1] == '_'))
		b.n--;
	s = buf_sv(&b);
	if (s.n <= MAX_LABEL)
		return s;
	cut = sv_rchr(sv_head(s, MAX_LABEL + 1), '-');
	return sv_head(s, cut < MAX_LABEL + 1 ? cut : MAX_LABEL);
}

static bool fn_slugify(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	for (size_t i = 0; i < args[0].text.n; i++)
		if ((unsigned char)args[0].text.p[i] >= 0x80)
			return fill_fault(f, "slugify: only ASCII is read");
	*out = value_text(slug(f->mem, args[0].text));
	return true;
}

static const struct function rows[] = {
	{ "mustToYaml", "a", fn_to_yaml, 0, 0 },
	{ "slugify", "s", fn_slugify, 0, 0 },
	{ "toYaml", "a", fn_to_yaml, 0, 0 },
};
static const struct function_list functions = { rows, sizeof(rows) /
							      sizeof(rows[0]) };
static const struct function_list *const lists[] = { &functions, NULL };
static const struct template_dialect dialect = {
	.functions = lists, .base = &template_sprig, .open = "<<", .close = ">>"
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* `inputs` is a function of the operator's that gives what `$` is here: so a
 * field can stand behind it. */
static struct sv with_root(struct arena *mem, struct sv text)
{
	static const struct sv name = { "inputs", 6 };
	struct buf b = { .mem = mem };
	bool inside = false;
	char quote = 0, before = ' ';

	for (size_t i = 0; i < text.n; i++) {
		struct sv rest = sv_from(text, i);
		char c = rest.p[0];

		if (quote == 0 && sv_starts(rest, SV("<<")))
			inside = true;
		else if (quote == 0 && sv_starts(rest, SV(">>")))
			inside = false;
		else if (inside && (c == '"' || c == '`') &&
			 (quote == 0 || quote == c) && before != '\\')
			quote = quote == 0 ? c : 0;
		if (inside && quote == 0 && sv_starts(rest, name) &&
		    !is_word(before) && before != '.' && before != '$' &&
		    (rest.n == name.n || !is_word(rest.p[name.n]))) {
			c = '$';
			i += name.n - 1;
		}
		buf_char(&b, c);
		before = c;
	}
	return buf_sv(&b);
}

/* False with a finding at the place of the text. */
static bool fill(struct build *b, const struct node *n, struct sv *out)
{
	struct filler f = { .mem = b->ctx->mem,
			    .missing = MISSING_ERROR,
			    .dialect = &dialect };
	const struct value dot =
		b->inputs != NULL ? value_data(b->inputs) : value_nil();
	struct template *t = NULL;
	const char *fault;

	*out = SV("");
	fault = template_parse(b->ctx->mem, with_root(b->ctx->mem, n->scalar),
			       &dialect, &t);
	if (fault == NULL && t != NULL)
		fault = template_fill(&f, t, &dot, n->at, out);
	if (fault == NULL)
		return true;
	if (!b->failed) {
		diag_file(b->diags, DIAG_KEY, DIAG_ERROR, n->at,
			  SV_FMT ": cannot fill \"" SV_FMT "\": %s",
			  SV_ARG(b->what), SV_ARG(sv_head(n->scalar, 200)),
			  fault);
		diag_object(b->diags, b->what);
	}
	b->failed = true;
	return false;
}

/* The operator writes a resource as YAML, fills that, and reads it again. */
static struct node *filled(struct build *b, struct node *n);

static struct node *filled_scalar(struct build *b, struct node *n)
{
	struct sv text;

	if (n->type != SCALAR_STRING || !sv_has(n->scalar, SV("<<")) ||
	    !fill(b, n, &text))
		return n;
	return reread(b->ctx->mem, n, text, true);
}

static struct node *filled_map(struct build *b, struct node *n)
{
	struct node *map = node_new_map(b->ctx->mem, n->at);

	for (size_t i = 0; i + 1 < n->items.n; i += 2)
		node_set(b->ctx->mem, map, filled(b, n->items.v[i])->scalar,
			 filled(b, n->items.v[i + 1]));
	return map;
}

static struct node *filled(struct build *b, struct node *n)
{
	struct node *list;

	if (n->kind == NODE_SCALAR)
		return filled_scalar(b, n);
	if (n->kind == NODE_MAP)
		return filled_map(b, n);
	list = node_new_list(b->ctx->mem, n->at);
	for (size_t i = 0; i < n->items.n; i++)
		node_add(b->ctx->mem, list, filled(b, n->items.v[i]));
	return list;
}

/* --- objects --- */

static bool is_disabled(const struct object *o)
{
	const struct node *n =
		object_annotation(o, SV("fluxcd.controlplane.io/reconcile"));

	return n != NULL && sv_eq(n->scalar, SV("disabled"));
}

static bool is_there(const struct build *b, const struct object *o)
{
	for (size_t i = b->before; i < b->out->list.n; i++) {
		const struct object *old = b->out->list.v[i];

		if (sv_eq(old->name, o->name) && sv_eq(old->kind, o->kind) &&
		    sv_eq(old->group, o->group) &&
		    sv_eq(old->namespace, o->namespace))
			return true;
	}
	return false;
}

/* commonMetadata counts over what the object has. */
static void put_common(struct build *b, struct node *meta, const char *member)
{
	const struct node *common = node_path(b->spec, SV("commonMetadata"));
	const struct node *from = node_get(common, sv_of(member));
	const struct node *had = node_get(meta, sv_of(member));
	struct arena *mem = b->ctx->mem;
	struct node *to;

	if (from == NULL || from->kind != NODE_MAP)
		return;
	to = had != NULL && had->kind == NODE_MAP ? node_copy(mem, had)
						  : node_new_map(mem, from->at);
	for (size_t i = 0; i + 1 < from->items.n; i += 2)
		node_set(mem, to, from->items.v[i]->scalar,
			 from->items.v[i + 1]);
	node_set(mem, meta, sv_of(member), to);
}

static void add(struct build *b, struct node *root)
{
	const struct node *had = node_get(root, SV("metadata"));
	struct objects made = { 0 };
	struct node *meta;

	if (had == NULL || had->kind != NODE_MAP || root->kind != NODE_MAP)
		return;
	meta = node_copy(b->ctx->mem, had);
	put_common(b, meta, "labels");
	put_common(b, meta, "annotations");
	node_set(b->ctx->mem, root, SV("metadata"), meta);
	objects_add(b->ctx->mem, b->diags, &made, root, b->origin);
	for (size_t i = 0; i < made.list.n; i++) {
		struct object *o = made.list.v[i];

		o->realm = b->set->realm;
		o->cluster = b->set->cluster;
		if (object_wanted(o, b->kinds) && !is_disabled(o) &&
		    !is_there(b, o) && b->out->list.n < MAX_RESOURCE_SET)
			*VEC_ADD(b->ctx->mem, &b->out->list) = o;
	}
}

/* By its kind alone, as it is written: what it is filled with is not known. */
static bool may_matter(const struct build *b, const struct node *resource)
{
	struct object o = { .kind = node_str(resource, SV("kind")) };

	object_set_version(&o, node_str(resource, SV("apiVersion")));
	return sv_has(o.kind, SV("<<")) || sv_has(o.api_version, SV("<<")) ||
	       object_wanted(&o, b->kinds);
}

/* Each resource for all inputs, as the operator has the order. */
static void add_resources(struct build *b, const struct inputs *inputs,
			  const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++) {
		struct node *resource = list->items.v[i];

		for (size_t k = 0; k < inputs->list.n; k++) {
			struct node *root;

			if (!may_matter(b, resource))
				break;
			b->inputs = inputs->list.v[k];
			b->failed = false;
			root = filled(b, resource);
			if (!b->failed)
				add(b, root);
		}
	}
}

static void add_template(struct build *b, const struct inputs *inputs,
			 const struct node *text)
{
	for (size_t k = 0; text != NULL && k < inputs->list.n; k++) {
		struct diags ignored = { .mem = b->ctx->mem };
		struct documents docs = { 0 };
		struct sv out;

		b->inputs = inputs->list.v[k];
		b->failed = false;
		if (text->kind != NODE_SCALAR || !fill(b, text, &out))
			return;
		(void)manifest_parse(b->ctx->mem, &ignored, text->at.file, out,
				     &docs);
		for (size_t i = 0; i < docs.list.n; i++) {
			reread_place(docs.list.v[i], text->at);
			add(b, docs.list.v[i]);
		}
	}
}

static void add_step(struct build *b, const struct inputs *inputs,
		     const struct node *step)
{
	add_resources(b, inputs, node_get(step, SV("resources")));
	add_template(b, inputs, node_get(step, SV("resourcesTemplate")));
}

void resource_set_build(const struct render_ctx *ctx, struct diags *d,
			const char *const *kinds, const struct objects *maps,
			const struct object *o, struct objects *out)
{
	struct origin *origin = ARENA_NEW(ctx->mem, struct origin);
	struct build b = { .ctx = ctx,
			   .diags = d,
			   .kinds = kinds,
			   .set = o,
			   .spec = node_get(o->root, SV("spec")),
			   .origin = origin,
			   .out = out,
			   .before = out->list.n };
	const struct node *steps = node_get(b.spec, SV("steps"));
	struct inputs inputs = { 0 };

	b.what = known_object(ctx->mem, o->kind, o->namespace, o->name);
	*origin = (struct origin){ .outer = o->origin,
				   .step = "generator",
				   .at = o->at,
				   .text = b.what,
				   .object = b.what,
				   .decides = true };
	(void)known_check(ctx, d, "ResourceSet", o->kind, b.what, o->root);
	if (!inputs_combine(ctx, d, maps, o, &inputs))
		return;
	add_step(&b, &inputs, b.spec);
	for (size_t i = 0; i < node_len(steps); i++)
		add_step(&b, &inputs, node_at(steps, i));
}
