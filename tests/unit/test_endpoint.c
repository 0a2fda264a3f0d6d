#include "hostile.h"

#include <stdio.h>

#include "endpoint/endpoint.h"
#include "endpoint/txt.h"

/* Types of targets: what ExternalDNS makes of each literal. */
static const struct {
	const char *label, *target;
	enum rrtype want;
} targets[] = {
	{ "IPv4", "192.0.2.1", RR_A },
	{ "IPv6", "2001:db8::1", RR_AAAA },
	{ "upper case", "2001:DB8::1", RR_AAAA },
	{ "mapped IPv4 is AAAA", "::ffff:192.0.2.1", RR_AAAA },
	{ "zone id", "fe80::1%eth0", RR_AAAA },
	{ "empty zone id", "fe80::1%", RR_CNAME },
	{ "zone id behind IPv4", "192.0.2.1%eth0", RR_CNAME },
	{ "leading zero", "01.2.3.4", RR_CNAME },
	{ "three parts", "1.2.3", RR_CNAME },
	{ "final dot", "1.2.3.4.", RR_CNAME },
	{ "brackets", "[::1]", RR_CNAME },
	{ "network", "1.2.3.4/24", RR_CNAME },
	{ "leading blank", " 1.2.3.4", RR_CNAME },
	{ "port", "1.2.3.4:80", RR_CNAME },
	{ "nothing", "", RR_CNAME },
	{ "host", "lb.example.net", RR_CNAME },
	{ "part over 255", "1.2.3.256", RR_CNAME },
	{ "hex", "0x7f.0.0.1", RR_CNAME },
	{ "too many groups", "1:2:3:4:5:6:7:8:9", RR_CNAME },
	{ ":: for no group", "1:2:3:4::5:6:7:8", RR_CNAME },
	{ "five digits", "2001:0db80::1", RR_CNAME },
	{ "two ::", "1::2::3", RR_CNAME },
	{ "embedded leading zero", "::ffff:192.0.2.01", RR_CNAME },
};

static void test_rrtype_of_target(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		assert_row(targets[i].label,
			   rrtype_of_target(sv_of(targets[i].target)) ==
				   targets[i].want);
}

static void test_rrtype_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < RR_COUNT; i++) {
		enum rrtype t = RR_COUNT;

		assert_true(
			rrtype_parse(sv_of(rrtype_name((enum rrtype)i)), &t));
		assert_int_equal(t, i);
		assert_true(rrtype_code((enum rrtype)i) > 0);
		if (i > 0)
			assert_true(strcmp(rrtype_name((enum rrtype)(i - 1)),
					   rrtype_name((enum rrtype)i)) < 0);
	}
	enum rrtype t = RR_MX;

	assert_false(rrtype_parse(SV("a"), &t));
	assert_false(rrtype_parse(SV("SOA"), &t));
	assert_int_equal(t, RR_MX);
}

static const struct {
	const char *label, *in, *want; /* want NULL: no address */
} texts[] = {
	{ "IPv4", "192.0.2.9", "192.0.2.9" },
	{ "zero group", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "single zero group", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "NAT64", "64:ff9b::192.0.2.1", "64:ff9b::c000:201" },
	{ "longest", "2001:db8:1111:2222:3333:4444:5555:6666",
	  "2001:db8:1111:2222:3333:4444:5555:6666" },
	{ "zone id", "fe80::1%eth0", NULL },
	{ "blank behind", "192.0.2.1 ", NULL },
};

static void test_address_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *mem = arena_new();
		struct address a;
		bool ok = address_parse(sv_of(texts[i].in), &a);

		assert_row(texts[i].label, ok == (texts[i].want != NULL));
		if (ok)
			assert_sv(texts[i].label, address_text(mem, &a),
				  sv_of(texts[i].want));
		arena_free(mem);
	}
	struct address a;

	assert_false(address_parse((struct sv){ "192.0.2.1\0", 10 }, &a));
	assert_int_equal(a.n, 0);
}

