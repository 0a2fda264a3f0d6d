/* Hosts whose traffic goes to a Service, or a port of one, that is not there.
 * What a chart or an operator makes is not in git, so a Service is missed only
 * in a namespace that has others, and no chart. */
#include "lint/rule.h"

/* One backend of one host. */
struct backend {
	const struct object *of;
	struct sv host;
	struct sv namespace, service;
	const struct node *port; /* a number or a name; NULL: none */
	struct loc at;
};

typedef void each_backend(struct lint_run *r, const struct lint_rule *self,
			  const struct backend *b);

static bool is_chosen(struct sv text)
{
	return text.n > 0 && placeholder_in(text) == NULL &&
	       !sv_has(text, SV("{{"));
}

static struct lint_objects *services_of(struct lint_run *r,
					const struct backend *b)
{
	/* Without a namespace in the file it is wherever it is applied to. */
	if (!b->of->namespace_given && b->namespace.n == 0)
		return map_get(&r->services, b->service);
	return map_get(&r->services,
		       arena_fmt(r->ctx->mem, SV_FMT "/" SV_FMT,
				 SV_ARG(b->namespace.n > 0 ? b->namespace
							   : b->of->namespace),
				 SV_ARG(b->service)));
}

/* networking.k8s.io/v1, and the words of v1beta1. */
static void ingress_backend(struct lint_run *r, const struct lint_rule *self,
			    const struct object *o, struct sv host,
			    const struct node *n, each_backend *each)
{
	const struct node *service = node_get(n, SV("service"));
	const struct node *port = node_get(service, SV("port"));
	const struct node *name = node_get(service, SV("name"));
	struct backend b = { .of = o, .host = host };

	b.port = node_get(port, SV("number"));
	if (b.port == NULL)
		b.port = node_get(port, SV("name"));
	if (name == NULL) {
		name = node_get(n, SV("serviceName"));
		b.port = node_get(n, SV("servicePort"));
	}
	if (name == NULL || name->kind != NODE_SCALAR)
		return;
	b.service = name->scalar;
	b.at = name->at;
	if (is_chosen(b.service))
		each(r, self, &b);
}

static void each_ingress(struct lint_run *r, const struct lint_rule *self,
			 const struct object *o, each_backend *each)
{
	const struct node *rules = node_path(o->root, SV("spec.rules"));

	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *rule = node_at(rules, i);
		const struct node *paths = node_path(rule, SV("http.paths"));
		struct sv host;

		if (!lint_host(r, node_get(rule, SV("host")), &host))
			continue;
		for (size_t k = 0; k < node_len(paths); k++)
			ingress_backend(
				r, self, o, host,
				node_get(node_at(paths, k), SV("backend")),
				each);
	}
}

static void route_backend(struct lint_run *r, const struct lint_rule *self,
			  const struct object *o, struct sv host,
			  const struct node *ref, each_backend *each)
{
	struct sv group = node_str(ref, SV("group"));
	struct sv kind = node_str(ref, SV("kind"));
	const struct node *name = node_get(ref, SV("name"));
	struct backend b = { .of = o,
			     .host = host,
			     .namespace = node_str(ref, SV("namespace")),
			     .port = node_get(ref, SV("port")) };

	if (group.n > 0 || (kind.n > 0 && !sv_eq(kind, SV("Service"))) ||
	    name == NULL || name->kind != NODE_SCALAR)
		return;
	b.service = name->scalar;
	b.at = name->at;
	if (is_chosen(b.service))
		each(r, self, &b);
}

/* Of a route the first name stands for all of them. */
static void each_route(struct lint_run *r, const struct lint_rule *self,
		       const struct object *o, each_backend *each)
{
	const struct node *rules = node_path(o->root, SV("spec.rules"));
	struct sv host;

	if (!lint_host(r, node_at(node_path(o->root, SV("spec.hostnames")), 0),
		       &host))
		return;
	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *refs =
			node_get(node_at(rules, i), SV("backendRefs"));

		for (size_t k = 0; k < node_len(refs); k++)
			route_backend(r, self, o, host, node_at(refs, k), each);
	}
}

