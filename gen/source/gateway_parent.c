/* spec.parentRefs of a route, or status.parents: which parents take part. */
#include "source/gateway.h"

static void pass_over(struct gateway_run *run, const struct object *route,
		      const struct gateway_parent *p, const char *why)
{
	diag_file(run->ctx->diags, DIAG_ROUTE,
		  p->is_closed && !run->compat ? DIAG_WARNING : DIAG_NOTE,
		  p->at, SV_FMT " " SV_FMT "/" SV_FMT ": " SV_FMT ": %s",
		  SV_ARG(route->kind), SV_ARG(route->namespace),
		  SV_ARG(route->name), SV_ARG(p->label), why);
}

static struct sv or_else(struct sv s, struct sv fallback)
{
	return s.n > 0 ? s : fallback;
}

static void parse_ref(const struct node *n, struct sv namespace,
		      struct gateway_parent *p)
{
	*p = (struct gateway_parent){
		.group = or_else(node_str(n, SV("group")), SV(GATEWAY_GROUP)),
		.kind = or_else(node_str(n, SV("kind")), SV("Gateway")),
		.namespace = or_else(node_str(n, SV("namespace")), namespace),
		.name = node_str(n, SV("name")),
		.section = node_str(n, SV("sectionName")),
		.port = node_get(n, SV("port")),
	};
}

static bool same_ref(const struct gateway_parent *a,
		     const struct gateway_parent *b)
{
	return sv_eq(a->group, b->group) && sv_eq(a->kind, b->kind) &&
	       sv_eq(a->namespace, b->namespace) && sv_eq(a->name, b->name);
}

static bool condition_true(const struct node *conditions, struct sv type)
{
	for (size_t i = 0; i < node_len(conditions); i++) {
		const struct node *c = node_at(conditions, i);

		if (sv_eq(node_str(c, SV("type")), type))
			return sv_eq(node_str(c, SV("status")), SV("True"));
	}
	return false;
}

/* An explicit "False"; what is not said is taken as accepted offline. */
static bool condition_false(const struct node *conditions, struct sv type)
{
	for (size_t i = 0; i < node_len(conditions); i++) {
		const struct node *c = node_at(conditions, i);

		if (sv_eq(node_str(c, SV("type")), type))
			return sv_eq(node_str(c, SV("status")), SV("False"));
	}
	return false;
}

static bool label_lookup(const void *object, struct sv key, struct sv *value)
{
	const struct node *n = object_label(object, key);

	if (n == NULL || n->kind != NODE_SCALAR)
		return false;
	*value = node_is_null(n) ? SV("") : n->scalar;
	return true;
}

/* Why the flags leave this Gateway out, or NULL. */
static const char *left_out(const struct gateway_run *run, struct sv namespace,
			    struct sv name, const struct object *gateway)
{
	const struct options *o = &run->ctx->publisher->opt;

	if (o->gateway_name.n > 0 && !sv_eq(o->gateway_name, name))
		return "its name is not --gateway-name";
	if (o->gateway_namespace.n > 0 &&
	    !sv_eq(o->gateway_namespace, namespace))
		return "its namespace is not --gateway-namespace";
	if (gateway == NULL)
		return o->gateway_label_filter.n == 0
			       ? NULL
			       : "it is not among the manifests, so "
				 "--gateway-label-filter cannot select it";
	if (!selector_match(&run->labels, label_lookup, gateway))
		return "its labels do not match --gateway-label-filter";
	if (!object_selected(run->ctx, gateway, SELECT_CONTROLLER))
		return "its controller annotation names another controller";
	return NULL;
}

/* A second one that differs would decide the records of others: an error. */
static const struct object *find_one(struct gateway_run *run, struct sv kind,
				     struct sv namespace, struct sv name,
				     const struct object *near)
{
	const struct object *duplicate = NULL;
	const struct object *hit =
		gateway_find(run, kind, namespace, name, near, &duplicate);

	/* Those of one file are duplicate.c's to report. */
	if (duplicate != NULL && !run->compat &&
	    !sv_eq(duplicate->at.file, hit->at.file))
		(void)duplicate_error(run->ctx->diags, hit, duplicate);
	return hit;
}

