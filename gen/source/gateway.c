/*
 * gateway.networking.k8s.io routes: the names that both a route and a
 * listener of its parents have, and the parents' targets.
 */
#include "base/buf.h"
#include "source/gateway.h"
#include "base/budget.h"
#include "source/state.h"

#include <assert.h>

/* A listener that is open to the route. */
struct open_listener {
	const struct gateway_parent *parent;
	const struct node *hostname; /* NULL: any name */
	struct sv host;
};

/* A name to publish, and all parents that serve it. */
struct route_match {
	struct wanted_name name;
	VEC(const struct gateway_parent *) parents;
};

struct route {
	struct gateway_run *run;
	struct object_ctx *s;
	struct gateway_parents parents;
	VEC(struct open_listener) listeners;
	struct pairs labels; /* of the route's Namespace */
	bool labels_known;   /* false: the Namespace is not in what is read */
	struct wanted_names hosts;
	bool *taken; /* one for each of hosts: some listener has it */
	VEC(struct route_match *) matches;
	struct map by_name;
};

/* Why a listener does not take a route. */
enum verdict {
	VERDICT_OPEN,
	VERDICT_PROTOCOL,
	VERDICT_PORT,
	VERDICT_NAMESPACE,
	VERDICT_KIND,
	VERDICT_STATUS,
};

static const char *const verdicts[] = {
	[VERDICT_OPEN] = "accepts it",
	[VERDICT_PROTOCOL] = "has a different protocol",
	[VERDICT_PORT] = "has a different port than parentRefs[].port",
	[VERDICT_NAMESPACE] = "does not allow the route's namespace",
	[VERDICT_KIND] = "does not allow the route's kind",
	[VERDICT_STATUS] = "is not accepted according to its status",
};

static const char rule_host[] = "spec.hostnames[]";
static const char rule_listener[] = "hostname of a listener";
static const char rule_annotation[] = "annotation hostname";

static enum verdict judge(struct route *r, const struct gateway_parent *p,
			  const struct node *l)
{
	const struct object *o = r->s->object;
	const struct node *allowed = node_get(l, SV("allowedRoutes"));

	if (!gateway_listener_accepted(r->run, p, l))
		return VERDICT_STATUS;
	if (!gateway_protocol_match(r->run->kind->protocol,
				    node_str(l, SV("protocol"))))
		return VERDICT_PROTOCOL;
	if (!gateway_port_match(p->port, node_get(l, SV("port"))))
		return VERDICT_PORT;
	if (!gateway_namespace_match(node_get(allowed, SV("namespaces")),
				     SV("Same"), p->owner, o->namespace,
				     &r->labels))
		return VERDICT_NAMESPACE;
	if (!gateway_kind_match(node_get(allowed, SV("kinds")),
				SV(GATEWAY_GROUP), r->run->kind->kind))
		return VERDICT_KIND;
	return VERDICT_OPEN;
}

/* Listeners `from` to `to` are those that sectionName chooses. */
static void section(const struct gateway_parent *p, size_t *from, size_t *to)
{
	size_t n = node_len(p->listeners);

	*from = 0;
	*to = n < MAX_LISTENERS ? n : MAX_LISTENERS;
	if (p->section.n == 0)
		return;
	/* The last one of a name counts, as it does for ExternalDNS. */
	for (size_t i = *to; i-- > 0;)
		if (sv_eq(node_str(node_at(p->listeners, i), SV("name")),
			  p->section)) {
			*from = i;
			*to = i + 1;
			return;
		}
	*to = 0;
}

/* Could labels that are unknown here have opened this listener? */
static bool in_doubt(const struct route *r, const struct node *l,
		     enum verdict verdict)
{
	return verdict == VERDICT_NAMESPACE && !r->labels_known &&
	       !r->run->compat &&
	       sv_eq(node_str(node_path(l, SV("allowedRoutes.namespaces")),
			      SV("from")),
		     SV("Selector"));
}

/* "a, b and 3 more": the values under `key` of a parent's listeners. */
static struct sv listener_values(struct route *r,
				 const struct gateway_parent *p,
				 const char *key)
{
	enum { SHOWN = 4 };
	struct buf b = { .mem = r->run->ctx->mem };
	size_t n = node_len(p->listeners);

	for (size_t i = 0; i < n && i < SHOWN; i++)
		buf_fmt(&b, "%s\"" SV_FMT "\"", i > 0 ? ", " : "",
			SV_ARG(node_str(node_at(p->listeners, i), sv_of(key))));
	if (n > SHOWN)
		buf_fmt(&b, " and %zu more", n - SHOWN);
	return n > 0 ? buf_sv(&b) : SV("none");
}

