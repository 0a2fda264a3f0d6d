/*
 * yaml_lines.h - the comments of a YAML output, which are not among its nodes;
 * private to gen/output/.
 */
#ifndef OUTPUT_YAML_LINES_H
#define OUTPUT_YAML_LINES_H

#include "output/output.h"
#include "manifest/manifest.h"

struct yaml_lines {
	VEC(struct sv) list;
};

void yaml_lines_cut(struct arena *mem, struct sv text, struct yaml_lines *out);

/* What the line above a node says in a comment of its own, or "". */
struct sv yaml_comment_above(const struct yaml_lines *lines,
			     const struct node *n);

#endif
