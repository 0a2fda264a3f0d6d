#include "base/escape.h"

#include "base/buf.h"
#include "base/utf8.h"

enum form {
	AS_BACKSLASH, /* \" */
	AS_BYTES,     /* \xHH each */
	AS_DECIMAL,   /* \DDD each */
	AS_ENTITY,    /* &#D; */
	AS_MARK,      /* ? each */
	AS_NUMBER,    /* #D; as Mermaid has it */
	AS_PERCENT,   /* %HH each */
	AS_TWICE,     /* "" */
	AS_UNICODE,   /* \uHHHH, \UHHHHHHHH */
	AS_UNITS,     /* \uHHHH, in two halves where it must be */
	AS_IT_IS
};

enum rule {
	RULE_ASCII = 1,	     /* every other byte is hidden */
	RULE_CLEAN = 2,	     /* bytes that are not UTF-8 become U+FFFD */
	RULE_LINE = 4,	     /* it may stand at the start of a line */
	RULE_AT = 8,	     /* @mentions */
	RULE_LINK = 16,	     /* what becomes a link by itself */
	RULE_REFERENCE = 32, /* issues, merge requests, ***NO_CI*** */
	RULE_TRAILER = 64,   /* "Key: value" */
};

/* Code points that no reader sees as they are: those of the general categories
 * Cc, Cf, Co, Zl, Zp and Zs, but for the space, and Default_Ignorable; the last
 * two of each plane are noncharacters, too. */
static const struct {
	uint32_t first, last;
} misleading[] = {
	{ 0x0, 0x1f },	       /* C0, with line ends */
	{ 0x7f, 0xa0 },	       /* DEL, C1, no-break space */
	{ 0xad, 0xad },	       /* soft hyphen */
	{ 0x34f, 0x34f },      /* combining grapheme joiner */
	{ 0x600, 0x605 },      /* Arabic number signs */
	{ 0x61c, 0x61c },      /* Arabic letter mark */
	{ 0x6dd, 0x6dd },      /* end of ayah */
	{ 0x70f, 0x70f },      /* Syriac abbreviation */
	{ 0x890, 0x891 },      /* Arabic pound marks */
	{ 0x8e2, 0x8e2 },      /* disputed end of ayah */
	{ 0x115f, 0x1160 },    /* Hangul fillers */
	{ 0x1680, 0x1680 },    /* ogham space */
	{ 0x17b4, 0x17b5 },    /* Khmer inherent vowels */
	{ 0x180b, 0x180f },    /* Mongolian selectors */
	{ 0x2000, 0x200f },    /* blanks, zero-width, LRM, RLM */
	{ 0x2028, 0x202f },    /* line separators, embeddings, overrides */
	{ 0x205f, 0x206f },    /* blank, joiner, invisible, isolates */
	{ 0x2800, 0x2800 },    /* empty braille */
	{ 0x3000, 0x3000 },    /* ideographic space */
	{ 0x3164, 0x3164 },    /* Hangul filler */
	{ 0xe000, 0xf8ff },    /* private use */
	{ 0xfdd0, 0xfdef },    /* noncharacters */
	{ 0xfe00, 0xfe0f },    /* variation selectors */
	{ 0xfeff, 0xfeff },    /* byte order mark */
	{ 0xffa0, 0xffa0 },    /* Hangul filler */
	{ 0xfff0, 0xfffb },    /* ignorable, interlinear */
	{ 0x110bd, 0x110bd },  /* Kaithi number sign */
	{ 0x110cd, 0x110cd },  /* the same, above */
	{ 0x13430, 0x1345f },  /* hieroglyph controls */
	{ 0x1bca0, 0x1bca3 },  /* shorthand controls */
	{ 0x1d173, 0x1d17a },  /* musical controls */
	{ 0xe0000, 0xe0fff },  /* tags, selectors */
	{ 0xf0000, 0x10ffff }, /* private use */
};

bool text_misleads(uint32_t code)
{
	enum { ROWS = sizeof(misleading) / sizeof(misleading[0]) };

	for (size_t i = 0; i < ROWS && misleading[i].first <= code; i++)
		if (code <= misleading[i].last)
			return true;
	return (code & 0xfffe) == 0xfffe;
}