static const struct {
	const char *address;
	enum address_class want;
} classes[] = {
	{ "192.0.0.8", ADDRESS_SPECIAL },
	{ "192.0.0.9", ADDRESS_GLOBAL },
	{ "100.63.255.255", ADDRESS_GLOBAL },
	{ "100.64.0.0", ADDRESS_PRIVATE },
	{ "100.127.255.255", ADDRESS_PRIVATE },
	{ "100.128.0.0", ADDRESS_GLOBAL },
	{ "172.15.255.255", ADDRESS_GLOBAL },
	{ "172.31.255.255", ADDRESS_PRIVATE },
	{ "172.32.0.0", ADDRESS_GLOBAL },
	{ "8.8.8.8", ADDRESS_GLOBAL },
	{ "203.0.113.10", ADDRESS_DOCUMENTATION },
	{ "0.0.0.0", ADDRESS_UNUSABLE },
	{ "239.255.255.255", ADDRESS_UNUSABLE },
	{ "255.255.255.255", ADDRESS_UNUSABLE },
	{ "64:ff9b::a00:1", ADDRESS_PRIVATE },
	{ "64:ff9b::808:808", ADDRESS_GLOBAL },
	{ "64:ff9b:1::1", ADDRESS_PRIVATE },
	{ "3fff:fff::1", ADDRESS_DOCUMENTATION },
	{ "3fff:1000::1", ADDRESS_GLOBAL },
	{ "4000::1", ADDRESS_SPECIAL },
	{ "1::1", ADDRESS_SPECIAL },
	{ "2606:4700::1111", ADDRESS_GLOBAL },
	{ "2001:4860:4860::8888", ADDRESS_GLOBAL },
	{ "2001:1::1", ADDRESS_GLOBAL },
	{ "2001:1::4", ADDRESS_SPECIAL },
	{ "2001:db8::1", ADDRESS_DOCUMENTATION },
	{ "::ffff:8.8.8.8", ADDRESS_UNUSABLE },
	{ "::1", ADDRESS_PRIVATE },
	{ "::", ADDRESS_UNUSABLE },
	{ "::8.8.8.8", ADDRESS_UNUSABLE },
	{ "fe80::1", ADDRESS_PRIVATE },
	{ "fd00::1", ADDRESS_PRIVATE },
	{ "ff02::1", ADDRESS_UNUSABLE },
};

static enum address_class class_of(struct sv text)
{
	const struct special_prefix *s;
	struct address a;

	assert_row(text.p, address_parse(text, &a));
	s = address_special(&a);
	return s == NULL ? ADDRESS_GLOBAL : s->class;
}

static void test_address_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		assert_row(classes[i].address,
			   class_of(sv_of(classes[i].address)) ==
				   classes[i].want);
}

static const struct {
	const char *name;
	const char *want; /* the row; NULL: public */
} special_rows[] = {
	{ "web.shop.svc.cluster.local", "cluster.local" },
	{ "printer.local", "local" },
	{ "local", "local" },
	{ "mylocal", NULL },
	{ "local.example.net", NULL },
	{ "nas.home.arpa", "home.arpa" },
	{ "arpa", NULL },
	{ "lb.internal", "internal" },
	{ "web.shop.svc", "svc" },
	{ "x.31.172.in-addr.arpa", "31.172.in-addr.arpa" },
	{ "x.32.172.in-addr.arpa", NULL },
	{ "1.b.e.f.ip6.arpa", "b.e.f.ip6.arpa" },
	{ "1.c.e.f.ip6.arpa", NULL },
	{ "a.example", "example" },
	{ "a.example.com", NULL },
	{ "", NULL },
};

static void test_special_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(special_rows) / sizeof(special_rows[0]);
	     i++) {
		const char *name = special_rows[i].name;
		const struct special_name *n = name_special(sv_of(name));

		assert_row(name, (n == NULL) == (special_rows[i].want == NULL));
		if (n != NULL)
			assert_sv(name, sv_of(n->name),
				  sv_of(special_rows[i].want));
	}
}

/* The numbers of special.def against the text of the registries' table: the
 * first address of each prefix is in it, unless a longer row takes it. */
static void test_special_table(void **state)
{
	static const char *const names[] = {
		[ADDRESS_GLOBAL] = "global",
		[ADDRESS_DOCUMENTATION] = "documentation",
		[ADDRESS_SPECIAL] = "special",
		[ADDRESS_PRIVATE] = "private",
		[ADDRESS_UNUSABLE] = "unusable",
	};
	struct arena *mem = arena_new();
	struct sv text = read_table(mem, "tests/data/special-prefixes.tsv");
	struct sv line, prefix, class;
	size_t rows = 0;

	(void)state;
	while (sv_cut(&text, '\n', &line)) {
		const struct special_prefix *s;
		struct prefix p;

		if (line.n == 0)
			continue;
		assert_true(sv_cut(&line, '\t', &prefix));
		assert_true(sv_cut(&line, '\t', &class));
		assert_row(prefix.p, prefix_parse(prefix, &p));
		/* The last address: the first ones have rows of their own. */
		for (unsigned bit = p.bits; bit < p.base.n * 8; bit++)
			p.base.bytes[bit / 8] |=
				(unsigned char)(0x80 >> bit % 8);
		rows++;
		if (sv_eq(prefix, SV("64:ff9b::/96")) ||
		    sv_eq(prefix, SV("240.0.0.0/4")))
			continue;
		s = address_special(&p.base);
		assert_sv(prefix.p, sv_of(names[s ? s->class : ADDRESS_GLOBAL]),
			  class);
		if (s != NULL)
			assert_sv("the row itself", sv_of(s->prefix), prefix);
	}
	assert_int_equal(rows, 54);
	arena_free(mem);
}

