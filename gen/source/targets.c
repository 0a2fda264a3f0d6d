#include <ctype.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "source/annotation.h"
#include "source/state.h"

static bool strict(const struct object_ctx *s)
{
	return !s->ctx->config->compat;
}

static struct target_source *source_new(struct object_ctx *s, struct sv rule,
					bool found)
{
	struct target_source *t = VEC_ADD(s->ctx->mem, &s->targets);

	/* A slot that was in use before is not zeroed again. */
	*t = (struct target_source){ .rule = rule, .found = found };
	return t;
}

/* A source that holds nothing must not be the first that counts. */
static void source_drop_empty(struct object_ctx *s)
{
	if (s->targets.n > 0 &&
	    s->targets.v[s->targets.n - 1].targets.list.n == 0)
		s->targets.n--;
}

/* A template or placeholder in place of a target: the object makes no record,
 * whatever other targets it has. */
static bool has_placeholder(struct object_ctx *s, struct sv text, struct loc at)
{
	const char *what = strict(s) ? placeholder_in(text) : NULL;

	if (what == NULL)
		return false;
	s->failed = true;
	if (sv_has(text, SV("{{")))
		diag_note(s->ctx->diags, DIAG_MANIFEST_SKIPPED, at,
			  SV_FMT ": target is a template, \"" SV_FMT "\"",
			  SV_ARG(s->label), SV_ARG(text));
	else if (sv_has(text, SV("${")))
		object_ctx_refuse(
			s, DIAG_UNRESOLVED, at,
			"target \"" SV_FMT "\": no value for " SV_FMT
			"; set it with vars or vars-file",
			SV_ARG(text),
			SV_ARG(object_ctx_variables(s->ctx->mem, text)));
	else
		object_ctx_refuse(s, DIAG_PLACEHOLDER, at,
				  "invalid target \"" SV_FMT
				  "\": expected an address or a name, found %s",
				  SV_ARG(text), what);
	return true;
}

/* The expression of `vars:` that "${NAME}" at the start of `text` is; "": none.
 * `*used` is its length there. */
static struct sv expression_at(const struct object_ctx *s, struct sv text,
			       size_t *used)
{
	const struct config *c = s->ctx->config;
	struct sv name = sv_from(text, 2);

	name = sv_head(name, sv_chr(name, '}'));
	*used = name.n + 3;
	for (size_t i = 0; i < c->vars.n && *used <= text.n; i++)
		if (c->vars.v[i].ref.n > 0 && sv_eq(c->vars.v[i].name, name))
			return c->vars.v[i].ref;
	return SV("");
}

/* `vars:` may say that "${NAME}" is a Terraform expression, which stays one,
 * alone or in a host name: "external.${var.domain}".  "": it does not. */
static struct sv reference(const struct object_ctx *s, struct sv text)
{
	struct buf b = { .mem = s->ctx->mem };
	size_t hit = sv_find(text, SV("${")), used;
	struct sv ref, out, rest = text;

	while (hit < rest.n) {
		ref = expression_at(s, sv_from(rest, hit), &used);
		if (ref.n == 0)
			return SV("");
		if (hit == 0 && used == text.n)
			return ref;
		buf_fmt(&b, SV_FMT "${" SV_FMT "}", SV_ARG(sv_head(rest, hit)),
			SV_ARG(ref));
		rest = sv_from(rest, hit + used);
		hit = sv_find(rest, SV("${"));
	}
	buf_add(&b, rest);
	return rest.n < text.n &&
			       reference_content(s->ctx->mem, buf_sv(&b), &out)
		       ? out
		       : SV("");
}

static void target_add(struct object_ctx *s, struct target_source *t,
		       struct sv text, struct loc at)
{
	struct sv ref = strict(s) ? reference(s, text) : SV("");

	if (ref.n == 0 && has_placeholder(s, text, at))
		return;
	if (t->targets.list.n >= MAX_TARGETS) {
		if (t->targets.list.n == MAX_TARGETS && !s->failed)
			object_ctx_refuse(s, DIAG_SHAPE, at,
					  "more than %d targets", MAX_TARGETS);
		return;
	}
	*VEC_ADD(s->ctx->mem, &t->targets.list) = (struct target){
		.text = ref.n > 0 ? ref : arena_sv(s->ctx->mem, text),
		.is_ref = ref.n > 0,
		.type = sv_has(ref, SV("${")) ? RR_CNAME : RR_A,
		.at = state_loc(s->ctx, at),
	};
}

