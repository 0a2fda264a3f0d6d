/* What text/template itself knows: printing, comparing, and its functions. */
#include "base/limits.h"
#include "template/tree.h"

bool value_is_text(struct filler *f, const struct value *v, struct sv *out)
{
	*out = v->text;
	if (v->named)
		return fill_fault(f, "expected a string, found a type of its "
				     "own; print makes it a string");
	if (v->kind == VALUE_STRING)
		return true;
	if (v->kind == VALUE_ZERO && !value_is_empty_list(v)) {
		*out = SV("");
		return true;
	}
	if (value_absent(v))
		return fill_fault(f, "invalid value; expected string");
	return fill_fault(f, "wrong type for value; expected string; got %s",
			  value_type(v));
}

/* "map[a:1 b:2]", in the order of the keys, or "[1 2]". */
static void print_items(struct filler *f, struct buf *b, const struct value *v)
{
	struct items all;

	if (f->depth++ > MAX_GO_TEMPLATE_DEPTH || b->n > MAX_GO_TEMPLATE_TEXT)
		return;
	all = value_items(f, v);
	buf_add(b, all.keys != NULL ? SV("map[") : SV("["));
	for (size_t i = 0; i < all.n; i++) {
		if (i > 0)
			buf_char(b, ' ');
		if (all.keys != NULL) {
			buf_add(b, all.keys[i]);
			buf_char(b, ':');
		}
		value_print_arg(f, b, &all.values[i]);
	}
	buf_char(b, ']');
	f->depth--;
}

bool value_is_empty_list(const struct value *v)
{
	return v->kind == VALUE_ZERO &&
	       (v->strings || v->mark == '{' || v->mark == '[');
}

bool struct_fault(struct filler *f)
{
	f->final = true;
	return fill_fault(f, "cannot print a value of many fields; name one of "
			     "them");
}

bool value_is_struct(const struct value *v)
{
	if (v->kind == VALUE_HOST || v->mark == '=')
		return true;
	return v->kind == VALUE_NODE && v->known != NULL;
}

void value_print(struct filler *f, struct buf *b, const struct value *v)
{
	if (value_is_struct(v)) {
		(void)struct_fault(f);
		return;
	}
	switch (v->kind) {
	case VALUE_NIL:
	case VALUE_MISSING:
		buf_add(b, v->pointer ? SV("<nil>") : SV("<no value>"));
		return;
	case VALUE_ZERO:
		if (value_is_empty_list(v))
			buf_add(b, v->mark == '[' ? SV("[]") : SV("map[]"));
		return;
	case VALUE_BOOL:
		buf_add(b, v->yes ? SV("true") : SV("false"));
		return;
	case VALUE_INT:
		buf_fmt(b, "%lld", (long long)v->number);
		return;
	case VALUE_FLOAT:
		buf_add(b, go_float(f->mem, v->real, false));
		return;
	case VALUE_STRING:
		buf_add(b, v->text);
		return;
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
		print_items(f, b, v);
		return;
	case VALUE_HOST:
		return;
	}
}

void value_print_arg(struct filler *f, struct buf *b, const struct value *v)
{
	if (v->kind == VALUE_NIL || v->kind == VALUE_MISSING)
		buf_add(b, SV("<nil>"));
	else
		value_print(f, b, v);
}

static bool fn_and_or(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)f;
	*out = args[n - 1];
	return true;
}

static bool fn_not(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(!value_true(&args[0]));
	return true;
}

static bool fn_len(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)n;
	if (args[0].kind != VALUE_STRING && args[0].kind != VALUE_ZERO &&
	    !value_is_list(&args[0]) && !value_is_map(&args[0]))
		return fill_fault(f, "len of type %s", value_type(&args[0]));
	*out = value_int((int64_t)value_len(&args[0]));
	return true;
}

static bool index_list(struct filler *f, const struct value *list,
		       const struct value *key, struct value *out)
{
	struct items all;

	if (key->kind != VALUE_INT)
		return fill_fault(f, "cannot index slice with type %s",
				  value_type(key));
	if (key->number < 0 || (uint64_t)key->number >= value_len(list))
		return fill_fault(f, "index out of range: %lld",
				  (long long)key->number);
	all = value_items(f, list);
	if (f->fault == NULL)
		*out = all.values[key->number];
	return f->fault == NULL;
}

