/*
 * list.h - records as lists for people's own tools; private to gen/output/.
 *
 * Owner: pointers point into the set they were taken from.
 */
#ifndef OUTPUT_LIST_H
#define OUTPUT_LIST_H

#include "output/output.h"

struct endpoint_refs {
	VEC(const struct endpoint *) list;
};

/* The set in the one order of every list: name, type, set identifier. */
void endpoint_refs_sorted(struct arena *mem, const struct endpoints *set,
			  struct endpoint_refs *out);

/* Labels; a registry TXT also says which name it owns. */
struct pairs endpoint_labels(struct arena *mem, const struct endpoint *e);

/* `s` with each byte that is no UTF-8 replaced by U+FFFD: JSON and YAML can
 * hold nothing else, and jansson refuses the string otherwise. */
struct sv utf8_clean(struct arena *mem, struct sv s);

/* "ingress shop/web, ..." for a comment: printable ASCII, never a path. */
struct sv output_comment(struct arena *mem, const struct endpoint *e);

/* Where to blame: the first that asked for it. */
struct loc endpoint_place(const struct endpoint *e);

/* The output's file as a whole. */
struct loc output_place(const struct output_ctx *ctx);

/* A merge left its markers in the file: no parser reads it now. */
bool has_conflict_marks(struct sv text);

/* "ingress shop/web, ..." for a comment: printable ASCII, never a path. */
struct sv output_comment(struct arena *mem, const struct endpoint *e);

/* Where to blame: the first that asked for the record. */
struct loc endpoint_place(const struct endpoint *e);

/* The output's file as a whole. */
struct loc output_place(const struct output_ctx *ctx);

/* A merge left its marks in the file: nothing can read it now. */
bool has_conflict_marks(struct sv text);

#endif
