/*
 * Which resources a patch or a replacement means, and the patches themselves.
 */
#include "base/budget.h"
#include "base/limits.h"
#include "base/pattern.h"
#include "base/selector.h"
#include "render/kustomize/build.h"

static bool look_up(const void *map, struct sv key, struct sv *value)
{
	const struct node *n = node_get(map, key);

	if (n != NULL)
		*value = n->scalar;
	return n != NULL;
}

static bool labels_match(struct kustomize_step *s, const struct node *want,
			 const struct resource *r, struct sv member)
{
	const struct node *map =
		node_get(node_get(r->root, SV("metadata")), member);
	struct selector selector = { 0 };
	const char *why;

	if (node_is_null(want) || want->kind != NODE_SCALAR)
		return true;
	why = selector_parse(s->k->ctx->mem, want->scalar, SELECTOR_ANY,
			     &selector);
	if (why != NULL) {
		kustomize_error(s->diags, want->at,
				"invalid selector \"" SV_FMT "\": %s",
				SV_ARG(sv_head(want->scalar, 80)), why);
		return false;
	}
	return selector_match(&selector, look_up, map);
}

/* Compiled once a run; NULL with a diag. */
static const struct pattern *pattern_of(struct kustomize_step *s,
					const struct node *want)
{
	struct map *known = &s->k->patterns;
	struct pattern *p = map_get(known, want->scalar);
	const char *why;

	if (p != NULL)
		return p;
	why = pattern_compile_whole(s->k->ctx->mem, want->scalar, &p);
	if (why != NULL) {
		kustomize_error(s->diags, want->at,
				"invalid pattern \"" SV_FMT "\": %s",
				SV_ARG(sv_head(want->scalar, 80)), why);
		return NULL;
	}
	map_put(known, want->scalar, p);
	return p;
}

static bool field_match(struct kustomize_step *s, const struct node *selector,
			struct sv key, struct sv text)
{
	const struct node *want = node_get(selector, key);
	const struct pattern *p;
	enum pattern_result hit;

	if (node_is_null(want) || want->kind != NODE_SCALAR ||
	    want->scalar.n == 0)
		return true;
	p = pattern_of(s, want);
	if (p == NULL)
		return false;
	hit = pattern_match(p, text);
	if (hit == PATTERN_TOO_MUCH)
		kustomize_error(s->diags, want->at,
				"cannot match this pattern: it needs too many "
				"states; simplify it");
	return hit == PATTERN_HIT;
}

static struct sv effective(struct sv namespace)
{
	return namespace.n > 0 ? namespace : SV("default");
}

/* By its current name, or by its first. */
static bool identity_match(struct kustomize_step *s,
			   const struct node *selector,
			   const struct resource *r)
{
	struct identity first = r->before.n > 0 ? r->before.v[0] : r->now;

	return (field_match(s, selector, SV("name"), r->now.name) ||
		field_match(s, selector, SV("name"), first.name)) &&
	       (field_match(s, selector, SV("namespace"),
			    effective(r->now.namespace)) ||
		field_match(s, selector, SV("namespace"),
			    effective(first.namespace)));
}

bool target_match(struct kustomize_step *s, const struct node *selector,
		  const struct resource *r)
{
	work_spend(s->k->ctx->mem, WORK_TARGETS, 1, selector->at);
	return !r->dropped && field_match(s, selector, SV("kind"), r->kind) &&
	       field_match(s, selector, SV("group"), r->group) &&
	       field_match(s, selector, SV("version"), r->version) &&
	       identity_match(s, selector, r) &&
	       labels_match(s, node_get(selector, SV("labelSelector")), r,
			    SV("labels")) &&
	       labels_match(s, node_get(selector, SV("annotationSelector")), r,
			    SV("annotations"));
}

