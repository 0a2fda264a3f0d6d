/*
 * utf8.h - UTF-8 read, and made whole.
 *
 * Source: RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/buf.h"

/* Bytes of the sequence that `s` begins with, its code point in `*code`; 0,
 * and U+FFFD, when it begins with none.  An empty `s` begins with none. */
size_t utf8_at(struct sv s, uint32_t *code);

/* Write a code point; U+FFFD for what is none. */
void utf8_put(struct buf *b, int64_t n);

bool utf8_ok(struct sv s);

/* `s` with each byte that is not UTF-8 replaced by U+FFFD. */
struct sv utf8_clean(struct arena *mem, struct sv s);

#endif
