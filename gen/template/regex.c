/* Regular expressions of sprig: RE2's syntax, as everywhere. */
#include "base/limits.h"
#include "base/pattern.h"
#include "base/utf8.h"
#include "template/tree.h"

static bool compiled(struct filler *f, struct sv text, struct pattern **out)
{
	const char *fault = pattern_compile_groups(f->mem, text, out);

	return fault == NULL || fill_fault(f, "regular expression: %s", fault);
}

/* The next match from `from` on; false: none, or a fault. */
static bool find(struct filler *f, const struct pattern *p, struct sv s,
		 size_t from, struct pattern_groups *g)
{
	enum pattern_result r;

	f->steps += 1 + (s.n - from) / 64;
	if (f->steps > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	r = pattern_find(f->mem, p, s, from, g);
	if (r == PATTERN_TOO_MUCH)
		(void)fill_fault(f, "regular expression: too many steps");
	return r == PATTERN_HIT && g->v != NULL;
}

/* All of a match. */
static struct sv whole(const struct pattern_groups *g)
{
	return g->v != NULL ? g->v[0] : SV("");
}

/* Every match, left to right: an empty one right behind another is none. */
static bool find_all(struct filler *f, const struct pattern *p, struct sv s,
		     int64_t most, struct pattern_groups **out, size_t *n)
{
	VEC(struct pattern_groups) all = { 0 };
	size_t from = 0, end = SIZE_MAX;
	struct pattern_groups g = { 0 };

	while (from <= s.n && (most < 0 || all.n < (size_t)most) &&
	       find(f, p, s, from, &g)) {
		struct sv hit = whole(&g);
		size_t start = (size_t)(hit.p - s.p);
		bool empty = hit.n == 0;
		uint32_t code;

		if (!empty || start != end)
			*VEC_ADD(f->mem, &all) = g;
		end = from = start + hit.n;
		if (empty && from < s.n)
			from += utf8_at(sv_from(s, from), &code);
		else if (empty)
			from++;
	}
	*out = all.v;
	*n = all.n;
	return f->fault == NULL;
}

static bool matches(struct filler *f, const struct value *args, int64_t most,
		    struct pattern_groups **all, size_t *n)
{
	struct pattern *p = NULL;

	return compiled(f, args[0].text, &p) &&
	       find_all(f, p, args[1].text.p != NULL ? args[1].text : SV(""),
			most, all, n);
}

static bool fn_match(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct pattern_groups *all;

	if (!matches(f, args, 1, &all, &n))
		return false;
	*out = value_bool(n > 0);
	return true;
}

static bool fn_find(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct pattern_groups *all;

	if (!matches(f, args, 1, &all, &n))
		return false;
	*out = value_text(n > 0 ? whole(&all[0]) : SV(""));
	return true;
}

static bool fn_find_all(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct pattern_groups *all;
	struct value *made;

	if (!matches(f, args, args[2].number, &all, &n))
		return false;
	made = ARENA_ARRAY(f->mem, struct value, n + 1);
	for (size_t i = 0; i < n; i++)
		made[i] = value_text(whole(&all[i]));
	*out = value_list(made, n, true);
	return true;
}

/* The name behind "$", with or without braces; 0: it is none. */
static size_t group_name(struct sv s, struct sv *name)
{
	bool braces = s.n > 1 && s.p[1] == '{';
	size_t first = braces ? 2 : 1, n = first;

	while (n < s.n &&
	       (s.p[n] == '_' || (s.p[n] >= '0' && s.p[n] <= '9') ||
		(sv_lower_char(s.p[n]) >= 'a' && sv_lower_char(s.p[n]) <= 'z')))
		n++;
	*name = sv_head(sv_from(s, first), n - first);
	if (n == first || (braces && (n == s.n || s.p[n] != '}')))
		return 0;
	return braces ? n + 1 : n;
}

/* "$1", "${1}", "$$" in what is put in.  pcre2 sees no names of groups. */
static bool expand(struct filler *f, struct buf *b, struct sv s,
		   const struct pattern_groups *g, bool has_names)
{
	while (s.n > 0) {
		size_t dollar = sv_chr(s, '$'), used;
		unsigned long long i;
		struct sv name = SV("");

		buf_add(b, sv_head(s, dollar));
		s = sv_from(s, dollar);
		if (s.n == 0)
			break;
		used = s.n > 1 && s.p[1] == '$' ? 2 : group_name(s, &name);
		if (used < 2 || s.p[1] == '$') {
			buf_char(b, '$');
			s = sv_from(s, used > 0 ? used : 1);
			continue;
		}
		if (sv_number(name, 1000, &i))
			buf_add(b, i < g->n ? g->v[i] : SV(""));
		else if (has_names)
			return fill_fault(f, "names of groups in what replaces "
					     "them are not supported");
		s = sv_from(s, used);
	}
	return true;
}

static bool replace(struct filler *f, const struct value *args, bool literal,
		    struct value *out)
{
	bool names = sv_has(args[0].text, SV("(?P<")) ||
		     sv_has(args[0].text, SV("(?<"));
	struct buf b = { .mem = f->mem };
	struct sv s = args[1].text.p != NULL ? args[1].text : SV("");
	struct pattern_groups *all;
	size_t n, at = 0;

	if (!matches(f, args, -1, &all, &n))
		return false;
	for (size_t i = 0; i < n && b.n <= MAX_GO_TEMPLATE_TEXT; i++) {
		size_t start = (size_t)(whole(&all[i]).p - s.p);

		buf_add(&b, sv_head(sv_from(s, at), start - at));
		if (literal)
			buf_add(&b, args[2].text);
		else if (!expand(f, &b, args[2].text, &all[i], names))
			return false;
		at = start + whole(&all[i]).n;
	}
	buf_add(&b, sv_from(s, at));
	*out = value_text(buf_sv(&b));
	return true;
}

static bool fn_replace_all(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	(void)n;
	return replace(f, args, false, out);
}

static bool fn_replace_literal(struct filler *f, const struct value *args,
			       size_t n, struct value *out)
{
	(void)n;
	return replace(f, args, true, out);
}

/* As Go's Split(): at most `most` parts, the last is what is left. */
static bool fn_split(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	int64_t most = args[2].number;
	struct sv s = args[1].text.p != NULL ? args[1].text : SV("");
	struct pattern_groups *all;
	VEC(struct value) made = { 0 };
	size_t begin = 0, end = 0;

	*out = value_list(NULL, 0, true);
	if (!matches(f, args, most, &all, &n) || most == 0)
		return f->fault == NULL;
	for (size_t i = 0; i < n; i++) {
		size_t start = (size_t)(whole(&all[i]).p - s.p);

		if (most > 0 && made.n + 1 == (size_t)most)
			break;
		end = start;
		if (start + whole(&all[i]).n > 0)
			*VEC_ADD(f->mem, &made) = value_text(
				sv_head(sv_from(s, begin), end - begin));
		begin = start + whole(&all[i]).n;
	}
	if (end != s.n || (s.n == 0 && args[0].text.n > 0))
		*VEC_ADD(f->mem, &made) = value_text(sv_from(s, begin));
	*out = value_list(made.v, made.n, true);
	return true;
}

static bool fn_quote_meta(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv s = args[0].text;

	(void)n;
	for (size_t i = 0; i < s.n; i++) {
		if (sv_chr(SV("\\.+*?()|[]{}^$"), s.p[i]) < 14)
			buf_char(&b, '\\');
		buf_char(&b, s.p[i]);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

static const struct function rows[] = {
	{ "mustRegexFind", "ss", fn_find, 0, 0 },
	{ "mustRegexFindAll", "ssi", fn_find_all, 0, 0 },
	{ "mustRegexMatch", "ss", fn_match, 0, 0 },
	{ "mustRegexReplaceAll", "sss", fn_replace_all, 0, 0 },
	{ "mustRegexReplaceAllLiteral", "sss", fn_replace_literal, 0, 0 },
	{ "mustRegexSplit", "ssi", fn_split, 0, 0 },
	{ "regexFind", "ss", fn_find, 0, 0 },
	{ "regexFindAll", "ssi", fn_find_all, 0, 0 },
	{ "regexMatch", "ss", fn_match, 0, 0 },
	{ "regexQuoteMeta", "s", fn_quote_meta, 0, 0 },
	{ "regexReplaceAll", "sss", fn_replace_all, 0, 0 },
	{ "regexReplaceAllLiteral", "sss", fn_replace_literal, 0, 0 },
	{ "regexSplit", "ssi", fn_split, 0, 0 },
};

const struct function_list sprig_regex = { rows,
					   sizeof(rows) / sizeof(rows[0]) };
