/*
 * policy.h - the parts of config_policy_diff(); for this folder only.
 */
#ifndef CONFIG_POLICY_H
#define CONFIG_POLICY_H

#include "base/buf.h"
#include "config/config.h"

struct differ {
	struct arena *mem;
	const struct config *before, *after;
	struct policy_changes *out;
};

/* File a change; what loosens without a configuration on either side is
 * decided here. */
void policy_file(struct differ *d, struct policy_change change);

/* "[a, b]" */
void policy_strings(struct buf *out, const struct strings *s);

/* Claims and render commands, row by row. */
void policy_diff_claims(struct differ *d);
void policy_diff_render(struct differ *d);

#endif