static const struct {
	const char *label, *prefix, *address;
	bool parses, holds;
} nets[] = {
	{ "inside", "10.0.0.0/8", "10.255.0.1", true, true },
	{ "outside", "10.0.0.0/8", "11.0.0.1", true, false },
	{ "host bits set", "10.1.2.3/8", "10.9.9.9", true, true },
	{ "all", "0.0.0.0/0", "198.51.100.1", true, true },
	{ "one", "192.0.2.1/32", "192.0.2.1", true, true },
	{ "not that one", "192.0.2.1/32", "192.0.2.2", true, false },
	{ "other family", "0.0.0.0/0", "::1", true, false },
	{ "IPv6", "2001:db8::/32", "2001:db8:ffff::1", true, true },
	{ "IPv6 past 64", "2001:db8::/96", "2001:db8::1:0:1", true, false },
	{ "IPv6 past 64, in", "2001:db8::/96", "2001:db8::1:1", true, true },
	{ "no length", "10.0.0.0", "10.0.0.1", false, false },
	{ "too long", "10.0.0.0/33", "10.0.0.1", false, false },
	{ "leading zero", "10.0.0.0/08", "10.0.0.1", false, false },
	{ "empty length", "10.0.0.0/", "10.0.0.1", false, false },
	{ "sign", "10.0.0.0/+8", "10.0.0.1", false, false },
	{ "no address", "lb/8", "10.0.0.1", false, false },
};

static void test_prefix(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
		struct address a;
		struct prefix p;

		assert_row(nets[i].label,
			   address_parse(sv_of(nets[i].address), &a));
		assert_row(nets[i].label, prefix_parse(sv_of(nets[i].prefix),
						       &p) == nets[i].parses);
		if (nets[i].parses)
			assert_row(nets[i].label,
				   prefix_holds(&p, &a) == nets[i].holds);
	}
}

/* want: the name, or the code of the fault. */
static const struct {
	const char *label;
	enum dname_use use;
	const char *in, *want;
} dnames[] = {
	{ "underscore of a CNAME", DNAME_HOST, "_x.example.com",
	  "_x.example.com" },
	{ "underscore inside", DNAME_HOST, "a_b.example.com",
	  "a_b.example.com" },
	{ "wildcard host", DNAME_HOST, "*.Apps.example.com",
	  "*.apps.example.com" },
	{ "wildcard in the end", DNAME_HOST, "a.*", "E-NAME-WILDCARD" },
	{ "zone with a slash", DNAME_ZONE, "0/25.2.0.192.in-addr.arpa",
	  "0/25.2.0.192.in-addr.arpa" },
	{ "zone of digits", DNAME_ZONE, "10", "10" },
	{ "zone with a star", DNAME_ZONE, "*.example.com", "E-NAME-WILDCARD" },
	{ "slash in a host", DNAME_HOST, "a/b.example.com", "E-NAME-CHAR" },
	{ "any: escapes", DNAME_ANY, "a\\046b.Example.com.",
	  "a\\046b.example.com" },
	{ "any: escaped character", DNAME_ANY, "a\\.b.example.com",
	  "a\\046b.example.com" },
	{ "any: plain byte", DNAME_ANY, "a b.example.com",
	  "a\\032b.example.com" },
	{ "any: needless escape", DNAME_ANY, "\\097.example.com",
	  "a.example.com" },
	{ "any: upper case in an escape", DNAME_ANY, "\\065.example.com",
	  "a.example.com" },
	{ "any: over 255", DNAME_ANY, "\\256.example.com", "E-NAME-CHAR" },
	{ "any: cut escape", DNAME_ANY, "a\\04", "E-NAME-CHAR" },
	{ "any: backslash at the end", DNAME_ANY, "a\\", "E-NAME-CHAR" },
	{ "any: empty label", DNAME_ANY, "a..b", "E-NAME-EMPTY-LABEL" },
	{ "any: bytes", DNAME_ANY, "\xff.example.com", "\\255.example.com" },
	{ "combining form is composed", DNAME_HOST,
	  "mu\xcc\x88nchen.example.com", "xn--mnchen-3ya.example.com" },
	{ "sharp s stays", DNAME_HOST, "fa\xc3\x9f.example.com",
	  "xn--fa-hia.example.com" },
	{ "star in a U-label", DNAME_HOST, "*\xc3\xbc.example.com",
	  "E-NAME-WILDCARD" },
	{ "blank in a U-label", DNAME_HOST, "a \xc3\xbc.example.com",
	  "E-NAME-CHAR" },
	{ "A-label of a name without need", DNAME_HOST, "xn--abc-.example.com",
	  "E-NAME-CHAR" },
	{ "surrogate", DNAME_HOST, "\xed\xa0\x80.example.com", "E-NAME-UTF8" },
	{ "open host", DNAME_HOST_VAR, "*.Apps.${My_DOMAIN}.",
	  "*.apps.${My_DOMAIN}" },
	{ "open apex", DNAME_HOST_VAR, "${D}", "${D}" },
	{ "open below a wildcard", DNAME_HOST_VAR, "*.${D}", "*.${D}" },
	{ "open below digits", DNAME_HOST_VAR, "10.${D}", "10.${D}" },
	{ "open, IDN before", DNAME_HOST_VAR, "\xc3\xbc.${D}", "xn--tda.${D}" },
	{ "open zone", DNAME_ZONE_VAR, "eu.${D}", "eu.${D}" },
	{ "open owner of an address", DNAME_ADDRESS, "a.${A_B}", "a.${A_B}" },
	{ "open, underscore before", DNAME_ADDRESS, "a_b.${A_B}",
	  "E-NAME-CHAR" },
	{ "open, empty label", DNAME_HOST_VAR, "a..${D}",
	  "E-NAME-EMPTY-LABEL" },
	{ "variable in the middle", DNAME_HOST_VAR, "a.${D}.b", "E-NAME-CHAR" },
	{ "variable twice", DNAME_HOST_VAR, "${D}.${D}", "E-NAME-CHAR" },
	{ "variable in a label", DNAME_HOST_VAR, "a${D}", "E-NAME-CHAR" },
	{ "variable with an operator", DNAME_HOST_VAR, "a.${D:=b}",
	  "E-NAME-CHAR" },
	{ "variable without a name", DNAME_HOST_VAR, "a.${}", "E-NAME-CHAR" },
	{ "variable of a digit", DNAME_HOST_VAR, "a.${1D}", "E-NAME-CHAR" },
	{ "expression as variable", DNAME_HOST_VAR, "a.${var.d}",
	  "E-NAME-CHAR" },
	{ "brace behind", DNAME_HOST_VAR, "a.${D}}", "E-NAME-CHAR" },
	{ "not closed", DNAME_HOST_VAR, "a.${D", "E-NAME-CHAR" },
	{ "dollar alone", DNAME_HOST_VAR, "a.$", "E-NAME-CHAR" },
	{ "open where it may not", DNAME_HOST, "a.${D}", "E-NAME-CHAR" },
	{ "open target", DNAME_TARGET, "a.${D}", "E-NAME-CHAR" },
	{ "closed zone", DNAME_ZONE, "${D}", "E-NAME-CHAR" },
	{ "long variable", DNAME_HOST_VAR,
	  "${ABCDEFGHIJKLMNOPQRSTUVWXYZ_ABCDEFGHIJKLMNOPQRSTUVWXYZ_ABCDEFGHIJ}",
	  "E-NAME-LABEL-LONG" },
	{ "overlong UTF-8", DNAME_HOST, "\xc0\xae.example.com", "E-NAME-UTF8" },
};

