/*
 * Any text, in every place that it is printed to, alone and inside whole
 * reports, messages and outputs.  What is checked knows nothing of
 * base/escape.c: Unicode's properties by libunistring, and strict readers of
 * what a CI runner, a Markdown renderer, a spreadsheet and a YAML or JSON
 * parser would make of it.
 */
#include "fuzz.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unictype.h>
#include <unistr.h>
#include <yaml.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/shell.h"
#include "base/utf8.h"
#include "output/output.h"
#include "pipeline/commit_message.h"
#include "report/report.h"

/* The parts of an input, between bytes that no text has. */
enum { PARTS = 6, PART_END = 0xfe };

struct parts {
	struct sv all, v[PARTS];
};

static bool is_alnum(char c)
{
	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char at(struct sv s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

/* Nothing but line ends may be unseen, in any sink. */
static void check_seen(struct sv s)
{
	const uint32_t unseen = UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf |
				UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Co |
				UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp |
				UC_CATEGORY_MASK_Zs;
	ucs4_t c;

	for (int n; s.n > 0; s = sv_from(s, (size_t)n)) {
		n = u8_mbtoucr(&c, (const uint8_t *)s.p, s.n);
		assert(n > 0);
		if (c == ' ' || c == '\n')
			continue;
		assert(!uc_is_general_category_withtable(c, unseen));
		assert(!uc_is_property_default_ignorable_code_point(c));
		assert(!uc_is_property_bidi_control(c));
		assert(!uc_is_property_zero_width(c));
	}
}

/* IndexOf("##[") of GitHub, "##vso[" of Azure, "##teamcity[". */
static void check_inner_commands(struct sv s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		size_t k = i + 2;

		if (s.p[i] != '#' || s.p[i + 1] != '#')
			continue;
		while (is_alnum(at(s, k)))
			k++;
		assert(at(s, k) != '[');
	}
}

/* TrimStart() and StartsWith("::"); Buildkite's groups. */
static void check_lines(struct sv s)
{
	struct sv line;

	while (sv_cut(&s, '\n', &line)) {
		assert(!sv_starts(sv_trim(line), SV("::")));
		assert(!sv_starts(line, SV("--- ")));
		assert(!sv_starts(line, SV("+++ ")));
		assert(!sv_starts(line, SV("~~~ ")));
	}
}

static void check_text(struct sv s)
{
	check_seen(s);
	check_inner_commands(s);
	check_lines(s);
}

static void check_line(struct sv s)
{
	check_text(s);
	assert(sv_chr(s, '\n') == s.n);
}

/* As GitHub's and GitLab's filters look for one. */
static void check_mentions(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '@')
			assert(i > 0 && is_alnum(s.p[i - 1]));
}

/* What a commit message must not have outside the name of a record. */
static void check_commit(struct sv s)
{
	check_line(s);
	check_mentions(s);
	assert(sv_chr(s, '#') == s.n && sv_chr(s, '[') == s.n);
	assert(!sv_has(s, SV("://")) && !sv_has(s, SV("***")));
	for (size_t i = 0; i + 3 < s.n; i++) {
		struct sv word = sv_head(sv_from(s, i), 4);

		if (i > 0 && is_alnum(s.p[i - 1]))
			continue;
		assert(!sv_case_eq(word, SV("www.")));
		assert(!sv_case_eq(sv_head(word, 3), SV("GH-")) ||
		       !is_digit(word.p[3]));
		assert(sv_chr(SV("!~%$&"), word.p[0]) == 5 ||
		       !is_digit(word.p[1]));
	}
}

/* git interpret-trailers: a key, blanks, a colon. */
static void check_no_trailer(struct sv s)
{
	size_t n = 0, blanks = 0;

	while (is_alnum(at(s, n)) || at(s, n) == '-')
		n++;
	while (at(s, n + blanks) == ' ')
		blanks++;
	assert(n < 5 || at(s, n + blanks) != ':');
}

/* `s` behind "::" of a workflow command, as ActionCommand.TryParseV2 reads it:
 * the name, the values that it knows, once each, and the message. */