/* One step of index: an element of a list or a value of a map. */
static bool index_one(struct filler *f, struct value *v,
		      const struct value *key)
{
	struct value from = *v;

	if (from.kind == VALUE_ZERO) {
		*v = value_text(SV(""));
		return from.strings || fill_fault(f, "index of an empty list");
	}
	if (value_is_list(&from))
		return index_list(f, &from, key, v);
	if (!value_is_map(&from))
		return fill_fault(f, "can't index item of type %s",
				  value_type(&from));
	if (key->kind != VALUE_STRING)
		return fill_fault(f, "expected a string as the index of a map");
	if (!value_get(&from, key->text, v))
		*v = from.strings ? value_text(SV("")) : value_nil();
	v->plain = from.plain;
	return true;
}

static bool fn_index(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	*out = args[0];
	for (size_t i = 1; i < n; i++)
		if (!index_one(f, out, &args[i]))
			return false;
	return true;
}

/* A zero takes the kind of what it is compared with. */
static struct value as_kind(const struct value *v, const struct value *other)
{
	if (v->kind != VALUE_ZERO)
		return *v;
	if (other->kind == VALUE_INT || other->kind == VALUE_FLOAT)
		return value_int(0);
	if (other->kind == VALUE_BOOL)
		return value_bool(false);
	return value_text(SV(""));
}

/* Less, equal or greater; false where they cannot be compared. */
static bool compare(struct filler *f, const struct value *a,
		    const struct value *b, int *out)
{
	struct value x = as_kind(a, b), y = as_kind(b, a);

	if (x.kind == VALUE_STRING && y.kind == VALUE_STRING) {
		*out = sv_cmp(x.text, y.text);
		return true;
	}
	if (x.kind == VALUE_INT && y.kind == VALUE_INT) {
		*out = (x.number > y.number) - (x.number < y.number);
		return true;
	}
	if (x.kind == VALUE_FLOAT && y.kind == VALUE_FLOAT) {
		*out = (x.real > y.real) - (x.real < y.real);
		return true;
	}
	if (x.kind == VALUE_BOOL && y.kind == VALUE_BOOL) {
		*out = x.yes - y.yes;
		return true;
	}
	return fill_fault(f, "cannot compare values of different kinds");
}

static bool fn_eq(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	*out = value_bool(false);
	for (size_t i = 1; i < n; i++) {
		int c = 1;

		if (value_absent(&args[0]) || value_absent(&args[i]))
			c = value_absent(&args[0]) != value_absent(&args[i]);
		else if (!compare(f, &args[0], &args[i], &c))
			return false;
		out->yes = out->yes || c == 0;
	}
	return true;
}

static bool fn_ne(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	if (!fn_eq(f, args, n, out))
		return false;
	out->yes = !out->yes;
	return true;
}

static bool fn_lt(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	int c = 0;

	(void)n;
	if (!compare(f, &args[0], &args[1], &c))
		return false;
	*out = value_bool(c < 0);
	return true;
}

static bool fn_le(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	int c = 0;

	(void)n;
	if (!compare(f, &args[0], &args[1], &c))
		return false;
	*out = value_bool(c <= 0);
	return true;
}

static bool fn_gt(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	if (!fn_le(f, args, n, out))
		return false;
	out->yes = !out->yes;
	return true;
}

static bool fn_ge(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	if (!fn_lt(f, args, n, out))
		return false;
	out->yes = !out->yes;
	return true;
}

/* Blanks stand between two operands of which neither is a text. */
static bool fn_print(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	struct buf b = { .mem = f->mem };

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && args[i].kind != VALUE_STRING &&
		    args[i - 1].kind != VALUE_STRING)
			buf_char(&b, ' ');
		value_print_arg(f, &b, &args[i]);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

static bool fn_println(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		value_print_arg(f, &b, &args[i]);
	}
	buf_char(&b, '\n');
	*out = value_text(buf_sv(&b));
	return true;
}

static bool fn_printf(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct sv format, text;

	if (!value_is_text(f, &args[0], &format) ||
	    !value_printf(f, format, args + 1, n - 1, &text))
		return false;
	*out = value_text(text);
	return true;
}

