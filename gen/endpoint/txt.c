#include "endpoint/txt.h"

#include "base/buf.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A block scalar of YAML leaves a line end behind the last quote. */
static struct sv skip_blanks(struct sv s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = sv_from(s, 1);
	return s;
}

/* One quote alone is a byte like any other. */
static bool is_quoted(struct sv target)
{
	struct sv s = skip_blanks(target);

	return sv_starts(s, SV("\"")) && s.n > 1;
}

static void strings_add(struct buf *wire, struct sv bytes)
{
	do {
		struct sv s = sv_head(bytes, MAX_STRING);

		buf_char(wire, (char)s.n);
		buf_add(wire, s);
		bytes = sv_from(bytes, s.n);
	} while (bytes.n > 0);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte that the backslash at the head of `rest` stands for. */
static bool take_escape(struct sv *rest, char *c)
{
	unsigned n = 0;
	size_t i;

	if (rest->n < 2)
		return false;
	if (!is_digit(rest->p[1])) {
		*c = rest->p[1];
		*rest = sv_from(*rest, 2);
		return true;
	}
	for (i = 1; i < 4 && i < rest->n && is_digit(rest->p[i]); i++)
		n = n * 10 + (unsigned)(rest->p[i] - '0');
	*c = (char)n;
	*rest = sv_from(*rest, i);
	return i == 4 && n <= 255;
}

/* The string whose opening quote is the head of `rest`. */
static const char *take_string(struct arena *mem, struct sv *rest,
			       struct sv *bytes)
{
	struct buf b = { .mem = mem };
	char c;

	*rest = sv_from(*rest, 1);
	while (rest->n > 0 && rest->p[0] != '"') {
		c = rest->p[0];
		if (c != '\\')
			*rest = sv_from(*rest, 1);
		else if (!take_escape(rest, &c))
			return "backslash without a character or three "
			       "digits from 000 to 255 after it";
		buf_char(&b, c);
	}
	if (rest->n == 0)
		return "quote without its end";
	*rest = skip_blanks(sv_from(*rest, 1));
	*bytes = buf_sv(&b);
	return NULL;
}

const char *txt_wire(struct arena *mem, struct sv target, struct sv *wire)
{
	struct buf b = { .mem = mem };
	struct sv rest = skip_blanks(target), bytes = SV("");
	const char *fault = NULL;

	if (!is_quoted(target)) {
		strings_add(&b, target);
		*wire = buf_sv(&b);
		return NULL;
	}
	while (fault == NULL && rest.n > 0) {
		if (rest.p[0] != '"')
			return "text outside the quotes";
		fault = take_string(mem, &rest, &bytes);
		strings_add(&b, bytes);
	}
	*wire = buf_sv(&b);
	return fault;
}

/* The string at the head of `wire`. */
static bool take_wire(struct sv *wire, struct sv *s)
{
	size_t n;

	if (wire->n == 0)
		return false;
	n = (unsigned char)wire->p[0];
	*s = sv_head(sv_from(*wire, 1), n);
	*wire = sv_from(*wire, 1 + n);
	return true;
}

bool txt_bytes(struct arena *mem, struct sv wire, struct sv *out)
{
	struct buf b = { .mem = mem };
	struct sv s = SV("");
	size_t before = MAX_STRING;

	while (take_wire(&wire, &s)) {
		if (before != MAX_STRING)
			return false;
		buf_add(&b, s);
		before = s.n;
	}
	*out = buf_sv(&b);
	/* A last string that is empty behind a full one is not ours. */
	return out->n == 0 || before > 0;
}

static void string_add(struct buf *b, struct sv bytes)
{
	buf_char(b, '"');
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c == '"' || c == '\\')
			buf_fmt(b, "\\%c", c);
		else if (c >= 0x20 && c < 0x7f)
			buf_char(b, (char)c);
		else
			buf_fmt(b, "\\%03u", c);
	}
	buf_char(b, '"');
}

struct sv string_text(struct arena *mem, struct sv bytes)
{
	struct buf b = { .mem = mem };

	string_add(&b, bytes);
	return buf_sv(&b);
}

struct sv txt_quoted(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };
	struct sv s = SV("");

	while (take_wire(&wire, &s)) {
		/* Knot refuses "a""b". */
		if (b.n > 0)
			buf_char(&b, ' ');
		string_add(&b, s);
	}
	return buf_sv(&b);
}

bool ownership_parse(struct arena *mem, struct sv value, struct pairs *labels)
{
	static const struct sv heritage = { "external-dns", 12 };
	bool ours = false;
	struct sv token;

	while (value.n > 0 && value.p[0] == '"')
		value = sv_from(value, 1);
	while (value.n > 0 && value.p[value.n - 1] == '"')
		value.n--;
	while (sv_cut(&value, ',', &token)) {
		size_t eq = sv_chr(token, '=');
		struct sv key = sv_head(token, eq);
		struct sv val = sv_from(token, eq + 1);

		if (eq == token.n)
			continue;
		if (sv_eq(key, SV("heritage")) && !sv_eq(val, heritage))
			return false;
		if (sv_eq(key, SV("heritage")))
			ours = true;
		else if (labels == NULL)
			continue;
		else if (sv_starts(key, SV("external-dns/")))
			pairs_put(mem, labels, sv_from(key, heritage.n + 1),
				  val);
		else if (sv_starts(key, heritage))
			pairs_put(mem, labels, key, val);
	}
	return ours;
}

bool is_ownership(const struct endpoint *e)
{
	return e->is_registry || (e->type == RR_TXT && e->targets.n == 1 &&
				  ownership_parse(NULL, e->targets.v[0], NULL));
}

struct sv txt_target(struct arena *mem, struct sv wire)
{
	struct sv bytes;

	if (!txt_bytes(mem, wire, &bytes))
		return txt_quoted(mem, wire);
	return is_quoted(bytes) || ownership_parse(NULL, bytes, NULL)
		       ? string_text(mem, bytes)
		       : bytes;
}
