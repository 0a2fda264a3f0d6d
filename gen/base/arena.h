/*
 * arena.h - memory that lives exactly as long as one run, or one file.
 *
 * Owner:   whoever made the arena frees it.  Nothing that came from an arena
 *          is freed by itself.
 * Zeroed:  yes, always.
 * Errors:  none.  Out of memory ends the process with exit status 4; past the
 *          budget of the run (base/budget.h) the budget ends it.
 * Threads: none in this program; workers are processes.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/sv.h"

struct arena;
struct budget;

/* The arena of a run, or of what needs a few bytes: they are in no budget. */
struct arena *arena_new(void);
/* One that counts to a budget; one that counts where `parent` does. */
struct arena *arena_new_in(struct budget *b);
struct arena *arena_under(const struct arena *parent);
void arena_free(struct arena *a); /* NULL is allowed */

/* As if freed and made anew, but the memory of a small one is kept. */
void arena_reset(struct arena *a);

#define ARENA_NEW(a, T)	     ((T *)arena_alloc((a), 1, sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T)))
void *arena_alloc(struct arena *a, size_t n, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2, 3)));

/* Copy bytes in; the copy has a NUL after it that `n` does not count. */
struct sv arena_sv(struct arena *a, struct sv s);
struct sv arena_fmt(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct sv arena_vfmt(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* The same bytes as a C string, for other libraries' functions. */
const char *arena_str(struct arena *a, struct sv s);

/* ASCII lower case copy. */
struct sv arena_lower(struct arena *a, struct sv s);

/* Have `fn(data)` called by arena_free(), last added first.  For handles of
 * other libraries: yaml_parser_t, git_repository, FILE. */
void arena_defer(struct arena *a, void (*fn)(void *), void *data);

/* Bytes asked of the system so far: for tests and `--verbose`. */
size_t arena_bytes(const struct arena *a);

/* NULL: none. */
struct budget *arena_budget(const struct arena *a);

/* A library had no memory: ends the process as arena_alloc() would. */
_Noreturn void arena_exhausted(const struct arena *a);

#endif
