/*
 * command.h - the user's own render commands; private to gen/render/.
 *
 * Shape:  `render:` in the configuration, argument lists; each runs in a fresh
 *         copy of the snapshot and prints manifests.
 * Trust:  only what allow.h lets run.  See base/child.h for the environment.
 * Cache:  by what is allowed and the files that `paths` names, below
 *         $XDG_CACHE_HOME/zoneloom/render; a broken entry counts as missing.
 */
#ifndef RENDER_COMMAND_H
#define RENDER_COMMAND_H

#include "render/render.h"

/* Append what every command prints. */
int command_objects(const struct render_ctx *ctx, const char *const *kinds,
		    struct diags *d, struct objects *out);

#endif
