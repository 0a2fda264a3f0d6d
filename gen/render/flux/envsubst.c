#include "render/flux/envsubst.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

struct parser {
	struct envsubst *e;
	struct sv s;
	size_t i;
	unsigned depth;
	bool lacking; /* a value was missing since it was last cleared */
};

/* One expression: ${name OP arg0 arg1}. */
struct call {
	struct sv op, value, args[2];
	size_t n;
};

static int fail(struct parser *p, const char *why)
{
	if (p->e->fault == NULL) {
		p->e->fault = why;
		p->e->fault_at = p->i;
	}
	return -1;
}

static int work(struct parser *p, size_t steps)
{
	p->e->work += steps;
	if (p->e->work > MAX_SUBST_WORK)
		return fail(p, "the substitution takes too much work");
	return 0;
}

static int put(struct parser *p, struct buf *out, struct sv text)
{
	if (out->n + text.n > MAX_SUBST_BYTES)
		return fail(p, "the substituted text is too long");
	buf_add(out, text);
	return work(p, text.n);
}

static char byte_at(const struct parser *p, size_t i)
{
	return i < p->s.n ? p->s.p[i] : '\0';
}

static bool at_expr(const struct parser *p)
{
	return byte_at(p, p->i) == '$' && byte_at(p, p->i + 1) == '{';
}

static bool one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Bytes of the code point at `s`; 1 for a byte that begins none. */
static size_t rune_len(struct sv s)
{
	uint32_t code;
	size_t n = utf8_at(s, &code);

	return n > 0 ? n : 1;
}

/* The code point at `s`; bytes that are none get numbers above Unicode. */
static uint32_t rune_at(struct sv s)
{
	uint32_t code;

	return utf8_at(s, &code) > 0 ? code : 0x110000U + (unsigned char)s.p[0];
}

/*
 * Blocks beyond ASCII that hold no letters.  The names of variables are ASCII
 * by Flux' own rule, so a name that slips through is merely unset.
 */
