/*
 * search.h - where a text stands in the files of a snapshot, and why no record
 * comes of it: for `explain` of a name that no object asks for.
 *
 * Shape:  places in the order of paths; at most MAX_FOUND, the rest counted.
 * Owner:  s->mem.
 * Errors: -1 with a fault; a file that cannot be read holds nothing.
 */
#ifndef PIPELINE_SEARCH_H
#define PIPELINE_SEARCH_H

#include "pipeline/session.h"

struct found_text {
	struct loc at;
	struct sv line; /* the line itself, trimmed */
	struct sv why;	/* "a comment", "values that no object names; ..." */
};

struct found_texts {
	VEC(struct found_text) list;
	size_t more; /* lines past MAX_FOUND */
};

/* Lines with one of `texts`; messages of the session give the reason where one
 * is about that file or line, so that it comes after derive(). */
int search_text(struct session *s, const struct strings *texts,
		struct found_texts *out);

#endif
