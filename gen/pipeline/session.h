/*
 * session.h - one reading of one snapshot under its own configuration.
 *
 * Shape:  session_options says what was asked for, once and for all sides of
 *         a command; a session is one side: a snapshot, its configuration,
 *         and what was found wrong with either.
 * Owner:  mem, of the whole run.
 * Errors: faults of the input are diags.  -1 with a fault is the environment
 *         or, as FAULT_USAGE, the configuration: without a text of its own
 *         the diags say what.
 */
#ifndef PIPELINE_SESSION_H
#define PIPELINE_SESSION_H

#include "config/config.h"
#include "git/git.h"
#include "plan/plan.h"

struct confinement;

/* What the command line asks of the flow; filled by cli/. */
struct session_options {
	struct flags flags;    /* of option.def: config_load() takes them */
	struct sv config_file; /* --config, ZONELOOM_CONFIG; empty: default */
	struct sv zone;	       /* --zone; p NULL: all */
	struct sv format;      /* --format and --zone-id of a zone that */
	struct sv zone_id;     /* no configuration has */
	struct sv base;	       /* --base: whose serial must be passed, too */
	struct strings paths;  /* as typed; restrict what is read */
	unsigned jobs;	       /* reading processes; 0: one a processor */
	bool from_stdin;       /* manifests come from there */
	bool compat;	       /* exactly what ExternalDNS does */
	bool no_prefilter;     /* parse every file */
	bool resolve;	       /* write conflicted outputs anew */
	bool prune_moved;      /* leave out what older changes needed */
	bool heal;	       /* put right what a killed run left */
	bool progress;	       /* show how far it is */
	/* What the process keeps (confine.h); NULL: everything. */
	struct confinement *confinement;
};

enum { PREVIOUS_REVISIONS = 3 };

struct session {
	struct arena *mem;
	const struct session_options *opt;
	struct diags diags;
	struct fault fault;
	struct snapshot_spec spec;
	struct sv stdin_text;
	struct strings paths; /* opt->paths, of the snapshot; empty: all */
	struct config config;
	struct sv config_text; /* of its file; p NULL: there is none */
	bool config_missing; /* the one that was named is not in the snapshot */
	/* Where records come from that `keep` and `policy` keep: outputs at
	 * these revisions, those that exist; else, if given, a plan. */
	const char *keep_from[PREVIOUS_REVISIONS];
	const struct plan *keep_plan;
	/* Whose serials must be passed. */
	const char *serial_from[PREVIOUS_REVISIONS];
	/* gate: digests of the render commands that the base has, and its
	 * name; no others run.  NULL: whatever this clone allows. */
	const struct strings *render_only;
	const char *render_base;
	struct snapshot *snapshot; /* manifests; configuration and outputs */
	struct healed healed;
};

/* A session of nothing yet. */
struct session session_new(struct arena *mem,
			   const struct session_options *opt);

/* What is kept, and the serial, follow this revision alone. */
void session_follow(struct session *s, const char *rev);

/* Open s->spec and load the configuration that belongs to it. */
int session_open(struct session *s);

/* The same for a revision (":" is the index), with the options of `like`. */
int session_open_rev(const struct session *like, const char *rev,
		     struct session *out);

/* The same for what merging `rev` into `into` would give; a conflict is
 * FAULT_AGAIN. */
int session_open_merge(const struct session *like, const char *into,
		       const char *rev, struct session *out);

/* Load the configuration again, for s->snapshot. */
int session_load(struct session *s);

/* A configuration that was named must be on one side at least: a name that is
 * nowhere is a typing error, and no rule would hold.  0, or -1 with a fault
 * in `s`. */
int session_has_config(struct session *s, const struct session *other);

/* A file of the snapshot; `text->p` is NULL when it is not there. */
int session_read(struct session *s, struct sv path, struct sv *text);

/* False for a zone that --zone leaves out. */
bool session_wants_zone(const struct session *s, const struct zone *zone);

#endif
