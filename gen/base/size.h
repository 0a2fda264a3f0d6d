/*
 * size.h - amounts of memory as people write them: 512M, 1G, 1.5 GiB.
 *
 * Shape:  bytes; K, M, G and T are powers of 1024, as in git and systemd,
 *         with or without "iB" or "B" behind them, in any case.
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdbool.h>

#include "base/arena.h"

/* False for what is not a size, or is larger than an address can say. */
bool size_parse(struct sv text, size_t *out);

/* "512M", "3G"; in the largest unit that leaves a whole number. */
struct sv size_text(struct arena *mem, size_t bytes);

#endif
