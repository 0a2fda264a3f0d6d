/*
 * flags.h - the command line over what the file said; for this folder only.
 */
#ifndef CONFIG_FLAGS_H
#define CONFIG_FLAGS_H

#include "config/config.h"

/* Every flag to every publisher.  A repeatable flag replaces the list of the
 * file when it comes first, and extends it from then on.  0, or -1. */
int flags_apply(struct arena *mem, struct diags *d, const struct flags *flags,
		bool compat, struct config *c);

#endif
