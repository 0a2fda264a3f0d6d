/*
 * derive.h - what a snapshot and a configuration give: the pure function of
 * this program.
 *
 * Owner:  s->mem.
 * Errors: errors of the input are diags and do not fail the call: whatever
 *         could be derived is there.  -1 with a fault is the environment.
 */
#ifndef PIPELINE_DERIVE_H
#define PIPELINE_DERIVE_H

#include "pipeline/records.h"
#include "pipeline/session.h"
#include "plan/plan.h"
#include "render/render.h"

struct derived {
	struct objects objects;
	struct plan plan; /* with TXT and statics */
	struct render_stats stats;
	struct records_stats records; /* of other repositories */
	struct strings unresolved;    /* source.h; only with unresolved: keep */
	size_t no_target;
};

int derive(struct session *s, struct derived *out);

/* Objects of other kinds than records are made of, read the same way.  Errors
 * about them are warnings, since no record depends on them. */
int derive_objects(struct session *s, const char *const *kinds,
		   struct objects *out);

/* Folders whose kustomizations have charts: what those make is in no file. */
int derive_charts(struct session *s, struct strings *folders);

#endif
