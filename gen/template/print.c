/*
 * printf of templates: Go's fmt, for the kinds of values that templates have.
 *
 * A value that does not fit its verb is not a fault: it is printed as
 * "%!d(string=x)", as Go does.  Widths are bounded, since "%999999d" is short.
 */
#include <stdlib.h>

#include <unictype.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/tree.h"

struct directive {
	bool minus, plus, sharp, space, zero;
	bool has_width, has_precision;
	size_t width, precision;
	struct sv verb; /* one UTF-8 sequence */
};

struct printer {
	struct filler *f;
	struct sv rest; /* of the format */
	const struct value *args;
	size_t n, used;
	bool reordered, good, after_index;
	struct buf *out;
};

static bool is_verb(const struct directive *d, const char *verbs)
{
	return d->verb.n == 1 && strchr(verbs, d->verb.p[0]) != NULL;
}

/* Code points, as Go counts widths. */
static size_t runes(struct sv s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void put_padding(struct buf *out, const struct directive *d, size_t n)
{
	while (n-- > 0)
		buf_char(out, d->zero && !d->minus ? '0' : ' ');
}

static void put_padded(struct buf *out, const struct directive *d, struct sv s)
{
	size_t have = runes(s);
	size_t missing = d->has_width && d->width > have ? d->width - have : 0;

	if (!d->minus)
		put_padding(out, d, missing);
	buf_add(out, s);
	if (d->minus)
		put_padding(out, d, missing);
}

static void put_value(struct printer *p, struct buf *out,
		      const struct directive *d, const struct value *v,
		      size_t depth);

const char *value_type(const struct value *v)
{
	switch (v->kind) {
	case VALUE_BOOL:
		return "bool";
	case VALUE_INT:
		return v->wide ? "int64" : "int";
	case VALUE_FLOAT:
		return "float64";
	case VALUE_STRING:
	case VALUE_ZERO:
		return v->strings	? "map[string]string"
		       : v->mark == '{' ? "map[string]interface {}"
					: "string";
	case VALUE_LIST:
		return v->strings ? "[]string" : "[]interface {}";
	case VALUE_NODE:
		if (v->node->kind != NODE_MAP)
			return "[]interface {}";
		return v->strings ? "map[string]string"
				  : "map[string]interface {}";
	case VALUE_DICT:
		return "map[string]interface {}";
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_HOST:
		break;
	}
	return "<nil>";
}

/* The name of its type in Go. */
static void put_type(struct buf *out, const struct value *v)
{
	struct sv name = v->type.n > 0 ? v->type : sv_of(value_type(v));

	for (size_t i = 0; i < name.n; i++)
		buf_char(out, name.p[i] == '~' ? ' ' : name.p[i]);
}

static void put_bad_verb(struct printer *p, struct buf *out,
			 const struct directive *d, const struct value *v)
{
	struct directive plain = *d;

	plain.verb = SV("v");
	buf_fmt(out, "%%!" SV_FMT "(", SV_ARG(d->verb));
	if (value_absent(v)) {
		buf_add(out, SV("<nil>"));
	} else {
		put_type(out, v);
		buf_char(out, '=');
		put_value(p, out, &plain, v, 1);
	}
	buf_char(out, ')');
}

static void put_digits(struct buf *b, uint64_t n, unsigned base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[64];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[n % base];
		n /= base;
	} while (n > 0);
	buf_add(b, (struct sv){ text + at, sizeof(text) - at });
}

static void put_number(struct printer *p, struct buf *out,
		       const struct directive *d, int64_t number, unsigned base,
		       const char *prefix)
{
	uint64_t n = number < 0 ? -(uint64_t)number : (uint64_t)number;
	struct buf digits = { .mem = p->f->mem }, all = { .mem = p->f->mem };
	struct directive blank = *d;
	size_t least = d->has_precision ? d->precision : 0;

	blank.zero = false;
	if (d->has_precision && d->precision == 0 && n == 0) {
		put_padding(out, &blank, d->has_width ? d->width : 0);
		return;
	}
	if (!d->has_precision && d->zero && !d->minus && d->has_width)
		least = d->width - (number < 0 || d->plus || d->space);
	put_digits(&digits, n, base, is_verb(d, "X"));
	if (number < 0)
		buf_char(&all, '-');
	else if (d->plus || d->space)
		buf_char(&all, d->plus ? '+' : ' ');
	buf_add(&all, sv_of(prefix));
	for (size_t k = digits.n; k < least; k++)
		buf_char(&all, '0');
	buf_add(&all, buf_sv(&digits));
	put_padded(out, &blank, buf_sv(&all));
}

