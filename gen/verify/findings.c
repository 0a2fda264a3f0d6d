#include "verify/findings.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/words.h"

void finding_add(struct verify *v, struct verify_zone *z,
		 const struct verify_finding *f, const char *fmt, ...)
{
	struct verify_finding *added = VEC_ADD(v->mem, &z->findings.list);
	va_list ap;

	*added = *f;
	va_start(ap, fmt);
	added->text = arena_vfmt(v->mem, fmt, ap);
	va_end(ap);
	diag_file(&v->found, f->code, f->severity, f->at, SV_FMT,
		  SV_ARG(added->text));
}

void finding_server(struct verify *v, struct verify_zone *z,
		    const struct server_state *s, enum diag_code code,
		    struct sv why)
{
	struct verify_finding f = { .code = code,
				    .severity = DIAG_ERROR,
				    .at = z->zone->at };

	*VEC_ADD(v->mem, &f.servers.list) = s->s.text;
	finding_add(v, z, &f, "server " SV_FMT ": " SV_FMT, SV_ARG(s->s.text),
		    SV_ARG(why));
}

static void note(struct verify *v, struct verify_zone *z, struct loc at,
		 struct sv text)
{
	struct verify_finding f = { .code = DIAG_VERIFY_HIDDEN,
				    .severity = DIAG_NOTE,
				    .at = at };

	finding_add(v, z, &f, SV_FMT, SV_ARG(text));
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
		c = sv_cmp(x->have.text, y->have.text);
	return c != 0 ? c : (x->server > y->server) - (x->server < y->server);
}

static bool fault_same(const struct fault_row *a, const struct fault_row *b)
{
	return a->row == b->row && a->verdict == b->verdict &&
	       sv_eq(a->name, b->name) && sv_eq(a->type, b->type) &&
	       sv_eq(a->have.text, b->have.text);
}

size_t good_servers(const struct verify_zone *z)
{
	size_t n = 0;

	for (size_t i = 0; i < z->servers.n; i++)
		n += z->servers.v[i].state == VERIFY_GOOD;
	return n;
}

