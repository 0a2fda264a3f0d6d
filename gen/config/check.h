/*
 * check.h - options that contradict themselves or each other.
 *
 * Source: ExternalDNS 0.23 pkg/apis/externaldns/validation and the sources'
 *         constructors: what they refuse to start with.
 */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/config.h"

/* File a DIAG_CONFIG for each fault of one publisher; -1 if any. */
int options_check(struct arena *mem, struct diags *d, const struct publisher *p,
		  bool compat);

#endif
