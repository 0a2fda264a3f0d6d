/*
 * base64.h - base64 with padding, once for everybody.
 *
 * Source: RFC 4648 4; as Go reads it, line ends count for nothing.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"

struct sv base64_encode(struct arena *mem, struct sv s);

/* False if the text is not base64. */
bool base64_decode(struct arena *mem, struct sv text, struct sv *out);

#endif
