/* Domain, net and RE2 filters; ExternalDNS' checks and order of endpoints. */
#include "test.h"

#include "endpoint/filter.h"
#include "endpoint/rules.h"

static void test_domains(void **state)
{
	static const struct {
		const char *include, *exclude, *name;
		bool want;
	} rows[] = {
		{ "example.com", NULL, "example.com", true },
		{ "example.com", NULL, "example.com.", true },
		{ "example.com", NULL, "www.example.com", true },
		{ "example.com", NULL, "*.example.com", true },
		{ "example.com", NULL, "EXAMPLE.com", true },
		{ "example.com", NULL, "notexample.com", false },
		{ "example.com", NULL, "com", false },
		{ "example.com", NULL, "", false },
		{ ".example.com", NULL, "example.com", false },
		{ ".example.com", NULL, "a.b.example.com", true },
		{ ".example.com", NULL, "notexample.com", false },
		{ " EXAMPLE.com. ", NULL, "www.example.com", true },
		{ "", NULL, "any", true },
		{ ".", NULL, "any", true },
		{ "..", NULL, "any", false },
		{ "stra\xc3\x9f"
		  "e.de",
		  NULL, "strasse.de", false },
		{ "stra\xc3\x9f"
		  "e.de",
		  NULL,
		  "www.STRA\xc3\x9f"
		  "E.de",
		  true },
		{ " ", NULL, "any", true },
		{ "example.com", "sub.example.com", "a.sub.example.com",
		  false },
		{ "example.com", "sub.example.com", "asub.example.com", true },
		{ "example.com", ".example.com", "example.com", true },
		{ "example.com", ".example.com", "www.example.com", false },
		{ NULL, "example.com", "example.org", true },
		{ "b\xc3\xbc"
		  "cher.example",
		  NULL, "www.xn--bcher-kva.example", true },
		{ "xn--bcher-kva.example", NULL,
		  "www.b\xc3\xbc"
		  "cher.example",
		  true },
		{ ".b\xc3\xbc"
		  "cher.example",
		  NULL, "xn--bcher-kva.example", false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct domain_filter f = { 0 };

		if (rows[i].include != NULL)
			domain_filter_add(mem, &f, sv_of(rows[i].include),
					  false);
		if (rows[i].exclude != NULL)
			domain_filter_add(mem, &f, sv_of(rows[i].exclude),
					  true);
		assert_row(rows[i].name,
			   (domain_filter_pass(mem, &f, sv_of(rows[i].name)) ==
			    PATTERN_HIT) == rows[i].want);
	}
	arena_free(mem);
}

static void test_nets(void **state)
{
	static const struct {
		const char *include, *exclude, *target;
		bool want;
	} rows[] = {
		{ "198.51.100.0/24", NULL, "198.51.100.5", true },
		{ "198.51.100.0/24", NULL, "::ffff:198.51.100.5", true },
		{ "198.51.100.0/24", NULL, "10.0.0.1", false },
		{ "198.51.100.77/24", NULL, "198.51.100.5", true },
		{ "198.51.100.0/24", NULL, "lb.example.net", false },
		{ NULL, "10.0.0.0/8", "lb.example.net", true },
		{ NULL, "10.0.0.0/8", "10.1.2.3", false },
		{ "0.0.0.0/0", "10.0.0.0/8", "2001:db8::1", false },
		{ "2001:db8::/32", NULL, "2001:db8::1", true },
		{ "fe80::/10", NULL, "fe80::1%eth0", false },
		{ NULL, "192.0.2.0/024", "192.0.2.1", false },
		{ NULL, "::ffff:192.0.2.0/120", "192.0.2.1", false },
		{ NULL, "::ffff:192.0.2.0/120", "192.0.3.1", true },
		{ "::ffff:0:0/96", NULL, "::ffff:192.0.2.1", true },
		{ "::ffff:0:0/90", NULL, "192.0.2.1", false },
	};
	struct net_filter bad = { 0 };
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_filter f = { 0 };

		if (rows[i].include != NULL)
			assert_true(net_filter_add(
				mem, &f, sv_of(rows[i].include), false));
		if (rows[i].exclude != NULL)
			assert_true(net_filter_add(
				mem, &f, sv_of(rows[i].exclude), true));
		assert_row(rows[i].target,
			   net_filter_pass(&f, sv_of(rows[i].target)) ==
				   rows[i].want);
	}
	assert_false(net_filter_add(mem, &bad, SV("192.0.2.1"), false));
	assert_false(net_filter_add(mem, &bad, SV("abc"), false));
	arena_free(mem);
}

