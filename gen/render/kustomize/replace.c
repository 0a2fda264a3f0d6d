/*
 * replacements: a field of one object copied into fields of others.
 */
#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "render/kustomize/build.h"

/* Steps of "spec.rules.[host=x].http": names, [key=value], "*", numbers. */
struct steps {
	VEC(struct sv) list;
};

static void split_path(struct arena *mem, struct sv path, struct steps *out)
{
	struct buf part = { .mem = mem };
	unsigned brackets = 0;

	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];

		if (c == '\\' && i + 1 < path.n && path.p[i + 1] == '.') {
			buf_char(&part, '.');
			i++;
			continue;
		}
		brackets += c == '[';
		if (c == '.' && brackets == 0) {
			*VEC_ADD(mem, &out->list) = buf_sv(&part);
			part = (struct buf){ .mem = mem };
			continue;
		}
		if (c == ']' && brackets > 0)
			brackets--;
		buf_char(&part, c);
	}
	*VEC_ADD(mem, &out->list) = buf_sv(&part);
}

/* How a part of a text is meant: options.delimiter and options.index. */
struct part {
	struct sv delimiter;
	long long index;
	bool create;
};

static struct part part_of(const struct node *options)
{
	struct part p = { .delimiter = node_str(options, SV("delimiter")) };
	struct sv index = node_str(options, SV("index"));
	bool negative = sv_starts(index, SV("-"));
	unsigned long long n;

	p.create = node_true(options, SV("create"));
	if (sv_number(sv_from(index, negative ? 1 : 0), MAX_YAML_NODES, &n))
		p.index = negative ? -(long long)n : (long long)n;
	return p;
}

static bool next_field(struct sv *rest, struct sv delimiter, struct sv *field)
{
	size_t hit;

	if (rest->p == NULL)
		return false;
	hit = sv_find(*rest, delimiter);
	*field = sv_head(*rest, hit);
	*rest = hit == rest->n ? (struct sv){ NULL, 0 }
			       : sv_from(*rest, hit + delimiter.n);
	return true;
}

/* The part that a source gives; false: there is none. */
static bool cut_part(struct sv text, const struct part *p, struct sv *out)
{
	struct sv field;

	*out = text;
	if (p->delimiter.n == 0)
		return true;
	for (long long i = 0; next_field(&text, p->delimiter, &field); i++) {
		*out = field;
		if (i == p->index)
			return true;
	}
	return false;
}

/* `have` with one of its parts replaced; before the first and behind the last
 * one is put in front or at the end. */
static struct sv join_part(struct arena *mem, struct sv have,
			   const struct part *p, struct sv value)
{
	struct buf b = { .mem = mem };
	struct sv field;
	long long i = 0;

	if (p->delimiter.n == 0)
		return value;
	if (p->index < 0) {
		buf_add(&b, value);
		buf_add(&b, p->delimiter);
		buf_add(&b, have);
		return buf_sv(&b);
	}
	for (; next_field(&have, p->delimiter, &field); i++) {
		if (i > 0)
			buf_add(&b, p->delimiter);
		buf_add(&b, i == p->index ? value : field);
	}
	if (p->index >= i) {
		buf_add(&b, p->delimiter);
		buf_add(&b, value);
	}
	return buf_sv(&b);
}

struct replacement {
	struct kustomize_step *step;
	struct node *value;
	struct part part;
	struct loc at;
	size_t hits;
};

static struct node *changed_leaf(struct replacement *r, struct node *have)
{
	struct arena *mem = r->step->k->ctx->mem;
	struct node *n;

	r->step->k->patch.work += r->value->weight;
	if (r->value->kind != NODE_SCALAR)
		return r->value;
	n = patch_str(mem, r->value->at,
		      join_part(mem,
				have != NULL && have->kind == NODE_SCALAR
					? have->scalar
					: SV(""),
				&r->part, r->value->scalar),
		      have != NULL && have->kind == NODE_SCALAR ? have : NULL);
	n->type = r->value->type;
	n->quoted = r->value->quoted;
	return n;
}

static struct node *write_at(struct replacement *r, struct node *n,
			     const struct steps *steps, size_t i);

/* True if an item of a list is meant by the step. */
static bool item_meant(const struct node *item, size_t i, struct sv step)
{
	struct sv inner, key;
	unsigned long long want;
	size_t eq;

	if (sv_eq(step, SV("*")))
		return true;
	if (sv_number(step, MAX_YAML_NODES, &want))
		return want == i;
	if (!sv_starts(step, SV("[")) || !sv_ends(step, SV("]")))
		return false;
	inner = sv_head(sv_from(step, 1), step.n - 2);
	eq = sv_chr(inner, '=');
	key = sv_head(inner, eq);
	if (key.n == 0)
		return item->kind == NODE_SCALAR &&
		       sv_eq(item->scalar, sv_from(inner, eq + 1));
	return eq < inner.n &&
	       sv_eq(node_str(item, key), sv_from(inner, eq + 1));
}

