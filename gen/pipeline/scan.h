/*
 * scan.h - what the manifests of a repository ask for, seen without a
 * configuration: for `init`.
 */
#ifndef PIPELINE_SCAN_H
#define PIPELINE_SCAN_H

#include "pipeline/session.h"

struct scan {
	struct strings zones;	/* registrable domains, sorted */
	struct strings sources; /* that made records, sorted */
	size_t names;
	size_t without_target; /* objects */
};

/* Of s->snapshot, or of nothing if there is none.  Messages about single
 * objects are dropped: `list` shows them.  0, or -1 with a fault. */
int scan_repository(struct session *s, struct scan *out);

#endif
