#include "test.h"

#include "endpoint/txt.h"
#include "registry/registry.h"

static const struct {
	const char *label, *prefix, *suffix, *any, *name;
	enum rrtype type;
	const char *want;
} names[] = {
	{ "plain", "", "", "", "www.example.com", RR_A, "a-www.example.com" },
	{ "apex", "", "", "", "example.com", RR_A, "a-example.com" },
	{ "wildcard", "", "", "", "*.example.com", RR_A, "a-*.example.com" },
	{ "one label", "", "", "", "localhost", RR_AAAA, "aaaa-localhost" },
	{ "no name", "", "", "", "", RR_A, "a-" },
	{ "final dot goes", "", "", "", "a.example.com.", RR_CNAME,
	  "cname-a.example.com" },
	{ "case of a name stays", "", "", "", "A.Example.com", RR_A,
	  "a-A.Example.com" },
	{ "prefix with dot", "txt.", "", "", "www.example.com", RR_A,
	  "txt.a-www.example.com" },
	{ "prefix with dash", "txt-", "", "", "*.example.com", RR_A,
	  "txt-a-*.example.com" },
	{ "prefix is folded", "EDNS-", "", "", "www.example.com", RR_A,
	  "edns-a-www.example.com" },
	{ "type in prefix", "%{record_type}-", "", "", "www.example.com", RR_A,
	  "a-www.example.com" },
	{ "type in prefix, folded", "X-%{RECORD_TYPE}-", "", "",
	  "www.example.com", RR_AAAA, "x-aaaa-www.example.com" },
	{ "type and dot", "_ed-%{record_type}.", "", "", "example.com", RR_A,
	  "_ed-a.example.com" },
	{ "type twice", "%{record_type}.%{record_type}-", "", "",
	  "www.example.com", RR_A, "a.a-www.example.com" },
	{ "replacement", "_ed-%{record_type}.", "", "any", "*.example.com",
	  RR_A, "_ed-a.any.example.com" },
	{ "replacement is folded", "", "", "ANY", "*.example.com", RR_A,
	  "a-any.example.com" },
	{ "replacement of a whole label only", "", "", "any", "a*.example.com",
	  RR_A, "a-a*.example.com" },
	{ "suffix", "", "-txt", "", "www.example.com", RR_A,
	  "a-www-txt.example.com" },
	{ "suffix at the apex", "", "-txt", "", "example.com", RR_A,
	  "a-example-txt.com" },
	{ "type in suffix", "", "-%{record_type}", "", "www.example.com",
	  RR_CNAME, "www-cname.example.com" },
	{ "type in suffix, wildcard", "", "-%{record_type}-edns", "",
	  "*.example.com", RR_A, "*-a-edns.example.com" },
};

static void test_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct arena *mem = arena_new();
		struct options o = {
			.txt_prefix = sv_of(names[i].prefix),
			.txt_suffix = sv_of(names[i].suffix),
			.txt_wildcard_replacement = sv_of(names[i].any),
		};

		assert_sv(names[i].label,
			  registry_name(mem, &o, names[i].type,
					sv_of(names[i].name)),
			  sv_of(names[i].want));
		arena_free(mem);
	}
}

/* parsed: "key=value;..." in order; NULL: no ownership record. */
static const struct {
	const char *label, *value, *parsed;
} values[] = {
	{ "ours",
	  "\"heritage=external-dns,external-dns/owner=default,"
	  "external-dns/resource=ingress/default/web\"",
	  "owner=default;resource=ingress/default/web;" },
	{ "no quotes", "heritage=external-dns,external-dns/owner=x",
	  "owner=x;" },
	{ "many quotes", "\"\"heritage=external-dns\"\"", "" },
	{ "other order", "external-dns/owner=x,heritage=external-dns",
	  "owner=x;" },
	{ "value with =", "heritage=external-dns,external-dns/a=b=c",
	  "a=b=c;" },
	{ "unknown tokens", "heritage=external-dns,foo,bar=1", "" },
	{ "other heritage", "heritage=mate,external-dns/owner=x", NULL },
	{ "no heritage", "external-dns/owner=x", NULL },
	{ "blank in front", " heritage=external-dns", NULL },
	{ "user's text", "v=spf1 -all", NULL },
	{ "nothing", "", NULL },
	{ "one quote", "\"", NULL },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct arena *mem = arena_new();
		struct pairs labels = { 0 };
		struct sv got = SV("");
		bool ours =
			ownership_parse(mem, sv_of(values[i].value), &labels);

		for (size_t k = 0; k < labels.list.n; k++)
			got = arena_fmt(mem, SV_FMT SV_FMT "=" SV_FMT ";",
					SV_ARG(got),
					SV_ARG(labels.list.v[k].name),
					SV_ARG(labels.list.v[k].value));
		assert_row(values[i].label, ours == (values[i].parsed != NULL));
		if (ours)
			assert_sv(values[i].label, got,
				  sv_of(values[i].parsed));
		arena_free(mem);
	}
}

