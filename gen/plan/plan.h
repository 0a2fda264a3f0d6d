/*
 * plan.h - from endpoints to the RRsets of each zone, and from two sets of
 * RRsets to the changes between them.
 *
 * Source: RFC 1034 3.6.2 (CNAME), RFC 2181 5 (RRsets), RFC 4592 (wildcards);
 *         ExternalDNS plan/plan.go for --compat.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/pattern.h"
#include "config/config.h"

/* The records of one configured zone. */
struct zone_plan {
	const struct zone *zone;
	const struct publisher
		*publisher;	  /* of the first record; may be NULL */
	struct endpoints records; /* sorted by endpoint_cmp */
	struct endpoints
		rejected;  /* on-error: keep - these lost their record */
	bool has_errors;   /* on-error: zone - an error was filed for it */
	bool unattributed; /* one of them had no name for `keep` to find */
	bool is_kept;	   /* on-error: keep - all of it is as it was */
};

/* Does a pin of this name and type stand in place of `e`?  An address takes the
 * place of a CNAME and the other way round, which cannot be beside each other;
 * what else stands there is not the pin's to remove. */
bool override_replaces(struct sv name, enum rrtype type,
		       const struct endpoint *e);

struct plan {
	VEC(struct zone_plan) zones; /* one per config zone, in that order */
	struct endpoints unzoned;    /* without zones: everything is here */
	struct endpoints rejected;   /* the same, of no zone */
	size_t no_zone;		     /* endpoints that no zone holds */
	struct endpoints open;	     /* names without a target: no records */
	/* Errors that the functions below filed, each one known to its zone;
	 * any other error of the run may touch every zone. */
	size_t errors;
};

struct plan_ctx {
	struct arena *mem;
	struct diags *diags;
	const struct config *config;
};

/* The publisher's domain filter, compiled; -1 with a diag. */
struct domain_filter;
int plan_domains(struct plan_ctx *ctx, const struct publisher *p,
		 struct domain_filter *out);

/* Is the type among managed-record-types and not excluded? */
/* Does the name pass the filter?  TOO_MUCH comes with a diag. */
enum pattern_result plan_passes(struct plan_ctx *ctx,
				const struct domain_filter *domains,
				const struct endpoint *e);

bool plan_manages(const struct publisher *p, enum rrtype t);

/* Domain and type filters; then names, TTLs and conflicts exactly as
 * ExternalDNS would publish (config->compat). */
void plan_compat(struct plan_ctx *ctx, const struct publisher *p,
		 struct endpoints *set);

/*
 * Filters, zones, names, guard, claims, wildcards, overrides, conflicts; one
 * call a publisher, records are added to `out`.  -1 with diags.
 */
int plan_add(struct plan_ctx *ctx, const struct publisher *p,
	     const struct endpoints *set, struct plan *out);

/* The names of a publisher that have no target, those that it and a zone would
 * take; and after the last publisher: one a name, and none that has records. */
void plan_add_open(struct plan_ctx *ctx, const struct publisher *p,
		   const struct endpoints *set, struct plan *out);
void plan_finish_open(struct plan_ctx *ctx, struct plan *plan);

/* Merge what several publishers asked for: same name and type; after the
 * last plan_add(), before the registry. */
int plan_finish(struct plan_ctx *ctx, struct plan *out);

/* The hand-kept records of a zone, judged as all others are, join its plan. */
void plan_add_static(struct plan_ctx *ctx, const struct endpoints *set,
		     struct zone_plan *z, struct plan *out);

/* Whole-zone checks (bind.md 3.6), last, on the set with TXT and statics. */
int plan_check(struct plan_ctx *ctx, struct plan *out);

enum change_kind { CHANGE_ADD, CHANGE_UPDATE, CHANGE_DELETE };

struct change {
	enum change_kind kind;
	const struct endpoint *have, *want; /* NULL where there is none */
};

struct changes {
	VEC(struct change) list;	/* sorted by name, type */
	size_t added, updated, deleted; /* ownership TXT not counted */
	size_t before;	/* records that `have` held, TXT not counted */
	size_t servers; /* of `before`: changed NS of the zone's own */
};

/* Does Cloudflare answer for it with addresses of its own? */
bool record_proxied(const struct endpoint *e);

/* Do two records of one name and type say the same, with the properties that
 * their publishers give them?  One that was read beside one that was derived is
 * asked for the properties that it has. */
bool record_same(struct arena *mem, const struct endpoint *a,
		 const struct endpoint *b);

/* Both sorted with endpoints_sort(). */
void changes_find(struct arena *mem, const struct endpoints *have,
		  const struct endpoints *want, struct changes *out);

struct zone_changes { /* zone NULL: records outside every zone */
	const struct zone *zone;
	struct changes changes;
	bool known; /* false: no output could be read, changes are empty */
};

struct zone_changes_list {
	VEC(struct zone_changes) list;
};

/* The changes of every zone between two plans, matched by zone key; records
 * outside every zone come last. */
void plan_changes(struct arena *mem, const struct plan *have,
		  const struct plan *want, struct zone_changes_list *out);

/* Sentences about outputs that come, go, or publish otherwise what no record
 * says: the SOA, the provider's zone. */
void published_changes(struct arena *mem, const struct plan *have,
		       const struct plan *want, struct strings *out);

/* The property that a record is compared with where its zone is published
 * elsewhere than it was. */
#define PUBLISHED_BY SV("published-by")

/*
 * The brake on mass deletion and change: one for every command.
 *
 * It trips when any zone, or all of them together, is over a limit of
 * `safety`, and when a zone that had records would have none.  The number
 * that it names and takes is the sum over all zones.  Ownership TXT is not
 * counted.
 */
struct brake_release { /* -1: not given */
	long long deletes, changes;
};

/* 0: go on.  -1: stop; `*reason` says why, and which exact --allow-deletes=N
 * and --allow-changes=N release it. */
int brake_check(struct arena *mem, const struct config *c,
		const struct zone_changes_list *zones,
		const struct brake_release *release, struct sv *reason);

#endif
