/* HelmRelease spec.valuesFrom: a ConfigMap or Secret that lies in git. */
#include "render/helm/helm.h"

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"

/* The text under `key`; a Secret's `data` is base64 and `stringData` is not. */
static const struct node *text_of(const struct object *o, struct sv key)
{
	const struct node *n =
		node_get(node_get(o->root, SV("stringData")), key);

	if (n == NULL && sv_eq(o->kind, SV("ConfigMap")))
		n = node_get(node_get(o->root, SV("data")), key);
	return n != NULL && n->kind == NODE_SCALAR ? n : NULL;
}

/* "a.b.c" and a value: {a: {b: {c: value}}}, as targetPath asks. */
static struct node *nest(struct arena *mem, struct sv path,
			 const struct node *value)
{
	struct node *top = node_new_map(mem, value->at), *map = top;
	struct sv part;

	while (sv_cut(&path, '.', &part)) {
		struct node *inner = path.p == NULL
					     ? node_copy(mem, value)
					     : node_new_map(mem, value->at);

		node_set(mem, map, part, inner);
		map = inner;
	}
	return top;
}

static struct node *missing(struct diags *d, const struct object *o,
			    const struct node *ref, struct node *so_far)
{
	diag_note(d, DIAG_HELM_VALUES, ref->at,
		  "HelmRelease " SV_FMT "/" SV_FMT ": values of " SV_FMT
		  " \"" SV_FMT "\" are not in git",
		  SV_ARG(o->namespace), SV_ARG(o->name),
		  SV_ARG(node_str(ref, SV("kind"))),
		  SV_ARG(node_str(ref, SV("name"))));
	return so_far;
}

struct node *helm_parse_values(struct arena *mem, struct diags *d,
			       struct sv file, struct sv text)
{
	struct diags warned = { .mem = mem };
	struct documents docs = { 0 };

	if (manifest_parse(mem, &warned, file, text, &docs) < 0) {
		/* What only Helm can read costs names, and stops nothing. */
		diag_warn(d, DIAG_HELM_VALUES,
			  warned.list.n > 0 ? warned.list.v[0].at
					    : ((struct loc){ file, 0, 0 }),
			  "cannot parse Helm values: " SV_FMT
			  "; names in them are missing",
			  SV_ARG(warned.list.n > 0 ? warned.list.v[0].text
						   : SV("not YAML")));
		return NULL;
	}
	return docs.list.n > 0 ? docs.list.v[0] : NULL;
}

/* A text in a file: its first line is the one below its head, `key: |`, unless
 * it is short; and a generated one is a file of its own. */
static size_t lines_above(const struct node *text)
{
	if ((text->at.line == 1 && text->at.col == 1) || text->at.line == 0)
		return 0;
	return sv_chr(text->scalar, '\n') < text->scalar.n ? text->at.line
							   : text->at.line - 1;
}

struct sv helm_placed(struct arena *mem, const struct node *text,
		      struct sv content)
{
	struct buf b = { .mem = mem };
	size_t above = lines_above(text);

	for (size_t i = 0; i < above && above < MAX_PADDING; i++)
		buf_char(&b, '\n');
	buf_add(&b, content);
	return buf_sv(&b);
}

struct node *helm_parse_text(struct arena *mem, struct diags *d,
			     const struct node *text)
{
	return helm_parse_values(mem, d, text->at.file,
				 helm_placed(mem, text, text->scalar));
}

/* The map that the release means: of its cluster, which may hold only one. */
static const struct object *map_of(const struct render_ctx *ctx,
				   struct diags *d, const struct objects *maps,
				   const struct object *o,
				   const struct node *ref)
{
	struct sv kind = node_str(ref, SV("kind"));
	struct sv name = node_str(ref, SV("name"));
	VEC(const struct object *) found = { 0 };
	const struct object *hit, *duplicate;

	for (size_t i = 0; i < maps->list.n; i++) {
		const struct object *map = maps->list.v[i];

		if (sv_eq(map->kind, kind) && map->group.n == 0 &&
		    sv_eq(map->name, name) &&
		    sv_eq(map->namespace, o->namespace))
			*VEC_ADD(ctx->mem, &found) = map;
	}
	if (found.n == 0)
		return NULL;
	hit = object_meant(found.v, found.n, o, &duplicate);
	if (duplicate != NULL)
		(void)duplicate_error(d, hit, duplicate);
	return hit;
}

struct node *helm_values_from(const struct render_ctx *ctx, struct diags *d,
			      const struct objects *maps,
			      const struct object *o, const struct node *ref,
			      struct node *so_far)
{
	struct sv key = node_str(ref, SV("valuesKey"));
	struct sv path = node_str(ref, SV("targetPath"));
	const struct object *holder = map_of(ctx, d, maps, o, ref);
	const struct node *text;
	struct node *values;

	work_spend(ctx->mem, WORK_LOOKUPS, maps->list.n, ref->at);
	if (holder == NULL)
		return missing(d, o, ref, so_far);
	text = text_of(holder, key.n > 0 ? key : SV("values.yaml"));
	if (text == NULL)
		return missing(d, o, ref, so_far);
	if (path.n > 0)
		return helm_merge(ctx->mem, so_far, nest(ctx->mem, path, text));
	values = helm_parse_text(ctx->mem, d, text);
	return values != NULL ? helm_merge(ctx->mem, so_far, values) : so_far;
}
