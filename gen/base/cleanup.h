/*
 * cleanup.h - what must not outlive this process: locks, temporary files.
 *
 * Shape:  entries that their owner keeps.  A signal that ends the process
 *         (HUP, INT, QUIT, PIPE, TERM, XCPU) removes the path of each and ends
 *         it, so that the shell sees 128 + n.  exit(), which out of memory
 *         calls, has `undo` do it where there is one.
 * Owner:  the caller; an entry is dropped before its memory goes.
 * Limits: a child that was forked off leaves its parent's entries alone; a
 *         signal that was ignored at the start stays ignored (nohup).
 * Source: git's tempfile.c and sigchain.c.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdbool.h>
#include <sys/types.h>

struct cleanup {
	const char *path; /* absolute, or of the folder the program runs in */
	pid_t group;	  /* children that are to end too; 0: none */
	/* Only at exit(), and then instead of removing the path; must not need
	 * memory.  Its owner holds the signals meanwhile. */
	void (*undo)(void *arg);
	void *arg;
	struct cleanup *next; /* private */
	pid_t owner;	      /* private; 0: not in the list */
};

/* Once, at the start of the program. */
void cleanup_install(void);

/* What exit() does, for who cannot call it. */
void cleanup_end(void);

/*
 * From here on a journal says what is under way, and only the next run can tell
 * how far it came: an end by exit() leaves everything in its place, as kill -9
 * does, and says so.
 */
void cleanup_keep(bool on);

void cleanup_add(struct cleanup *c);
void cleanup_drop(struct cleanup *c); /* nothing happens if it is not there */

/* Signals wait from hold to release; pairs may nest. */
void cleanup_hold(void);
void cleanup_release(void);

/* What the end by a signal says of the state that it leaves: a literal such
 * as "nothing was changed"; NULL: nothing. */
void cleanup_state(const char *text);

#endif
