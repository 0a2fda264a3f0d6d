#include "verify/verify.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/words.h"
#include "verify/dangling.h"
#include "verify/findings.h"

enum {
	/* So many questions in a row without an answer, and a server is asked
	 * no more in this round. */
	SILENT_LIMIT = 8,
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
		if (good_only && z->servers.v[i].state != VERIFY_GOOD)
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

static bool take_soa(void *arg, size_t server, size_t tag,
		     enum ask_result result, const struct answer *a)
{
	struct round *r = arg;
	struct server_state *s = server_at(r, server);
	struct arena *mem = r->v->mem;
	struct sv why = SV("no SOA record of its own");

	(void)tag;
	s->state = VERIFY_NO_ROUTE;
	if (result == ASK_NO_ROUTE)
		return false;
	s->state = VERIFY_UNREACHABLE;
	if (result != ASK_ANSWERED || a == NULL) {
		finding_server(r->v, r->z, s, DIAG_VERIFY_UNREACHABLE,
			       result == ASK_BROKEN
				       ? SV("its answer is not a DNS message")
				       : SV("no answer over UDP and TCP"));
		return false;
	}
	s->state = VERIFY_GOOD;
	if (a->rcode == RCODE_NOERROR && a->authoritative &&
	    serial_of(a, r->z->rows.zone, &s->serial))
		return false;
	s->state = VERIFY_LAME;
	if (a->rcode != RCODE_NOERROR)
		why = rcode_text(mem, a->rcode);
	finding_server(r->v, r->z, s, DIAG_VERIFY_LAME,
		       arena_fmt(mem,
				 "not authoritative for " SV_FMT ": " SV_FMT,
				 SV_ARG(r->z->zone->name), SV_ARG(why)));
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

/* What came, longer than its message. */
static struct served keep(struct arena *mem, const struct served *s)
{
	struct served out = { .ttl = s->ttl, .text = arena_sv(mem, s->text) };

	for (size_t i = 0; i < s->data.list.n; i++)
		*VEC_ADD(mem, &out.data.list) =
			arena_sv(mem, s->data.list.v[i]);
	return out;
}

static bool take_row(void *arg, size_t server, size_t tag,
		     enum ask_result result, const struct answer *a)
{
	struct round *r = arg;
	struct verify *v = r->v;
	struct server_state *s = server_at(r, server);
	const struct row *row = &r->z->rows.list.v[tag];
	struct served have;
	enum verdict verdict;
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
			.have = keep(v->mem, &have),
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
	struct served have = { .ttl = rr->ttl };
	struct sv name;

	if (!rr_is_extra(own, v->config, &r->z->rows, rr, &name, &have.text))
		return;
	*VEC_ADD(own, &have.data.list) = have.text;
	if (r->z->extra++ >= MAX_EXTRA)
		return;
	*VEC_ADD(v->mem, &r->z->faults) = (struct fault_row){
		.row = SIZE_MAX,
		.name = arena_sv(v->mem, name),
		.type = arena_sv(v->mem, type_text(own, rr->type)),
		.verdict = VERDICT_DIFFERENT,
		.have = keep(v->mem, &have),
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

static void round_open(struct round *r)
{
	for (size_t i = 0; i < r->z->servers.n; i++) {
		struct server_state *s = &r->z->servers.v[i];

		s->at = s->in_row = s->unanswered = 0;
		s->transfer_done = false;
	}
	r->z->faults.n = r->z->findings.list.n = 0;
	r->z->extra = 0;
}

static int round_zone(struct verify *v, struct verify_zone *z)
{
	struct round r = { .v = v, .z = z };

	round_open(&r);
	if (run(&r, false, next_soa, take_soa) < 0)
		return -1;
	r.all = z->rows.list.n * good_servers(z);
	if (run(&r, true, next_row, take_row) < 0 ||
	    run(&r, true, next_transfer, take_transfer) < 0)
		return -1;
	progress_end(&v->progress);
	findings_report(v, z);
	return v->opt->dangling ? dangling_find(v, z) : 0;
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

/* A note is none. */
static size_t found_of(const struct verify_zone *z)
{
	size_t n = 0;

	for (size_t i = 0; i < z->findings.list.n; i++)
		n += z->findings.list.v[i].severity != DIAG_NOTE;
	return n;
}

void verify_summary(const struct verify *v, struct strings *out)
{
	for (size_t i = 0; i < v->zones.n; i++) {
		const struct verify_zone *z = v->zones.v[i];
		struct sv found = SV("as expected");

		if (found_of(z) > 0)
			found = words_count(v->mem, found_of(z), "finding",
					    NULL);
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

void verify_results(const struct verify *v, struct verify_results *out)
{
	for (size_t i = 0; i < v->zones.n; i++) {
		const struct verify_zone *z = v->zones.v[i];
		struct verify_result *r = VEC_ADD(v->mem, &out->list);

		r->zone = z->zone->key;
		r->records = z->rows.list.n;
		r->findings = z->findings;
		for (size_t k = 0; k < z->servers.n; k++) {
			const struct server_state *s = &z->servers.v[k];

			*VEC_ADD(v->mem, &r->servers) = (struct verify_server){
				s->s.text, s->state, s->serial, s->transfer_done
			};
		}
	}
}

const char *verify_state_name(enum verify_state s)
{
	static const char *const names[] = {
		[VERIFY_GOOD] = "good",
		[VERIFY_LAME] = "lame",
		[VERIFY_UNREACHABLE] = "unreachable",
		[VERIFY_NO_ROUTE] = "no-route",
	};

	return names[s];
}
