#include "output_fixture.h"

/* One record's block, at the depth where it stands. */
#define BLOCK(key, body) "      \"" key "\": {\n" body "      }"
#define LINE(text)	 "        " text "\n"
#define FROM_WEB	 LINE("\"//\": \"ingress shop/web\",")
#define END_5(ttl, type)                                                       \
 LINE("\"ttl\": " ttl ",")                                                     \
 LINE("\"type\": \"" type "\",")                                               \
 LINE("\"zone_id\": \"${data.cloudflare_zone.example_com.zone_id}\"")

static void terraform_records(void **state)
{
	/* clang-format off */
	static const struct {
		const char *label, *provider, *name, *target;
		enum rrtype type;
		int64_t ttl;
		const char *want;
	} rows[] = {
		{ "address", "cloudflare@5", "www.example.com", "192.0.2.1",
		  RR_A, 60, BLOCK("www_example_com", FROM_WEB
			LINE("\"content\": \"192.0.2.1\",")
			LINE("\"name\": \"www.example.com\",")
			LINE("\"proxied\": false,") END_5("60", "A")) },
		{ "relative name", "cloudflare@4", "www.example.com",
		  "192.0.2.1", RR_A, 60,
		  LINE("\"name\": \"www\",") },
		{ "apex", "cloudflare@4", "example.com", "192.0.2.1",
		  RR_A, 60, LINE("\"name\": \"example.com\",") },
		{ "zone name twice", "cloudflare@4",
		  "example.com.example.com", "192.0.2.1",
		  RR_A, 60, LINE("\"name\": \"example.com.example.com\",") },
		{ "canonical address", "", "w.example.com",
		  "2001:DB8:0::1", RR_AAAA, 0,
		  BLOCK("w_example_com__aaaa", FROM_WEB
			LINE("\"content\": \"2001:db8::1\",")
			LINE("\"name\": \"w.example.com\",")
			LINE("\"proxied\": false,") END_5("1", "AAAA")) },
		{ "digit first", "cloudflare@5", "1.example.com",
		  "LB.example.net.", RR_CNAME, 0,
		  BLOCK("_1_example_com", FROM_WEB
			LINE("\"content\": \"lb.example.net\",")
			LINE("\"name\": \"1.example.com\",")
			LINE("\"proxied\": false,") END_5("1", "CNAME")) },
		{ "wildcard", "cloudflare@5", "*.a_b.example.com",
		  "192.0.2.1", RR_A, 0, "\"W_aUb_example_com\": {" },
		{ "txt", "cloudflare@5", "t.example.com",
		  "v=spf1 exists:%{i}.x ${y} \"q\" \\", RR_TXT, 0,
		  BLOCK("t_example_com__txt", FROM_WEB
			LINE("\"content\": \"\\\"v=spf1 exists:%%{i}.x $${y} "
			     "\\\\\\\"q\\\\\\\" \\\\\\\\\\\"\",")
			LINE("\"name\": \"t.example.com\",")
			END_5("1", "TXT")) },
		{ "mx", "cloudflare@5", "example.com", "10 mx.example.net",
		  RR_MX, 0, LINE("\"content\": \"mx.example.net\",")
		  LINE("\"name\": \"example.com\",")
		  LINE("\"priority\": 10,") },
		{ "null mx", "cloudflare@5", "example.com", "0 .",
		  RR_MX, 0, LINE("\"content\": \".\",")
		  LINE("\"name\": \"example.com\",")
		  LINE("\"priority\": 0,") },
		{ "srv 5", "cloudflare@5", "_s._tcp.example.com",
		  "1 2 3 sip.example.net", RR_SRV, 0,
		  BLOCK("Us_Utcp_example_com__srv", FROM_WEB
			LINE("\"data\": {") LINE("  \"port\": 3,")
			LINE("  \"priority\": 1,")
			LINE("  \"target\": \"sip.example.net\",")
			LINE("  \"weight\": 2") LINE("},")
			LINE("\"name\": \"_s._tcp.example.com\",")
			LINE("\"priority\": 1,") END_5("1", "SRV")) },
		{ "srv 4", "cloudflare@4", "_s._tcp.example.com",
		  "1 2 3 sip.example.net", RR_SRV, 0,
		  LINE("},") LINE("\"name\": \"_s._tcp\",")
		  END_5("1", "SRV") },
		{ "caa", "cloudflare@5", "example.com",
		  "0 issue \"ca.example\"", RR_CAA, 0,
		  LINE("\"data\": {") LINE("  \"flags\": \"0\",")
		  LINE("  \"tag\": \"issue\",")
		  LINE("  \"value\": \"ca.example\"") LINE("},") },
		{ "filter", "cloudflare@5", "example.com", "192.0.2.1", RR_A, 0,
		  "        \"filter\": {\n"
		  "          \"name\": \"example.com\"\n        }\n" },
		{ "no filter", "cloudflare@4", "example.com", "192.0.2.1",
		  RR_A, 0, "      \"example_com\": {\n"
		  "        \"name\": \"example.com\"\n      }\n" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fixture *f = fixture_new("terraform", "");
		struct endpoints back = { 0 };
		struct sv text;

		f->spec.provider = sv_of(rows[i].provider);
		record(f->mem, &f->set, rows[i].name, rows[i].type, rows[i].ttl,
		       rows[i].target);
		text = written(f);
		if (!sv_has(text, sv_of(rows[i].want)))
			printf("%.*s", SV_ARG(text));
		assert_row(rows[i].label, sv_has(text, sv_of(rows[i].want)));
		assert_int_equal(output_find(SV("terraform"))
					 ->read(&f->ctx, SV("x"), text, &back),
				 0);
		assert_row(rows[i].label, back.list.n == 1);
		assert_sv(rows[i].label, back.list.v[0].name,
			  sv_of(rows[i].name));
		assert_int_equal(back.list.v[0].ttl, rows[i].ttl);
		arena_free(f->mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terraform_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
