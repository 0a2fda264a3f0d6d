/*
 * traefik_proxy.h - hosts in a Traefik rule.
 *
 * Owner:  views point into the rule.
 * Source: ExternalDNS source/traefik_proxy.go: every "HostSNI(", "HostHeader("
 *         or "Host(" with a list in back quotes up to the first back quote
 *         that a ")" follows on the same line.
 */
#ifndef SOURCE_TRAEFIK_PROXY_H
#define SOURCE_TRAEFIK_PROXY_H

#include "source/annotation.h"

struct rule_host {
	struct sv name;
	bool negated; /* "!" in front of its matcher */
};

struct rule_hosts {
	VEC(struct rule_host) list;
};

void rule_hosts(struct arena *mem, struct sv rule, struct rule_hosts *out);

#endif
