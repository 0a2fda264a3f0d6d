#include <stdlib.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "endpoint/ttl.h"
#include "source/annotation.h"
#include "source/state.h"

const char *const annotation_keys[] = {
	"access",
	"alias",
	"controller",
	"endpoints-type",
	"gateway-hostname-source",
	"hostname",
	"ingress",
	"ingress-hostname-source",
	"internal-hostname",
	"record-type",
	"set-identifier",
	"target",
	"ttl",
	"cloudflare-custom-hostname",
	"cloudflare-proxied",
	"cloudflare-record-comment",
	"cloudflare-region-key",
	"cloudflare-tags",
	NULL,
};

/* Keys that become "provider/rest", whatever the rest is. */
static const struct {
	struct sv head, provider;
} provider_heads[] = {
	{ { "aws-", 4 }, { "aws/", 4 } },
	{ { "scw-", 4 }, { "scw/", 4 } },
	{ { "webhook-", 8 }, { "webhook/", 8 } },
	{ { "coredns-", 8 }, { "coredns/", 8 } },
};

/* Keys that become one property. */
static const struct {
	struct sv key, property;
} provider_keys[] = {
	{ { "azure-tags", 10 }, { "azure/tags", 10 } },
	{ { "cloudflare-custom-hostname", 26 },
	  { "cloudflare/custom-hostname", 26 } },
	{ { "cloudflare-proxied", 18 }, { "cloudflare/proxied", 18 } },
	{ { "cloudflare-record-comment", 25 },
	  { "cloudflare/record-comment", 25 } },
	{ { "cloudflare-region-key", 21 }, { "cloudflare/region-key", 21 } },
	{ { "cloudflare-tags", 15 }, { "cloudflare/tags", 15 } },
};

static bool strict(const struct object_ctx *s)
{
	return !s->ctx->config->compat;
}

static struct sv text_of(const struct node *n)
{
	return n->kind != NODE_SCALAR || node_is_null(n) ? SV("") : n->scalar;
}

static void unknown_key(struct object_ctx *s, struct sv key, struct loc at)
{
	const char *near = nearest_word(key, annotation_keys);

	if (near != NULL)
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, at,
			  SV_FMT ": unknown annotation \"" SV_FMT
				 "\"; did you mean \"%s\"?",
			  SV_ARG(s->label), SV_ARG(key), near);
	else
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, at,
			  SV_FMT ": unknown annotation \"" SV_FMT "\"",
			  SV_ARG(s->label), SV_ARG(key));
}

static void property_put(struct object_ctx *s, struct sv name, struct sv value)
{
	pairs_put(s->ctx->mem, &s->properties, name,
		  arena_sv(s->ctx->mem, value));
}

/* True if `key` names a property. */
static bool property_of(struct object_ctx *s, struct sv key,
			const struct node *n)
{
	struct sv value = text_of(n);

	for (size_t i = 0;
	     i < sizeof(provider_heads) / sizeof(provider_heads[0]); i++)
		if (sv_starts(key, provider_heads[i].head)) {
			struct sv rest = sv_from(key, provider_heads[i].head.n);

			property_put(
				s,
				arena_fmt(s->ctx->mem, SV_FMT SV_FMT,
					  SV_ARG(provider_heads[i].provider),
					  SV_ARG(rest)),
				value);
			return true;
		}
	for (size_t i = 0; i < sizeof(provider_keys) / sizeof(provider_keys[0]);
	     i++)
		if (sv_eq(key, provider_keys[i].key)) {
			property_put(s, provider_keys[i].property, value);
			return true;
		}
	return false;
}

static void read_alias(struct object_ctx *s, const struct node *n)
{
	if (sv_eq(text_of(n), SV("true")))
		property_put(s, SV("alias"), SV("true"));
	else if (!sv_eq(text_of(n), SV("false")))
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
			  SV_FMT ": invalid annotation alias \"" SV_FMT
				 "\": expected \"true\"",
			  SV_ARG(s->label), SV_ARG(text_of(n)));
}

static void read_record_type(struct object_ctx *s, const struct node *n)
{
	property_put(s, SV("record-type"), text_of(n));
}

static void read_set_identifier(struct object_ctx *s, const struct node *n)
{
	s->set_identifier = arena_sv(s->ctx->mem, text_of(n));
}

