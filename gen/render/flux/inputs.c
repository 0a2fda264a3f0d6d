#include "render/flux/inputs.h"

#include "base/buf.h"
#include "base/limits.h"
#include "render/known.h"
#include "render/labels.h"

/* The set itself, or an object that its inputsFrom names. */
struct provider {
	const struct object *object;
	VEC(struct node *) inputs;
};

struct combination {
	const struct render_ctx *ctx;
	struct diags *diags;
	const struct object *set;
	const struct node *spec;
	VEC(struct provider) providers; /* the set first, others by name */
};

static struct node *text(struct arena *mem, struct loc at, struct sv s)
{
	return node_new_str(mem, at, s);
}

/* Each input says where it comes from. */
static void add_input(struct combination *c, struct provider *p,
		      const struct node *values, struct loc at)
{
	struct arena *mem = c->ctx->mem;
	const struct object *o = p->object;
	struct node *input = values != NULL && values->kind == NODE_MAP
				     ? node_copy(mem, values)
				     : node_new_map(mem, at);
	struct node *from = node_new_map(mem, at);

	node_set(mem, from, SV("apiVersion"), text(mem, at, o->api_version));
	node_set(mem, from, SV("kind"), text(mem, at, o->kind));
	node_set(mem, from, SV("name"), text(mem, at, o->name));
	node_set(mem, from, SV("namespace"), text(mem, at, o->namespace));
	node_set(mem, input, SV("provider"), from);
	*VEC_ADD(mem, &p->inputs) = input;
}

static bool add_provider(struct combination *c, const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	struct provider *p;

	for (size_t i = 0; i < c->providers.n; i++)
		if (c->providers.v[i].object == o)
			return true;
	if (!sv_eq(node_str(spec, SV("type")), SV("Static")))
		return false;
	p = VEC_ADD(c->ctx->mem, &c->providers);
	*p = (struct provider){ .object = o };
	add_input(c, p, node_get(spec, SV("defaultValues")), o->at);
	return true;
}

/* --- a LabelSelector --- */

static bool label_of(const void *object, struct sv key, struct sv *value)
{
	const struct node *n = object_label(object, key);

	if (n != NULL)
		*value = n->scalar;
	return n != NULL;
}

static bool labels_match(struct arena *mem, const struct node *selector,
			 const struct object *o)
{
	struct selector s = { 0 };

	return labels_selector(mem, selector, &s) == NULL &&
	       selector_match(&s, label_of, o);
}

static bool is_meant(const struct combination *c, const struct node *ref,
		     const struct object *o)
{
	const struct node *selector = node_get(ref, SV("selector"));

	if (!sv_eq(o->kind, SV("ResourceSetInputProvider")) ||
	    !sv_eq(o->namespace, c->set->namespace))
		return false;
	if (selector != NULL)
		return labels_match(c->ctx->mem, selector, o);
	return sv_eq(o->name, node_str(ref, SV("name")));
}

/* False where git does not tell them all. */
static bool add_reference(struct combination *c, const struct objects *maps,
			  const struct node *ref)
{
	bool any = node_get(ref, SV("selector")) != NULL, known = true;

	for (size_t i = 0; i < maps->list.n; i++) {
		const struct object *o = maps->list.v[i];

		if (!is_meant(c, ref, o))
			continue;
		any = true;
		if (!add_provider(c, o))
			known = false;
	}
	return (any && known) ||
	       known_skips(c->ctx, c->diags,
			   known_object(c->ctx->mem, c->set->kind,
					c->set->namespace, c->set->name),
			   ref->at, SV("ResourceSet.spec.inputsFrom"));
}

static int by_name(const void *a, const void *b)
{
	const struct provider *x = a, *y = b;

	return sv_cmp(x->object->name, y->object->name);
}

/* --- Flatten --- */

static void flatten(struct combination *c, struct inputs *out)
{
	for (size_t i = 0; i < c->providers.n; i++)
		for (size_t k = 0; k < c->providers.v[i].inputs.n; k++)
			*VEC_ADD(c->ctx->mem, &out->list) =
				c->providers.v[i].inputs.v[k];
}

