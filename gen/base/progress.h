/*
 * progress.h - one line on a terminal when something takes over a second.
 *
 * Shape:  "reading 1200 of 20000 files", rewritten in place and wiped at the
 *         end; nothing at all on a pipe, or with --quiet.
 * Source: git's delayed progress.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool on;	 /* standard error is a terminal that may be written */
	int64_t started; /* milliseconds; 0: not yet */
	int64_t shown;	 /* when a line was last written; 0: never */
};

/* `done` of `all` things are done. */
void progress_step(struct progress *p, const char *verb, size_t done,
		   size_t all, const char *things);

/* Wipe the line. */
void progress_end(struct progress *p);

#endif