static void read_ttl(struct object_ctx *s, const struct node *n)
{
	const char *fault = ttl_parse(text_of(n), &s->ttl);

	if (fault != NULL)
		diag_warn(s->ctx->diags, DIAG_TTL, n->at,
			  SV_FMT ": invalid annotation ttl \"" SV_FMT
				 "\": %s; the record has no TTL of its own",
			  SV_ARG(s->label), SV_ARG(text_of(n)), fault);
}

static const struct {
	struct sv key;
	void (*read)(struct object_ctx *s, const struct node *n);
} readers[] = {
	{ { "alias", 5 }, read_alias },
	{ { "record-type", 11 }, read_record_type },
	{ { "set-identifier", 14 }, read_set_identifier },
	{ { "ttl", 3 }, read_ttl },
};

static bool is_known(struct sv key)
{
	for (size_t i = 0; annotation_keys[i] != NULL; i++)
		if (sv_eq(key, sv_of(annotation_keys[i])))
			return true;
	return false;
}

/* A null, number or boolean: the API server only accepts strings here. */
static void check_scalar(struct object_ctx *s, struct sv key,
			 const struct node *n)
{
	static const char *const what[] = {
		[SCALAR_STRING] = NULL,	     [SCALAR_NULL] = NULL,
		[SCALAR_BOOL] = "a boolean", [SCALAR_INT] = "a number",
		[SCALAR_FLOAT] = "a number",
	};
	bool on;

	if (n->kind != NODE_SCALAR) {
		diag_note(s->ctx->diags, DIAG_MANIFEST_SKIPPED, n->at,
			  SV_FMT ": annotation \"" SV_FMT
				 "\" is not a string and is ignored",
			  SV_ARG(s->label), SV_ARG(key));
		return;
	}
	if (what[n->type] != NULL && strict(s))
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
			  SV_FMT
			  ": annotation \"" SV_FMT
			  "\": expected a string, found %s; put it in quotes",
			  SV_ARG(s->label), SV_ARG(key), what[n->type]);
	if (strict(s) && sv_eq(key, SV("cloudflare-proxied")) &&
	    !sv_bool(text_of(n), &on))
		object_ctx_refuse(
			s, DIAG_ANNOTATION, n->at,
			"invalid annotation cloudflare-proxied \"" SV_FMT
			"\": expected \"true\" or \"false\"",
			SV_ARG(text_of(n)));
}

/* One key of ours; `key` is what follows the prefix. */
static void read_key(struct object_ctx *s, struct sv key, const struct node *n,
		     struct loc at)
{
	check_scalar(s, key, n);
	if (n->kind != NODE_SCALAR)
		return;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (sv_eq(key, readers[i].key)) {
			readers[i].read(s, n);
			return;
		}
	if (!property_of(s, key, n) && !is_known(key) && strict(s))
		unknown_key(s, key, at);
}

/* Does another entry for the same key count instead of this one? */
static bool shadowed(struct object_ctx *s, struct sv key, const struct node *n)
{
	const struct node *used = annotation_node(s->ctx, s->object, key);

	if (used == n)
		return false;
	if (used->kind == NODE_SCALAR && n->kind == NODE_SCALAR &&
	    !sv_eq(text_of(used), text_of(n)))
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
			  SV_FMT ": annotation \"" SV_FMT
				 "\" is given twice; the value \"" SV_FMT
				 "\" is used",
			  SV_ARG(s->label), SV_ARG(key), SV_ARG(text_of(used)));
	return true;
}

static void read_annotations(struct object_ctx *s)
{
	const struct source_state *st = s->ctx->state;
	const struct node *map =
		node_path(s->object->root, SV("metadata.annotations"));

	if (map == NULL || map->kind != NODE_MAP)
		return;
	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		const struct node *k = map->items.v[i];

		for (size_t p = 0; p < st->n_prefixes; p++) {
			struct sv key;

			if (k->kind != NODE_SCALAR ||
			    !sv_starts(k->scalar, st->prefixes[p]))
				continue;
			key = sv_from(k->scalar, st->prefixes[p].n);
			if (!shadowed(s, key, map->items.v[i + 1]))
				read_key(s, key, map->items.v[i + 1], k->at);
			break;
		}
	}
}

const struct origin *origin_copy(struct arena *mem, const struct origin *o)
{
	struct origin *c;

	if (o == NULL)
		return NULL;
	c = ARENA_NEW(mem, struct origin);
	c->decides = o->decides;
	c->outer = origin_copy(mem, o->outer);
	c->step = o->step;
	c->at = loc_copy(mem, o->at);
	c->text = arena_sv(mem, o->text);
	c->object = arena_sv(mem, o->object);
	return c;
}

