/*
 * mustache.h - a subset of Mustache: {{name}}, {{#name}}...{{/name}},
 * {{^name}}...{{/name}}, {{! comment }}.
 *
 * Shape:  a value is a text or a list of scopes.  A section is written once
 *         for a text that is not empty, and once for each scope of a list.  A
 *         tag that stands alone on its line takes the line with it.
 * Trust:  values go out through `escape` where one is given, {{{name}}} as
 *         well as {{name}}, so that nothing gets round it; a value is never
 *         read as a template.
 * Errors: -1 with a fault (FAULT_USAGE) that names the line.
 * Source: mustache(5).
 */
#ifndef BASE_MUSTACHE_H
#define BASE_MUSTACHE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/vec.h"

struct mustache_scope;

struct mustache_value {
	const char *name;
	struct sv text;
	const struct mustache_scope *list; /* NULL: a text */
	size_t n;
};

struct mustache_scope {
	VEC(struct mustache_value) values;
};

void mustache_text(struct arena *mem, struct mustache_scope *s,
		   const char *name, struct sv text);
void mustache_list(struct arena *mem, struct mustache_scope *s,
		   const char *name, const struct mustache_scope *list,
		   size_t n);

/* `name` is the template's, for messages; `escape` may be NULL. */
int mustache_render(struct arena *mem, const char *name, struct sv template,
		    const struct mustache_scope *top,
		    struct sv (*escape)(struct arena *, struct sv),
		    struct fault *f, struct sv *out);

#endif