/* One text, or what print makes of the values; what is not there is a text for
 * these. */
static bool escapable(struct filler *f, const struct value *args, size_t n,
		      struct sv *out)
{
	struct value *all = ARENA_ARRAY(f->mem, struct value, n + 1), printed;

	for (size_t i = 0; i < n; i++)
		all[i] = value_absent(&args[i]) && !args[i].pointer
				 ? value_text(SV("<no value>"))
				 : args[i];
	if (!fn_print(f, all, n, &printed))
		return false;
	*out = printed.text;
	return true;
}

/* Go's template.HTMLEscapeString(). */
static bool fn_html(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	static const char from[] = "\"'&<>";
	static const char *const to[] = { "&#34;", "&#39;", "&amp;", "&lt;",
					  "&gt;" };
	struct buf b = { .mem = f->mem };
	struct sv s;

	if (!escapable(f, args, n, &s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		size_t hit = sv_chr(sv_of(from), s.p[i]);

		if (hit < sizeof(from) - 1)
			buf_add(&b, sv_of(to[hit]));
		else if (s.p[i] == '\0')
			buf_add(&b, SV("\xef\xbf\xbd"));
		else
			buf_char(&b, s.p[i]);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

/* Go's template.JSEscapeString(); every code point over 0x7f counts as
 * printable. */
static bool fn_js(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv s;

	if (!escapable(f, args, n, &s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\\' || c == '\'' || c == '"')
			buf_fmt(&b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f || c == '<' || c == '>' ||
			 c == '&' || c == '=')
			buf_fmt(&b, "\\u%04X", (unsigned)c);
		else
			buf_char(&b, s.p[i]);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

/* Go's url.QueryEscape(). */
static bool fn_urlquery(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv s;

	if (!escapable(f, args, n, &s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = sv_lower_char(s.p[i]);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    sv_chr(SV("-_.~"), c) < 4)
			buf_char(&b, s.p[i]);
		else if (c == ' ')
			buf_char(&b, '+');
		else
			buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)c);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

/* No field of an object is a function. */
static bool fn_call(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)args;
	(void)n;
	(void)out;
	return fill_fault(f, "call of a value that is not a function");
}

static bool fn_slice(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	int64_t from = 0, to;
	struct sv s;

	if (!value_is_text(f, &args[0], &s))
		return false;
	to = (int64_t)s.n;
	if ((n > 1 && args[1].kind != VALUE_INT) ||
	    (n > 2 && args[2].kind != VALUE_INT))
		return fill_fault(f, "expected whole numbers for slice");
	from = n > 1 ? args[1].number : from;
	to = n > 2 ? args[2].number : to;
	if (from < 0 || to < from || to > (int64_t)s.n)
		return fill_fault(f, "slice out of range");
	*out = value_text(
		sv_head(sv_from(s, (size_t)from), (size_t)(to - from)));
	return true;
}

static const struct function rows[] = {
	{ "and", NULL, fn_and_or, 1, 64 },
	{ "call", NULL, fn_call, 1, 64 },
	{ "eq", NULL, fn_eq, 2, 64 },
	{ "ge", NULL, fn_ge, 2, 2 },
	{ "gt", NULL, fn_gt, 2, 2 },
	{ "html", NULL, fn_html, 0, 64 },
	{ "index", NULL, fn_index, 1, 64 },
	{ "js", NULL, fn_js, 0, 64 },
	{ "le", NULL, fn_le, 2, 2 },
	{ "len", NULL, fn_len, 1, 1 },
	{ "lt", NULL, fn_lt, 2, 2 },
	{ "ne", NULL, fn_ne, 2, 2 },
	{ "not", NULL, fn_not, 1, 1 },
	{ "or", NULL, fn_and_or, 1, 64 },
	{ "print", NULL, fn_print, 0, 64 },
	{ "printf", NULL, fn_printf, 1, 64 },
	{ "println", NULL, fn_println, 0, 64 },
	{ "slice", NULL, fn_slice, 1, 3 },
	{ "urlquery", NULL, fn_urlquery, 0, 64 },
};

const struct function_list go_functions = { rows,
					    sizeof(rows) / sizeof(rows[0]) };