static bool same_name(const struct resource *r, struct identity want)
{
	for (size_t i = 0; i <= r->before.n; i++) {
		struct identity id = i < r->before.n ? r->before.v[i] : r->now;

		if (sv_eq(id.name, want.name) && sv_eq(id.kind, want.kind) &&
		    sv_eq(effective(id.namespace), effective(want.namespace)))
			return true;
	}
	return false;
}

static int patch_failed(struct kustomize_step *s, struct loc at,
			const struct resource *r, const char *why)
{
	const struct node *blame = s->k->patch.blame;

	return kustomize_error(s->diags, blame != NULL ? blame->at : at,
			       "patch of " SV_FMT " " SV_FMT ": %s",
			       SV_ARG(r->kind), SV_ARG(r->now.name), why);
}

struct options_of_patch {
	bool name_change, kind_change;
};

/* kind, name and namespace stay, whatever the patch says of them. */
static struct node *keep_identity(struct arena *mem, const struct resource *r,
				  struct node *n, struct options_of_patch o)
{
	struct node *meta = patch_get(r->root, SV("metadata"));

	if (!o.kind_change)
		n = patch_with(mem, n, SV("kind"),
			       patch_get(r->root, SV("kind")));
	if (!o.name_change)
		n = patch_with_in(mem, n, SV("metadata"), SV("name"),
				  patch_get(meta, SV("name")));
	return patch_with_in(mem, n, SV("metadata"), SV("namespace"),
			     patch_get(meta, SV("namespace")));
}

void resource_changed_by(struct arena *mem, struct resource *r,
			 const char *step, struct loc at)
{
	struct origin *o = ARENA_NEW(mem, struct origin);

	*o = (struct origin){ .outer = r->origin,
			      .step = step,
			      .at = at,
			      .text = arena_fmt(mem, "of " SV_FMT " " SV_FMT,
						SV_ARG(r->kind),
						SV_ARG(r->now.name)),
			      .decides = true };
	r->origin = o;
}

static int apply_merge(struct kustomize_step *s, struct resource *r,
		       struct node *change, struct options_of_patch o)
{
	struct kustomize *k = s->k;
	struct node *out = NULL;
	const char *why;
	size_t before;

	k->patch.kind = r->kind;
	before = k->patch.work;
	why = patch_merge(&k->patch, r->root, change, &out);
	work_spend(k->ctx->mem, WORK_PATCHED, k->patch.work - before,
		   change->at);
	if (why != NULL)
		return patch_failed(s, change->at, r, why);
	if (out == NULL) {
		r->dropped = true;
		return 0;
	}
	resource_refresh(r, keep_identity(k->ctx->mem, r, out, o));
	resource_changed_by(k->ctx->mem, r, "patch", change->at);
	return 0;
}

/* A patch that names its object itself. */
static int merge_by_name(struct kustomize_step *s, struct node *change,
			 struct options_of_patch o)
{
	struct resource want = { 0 };

	if (change->kind != NODE_MAP)
		return kustomize_error(s->diags, change->at,
				       "invalid patch: expected a map");
	resource_refresh(&want, change);
	if (!kustomize_keeps(s->k, &want))
		return 0;
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];

		if (!r->dropped && sv_eq(r->api_version, want.api_version) &&
		    same_name(r, want.now))
			return apply_merge(s, r, change, o);
	}
	return kustomize_missing(s, change->at, "patch", want.kind,
				 want.now.name);
}

/* kustomize keeps marks of its own among the annotations, so that the map is
 * always there for a patch. */
static struct node *with_annotations(struct arena *mem,
				     const struct resource *r)
{
	struct node *have = patch_get(patch_get(r->root, SV("metadata")),
				      SV("annotations"));

	if (!node_is_null(have))
		return r->root;
	return patch_with_in(mem, r->root, SV("metadata"), SV("annotations"),
			     node_new_map(mem, r->root->at));
}

