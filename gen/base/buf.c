#include "base/buf.h"

#include <stdio.h>

static void buf_room(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 128;
	char *p;

	if (b->cap - b->n > more)
		return;
	while (cap - b->n <= more)
		cap *= 2;
	p = arena_alloc(b->mem, cap, 1);
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
}

void buf_add(struct buf *b, struct sv s)
{
	buf_room(b, s.n);
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, (struct sv){ &c, 1 });
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		buf_room(b, (size_t)n);
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

struct sv buf_sv(struct buf *b)
{
	buf_room(b, 0);
	return (struct sv){ b->p, b->n };
}
