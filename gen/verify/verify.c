#include "verify/verify.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/words.h"
#include "verify/dangling.h"
#include "verify/judge.h"
#include "verify/server.h"

enum {
	/* So many questions in a row without an answer, and a server is asked
	 * no more in this round. */
	SILENT_LIMIT = 8,
};

/* What one server answered otherwise than expected, or a record of its
 * transfer that nothing asks for. */
struct fault_row {
	size_t row; /* of an extra record: SIZE_MAX */
	struct sv name, type;
	enum verdict verdict;
	struct sv have;
	size_t server;
};

struct server_state {
	struct server s;
	bool is_good;
	bool no_route;
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
	size_t found;		      /* findings of this round */
};

/* One round of one zone. */
struct round {
	struct verify *v;
	struct verify_zone *z;
	size_t *servers; /* of the exchange: their places in z->servers */
	bool *asked;	 /* by place in the exchange */
	size_t all, done;
};

static struct server_state *server_at(const struct round *r, size_t i)
{
	return &r->z->servers.v[r->servers[i]];
}

/* Of some of the zone's servers, each a list of questions. */
static int run(struct round *r, bool good_only,
	       bool (*next)(void *, size_t, struct question *, size_t *),
	       bool (*take)(void *, size_t, size_t, enum ask_result,
			    const struct answer *))
{
	struct arena *own = arena_new();
	struct verify_zone *z = r->z;
	struct server_address *at =
		ARENA_ARRAY(own, struct server_address, z->servers.n);
	struct exchange x = { .mem = own,
			      .fault = r->v->fault,
			      .servers = at,
			      .arg = r,
			      .next = next,
			      .take = take };
	int rc;

	r->servers = ARENA_ARRAY(own, size_t, z->servers.n);
	r->asked = ARENA_ARRAY(own, bool, z->servers.n);
	for (size_t i = 0; i < z->servers.n; i++) {
		if (good_only && !z->servers.v[i].is_good)
			continue;
		r->servers[x.n] = i;
		at[x.n++] = z->servers.v[i].s.address;
	}
	rc = exchange_run(&x);
	if (rc < 0)
		r->v->fault->text = arena_sv(r->v->mem, r->v->fault->text);
	arena_free(own);
	return rc;
}

/* The one question of a phase. */
static bool once(struct round *r, size_t server, unsigned type,
		 struct question *q)
{
	if (r->asked[server])
		return false;
	r->asked[server] = true;
	*q = (struct question){ .name = r->z->rows.zone, .type = type };
	return true;
}

static bool next_soa(void *arg, size_t server, struct question *q, size_t *tag)
{
	*tag = 0;
	return once(arg, server, TYPE_SOA, q);
}

/* Behind two names five numbers stand, the serial first. */
static bool serial_of(const struct answer *a, struct sv zone, uint32_t *serial)
{
	for (size_t i = 0; i < a->answer.list.n; i++) {
		const struct served_rr *rr = &a->answer.list.v[i];
		unsigned char bytes[4];
		struct sv numbers;

		if (rr->type != TYPE_SOA || !sv_eq(rr->owner, zone) ||
		    rr->wire.n < 22)
			continue;
		numbers = sv_from(rr->wire, rr->wire.n - 20);
		memcpy(bytes, numbers.p, sizeof(bytes));
		*serial = 0;
		for (size_t k = 0; k < sizeof(bytes); k++)
			*serial = *serial << 8 | bytes[k];
		return true;
	}
	return false;
}

static void lame(const struct round *r, const struct server_state *s,
		 struct sv why)
{
	diag_file(&r->v->found, DIAG_VERIFY_LAME, DIAG_ERROR, r->z->zone->at,
		  "server " SV_FMT ": not authoritative for " SV_FMT
		  ": " SV_FMT,
		  SV_ARG(s->s.text), SV_ARG(r->z->zone->name), SV_ARG(why));
}

static void unreachable(const struct round *r, const struct server_state *s,
			const char *why)
{
	diag_file(&r->v->found, DIAG_VERIFY_UNREACHABLE, DIAG_ERROR,
		  r->z->zone->at, "server " SV_FMT ": %s", SV_ARG(s->s.text),
		  why);
}

