/*
 * Patterns of patch targets.  A machine that keeps a set of states and never
 * goes back: no pattern takes more than pattern times text.
 */
#include "base/limits.h"
#include "render/kustomize/kustomize.h"

enum { MAX_NAME_PATTERN = 512 };

enum opcode { OP_BYTE, OP_ANY, OP_CLASS, OP_SPLIT, OP_DONE };

struct inst {
	enum opcode op;
	char byte;
	struct sv class;
	int next, other; /* -1: to be filled in */
};

struct program {
	struct sv rest;
	struct inst v[2 * MAX_NAME_PATTERN + 2];
	int n;
	unsigned depth;
	bool bad;
};

/* A piece with one way in and one out: the instruction that jumps on. */
struct piece {
	int in, out; /* `out` is an OP_SPLIT used as a jump */
};

static int add(struct program *p, struct inst i)
{
	if (p->n >= 2 * MAX_NAME_PATTERN) {
		p->bad = true;
		return 0;
	}
	p->v[p->n] = i;
	return p->n++;
}

static int jump(struct program *p)
{
	return add(p, (struct inst){ .op = OP_SPLIT, .next = -1, .other = -1 });
}

static struct piece alternatives(struct program *p);

static char take(struct program *p)
{
	char c = p->rest.p[0];

	p->rest = sv_from(p->rest, 1);
	return c;
}

static bool peek_is(const struct program *p, char c)
{
	return p->rest.n > 0 && p->rest.p[0] == c;
}

static struct piece single(struct program *p, struct inst i)
{
	int at = add(p, i), out = jump(p);

	p->v[at].next = out;
	return (struct piece){ at, out };
}

static struct piece class_piece(struct program *p)
{
	struct inst i = { .op = OP_CLASS, .class = p->rest };
	size_t n = peek_is(p, '^') ? 1 : 0;

	/* "]" in front is a member; classes in classes are not read. */
	n++;
	while (n < p->rest.n && p->rest.p[n] != ']')
		n += p->rest.p[n] == '\\' ? 2 : 1;
	if (n >= p->rest.n || sv_has(sv_head(p->rest, n), SV("[:"))) {
		p->bad = true;
		n = 0;
	}
	i.class.n = n;
	p->rest = sv_from(p->rest, n + 1);
	return single(p, i);
}

static struct piece escape_piece(struct program *p)
{
	static const struct {
		char letter;
		const char *class;
	} named[] = { { 'd', "0-9" }, { 'w', "0-9A-Za-z_" } };
	char c;

	if (p->rest.n == 0) {
		p->bad = true;
		return single(p, (struct inst){ .op = OP_ANY });
	}
	c = take(p);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i].letter == c)
			return single(p,
				      (struct inst){
					      .op = OP_CLASS,
					      .class = sv_of(named[i].class) });
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'))
		p->bad = true;
	return single(p, (struct inst){ .op = OP_BYTE, .byte = c });
}

static struct piece group_piece(struct program *p)
{
	struct piece inner;

	if (sv_starts(p->rest, SV("?:")))
		p->rest = sv_from(p->rest, 2);
	inner = alternatives(p);
	if (peek_is(p, ')'))
		take(p);
	else
		p->bad = true;
	return inner;
}

static struct piece atom(struct program *p)
{
	char c = take(p);

	if (c == '(')
		return group_piece(p);
	if (c == '[')
		return class_piece(p);
	if (c == '\\')
		return escape_piece(p);
	if (c == '.')
		return single(p, (struct inst){ .op = OP_ANY });
	if (c == '*' || c == '+' || c == '?' || c == '{')
		p->bad = true;
	return single(p, (struct inst){ .op = OP_BYTE, .byte = c });
}

static struct piece repeated(struct program *p)
{
	struct piece a = atom(p);

	while (peek_is(p, '*') || peek_is(p, '+') || peek_is(p, '?')) {
		char c = take(p);
		int split = add(p, (struct inst){ .op = OP_SPLIT,
						  .next = a.in,
						  .other = -1 });
		int out = jump(p);

		p->v[split].other = out;
		p->v[a.out].next = c == '?' ? out : split;
		a = (struct piece){ c == '+' ? a.in : split, out };
	}
	if (peek_is(p, '{'))
		p->bad = true;
	return a;
}