/* --- Permute --- */

/* "My-Provider" as a template calls it: "my_provider". */
static struct sv key_of(struct arena *mem, struct sv name)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < name.n; i++) {
		char ch = sv_lower_char(name.p[i]);

		if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9'))
			buf_char(&b, ch);
		else if (b.n > 0 && b.p[b.n - 1] != '_')
			buf_char(&b, '_');
	}
	while (b.n > 0 && b.p[b.n - 1] == '_')
		b.n--;
	return buf_sv(&b);
}

/* RFC 1950 8.2 */
static uint32_t adler32(struct sv s)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < s.n; i++) {
		a = (a + (unsigned char)s.p[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void add_permutation(struct combination *c, const size_t *chosen,
			    struct inputs *out)
{
	struct arena *mem = c->ctx->mem;
	struct node *input = node_new_map(mem, c->set->at);
	struct buf id = { .mem = mem };

	for (size_t i = 0; i < c->providers.n; i++) {
		struct provider *p = &c->providers.v[i];
		struct sv key = key_of(mem, p->object->name);

		if (p->inputs.n == 0)
			continue;
		node_set(mem, input, key, p->inputs.v[chosen[i]]);
		buf_fmt(&id, "%s" SV_FMT "=%zu", id.n > 0 ? "/" : "",
			SV_ARG(key), chosen[i]);
	}
	node_set(mem, input, SV("id"),
		 text(mem, c->set->at,
		      arena_fmt(mem, "%u", adler32(buf_sv(&id)))));
	*VEC_ADD(mem, &out->list) = input;
}

/* The last provider turns fastest; false after the last one. */
static bool next(const struct combination *c, size_t *chosen)
{
	for (size_t i = c->providers.n; i-- > 0;) {
		if (++chosen[i] < c->providers.v[i].inputs.n)
			return true;
		chosen[i] = 0;
	}
	return false;
}

static void permute(struct combination *c, struct inputs *out)
{
	size_t *chosen = ARENA_ARRAY(c->ctx->mem, size_t, c->providers.n);
	bool empty = true;

	for (size_t i = 0; i < c->providers.n; i++)
		if (c->providers.v[i].inputs.n > 0)
			empty = false;
		else if (node_true(node_get(c->spec, SV("inputStrategy")),
				   SV("includeEmptyProviders")))
			return;
	while (!empty && out->list.n < MAX_RESOURCE_SET) {
		add_permutation(c, chosen, out);
		if (!next(c, chosen))
			return;
	}
}

bool inputs_combine(const struct render_ctx *ctx, struct diags *d,
		    const struct objects *maps, const struct object *o,
		    struct inputs *out)
{
	struct combination c = { .ctx = ctx,
				 .diags = d,
				 .set = o,
				 .spec = node_get(o->root, SV("spec")) };
	const struct node *own = node_get(c.spec, SV("inputs"));
	const struct node *from = node_get(c.spec, SV("inputsFrom"));
	const struct node *strategy = node_get(c.spec, SV("inputStrategy"));
	struct provider *set = VEC_ADD(ctx->mem, &c.providers);

	*set = (struct provider){ .object = o };
	for (size_t i = 0; i < node_len(own) && i < MAX_RESOURCE_SET; i++)
		add_input(&c, set, node_at(own, i), node_at(own, i)->at);
	for (size_t i = 0; i < node_len(from); i++)
		if (!add_reference(&c, maps, node_at(from, i)))
			return false;
	qsort(c.providers.v + 1, c.providers.n - 1, sizeof(*c.providers.v),
	      by_name);
	if (sv_eq(node_str(strategy, SV("name")), SV("Permute")))
		permute(&c, out);
	else
		flatten(&c, out);
	/* Without any inputs it is filled once; with providers that have none,
	 * never. */
	if (out->list.n == 0 && node_len(from) == 0)
		*VEC_ADD(ctx->mem, &out->list) = NULL;
	return true;
}
