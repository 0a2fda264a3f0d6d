/* JSON in and out, as Go's encoding/json has it. */
#include <math.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/tree.h"

static void put_text(struct buf *b, struct sv s, bool html)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

	buf_char(b, '"');
	while (s.n > 0) {
		unsigned char c = (unsigned char)s.p[0];
		size_t hit = sv_chr(sv_of(from), s.p[0]);
		uint32_t code = c;
		size_t n = c < 0x80 ? 1 : utf8_at(s, &code);

		if (hit < sizeof(from) - 1)
			buf_fmt(b, "\\%c", to[hit]);
		else if (n == 0)
			buf_add(b, SV("\\ufffd"));
		else if (c < 0x20 || code == 0x2028 || code == 0x2029 ||
			 (html && (c == '<' || c == '>' || c == '&')))
			buf_fmt(b, "\\u%04x", (unsigned)code);
		else
			buf_add(b, sv_head(s, n));
		s = sv_from(s, n > 0 ? n : 1);
	}
	buf_char(b, '"');
}

static void put_items(struct filler *f, struct buf *b, const struct value *v,
		      bool html)
{
	struct items all = value_items(f, v);

	buf_char(b, all.keys != NULL ? '{' : '[');
	for (size_t i = 0; i < all.n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (all.keys != NULL) {
			put_text(b, all.keys[i], html);
			buf_char(b, ':');
		}
		value_json(f, b, &all.values[i], html);
	}
	buf_char(b, all.keys != NULL ? '}' : ']');
}

void value_json(struct filler *f, struct buf *b, const struct value *v,
		bool html)
{
	if (b->n > MAX_GO_TEMPLATE_TEXT || f->depth > MAX_GO_TEMPLATE_DEPTH) {
		(void)fill_fault(f, "JSON too long or too deep");
		return;
	}
	f->depth++;
	switch (v->kind) {
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_HOST:
		buf_add(b, SV("null"));
		break;
	case VALUE_BOOL:
		buf_add(b, v->yes ? SV("true") : SV("false"));
		break;
	case VALUE_INT:
		buf_fmt(b, "%lld", (long long)v->number);
		break;
	case VALUE_FLOAT:
		if (isfinite(v->real))
			buf_add(b, go_json_float(f->mem, v->real));
		break;
	case VALUE_STRING:
	case VALUE_ZERO:
		put_text(b, v->text, html);
		break;
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
		put_items(f, b, v, html);
		break;
	}
	f->depth--;
}

static bool json_value(struct sv *s, unsigned depth);

static void blanks(struct sv *s)
{
	while (s->n > 0 && sv_chr(SV(" \t\r\n"), s->p[0]) < 4)
		*s = sv_from(*s, 1);
}

static bool take(struct sv *s, struct sv word)
{
	if (!sv_starts(*s, word))
		return false;
	*s = sv_from(*s, word.n);
	return true;
}

static bool json_text(struct sv *s)
{
	if (!take(s, SV("\"")))
		return false;
	while (s->n > 0 && s->p[0] != '"') {
		if ((unsigned char)s->p[0] < 0x20)
			return false;
		if (take(s, SV("\\")) &&
		    (s->n == 0 || sv_chr(SV("\"\\/bfnrtu"), s->p[0]) == 9))
			return false;
		*s = sv_from(*s, 1);
	}
	return take(s, SV("\""));
}

static size_t digits(struct sv *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*s = sv_from(*s, n);
	return n;
}

static bool json_number(struct sv *s)
{
	(void)take(s, SV("-"));
	if (!take(s, SV("0")) && digits(s) == 0)
		return false;
	if (take(s, SV(".")) && digits(s) == 0)
		return false;
	if (!take(s, SV("e")) && !take(s, SV("E")))
		return true;
	if (!take(s, SV("+")))
		(void)take(s, SV("-"));
	return digits(s) > 0;
}

/* What stands between "[" or "{" and its end. */
static bool json_items(struct sv *s, bool map, struct sv end, unsigned depth)
{
	blanks(s);
	if (take(s, end))
		return true;
	for (;;) {
		blanks(s);
		if (map && !json_text(s))
			return false;
		blanks(s);
		if ((map && !take(s, SV(":"))) || !json_value(s, depth))
			return false;
		blanks(s);
		if (!take(s, SV(",")))
			return take(s, end);
	}
}

static bool json_value(struct sv *s, unsigned depth)
{
	blanks(s);
	if (depth > MAX_GO_TEMPLATE_DEPTH)
		return false;
	if (take(s, SV("{")))
		return json_items(s, true, SV("}"), depth + 1);
	if (take(s, SV("[")))
		return json_items(s, false, SV("]"), depth + 1);
	if (take(s, SV("true")) || take(s, SV("false")) || take(s, SV("null")))
		return true;
	return sv_starts(*s, SV("\"")) ? json_text(s) : json_number(s);
}

static bool is_json(struct sv s)
{
	if (!json_value(&s, 0))
		return false;
	blanks(&s);
	return s.n == 0;
}

/* JSON is YAML: the reader of manifests reads what is JSON. */
bool value_from_json(struct filler *f, struct sv text, struct value *out)
{
	struct documents docs = { 0 };
	struct diags ignored = { .mem = f->mem };

	if (text.n > MAX_GO_TEMPLATE_TEXT || !is_json(text) ||
	    manifest_parse(f->mem, &ignored, SV("fromJson"), text, &docs) < 0 ||
	    docs.list.n != 1)
		return false;
	*out = value_data(docs.list.v[0]);
	return true;
}
