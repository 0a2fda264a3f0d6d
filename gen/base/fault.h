/*
 * fault.h - why the environment (disk, git, a lock) did not let us.
 *
 * Shape:  one sentence and, where there is one, what to type next.
 * Owner:  the arena given to fault_set().
 * Rule:   a function that meets its environment returns -1 and fills the
 *         fault; only cli/ turns it into an exit status and prints it.
 *         Faults of the input are diags (base/diag.h), never faults.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/arena.h"

enum fault_kind {
	FAULT_NONE,
	FAULT_USAGE, /* exit 2: the command line or configuration is wrong */
	FAULT_ENV,   /* exit 4: repository, disk, permission */
	FAULT_AGAIN, /* exit 5: a lock is held or a ref moved */
	FAULT_STOP,  /* exit 6: safety stop */
};

struct fault {
	enum fault_kind kind;
	struct sv text; /* "repository /x: not owned by you" */
	struct sv hint; /* "git config --global --add safe.directory /x" */
};

/* Always -1; the first fault wins. */
#define fault_set(...) (fault_file(__VA_ARGS__), -1)
void fault_file(struct fault *f, struct arena *mem, enum fault_kind kind,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* FAULT_USAGE without a text: the diags say what is wrong.  Always -1. */
int fault_usage(struct fault *f);
void fault_hint(struct fault *f, struct arena *mem, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
