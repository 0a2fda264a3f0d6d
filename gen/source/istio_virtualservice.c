/*
 * Istio's VirtualService: its hosts, each with the targets of those of its
 * Gateways that have a server for it.
 */
#include "base/limits.h"
#include "source/istio.h"

/* One element of spec.gateways other than the mesh. */
struct bound_gateway {
	struct loc at;
	struct sv key, namespace;
	struct sv bad;		     /* text that names no Gateway, or empty */
	const struct object *object; /* NULL: not among what is read */
};

struct bound_gateways {
	VEC(struct bound_gateway) list;
};

static bool same_or_all(struct sv text, struct sv namespace, struct sv here)
{
	return sv_eq(text, SV("*")) || sv_eq(text, namespace) ||
	       (sv_eq(text, SV(".")) && sv_eq(namespace, here));
}

static bool exported(const struct object *service, struct sv namespace)
{
	const struct node *list = node_path(service->root, SV("spec.exportTo"));

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *n = node_at(list, i);

		if (n->kind == NODE_SCALAR &&
		    same_or_all(n->scalar, namespace, service->namespace))
			return true;
	}
	return node_len(list) == 0;
}

static bool server_takes(const struct node *server, struct sv gateway_ns,
			 struct sv service_ns, struct sv name)
{
	const struct node *hosts = node_get(server, SV("hosts"));

	for (size_t i = 0; i < node_len(hosts); i++) {
		struct sv ns, host;

		if (node_at(hosts, i)->kind != NODE_SCALAR ||
		    !istio_host(node_at(hosts, i)->scalar, &ns, &host) ||
		    !same_or_all(ns, service_ns, gateway_ns))
			continue;
		if (sv_eq(host, SV("*")) || sv_eq(host, name) ||
		    (sv_starts(host, SV("*.")) &&
		     sv_ends(name, sv_from(host, 1))))
			return true;
	}
	return false;
}

static bool binds(const struct object *service, const struct bound_gateway *g,
		  struct sv name)
{
	const struct node *servers;

	if (!exported(service, g->namespace))
		return false;
	if (g->object == NULL)
		return true;
	servers = node_path(g->object->root, SV("spec.servers"));
	for (size_t i = 0; i < node_len(servers); i++)
		if (server_takes(node_at(servers, i), g->namespace,
				 service->namespace, name))
			return true;
	return false;
}

static bool rule_names(const struct source_ctx *ctx, struct sv key)
{
	const struct target_rules *r = &ctx->publisher->targets;

	for (size_t i = 0; i < r->gateway.n; i++)
		if (sv_eq(r->gateway.v[i].key, key))
			return true;
	return false;
}

/* Look one up; false when it gives nothing. */
static bool find_gateway(struct object_ctx *s, const struct node *n,
			 struct bound_gateway *g)
{
	const struct istio_run *run = s->ctx->own;
	struct sv name;

	if (n->kind != NODE_SCALAR || n->scalar.n == 0 ||
	    sv_eq(n->scalar, SV("mesh")))
		return false;
	if (!balancer_ref(n->scalar, s->object->namespace, &g->namespace,
			  &name)) {
		*g = (struct bound_gateway){ .at = n->at, .bad = n->scalar };
		return true;
	}
	g->at = n->at;
	g->key = arena_fmt(s->ctx->mem, SV_FMT "/" SV_FMT, SV_ARG(g->namespace),
			   SV_ARG(name));
	g->object = object_index_find(&run->objects, SV("Gateway"),
				      g->namespace, name);
	if (g->object == NULL && !rule_names(s->ctx, g->key))
		diag_warn(s->ctx->diags, DIAG_NO_GATEWAY, n->at,
			  SV_FMT ": Gateway " SV_FMT
				 " is not among the manifests",
			  SV_ARG(s->label), SV_ARG(g->key));
	return g->object != NULL || !s->ctx->config->compat;
}

static void find_gateways(struct object_ctx *s, struct bound_gateways *out)
{
	const struct node *list =
		node_path(s->object->root, SV("spec.gateways"));

	for (size_t i = 0; i < node_len(list) && i < MAX_ROUTE_PARENTS; i++) {
		struct bound_gateway g = { 0 };

		if (find_gateway(s, node_at(list, i), &g))
			*VEC_ADD(s->ctx->mem, &out->list) = g;
	}
}

/* Names of Services, which the mesh resolves and no zone holds. */
static bool is_mesh_name(struct sv name)
{
	if (dname_variable(name).n > 0)
		return false;
	return sv_chr(name, '.') == name.n || sv_ends(name, SV(".svc")) ||
	       sv_ends(name, SV(".svc.cluster.local"));
}

