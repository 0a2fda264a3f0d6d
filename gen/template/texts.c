/* Functions of sprig over text. */
#include <unicase.h>
#include <unictype.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/tree.h"

struct sv value_strval(struct filler *f, const struct value *v)
{
	struct buf b = { .mem = f->mem };

	if (v->kind == VALUE_STRING)
		return v->text;
	value_print_arg(f, &b, v);
	return buf_sv(&b);
}

static bool give(struct buf *b, struct value *out)
{
	*out = value_text(buf_sv(b));
	return true;
}

static bool is_space(uint32_t c)
{
	return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r')
			: c == 0x85 || c == 0xa0 || uc_is_space(c);
}

/* Character by character; `before` is the one in front, a blank at first. */
static bool each(struct filler *f, struct sv s,
		 uint32_t (*map)(uint32_t c, uint32_t before),
		 struct value *out)
{
	struct buf b = { .mem = f->mem };
	uint32_t before = ' ', c;

	while (s.n > 0) {
		size_t n = utf8_at(s, &c);

		utf8_put(&b, map(c, before));
		before = c;
		s = sv_from(s, n > 0 ? n : 1);
	}
	return give(&b, out);
}

static uint32_t to_upper(uint32_t c, uint32_t before)
{
	(void)before;
	return uc_toupper(c);
}

static uint32_t to_lower(uint32_t c, uint32_t before)
{
	(void)before;
	return uc_tolower(c);
}

/* As Go's strings.Title(): behind what is neither letter, digit nor "_". */
static uint32_t to_title(uint32_t c, uint32_t before)
{
	bool word = before == '_' || before == '\'' ? before == '_'
						    : uc_is_alnum(before);

	if (before > 0x7f && !word)
		word = !is_space(before);
	return word ? c : uc_totitle(c);
}

static uint32_t to_untitle(uint32_t c, uint32_t before)
{
	return is_space(before) ? uc_tolower(c) : c;
}

static uint32_t to_swapped(uint32_t c, uint32_t before)
{
	if (uc_is_upper(c))
		return uc_tolower(c);
	if (!uc_is_lower(c))
		return c;
	return is_space(before) ? uc_totitle(c) : uc_toupper(c);
}

#define EACH(name, map)                                                        \
 static bool name(struct filler *f, const struct value *args, size_t n,        \
		  struct value *out)                                           \
 {                                                                             \
  (void)n;                                                                     \
  return each(f, args[0].text, map, out);                                      \
 }

EACH(fn_upper, to_upper)
EACH(fn_lower, to_lower)
EACH(fn_title, to_title)
EACH(fn_untitle, to_untitle)
EACH(fn_swapcase, to_swapped)

/* Without characters of `set` at the left or right; NULL: blanks. */
static struct sv trimmed(struct sv s, const struct sv *set, bool left,
			 bool right)
{
	while (s.n > 0) {
		size_t last = s.n - 1, n;
		uint32_t c;

		n = utf8_at(s, &c);
		n = n > 0 ? n : 1;
		if (left &&
		    (set != NULL ? sv_has(*set, sv_head(s, n)) : is_space(c))) {
			s = sv_from(s, n);
			continue;
		}
		while (last > 0 && ((unsigned char)s.p[last] & 0xc0) == 0x80)
			last--;
		(void)utf8_at(sv_from(s, last), &c);
		if (!right || !(set != NULL ? sv_has(*set, sv_from(s, last))
					    : is_space(c)))
			break;
		s.n = last;
	}
	return s;
}

static bool fn_trim(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)f;
	(void)n;
	*out = value_text(trimmed(args[0].text, NULL, true, true));
	return true;
}

static bool fn_trim_all(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	(void)f;
	(void)n;
	*out = value_text(
		args[0].text.n > 0
			? trimmed(args[1].text, &args[0].text, true, true)
			: args[1].text);
	return true;
}