/* A parentRef that chooses what is not there is a slip, whatever other parents
 * take the route. */
static bool warn_of_choice(struct route *r, const struct gateway_parent *p,
			   bool section_found)
{
	struct diags *d = r->run->ctx->diags;

	if (r->run->compat)
		return false;
	if (p->section.n > 0 && !section_found) {
		diag_warn(d, DIAG_ROUTE, p->at,
			  SV_FMT ": " SV_FMT " has no listener \"" SV_FMT
				 "\" (sectionName); expected one of " SV_FMT,
			  SV_ARG(r->s->label), SV_ARG(p->label),
			  SV_ARG(p->section),
			  SV_ARG(listener_values(r, p, "name")));
		return true;
	}
	for (size_t i = 0; i < node_len(p->listeners); i++)
		if (gateway_port_match(
			    p->port,
			    node_get(node_at(p->listeners, i), SV("port"))))
			return false;
	if (p->port == NULL || p->port->kind != NODE_SCALAR)
		return false;
	diag_warn(d, DIAG_ROUTE, p->at,
		  SV_FMT ": " SV_FMT " has no listener with port " SV_FMT
			 "; expected one of " SV_FMT,
		  SV_ARG(r->s->label), SV_ARG(p->label),
		  SV_ARG(p->port->scalar),
		  SV_ARG(listener_values(r, p, "port")));
	return true;
}

/* Why no listener of the parent takes the route: a note each, and in
 * p->refusal the first of them, unless it was warned of. */
static void note_closed(struct route *r, struct gateway_parent *p)
{
	struct diags *d = r->run->ctx->diags;
	size_t from, to;
	bool warned;

	section(p, &from, &to);
	warned = warn_of_choice(r, p, from < to);
	if (from == to && !warned)
		p->refusal = SV("it has no listener");
	for (size_t i = from; i < to; i++) {
		const struct node *l = node_at(p->listeners, i);
		enum verdict verdict = judge(r, p, l);
		bool doubt = in_doubt(r, l, verdict);
		struct sv why = arena_fmt(
			r->run->ctx->mem, "listener \"" SV_FMT "\" %s",
			SV_ARG(node_str(l, SV("name"))), verdicts[verdict]);

		diag_file(d, DIAG_ROUTE, doubt ? DIAG_WARNING : DIAG_NOTE,
			  p->at, SV_FMT ": " SV_FMT ": " SV_FMT "%s",
			  SV_ARG(r->s->label), SV_ARG(p->label), SV_ARG(why),
			  doubt ? " by the known labels; its Namespace is not "
				  "among the manifests"
				: "");
		warned |= doubt;
		if (i == from)
			p->refusal = why;
	}
	if (warned)
		p->refusal = SV("");
	else if (to - from > 1)
		p->refusal = arena_fmt(r->run->ctx->mem,
				       SV_FMT ", and %zu more do not take it",
				       SV_ARG(p->refusal), to - from - 1);
}

static void open_listeners(struct route *r, struct gateway_parent *p)
{
	struct arena *mem = r->run->ctx->mem;
	size_t before = r->listeners.n, from, to;

	if (p->object == NULL) {
		/* Nobody knows its listeners: it takes what the route has. */
		VEC_ADD(mem, &r->listeners)->parent = p;
		return;
	}
	section(p, &from, &to);
	work_spend(mem, WORK_LISTENERS, to - from, p->at);
	for (size_t i = from; i < to; i++) {
		const struct node *l = node_at(p->listeners, i);
		struct open_listener *open;

		if (judge(r, p, l) != VERDICT_OPEN)
			continue;
		open = VEC_ADD(mem, &r->listeners);
		open->parent = p;
		open->hostname = node_get(l, SV("hostname"));
		open->host = node_str(l, SV("hostname"));
	}
	if (r->listeners.n == before)
		note_closed(r, p);
}

static void find_listeners(struct route *r)
{
	const struct object *o = r->s->object;
	const struct object *ns = gateway_find(r->run, SV("Namespace"), SV(""),
					       o->namespace, o, NULL);

	r->labels = namespace_labels(r->run->ctx->mem, o->namespace, ns);
	r->labels_known = ns != NULL;
	for (size_t i = 0; i < r->parents.list.n; i++)
		open_listeners(r, &r->parents.list.v[i]);
}

