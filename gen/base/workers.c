/* For memfd_create(). */
#define _GNU_SOURCE 1

#include "base/workers.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/limits.h"
#include "base/vec.h"

enum {
	/* Under this a fork costs more than it saves. */
	FEW_ITEMS = 256,

	/* Items a child takes at a time: as many as let all end together, for
	 * neighbours in a pack share their deltas.  Measured on 20,000 blobs:
	 * turns of 64 cost a sixth more than those of 1024. */
	TURNS_EACH = 8,
	LONGEST_TURN = 1024,

	/* Bytes that are kept back before they are written. */
	FLUSH_BYTES = 256 * 1024,
};

/* A child's file is a row of these, each with its bytes behind it. */
enum record_kind { RECORD_ITEM, RECORD_FAULT, RECORD_END };

struct record {
	enum record_kind kind;
	enum fault_kind fault;
	size_t item;  /* RECORD_END: how many items were done */
	size_t bytes; /* sent; RECORD_FAULT: the sentence */
	size_t hint;  /* RECORD_FAULT: bytes of the hint behind it */
};

struct child {
	pid_t pid;
	int fd;
	struct sv rest; /* of what it sent, mapped */
	void *map;
	size_t size;
};

/* State of one child, in it. */
struct teller {
	int fd;
	struct arena *mem;  /* until the next flush */
	struct arena *item; /* until the next item */
	struct buf sent;
	struct budget *budget;
	size_t written; /* bytes in the file, which is memory */
};