/* Marks that are put on the letter before: a stack of them runs over the
 * lines around, and one without a letter goes on our own text. */
static bool is_mark(uint32_t code)
{
	return (code >= 0x300 && code <= 0x36f) ||
	       (code >= 0x483 && code <= 0x489) ||
	       (code >= 0x1ab0 && code <= 0x1aff) ||
	       (code >= 0x1dc0 && code <= 0x1dff) ||
	       (code >= 0x20d0 && code <= 0x20ff) ||
	       (code >= 0xfe20 && code <= 0xfe2f);
}

static bool is_letter(char c)
{
	c = sv_lower_char(c);
	return c >= 'a' && c <= 'z';
}

static bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Where in the text the writer is. */
struct cursor {
	struct sv all;
	size_t at;
	size_t marks; /* in a row before it */
};

static char char_at(const struct cursor *t, size_t ahead)
{
	return t->at + ahead < t->all.n ? t->all.p[t->at + ahead] : '\0';
}

static char char_before(const struct cursor *t)
{
	return t->at > 0 ? t->all.p[t->at - 1] : '\0';
}

bool command_follows(struct sv s)
{
	size_t i = 1;

	while (i < s.n && is_word(s.p[i]))
		i++;
	return s.n > i && s.p[0] == '#' && s.p[i] == '[';
}

static bool starts_command(const struct cursor *t)
{
	return command_follows(sv_from(t->all, t->at));
}

/* "::x::" is read behind blanks, too; "---", "+++", "~~~" and "^^^" start a
 * group of Buildkite's log. */
static bool starts_line(const struct cursor *t)
{
	char c = char_at(t, 0);
	size_t blanks = 0;

	while (blanks < t->at && t->all.p[blanks] == ' ')
		blanks++;
	return blanks == t->at &&
	       (c == ':' || (is_one_of(c, "-+~^") && char_at(t, 1) == c &&
			     char_at(t, 2) == c));
}

/* Left alone: the "@" of "example.org@internal", a view of a zone, which
 * nobody takes for a mention, an address or the commit of a repository. */
static bool starts_mention(const struct cursor *t)
{
	size_t n = 1, others = 0;
	char c;

	if (char_at(t, 0) != '@')
		return false;
	while (is_word(c = char_at(t, n)) || c == '-') {
		others += c == '-' || sv_lower_char(c) > 'f';
		n++;
	}
	return !is_word(char_before(t)) || others == 0 ||
	       (c != ' ' && t->at + n < t->all.n);
}

static bool case_ends(struct sv s, struct sv tail)
{
	return s.n >= tail.n && sv_case_eq(sv_from(s, s.n - tail.n), tail);
}

static bool starts_link(const struct cursor *t)
{
	struct sv before = sv_head(t->all, t->at);
	struct sv after = sv_from(t->all, t->at);

	if (sv_starts(after, SV(":")))
		return sv_starts(after, SV("://")) ||
		       case_ends(before, SV("mailto")) ||
		       case_ends(before, SV("xmpp"));
	return !is_word(char_before(t)) &&
	       sv_case_eq(sv_head(after, 4), SV("www."));
}

/* "GH-1" of GitHub; "!1", "~1", "%1", "$1" and "&1" of GitLab. */
static bool starts_reference(const struct cursor *t)
{
	char c = char_at(t, 0), next = char_at(t, 1);
	bool number = next >= '0' && next <= '9';

	if (c == '-')
		return number && t->at > 1 &&
		       sv_case_eq(sv_head(sv_from(t->all, t->at - 2), 2),
				  SV("gh"));
	if (c == '*')
		return next == '*' && char_at(t, 2) == '*';
	return is_one_of(c, "!~%$&") && (number || next == '"');
}

/* The ":" of "Signed-off-by: "; not that of an IPv6 address. */
static bool ends_key(const struct cursor *t)
{
	char next = char_at(t, 1);
	size_t n = 0;

	while (n < t->at && (is_word(t->all.p[n]) || t->all.p[n] == '-'))
		n++;
	return char_at(t, 0) == ':' && n > 0 &&
	       sv_trim(sv_head(t->all, t->at)).n == n &&
	       (n > 4 || next == ' ' || t->at + 1 == t->all.n);
}

