/*
 * process.h - ExternalDNS' source wrappers over ctx->out; private to
 * gen/source/.
 *
 * Source: ExternalDNS 0.23 source/wrappers/ (dedup, nat64, target filter, ptr,
 *         post-processor, in that order).
 */
#ifndef SOURCE_PROCESS_H
#define SOURCE_PROCESS_H

#include "source/source.h"

/* -1 if an error was filed. */
int source_process(struct source_ctx *ctx);

#endif
