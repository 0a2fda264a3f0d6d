/*
 * child.h - one child program: an argument list, no shell, bounded.
 *
 * Shape:  standard input is `input`, else /dev/null; standard output and error
 *         are read whole; `dir` is its working folder.
 * Trust:  the environment holds only PATH, HOME, TMPDIR, LANG and names that
 *         start with HELM_ or XDG_: git's own variables made kustomize act on
 *         the user's repository.
 * Errors: 0 and what it printed; -1 with a fault when it cannot be run, takes
 *         too long or prints too much.  Its exit status is not a fault.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdint.h>

#include "base/fault.h"

struct child {
	const char *const *argv; /* ends with NULL; looked up in PATH */
	const char *dir;
	int64_t timeout_s;
	size_t max_out;	 /* bytes of standard output */
	struct sv input; /* at most CHILD_INPUT bytes; empty: none */
	/* All of our environment but git's variables: for a signer that needs
	 * its agent.  Never for what reads manifests. */
	bool whole_env;
};

/* What a pipe of Linux holds before its reader reads. */
enum { CHILD_INPUT = 64 * 1024 };

struct child_result {
	int status;	    /* exit status, or 128 + signal */
	struct sv out, err; /* err: its last bytes */
};

/* Names, or beginnings of names, that reach a child; ends with NULL.  Of PATH
 * only the absolute folders: others would be the tree's. */
extern const char *const child_environment[];

int child_run(struct arena *mem, const struct child *c, struct fault *f,
	      struct child_result *out);

#endif