static bool is_symbol(uint32_t r)
{
	static const struct {
		uint32_t from, to;
	} blocks[] = {
		{ 0x80, 0xa9 },		 { 0xab, 0xb4 },
		{ 0xb6, 0xb9 },		 { 0xbb, 0xbf },
		{ 0xd7, 0xd7 },		 { 0xf7, 0xf7 },
		{ 0x2000, 0x206f },	 { 0x2190, 0x2bff },
		{ 0x3000, 0x3004 },	 { 0xd800, 0xf8ff },
		{ 0xfff0, 0xffff },	 { 0x1f000, 0x1faff },
		{ 0xe0000, UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (r >= blocks[i].from && r <= blocks[i].to)
			return true;
	return false;
}

static size_t name_len(struct sv s)
{
	size_t n = 0;

	while (n < s.n) {
		struct sv rest = sv_from(s, n);
		char c = s.p[n];

		if ((unsigned char)c >= 0x80 && !is_symbol(rune_at(rest)))
			n += rune_len(rest);
		else if (c == '_' || (c >= '0' && c <= '9') ||
			 (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			n++;
		else
			break;
	}
	return n;
}

static int expression(struct parser *p, struct buf *out);

/* Text up to a byte of `stop` or an expression.  Patterns and replacements
 * escape "/", "\" and "$"; defaults escape nothing. */
static int take_text(struct parser *p, const char *stop, bool escapes,
		     struct buf *out)
{
	size_t from = p->i;

	while (p->i < p->s.n && !at_expr(p)) {
		char c = p->s.p[p->i], next = byte_at(p, p->i + 1);

		if (escapes && ((c == '$' && next == '$') ||
				(c == '\\' && one_of(next, "/\\"))))
			p->i++;
		else if (one_of(c, stop))
			break;
		if (put(p, out, (struct sv){ p->s.p + p->i, 1 }) < 0)
			return -1;
		p->i++;
	}
	return p->i == from ? fail(p, "missing operand") : 0;
}

/* One operand: one nested expression, or text. */
static int operand(struct parser *p, const char *stop, bool escapes,
		   struct sv *out)
{
	struct buf b = { .mem = p->e->mem };
	int rc;

	if (at_expr(p)) {
		p->i += 2;
		rc = expression(p, &b);
	} else {
		rc = take_text(p, stop, escapes, &b);
	}
	*out = buf_sv(&b);
	return rc;
}

static int close_brace(struct parser *p)
{
	if (byte_at(p, p->i) != '}')
		return fail(p, "missing closing brace");
	p->i++;
	return 0;
}

/* `${v:=a${b}c}`: any number of operands, joined. */
static int parse_default(struct parser *p, struct call *c)
{
	struct buf b = { .mem = p->e->mem };

	c->op = (struct sv){ p->s.p + p->i, p->s.p[p->i] == ':' ? 2 : 1 };
	p->i += c->op.n;
	while (byte_at(p, p->i) != '}') {
		struct sv part;

		if (operand(p, "}", false, &part) < 0 || put(p, &b, part) < 0)
			return -1;
	}
	c->args[c->n++] = buf_sv(&b);
	return close_brace(p);
}

static int parse_substring(struct parser *p, struct call *c)
{
	if (one_of(byte_at(p, p->i + 1), "=-?+"))
		return parse_default(p, c);
	/* Upstream loses its place at such a byte and fails. */
	if ((unsigned char)byte_at(p, p->i + 1) >= 0x80)
		return fail(p, "invalid offset: expected a number");
	c->op = SV(":");
	p->i++;
	if (operand(p, ":}", false, &c->args[c->n++]) < 0)
		return -1;
	if (byte_at(p, p->i) != ':')
		return close_brace(p);
	while (byte_at(p, p->i) == ':')
		p->i++;
	if (operand(p, "}", false, &c->args[c->n++]) < 0)
		return -1;
	return close_brace(p);
}

/* At most two operator bytes out of `set`. */
static struct sv take_op(struct parser *p, const char *first, const char *next)
{
	struct sv op = { p->s.p + p->i, 0 };

	if (one_of(byte_at(p, p->i), first))
		op.n++;
	if (one_of(byte_at(p, p->i + 1), next))
		op.n++;
	p->i += op.n;
	return op;
}

static int parse_case(struct parser *p, struct call *c)
{
	c->op = take_op(p, ",^", ",^");
	return close_brace(p);
}

static int parse_strip(struct parser *p, struct call *c)
{
	const char *set = p->s.p[p->i] == '#' ? "#" : "%";

	c->op = take_op(p, set, set);
	if (operand(p, "}", false, &c->args[c->n++]) < 0)
		return -1;
	return close_brace(p);
}

static int parse_replace(struct parser *p, struct call *c)
{
	c->op = take_op(p, "/", "/#%");
	if (operand(p, "/", true, &c->args[c->n++]) < 0)
		return -1;
	if (byte_at(p, p->i) != '/')
		return fail(p, "expected a second \"/\" in the replacement");
	while (byte_at(p, p->i) == '/')
		p->i++;
	if (byte_at(p, p->i) != '}' &&
	    operand(p, "}", true, &c->args[c->n++]) < 0)
		return -1;
	return close_brace(p);
}

/* One code point of a class, "\" before it taken off; false: malformed. */
static bool class_rune(struct sv *glob, uint32_t *out)
{
	if (glob->n > 0 && glob->p[0] == '\\')
		*glob = sv_from(*glob, 1);
	else if (glob->n > 0 && one_of(glob->p[0], "-]"))
		return false;
	if (glob->n == 0)
		return false;
	*out = rune_at(*glob);
	*glob = sv_from(*glob, rune_len(*glob));
	return glob->n > 0 && *out < 0x110000;
}

/* `glob` stands behind "["; 1 match, 0 none, -1 malformed. */
static int class_match(struct sv *glob, uint32_t r)
{
	bool negated = glob->n > 0 && glob->p[0] == '^', hit = false;

	if (negated)
		*glob = sv_from(*glob, 1);
	for (size_t n = 0;; n++) {
		uint32_t low, high;

		if (n > 0 && glob->n > 0 && glob->p[0] == ']')
			break;
		if (!class_rune(glob, &low))
			return -1;
		high = low;
		if (glob->p[0] == '-') {
			*glob = sv_from(*glob, 1);
			if (!class_rune(glob, &high))
				return -1;
		}
		hit = hit || (low <= r && r <= high);
	}
	*glob = sv_from(*glob, 1);
	return hit != negated;
}

/* A chunk without "*" against the head of `*s`; 1, 0 or -1 as above. */
static int chunk_match(struct sv chunk, struct sv *s)
{
	while (chunk.n > 0) {
		char c = chunk.p[0];
		int rc = 1;

		if (s->n == 0)
			return 0;
		chunk = sv_from(chunk, 1);
		if (c == '[') {
			rc = class_match(&chunk, rune_at(*s));
			*s = sv_from(*s, rune_len(*s));
		} else if (c == '?') {
			*s = sv_from(*s, rune_len(*s));
		} else {
			if (c == '\\' && chunk.n == 0)
				return -1;
			if (c == '\\') {
				c = chunk.p[0];
				chunk = sv_from(chunk, 1);
			}
			rc = c == s->p[0];
			*s = sv_from(*s, 1);
		}
		if (rc <= 0)
			return rc;
	}
	return 1;
}

/* Cut the text up to the next "*" outside a class. */
static struct sv next_chunk(struct sv *glob, bool *star)
{
	struct sv chunk;
	bool in_class = false;
	size_t i = 0;

	*star = glob->n > 0 && glob->p[0] == '*';
	while (glob->n > 0 && glob->p[0] == '*')
		*glob = sv_from(*glob, 1);
	for (; i < glob->n; i++) {
		char c = glob->p[i];

		if (c == '\\' && i + 1 < glob->n)
			i++;
		else if (c == '[')
			in_class = true;
		else if (c == ']')
			in_class = false;
		else if (c == '*' && !in_class)
			break;
	}
	chunk = sv_head(*glob, i);
	*glob = sv_from(*glob, i);
	return chunk;
}

/*
 * Whole match of a glob; 1, 0, or -1 for one that is malformed.  As upstream:
 * a star takes the first place where the next chunk fits and never comes back.
 */
static int glob_match(struct parser *p, struct sv glob, struct sv s)
{
	while (glob.n > 0) {
		bool star;
		struct sv chunk = next_chunk(&glob, &star);
		size_t skip = 0;

		if (star && chunk.n == 0)
			return 1;
		for (;; skip++) {
			struct sv rest = sv_from(s, skip);
			int rc = chunk_match(chunk, &rest);

			if (rc < 0 || work(p, chunk.n + 1) < 0)
				return -1;
			if (rc == 1 && (rest.n == 0 || glob.n > 0)) {
				s = rest;
				break;
			}
			if (!star || skip >= s.n)
				return 0;
		}
	}
	return s.n == 0;
}

static struct sv reversed(struct arena *mem, struct sv s)
{
	char *out = arena_alloc(mem, s.n + 1, 1);
	size_t end = s.n;

	for (size_t i = 0; i < s.n;) {
		size_t n = rune_len(sv_from(s, i));

		end -= n;
		memcpy(out + end, s.p + i, n);
		i += n;
	}
	return (struct sv){ out, s.n };
}

/* Bytes that a "#" or "##" takes off; the empty head is never tried. */
static size_t strip_len(struct parser *p, struct sv glob, struct sv s,
			bool longest)
{
	size_t hit = 0;

	for (size_t n = s.n; n > 0; n--) {
		int rc = glob_match(p, glob, sv_head(s, n));

		if (rc < 0)
			return 0;
		if (rc == 1)
			hit = n;
		if (rc == 1 && longest)
			break;
	}
	return hit;
}

static int do_strip(struct parser *p, const struct call *c, struct buf *out)
{
	struct arena *mem = p->e->mem;
	bool longest = c->op.n == 2;
	size_t n;

	if (c->op.p[0] == '#') {
		n = strip_len(p, c->args[0], c->value, longest);
		return put(p, out, sv_from(c->value, n));
	}
	n = strip_len(p, reversed(mem, c->args[0]), reversed(mem, c->value),
		      longest);
	return put(p, out, sv_head(c->value, c->value.n - n));
}

static int do_value(struct parser *p, const struct call *c, struct buf *out)
{
	return put(p, out, c->value);
}

static int do_default(struct parser *p, const struct call *c, struct buf *out)
{
	return put(p, out, c->value.n > 0 ? c->value : c->args[0]);
}

static int do_length(struct parser *p, const struct call *c, struct buf *out)
{
	buf_fmt(out, "%zu", c->value.n);
	return work(p, 1);
}

static char upper_char(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int do_case(struct parser *p, const struct call *c, struct buf *out)
{
	char (*change)(char) = c->op.p[0] == '^' ? upper_char : sv_lower_char;
	size_t n = c->op.n == 1 && c->value.n > 0 ? 1 : c->value.n;

	/* ",^" and "^," are accepted and have no effect. */
	if (c->op.n == 2 && c->op.p[0] != c->op.p[1])
		return put(p, out, c->value);
	for (size_t i = 0; i < n; i++) {
		char b = change(c->value.p[i]);

		if ((unsigned char)b >= 0x80)
			return fail(p, "only the case of ASCII letters can be "
				       "changed here");
		if (put(p, out, (struct sv){ &b, 1 }) < 0)
			return -1;
	}
	return put(p, out, sv_from(c->value, n));
}

/* A number as Go's Atoi takes it. */
static bool offset_parse(struct sv s, long long *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	unsigned long long v;

	if (s.n > 0 && one_of(s.p[0], "+-"))
		s = sv_from(s, 1);
	if (!sv_number(s, INT64_MAX, &v))
		return false;
	*out = negative ? -(long long)v : (long long)v;
	return true;
}

static int do_substring(struct parser *p, const struct call *c, struct buf *out)
{
	long long have = (long long)c->value.n, from, n = 0;

	if (!offset_parse(c->args[0], &from) ||
	    (c->n == 2 && !offset_parse(c->args[1], &n)))
		return put(p, out, c->value);
	if (from < 0)
		from = from + have < 0 ? 0 : from + have;
	/* Old engines crash here and new ones count from the end. */
	if (n < 0)
		return fail(p, "a negative length is read differently by "
			       "different versions");
	if (from >= have)
		return 0;
	if (c->n == 1 || n > have - from)
		n = have - from;
	return put(p, out, (struct sv){ c->value.p + from, (size_t)n });
}

/* Replace `what`, `most` times at the most.  As Go's strings.Replace: an empty
 * `what` is found before every character and at the end. */
static int replace(struct parser *p, struct sv s, struct sv what,
		   struct sv with, size_t most, struct buf *out)
{
	while (most > 0) {
		size_t hit = sv_find(s, what), n = what.n;

		if (n > 0 && hit == s.n)
			break;
		if (work(p, hit + 1) < 0 || put(p, out, sv_head(s, hit)) < 0 ||
		    put(p, out, with) < 0)
			return -1;
		most--;
		if (n == 0 && s.n == 0)
			return 0;
		if (n == 0) {
			n = rune_len(s);
			if (put(p, out, sv_head(s, n)) < 0)
				return -1;
		}
		s = sv_from(s, hit + n);
	}
	return put(p, out, s);
}

static int do_replace(struct parser *p, const struct call *c, struct buf *out)
{
	size_t most = sv_eq(c->op, SV("//")) ? SIZE_MAX : 1;

	return replace(p, c->value, c->args[0], c->n == 2 ? c->args[1] : SV(""),
		       most, out);
}

static int do_replace_end(struct parser *p, const struct call *c,
			  struct buf *out)
{
	struct sv v = c->value, what = c->args[0];
	bool head = c->op.p[1] == '#';

	/* Upstream changes nothing where the replacement is left out. */
	if (c->n < 2 || !(head ? sv_starts(v, what) : sv_ends(v, what)))
		return put(p, out, v);
	if (head)
		return put(p, out, c->args[1]) < 0
			       ? -1
			       : put(p, out, sv_from(v, what.n));
	return put(p, out, sv_head(v, v.n - what.n)) < 0
		       ? -1
		       : put(p, out, c->args[1]);
}

static const struct {
	char first; /* the byte behind the name */
	int (*parse)(struct parser *p, struct call *c);
} forms[] = {
	{ '#', parse_strip },	  { '%', parse_strip },
	{ ',', parse_case },	  { '/', parse_replace },
	{ ':', parse_substring }, { '=', parse_default },
	{ '^', parse_case },	  { '\0', NULL },
};

static const struct {
	const char *op;
	bool stands_in; /* handles an unset variable */
	int (*apply)(struct parser *p, const struct call *c, struct buf *out);
} ops[] = {
	{ "", false, do_value },	 { "length", false, do_length },
	{ ":", false, do_substring },	 { "/", false, do_replace },
	{ "//", false, do_replace },	 { "/#", false, do_replace_end },
	{ "/%", false, do_replace_end }, { "#", false, do_strip },
	{ "##", false, do_strip },	 { "%", false, do_strip },
	{ "%%", false, do_strip },	 { ",", false, do_case },
	{ ",,", false, do_case },	 { "^", false, do_case },
	{ "^^", false, do_case },	 { ",^", false, do_case },
	{ "^,", false, do_case },	 { "=", true, do_default },
	{ ":=", true, do_default },	 { ":-", true, do_default },
	{ ":?", true, do_default },	 { ":+", true, do_default },
};

static int lack(struct parser *p, struct sv name)
{
	struct envsubst *e = p->e;

	if (!e->keep)
		return fail(p, "a variable has no value");
	p->lacking = true;
	for (size_t i = 0; i < e->missing.n; i++)
		if (sv_eq(e->missing.v[i], name))
			return 0;
	*VEC_ADD(e->mem, &e->missing) = arena_sv(e->mem, name);
	return 0;
}

static int apply(struct parser *p, struct sv name, struct call *c,
		 struct buf *out)
{
	enum envsubst_state state = p->e->get(p->e->ctx, name, &c->value);
	size_t i = 0;

	/* Every form reads an operator of the table: see `forms`. */
	while (!sv_eq(sv_of(ops[i].op), c->op))
		i++;
	if (state != ENVSUBST_SET)
		c->value = SV("");
	if (state == ENVSUBST_UNKNOWN ||
	    (state == ENVSUBST_UNSET && !ops[i].stands_in && !p->e->lenient))
		return lack(p, name);
	return ops[i].apply(p, c, out);
}

static struct sv take_name(struct parser *p)
{
	struct sv name = sv_from(p->s, p->i);

	name.n = name_len(name);
	p->i += name.n;
	return name;
}

/* Behind "${", to behind its "}". */
static int expression(struct parser *p, struct buf *out)
{
	struct call c = { .op = SV("") };
	struct sv name;
	size_t i = 0;

	if (p->depth >= MAX_SUBST_DEPTH)
		return fail(p, "expressions are nested too deeply");
	p->depth++;
	if (byte_at(p, p->i) == '#') {
		c.op = SV("length");
		p->i++;
	}
	name = take_name(p);
	if (name.n == 0)
		return fail(p, "expected the name of a variable");
	while (forms[i].parse != NULL && forms[i].first != byte_at(p, p->i))
		i++;
	if (c.op.n > 0 || forms[i].parse == NULL) {
		if (close_brace(p) < 0)
			return -1;
	} else if (forms[i].parse(p, &c) < 0) {
		return -1;
	}
	p->depth--;
	return apply(p, name, &c, out);
}

/* An expression of the outermost level, or its text where it has no value. */
static int outermost(struct parser *p, struct buf *out)
{
	struct buf b = { .mem = p->e->mem };
	size_t from = p->i;

	p->i += 2;
	p->lacking = false;
	if (expression(p, &b) < 0)
		return -1;
	if (p->lacking)
		return put(p, out, (struct sv){ p->s.p + from, p->i - from });
	return put(p, out, buf_sv(&b));
}

int envsubst(struct envsubst *e, struct sv text, struct sv *out)
{
	struct parser p = { .e = e, .s = text };
	struct buf b = { .mem = e->mem };

	e->fault = NULL;
	while (p.i < text.n) {
		size_t n = sv_chr(sv_from(text, p.i), '$');

		if (put(&p, &b, sv_head(sv_from(text, p.i), n)) < 0)
			return -1;
		p.i += n;
		if (p.i == text.n)
			break;
		if (at_expr(&p)) {
			if (outermost(&p, &b) < 0)
				return -1;
			continue;
		}
		if (put(&p, &b, SV("$")) < 0)
			return -1;
		p.i += byte_at(&p, p.i + 1) == '$' ? 2 : 1;
	}
	*out = buf_sv(&b);
	return 0;
}
