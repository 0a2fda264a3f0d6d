#include "render/helm/k3s.h"

#include "base/limits.h"
#include "base/path.h"
#include "render/known.h"

struct reading {
	const struct render_ctx *ctx;
	struct diags *diags;
	const struct objects *maps;
	struct node *values; /* so far */
};

static const struct object *find(const struct objects *set, const char *kind,
				 const struct object *like)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct object *o = set->list.v[i];

		if (sv_eq(o->kind, sv_of(kind)) && sv_eq(o->name, like->name) &&
		    sv_eq(o->group, like->group) &&
		    sv_eq(o->namespace, like->namespace) &&
		    sv_eq(o->realm, like->realm))
			return o;
	}
	return NULL;
}

static void add(struct reading *r, const struct node *values)
{
	if (values != NULL && values->kind == NODE_MAP)
		r->values = helm_merge(r->ctx->mem, r->values, values);
}

/* One entry of valuesSecrets is as many of Flux' valuesFrom as it has keys. */
static void add_secret(struct reading *r, const struct object *o,
		       const struct node *secret)
{
	struct arena *mem = r->ctx->mem;
	const struct node *keys = node_get(secret, SV("keys"));

	for (size_t i = 0; i < node_len(keys) && i < MAX_VALUES_FROM; i++) {
		struct node *ref = node_new_map(mem, secret->at);

		node_set(mem, ref, SV("kind"),
			 node_new_str(mem, secret->at, SV("Secret")));
		node_set(mem, ref, SV("name"),
			 node_new_str(mem, secret->at,
				      node_str(secret, SV("name"))));
		node_set(mem, ref, SV("valuesKey"),
			 node_copy(mem, node_at(keys, i)));
		r->values = helm_values_from(r->ctx, r->diags, r->maps, o, ref,
					     r->values);
	}
}

static void add_spec(struct reading *r, const struct object *o)
{
	const struct node *spec = node_get(o->root, SV("spec"));
	const struct node *text = node_get(spec, SV("valuesContent"));
	const struct node *secrets = node_get(spec, SV("valuesSecrets"));

	(void)known_check(
		r->ctx, r->diags, arena_str(r->ctx->mem, o->kind), o->kind,
		known_object(r->ctx->mem, o->kind, o->namespace, o->name),
		o->root);
	if (text != NULL && text->kind == NODE_SCALAR)
		add(r, helm_parse_text(r->ctx->mem, r->diags, text));
	add(r, node_get(spec, SV("values")));
	for (size_t i = 0; i < node_len(secrets) && i < MAX_VALUES_FROM; i++)
		add_secret(r, o, node_at(secrets, i));
}

/* --set takes what looks like a number, a bool or null for one; everything
 * else is a text. */
static struct node *set_value(struct arena *mem, const struct node *n)
{
	static const char *const words[] = { "true", "false", "null" };
	struct node *value = node_new_str(mem, n->at, n->scalar);

	if (n->type == SCALAR_INT)
		value->type = SCALAR_INT;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_case_eq(n->scalar, sv_of(words[i])))
			value->type = i == 2 ? SCALAR_NULL : SCALAR_BOOL;
	return value;
}

static void add_set(struct reading *r, const struct node *set)
{
	for (size_t i = 0;
	     set != NULL && set->kind == NODE_MAP && i + 1 < set->items.n;
	     i += 2)
		if (set->items.v[i + 1]->kind == NODE_SCALAR)
			r->values = helm_set(
				r->ctx->mem, r->values, set->items.v[i]->scalar,
				set_value(r->ctx->mem, set->items.v[i + 1]));
}

/* "web", "stable/web", "https://example.org/web-1.2.3.tgz": of an archive the
 * name ends where its version begins. */
static struct sv chart_name(struct sv chart)
{
	struct sv name = path_name(chart);

	if (!sv_ends(name, SV(".tgz")))
		return name;
	for (size_t i = 0; i + 1 < name.n; i++)
		if (name.p[i] == '-' && name.p[i + 1] >= '0' &&
		    name.p[i + 1] <= '9')
			return sv_head(name, i);
	return sv_head(name, name.n - 4);
}

static void fill(struct reading *r, const struct object *o,
		 struct helm_release *release)
{
	release->name = o->name;
	release->values = r->values;
}

bool k3s_chart(const struct render_ctx *ctx, struct diags *d,
	       const struct objects *set, const struct objects *maps,
	       const struct object *o, struct helm_release *release)
{
	struct reading r = { .ctx = ctx, .diags = d, .maps = maps };
	const struct node *spec = node_get(o->root, SV("spec"));
	const struct object *config = find(set, "HelmChartConfig", o);
	struct sv target = node_str(spec, SV("targetNamespace"));

	add_spec(&r, o);
	if (config != NULL)
		add_spec(&r, config);
	add_set(&r, node_get(spec, SV("set")));
	fill(&r, o, release);
	release->chart = chart_name(node_str(spec, SV("chart")));
	release->version = node_str(spec, SV("version"));
	release->namespace = target.n > 0 ? target : o->namespace;
	return true;
}

bool k3s_config(const struct render_ctx *ctx, struct diags *d,
		const struct objects *set, const struct objects *maps,
		const struct object *o, struct helm_release *release)
{
	struct reading r = { .ctx = ctx, .diags = d, .maps = maps };

	if (find(set, "HelmChart", o) != NULL)
		return false;
	add_spec(&r, o);
	fill(&r, o, release);
	release->chart = o->name;
	release->namespace = o->namespace;
	return true;
}