static const struct {
	const char *label;
	bool compat, noop, overflow_error;
	const char *prefix, *zone, *name, *resource;
	enum rrtype type;
	size_t records; /* behind registry_add() */
	size_t warnings, errors;
	const char *value; /* of the TXT, or NULL: none */
} adds[] = {
	{ "default", false, false, false, "", "example.com", "www.example.com",
	  "ingress/default/web", RR_A, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=ingress/default/web\"" },
	{ "no resource", false, false, false, "", "example.com",
	  "www.example.com", "", RR_A, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o\"" },
	{ "noop", false, true, false, "", "example.com", "www.example.com", "r",
	  RR_A, 1, 0, 0, NULL },
	{ "apex", false, false, false, "", "example.com", "example.com", "r",
	  RR_A, 1, 1, 0, NULL },
	{ "apex, error", false, false, true, "", "example.com", "example.com",
	  "r", RR_A, 1, 0, 1, NULL },
	{ "apex, prefix inside", false, false, false, "%{record_type}-owner.",
	  "example.com", "example.com", "r", RR_A, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
	{ "apex, compat", true, false, false, "", "", "example.com", "r", RR_A,
	  2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
	{ "zone unknown", false, false, false, "", "", "example.com", "r", RR_A,
	  2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
	{ "61 bytes fit behind a-", false, false, false, "", "example.com",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  ".example.com",
	  "r", RR_A, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
	{ "62 do not", false, false, false, "", "example.com",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  ".example.com",
	  "r", RR_A, 1, 1, 0, NULL },
	{ "57 fit behind cname-", false, false, false, "", "example.com",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  ".example.com",
	  "r", RR_CNAME, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
	{ "58 do not, compat", true, false, false, "", "",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  ".example.com",
	  "r", RR_CNAME, 1, 1, 0, NULL },
	{ "forged label", false, false, false, "", "example.com",
	  "www.example.com", "ingress/x,external-dns/owner=evil/web", RR_A, 1,
	  0, 1, NULL },
	{ "quote in a label", false, false, false, "", "example.com",
	  "www.example.com", "ingress/x/a\"b", RR_A, 1, 0, 1, NULL },
	{ "newline in a label", false, false, false, "", "example.com",
	  "www.example.com", "ingress/x/a\nb", RR_A, 1, 0, 1, NULL },
	{ "forged label, compat", true, false, false, "", "", "www.example.com",
	  "a,b", RR_A, 2, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=a,b\"" },
	{ "no name, compat: a TXT without its record", true, false, false, "",
	  "", "", "r", RR_A, 1, 0, 0,
	  "\"heritage=external-dns,external-dns/owner=o,"
	  "external-dns/resource=r\"" },
};

static const struct endpoint *find_txt(const struct endpoints *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (set->list.v[i].is_registry)
			return &set->list.v[i];
	return NULL;
}

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(adds) / sizeof(adds[0]); i++) {
		struct arena *mem = arena_new();
		struct diags d = { .mem = mem };
		struct endpoints set = { 0 };
		struct endpoint *e = endpoints_add(mem, &set);
		const char *label = adds[i].label;
		struct publisher p = {
			.opt = { .txt_owner_id = SV("o"),
				 .txt_prefix = sv_of(adds[i].prefix),
				 .registry =
					 adds[i].noop ? SV("noop") : SV("txt"),
				 .txt_overflow = adds[i].overflow_error
							 ? SV("error")
							 : SV("skip") }
		};
		const struct endpoint *txt;
		int rc;

		e->name = sv_of(adds[i].name);
		e->type = adds[i].type;
		*VEC_ADD(mem, &e->targets) = SV("192.0.2.1");
		e->set_identifier = SV("blue");
		pairs_put(mem, &e->properties, SV("alias"), SV("true"));
		if (adds[i].resource[0] != '\0')
			pairs_put(mem, &e->labels, SV("resource"),
				  sv_of(adds[i].resource));
		rc = registry_add(mem, &d, &p, adds[i].compat,
				  sv_of(adds[i].zone), &set);
		txt = find_txt(&set);
		assert_row(label, rc == (adds[i].errors > 0 ? -1 : 0));
		assert_row(label, d.errors == adds[i].errors);
		assert_row(label, d.warnings == adds[i].warnings);
		assert_row(label, set.list.n == adds[i].records);
		assert_row(label, (txt != NULL) == (adds[i].value != NULL));
		if (txt != NULL) {
			assert_sv(label, txt->targets.v[0],
				  sv_of(adds[i].value));
			assert_sv(label, txt->set_identifier, SV("blue"));
			assert_row(label, pairs_get(&txt->properties,
						    SV("alias")) != NULL);
			assert_row(label, txt->ttl == 0);
			assert_sv(label, txt->owned_name, sv_of(adds[i].name));
		}
		arena_free(mem);
	}
}

/* A and AAAA of one object share their labels; a user's owner is replaced,
 * other labels of a DNSEndpoint reach the TXT; a static record has none. */
static void test_labels(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct endpoints set = { 0 };
	struct pairs labels = { 0 };
	struct publisher p = { .opt = { .txt_owner_id = SV("o"),
					.registry = SV("txt") } };

	(void)state;
	pairs_put(mem, &labels, SV("resource"), SV("crd/default/d"));
	pairs_put(mem, &labels, SV("owner"), SV("mine"));
	pairs_put(mem, &labels, SV("foo"), SV("bar"));
	for (size_t i = 0; i < 3; i++) {
		struct endpoint *e = endpoints_add(mem, &set);

		e->name = SV("d.example.com");
		e->type = i == 0 ? RR_A : i == 1 ? RR_AAAA : RR_MX;
		e->labels = labels;
		e->is_static = i == 2;
	}
	assert_int_equal(
		registry_add(mem, &d, &p, false, SV("example.com"), &set), 0);
	assert_int_equal(set.list.n, 5);
	for (size_t i = 0; i < 2; i++) {
		assert_true(set.list.v[i].is_registry);
		assert_sv("labels", set.list.v[i].targets.v[0],
			  SV("\"heritage=external-dns,external-dns/foo=bar,"
			     "external-dns/owner=o,"
			     "external-dns/resource=crd/default/d\""));
	}
	arena_free(mem);
}

/* "*.x" and "any.x" would share a TXT, and readers look at one value. */
static void test_shared_name(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct endpoints set = { 0 };
	struct publisher p = { .opt = { .txt_owner_id = SV("o"),
					.registry = SV("txt"),
					.txt_wildcard_replacement =
						SV("any") } };

	(void)state;
	endpoints_add(mem, &set)->name = SV("*.example.com");
	endpoints_add(mem, &set)->name = SV("any.example.com");
	assert_int_equal(
		registry_add(mem, &d, &p, false, SV("example.com"), &set), 0);
	assert_int_equal(set.list.n, 3);
	assert_int_equal(d.warnings, 1);
	arena_free(mem);
}

/* Two clusters in one zone: each record has the owner of its publisher. */
static void test_publishers(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct endpoints set = { 0 };
	struct publisher east = { .opt = { .txt_owner_id = SV("east"),
					   .registry = SV("txt") } };
	struct publisher west = { .opt = { .txt_owner_id = SV("west"),
					   .registry = SV("txt"),
					   .txt_prefix = SV("w-") } };
	struct endpoint *e;

	(void)state;
	e = endpoints_add(mem, &set);
	e->name = SV("e.example.com");
	e = endpoints_add(mem, &set);
	e->name = SV("w.example.com");
	e->publisher = &west;
	assert_int_equal(
		registry_add(mem, &d, &east, false, SV("example.com"), &set),
		0);
	assert_int_equal(set.list.n, 4);
	assert_sv("east", set.list.v[0].name, SV("a-e.example.com"));
	assert_sv("east", set.list.v[0].targets.v[0],
		  SV("\"heritage=external-dns,external-dns/owner=east\""));
	assert_sv("west", set.list.v[2].name, SV("w-a-w.example.com"));
	assert_sv("west", set.list.v[2].targets.v[0],
		  SV("\"heritage=external-dns,external-dns/owner=west\""));
	arena_free(mem);
}

static const struct {
	const char *label, *value;
	enum rrtype type;
	bool made, want;
} owned[] = {
	{ "ours", "x", RR_TXT, true, true },
	{ "as it is written", "\"heritage=external-dns,external-dns/owner=a\"",
	  RR_TXT, false, true },
	{ "as bytes", "heritage=external-dns,external-dns/owner=a", RR_TXT,
	  false, true },
	{ "without labels", "heritage=external-dns", RR_TXT, false, true },
	{ "labels in another order",
	  "external-dns/owner=a,heritage=external-dns", RR_TXT, false, true },
	{ "of another program", "heritage=other,external-dns/owner=a", RR_TXT,
	  false, false },
	{ "only in front", "heritage=external-dns-v2,x=y", RR_TXT, false,
	  false },
	{ "no heritage", "v=spf1 -all", RR_TXT, false, false },
	{ "no TXT", "heritage=external-dns", RR_CNAME, false, false },
};

static void ownership(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		struct arena *mem = arena_new();
		struct endpoint e = { .type = owned[i].type,
				      .is_registry = owned[i].made };

		*VEC_ADD(mem, &e.targets) = sv_of(owned[i].value);
		assert_row(owned[i].label, is_ownership(&e) == owned[i].want);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_shared_name),
		cmocka_unit_test(ownership),
		cmocka_unit_test(test_publishers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