static bool take_soa(void *arg, size_t server, size_t tag,
		     enum ask_result result, const struct answer *a)
{
	struct round *r = arg;
	struct server_state *s = server_at(r, server);

	(void)tag;
	s->is_good = false;
	s->no_route = result == ASK_NO_ROUTE;
	if (result == ASK_NO_ROUTE)
		return false;
	if (result != ASK_ANSWERED || a == NULL)
		unreachable(r, s,
			    result == ASK_BROKEN
				    ? "its answer is not a DNS message"
				    : "no answer over UDP and TCP");
	else if (a->rcode != RCODE_NOERROR)
		lame(r, s, rcode_text(r->v->mem, a->rcode));
	else if (!a->authoritative ||
		 !serial_of(a, r->z->rows.zone, &s->serial))
		lame(r, s, SV("no SOA record of its own"));
	else
		s->is_good = true;
	return false;
}

static bool next_row(void *arg, size_t server, struct question *q, size_t *tag)
{
	struct round *r = arg;
	struct server_state *s = server_at(r, server);
	const struct rows *rows = &r->z->rows;

	while (s->at < rows->list.n && s->fine[s->at])
		s->at++;
	if (s->in_row >= SILENT_LIMIT) {
		s->unanswered += rows->list.n - s->at;
		s->at = rows->list.n;
	}
	if (s->at == rows->list.n)
		return false;
	*tag = s->at++;
	*q = rows->list.v[*tag].question;
	return true;
}

static bool take_row(void *arg, size_t server, size_t tag,
		     enum ask_result result, const struct answer *a)
{
	struct round *r = arg;
	struct verify *v = r->v;
	struct server_state *s = server_at(r, server);
	const struct row *row = &r->z->rows.list.v[tag];
	enum verdict verdict;
	struct sv have = SV("");
	struct arena *own;

	progress_step(&v->progress, "asking", ++r->done, r->all, "questions");
	if (result != ASK_ANSWERED || a == NULL) {
		s->in_row++;
		s->unanswered++;
		return false;
	}
	s->in_row = 0;
	own = arena_new();
	verdict = row_judge(own, row, a, &have);
	s->fine[tag] = verdict == VERDICT_FINE;
	if (verdict != VERDICT_FINE)
		*VEC_ADD(v->mem, &r->z->faults) = (struct fault_row){
			.row = tag,
			.name = row->e->name,
			.type = type_text(v->mem, rrtype_code(row->e->type)),
			.verdict = verdict,
			.have = arena_sv(v->mem, have),
			.server = r->servers[server],
		};
	arena_free(own);
	return false;
}

static bool next_transfer(void *arg, size_t server, struct question *q,
			  size_t *tag)
{
	struct round *r = arg;
	struct server_state *s = server_at(r, server);

	*tag = 0;
	s->soas = s->transferred = 0;
	s->transfer_done = false;
	return once(r, server, TYPE_AXFR, q);
}

static void take_extra(struct round *r, size_t server,
		       const struct served_rr *rr, struct arena *own)
{
	struct verify *v = r->v;
	struct sv name, text;

	if (!rr_is_extra(own, v->config, &r->z->rows, rr, &name, &text))
		return;
	if (r->z->extra++ >= MAX_EXTRA)
		return;
	*VEC_ADD(v->mem, &r->z->faults) = (struct fault_row){
		.row = SIZE_MAX,
		.name = arena_sv(v->mem, name),
		.type = arena_sv(v->mem, type_text(own, rr->type)),
		.verdict = VERDICT_DIFFERENT,
		.have = arena_sv(v->mem, text),
		.server = r->servers[server],
	};
}

/* RFC 5936 section 2.2: from one SOA record to the same again. */
static bool take_transfer(void *arg, size_t server, size_t tag,
			  enum ask_result result, const struct answer *a)
{
	struct round *r = arg;
	struct server_state *s = server_at(r, server);
	struct arena *own;

