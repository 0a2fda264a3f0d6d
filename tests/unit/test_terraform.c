#include "hostile.h"
#include "output_fixture.h"

#include <jansson.h>

#include "output/json_text.h"

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
		{ "quoted txt", "cloudflare@5", "t.example.com",
		  "\"v=spf1 -all\"", RR_TXT, 0,
		  LINE("\"content\": \"\\\"v=spf1 -all\\\"\",") },
		{ "txt of two strings", "cloudflare@4", "t.example.com",
		  "\"a\" \"b\\\"c\"", RR_TXT, 0,
		  LINE("\"content\": \"\\\"a\\\" \\\"b\\\\\\\"c\\\"\",") },
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

/* The only record's body in a file of ours. */
static json_t *only_record(json_t *root)
{
	json_t *set = json_object_get(json_object_get(root, "resource"),
				      "cloudflare_dns_record");

	assert_int_equal(json_object_size(set), 1);
	return json_object_iter_value(json_object_iter(set));
}

static json_t *parsed(struct sv text)
{
	json_error_t e;
	json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &e);

	if (root == NULL)
		fail_msg("%s\n%.*s", e.text, SV_ARG(text));
	return root;
}

/* No part of a value would be evaluated by Terraform. */
static void no_template(const char *label, const json_t *v)
{
	struct sv s = { json_string_value(v), json_string_length(v) };

	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] != '$' && s.p[i] != '%')
			continue;
		if (i + 2 < s.n && s.p[i + 1] == s.p[i] && s.p[i + 2] == '{')
			i += 2;
		else
			assert_row(label, s.p[i + 1] != '{');
	}
}

/* Any row as name, content, comment, tag and resource: one record, one value
 * a member, nothing evaluated. */
static void check_row(const struct hostile *h, enum rrtype type)
{
	struct fixture *f = fixture_new("terraform", "");
	const char *id = arena_str(f->mem, h->id), *key;
	struct sv in = unescape(f->mem, h->input), text;
	struct endpoint *e =
		record(f->mem, &f->set, "t.example.com", type, 60, "");
	json_t *root, *o, *v;

	in = arena_fmt(f->mem, SV_FMT "${a}%%{b}$${c}%%%%{d}", SV_ARG(in));
	e->targets.v[0] = type == RR_TXT ? in : unescape(f->mem, h->input);
	if (type == RR_A)
		e->name = e->targets.v[0];
	e->from.v[0].name = in;
	pairs_put(f->mem, &e->properties, SV("cloudflare/record-comment"),
		  sv_head(in, 90));
	pairs_put(f->mem, &e->properties, SV("cloudflare/tags"), in);
	if (output_find(SV("terraform"))->write(&f->ctx, &f->set, &text) != 0) {
		assert_row(id, f->d.errors > 0);
		arena_free(f->mem);
		return;
	}
	for (size_t i = 0; i < text.n; i++)
		assert_row(id, text.p[i] == '\n' ||
				       (text.p[i] >= 0x20 && text.p[i] < 0x7f));
	root = parsed(text);
	o = only_record(root);
	json_object_foreach(o, key, v) if (strcmp(key, "//") != 0 &&
					   strcmp(key, "zone_id") != 0 &&
					   json_is_string(v))
		no_template(id, v);
	json_decref(root);
	arena_free(f->mem);
}

static void hostile(void **state)
{
	static const enum rrtype types[] = { RR_TXT, RR_CNAME, RR_MX, RR_CAA,
					     RR_A };
	struct arena *mem = arena_new();
	struct sv text = read_table(mem, "tests/data/hostile-names.tsv");
	struct hostile h;
	size_t rows = 0;

	(void)state;
	for (; hostile_next(&text, &h); rows++)
		for (size_t i = 0; i < LEN(types); i++)
			check_row(&h, types[i]);
	assert_int_equal(rows, 232);
	arena_free(mem);
}

