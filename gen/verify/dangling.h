/*
 * dangling.h - targets that do not exist; private to gen/verify/.
 *
 * Why:    whoever registers a name that a CNAME of ours still leads to answers
 *         for our name: a subdomain takeover.
 */
#ifndef VERIFY_DANGLING_H
#define VERIFY_DANGLING_H

#include "verify/judge.h"
#include "verify/verify.h"

/* Look up what CNAME and NS records lead to, outside of the zone. */
int dangling_find(struct verify *v, const struct zone *zone,
		  const struct rows *rows);

#endif
