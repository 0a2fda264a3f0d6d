/*
 * confine.h - when this process gives up what the rest of a run does not need
 * (base/sandbox.h).
 *
 * Shape:  cli/ says the role, the rights, and the paths that the command line
 *         names; the repository's own paths come from the snapshot.
 * Rule:   before the first line of the configuration is parsed; where render
 *         commands may run in this clone, after the last of them.  Signing has
 *         a process of its own (git/signer.c).
 */
#ifndef PIPELINE_CONFINE_H
#define PIPELINE_CONFINE_H

#include "base/sandbox.h"
#include "pipeline/session.h"

struct confinement {
	struct sandbox box;
	unsigned tree, repo; /* rights on the work tree and on the git folder */
};

/* Now, unless a child program may still be started. */
void confine_early(struct session *s);

/* Now.  The second call does nothing. */
void confine(struct session *s);

#endif
