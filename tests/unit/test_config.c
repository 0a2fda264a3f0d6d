/* Options, flags and the file: config/. */
#include <stdlib.h>

#include "config/text.h"
#include "test.h"

#include "base/escape.h"
#include "config/config.h"
#include "config/option.h"
#include "output/output.h"

#define EMPTY ((struct sv){ NULL, 0 })

static void add_flag(struct arena *mem, struct flags *f, const char *text)
{
	struct sv s = sv_of(text);
	struct flag *x = VEC_ADD(mem, &f->list);
	size_t eq = sv_chr(s, '=');

	x->negated = sv_starts(s, SV("no-"));
	if (x->negated)
		s = sv_from(s, 3);
	eq = sv_chr(s, '=');
	x->name = sv_head(s, eq);
	x->value = eq < s.n ? sv_from(s, eq + 1) : EMPTY;
}

static struct sv joined(struct arena *mem, const struct strings *s)
{
	struct sv all = SV("");

	for (size_t i = 0; i < s->list.n; i++)
		all = arena_fmt(mem, SV_FMT "%s" SV_FMT, SV_ARG(all),
				i > 0 ? "|" : "", SV_ARG(s->list.v[i]));
	return all;
}

static void options_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < option_count(); i++)
		assert_row(option_at(i)->name, strcmp(option_at(i - 1)->name,
						      option_at(i)->name) < 0);
}

static void defaults(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct config c;
	const struct options *o;

	(void)state;
	assert_int_equal(config_load(mem, &d, EMPTY, EMPTY, NULL, false, &c),
			 0);
	assert_int_equal(c.publishers.n, 1);
	o = &c.publishers.v[0].opt;
	assert_sv("source", joined(mem, &o->source), SV("ingress"));
	assert_sv("types", joined(mem, &o->managed_record_types),
		  SV("A|AAAA|CNAME"));
	assert_sv("owner", o->txt_owner_id, SV("default"));
	assert_true(o->exclude_unschedulable);
	assert_false(o->set.source);
	assert_int_equal(c.safety.max_deletes_percent, 30);
	arena_free(mem);
}

static const struct {
	const char *label, *flags[4], *row;
	const char *want; /* NULL: must be refused */
	bool compat;
} flag_rows[] = {
	{ "switch", { "force-default-targets" }, "force", "true", false },
	{ "switch=true", { "force-default-targets=true" }, "force", "true", 0 },
	{ "switch=F", { "force-default-targets=F" }, "force", "false", 0 },
	{ "switch off", { "no-force-default-targets" }, "force", "false", 0 },
	{ "last wins",
	  { "force-default-targets", "no-force-default-targets" },
	  "force",
	  "false",
	  0 },
	{ "switch=2", { "force-default-targets=2" }, "force", NULL, 0 },
	{ "switch=", { "force-default-targets=" }, "force", NULL, 0 },
	{ "off with value",
	  { "no-force-default-targets=true" },
	  "force",
	  NULL,
	  0 },
	{ "no- of a list", { "no-source" }, "source", NULL, 0 },
	{ "list replaces", { "source=service" }, "source", "service", 0 },
	{ "list repeats",
	  { "source=service", "source=crd" },
	  "source",
	  "service|crd",
	  0 },
	{ "csv splits", { "source=service, crd" }, "source", "service|crd", 0 },
	{ "csv is one under compat",
	  { "source=service,crd" },
	  "source",
	  "service,crd",
	  true },
	{ "a list keeps commas",
	  { "fqdn-template=a.example.org,b.example.org" },
	  "template",
	  "a.example.org,b.example.org",
	  0 },
	{ "an empty value is a value", { "ingress-class=" }, "class", "", 0 },
	{ "list without value", { "source" }, "source", NULL, 0 },
	{ "choice", { "policy=upsert-only" }, "policy", "upsert-only", 0 },
	{ "choice, other case", { "policy=Sync" }, "policy", NULL, 0 },
	{ "choice, two words",
	  { "policy=sync upsert-only" },
	  "policy",
	  NULL,
	  0 },
	{ "choice, empty", { "policy=" }, "policy", NULL, 0 },
	{ "choice without default, empty",
	  { "compatibility=" },
	  "compat",
	  "",
	  0 },
	{ "duration", { "min-ttl=1h30m" }, "ttl", "1h30m", 0 },
	{ "duration without unit", { "min-ttl=300" }, "ttl", NULL, 0 },
	{ "unknown", { "min-tll=300s" }, "ttl", NULL, 0 },
	{ "quotes stay",
	  { "cloudflare-record-comment=my owner,1\"=" },
	  "comment",
	  "my owner,1\"=",
	  0 },
};

static struct sv shown(struct arena *mem, const struct options *o,
		       const char *row)
{
	struct sv name = sv_of(row);

	if (sv_eq(name, SV("force")))
		return o->force_default_targets ? SV("true") : SV("false");
	if (sv_eq(name, SV("source")))
		return joined(mem, &o->source);
	if (sv_eq(name, SV("template")))
		return joined(mem, &o->fqdn_template);
	if (sv_eq(name, SV("class")))
		return joined(mem, &o->ingress_class);
	if (sv_eq(name, SV("policy")))
		return o->policy;
	if (sv_eq(name, SV("compat")))
		return o->compatibility;
	if (sv_eq(name, SV("comment")))
		return o->cloudflare_record_comment;
	return o->min_ttl;
}

static void flags_set_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flag_rows) / sizeof(flag_rows[0]); i++) {
		struct arena *mem = arena_new();
		struct diags d = { .mem = mem };
		struct flags f = { 0 };
		struct config c;
		int rc;

		for (size_t j = 0; j < 4 && flag_rows[i].flags[j]; j++)
			add_flag(mem, &f, flag_rows[i].flags[j]);
		rc = config_load(mem, &d, EMPTY, EMPTY, &f, flag_rows[i].compat,
				 &c);
		assert_row(flag_rows[i].label,
			   (rc == 0) == (flag_rows[i].want != NULL));
		assert_row(flag_rows[i].label, (rc == 0) == (d.errors == 0));
		if (rc == 0)
			assert_sv(flag_rows[i].label,
				  shown(mem, &c.publishers.v[0].opt,
					flag_rows[i].row),
				  sv_of(flag_rows[i].want));
		arena_free(mem);
	}
}

