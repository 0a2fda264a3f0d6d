/*
 * service.h - what a cluster holds around Services, as far as git does; private
 * to gen/source/.
 *
 * Source: ExternalDNS 0.23 source/service.go, compatibility.go.
 */
#ifndef SOURCE_SERVICE_H
#define SOURCE_SERVICE_H

#include "source/annotation.h"

/* Of the cluster, whatever namespace was given; NULL if git has none. */
const struct object *node_find(const struct source_ctx *ctx, struct sv name);

/* Append status.addresses[].address of a Node that are of type `type`; with
 * `only_v6` the IPv6 ones among them. */
void node_addresses(struct object_ctx *s, const struct object *node,
		    struct sv type, bool only_v6, struct target_source *out);

/* Pods that the selector of `svc` matches, in its namespace. */
void service_pods(const struct source_ctx *ctx, const struct object *svc,
		  struct object_refs *out);

/* Addresses of the nodes that a NodePort Service is reached at, by its access
 * annotation, as one more source of targets. */
void node_port_targets(struct object_ctx *s);

/* SRV records of its ports, under every name of the object. */
size_t node_port_publish(struct object_ctx *s);

/* Records of a headless Service under every name of the object and below it for
 * each Pod that has a host name; returns how many. */
size_t headless_publish(struct object_ctx *s);

/* Endpoints by the annotations of older programs (--compatibility). */
size_t legacy_publish(struct object_ctx *s);

#endif
