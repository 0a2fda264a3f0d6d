#include "base/progress.h"

#include <stdio.h>

#include "base/clock.h"

enum { DELAY_MS = 1000, PERIOD_MS = 100 };

void progress_step(struct progress *p, const char *verb, size_t done,
		   size_t all, const char *things)
{
	int64_t now;

	if (!p->on)
		return;
	now = clock_ms();
	if (p->started == 0)
		p->started = now;
	if (now - p->started < DELAY_MS || now - p->shown < PERIOD_MS)
		return;
	p->shown = now;
	fprintf(stderr, "\r%s %zu of %zu %s\033[K", verb, done, all, things);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown != 0)
		fputs("\r\033[K", stderr);
	p->started = p->shown = 0;
}