static bool fn_trim_prefix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv part = args[0].text, s = args[1].text;

	(void)f;
	(void)n;
	*out = value_text(sv_starts(s, part) ? sv_from(s, part.n) : s);
	return true;
}

static bool fn_trim_suffix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv part = args[0].text, s = args[1].text;

	(void)f;
	(void)n;
	*out = value_text(sv_ends(s, part) ? sv_head(s, s.n - part.n) : s);
	return true;
}

static bool fn_contains(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_has(args[1].text, args[0].text));
	return true;
}

static bool fn_has_prefix(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_starts(args[1].text, args[0].text));
	return true;
}

static bool fn_has_suffix(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_ends(args[1].text, args[0].text));
	return true;
}

/* An empty `old` stands before each character and at the end. */
static void replace_empty(struct buf *b, struct sv new, struct sv s)
{
	uint32_t c;

	while (s.n > 0 && b->n <= MAX_GO_TEMPLATE_TEXT) {
		size_t n = utf8_at(s, &c);

		buf_add(b, new);
		buf_add(b, sv_head(s, n > 0 ? n : 1));
		s = sv_from(s, n > 0 ? n : 1);
	}
	buf_add(b, new);
}

static void replace_in(struct buf *b, struct sv old, struct sv new, struct sv s)
{
	while (s.n > 0 && b->n <= MAX_GO_TEMPLATE_TEXT) {
		size_t hit = sv_find(s, old);

		buf_add(b, sv_head(s, hit));
		if (hit < s.n)
			buf_add(b, new);
		s = sv_from(s, hit < s.n ? hit + old.n : hit);
	}
}

static bool fn_replace(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };

	(void)n;
	if (args[0].text.n == 0)
		replace_empty(&b, args[1].text, args[2].text);
	else
		replace_in(&b, args[0].text, args[1].text, args[2].text);
	return give(&b, out);
}

static bool fn_repeat(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct buf b = { .mem = f->mem };

	(void)n;
	if (args[0].number < 0)
		return fill_fault(f, "repeat: negative count");
	for (int64_t i = 0; i < args[0].number && args[1].text.n > 0; i++) {
		if (b.n > MAX_GO_TEMPLATE_TEXT)
			return fill_fault(f, "more than %d bytes",
					  MAX_GO_TEMPLATE_TEXT);
		buf_add(&b, args[1].text);
	}
	return give(&b, out);
}

static bool fn_trunc(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	int64_t most = args[0].number, len = (int64_t)args[1].text.n;
	struct sv s = args[1].text;

	(void)f;
	(void)n;
	if (most < 0 && most > -len)
		s = sv_from(s, (size_t)(len + most));
	else if (most >= 0 && len > most)
		s = sv_head(s, (size_t)most);
	*out = value_text(s);
	return true;
}

static bool fn_substr(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	int64_t from = args[0].number, to = args[1].number;
	struct sv s = args[2].text;

	(void)n;
	if (from < 0)
		from = 0;
	else if (to < 0 || to > (int64_t)s.n)
		to = (int64_t)s.n;
	if (to < from || to > (int64_t)s.n)
		return fill_fault(f, "slice bounds out of range");
	*out = value_text(
		sv_head(sv_from(s, (size_t)from), (size_t)(to - from)));
	return true;
}

static bool fn_abbrev(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	int64_t most = args[0].number;
	struct sv s = args[1].text;

	(void)n;
	*out = args[1];
	if (most >= 4 && (int64_t)s.n > most)
		*out = value_text(
			arena_fmt(f->mem, SV_FMT "...",
				  SV_ARG(sv_head(s, (size_t)most - 3))));
	return true;
}

static bool fn_nospace(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv s = args[0].text;
	uint32_t c;

	while (s.n > 0) {
		n = utf8_at(s, &c);
		if (!is_space(c))
			utf8_put(&b, c);
		s = sv_from(s, n > 0 ? n : 1);
	}
	return give(&b, out);
}