static const struct {
	const char *label, *in, *variable, *head, *lower;
} open_names[] = {
	{ "closed", "App.Example.com", "", "App.Example.com",
	  "app.example.com" },
	{ "open", "App.${Domain}", "Domain", "App.", "app.${Domain}" },
	{ "apex", "${Domain}", "Domain", "", "${Domain}" },
	{ "final dot", "A.${D}.", "D", "A.", "a.${D}." },
	{ "middle", "A.${D}.B", "", "A.${D}.B", "a.${d}.b" },
	{ "empty", "", "", "", "" },
	{ "dot", ".", "", ".", "." },
};

static void test_dname_variable(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(open_names) / sizeof(open_names[0]);
	     i++) {
		const char *label = open_names[i].label;
		struct sv in = sv_of(open_names[i].in);

		assert_sv(label, dname_variable(in),
			  sv_of(open_names[i].variable));
		assert_sv(label, dname_head(in), sv_of(open_names[i].head));
		assert_sv(label, dname_lower(mem, in),
			  sv_of(open_names[i].lower));
	}
	arena_free(mem);
}

static void test_dname_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dnames) / sizeof(dnames[0]); i++) {
		struct arena *mem = arena_new();
		struct sv out = SV("");
		const char *fault = dname_fault(mem, dnames[i].use,
						sv_of(dnames[i].in), &out);

		assert_sv(dnames[i].label, fault ? sv_of(fault) : out,
			  sv_of(dnames[i].want));
		arena_free(mem);
	}
}

/* The first word of what must come out, its runs written out. */
static struct sv first_word(struct arena *mem, struct sv s)
{
	return unescape(mem, sv_head(s, sv_chr(s, ' ')));
}

static void check_name(struct arena *mem, const struct hostile *h,
		       enum dname_use use)
{
	struct sv out = SV(""), want = first_word(mem, h->emitted), of;
	struct sv in = unescape(mem, h->input);
	const char *fault = dname_fault(mem, use, in, &out);
	char id[8] = { 0 };

	memcpy(id, h->id.p, h->id.n < 7 ? h->id.n : 7);
	/* A plain null, true or ~ is the parser's to refuse. */
	if (sv_starts(h->emitted, SV("E-YAML-TYPE"))) {
		assert_row(id, (fault != NULL) == sv_eq(in, SV("~")));
		return;
	}
	if (sv_eq(h->expected, SV("skip"))) {
		assert_row(id, fault == NULL);
		return;
	}
	if (sv_starts(h->emitted, SV("CNAME ")))
		want = first_word(mem, sv_from(h->emitted, 6));
	if (want.n > 0 && want.p[want.n - 1] == '.')
		want.n--;
	/* Zones have codes of their own for the same faults. */
	of = SV("E-ZONE-");
	if (sv_starts(want, of))
		want = arena_fmt(mem, "E-NAME-" SV_FMT,
				 SV_ARG(sv_from(want, of.n)));
	if (sv_eq(want, SV("E-NAME-PUBLIC-SUFFIX"))) {
		assert_row(id, dname_is_public_suffix(out));
		return;
	}
	if (sv_eq(h->id, SV("H219"))) /* "..": whichever is seen first */
		want = SV("E-NAME-EMPTY-LABEL");
	assert_sv(id, fault ? sv_of(fault) : out, want);
}

