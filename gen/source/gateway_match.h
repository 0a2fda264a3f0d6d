/*
 * gateway_match.h - when a Gateway API listener takes a route, as pure
 * functions over names and nodes; gateway.c walks the objects.
 *
 * Owner:  results point into the arguments or into `mem`.
 * Errors: none; what is malformed matches nothing.
 * Source: Gateway API v1 spec (HTTPRoute hostnames, AllowedRoutes,
 *         ParentReference); ExternalDNS source/gateway.go for what of it
 *         decides about records.
 */
#ifndef SOURCE_GATEWAY_MATCH_H
#define SOURCE_GATEWAY_MATCH_H

#include "base/limits.h"
#include "endpoint/endpoint.h"
#include "manifest/manifest.h"

#define GATEWAY_GROUP	   "gateway.networking.k8s.io"
#define GATEWAY_EXPERIMENT "gateway.networking.x-k8s.io"

/* A name as listeners and routes may have it: RFC 1123 labels, a leading "*."
 * and a final dot allowed, no address.  `open`: "${NAME}" may be the last
 * label, see dname_variable(). */
bool gateway_host_ok(struct sv host, bool open);

/*
 * The more specific of two names that overlap, lower case.  "" matches any
 * name; "*.example.com" matches every depth below example.com, not itself.
 * False when they do not overlap or one is not a name.
 */
bool gateway_host_match(struct arena *mem, bool open, struct sv listener,
			struct sv route, struct sv *out);

/* HTTP takes HTTPS as well, TCP also TLS; anything else only itself. */
bool gateway_protocol_match(struct sv route, struct sv listener);

/* `ref` is spec.parentRefs[].port or NULL: any. */
bool gateway_port_match(const struct node *ref, const struct node *listener);

/* `kinds` is allowedRoutes.kinds; empty or absent takes every kind. */
bool gateway_kind_match(const struct node *kinds, struct sv group,
			struct sv kind);

/*
 * Does a `namespaces` rule with `from` and `selector` take objects of
 * `namespace`, whose labels are `labels`?  `owner` is the namespace of the
 * rule, `fallback` stands for an absent `from`.
 */
bool gateway_namespace_match(const struct node *rule, struct sv fallback,
			     struct sv owner, struct sv namespace,
			     const struct pairs *labels);

/* A LabelSelector (matchLabels, matchExpressions); NULL matches nothing, an
 * empty one everything, a malformed one nothing. */
bool label_selector_match(const struct node *selector,
			  const struct pairs *labels);

/* The labels of a Namespace, with the one that the API server adds.  `ns`
 * may be NULL: then only that one is known. */
struct pairs namespace_labels(struct arena *mem, struct sv name,
			      const struct object *ns);

#endif
