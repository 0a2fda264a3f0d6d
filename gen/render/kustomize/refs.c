/*
 * References between objects: fields that hold another object's name follow
 * it when a prefix or a suffix changes it.
 *
 * Source: kustomize's nameReference of transformer configurations.  Of the
 *         references that are built in, none is in what records come from.
 */
#include "base/limits.h"
#include "render/kustomize/build.h"

/* Fields that these keys would have kustomize change are not known here. */
static const char *const field_keys[] = { "commonAnnotations", "namePrefix",
					  "nameSuffix", "namespace" };

void kustomize_configure(struct kustomize_step *s, const struct node *n)
{
	const struct node *list = node_get(n, SV("nameReference"));
	size_t count = sizeof(field_keys) / sizeof(field_keys[0]);

	for (size_t i = 0; i < count; i++) {
		const struct node *value = node_get(n, sv_of(field_keys[i]));

		if (!node_is_null(value))
			kustomize_error(
				s->diags, value->at,
				"further fields for %s are not supported: "
				"render \"" SV_FMT "\" with the real kustomize",
				field_keys[i], SV_ARG(s->folder));
	}
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *to = node_at(list, i);
		const struct node *fields = node_get(to, SV("fieldSpecs"));

		for (size_t k = 0; k < node_len(fields); k++)
			*VEC_ADD(s->k->ctx->mem, &s->k->references) =
				(struct name_reference){ to,
							 node_at(fields, k) };
	}
}

bool kustomize_is_kind(const struct resource *r, const struct node *want)
{
	struct sv kind = node_str(want, SV("kind"));
	struct sv group = node_str(want, SV("group"));
	struct sv version = node_str(want, SV("version"));

	return !r->dropped && (kind.n == 0 || sv_eq(kind, r->kind)) &&
	       (group.n == 0 || sv_eq(group, r->group)) &&
	       (version.n == 0 || sv_eq(version, r->version));
}

static struct identity first_of(const struct resource *r)
{
	return r->before.n > 0 ? r->before.v[0] : r->now;
}

static struct sv effective(struct sv namespace)
{
	return namespace.n > 0 ? namespace : SV("default");
}

static bool was_called(const struct resource *r, struct sv name)
{
	for (size_t i = 0; i < r->before.n; i++)
		if (sv_eq(r->before.v[i].name, name))
			return true;
	return false;
}

/* In one namespace, at the end or at the start: kustomize moves both. */
static bool same_space(const struct resource *a, const struct resource *b)
{
	return sv_eq(effective(a->now.namespace),
		     effective(b->now.namespace)) ||
	       sv_eq(effective(first_of(a).namespace),
		     effective(first_of(b).namespace));
}

/* What was put before and behind the first name. */
static bool same_affixes(const struct resource *a, const struct resource *b)
{
	struct sv x = first_of(a).name, y = first_of(b).name;
	size_t at_x = sv_find(a->now.name, x), at_y = sv_find(b->now.name, y);

	return at_x < a->now.name.n && at_y < b->now.name.n &&
	       sv_eq(sv_head(a->now.name, at_x), sv_head(b->now.name, at_y)) &&
	       sv_eq(sv_from(a->now.name, at_x + x.n),
		     sv_from(b->now.name, at_y + y.n));
}

/* The object of that former name; NULL where there is none, or no one. */
static const struct resource *target_of(const struct kustomize_step *s,
					const struct name_reference *ref,
					const struct resource *from,
					struct sv name)
{
	const struct resource *any = NULL, *alike = NULL;
	size_t n_any = 0, n_alike = 0;

	for (size_t i = 0; i < s->set->list.n; i++) {
		const struct resource *r = &s->set->list.v[i];

		if (!kustomize_is_kind(r, ref->to) || !was_called(r, name) ||
		    !same_space(r, from))
			continue;
		any = r;
		n_any++;
		if (!same_affixes(r, from))
			continue;
		alike = r;
		n_alike++;
	}
	if (n_any == 1)
		return any;
	return n_alike == 1 ? alike : NULL;
}

/* One field of one object. */
struct field {
	const struct kustomize_step *step;
	const struct name_reference *ref;
	const struct resource *from;
};

static struct node *follow(const struct field *f, struct node *n,
			   struct sv path, unsigned depth);

static struct node *follow_items(const struct field *f, struct node *list,
				 struct sv path, unsigned depth)
{
	struct arena *mem = f->step->k->ctx->mem;
	struct node *copy = ARENA_NEW(mem, struct node);

	*copy = *list;
	VEC_OWN(mem, &copy->items);
	for (size_t i = 0; i < list->items.n; i++)
		copy->items.v[i] = follow(f, list->items.v[i], path, depth + 1);
	return copy;
}

static struct node *renamed(const struct field *f, struct node *n)
{
	const struct resource *to;

	if (n->kind != NODE_SCALAR)
		return n;
	to = target_of(f->step, f->ref, f->from, n->scalar);
	return to == NULL ? n
			  : patch_str(f->step->k->ctx->mem, n->at, to->now.name,
				      n);
}

/* `n` with what stands at `path` below it following its object; lists on the
 * way are gone through. */
static struct node *follow(const struct field *f, struct node *n,
			   struct sv path, unsigned depth)
{
	struct sv part;
	struct node *below;

	if (n == NULL || depth > MAX_YAML_DEPTH)
		return n;
	if (n->kind == NODE_LIST)
		return follow_items(f, n, path, depth);
	if (path.p == NULL)
		return renamed(f, n);
	(void)sv_cut(&path, '/', &part);
	if (sv_ends(part, SV("[]")))
		part = sv_head(part, part.n - 2);
	below = patch_get(n, part);
	if (below == NULL)
		return n;
	return patch_with(f->step->k->ctx->mem, n, part,
			  follow(f, below, path, depth + 1));
}

void kustomize_fix_references(struct kustomize_step *s)
{
	for (size_t i = 0; i < s->k->references.n; i++) {
		const struct name_reference *ref = &s->k->references.v[i];

		for (size_t k = 0; k < s->set->list.n; k++) {
			struct resource *r = &s->set->list.v[k];
			const struct field f = { s, ref, r };

			if (kustomize_is_kind(r, ref->field))
				resource_refresh(r, follow(&f, r->root,
							   node_str(ref->field,
								    SV("path")),
							   0));
		}
	}
}