static const struct {
	const char *in;
	bool ok;
	int64_t want;
} duration_rows[] = {
	{ "0", true, 0 },
	{ "+5s", true, 5 },
	{ "1h30m", true, 5400 },
	{ "1.5s", true, 1 },
	{ "-1m", true, -60 },
	{ "500ms", true, 0 },
	{ ".5m", true, 30 },
	{ "1m.5s", true, 60 },
	{ "300\xc2\xb5s", true, 0 },
	{ "2562047h", true, 9223369200 },
	{ "", false, 0 },
	{ "5", false, 0 },
	{ "-", false, 0 },
	{ "1d", false, 0 },
	{ "1 m", false, 0 },
	{ " 1m", false, 0 },
	{ ".s", false, 0 },
	{ "s", false, 0 },
	{ "1e3s", false, 0 },
	{ "99999999h", false, 0 },
	{ "2562047h99999999h", false, 0 },
	{ "9223372036854775807ns1ns", false, 0 },
	{ "99999999999999999999s", false, 0 },
};

static void durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(duration_rows) / sizeof(duration_rows[0]);
	     i++) {
		int64_t got = 0;
		bool ok = duration_parse(sv_of(duration_rows[i].in), &got);

		assert_row(duration_rows[i].in, ok == duration_rows[i].ok);
		assert_row(duration_rows[i].in, got == duration_rows[i].want);
	}
}

static void nearest(void **state)
{
	static const char *const words[] = { "txt-owner-id", "source", "policy",
					     "paths",	     "zones",  NULL };
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "soruce", "source" },
		{ "sources", "source" },
		{ "txtOwnerId", "txt-owner-id" },
		{ "TXT_OWNER_ID", "txt-owner-id" },
		{ "path", "paths" },
		{ "zone", "zones" },
		{ "", NULL },
		{ "quux", NULL },
		{ "completely-different", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_sv(rows[i].in,
			  sv_of(nearest_word(sv_of(rows[i].in), words)),
			  sv_of(rows[i].want));
}

