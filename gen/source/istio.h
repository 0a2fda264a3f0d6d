/*
 * istio.h - what Istio's Gateways and VirtualServices share: where the
 * traffic of a Gateway arrives.
 *
 * Owner:  ctx->mem.
 * Source: ExternalDNS source/istio_gateway.go, istio_virtualservice.go.
 */
#ifndef SOURCE_ISTIO_H
#define SOURCE_ISTIO_H

#include "base/map.h"
#include "source/balancer.h"

#define ISTIO_GROUP "networking.istio.io"

/* One run over Gateways or VirtualServices; ctx->own points to it. */
struct istio_run {
	struct source_ctx *ctx;
	struct object_refs services;
	struct object_index objects; /* Gateways and Ingresses */
	struct map targets;	     /* "ns/name" to struct object_ctx */
	size_t compared;	     /* pairs of a Gateway and a Service */
};

void istio_run_init(struct istio_run *run, struct source_ctx *ctx);

/* Targets of a Gateway, best first, behind those that `s` has.  `key` is its
 * "ns/name"; `gateway` is NULL where it is not among what is read. */
void istio_targets(struct istio_run *run, struct object_ctx *s,
		   const struct object *gateway, struct sv key);

/* "ns/host" without its namespace; `*ns` is "*" where there is none.  False
 * for more than one slash. */
bool istio_host(struct sv text, struct sv *ns, struct sv *host);

#endif