/* What gateway-hostname-source asks for. */
enum name_origin { NAMES_ALL, NAMES_ANNOTATION, NAMES_SPEC };

static enum name_origin name_origin(struct object_ctx *s)
{
	static const struct {
		const char *word;
		enum name_origin origin;
	} words[] = {
		{ "annotation-only", NAMES_ANNOTATION },
		{ "defined-hosts-only", NAMES_SPEC },
	};
	const struct node *n = annotation_node(s->ctx, s->object,
					       SV("gateway-hostname-source"));

	if (n == NULL || n->kind != NODE_SCALAR)
		return NAMES_ALL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_case_eq(n->scalar, sv_of(words[i].word)))
			return words[i].origin;
	diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
		  SV_FMT
		  ": invalid annotation gateway-hostname-source \"" SV_FMT
		  "\": expected \"annotation-only\" or \"defined-hosts-only\"; "
		  "it is ignored",
		  SV_ARG(s->label), SV_ARG(n->scalar));
	return NAMES_ALL;
}

static void spec_names(struct route *r, const struct node *list)
{
	for (size_t i = 0; i < node_len(list) && i < MAX_HOSTS; i++) {
		const struct node *n = node_at(list, i);

		if (!r->run->compat)
			object_ctx_name(r->s, n, rule_host);
		else if (n->kind == NODE_SCALAR)
			object_ctx_name_text(r->s, n->scalar, n->at, rule_host);
	}
}

/* Names of fqdn-template come where the route has none, or on top. */
static void template_names_of(struct object_ctx *s)
{
	struct strings hosts = { 0 };

	if (s->ctx->state->fqdn == NULL ||
	    !object_ctx_wants_templates(s, s->names.list.n) ||
	    !object_ctx_fqdn(s, &hosts))
		return;
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
}

static const struct node *hostnames_of(const struct route *r)
{
	return r->run->kind->hostnames
		       ? node_path(r->s->object->root, SV("spec.hostnames"))
		       : NULL;
}

/* To match an empty name would be to take the hostname of the listener, which
 * ExternalDNS does where gateway-hostname-source is annotation-only. */
static void annotated_names(struct object_ctx *s, bool alone)
{
	size_t first = s->names.list.n, kept = first;

	object_ctx_names_annotation(s, SV("hostname"), rule_annotation);
	if (alone)
		return;
	for (size_t i = first; i < s->names.list.n; i++)
		if (s->names.list.v[i].text.n > 0)
			s->names.list.v[kept++] = s->names.list.v[i];
	s->names.list.n = kept;
}

static void find_names(struct route *r)
{
	struct object_ctx *s = r->s;
	const struct node *list = hostnames_of(r);
	enum name_origin origin = name_origin(s);

	if (origin != NAMES_ANNOTATION)
		spec_names(r, list);
	if (origin != NAMES_SPEC &&
	    !s->ctx->publisher->opt.ignore_hostname_annotation)
		annotated_names(s, origin == NAMES_ANNOTATION);
	if (origin != NAMES_ANNOTATION)
		template_names_of(s);
	if (origin == NAMES_ALL && node_len(list) == 0)
		object_ctx_name_text(s, SV(""), s->object->at, rule_listener);
	r->hosts = s->names;
	s->names = (struct wanted_names){ 0 };
}

/* Would Kubernetes or ExternalDNS drop this name?  What is not a DNS name at
 * all is an error, unless ExternalDNS is to be copied. */
static bool name_ok(struct route *r, const struct wanted_name *n)
{
	struct source_ctx *ctx = r->run->ctx;
	struct sv dname;

	if (n->text.n == 0 || gateway_host_ok(n->text, !r->run->compat))
		return true;
	if (!r->run->compat &&
	    dname_parse(ctx->mem, ctx->diags, n->at,
			arena_str(ctx->mem,
				  arena_fmt(ctx->mem, "%s of " SV_FMT, n->rule,
					    SV_ARG(r->s->label))),
			DNAME_HOST_VAR, n->text, &dname) < 0) {
		r->s->failed = true;
		return false;
	}
	diag_warn(ctx->diags, DIAG_ROUTE, n->at,
		  SV_FMT ": invalid %s \"" SV_FMT
			 "\": expected a name that a listener can have (RFC "
			 "1123, ASCII, not an address); it is dropped",
		  SV_ARG(r->s->label), n->rule, SV_ARG(n->text));
	return false;
}