/* What is read out of one release's values is one object: how its chart calls
 * the parts is a guess. */
static struct object_id *id_of(struct source_ctx *ctx, const struct object *o)
{
	struct object_id *id = ARENA_NEW(ctx->mem, struct object_id);
	const struct origin *from = o->origin;

	id->at = state_loc(ctx, o->at);
	while (from != NULL && strcmp(from->step, "helm-values") != 0)
		from = from->outer;
	if (from != NULL)
		id->at.file =
			arena_fmt(ctx->mem, SV_FMT " in " SV_FMT,
				  SV_ARG(from->object), SV_ARG(from->at.file));
	if (from != NULL)
		id->at.line = id->at.col = 0;
	id->group = sv_eq(o->group, SV("extensions"))
			    ? SV("networking.k8s.io")
			    : arena_sv(ctx->mem, o->group);
	id->realm = arena_sv(ctx->mem, o->realm);
	return id;
}

void object_ctx_init(struct object_ctx *s, struct source_ctx *ctx,
		     const struct object *o, struct sv prefix, bool annotated)
{
	struct arena *mem = ctx->mem;

	*s = (struct object_ctx){ .ctx = ctx, .object = o };
	s->kind = arena_sv(mem, o->kind);
	s->namespace = arena_sv(mem, o->namespace);
	s->name = arena_sv(mem, o->name);
	s->label = arena_fmt(mem, SV_FMT " " SV_FMT "%s" SV_FMT,
			     SV_ARG(s->kind), SV_ARG(s->namespace),
			     s->namespace.n > 0 ? "/" : "", SV_ARG(s->name));
	if (prefix.n > 0)
		s->resource = arena_fmt(mem, SV_FMT "/" SV_FMT "/" SV_FMT,
					SV_ARG(prefix), SV_ARG(s->namespace),
					SV_ARG(s->name));
	s->origin = origin_copy(mem, o->origin);
	s->cluster = arena_sv(mem, o->cluster);
	s->id = id_of(ctx, o);
	s->first = ctx->out->list.n;
	s->first_open = ctx->open.list.n;
	s->flag = ctx->flag != NULL ? ctx->flag : "";
	if (annotated)
		read_annotations(s);
}

void object_ctx_refuse(struct object_ctx *s, enum diag_code code, struct loc at,
		       const char *fmt, ...)
{
	struct sv text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vfmt(s->ctx->mem, fmt, ap);
	va_end(ap);
	s->failed = true;
	diag_file(s->ctx->diags, code, DIAG_ERROR, at, SV_FMT ": " SV_FMT,
		  SV_ARG(s->label), SV_ARG(text));
}

