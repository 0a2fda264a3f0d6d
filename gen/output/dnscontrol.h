/*
 * dnscontrol.h - what writing and reading DNSControl's two forms share; private
 * to gen/output/.
 *
 * Source: DNSControl 4 (2026-05): pkg/js/helpers.js, which makes of the
 *         JavaScript the JSON that models/ reads; pkg/normalize/validate.go.
 */
#ifndef OUTPUT_DNSCONTROL_H
#define OUTPUT_DNSCONTROL_H

#include "output/typed.h"

/* The arguments of a type's function behind the name, in their order, with the
 * names that they have in JSON. */
extern const struct typed_row dnscontrol_rows[RR_COUNT];

/* What the forms say beside the data. */
#define DNSCONTROL_PROXY "cloudflare_proxy"

enum { CAA_CRITICAL = 128 };

/* A record that was read. */
struct dnscontrol_record {
	struct loc at;
	struct sv name; /* relative, "@" the zone itself */
	struct sv type;
	int64_t ttl;
	struct sv fields[TYPED_MAX];
	bool proxied, critical;
	struct sv comment;
};

/* Into the set that it is part of; -1 with a diag. */
int dnscontrol_add(struct output_ctx *ctx, const struct dnscontrol_record *r,
		   struct endpoints *out);

int dnscontrol_read_js(struct output_ctx *ctx, struct sv file, struct sv text,
		       struct endpoints *out);
int dnscontrol_read_json(struct output_ctx *ctx, struct sv file, struct sv text,
			 struct endpoints *out);

#endif