/* Each fault with its place, all of them; nothing else. */
static const struct {
	const char *label, *yaml, *want;
} bad_rows[] = {
	/* clang-format off */
	{ "unknown key",
	  "txt-owner: x",
	  "1:1: error: unknown key txt-owner; did you mean txt-owner-id? "
	  "[config]" },
	{ "camel case",
	  "txtOwnerId: x",
	  "1:1: error: unknown key txtOwnerId; did you mean txt-owner-id? "
	  "[config]" },
	{ "nothing near",
	  "quux: x",
	  "1:1: error: unknown key quux [config]" },
	{ "format 2",
	  "format: 2",
	  "1:9: error: invalid format \"2\": expected 1 [config]" },
	{ "list for text",
	  "txt-owner-id: [a]",
	  "1:15: error: txt-owner-id: expected a string, found a list "
	  "[config]" },
	{ "nothing for text",
	  "txt-owner-id:",
	  "1:14: error: txt-owner-id: expected a string, found nothing "
	  "[config]" },
	{ "map for list",
	  "source: {ingress: true}",
	  "1:9: error: source: expected a list of strings, found a map "
	  "[config]" },
	{ "map in a list",
	  "source: [{a: b}]",
	  "1:10: error: source: expected a list of strings, found a map "
	  "[config]" },
	{ "quoted switch",
	  "force-default-targets: \"true\"",
	  "1:24: error: invalid force-default-targets \"true\": expected true "
	  "or false [config]" },
	{ "number for switch",
	  "force-default-targets: 1",
	  "1:24: error: invalid force-default-targets \"1\": expected true or "
	  "false [config]" },
	{ "choice",
	  "policy: delete",
	  "1:9: error: invalid policy \"delete\": expected sync, upsert-only "
	  "or create-only [config]" },
	{ "duration",
	  "min-ttl: 300",
	  "1:10: error: invalid min-ttl \"300\": expected a duration such as "
	  "300s or 5m [config]" },
	{ "twice",
	  "policy: sync\n"
	  "policy: sync",
	  "2:1: error: key \"policy\" appears twice, first in line "
	  "1 [yaml-dup-key]" },
	{ "a list is the file",
	  "- a",
	  "1:1: error: expected a map of keys [config]" },
	{ "a text is the file",
	  "hello",
	  "1:1: error: expected a map of keys [config]" },
	{ "two documents",
	  "policy: sync\n"
	  "---\n"
	  "policy: sync",
	  "3:1: error: second document in the file: expected one [config]" },
	{ "no YAML",
	  "policy: [",
	  "2:1: error: did not find expected node content while "
	  "parsing a flow node that began in line 2 [yaml-syntax]" },
	{ "key is a list",
	  "? [a]\n"
	  ": b",
	  "1:3: error: invalid key: expected a word, found a list or a map "
	  "[config]" },
	{ "zones is a list",
	  "zones: [a.example]",
	  "1:8: error: zones: expected a map, found a list [config]" },
	{ "zone name",
	  "zones:\n"
	  "  a..example: {}",
	  "2:3: error: invalid zones.a..example \"a..example\": empty label "
	  "between two dots [dname]" },
	{ "zone view",
	  "zones:\n"
	  "  a.example@in ner: {}",
	  "2:3: error: zones.a.example@in ner: invalid view \"in ner\": "
	  "expected letters, digits and \"-\" [config]" },
	{ "zone view empty",
	  "zones:\n"
	  "  a.example@: {}",
	  "2:3: error: zones.a.example@: invalid view \"\": expected letters, "
	  "digits and \"-\" [config]" },
	{ "zones twice, other case",
	  "zones:\n"
	  "  a.example: {}\n"
	  "  A.example.: {}",
	  "3:3: error: zones.a.example: configured twice [config]" },
	{ "delegated",
	  "zones:\n"
	  "  a.example:\n"
	  "    delegated: [b.example, a.example, x.a.example]",
	  "3:16: error: zones.a.example.delegated: a.example is "
	  "not below the zone [config]\n"
	  "3:16: error: zones.a.example.delegated: b.example is "
	  "not below the zone [config]" },
	{ "default-ttl 0",
	  "zones:\n"
	  "  a.example: {default-ttl: 0}",
	  "2:28: error: invalid zones.a.example.default-ttl \"0\": expected a "
	  "whole number from 1 to 2147483647 [config]" },
	{ "default-ttl large",
	  "zones:\n"
	  "  a.example: {default-ttl: 2147483648}",
	  "2:28: error: invalid zones.a.example.default-ttl \"2147483648\": "
	  "expected a whole number from 1 to 2147483647 [config]" },
	{ "default-ttl -1",
	  "zones:\n"
	  "  a.example: {default-ttl: -1}",
	  "2:28: error: invalid zones.a.example.default-ttl \"-1\": expected a "
	  "whole number from 1 to 2147483647 [config]" },
	{ "addresses",
	  "zones:\n"
	  "  a.example: {addresses: private}",
	  "2:26: error: invalid zones.a.example.addresses \"private\": "
	  "expected public, warn or any [config]" },
	{ "static absolute",
	  "zones:\n"
	  "  a.example: {static: /etc/zone}",
	  "2:23: error: invalid zones.a.example.static \"/etc/zone\": expected "
	  "a path relative to the root of the repository [config]" },
	{ "static outside",
	  "zones:\n"
	  "  a.example: {static: ../x.zone}",
	  "2:23: error: invalid zones.a.example.static \"../x.zone\": must not "
	  "contain . or .. [config]" },
	{ "output empty",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {}",
	  "4:9: error: missing zones.a.example.outputs[0].file: expected a "
	  "path [config]\n"
	  "4:9: error: missing zones.a.example.outputs[0].format: expected "
	  "bind, configmap, csv, dnscontrol, dnsendpoint, octodns, template or terraform "
	  "[config]" },
	{ "format unknown",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terrafrom, file: a.tf.json}",
	  "4:18: error: invalid zones.a.example.outputs[0].format "
	  "\"terrafrom\": expected bind, configmap, csv, dnscontrol, "
	  "dnsendpoint, octodns, template or terraform; "
	  "did you mean terraform? [config]" },
	{ "no file",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform}",
	  "4:9: error: missing zones.a.example.outputs[0].file: expected a "
	  "path [config]" },
	{ "file absolute",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: /a.tf.json}",
	  "4:9: error: zones.a.example: invalid file \"/a.tf.json\": expected "
	  "a path relative to the root of the repository [config]" },
	{ "file outside",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: dns/../../a.tf.json}",
	  "4:9: error: zones.a.example: invalid file \"dns/../../a.tf.json\": "
	  "must not contain . or .. [config]" },
	{ "file dot-directory",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: .github/a.tf.json}",
	  "4:9: error: zones.a.example: invalid file \".github/a.tf.json\": "
	  "must not be in a dot-directory or be a dot-file [config]" },
	{ "file .git",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: .git/hooks}",
	  "4:9: error: zones.a.example: invalid file \".git/hooks\": must not "
	  "be in a dot-directory or be a dot-file [config]" },
	{ "file control",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: \"a\\nb\"}",
	  "4:9: error: zones.a.example: invalid file \"a\\x0ab\": control "
	  "character in the path [config]" },
	{ "file word",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: "
	  "\"{zome}.zone\"}",
	  "4:9: error: zones.a.example: unknown {zome} in file: expected "
	  "{zone}, {view} or {publisher} [config]" },
	{ "file publisher",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: "
	  "\"{publisher}.zone\"}",
	  "4:9: error: zones.a.example: {publisher} in file requires exactly "
	  "one named publisher that serves the zone [config]" },
	{ "file no tf.json",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.json}",
	  "4:9: error: zones.a.example: invalid file \"a.json\": must end in "
	  ".tf.json: Terraform reads no other JSON [config]" },
	{ "file override",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: x/a_override.tf.json}",
	  "4:9: error: zones.a.example: invalid file \"x/a_override.tf.json\": "
	  "is the name of an override file in Terraform [config]" },
	{ "file is a folder",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: a/}",
	  "4:9: error: zones.a.example: invalid file \"a/\": empty part in the "
	  "path [config]" },
	{ "file is the configuration",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: zoneloom.yaml}",
	  "4:9: error: zones.a.example: invalid file \"zoneloom.yaml\": must "
	  "not be the configuration itself [config]" },
	{ "one file twice",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: "
	  "\"{zone}.inc\"}\n"
	  "      - {format: bind, mode: include, file: a.example.inc}",
	  "5:9: error: zones.a.example: file \"a.example.inc\" is also written "
	  "by another output [config]" },
	{ "zone-id short",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, zone-id: abc}",
	  "4:55: error: invalid zones.a.example.outputs[0].zone-id \"abc\": "
	  "expected 32 hexadecimal digits or a reference such as "
	  "${var.zone_id} [config]" },
	{ "zone-id call",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, zone-id: "
	  "\"${file(\\\"/etc/passwd\\\")}\"}",
	  "4:55: error: invalid zones.a.example.outputs[0].zone-id "
	  "\"${file(\"/etc/passwd\")}\": expected 32 hexadecimal digits or a "
	  "reference such as ${var.zone_id} [config]" },
	{ "zone-id two",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, zone-id: "
	  "\"${var.a}${var.b}\"}",
	  "4:55: error: invalid zones.a.example.outputs[0].zone-id "
	  "\"${var.a}${var.b}\": expected 32 hexadecimal digits or a reference "
	  "such as ${var.zone_id} [config]" },
	{ "zone-id each",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, zone-id: "
	  "\"${each.value}\"}",
	  "4:55: error: invalid zones.a.example.outputs[0].zone-id "
	  "\"${each.value}\": expected 32 hexadecimal digits or a reference "
	  "such as ${var.zone_id} [config]" },
	{ "zone-id escape",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, zone-id: "
	  "\"${var.a[\\\"x${1}\\\"]}\"}",
	  "4:55: error: invalid zones.a.example.outputs[0].zone-id "
	  "\"${var.a[\"x${1}\"]}\": expected 32 hexadecimal digits or a "
	  "reference such as ${var.zone_id} [config]" },
	{ "keys of another format",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: terraform, file: a.tf.json, mode: "
	  "zone, soa: {mname: a.example, rname: a@a.example}, ns: "
	  "[a.example]}",
	  "4:52: error: zones.a.example.outputs[0].mode: only valid with "
	  "format bind or dnscontrol, not terraform [config]\n"
	  "4:63: error: zones.a.example.outputs[0].soa: only valid with format "
	  "bind or configmap, not terraform [config]\n"
	  "4:107: error: zones.a.example.outputs[0].ns: only valid with format "
	  "bind or configmap, not terraform [config]" },
	{ "mode of another format",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: dnscontrol, file: a.js, mode: zone}",
	  "4:48: error: invalid zones.a.example.outputs[0].mode \"zone\" of "
	  "format dnscontrol: expected js or json [config]" },
	{ "ConfigMap without soa, ns",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: configmap, file: a.yaml}",
	  "4:9: error: missing zones.a.example.outputs[0].ns: format configmap "
	  "requires the name servers of the zone [config]\n"
	  "4:9: error: missing zones.a.example.outputs[0].soa: format "
	  "configmap requires mname and rname [config]" },
	{ "zone without soa, ns",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, file: a.zone}",
	  "4:9: error: missing zones.a.example.outputs[0].ns: mode zone "
	  "requires the name servers of the zone [config]\n"
	  "4:9: error: missing zones.a.example.outputs[0].soa: mode zone "
	  "requires mname and rname [config]" },
	{ "soa without rname",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, file: a.zone, ns: [n.example, "
	  "m.example], soa: {mname: n.example}}",
	  "4:71: error: missing zones.a.example.outputs[0].soa.rname: expected "
	  "an email address [config]" },
	{ "soa rname",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, file: a.zone, ns: [n.example, "
	  "m.example], soa: {mname: n.example, rname: "
	  "\"@a.example\"}}",
	  "4:97: error: invalid zones.a.example.outputs[0].soa.rname "
	  "\"@a.example\": expected an email address or a name [config]" },
	{ "include with soa",
	  "zones:\n"
	  "  a.example:\n"
	  "    outputs:\n"
	  "      - {format: bind, mode: include, file: a.inc, soa: "
	  "{mname: n.example, rname: a@a.example}}",
	  "4:57: error: zones.a.example.outputs[0].soa: only valid with mode "
	  "zone, not include [config]" },
	{ "targets text",
	  "targets: {default: \"10.1.2\"}",
	  "1:20: error: invalid targets.default \"10.1.2\": the last label has "
	  "digits only, so it would be taken for an address [dname]" },
	{ "targets placeholder",
	  "targets: {default: [\"<IP Publique>\"]}",
	  "1:21: error: invalid targets.default \"<IP Publique>\": expected an "
	  "address or a name, found a <...> placeholder [placeholder]" },
	{ "targets reference",
	  "targets: {default: [{terraform: \"file(x)\"}]}",
	  "1:33: error: invalid targets.default \"file(x)\": expected a "
	  "reference such as var.X, local.X, data.T.X.Y, module.X.Y or "
	  "T.X.Y [config]" },
	{ "targets two keys",
	  "targets: {default: [{terraform: var.a, env: B}]}",
	  "1:21: error: targets.default: expected an address, a name or "
	  "{terraform: REFERENCE}, found a map [config]" },
	{ "targets nothing",
	  "targets: {default: }",
	  "1:20: error: targets.default: expected a list of targets, found "
	  "nothing [config]" },
	{ "targets of a class",
	  "targets: {ingress-class: {nginx: [a b]}}",
	  "1:35: error: invalid targets.ingress-class.nginx \"a b\": label \"a "
	  "b\" contains \" \"; expected letters, digits and inner \"-\" "
	  "[dname]" },
	{ "claims without paths",
	  "claims: [{names: [\"*.a.example\"]}]",
	  "1:10: error: missing claims[0].paths: expected a gitignore pattern "
	  "[config]" },
	{ "claims name",
	  "claims: [{names: [\"a.*.example\"], paths: [a]}]",
	  "1:19: error: invalid claims[0].names \"a.*.example\": \"*\" is only "
	  "allowed as the whole first label of a host (RFC 4592) [dname]" },
	{ "override without reason",
	  "overrides: [{name: a.example, type: A, targets: "
	  "[192.0.2.1]}]",
	  "1:13: error: missing overrides[0].reason: expected a string "
	  "[config]" },
	{ "override type",
	  "overrides: [{name: a.example, type: MX, targets: "
	  "[192.0.2.1], reason: x}]",
	  "1:13: error: overrides[0].type: only A, AAAA and CNAME can be "
	  "pinned; other types belong in zones.*.static [config]" },
	{ "override target",
	  "overrides: [{name: a.example, type: AAAA, targets: "
	  "[192.0.2.1], reason: x}]",
	  "1:53: error: invalid overrides[0].targets \"192.0.2.1\": expected a "
	  "target of type AAAA [config]" },
	{ "override two names",
	  "overrides: [{name: a.example, type: CNAME, targets: "
	  "[b.example, c.example], reason: x}]",
	  "1:53: error: overrides[0].targets: a CNAME must have exactly one "
	  "target [config]" },
	{ "vars name",
	  "vars: {a-b: c}",
	  "1:8: error: invalid vars.a-b \"a-b\": expected letters, digits and "
	  "\"_\" [config]" },
	{ "vars list",
	  "vars: {AB: [c]}",
	  "1:12: error: vars.AB: expected a string, {env: NAME} or {terraform: "
	  "REFERENCE}, found a list [config]" },
	{ "vars reference",
	  "vars: {AB: {terraform: self.x}}",
	  "1:24: error: invalid vars.AB \"self.x\": expected a reference such "
	  "as var.X, local.X, data.T.X.Y, module.X.Y or T.X.Y [config]" },
	{ "var",
	  "var: [novalue]",
	  "1:7: error: invalid var \"novalue\": expected NAME=VALUE [config]" },
	{ "safety",
	  "safety: {max-deletes: 30}",
	  "1:23: error: invalid safety.max-deletes \"30\": expected a "
	  "percentage from 0% to 100% [config]" },
	{ "safety large",
	  "safety: {max-deletes: 101%}",
	  "1:23: error: invalid safety.max-deletes \"101%\": expected a "
	  "percentage from 0% to 100% [config]" },
	{ "render",
	  "render: [{argv: []}]",
	  "1:17: error: empty render[0].argv: expected an argument [config]" },
	{ "render without a name",
	  "render: [{argv: [\"\", a]}]",
	  "1:10: error: render[0].argv: missing program [config]" },
	{ "a claim of no names and no paths",
	  "claims: [{names: [], paths: []}]",
	  "1:18: error: empty claims[0].names: expected a name [config]\n"
	  "1:29: error: empty claims[0].paths: expected a gitignore pattern "
	  "[config]" },
	{ "a pin without targets",
	  "overrides: [{name: a.example, type: A, targets: [], reason: x}]",
	  "1:49: error: empty overrides[0].targets: expected a target "
	  "[config]" },
	{ "render shell",
	  "render: [{argv: kustomize build, timeout: 60}]",
	  "1:43: error: invalid render[0].timeout \"60\": expected a duration "
	  "of at least 1s, such as 60s [config]" },
	{ "root two",
	  "roots: [{flux: a, argocd: b}]",
	  "1:9: error: roots[0]: expected exactly one of flux, argocd, "
	  "kustomize and values [config]" },
	{ "root with a release",
	  "roots: [{flux: a, release: b}]",
	  "1:9: error: roots[0]: release and namespace are expected beside "
	  "values only [config]" },
	{ "root outside",
	  "roots: [{flux: ../a}]",
	  "1:16: error: invalid roots[0].flux \"../a\": must not contain . or "
	  ".. [config]" },
	{ "publisher without name",
	  "publishers: [{paths: [a]}]",
	  "1:14: error: missing publishers[0].name: expected a name [config]" },
	{ "publishers twice",
	  "publishers: [{name: a}, {name: a}]",
	  "1:25: error: publishers: duplicate name a [config]" },
	{ "publisher's zone",
	  "zones: {a.example: {}}\n"
	  "publishers: [{name: a, zones: [a.exmple, \"*@ext\"]}]",
	  "2:14: error: publishers: a: no zone matches \"*@ext\" [config]\n"
	  "2:14: error: publishers: a: no zone matches \"a.exmple\"; did you "
	  "mean a.example? [config]" },
	{ "publisher's var",
	  "publishers: [{name: a, var: [a=b], vars-file: x}]",
	  "1:24: error: misplaced key publishers[0].var: expected at the top "
	  "level [config]\n"
	  "1:36: error: misplaced key publishers[0].vars-file: expected at the "
	  "top level [config]" },
	{ "publisher's on-error",
	  "on-error: keep\n"
	  "publishers: [{name: a, on-error: keep}]",
	  "2:24: error: misplaced key publishers[0].on-error: expected at the "
	  "top level [config]" },
	{ "a zone's key at the top level",
	  "addresses: any",
	  "1:1: error: misplaced key addresses: expected under zones.NAME "
	  "[config]" },
	{ "an option under a zone",
	  "zones: {a.example: {wildcards: error}}",
	  "1:21: error: misplaced key zones.a.example.wildcards: expected at "
	  "the top level or under publishers[] [config]" },
	{ "a key of three places",
	  "paths: [a]\n"
	  "zones: {a.example: {paths: [a]}}",
	  "2:21: error: misplaced key zones.a.example.paths: expected at the "
	  "top level, under claims[], under render[] or under publishers[] "
	  "[config]" },
	{ "publisher's name",
	  "publishers: [{name: a/b}]",
	  "1:21: error: invalid publishers[0].name \"a/b\": expected letters, "
	  "digits and \"-\" [config]" },
	{ "commit trailers",
	  "commit: {trailers: {a: b}}",
	  "1:20: error: commit.trailers: expected a list, found a map "
	  "[config]" },
	{ "all at once",
	  "polixy: sync\n"
	  "source: {}\n"
	  "zones: {a.example: {outputs: [{format: x}], addresses: 1}}",
	  "1:1: error: unknown key polixy; did you mean policy? [config]\n"
	  "2:9: error: source: expected a list of strings, found a map "
	  "[config]\n"
	  "3:31: error: missing zones.a.example.outputs[0].file: expected a "
	  "path [config]\n"
	  "3:40: error: invalid zones.a.example.outputs[0].format \"x\": "
	  "expected bind, configmap, csv, dnscontrol, dnsendpoint, octodns, template "
	  "or terraform [config]\n"
	  "3:56: error: invalid zones.a.example.addresses \"1\": expected "
	  "public, warn or any [config]" },
	{ "no source",
	  "source: []",
	  "1:9: error: source: expected at least one source [config]" },
	{ "a selector",
	  "label-filter: \"a=(\"",
	  "1:15: error: invalid label-filter \"a=(\": expected a value after "
	  "the operator [config]" },
	{ "two affixes",
	  "txt-prefix: a\ntxt-suffix: b",
	  "2:13: error: invalid txt-suffix \"b\": cannot be combined with "
	  "txt-prefix [config]" },
	{ "an inherited fault, once",
	  "annotation-prefix: a\npublishers: [{name: b}, {name: c, "
	  "txt-owner-id: \"\"}]",
	  "1:20: error: invalid annotation-prefix \"a\": expected \"/\" at the "
	  "end [config]\n"
	  "2:49: error: txt-owner-id: expected an owner, found nothing "
	  "[config]" },
	{ "regular expression",
	  "regex-domain-filter: \"(?=a)\"",
	  "1:22: error: invalid regex-domain-filter \"(?=a)\": group that RE2 "
	  "does not support [config]" },
	/* clang-format on */
};

static struct sv messages(struct arena *mem, struct diags *d)
{
	struct sv all = SV("");

	diags_sort(d);
	for (size_t i = 0; i < d->list.n; i++) {
		const struct diag *m = &d->list.v[i];
		struct sv place =
			arena_fmt(mem, "%u:%u", m->at.line, m->at.col);

		all = arena_fmt(mem, SV_FMT "%s" SV_FMT ": %s: " SV_FMT " [%s]",
				SV_ARG(all), i > 0 ? "\n" : "",
				SV_ARG(m->at.file.n ? place : SV("zoneloom")),
				diag_severity_name(m->severity),
				SV_ARG(text_escape(mem, m->text)),
				diag_code_name(m->code));
	}
	return all;
}

static void faults_have_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		struct arena *mem = arena_new();
		struct diags d = { .mem = mem };
		struct config c;
		int rc = config_load(mem, &d, SV("zoneloom.yaml"),
				     sv_of(bad_rows[i].yaml), NULL, false, &c);

		assert_row(bad_rows[i].label, rc == -1);
		assert_sv(bad_rows[i].label, messages(mem, &d),
			  sv_of(bad_rows[i].want));
		arena_free(mem);
	}
}

