/*
 * parents.h - the hand-kept zone files that include an output; private to
 * gen/pipeline/.
 *
 * Shape:  files of the snapshot whose $INCLUDE names the output, found by the
 *         last part of its path: servers look for it from folders of their own.
 * Errors: -1 with a fault; what cannot be read is passed over.
 */
#ifndef PIPELINE_PARENTS_H
#define PIPELINE_PARENTS_H

#include "output/output.h"
#include "pipeline/session.h"

int parents_add(struct session *s, struct output_ctx *ctx);

#endif
