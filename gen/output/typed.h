/*
 * typed.h - the data of a record as fields with names, as octoDNS and
 * DNSControl have it; private to gen/output/.
 *
 * Shape:  a table with a row for each type says in which form the data stands;
 *         fields are those of rdata_split(), in wire order.
 * Trust:  strings are bytes here, not yet escaped: their writer does it.
 */
#ifndef OUTPUT_TYPED_H
#define OUTPUT_TYPED_H

#include "output/rdata.h"

enum typed_form {
	TYPED_NONE,   /* the format does not have the type */
	TYPED_PLAIN,  /* one text: that of a zone file */
	TYPED_STRING, /* one text: the bytes of a TXT */
	TYPED_NAMED,  /* by `fields` */
};

enum { TYPED_MAX = 6 };

struct typed_field {
	const char *name;
	unsigned field; /* of rdata_split() */
};

struct typed_row {
	enum typed_form form;
	struct typed_field fields[TYPED_MAX]; /* ends with name NULL */
	/* What else the format asks of such a record, or NULL: a fault of a
	 * value, "a tag with ...". */
	const char *(*fault)(const struct endpoint *e, const struct rdata *r);
};

struct typed_value {
	struct sv text; /* of PLAIN and STRING */
	struct rdata r; /* of NAMED */
};

/* The data of one target; 0, or -1 with a diag where it is not data of its type
 * or the format cannot hold it.  `string_fault`: why a string cannot stand in
 * the format, NULL: it can. */
int typed_value(struct output_ctx *ctx, const struct typed_row *row,
		const struct endpoint *e, struct sv target,
		const char *(*string_fault)(struct sv bytes),
		struct typed_value *out);

/* The same for all targets of `e`; `values` has room for them. */
int typed_values(struct output_ctx *ctx, const struct typed_row *row,
		 const struct endpoint *e,
		 const char *(*string_fault)(struct sv bytes),
		 struct typed_value *values);

/* A field as one text: a number in digits, a name with its final dot. */
struct sv typed_text(struct arena *mem, const struct rdata_field *f);

size_t typed_count(const struct typed_row *row);

/* The way back.  `fields` holds the texts of the row's fields, in the order of
 * the row; of other forms the one text.  False: not data of that type. */
bool typed_wire(struct arena *mem, enum rrtype type,
		const struct typed_row *row, const struct sv *fields,
		struct sv *wire);

/* Owner relative to the zone: `apex` for the zone itself. */
struct sv typed_owner(const struct output_ctx *ctx, struct sv name,
		      struct sv apex);

/* The way back: the whole name, checked; false: it is none. */
bool typed_name(const struct output_ctx *ctx, struct sv owner, struct sv apex,
		struct sv *name);

/* A record that was read, without its data. */
struct endpoint *typed_endpoint(struct output_ctx *ctx, struct loc at,
				struct sv name, enum rrtype type, int64_t ttl,
				struct sv comment, struct endpoints *out);

#endif
