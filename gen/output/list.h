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

/* "ingress shop/web, ..." for a comment: printable ASCII, never a path. */
struct sv output_comment(struct arena *mem, const struct endpoint *e);

/* The first object that such a comment names; else `p` stays as it is. */
void provenance_of_comment(struct sv comment, struct provenance *p);

/* What to read for `text`: a file with the marks of a merge in it is read as
 * it was published, since no parser takes it as it is. */
struct sv output_readable(struct output_ctx *ctx, struct sv text);

/* -1, and the diag of a target that is not data of its type. */
int output_target_fault(const struct output_ctx *ctx, const struct endpoint *e,
			struct sv target);

/* What the output's format cannot hold of a record: "a target with ...".  A
 * diag at the record, and -1. */
int output_refusal(const struct output_ctx *ctx, const struct endpoint *e,
		   const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* -1 with a diag if the record is one of several that share a name and a type,
 * told apart by ExternalDNS' set identifier: the format has no such thing. */
int output_check_single(const struct output_ctx *ctx, const struct endpoint *e);

/* -1 with a diag if the target of `e` is a Terraform expression. */
int output_check_plain(const struct output_ctx *ctx, const struct endpoint *e);

/* The text of the header line, which names the configuration. */
struct sv output_header(const struct output_ctx *ctx);

/* TTL of a record, as the format has it; 0: none. */
int64_t output_ttl(const struct output_ctx *ctx, const struct endpoint *e);

/* Does Cloudflare answer for it?  Of an ownership TXT too, ExternalDNS keeps
 * the properties; only these types can be proxied. */
bool output_proxied(const struct endpoint *e);

/* names: relative, and the origin of owners then; else p NULL. */
bool output_is_relative(const struct output_spec *spec);
struct sv output_origin(const struct output_ctx *ctx);

/* What a Kubernetes object that holds the zone is called: its names are DNS
 * names without "_" and "/". */
struct sv output_object_name(struct arena *mem, struct sv zone_key);

/* The output's file as a whole. */
struct loc output_place(const struct output_ctx *ctx);

/* Run `write` with memory of its own, of which only the text is kept: what a
 * zone of 100,000 records takes on the way is ten times its file. */
int output_scratch(struct output_ctx *ctx, const struct endpoints *records,
		   struct sv *text,
		   int (*write)(struct output_ctx *ctx,
				const struct endpoints *records,
				struct sv *text));

#endif