static void drop_bad_names(struct route *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->hosts.list.n; i++)
		if (name_ok(r, &r->hosts.list.v[i]))
			r->hosts.list.v[kept++] = r->hosts.list.v[i];
	r->hosts.list.n = kept;
	r->taken = ARENA_ARRAY(r->run->ctx->mem, bool, kept + 1);
}

/* The name that `l` and `n` have in common, in `mem`; what it is called and
 * where it is written goes to `out`. */
static bool common_name(struct arena *mem, const struct route *r,
			const struct open_listener *l,
			const struct wanted_name *n, struct wanted_name *out)
{
	const struct config *c = r->run->ctx->config;
	bool compat = r->run->compat;
	struct sv host = compat ? l->host : dname_strip_dot(l->host);
	struct sv name = compat ? n->text : dname_strip_dot(n->text);

	*out = *n;
	if (n->text.n == 0) {
		if (host.n == 0)
			return false;
		out->at = l->hostname->at;
	}
	/* An unresolved variable may become any name: the route's own is
	 * taken, and where it has none, the variable is what gets refused.
	 * Two references are compared as they stand. */
	if (!compat && placeholder_in(host) != NULL &&
	    (config_reference(c, host) == NULL ||
	     (name.n > 0 && config_reference(c, name) == NULL))) {
		out->text = n->text.n > 0 ? name : host;
		return true;
	}
	return gateway_host_match(mem, !compat, host, name, &out->text);
}

static void add_match(struct route *r, const struct wanted_name *name,
		      const struct gateway_parent *parent)
{
	struct arena *mem = r->run->ctx->mem;
	struct route_match *m = map_get(&r->by_name, name->text);

	if (m == NULL) {
		m = ARENA_NEW(mem, struct route_match);
		m->name = *name;
		m->name.text = arena_sv(mem, name->text);
		*VEC_ADD(mem, &r->matches) = m;
		map_put(&r->by_name, m->name.text, m);
	}
	if (m->parents.n == 0 || m->parents.v[m->parents.n - 1] != parent)
		*VEC_ADD(mem, &m->parents) = parent;
}

/* `mem` is for what is only looked at. */
static void match_listener(struct arena *mem, struct route *r,
			   const struct open_listener *l)
{
	for (size_t k = 0; k < r->hosts.list.n; k++) {
		struct wanted_name name;

		if (!common_name(mem, r, l, &r->hosts.list.v[k], &name))
			continue;
		r->taken[k] = true;
		add_match(r, &name, l->parent);
	}
	arena_reset(mem);
}

static void match_names(struct route *r)
{
	struct arena *mem;

	if (r->hosts.list.n > 0 &&
	    r->listeners.n > MAX_ROUTE_MATCHES / r->hosts.list.n) {
		object_ctx_refuse(
			r->s, DIAG_SHAPE, r->s->object->at,
			"too many names (%zu) and listeners (%zu) to compare",
			r->hosts.list.n, r->listeners.n);
		return;
	}
	work_spend(r->run->ctx->mem, WORK_LISTENERS,
		   r->listeners.n * r->hosts.list.n, r->s->object->at);
	mem = arena_under(r->run->ctx->mem);
	for (size_t i = 0; i < r->listeners.n; i++)
		match_listener(mem, r, &r->listeners.v[i]);
	arena_free(mem);
}

/* "example.org", *.example.net: what the open listeners take. */
static struct sv hosts_taken(struct route *r)
{
	enum { SHOWN = 4 };
	struct buf b = { .mem = r->run->ctx->mem };
	size_t n = r->listeners.n;

	for (size_t i = 0; i < n && i < SHOWN; i++)
		buf_fmt(&b, "%s\"" SV_FMT "\"", i > 0 ? ", " : "",
			SV_ARG(r->listeners.v[i].host));
	if (n > SHOWN)
		buf_fmt(&b, " and %zu more", n - SHOWN);
	return buf_sv(&b);
}

