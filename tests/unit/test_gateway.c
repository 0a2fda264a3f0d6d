/* Which listeners take which routes: the pure rules, row by row. */
#include "test.h"

#include "source/gateway_match.h"

static void test_host(void **state)
{
	static const struct {
		const char *label, *listener, *route, *want; /* NULL: none */
	} rows[] = {
		{ "listener takes any", "", "www.example.com",
		  "www.example.com" },
		{ "route takes any", "www.example.com", "", "www.example.com" },
		{ "both take any", "", "", "" },
		{ "equal", "a.example.com", "a.example.com", "a.example.com" },
		{ "other", "a.example.com", "b.example.com", NULL },
		{ "wildcard listener", "*.example.com", "a.example.com",
		  "a.example.com" },
		{ "wildcard takes every depth", "*.example.com",
		  "x.y.example.com", "x.y.example.com" },
		{ "wildcard does not take its parent", "*.example.com",
		  "example.com", NULL },
		{ "wildcard route", "a.example.com", "*.example.com",
		  "a.example.com" },
		{ "narrower wildcard", "*.example.com", "*.a.example.com",
		  "*.a.example.com" },
		{ "narrower wildcard, turned", "*.a.example.com",
		  "*.example.com", "*.a.example.com" },
		{ "same wildcard", "*.example.com", "*.example.com",
		  "*.example.com" },
		{ "same length, wildcard route", "x.example.com",
		  "*.example.com", "x.example.com" },
		{ "same length, wildcard listener", "*.example.com",
		  "x.example.com", "x.example.com" },
		{ "suffix is no label", "*.example.com", "a.badexample.com",
		  NULL },
		{ "two wildcards apart", "*.example.com", "*.example.org",
		  NULL },
		{ "lower case comes out", "*.Example.com", "WWW.example.COM",
		  "www.example.com" },
		{ "final dot stays", "", "h.example.com.", "h.example.com." },
		{ "final dot is another name", "*.example.com",
		  "h.example.com.", NULL },
		{ "two final dots", "", "h.example.com..", NULL },
		{ "underscore", "", "_x.example.com", NULL },
		{ "address", "", "192.0.2.9", NULL },
		{ "IPv6 address", "", "2001:db8::9", NULL },
		{ "bare star", "", "*", NULL },
		{ "star and dot", "", "*.", NULL },
		{ "star inside", "", "a.*.example.com", NULL },
		{ "star and more", "", "*a.example.com", NULL },
		{ "hyphen first", "", "-a.example.com", NULL },
		{ "hyphen last", "", "a-.example.com", NULL },
		{ "empty label", "", "a..example.com", NULL },
		{ "dot alone", "", ".", NULL },
		{ "leading dot", "", ".example.com", NULL },
		{ "blank", "", "a b.example.com", NULL },
		{ "not ASCII", "", "b\xc3\xbc.example.com", NULL },
		{ "single label", "", "localhost", "localhost" },
		{ "digits that are no address", "", "1.2.3", "1.2.3" },
		{ "bad listener", "bad_.example.com", "a.example.com", NULL },
		{ "bad listener, any route", "bad_.example.com", "", NULL },
		{ "open listener", "*.${D}", "App.${D}", "app.${D}" },
		{ "open route takes over", "", "*.${D}", "*.${D}" },
		{ "case tells variables apart", "*.${D}", "app.${d}", NULL },
		{ "other variable", "*.${D}", "app.${E}", NULL },
		{ "variable in the middle", "", "a.${D}.example.com", NULL },
		{ "label of 63", "",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaa.c",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaa.c" },
		{ "label of 64", "",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaa.c",
		  NULL },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv got = SV("?");
		bool ok = gateway_host_match(mem, true, sv_of(rows[i].listener),
					     sv_of(rows[i].route), &got);

		assert_row(rows[i].label, ok == (rows[i].want != NULL));
		if (ok)
			assert_sv(rows[i].label, got, sv_of(rows[i].want));
	}
	assert_false(gateway_host_ok(SV("app.${D}"), false));
	arena_free(mem);
}

static void test_protocol(void **state)
{
	static const struct {
		const char *route, *listener;
		bool want;
	} rows[] = {
		{ "HTTP", "HTTP", true },
		{ "HTTP", "HTTPS", true },
		{ "HTTP", "TLS", false },
		{ "HTTP", "http", false },
		{ "TLS", "TLS", true },
		{ "TLS", "HTTPS", false },
		{ "TLS", "TCP", false },
		{ "TCP", "TCP", true },
		{ "TCP", "TLS", true },
		{ "UDP", "UDP", true },
		{ "UDP", "TCP", false },
		{ "HTTP", "", false },
		{ "HTTP", "example.com/x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_row(rows[i].listener,
			   gateway_protocol_match(sv_of(rows[i].route),
						  sv_of(rows[i].listener)) ==
				   rows[i].want);
}

/* The only document of `text`; labels and rules are easier to read as YAML. */
static const struct node *yaml(struct arena *mem, const char *text)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };

	assert_int_equal(
		manifest_parse(mem, &d, SV("row.yaml"), sv_of(text), &docs), 0);
	assert_int_equal(docs.list.n, 1);
	return docs.list.v[0];
}

