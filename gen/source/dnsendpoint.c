/* DNSEndpoint (--source=crd): records of any type, written out.  Annotations
 * say nothing here. */
#include "base/limits.h"
#include "endpoint/ttl.h"
#include "source/annotation.h"

static bool strict(const struct object_ctx *s)
{
	return !s->ctx->config->compat;
}

static struct sv copy(struct object_ctx *s, struct sv text)
{
	return arena_sv(s->ctx->mem, text);
}

/* ExternalDNS drops these with a log line, so they never become records. */
static void refuse(struct object_ctx *s, enum diag_code code, struct loc at,
		   struct sv name, const char *why)
{
	diag_file(s->ctx->diags, code, strict(s) ? DIAG_ERROR : DIAG_WARNING,
		  at, SV_FMT ": \"" SV_FMT "\": %s", SV_ARG(s->label),
		  SV_ARG(name), why);
	s->failed = s->failed || strict(s);
}

/* Names stand in CNAME, DNAME, MX and SRV with or without a final dot; NAPTR
 * must have one, other targets must not. */
static bool dots_ok(enum rrtype type, const struct target_source *from)
{
	if (type == RR_CNAME || type == RR_DNAME || type == RR_TXT ||
	    type == RR_MX || type == RR_SRV)
		return true;
	for (size_t i = 0; i < from->targets.list.n; i++)
		if (sv_ends(from->targets.list.v[i].text, SV(".")) !=
		    (type == RR_NAPTR))
			return false;
	return true;
}

static void read_ttl(struct object_ctx *s, const struct node *entry,
		     struct sv name)
{
	const struct node *n = node_get(entry, SV("recordTTL"));
	int64_t ttl = 0;

	s->ttl = 0;
	if (n == NULL || node_is_null(n))
		return;
	if (!node_integer(n, &ttl))
		refuse(s, DIAG_TTL, n->at, name,
		       "recordTTL is not a whole number, which the resource "
		       "demands: expected seconds without quotes");
	else if (strict(s) && (ttl < 0 || ttl > MAX_TTL))
		refuse(s, DIAG_TTL, n->at, name,
		       "invalid recordTTL: expected 0 to 2147483647 seconds");
	else
		s->ttl = ttl;
}

static void read_properties(struct object_ctx *s, const struct node *entry)
{
	const struct node *list = node_get(entry, SV("providerSpecific"));

	s->properties = (struct pairs){ 0 };
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *p = node_at(list, i);
		struct sv name = node_str(p, SV("name"));

		/* Of two the first is read. */
		if (pairs_get(&s->properties, name) == NULL)
			pairs_put(s->ctx->mem, &s->properties, copy(s, name),
				  copy(s, node_str(p, SV("value"))));
	}
}

/* They end up in the ownership TXT, which has no way to escape anything. */
static void add_labels(struct object_ctx *s, const struct node *entry,
		       struct endpoint *e)
{
	const struct node *map = node_get(entry, SV("labels"));

	for (size_t i = 0;
	     map != NULL && map->kind == NODE_MAP && i + 1 < map->items.n;
	     i += 2) {
		const struct node *k = map->items.v[i];
		struct sv value = node_str(map, k->scalar);

		if (sv_eq(k->scalar, SV("resource")) || k->kind != NODE_SCALAR)
			continue;
		if (strict(s) &&
		    (sv_has(k->scalar, SV(",")) || sv_has(k->scalar, SV("=")) ||
		     sv_has(value, SV(",")) || sv_has(value, SV("\""))))
			refuse(s, DIAG_SHAPE, k->at, e->name,
			       "a label must not contain \",\", \"=\" or a "
			       "quote: an ownership TXT cannot hold it");
		pairs_put(s->ctx->mem, &e->labels, copy(s, k->scalar),
			  copy(s, value));
	}
}

/* Default targets take the place of the type with that of the targets. */
static bool type_is_replaced(const struct object_ctx *s,
			     const struct node *entry)
{
	const struct options *o = &s->ctx->publisher->opt;

	return !strict(s) && o->default_targets.list.n > 0 &&
	       (o->force_default_targets ||
		node_len(node_get(entry, SV("targets"))) == 0);
}

static void read_entry(struct object_ctx *s, const struct node *entry)
{
	const struct node *name = node_get(entry, SV("dnsName"));
	struct sv type_text = node_str(entry, SV("recordType"));
	struct sv text = node_str(entry, SV("dnsName"));
	struct target_source from = { .rule = SV("spec.endpoints[].targets") };
	struct endpoint *e;
	enum rrtype type = RR_UNSPEC;

	s->names.list.n = 0;
	object_ctx_name_text(s, text, name != NULL ? name->at : entry->at,
			     "spec.endpoints[].dnsName");
	if (s->names.list.n == 0)
		return;
	if (!rrtype_parse(type_text, &type) && !type_is_replaced(s, entry)) {
		refuse(s, DIAG_SHAPE, entry->at, text,
		       arena_str(s->ctx->mem,
				 arena_fmt(s->ctx->mem,
					   "unknown recordType \"" SV_FMT "\"",
					   SV_ARG(type_text))));
		return;
	}
	s->targets.n = 0;
	targets_node(s, node_get(entry, SV("targets")), from.rule, false);
	if (s->targets.n > 0)
		from = s->targets.v[0];
	if (!dots_ok(type, &from)) {
		refuse(s, DIAG_TARGET, entry->at, text,
		       type == RR_NAPTR
			       ? "a NAPTR target must end in a dot"
			       : "a target of this type must not end in a dot");
		return;
	}
	read_ttl(s, entry, text);
	read_properties(s, entry);
	s->set_identifier = copy(s, node_str(entry, SV("setIdentifier")));
	e = object_ctx_endpoint(s, &s->names.list.v[0], type, &from);
	add_labels(s, entry, e);
}

static void dnsendpoint_one(struct object_ctx *s)
{
	const struct node *list =
		node_path(s->object->root, SV("spec.endpoints"));

	s->verbatim = true;
	for (size_t i = 0; i < node_len(list); i++) {
		struct endpoints *out = s->ctx->out;
		size_t before = out->list.n;

		if (node_is_null(node_at(list, i)))
			continue;
		read_entry(s, node_at(list, i));
		/* The others are judged all the same: such an object may hold
		 * every record that a team keeps by hand. */
		if (s->failed)
			out->list.n = before;
		s->failed = false;
	}
	s->names.list.n = 0;
}

static int dnsendpoint_read(struct source_ctx *ctx, const struct source *self)
{
	struct object_refs objects = { 0 };
	size_t errors = ctx->diags->errors, first = ctx->out->list.n;

	objects_of(ctx, sv_of(self->group), sv_of(self->kind), &objects);
	for (size_t i = 0; i < objects.list.n; i++) {
		struct object_ctx s;

		if (!object_selected(ctx, objects.list.v[i],
				     SELECT_ALL & ~SELECT_CONTROLLER))
			continue;
		object_ctx_init(&s, ctx, objects.list.v[i], SV("crd"), false);
		dnsendpoint_one(&s);
	}
	endpoints_merge(ctx, first);
	return ctx->diags->errors > errors ? -1 : 0;
}

const struct source source_dnsendpoint = {
	.flag = "crd",
	.group = "externaldns.k8s.io",
	.kind = "DNSEndpoint",
	.by_default = true,
	.read = dnsendpoint_read,
};