static struct sv annotation_rule(struct object_ctx *s, const struct object *o)
{
	struct sv key = annotation_spelling(s->ctx, o, SV("target"));

	if (o == s->object)
		return arena_fmt(s->ctx->mem, "annotation " SV_FMT,
				 SV_ARG(key));
	return arena_fmt(s->ctx->mem,
			 "annotation " SV_FMT " of " SV_FMT " " SV_FMT
			 "/" SV_FMT,
			 SV_ARG(key), SV_ARG(o->kind), SV_ARG(o->namespace),
			 SV_ARG(o->name));
}

void targets_annotation(struct object_ctx *s, const struct object *o)
{
	const struct node *n = annotation_node(s->ctx, o, SV("target"));
	struct strings items = { 0 };
	struct target_source *t;
	size_t empty = 0;

	if (n == NULL || n->kind != NODE_SCALAR || node_is_null(n) ||
	    n->scalar.n == 0)
		return;
	list_split(s->ctx, n->scalar, &items);
	t = source_new(s, annotation_rule(s, o), false);
	for (size_t i = 0; i < items.list.n; i++) {
		if (items.list.v[i].n == 0 && strict(s))
			empty++;
		else /* ExternalDNS cuts it here: "192.0.2.1." is an address */
			target_add(s, t, dname_strip_dot(items.list.v[i]),
				   n->at);
	}
	if (empty == items.list.n)
		object_ctx_refuse(s, DIAG_TARGET, n->at,
				  "invalid annotation target \"" SV_FMT
				  "\": expected an address or a name, found an "
				  "empty list",
				  SV_ARG(n->scalar));
	else if (empty > 0)
		diag_warn(s->ctx->diags, DIAG_TARGET, n->at,
			  SV_FMT ": empty element in annotation target",
			  SV_ARG(s->label));
	source_drop_empty(s);
}

void targets_node(struct object_ctx *s, const struct node *n, struct sv rule,
		  bool found)
{
	struct target_source *t;

	if (n == NULL || node_is_null(n))
		return;
	t = source_new(s, rule, found);
	if (n->kind == NODE_SCALAR && n->scalar.n > 0)
		target_add(s, t, n->scalar, n->at);
	for (size_t i = 0; i < node_len(n); i++) {
		const struct node *item = node_at(n, i);

		if (item->kind == NODE_SCALAR && !node_is_null(item))
			target_add(s, t, item->scalar, item->at);
	}
	source_drop_empty(s);
}

void targets_text(struct object_ctx *s, struct sv text, struct loc at,
		  struct sv rule, bool found)
{
	target_add(s, source_new(s, rule, found), text, at);
	source_drop_empty(s);
}

void targets_status(struct object_ctx *s, const struct object *o,
		    const char *path)
{
	const struct node *list = node_path(o->root, sv_of(path));
	struct target_source *t;

	if (node_len(list) == 0)
		return;
	t = source_new(
		s,
		o == s->object
			? sv_of(path)
			: arena_fmt(s->ctx->mem,
				    "%s of " SV_FMT " " SV_FMT "/" SV_FMT, path,
				    SV_ARG(o->kind), SV_ARG(o->namespace),
				    SV_ARG(o->name)),
		true);
	for (size_t i = 0; i < node_len(list); i++) {
		static const struct sv keys[] = { { "ip", 2 },
						  { "hostname", 8 } };
		const struct node *entry = node_at(list, i);

		for (size_t k = 0; k < 2; k++) {
			struct sv text = node_str(entry, keys[k]);

			if (text.n > 0)
				target_add(s, t, text,
					   node_get(entry, keys[k])->at);
		}
	}
	source_drop_empty(s);
}

/* Annotations by which load balancers are told which address to take. */
static const struct sv pool_keys[] = {
	{ "metallb.io/loadBalancerIPs", 26 },
	{ "metallb.universe.tf/loadBalancerIPs", 35 },
	{ "lbipam.cilium.io/ips", 20 },
	{ "io.cilium/lb-ipam-ips", 21 },
	{ "kube-vip.io/loadbalancerIPs", 27 },
};

