#include <libpsl.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "endpoint/endpoint.h"
#include "endpoint/idn.h"

/* What each use of a name allows. */
static const struct {
	bool wildcard, underscore, slash, numeric, variable;
} uses[] = {
	[DNAME_HOST] = { .wildcard = true, .underscore = true },
	[DNAME_ADDRESS] = { .wildcard = true, .variable = true },
	[DNAME_TARGET] = { .underscore = true },
	[DNAME_ZONE] = { .underscore = true, .slash = true, .numeric = true },
	[DNAME_HOST_VAR] = { .wildcard = true,
			     .underscore = true,
			     .variable = true },
	[DNAME_ZONE_VAR] = { .underscore = true,
			     .slash = true,
			     .numeric = true,
			     .variable = true },
	[DNAME_ANY] = { .wildcard = true },
};

static const struct {
	const char *code, *text;
} faults[] = {
	{ "E-NAME-EMPTY", "expected a DNS name" },
	{ "E-NAME-ROOT", "must not be the root" },
	{ "E-NAME-EMPTY-LABEL", "empty label between two dots" },
	{ "E-NAME-CHAR", "character that is not allowed in a host name" },
	{ "E-NAME-UTF8", "not UTF-8" },
	{ "E-NAME-IDN", "not valid in IDNA2008 (RFC 5891)" },
	{ "E-NAME-WILDCARD", "\"*\" is only allowed as the whole first label "
			     "of a host (RFC 4592)" },
	{ "E-NAME-LABEL-LONG", "label longer than 63 bytes (RFC 1035 2.3.4)" },
	{ "E-NAME-LONG", "longer than 253 bytes (RFC 1035 2.3.4)" },
	{ "E-NAME-ISIP", "expected a DNS name, found an IP address" },
	{ "E-NAME-NUMERIC-TLD", "the last label has digits only, so it would "
				"be taken for an address" },
};

/* What was found wrong, for the message; `code` is one of `faults`. */
struct name_check {
	struct arena *mem;
	enum dname_use use;
	const char *code;
	struct sv label;	 /* where */
	struct sv bad;		 /* E-NAME-CHAR: the character */
	struct sv hint;		 /* E-NAME-IDN: what may have been meant */
	bool deviates, reserved; /* worth a warning */
};

static const char *refuse(struct name_check *c, const char *code,
			  struct sv label, struct sv bad)
{
	c->label = label;
	c->bad = bad;
	return c->code = code;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct sv dname_variable(struct sv name)
{
	size_t dollar;
	struct sv in;

	name = dname_strip_dot(name);
	dollar = sv_rchr(name, '$');
	if (dollar == name.n || !sv_ends(name, SV("}")) ||
	    !sv_starts(sv_from(name, dollar), SV("${")) ||
	    (dollar > 0 && name.p[dollar - 1] != '.'))
		return SV("");
	in = sv_head(sv_from(name, dollar + 2), name.n - dollar - 3);
	for (size_t i = 0; i < in.n; i++) {
		char c = sv_lower_char(in.p[i]);

		if (c != '_' && (c < 'a' || c > 'z') &&
		    (i == 0 || !is_digit(c)))
			return SV("");
	}
	return in;
}

struct sv dname_head(struct sv name)
{
	return dname_variable(name).n > 0 ? sv_head(name, sv_rchr(name, '$'))
					  : name;
}

struct sv dname_lower(struct arena *mem, struct sv name)
{
	struct sv head = dname_head(name);
	struct sv low = arena_lower(mem, head);

