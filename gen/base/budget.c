#include "base/budget.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"

/* The sanitizers map terabytes of shadow, which count as data. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CAN_ENFORCE = false };
#else
enum { CAN_ENFORCE = true };
#endif

enum {
	/* Bytes: what malloc() takes from the system at once. */
	NEAR = 1024 * 1024,
};

/* What the processes of a run see of each other. */
struct budget_shared {
	atomic_size_t held;
	/* A child has passed a bound: the first one says where. */
	atomic_flag taken;
	atomic_bool filled;
	enum work kind;
	uint32_t line, col;
	size_t n;
	char file[MAX_PATH_BYTES];
};

static const struct {
	size_t most;
	const char *things;
} works[] = {
#define WORK(name, most, things) [WORK_##name] = { (most), (things) },
#include "base/work.def"
#undef WORK
};

bool budget_open(struct budget *b, size_t limit)
{
	*b = (struct budget){ .limit = limit };
	b->shared = mmap(NULL, sizeof(*b->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b->shared == MAP_FAILED)
		return false;
	atomic_init(&b->shared->held, 0);
	atomic_flag_clear(&b->shared->taken);
	atomic_init(&b->shared->filled, false);
	return true;
}

void budget_close(struct budget *b)
{
	(void)munmap(b->shared, sizeof(*b->shared));
	b->shared = NULL;
}

void budget_take(struct budget *b, size_t bytes)
{
	size_t held;

	if (b == NULL)
		return;
	b->own += bytes;
	held = atomic_fetch_add(&b->shared->held, bytes) + bytes;
	if (b->limit > 0 && held > b->limit - b->program)
		b->over(b->arg, b, WORK_COUNT);
}

void budget_give(struct budget *b, size_t bytes)
{
	if (b == NULL)
		return;
	b->own -= bytes;
	(void)atomic_fetch_sub(&b->shared->held, bytes);
}

size_t budget_held(const struct budget *b)
{
	return atomic_load(&b->shared->held);
}

/* `over` of a child. */
static void tell_parent(void *arg, const struct budget *b, enum work kind)
{
	struct budget_shared *to = b->shared;
	struct sv file = sv_head(b->at.file, sizeof(to->file));

	(void)arg;
	if (!atomic_flag_test_and_set(&to->taken)) {
		to->kind = kind;
		to->line = b->at.line;
		to->col = b->at.col;
		to->n = file.n;
		if (file.n > 0)
			memcpy(to->file, file.p, file.n);
		atomic_store(&to->filled, true);
	}
	_exit(EXIT_FAILURE);
}

void budget_fork(struct budget *b)
{
	if (b == NULL)
		return;
	b->own = 0;
	b->over = tell_parent;
}

void budget_leave(struct budget *b, size_t kept)
{
	if (b != NULL)
		budget_give(b, b->own - kept);
}

void budget_heed(struct budget *b)
{
	const struct budget_shared *from = b == NULL ? NULL : b->shared;

	if (from == NULL || !atomic_load(&from->filled))
		return;
	b->at = (struct loc){ { from->file, from->n }, from->line, from->col };
	b->over(b->arg, b, from->kind);
}

/* What RLIMIT_DATA counts, of which proc(5) says: data + stack, in pages. */
static size_t data_bytes(void)
{
	enum { DATA_FIELD = 6 };
	unsigned long long pages = 0;
	char text[128];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct sv rest = { text, n > 0 ? (size_t)n : 0 }, field = { text, 0 };

	if (fd >= 0)
		(void)close(fd);
	for (int i = 0; i < DATA_FIELD; i++)
		if (!sv_cut(&rest, ' ', &field))
			return 0;
	if (!sv_number(field, SIZE_MAX, &pages))
		return 0;
	return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

void budget_enforce(struct budget *b)
{
	struct rlimit now;

	if (!CAN_ENFORCE || b->limit == 0 ||
	    getrlimit(RLIMIT_DATA, &b->before) < 0)
		return;
	now = b->before;
	now.rlim_cur = data_bytes() + b->limit - b->program;
	if (now.rlim_cur >= b->before.rlim_cur)
		return;
	b->enforced = setrlimit(RLIMIT_DATA, &now) == 0;
}

void budget_release(const struct budget *b)
{
	if (b != NULL && b->enforced)
		(void)setrlimit(RLIMIT_DATA, &b->before);
}

static bool can_map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	(void)munmap(p, n);
	return true;
}

/* Asked of the system, for /proc may be out of reach by now. */
bool budget_is_spent(const struct budget *b, size_t n)
{
	if (!b->enforced)
		return false;
	if (n > b->limit)
		return true;
	if (can_map(n + NEAR))
		return false;
	budget_release(b);
	return can_map(n + NEAR);
}

size_t work_most(const struct budget *b, enum work kind)
{
	enum { MEBI = 1024 * 1024 };

	if (b == NULL || b->limit == 0)
		return works[kind].most;
	return works[kind].most * (b->limit / MEBI) / (DEFAULT_MEMORY / MEBI);
}

const char *work_things(enum work kind)
{
	return works[kind].things;
}

void budget_at(const struct arena *mem, struct loc at)
{
	struct budget *b = arena_budget(mem);

	if (b != NULL)
		b->at = at;
}

void work_spend(const struct arena *mem, enum work kind, size_t n,
		struct loc at)
{
	struct budget *b = arena_budget(mem);
	size_t most = work_most(b, kind);

	if (b == NULL)
		return;
	b->at = at;
	if (n <= most && b->done[kind] <= most - n)
		b->done[kind] += n;
	else
		b->over(b->arg, b, kind);
}

void work_restart(const struct arena *mem)
{
	struct budget *b = arena_budget(mem);

	if (b != NULL)
		memset(b->done, 0, sizeof(b->done));
}
