#include "verify/exchange.h"

#include <errno.h>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"

enum {
	UDP_TRIES = 3,
	TCP_TRIES = 2,

	/* The first wait over UDP; the second is twice as long, and so on. */
	UDP_MS = 1000,
	TCP_MS = 4000,

	/* A whole transfer, however slowly its messages come. */
	TRANSFER_MS = 120 * 1000,

	LENGTH = 2, /* in front of a message over TCP */
};

enum stage { STAGE_FREE, STAGE_UDP, STAGE_CONNECT, STAGE_WRITE, STAGE_READ };

/* One question that is out. */
struct slot {
	enum stage stage;
	size_t server, tag;
	struct question question;
	struct sv query;
	struct answer answer;
	uint16_t id;
	bool edns;
	unsigned udp_tries, tcp_tries;
	size_t messages;   /* of a transfer, so far */
	int fd;		   /* -1: none */
	size_t done;	   /* bytes of the query, then of `in` */
	unsigned char *in; /* length and message, over TCP; NULL: not yet */
	int64_t deadline, end;
	struct arena *mem; /* of this question */
};

struct loop {
	const struct exchange *x;
	struct slot *slots;
	struct pollfd *polls;
	size_t n;
	bool *drained;	   /* by server: it has no more questions */
	unsigned char *in; /* a message over UDP */
	int rc;
};

