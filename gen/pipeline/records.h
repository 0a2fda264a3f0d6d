/*
 * records.h - records of other repositories, as `list -o jsonl` printed them
 * there; they join those of this snapshot before the plan.
 *
 * Shape:  lines in any order, any number of times: a repository is complete
 *         when it has a trailer and as many different lines as that says.
 * Trust:  a file of the snapshot (records: [globs]) speaks for the repository
 *         that its path names, and for no other.
 * Owner:  s->mem; memory follows the records that are kept, and 32 bytes a
 *         line of the input.
 * Errors: what is cut, faulty, failed or missing is a diag [records], so that
 *         it stops every zone: lost lines must never read as deletions.
 */
#ifndef PIPELINE_RECORDS_H
#define PIPELINE_RECORDS_H

#include "pipeline/session.h"

struct records_stats {
	size_t lines, repos;
};

/* What the options name must be there: 0, or -1 with diags. */
int records_check(struct session *s);

/* -1 with a fault. */
int records_read(struct session *s, struct endpoints *out,
		 struct records_stats *stats);

#endif