/* ... and writes them as strings, whatever a patch put there. */
static struct node *texts_only(struct arena *mem, struct node *root)
{
	struct node *map =
		patch_get(patch_get(root, SV("metadata")), SV("annotations"));
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;
	struct node *texts = NULL;

	for (size_t i = 0; i + 1 < n; i += 2) {
		const struct node *v = map->items.v[i + 1];
		struct sv text = v->kind == NODE_SCALAR ? v->scalar : SV("");

		if (v->kind != NODE_SCALAR || v->type != SCALAR_STRING)
			texts = patch_with(mem, texts != NULL ? texts : map,
					   map->items.v[i]->scalar,
					   patch_str(mem, v->at, text, v->was));
	}
	return texts == NULL ? root
			     : patch_with_in(mem, root, SV("metadata"),
					     SV("annotations"), texts);
}

static const char *identity_fault(const struct node *root)
{
	const struct node *meta = node_get(root, SV("metadata"));

	if (root == NULL || root->kind != NODE_MAP)
		return "the patch leaves no map";
	if (node_str(root, SV("kind")).n == 0 ||
	    node_str(meta, SV("name")).n == 0)
		return "the patch leaves an object without kind or name";
	return NULL;
}

static int apply_json(struct kustomize_step *s, struct resource *r,
		      const struct node *ops)
{
	struct arena *mem = s->k->ctx->mem;
	struct identity old = r->now;
	struct node *out = NULL;
	size_t before = s->k->patch.work;
	const char *why =
		patch_json(&s->k->patch, with_annotations(mem, r), ops, &out);

	work_spend(mem, WORK_PATCHED, s->k->patch.work - before, ops->at);
	if (why == NULL)
		why = identity_fault(out);
	if (why != NULL)
		return patch_failed(s, ops->at, r, why);
	resource_refresh(r, texts_only(mem, out));
	resource_changed_by(mem, r, "patch", ops->at);
	if (!sv_eq(old.name, r->now.name) || !sv_eq(old.kind, r->now.kind) ||
	    !sv_eq(old.namespace, r->now.namespace))
		*VEC_ADD(mem, &r->before) = old;
	return 0;
}

static bool is_json_patch(const struct documents *docs)
{
	return docs->list.n == 1 && docs->list.v[0]->kind == NODE_LIST;
}

static int apply_to_target(struct kustomize_step *s,
			   const struct documents *docs,
			   const struct node *target, struct options_of_patch o)
{
	int rc = 0;

	/* A file of comments changes nothing. */
	if (docs->list.n == 0)
		return 0;
	if (docs->list.n != 1)
		return kustomize_error(
			s->diags, target->at,
			"a patch with a target must be one document");
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *r = &s->set->list.v[i];
		struct node *change = docs->list.v[0];

		if (!target_match(s, target, r))
			continue;
		if (change->kind == NODE_LIST)
			rc |= apply_json(s, r, change);
		else if (change->kind == NODE_MAP)
			rc |= apply_merge(s, r, change, o);
		else
			return kustomize_error(s->diags, change->at,
					       "invalid patch: expected a map "
					       "or a list of operations");
	}
	return rc;
}

static int apply_documents(struct kustomize_step *s,
			   const struct documents *docs,
			   const struct node *target, struct loc at,
			   struct options_of_patch o)
{
	if (!node_is_null(target))
		return apply_to_target(s, docs, target, o);
	if (is_json_patch(docs))
		return kustomize_error(s->diags, at,
				       "a JSON patch needs a target");
	for (size_t i = 0; i < docs->list.n; i++)
		if (merge_by_name(s, docs->list.v[i], o) < 0)
			return -1;
	return 0;
}

/*
 * A patch written inside a text: its places are lines of that text.  A block
 * scalar begins in the line below its key, so that the sum is the line in the
 * file.
 */
int kustomize_parse_inline(struct kustomize_step *s, const struct node *text,
			   struct documents *out)
{
	const struct render_ctx *ctx = s->k->ctx;
	struct slice slice = { .text = text->scalar,
			       .line = text->at.line,
			       .reader = YAML_KUSTOMIZE };
	struct documents docs = { 0 };

