/*
 * balancer.h - addresses of the Services and Ingresses that other kinds hide
 * behind: Istio's and Gloo's gateways, Ambassador's Hosts.
 *
 * Owner:  ctx->mem.
 * Source: ExternalDNS source/endpoints.go, source/service.go.
 */
#ifndef SOURCE_BALANCER_H
#define SOURCE_BALANCER_H

#include "base/map.h"
#include "source/annotation.h"

/* Objects of some kinds by name; of several that have the same one, the first
 * in the order of objects_of(), so that the order of reading does not show. */
struct object_index {
	const struct source_ctx *ctx;
	struct map map; /* "Service ns/name" */
};

/* Add all objects of one kind that are in --namespace, or all. */
void object_index_add(struct object_index *x, struct sv group, struct sv kind,
		      bool everywhere);
const struct object *object_index_find(const struct object_index *x,
				       struct sv kind, struct sv namespace,
				       struct sv name);

/* Of one entry of status.loadBalancer.ingress: the address and the name, or the
 * name only of an entry without an address. */
enum balancer_take { BALANCER_BOTH, BALANCER_FIRST };

/*
 * Append what `o`, an Ingress or a Service, is reached by.  A Service's
 * spec.externalIPs come before its status.  Offline also what it asks its load
 * balancer for: spec.loadBalancerIP and the address annotations.
 */
void balancer_add(const struct source_ctx *ctx, const struct object *o,
		  enum balancer_take take, struct node *list);

/* "name" or "namespace/name", in `namespace` where it names none; false where
 * it has more slashes. */
bool balancer_ref(struct sv text, struct sv namespace, struct sv *ns,
		  struct sv *name);

#endif
