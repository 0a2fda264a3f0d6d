/*
 * sandbox.h - what this process gives up for good before it reads what a
 * stranger wrote: system calls, and every path that is not named.
 *
 * Shape:  a role, and paths with rights.  Entered once, inherited by children,
 *         never left.  A role that is entered on top of another takes away,
 *         and gives nothing back.
 * Limits: best effort.  A kernel or container that refuses Landlock or seccomp
 *         leaves the process as it was; nothing fails by that.
 *         ZONELOOM_SANDBOX=off leaves all of it out.
 * Errors: what was given up fails with an errno (EPERM, EACCES; ENOSYS where
 *         the C library then takes another call), so that a wrong row here is
 *         an error with a message, not a killed run.
 * Source: landlock(7), seccomp(2).
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

/* Each a column of sandbox.def. */
enum sandbox_role {
	SANDBOX_OFFLINE, /* the program */
	SANDBOX_NETWORK, /* the same with sockets */
	SANDBOX_READER,	 /* a forked reader: changes nothing, starts nothing */
};

enum sandbox_right {
	SANDBOX_READ = 1,
	SANDBOX_WRITE = 2, /* files and folders: change, make, remove */
};

struct sandbox_path {
	const char *path; /* and all below it */
	unsigned rights;
};

struct sandbox {
	enum sandbox_role role;
	VEC(struct sandbox_path) paths; /* what is not there is passed over */
	bool entered;
};

void sandbox_add(struct arena *mem, struct sandbox *s, const char *path,
		 unsigned rights);

/* The second call does nothing. */
void sandbox_enter(struct sandbox *s);

/* "landlock 3, seccomp": what this kernel lets us have. */
struct sv sandbox_level(struct arena *mem);

#endif
