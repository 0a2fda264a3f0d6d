/*
 * zone.h - one zone and what a round found of it; private to gen/verify/.
 */
#ifndef VERIFY_ZONE_H
#define VERIFY_ZONE_H

#include "verify/judge.h"
#include "verify/server.h"
#include "verify/verify.h"

/* What one server answered otherwise than expected, or a record of its
 * transfer that nothing asks for. */
struct fault_row {
	size_t row; /* of an extra record: SIZE_MAX */
	struct sv name, type;
	enum verdict verdict;
	struct served have;
	size_t server;
};

struct server_state {
	struct server s;
	enum verify_state state;
	uint32_t serial;
	size_t at;	   /* the next row to ask for */
	size_t in_row;	   /* without an answer */
	size_t unanswered; /* of this round */
	bool *fine;	   /* by row */
	/* Of its transfer: */
	size_t soas, transferred;
	bool transfer_done;
};

struct verify_zone {
	const struct zone *zone;
	struct rows rows;
	VEC(struct server_state) servers;
	VEC(struct fault_row) faults; /* of this round */
	size_t extra;		      /* counted beyond MAX_EXTRA */
	struct verify_finding_list findings;
};

size_t good_servers(const struct verify_zone *z);

#endif
