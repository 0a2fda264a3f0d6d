/*
 * output.h - the records of a zone to the bytes of a file, and back.
 *
 * To add a format: gen/output/<format>.c with one `const struct output
 * output_<format>`, a row OUTPUT(<format>) in output.def, a golden case.
 *
 * Owner:  `mem`.  <jansson.h> and <libzscanner/scanner.h> stay in here.
 */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "plan/plan.h"

struct output_ctx {
	struct arena *mem;
	struct diags *diags;
	const struct config *config;
	const struct zone *zone;
	const struct output_spec *spec;
	/* What stands in the snapshot now, and at HEAD, MERGE_HEAD, --base:
	 * for the serial, moved blocks and the block's surroundings. */
	struct sv previous;
	VEC(struct sv) bases;
	int64_t now; /* SOURCE_DATE_EPOCH or the clock; date serials only */
};

struct output {
	const char *format; /* "terraform" */
	const char *about;
	/* The whole new file.  0, or -1 with diags; our own misrendering
	 * (read-back differs) is assert()ed. */
	int (*write)(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text);
	/* Records of a file that `write` made: 0; -1 with a diag when it is
	 * not ours or broken.  NULL: not readable. */
	int (*read)(struct output_ctx *ctx, struct sv file, struct sv text,
		    struct endpoints *out);
};

extern const struct output *const output_table[]; /* ends with NULL */
const struct output *output_find(struct sv format);

/* True if the text carries our header line: may be overwritten. */
bool output_is_ours(struct sv text);

/* Parse zone syntax without SOA (zones.*.static) with libzscanner. */
int zone_text_read(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct sv origin, int64_t default_ttl,
		   struct endpoints *out);

/* For `list -o`: records without a zone file around them. */
void output_jsonl(FILE *out, const struct endpoints *set, bool compat);

#endif
