/*
 * gate.h - what merging a pull request would publish, judged by the policy of
 * the branch that it would be merged into.
 *
 * Shape:  before is what BASE's tip derives; after is what the tree derives
 *         that merging HEAD into BASE gives, under its own configuration.
 *         Policy keys that the merge loosens keep BASE's value for the
 *         judgement, and are an error each.
 * Owner:  the arena of `like`.
 * Errors: findings that BASE, or its baseline, has too are notes; new ones
 *         stay errors in `merged.diags`.  -1 with a fault in g->failed: a
 *         merge with conflicts is FAULT_AGAIN.
 */
#ifndef PIPELINE_GATE_H
#define PIPELINE_GATE_H

#include "pipeline/outputs.h"

struct gate_request {
	const char *base, *head;
	const char *policy_rev; /* NULL: base */
	bool allow_policy_change;
	bool replace; /* a push: HEAD's own tree takes the place of BASE's */
	bool all;     /* findings that BASE has too stay what they are */
};

struct gate {
	struct session base, merged, policy, head;
	struct derived have, want;
	struct policy_changes policy_changes;
	struct zone_changes_list changes; /* what merging would publish */
	struct zone_changes_list counted; /* the same, for the brake */
	struct zone_changes_list drift;	  /* BASE's outputs to its records */
	struct diags findings;	 /* all of the merged tree, none demoted */
	struct strings commands; /* digests of those that may run */
	bool base_broken;	 /* its configuration cannot be read */
	size_t errors;		 /* of BASE, which publishing it meets */
	size_t known;		 /* findings of BASE that are still there */
	struct brake_release release; /* by trailers of HEAD's commits */
	struct session *failed;	      /* -1: whose fault it is */
};

int gate_make(const struct session *like, const struct gate_request *q,
	      struct gate *out);

/* Sentences about the judgement, for every report. */
void gate_remarks(const struct gate *g, const struct gate_request *q,
		  struct strings *out);

/* The text of a baseline with every finding of the merged tree. */
struct sv gate_baseline(const struct gate *g);

#endif
