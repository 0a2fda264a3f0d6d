/*
 * scan.h - what the manifests of a repository ask for, seen without a
 * configuration: for `init`.
 */
#ifndef CLI_SCAN_H
#define CLI_SCAN_H

#include "cli/cli.h"

struct scan {
	struct strings zones;	/* registrable domains, sorted */
	struct strings sources; /* that made records, sorted */
	size_t names;
	size_t without_target; /* objects */
};

/* Of r->snapshot, or of nothing if there is none.  Messages about single
 * objects are dropped: `list` shows them.  0, or -1 with a fault. */
int scan_repository(struct run *r, struct scan *out);

#endif
