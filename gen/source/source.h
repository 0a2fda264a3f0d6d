/*
 * source.h - from Kubernetes objects to the endpoints they ask for.
 *
 * To add a kind: write source/<kind>.c with one `const struct source
 * source_<kind>`, add SOURCE(<kind>) to source/source.def, add a case under
 * tests/golden/.  Nothing else changes.
 *
 * Source: ExternalDNS 0.23 source/ (its docs, cases and spec page).
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/fault.h"
#include "config/config.h"

struct source_state; /* source/state.h */

struct source_ctx {
	struct arena *mem; /* of the run: endpoints are made here */
	struct diags *diags;
	struct fault *fault; /* what ExternalDNS stops at; may be NULL */
	const struct config *config;
	const struct publisher *publisher;
	const struct objects *all; /* to look up Gateways, Namespaces, ... */
	struct endpoints *out;
	/* unresolved: keep - "ingress/shop/web" and "ingress shop/web" of each
	 * object whose names lack a variable: its previous records stay. */
	struct strings unresolved;
	size_t no_target;	    /* objects with hosts and no target */
	struct endpoints open;	    /* their names, as A without targets */
	struct source_state *state; /* made by source_read_all() */
	const char *flag;	    /* of the source that runs */
	void *own;		    /* whatever the source that runs needs */
};

struct source {
	const char *flag;  /* --source=: "ingress" */
	const char *group; /* "networking.k8s.io"; "" for the core group */
	const char *kind;  /* "Ingress" */
	/* Other kinds it looks up, ends with NULL; or NULL. */
	const char *const *lookup_kinds;
	/* An object without an annotation of ours makes no record, unless a
	 * template or compatibility gives it a name. */
	bool by_annotation;
	/* Read where nobody has chosen sources: no configuration, no flag. */
	bool by_default;
	/* Append to ctx->out for every object of `ctx->all` that is its own.
	 * Returns 0, or -1 with at least one diag. */
	int (*read)(struct source_ctx *ctx, const struct source *self);
};

/* Every source, in the order of source.def; ends with NULL. */
extern const struct source *const source_table[];

/* Kinds that the sources chosen by the publisher want to see; ends with NULL.
 * For the prefilter. */
const char *const *source_kinds(struct arena *mem, const struct config *c);

/* Does one of the publisher's sources read this kind for its own sake? */
bool source_reads(const struct publisher *p, struct sv group, struct sv kind);

/* Run the sources of ctx->publisher in flag order, then what ExternalDNS does
 * behind them (default targets, dedup, net filters, min-ttl, properties). */
int source_read_all(struct source_ctx *ctx);

/* Sources and templates of every publisher; 0, or -1 with diags. */
int source_check(struct arena *mem, struct diags *d, const struct config *c);

#endif
