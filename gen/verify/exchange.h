/*
 * exchange.h - many questions to a few name servers at once; private to
 * gen/verify/.
 *
 * Shape:  each server has a list of its own, and a window of questions that
 *         are out; a slow server holds up nobody else.  UDP with EDNS first,
 *         three times; TCP where the answer is truncated or does not come.
 * Trust:  a socket for each question, so that its port is one of the kernel's
 *         choice, and a random id (RFC 5452); it is connected, so that nothing
 *         but the server's address is heard.
 * Errors: -1 with a fault when this machine has no socket for us.  A server
 *         that does not answer is a result.
 */
#ifndef VERIFY_EXCHANGE_H
#define VERIFY_EXCHANGE_H

#include <sys/socket.h>

#include "base/fault.h"
#include "verify/message.h"

enum ask_result {
	ASK_ANSWERED,
	ASK_SILENT,   /* no answer in time, over UDP and TCP */
	ASK_NO_ROUTE, /* this machine has no way to such an address */
	ASK_BROKEN,   /* what came is not a message */
};

struct server_address {
	struct sockaddr_storage at;
	socklen_t size;
};

struct exchange {
	struct arena *mem;
	struct fault *fault;
	const struct server_address *servers;
	size_t n;
	void *arg;
	/* The next question for a server, and a tag for take(); false: none. */
	bool (*next)(void *arg, size_t server, struct question *q, size_t *tag);
	/* How a question ended; the answer's memory goes after the call.  Of a
	 * transfer each message comes so: true asks for one more. */
	bool (*take)(void *arg, size_t server, size_t tag,
		     enum ask_result result, const struct answer *a);
};

int exchange_run(const struct exchange *x);

#endif