static void check_address(struct arena *mem, const struct hostile *h)
{
	struct sv in = unescape(mem, h->input);
	struct address a;
	bool ok = address_parse(in, &a) && class_of(in) != ADDRESS_UNUSABLE;
	size_t blank = sv_chr(h->emitted, ' ');
	char id[8] = { 0 };

	memcpy(id, h->id.p, h->id.n < 7 ? h->id.n : 7);
	assert_row(id, ok == sv_eq(h->expected, SV("emit")));
	if (sv_has(h->emitted, SV("E-ADDR-PRIVATE")))
		assert_row(id, class_of(in) == ADDRESS_PRIVATE);
	else if (ok && blank < h->emitted.n)
		assert_sv(id, address_text(mem, &a),
			  sv_from(h->emitted, blank + 1));
}

/* Every owner, target, address and zone row of the hostile table. */
static void test_hostile(void **state)
{
	struct arena *mem = arena_new();
	struct sv text = read_table(mem, "tests/data/hostile-names.tsv");
	size_t owners = 0, targets_seen = 0, addresses = 0, zones = 0;
	struct hostile h;

	(void)state;
	while (hostile_next(&text, &h)) {
		if (sv_eq(h.context, SV("owner"))) {
			check_name(mem, &h, DNAME_ADDRESS);
			owners++;
		} else if (sv_eq(h.context, SV("target"))) {
			targets_seen++;
			if (sv_starts(h.emitted, SV("A ")))
				assert_int_equal(rrtype_of_target(h.input),
						 RR_A);
			else
				check_name(mem, &h, DNAME_TARGET);
		} else if (sv_eq(h.context, SV("a"))) {
			check_address(mem, &h);
			addresses++;
		} else if (sv_eq(h.context, SV("zone"))) {
			check_name(mem, &h, DNAME_ZONE);
			zones++;
		}
	}
	assert_int_equal(owners, 103);
	assert_int_equal(targets_seen, 22);
	assert_int_equal(addresses, 21);
	assert_int_equal(zones, 10);
	arena_free(mem);
}

/* What a user reads; NULL: no message. */
static const struct {
	const char *label;
	enum dname_use use;
	const char *in, *want;
} messages[] = {
	{ "clean", DNAME_HOST, "www.example.com", NULL },
	{ "character", DNAME_HOST, "a b.example.com",
	  "f:1:2: error: invalid host \"a b.example.com\": label \"a b\" "
	  "contains \" \"; expected letters, digits and inner \"-\" "
	  "[dname]\n" },
	{ "underscore", DNAME_ADDRESS, "_x.example.com",
	  "f:1:2: error: invalid host \"_x.example.com\": label \"_x\" "
	  "contains \"_\"; expected letters, digits and inner \"-\" (name "
	  "servers refuse \"_\" in the owner of an address) [dname]\n" },
	{ "control bytes are escaped", DNAME_HOST, "a\n.example.com",
	  "f:1:2: error: invalid host \"a\\x0a.example.com\": label \"a\\x0a\" "
	  "contains \"\\x0a\"; expected letters, digits and inner \"-\" "
	  "[dname]\n" },
	{ "hint", DNAME_HOST, "M\xc3\x9cNCHEN.example.com",
	  "f:1:2: error: invalid host \"M\303\234NCHEN.example.com\": not "
	  "valid in IDNA2008 (RFC 5891); did you mean "
	  "\"xn--mnchen-3ya.example.com\"? [dname]\n" },
	{ "no hint", DNAME_HOST, "\xe2\x98\x95.example.com",
	  "f:1:2: error: invalid host \"\342\230\225.example.com\": not valid "
	  "in IDNA2008 (RFC 5891) [dname]\n" },
	{ "empty", DNAME_HOST, "",
	  "f:1:2: error: invalid host \"\": expected a DNS name [dname]\n" },
	{ "reserved", DNAME_HOST, "ab--cd.example.com",
	  "f:1:2: warning: host \"ab--cd.example.com\" has \"--\" in the "
	  "third and fourth place, which is reserved (RFC 5890 2.3.1) "
	  "[dname]\n" },
	{ "deviation", DNAME_HOST, "fa\xc3\x9f.example.com",
	  "f:1:2: warning: host \"fa\303\237.example.com\" contains a "
	  "character that older resolvers and ExternalDNS map to another name "
	  "[dname]\n" },
};