/* The Gateway behind `p`; a reason when the parent takes no part. */
static const char *find_gateway(struct gateway_run *run,
				const struct object *near, struct sv namespace,
				struct sv name, struct gateway_parent *p)
{
	p->gateway_key = arena_fmt(run->ctx->mem, SV_FMT "/" SV_FMT,
				   SV_ARG(namespace), SV_ARG(name));
	p->gateway = find_one(run, SV("Gateway"), namespace, name, near);
	if (p->gateway == NULL && run->compat)
		return "it is not among the manifests";
	if (p->gateway != NULL && !sv_eq(p->gateway->namespace, namespace))
		diag_note(run->ctx->diags, DIAG_ROUTE, p->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": " SV_FMT
				 ": the Gateway of this name in " SV_FMT
				 ":%u has no namespace and is used instead",
			  SV_ARG(near->kind), SV_ARG(near->namespace),
			  SV_ARG(near->name), SV_ARG(p->label),
			  SV_ARG(p->gateway->at.file), p->gateway->at.line);
	return left_out(run, namespace, name, p->gateway);
}

static const char *attach_gateway(struct gateway_run *run,
				  const struct object *route,
				  struct gateway_parent *p)
{
	const char *why = find_gateway(run, route, p->namespace, p->name, p);

	p->object = p->gateway;
	p->owner = p->namespace;
	if (p->gateway != NULL)
		p->listeners =
			node_path(p->gateway->root, SV("spec.listeners"));
	return why;
}

static bool takes_set(struct gateway_run *run, const struct gateway_parent *p,
		      struct sv gateway_namespace)
{
	struct arena *mem = run->ctx->mem;
	const struct object *ns = gateway_find(run, SV("Namespace"), SV(""),
					       p->namespace, p->object, NULL);
	struct pairs labels = namespace_labels(mem, p->namespace, ns);

	return gateway_namespace_match(
		node_path(p->gateway->root,
			  SV("spec.allowedListeners.namespaces")),
		SV("None"), gateway_namespace, p->namespace, &labels);
}

/* As ExternalDNS skips them, though here no CRD must be installed. */
static const char *sets_are_off(struct gateway_run *run,
				const struct object *route,
				const struct gateway_parent *p)
{
	if (!run->compat)
		diag_warn(run->ctx->diags, DIAG_ROUTE, p->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": " SV_FMT
				 " is read with gateway-listener-sets only",
			  SV_ARG(route->kind), SV_ARG(route->namespace),
			  SV_ARG(route->name), SV_ARG(p->label));
	return "--gateway-listener-sets is off";
}

static const char *attach_set(struct gateway_run *run,
			      const struct object *route,
			      struct gateway_parent *p)
{
	const struct node *ref, *conditions;
	const char *why;
	struct sv ns;

	if (!run->ctx->publisher->opt.gateway_listener_sets)
		return sets_are_off(run, route, p);
	p->owner = p->namespace;
	p->object = find_one(run, p->kind, p->namespace, p->name, route);
	if (p->object == NULL)
		return run->compat ? "it is not among the manifests" : NULL;
	if (!object_selected(run->ctx, p->object,
			     SELECT_ANNOTATIONS | SELECT_CONTROLLER))
		return "the annotation filter or its controller annotation "
		       "excludes it";
	p->listeners = node_path(p->object->root, SV("spec.listeners"));
	ref = node_path(p->object->root, SV("spec.parentRef"));
	ns = or_else(node_str(ref, SV("namespace")), p->namespace);
	why = find_gateway(run, p->object, ns, node_str(ref, SV("name")), p);
	if (why != NULL)
		return why;
	p->is_closed = p->gateway != NULL && !takes_set(run, p, ns);
	if (p->is_closed)
		return "its Gateway's spec.allowedListeners does not allow it";
	conditions = node_path(p->object->root, SV("status.conditions"));
	if (run->by_status ? !condition_true(conditions, SV("Accepted"))
			   : condition_false(conditions, SV("Accepted")))
		return "its status does not say Accepted";
	return NULL;
}

