/*
 * k3s.h - releases of the Helm controller that k3s and RKE2 bring.
 *
 * Source: k3s-io/helm-controller 0.17, pkg/controllers/chart: values in the
 *         order of the chart's valuesContent, values and valuesSecrets, then
 *         those of the configuration of the same name, then `set`.
 */
#ifndef RENDER_HELM_K3S_H
#define RENDER_HELM_K3S_H

#include "render/helm/helm.h"

bool k3s_chart(const struct render_ctx *ctx, struct diags *d,
	       const struct objects *set, const struct objects *maps,
	       const struct object *o, struct helm_release *release);

/* Of a chart that is not in `set`: k3s brings some itself.  Any other is read
 * with its chart: false. */
bool k3s_config(const struct render_ctx *ctx, struct diags *d,
		const struct objects *set, const struct objects *maps,
		const struct object *o, struct helm_release *release);

#endif
