/*
 * admit.h - one endpoint against the rules of its zone; private to plan/.
 *
 * Rule:   every fault of an endpoint is filed before it is refused, so that
 *         its author sees all of them at once.
 */
#ifndef PLAN_ADMIT_H
#define PLAN_ADMIT_H

#include "base/map.h"
#include "plan/plan.h"

struct admission {
	struct plan_ctx *ctx;
	const struct publisher *publisher;
	const struct zone *zone; /* of the endpoint; NULL: none */
};

/* What a message calls the record: `host "shop.retake.fr"`. */
struct loc target_at(const struct endpoint *e);

/* "f.yaml:3:7", for the other place of a message. */
struct sv loc_text(struct arena *mem, struct loc at);

/* "192.0.2.1, 192.0.2.2" or the expression, cut short. */
struct sv record_targets(struct arena *mem, const struct endpoint *e);

/* The property's value, or what the record is without it; "" if unknown. */
struct sv property_of(const struct endpoint *e, struct sv name);

/* Name to its one form; placeholders refused.  0 or -1 with diags. */
int admit_name(struct admission *a, struct endpoint *e);

/* Wildcards, claims, delegated names, TTL, "_" in owners of addresses. */
int admit_rules(struct admission *a, struct endpoint *e);

/* Its object is in the cluster twice, with other answers: source/duplicate.c */
int admit_object(struct admission *a, const struct endpoint *e);

/* claim.c: every place that decides the record lies where it may. */
int claims_admit(struct admission *a, const struct endpoint *e);

/* guard.c: may this address, or the host that it names, stand in the zone?
 * `target` is in the form that admit_targets() brings it to. */
int guard_target(struct admission *a, const struct endpoint *e,
		 struct sv target);

/* Guard, claims and wildcards for a record that is kept by hand. */
int admit_static(struct admission *a, const struct endpoint *e);

/* Each target to its one form, sorted. */
int admit_targets(struct admission *a, struct endpoint *e);

/* config->overrides in place of what was added; before the merge. */
int plan_override(struct plan_ctx *ctx, struct plan *out);

#endif
