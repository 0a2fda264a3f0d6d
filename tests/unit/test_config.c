/* Options, flags and the file: config/. */
#include "test.h"

#include "config/config.h"
#include "config/option.h"

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
	  { "default-targets=192.0.2.1,192.0.2.2" },
	  "targets",
	  "192.0.2.1,192.0.2.2",
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
	  { "txt-owner-id=my owner,1\"=" },
	  "owner",
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
	if (sv_eq(name, SV("targets")))
		return joined(mem, &o->default_targets);
	if (sv_eq(name, SV("class")))
		return joined(mem, &o->ingress_class);
	if (sv_eq(name, SV("policy")))
		return o->policy;
	if (sv_eq(name, SV("compat")))
		return o->compatibility;
	if (sv_eq(name, SV("owner")))
		return o->txt_owner_id;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_sorted),
		cmocka_unit_test(defaults),
		cmocka_unit_test(flags_set_options),
		cmocka_unit_test(durations),
		cmocka_unit_test(nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
