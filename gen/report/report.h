/*
 * report.h - what changed and what was found, for people and machines.
 *
 * To add one: gen/report/<name>.c with one `const struct report
 * report_<name>` and a row REPORT(<name>) in report.def.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/escape.h"
#include "plan/plan.h"

struct verify_results;
struct objects;

struct report_ctx {
	struct arena *mem;
	const char *version; /* of the program */
	const struct diags *diags;
	/* Of commands whose result is findings and not changes: those among
	 * `diags`, which the text on stdout is to have too. */
	const struct diags *found;
	struct zone_changes_list zones;
	/* Of gate: policy keys that change; what the base's outputs hold and
	 * its manifests do not say; and sentences about the judgement. */
	const struct policy_changes *policy;
	const struct zone_changes_list *drift;
	struct strings remarks;
	/* Of verify: what each server serves; NULL: of no other command. */
	const struct verify_results *verify;
	/* The records that stand after the change, and the objects that they
	 * were made of; NULL: of commands that have none. */
	const struct plan *plan;
	const struct objects *objects;
	/* A line of the snapshot, without its end; false: not there.  NULL:
	 * nobody can say. */
	bool (*source_line)(void *of, struct loc at, struct sv *line);
	void *of;
	bool color;
	bool quiet;    /* nothing that says that nothing happens */
	bool classify; /* additive, update, destructive */
};

struct report {
	const char *name, *about;
	void (*write)(const struct report_ctx *ctx, FILE *out);
};

extern const struct report *const report_table[]; /* ends with NULL */
const struct report *report_find(struct sv name);
/* All names, with blanks between. */
struct sv report_words(void);

/* "+3 ~1 -2" */
struct sv changes_summary(struct arena *mem, const struct changes *c);

/* What every report says of a change; all texts are escaped. */
const struct endpoint *change_record(const struct change *c);
struct sv record_value(struct arena *mem, const struct endpoint *e);
struct sv change_value(struct arena *mem, const struct change *c);
struct sv record_place(struct arena *mem, const struct endpoint *e);
struct sv change_place(struct arena *mem, const struct change *c); /* or "" */

/* Does any zone change? */
bool zones_changed(const struct zone_changes_list *zones);

/* A policy key's place, or ""; its value, or "(none)". */
struct sv policy_place(struct arena *mem, const struct policy_change *c);
struct sv policy_value(struct arena *mem, struct sv value);

/* "same", "additive", "update", "destructive" */
const char *changes_class(const struct changes *c);

#endif