static struct node *write_list(struct replacement *r, struct node *list,
			       const struct steps *steps, size_t i)
{
	struct arena *mem = r->step->k->ctx->mem;
	struct node *copy = node_new_list(mem, list->at);

	r->step->k->patch.work += list->items.n;
	for (size_t k = 0; k < list->items.n; k++) {
		struct node *item = list->items.v[k];

		if (item_meant(item, k, steps->list.v[i]))
			item = write_at(r, item, steps, i + 1);
		node_add(mem, copy, item);
	}
	return copy;
}

/* "[config/x]" names a key with dots. */
static struct sv key_of(struct sv step)
{
	if (sv_starts(step, SV("[")) && sv_ends(step, SV("]")) &&
	    sv_chr(step, '=') == step.n)
		return sv_head(sv_from(step, 1), step.n - 2);
	return step;
}

static struct node *write_every(struct replacement *r, struct node *map,
				const struct steps *steps, size_t i)
{
	struct arena *mem = r->step->k->ctx->mem;
	struct node *out = map;

	for (size_t k = 0; k + 1 < map->items.n; k += 2)
		out = patch_with(
			mem, out, map->items.v[k]->scalar,
			write_at(r, map->items.v[k + 1], steps, i + 1));
	return out;
}

static struct node *write_map(struct replacement *r, struct node *map,
			      const struct steps *steps, size_t i)
{
	struct arena *mem = r->step->k->ctx->mem;
	struct sv key = key_of(steps->list.v[i]);
	struct node *below = patch_get(map, key);

	r->step->k->patch.work += map->items.n;
	if (sv_eq(key, SV("*")))
		return write_every(r, map, steps, i);
	if (below == NULL && !r->part.create)
		return map;
	if (below == NULL && i + 1 < steps->list.n)
		below = node_new_map(mem, r->at);
	return patch_with(mem, map, key, write_at(r, below, steps, i + 1));
}

/* Below `n`, which is NULL where the last step is created. */
static struct node *write_at(struct replacement *r, struct node *n,
			     const struct steps *steps, size_t i)
{
	if (i == steps->list.n) {
		r->hits++;
		return changed_leaf(r, n);
	}
	if (n == NULL || i > MAX_YAML_DEPTH ||
	    r->step->k->patch.work > MAX_PATCH_WORK)
		return n;
	if (n->kind == NODE_MAP)
		return write_map(r, n, steps, i);
	if (n->kind == NODE_LIST)
		return write_list(r, n, steps, i);
	return n;
}

static struct node *read_at(struct arena *mem, struct node *n, struct sv path)
{
	struct steps steps = { 0 };

	split_path(mem, path, &steps);
	for (size_t i = 0; n != NULL && i < steps.list.n; i++) {
		struct node *hit = NULL;

		if (n->kind == NODE_MAP)
			hit = patch_get(n, key_of(steps.list.v[i]));
		for (size_t k = 0; n->kind == NODE_LIST && k < n->items.n; k++)
			if (hit == NULL &&
			    item_meant(n->items.v[k], k, steps.list.v[i]))
				hit = n->items.v[k];
		n = hit;
	}
	return n;
}

static bool exact(const struct node *selector, struct sv key, struct sv text)
{
	struct sv want = node_str(selector, key);

	return want.n == 0 || sv_eq(want, text);
}

static bool is_source(const struct node *source, const struct resource *r)
{
	bool hit = false;

	if (r->dropped || !exact(source, SV("kind"), r->kind) ||
	    !exact(source, SV("group"), r->group) ||
	    !exact(source, SV("version"), r->version))
		return false;
	for (size_t i = 0; i <= r->before.n; i++) {
		struct identity id = i < r->before.n ? r->before.v[i] : r->now;

		hit = hit || (exact(source, SV("name"), id.name) &&
			      exact(source, SV("namespace"), id.namespace));
	}
	return hit;
}

static struct resource *find_source(struct kustomize_step *s,
				    const struct node *source)
{
	for (size_t i = 0; i < s->set->list.n; i++)
		if (is_source(source, &s->set->list.v[i]))
			return &s->set->list.v[i];
	return NULL;
}

static bool is_rejected(struct kustomize_step *s, const struct node *target,
			const struct resource *r)
{
	const struct node *list = node_get(target, SV("reject"));

	for (size_t i = 0; i < node_len(list); i++)
		if (target_match(s, node_at(list, i), r))
			return true;
	return false;
}

static int write_path(struct replacement *r, struct resource *to,
		      struct sv path)
{
	struct arena *mem = r->step->k->ctx->mem;
	struct steps steps = { 0 };
	struct identity old = to->now;

