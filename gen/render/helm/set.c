/*
 * `--set` of helm: a path of keys and indexes, and a value.
 *
 * Source: Helm 3, pkg/strvals.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "render/helm/helm.h"

/* One step of a path: a key, or an index of a list. */
struct step {
	struct sv key;
	bool is_index;
	unsigned long long index;
};

/* "a\\.b[0].c": the next step, and the rest behind it; false at the end, and
 * where it is none. */
static bool step_cut(struct arena *mem, struct sv *rest, struct step *out)
{
	struct buf b = { .mem = mem };
	size_t i = 0;

	*out = (struct step){ 0 };
	if (rest->n == 0)
		return false;
	if (rest->p[0] == '[') {
		size_t close = sv_chr(*rest, ']');

		out->is_index = true;
		if (!sv_number(sv_head(sv_from(*rest, 1), close - 1), MAX_HOSTS,
			       &out->index))
			return false;
		i = close + 1;
	}
	for (; !out->is_index && i < rest->n; i++) {
		if (rest->p[i] == '.' || rest->p[i] == '[')
			break;
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		buf_char(&b, rest->p[i]);
	}
	out->key = buf_sv(&b);
	*rest = sv_from(*rest, i);
	if (sv_starts(*rest, SV(".")))
		*rest = sv_from(*rest, 1);
	return true;
}

static struct node *with(struct arena *mem, const struct node *n,
			 struct sv rest, struct node *value, unsigned depth);

static struct node *list_with(struct arena *mem, const struct node *n,
			      const struct step *step, struct node *inner)
{
	struct node *list = node_new_list(mem, inner->at);

	for (size_t i = 0; i <= step->index || i < node_len(n); i++) {
		struct node *null = node_new_str(mem, inner->at, SV(""));

		null->type = SCALAR_NULL;
		node_add(mem, list,
			 i == step->index  ? inner
			 : i < node_len(n) ? node_copy(mem, node_at(n, i))
					   : null);
	}
	return list;
}

static struct node *map_with(struct arena *mem, const struct node *n,
			     const struct step *step, struct node *inner)
{
	struct node *map = n != NULL && n->kind == NODE_MAP
				   ? node_copy(mem, n)
				   : node_new_map(mem, inner->at);

	node_set(mem, map, step->key, inner);
	return map;
}

static struct node *with(struct arena *mem, const struct node *n,
			 struct sv rest, struct node *value, unsigned depth)
{
	const struct node *old;
	struct step step;

	if (depth > MAX_YAML_DEPTH || !step_cut(mem, &rest, &step))
		return value;
	old = step.is_index ? step.index < node_len(n)
				      ? node_at(n, (size_t)step.index)
				      : NULL
			    : node_get(n, step.key);
	return step.is_index ? list_with(mem, n, &step,
					 with(mem, old, rest, value, depth + 1))
			     : map_with(mem, n, &step,
					with(mem, old, rest, value, depth + 1));
}

struct node *helm_set(struct arena *mem, const struct node *values,
		      struct sv key, struct node *value)
{
	return with(mem, values, key, value, 0);
}

/* --- values --- */

/* "12", "-3"; not "012". */
static bool is_number(struct sv s)
{
	struct sv digits =
		s.n > 1 && (s.p[0] == '-' || s.p[0] == '+') ? sv_from(s, 1) : s;

	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
	return digits.n > 0 && digits.n < 19 && (s.n == 1 || s.p[0] != '0');
}

static enum scalar_type type_of(struct sv s)
{
	if (sv_case_eq(s, SV("true")) || sv_case_eq(s, SV("false")))
		return SCALAR_BOOL;
	if (sv_case_eq(s, SV("null")))
		return SCALAR_NULL;
	return is_number(s) ? SCALAR_INT : SCALAR_STRING;
}

/* Up to the first of `ends`, and cut from `rest`; a backslash takes the next
 * character as it is. */
static struct sv cut_value(struct arena *mem, struct sv *rest, struct sv ends)
{
	struct buf b = { .mem = mem };
	size_t i = 0;

	for (; i < rest->n && sv_chr(ends, rest->p[i]) == ends.n; i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		buf_char(&b, rest->p[i]);
	}
	*rest = sv_from(*rest, i);
	return buf_sv(&b);
}

static struct node *scalar_of(struct arena *mem, struct loc at, struct sv text,
			      bool strings)
{
	struct node *n = node_new_str(mem, at, text);

	n->type = strings ? SCALAR_STRING : type_of(text);
	return n;
}

struct node *helm_set_value(struct arena *mem, struct loc at, struct sv text,
			    bool strings)
{
	struct node *list = node_new_list(mem, at);
	struct sv rest = sv_from(text, 1);

	if (!sv_starts(text, SV("{")) || !sv_ends(text, SV("}"))) {
		rest = text;
		return scalar_of(mem, at, cut_value(mem, &rest, SV("")),
				 strings);
	}
	while (rest.n > 0 && rest.p[0] != '}') {
		node_add(mem, list,
			 scalar_of(mem, at, cut_value(mem, &rest, SV(",}")),
				   strings));
		if (sv_starts(rest, SV(",")))
			rest = sv_from(rest, 1);
	}
	return list;
}