static void test_port(void **state)
{
	static const struct {
		const char *label, *text;
		bool want;
	} rows[] = {
		{ "no port asked", "{have: 80}", true },
		{ "null asks nothing", "{want: null, have: 80}", true },
		{ "same", "{want: 80, have: 80}", true },
		{ "other", "{want: 81, have: 80}", false },
		{ "listener without port", "{want: 80}", false },
		{ "too large", "{want: 65536, have: 65536}", false },
		{ "no number", "{want: x, have: x}", false },
		{ "no scalar", "{want: [80], have: 80}", false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct node *n = yaml(mem, rows[i].text);

		assert_row(rows[i].label,
			   gateway_port_match(node_get(n, SV("want")),
					      node_get(n, SV("have"))) ==
				   rows[i].want);
	}
	arena_free(mem);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *label, *kinds;
		bool want;
	} rows[] = {
		{ "absent", "{}", true },
		{ "empty", "{kinds: []}", true },
		{ "named", "{kinds: [{kind: HTTPRoute}]}", true },
		{ "other", "{kinds: [{kind: GRPCRoute}]}", false },
		{ "one of two",
		  "{kinds: [{kind: GRPCRoute}, {kind: HTTPRoute}]}", true },
		{ "with group",
		  "{kinds: [{group: gateway.networking.k8s.io,"
		  " kind: HTTPRoute}]}",
		  true },
		{ "empty group", "{kinds: [{group: '', kind: HTTPRoute}]}",
		  true },
		{ "other group", "{kinds: [{group: x.io, kind: HTTPRoute}]}",
		  false },
		{ "no map", "{kinds: [HTTPRoute]}", false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_row(rows[i].label,
			   gateway_kind_match(node_get(yaml(mem, rows[i].kinds),
						       SV("kinds")),
					      SV(GATEWAY_GROUP),
					      SV("HTTPRoute")) == rows[i].want);
	arena_free(mem);
}

static void test_namespaces(void **state)
{
	/* The rule belongs to `infra`; the route is in `apps`, team=a. */
	static const struct {
		const char *label, *rule, *fallback;
		bool want;
	} rows[] = {
		{ "absent is Same", "{}", "Same", false },
		{ "absent is None", "{}", "None", false },
		{ "null is absent", "{from: null}", "All", true },
		{ "All", "{from: All}", "Same", true },
		{ "Same", "{from: Same}", "Same", false },
		{ "None", "{from: None}", "All", false },
		{ "unknown word", "{from: Some}", "All", false },
		{ "empty word", "{from: ''}", "All", false },
		{ "no scalar", "{from: [All]}", "All", false },
		{ "Selector without selector", "{from: Selector}", "Same",
		  false },
		{ "null selector", "{from: Selector, selector: null}", "Same",
		  false },
		{ "empty selector", "{from: Selector, selector: {}}", "Same",
		  true },
		{ "label",
		  "{from: Selector, selector: {matchLabels: {team: a}}}",
		  "Same", true },
		{ "other label",
		  "{from: Selector, selector: {matchLabels: {team: b}}}",
		  "Same", false },
		{ "name of the namespace",
		  "{from: Selector, selector: {matchLabels:"
		  " {kubernetes.io/metadata.name: apps}}}",
		  "Same", true },
		{ "selector counts only with from",
		  "{selector: {matchLabels: {team: a}}}", "Same", false },
		{ "In",
		  "{from: Selector, selector: {matchExpressions: [{key:"
		  " team, operator: In, values: [b, a]}]}}",
		  "Same", true },
		{ "In without values",
		  "{from: Selector, selector: {matchExpressions: [{key: team,"
		  " operator: In}]}}",
		  "Same", false },
		{ "NotIn",
		  "{from: Selector, selector: {matchExpressions: [{key:"
		  " team, operator: NotIn, values: [b]}]}}",
		  "Same", true },
		{ "NotIn takes what lacks the key",
		  "{from: Selector, selector: {matchExpressions: [{key: x,"
		  " operator: NotIn, values: [b]}]}}",
		  "Same", true },
		{ "NotIn without values",
		  "{from: Selector, selector: {matchExpressions: [{key: x,"
		  " operator: NotIn, values: []}]}}",
		  "Same", false },
		{ "Exists",
		  "{from: Selector, selector: {matchExpressions: [{key:"
		  " team, operator: Exists}]}}",
		  "Same", true },
		{ "Exists with values",
		  "{from: Selector, selector: {matchExpressions: [{key: team,"
		  " operator: Exists, values: [a]}]}}",
		  "Same", false },
		{ "DoesNotExist",
		  "{from: Selector, selector: {matchExpressions: [{key: team,"
		  " operator: DoesNotExist}]}}",
		  "Same", false },
		{ "unknown operator",
		  "{from: Selector, selector: {matchExpressions: [{key: team,"
		  " operator: Is, values: [a]}]}}",
		  "Same", false },
		{ "both must hold",
		  "{from: Selector, selector: {matchLabels: {team: a},"
		  " matchExpressions: [{key: x, operator: Exists}]}}",
		  "Same", false },
		{ "bad key",
		  "{from: Selector, selector: {matchExpressions:"
		  " [{key: 'a b', operator: DoesNotExist}]}}",
		  "Same", false },
		{ "bad value",
		  "{from: Selector, selector: {matchExpressions: [{key: x,"
		  " operator: NotIn, values: ['-']}]}}",
		  "Same", false },
	};
	struct arena *mem = arena_new();
	struct pairs labels = { 0 };

	(void)state;
	pairs_put(mem, &labels, SV("team"), SV("a"));
	pairs_put(mem, &labels, SV("kubernetes.io/metadata.name"), SV("apps"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_row(rows[i].label,
			   gateway_namespace_match(yaml(mem, rows[i].rule),
						   sv_of(rows[i].fallback),
						   SV("infra"), SV("apps"),
						   &labels) == rows[i].want);
	assert_true(gateway_namespace_match(NULL, SV("Same"), SV("apps"),
					    SV("apps"), &labels));
	arena_free(mem);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
