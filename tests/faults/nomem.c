/*
 * Preloaded: the allocation number NOMEM_AT of the program itself fails, with
 * NOMEM_ON all that follow too.  NOMEM_COUNT names a file that is told how many
 * there were.  Children are left alone.
 */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	pid_t program; /* 0: not begun */
	unsigned long n, at;
	bool on;
	int count;
} state;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("NOMEM_AT"), *count = getenv("NOMEM_COUNT");

	state.at = at != NULL ? strtoul(at, NULL, 10) : 0;
	state.on = getenv("NOMEM_ON") != NULL;
	/* Open before the program gives up making files. */
	state.count = count != NULL ? open(count,
					   O_WRONLY | O_CREAT | O_CLOEXEC, 0666)
				    : -1;
	state.program = getpid();
}

__attribute__((destructor)) static void end(void)
{
	if (state.count >= 0 && getpid() == state.program)
		(void)dprintf(state.count, "%lu\n", state.n);
}

static bool fails(void)
{
	if (state.program == 0 || getpid() != state.program)
		return false;
	state.n++;
	if (state.at == 0 || state.n < state.at ||
	    (state.n > state.at && !state.on))
		return false;
	errno = ENOMEM;
	return true;
}

/* Below malloc(3), which is the program's own. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (f == NULL)
		abort();
	return f;
}

void *__libc_malloc(size_t n)
{
	static void *(*real)(size_t);

	if (real == NULL)
		*(void **)&real = next("__libc_malloc");
	return fails() ? NULL : real(n);
}

void *__libc_calloc(size_t n, size_t size)
{
	static void *(*real)(size_t, size_t);

	if (real == NULL)
		*(void **)&real = next("__libc_calloc");
	return fails() ? NULL : real(n, size);
}

void *__libc_realloc(void *p, size_t n)
{
	static void *(*real)(void *, size_t);

	if (real == NULL)
		*(void **)&real = next("__libc_realloc");
	return fails() ? NULL : real(p, n);
}

void *__libc_memalign(size_t align, size_t n)
{
	static void *(*real)(size_t, size_t);

	if (real == NULL)
		*(void **)&real = next("__libc_memalign");
	return fails() ? NULL : real(align, n);
}