static struct config loaded(struct arena *mem, const char *yaml,
			    const char *flag, bool compat)
{
	struct diags d = { .mem = mem };
	struct flags f = { 0 };
	struct config c;

	if (flag != NULL)
		add_flag(mem, &f, flag);
	if (config_load(mem, &d, SV("dns/.zoneloom.yaml"), sv_of(yaml), &f,
			compat, &c) != 0)
		fail_msg(SV_FMT, SV_ARG(messages(mem, &d)));
	return c;
}

static void publishers_inherit(void **state)
{
	struct arena *mem = arena_new();
	struct config c = loaded(
		mem,
		"publishers:\n"
		"  - {name: ext, zones: ['*@ext'], source: [crd],\n"
		"     targets: {ingress-class: {b: [192.0.2.4]}}}\n"
		"  - {name: int, paths: [], policy: sync}\n"
		"zones: {a.example: {}, a.example@ext: {}}\n"
		"source: service\n"
		"txt-owner-id: 007\n"
		"paths: [apps, '!apps/x']\n"
		"targets:\n"
		"  default: 192.0.2.1\n"
		"  ingress-class: {a: [192.0.2.2, {terraform: local.ip}],\n"
		"                  c: 192.0.2.3}\n",
		"policy=create-only", false);
	const struct publisher *p = c.publishers.v;

	(void)state;
	assert_int_equal(c.publishers.n, 3);
	assert_sv("top", p[0].name, SV(""));
	assert_sv("order", p[2].name, SV("int"));
	assert_sv("own source", joined(mem, &p[1].opt.source), SV("crd"));
	assert_sv("source", joined(mem, &p[2].opt.source), SV("service"));
	assert_sv("number as text", p[1].opt.txt_owner_id, SV("007"));
	assert_true(p[2].opt.set.txt_owner_id);
	assert_sv("a flag is for all", p[2].opt.policy, SV("create-only"));
	assert_int_equal(p[1].paths.list.n, 2);
	assert_int_equal(p[2].paths.list.n, 0);
	assert_int_equal(p[0].targets.ingress_class.n, 2);
	assert_int_equal(p[0].targets.ingress_class.v[0].targets.list.n, 2);
	assert_true(p[0].targets.ingress_class.v[0].targets.list.v[1].is_ref);
	assert_int_equal(p[1].targets.ingress_class.n, 1);
	assert_sv("replaced", p[1].targets.ingress_class.v[0].key, SV("b"));
	assert_int_equal(p[1].targets.fallback.list.n, 1);
	assert_int_equal(p[2].targets.ingress_class.n, 2);
	arena_free(mem);
}