/* A parent that takes no part here may serve the name elsewhere. */
static void report_untaken(struct route *r)
{
	enum diag_severity severity = r->run->compat || r->parents.passed_over
					      ? DIAG_NOTE
					      : DIAG_WARNING;

	for (size_t k = 0; k < r->hosts.list.n; k++) {
		const struct wanted_name *n = &r->hosts.list.v[k];

		if (r->taken[k])
			continue;
		if (n->text.n > 0)
			diag_file(r->run->ctx->diags, DIAG_ROUTE, severity,
				  n->at,
				  SV_FMT
				  ": %s \"" SV_FMT
				  "\": no listener of its parents matches it, "
				  "so it has no record; they have " SV_FMT,
				  SV_ARG(r->s->label), n->rule, SV_ARG(n->text),
				  SV_ARG(hosts_taken(r)));
		else if (r->matches.n == 0)
			diag_note(r->run->ctx->diags, DIAG_ROUTE, n->at,
				  SV_FMT ": neither the route nor a listener "
					 "of its parents has a hostname",
				  SV_ARG(r->s->label));
	}
}

/* The target annotation that counts stands on the Gateway. */
static struct sv advice(struct route *r, const struct gateway_parent *p)
{
	struct arena *mem = r->run->ctx->mem;
	struct sv prefix = r->run->ctx->state->prefixes[0];

	if (p->gateway_key.n == 0)
		return SV("set targets: {default: [ADDRESS]} in the "
			  "configuration, or --default-targets");
	return arena_fmt(mem,
			 "set the annotation " SV_FMT "target of " SV_FMT
			 ", or targets: {gateway: {" SV_FMT ": [ADDRESS]}} in "
			 "the configuration, or --default-targets",
			 SV_ARG(prefix), SV_ARG(p->label),
			 SV_ARG(p->gateway_key));
}

/* A name has one CNAME: who serves it inside and outside wants two
 * publishers, as it would want two ExternalDNS. */
static void warn_of_two_hosts(struct route *r, const struct route_match *m,
			      const struct target_source *all)
{
	size_t hosts = 0;

	for (size_t i = 0; i < all->targets.list.n; i++)
		hosts += !all->targets.list.v[i].is_ref &&
			 rrtype_of_target(all->targets.list.v[i].text) ==
				 RR_CNAME;
	if (hosts > 1 && m->parents.n > 1 && !r->run->compat)
		diag_warn(r->run->ctx->diags, DIAG_ROUTE, m->name.at,
			  SV_FMT ": the parents of \"" SV_FMT
				 "\" point to different hosts; choose one "
				 "Gateway with gateway-name, or give each a "
				 "publisher with a zone of its own",
			  SV_ARG(r->s->label), SV_ARG(m->name.text));
}

static void publish_match(struct route *r, const struct route_match *m)
{
	struct object_ctx *s = r->s;
	struct target_source all = { 0 };

	s->advice = advice(r, m->parents.v[0]);
	/* [no-gateway] says it already where no parent is known. */
	s->quiet = true;
	for (size_t i = 0; i < m->parents.n; i++) {
		struct target_source some;

		s->quiet &= m->parents.v[i]->gateway == NULL &&
			    m->parents.v[i]->name.n > 0;
		gateway_targets(r->run, s, m->parents.v[i]);
		if (targets_choose(s, &m->name, &some))
			target_source_add(r->run->ctx->mem, &all, &some);
	}
	warn_of_two_hosts(r, m, &all);
	s->targets.n = 0;
	s->fallen_back = false;
	if (all.targets.list.n > 0)
		*VEC_ADD(r->run->ctx->mem, &s->targets) = all;
	object_ctx_name_text(s, m->name.text, m->name.at, m->name.rule);
	object_ctx_publish(s);
}

/* So that `explain NAME` finds a name whose route no parent serves; the reasons
 * are filed parent by parent. */
static void note_unserved(struct route *r)
{
	const struct node *list = hostnames_of(r);

	for (size_t i = 0; i < node_len(list) && i < MAX_HOSTS; i++) {
		const struct node *n = node_at(list, i);

		if (n->kind == NODE_SCALAR && n->scalar.n > 0)
			diag_note(r->run->ctx->diags, DIAG_ROUTE, n->at,
				  SV_FMT ": %s \"" SV_FMT
					 "\": no parent accepts the route",
				  SV_ARG(r->s->label), rule_host,
				  SV_ARG(n->scalar));
	}
}

/* A route of a kind without hostnames asks for records by annotation alone. */
static bool asks_for_names(const struct route *r)
{
	return r->run->kind->hostnames ||
	       annotation_node(r->s->ctx, r->s->object, SV("hostname")) != NULL;
}

