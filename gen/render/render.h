/*
 * render.h - from a snapshot to the objects that would be in the cluster.
 *
 * Plain reading takes every YAML and JSON file below `paths`; roots walk
 * kustomizations, Flux and Argo CD objects instead; render commands run the
 * user's own tools.
 *
 * Owner:  `mem`; nothing points into a file's arena afterwards.
 * Errors: faults of files are diags; -1 with a fault is the environment.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/progress.h"
#include "config/config.h"
#include "git/git.h"

struct render_stats {
	size_t files;	   /* looked at */
	size_t candidates; /* passed the prefilter and were parsed */
	size_t templates;  /* Helm templates, skipped */
	size_t rejected;   /* broken YAML that could hold a wanted kind */
	size_t objects;	   /* of wanted kinds */
	size_t helm_names; /* names left in Helm values (helm-values off) */
};

struct render_ctx {
	struct arena *mem;
	struct diags *diags;
	struct fault *fault;
	struct snapshot *snapshot;
	const struct config *config;
	const struct publisher *publisher;
	const char *const *kinds; /* wanted; source_kinds() */
	struct strings paths;	  /* of the command line; empty: all */
	struct sv stdin_text;	  /* --stdin: p not NULL; replaces the files */
	bool explicit_files;	  /* --stdin: broken YAML is always an error */
	unsigned jobs;
	bool allow_render; /* render commands may run */
	bool prefilter;	   /* false: --no-prefilter */
	struct progress progress;
	struct render_stats stats;
};

int render_objects(struct render_ctx *ctx, struct objects *out);

#endif