	return head.n == name.n ? low
				: arena_fmt(mem, SV_FMT SV_FMT, SV_ARG(low),
					    SV_ARG(sv_from(name, head.n)));
}

static bool char_ok(enum dname_use use, char c)
{
	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' ||
	       (c == '_' && uses[use].underscore) ||
	       (c == '/' && uses[use].slash);
}

/* ASCII bytes of a label; others are judged by idn_label(). */
static const char *label_chars(struct name_check *c, struct sv label)
{
	for (size_t i = 0; i < label.n; i++) {
		struct sv at = { label.p + i, 1 };

		if (label.p[i] == '*')
			return refuse(c, "E-NAME-WILDCARD", label, at);
		if (((unsigned char)label.p[i] & 0x80) == 0 &&
		    !char_ok(c->use, label.p[i]))
			return refuse(c, "E-NAME-CHAR", label, at);
	}
	if (label.p[0] == '-')
		return refuse(c, "E-NAME-CHAR", label, sv_head(label, 1));
	if (label.p[label.n - 1] == '-')
		return refuse(c, "E-NAME-CHAR", label,
			      sv_from(label, label.n - 1));
	return NULL;
}

/* A U-label or an A-label; *out is what stands in the DNS. */
static const char *label_idn(struct name_check *c, struct sv label,
			     struct sv *out)
{
	bool ascii = is_ascii(label);

	/* 63 places of at most four bytes each. */
	if (label.n > (size_t)4 * MAX_LABEL)
		return refuse(c, "E-NAME-LABEL-LONG", label, SV(""));
	/* Upper case is folded in ASCII only: a mapped U-label is another
	 * text than the one that was reviewed. */
	if (!idn_label(c->mem, ascii ? *out : label, out) ||
	    (ascii && !sv_case_eq(label, *out)))
		return refuse(c, "E-NAME-IDN", label, SV(""));
	if (!ascii)
		c->deviates = c->deviates || idn_deviates(label);
	return NULL;
}

static const char *label_check(struct name_check *c, struct sv label,
			       bool first, bool last, struct sv *out)
{
	*out = label;
	if (last && uses[c->use].variable && dname_variable(label).n > 0)
		return label.n <= MAX_LABEL
			       ? NULL
			       : refuse(c, "E-NAME-LABEL-LONG", label, SV(""));
	if (label.n == 0)
		return refuse(c, "E-NAME-EMPTY-LABEL", label, SV(""));
	if (sv_eq(label, SV("*")) && first && !last && uses[c->use].wildcard)
		return NULL;
	if (!utf8_ok(label))
		return refuse(c, "E-NAME-UTF8", label, SV(""));
	if (label_chars(c, label) != NULL)
		return c->code;
	*out = arena_lower(c->mem, label);
	if (!is_ascii(label) || sv_starts(*out, SV("xn--"))) {
		if (label_idn(c, label, out) != NULL)
			return c->code;
	} else if (label.n >= 4 && label.p[2] == '-' && label.p[3] == '-') {
		c->reserved = true;
	}
	if (out->n > MAX_LABEL)
		return refuse(c, "E-NAME-LABEL-LONG", label, SV(""));
	return NULL;
}

static bool all_digits(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static const char *host_check(struct name_check *c, struct sv text)
{
	struct buf name = { .mem = c->mem };
	struct sv rest = text, label, out = SV("");
	struct address a;

	while (sv_cut(&rest, '.', &label)) {
		bool first = name.n == 0, last = rest.p == NULL;

		if (label_check(c, label, first, last, &out) != NULL)
			return c->code;
		if (!first)
			buf_char(&name, '.');
		buf_add(&name, out);
	}
	if (name.n > MAX_DNAME)
		return refuse(c, "E-NAME-LONG", text, SV(""));
	if (!uses[c->use].numeric && address_parse(text, &a))
		return refuse(c, "E-NAME-ISIP", text, SV(""));
	if (!uses[c->use].numeric && all_digits(out))
		return refuse(c, "E-NAME-NUMERIC-TLD", out, SV(""));
	c->label = buf_sv(&name);
	return NULL;
}

/* One byte of presentation text, an escape resolved; -1: a dot that parts
 * labels, -2: a broken escape.  Takes what it read off `text`. */
static int presented_byte(struct sv *text)
{
	unsigned char c = (unsigned char)text->p[0];
	unsigned long long v;

	*text = sv_from(*text, 1);
	if (c != '\\')
		return c == '.' ? -1 : c;
	if (text->n > 0 && !is_digit(text->p[0])) {
		c = (unsigned char)text->p[0];
		*text = sv_from(*text, 1);
		return c;
	}
	if (text->n < 3 || !sv_number(sv_head(*text, 3), 255, &v))
		return -2;
	*text = sv_from(*text, 3);
	return (int)v;
}

static void put_byte(struct buf *out, int byte)
{
	char c = sv_lower_char((char)byte);

	if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' ||
	    c == '/' || c == '*')
		buf_char(out, c);
	else
		buf_fmt(out, "\\%03u", (unsigned)byte);
}

/* A name of a zone file: any byte may stand in a label (RFC 2181 11). */
static const char *any_check(struct name_check *c, struct sv text)
{
	struct buf name = { .mem = c->mem };
	size_t label = 0, wire = 1;
	struct sv rest = text;

	while (rest.n > 0) {
		int byte = presented_byte(&rest);

		if (byte == -2)
			return refuse(c, "E-NAME-CHAR", text, SV("\\"));
		if (byte == -1 && label == 0)
			return refuse(c, "E-NAME-EMPTY-LABEL", text, SV(""));
		if (byte == -1 && rest.n == 0)
			break;
		if (byte == -1) {
			buf_char(&name, '.');
			label = 0;
			continue;
		}
		put_byte(&name, byte);
		wire += label == 0 ? 2 : 1;
		if (++label > MAX_LABEL)
			return refuse(c, "E-NAME-LABEL-LONG", text, SV(""));
	}
	if (wire > MAX_DNAME + 2)
		return refuse(c, "E-NAME-LONG", text, SV(""));
	c->label = buf_sv(&name);
	return NULL;
}

static const char *name_check(struct name_check *c, struct sv text,
			      struct sv *out)
{
	struct sv hint;