static void flush(struct teller *t)
{
	struct sv s = buf_sv(&t->sent);

	budget_take(t->budget, s.n);
	t->written += s.n;
	while (s.n > 0) {
		ssize_t n = write(t->fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(EXIT_FAILURE);
		s = sv_from(s, (size_t)n);
	}
	arena_reset(t->mem);
	t->sent = (struct buf){ .mem = t->mem };
}

static void tell(struct teller *t, struct record head, struct sv a, struct sv b)
{
	buf_add(&t->sent, (struct sv){ (const char *)&head, sizeof(head) });
	buf_add(&t->sent, a);
	buf_add(&t->sent, b);
	if (t->sent.n > FLUSH_BYTES)
		flush(t);
}

static void tell_fault(struct teller *t, size_t item, const struct fault *f)
{
	struct record head = { .kind = RECORD_FAULT,
			       .fault = f->kind,
			       .item = item,
			       .bytes = f->text.n,
			       .hint = f->hint.n };

	tell(t, head, f->text, f->hint);
}

/* False if the item had a fault, which is then sent. */
static bool do_item(const struct workers *w, struct teller *t, size_t i)
{
	struct buf out = { .mem = t->item };
	struct fault f = { 0 };
	int rc = w->item(w->arg, i, &out, &f);
	struct record head = { .item = i, .bytes = out.n };

	if (rc < 0)
		tell_fault(t, i, &f);
	else if (out.n > 0)
		tell(t, head, buf_sv(&out), SV(""));
	arena_reset(t->item);
	return rc == 0;
}

static size_t turn_of(const struct workers *w)
{
	size_t turn = w->n / w->jobs / TURNS_EACH;

	return turn > LONGEST_TURN ? LONGEST_TURN : turn > 0 ? turn : 1;
}

static size_t do_turns(const struct workers *w, struct teller *t,
		       atomic_size_t *next)
{
	size_t done = 0, turn = turn_of(w), from;

	while ((from = atomic_fetch_add(next, turn)) < w->n) {
		size_t end = from + turn < w->n ? from + turn : w->n;

		for (size_t i = from; i < end; i++, done++)
			if (!do_item(w, t, i))
				return done;
	}
	return done;
}

static _Noreturn void child_main(const struct arena *mem,
				 const struct workers *w, int fd,
				 atomic_size_t *next)
{
	struct teller t = { .fd = fd,
			    .mem = arena_under(mem),
			    .item = arena_under(mem),
			    .budget = arena_budget(mem) };
	struct record end = { .kind = RECORD_END };
	struct fault f = { 0 };

	/* Nobody waits for the answer once the parent is gone. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	budget_fork(t.budget);
	t.sent.mem = t.mem;
	if (w->begin != NULL && w->begin(w->arg, &f) < 0)
		tell_fault(&t, 0, &f);
	else
		end.item = do_turns(w, &t, next);
	tell(&t, end, SV(""), SV(""));
	flush(&t);
	budget_leave(t.budget, t.written);
	/* Not exit(): buffers of stdio are the parent's to write. */
	_exit(EXIT_SUCCESS);
}

static int start(const struct workers *w, struct arena *mem, struct child *c,
		 atomic_size_t *next, struct fault *f)
{
	c->fd = memfd_create("zoneloom", MFD_CLOEXEC);
	if (c->fd < 0)
		return fault_set(f, mem, FAULT_ENV, "memfd_create: %s",
				 strerror(errno));
	c->pid = fork();
	if (c->pid < 0)
		return fault_set(f, mem, FAULT_ENV, "fork: %s",
				 strerror(errno));
	if (c->pid == 0)
		child_main(mem, w, c->fd, next);
	return 0;
}

static int wait_for(struct child *c, struct arena *mem, struct fault *f)
{
	int status;

	while (waitpid(c->pid, &status, 0) < 0)
		if (errno != EINTR)
			return fault_set(f, mem, FAULT_ENV, "waitpid: %s",
					 strerror(errno));
	c->pid = 0;
	if (WIFSIGNALED(status))
		return fault_set(f, mem, FAULT_ENV,
				 "a reader was killed by signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return fault_set(f, mem, FAULT_ENV,
				 "a reader ended with status %d",
				 WEXITSTATUS(status));
	return 0;
}

static int map_told(struct child *c, struct arena *mem, struct fault *f)
{
	struct stat st;

	if (fstat(c->fd, &st) < 0)
		return fault_set(f, mem, FAULT_ENV, "fstat: %s",
				 strerror(errno));
	c->size = (size_t)st.st_size;
	c->map = mmap(NULL, c->size, PROT_READ, MAP_PRIVATE, c->fd, 0);
	if (c->map == MAP_FAILED) {
		c->map = NULL;
		return fault_set(f, mem, FAULT_ENV, "mmap: %s",
				 strerror(errno));
	}
	c->rest = (struct sv){ c->map, c->size };
	return 0;
}

/* The next record of a child; RECORD_END stays where it is. */
static struct record peek(const struct child *c)
{
	struct record r;

	assert(c->rest.n >= sizeof(r));
	memcpy(&r, c->rest.p, sizeof(r));
	assert(c->rest.n - sizeof(r) >= r.bytes + r.hint);
	return r;
}

/* Whose next record is of the first item; NULL at the end of all. */
static struct child *first_child(struct child *children, unsigned jobs)
{
	struct child *best = NULL;

	for (unsigned i = 0; i < jobs; i++) {
		struct record r = peek(&children[i]);

		if (r.kind == RECORD_END)
			continue;
		if (best == NULL || r.item < peek(best).item)
			best = &children[i];
	}
	return best;
}

static void copy_fault(struct arena *mem, struct fault *f, enum fault_kind kind,
		       struct sv text, struct sv hint)
{
	fault_file(f, mem, kind, SV_FMT, SV_ARG(text));
	if (hint.n > 0)
		fault_hint(f, mem, SV_FMT, SV_ARG(hint));
}

static int take_all(const struct workers *w, struct arena *mem,
		    struct child *children, unsigned jobs, struct fault *f)
{
	struct child *c;
	size_t done = 0;

	while ((c = first_child(children, jobs)) != NULL) {
		struct record r = peek(c);
		struct sv a = sv_from(c->rest, sizeof(r));
		struct sv b = sv_from(a, r.bytes);

		if (r.kind == RECORD_FAULT) {
			copy_fault(mem, f, r.fault, sv_head(a, r.bytes),
				   sv_head(b, r.hint));
			return -1;
		}
		w->take(w->arg, r.item, sv_head(a, r.bytes));
		c->rest = b;
	}
	for (unsigned i = 0; i < jobs; i++)
		done += peek(&children[i]).item;
	if (done == w->n)
		return 0;
	return fault_set(f, mem, FAULT_ENV, "the readers read %zu of %zu files",
			 done, w->n);
}

static int run_forked(struct arena *mem, const struct workers *w,
		      struct fault *f)
{
	struct child *children = ARENA_ARRAY(mem, struct child, w->jobs);
	atomic_size_t *next = mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned started = 0;
	int rc = 0;

	if (next == MAP_FAILED)
		return fault_set(f, mem, FAULT_ENV, "mmap: %s",
				 strerror(errno));
	atomic_init(next, 0);
	while (rc == 0 && started < w->jobs)
		rc = start(w, mem, &children[started++], next, f);
	for (unsigned i = 0; i < started; i++)
		if (children[i].pid > 0 && wait_for(&children[i], mem, f) < 0)
			rc = -1;
	budget_heed(arena_budget(mem));
	for (unsigned i = 0; rc == 0 && i < started; i++)
		rc = map_told(&children[i], mem, f);
	if (rc == 0)
		rc = take_all(w, mem, children, started, f);
	for (unsigned i = 0; i < started; i++) {
		if (children[i].map != NULL) {
			(void)munmap(children[i].map, children[i].size);
			budget_give(arena_budget(mem), children[i].size);
		}
		if (children[i].fd >= 0)
			(void)close(children[i].fd);
	}
	(void)munmap(next, sizeof(*next));
	return rc;
}

static int run_here(struct arena *mem, const struct workers *w, struct fault *f)
{
	struct arena *item = arena_under(mem);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < w->n; i++) {
		struct buf out = { .mem = item };
		struct fault own = { 0 };

		rc = w->item(w->arg, i, &out, &own);
		if (rc < 0)
			copy_fault(mem, f, own.kind, own.text, own.hint);
		else if (out.n > 0)
			w->take(w->arg, i, buf_sv(&out));
		arena_reset(item);
	}
	arena_free(item);
	return rc;
}

int workers_run(struct arena *mem, const struct workers *w, struct fault *f)
{
	assert(w->jobs >= 1 && w->jobs <= MAX_JOBS);
	if (w->jobs == 1 || w->n < FEW_ITEMS)
		return run_here(mem, w, f);
	return run_forked(mem, w, f);
}