/* "192.0.2.1 and 192.0.2.2", "all 3 servers" */
static struct sv servers_text(struct arena *mem, const struct verify_zone *z,
			      const struct strings *on)
{
	struct buf b = { .mem = mem };
	size_t n = on->list.n;

	if (n > 2 && n == good_servers(z))
		return arena_fmt(mem, "all %zu servers", n);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add(&b, i + 1 < n ? SV(", ") : SV(" and "));
		buf_add(&b, on->list.v[i]);
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

static void report_extra(struct verify *v, struct verify_zone *z,
			 const struct fault_row *f, struct verify_finding *out)
{
	out->code = DIAG_VERIFY_EXTRA;
	out->severity = DIAG_WARNING;
	out->at = z->zone->at;
	finding_add(v, z, out,
		    "record \"" SV_FMT "\": " SV_FMT " " SV_FMT " on " SV_FMT
		    ", and nothing asks for it",
		    SV_ARG(f->name), SV_ARG(f->type), SV_ARG(f->have.text),
		    SV_ARG(servers_text(v->mem, z, &out->servers)));
}

static void report_row(struct verify *v, struct verify_zone *z,
		       const struct fault_row *f, struct verify_finding *out)
{
	static const enum diag_code codes[] = {
		[VERDICT_MISSING] = DIAG_VERIFY_MISSING,
		[VERDICT_DIFFERENT] = DIAG_VERIFY_DIFFERENT,
		[VERDICT_TTL] = DIAG_VERIFY_TTL,
	};
	const struct row *row = &z->rows.list.v[f->row];
	bool ttl = f->verdict == VERDICT_TTL;

	out->code = codes[f->verdict];
	out->severity = ttl ? DIAG_WARNING : DIAG_ERROR;
	out->at = endpoint_at(row->e);
	out->expected_ttl = row->ttl;
	if (row->hidden == NULL)
		out->expected = row->texts;
	finding_add(v, z, out,
		    "record \"" SV_FMT "\": " SV_FMT ": " SV_FMT " on " SV_FMT
		    ", expected " SV_FMT,
		    SV_ARG(f->name), SV_ARG(f->type), SV_ARG(f->have.text),
		    SV_ARG(servers_text(v->mem, z, &out->servers)),
		    SV_ARG(ttl ? arena_fmt(v->mem, "%lld", (long long)row->ttl)
			       : expected(v->mem, row)));
}

/* One finding of `n` servers that answer alike. */
static void report_fault(struct verify *v, struct verify_zone *z,
			 const struct fault_row *f, size_t n)
{
	struct verify_finding out = { .name = f->name,
				      .type = f->type,
				      .served = f->have.data,
				      .served_ttl = f->have.ttl,
				      .expected_ttl = -1 };

	if (out.served.list.n == 0)
		out.answer = f->have.text;
	for (size_t i = 0; i < n; i++)
		*VEC_ADD(v->mem, &out.servers.list) =
			z->servers.v[f[i].server].s.text;
	if (f->row == SIZE_MAX)
		report_extra(v, z, f, &out);
	else
		report_row(v, z, f, &out);
}

static void report_faults(struct verify *v, struct verify_zone *z)
{
	struct verify_finding more = { .code = DIAG_VERIFY_EXTRA,
				       .severity = DIAG_WARNING,
				       .at = z->zone->at };

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
		finding_add(v, z, &more,
			    "zone " SV_FMT ": %zu more records that nothing "
			    "asks for",
			    SV_ARG(z->zone->key), z->extra - MAX_EXTRA);
}

/* "serial 5 on 192.0.2.1, 4 on 192.0.2.2" */
static void report_serials(struct verify *v, struct verify_zone *z)
{
	struct verify_finding f = { .code = DIAG_VERIFY_SERIAL,
				    .severity = DIAG_WARNING,
				    .at = z->zone->at };
	struct buf b = { .mem = v->mem };
	bool differ = false;
	uint32_t first = 0;

	for (size_t i = 0; i < z->servers.n; i++) {
		const struct server_state *s = &z->servers.v[i];

		if (s->state != VERIFY_GOOD)
			continue;
		if (b.n == 0)
			first = s->serial;
		differ |= s->serial != first;
		*VEC_ADD(v->mem, &f.servers.list) = s->s.text;
		buf_fmt(&b, "%s%lu on " SV_FMT, b.n > 0 ? ", " : "",
			(unsigned long)s->serial, SV_ARG(s->s.text));
	}
	if (differ)
		finding_add(v, z, &f,
			    "the servers of " SV_FMT
			    " disagree: serial " SV_FMT,
			    SV_ARG(z->zone->name), SV_ARG(buf_sv(&b)));
}

/* What was asked for and cannot be compared; what was not asked for. */
static void report_hidden(struct verify *v, struct verify_zone *z)
{
	struct arena *mem = v->mem;
	bool transferred = false;

	for (size_t i = 0; i < z->rows.list.n; i++) {
		const struct row *row = &z->rows.list.v[i];

		if (row->hidden != NULL)
			note(v, z, endpoint_at(row->e),
			     arena_fmt(mem, "record \"" SV_FMT "\": %s %s",
				       SV_ARG(row->e->name),
				       rrtype_name(row->e->type), row->hidden));
	}
	for (size_t i = 0; i < z->servers.n; i++)
		transferred |= z->servers.v[i].transfer_done;
	if (good_servers(z) > 0 && !transferred)
		note(v, z, z->zone->at,
		     arena_fmt(mem,
			       "zone " SV_FMT ": no server allows a transfer, "
			       "so records that nothing asks for are not seen",
			       SV_ARG(z->zone->key)));
	if (z->rows.unasked > 0)
		note(v, z, z->zone->at,
		     arena_fmt(mem,
			       "zone " SV_FMT ": " SV_FMT " below a delegation",
			       SV_ARG(z->zone->key),
			       SV_ARG(words_count(mem, z->rows.unasked,
						  "record", NULL))));
}

/* A machine without IPv6 asks the others. */
static void report_no_route(struct verify *v, struct verify_zone *z,
			    const struct server_state *s, bool reached)
{
	struct sv why = SV("this machine has no route to it");

	if (reached)
		note(v, z, z->zone->at,
		     arena_fmt(v->mem, "server " SV_FMT ": " SV_FMT,
			       SV_ARG(s->s.text), SV_ARG(why)));
	else
		finding_server(v, z, s, DIAG_VERIFY_UNREACHABLE, why);
}

static void report_servers(struct verify *v, struct verify_zone *z)
{
	bool reached = false;

	for (size_t i = 0; i < z->servers.n; i++)
		reached |= z->servers.v[i].state != VERIFY_NO_ROUTE;
	for (size_t i = 0; i < z->servers.n; i++) {
		struct server_state *s = &z->servers.v[i];

		if (s->unanswered > 0)
			finding_server(v, z, s, DIAG_VERIFY_UNREACHABLE,
				       arena_fmt(v->mem,
						 SV_FMT " without an answer",
						 SV_ARG(words_count(
							 v->mem, s->unanswered,
							 "question", NULL))));
		if (s->state == VERIFY_NO_ROUTE)
			report_no_route(v, z, s, reached);
	}
}

void findings_report(struct verify *v, struct verify_zone *z)
{
	report_servers(v, z);
	report_serials(v, z);
	report_faults(v, z);
	report_hidden(v, z);
}
