/*
 * verify.h - do name servers serve what the snapshot says?
 *
 * The one folder, and the one command, that uses the network: it asks the name
 * servers of each zone, or those that the command line names, and changes
 * nothing.
 *
 * Shape:  verify_add() for each zone, which finds its servers; then as many
 *         verify_round() as there is time for.  `found` is what the last round
 *         found; a record that was right once is not asked for again.
 * Owner:  `mem`.
 * Errors: -1 with a fault: no server is known, or the machine has no sockets.
 *         Whatever servers say, or do not say, is a finding.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "base/fault.h"
#include "base/progress.h"
#include "plan/plan.h"

struct verify_options {
	struct strings servers;	  /* as typed; empty: those of the zone */
	struct strings resolvers; /* as typed; empty: resolv.conf(5) */
	unsigned port;		  /* where an address names none */
	bool dangling;		  /* look CNAME targets up */
};

enum verify_state {
	VERIFY_UNREACHABLE,
	VERIFY_LAME,
	VERIFY_NO_ROUTE, /* this machine has no way to such an address */
	VERIFY_GOOD,
};

const char *verify_state_name(enum verify_state s);

/* One finding as data; `found` has its text too. */
struct verify_finding {
	enum diag_code code;
	enum diag_severity severity;
	struct loc at;
	struct sv text;
	struct sv name, type;		  /* of a record; else "" */
	struct strings servers;		  /* that it is about */
	struct strings expected, served;  /* data, as zone files have them */
	struct sv answer;		  /* instead of data: "NXDOMAIN" */
	int64_t expected_ttl, served_ttl; /* of a record; -1: any, none */
};

struct verify_finding_list {
	VEC(struct verify_finding) list;
};

struct verify_server {
	struct sv server; /* "ns1.example.net (192.0.2.1)" */
	enum verify_state state;
	uint32_t serial; /* of a good one */
	bool transfer;	 /* it allowed one */
};

/* What the last round found of one zone. */
struct verify_result {
	struct sv zone;
	size_t records;
	VEC(struct verify_server) servers;
	struct verify_finding_list findings;
};

struct verify_results {
	VEC(struct verify_result) list;
};

struct verify_zone;

struct verify {
	struct arena *mem;
	struct fault *fault;
	const struct verify_options *opt;
	const struct config *config;
	struct progress progress;
	struct diags found;
	VEC(struct verify_zone *) zones;
};

int verify_add(struct verify *v, const struct zone_plan *plan);

/* "example.com: asking ns1.example.net (192.0.2.1)", one a zone. */
void verify_asks(const struct verify *v, struct strings *out);

int verify_round(struct verify *v);

/* Errors and warnings; a note says what cannot be seen from outside. */
size_t verify_findings(const struct verify *v);

/* "example.com: 12 records on 2 servers: as expected", one a zone. */
void verify_summary(const struct verify *v, struct strings *out);

void verify_results(const struct verify *v, struct verify_results *out);

#endif
