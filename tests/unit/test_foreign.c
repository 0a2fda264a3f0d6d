/* Files beside a Terraform output that change what it says. */
#include "output_fixture.h"

#define WWW  "cloudflare_dns_record.www_example_com"
#define MINE "resource \"cloudflare_dns_record\" \"www_example_com\" {\n}\n"

/* "line:block:address ..." of what is found; "?" behind what cannot be read. */
static struct sv found_in(struct arena *mem, struct sv file, struct sv text)
{
	const struct output *o = output_find(SV("terraform"));
	struct foreign_blocks blocks;
	struct sv all = SV("");

	o->foreign_find(mem, file, text, &blocks);
	for (size_t i = 0; i < blocks.list.n; i++)
		all = arena_fmt(mem, SV_FMT "%s%u:%s:" SV_FMT, SV_ARG(all),
				i > 0 ? " " : "", blocks.list.v[i].at.line,
				blocks.list.v[i].block,
				SV_ARG(blocks.list.v[i].address));
	return blocks.unreadable ? arena_fmt(mem, SV_FMT "?", SV_ARG(all))
				 : all;
}

/* clang-format off */
static const struct {
	const char *label, *file, *in, *want;
} files[] = {
	{ "an override", "x_override.tf", MINE, "1:resource:" WWW },
	{ "its other name", "d/override.tf", MINE, "1:resource:" WWW },
	{ "OpenTofu's", "a_override.tofu", MINE, "1:resource:" WWW },
	{ "a file of the module", "x.tf", MINE, "" },
	{ "hardly an override", "x_overrides.tf", MINE, "" },
	{ "a dot in the stem", "a.tf_override.tf", MINE,
	  "1:resource:" WWW },
	{ "another resource", "override.tf",
	  "resource \"aws_route53_record\" \"www_example_com\" {}", "" },
	{ "the zone's data source", "override.tf",
	  "data \"cloudflare_zone\" \"example_com\" {}",
	  "1:data:data.cloudflare_zone.example_com" },
	{ "data of that type", "override.tf",
	  "data \"cloudflare_dns_record\" \"www_example_com\" {}", "" },
	{ "bare labels", "override.tf",
	  "resource cloudflare_dns_record www_example_com {\n}",
	  "1:resource:" WWW },
	{ "escaped labels", "override.tf",
	  "resource \"cloudflare\\u005fdns_record\" "
	  "\"\\U00000077ww_example_com\" {}", "1:resource:" WWW },
	{ "comments between", "override.tf",
	  "/* { */ resource /* x */ \"cloudflare_dns_record\" "
	  "\"www_example_com\" { # }\n}", "1:resource:" WWW },
	{ "inside of a block", "override.tf",
	  "locals {\n x = { y = 1 }\n " MINE "}", "" },
	{ "in a heredoc", "override.tf",
	  "locals {\nx = <<-EOT\n}\n" MINE "\tEOT\n}\n", "" },
	{ "behind a heredoc", "override.tf",
	  "locals {\nx = <<EOT\n}\n EOT \n}\n" MINE,
	  "6:resource:" WWW },
	{ "a marker in a template", "override.tf",
	  "locals {\nx = <<EOT\n${\nEOT\n}\n{\nEOT\n}\n" MINE,
	  "9:resource:" WWW },
	{ "an escaped template", "override.tf",
	  "locals {\nx = <<EOT\n$${\nEOT\n}\n" MINE,
	  "6:resource:" WWW },
	{ "braces in strings", "override.tf",
	  "locals {\nx = \"{ ${ { a = \"}\" } } \\\" {\"\n}\n" MINE,
	  "4:resource:" WWW },
	{ "less than less than", "override.tf",
	  "locals {\nx = 1 <<EOT x\n}\n" MINE, "4:resource:" WWW },
	{ "a byte order mark", "override.tf",
	  "\xef\xbb\xbf" MINE, "1:resource:" WWW },
	{ "line ends of Windows", "override.tf",
	  "locals {\r\nx = <<A\r\n{\r\nA\r\n}\r\n" MINE,
	  "6:resource:" WWW },
	{ "moved from", "m.tf",
	  "moved {\n from = " WWW "\n to = a.b\n}", "1:moved:" WWW },
	{ "moved to", "m.tf",
	  "moved {\n from = a.b\n to = " WWW "\n}", "1:moved:" WWW },
	{ "of provider 4", "m.tf",
	  "moved { from = cloudflare_record.www_example_com }",
	  "1:moved:cloudflare_record.www_example_com" },
	{ "in another module", "m.tf",
	  "moved { from = module.x." WWW " }", "" },
	{ "written apart", "m.tf",
	  "import { to = cloudflare_dns_record /**/ .\n"
	  "www_example_com }", "1:import:" WWW },
	{ "an instance", "m.tf",
	  "import { to = " WWW "[\"a\"] }", "1:import:" WWW },
	{ "in quotes", "m.tf",
	  "removed { from = \"" WWW "\" }", "1:removed:" WWW },
	{ "removed", "m.tf",
	  "\nremoved {\n lifecycle { destroy = false }\n from = " WWW
	  "\n}", "2:removed:" WWW },
	{ "a reference elsewhere", "m.tf",
	  "output x { value = " WWW ".id }", "" },
	{ "no end", "m.tf", "moved { from = " WWW, "1:moved:" WWW "?" },
	{ "an end too many", "m.tf", "}\nmoved {}", "?" },
	{ "a string over two lines", "m.tf", "x = \"a\nb\"", "?" },
	{ "a comment without end", "m.tf", "/*/ x", "?" },
	{ "a heredoc without end", "m.tf", "x = <<A\nB\n", "?" },
	{ "nothing", "m.tf", "", "" },
	{ "JSON", "a_override.tf.json",
	  "{\"resource\":\n {\"cloudflare_dns_record\":"
	  "{\"www_example_com\": {}}}}", "2:resource:" WWW },
	{ "JSON in lists", "a_override.tf.json",
	  "[{\"resource\": [{\"cloudflare_dns_record\":"
	  "[{\"www_example_com\": [{}]}]}]}]", "1:resource:" WWW },
	{ "JSON, a file of the module", "a.tf.json",
	  "{\"resource\": {\"cloudflare_dns_record\":"
	  "{\"www_example_com\": {}}}}", "" },
	{ "JSON, the zone", "override.tf.json",
	  "{\"data\": {\"cloudflare_zone\": {\"example_com\": {}}}}",
	  "1:data:data.cloudflare_zone.example_com" },
	{ "JSON moved", "m.tf.json",
	  "{\"moved\": {\"from\": \"" WWW "\", \"to\": \"a.b\"}}",
	  "1:moved:" WWW },
	{ "JSON import, a list", "m.tf.json",
	  "{\"import\": [{\"to\": \"\\u0063loudflare_dns_record"
	  " . www_example_com[0]\"}]}", "1:import:" WWW },
	{ "JSON, a key twice", "m.tf.json",
	  "{\"import\": {}, \"import\": {\"to\": \"" WWW "\"}}", "?" },
	{ "no JSON", "m.tf.json", "moved {}", "?" },
};
/* clang-format on */

