/*
 * gateway.h - what the files of the Gateway API sources share: the objects
 * that a route may name as parents, and where their traffic arrives.
 *
 * Owner:  ctx->mem.
 * Errors: what is passed over is a note (DIAG_ROUTE), a Gateway that is not
 *         in the snapshot a warning (DIAG_NO_GATEWAY).
 * Source: Gateway API v1; ExternalDNS source/gateway.go.
 */
#ifndef SOURCE_GATEWAY_H
#define SOURCE_GATEWAY_H

#include "base/map.h"
#include "base/selector.h"
#include "source/annotation.h"
#include "source/gateway_match.h"

/* What the five kinds of routes differ in. */
struct route_kind {
	struct sv kind, protocol, prefix; /* "HTTPRoute", "HTTP", "httproute" */
	bool hostnames;			  /* has spec.hostnames */
};

/* One run over one kind of routes. */
struct gateway_run {
	struct source_ctx *ctx;
	const struct route_kind *kind;
	struct map objects;	/* "Gateway infra/gw" to struct gateway_named */
	struct map targets;	/* of a parent, by its label */
	struct selector labels; /* --gateway-label-filter */
	bool compat;
	/* --compat without --assume-accepted: status alone says who accepted,
	 * as it does for ExternalDNS. */
	bool by_status;
};

/* Objects of one kind, namespace and name: one for each cluster that the
 * repository describes. */
struct gateway_named {
	struct object_refs refs;
};

/* An element of spec.parentRefs, and what it leads to. */
struct gateway_parent {
	struct loc at;
	struct sv group, kind, namespace, name, section;
	const struct node *port;
	struct sv label;	      /* "Gateway infra/gw" */
	const struct object *object;  /* Gateway or ListenerSet, or NULL */
	const struct object *gateway; /* the same, or the ListenerSet's */
	struct sv gateway_key;	      /* "infra/gw"; "" when unknown */
	struct sv owner;	      /* namespace for `Same` */
	const struct node *listeners; /* NULL: unknown, every name is taken */
	bool is_closed;	   /* a ListenerSet that its Gateway does not allow */
	struct sv refusal; /* why no listener takes the route; "": one does,
			      or it is said already */
};

struct gateway_parents {
	VEC(struct gateway_parent) list;
	bool passed_over; /* some parent takes no part, and was noted */
};

/* -1 with a diag where --gateway-label-filter is invalid. */
int gateway_run_init(struct gateway_run *run, struct source_ctx *ctx,
		     const struct route_kind *kind);

/* The object that `near` means by this kind and name; or NULL.  `duplicate`, or
 * NULL: as in object_meant(). */
const struct object *gateway_find(const struct gateway_run *run, struct sv kind,
				  struct sv namespace, struct sv name,
				  const struct object *near,
				  const struct object **duplicate);

/* The parents that take part; the others are noted at their place. */
void gateway_parents(struct gateway_run *run, const struct object *route,
		     struct gateway_parents *out);

/* ListenerSet entries stand alone in needing their own acceptance. */
bool gateway_listener_accepted(const struct gateway_run *run,
			       const struct gateway_parent *p,
			       const struct node *listener);

/* Targets of what arrives at `p`, best first, into s->targets. */
void gateway_targets(struct gateway_run *run, struct object_ctx *s,
		     const struct gateway_parent *p);

/* spec.infrastructure.annotations as the annotations of the object that the
 * Gateway's controller will make; NULL when there are none. */
const struct object *gateway_infrastructure(struct arena *mem,
					    const struct object *gateway);

/* status.addresses, spec.addresses and the address annotations of
 * spec.infrastructure, as targets that nobody wrote as such. */
void gateway_addresses_in_git(struct object_ctx *s,
			      const struct object *gateway);

#endif