void targets_pools(struct object_ctx *s, const struct node *annotations,
		   const char *where)
{
	for (size_t i = 0; i < sizeof(pool_keys) / sizeof(pool_keys[0]); i++) {
		const struct node *n = node_get(annotations, pool_keys[i]);
		struct target_source *t;
		struct sv rest, item;

		if (n == NULL || n->kind != NODE_SCALAR || n->scalar.n == 0)
			continue;
		t = source_new(s,
			       arena_fmt(s->ctx->mem, "%s " SV_FMT, where,
					 SV_ARG(pool_keys[i])),
			       true);
		rest = n->scalar;
		while (sv_cut(&rest, ',', &item)) {
			struct address a;

			/* kube-vip's 0.0.0.0 asks for one by DHCP. */
			item = sv_trim(item);
			if (address_parse(item, &a) &&
			    !sv_eq(item, SV("0.0.0.0")))
				target_add(s, t, item, n->at);
			else
				diag_note(s->ctx->diags, DIAG_ADDRESS, n->at,
					  SV_FMT
					  ": %s " SV_FMT " \"" SV_FMT
					  "\" is not an address and is ignored",
					  SV_ARG(s->label), where,
					  SV_ARG(pool_keys[i]), SV_ARG(item));
		}
		source_drop_empty(s);
	}
}

static void add_configured(struct object_ctx *s, const struct targets *from,
			   struct sv rule)
{
	struct target_source *t;

	if (from->list.n == 0)
		return;
	t = source_new(s, rule, false);
	for (size_t i = 0; i < from->list.n; i++)
		*VEC_ADD(s->ctx->mem, &t->targets.list) = from->list.v[i];
}

void targets_rules(struct object_ctx *s, struct sv gateway, struct sv class)
{
	const struct target_rules *r = &s->ctx->publisher->targets;
	struct arena *mem = s->ctx->mem;

	if (!strict(s))
		return;
	s->gateway = gateway;
	s->class = class;
	for (size_t i = 0; gateway.n > 0 && i < r->gateway.n; i++)
		if (sv_eq(r->gateway.v[i].key, gateway))
			add_configured(s, &r->gateway.v[i].targets,
				       arena_fmt(mem, "targets.gateway " SV_FMT,
						 SV_ARG(gateway)));
	for (size_t i = 0; class.n > 0 && i < r->ingress_class.n; i++)
		if (sv_eq(r->ingress_class.v[i].key, class))
			add_configured(
				s, &r->ingress_class.v[i].targets,
				arena_fmt(mem, "targets.ingress-class " SV_FMT,
					  SV_ARG(class)));
	for (size_t i = 0; i < r->namespace.n; i++)
		if (sv_eq(r->namespace.v[i].key, s->object->namespace))
			add_configured(s, &r->namespace.v[i].targets,
				       arena_fmt(mem,
						 "targets.namespace " SV_FMT,
						 SV_ARG(s->object->namespace)));
}

void targets_fallback(struct object_ctx *s)
{
	const struct publisher *p = s->ctx->publisher;
	struct target_source *t;

	if (s->fallen_back)
		return;
	s->fallen_back = true;
	add_configured(s, &p->targets.fallback, SV("targets.default"));
	if (p->opt.default_targets.list.n == 0)
		return;
	t = source_new(s, SV("default-targets"), false);
	for (size_t i = 0; i < p->opt.default_targets.list.n; i++)
		target_add(s, t, p->opt.default_targets.list.v[i], NOWHERE);
	source_drop_empty(s);
}

/* What the zone of `name` says of addresses: "public", "warn", "any". */
static struct sv guard_of(struct object_ctx *s, const struct wanted_name *name)
{
	const struct config *c = s->ctx->config;
	const struct zone *z = NULL;
	struct sv dname;

	if (c->zones.n > 0 && dname_fault(s->ctx->mem, DNAME_HOST_VAR,
					  name->text, &dname) == NULL)
		z = config_zone_of(c, s->ctx->publisher, dname);
	return z != NULL && z->addresses.n > 0 ? z->addresses : SV("warn");
}

static bool guard_refuses(struct sv guard, enum address_class class)
{
	if (sv_eq(guard, SV("any")))
		return false;
	return class == ADDRESS_UNUSABLE ||
	       (sv_eq(guard, SV("public")) &&
		(class == ADDRESS_PRIVATE || class == ADDRESS_SPECIAL));
}

