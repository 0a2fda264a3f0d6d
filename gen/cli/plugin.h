/*
 * plugin.h - what an Application of Argo CD asks of the plugin.
 *
 * Shape:  PLUGIN_PARAMETER_COUNT values; p NULL where nothing was said.
 * Owner:  mem of plugin_read().
 * Errors: -1 with a diag: one that is unknown or of another kind.
 * Source: ARGOCD_APP_PARAMETERS, JSON as Argo CD's cmp-server sends it, and
 *         spec.source.plugin.env, each name behind ARGOCD_ENV_.  Announced
 *         defaults are not sent.
 */
#ifndef CLI_PLUGIN_H
#define CLI_PLUGIN_H

#include "base/diag.h"
#include "base/strings.h"

enum plugin_parameter {
	PLUGIN_CONFIG,
	PLUGIN_FORMAT,
	PLUGIN_MIN_RECORDS,
	PLUGIN_ZONES,
	PLUGIN_PARAMETER_COUNT
};

struct plugin_values {
	struct strings value[PLUGIN_PARAMETER_COUNT]; /* one; zones: any */
};

/* The parameters count over the variables. */
int plugin_read(struct arena *mem, struct diags *d, struct plugin_values *out);

#endif
