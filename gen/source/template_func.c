/* The functions of templates: Go's, and those of ExternalDNS. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "source/template_tree.h"

/* The text of a value that must have one; an absent value has none. */
static bool text_arg(struct filler *f, const struct value *v, struct sv *out)
{
	*out = v->text;
	if (v->named && f->view == TEMPLATE_TYPED)
		return fill_fault(f, "expected a string, found a type of its "
				     "own; print makes it a string");
	if (v->kind == VALUE_STRING)
		return true;
	if (v->kind == VALUE_ZERO && !value_is_empty_list(v)) {
		*out = SV("");
		return true;
	}
	return fill_fault(f, "expected a string, found nothing");
}

static int by_key(const void *a, const void *b)
{
	struct node *const *x = *(struct node *const *const *)a;
	struct node *const *y = *(struct node *const *const *)b;

	return sv_cmp((*x)->scalar, (*y)->scalar);
}

size_t *node_order(struct arena *mem, const struct node *map)
{
	size_t n = map->kind == NODE_MAP ? map->items.n / 2 : 0;
	struct node *const **keys =
		ARENA_ARRAY(mem, struct node *const *, n + 1);
	size_t *order = ARENA_ARRAY(mem, size_t, n + 1);

	for (size_t i = 0; i < n; i++)
		keys[i] = &map->items.v[2 * i];
	qsort(keys, n, sizeof(keys[0]), by_key);
	for (size_t i = 0; i < n; i++)
		order[i] = (size_t)(keys[i] - map->items.v) / 2;
	return order;
}

/* "map[a:1 b:2]", in the order of the keys. */
static void print_map(struct filler *f, struct buf *b, const struct value *v)
{
	size_t *order = node_order(f->mem, v->node);

	buf_add(b, SV("map["));
	for (size_t i = 0; i < value_len(v); i++) {
		struct node *const *key = &v->node->items.v[2 * order[i]];
		struct value item = value_of_node(key[1], v->strings);

		if (i > 0)
			buf_char(b, ' ');
		buf_add(b, key[0]->scalar);
		buf_char(b, ':');
		value_print(f, b, &item);
	}
	buf_char(b, ']');
}

static void print_node(struct filler *f, struct buf *b, const struct value *v)
{
	if (f->depth++ > MAX_GO_TEMPLATE_DEPTH || b->n > MAX_GO_TEMPLATE_TEXT)
		return;
	if (v->node->kind == NODE_MAP) {
		print_map(f, b, v);
	} else {
		buf_char(b, '[');
		for (size_t i = 0; i < v->node->items.n; i++) {
			struct value item =
				value_of_node(v->node->items.v[i], v->strings);

			if (i > 0)
				buf_char(b, ' ');
			value_print(f, b, &item);
		}
		buf_char(b, ']');
	}
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
	if (v->kind == VALUE_OBJECT || v->kind == VALUE_META || v->mark == '=')
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
		print_node(f, b, v);
		return;
	case VALUE_OBJECT:
	case VALUE_META:
		buf_add(b, SV("{}"));
		return;
	}
}

/* Functions get nil for what is not there, and print it so. */
static void print_arg(struct filler *f, struct buf *b, const struct value *v)
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
	if (args[0].kind != VALUE_STRING && args[0].kind != VALUE_NODE &&
	    args[0].kind != VALUE_ZERO)
		return fill_fault(f, "len of a value without a length");
	*out = value_int((int64_t)value_len(&args[0]));
	return true;
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
	if (from.kind != VALUE_NODE)
		return fill_fault(f,
				  "index of a value that is not a list or map");
	if (from.node->kind == NODE_LIST) {
		if (key->kind != VALUE_INT || key->number < 0 ||
		    (uint64_t)key->number >= from.node->items.n)
			return fill_fault(f, "index out of range");
		*v = value_of_node(node_at(from.node, (size_t)key->number),
				   from.strings);
		v->known = from.known;
		if (sv_starts(from.type, SV("[]")))
			v->type = sv_from(from.type, 2);
	} else {
		if (key->kind != VALUE_STRING)
			return fill_fault(
				f, "expected a string as the index of a map");
		*v = value_of_node(node_get(from.node, key->text),
				   from.strings);
		if (v->kind == VALUE_MISSING)
			*v = from.strings ? value_text(SV(""))
					  : (struct value){ .kind = VALUE_NIL };
	}
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