static void zones_by_suffix_and_publisher(void **state)
{
	static const struct {
		const char *label, *name;
		size_t publisher;
		const char *want;
	} rows[] = {
		{ "apex", "a.example", 0, "a.example" },
		{ "below", "x.y.a.example", 0, "a.example" },
		{ "longest", "x.b.a.example", 0, "b.a.example" },
		{ "not half a label", "xa.example", 0, "" },
		{ "outside", "c.example", 0, "" },
		{ "above", "example", 0, "" },
		{ "a view by name", "x.a.example", 1, "a.example@in" },
		{ "served zones only", "x.b.a.example", 1, "a.example@in" },
		{ "one zone", "x.b.a.example", 2, "b.a.example" },
		{ "not above another's cut", "x.b.a.example", 3, "" },
		{ "beside it", "x.c.a.example", 3, "a.example" },
		{ "one zone, not above", "x.a.example", 2, "" },
	};
	struct arena *mem = arena_new();
	struct config c = loaded(
		mem,
		"zones: {a.example@in: {}, b.a.example: {}, A.example: {}}\n"
		"publishers: [{name: in, zones: ['*@in']},\n"
		"             {name: b, zones: b.a.example},\n"
		"             {name: a, zones: a.example}]\n",
		NULL, false);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct zone *z =
			config_zone_of(&c, &c.publishers.v[rows[i].publisher],
				       sv_of(rows[i].name));

		assert_sv(rows[i].label, z ? z->key : SV(""),
			  sv_of(rows[i].want));
	}
	arena_free(mem);
}