static bool is_name_byte(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Names of the variables, those with a default only where `all`. */
static struct sv variables(struct arena *mem, struct sv text, bool all)
{
	struct buf b = { .mem = mem };

	for (size_t hit; (hit = sv_find(text, SV("${"))) < text.n;) {
		struct sv name = text = sv_from(text, hit + 2);
		char next;

		name.n = 0;
		while (name.n < text.n && is_name_byte(text.p[name.n]))
			name.n++;
		next = name.n < text.n ? text.p[name.n] : '\0';
		if (name.n > 0 && (all || (next != ':' && next != '=')))
			buf_fmt(&b, "%s" SV_FMT, b.n > 0 ? ", " : "",
				SV_ARG(name));
	}
	return buf_sv(&b);
}

/* "DOMAIN" of "${SUB:=a}.${DOMAIN}". */
struct sv object_ctx_variables(struct arena *mem, struct sv text)
{
	struct sv names = variables(mem, text, false);

	if (names.n == 0)
		names = variables(mem, text, true);
	return names.n > 0 ? names : SV("its variable");
}

void object_ctx_stop(struct object_ctx *s, enum diag_code code, struct loc at,
		     const char *fmt, ...)
{
	struct source_ctx *ctx = s->ctx;
	struct sv text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vfmt(ctx->mem, fmt, ap);
	va_end(ap);
	if (strict(s) || ctx->fault == NULL) {
		diag_warn(ctx->diags, code, at, SV_FMT ": " SV_FMT,
			  SV_ARG(s->label), SV_ARG(text));
		return;
	}
	s->failed = true;
	fault_file(ctx->fault, ctx->mem, FAULT_USAGE,
		   SV_FMT ":%u:%u: " SV_FMT ": " SV_FMT, SV_ARG(at.file),
		   at.line, at.col, SV_ARG(s->label), SV_ARG(text));
}

/* The variable that `vars:` makes a Terraform expression, or none. */
static struct sv expression_in(const struct object_ctx *s, struct sv text)
{
	const struct config *c = s->ctx->config;

	for (size_t i = 0; i < c->vars.n; i++) {
		const struct variable *v = &c->vars.v[i];
		size_t hit = sv_find(text, v->name);

		if (v->ref.n > 0 && hit >= 2 && hit < text.n &&
		    sv_ends(sv_head(text, hit), SV("${")) &&
		    sv_starts(sv_from(text, hit + v->name.n), SV("}")))
			return v->name;
	}
	return SV("");
}

/* As an ownership TXT says it, and as the comment of an output does. */
static void add_unresolved(struct object_ctx *s)
{
	struct arena *mem = s->ctx->mem;
	struct strings *list = &s->ctx->unresolved;

	if (s->resource.n > 0)
		*VEC_ADD(mem, &list->list) = s->resource;
	*VEC_ADD(mem, &list->list) =
		arena_fmt(mem, SV_FMT " " SV_FMT "/" SV_FMT,
			  SV_ARG(arena_lower(mem, s->kind)),
			  SV_ARG(s->namespace), SV_ARG(s->name));
}

static void no_value(struct object_ctx *s, enum diag_severity severity,
		     struct sv text, struct loc at, const char *rule,
		     struct sv head)
{
	struct arena *mem = s->ctx->mem;
	struct sv variables = object_ctx_variables(mem, head);
	struct sv first = sv_head(variables, sv_chr(variables, ','));

	diag_file(s->ctx->diags, DIAG_UNRESOLVED, severity, at,
		  SV_FMT ": %s \"" SV_FMT "\": no value for " SV_FMT
			 "; set it with vars or vars-file",
		  SV_ARG(s->label), rule, SV_ARG(text), SV_ARG(variables));
	diag_alike(s->ctx->diags,
		   arena_fmt(mem,
			     "names lack a value for " SV_FMT
			     ", as here; set vars: {" SV_FMT
			     ": VALUE}, or --var " SV_FMT "=VALUE",
			     SV_ARG(variables), SV_ARG(first), SV_ARG(first)));
}

/* Text that is still to be filled in: true when it must not be used. */
static bool has_placeholder(struct object_ctx *s, struct sv text, struct loc at,
			    const char *rule)
{
	/* A reference at the end is allowed: it stays one. */
	struct sv head = config_reference(s->ctx->config, text) != NULL
				 ? dname_head(text)
				 : text;
	const char *what = strict(s) ? placeholder_in(head) : NULL;
	bool variable = sv_has(head, SV("${"));
	enum diag_severity severity = DIAG_ERROR;

	if (what == NULL)
		return false;
	if (sv_has(text, SV("{{"))) {
		diag_note(s->ctx->diags, DIAG_MANIFEST_SKIPPED, at,
			  SV_FMT ": %s is a template, \"" SV_FMT "\"",
			  SV_ARG(s->label), rule, SV_ARG(text));
		return true;
	}
	if (variable &&
	    !sv_eq(s->ctx->publisher->opt.unresolved, SV("error")) &&
	    s->ctx->publisher->opt.unresolved.n > 0)
		severity = DIAG_WARNING;
	if (variable)
		add_unresolved(s);
	if (variable && expression_in(s, head).n > 0)
		diag_file(s->ctx->diags, DIAG_UNRESOLVED, severity, at,
			  SV_FMT ": %s \"" SV_FMT "\": " SV_FMT
				 " is a Terraform expression, which can only "
				 "be a target or the last label of a name",
			  SV_ARG(s->label), rule, SV_ARG(text),
			  SV_ARG(expression_in(s, head)));
	else if (variable)
		no_value(s, severity, text, at, rule, head);
	else
		diag_file(s->ctx->diags, DIAG_PLACEHOLDER, severity, at,
			  SV_FMT ": invalid %s \"" SV_FMT
				 "\": expected a value, found %s",
			  SV_ARG(s->label), rule, SV_ARG(text), what);
	return true;
}

void object_ctx_name_text(struct object_ctx *s, struct sv text, struct loc at,
			  const char *rule)
{
	struct wanted_name *n;

	if (has_placeholder(s, text, at, rule))
		return;
	if (s->names.list.n == MAX_HOSTS) {
		object_ctx_refuse(s, DIAG_SHAPE, at, "more than %d names",
				  MAX_HOSTS);
		return;
	}
	if (s->names.list.n > MAX_HOSTS)
		return;
	n = VEC_ADD(s->ctx->mem, &s->names.list);
	*n = (struct wanted_name){ arena_sv(s->ctx->mem, text),
				   state_loc(s->ctx, at), rule };
}

void object_ctx_name(struct object_ctx *s, const struct node *n,
		     const char *rule)
{
	if (n == NULL || node_is_null(n))
		return;
	if (n->kind != NODE_SCALAR) {
		diag_note(s->ctx->diags, DIAG_MANIFEST_SKIPPED, n->at,
			  SV_FMT ": %s is not a string and is ignored",
			  SV_ARG(s->label), rule);
		return;
	}
	if (n->scalar.n > 0)
		object_ctx_name_text(s, n->scalar, n->at, rule);
}

void object_ctx_names_annotation(struct object_ctx *s, struct sv key,
				 const char *rule)
{
	const struct node *n = annotation_node(s->ctx, s->object, key);
	struct strings items = { 0 };

	if (n == NULL || n->kind != NODE_SCALAR)
		return;
	list_split(s->ctx, text_of(n), &items);
	for (size_t i = 0; i < items.list.n; i++) {
		if (items.list.v[i].n > 0 || !strict(s))
			object_ctx_name_text(s, items.list.v[i], n->at, rule);
		else
			diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
				  SV_FMT ": empty name in %s", SV_ARG(s->label),
				  rule);
	}
}