static void check_command(struct sv line)
{
	static const char *const keys[] = { "file", "line", "col", "title" };
	size_t end = sv_find(line, SV("::"));
	struct sv info = sv_head(line, end), name, pair, key;
	unsigned seen = 0;

	assert(end < line.n);
	(void)sv_cut(&info, ' ', &name);
	assert(sv_eq(name, SV("error")) || sv_eq(name, SV("warning")));
	while (sv_cut(&info, ',', &pair)) {
		bool known = false;

		assert(sv_cut(&pair, '=', &key));
		for (unsigned i = 0; i < 4; i++)
			if (sv_eq(key, sv_of(keys[i])) && !(seen & 1U << i)) {
				seen |= 1U << i;
				known = true;
			}
		assert(known);
	}
}

/* At most a line for each finding: those that are alike share one. */
static void check_github(struct sv s, size_t most)
{
	struct sv line;
	size_t n = 0;

	check_seen(s);
	check_inner_commands(s);
	assert(sv_ends(s, SV("\n")));
	s.n--;
	for (; sv_cut(&s, '\n', &line); n++) {
		assert(sv_starts(line, SV("::")));
		check_command(sv_from(line, 2));
	}
	assert(n <= most);
}

/* The next code span of CommonMark: a run of "`" and the next as long. */
static bool span_cut(struct sv *rest, struct sv *before)
{
	size_t open = sv_chr(*rest, '`'), n = 0, close;

	if (open == rest->n)
		return false;
	while (at(*rest, open + n) == '`')
		n++;
	assert(n == 1);
	close = sv_chr(sv_from(*rest, open + 1), '`');
	assert(open + 1 + close < rest->n && close > 0);
	*before = sv_head(*rest, open);
	*rest = sv_from(*rest, open + close + 2);
	return true;
}

/* Text that is no code: words and punctuation without any meaning. */
static void check_plain(struct sv s)
{
	static const struct sv ours[] = { { "**error**", 9 },
					  { "**warning**", 11 },
					  { "**loosens**", 11 } };

	for (size_t i = 0; i < 3; i++) {
		size_t hit = sv_find(s, ours[i]);

		if (hit == s.n)
			continue;
		check_plain(sv_head(s, hit));
		s = sv_from(s, hit + ours[i].n);
	}
	for (size_t i = 0; i < s.n; i++) {
		assert(is_alnum(s.p[i]) ||
		       (s.p[i] != '\0' && strchr(" .,;:()'-+~|", s.p[i])));
		assert(s.p[i] != '.' || i == 0 || !is_alnum(at(s, i + 1)) ||
		       is_digit(s.p[i - 1]));
		assert(s.p[i] != '~' || at(s, i + 1) != '~');
	}
}