static void template_table(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "$", "$" },
		{ "%", "%" },
		{ "{", "{" },
		{ "$ {", "$ {" },
		{ "${", "$${" },
		{ "%{", "%%{" },
		{ "$%{", "$%%{" },
		{ "%${", "%$${" },
		{ "$${", "$$${" },
		{ "$$${", "$$$${" },
		{ "a${b}%{c}", "a$${b}%%{c}" },
		{ "$$", "$$" },
		{ "%%", "%%" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct sv out = template_escape(mem, sv_of(rows[i].in));

		assert_sv(rows[i].in, out, sv_of(rows[i].want));
		assert_sv(rows[i].in, template_unescape(mem, out),
			  sv_of(rows[i].in));
	}
	arena_free(mem);
}

/* Other names, other keys, and each an identifier. */
static void keys_differ(void **state)
{
	static const char *const names[] = {
		"a.b.example.com",
		"a_b.example.com",
		"a-b.example.com",
		"a__b.example.com",
		"a.-b.example.com",
		"*.b.example.com",
		"w.b.example.com",
		"u.b.example.com",
		"1.example.com",
		"_1.example.com",
		"-1.example.com",
		"a/b.example.com",
		"x2f.example.com",
		"ax2fb.example.com",
		"a.b--aaaa.example.com",
		"a.b_.example.com",
		"a.b._aaaa.example.com",
		"a.${EXAMPLE}",
		"a.${example}",
		"a.${EXAM_PLE}",
		"a.${EXAM__PLE}",
		"a.${PLE}",
		"a.vexample",
		"${EXAMPLE__AAAA}",
		"${EXAMPLE}",
		"eu.a.${EXAMPLE}",
	};
	static const enum rrtype types[] = { RR_A, RR_AAAA, RR_NS };
	struct fixture *f = fixture_new("terraform", "");
	struct sv text, line;
	size_t keys = 0;

	(void)state;
	for (size_t i = 0; i < LEN(names); i++)
		for (size_t k = 0; k < LEN(types); k++)
			record(f->mem, &f->set, names[i], types[k], 0,
			       k == 0	? "192.0.2.1"
			       : k == 1 ? "2001:db8::1"
					: "ns.example.net");
	text = written(f);
	json_decref(parsed(text)); /* refuses a key that stands twice */
	while (sv_cut(&text, '\n', &line)) {
		if (!sv_starts(line, SV("      \"")) ||
		    !sv_ends(line, SV(": {")))
			continue;
		line = sv_from(line, 7);
		if (!sv_has(line, SV("_example_com")) &&
		    !sv_has(line, SV("V")) && !sv_has(line, SV("vexample")))
			continue;
		keys++;
		assert_true(line.p[0] == '_' ||
			    (line.p[0] >= 'A' && line.p[0] <= 'z'));
	}
	assert_int_equal(keys, LEN(names) * LEN(types));
	arena_free(f->mem);
}

/* jansson, which knows nothing of us, lays the same members out the same. */
static void same_as_jansson(void **state)
{
	struct fixture *f = fixture_new("terraform", "");
	struct endpoint *e;
	struct sv text;
	json_t *root;
	char *again;

	(void)state;
	e = record(f->mem, &f->set, "b.example.com", RR_TXT, 0, "x\"\\\t${x}");
	pairs_put(f->mem, &e->properties, SV("cloudflare/tags"), SV("b,a"));
	record(f->mem, &f->set, "a.example.com", RR_SRV, 60, "1 2 3 x.net");
	record(f->mem, &f->set, "a.example.com", RR_A, 60, "192.0.2.1");
	*VEC_ADD(f->mem, &f->set.list.v[2].targets) = SV("192.0.2.2");
	f->ctx.previous = SV("{\"resource\": {\"cloudflare_dns_record\": {"
			     "\"old\": {\"name\": \"a.example.com\", "
			     "\"type\": \"A\", \"content\": \"192.0.2.1\", "
			     "\"ttl\": 60}}}}");
	text = written(f);
	assert_true(sv_has(text, SV("\"moved\": [")));
	root = parsed(text);
	again = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
	assert_sv("bytes", text, arena_fmt(f->mem, "%s\n", again));
	free(again);
	json_decref(root);
	arena_free(f->mem);
}

