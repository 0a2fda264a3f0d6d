/*
 * dangling.h - targets that do not exist; private to gen/verify/.
 *
 * Why:    whoever registers a name that a record of ours still leads to answers
 *         for our name, or gets its mail: a subdomain takeover.
 */
#ifndef VERIFY_DANGLING_H
#define VERIFY_DANGLING_H

#include "verify/zone.h"

/* Look up what records lead to, outside of the zone. */
int dangling_find(struct verify *v, struct verify_zone *z);

#endif
