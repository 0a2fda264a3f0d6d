/*
 * buf.h - text that grows, in an arena.
 *
 * Shape:  any bytes; buf_sv() is what was written so far, NUL behind it.
 * Owner:  the arena given to the first call; the old block stays there.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
	struct arena *mem;
	char *p;
	size_t n, cap;
};

void buf_add(struct buf *b, struct sv s);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct sv buf_sv(struct buf *b);

#endif
