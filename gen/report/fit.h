/*
 * fit.h - which rows of a report that must not be longer than it may be.
 *
 * Shape:  blocks of rows, in the order in which they are printed.  Each row has
 *         a rank, the most important one being 0; each rank has a share of
 *         the bytes.  What a rank leaves of its share goes to the first
 *         ranks that need more, so that no flood of one kind hides another.
 * Owner:  the texts and blocks are the caller's.
 */
#ifndef REPORT_FIT_H
#define REPORT_FIT_H

#include "base/vec.h"

struct fit_row {
	struct sv text; /* as it is printed, escaped, with its newline */
	unsigned rank;
	bool shown; /* out */
};

struct fit_block {
	struct sv head, foot; /* printed if any row is */
	VEC(struct fit_row) rows;
	bool open; /* out: a row is shown */
};

struct fit {
	size_t max; /* bytes of all blocks */
	size_t ranks;
	const size_t *shares; /* one a rank */
	VEC(struct fit_block) blocks;
};

/* Bytes that each open block leaves free for what it says of hidden rows. */
enum { FIT_NOTE = 200 };

/* Within a block and a rank, the rows in front are shown. */
void fit_choose(struct fit *f);

/* How many rows of a rank the block does not show. */
size_t fit_hidden(const struct fit_block *b, unsigned rank);

#endif
