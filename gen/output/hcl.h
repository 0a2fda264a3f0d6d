/*
 * hcl.h - the words of Terraform's native syntax, for whoever looks for heads
 * of blocks and for addresses; private to gen/output/.
 *
 * Nothing is evaluated.  What stands inside of a string, a heredoc or a
 * comment is never taken for a word outside, nor the other way round: that is
 * all that a reader of block heads depends on.
 *
 * Source: the scanner of hashicorp/hcl, hclsyntax/scan_tokens.rl.
 */
#ifndef OUTPUT_HCL_H
#define OUTPUT_HCL_H

#include "base/arena.h"

enum hcl_kind {
	HCL_END,
	HCL_WORD,    /* an identifier or a keyword */
	HCL_STRING,  /* a quoted one, of one line; `text` without escapes */
	HCL_NEWLINE, /* also the one that ends a comment */
	HCL_MARK,    /* one byte of any other kind: "{", ".", "=", "7" */
	HCL_FAULT,   /* no HCL: nothing is read behind it */
};

struct hcl_token {
	enum hcl_kind kind;
	struct sv text;
	uint32_t line, col;
};

struct hcl {
	struct arena *mem;
	struct sv rest; /* what is still to be read */
	uint32_t line, col;
	bool faulty;
};

struct hcl hcl_new(struct arena *mem, struct sv text);

struct hcl_token hcl_next(struct hcl *h);

/* The mark "{" and no other token. */
bool hcl_is_mark(const struct hcl_token *t, char mark);

#endif
