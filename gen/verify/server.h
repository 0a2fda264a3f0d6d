/*
 * server.h - addresses of name servers, and looking them up; private to
 * gen/verify/.
 *
 * Source: RFC 1034 section 4.2.2: the servers of a zone are its NS records.
 */
#ifndef VERIFY_SERVER_H
#define VERIFY_SERVER_H

#include "base/strings.h"
#include "verify/exchange.h"
#include "verify/verify.h"

struct server {
	struct server_address address;
	struct sv text; /* "ns1.example.net (192.0.2.1)", "[::1]:5300" */
};

struct servers {
	VEC(struct server) list;
};

/* "192.0.2.1", "192.0.2.1:5300", "2001:db8::1", "[2001:db8::1]:5300". */
bool server_parse(struct arena *mem, struct sv typed, unsigned port,
		  struct server *out);

/* What one question to the resolvers brought. */
struct lookup {
	struct sv name;
	struct question question;
	bool answered;
	unsigned rcode;
	struct served_rrs rrs;
};

struct lookups {
	VEC(struct lookup) list;
};

/* False: it has no wire form. */
bool lookup_add(struct arena *mem, struct lookups *all, struct sv name,
		enum rrtype type);

/* Ask the resolvers, each one only what those before it did not answer. */
int lookup_all(struct verify *v, struct lookups *all);

/* The servers that the command line names, or else those of the zone. */
int servers_find(struct verify *v, struct sv zone, struct servers *out);

#endif