static void slot_close(struct slot *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* For take(): true when it wants the next message of a transfer. */
static bool slot_take(const struct loop *l, struct slot *s,
		      enum ask_result result)
{
	return l->x->take(l->x->arg, s->server, s->tag, result,
			  result == ASK_ANSWERED ? &s->answer : NULL);
}

static void slot_free(struct slot *s)
{
	slot_close(s);
	s->stage = STAGE_FREE;
	arena_reset(s->mem);
}

static void slot_end(const struct loop *l, struct slot *s,
		     enum ask_result result)
{
	(void)slot_take(l, s, result);
	slot_free(s);
}

static void environment(struct loop *l, struct slot *s, const char *what)
{
	fault_file(l->x->fault, l->x->mem, FAULT_ENV, "%s: %s", what,
		   strerror(errno));
	l->rc = -1;
	slot_free(s);
}

/* An id that nobody can guess, and the query that has it. */
static bool slot_prepare(struct loop *l, struct slot *s, int kind)
{
	const struct server_address *a = &l->x->servers[s->server];

	s->done = 0;
	s->fd = socket(a->at.ss_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 && errno != EAFNOSUPPORT) {
		environment(l, s, "socket");
		return false;
	}
	if (getrandom(&s->id, sizeof(s->id), 0) != (ssize_t)sizeof(s->id)) {
		environment(l, s, "getrandom");
		return false;
	}
	s->query = query_write(s->mem, &s->question, s->id, s->edns);
	return true;
}

static int slot_connect(const struct loop *l, const struct slot *s)
{
	const struct server_address *a = &l->x->servers[s->server];

	return s->fd < 0 ? -1
			 : connect(s->fd, (const struct sockaddr *)&a->at,
				   a->size);
}

/* A machine without IPv6, or without any network, has no way there. */
static bool no_route(void)
{
	return errno == ENETUNREACH || errno == EAFNOSUPPORT ||
	       errno == EADDRNOTAVAIL || errno == EACCES;
}

static void slot_tcp(struct loop *l, struct slot *s)
{
	slot_close(s);
	if (s->messages > 0 || s->tcp_tries++ == TCP_TRIES) {
		slot_end(l, s, s->messages > 0 ? ASK_BROKEN : ASK_SILENT);
		return;
	}
	if (!slot_prepare(l, s, SOCK_STREAM))
		return;
	s->stage = STAGE_CONNECT;
	s->deadline = clock_ms() + TCP_MS;
	s->end = clock_ms() + TRANSFER_MS;
	if (slot_connect(l, s) < 0 && errno != EINPROGRESS)
		slot_end(l, s, no_route() ? ASK_NO_ROUTE : ASK_SILENT);
}

static void slot_udp(struct loop *l, struct slot *s)
{
	struct sv query;

	slot_close(s);
	if (s->udp_tries++ == UDP_TRIES || s->question.type == TYPE_AXFR) {
		slot_tcp(l, s);
		return;
	}
	if (!slot_prepare(l, s, SOCK_DGRAM))
		return;
	s->stage = STAGE_UDP;
	s->deadline = clock_ms() + (int64_t)UDP_MS * s->udp_tries;
	query = sv_from(s->query, LENGTH);
	if (slot_connect(l, s) < 0) {
		slot_end(l, s, no_route() ? ASK_NO_ROUTE : ASK_SILENT);
		return;
	}
	if (send(s->fd, query.p, query.n, 0) < 0 && errno == ECONNREFUSED)
		slot_tcp(l, s);
}

/* A server that does not know EDNS says so, and is asked without. */
static bool needs_plain(const struct slot *s)
{
	return s->edns && (s->answer.rcode == RCODE_FORMERR ||
			   s->answer.rcode == RCODE_NOTIMP ||
			   s->answer.rcode == RCODE_BADVERS);
}

static void slot_again_plain(struct loop *l, struct slot *s)
{
	s->edns = false;
	s->udp_tries = s->tcp_tries = 0;
	slot_udp(l, s);
}

static void udp_readable(struct loop *l, struct slot *s)
{
	ssize_t n = recv(s->fd, l->in, MAX_MESSAGE, 0);
	struct sv bytes = { (const char *)l->in, n > 0 ? (size_t)n : 0 };

	if (n < 0) {
		/* Nobody listens there: an ICMP message. */
		if (errno != EAGAIN && errno != EINTR)
			slot_tcp(l, s);
		return;
	}
	switch (answer_read(s->mem, &s->question, s->id, bytes, &s->answer)) {
	case READING_STRANGE:
		return;
	case READING_BROKEN:
		slot_end(l, s, ASK_BROKEN);
		return;
	case READING_OK:
		break;
	}
	if (needs_plain(s))
		slot_again_plain(l, s);
	else if (s->answer.truncated)
		slot_tcp(l, s);
	else
		slot_end(l, s, ASK_ANSWERED);
}

static void tcp_writable(struct loop *l, struct slot *s)
{
	struct sv rest = sv_from(s->query, s->done);
	ssize_t n = send(s->fd, rest.p, rest.n, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		slot_tcp(l, s);
		return;
	}
	s->stage = STAGE_WRITE;
	s->done += n > 0 ? (size_t)n : 0;
	if (s->done < s->query.n)
		return;
	s->stage = STAGE_READ;
	s->done = 0;
}

/* The next message of a transfer; its memory is that of one message. */
static void next_message(struct slot *s)
{
	arena_reset(s->mem);
	s->messages++;
	s->done = 0;
	s->deadline = clock_ms() + TCP_MS;
	if (s->deadline > s->end)
		s->deadline = s->end;
}

static void tcp_message(struct loop *l, struct slot *s, size_t n)
{
	struct sv bytes = { (const char *)s->in + LENGTH, n };

	if (answer_read(s->mem, &s->question, s->id, bytes, &s->answer) !=
	    READING_OK) {
		slot_end(l, s, ASK_BROKEN);
		return;
	}
	if (needs_plain(s)) {
		slot_again_plain(l, s);
		return;
	}
	/* Nothing is longer than what TCP takes. */
	if (s->answer.truncated) {
		slot_end(l, s, ASK_BROKEN);
		return;
	}
	if (slot_take(l, s, ASK_ANSWERED))
		next_message(s);
	else
		slot_free(s);
}

/* The length first, then that many bytes, never more. */
static void tcp_readable(struct loop *l, struct slot *s)
{
	size_t whole = LENGTH;
	ssize_t n;

	if (s->in == NULL)
		s->in = arena_alloc(l->x->mem, LENGTH + MAX_MESSAGE, 1);
	if (s->done >= LENGTH)
		whole += (size_t)s->in[0] << 8 | s->in[1];
	n = recv(s->fd, s->in + s->done, whole - s->done, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		slot_tcp(l, s);
		return;
	}
	s->done += (size_t)n;
	if (s->done < LENGTH)
		return;
	whole = LENGTH + ((size_t)s->in[0] << 8 | s->in[1]);
	if (s->done == whole)
		tcp_message(l, s, whole - LENGTH);
}

static void slot_ready(struct loop *l, struct slot *s)
{
	switch (s->stage) {
	case STAGE_UDP:
		udp_readable(l, s);
		return;
	case STAGE_CONNECT:
	case STAGE_WRITE:
		tcp_writable(l, s);
		return;
	case STAGE_READ:
		tcp_readable(l, s);
		return;
	case STAGE_FREE:
		return;
	}
}

static void slot_late(struct loop *l, struct slot *s)
{
	if (s->stage == STAGE_UDP)
		slot_udp(l, s);
	else
		slot_end(l, s, ASK_SILENT);
}

/* Free slots get the next questions of their servers. */
static void fill(struct loop *l)
{
	for (size_t i = 0; i < l->n && l->rc == 0; i++) {
		struct slot *s = &l->slots[i];

		if (s->stage != STAGE_FREE || l->drained[s->server])
			continue;
		s->edns = true;
		s->udp_tries = s->tcp_tries = 0;
		s->messages = 0;
		if (l->x->next(l->x->arg, s->server, &s->question, &s->tag))
			slot_udp(l, s);
		else
			l->drained[s->server] = true;
	}
}

/* Slots that are out, and how long until the first of them is late. */
static size_t watch(const struct loop *l, int *wait)
{
	int64_t now = clock_ms(), first = now + TRANSFER_MS;
	size_t out = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slots[i];
		bool writes =
			s->stage == STAGE_CONNECT || s->stage == STAGE_WRITE;

		l->polls[i] = (struct pollfd){ .fd = -1 };
		if (s->stage == STAGE_FREE)
			continue;
		out++;
		l->polls[i].fd = s->fd;
		l->polls[i].events = writes ? POLLOUT : POLLIN;
		first = s->deadline < first ? s->deadline : first;
	}
	*wait = first > now ? (int)(first - now) : 0;
	return out;
}

