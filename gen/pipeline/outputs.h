/*
 * outputs.h - the files that a configuration wants, as a snapshot would get
 * them, beside what stands there.
 *
 * Owner:  s->mem.
 * Errors: faults of the input are diags; -1 with a fault is the environment.
 */
#ifndef PIPELINE_OUTPUTS_H
#define PIPELINE_OUTPUTS_H

#include "pipeline/derive.h"
#include "pipeline/previous.h"
#include "output/output.h"
#include "report/report.h"

struct out_file {
	const struct zone *zone; /* NULL: obsolete, to be removed */
	const struct output_spec *spec;
	struct sv path;
	struct sv old;	   /* p NULL: not there */
	struct sv foreign; /* text that holds names of another zone */
	struct sv text;	   /* p NULL: to be removed */
	bool stale;	   /* old and text differ */
	bool left;	   /* on-error: stays as it is, with an old record */
};

struct outputs {
	VEC(struct out_file) files; /* sorted by path */
	struct prior_zones priors;
	struct past_files pasts;
	bool pasts_read;
	VEC(struct output_module *) modules; /* one a folder */
	struct zone_changes_list zones;	     /* against its old outputs */
	size_t records;			     /* ownership TXT not counted */
	size_t derive_errors; /* errors that stood before the outputs */
};

/* Render every output of every zone; fills changes and staleness. */
int outputs_make(struct session *s, struct derived *d, struct outputs *out);

/* on-error, unresolved and policy: what stays although nothing asks for it
 * now joins the records; outputs_make() does it. */
int keep_previous(struct session *s, struct derived *d);

bool outputs_stale(const struct outputs *o);

/* File a finding for each output that git ignores, at the rule that does it:
 * no commit would hold the file.  -1 with a fault. */
int outputs_ignored(struct session *s, enum diag_severity severity);

/* on-error: with input errors, which outputs may be written all the same?
 * False: none.  Files of zones that stay behind are no longer stale. */
bool outputs_despite_errors(struct session *s, const struct derived *d,
			    struct outputs *o);

/* on-error: keep, for a zone that an error may have cost any record: all of it
 * as it was, but for overrides.  Without a previous output it becomes
 * unattributed. */
int keep_zone(struct session *s, struct zone_plan *z);

/* on-error: keep, for the refused names of one zone. */
void keep_records(struct session *s, struct zone_plan *z,
		  const struct endpoints *have);

/* Does the work tree hold neither the old text nor the new one?  `out`: the
 * change of what was seen there. */
int outputs_edited(struct session *s, const struct out_file *f,
		   struct file_change *out, bool *edited);

struct file_changes {
	VEC(struct file_change) list;
};

/* Write and remove all of them, or none; `stage`: into the index too. */
int outputs_write(struct session *s, struct file_changes *list, bool stage);

/* Temporary files of killed runs beside the outputs; told in s->healed. */
void outputs_sweep(struct session *s, const struct outputs *o);

/* policy: does a publisher of the zone keep what is not asked for, and do so;
 * after the two below. */
bool policy_keeps(const struct config *c, const struct zone *zone);
void keep_policy(struct session *s, struct zone_plan *z,
		 const struct endpoints *have);

/* unresolved: keep, for the objects whose names lack a variable. */
void keep_unresolved(struct session *s, struct zone_plan *z,
		     const struct endpoints *have,
		     const struct strings *resources);

/* [key]: objects that are followed and not wholly understood.  What one of them
 * names keeps the record it had, and so does each record that nothing asks for
 * any more: it may have been one of theirs.  Where there is one the error
 * becomes a warning. */
void keep_not_understood(struct session *s, struct zone_plan *z,
			 const struct endpoints *have);

/* The records of a plan, without statics and TXT: for counting. */
size_t plan_records(const struct plan *p);

#endif