static const struct {
	unsigned rule; /* 0: of every sink */
	bool (*is)(const struct cursor *t);
} active[] = {
	{ 0, starts_command },
	{ RULE_LINE, starts_line },
	{ RULE_AT, starts_mention },
	{ RULE_LINK, starts_link },
	{ RULE_REFERENCE, starts_reference },
	{ RULE_TRAILER, ends_key },
};

static struct sv as_it_is(struct arena *mem, struct sv s)
{
	(void)mem;
	return s;
}

static struct sv quoted(struct arena *mem, struct sv s)
{
	return arena_fmt(mem, "\"" SV_FMT "\"", SV_ARG(s));
}

/* No "`" is left in it, so one on each side is enough. */
static struct sv code_span(struct arena *mem, struct sv s)
{
	return s.n == 0 ? s : arena_fmt(mem, "`" SV_FMT "`", SV_ARG(s));
}

/* A spreadsheet runs a cell that begins so (CWE-1236), some behind blanks, in
 * Japan in full width. */
static bool is_formula(struct sv s)
{
	uint32_t code;

	s = sv_trim(s);
	(void)utf8_at(s, &code);
	return s.n > 0 && (is_one_of(s.p[0], "=+-@") || code == 0xff1d ||
			   code == 0xff0b || code == 0xff0d || code == 0xff20);
}

/* RFC 4180, quoted where it must be, and where a line must not start so. */
static struct sv csv_cell(struct arena *mem, struct sv s)
{
	bool formula = is_formula(s);
	bool bare = !formula && sv_chr(s, '"') == s.n &&
		    sv_chr(s, ',') == s.n &&
		    (s.n == 0 || !is_one_of(sv_trim(s).p[0], ":~^"));

	return bare ? s
		    : arena_fmt(mem, "\"%s" SV_FMT "\"", formula ? "'" : "",
				SV_ARG(s));
}

