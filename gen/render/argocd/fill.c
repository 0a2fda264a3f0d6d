/* Parameters into a template: {{name}}, or the simple part of Go's. */
#include "base/buf.h"
#include "base/limits.h"
#include "render/argocd/walk.h"

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

/* `index .path.segments 1` */
static const struct node *indexed(const struct node *params, struct sv expr)
{
	struct sv rest = sv_trim(sv_from(expr, 5)), list;
	unsigned long long i;

	if (!sv_cut(&rest, ' ', &list) || rest.p == NULL)
		return NULL;
	rest = sv_trim(rest);
	if (sv_number(rest, MAX_ARGOCD_PARAMS, &i))
		return node_at(lookup(params, sv_from(list, 1)), (size_t)i);
	if (rest.n > 2 && rest.p[0] == '"')
		return node_get(lookup(params, sv_from(list, 1)),
				sv_head(sv_from(rest, 1), rest.n - 2));
	return NULL;
}

static bool operand(const struct node *params, struct sv expr, bool go,
		    struct sv *out)
{
	const struct node *n;

	if (!go)
		n = lookup(params, expr);
	else if (sv_starts(expr, SV("index ")))
		n = indexed(params, expr);
	else if (sv_starts(expr, SV(".")))
		n = lookup(params, sv_from(expr, 1));
	else
		return false;
	if (n == NULL || n->kind != NODE_SCALAR)
		return false;
	*out = n->scalar;
	return true;
}

static bool apply(struct arena *mem, struct sv f, bool known, struct sv *value)
{
	if (sv_starts(f, SV("default ")) && f.n > 10) {
		if (!known || value->n == 0)
			*value = sv_head(sv_from(f, 9), f.n - 10);
		return true;
	}
	if (!known)
		return false;
	if (sv_eq(f, SV("lower")))
		*value = arena_lower(mem, *value);
	else if (!sv_eq(f, SV("quote")) && !sv_eq(f, SV("toString")))
		return false;
	return true;
}

static bool evaluate(struct arena *mem, const struct node *params,
		     struct sv expr, bool go, struct sv *out)
{
	struct sv rest = expr, part;
	bool known;

	*out = SV("");
	if (!go)
		return operand(params, expr, false, out);
	if (!sv_cut(&rest, '|', &part))
		return false;
	known = operand(params, sv_trim(part), true, out);
	while (sv_cut(&rest, '|', &part)) {
		if (!apply(mem, sv_trim(part), known, out))
			return false;
		known = true;
	}
	return known;
}

static bool fill_text(struct arena *mem, const struct node *params,
		      struct sv text, bool go, struct sv *out)
{
	struct buf b = { .mem = mem };

	while (text.n > 0) {
		size_t open = sv_find(text, SV("{{")), close;
		struct sv value;

		buf_add(&b, sv_head(text, open));
		if (open == text.n)
			break;
		text = sv_from(text, open + 2);
		close = sv_find(text, SV("}}"));
		if (close == text.n ||
		    !evaluate(mem, params, sv_trim(sv_head(text, close)), go,
			      &value) ||
		    b.n + value.n > MAX_TEMPLATE_BYTES)
			return false;
		buf_add(&b, value);
		text = sv_from(text, close + 2);
	}
	*out = buf_sv(&b);
	return true;
}

static bool fill_node(struct arena *mem, struct node *n,
		      const struct node *params, bool go, unsigned depth)
{
	struct sv text;

	if (depth > MAX_YAML_DEPTH)
		return false;
	if (n->kind == NODE_SCALAR && sv_has(n->scalar, SV("{{"))) {
		if (!fill_text(mem, params, n->scalar, go, &text))
			return false;
		n->scalar = text;
	}
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->items.n; i++)
		if (!fill_node(mem, n->items.v[i], params, go, depth + 1))
			return false;
	return true;
}

struct node *argocd_fill(struct argocd *a, const struct node *template,
			 const struct node *params, bool go_template)
{
	struct arena *mem = a->ctx->mem;
	struct node *copy = node_copy(mem, template);

	return fill_node(mem, copy, params, go_template, 0) ? copy : NULL;
}