static const char two_zones[] =
	"zones:\n"
	"  0/25.2.0.192.in-addr.arpa:\n"
	"    outputs: [{format: bind, mode: block, file: 'dns/{zone}.zone'}]\n"
	"  a.example@in:\n"
	"    outputs:\n"
	"      - {format: terraform, file: "
	"'{publisher}/{view}/{zone}.tf.json'}\n"
	"      - format: bind\n"
	"        file: a.zone\n"
	"        ns: [n.example, N.example.]\n"
	"        soa: {mname: n.example, rname: a.b@a.example, retry: 7}\n"
	"  a.example: {}\n"
	"  b.example:\n"
	"source: [ingress]\n"
	"publishers: [{name: edge, zones: ['*@in']}]\n";

static void files_expand(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct config c;
	const struct zone *z;

	(void)state;
	assert_int_equal(config_load(mem, &d, SV("x"), sv_of(two_zones), NULL,
				     false, &c),
			 0);
	z = c.zones.v;
	assert_sv("RFC 2317", z[0].outputs.v[0].file,
		  SV("dns/0_25.2.0.192.in-addr.arpa.zone"));
	assert_sv("expanded", z[2].outputs.v[0].file,
		  SV("edge/in/a.example.tf.json"));
	assert_sv("sorted", z[2].key, SV("a.example@in"));
	assert_sv("view", z[2].view, SV("in"));
	assert_int_equal(z[2].outputs.n, 2);
	assert_sv("ns", joined(mem, &z[2].outputs.v[1].ns),
		  SV("n.example|n.example"));
	assert_int_equal(z[2].outputs.v[1].soa.retry, 7);
	assert_int_equal(z[2].outputs.v[1].soa.refresh, 3600);
	assert_sv("provider", z[2].outputs.v[0].provider, SV("cloudflare@5"));
	assert_sv("addresses", z[3].addresses, SV("public"));
	arena_free(mem);
}