static const struct {
	const char *label, *name, *zone, *want;
} confusable_rows[] = {
	{ "ASCII", "www.example.org", "", "" },
	{ "German", "xn--bcher-kva.example.org", "", "" },
	{ "Latin and Cyrillic", "xn--pypal-4ve.example.org", "",
	  "label \"p\xd0\xb0ypal\" (xn--pypal-4ve) mixes Latin and Cyrillic "
	  "letters; expected those of one script" },
	{ "of the zone", "a.xn--pypal-4ve.example", "xn--pypal-4ve.example",
	  "" },
	{ "the zone itself", "xn--pypal-4ve.example", "",
	  "label \"p\xd0\xb0ypal\" (xn--pypal-4ve) mixes Latin and Cyrillic "
	  "letters; expected those of one script" },
	{ "a word in Cyrillic", "xn--80aa0cbo65f.example.org", "",
	  "label \"\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0\xd3\x8f\" "
	  "(xn--80aa0cbo65f) is Cyrillic and looks like \"paypal\"" },
	{ "a Russian word", "xn--e1afmkfd.example.org", "", "" },
	{ "below a Cyrillic domain", "xn--80a1aj.xn--p1ai", "", "" },
	{ "Japanese with Latin", "xn--tokyo-w91hq39l.example.org", "", "" },
	{ "Bopomofo and Hangul", "xn--5ek0260c.example.org", "",
	  "label \"\xe3\x84\x85\xed\x95\x9c\" (xn--5ek0260c) mixes Bopomofo "
	  "and Hangul letters; expected those of one script" },
	{ "not Punycode", "xn--.example.org", "", "" },
};

static void test_dname_confusable(void **state)
{
	enum { ROWS = sizeof(confusable_rows) / sizeof(confusable_rows[0]) };
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_sv(confusable_rows[i].label,
			  dname_confusable(mem, sv_of(confusable_rows[i].name),
					   sv_of(confusable_rows[i].zone)),
			  sv_of(confusable_rows[i].want));
	arena_free(mem);
}

static void test_dname_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct arena *mem = arena_new();
		struct diags d = { .mem = mem };
		struct loc at = { SV("f"), 1, 2 };
		struct sv out = SV("");
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);
		int rc = dname_parse(mem, &d, at, "host", messages[i].use,
				     sv_of(messages[i].in), &out);

		assert_non_null(f);
		for (size_t k = 0; k < d.list.n; k++)
			diag_write(&d.list.v[k], f);
		fclose(f);
		assert_sv(messages[i].label, ((struct sv){ text, n }),
			  sv_of(messages[i].want));
		assert_row(messages[i].label, rc == (d.errors > 0 ? -1 : 0));
		free(text);
		arena_free(mem);
	}
}

static void test_dname_in(void **state)
{
	(void)state;
	assert_true(dname_in(SV("a.example.com"), SV("example.com")));
	assert_true(dname_in(SV("example.com"), SV("example.com")));
	assert_false(dname_in(SV("notexample.com"), SV("example.com")));
	assert_false(dname_in(SV("com"), SV("example.com")));
	assert_true(dname_in(SV("a"), SV("")));
}

/* RFC 4034 6.1's own list, and what escapes sort by. */
static void test_dname_cmp(void **state)
{
	static const char *const order[] = {
		"example",	   "a.example",	     "yljkjljk.a.example",
		"z.a.example",	   "zabc.a.example", "z.example",
		"\\001.z.example", "*.z.example",    "\\200.z.example",
	};
	size_t n = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int c = dname_cmp(sv_of(order[i]), sv_of(order[k]));

			assert_row(order[i],
				   (c < 0) == (i < k) && (c > 0) == (i > k));
		}
}

static const struct {
	const char *label, *in, *want;
} lookups[] = {
	{ "case", "WWW.Example.COM", "www.example.com" },
	{ "final dot", "www.example.com.", "www.example.com" },
	{ "sharp s", "fa\xc3\x9f.de", "fass.de" },
	{ "upper U-label", "M\xc3\x9cNCHEN.de", "xn--mnchen-3ya.de" },
	{ "ideographic stop",
	  "www\xe3\x80\x82"
	  "example.com",
	  "www.example.com" },
	{ "underscore and star", "*._x.example.com", "*._x.example.com" },
	{ "nonsense passes", "a..b c", "a..b c" },
	{ "nothing", "", "" },
};

static void test_dname_lookup(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++) {
		struct arena *mem = arena_new();

		assert_sv(lookups[i].label,
			  dname_lookup(mem, sv_of(lookups[i].in)),
			  sv_of(lookups[i].want));
		arena_free(mem);
	}
}

static void test_public_suffix(void **state)
{
	(void)state;
	assert_true(dname_is_public_suffix(SV("com")));
	assert_true(dname_is_public_suffix(SV("co.uk")));
	assert_true(dname_is_public_suffix(SV("fr")));
	assert_false(dname_is_public_suffix(SV("example.com")));
	assert_false(dname_is_public_suffix(SV("retake.fr")));
	assert_false(dname_is_public_suffix(SV("lan")));
	assert_false(dname_is_public_suffix(SV("cluster.local")));
	assert_false(dname_is_public_suffix(SV("github.io")));
	assert_false(dname_is_public_suffix(SV("")));
}