static void put_char(struct printer *p, struct buf *out,
		     const struct directive *d, int64_t n, bool quote)
{
	struct buf b = { .mem = p->f->mem };
	struct sv s;

	utf8_put(&b, n);
	s = buf_sv(&b);
	if (quote) {
		s = value_quoted(p->f->mem, s);
		s = sv_head(sv_from(s, 1), s.n - 2);
		s = n == '\'' ? SV("\\'") : n == '"' ? SV("\"") : s;
		s = arena_fmt(p->f->mem, "'" SV_FMT "'", SV_ARG(s));
	}
	put_padded(out, d, s);
}

static const struct {
	char verb;
	unsigned base;
	const char *prefix, *sharp;
} bases[] = {
	{ 'b', 2, "", "0b" },	 { 'd', 10, "", "" }, { 'o', 8, "", "0" },
	{ 'O', 8, "0o", "0o0" }, { 'v', 10, "", "" }, { 'x', 16, "", "0x" },
	{ 'X', 16, "", "0X" },
};

static void put_int(struct printer *p, struct buf *out,
		    const struct directive *d, const struct value *v)
{
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (d->verb.n == 1 && d->verb.p[0] == bases[i].verb) {
			put_number(p, out, d, v->number, bases[i].base,
				   d->sharp ? bases[i].sharp : bases[i].prefix);
			return;
		}
	if (is_verb(d, "cq"))
		put_char(p, out, d, v->number, is_verb(d, "q"));
	else if (is_verb(d, "U"))
		put_padded(out, d,
			   arena_fmt(p->f->mem, "U+%04llX",
				     (unsigned long long)v->number));
	else
		put_bad_verb(p, out, d, v);
}

static void put_float(struct printer *p, struct buf *out,
		      const struct directive *d, const struct value *v)
{
	struct arena *mem = p->f->mem;
	int precision = d->has_precision ? (int)d->precision : 6;
	struct sv text;

	if (!is_verb(d, "vgGeEfF")) {
		put_bad_verb(p, out, d, v);
		return;
	}
	if (is_verb(d, "vgG"))
		text = d->has_precision
			       ? arena_fmt(mem, "%.*g", precision, v->real)
			       : go_float(mem, v->real, false);
	else
		text = is_verb(d, "eE")
			       ? arena_fmt(mem,
					   is_verb(d, "e") ? "%.*e" : "%.*E",
					   precision, v->real)
			       : arena_fmt(mem, "%.*f", precision, v->real);
	if (v->real >= 0 && (d->plus || d->space))
		text = arena_fmt(mem, "%c" SV_FMT, d->plus ? '+' : ' ',
				 SV_ARG(text));
	put_padded(out, d, text);
}

static struct sv truncated(const struct directive *d, struct sv s)
{
	size_t n = 0, left = d->precision;

	if (!d->has_precision)
		return s;
	while (n < s.n && (((unsigned char)s.p[n] & 0xc0) == 0x80 || left > 0))
		left -= ((unsigned char)s.p[n++] & 0xc0) != 0x80;
	return sv_head(s, n);
}

struct sv value_quoted(struct arena *mem, struct sv s)
{
	static const char from[] = "\a\b\f\n\r\t\v\\\"", to[] = "abfnrtv\\\"";
	struct buf b = { .mem = mem };

	buf_char(&b, '"');
	while (s.n > 0) {
		size_t hit = sv_chr(sv_of(from), s.p[0]), n;
		uint32_t c;

		n = utf8_at(s, &c);
		if (hit < sizeof(from) - 1)
			buf_fmt(&b, "\\%c", to[hit]);
		else if (n == 0 || c < 0x20 || c == 0x7f)
			buf_fmt(&b, "\\x%02x", (unsigned)(unsigned char)s.p[0]);
		else if (!uc_is_print(c) || (c > 0x7f && uc_is_space(c)))
			buf_fmt(&b, c > 0xffff ? "\\U%08x" : "\\u%04x",
				(unsigned)c);
		else
			buf_add(&b, sv_head(s, n));
		s = sv_from(s, n > 0 ? n : 1);
	}
	buf_char(&b, '"');
	return buf_sv(&b);
}

static void put_byte(struct buf *b, unsigned char c, bool upper)
{
	put_digits(b, c >> 4, 16, upper);
	put_digits(b, c & 15, 16, upper);
}