/* Why the guard refuses the target, "Private-Use (RFC 1918)"; or "". */
static struct sv refusal(struct object_ctx *s, struct sv guard, struct sv text)
{
	const struct special_prefix *p = NULL;
	const struct special_name *n = NULL;
	struct address a;
	struct sv dname;

	if (address_parse(text, &a))
		p = address_special(&a);
	else if (dname_fault(s->ctx->mem, DNAME_TARGET, text, &dname) == NULL)
		n = name_special(dname);
	if (p != NULL && guard_refuses(guard, p->class))
		return arena_fmt(s->ctx->mem, "%s (%s)", p->what, p->rfc);
	if (n != NULL && guard_refuses(guard, n->class))
		return arena_fmt(s->ctx->mem, "%s (%s)", n->what, n->source);
	return SV("");
}

/* Of the targets in git, those that the zone may contain; each other one is a
 * note. */
static struct target_source guarded(struct object_ctx *s, struct sv guard,
				    const struct target_source *all)
{
	struct target_source some = { .rule = all->rule, .found = true };

	for (size_t i = 0; i < all->targets.list.n; i++) {
		const struct target *t = &all->targets.list.v[i];
		struct sv why = t->is_ref ? SV("") : refusal(s, guard, t->text);

		if (why.n == 0) {
			*VEC_ADD(s->ctx->mem, &some.targets.list) = *t;
			continue;
		}
		diag_note(s->ctx->diags, DIAG_ADDRESS, t->at,
			  SV_FMT ": " SV_FMT " of " SV_FMT
				 " is skipped: " SV_FMT,
			  SV_ARG(s->label), SV_ARG(t->text), SV_ARG(all->rule),
			  SV_ARG(why));
	}
	return some;
}

bool targets_choose(struct object_ctx *s, const struct wanted_name *name,
		    struct target_source *out)
{
	struct sv guard = { 0 };

	for (size_t i = 0; i < s->targets.n; i++) {
		const struct target_source *t = &s->targets.v[i];

		if (!t->found || !strict(s)) {
			*out = *t;
			return true;
		}
		if (guard.n == 0)
			guard = guard_of(s, name);
		*out = guarded(s, guard, t);
		if (out->targets.list.n > 0)
			return true;
	}
	return false;
}

/* As YAML of one line has it. */
static struct sv key_word(struct arena *mem, struct sv key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!isalnum((unsigned char)key.p[i]) &&
		    sv_chr(SV("/._-"), key.p[i]) == 4)
			return escape(mem, SINK_YAML, key);
	return key;
}

struct sv targets_key(const struct object_ctx *s)
{
	struct arena *mem = s->ctx->mem;

	if (s->gateway.n > 0)
		return arena_fmt(mem,
				 "targets: {gateway: {" SV_FMT ": [ADDRESS]}}",
				 SV_ARG(key_word(mem, s->gateway)));
	if (s->class.n > 0)
		return arena_fmt(mem,
				 "targets: {ingress-class: {" SV_FMT
				 ": [ADDRESS]}}",
				 SV_ARG(key_word(mem, s->class)));
	return SV("targets: {default: [ADDRESS]}");
}

struct sv targets_advice(const struct object_ctx *s)
{
	struct sv prefix = s->ctx->state->prefixes[0];

	if (s->advice.n > 0)
		return s->advice;
	return arena_fmt(s->ctx->mem,
			 "set the annotation " SV_FMT "target, or " SV_FMT
			 " in the configuration, or --default-targets",
			 SV_ARG(prefix), SV_ARG(targets_key(s)));
}

void target_source_add(struct arena *mem, struct target_source *to,
		       const struct target_source *from)
{
	bool news = false;

	for (size_t i = 0; i < from->targets.list.n; i++) {
		const struct target *t = &from->targets.list.v[i];
		bool have = false;

		for (size_t k = 0; k < to->targets.list.n && !have; k++)
			have = t->is_ref == to->targets.list.v[k].is_ref &&
			       sv_eq(t->text, to->targets.list.v[k].text);
		if (!have)
			*VEC_ADD(mem, &to->targets.list) = *t;
		news |= !have;
	}
	if (to->rule.n == 0)
		to->rule = from->rule;
	else if (news)
		to->rule = arena_fmt(mem, SV_FMT ", " SV_FMT, SV_ARG(to->rule),
				     SV_ARG(from->rule));
}