/* ListenerSets had another group and name while they were an experiment; then
 * no ExternalDNS ever read them. */
static const struct {
	struct sv group, kind;
	bool ours; /* not with --compat */
	const char *(*attach)(struct gateway_run *run,
			      const struct object *route,
			      struct gateway_parent *p);
} parent_kinds[] = {
	{ { GATEWAY_GROUP, sizeof(GATEWAY_GROUP) - 1 },
	  { "Gateway", 7 },
	  false,
	  attach_gateway },
	{ { GATEWAY_GROUP, sizeof(GATEWAY_GROUP) - 1 },
	  { "ListenerSet", 11 },
	  false,
	  attach_set },
	{ { GATEWAY_EXPERIMENT, sizeof(GATEWAY_EXPERIMENT) - 1 },
	  { "XListenerSet", 12 },
	  true,
	  attach_set },
};

static const char *attach(struct gateway_run *run, const struct object *route,
			  struct gateway_parent *p)
{
	for (size_t i = 0; i < sizeof(parent_kinds) / sizeof(parent_kinds[0]);
	     i++)
		if (sv_eq(p->group, parent_kinds[i].group) &&
		    sv_eq(p->kind, parent_kinds[i].kind) &&
		    !(run->compat && parent_kinds[i].ours))
			return parent_kinds[i].attach(run, route, p);
	return "only a Gateway or a ListenerSet makes records";
}

/* What status.parents says of the parent that spec.parentRefs[] names. */
static const struct node *status_of(const struct object *route,
				    const struct gateway_parent *p)
{
	const struct node *list = node_path(route->root, SV("status.parents"));

	for (size_t i = 0; i < node_len(list) && i < MAX_ROUTE_PARENTS; i++) {
		const struct node *n = node_at(list, i);
		struct gateway_parent parent;

		parse_ref(node_get(n, SV("parentRef")), route->namespace,
			  &parent);
		if (same_ref(&parent, p) && sv_eq(parent.section, p->section))
			return n;
	}
	return NULL;
}

static bool in_spec(const struct object *route, const struct gateway_parent *p)
{
	const struct node *list = node_path(route->root, SV("spec.parentRefs"));

	for (size_t i = 0; i < node_len(list) && i < MAX_ROUTE_PARENTS; i++) {
		struct gateway_parent ref;

		parse_ref(node_at(list, i), route->namespace, &ref);
		if (same_ref(&ref, p))
			return true;
	}
	return false;
}

/* ExternalDNS asks status alone, and takes section and port from there. */
static const char *accepted_by_status(struct gateway_run *run,
				      const struct object *route,
				      const struct node *status,
				      struct gateway_parent *p)
{
	if (!in_spec(route, p))
		return "status.parents names it, spec.parentRefs does not";
	if (!condition_true(node_get(status, SV("conditions")), SV("Accepted")))
		return "status does not say that it accepted the route";
	return attach(run, route, p);
}

static const char *accepted_by_spec(struct gateway_run *run,
				    const struct object *route,
				    struct gateway_parent *p)
{
	const struct node *status = run->compat ? NULL : status_of(route, p);

	if (condition_false(node_get(status, SV("conditions")), SV("Accepted")))
		return "status says that it did not accept the route";
	return attach(run, route, p);
}

static bool rule_names(const struct gateway_run *run, struct sv key)
{
	const struct target_rules *r = &run->ctx->publisher->targets;

	for (size_t i = 0; i < r->gateway.n; i++)
		if (sv_eq(r->gateway.v[i].key, key))
			return true;
	return false;
}

