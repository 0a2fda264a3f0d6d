/*
 * yaml_lines.h - a YAML output read back, with its comments, which are not
 * among its nodes; private to gen/output/.
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

/* One reading of one file. */
struct yaml_reading {
	struct output_ctx *ctx;
	const char *format; /* in messages */
	struct sv file;
	struct yaml_lines lines;
	struct endpoints *out;
};

/* File what is wrong at a node; always -1. */
int yaml_read_fault(const struct yaml_reading *r, const struct node *n,
		    const char *fault);

/* Hand each document of `text` to `root`, and sort what it adds to `r->out`.
 * 0; -1 with a diag where the text or a document is at fault. */
int yaml_read(struct yaml_reading *r, struct sv text,
	      int (*root)(const struct yaml_reading *r,
			  const struct node *document));

#endif
