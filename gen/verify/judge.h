/*
 * judge.h - an answer against the record that was expected; private to
 * gen/verify/.
 *
 * Shape:  a row for each RRset of a zone: what is asked, and what must come.
 * Source: RFC 2181 section 5 (RRsets), RFC 1034 section 4.3.2 (referrals).
 */
#ifndef VERIFY_JUDGE_H
#define VERIFY_JUDGE_H

#include "base/map.h"
#include "plan/plan.h"
#include "verify/message.h"

enum row_rule {
	ROW_EXACT,
	ROW_DELEGATION, /* NS of a zone below: they come as a referral */
	ROW_PRESENCE,	/* something of that kind, whatever it says */
};

struct row {
	const struct endpoint *e;
	struct question question;
	enum row_rule rule;
	const char *hidden;   /* PRESENCE: why the data cannot be seen */
	bool proxied;	      /* then its own data must not be seen */
	struct strings texts; /* as rdata_text() writes them, sorted */
	int64_t ttl;	      /* -1: whatever the provider takes */
};

struct rows {
	VEC(struct row) list;
	struct map known; /* by rr_key(): what may stand in the zone */
	struct sv name;	  /* of the zone, */
	struct sv zone;	  /* and its wire form */
	bool is_whole;	  /* nothing else may stand in it */
	size_t unasked;	  /* below a delegation: no server answers for them */
};

/* The rows of a zone; -1: its name has no wire form. */
int rows_make(struct arena *mem, const struct zone_plan *z, struct rows *out);

/* "16 www.example.com": one RRset of a zone. */
struct sv rr_key(struct arena *mem, struct sv name, unsigned type);

enum verdict {
	VERDICT_FINE,
	VERDICT_MISSING,
	VERDICT_DIFFERENT,
	VERDICT_TTL,
};

/* What came: its data, their TTL (-1: none), and what a message says of it:
 * "192.0.2.9", "NXDOMAIN", "TTL 300", or "". */
struct served {
	struct strings data;
	int64_t ttl;
	struct sv text;
};

enum verdict row_judge(struct arena *mem, const struct row *row,
		       const struct answer *a, struct served *have);

/* A record of a transfer that nothing asks for; `name` and `text` say which. */
bool rr_is_extra(struct arena *mem, const struct config *c,
		 const struct rows *rows, const struct served_rr *rr,
		 struct sv *name, struct sv *text);

/* "A", "TYPE65280" */
struct sv type_text(struct arena *mem, unsigned code);

#endif
