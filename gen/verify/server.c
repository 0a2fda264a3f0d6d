#include "verify/server.h"

#include <netinet/in.h>

#include "base/file.h"
#include "base/limits.h"
#include "output/output.h"

enum {
	DNS_PORT = 53,
	MAX_RESOLVERS = 3, /* as resolv.conf(5) */
	MAX_RESOLV_CONF = 64 * 1024,
};

static void address_fill(const struct address *a, unsigned port,
			 struct server_address *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	*out = (struct server_address){ 0 };
	if (a->n == 4) {
		v4.sin_port = htons((uint16_t)port);
		memcpy(&v4.sin_addr, a->bytes, a->n);
		memcpy(&out->at, &v4, sizeof(v4));
		out->size = sizeof(v4);
		return;
	}
	v6.sin6_port = htons((uint16_t)port);
	memcpy(&v6.sin6_addr, a->bytes, a->n);
	memcpy(&out->at, &v6, sizeof(v6));
	out->size = sizeof(v6);
}

static struct sv server_text(struct arena *mem, const struct address *a,
			     unsigned port)
{
	struct sv text = address_text(mem, a);

	if (port == DNS_PORT)
		return text;
	return arena_fmt(mem, a->n == 4 ? SV_FMT ":%u" : "[" SV_FMT "]:%u",
			 SV_ARG(text), port);
}

/* What stands before and behind the colon of the port. */
static bool cut_port(struct sv typed, struct sv *address, struct sv *port)
{
	size_t colon = sv_rchr(typed, ':');

	*address = typed;
	*port = SV("");
	if (sv_starts(typed, SV("["))) {
		size_t end = sv_chr(typed, ']');

		*address = sv_from(sv_head(typed, end), 1);
		*port = sv_from(typed, end + 2);
		return end + 1 == typed.n ||
		       (end < typed.n && typed.p[end + 1] == ':' &&
			port->n > 0);
	}
	/* Two colons without brackets: an IPv6 address. */
	if (colon < typed.n && sv_chr(typed, ':') == colon) {
		*address = sv_head(typed, colon);
		*port = sv_from(typed, colon + 1);
		return port->n > 0;
	}
	return true;
}

bool server_parse(struct arena *mem, struct sv typed, unsigned port,
		  struct server *out)
{
	unsigned long long n = port;
	struct sv address, digits;
	struct address a;

	if (!cut_port(typed, &address, &digits) ||
	    !address_parse(address, &a) ||
	    (digits.n > 0 && !sv_number(digits, UINT16_MAX, &n)) || n == 0)
		return false;
	address_fill(&a, (unsigned)n, &out->address);
	out->text = server_text(mem, &a, (unsigned)n);
	return true;
}

static int servers_typed(struct verify *v, const char *flag,
			 const struct strings *typed, unsigned port,
			 struct servers *out)
{
	for (size_t i = 0; i < typed->list.n; i++)
		if (!server_parse(v->mem, typed->list.v[i], port,
				  VEC_ADD(v->mem, &out->list)))
			return fault_set(
				v->fault, v->mem, FAULT_USAGE,
				"invalid --%s \"" SV_FMT
				"\": expected an address such as 192.0.2.53, "
				"192.0.2.53:5300 or [2001:db8::53]:5300",
				flag, SV_ARG(typed->list.v[i]));
	return 0;
}

/* resolv.conf(5): an address, perhaps of one link, which is left out. */
static int resolvers_of_file(struct verify *v, struct servers *out)
{
	struct fault ignored = { 0 };
	struct sv text, line, word;

	if (file_read(v->mem, "/etc/resolv.conf", MAX_RESOLV_CONF, &ignored,
		      &text) < 0)
		text = SV("nameserver 127.0.0.1\n");
	while (sv_cut(&text, '\n', &line) && out->list.n < MAX_RESOLVERS) {
		struct server s;

		line = sv_trim(line);
		word = sv_head(line, sizeof("nameserver") - 1);
		if (sv_eq(word, SV("nameserver")) &&
		    server_parse(v->mem, sv_trim(sv_from(line, word.n)),
				 DNS_PORT, &s))
			*VEC_ADD(v->mem, &out->list) = s;
	}
	if (out->list.n > 0)
		return 0;
	fault_file(v->fault, v->mem, FAULT_ENV,
		   "/etc/resolv.conf: missing nameserver");
	fault_hint(v->fault, v->mem,
		   "name the servers of the zone with --server ADDRESS, or a "
		   "resolver with --resolver ADDRESS");
	return -1;
}

/* One resolver, and the questions that nobody answered before. */
struct lookup_run {
	struct verify *v;
	struct lookups *all;
	size_t at;
};

static bool lookup_next(void *arg, size_t server, struct question *q,
			size_t *tag)
{
	struct lookup_run *r = arg;

	(void)server;
	while (r->at < r->all->list.n && r->all->list.v[r->at].answered)
		r->at++;
	if (r->at == r->all->list.n)
		return false;
	*tag = r->at++;
	*q = r->all->list.v[*tag].question;
	return true;
}