static void foreign_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(files); i++) {
		struct arena *mem = arena_new();
		struct sv got =
			found_in(mem, sv_of(files[i].file), sv_of(files[i].in));

		assert_row(files[i].label, sv_eq(got, sv_of(files[i].want)));
		arena_free(mem);
	}
}

static void beside_rows(void **state)
{
	static const struct {
		const char *path;
		bool want;
	} rows[] = {
		{ "dns/main.tf", true },     { "override.tf.json", true },
		{ "a.tofu", true },	     { "a.tofu.json", true },
		{ "dns/.hidden.tf", false }, { "dns/a.tfvars", false },
		{ "dns/a.tf.bak", false },   { "dns/a.json", false },
		{ "dns/.tf", false },
	};
	const struct output *o = output_find(SV("terraform"));

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(o->is_beside(sv_of(rows[i].path)),
				 rows[i].want);
}

/* Templates in templates are read by recursion. */
static void foreign_deep(void **state)
{
	struct arena *mem = arena_new();
	struct sv deep = SV("x = ");

	(void)state;
	for (int i = 0; i < 500; i++)
		deep = arena_fmt(mem, SV_FMT "\"${", SV_ARG(deep));
	assert_row("deep", sv_eq(found_in(mem, SV("m.tf"), deep), SV("?")));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_rows),
		cmocka_unit_test(beside_rows),
		cmocka_unit_test(foreign_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
