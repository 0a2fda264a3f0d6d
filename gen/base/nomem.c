#include "base/nomem.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"

enum {
	EXIT_NOMEM = 4,
	/* Bytes.  Nobody reads so much at once (MAX_OBJECT_BYTES): who asks for
	 * more has read a length that is damaged, and is told NULL. */
	MOST_AT_ONCE = INT32_MAX,
};

/* As in cleanup.c, nobody passes anything to malloc(3). */
static struct {
	struct budget *budget;
	bool ending;
} blamed;

void nomem_blame(struct budget *b)
{
	blamed.budget = b;
}

#if defined(__has_feature)
# if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#  define OWN_MALLOC 1
# endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
	!defined(__GLIBC__)
# define OWN_MALLOC 1
#endif

#ifndef OWN_MALLOC

/* In a static program glibc's own malloc.o is linked, too, and cannot be
 * replaced: the linker leads the calls here instead (ld's --wrap). */
# ifdef NOMEM_WRAP
#  define malloc	 __wrap_malloc
#  define calloc	 __wrap_calloc
#  define realloc	 __wrap_realloc
#  define aligned_alloc	 __wrap_aligned_alloc
#  define posix_memalign __wrap_posix_memalign
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);
void *aligned_alloc(size_t align, size_t n);
int posix_memalign(void **out, size_t align, size_t n);
# endif

/* glibc's own names of what is replaced. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t align, size_t n);

/* Not exit(3): a library may hold a lock that its own part of it takes. */
static _Noreturn void end_run(size_t n)
{
	static const char text[] = "zoneloom: out of memory\n";
	struct budget *b = blamed.budget;
	bool again = blamed.ending;

	blamed.ending = true;
	if (!again && b != NULL && budget_is_spent(b, n))
		b->over(b->arg, b, WORK_COUNT);
	if (write(STDERR_FILENO, text, sizeof(text) - 1) > 0 && !again)
		cleanup_end();
	_exit(EXIT_NOMEM);
}

static void *got(void *p, size_t n)
{
	if (p == NULL && n > 0 && n <= MOST_AT_ONCE)
		end_run(n);
	return p;
}

void *malloc(size_t n)
{
	return got(__libc_malloc(n), n);
}

void *calloc(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX;
	return got(__libc_calloc(n, size), bytes);
}

void *realloc(void *p, size_t n)
{
	return got(__libc_realloc(p, n), n);
}

void *aligned_alloc(size_t align, size_t n)
{
	return got(__libc_memalign(align, n), n);
}

int posix_memalign(void **out, size_t align, size_t n)
{
	*out = got(__libc_memalign(align, n), n);
	return *out != NULL || n == 0 ? 0 : ENOMEM;
}

#endif