static void compat_knows_no_zones(void **state)
{
	struct arena *mem = arena_new();
	struct config c = loaded(mem,
				 "zones: {a.example: {}}\n"
				 "targets: {default: [192.0.2.1]}\n"
				 "claims: [{names: a.example, paths: a}]\n"
				 "overrides: [{name: a.example, type: A,\n"
				 "  targets: 192.0.2.1, reason: x}]\n"
				 "txt-owner-id: me\n",
				 NULL, true);

	(void)state;
	assert_int_equal(c.zones.n + c.claims.n + c.overrides.n, 0);
	assert_int_equal(c.publishers.v[0].targets.fallback.list.n, 0);
	assert_sv("owner", c.publishers.v[0].opt.txt_owner_id, SV("me"));
	arena_free(mem);
}

static void variables(void **state)
{
	static const struct {
		const char *name, *value, *ref;
	} rows[] = {
		{ "A", "flag", "" },  { "B", "file", "" },
		{ "C", "", "var.c" }, { "D", "set", "" },
		{ "N", "3", "" },     { "V", "vars-file", "" },
	};
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct config c;

	(void)state;
	setenv("ZONELOOM_VAR_TEST_D", "set", 1);
	unsetenv("ZONELOOM_VAR_TEST_E");
	setenv("TEST_F", "secret", 1);
	c = loaded(mem,
		   "vars: {A: file, B: file, C: {terraform: var.c}, N: 3,\n"
		   "       D: {env: TEST_D}}\n",
		   "var=A=flag", false);
	assert_int_equal(config_add_vars(mem, &d, SV("v.yaml"),
					 SV("A: vars-file\nV: vars-file\n"
					    "E: {env: TEST_E}\n"),
					 &c),
			 0);
	assert_sv("unset", messages(mem, &d),
		  SV("3:10: warning: vars.E: environment variable "
		     "ZONELOOM_VAR_TEST_E is not set; the variable has no "
		     "value [unresolved]"));
	assert_int_equal(c.vars.n, 6);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t j = 0; j < c.vars.n; j++)
			if (sv_eq(c.vars.v[j].name, sv_of(rows[i].name))) {
				assert_sv(rows[i].name, c.vars.v[j].value,
					  sv_of(rows[i].value));
				assert_sv(rows[i].name, c.vars.v[j].ref,
					  sv_of(rows[i].ref));
			}
	assert_int_equal(config_add_vars(mem, &d, SV("v.yaml"), SV("[a]"), &c),
			 -1);
	d = (struct diags){ .mem = mem };
	assert_int_equal(config_add_vars(mem, &d, SV("v.yaml"),
					 SV("F: {env: TEST_F}\n"), &c),
			 -1);
	assert_sv("another's variable", messages(mem, &d),
		  SV("1:10: error: vars.F: environment variable TEST_F is not "
		     "read; expected ZONELOOM_VAR_TEST_F [config]"));
	arena_free(mem);
}

/* A row is complete, and the words of the keys are those of the rows. */
static void formats_are_complete(void **state)
{
	struct arena *mem = arena_new();
	struct sv schema = config_schema(mem);

	(void)state;
	for (const struct format *f = format_table; f->word != NULL; f++) {
		assert_row(f->word, output_of(f)->write != NULL);
		assert_row(f->word, output_of(f)->read != NULL);
		assert_row(f->word,
			   (output_of(f)->zone_key == NULL) == f->is_named);
		assert_row(f->word,
			   f->about && f->called && f->keys && f->suffixes);
		assert_row(f->word, format_find(sv_of(f->word)) == f);
		assert_row(f->word,
			   f->is_named || format_of_syntax(f->comment) == f);
		assert_row(f->word, format_plain_mode(f)->word != NULL);
		assert_row(f->word,
			   format_takes(format_words + 1, sv_of(f->word)));
		assert_row(f->word, sv_has(format_list(mem), sv_of(f->word)));
	}
	assert_true(sv_has(schema, SV("\"format\": {\"enum\": [\"bind\", "
				      "\"configmap\", \"csv\", ")));
	assert_true(sv_has(schema, SV("\"mode\": {\"enum\": [\"zone\", "
				      "\"include\", \"block\", \"js\", "
				      "\"json\"]")));
	assert_sv("list", format_list(mem),
		  SV("bind, configmap, csv, dnscontrol, dnsendpoint, octodns, "
		     "template or terraform"));
	arena_free(mem);
}