static struct sv hex(struct printer *p, const struct directive *d, struct sv s)
{
	struct buf b = { .mem = p->f->mem };
	size_t n = d->has_precision && d->precision < s.n ? d->precision : s.n;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && d->space)
			buf_char(&b, ' ');
		if (d->sharp && (i == 0 || d->space))
			buf_add(&b, is_verb(d, "X") ? SV("0X") : SV("0x"));
		put_byte(&b, (unsigned char)s.p[i], is_verb(d, "X"));
	}
	return buf_sv(&b);
}

static void put_string(struct printer *p, struct buf *out,
		       const struct directive *d, const struct value *v)
{
	struct sv s = v->kind == VALUE_ZERO ? SV("") : v->text;

	if (is_verb(d, "xX"))
		put_padded(out, d, hex(p, d, s));
	else if (is_verb(d, "q") || (is_verb(d, "v") && d->sharp))
		put_padded(out, d, value_quoted(p->f->mem, truncated(d, s)));
	else if (is_verb(d, "sv"))
		put_padded(out, d, truncated(d, s));
	else
		put_bad_verb(p, out, d, v);
}

static void put_list(struct printer *p, struct buf *out,
		     const struct directive *d, const struct value *v,
		     size_t depth)
{
	struct items all = value_items(p->f, v);

	buf_add(out, all.keys != NULL ? SV("map[") : SV("["));
	for (size_t i = 0; i < all.n; i++) {
		struct value key;

		if (i > 0)
			buf_char(out, ' ');
		if (all.keys != NULL) {
			key = value_text(all.keys[i]);
			put_value(p, out, d, &key, depth + 1);
			buf_char(out, ':');
		}
		put_value(p, out, d, &all.values[i], depth + 1);
	}
	buf_char(out, ']');
}

static void put_value(struct printer *p, struct buf *out,
		      const struct directive *d, const struct value *v,
		      size_t depth)
{
	if (depth > MAX_GO_TEMPLATE_DEPTH || out->n > MAX_GO_TEMPLATE_TEXT)
		return;
	if (is_verb(d, "T") && (v->type.n > 0 || !value_is_struct(v))) {
		struct buf name = { .mem = p->f->mem };

		put_type(&name, v);
		put_padded(out, d, buf_sv(&name));
		return;
	}
	if (value_is_struct(v)) {
		(void)struct_fault(p->f);
		return;
	}
	switch (v->kind) {
	case VALUE_MISSING:
	case VALUE_NIL:
		if (depth > 0)
			buf_add(out, SV("<nil>"));
		else if (is_verb(d, "v"))
			put_padded(out, d, SV("<nil>"));
		else
			put_bad_verb(p, out, d, v);
		return;
	case VALUE_BOOL:
		if (is_verb(d, "tv"))
			put_padded(out, d, v->yes ? SV("true") : SV("false"));
		else
			put_bad_verb(p, out, d, v);
		return;
	case VALUE_INT:
		put_int(p, out, d, v);
		return;
	case VALUE_FLOAT:
		put_float(p, out, d, v);
		return;
	case VALUE_ZERO:
	case VALUE_STRING:
		if (value_is_empty_list(v))
			buf_add(out, v->mark == '[' ? SV("[]") : SV("map[]"));
		else
			put_string(p, out, d, v);
		return;
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
		put_list(p, out, d, v, depth);
		return;
	case VALUE_HOST:
		buf_add(out, SV("{}"));
		return;
	}
}

static char next(const struct printer *p)
{
	return p->rest.n > 0 ? p->rest.p[0] : '\0';
}

static void skip(struct printer *p, size_t n)
{
	p->rest = sv_from(p->rest, n);
}

static void take_flags(struct printer *p, struct directive *d)
{
	for (;; skip(p, 1)) {
		switch (next(p)) {
		case '#':
			d->sharp = true;
			break;
		case '0':
			d->zero = true;
			break;
		case '+':
			d->plus = true;
			break;
		case '-':
			d->minus = true;
			break;
		case ' ':
			d->space = true;
			break;
		default: /* what follows is a width, or the verb */
			return;
		}
	}
}

/* "[2]": the argument that is meant. */
static void take_index(struct printer *p)
{
	size_t close = sv_chr(p->rest, ']');
	unsigned long long n = 0;

	p->after_index = false;
	if (next(p) != '[')
		return;
	p->reordered = true;
	if (close < p->rest.n &&
	    sv_number((struct sv){ p->rest.p + 1, close - 1 }, 1000, &n) &&
	    n >= 1 && n <= p->n) {
		p->used = (size_t)n - 1;
		p->after_index = true;
	} else {
		p->good = false;
	}
	skip(p, close < p->rest.n ? close + 1 : 1);
}

