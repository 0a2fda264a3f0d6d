/*
 * commit_message.h - the message of a commit of outputs.
 *
 * Shape:  subject, blank line, at most MESSAGE_CHANGES changes; no trailers.
 * Source: templates/commit-message, or the template that --message-template
 *         or commit.message-template names.  Its words: subject, skip-ci,
 *         summary, count, zones (zone, summary, heading, changes (sign, type,
 *         name, value, place, line)), more, removed (path).
 */
#ifndef PIPELINE_COMMIT_MESSAGE_H
#define PIPELINE_COMMIT_MESSAGE_H

#include "pipeline/outputs.h"

enum { MESSAGE_CHANGES = 50 };

struct commit_message_options {
	struct sv template_file; /* on disk; p NULL: the configuration's */
	bool skip_ci;
};

/* `only` NULL: all zones; else the files of that zone.  `removed`: obsolete
 * files are part of it. */
int commit_message_make(struct session *s,
			const struct commit_message_options *opt,
			const struct outputs *o, const struct zone *only,
			bool removed, struct sv *out);

#endif