/* What came is looked at before its time is over, for this process may have
 * been late itself; but whoever sends without end is late all the same. */
static void serve(struct loop *l)
{
	int64_t now = clock_ms();

	for (size_t i = 0; i < l->n && l->rc == 0; i++) {
		struct slot *s = &l->slots[i];

		if (l->polls[i].fd >= 0 && l->polls[i].revents != 0)
			slot_ready(l, s);
		if (l->rc == 0 && s->stage != STAGE_FREE && s->deadline <= now)
			slot_late(l, s);
	}
}

/* To ask a server for all of it at once would be no better than an attack: at
 * most SERVER_WINDOW questions to one are out. */
static void loop_open(struct loop *l, const struct exchange *x)
{
	size_t window = MAX_QUESTIONS_OUT / x->n;

	if (window > SERVER_WINDOW)
		window = SERVER_WINDOW;
	if (window == 0)
		window = 1;
	*l = (struct loop){ .x = x, .n = window * x->n };
	l->slots = ARENA_ARRAY(x->mem, struct slot, l->n);
	l->polls = ARENA_ARRAY(x->mem, struct pollfd, l->n);
	l->drained = ARENA_ARRAY(x->mem, bool, x->n);
	l->in = arena_alloc(x->mem, MAX_MESSAGE, 1);
	for (size_t i = 0; i < l->n; i++) {
		l->slots[i].fd = -1;
		l->slots[i].server = i % x->n;
		l->slots[i].mem = arena_new();
	}
}

static void loop_close(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++) {
		slot_close(&l->slots[i]);
		arena_free(l->slots[i].mem);
	}
}

int exchange_run(const struct exchange *x)
{
	struct loop l;
	int wait;

	if (x->n == 0)
		return 0;
	loop_open(&l, x);
	for (fill(&l); l.rc == 0 && watch(&l, &wait) > 0; fill(&l)) {
		if (poll(l.polls, (nfds_t)l.n, wait) < 0 && errno != EINTR) {
			fault_file(x->fault, x->mem, FAULT_ENV, "poll: %s",
				   strerror(errno));
			l.rc = -1;
			break;
		}
		serve(&l);
	}
	loop_close(&l);
	return l.rc;
}