static void warn_of_closed(struct route *r)
{
	if (r->run->compat || r->parents.passed_over || !asks_for_names(r))
		return;
	for (size_t i = 0; i < r->parents.list.n; i++) {
		const struct gateway_parent *p = &r->parents.list.v[i];

		if (p->refusal.n > 0)
			diag_warn(r->run->ctx->diags, DIAG_ROUTE, p->at,
				  SV_FMT ": no listener of " SV_FMT
					 " takes the route: " SV_FMT,
				  SV_ARG(r->s->label), SV_ARG(p->label),
				  SV_ARG(p->refusal));
	}
}

/* Many write it there, and ExternalDNS says nothing. */
static void warn_of_target(struct object_ctx *s)
{
	const struct node *n = annotation_node(s->ctx, s->object, SV("target"));

	if (n != NULL && !s->ctx->config->compat)
		diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
			  SV_FMT ": annotation target has no effect on a "
				 "route; set it on its Gateway",
			  SV_ARG(s->label));
}

static void route_one(struct object_ctx *s)
{
	struct gateway_run *run = s->ctx->own;
	struct route r = { .run = run,
			   .s = s,
			   .by_name = { .mem = run->ctx->mem } };

	/* ExternalDNS fills the template for every route.  Otherwise names come
	 * late: a variable without a value in a route that is not ours must not
	 * be an error. */
	if (run->compat)
		find_names(&r);
	gateway_parents(run, s->object, &r.parents);
	find_listeners(&r);
	if (r.listeners.n == 0) {
		note_unserved(&r);
		warn_of_closed(&r);
		return;
	}
	warn_of_target(s);
	if (!run->compat)
		find_names(&r);
	drop_bad_names(&r);
	match_names(&r);
	report_untaken(&r);
	for (size_t i = 0; i < r.matches.n && !s->failed; i++)
		publish_match(&r, r.matches.v[i]);
}

static const struct route_kind route_kinds[] = {
	{ { "HTTPRoute", 9 }, { "HTTP", 4 }, { "httproute", 9 }, true },
	{ { "GRPCRoute", 9 }, { "HTTP", 4 }, { "grpcroute", 9 }, true },
	{ { "TLSRoute", 8 }, { "TLS", 3 }, { "tlsroute", 8 }, true },
	{ { "TCPRoute", 8 }, { "TCP", 3 }, { "tcproute", 8 }, false },
	{ { "UDPRoute", 8 }, { "UDP", 3 }, { "udproute", 8 }, false },
};

static const struct route_kind *route_kind_find(struct sv kind)
{
	const size_t n = sizeof(route_kinds) / sizeof(route_kinds[0]);
	size_t i = 0;

	while (i < n && !sv_eq(kind, route_kinds[i].kind))
		i++;
	assert(i < n); /* each row of source.def has one here */
	return &route_kinds[i];
}

static int gateway_read(struct source_ctx *ctx, const struct source *self)
{
	struct gateway_run *run = ARENA_NEW(ctx->mem, struct gateway_run);

	if (gateway_run_init(run, ctx, route_kind_find(sv_of(self->kind))) < 0)
		return -1;
	ctx->own = run;
	return source_each(ctx, self, run->kind->prefix, route_one);
}

static const char *const route_lookup_kinds[] = { "Gateway", "ListenerSet",
						  "Namespace", "XListenerSet",
						  NULL };

const struct source source_gateway_httproute = {
	.flag = "gateway-httproute",
	.by_default = true,
	.group = GATEWAY_GROUP,
	.kind = "HTTPRoute",
	.lookup_kinds = route_lookup_kinds,
	.read = gateway_read,
};

const struct source source_gateway_grpcroute = {
	.flag = "gateway-grpcroute",
	.by_default = true,
	.group = GATEWAY_GROUP,
	.kind = "GRPCRoute",
	.lookup_kinds = route_lookup_kinds,
	.read = gateway_read,
};

const struct source source_gateway_tlsroute = {
	.flag = "gateway-tlsroute",
	.by_default = true,
	.group = GATEWAY_GROUP,
	.kind = "TLSRoute",
	.lookup_kinds = route_lookup_kinds,
	.read = gateway_read,
};

const struct source source_gateway_tcproute = {
	.flag = "gateway-tcproute",
	.by_default = true,
	.group = GATEWAY_GROUP,
	.kind = "TCPRoute",
	.lookup_kinds = route_lookup_kinds,
	.read = gateway_read,
};

const struct source source_gateway_udproute = {
	.flag = "gateway-udproute",
	.by_default = true,
	.group = GATEWAY_GROUP,
	.kind = "UDPRoute",
	.lookup_kinds = route_lookup_kinds,
	.read = gateway_read,
};