static struct piece sequence(struct program *p)
{
	int start = jump(p);
	struct piece all = { start, start };

	while (p->rest.n > 0 && !p->bad && !peek_is(p, '|') &&
	       !peek_is(p, ')')) {
		struct piece a;

		/* The whole pattern is anchored at both ends already. */
		if (peek_is(p, '^') || peek_is(p, '$')) {
			take(p);
			continue;
		}
		a = repeated(p);
		p->v[all.out].next = a.in;
		all.out = a.out;
	}
	return all;
}

static struct piece alternatives(struct program *p)
{
	struct piece all;

	if (++p->depth > MAX_YAML_DEPTH) {
		p->bad = true;
		return (struct piece){ 0, 0 };
	}
	all = sequence(p);
	while (!p->bad && peek_is(p, '|')) {
		struct piece b;
		int split, out;

		take(p);
		b = sequence(p);
		split = add(p, (struct inst){ .op = OP_SPLIT,
					      .next = all.in,
					      .other = b.in });
		out = jump(p);
		p->v[all.out].next = out;
		p->v[b.out].next = out;
		all = (struct piece){ split, out };
	}
	p->depth--;
	return all;
}

static bool class_has(struct sv class, char c)
{
	bool negated = sv_starts(class, SV("^")), hit = false;

	if (negated)
		class = sv_from(class, 1);
	while (class.n > 0) {
		char low, high;

		if (class.p[0] == '\\' && class.n > 1)
			class = sv_from(class, 1);
		low = high = class.p[0];
		class = sv_from(class, 1);
		if (class.n > 1 && class.p[0] == '-') {
			high = class.p[1];
			class = sv_from(class, 2);
		}
		hit = hit || (c >= low && c <= high);
	}
	return hit != negated;
}

/* Mark `at` and all that it jumps to. */
static void reach(const struct program *p, bool *on, int at)
{
	int stack[2 * MAX_NAME_PATTERN + 2], n = 0;

	stack[n++] = at;
	while (n > 0) {
		int i = stack[--n];

		while (i >= 0 && !on[i]) {
			on[i] = true;
			if (p->v[i].op != OP_SPLIT)
				break;
			if (p->v[i].other >= 0 && !on[p->v[i].other])
				stack[n++] = p->v[i].other;
			i = p->v[i].next;
		}
	}
}

static bool accepts(const struct inst *i, char c)
{
	if (i->op == OP_BYTE)
		return i->byte == c;
	if (i->op == OP_CLASS)
		return class_has(i->class, c);
	return i->op == OP_ANY && c != '\n';
}

static bool run(struct arena *mem, const struct program *p, int start, int done,
		struct sv text)
{
	size_t n = (size_t)p->n;
	bool *now = ARENA_ARRAY(mem, bool, n);
	bool *then = ARENA_ARRAY(mem, bool, n);

	reach(p, now, start);
	for (size_t at = 0; at < text.n; at++) {
		bool *swap = now;

		memset(then, 0, n * sizeof(*then));
		for (size_t i = 0; i < n; i++)
			if (now[i] && accepts(&p->v[i], text.p[at]))
				reach(p, then, p->v[i].next);
		now = then;
		then = swap;
	}
	return now[done];
}

static int match(struct arena *mem, struct sv pattern, struct sv text)
{
	struct program *p = ARENA_NEW(mem, struct program);
	struct piece all;
	int done;

	p->rest = pattern;
	all = alternatives(p);
	done = add(p, (struct inst){ .op = OP_DONE });
	if (p->bad || p->rest.n > 0)
		return -1;
	p->v[all.out].next = done;
	return run(mem, p, all.in, done, text);
}

static bool is_plain(struct sv pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (pattern.p[i] == '\0' ||
		    strchr("\\.[](){}*+?|^$", pattern.p[i]) != NULL)
			return false;
	return true;
}

int name_pattern_match(struct sv pattern, struct sv text)
{
	struct arena *mem;
	int rc;

	if (pattern.n == 0 || sv_eq(pattern, SV(".*")))
		return 1;
	if (is_plain(pattern))
		return sv_eq(pattern, text);
	if (pattern.n > MAX_NAME_PATTERN || text.n > MAX_NAME_PATTERN)
		return -1;
	mem = arena_new();
	rc = match(mem, pattern, text);
	arena_free(mem);
	return rc;
}