static size_t count(struct sv s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* Ours at the start of a line; what follows is a stranger's. */
static struct sv head_cut(struct sv line)
{
	static const struct sv heads[] = {
		{ "### ", 4 }, { "## ", 3 }, { "> ", 2 }, { "- ", 2 }
	};

	for (size_t i = 0; i < 4; i++)
		if (sv_starts(line, heads[i]))
			return sv_from(line, heads[i].n);
	return line;
}

static void check_markdown_line(struct sv line, size_t *cells)
{
	struct sv rest = head_cut(line), before;

	if (sv_starts(line, SV("<"))) {
		assert(sv_eq(line, SV("<!-- zoneloom -->")) ||
		       sv_eq(line, SV("<!-- zoneloom:zone=example.com -->")));
		return;
	}
	/* Each row of a table has as many cells as its first. */
	if (!sv_starts(line, SV("|")))
		*cells = 0;
	else if (*cells == 0)
		*cells = count(line, '|');
	assert(count(line, '|') == *cells);
	if (sv_starts(line, SV("|---")))
		return;
	while (span_cut(&rest, &before))
		check_plain(before);
	check_plain(rest);
}

static void check_markdown(struct sv s)
{
	size_t cells = 0;
	struct sv line;

	check_text(s);
	check_mentions(s);
	while (sv_cut(&s, '\n', &line))
		check_markdown_line(line, &cells);
}

/* A cell of RFC 4180 off the front of `*s`, its quotes taken away. */
static struct sv cell_cut(struct sv *s)
{
	struct sv cell;
	size_t n = 1;

	if (!sv_starts(*s, SV("\""))) {
		n = 0;
		while (n < s->n && s->p[n] != ',' && s->p[n] != '\n') {
			assert(s->p[n] != '"');
			n++;
		}
		cell = sv_head(*s, n);
		*s = sv_from(*s, n);
		return cell;
	}
	while (at(*s, n) != '"' || at(*s, n + 1) == '"') {
		assert(n < s->n);
		n += at(*s, n) == '"' ? 2 : 1;
	}
	cell = sv_head(sv_from(*s, 1), n - 1);
	*s = sv_from(*s, n + 1);
	return cell;
}

/* "=", "+", "-", "@", in full width too, behind blanks. */
static void check_cell(struct sv cell)
{
	ucs4_t c = 0;

	cell = sv_trim(cell);
	if (cell.n > 0)
		(void)u8_mbtoucr(&c, (const uint8_t *)cell.p, cell.n);
	assert(c != '=' && c != '+' && c != '-' && c != '@' && c != 0xff1d &&
	       c != 0xff0b && c != 0xff0d && c != 0xff20);
}

static void check_csv(struct sv s, size_t cells)
{
	check_text(s);
	while (s.n > 0) {
		for (size_t i = 0; i < cells; i++) {
			check_cell(cell_cut(&s));
			assert(at(s, 0) == (i + 1 < cells ? ',' : '\n'));
			s = sv_from(s, 1);
		}
	}
}

/* The one string of a YAML text, by libyaml. */
static void check_yaml_string(struct sv text, struct sv want)
{
	yaml_parser_t parser;
	yaml_event_t e;
	bool found = false;

	assert(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p,
				     text.n);
	for (bool end = false; !end; yaml_event_delete(&e)) {
		assert(yaml_parser_parse(&parser, &e));
		end = e.type == YAML_STREAM_END_EVENT;
		if (e.type != YAML_SCALAR_EVENT)
			continue;
		assert(!found);
		found = true;
		assert(sv_eq(want,
			     (struct sv){ (const char *)e.data.scalar.value,
					  e.data.scalar.length }));
	}
	assert(found);
	yaml_parser_delete(&parser);
}

static void check_json(struct sv s, struct sv want)
{
	json_t *root =
		json_loadb(s.p, s.n, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);

	assert(root != NULL && json_is_string(root));
	assert(sv_eq(want, (struct sv){ json_string_value(root),
					json_string_length(root) }));
	json_decref(root);
}

/* What a JSON library writes of `s`. */
static struct sv json_of(struct arena *mem, struct sv s)
{
	json_t *text = json_stringn(s.n > 0 ? s.p : "", s.n);
	char *dump = json_dumps(text, JSON_ENCODE_ANY);
	struct sv out = arena_sv(mem, sv_of(dump));

	free(dump);
	json_decref(text);
	return out;
}

/* It stands behind something of ours. */
static void check_ascii(struct sv s)
{
	check_inner_commands(s);
	for (size_t i = 0; i < s.n; i++)
		assert(s.p[i] >= 0x20 && s.p[i] < 0x7f);
}

static void check_none_of(struct sv s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		assert(s.p[i] == '\0' || strchr(set, s.p[i]) == NULL);
}

/* Unreserved characters, "/" and "%HH" alone. */
static void check_uri(struct sv s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (size_t i = 0; i < s.n; i++) {
		bool coded = at(s, i) == '%' && isxdigit(at(s, i + 1)) &&
			     isxdigit(at(s, i + 2));

		assert(coded || strchr(plain, s.p[i]) != NULL);
	}
}

static void check_sinks(struct arena *mem, struct sv s)
{
	struct sv clean = utf8_clean(mem, s), out;
	size_t cells = 0;

	check_seen(out = text_escape(mem, s));
	check_inner_commands(out);
	assert(sv_eq(out, text_escape(mem, out)));
	check_line(escape(mem, SINK_LINE, s));
	out = escape(mem, SINK_COMMIT, s);
	check_commit(out);
	check_no_trailer(out);
	check_markdown_line(escape(mem, SINK_MARKDOWN, s), &cells);
	check_mentions(escape(mem, SINK_MARKDOWN, s));
	check_markdown_line(
		arena_fmt(mem, "- " SV_FMT, SV_ARG(escape_prose(mem, s))),
		&cells);
	out = escape(mem, SINK_CSV, s);
	check_line(out);
	check_csv(arena_fmt(mem, SV_FMT "\n", SV_ARG(out)), 1);
	out = escape(mem, SINK_YAML, s);
	check_line(out);
	check_yaml_string(out, clean);
	out = escape(mem, SINK_JSON, json_of(mem, clean));
	check_line(out);
	check_json(out, clean);
	check_ascii(escape(mem, SINK_COMMENT, s));
	out = escape(mem, SINK_MARKER, s);
	check_ascii(out);
	assert(sv_chr(out, '>') == out.n);
	out = escape(mem, SINK_HTML, s);
	check_seen(out);
	check_none_of(out, "<>\"'");
	out = escape(mem, SINK_MERMAID, s);
	check_seen(out);
	check_none_of(out, "<>\"`");
	check_uri(escape(mem, SINK_URI, s));
	out = shell_word(mem, s);
	check_seen(sv_has(s, SV("\n")) ? SV("") : out);
	check_inner_commands(out);
}

/* What was written to it. */
struct memory {
	FILE *f;
	char *p;
	size_t n;
};

static FILE *memory_open(struct memory *m)
{
	*m = (struct memory){ 0 };
	m->f = open_memstream(&m->p, &m->n);
	assert(m->f != NULL);
	return m->f;
}

static struct sv memory_text(struct memory *m, struct arena *mem)
{
	struct sv text;

	(void)fclose(m->f);
	text = arena_sv(mem, (struct sv){ m->p, m->n });
	free(m->p);
	return text;
}

/* One of each kind of thing that a report shows, with the parts in all of its
 * texts. */
static void fill(struct arena *mem, const struct parts *in,
		 const struct zone *zone, struct endpoints *set,
		 struct report_ctx *ctx)
{
	struct zone_changes *z = VEC_ADD(mem, &ctx->zones.list);
	static const enum change_kind kinds[] = { CHANGE_ADD, CHANGE_UPDATE,
						  CHANGE_DELETE };
	struct endpoint *e = endpoints_add(mem, set);
	struct provenance *p = VEC_ADD(mem, &e->from);

	e->name = SV("www.example.com");
	e->type = RR_TXT;
	*VEC_ADD(mem, &e->targets) = in->v[0];
	*VEC_ADD(mem, &e->targets) = in->v[1];
	p->at = (struct loc){ in->v[2], 7, 5 };
	p->kind = in->v[3];
	p->namespace = in->v[4];
	p->name = in->v[5];
	z->zone = zone;
	for (size_t i = 0; i < 3; i++)
		*VEC_ADD(mem, &z->changes.list) =
			(struct change){ kinds[i], i > 0 ? e : NULL,
					 i < 2 ? e : NULL };
	for (size_t i = 0; i < PARTS; i++)
		*VEC_ADD(mem, &ctx->remarks.list) = arena_fmt(
			mem, "It says " SV_FMT " here", SV_ARG(in->v[i]));
}

static void check_reports(const struct parts *in, struct report_ctx *ctx)
{
	struct memory m;

	report_find(SV("text"))->write(ctx, memory_open(&m));
	check_text(memory_text(&m, ctx->mem));
	report_find(SV("github"))->write(ctx, memory_open(&m));
	check_github(memory_text(&m, ctx->mem), ctx->diags->errors);
	report_find(SV("json"))->write(ctx, memory_open(&m));
	check_text(memory_text(&m, ctx->mem));
	report_find(SV("markdown"))->write(ctx, memory_open(&m));
	check_markdown(memory_text(&m, ctx->mem));
	diag_write(&ctx->diags->list.v[0], memory_open(&m));
	check_text(memory_text(&m, ctx->mem));
	print_text(memory_open(&m), "%s:" SV_FMT ": %-9.*s|\n " SV_FMT, "",
		   SV_ARG(in->v[0]), SV_ARG(in->v[1]), SV_ARG(in->v[2]));
	check_text(memory_text(&m, ctx->mem));
}

static void check_lists(struct arena *mem, const struct endpoints *set)
{
	struct memory m;

	output_yaml(memory_open(&m), set);
	check_text(memory_text(&m, mem));
	output_list_csv(memory_open(&m), set);
	check_csv(memory_text(&m, mem), 9);
	output_jsonl(memory_open(&m), set, false);
	check_text(memory_text(&m, mem));
}

/* In each format's plain mode; what it refuses, it says. */
static void check_outputs(struct arena *mem, const struct zone *zone,
			  const struct endpoints *set)
{
	for (const struct format *f = format_table; f->word; f++) {
		struct diags d = { .mem = mem };
		struct output_spec spec = {
			.format = sv_of(f->word),
			.mode = sv_of(format_plain_mode(f)->word),
		};
		struct output_ctx ctx = {
			.mem = mem, .diags = &d, .zone = zone, .spec = &spec
		};
		struct sv text = SV("");

		if (output_of(f)->write(&ctx, set, &text) == 0)
			check_text(text);
	}
}

static void check_message(struct arena *mem, const struct parts *in,
			  const struct zone *zone, const struct report_ctx *ctx)
{
	struct session s = { .mem = mem };
	struct commit_message_options opt = { .skip_ci = false };
	struct outputs o = { .zones = ctx->zones };
	struct sv text, line;

	*VEC_ADD(mem, &o.files) = (struct out_file){
		.zone = zone, .path = in->v[0], .text = SV("x"), .stale = true
	};
	*VEC_ADD(mem, &o.files) =
		(struct out_file){ .path = in->v[2], .stale = true };
	assert(commit_message_make(&s, &opt, &o, NULL, true, &text) == 0);
	check_text(text);
	for (size_t i = 0; sv_cut(&text, '\n', &line); i++) {
		/* Behind the name of the record, "+ TXT    www.example.com". */
		if (sv_has(line, SV("www.example.com")))
			line = sv_from(line, 24);
		else if (i > 0)
			check_no_trailer(line);
		check_commit(line);
	}
}

static void check_whole(struct arena *mem, const struct parts *in)
{
	struct diags d = { .mem = mem };
	struct zone zone = { .name = SV("example.com"),
			     .key = SV("example.com"),
			     .default_ttl = 300 };
	struct policy_changes policy = { 0 };
	struct endpoints set = { 0 };
	struct report_ctx ctx = { .mem = mem, .diags = &d, .policy = &policy };

	fill(mem, in, &zone, &set, &ctx);
	*VEC_ADD(mem, &policy.list) = (struct policy_change){
		in->v[3], in->v[4], in->v[5], { in->v[2], 1, 1 }, true
	};
	for (size_t i = 0; i < PARTS; i++)
		diag_file(&d, DIAG_CLAIM, DIAG_ERROR,
			  (struct loc){ in->v[PARTS - 1 - i], 3, 4 },
			  "host \"" SV_FMT "\": " SV_FMT, SV_ARG(in->v[i]),
			  SV_ARG(in->all));
	check_reports(in, &ctx);
	check_lists(mem, &set);
	check_outputs(mem, &zone, &set);
	check_message(mem, in, &zone, &ctx);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct parts in = { 0 };
	struct sv rest, part;

	in.all = arena_sv(mem, (struct sv){ (const char *)data, size });
	rest = in.all;
	for (size_t i = 0; i < PARTS; i++) {
		in.v[i] = SV("x");
		if (sv_cut(&rest, (char)PART_END, &part) && part.n > 0)
			in.v[i] = part;
	}
	check_sinks(mem, in.all);
	for (size_t i = 0; i < PARTS; i++)
		check_sinks(mem, in.v[i]);
	check_whole(mem, &in);
	arena_free(mem);
	return 0;
}