/* Labels over 63 bytes: ExternalDNS logs them and makes no endpoint. */
static bool label_too_long(struct object_ctx *s, const struct wanted_name *name)
{
	struct sv rest = name->text, label;

	while (sv_cut(&rest, '.', &label))
		if (label.n > MAX_LABEL) {
			diag_warn(s->ctx->diags, DIAG_DNAME, name->at,
				  SV_FMT ": invalid %s \"" SV_FMT
					 "\": label longer than 63 bytes; no "
					 "record is made",
				  SV_ARG(s->label), name->rule,
				  SV_ARG(name->text));
			return true;
		}
	return false;
}

static bool keeps_dot(enum rrtype t)
{
	return t == RR_TXT || t == RR_NAPTR || t == RR_SRV;
}

static void add_provenance(struct object_ctx *s, struct endpoint *e,
			   const struct wanted_name *name,
			   const struct target_source *from)
{
	struct provenance *p = VEC_ADD(s->ctx->mem, &e->from);

	*p = (struct provenance){
		.at = name->at,
		.kind = s->kind,
		.namespace = s->namespace,
		.name = s->name,
		.resource = s->resource,
		.name_rule = name->rule,
		.target_rule = from->rule,
		.origin = s->origin,
		.cluster = s->cluster,
		.id = s->id,
	};
	if (from->targets.list.n > 0)
		p->target_at = state_loc(s->ctx, from->targets.list.v[0].at);
}

static struct endpoint *endpoint_into(struct object_ctx *s,
				      struct endpoints *to,
				      const struct wanted_name *name,
				      enum rrtype type,
				      const struct target_source *from)
{
	struct arena *mem = s->ctx->mem;
	struct endpoint *e = endpoints_add(mem, to);

	e->name = strict(s) || s->verbatim ? name->text
					   : dname_strip_dot(name->text);
	e->type = type;
	e->ttl = s->ttl;
	e->set_identifier = s->set_identifier;
	for (size_t i = 0; i < s->properties.list.n; i++)
		*VEC_ADD(mem, &e->properties.list) = s->properties.list.v[i];
	if (s->resource.n > 0)
		pairs_put(mem, &e->labels, SV("resource"), s->resource);
	for (size_t i = 0; i < from->targets.list.n; i++) {
		const struct target *t = &from->targets.list.v[i];

		if (t->is_ref)
			reference_add(mem, &e->ref, t->text);
		else
			*VEC_ADD(mem, &e->targets) =
				keeps_dot(type) || s->verbatim
					? t->text
					: dname_strip_dot(t->text);
	}
	add_provenance(s, e, name, from);
	return e;
}

