/*
 * kingpin.h - the flags of ExternalDNS and the values that they take.
 *
 * Source: ExternalDNS 0.23, pkg/apis/externaldns/types.go and validation.go;
 *         kingpin 2.4, values.go; Go's strconv.
 */
#ifndef CLI_KINGPIN_H
#define CLI_KINGPIN_H

#include "base/arena.h"

enum kingpin_type {
	KINGPIN_SWITCH,
	KINGPIN_TEXT,
	KINGPIN_TEXTS,
	KINGPIN_CHOICE,
	KINGPIN_DURATION,
	KINGPIN_REAL,
	KINGPIN_WHOLE,
	KINGPIN_PAIRS,
};

struct kingpin_row {
	const char *name;
	enum kingpin_type type;
	const char *words;
};

/* The flag of that name, "no-x" of a switch "x" too; or NULL. */
const struct kingpin_row *kingpin_find(struct sv name);

/* The rows one by one; NULL behind the last. */
const struct kingpin_row *kingpin_at(size_t i);

bool kingpin_repeats(const struct kingpin_row *row);

/* NULL if ExternalDNS takes the value, or what it expects. */
const char *kingpin_check(struct arena *mem, const struct kingpin_row *row,
			  struct sv value);

#endif
