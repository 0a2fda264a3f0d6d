/* Generator list: elements, and a text of YAML with more of them. */
#include "render/argocd/generate.h"

/* Without goTemplate each value is a text, those below `values` too. */
static int add_texts(struct generation *g, struct node *to, struct sv prefix,
		     const struct node *element)
{
	struct arena *mem = g->a->ctx->mem;

	for (size_t i = 0; i + 1 < element->items.n; i += 2) {
		struct sv key = element->items.v[i]->scalar;
		const struct node *value = element->items.v[i + 1];

		if (prefix.n == 0 && sv_eq(key, SV("values")) &&
		    value->kind == NODE_MAP) {
			if (add_texts(g, to, SV("values."), value) < 0)
				return -1;
			continue;
		}
		if (value->kind != NODE_SCALAR || value->type != SCALAR_STRING)
			return generate_fault(g, value->at,
					      "the value of \"" SV_FMT
					      "\" is not a string; quote it, "
					      "or set goTemplate",
					      SV_ARG(key));
		params_set_text(mem, to,
				arena_fmt(mem, SV_FMT SV_FMT, SV_ARG(prefix),
					  SV_ARG(key)),
				value->scalar, value->at);
	}
	return 0;
}

static int add_element(struct generation *g, const struct node *element)
{
	struct arena *mem = g->a->ctx->mem;
	struct node *map;

	if (node_is_null(element))
		return generate_add(g, node_new_map(mem, element->at),
				    element->at, NULL);
	if (element->kind != NODE_MAP)
		return generate_fault(g, element->at,
				      "an element must be a map");
	if (g->rules->go)
		return generate_add(g, node_copy(mem, element), element->at,
				    NULL);
	map = node_new_map(mem, element->at);
	if (add_texts(g, map, SV(""), element) < 0)
		return -1;
	return generate_add(g, map, element->at, NULL);
}

/* These keep their types even without goTemplate. */
static int add_yaml(struct generation *g, const struct node *text)
{
	struct arena *mem = g->a->ctx->mem;
	struct diags ignored = { .mem = mem };
	struct documents docs = { 0 };
	const struct node *list;

	if (manifest_parse(mem, &ignored, text->at.file, text->scalar, &docs) <
	    0)
		return generate_fault(g, text->at,
				      "elementsYaml: invalid YAML");
	list = docs.list.n > 0 ? docs.list.v[0] : NULL;
	if (list == NULL || node_is_null(list))
		return 0;
	if (list->kind != NODE_LIST)
		return generate_fault(g, text->at,
				      "elementsYaml: expected a list of maps");
	for (size_t i = 0; i < list->items.n; i++) {
		const struct node *element = list->items.v[i];
		struct node *map = element->kind == NODE_MAP
					   ? node_copy(mem, element)
					   : node_new_map(mem, text->at);

		if (element->kind != NODE_MAP && !node_is_null(element))
			return generate_fault(
				g, text->at,
				"elementsYaml: expected a list of maps");
		if (generate_add(g, map, text->at, NULL) < 0)
			return -1;
	}
	return 0;
}

int generate_list(struct generation *g)
{
	const struct node *elements = node_get(g->generator, SV("elements"));
	const struct node *text = node_get(g->generator, SV("elementsYaml"));

	for (size_t i = 0; i < node_len(elements); i++)
		if (add_element(g, node_at(elements, i)) < 0)
			return -1;
	if (text == NULL || text->kind != NODE_SCALAR || text->scalar.n == 0 ||
	    node_is_null(text))
		return 0;
	return add_yaml(g, text);
}
