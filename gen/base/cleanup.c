#include "base/cleanup.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	int number;
	const char *name;
} endings[] = {
	{ SIGHUP, "SIGHUP" },	{ SIGINT, "SIGINT" },	{ SIGQUIT, "SIGQUIT" },
	{ SIGPIPE, "SIGPIPE" }, { SIGTERM, "SIGTERM" }, { SIGXCPU, "SIGXCPU" },
};
enum { N_ENDINGS = sizeof(endings) / sizeof(endings[0]) };

/* The one variable of the program that is not passed: a signal has no
 * argument.  The list changes only while signals are held. */
static struct {
	struct cleanup *list;
	const char *state;
	unsigned holds;
	bool kept;
	sigset_t before; /* the mask that the outermost hold found */
} left;

static void write_text(const char *text)
{
	/* Nobody can be told that this did not work. */
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

static void write_ending(int number)
{
	for (size_t i = 0; i < N_ENDINGS; i++) {
		if (endings[i].number != number)
			continue;
		write_text("zoneloom: ended by ");
		write_text(endings[i].name);
		write_text(": ");
		write_text(left.state);
		write_text("\n");
	}
}

static void drop_one(const struct cleanup *c)
{
	if (c->path != NULL)
		(void)unlink(c->path);
	if (c->group > 0)
		(void)kill(-c->group, SIGTERM);
}

/* Async-signal-safe: unlink(2), kill(2), write(2), sigaction(2), raise(3),
 * _exit(2). */
static void on_signal(int number)
{
	struct sigaction none = { .sa_handler = SIG_DFL };
	sigset_t one;

	for (struct cleanup *c = left.list; c != NULL; c = c->next)
		if (c->owner == getpid())
			drop_one(c);
	if (left.state != NULL)
		write_ending(number);
	(void)sigaction(number, &none, NULL);
	(void)sigemptyset(&one);
	(void)sigaddset(&one, number);
	(void)raise(number);
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
	/* The first process of a container survives its own signals. */
	_exit(128 + number);
}

void cleanup_end(void)
{
	struct cleanup *c;

	if (left.kept) {
		left.kept = false;
		write_text("zoneloom: the next run repairs what was under "
			   "way\n");
		return;
	}
	cleanup_hold();
	while ((c = left.list) != NULL) {
		bool ours = c->owner == getpid();

		left.list = c->next;
		c->owner = 0;
		if (ours && c->undo != NULL)
			c->undo(c->arg);
		else if (ours)
			drop_one(c);
	}
	cleanup_release();
}

static void all_endings(sigset_t *set)
{
	(void)sigemptyset(set);
	for (size_t i = 0; i < N_ENDINGS; i++)
		(void)sigaddset(set, endings[i].number);
}

void cleanup_install(void)
{
	struct sigaction ours = { .sa_handler = on_signal }, old;

	/* One ending at a time. */
	all_endings(&ours.sa_mask);
	for (size_t i = 0; i < N_ENDINGS; i++)
		if (sigaction(endings[i].number, NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaction(endings[i].number, &ours, NULL);
	(void)atexit(cleanup_end);
}

void cleanup_hold(void)
{
	sigset_t set;

	if (left.holds++ > 0)
		return;
	all_endings(&set);
	(void)sigprocmask(SIG_BLOCK, &set, &left.before);
}

void cleanup_release(void)
{
	assert(left.holds > 0);
	if (--left.holds == 0)
		(void)sigprocmask(SIG_SETMASK, &left.before, NULL);
}

void cleanup_keep(bool on)
{
	left.kept = on;
}

void cleanup_add(struct cleanup *c)
{
	cleanup_hold();
	assert(c->owner == 0);
	c->owner = getpid();
	c->next = left.list;
	left.list = c;
	cleanup_release();
}

void cleanup_drop(struct cleanup *c)
{
	struct cleanup **at = &left.list;

	if (c->owner == 0)
		return;
	cleanup_hold();
	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
	c->owner = 0;
	cleanup_release();
}

void cleanup_state(const char *text)
{
	cleanup_hold();
	left.state = text;
	cleanup_release();
}
