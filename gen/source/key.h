/*
 * key.h - one string out of several, for struct map; private to gen/source/.
 *
 * Shape: each field behind its length, since a field may hold any byte.
 */
#ifndef SOURCE_KEY_H
#define SOURCE_KEY_H

#include "base/buf.h"

static inline void key_add(struct buf *b, struct sv field)
{
	buf_fmt(b, "%zu:", field.n);
	buf_add(b, field);
}

#endif
