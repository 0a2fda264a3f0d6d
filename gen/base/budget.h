/*
 * budget.h - what one run may hold in memory, and how much work it may do.
 *
 * Shape:  a number of bytes that all arenas of the run share, with those of
 *         the processes that it forks, and a count for each kind of work.
 *         Libraries allocate beside the arenas: budget_enforce() bounds the
 *         process as a whole (RLIMIT_DATA), so that they fail there too.
 * Owner:  the caller; it outlives its arenas.
 * Place:  budget_at() says what is being read.  What passes the bytes is
 *         blamed on that place.
 * Errors: past either, `over` is called, and must not return: an arena never
 *         fails, and who has done too much work must not do more.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stdbool.h>
#include <sys/resource.h>

#include "base/loc.h"

struct arena;

enum work {
#define WORK(name, most, things) WORK_##name,
#include "base/work.def"
#undef WORK
	WORK_COUNT
};

struct budget {
	size_t limit;	/* bytes; 0: none */
	size_t program; /* bytes of it that the program itself takes */
	struct loc at;	/* being read */
	/* `kind` is WORK_COUNT where the bytes are passed. */
	void (*over)(void *arg, const struct budget *b, enum work kind);
	void *arg;

	struct budget_shared *shared; /* by all processes of the run */
	size_t own; /* bytes that this one took since it was forked */
	struct rlimit before;
	bool enforced;
	size_t done[WORK_COUNT]; /* by this process */
};

/* False if the system has no memory for it. */
bool budget_open(struct budget *b, size_t limit);
void budget_close(struct budget *b);

/* For arenas and the like; NULL where there is none. */
void budget_take(struct budget *b, size_t bytes);
void budget_give(struct budget *b, size_t bytes);

/* Bytes that all processes of the run hold. */
size_t budget_held(const struct budget *b);

/* In a child that was just forked, first and last; what it passes ends it, and
 * budget_heed() in the parent, when all have ended, says so there.  `kept` are
 * bytes that the parent gives back. */
void budget_fork(struct budget *b);
void budget_leave(struct budget *b, size_t kept);
void budget_heed(struct budget *b);

/* Have the system refuse this process more than the limit above what it holds
 * now.  A child program gets the old bound back by budget_release(). */
void budget_enforce(struct budget *b);
void budget_release(const struct budget *b);

/* The system did not give `n` bytes: true if that is the end of the budget, not
 * the machine's. */
bool budget_is_spent(const struct budget *b, size_t n);

/* How much of a kind of work one derivation may do: what its row says, times
 * the limit over its default, so that one flag raises both. */
size_t work_most(const struct budget *b, enum work kind);
const char *work_things(enum work kind);

/* To the budget of an arena: what is being read; `n` more of a kind of work
 * are asked for at `at`; the counts start again, for the next derivation. */
void budget_at(const struct arena *mem, struct loc at);
void work_spend(const struct arena *mem, enum work kind, size_t n,
		struct loc at);
void work_restart(const struct arena *mem);

#endif
