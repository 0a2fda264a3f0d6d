/*
 * json_text.h - JSON as text, member by member; private to gen/output/.
 *
 * Shape:  two blanks a level, one member a line, a final newline: a fixed
 *         point of pretty-format-json, Prettier and the whitespace fixers of
 *         pre-commit, given that members come in byte order.
 * Trust:  ASCII only, as those tools write by default; so no byte of a
 *         stranger's text can drive a terminal or reorder what a reviewer
 *         reads.
 */
#ifndef OUTPUT_JSON_TEXT_H
#define OUTPUT_JSON_TEXT_H

#include <stdint.h>

#include "base/buf.h"

enum { JSON_DEPTH = 8 };

struct json_text {
	struct buf b;
	size_t depth;
	bool filled[JSON_DEPTH]; /* has a member already */
};

/* `key` is "" for an item of a list and for the outermost value. */
void json_open(struct json_text *j, struct sv key, char bracket);
void json_close(struct json_text *j, char bracket);
void json_text_add(struct json_text *j, struct sv key, struct sv text);
void json_number_add(struct json_text *j, struct sv key, int64_t n);
void json_bool_add(struct json_text *j, struct sv key, bool on);

/* A string with its quotes; JavaScript reads it, too. */
void json_string_put(struct buf *b, struct sv s);

/* A value of Terraform's expression syntax, taken literally: the openings of
 * its templates are escaped. */
struct sv template_escape(struct arena *mem, struct sv s);

/* The inverse. */
struct sv template_unescape(struct arena *mem, struct sv s);

#endif