/* "*": from the arguments.  False: it holds no number. */
static bool take_star(struct printer *p, int64_t *n)
{
	const struct value *v = p->used < p->n ? &p->args[p->used] : NULL;

	skip(p, 1);
	p->after_index = false;
	if (v == NULL)
		return false;
	p->used++;
	*n = v->number;
	return v->kind == VALUE_INT && *n >= -1000 && *n <= 1000;
}

static bool take_digits(struct printer *p, size_t *out)
{
	size_t digits = 0;
	unsigned long long n = 0;

	while (digits < p->rest.n && p->rest.p[digits] >= '0' &&
	       p->rest.p[digits] <= '9')
		digits++;
	if (digits > 0 && !sv_number(sv_head(p->rest, digits), 1000, &n))
		return fill_fault(p->f, "printf: a width over 1000");
	skip(p, digits);
	*out = (size_t)n;
	return true;
}

static bool take_width(struct printer *p, struct directive *d)
{
	struct sv before = p->rest;
	int64_t n = 0;

	if (next(p) == '*') {
		d->has_width = take_star(p, &n);
		if (!d->has_width)
			buf_add(p->out, SV("%!(BADWIDTH)"));
		d->minus = d->minus || n < 0;
		d->zero = d->zero && n >= 0;
		d->width = (size_t)(n < 0 ? -n : n);
		return true;
	}
	if (!take_digits(p, &d->width))
		return false;
	d->has_width = p->rest.n < before.n;
	if (p->after_index && d->has_width)
		p->good = false;
	return true;
}

static bool take_precision(struct printer *p, struct directive *d)
{
	int64_t n = 0;

	if (next(p) != '.')
		return true;
	skip(p, 1);
	if (p->after_index)
		p->good = false;
	take_index(p);
	d->has_precision = true;
	if (next(p) != '*')
		return take_digits(p, &d->precision);
	if (!take_star(p, &n)) {
		buf_add(p->out, SV("%!(BADPREC)"));
		n = -1;
	}
	d->has_precision = n >= 0;
	d->precision = n >= 0 ? (size_t)n : 0;
	return true;
}

static void put_directive(struct printer *p, const struct directive *d)
{
	if (is_verb(d, "%"))
		buf_char(p->out, '%');
	else if (!p->good)
		buf_fmt(p->out, "%%!" SV_FMT "(BADINDEX)", SV_ARG(d->verb));
	else if (p->used >= p->n)
		buf_fmt(p->out, "%%!" SV_FMT "(MISSING)", SV_ARG(d->verb));
	else
		put_value(p, p->out, d, &p->args[p->used++], 0);
}

/* What stands behind a "%". */
static bool directive(struct printer *p)
{
	struct directive d = { 0 };
	size_t n = 1;

	p->good = true;
	take_flags(p, &d);
	take_index(p);
	if (!take_width(p, &d) || !take_precision(p, &d))
		return false;
	if (!p->after_index)
		take_index(p);
	if (p->rest.n == 0) {
		buf_add(p->out, SV("%!(NOVERB)"));
		return true;
	}
	while (n < p->rest.n && ((unsigned char)p->rest.p[n] & 0xc0) == 0x80)
		n++;
	d.verb = sv_head(p->rest, n);
	skip(p, n);
	put_directive(p, &d);
	return true;
}

static void put_extra(struct printer *p)
{
	struct directive plain = { .verb = SV("v") };

	if (p->reordered || p->used >= p->n)
		return;
	buf_add(p->out, SV("%!(EXTRA "));
	for (size_t i = p->used; i < p->n; i++) {
		if (i > p->used)
			buf_add(p->out, SV(", "));
		if (!value_absent(&p->args[i])) {
			put_type(p->out, &p->args[i]);
			buf_char(p->out, '=');
		}
		put_value(p, p->out, &plain, &p->args[i], 0);
	}
	buf_char(p->out, ')');
}

bool value_printf(struct filler *f, struct sv format, const struct value *args,
		  size_t n, struct sv *out)
{
	struct buf b = { .mem = f->mem };
	struct printer p = {
		.f = f, .rest = format, .args = args, .n = n, .out = &b
	};

	while (p.rest.n > 0 && b.n <= MAX_GO_TEMPLATE_TEXT) {
		size_t hit = sv_chr(p.rest, '%');

		buf_add(&b, sv_head(p.rest, hit));
		if (hit == p.rest.n)
			break;
		skip(&p, hit + 1);
		if (!directive(&p))
			return false;
	}
	put_extra(&p);
	*out = buf_sv(&b);
	return true;
}
