/*
 * rdata.h - record data in its three forms; private to gen/output/.
 *
 * Shape:  target  what an endpoint holds: "10 mail.example.net", no final dot;
 *                 a TXT as endpoint/txt.h has it
 *         wire    RFC 1035 section 3.3, names lower-case and uncompressed
 *         text    what stands in a zone file, names absolute
 *         (those that others need, too, are in output.h)
 * Rule:   a target is a stranger's text.  It becomes wire first, and only wire
 *         becomes text, so no byte of it can mean anything in a file.
 */
#ifndef OUTPUT_RDATA_H
#define OUTPUT_RDATA_H

#include "output/output.h"

enum {
	/* RDLENGTH allows 65,535, but then the record no longer fits into the
	 * one message of a transfer: named loads 65,506 and AXFR fails. */
	MAX_RDATA = 64000,
};

enum rdata_kind {
	RDATA_OTHER, /* text that ldns writes */
	RDATA_HEX,   /* the same, hexadecimal */
	RDATA_NAME,
	RDATA_NUMBER,
	RDATA_PARAMS, /* of SVCB and HTTPS: `alpn="h2" port=443` */
	RDATA_STRING,
	RDATA_TAG, /* letters and digits, bare */
};

struct rdata_field {
	enum rdata_kind kind;
	uint32_t number;
	struct sv bytes; /* a name is in dname_parse() form, "." is the root */
	struct sv text;	 /* of HEX, PARAMS and OTHER, in zone file form */
};

struct rdata {
	VEC(struct rdata_field) fields;
};

/* The fields, as ldns tells them apart.  False: ldns does not know the type, or
 * the bytes do not fit it. */
bool rdata_split(struct arena *mem, enum rrtype type, struct sv wire,
		 struct rdata *out);

/* Is the data of the fields that its type has?  True for types of which nobody
 * here knows. */
bool rdata_form_ok(enum rrtype type, struct sv wire);

/* What name servers expect of data that has these fields; NULL: they take
 * it. */
const char *rdata_shape_fault(enum rrtype type, const struct rdata *r);

/* Of a target that rdata_wire() refuses: what is expected, "data of type X25"
 * at least, and the target as whoever wrote it knows it. */
struct sv rdata_expected(struct arena *mem, const struct endpoint *e,
			 struct sv target, struct sv *shown);

/* What a field of that type is; RDATA_OTHER behind the last. */
enum rdata_kind rdata_kind(enum rrtype type, size_t field);

/* Target of wire data: the inverse of rdata_wire(). */
struct sv rdata_target(struct arena *mem, enum rrtype type, struct sv wire);

/* Fill the targets of an RRset that was read, so that rdata_wire() gives the
 * same data again.  Sets is_registry for an ownership TXT, unless
 * e->is_static. */
void rdata_targets(struct arena *mem, struct endpoint *e,
		   const struct sv *wires, size_t n);

/* SOA is not a type of an endpoint, so it has functions of its own. */
bool soa_wire(struct arena *mem, struct sv mname, struct sv rname,
	      const uint32_t numbers[5], struct sv *wire);
bool soa_split(struct arena *mem, struct sv wire, struct rdata *out);

#endif
