/*
 * findings.h - what a round found, as messages and as data; private to
 * gen/verify/.
 */
#ifndef VERIFY_FINDINGS_H
#define VERIFY_FINDINGS_H

#include "verify/zone.h"

/* File a message, and `f` with its text beside it. */
void finding_add(struct verify *v, struct verify_zone *z,
		 const struct verify_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* About one server: "server 192.0.2.1: REFUSED". */
void finding_server(struct verify *v, struct verify_zone *z,
		    const struct server_state *s, enum diag_code code,
		    struct sv why);

/* Of all that the questions brought. */
void findings_report(struct verify *v, struct verify_zone *z);

#endif