	if (!sv_has(text->scalar, SV("\n")) && text->at.line > 0)
		slice.line--;
	if (manifest_parse_slice(ctx->mem, s->diags, text->at.file, slice,
				 &docs) < 0)
		return -1;
	for (size_t i = 0; i < docs.list.n; i++)
		if (!node_is_null(docs.list.v[i]))
			*VEC_ADD(ctx->mem, &out->list) = docs.list.v[i];
	return 0;
}

static struct options_of_patch options_of(const struct node *entry)
{
	const struct node *o = node_get(entry, SV("options"));

	return (struct options_of_patch){
		.name_change = node_true(o, SV("allowNameChange")),
		.kind_change = node_true(o, SV("allowKindChange")),
	};
}

static int apply_file(struct kustomize_step *s, const struct node *path,
		      const struct node *target, struct options_of_patch o)
{
	struct kustomize_file *f = kustomize_read(s, path, true);
	struct documents docs = { 0 };

	if (f == NULL || f->broken)
		return -1;
	for (size_t i = 0; i < f->docs.list.n; i++)
		if (!node_is_null(f->docs.list.v[i]))
			*VEC_ADD(s->k->ctx->mem, &docs.list) =
				f->docs.list.v[i];
	return apply_documents(s, &docs, target, path->at, o);
}

static int apply_patch(struct kustomize_step *s, const struct node *entry)
{
	const struct node *path = node_get(entry, SV("path"));
	const struct node *text = node_get(entry, SV("patch"));
	const struct node *target = node_get(entry, SV("target"));
	struct documents docs = { 0 };

	if (!node_is_null(path))
		return apply_file(s, path, target, options_of(entry));
	if (text == NULL || text->kind != NODE_SCALAR)
		return kustomize_error(
			s->diags, entry->at,
			"missing \"patch\" or \"path\" of a patch");
	if (kustomize_parse_inline(s, text, &docs) < 0)
		return -1;
	return apply_documents(s, &docs, target, text->at, options_of(entry));
}

static int want_list(struct kustomize_step *s, const struct node *n)
{
	if (n->kind == NODE_LIST)
		return 0;
	return kustomize_error(s->diags, n->at, "expected a list");
}

int kustomize_patches(struct kustomize_step *s, const struct node *list)
{
	if (want_list(s, list) < 0)
		return -1;
	for (size_t i = 0; i < list->items.n; i++)
		if (apply_patch(s, list->items.v[i]) < 0)
			return -1;
	return 0;
}

/* Entries are paths, or patches written in place (more than one line, or
 * "{"). */
int kustomize_patches_merge(struct kustomize_step *s, const struct node *list)
{
	struct options_of_patch none = { 0 };

	if (want_list(s, list) < 0)
		return -1;
	for (size_t i = 0; i < list->items.n; i++) {
		const struct node *entry = list->items.v[i];
		struct documents docs = { 0 };
		int rc;

		if (entry->kind == NODE_MAP) {
			*VEC_ADD(s->k->ctx->mem, &docs.list) = list->items.v[i];
			rc = apply_documents(s, &docs, NULL, entry->at, none);
		} else if (sv_has(entry->scalar, SV("\n")) ||
			   sv_has(entry->scalar, SV("{"))) {
			rc = kustomize_parse_inline(s, entry, &docs) < 0
				     ? -1
				     : apply_documents(s, &docs, NULL,
						       entry->at, none);
		} else {
			rc = apply_file(s, entry, NULL, none);
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}

int kustomize_patches_json(struct kustomize_step *s, const struct node *list)
{
	if (want_list(s, list) < 0)
		return -1;
	for (size_t i = 0; i < list->items.n; i++)
		if (apply_patch(s, list->items.v[i]) < 0)
			return -1;
	return 0;
}