	(void)tag;
	if (result != ASK_ANSWERED || a == NULL || a->rcode != RCODE_NOERROR)
		return false;
	own = arena_new();
	for (size_t i = 0; i < a->answer.list.n && s->soas < 2; i++) {
		const struct served_rr *rr = &a->answer.list.v[i];

		s->soas += rr->type == TYPE_SOA &&
			   sv_eq(rr->owner, r->z->rows.zone);
		if (s->soas == 1)
			take_extra(r, server, rr, own);
		s->transferred++;
	}
	arena_free(own);
	s->transfer_done = s->soas == 2;
	return s->soas == 1 && a->answer.list.n > 0 &&
	       s->transferred < MAX_TRANSFER_RECORDS;
}

static int fault_cmp(const void *a, const void *b)
{
	const struct fault_row *x = a, *y = b;
	int c;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	c = sv_cmp(x->name, y->name);
	if (c == 0)
		c = sv_cmp(x->type, y->type);
	if (c == 0)
		c = (x->verdict > y->verdict) - (x->verdict < y->verdict);
	if (c == 0)
		c = sv_cmp(x->have, y->have);
	return c != 0 ? c : (x->server > y->server) - (x->server < y->server);
}

static bool fault_same(const struct fault_row *a, const struct fault_row *b)
{
	return a->row == b->row && a->verdict == b->verdict &&
	       sv_eq(a->name, b->name) && sv_eq(a->type, b->type) &&
	       sv_eq(a->have, b->have);
}

static size_t good_servers(const struct verify_zone *z)
{
	size_t n = 0;

	for (size_t i = 0; i < z->servers.n; i++)
		n += z->servers.v[i].is_good;
	return n;
}

/* "192.0.2.1 and 192.0.2.2", "all 3 servers" */
static struct sv servers_text(struct arena *mem, const struct verify_zone *z,
			      const struct fault_row *f, size_t n)
{
	struct buf b = { .mem = mem };

	if (n > 2 && n == good_servers(z))
		return arena_fmt(mem, "all %zu servers", n);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add(&b, i + 1 < n ? SV(", ") : SV(" and "));
		buf_add(&b, z->servers.v[f[i].server].s.text);
	}
	return buf_sv(&b);
}

static struct sv expected(struct arena *mem, const struct row *row)
{
	struct buf b = { .mem = mem };

	if (row->hidden != NULL)
		return arena_fmt(mem, "an answer (%s)", row->hidden);
	for (size_t i = 0; i < row->texts.list.n; i++) {
		if (i > 0)
			buf_add(&b, SV(", "));
		buf_add(&b, row->texts.list.v[i]);
	}
	return buf_sv(&b);
}

/* One finding of `n` servers that answer alike. */
static void report_fault(struct verify *v, const struct verify_zone *z,
			 const struct fault_row *f, size_t n)
{
	struct sv on = servers_text(v->mem, z, f, n);
	const struct row *row =
		f->row < SIZE_MAX ? &z->rows.list.v[f->row] : NULL;
	struct loc at = row != NULL ? endpoint_at(row->e) : z->zone->at;
	struct sv name = arena_fmt(v->mem, "\"" SV_FMT "\": " SV_FMT,
				   SV_ARG(f->name), SV_ARG(f->type));

	if (row == NULL)
		diag_warn(&v->found, DIAG_VERIFY_EXTRA, at,
			  "record " SV_FMT " " SV_FMT " on " SV_FMT
			  ", and nothing asks for it",
			  SV_ARG(name), SV_ARG(f->have), SV_ARG(on));
	else if (f->verdict == VERDICT_TTL)
		diag_warn(&v->found, DIAG_VERIFY_TTL, at,
			  "record " SV_FMT ": " SV_FMT " on " SV_FMT
			  ", expected %lld",
			  SV_ARG(name), SV_ARG(f->have), SV_ARG(on),
			  (long long)row->ttl);
	else
		diag_file(&v->found,
			  f->verdict == VERDICT_MISSING ? DIAG_VERIFY_MISSING
							: DIAG_VERIFY_DIFFERENT,
			  DIAG_ERROR, at,
			  "record " SV_FMT ": " SV_FMT " on " SV_FMT
			  ", expected " SV_FMT,
			  SV_ARG(name), SV_ARG(f->have), SV_ARG(on),
			  SV_ARG(expected(v->mem, row)));
}

