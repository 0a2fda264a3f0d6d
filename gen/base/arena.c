#include "base/arena.h"

#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/budget.h"

#if defined(__SANITIZE_ADDRESS__)
# include <sanitizer/asan_interface.h>
#else
# define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
# define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum {
	/* The first block is small: most arenas serve one small file. */
	BLOCK_MIN = 4 * 1024,
	BLOCK_MAX = 256 * 1024,
	ALIGN = alignof(max_align_t),
	EXIT_NOMEM = 4,
};

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char mem[];
};

struct defer {
	struct defer *next;
	void (*fn)(void *);
	void *data;
};

struct arena {
	struct block *blocks;
	struct defer *defers;
	size_t bytes;
	struct budget *budget; /* NULL: none */
};

static _Noreturn void exhausted(const struct budget *b, size_t n)
{
	if (b != NULL && budget_is_spent(b, n))
		b->over(b->arg, b, WORK_COUNT);
	errx(EXIT_NOMEM, "out of memory");
}

/* Zeroed, and never NULL. */
static void *taken(size_t n, const struct budget *b)
{
	void *p = calloc(1, n);

	if (p == NULL)
		exhausted(b, n);
	return p;
}

struct arena *arena_new_in(struct budget *b)
{
	struct arena *a = taken(sizeof(*a), b);

	a->budget = b;
	return a;
}

struct arena *arena_new(void)
{
	return arena_new_in(NULL);
}

struct arena *arena_under(const struct arena *parent)
{
	return arena_new_in(parent->budget);
}

struct budget *arena_budget(const struct arena *a)
{
	return a->budget;
}

_Noreturn void arena_exhausted(const struct arena *a)
{
	exhausted(a->budget, 0);
}

static void block_free(struct arena *a, struct block *b)
{
	budget_give(a->budget, sizeof(*b) + b->size);
	free(b);
}

void arena_free(struct arena *a)
{
	struct defer *d;
	struct block *b, *next;

	if (a == NULL)
		return;
	for (d = a->defers; d != NULL; d = d->next)
		d->fn(d->data);
	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b->mem, b->size);
		block_free(a, b);
	}
	free(a);
}

void arena_reset(struct arena *a)
{
	struct block *b, *next, *kept = NULL;

	for (struct defer *d = a->defers; d != NULL; d = d->next)
		d->fn(d->data);
	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b->mem, b->size);
		if (kept == NULL && b->size <= BLOCK_MAX)
			kept = b;
		else
			block_free(a, b);
	}
	*a = (struct arena){ .blocks = kept, .budget = a->budget };
	if (kept == NULL)
		return;
	memset(kept->mem, 0, kept->used);
	kept->next = NULL;
	kept->used = 0;
	a->bytes = kept->size;
	ASAN_POISON_MEMORY_REGION(kept->mem, kept->size);
}

static struct block *block_add(struct arena *a, size_t need)
{
	size_t size = a->bytes < BLOCK_MIN ? BLOCK_MIN : a->bytes;
	struct block *b;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	budget_take(a->budget, sizeof(*b) + size);
	b = taken(sizeof(*b) + size, a->budget);
	a->bytes += size;
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	ASAN_POISON_MEMORY_REGION(b->mem, size);
	return b;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	struct block *b = a->blocks;
	size_t bytes, step;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 4)
		errx(EXIT_NOMEM, "arena: %zu objects of %zu bytes", n, size);
	/* At least one byte past the object stays poisoned, so that ASan sees
	 * an overrun into a neighbour. */
	step = (bytes / ALIGN + 1) * ALIGN;
	if (b == NULL || b->size - b->used < step)
		b = block_add(a, step);
	p = b->mem + b->used;
	b->used += step;
	ASAN_UNPOISON_MEMORY_REGION(p, bytes);
	return p;
}

struct sv arena_sv(struct arena *a, struct sv s)
{
	char *p = arena_alloc(a, s.n + 1, 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct sv){ p, s.n };
}

struct sv arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		err(EXIT_NOMEM, "vsnprintf");
	p = arena_alloc(a, (size_t)n + 1, 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct sv){ p, (size_t)n };
}

struct sv arena_fmt(struct arena *a, const char *fmt, ...)
{
	struct sv s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}

const char *arena_str(struct arena *a, struct sv s)
{
	return arena_sv(a, s).p;
}

struct sv arena_lower(struct arena *a, struct sv s)
{
	char *p = arena_alloc(a, s.n + 1, 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = sv_lower_char(s.p[i]);
	return (struct sv){ p, s.n };
}

size_t arena_bytes(const struct arena *a)
{
	return a->bytes;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *data)
{
	struct defer *d = ARENA_NEW(a, struct defer);

	d->fn = fn;
	d->data = data;
	d->next = a->defers;
	a->defers = d;
}