static void each_object(struct lint_run *r, const struct lint_rule *self,
			each_backend *each)
{
	static const char *const routes[] = { "HTTPRoute", "GRPCRoute",
					      "TLSRoute", "TCPRoute" };
	const struct objects *all = r->ctx->objects;

	for (size_t i = 0; i < all->list.n; i++) {
		const struct object *o = all->list.v[i];

		if (lint_reads(o, "Ingress"))
			each_ingress(r, self, o, each);
		for (size_t k = 0; k < sizeof(routes) / sizeof(routes[0]); k++)
			if (lint_reads(o, routes[k]))
				each_route(r, self, o, each);
	}
}

/* Are the Services of that namespace in git, as far as one can see? */
static bool namespace_known(const struct lint_run *r, struct sv namespace)
{
	const struct objects *all = r->ctx->objects;

	if (map_get(&r->opaque, namespace) != NULL)
		return false;
	for (size_t i = 0; i < all->list.n; i++)
		if (lint_reads(all->list.v[i], "Service") &&
		    all->list.v[i]->group.n == 0 &&
		    all->list.v[i]->namespace_given &&
		    sv_eq(all->list.v[i]->namespace, namespace))
			return true;
	return false;
}

static struct sv backend_text(struct arena *mem, const struct backend *b,
			      bool port)
{
	struct sv of = object_text(mem, b->of);

	if (!port)
		return arena_fmt(mem, SV_FMT ": Service " SV_FMT, SV_ARG(of),
				 SV_ARG(b->service));
	return arena_fmt(mem, SV_FMT ": Service " SV_FMT " port " SV_FMT,
			 SV_ARG(of), SV_ARG(b->service),
			 SV_ARG(b->port->scalar));
}

static void test_service(struct lint_run *r, const struct lint_rule *self,
			 const struct backend *b)
{
	struct sv namespace =
		b->namespace.n > 0 ? b->namespace : b->of->namespace;

	if ((b->of->namespace_given || b->namespace.n > 0) &&
	    services_of(r, b) == NULL && namespace_known(r, namespace))
		lint_file(r, self, b->at, b->host,
			  backend_text(r->ctx->mem, b, false));
}

void lint_backend(struct lint_run *r, const struct lint_rule *self)
{
	each_object(r, self, test_service);
}

/* A number that is one, or a name. */
static bool port_same(const struct node *service_port, const struct node *want)
{
	return sv_eq(node_str(service_port, SV("port")), want->scalar) ||
	       sv_eq(node_str(service_port, SV("name")), want->scalar);
}

/* One that says nothing of its ports, or is another name for a host, may have
 * any. */
static bool service_has(const struct object *service, const struct node *want)
{
	const struct node *spec = node_get(service->root, SV("spec"));
	const struct node *ports = node_get(spec, SV("ports"));

	if (node_len(ports) == 0 ||
	    sv_eq(node_str(spec, SV("type")), SV("ExternalName")))
		return true;
	for (size_t i = 0; i < node_len(ports); i++)
		if (port_same(node_at(ports, i), want) ||
		    !is_chosen(node_str(node_at(ports, i), SV("port"))))
			return true;
	return false;
}

static void test_port(struct lint_run *r, const struct lint_rule *self,
		      const struct backend *b)
{
	const struct lint_objects *services = services_of(r, b);

	/* "use-annotation": the controller of AWS decides. */
	if (services == NULL || b->port == NULL ||
	    b->port->kind != NODE_SCALAR || !is_chosen(b->port->scalar) ||
	    sv_eq(b->port->scalar, SV("use-annotation")))
		return;
	for (size_t i = 0; i < services->list.n; i++)
		if (service_has(services->list.v[i], b->port))
			return;
	lint_file(r, self, b->port->at, b->host,
		  backend_text(r->ctx->mem, b, true));
}

void lint_port(struct lint_run *r, const struct lint_rule *self)
{
	each_object(r, self, test_port);
}
