/*
 * Variables of a Flux Kustomization, and their substitution in objects.
 */
#include "base/budget.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "render/flux/reread.h"
#include "render/flux/unit.h"

/* What comes from `vars:` fills in what git does not say. */
static void put_configured(struct flux *f, struct flux_vars *vars)
{
	const struct config *c = f->ctx->config;

	for (size_t i = 0; i < c->vars.n; i++) {
		const struct variable *v = &c->vars.v[i];
		const struct flux_value *old = map_get(&vars->by_name, v->name);
		struct flux_value *value;

		if ((old != NULL && !old->unknown) || v->ref.n > 0)
			continue;
		value = ARENA_NEW(f->ctx->mem, struct flux_value);
		value->text = v->value;
		value->at = v->at;
		value->from = SV("vars");
		map_put(&vars->by_name, v->name, value);
		vars->any = true;
	}
}

static struct sv without_newlines(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	if (sv_chr(s, '\n') == s.n)
		return s;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n')
			buf_char(&b, s.p[i]);
	return buf_sv(&b);
}

static bool is_ciphertext(struct sv text)
{
	return sv_has(text, SV("ENC["));
}

static void put(struct flux *f, struct flux_vars *vars, struct sv name,
		const struct node *value, struct sv text, struct sv from)
{
	struct flux_value *v = ARENA_NEW(f->ctx->mem, struct flux_value);

	v->text = without_newlines(f->ctx->mem, text);
	v->encrypted = is_ciphertext(value->scalar) || is_ciphertext(text);
	v->unknown = v->encrypted;
	v->at = value->at;
	v->from = from;
	map_put(&vars->by_name, name, v);
	vars->any = true;
}

static void put_map(struct flux *f, struct flux_vars *vars,
		    const struct node *map, bool encoded, struct sv from)
{
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		const struct node *key = map->items.v[i];
		const struct node *value = map->items.v[i + 1];
		struct sv text = node_is_null(value) ? SV("") : value->scalar;

		if (key->kind != NODE_SCALAR || value->kind != NODE_SCALAR)
			continue;
		if (encoded && !is_ciphertext(text) &&
		    !base64_decode(f->ctx->mem, text, &text))
			continue;
		put(f, vars, key->scalar, value, text, from);
	}
}

static struct sv named_key(struct arena *mem, struct sv kind, struct sv name)
{
	return arena_fmt(mem, SV_FMT "/" SV_FMT, SV_ARG(kind), SV_ARG(name));
}

void flux_hold(struct flux *f, struct flux_unit *unit, struct node *root)
{
	const struct node *meta = node_get(root, SV("metadata"));
	struct arena *mem = f->ctx->mem;
	struct sv key = named_key(mem, node_str(root, SV("kind")),
				  node_str(meta, SV("name")));
	struct flux_named *named = map_get(&f->named, key);

	if (named == NULL) {
		named = ARENA_NEW(mem, struct flux_named);
		map_put(&f->named, key, named);
	}
	*VEC_ADD(mem, &named->list) = (struct flux_holder){ unit, root };
}

/* A namespace that git does not tell may be any. */
static bool may_be_in(const struct node *root, struct sv namespace)
{
	struct sv own =
		node_str(node_get(root, SV("metadata")), SV("namespace"));

	return own.n == 0 || namespace.n == 0 || sv_eq(own, namespace);
}

/* Where nobody lists the Kustomization, nobody may list the map that lies
 * beside it either: who applies the one applies both. */
static bool lies_beside(const struct flux_unit *u, const struct flux_holder *h)
{
	const struct flux_unit *top = u;

	while (top->parent != NULL)
		top = top->parent;
	return h->unit == NULL && top->source != NULL &&
	       map_get(&u->flux->k.used, h->root->at.file) == NULL &&
	       path_below(h->root->at.file,
			  path_folder(top->source->root->at.file)) &&
	       path_folder(top->source->root->at.file).n > 0;
}

static bool is_of_cluster(const struct flux_unit *u,
			  const struct flux_holder *h)
{
	return (h->unit != NULL ? h->unit->root == u->root
				: lies_beside(u, h)) &&
	       may_be_in(h->root, u->id.namespace);
}

static struct sv namespace_of(const struct node *root)
{
	return node_str(node_get(root, SV("metadata")), SV("namespace"));
}

/* Which of two maps that one cluster holds was applied last, git does not
 * say. */
static void check_twins(struct flux *f, const struct flux_named *named,
			const struct flux_holder *hit)
{
	struct object one = { .root = hit->root,
			      .kind = node_str(hit->root, SV("kind")),
			      .namespace = namespace_of(hit->root),
			      .name = node_str(
				      node_get(hit->root, SV("metadata")),
				      SV("name")),
			      .at = hit->root->at };

	for (size_t i = 0; f->walked && i < named->list.n; i++) {
		const struct flux_holder *h = &named->list.v[i];
		struct object duplicate = { .root = h->root,
					    .at = h->root->at };

		if (h->unit != NULL && h->unit->root == hit->unit->root &&
		    sv_eq(namespace_of(h->root), one.namespace) &&
		    !node_same(h->root, hit->root)) {
			(void)duplicate_error(f->diags, &one, &duplicate);
			return;
		}
	}
}