static struct sv file_of(struct fixture *f, const char *const *addresses)
{
	f->set = (struct endpoints){ 0 };
	if (addresses[0] == NULL)
		return written(f);
	if (addresses[0][0] == 'l') {
		record(f->mem, &f->set, "www.example.com", RR_CNAME, 60,
		       addresses[0]);
		return written(f);
	}
	record(f->mem, &f->set, "www.example.com", RR_A, 60, addresses[0]);
	for (size_t i = 1; addresses[i] != NULL; i++)
		*VEC_ADD(f->mem, &f->set.list.v[0].targets) =
			sv_of(addresses[i]);
	return written(f);
}

#define P  "cloudflare_dns_record."
#define H1 "www_example_com__a__cb9811ee"
#define MOVE(from, to)                                                         \
 "    {\n      \"from\": \"" from "\",\n      \"to\": \"" to "\"\n    }"
#define MOVED(list) "  \"moved\": [\n" list "\n  ],\n"

/* From what was committed to what is written: which records keep their state
 * under another address. */
static void moves(void **state)
{
	/* clang-format off */
	static const struct {
		const char *label;
		const char *before[4], *after[4];
		const char *want; /* or NULL: no "moved" */
	} rows[] = {
		{ "same",	{ "192.0.2.1" }, { "192.0.2.1" }, NULL },
		{ "new value",	{ "192.0.2.1" }, { "192.0.2.2" }, NULL },
		{ "one becomes two", { "192.0.2.1" }, { "192.0.2.1", "192.0.2.2" },
		  MOVED(MOVE(P "www_example_com", P H1)) },
		{ "two become one", { "192.0.2.1", "192.0.2.2" }, { "192.0.2.1" },
		  MOVED(MOVE(P H1, P "www_example_com")) },
		{ "three become two", { "192.0.2.1", "192.0.2.2", "192.0.2.3" },
		  { "192.0.2.1", "192.0.2.2" }, NULL },
		{ "address becomes name", { "192.0.2.1" }, { "lb.example.net" }, NULL },
		{ "gone",	{ "192.0.2.1" }, { NULL }, NULL },
		{ "new",	{ NULL }, { "192.0.2.1" }, NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fixture *f = fixture_new("terraform", "");
		struct sv before = file_of(f, rows[i].before), one, two;

		/* Committed, and as it stands in a folder without git. */
		f->ctx.previous = before;
		one = file_of(f, rows[i].after);
		*VEC_ADD(f->mem, &f->ctx.bases) = before;
		f->ctx.previous = one;
		two = file_of(f, rows[i].after);
		assert_sv(rows[i].label, two, one);
		assert_row(rows[i].label,
			   rows[i].want ? sv_has(one, sv_of(rows[i].want))
					: !sv_has(one, SV("\"moved\"")));
		/* Once it is committed it is written again the same. */
		f->ctx.bases.v[0] = one;
		assert_sv(rows[i].label, file_of(f, rows[i].after), one);
		/* And back: what was moved is moved back. */
		two = file_of(f, rows[i].before);
		f->ctx.bases.v[0] = two;
		assert_sv(rows[i].label, file_of(f, rows[i].before), two);
		arena_free(f->mem);
	}
}

/* Undone before the commit: the very bytes that were committed. */
static void moves_undone(void **state)
{
	static const char *const one[] = { "192.0.2.1", NULL };
	static const char *const two[] = { "192.0.2.1", "192.0.2.2", NULL };
	struct fixture *f = fixture_new("terraform", "");
	struct sv before = file_of(f, one);

	(void)state;
	*VEC_ADD(f->mem, &f->ctx.bases) = before;
	f->ctx.previous = file_of(f, two);
	assert_false(sv_eq(f->ctx.previous, before));
	assert_sv("undone", file_of(f, one), before);
	arena_free(f->mem);
}

static void moves_provider(void **state)
{
	static const char *const one[] = { "192.0.2.1", NULL };
	struct fixture *f = fixture_new("terraform", "");
	struct sv four, five;

	(void)state;
	f->spec.provider = SV("cloudflare@4");
	four = file_of(f, one);
	f->spec.provider = SV("cloudflare@5");
	f->ctx.previous = four;
	five = file_of(f, one);
	assert_true(
		sv_has(five, SV(MOVED(MOVE("cloudflare_record.www_example_com",
					   P "www_example_com")))));
	f->spec.provider = SV("cloudflare@4");
	f->ctx.previous = five;
	assert_sv("no way back", file_of(f, one), four);
	arena_free(f->mem);
}

/* A merge stopped half-way: what was published counts. */
static void merge_marks(void **state)
{
	static const char *const one[] = { "192.0.2.1", NULL };
	struct fixture *f = fixture_new("terraform", "");
	struct endpoints back = { 0 };
	struct sv base = file_of(f, one);
	struct sv broken = arena_fmt(
		f->mem, "<<<<<<< HEAD\n" SV_FMT "=======\n>>>>>>> b\n",
		SV_ARG(base));

	(void)state;
	assert_int_equal(output_find(SV("terraform"))
				 ->read(&f->ctx, SV("x"), broken, &back),
			 -1);
	assert_int_equal(f->d.errors, 1);
	f->d.errors = 0;
	*VEC_ADD(f->mem, &f->ctx.bases) = base;
	f->ctx.previous = broken;
	assert_int_equal(output_find(SV("terraform"))
				 ->read(&f->ctx, SV("x"), broken, &back),
			 0);
	assert_int_equal(back.list.n, 1);
	assert_sv("written anew", file_of(f, one), base);
	arena_free(f->mem);
}

static void properties(void **state)
{
	/* clang-format off */
	static const struct {
		const char *label, *name, *value;
		enum rrtype type;
		const char *target, *want; /* NULL: refused */
		size_t warnings;
	} rows[] = {
		{ "proxied", "cloudflare/proxied", "true", RR_A, "192.0.2.1",
		  "\"proxied\": true,\n        \"ttl\": 1,", 0 },
		{ "of a DNSEndpoint", "external-dns.alpha.kubernetes.io/cloudflare-proxied", "T",
		  RR_CNAME, "a.net", "\"proxied\": true,\n        \"ttl\": 1,", 0 },
		{ "not proxied", "cloudflare/proxied", "0", RR_A, "192.0.2.1",
		  "\"proxied\": false,\n        \"ttl\": 300,", 0 },
		{ "no bool", "cloudflare/proxied", "yes", RR_A, "192.0.2.1",
		  "\"proxied\": false,\n        \"ttl\": 300,", 1 },
		{ "never of TXT", "cloudflare/proxied", "true", RR_TXT, "x",
		  "\"name\": \"www.example.com\",\n        \"ttl\": 300,", 0 },
		{ "tags", "cloudflare/tags", " b:1 ,a,, b:1", RR_A, "192.0.2.1",
		  "\"tags\": [\n          \"a\",\n          \"b:1\"\n        ],", 0 },
		{ "no tags", "cloudflare/tags", " , ", RR_A, "192.0.2.1",
		  "\"proxied\": false,\n        \"ttl\": 300,", 0 },
		{ "comment", "cloudflare/record-comment", "h\xc3\xbc \xf0\x9f\x98\x80\n", RR_A, "192.0.2.1",
		  "\"comment\": \"h\\u00fc \\ud83d\\ude00\\n\",", 0 },
		{ "no comment", "cloudflare/record-comment", "", RR_A, "192.0.2.1",
		  "{\n        \"//\": \"ingress shop/web\",\n        \"content\"", 0 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fixture *f = fixture_new("terraform", "");
		struct endpoint *e = record(f->mem, &f->set, "www.example.com",
					    rows[i].type, 300, rows[i].target);
		struct sv text;

		pairs_put(f->mem, &e->properties, sv_of(rows[i].name),
			  sv_of(rows[i].value));
		text = written(f);
		assert_row(rows[i].label, sv_has(text, sv_of(rows[i].want)));
		assert_row(rows[i].label, f->d.warnings == rows[i].warnings);
		arena_free(f->mem);
	}
}

static void bad_files(void **state)
{
	/* clang-format off */
	static const struct {
		const char *label, *provider, *zone_id, *name, *target;
		enum rrtype type;
		int64_t ttl;
		size_t errors;
	} rows[] = {
		{ "fine", "cloudflare@5", "", "a.example.com", "192.0.2.1", RR_A, 60, 0 },
		{ "hex id", "", "0123456789abcdef0123456789abcdef", "a.example.com", "192.0.2.1", RR_A, 60, 0 },
		{ "variable", "", "${var.zone_id}", "a.example.com", "192.0.2.1", RR_A, 60, 0 },
		{ "local map", "", "${local.ids[\"example.com\"]}", "a.example.com", "192.0.2.1", RR_A, 60, 0 },
		{ "provider", "cloudflare@6", "", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "other provider", "aws", "", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "short id", "", "0123", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "upper id", "", "0123456789ABCDEF0123456789abcdef", "a.example.com", "192.0.2.1", RR_A, 60, 0 },
		{ "function", "", "${file(\"x\")}", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "two references", "", "${var.a}${var.b}", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "of a for_each", "", "${each.value}", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "expression", "", "${var.a == 1 ? 2 : 3}", "a.example.com", "192.0.2.1", RR_A, 60, 1 },
		{ "no Cloudflare type", "", "", "a.example.com", "x.net", RR_DNAME, 60, 1 },
		{ "TTL 29", "", "", "a.example.com", "192.0.2.1", RR_A, 29, 1 },
		{ "TTL over a day", "", "", "a.example.com", "192.0.2.1", RR_A, 86401, 1 },
		{ "no address", "", "", "a.example.com", "x", RR_A, 60, 1 },
		{ "mx", "", "", "a.example.com", "x", RR_MX, 60, 1 },
		{ "two records in one", "", "", "a.example.com", "10 a\nx 60 IN MX 10 b", RR_MX, 60, 1 },
		{ "escaped name", "", "", "a\\046b.example.com", "192.0.2.1", RR_A, 60, 1 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fixture *f = fixture_new("terraform", "");
		struct sv text;
		int rc;

		f->spec.provider = sv_of(rows[i].provider);
		f->spec.zone_id = sv_of(rows[i].zone_id);
		record(f->mem, &f->set, rows[i].name, rows[i].type, rows[i].ttl,
		       rows[i].target);
		rc = output_find(SV("terraform"))
			     ->write(&f->ctx, &f->set, &text);
		assert_row(rows[i].label, f->d.errors == rows[i].errors);
		assert_row(rows[i].label, rc == (rows[i].errors > 0 ? -1 : 0));
		arena_free(f->mem);
	}
}

static void reference(void **state)
{
	struct fixture *f = fixture_new("terraform", "");
	struct endpoints back = { 0 };
	struct endpoint *e =
		record(f->mem, &f->set, "www.example.com", RR_A, 60, "");
	struct sv text;

	(void)state;
	e->targets.n = 0;
	e->ref = SV("local.ingress_ip");
	text = written(f);
	assert_true(sv_has(text, SV("\"content\": \"${local.ingress_ip}\",")));
	assert_int_equal(output_find(SV("terraform"))
				 ->read(&f->ctx, SV("x"), text, &back),
			 0);
	assert_sv("ref", back.list.v[0].ref, SV("local.ingress_ip"));
	f->spec.format = SV("bind");
	f->spec.mode = SV("include");
	assert_int_equal(
		output_find(SV("bind"))->write(&f->ctx, &f->set, &text), -1);
	assert_int_equal(f->d.errors, 1);
	e->ref = SV("a}${file(\"x\")");
	assert_int_equal(
		output_find(SV("terraform"))->write(&f->ctx, &f->set, &text),
		-1);
	arena_free(f->mem);
}

/* What the publisher says for records that say nothing. */
static void defaults(void **state)
{
	struct fixture *f = fixture_new("terraform", "");
	struct publisher p = { 0 };
	struct endpoint *e;

	(void)state;
	p.opt.cloudflare_proxied = true;
	p.opt.cloudflare_record_comment = SV("from git");
	e = record(f->mem, &f->set, "www.example.com", RR_A, 60, "192.0.2.1");
	e->publisher = &p;
	assert_true(sv_has(written(f), SV("\"proxied\": true,\n")));
	assert_true(sv_has(written(f), SV("\"comment\": \"from git\",\n")));
	pairs_put(f->mem, &e->properties, SV("cloudflare/proxied"),
		  SV("false"));
	pairs_put(f->mem, &e->properties, SV("cloudflare/record-comment"),
		  SV(""));
	assert_true(sv_has(written(f), SV("\"proxied\": false,\n")));
	assert_false(sv_has(written(f), SV("\"comment\"")));
	arena_free(f->mem);
}

/* A record that is kept from the previous output loses nothing. */
static void kept(void **state)
{
	struct fixture *f = fixture_new("terraform", "");
	struct endpoints back = { 0 };
	struct endpoint *e;
	struct sv once;

	(void)state;
	e = record(f->mem, &f->set, "www.example.com", RR_A, 0, "192.0.2.1");
	pairs_put(f->mem, &e->properties, SV("cloudflare/proxied"), SV("1"));
	pairs_put(f->mem, &e->properties, SV("cloudflare/record-comment"),
		  SV("a ${b} %{c} \"d\""));
	pairs_put(f->mem, &e->properties, SV("cloudflare/tags"),
		  SV("b:${x}, a"));
	once = written(f);
	assert_int_equal(output_find(SV("terraform"))
				 ->read(&f->ctx, SV("x"), once, &back),
			 0);
	f->set = back;
	assert_sv("again", written(f), once);
	arena_free(f->mem);
}

/* A zone without records: nothing that Terraform would refuse. */
static void empty(void **state)
{
	struct fixture *f = fixture_new("terraform", "");

	(void)state;
	assert_sv("empty", written(f),
		  SV("{\n  \"//\": \"" OUTPUT_HEADER "\"\n}\n"));
	arena_free(f->mem);
}

static void broken_files(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"", "[", "{\"a\": 1, \"a\": 2}", "nul",
		"{\"resource\": {\"aws_route53_record\": {\"a\": {}}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": {}}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": []}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": {\"name\": \"a\", \"type\": \"A\", \"content\": \"x\"}}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": {\"name\": \"a\", \"type\": \"NOPE\", \"content\": \"x\"}}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": {\"name\": \"a\", \"type\": \"MX\", \"content\": \"x\"}}}}",
		"{\"resource\": {\"cloudflare_dns_record\": {\"a\": {\"name\": \"a\", \"type\": \"A\", \"content\": \"192.0.2.1\\n$INCLUDE /etc/passwd\"}}}}",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fixture *f = fixture_new("terraform", "");
		struct endpoints back = { 0 };
		int rc =
			output_find(SV("terraform"))
				->read(&f->ctx, SV("x"), sv_of(rows[i]), &back);

		assert_row(rows[i], rc == -1);
		assert_row(rows[i], f->d.errors == 1);
		arena_free(f->mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terraform_records),
		cmocka_unit_test(hostile),
		cmocka_unit_test(template_table),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(same_as_jansson),
		cmocka_unit_test(moves),
		cmocka_unit_test(moves_undone),
		cmocka_unit_test(moves_provider),
		cmocka_unit_test(merge_marks),
		cmocka_unit_test(properties),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(reference),
		cmocka_unit_test(defaults),
		cmocka_unit_test(kept),
		cmocka_unit_test(empty),
		cmocka_unit_test(broken_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