	split_path(mem, path, &steps);
	r->hits = 0;
	resource_refresh(to, write_at(r, to->root, &steps, 0));
	if (!sv_eq(old.name, to->now.name) ||
	    !sv_eq(old.namespace, to->now.namespace))
		*VEC_ADD(mem, &to->before) = old;
	if (r->hits > 0)
		return 0;
	return kustomize_error(r->step->diags, r->at,
			       "replacement: " SV_FMT " " SV_FMT
			       " has no field " SV_FMT,
			       SV_ARG(to->kind), SV_ARG(to->now.name),
			       SV_ARG(sv_head(path, 200)));
}

/* Both who says that a value is replaced, and who gives the value. */
static void note_replacement(struct replacement *r, struct resource *to,
			     struct loc at)
{
	struct arena *mem = r->step->k->ctx->mem;

	resource_changed_by(mem, to, "replacement", at);
	if (r->value->at.line > 0 && !sv_eq(r->value->at.file, at.file))
		resource_changed_by(mem, to, "replacement", r->value->at);
}

static int write_target(struct replacement *r, const struct node *target)
{
	const struct node *paths = node_get(target, SV("fieldPaths"));
	const struct node *select = node_get(target, SV("select"));
	struct kustomize_step *s = r->step;

	r->part = part_of(node_get(target, SV("options")));
	r->at = target->at;
	if (node_is_null(select))
		return kustomize_error(
			s->diags, target->at,
			"missing \"select\" in a replacement's target");
	for (size_t i = 0; i < s->set->list.n; i++) {
		struct resource *to = &s->set->list.v[i];

		if (!target_match(s, select, to) || is_rejected(s, target, to))
			continue;
		for (size_t k = 0; k < node_len(paths); k++) {
			const struct node *p = node_at(paths, k);

			if (p->kind != NODE_SCALAR)
				continue;
			if (write_path(r, to, p->scalar) < 0)
				return -1;
			note_replacement(r, to, p->at);
		}
	}
	return 0;
}

static int source_value(struct replacement *r, const struct node *entry)
{
	const struct node *source = node_get(entry, SV("source"));
	struct kustomize_step *s = r->step;
	struct arena *mem = s->k->ctx->mem;
	struct sv path = node_str(source, SV("fieldPath")), text;
	struct part part = part_of(node_get(source, SV("options")));
	struct resource *from;

	r->value = patch_get(entry, SV("sourceValue"));
	if (r->value != NULL)
		return 0;
	from = node_is_null(source) ? NULL : find_source(s, source);
	if (from == NULL)
		return kustomize_error(s->diags, entry->at,
				       "the source of this replacement is not "
				       "an object of this kustomization");
	r->value = read_at(mem, from->root,
			   path.n > 0 ? path : SV("metadata.name"));
	if (r->value == NULL)
		return kustomize_error(s->diags, source->at,
				       "replacement: " SV_FMT " " SV_FMT
				       " has no field " SV_FMT,
				       SV_ARG(from->kind),
				       SV_ARG(from->now.name),
				       SV_ARG(sv_head(path, 200)));
	if (r->value->kind != NODE_SCALAR || part.delimiter.n == 0)
		return 0;
	if (!cut_part(r->value->scalar, &part, &text))
		return kustomize_error(s->diags, source->at,
				       "replacement: the source has no part "
				       "of this index");
	r->value = patch_str(mem, r->value->at, text, r->value);
	return 0;
}

static int replace_one(struct kustomize_step *s, const struct node *entry)
{
	struct replacement r = { .step = s };
	const struct node *targets = node_get(entry, SV("targets"));

	size_t before = s->k->patch.work;

	if (source_value(&r, entry) < 0)
		return -1;
	for (size_t i = 0; i < node_len(targets); i++)
		if (write_target(&r, node_at(targets, i)) < 0)
			return -1;
	if (s->k->patch.work > MAX_PATCH_WORK)
		return kustomize_error(s->diags, entry->at,
				       "the replacement takes too much work");
	work_spend(s->k->ctx->mem, WORK_PATCHED, s->k->patch.work - before,
		   entry->at);
	return 0;
}

/* An entry may name a file that holds one replacement or a list of them. */
static int replace_file(struct kustomize_step *s, const struct node *path)
{
	struct kustomize_file *f = kustomize_read(s, path, true);

	if (f == NULL || f->broken)
		return -1;
	for (size_t i = 0; i < f->docs.list.n; i++) {
		const struct node *n = f->docs.list.v[i];

		if (n->kind == NODE_MAP && replace_one(s, n) < 0)
			return -1;
		for (size_t k = 0; k < node_len(n); k++)
			if (replace_one(s, node_at(n, k)) < 0)
				return -1;
	}
	return 0;
}

int kustomize_replacements(struct kustomize_step *s, const struct node *list)
{
	/* A source may be of any kind: the caller builds once more with all. */
	if (!s->k->all) {
		s->k->wants_all = true;
		return 0;
	}
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *entry = node_at(list, i);
		const struct node *path = node_get(entry, SV("path"));
		int rc = node_is_null(path) ? replace_one(s, entry)
					    : replace_file(s, path);

		if (rc < 0)
			return -1;
	}
	return 0;
}