/* Flux reads a map of the cluster that it runs in: one that the same root
 * applies, whatever others lie in this tree. */
static const struct flux_holder *find_holder(const struct flux_unit *u,
					     const struct node *ref)
{
	struct flux *f = u->flux;
	struct sv key = named_key(f->ctx->mem, node_str(ref, SV("kind")),
				  node_str(ref, SV("name")));
	const struct flux_named *named = map_get(&f->named, key);
	const struct flux_holder *beside = NULL;

	work_spend(f->ctx->mem, WORK_LOOKUPS, named ? named->list.n : 1,
		   u->spec->at);
	for (size_t i = 0; named != NULL && i < named->list.n; i++) {
		const struct flux_holder *h = &named->list.v[i];

		if (!is_of_cluster(u, h))
			continue;
		if (h->unit != NULL) {
			check_twins(f, named, h);
			return h;
		}
		if (beside == NULL)
			beside = h;
	}
	return beside;
}

/* The variables of a map are text of the unit that applies it. */
static struct node *as_applied(const struct flux_holder *h)
{
	if (h->unit == NULL || h->unit->asking)
		return h->root;
	return flux_substitute(h->unit, h->root, NULL);
}

static const struct node *refs_of(const struct flux_unit *u)
{
	return node_get(node_get(u->spec, SV("postBuild")),
			SV("substituteFrom"));
}

bool flux_vars_met(const struct flux_unit *u)
{
	const struct node *refs = refs_of(u);

	for (size_t i = 0; i < node_len(refs) && i < MAX_SUBST_FROM; i++)
		if (find_holder(u, node_at(refs, i)) == NULL)
			return false;
	return true;
}

/* The keys of maps of this name that are not the cluster's own: its own has
 * them too, as it seems, with values that git does not show. */
static void put_unknown(struct flux *f, struct flux_vars *vars,
			const struct node *map, struct sv from)
{
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		const struct node *key = map->items.v[i];
		struct flux_value *v;

		if (key->kind != NODE_SCALAR ||
		    map_get(&vars->by_name, key->scalar) != NULL)
			continue;
		v = ARENA_NEW(f->ctx->mem, struct flux_value);
		v->unknown = true;
		v->at = key->at;
		v->from = from;
		map_put(&vars->by_name, key->scalar, v);
	}
}

static void put_others(struct flux *f, struct flux_vars *vars,
		       const struct flux_named *named, struct sv from)
{
	for (size_t i = 0; named != NULL && i < named->list.n; i++) {
		const struct node *root = named->list.v[i].root;

		put_unknown(f, vars, node_get(root, SV("data")), from);
		put_unknown(f, vars, node_get(root, SV("stringData")), from);
	}
}

/* A map that this root does not apply.  Unless it is optional the cluster has
 * one, or the Kustomization would fail. */
static void miss(struct flux_unit *u, const struct node *ref, struct sv from,
		 struct flux_vars *vars)
{
	struct flux *f = u->flux;
	struct sv kind = node_str(ref, SV("kind"));
	struct sv name = node_str(ref, SV("name"));
	const struct flux_named *named =
		map_get(&f->named, named_key(f->ctx->mem, kind, name));
	struct sv key = arena_fmt(f->ctx->mem, "%zu " SV_FMT ":%u", u->root,
				  SV_ARG(ref->at.file), ref->at.line);

	if (node_true(ref, SV("optional")))
		return;
	vars->any = true;
	put_others(f, vars, named, from);
	if (!f->walked || map_get(&f->noted, key) != NULL)
		return;
	map_put(&f->noted, key, f);
	diag_note(f->diags, DIAG_UNRESOLVED, ref->at,
		  "Kustomization " SV_FMT "/" SV_FMT ": " SV_FMT " \"" SV_FMT
		  "\" is %s; set its values under vars:",
		  SV_ARG(u->id.namespace), SV_ARG(u->id.name), SV_ARG(kind),
		  SV_ARG(name),
		  named != NULL ? "applied by another cluster, or by nobody"
				: "not in git");
}

static void put_from(struct flux_unit *u, const struct node *ref,
		     struct flux_vars *vars)
{
	struct flux *f = u->flux;
	struct sv kind = node_str(ref, SV("kind"));
	struct sv name = node_str(ref, SV("name"));
	struct sv from =
		arena_fmt(f->ctx->mem, SV_FMT " " SV_FMT "/" SV_FMT,
			  SV_ARG(kind), SV_ARG(u->id.namespace), SV_ARG(name));
	const struct flux_holder *h = find_holder(u, ref);
	struct node *root;