static bool quoted(struct filler *f, const struct value *args, size_t n,
		   bool single, struct value *out)
{
	struct buf b = { .mem = f->mem };

	for (size_t i = 0; i < n; i++) {
		struct sv s = value_strval(f, &args[i]);

		if (value_absent(&args[i]))
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		if (single)
			buf_fmt(&b, "'" SV_FMT "'", SV_ARG(s));
		else
			buf_add(&b, value_quoted(f->mem, s));
	}
	return give(&b, out);
}

static bool fn_quote(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	return quoted(f, args, n, false, out);
}

static bool fn_squote(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	return quoted(f, args, n, true, out);
}

static bool fn_cat(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	struct buf b = { .mem = f->mem };
	size_t printed = 0;

	for (size_t i = 0; i < n; i++) {
		if (value_absent(&args[i]))
			continue;
		if (printed++ > 0)
			buf_char(&b, ' ');
		value_print_arg(f, &b, &args[i]);
	}
	return give(&b, out);
}

static bool indent(struct filler *f, const struct value *args, const char *head,
		   struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv rest = args[1].text, line;

	if (args[0].number < 0 || args[0].number > 1000)
		return fill_fault(f, "indent: expected 0 to 1000 blanks");
	buf_add(&b, sv_of(head));
	if (rest.p == NULL)
		rest = SV("");
	for (bool first = true; sv_cut(&rest, '\n', &line); first = false) {
		if (b.n > MAX_GO_TEMPLATE_TEXT)
			return fill_fault(f, "more than %d bytes",
					  MAX_GO_TEMPLATE_TEXT);
		buf_fmt(&b, "%s%*s", first ? "" : "\n", (int)args[0].number,
			"");
		buf_add(&b, line);
	}
	return give(&b, out);
}

static bool fn_indent(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)n;
	return indent(f, args, "", out);
}

static bool fn_nindent(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return indent(f, args, "\n", out);
}

static bool fn_plural(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)f;
	(void)n;
	*out = args[2].number == 1 ? args[0] : args[1];
	return true;
}

static bool fn_to_string(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	*out = value_text(value_strval(f, &args[0]));
	return true;
}

static const struct function rows[] = {
	{ "abbrev", "is", fn_abbrev, 0, 0 },
	{ "cat", "a*", fn_cat, 0, 0 },
	{ "contains", "ss", fn_contains, 0, 0 },
	{ "hasPrefix", "ss", fn_has_prefix, 0, 0 },
	{ "hasSuffix", "ss", fn_has_suffix, 0, 0 },
	{ "indent", "is", fn_indent, 0, 0 },
	{ "lower", "s", fn_lower, 0, 0 },
	{ "nindent", "is", fn_nindent, 0, 0 },
	{ "nospace", "s", fn_nospace, 0, 0 },
	{ "plural", "ssi", fn_plural, 0, 0 },
	{ "quote", "a*", fn_quote, 0, 0 },
	{ "repeat", "is", fn_repeat, 0, 0 },
	{ "replace", "sss", fn_replace, 0, 0 },
	{ "squote", "a*", fn_squote, 0, 0 },
	{ "substr", "iis", fn_substr, 0, 0 },
	{ "swapcase", "s", fn_swapcase, 0, 0 },
	{ "title", "s", fn_title, 0, 0 },
	{ "toString", "a", fn_to_string, 0, 0 },
	{ "trim", "s", fn_trim, 0, 0 },
	{ "trimAll", "ss", fn_trim_all, 0, 0 },
	{ "trimPrefix", "ss", fn_trim_prefix, 0, 0 },
	{ "trimSuffix", "ss", fn_trim_suffix, 0, 0 },
	{ "trimall", "ss", fn_trim_all, 0, 0 },
	{ "trunc", "is", fn_trunc, 0, 0 },
	{ "untitle", "s", fn_untitle, 0, 0 },
	{ "upper", "s", fn_upper, 0, 0 },
};

const struct function_list sprig_texts = { rows,
					   sizeof(rows) / sizeof(rows[0]) };
