/*
 * previous.h - the records that outputs held before this run, zone by zone.
 *
 * Shape:  "before" is every output of this configuration that stands in a
 *         snapshot, under whatever name: also of a file or a zone that the
 *         configuration no longer has.
 * Owner:  s->mem.
 */
#ifndef PIPELINE_PREVIOUS_H
#define PIPELINE_PREVIOUS_H

#include "output/output.h"
#include "pipeline/session.h"

/* What one file held, and what the new text of its format would hold. */
struct prior {
	const struct format *format;
	struct endpoints have, want; /* sorted */
	bool stood;		     /* false: there was no such file */
};

struct prior_zone {
	const struct zone *zone; /* of the configuration, or made for a zone
				    that it no longer has */
	bool vanished;
	VEC(struct prior) files; /* those of the configuration first */
};

struct prior_zones {
	VEC(struct prior_zone *) list;
};

/* The zone's entry; made where there is none yet. */
struct prior_zone *prior_zone_of(struct session *s, struct prior_zones *all,
				 const struct zone *zone);

/* Those of `from` whose names the zone holds, or those whose names it does not:
 * a zone that got another name leaves its records in its file. */
struct endpoints records_of_zone(struct arena *mem, const struct zone *zone,
				 const struct endpoints *from, bool held);

/* The entry of a file that is not written any more: by what it says of its
 * zone, else by its names, else one of its own. */
struct prior_zone *prior_zone_of_file(struct session *s,
				      struct prior_zones *all, struct sv path,
				      const struct output_file *file);

/* The changes of a zone over all its files: a record is deleted when any of
 * them loses it, and added when none of them had it. */
void prior_changes(struct arena *mem, const struct prior_zone *z,
		   struct changes *out);

/*
 * What the zone's outputs held at the revisions that kept records come from
 * (s->keep_from); without git, in the snapshot itself.  Sorted.
 */
int previous_records(struct session *s, const struct zone *zone,
		     struct endpoints *out);

/* Every file that stood before whose format shares names within a folder, at
 * HEAD, MERGE_HEAD and --base; without git, in the snapshot itself. */
struct past_files {
	VEC(struct output_past) list;
};

int previous_files(struct session *s, struct past_files *out);

#endif
