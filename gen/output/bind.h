/*
 * bind.h - a whole zone file, for formats that hold one; private to
 * gen/output/.
 */
#ifndef OUTPUT_BIND_H
#define OUTPUT_BIND_H

#include "output/output.h"

/* The file of mode zone: header, SOA with its serial, NS, records. */
int bind_write_zone(struct output_ctx *ctx, const struct endpoints *records,
		    struct sv *text);

/* Its records, without the SOA; `at` is what diags name. */
int bind_read_zone(struct output_ctx *ctx, struct loc at, struct sv text,
		   struct endpoints *out);

#endif