	if (h == NULL) {
		miss(u, ref, from, vars);
		return;
	}
	root = as_applied(h);
	put_map(f, vars, node_get(root, SV("data")), sv_eq(kind, SV("Secret")),
		from);
	put_map(f, vars, node_get(root, SV("stringData")), false, from);
}

static struct flux_vars *read_vars(struct flux_unit *u)
{
	struct flux *f = u->flux;
	struct flux_vars *vars = ARENA_NEW(f->ctx->mem, struct flux_vars);
	const struct node *build = node_get(u->spec, SV("postBuild"));
	const struct node *from = refs_of(u);

	vars->by_name.mem = f->ctx->mem;
	for (size_t i = 0; i < node_len(from) && i < MAX_SUBST_FROM; i++)
		put_from(u, node_at(from, i), vars);
	put_map(f, vars, node_get(build, SV("substitute")), false,
		SV("postBuild.substitute"));
	if (sv_eq(node_str(build, SV("substituteStrategy")), SV("Always")))
		vars->any = true;
	put_configured(f, vars);
	return vars;
}

static struct flux_vars *vars_of(struct flux_unit *u)
{
	if (u->vars == NULL && !u->asking) {
		u->asking = true;
		u->vars = read_vars(u);
		u->asking = false;
	}
	return u->vars;
}

const struct flux_value *flux_var(struct flux_unit *u, struct sv name)
{
	struct flux_vars *vars = vars_of(u);

	return vars != NULL ? map_get(&vars->by_name, name) : NULL;
}

struct substitution {
	struct flux_unit *unit;
	struct strings *used;
	size_t work;
};

static enum envsubst_state get(void *arg, struct sv name, struct sv *value)
{
	struct substitution *s = arg;
	const struct flux_value *v = flux_var(s->unit, name);

	if (v == NULL)
		return ENVSUBST_UNSET;
	if (v->unknown) {
		diag_note(s->unit->flux->diags, DIAG_UNRESOLVED, v->at,
			  "variable " SV_FMT " is %s in " SV_FMT
			  "; set it with vars or vars-file",
			  SV_ARG(name), v->encrypted ? "encrypted" : "unknown",
			  SV_ARG(v->from));
		return ENVSUBST_UNKNOWN;
	}
	*value = v->text;
	if (s->used != NULL)
		strings_add_once(s->unit->flux->ctx->mem, s->used, name);
	return ENVSUBST_SET;
}

static struct node *scalar(struct substitution *s, struct node *n)
{
	const struct render_ctx *ctx = s->unit->flux->ctx;
	struct envsubst e = { .mem = ctx->mem,
			      .get = get,
			      .ctx = s,
			      .keep = true,
			      .work = s->work };
	struct sv out;
	int rc;

	if (n->type != SCALAR_STRING || sv_chr(n->scalar, '$') == n->scalar.n)
		return n;
	rc = envsubst(&e, n->scalar, &out);
	work_spend(ctx->mem, WORK_SUBSTITUTIONS, e.work - s->work, n->at);
	s->work = e.work;
	if (rc < 0) {
		diag_note(s->unit->flux->diags, DIAG_UNRESOLVED, n->at,
			  "\"" SV_FMT "\" is left as it is: %s",
			  SV_ARG(sv_head(n->scalar, 80)), e.fault);
		return n;
	}
	return sv_eq(out, n->scalar) ? n : reread(ctx->mem, n, out, false);
}

static struct node *walk(struct substitution *s, struct node *n, unsigned depth)
{
	struct arena *mem = s->unit->flux->ctx->mem;
	struct node *copy = NULL;

	if (depth > MAX_YAML_DEPTH)
		return n;
	if (n->kind == NODE_SCALAR)
		return scalar(s, n);
	for (size_t i = 0; i < n->items.n; i++) {
		struct node *item = n->items.v[i];
		struct node *now = walk(s, item, depth + 1);

		if (now == item)
			continue;
		if (copy == NULL) {
			copy = ARENA_NEW(mem, struct node);
			*copy = *n;
			VEC_OWN(mem, &copy->items);
		}
		copy->items.v[i] = now;
	}
	return copy != NULL ? copy : n;
}

bool flux_is_left(const struct node *root)
{
	static const char key[] = "kustomize.toolkit.fluxcd.io/substitute";
	const struct node *meta = node_get(root, SV("metadata"));

	return sv_eq(node_str(node_get(meta, SV("labels")), sv_of(key)),
		     SV("disabled")) ||
	       sv_eq(node_str(node_get(meta, SV("annotations")), sv_of(key)),
		     SV("disabled"));
}

struct node *flux_substitute(struct flux_unit *u, struct node *n,
			     struct strings *used)
{
	struct substitution s = { .unit = u, .used = used };
	struct flux_vars *vars = vars_of(u);

	if (vars == NULL || !vars->any || flux_is_left(n))
		return n;
	return walk(&s, n, 0);
}
