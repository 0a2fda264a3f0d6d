/*
 * published.h - how a zone is published, beside its records; private to plan/
 * but for what plan.h has of it.
 */
#ifndef PLAN_PUBLISHED_H
#define PLAN_PUBLISHED_H

#include "plan/plan.h"

/* Where the records of a zone end up, for a message; "" without outputs. */
struct sv published_where(struct arena *mem, const struct zone *z);

/* Does an output write into another zone of its provider than it did? */
bool published_elsewhere(const struct zone *was, const struct zone *is);

#endif
