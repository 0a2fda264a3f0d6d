/*
 * check_names.h - names that name servers refuse, and with them the whole
 * zone; private to gen/plan/.
 *
 * Why:    named's check-names is on for primary zones, named-checkzone's is
 *         not.  What is asked for in manifests was judged before (admit.h);
 *         hand-kept records come here first.
 */
#ifndef PLAN_CHECK_NAMES_H
#define PLAN_CHECK_NAMES_H

#include "plan/plan.h"

/* NULL, or why no server would load a record of this owner. */
const char *owner_refused(const struct endpoint *e);

/* NULL, or why none would load this target; `reverse`: the zone is one of
 * in-addr.arpa or ip6.arpa. */
const char *target_refused(const struct endpoint *e, struct sv target,
			   bool reverse);

/* A warning for each name of the set, and for the zone's own, that could be
 * taken for another one. */
void check_confusable(struct plan_ctx *ctx, const struct zone *zone,
		      const struct endpoints *set);

/* The host that a target names, "" of a type that names none. */
struct sv target_host(const struct endpoint *e, struct sv target);

/* Is it such a zone? */
bool is_reverse_zone(struct sv zone);

#endif