static struct endpoint make(struct arena *mem, enum rrtype type,
			    const char *name, const char *targets)
{
	struct endpoint e = { .name = sv_of(name), .type = type };
	struct sv rest = sv_of(targets), t;

	while (rest.p != NULL && targets[0] != '\0' && sv_cut(&rest, ';', &t))
		*VEC_ADD(mem, &e.targets) = t;
	return e;
}

static void test_check(void **state)
{
	static const struct {
		enum rrtype type;
		const char *name, *targets;
		bool want;
	} rows[] = {
		{ RR_MX, "x", "10 mail", true },
		{ RR_MX, "x", " 10\tmail ", true },
		{ RR_MX, "x", "mail", false },
		{ RR_MX, "x", "70000 m", false },
		{ RR_MX, "x", "10 ", false },
		{ RR_MX, "x", "10 a b", false },
		{ RR_SRV, "x", "0 50 80 a.", true },
		{ RR_SRV, "x", "0 0 0 .", true },
		{ RR_SRV, "x", "0 50 80 a", false },
		{ RR_SRV, "x", "0 50 a.", false },
		{ RR_SRV, "x", "0 50 99999 a.", false },
		{ RR_CNAME, "x", "192.0.2.1", true },
		{ RR_CNAME, "x", "a;b", true },
		{ RR_A, "x", "", true },
		{ RR_A, "x", "192.0.2.1;192.0.2.2", true },
		{ RR_A, "x", "2001:db8::1", false },
		{ RR_A, "x", "::ffff:192.0.2.1", false },
		{ RR_A, "x", "lb.example.net", false },
		{ RR_AAAA, "x", "::ffff:192.0.2.1", true },
		{ RR_AAAA, "x", "192.0.2.1", false },
		{ RR_NAPTR, "x", "anything", true },
		{ RR_TXT, "x", "anything", true },
		{ RR_PTR, "1.2.0.192.in-addr.arpa", "a.example.com", true },
		{ RR_PTR, "1.IP6.ARPA", "a.example.com", true },
		{ RR_PTR, "a.example.com", "b.example.com", false },
		{ RR_PTR, ".in-addr.arpa", "b.example.com", false },
		{ RR_PTR, "in-addr.arpa", "b.example.com", false },
		{ RR_PTR, "1.in-addr.arpa", "192.0.2.1", false },
		{ RR_PTR, "1.in-addr.arpa", "", false },
	};
	struct arena *mem = arena_new();
	struct endpoint e = make(mem, RR_TXT, "x", "y");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		e = make(mem, rows[i].type, rows[i].name, rows[i].targets);
		assert_row(rows[i].targets,
			   (endpoint_fault(&e) == NULL) == rows[i].want);
	}
	/* An alias is for addresses and names; then its target may be one. */
	e = make(mem, RR_TXT, "x", "y");
	pairs_put(mem, &e.properties, SV("alias"), SV("false"));
	assert_non_null(endpoint_fault(&e));
	e = make(mem, RR_A, "x", "lb.example.net");
	pairs_put(mem, &e.properties, SV("alias"), SV("true"));
	assert_null(endpoint_fault(&e));
	arena_free(mem);
}

static void test_less(void **state)
{
	static const struct {
		const char *less, *more;
	} rows[] = {
		{ "10.0.0.2", "10.0.0.10" },
		{ "192.0.2.9", "192.0.2.1;192.0.2.2" },
		{ "1.1.1.1", "a.com" },
		{ "1.1.1.1", "::1" },
		{ "B", "a" },
		{ "h10.example.net", "h9.example.net" },
		{ "2001:db8::1", "2001:0db8::2" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct endpoint a = make(mem, RR_A, "x", rows[i].less);
		struct endpoint b = make(mem, RR_A, "x", rows[i].more);

		assert_row(rows[i].less, endpoint_less(&a, &b));
		assert_row(rows[i].less, !endpoint_less(&b, &a));
		assert_row(rows[i].less, !endpoint_less(&a, &a));
	}
	arena_free(mem);
}

static void test_reverse(void **state)
{
	struct arena *mem = arena_new();
	struct sv name;

	(void)state;
	assert_true(reverse_name(mem, SV("192.0.2.1"), &name));
	assert_sv("IPv4", name, SV("1.2.0.192.in-addr.arpa"));
	assert_true(reverse_name(mem, SV("::ffff:192.0.2.1"), &name));
	assert_sv("mapped", name, SV("1.2.0.192.in-addr.arpa"));
	assert_true(reverse_name(mem, SV("2001:db8::1"), &name));
	assert_sv("IPv6", name,
		  SV("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0."
		     "1.0.0.2.ip6.arpa"));
	assert_false(reverse_name(mem, SV("lb.example.net"), &name));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains), cmocka_unit_test(test_nets),
		cmocka_unit_test(test_check),	cmocka_unit_test(test_less),
		cmocka_unit_test(test_reverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
