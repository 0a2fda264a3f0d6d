/*
 * filter.h - which names and which targets pass.
 *
 * Source: ExternalDNS 0.23 endpoint/domain_filter.go, target_filter.go.
 */
#ifndef ENDPOINT_FILTER_H
#define ENDPOINT_FILTER_H

#include "base/pattern.h"
#include "endpoint/endpoint.h"

struct domain_filter {
	VEC(struct sv) include, exclude; /* in dname_unicode() form */
	struct pattern *match, *refuse;	 /* either: the lists do not count */
};

/* Blank ones are dropped; a leading "." leaves the apex out. */
void domain_filter_add(struct arena *mem, struct domain_filter *f,
		       struct sv domain, bool exclude);

/* Does `name` pass (PATTERN_HIT)?  An empty filter lets everything pass. */
enum pattern_result domain_filter_pass(struct arena *mem,
				       const struct domain_filter *f,
				       struct sv name);

struct net_filter {
	VEC(struct prefix) include, exclude;
};

/* False for text that is not a CIDR: ExternalDNS logs it and goes on. */
bool net_filter_add(struct arena *mem, struct net_filter *f, struct sv cidr,
		    bool exclude);

/* A name lies in no net: an include list drops it, an exclude list does not. */
bool net_filter_pass(const struct net_filter *f, struct sv target);

#endif
