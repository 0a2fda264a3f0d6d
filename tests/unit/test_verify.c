/* verify without a network: addresses as typed, and answers judged. */
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "verify/judge.h"
#include "verify/server.h"

static void addresses(void **state)
{
	static const struct {
		const char *label, *in;
		const char *want; /* NULL: must be refused */
	} rows[] = {
		{ "IPv4", "192.0.2.1", "192.0.2.1" },
		{ "its port", "192.0.2.1:5300", "192.0.2.1:5300" },
		{ "IPv6", "2001:db8::1", "2001:db8::1" },
		{ "in brackets", "[2001:db8::1]", "2001:db8::1" },
		{ "and a port", "[2001:db8::1]:5300", "[2001:db8::1]:5300" },
		{ "one form", "[2001:DB8:0::1]:53", "2001:db8::1" },
		{ "a name", "ns1.example.net", NULL },
		{ "nothing", "", NULL },
		{ "a port alone", ":53", NULL },
		{ "port 0", "192.0.2.1:0", NULL },
		{ "port too high", "192.0.2.1:65536", NULL },
		{ "no port", "192.0.2.1:", NULL },
		{ "no port behind brackets", "[::1]:", NULL },
		{ "text behind brackets", "[::1]x", NULL },
		{ "open bracket", "[::1", NULL },
		{ "IPv4 of few parts", "127.1", NULL },
		{ "a link", "fe80::1%eth0", NULL },
		{ "a sign", "192.0.2.1:+53", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct server s;
		bool ok = server_parse(mem, sv_of(rows[i].in), 53, &s);

		assert_row(rows[i].label, ok == (rows[i].want != NULL));
		if (ok)
			assert_sv(rows[i].label, s.text, sv_of(rows[i].want));
		arena_free(mem);
	}
}

#define OWNER "\3www\7example\3com\0"
#define OTHER "\3api\7example\3com\0"

/* One record of an answer; text of the data is what `have` says. */
struct rr {
	struct sv owner;
	unsigned type;
	uint32_t ttl;
	struct sv wire;
};

static void verdicts(void **state)
{
	static const struct {
		const char *label;
		enum row_rule rule;
		bool proxied;
		unsigned rcode;
		bool in_authority;
		struct rr rr;
		enum verdict want;
		const char *have;
	} rows[] = {
		{ "the same",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 60, { "\300\0\2\1", 4 } },
		  VERDICT_FINE,
		  "" },
		{ "another address",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 60, { "\300\0\2\2", 4 } },
		  VERDICT_DIFFERENT,
		  "192.0.2.2" },
		{ "another TTL",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 30, { "\300\0\2\1", 4 } },
		  VERDICT_TTL,
		  "TTL 30" },
		{ "of another owner",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OTHER, 17 }, 1, 60, { "\300\0\2\1", 4 } },
		  VERDICT_MISSING,
		  "no such record" },
		{ "only in the authority",
		  ROW_EXACT,
		  false,
		  0,
		  true,
		  { { OWNER, 17 }, 1, 60, { "\300\0\2\1", 4 } },
		  VERDICT_MISSING,
		  "no such record" },
		{ "no such name",
		  ROW_EXACT,
		  false,
		  3,
		  false,
		  { { "", 0 }, 0, 0, { "", 0 } },
		  VERDICT_MISSING,
		  "NXDOMAIN" },
		{ "a code without a name",
		  ROW_EXACT,
		  false,
		  23,
		  false,
		  { { "", 0 }, 0, 0, { "", 0 } },
		  VERDICT_MISSING,
		  "code 23" },
		{ "a CNAME in its place",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OWNER, 17 }, 5, 60, { "\1\33\0", 3 } },
		  VERDICT_DIFFERENT,
		  "CNAME \\027." },
		{ "an address that is too short",
		  ROW_EXACT,
		  false,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 60, { "\300", 1 } },
		  VERDICT_DIFFERENT,
		  "\\# 1 c0" },
		{ "any address of the proxy",
		  ROW_PRESENCE,
		  true,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 300, { "\306\63\144\1", 4 } },
		  VERDICT_FINE,
		  "" },
		{ "the address that it hides",
		  ROW_PRESENCE,
		  true,
		  0,
		  false,
		  { { OWNER, 17 }, 1, 300, { "\300\0\2\1", 4 } },
		  VERDICT_DIFFERENT,
		  "192.0.2.1, not proxied" },
		{ "nothing where something must be",
		  ROW_PRESENCE,
		  true,
		  0,
		  false,
		  { { OTHER, 17 }, 1, 60, { "\300\0\2\1", 4 } },
		  VERDICT_MISSING,
		  "no such record" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct endpoint e = { .name = SV("www.example.com"),
				      .type = RR_A };
		struct row row = { .e = &e,
				   .question = { { OWNER, 17 }, 1, false },
				   .rule = rows[i].rule,
				   .proxied = rows[i].proxied,
				   .ttl = 60 };
		struct answer a = { .rcode = rows[i].rcode,
				    .authoritative = true };
		struct served have = { 0 };
		enum verdict got;

		*VEC_ADD(mem, &row.texts.list) = SV("192.0.2.1");
		if (rows[i].rr.owner.n > 0)
			*VEC_ADD(mem, rows[i].in_authority ? &a.authority.list
							   : &a.answer.list) =
				(struct served_rr){ rows[i].rr.owner,
						    rows[i].rr.type,
						    rows[i].rr.ttl,
						    rows[i].rr.wire };
		got = row_judge(mem, &row, &a, &have);
		assert_row(rows[i].label, got == rows[i].want);
		assert_sv(rows[i].label, have.text, sv_of(rows[i].have));
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
