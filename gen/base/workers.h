/*
 * workers.h - one kind of work over many items, in forked processes.
 *
 * Shape:  items 0 to n-1.  `item` says in `out` what is to be sent about one
 *         (nothing: it is passed over), `take` hears it in this process, in
 *         the order of the items.  So the result is the same for any number
 *         of processes, and for none.
 * Owner:  `out->mem` is the item's own arena, gone after the call; a fault
 *         lives there too.
 * Errors: -1 with the fault of the first item that had one.  A child that
 *         dies is a fault that says how; it never leaves a gap.
 * Source: libgit2 shares its packs between threads and gets slower by them;
 *         processes share nothing.
 */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include "base/buf.h"
#include "base/fault.h"

struct workers {
	size_t n;
	unsigned jobs; /* 1: in this process */
	void *arg;
	/* First thing in each child; not called without children. */
	int (*begin)(void *arg, struct fault *f);
	int (*item)(void *arg, size_t i, struct buf *out, struct fault *f);
	void (*take)(void *arg, size_t i, struct sv sent);
};

int workers_run(struct arena *mem, const struct workers *w, struct fault *f);

#endif