static void report_faults(struct verify *v, struct verify_zone *z)
{
	if (z->faults.n > 0)
		qsort(z->faults.v, z->faults.n, sizeof(z->faults.v[0]),
		      fault_cmp);
	for (size_t i = 0, n; i < z->faults.n; i += n) {
		n = 1;
		while (i + n < z->faults.n &&
		       fault_same(&z->faults.v[i], &z->faults.v[i + n]))
			n++;
		report_fault(v, z, &z->faults.v[i], n);
	}
	if (z->extra > MAX_EXTRA)
		diag_warn(&v->found, DIAG_VERIFY_EXTRA, z->zone->at,
			  "zone " SV_FMT ": %zu more records that nothing "
			  "asks for",
			  SV_ARG(z->zone->key), z->extra - MAX_EXTRA);
}

/* "serial 5 on 192.0.2.1, 4 on 192.0.2.2" */
static void report_serials(struct verify *v, const struct verify_zone *z)
{
	struct buf b = { .mem = v->mem };
	bool differ = false;
	uint32_t first = 0;

	for (size_t i = 0; i < z->servers.n; i++) {
		const struct server_state *s = &z->servers.v[i];

		if (!s->is_good)
			continue;
		if (b.n == 0)
			first = s->serial;
		differ |= s->serial != first;
		buf_fmt(&b, "%s%lu on " SV_FMT, b.n > 0 ? ", " : "",
			(unsigned long)s->serial, SV_ARG(s->s.text));
	}
	if (differ)
		diag_warn(&v->found, DIAG_VERIFY_SERIAL, z->zone->at,
			  "the servers of " SV_FMT " disagree: serial " SV_FMT,
			  SV_ARG(z->zone->name), SV_ARG(buf_sv(&b)));
}

/* What was asked for and cannot be compared; what was not asked for. */
static void report_hidden(struct verify *v, const struct verify_zone *z)
{
	bool transferred = false;

	for (size_t i = 0; i < z->rows.list.n; i++) {
		const struct row *row = &z->rows.list.v[i];

		if (row->hidden != NULL)
			diag_note(&v->found, DIAG_VERIFY_HIDDEN,
				  endpoint_at(row->e),
				  "record \"" SV_FMT "\": %s %s",
				  SV_ARG(row->e->name),
				  rrtype_name(row->e->type), row->hidden);
	}
	for (size_t i = 0; i < z->servers.n; i++)
		transferred |= z->servers.v[i].transfer_done;
	if (good_servers(z) > 0 && !transferred)
		diag_note(&v->found, DIAG_VERIFY_HIDDEN, z->zone->at,
			  "zone " SV_FMT ": no server allows a transfer, so "
			  "records that nothing asks for are not seen",
			  SV_ARG(z->zone->key));
	if (z->rows.unasked > 0)
		diag_note(&v->found, DIAG_VERIFY_HIDDEN, z->zone->at,
			  "zone " SV_FMT ": " SV_FMT " below a delegation",
			  SV_ARG(z->zone->key),
			  SV_ARG(words_count(v->mem, z->rows.unasked, "record",
					     NULL)));
}

static void report_servers(struct round *r)
{
	struct verify_zone *z = r->z;
	bool reached = false;

	for (size_t i = 0; i < z->servers.n; i++)
		reached |= !z->servers.v[i].no_route;
	for (size_t i = 0; i < z->servers.n; i++) {
		struct server_state *s = &z->servers.v[i];

		if (s->unanswered > 0)
			unreachable(r, s,
				    arena_fmt(r->v->mem,
					      SV_FMT " without an answer",
					      SV_ARG(words_count(
						      r->v->mem, s->unanswered,
						      "question", NULL)))
					    .p);
		/* A machine without IPv6 asks the others. */
		if (s->no_route && !reached)
			unreachable(r, s, "this machine has no route to it");
		else if (s->no_route)
			diag_note(&r->v->found, DIAG_VERIFY_HIDDEN, z->zone->at,
				  "server " SV_FMT ": this machine has no "
				  "route to it",
				  SV_ARG(s->s.text));
	}
}