static const struct sink_row {
	enum form hidden;
	const char *chars;
	enum form as;
	unsigned rules;
	struct sv (*wrap)(struct arena *mem, struct sv s);
} sinks[] = {
#define SINK(id, hidden, chars, as, rules, wrap)                               \
 [SINK_##id] = { AS_##hidden, chars, AS_##as, rules, wrap },
#include "base/sink.def"
#undef SINK
};

static void put_units(struct buf *b, uint32_t code)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		buf_fmt(b, "\\u%04x", 0xd800U + (unsigned)(code >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	buf_fmt(b, "\\u%04x", (unsigned)code);
}

static void put_byte(struct buf *b, enum form form, char c)
{
	unsigned char byte = (unsigned char)c;

	if (form == AS_BYTES)
		buf_fmt(b, "\\x%02x", byte);
	else if (form == AS_DECIMAL)
		buf_fmt(b, "\\%03u", byte);
	else if (form == AS_ENTITY)
		buf_fmt(b, "&#%u;", byte);
	else if (form == AS_NUMBER)
		buf_fmt(b, "#%u;", byte);
	else if (form == AS_PERCENT)
		buf_fmt(b, "%%%02X", byte);
	else if (form == AS_MARK)
		buf_char(b, '?');
	else
		buf_fmt(b, "%c%c", form == AS_TWICE ? c : '\\', c);
}

static void put(struct buf *b, enum form form, struct sv bytes, uint32_t code)
{
	if (form == AS_UNITS)
		put_units(b, code);
	else if (form == AS_UNICODE)
		buf_fmt(b, code < 0x10000 ? "\\u%04x" : "\\U%08x",
			(unsigned)code);
	else
		for (size_t i = 0; i < bytes.n; i++)
			put_byte(b, form, bytes.p[i]);
}

/* `n` 0: a byte that is not UTF-8. */
static enum form form_at(const struct sink_row *row, const struct cursor *t,
			 size_t n, uint32_t code)
{
	if (n == 0 || text_misleads(code) ||
	    (code > 0x7f && (row->rules & RULE_ASCII)))
		return row->hidden;
	if (code > 0x7f)
		return is_mark(code) && (t->at == 0 || t->marks > 1)
			       ? row->hidden
			       : AS_IT_IS;
	/* Of those, only "www." is active. */
	if (is_word((char)code) && sv_lower_char((char)code) != 'w')
		return AS_IT_IS;
	if (is_one_of((char)code, row->chars))
		return row->as;
	for (size_t i = 0; i < sizeof(active) / sizeof(active[0]); i++)
		if ((active[i].rule == 0 || (row->rules & active[i].rule)) &&
		    active[i].is(t))
			return row->hidden;
	return AS_IT_IS;
}

struct sv escape(struct arena *mem, enum sink sink, struct sv s)
{
	const struct sink_row *row = &sinks[sink];
	struct cursor t = { .all = s };
	struct buf b = { .mem = mem };
	size_t n, plain = 0; /* from there on, nothing is written yet */
	uint32_t code;

	if (row->rules & RULE_CLEAN)
		t.all = utf8_clean(mem, s);
	for (; t.at<t.all.n; t.at += n> 0 ? n : 1) {
		struct sv rest = sv_from(t.all, t.at);
		enum form form;

		n = utf8_at(rest, &code);
		form = form_at(row, &t, n, code);
		t.marks = is_mark(code) ? t.marks + 1 : 0;
		if (form == AS_IT_IS)
			continue;
		buf_add(&b, sv_head(sv_from(t.all, plain), t.at - plain));
		put(&b, form, sv_head(rest, n > 0 ? n : 1), code);
		plain = t.at + (n > 0 ? n : 1);
	}
	buf_add(&b, sv_from(t.all, plain));
	return row->wrap(mem, buf_sv(&b));
}

struct sv text_escape(struct arena *mem, struct sv s)
{
	return escape(mem, SINK_TEXT, s);
}

size_t text_shown(struct sv s)
{
	struct cursor t = { .all = s };
	uint32_t code;
	size_t n;

	for (; t.at < s.n; t.at += n) {
		n = utf8_at(sv_from(s, t.at), &code);
		if (form_at(&sinks[SINK_TEXT], &t, n, code) != AS_IT_IS)
			break;
		t.marks = is_mark(code) ? t.marks + 1 : 0;
	}
	return t.at;
}

/* A word or a small number of a sentence, with what may stand around it.
 * Seven digits of hexadecimal may be a commit. */
static bool is_plain(struct sv word)
{
	size_t letters = 0, hex = 0;

	if (sv_starts(word, SV("(")))
		word = sv_from(word, 1);
	while (word.n > 0 && is_one_of(word.p[word.n - 1], ",;:.)"))
		word.n--;
	for (size_t i = 0; i < word.n; i++) {
		bool inner = i > 0 && i + 1 < word.n &&
			     is_word(word.p[i - 1]) && is_word(word.p[i + 1]);
		bool between = inner && is_letter(word.p[i - 1]) ==
						is_letter(word.p[i + 1]);

		if (!is_word(word.p[i]) &&
		    !(between &&
		      is_one_of(word.p[i],
				is_letter(word.p[i + 1]) ? "-'" : ".")))
			return false;
		letters +=
			is_letter(word.p[i]) && sv_lower_char(word.p[i]) > 'f';
		hex += is_word(word.p[i]);
	}
	return word.n > 0 && (letters > 0 || hex < 7);
}

struct sv escape_prose(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };
	struct sv rest = s, word, code = SV("");

	while (sv_cut(&rest, ' ', &word)) {
		bool plain = is_plain(word);

		if (plain || code.n == 0) {
			buf_add(&b, escape(mem, SINK_MARKDOWN, code));
			if (b.n > 0)
				buf_char(&b, ' ');
			code = SV("");
		}
		if (plain)
			buf_add(&b, word);
		else if (code.n == 0)
			code = word;
		else
			code.n = (size_t)(word.p + word.n - code.p);
	}
	buf_add(&b, escape(mem, SINK_MARKDOWN, code));
	return buf_sv(&b);
}