/* One rule for the key, the flag and the writer. */
static void zone_ids(void **state)
{
	static const struct {
		const char *in, *want; /* want NULL: must be refused */
	} rows[] = {
		{ "0123456789abcdef0123456789abcdef",
		  "0123456789abcdef0123456789abcdef" },
		{ "0123456789ABCDEF0123456789abcDEF",
		  "0123456789abcdef0123456789abcdef" },
		{ "01234567890123456789012345678901",
		  "01234567890123456789012345678901" },
		{ "${var.zone_id}", "${var.zone_id}" },
		{ "${local.ids[\"a.example\"]}",
		  "${local.ids[\"a.example\"]}" },
		{ "${data.cloudflare_zone.X.zone_id}",
		  "${data.cloudflare_zone.X.zone_id}" },
		{ "", NULL },
		{ "0123456789abcdef0123456789abcde", NULL },
		{ "0123456789abcdef0123456789abcdeff", NULL },
		{ "0123456789abcdef0123456789abcdeg", NULL },
		{ "var.zone_id", NULL },
		{ "${cloudflare_zone.a.id}", "${cloudflare_zone.a.id}" },
		{ "${module.dns.zone_id}", "${module.dns.zone_id}" },
		{ "${module.dns}", NULL },
		{ "${cloudflare_zone}", NULL },
		{ "${each.value}", NULL },
		{ "${data.cloudflare_zone}", NULL },
		{ "${var.a}${var.b}", NULL },
		{ "${file(\"x\")}", NULL },
		{ "${}", NULL },
		{ "${", NULL },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = { 0 };
		struct diags d = { .mem = mem };
		struct sv got, in = sv_of(rows[i].in);
		bool ok = zone_id_parse(mem, in, &got);

		assert_row(rows[i].in, ok == (rows[i].want != NULL));
		if (ok)
			assert_sv(rows[i].in, got, sv_of(rows[i].want));
		if (in.n == 0)
			continue;
		assert_row(rows[i].in,
			   (config_add_zone(mem, &d, &c, SV("a.example"),
					    SV("terraform"), in) == 0) == ok);
		assert_row(rows[i].in, d.errors == (ok ? 0 : 1));
		if (ok)
			assert_sv(rows[i].in, c.zones.v[0].outputs.v[0].zone_id,
				  got);
	}
	arena_free(mem);
}

static void flags_of_a_zone(void **state)
{
	static const struct {
		const char *format, *zone_id;
		int rc;
	} rows[] = {
		{ "", "", 0 },
		{ "bind", "", 0 },
		{ "dnsendpoint", "", 0 },
		{ "terraform", "${var.z}", 0 },
		{ "zonefile", "", -1 },
		{ "bind", "${var.z}", -1 },
		{ "dnsendpoint", "0", -1 },
		{ "", "${var.z}", -1 },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = { 0 };
		struct diags d = { .mem = mem };

		assert_row(rows[i].format,
			   config_add_zone(mem, &d, &c, SV("a.example"),
					   sv_of(rows[i].format),
					   sv_of(rows[i].zone_id)) ==
				   rows[i].rc);
	}
	arena_free(mem);
}

static const struct {
	const char *label, *in, *want; /* NULL: it may be written */
} name_rows[] = {
	{ "plain", "a.inc", NULL },
	{ "a blank inside", "a b", NULL },
	{ "letters beyond ASCII",
	  "b\xc3\xbc"
	  "cher.inc",
	  NULL },
	{ "a blank at the end", "a ", "must not end in a blank" },
	{ "a dot at the end", "a.", "must not end in a blank" },
	{ "the short name of .git", "git~1", "must not be named as NTFS" },
	{ "in capitals", "GIT~2", "must not be named as NTFS" },
	{ "no short name", "git~a", NULL },
	{ "the same with more", "agit~1", NULL },
	{ "a device", "con", "must not be named as a device" },
	{ "in capitals", "NUL", "must not be named as a device" },
	{ "with a suffix", "aux.txt", "must not be named as a device" },
	{ "with two", "Aux.tf.json", "must not be named as a device" },
	{ "with a blank", "lpt1 .inc", "must not be named as a device" },
	{ "the last one", "lpt9", "must not be named as a device" },
	{ "no device", "com10", NULL },
	{ "nor this", "console.inc", NULL },
	{ "a stream", "a:b", "must not contain any of" },
	{ "a backslash", "a\\b", "must not contain any of" },
	{ "a star", "a*", "must not contain any of" },
	{ "right to left", "a\xe2\x80\xae", "must be UTF-8 without" },
	{ "nothing that HFS+ sees", "g\xe2\x80\x8cit",
	  "must be UTF-8 without" },
	{ "a byte order mark",
	  "\xef\xbb\xbf"
	  "a",
	  "must be UTF-8 without" },
	{ "no UTF-8", "a\xff", "must be UTF-8 without" },
};

static void names_of_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		const char *got = file_name_fault(sv_of(name_rows[i].in));
		const char *want = name_rows[i].want;

		assert_row(name_rows[i].label, (got == NULL) == (want == NULL));
		assert_row(name_rows[i].label,
			   want == NULL || sv_starts(sv_of(got), sv_of(want)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_sorted),
		cmocka_unit_test(defaults),
		cmocka_unit_test(flags_set_options),
		cmocka_unit_test(durations),
		cmocka_unit_test(nearest),
		cmocka_unit_test(faults_have_places),
		cmocka_unit_test(publishers_inherit),
		cmocka_unit_test(zones_by_suffix_and_publisher),
		cmocka_unit_test(files_expand),
		cmocka_unit_test(compat_knows_no_zones),
		cmocka_unit_test(variables),
		cmocka_unit_test(formats_are_complete),
		cmocka_unit_test(zone_ids),
		cmocka_unit_test(flags_of_a_zone),
		cmocka_unit_test(names_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