/* Say which object is missing, and what would make up for it. */
static void report_missing(struct gateway_run *run, const struct object *route,
			   const struct gateway_parent *p)
{
	struct diags *d = run->ctx->diags;

	if (run->compat || p->gateway != NULL ||
	    rule_names(run, p->gateway_key))
		return;
	if (p->gateway_key.n > 0)
		diag_warn(d, DIAG_NO_GATEWAY, p->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": Gateway " SV_FMT
				 " is not among the manifests; add it, or an "
				 "entry \"" SV_FMT "\" under targets.gateway",
			  SV_ARG(route->kind), SV_ARG(route->namespace),
			  SV_ARG(route->name), SV_ARG(p->gateway_key),
			  SV_ARG(p->gateway_key));
	else
		diag_warn(d, DIAG_NO_GATEWAY, p->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": " SV_FMT
				 " is not among the manifests",
			  SV_ARG(route->kind), SV_ARG(route->namespace),
			  SV_ARG(route->name), SV_ARG(p->label));
}

static bool from_values(const struct object *o)
{
	return o->origin != NULL &&
	       sv_eq(sv_of(o->origin->step), SV("helm-values"));
}

/* Values often leave the parent to their chart: then it is unknown, as a
 * Gateway that is not read.  A plain route without one is attached nowhere. */
static void no_parents(struct gateway_run *run, const struct object *route,
		       struct gateway_parents *out)
{
	if (run->compat)
		return;
	if (from_values(route))
		VEC_ADD(run->ctx->mem, &out->list)->label =
			SV("the chart's own parent");
	else
		diag_note(run->ctx->diags, DIAG_ROUTE, route->at,
			  SV_FMT
			  " " SV_FMT "/" SV_FMT
			  ": it names no parent, so no Gateway serves it",
			  SV_ARG(route->kind), SV_ARG(route->namespace),
			  SV_ARG(route->name));
}

void gateway_parents(struct gateway_run *run, const struct object *route,
		     struct gateway_parents *out)
{
	const struct node *list =
		node_path(route->root, run->by_status ? SV("status.parents")
						      : SV("spec.parentRefs"));

	if (node_len(list) > MAX_ROUTE_PARENTS)
		diag_warn(run->ctx->diags, DIAG_ROUTE, list->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": only the first %d "
				 "parents are read",
			  SV_ARG(route->kind), SV_ARG(route->namespace),
			  SV_ARG(route->name), MAX_ROUTE_PARENTS);
	if (node_len(list) == 0)
		no_parents(run, route, out);
	for (size_t i = 0; i < node_len(list) && i < MAX_ROUTE_PARENTS; i++) {
		const struct node *n = node_at(list, i);
		const struct node *ref =
			run->by_status ? node_get(n, SV("parentRef")) : n;
		struct gateway_parent p;
		const char *why;

		if (ref == NULL || ref->kind != NODE_MAP)
			continue;
		parse_ref(ref, route->namespace, &p);
		p.at = ref->at;
		p.label = arena_fmt(run->ctx->mem, SV_FMT " " SV_FMT "/" SV_FMT,
				    SV_ARG(p.kind), SV_ARG(p.namespace),
				    SV_ARG(p.name));
		why = run->by_status ? accepted_by_status(run, route, n, &p)
				     : accepted_by_spec(run, route, &p);
		if (why != NULL) {
			pass_over(run, route, &p, why);
			out->passed_over = true;
			continue;
		}
		report_missing(run, route, &p);
		*VEC_ADD(run->ctx->mem, &out->list) = p;
	}
}

bool gateway_listener_accepted(const struct gateway_run *run,
			       const struct gateway_parent *p,
			       const struct node *listener)
{
	const struct node *list;

	if (p->object == p->gateway)
		return true;
	list = node_path(p->object->root, SV("status.listeners"));
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *n = node_at(list, i);
		const struct node *status = node_get(n, SV("conditions"));

		if (sv_eq(node_str(n, SV("name")),
			  node_str(listener, SV("name"))))
			return run->by_status
				       ? condition_true(status, SV("Accepted"))
				       : !condition_false(status,
							  SV("Accepted"));
	}
	return !run->by_status;
}