	if (text.n == 0)
		return refuse(c, "E-NAME-EMPTY", text, SV(""));
	if (sv_eq(text, SV(".")))
		return refuse(c, "E-NAME-ROOT", text, SV(""));
	if (c->use == DNAME_ANY) {
		if (any_check(c, text) != NULL)
			return c->code;
	} else {
		struct sv bare = text;

		if (bare.p[bare.n - 1] == '.')
			bare.n--;
		if (host_check(c, bare) != NULL) {
			/* Only a hint that is itself a valid name helps. */
			struct name_check again = { .mem = c->mem,
						    .use = c->use };

			if (strcmp(c->code, "E-NAME-IDN") == 0 &&
			    idn_hint(c->mem, bare, &hint) && is_ascii(hint) &&
			    hint.n > 0 && host_check(&again, hint) == NULL)
				c->hint = hint;
			return c->code;
		}
	}
	*out = c->label;
	return NULL;
}

const char *dname_fault(struct arena *mem, enum dname_use use, struct sv text,
			struct sv *out)
{
	struct name_check c = { .mem = mem, .use = use };

	return name_check(&c, text, out);
}

/* A stranger's text in a message: enough to recognise it. */
static struct sv cut(struct arena *mem, struct sv s)
{
	enum { QUOTED_BYTES = 100 };

	return s.n <= QUOTED_BYTES
		       ? s
		       : arena_fmt(mem, SV_FMT "...", QUOTED_BYTES, s.p);
}

const char *dname_fault_text(const char *code)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strcmp(faults[i].code, code) == 0)
			return faults[i].text;
	return "not a DNS name";
}

static struct sv fault_text(struct name_check *c)
{
	const char *text = dname_fault_text(c->code);