static bool lookup_take(void *arg, size_t server, size_t tag,
			enum ask_result result, const struct answer *a)
{
	struct lookup_run *r = arg;
	struct lookup *l = &r->all->list.v[tag];
	struct arena *mem = r->v->mem;

	(void)server;
	if (result != ASK_ANSWERED ||
	    (a->rcode != RCODE_NOERROR && a->rcode != RCODE_NXDOMAIN))
		return false;
	l->answered = true;
	l->rcode = a->rcode;
	for (size_t i = 0; i < a->answer.list.n; i++) {
		struct served_rr *rr = VEC_ADD(mem, &l->rrs.list);

		*rr = a->answer.list.v[i];
		rr->owner = arena_sv(mem, rr->owner);
		rr->wire = arena_sv(mem, rr->wire);
	}
	return false;
}

int lookup_all(struct verify *v, struct lookups *all)
{
	struct servers resolvers = { 0 };
	int rc = v->opt->resolvers.list.n > 0
			 ? servers_typed(v, "resolver", &v->opt->resolvers,
					 DNS_PORT, &resolvers)
			 : resolvers_of_file(v, &resolvers);

	for (size_t i = 0; rc == 0 && i < resolvers.list.n; i++) {
		struct lookup_run run = { .v = v, .all = all };
		struct exchange x = {
			.mem = v->mem,
			.fault = v->fault,
			.servers = &resolvers.list.v[i].address,
			.n = 1,
			.arg = &run,
			.next = lookup_next,
			.take = lookup_take,
		};

		rc = exchange_run(&x);
	}
	return rc;
}

bool lookup_add(struct arena *mem, struct lookups *all, struct sv name,
		enum rrtype type)
{
	struct lookup *l;
	struct question q = { .type = rrtype_code(type), .recurse = true };

	if (!name_wire(mem, name, &q.name))
		return false;
	l = VEC_ADD(mem, &all->list);
	l->name = name;
	l->question = q;
	return true;
}

/* Names of the zone's servers; what a resolver says is a stranger's. */
static int find_names(struct verify *v, struct sv zone, struct strings *names)
{
	struct lookups ns = { 0 };
	const struct lookup *l;

	if (!lookup_add(v->mem, &ns, zone, RR_NS) || lookup_all(v, &ns) < 0)
		return -1;
	l = &ns.list.v[0];
	for (size_t i = 0; i < l->rrs.list.n; i++) {
		const struct served_rr *rr = &l->rrs.list.v[i];
		struct sv name;
		size_t used;

		if (rr->type == rrtype_code(RR_NS) &&
		    sv_eq(rr->owner, l->question.name) &&
		    name_plain(v->mem, rr->wire, &name, &used))
			strings_add_once(v->mem, names, name);
	}
	strings_sort(names);
	return 0;
}

static void add_addresses(struct verify *v, const struct lookup *l,
			  struct servers *out)
{
	for (size_t i = 0; i < l->rrs.list.n; i++) {
		const struct served_rr *rr = &l->rrs.list.v[i];
		struct address a = { .n = rr->wire.n };
		struct server *s;

		if (rr->type != l->question.type ||
		    (a.n != 4 && a.n != sizeof(a.bytes)) ||
		    out->list.n == MAX_SERVERS)
			continue;
		memcpy(a.bytes, rr->wire.p, a.n);
		s = VEC_ADD(v->mem, &out->list);
		address_fill(&a, v->opt->port, &s->address);
		s->text = arena_fmt(
			v->mem, SV_FMT " (" SV_FMT ")", SV_ARG(l->name),
			SV_ARG(server_text(v->mem, &a, v->opt->port)));
	}
}

static int servers_of_zone(struct verify *v, struct sv zone,
			   struct servers *out)
{
	struct strings names = { 0 };
	struct lookups all = { 0 };

	if (find_names(v, zone, &names) < 0)
		return -1;
	for (size_t i = 0; i < names.list.n; i++) {
		(void)lookup_add(v->mem, &all, names.list.v[i], RR_A);
		(void)lookup_add(v->mem, &all, names.list.v[i], RR_AAAA);
	}
	if (lookup_all(v, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.list.n; i++)
		add_addresses(v, &all.list.v[i], out);
	if (out->list.n > 0)
		return 0;
	fault_file(v->fault, v->mem, FAULT_ENV,
		   "zone " SV_FMT ": the resolver knows no address of its "
		   "name servers",
		   SV_ARG(zone));
	fault_hint(v->fault, v->mem,
		   "name them with --server ADDRESS, or another resolver with "
		   "--resolver ADDRESS");
	return -1;
}

int servers_find(struct verify *v, struct sv zone, struct servers *out)
{
	if (v->opt->servers.list.n > 0)
		return servers_typed(v, "server", &v->opt->servers,
				     v->opt->port, out);
	return servers_of_zone(v, zone, out);
}
