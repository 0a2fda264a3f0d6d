/*
 * template.h - the part of Go's text/template that people name hosts with.
 *
 * Shape:  text with {{actions}}: fields, pipelines, variables, if, with,
 *         range, break, continue; no define, template and block.
 * Owner:  the arena; views point into the template's text and the object.
 * Trust:  a template is the team's, what it is filled from a stranger's:
 *         depth, steps and length are bounded.
 * Source: Go's text/template, ExternalDNS 0.23 source/template.
 */
#ifndef SOURCE_TEMPLATE_H
#define SOURCE_TEMPLATE_H

#include "config/config.h"

struct template;

/* NULL, or what is wrong with the text; `*out` is NULL for blank text. */
const char *template_parse(struct arena *mem, struct sv text,
			   struct template **out);

/* The text of several flags: joined by commas. */
struct sv template_join(struct arena *mem, const struct strings *texts);

/* How the fields of an object are called. */
enum template_view {
	TEMPLATE_TYPED, /* as Go's types: .Spec.ClusterIP; then as JSON */
	TEMPLATE_PLAIN, /* as JSON: .Spec.clusterIP; what is not there is
			   "<no value>" */
};

/*
 * Fill the template; `flag` is the source's for isSource.  NULL, or why it
 * cannot be filled.
 */
const char *template_fill(struct arena *mem, const struct template *t,
			  const struct object *o, enum template_view view,
			  const char *flag, struct sv *out);

/* The names in what was filled: comma list, blanks and one final dot cut,
 * empty ones dropped, sorted, each once. */
void template_names(struct arena *mem, struct sv text, struct strings *out);

#endif
