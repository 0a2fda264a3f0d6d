/*
 * render.h - from a snapshot to the objects that would be in the cluster.
 *
 * Flow:   a reader for the kind of repository (render.c has the table), then
 *         render commands, variables, Helm values and Argo CD values.
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

/* Which render commands may run: allow.h. */
struct allowance {
	struct strings clone;	    /* digests that git's configuration holds */
	const struct strings *base; /* and no others than these; NULL: any */
	const char *base_name;	    /* whose they are: "origin/main" */
	struct sv next;		    /* what to type: "zoneloom allow" */
};

/* What is asked for, and what a run reads with: never copied, never changed.
 * Where messages go is a parameter of each function. */
struct render_ctx {
	struct arena *mem;
	struct fault *fault;
	struct snapshot *snapshot;
	const struct config *config;
	const struct publisher *publisher;
	const char *const *kinds;    /* wanted; source_kinds() */
	const struct strings *paths; /* of the command line; empty: all */
	struct sv stdin_text; /* --stdin: p not NULL; replaces the files */
	bool explicit_files;  /* --stdin: broken YAML is always an error */
	unsigned jobs;
	bool confined;	/* forked readers give up all they can */
	bool prefilter; /* false: --no-prefilter */
	struct allowance allow;
	struct progress *progress;
	struct render_stats *stats;
};

void render_stats_add(struct render_stats *to, const struct render_stats *s);

int render_objects(const struct render_ctx *ctx, struct diags *d,
		   struct objects *out);

/* --- for the readers: files as they stand (plain.c) --- */

/* Which of them, NULL does not restrict; and where they are counted, or NULL:
 * who only looks around counts nothing. */
struct plain_request {
	const char *const *kinds;
	const struct publisher *publisher; /* whose `paths` */
	const struct strings *paths;	   /* as on a command line */
	bool strict;			   /* broken YAML is always an error */
	struct render_stats *stats;
};

/* True for a path that plain reading would open. */
bool plain_chosen(const struct render_ctx *ctx,
		  const struct plain_request *want, struct sv path);

/* True if some render command reads `path`: what it prints is read instead. */
bool command_covers(const struct render_ctx *ctx, struct sv path);

/* The objects of every YAML and JSON file of the snapshot, by path. */
int plain_files(const struct render_ctx *ctx, const struct plain_request *want,
		struct diags *d, struct objects *out);

/* Those of one text, which outlives `out`; as made by `origin` (or NULL). */
void plain_text(const struct render_ctx *ctx, const struct plain_request *want,
		struct diags *d, struct sv file, struct sv text,
		const struct origin *origin, struct objects *out);

/* --- render commands, and which may run: allow.h says why (allow.c) --- */

/* Where they are kept: digests, with blanks between. */
#define ALLOWED_KEY "zoneloom.allowed"

/* Files of the tree that the command runs, sorted: those that argv names and
 * that are neither YAML nor JSON, and what `code` matches. */
void command_code(struct arena *mem, const struct snapshot *s,
		  const struct render_command *c, struct strings *out);

/* The digests of a configuration's commands, in its order. */
int command_digests(struct arena *mem, struct snapshot *s,
		    const struct config *c, struct diags *d, struct fault *f,
		    struct strings *out);

/* Those that this clone allows; none without git. */
void command_allowed(struct arena *mem, struct snapshot *s,
		     struct strings *out);

/* `chart/make.sh --set "a b"`, as one would type it; `max` bytes at most. */
struct sv command_words(struct arena *mem, const struct render_command *c,
			size_t max);

/* True if `base` has it, or is NULL; else an error that names the base. */
bool command_in_base(struct arena *mem, struct diags *d,
		     const struct strings *base, const char *name,
		     const struct render_command *c, struct sv digest);

#endif