static void round_open(struct round *r)
{
	for (size_t i = 0; i < r->z->servers.n; i++) {
		struct server_state *s = &r->z->servers.v[i];

		s->at = s->in_row = s->unanswered = 0;
		s->transfer_done = false;
	}
	r->z->faults.n = 0;
	r->z->extra = 0;
}

static int round_zone(struct verify *v, struct verify_zone *z)
{
	struct round r = { .v = v, .z = z };
	size_t before = verify_findings(v);

	round_open(&r);
	if (run(&r, false, next_soa, take_soa) < 0)
		return -1;
	r.all = z->rows.list.n * good_servers(z);
	if (run(&r, true, next_row, take_row) < 0 ||
	    run(&r, true, next_transfer, take_transfer) < 0)
		return -1;
	progress_end(&v->progress);
	report_servers(&r);
	report_serials(v, z);
	report_faults(v, z);
	report_hidden(v, z);
	if (v->opt->dangling && dangling_find(v, z->zone, &z->rows) < 0)
		return -1;
	z->found = verify_findings(v) - before;
	return 0;
}

int verify_round(struct verify *v)
{
	v->found = (struct diags){ .mem = v->mem };
	for (size_t i = 0; i < v->zones.n; i++)
		if (round_zone(v, v->zones.v[i]) < 0)
			return -1;
	diags_sort(&v->found);
	return 0;
}

size_t verify_findings(const struct verify *v)
{
	return v->found.errors + v->found.warnings;
}

int verify_add(struct verify *v, const struct zone_plan *plan)
{
	struct verify_zone *z = ARENA_NEW(v->mem, struct verify_zone);
	struct servers found = { 0 };

	z->zone = plan->zone;
	if (plan->zone->ref.n > 0 || rows_make(v->mem, plan, &z->rows) < 0)
		return fault_set(v->fault, v->mem, FAULT_USAGE,
				 "zone " SV_FMT ": only Terraform knows its "
				 "name; choose other zones with --zone",
				 SV_ARG(plan->zone->key));
	if (servers_find(v, plan->zone->name, &found) < 0)
		return -1;
	for (size_t i = 0; i < found.list.n; i++) {
		struct server_state *s = VEC_ADD(v->mem, &z->servers);

		s->s = found.list.v[i];
		s->fine = ARENA_ARRAY(v->mem, bool, z->rows.list.n + 1);
	}
	*VEC_ADD(v->mem, &v->zones) = z;
	return 0;
}

void verify_asks(const struct verify *v, struct strings *out)
{
	for (size_t i = 0; i < v->zones.n; i++) {
		const struct verify_zone *z = v->zones.v[i];
		struct buf b = { .mem = v->mem };

		buf_fmt(&b, SV_FMT ": asking ", SV_ARG(z->zone->key));
		for (size_t k = 0; k < z->servers.n; k++)
			buf_fmt(&b, "%s" SV_FMT, k > 0 ? ", " : "",
				SV_ARG(z->servers.v[k].s.text));
		*VEC_ADD(v->mem, &out->list) = buf_sv(&b);
	}
}

void verify_summary(const struct verify *v, struct strings *out)
{
	for (size_t i = 0; i < v->zones.n; i++) {
		const struct verify_zone *z = v->zones.v[i];
		struct sv found = SV("as expected");

		if (z->found > 0)
			found = words_count(v->mem, z->found, "finding", NULL);
		*VEC_ADD(v->mem, &out->list) = arena_fmt(
			v->mem, SV_FMT ": " SV_FMT " on " SV_FMT ": " SV_FMT,
			SV_ARG(z->zone->key),
			SV_ARG(words_count(v->mem, z->rows.list.n, "record",
					   NULL)),
			SV_ARG(words_count(v->mem, good_servers(z), "server",
					   NULL)),
			SV_ARG(found));
	}
}