static bool absent(const struct value *v)
{
	return v->kind == VALUE_MISSING || v->kind == VALUE_NIL;
}

static bool fn_eq(struct filler *f, const struct value *args, size_t n,
		  struct value *out)
{
	*out = value_bool(false);
	for (size_t i = 1; i < n; i++) {
		int c = 1;

		if (absent(&args[0]) || absent(&args[i]))
			c = absent(&args[0]) != absent(&args[i]);
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
		print_arg(f, &b, &args[i]);
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
		print_arg(f, &b, &args[i]);
	}
	buf_char(&b, '\n');
	*out = value_text(buf_sv(&b));
	return true;
}

static bool fn_printf(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct sv format, text;

	if (!text_arg(f, &args[0], &format) ||
	    !value_printf(f, format, args + 1, n - 1, &text))
		return false;
	*out = value_text(text);
	return true;
}

/* One text, or what print makes of the values. */
static bool escapable(struct filler *f, const struct value *args, size_t n,
		      struct sv *out)
{
	struct value all;

	if (!fn_print(f, args, n, &all))
		return false;
	*out = all.text;
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

	if (!text_arg(f, &args[0], &s))
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

/* Two texts for a function of them. */
static bool two_texts(struct filler *f, const struct value *args, struct sv *a,
		      struct sv *b)
{
	return text_arg(f, &args[0], a) && text_arg(f, &args[1], b);
}

static bool fn_contains(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_bool(sv_has(s, part));
	return true;
}

static bool fn_trim_prefix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_text(sv_starts(s, part) ? sv_from(s, part.n) : s);
	return true;
}

static bool fn_trim_suffix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_text(sv_ends(s, part) ? sv_head(s, s.n - part.n) : s);
	return true;
}

static bool fn_trim(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct sv s;

	(void)n;
	if (!text_arg(f, &args[0], &s))
		return false;
	*out = value_text(sv_trim(s));
	return true;
}

static bool fn_to_lower(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct sv s;

	(void)n;
	if (!text_arg(f, &args[0], &s))
		return false;
	*out = value_text(arena_lower(f->mem, s));
	return true;
}

/* replace OLD NEW TEXT */
static bool fn_replace(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv old, new, s;

	(void)n;
	if (!two_texts(f, args, &old, &new) || !text_arg(f, &args[2], &s))
		return false;
	while (old.n > 0 && s.n > 0 && b.n <= MAX_GO_TEMPLATE_TEXT) {
		size_t hit = sv_find(s, old);

		buf_add(&b, sv_head(s, hit));
		if (hit < s.n)
			buf_add(&b, new);
		s = sv_from(s, hit < s.n ? hit + old.n : hit);
	}
	buf_add(&b, s);
	*out = value_text(buf_sv(&b));
	return true;
}

static bool is_type(struct filler *f, const struct value *args,
		    enum rrtype type, struct value *out)
{
	struct sv s;

	if (!text_arg(f, &args[0], &s))
		return false;
	*out = value_bool(rrtype_of_target(s) == type);
	return true;
}

static bool fn_is_ipv4(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return is_type(f, args, RR_A, out);
}

static bool fn_is_ipv6(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return is_type(f, args, RR_AAAA, out);
}

