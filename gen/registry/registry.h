/*
 * registry.h - TXT ownership records, byte for byte as ExternalDNS writes
 * them by default.
 *
 * Source: ExternalDNS registry/txt, registry/mapper, endpoint/labels.go.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "config/config.h"

/*
 * Add the TXT of every record in `set` (not of static or registry ones) to
 * it, and stamp the owner label.  `p` serves records whose own publisher is
 * NULL.  `zone` is empty when unknown: no check
 * that the TXT lies in it.  A TXT that cannot be written is a diag
 * (DIAG_TXT_NAME).  Returns 0, or -1 where txt-overflow is "error".
 */
int registry_add(struct arena *mem, struct diags *d, const struct publisher *p,
		 bool compat, struct sv zone, struct endpoints *set);

/* "a-www.example.com" for A www.example.com by the publisher's affixes. */
struct sv registry_name(struct arena *mem, const struct options *o,
			enum rrtype type, struct sv name);

/* "\"heritage=external-dns,...\"": quotes are part of the value. */
struct sv registry_value(struct arena *mem, const struct pairs *labels);

#endif
