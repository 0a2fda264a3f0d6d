/* A stranger's text in each place that it is printed to: base/escape.h. */
#include "test.h"

#include <stdlib.h>

#include "base/escape.h"
#include "base/shell.h"

static const struct {
	enum sink sink;
	const char *label, *in, *want;
} rows[] = {
	{ SINK_TEXT, "plain", "apps/web.yaml", "apps/web.yaml" },
	{ SINK_TEXT, "letters of any script", "b\xc3\xbc \xd0\xb6 \xe4\xb8\xad",
	  "b\xc3\xbc \xd0\xb6 \xe4\xb8\xad" },
	{ SINK_TEXT, "ANSI", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m" },
	{ SINK_TEXT, "a link of a terminal", "\x1b]8;;http://x\x1b\\",
	  "\\x1b]8;;http://x\\x1b\\" },
	{ SINK_TEXT, "line ends", "a\r\nb", "a\\x0d\\x0ab" },
	{ SINK_TEXT, "line separator", "a\xe2\x80\xa8", "a\\xe2\\x80\\xa8" },
	{ SINK_TEXT, "zero width space", "a\xe2\x80\x8b", "a\\xe2\\x80\\x8b" },
	{ SINK_TEXT, "soft hyphen", "a\xc2\xad", "a\\xc2\\xad" },
	{ SINK_TEXT, "a tag", "\xf3\xa0\x81\xa1", "\\xf3\\xa0\\x81\\xa1" },
	{ SINK_TEXT, "no-break space", "a\xc2\xa0", "a\\xc2\\xa0" },
	{ SINK_TEXT, "an accent", "e\xcc\x81", "e\xcc\x81" },
	{ SINK_TEXT, "a mark on what is ours", "\xcc\x81", "\\xcc\\x81" },
	{ SINK_TEXT, "a stack of marks", "e\xcc\x81\xcc\x81\xcc\x81",
	  "e\xcc\x81\xcc\x81\\xcc\\x81" },
	{ SINK_TEXT, "GitHub, the old form", "x##[error]y", "x#\\x23[error]y" },
	{ SINK_TEXT, "Azure", "##vso[task.x]", "#\\x23vso[task.x]" },
	{ SINK_TEXT, "TeamCity", "##teamcity[x]", "#\\x23teamcity[x]" },
	{ SINK_TEXT, "one hash, behind one of ours", "#[x]", "\\x23[x]" },
	{ SINK_TEXT, "an anchor", "a#b[", "a\\x23b[" },
	{ SINK_TEXT, "an issue", "#12", "#12" },
	{ SINK_TEXT, "an address", "::1", "::1" },
	{ SINK_TEXT, "what was escaped", "\\x1b", "\\x1b" },
	{ SINK_LINE, "a command", "::error::x", "\\x3a:error::x" },
	{ SINK_LINE, "behind blanks", "  ::error::x", "  \\x3a:error::x" },
	{ SINK_LINE, "one colon", ":", "\\x3a" },
	{ SINK_LINE, "in the line", "a::b", "a::b" },
	{ SINK_LINE, "a group of Buildkite", "--- x", "\\x2d-- x" },
	{ SINK_LINE, "an option", "--x", "--x" },
	{ SINK_GITHUB, "line ends, percent", "a\n100%: b,",
	  "a\\x0a100%25: b," },
	{ SINK_GITHUB_KEY, "parts of a command", "a,line=1::b%",
	  "a%2Cline=1%3A%3Ab%25" },
	{ SINK_MARKDOWN, "nothing", "", "" },
	{ SINK_MARKDOWN, "HTML", "<b>", "`<b>`" },
	{ SINK_MARKDOWN, "the end of code", "a`<b>", "`a\\x60<b>`" },
	{ SINK_MARKDOWN, "a cell", "a|b\\|c", "`a\\x7cb\\\\x7cc`" },
	{ SINK_MARKDOWN, "a mention", "@all", "`\\x40all`" },
	{ SINK_MARKDOWN, "an address", "a@example.org", "`a\\x40example.org`" },
	{ SINK_MARKDOWN, "a view", "example.org@internal",
	  "`example.org@internal`" },
	{ SINK_MARKDOWN, "a commit", "a/b@deadbeef", "`a/b\\x40deadbeef`" },
	{ SINK_MARKDOWN, "a line end", "a\n# b", "`a\\x0a# b`" },
	{ SINK_MARKER, "a zone", "x-y.example.org@internal",
	  "x-y.example.org@internal" },
	{ SINK_MARKER, "the end of a comment", "a--><b>\n", "a--??b??" },
	{ SINK_COMMIT, "an issue closed", "fixes #1", "fixes \\x231" },
	{ SINK_COMMIT, "GH-", "closes gh-1", "closes gh\\x2d1" },
	{ SINK_COMMIT, "a merge request", "!1 ~2 %3 $4 &5",
	  "\\x211 \\x7e2 \\x253 \\x244 \\x265" },
	{ SINK_COMMIT, "a reference of Terraform", "${var.x}", "${var.x}" },
	{ SINK_COMMIT, "a mention", "by @x", "by \\x40x" },
	{ SINK_COMMIT, "a URL", "https://x.example", "https\\x3a//x.example" },
	{ SINK_COMMIT, "a URL without", "www.x.example", "\\x77ww.x.example" },
	{ SINK_COMMIT, "mailto", "mailto:x", "mailto\\x3ax" },
	{ SINK_COMMIT, "skip ci", "[skip ci]", "\\x5bskip ci]" },
	{ SINK_COMMIT, "skip in Azure", "***NO_CI***", "\\x2a**NO_CI\\x2a**" },
	{ SINK_COMMIT, "a wildcard", "*.example.org", "*.example.org" },
	{ SINK_COMMIT, "a trailer", "Signed-off-by: x",
	  "Signed-off-by\\x3a x" },
	{ SINK_COMMIT, "a trailer with a blank", "Reviewed-by : x",
	  "Reviewed-by \\x3a x" },
	{ SINK_COMMIT, "a key that starts with no letter", "-0xAA: x",
	  "-0xAA\\x3a x" },
	{ SINK_COMMIT, "an IPv6 address", "fd00::1", "fd00::1" },
	{ SINK_COMMIT, "a place", "apps/web.yaml:5", "apps/web.yaml:5" },
	{ SINK_COMMIT, "a comment", "# x", "\\x23 x" },
	{ SINK_JSON, "a whole line", "{\"a\":\"\xe2\x80\xae\\n#[x]\"}",
	  "{\"a\":\"\\u202e\\n\\u0023[x]\"}" },
	{ SINK_JSON, "two units", "\"\xf3\xa0\x81\xa1\"",
	  "\"\\udb40\\udc61\"" },
	{ SINK_JSON, "not UTF-8", "\"\xff\"", "\"\xef\xbf\xbd\"" },
	{ SINK_YAML, "a string", "a\"\\\n\xe2\x80\xa8",
	  "\"a\\\"\\\\\\u000a\\u2028\"" },
	{ SINK_YAML, "a tag", "\xf3\xa0\x81\xa1", "\"\\U000e0061\"" },
	{ SINK_CSV, "plain", "a b", "a b" },
	{ SINK_CSV, "a quote", "a\"b,", "\"a\"\"b,\"" },
	{ SINK_CSV, "a formula", "=1+1", "\"'=1+1\"" },
	{ SINK_CSV, "behind a blank", " @x", "\"' @x\"" },
	{ SINK_CSV, "in full width",
	  "\xef\xbc\x9d"
	  "1",
	  "\"'\xef\xbc\x9d"
	  "1\"" },
	{ SINK_CSV, "a tab", "\t=1", "\\x09=1" },
	{ SINK_CSV, "a record more", "a\r\nb", "a\\x0d\\x0ab" },
	{ SINK_CSV, "a command", "::error::x", "\"::error::x\"" },
	{ SINK_COMMENT, "letters", "b\xc3\xbc\n##[x]", "b???#?[x]" },
	{ SINK_ZONE, "data", "\"##[x]\"", "\"#\\035[x]\"" },
	{ SINK_ZONE, "RFC 3597", "\\# 1 00", "\\# 1 00" },
};

static void texts_are_escaped(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_sv(rows[i].label,
			  escape(mem, rows[i].sink, sv_of(rows[i].in)),
			  sv_of(rows[i].want));
	arena_free(mem);
}

static const struct {
	const char *label, *in, *want;
} prose_rows[] = {
	{ "words", "Main publishes nothing today, because of (2) errors.",
	  "Main publishes nothing today, because of (2) errors." },
	{ "a quoted name", "host \"a_b.example.org\": expected letters",
	  "host `\"a_b.example.org\":` expected letters" },
	{ "several in a row", "see <b> [x](y) there",
	  "see `<b> [x](y)` there" },
	{ "a mention", "ask @all now", "ask `\\x40all` now" },
	{ "an issue", "fixes #1", "fixes `#1`" },
	{ "a commit", "deadbeef 1234567 defaced",
	  "`deadbeef 1234567 defaced`" },
	{ "an RFC", "(RFC 1034 3.6.2)", "(RFC 1034 3.6.2)" },
	{ "a reference with letters", "GH-1 JIRA-12", "`GH-1 JIRA-12`" },
	{ "emphasis", "*a* _b_ c", "`*a* _b_` c" },
	{ "a link by itself", "www.example.org", "`www.example.org`" },
	{ "nothing", "", "" },
};

static void sentences_are_markdown(void **state)
{
	enum { ROWS = sizeof(prose_rows) / sizeof(prose_rows[0]) };
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_sv(prose_rows[i].label,
			  escape_prose(mem, sv_of(prose_rows[i].in)),
			  sv_of(prose_rows[i].want));
	arena_free(mem);
}

/* clang-format off */
#define assert_said(label, want, ...)					\
	do {								\
		char *p_ = NULL;					\
		size_t n_ = 0;						\
		FILE *f_ = open_memstream(&p_, &n_);			\
		print_text(f_, __VA_ARGS__);					\
		(void)fclose(f_);					\
		assert_sv(label, ((struct sv){ p_, n_ }), SV(want));	\
		free(p_);						\
	} while (0)
/* clang-format on */

static void formats_are_printf(void **state)
{
	struct sv nul = { "a\0b", 3 };

	(void)state;
	assert_said("numbers", "-1     7|8   |009 -2 ff 3%",
		    "%d %5u|%-4zu|%03d %lld %llx %lu%%", -1, 7U, (size_t)8, 9,
		    -2LL, 255ULL, 3UL);
	assert_said("texts", "x ab   |   cd|f   |", "%c %-5s|%5.*s|%-*.*s|",
		    'x', "ab", 2, "cde", 4, 1, "fg");
	assert_said("columns", "\xc3\xbc  |", "%-3s|", "\xc3\xbc");
	assert_said("a NUL", "a\\x00b", SV_FMT, SV_ARG(nul));
	assert_said("at the start of a line", "\\x3a:a:1", "%s:%d", "::a", 1);
	assert_said("of the second line", "a\n \\x3a:b", "a\n %s", "::b");
	assert_said("behind blanks that were given", " :\\x3aa", "%s:%s", " ",
		    ":a");
	assert_said("in a line", "AAAA ::1", "AAAA %s", "::1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(sentences_are_markdown),
		cmocka_unit_test(formats_are_printf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
