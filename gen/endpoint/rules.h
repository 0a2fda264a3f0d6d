/*
 * rules.h - what ExternalDNS asks of an endpoint, and how it picks one.
 *
 * Source: ExternalDNS 0.23 endpoint/endpoint.go (CheckEndpoint, IsLess),
 *         RFC 1035 3.5 and RFC 3596 2.5 (reverse names).
 */
#ifndef ENDPOINT_RULES_H
#define ENDPOINT_RULES_H

#include "endpoint/endpoint.h"

/* NULL, or why ExternalDNS drops the endpoint. */
const char *endpoint_fault(const struct endpoint *e);

/* Fewer targets first; then addresses before names, by number; then bytes.
 * Sorts both targets. */
bool endpoint_less(struct endpoint *a, struct endpoint *b);

/* "1.2.0.192.in-addr.arpa"; false for what is not an address. */
bool reverse_name(struct arena *mem, struct sv address, struct sv *out);

#endif