static const struct {
	const char *text;
	bool want;
} placeholders[] = {
	{ "<IP Publique>", true },
	{ "${HOST}", true },
	{ "app.${DOMAIN}", true },
	{ "{{ .Values.host }}", true },
	{ "ENC[AES256_GCM,data:x]", true },
	{ "%HOST%", true },
	{ "$(HOST).example.com", true },
	{ "REPLACE_ME", true },
	{ "REPLACE-WITH-IP", true },
	{ "CHANGEME", true },
	{ "changeme.example.com", true },
	{ "..PLACEHOLDER_ip..", true },
	{ "TODO", true },
	{ "todo.example.com", false },
	{ "replace.example.com", false },
	{ "changement.example.com", false },
	{ "www.example.com", false },
	{ "203.0.113.10", false },
	{ "a<b", false },
	{ "100%", false },
	{ "", false },
};

static void test_placeholder(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]);
	     i++)
		assert_row(placeholders[i].text,
			   (placeholder_in(sv_of(placeholders[i].text)) !=
			    NULL) == placeholders[i].want);
}

static void test_pairs(void **state)
{
	struct arena *mem = arena_new();
	struct pairs p = { 0 };

	(void)state;
	assert_null(pairs_get(&p, SV("a")));
	pairs_put(mem, &p, SV("c"), SV("3"));
	pairs_put(mem, &p, SV("a"), SV("1"));
	pairs_put(mem, &p, SV("b"), SV("2"));
	pairs_put(mem, &p, SV("a"), SV("9"));
	assert_int_equal(p.list.n, 3);
	assert_sv("first", p.list.v[0].name, SV("a"));
	assert_sv("last", p.list.v[2].name, SV("c"));
	assert_sv("replaced", *pairs_get(&p, SV("a")), SV("9"));
	arena_free(mem);
}

static void test_targets_sort(void **state)
{
	struct arena *mem = arena_new();
	struct endpoint e = { 0 };

	(void)state;
	targets_sort(&e);
	assert_int_equal(e.targets.n, 0);
	*VEC_ADD(mem, &e.targets) = SV("b");
	*VEC_ADD(mem, &e.targets) = SV("a");
	*VEC_ADD(mem, &e.targets) = SV("b");
	targets_sort(&e);
	assert_int_equal(e.targets.n, 2);
	assert_sv("first", e.targets.v[0], SV("a"));
	arena_free(mem);
}

/* Each row sorts before the next: one field decides at a time. */
static void test_endpoint_order(void **state)
{
	static const struct {
		const char *name;
		enum rrtype type;
		const char *id;
		int64_t ttl;
		const char *target, *resource;
	} rows[] = {
		{ "a", RR_A, "", 0, "1", "x" },
		{ "a", RR_A, "", 0, "1", "y" },
		{ "a", RR_A, "", 0, "2", "x" },
		{ "a", RR_A, "", 60, "1", "x" },
		{ "a", RR_A, "b", 0, "1", "x" },
		{ "a", RR_AAAA, "", 0, "1", "x" },
		{ "a", RR_TXT, "", 0, "1", "x" },
		{ "b", RR_A, "", 0, "1", "x" },
	};
	size_t n = sizeof(rows) / sizeof(rows[0]);
	struct arena *mem = arena_new();
	struct endpoints set = { 0 };

	(void)state;
	for (size_t i = n; i-- > 0;) {
		struct endpoint *e = endpoints_add(mem, &set);

		e->name = sv_of(rows[i].name);
		e->type = rows[i].type;
		e->set_identifier = sv_of(rows[i].id);
		e->ttl = rows[i].ttl;
		*VEC_ADD(mem, &e->targets) = sv_of(rows[i].target);
		VEC_ADD(mem, &e->from)->resource = sv_of(rows[i].resource);
	}
	endpoints_sort(&set);
	for (size_t i = 0; i < n; i++) {
		const struct endpoint *e = &set.list.v[i];

		assert_sv("name", e->name, sv_of(rows[i].name));
		assert_int_equal(e->type, rows[i].type);
		assert_int_equal(e->ttl, rows[i].ttl);
		assert_sv("id", e->set_identifier, sv_of(rows[i].id));
		assert_sv("target", e->targets.v[0], sv_of(rows[i].target));
		assert_sv("from", e->from.v[0].resource,
			  sv_of(rows[i].resource));
	}
	arena_free(mem);
}