	if (strcmp(c->code, "E-NAME-CHAR") == 0)
		return arena_fmt(
			c->mem,
			"label \"" SV_FMT "\" contains \"" SV_FMT
			"\"; expected letters, digits and inner \"-\"%s",
			SV_ARG(cut(c->mem, c->label)), SV_ARG(c->bad),
			sv_eq(c->bad, SV("_")) ? " (name servers refuse \"_\" "
						 "in the owner of an address)"
					       : "");
	if (c->hint.n > 0)
		return arena_fmt(c->mem, "%s; did you mean \"" SV_FMT "\"?",
				 text, SV_ARG(c->hint));
	return sv_of(text);
}

static void warn_of(struct name_check *c, struct diags *d, struct loc at,
		    const char *what, struct sv text)
{
	struct sv quoted = cut(c->mem, text);

	if (c->deviates)
		diag_warn(d, DIAG_DNAME, at,
			  "%s \"" SV_FMT
			  "\" contains a character that older resolvers and "
			  "ExternalDNS map to another name",
			  what, SV_ARG(quoted));
	if (c->reserved)
		diag_warn(d, DIAG_DNAME, at,
			  "%s \"" SV_FMT "\" has \"--\" in the third and "
			  "fourth place, which is reserved (RFC 5890 2.3.1)",
			  what, SV_ARG(quoted));
}

int dname_parse(struct arena *mem, struct diags *d, struct loc at,
		const char *what, enum dname_use use, struct sv text,
		struct sv *out)
{
	struct name_check c = { .mem = mem, .use = use };

	if (name_check(&c, text, out) != NULL)
		return diag_error(
			d, DIAG_DNAME, at, "invalid %s \"" SV_FMT "\": " SV_FMT,
			what, SV_ARG(cut(mem, text)), SV_ARG(fault_text(&c)));
	warn_of(&c, d, at, what, text);
	return 0;
}

bool dname_in(struct sv name, struct sv zone)
{
	if (zone.n == 0)
		return true;
	return sv_ends(name, zone) &&
	       (name.n == zone.n || name.p[name.n - zone.n - 1] == '.');
}

/* The last label of `*name`, taken off it; false when none is left. */
static bool last_label(struct sv *name, struct sv *label)
{
	size_t dot;

	if (name->n == 0)
		return false;
	dot = sv_rchr(*name, '.');
	if (dot == name->n) {
		*label = *name;
		name->n = 0;
		return true;
	}
	*label = sv_from(*name, dot + 1);
	name->n = dot;
	return true;
}

static int label_cmp(struct sv a, struct sv b)
{
	while (a.n > 0 && b.n > 0) {
		int x = presented_byte(&a), y = presented_byte(&b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.n > 0) - (b.n > 0);
}

int dname_cmp(struct sv a, struct sv b)
{
	struct sv x, y;

	for (;;) {
		bool more_a = last_label(&a, &x), more_b = last_label(&b, &y);
		int c;

		if (!more_a || !more_b)
			return more_a - more_b;
		c = label_cmp(x, y);
		if (c != 0)
			return c;
	}
}

/* Go's profile maps what it can and keeps what it cannot. */
struct sv dname_lookup(struct arena *mem, struct sv name)
{
	struct sv out;

	name = dname_strip_dot(sv_trim(name));
	if (!is_ascii(name) && idn_transitional(mem, name, &out))
		return arena_lower(mem, out);
	return arena_lower(mem, name);
}

struct sv dname_unicode(struct arena *mem, struct sv name)
{
	struct sv out = SV("");

	name = dname_strip_dot(name);
	if (!is_ascii(name) && !idn_hint(mem, name, &out))
		return name;
	out = arena_lower(mem, is_ascii(name) ? name : out);
	return idn_readable(mem, out);
}

/* The list inside the library, not the system's newer one: the same input
 * gives the same answer everywhere.  Private suffixes (github.io) do have
 * owners, and a name that no list knows (lan) is the user's own. */
bool dname_is_public_suffix(struct sv name)
{
	char text[MAX_DNAME + 1];

	if (name.n == 0 || name.n > MAX_DNAME || sv_chr(name, '\0') < name.n)
		return false;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	return psl_is_public_suffix2(psl_builtin(), text,
				     PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) !=
	       0;
}
