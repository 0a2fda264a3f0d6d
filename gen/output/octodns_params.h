/*
 * octodns_params.h - parameters of SVCB and HTTPS as octoDNS' map of them, and
 * the order of its keys; private to gen/output/.
 *
 * Source: octodns 1.22 record/svcb.py; natsort's default, by which it sorts.
 */
#ifndef OUTPUT_OCTODNS_PARAMS_H
#define OUTPUT_OCTODNS_PARAMS_H

#include "base/buf.h"
#include "manifest/manifest.h"

/* What of it the map cannot hold of what rdata_text() gives, `alpn="h2,h3"
 * port=443`; NULL: all is well. */
const char *octodns_params_fault(struct sv text);

/* The lines of the map, behind "svcparams:". */
void octodns_params_put(struct buf *b, struct sv text);

/* The way back. */
struct sv octodns_params_text(struct arena *mem, const struct node *map);

/* Numbers in the text count as numbers: "a2" is before "a10". */
int natural_cmp(struct sv a, struct sv b);

#endif
