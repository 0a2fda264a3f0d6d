/*
 * reread.h - a scalar whose text was filled in while it stood in YAML.
 *
 * Flux and its operator write an object as YAML, fill in the text and read it
 * again.  Quotes of the file are gone by then: what is plain in that text may
 * turn into a number, a boolean, or a map.
 */
#ifndef RENDER_FLUX_REREAD_H
#define RENDER_FLUX_REREAD_H

#include "manifest/manifest.h"

/* The node that `was` becomes as `text`; a list only with `lists`. */
struct node *reread(struct arena *mem, const struct node *was, struct sv text,
		    bool lists);

/* All of `n`, which nobody else holds, stands at `at`. */
void reread_place(struct node *n, struct loc at);

#endif