/* A TXT target: its zone file text, and the one form of it. */
static void test_txt(void **state)
{
	/* clang-format off */
	static const struct {
		const char *label, *target;
		const char *text; /* NULL: refused */
		const char *form; /* NULL: as `target` */
	} rows[] = {
		{ "bytes", "v=spf1 -all", "\"v=spf1 -all\"", NULL },
		{ "nothing", "", "\"\"", NULL },
		{ "semicolon", "v=DMARC1; p=none", "\"v=DMARC1; p=none\"", NULL },
		{ "quotes inside are bytes", "a \"b\" c", "\"a \\\"b\\\" c\"", NULL },
		{ "quote at the end is a byte", "a\"", "\"a\\\"\"", NULL },
		{ "backslashes are bytes", "a\\\\b\\065", "\"a\\\\\\\\b\\\\065\"", NULL },
		{ "bytes over 127", "\xc3\xa9", "\"\\195\\169\"", NULL },
		{ "quoted", "\"v=spf1 -all\"", "\"v=spf1 -all\"", "v=spf1 -all" },
		{ "quoted nothing", "\"\"", "\"\"", "" },
		{ "two strings", "\"a\" \"b\"", "\"a\" \"b\"", NULL },
		{ "strings that touch", "\"a\"\"b\"", "\"a\" \"b\"", "\"a\" \"b\"" },
		{ "strings far apart", "\"a\"\t  \"b\"", "\"a\" \"b\"", "\"a\" \"b\"" },
		{ "an empty string beside", "\"a\" \"\"", "\"a\" \"\"", NULL },
		{ "line end of a block scalar", "\"a b\"\n", "\"a b\"", "a b" },
		{ "blank in front", " \"a b\"", "\"a b\"", "a b" },
		{ "escaped quote", "\"a\\\"b\"", "\"a\\\"b\"", "a\"b" },
		{ "escaped backslash", "\"a\\\\\"", "\"a\\\\\"", "a\\" },
		{ "escaped letter", "\"v=DMARC1\\; p\"", "\"v=DMARC1; p\"", "v=DMARC1; p" },
		{ "decimal escape", "\"\\065\\195\\169\"", "\"A\\195\\169\"", "A\xc3\xa9" },
		{ "quotes as data", "\"\\\"q\\\"\"", "\"\\\"q\\\"\"", NULL },
		{ "ownership", "\"heritage=external-dns,x\"", "\"heritage=external-dns,x\"", NULL },
		{ "bare ownership", "heritage=external-dns,x", "\"heritage=external-dns,x\"", "\"heritage=external-dns,x\"" },
		{ "open", "\"a", NULL, NULL },
		{ "a quote alone", "\"", "\"\\\"\"", NULL },
		{ "second one open", "\"a\" \"b", NULL, NULL },
		{ "closed by an escape", "\"a\\\"", NULL, NULL },
		{ "word behind", "\"a\" b", NULL, NULL },
		{ "word that touches", "\"a\"b", NULL, NULL },
		{ "escape over 255", "\"\\256\"", NULL, NULL },
		{ "escape of two digits", "\"\\25x\"", NULL, NULL },
		{ "backslash last", "\"a\\", NULL, NULL },
	};
	/* clang-format on */
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv target = sv_of(rows[i].target), wire;
		const char *fault = txt_wire(mem, target, &wire), *label;

		label = rows[i].label;
		assert_row(label, (fault == NULL) == (rows[i].text != NULL));
		if (fault != NULL)
			continue;
		assert_sv(label, txt_quoted(mem, wire), sv_of(rows[i].text));
		assert_sv(label, txt_target(mem, wire),
			  rows[i].form ? sv_of(rows[i].form) : target);
		assert_row(label, txt_wire(mem, txt_target(mem, wire),
					   &target) == NULL);
		assert_sv(label, target, wire);
	}
	arena_free(mem);
}

/* Strings of 255 bytes, quoted or not: DKIM keys are longer. */
static void test_txt_long(void **state)
{
	struct arena *mem = arena_new();
	char *key = ARENA_ARRAY(mem, char, 600);
	struct sv bytes = { key, 600 }, wire, again;

	(void)state;
	memset(key, 'k', 600);
	assert_null(txt_wire(mem, bytes, &wire));
	assert_int_equal(wire.n, 603);
	assert_int_equal((unsigned char)wire.p[0], 255);
	assert_int_equal(wire.p[512], 90);
	assert_sv("form", txt_target(mem, wire), bytes);
	assert_null(txt_wire(mem, string_text(mem, bytes), &again));
	assert_sv("one quoted string", again, wire);
	assert_null(txt_wire(mem, txt_quoted(mem, wire), &again));
	assert_sv("three", again, wire);
	assert_sv("form of three", txt_target(mem, again), bytes);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rrtype_of_target),
		cmocka_unit_test(test_rrtype_names),
		cmocka_unit_test(test_address_text),
		cmocka_unit_test(test_address_class),
		cmocka_unit_test(test_special_names),
		cmocka_unit_test(test_special_table),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_dname_fault),
		cmocka_unit_test(test_dname_variable),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_dname_parse),
		cmocka_unit_test(test_dname_confusable),
		cmocka_unit_test(test_dname_in),
		cmocka_unit_test(test_dname_cmp),
		cmocka_unit_test(test_dname_lookup),
		cmocka_unit_test(test_public_suffix),
		cmocka_unit_test(test_placeholder),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_targets_sort),
		cmocka_unit_test(test_endpoint_order),
		cmocka_unit_test(test_txt),
		cmocka_unit_test(test_txt_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
