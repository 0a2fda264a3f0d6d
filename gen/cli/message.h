/*
 * message.h - the message of a commit of outputs.
 *
 * Shape:  subject, blank line, at most MESSAGE_CHANGES changes; no trailers.
 * Source: templates/commit-message, or the template that --message-template
 *         or commit.message-template names.  Its words: subject, skip-ci,
 *         summary, count, zones (zone, summary, heading, changes (sign, type,
 *         name, value, place, line)), more, removed (path).
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "cli/outputs.h"

enum { MESSAGE_CHANGES = 50 };

/* `only` NULL: all zones; else the files of that zone.  `removed`: obsolete
 * files are part of it. */
int message_make(struct run *r, const struct outputs *o,
		 const struct zone *only, bool removed, struct sv *out);

#endif
