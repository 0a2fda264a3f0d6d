/*
 * mustache.h - Mustache's core: values, sections, inverted sections, comments,
 * partials, other delimiters.
 *
 * Shape:  a value is a text or a list of scopes; a map is a list of one.  An
 *         item of a list that is a text has it under the name ".".  A
 *         text is false where it is empty.
 * Trust:  a value is never read as a template.  Nothing but the function
 *         `partial` reads anything, and depth, output and work are bounded.
 * Errors: -1 with a fault (FAULT_USAGE) that names the line.
 * Source: mustache(5); tests/data/mustache.yaml has a case for each rule.
 */
#ifndef BASE_MUSTACHE_H
#define BASE_MUSTACHE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/strings.h"
#include "base/vec.h"

struct mustache_scope;

struct mustache_value {
	const char *name;
	struct sv text;
	const struct mustache_scope *list; /* NULL: a text */
	size_t n;
	bool is_list; /* also an empty one, without a `list` */
};

struct mustache_scope {
	VEC(struct mustache_value) values;
};

void mustache_text(struct arena *mem, struct mustache_scope *s,
		   const char *name, struct sv text);
void mustache_list(struct arena *mem, struct mustache_scope *s,
		   const char *name, const struct mustache_scope *list,
		   size_t n);

typedef struct sv mustache_escape(struct arena *mem, struct sv s);

struct mustache_options {
	const char *name; /* of the template, for messages */
	struct sv template;
	const struct mustache_scope *top;
	/* What values go out through: {{name}}, and {{{name}}} and {{&name}}.
	 * NULL: as they are. */
	mustache_escape *escape, *raw;
	bool strict; /* a name that is not there is a fault, and not empty */
	/* The text of {{> name}}; p NULL: there is none.  -1 with a fault. */
	int (*partial)(void *of, struct sv name, struct sv *text);
	void *of;
};

int mustache_render(struct arena *mem, const struct mustache_options *o,
		    struct fault *f, struct sv *out);

/* The names of the partials in a template; a faulty one may lack some. */
void mustache_partials(struct arena *mem, struct sv template,
		       struct strings *out);

/* For templates of HTML: & < > " as entities. */
struct sv html_escape(struct arena *mem, struct sv s);

#endif