static void find_names(struct object_ctx *s)
{
	const struct node *hosts = node_path(s->object->root, SV("spec.hosts"));

	for (size_t i = 0; i < node_len(hosts); i++) {
		const struct node *n = node_at(hosts, i);
		struct sv ns, host;

		if (n->kind != NODE_SCALAR || n->scalar.n == 0 ||
		    sv_eq(n->scalar, SV("*")))
			continue;
		if (!istio_host(n->scalar, &ns, &host))
			host = n->scalar;
		if (!s->ctx->config->compat && is_mesh_name(host))
			diag_note(s->ctx->diags, DIAG_ROUTE, n->at,
				  SV_FMT ": \"" SV_FMT
					 "\" is the name of a Service, not a "
					 "name in a zone",
				  SV_ARG(s->label), SV_ARG(host));
		else
			object_ctx_name_text(s, host, n->at, "spec.hosts[]");
	}
	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
}

/* All targets of the Gateways that take `name`; how many do. */
static size_t gather(struct object_ctx *s,
		     const struct bound_gateways *gateways,
		     const struct wanted_name *name, struct target_source *all)
{
	size_t bound = 0;

	s->quiet = true;
	for (size_t i = 0; i < gateways->list.n; i++) {
		const struct bound_gateway *g = &gateways->list.v[i];
		struct target_source some;

		/* Only a host that asks for the Gateways meets it. */
		if (g->bad.n > 0) {
			object_ctx_stop(s, DIAG_ROUTE, g->at,
					"invalid \"" SV_FMT
					"\": expected the name of a Gateway",
					SV_ARG(g->bad));
			return 0;
		}
		if (!binds(s->object, g, name->text))
			continue;
		bound++;
		s->quiet &= g->object == NULL;
		s->targets.n = 0;
		istio_targets(s->ctx->own, s, g->object, g->key);
		if (targets_choose(s, name, &some))
			target_source_add(s->ctx->mem, all, &some);
	}
	return bound;
}

static void publish_one(struct object_ctx *s, const struct bound_gateways *from,
			const struct wanted_name *name, bool annotated)
{
	struct target_source all = { 0 };

	s->targets.n = 0;
	s->fallen_back = false;
	if (annotated)
		targets_annotation(s, s->object);
	if (s->targets.n == 0) {
		size_t bound = gather(s, from, name, &all);

		s->targets.n = 0;
		if (s->failed)
			return;
		if (bound == 0) {
			diag_note(s->ctx->diags, DIAG_ROUTE, name->at,
				  SV_FMT ": \"" SV_FMT "\": %s",
				  SV_ARG(s->label), SV_ARG(name->text),
				  from->list.n == 0
					  ? "only the mesh serves it"
					  : "no Gateway of spec.gateways has a "
					    "server for it, or spec.exportTo "
					    "hides it from them");
			return;
		}
		if (all.targets.list.n > 0)
			*VEC_ADD(s->ctx->mem, &s->targets) = all;
	}
	object_ctx_name_text(s, name->text, name->at, name->rule);
	object_ctx_publish(s);
}

/* Names of templates have the targets of the Gateways, never that of the
 * annotation. */
static void publish_templates(struct object_ctx *s,
			      const struct bound_gateways *from)
{
	struct strings hosts = { 0 };

	if (!object_ctx_wants_templates(s, s->ctx->out->list.n - s->first) ||
	    !object_ctx_fqdn(s, &hosts))
		return;
	for (size_t i = 0; i < hosts.list.n && !s->failed; i++) {
		struct wanted_name name = { .text = hosts.list.v[i],
					    .at = s->object->at,
					    .rule = "--fqdn-template" };

		publish_one(s, from, &name, false);
	}
}

static void service_one(struct object_ctx *s)
{
	struct bound_gateways gateways = { 0 };
	struct wanted_names names;

	find_gateways(s, &gateways);
	find_names(s);
	names = s->names;
	s->names = (struct wanted_names){ 0 };
	for (size_t i = 0; i < names.list.n && !s->failed; i++)
		publish_one(s, &gateways, &names.list.v[i], true);
	publish_templates(s, &gateways);
}

static int service_read(struct source_ctx *ctx, const struct source *self)
{
	struct istio_run *run = ARENA_NEW(ctx->mem, struct istio_run);

	istio_run_init(run, ctx);
	ctx->own = run;
	return source_each(ctx, self, SV("virtualservice"), service_one);
}

static const char *const lookup_kinds[] = { "Gateway", "Service", "Ingress",
					    NULL };

const struct source source_istio_virtualservice = {
	.flag = "istio-virtualservice",
	.group = ISTIO_GROUP,
	.kind = "VirtualService",
	.lookup_kinds = lookup_kinds,
	.read = service_read,
};