static bool fn_is_source(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	static const char *const known[] = {
		"ambassador-host",
		"connector",
		"contour-httpproxy",
		"crd",
		"empty",
		"f5-transportserver",
		"f5-virtualserver",
		"fake",
		"gateway-grpcroute",
		"gateway-httproute",
		"gateway-tcproute",
		"gateway-tlsroute",
		"gateway-udproute",
		"gloo-proxy",
		"ingress",
		"istio-gateway",
		"istio-virtualservice",
		"kong-tcpingress",
		"node",
		"openshift-route",
		"pod",
		"service",
		"skipper-routegroup",
		"traefik-proxy",
		"unstructured",
	};
	struct sv s;

	(void)n;
	if (!text_arg(f, &args[0], &s))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(s, sv_of(known[i]))) {
			*out = value_bool(sv_case_eq(s, sv_of(f->flag)));
			return true;
		}
	return fill_fault(f, "isSource: unknown source \"" SV_FMT "\"",
			  SV_ARG(s));
}

static bool fn_has_key(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct sv key;

	(void)n;
	if (!args[0].strings)
		return fill_fault(f,
				  "expected labels or annotations for hasKey");
	if (!text_arg(f, &args[1], &key))
		return false;
	*out = value_bool(args[0].kind == VALUE_NODE &&
			  node_get(args[0].node, key) != NULL);
	return true;
}

/* A plain word is text to YAML and a fault to JSON. */
static bool json_ok(const struct node *n)
{
	return n->kind != NODE_SCALAR || n->quoted || n->type != SCALAR_STRING;
}

/* JSON is YAML; what is not even that is nil. */
static bool fn_from_json(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	struct documents docs = { 0 };
	struct diags ignored = { .mem = f->mem };
	struct sv s;

	(void)n;
	if (!text_arg(f, &args[0], &s))
		return false;
	*out = (struct value){ .kind = VALUE_NIL };
	if (s.n == 0 || s.n > MAX_GO_TEMPLATE_TEXT ||
	    manifest_parse(f->mem, &ignored, SV("fromJson"), s, &docs) < 0 ||
	    docs.list.n != 1 || !json_ok(docs.list.v[0]))
		return true;
	*out = value_of_node(docs.list.v[0], false);
	out->plain = true;
	return true;
}

static const struct function functions[] = {
	{ "and", 1, 64, fn_and_or },
	{ "call", 1, 64, fn_call },
	{ "contains", 2, 2, fn_contains },
	{ "eq", 2, 64, fn_eq },
	{ "fromJson", 1, 1, fn_from_json },
	{ "ge", 2, 2, fn_ge },
	{ "gt", 2, 2, fn_gt },
	{ "hasKey", 2, 2, fn_has_key },
	{ "html", 0, 64, fn_html },
	{ "index", 1, 64, fn_index },
	{ "isIPv4", 1, 1, fn_is_ipv4 },
	{ "isIPv6", 1, 1, fn_is_ipv6 },
	{ "isSource", 1, 1, fn_is_source },
	{ "js", 0, 64, fn_js },
	{ "le", 2, 2, fn_le },
	{ "len", 1, 1, fn_len },
	{ "lt", 2, 2, fn_lt },
	{ "ne", 2, 2, fn_ne },
	{ "not", 1, 1, fn_not },
	{ "or", 1, 64, fn_and_or },
	{ "print", 0, 64, fn_print },
	{ "printf", 1, 64, fn_printf },
	{ "println", 0, 64, fn_println },
	{ "replace", 3, 3, fn_replace },
	{ "slice", 1, 3, fn_slice },
	{ "toLower", 1, 1, fn_to_lower },
	{ "trim", 1, 1, fn_trim },
	{ "trimPrefix", 2, 2, fn_trim_prefix },
	{ "trimSuffix", 2, 2, fn_trim_suffix },
	{ "urlquery", 0, 64, fn_urlquery },
};

const struct function *function_find(struct sv name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (sv_eq(name, sv_of(functions[i].name)))
			return &functions[i];
	return NULL;
}
