#include "render/labels.h"

static const struct {
	const char *name;
	enum selector_op op;
	bool has_values;
} operators[] = {
	{ "DoesNotExist", SELECTOR_ABSENT, false },
	{ "Exists", SELECTOR_EXISTS, false },
	{ "In", SELECTOR_IN, true },
	{ "NotIn", SELECTOR_NOT_IN, true },
};

static const char *add(struct arena *mem, const struct node *expression,
		       struct selector *s)
{
	struct sv key = node_str(expression, SV("key"));
	struct sv op = node_str(expression, SV("operator"));
	const struct node *values = node_get(expression, SV("values"));

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		struct requirement *r;

		if (!sv_eq(op, sv_of(operators[i].name)))
			continue;
		if (operators[i].has_values != (node_len(values) > 0))
			return operators[i].has_values
				       ? "In and NotIn must have values"
				       : "Exists and DoesNotExist must have no "
					 "values";
		r = VEC_ADD(mem, &s->list);
		*r = (struct requirement){ .key = key, .op = operators[i].op };
		for (size_t k = 0; k < node_len(values); k++)
			*VEC_ADD(mem, &r->values.list) =
				node_at(values, k)->scalar;
		return label_key_fault(key);
	}
	return "expected the operator In, NotIn, Exists or DoesNotExist";
}

const char *labels_selector(struct arena *mem, const struct node *n,
			    struct selector *out)
{
	const struct node *labels = node_get(n, SV("matchLabels"));
	const struct node *all = node_get(n, SV("matchExpressions"));
	const char *fault = NULL;

	for (size_t i = 0; fault == NULL && labels != NULL &&
			   labels->kind == NODE_MAP && i + 1 < labels->items.n;
	     i += 2) {
		struct requirement *r = VEC_ADD(mem, &out->list);

		*r = (struct requirement){ .key = labels->items.v[i]->scalar,
					   .op = SELECTOR_IN };
		*VEC_ADD(mem, &r->values.list) = labels->items.v[i + 1]->scalar;
		fault = label_key_fault(r->key);
	}
	for (size_t i = 0; fault == NULL && i < node_len(all); i++)
		fault = add(mem, node_at(all, i), out);
	return fault;
}