struct endpoint *object_ctx_endpoint(struct object_ctx *s,
				     const struct wanted_name *name,
				     enum rrtype type,
				     const struct target_source *from)
{
	if (!strict(s) && !s->verbatim && label_too_long(s, name))
		return NULL;
	return endpoint_into(s, s->ctx->out, name, type, from);
}

void object_ctx_drop(struct object_ctx *s)
{
	s->ctx->out->list.n = s->first;
	s->ctx->open.list.n = s->first_open;
}

/* The targets of one type, in the order they were given. */
static struct target_source
of_type(struct object_ctx *s, const struct target_source *all, enum rrtype type)
{
	struct target_source some = { .rule = all->rule };

	for (size_t i = 0; i < all->targets.list.n; i++) {
		const struct target *t = &all->targets.list.v[i];

		if ((t->is_ref ? t->type : rrtype_of_target(t->text)) == type)
			*VEC_ADD(s->ctx->mem, &some.targets.list) = *t;
	}
	return some;
}

static void publish_name(struct object_ctx *s, const struct wanted_name *name,
			 const struct target_source *all)
{
	static const enum rrtype types[] = { RR_A, RR_AAAA, RR_CNAME };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct target_source some = of_type(s, all, types[i]);

		if (some.targets.list.n > 0)
			object_ctx_endpoint(s, name, types[i], &some);
	}
}

static void no_target(struct object_ctx *s, const struct wanted_name *name)
{
	const struct sv unmatched = s->ctx->publisher->targets.unmatched;
	enum diag_severity severity = DIAG_WARNING;

	s->ctx->no_target++;
	if (s->quiet || !strict(s) || sv_eq(unmatched, SV("skip")))
		severity = DIAG_NOTE;
	else if (sv_eq(unmatched, SV("error")))
		severity = DIAG_ERROR;
	diag_file(s->ctx->diags, DIAG_NO_TARGET, severity, name->at,
		  SV_FMT ": no target for \"" SV_FMT "\"; " SV_FMT,
		  SV_ARG(s->label), SV_ARG(name->text),
		  SV_ARG(targets_advice(s)));
	diag_alike(s->ctx->diags, arena_fmt(s->ctx->mem,
					    "objects have hosts and no target, "
					    "as here; set " SV_FMT,
					    SV_ARG(targets_key(s))));
}

size_t object_ctx_publish(struct object_ctx *s)
{
	size_t before = s->ctx->out->list.n;
	const struct wanted_name *unmet = NULL;
	const struct target_source none = { 0 };

	if (strict(s))
		targets_fallback(s);
	for (size_t i = 0; i < s->names.list.n && !s->failed; i++) {
		const struct wanted_name *name = &s->names.list.v[i];
		struct target_source all;

		if (targets_choose(s, name, &all)) {
			publish_name(s, name, &all);
			continue;
		}
		if (strict(s))
			endpoint_into(s, &s->ctx->open, name, RR_A, &none);
		if (unmet == NULL)
			unmet = name;
	}
	if (unmet != NULL && !s->failed && !s->warned) {
		no_target(s, unmet);
		s->warned = true;
	}
	s->names = (struct wanted_names){ 0 };
	return s->ctx->out->list.n - before;
}

int source_each_by(struct source_ctx *ctx, const struct source *self,
		   struct sv prefix, unsigned by,
		   void (*one)(struct object_ctx *s))
{
	struct object_refs objects = { 0 };
	size_t errors = ctx->diags->errors, first = ctx->out->list.n;

	objects_of(ctx, sv_of(self->group), sv_of(self->kind), &objects);
	for (size_t i = 0; i < objects.list.n; i++) {
		const struct object *o = objects.list.v[i];
		struct object_ctx s;

		if (!object_selected(ctx, o, by))
			continue;
		budget_at(ctx->mem, o->at);
		object_ctx_init(&s, ctx, o, prefix, true);
		one(&s);
		if (s.failed)
			object_ctx_drop(&s);
	}
	endpoints_merge(ctx, first);
	return ctx->diags->errors > errors ? -1 : 0;
}

int source_each(struct source_ctx *ctx, const struct source *self,
		struct sv prefix, void (*one)(struct object_ctx *s))
{
	return source_each_by(ctx, self, prefix, SELECT_ALL, one);
}
