/*
 * allow.h - which render commands may run.
 *
 * A pull request can change .zoneloom.yaml, and the programs of its tree.  So
 * a command runs only while it is, in every part, what the user of this clone
 * saw: `zoneloom allow` keeps a digest of it in git's configuration.
 *
 * Shape:  a digest is 64 hex digits: of the row of the configuration (not of
 *         its place), of the names that reach a child's environment, and of
 *         each file of the tree that it runs.  The working folder is always
 *         the root of a copy of the snapshot.
 * Errors: -1 with a fault, or with a diag for a file that cannot be read.
 */
#ifndef RENDER_ALLOW_H
#define RENDER_ALLOW_H

#include "render/render.h"

/* True if `digest` may run; else why not is filed at the command's place. */
bool command_may_run(const struct render_ctx *ctx, struct diags *d,
		     const struct render_command *c, struct sv digest);

#endif
