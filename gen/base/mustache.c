#include "base/mustache.h"

#include <assert.h>

#include "base/limits.h"

enum kind { TEXT, VALUE, RAW, SECTION, INVERTED, PARTIAL, CLOSE, NOTHING };

/* One part of a template; a section holds all up to its `end`. */
struct part {
	enum kind kind;
	struct sv text; /* TEXT: itself; of a tag its name */
	struct sv indent;
	size_t at, end;
};

struct parts {
	VEC(struct part) list;
};

struct parser {
	struct arena *mem;
	const char *name;
	struct fault *f;
	struct sv whole, open, close;
	size_t at, text_from;
	struct parts *out;
	VEC(size_t) sections;
};

struct render {
	struct arena *mem;
	const struct mustache_options *o;
	struct fault *f;
	struct buf out;
	const struct mustache_scope *scopes[MAX_TEMPLATE_DEPTH];
	size_t depth, partials, work;
	const struct parser *p; /* for the places of faults */
};

void mustache_text(struct arena *mem, struct mustache_scope *s,
		   const char *name, struct sv text)
{
	struct mustache_value *v = VEC_ADD(mem, &s->values);

	*v = (struct mustache_value){ .name = name, .text = text };
}

void mustache_list(struct arena *mem, struct mustache_scope *s,
		   const char *name, const struct mustache_scope *list,
		   size_t n)
{
	struct mustache_value *v = VEC_ADD(mem, &s->values);

	*v = (struct mustache_value){
		.name = name, .list = list, .n = n, .is_list = true
	};
}

static int fail(const struct parser *p, size_t at, const char *what,
		struct sv name)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += p->whole.p[i] == '\n';
	return fault_set(p->f, p->mem, FAULT_USAGE, "%s:%zu: %s {{" SV_FMT "}}",
			 p->name, line, what, SV_ARG(name));
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A tag that stands alone on its line takes the line with it; `*indent` is what
 * stood in front. */
static bool take_line(const struct parser *p, size_t *start, size_t *end,
		      struct sv *indent)
{
	size_t from = *start, to = *end;

	while (from > p->text_from && blank(p->whole.p[from - 1]))
		from--;
	if (from > 0 && p->whole.p[from - 1] != '\n')
		return false;
	while (to < p->whole.n && blank(p->whole.p[to]))
		to++;
	if (to + 1 < p->whole.n && p->whole.p[to] == '\r' &&
	    p->whole.p[to + 1] == '\n')
		to++;
	if (to < p->whole.n && p->whole.p[to] != '\n')
		return false;
	*indent = sv_head(sv_from(p->whole, from), *start - from);
	*start = from;
	*end = to < p->whole.n ? to + 1 : to;
	return true;
}

static struct part *part_add(struct parser *p, enum kind kind, struct sv text,
			     size_t at)
{
	struct part *new = VEC_ADD(p->mem, &p->out->list);

	*new = (struct part){ .kind = kind, .text = text, .at = at };
	return new;
}

static void text_add(struct parser *p, size_t to)
{
	if (to > p->text_from)
		part_add(p, TEXT,
			 sv_head(sv_from(p->whole, p->text_from),
				 to - p->text_from),
			 p->text_from);
}

/* "<% %>" of {{=<% %>=}}. */
static int delimiters_set(struct parser *p, size_t at, struct sv inner)
{
	struct sv rest = sv_trim(inner), open;

	if (!sv_cut(&rest, ' ', &open) || open.n == 0 || sv_trim(rest).n == 0 ||
	    sv_chr(sv_trim(rest), ' ') < sv_trim(rest).n ||
	    sv_chr(open, '=') < open.n || sv_chr(rest, '=') < rest.n)
		return fail(p, at, "invalid delimiters", inner);
	p->open = open;
	p->close = sv_trim(rest);
	return 0;
}

static const struct {
	char sign;
	enum kind kind;
	bool alone; /* may take its line with it */
} signs[] = {
	{ '!', NOTHING, true },	 { '#', SECTION, true }, { '&', RAW, false },
	{ '/', CLOSE, true },	 { '=', NOTHING, true }, { '>', PARTIAL, true },
	{ '^', INVERTED, true }, { '{', RAW, false },
};

enum { SIGNS = sizeof(signs) / sizeof(signs[0]) };

static int section_close(struct parser *p, size_t at, struct sv name)
{
	size_t open;

	if (p->sections.n == 0)
		return fail(p, at, "unexpected end of section", name);
	open = p->sections.v[--p->sections.n];
	if (!sv_eq(p->out->list.v[open].text, name))
		return fail(p, at, "unexpected end of section",
			    p->out->list.v[open].text);
	p->out->list.v[open].end = p->out->list.n;
	return 0;
}

static int tag_add(struct parser *p, enum kind kind, struct sv name,
		   struct sv indent, size_t at)
{
	if (kind == NOTHING)
		return 0;
	if (kind == CLOSE)
		return section_close(p, at, name);
	if (name.n == 0)
		return fail(p, at, "missing name in", name);
	if (kind == SECTION || kind == INVERTED)
		*VEC_ADD(p->mem, &p->sections) = p->out->list.n;
	part_add(p, kind, name, at)->indent = indent;
	return 0;
}

/* The tag whose opening is at `at`. */
static int tag_parse(struct parser *p, size_t at)
{
	struct sv rest = sv_from(p->whole, at + p->open.n), close = p->close;
	struct sv inner, indent = SV("");
	size_t start = at, end, n, row = 0;
	char sign = rest.p != NULL && rest.n > 0 ? rest.p[0] : '\0';

	while (row < SIGNS && signs[row].sign != sign)
		row++;
	if (row < SIGNS)
		rest = sv_from(rest, 1);
	if (sign == '{' || sign == '=')
		close = arena_fmt(p->mem, "%c" SV_FMT, sign == '{' ? '}' : '=',
				  SV_ARG(p->close));
	n = sv_find(rest, close);
	if (n == rest.n)
		return fail(p, at, "missing end of", SV(""));
	inner = sv_head(rest, n);
	end = (size_t)(rest.p - p->whole.p) + n + close.n;
	if (row < SIGNS && signs[row].alone)
		(void)take_line(p, &start, &end, &indent);
	text_add(p, start);
	p->at = p->text_from = end;
	if (sign == '=')
		return delimiters_set(p, at, inner);
	return tag_add(p, row < SIGNS ? signs[row].kind : VALUE, sv_trim(inner),
		       indent, at);
}

static int parse(struct parser *p)
{
	p->open = SV("{{");
	p->close = SV("}}");
	while (p->at < p->whole.n) {
		struct sv rest = sv_from(p->whole, p->at);
		size_t n = sv_find(rest, p->open);

		assert(p->whole.p != NULL);
		if (n == rest.n)
			break;
		if (tag_parse(p, p->at + n) < 0)
			return -1;
	}
	text_add(p, p->whole.n);
	if (p->sections.n == 0)
		return 0;
	return fail(p, p->out->list.v[p->sections.v[0]].at,
		    "missing end of section",
		    p->out->list.v[p->sections.v[0]].text);
}

static const struct mustache_value *in_scope(const struct mustache_scope *s,
					     struct sv name)
{
	for (size_t k = 0; k < s->values.n; k++)
		if (sv_eq(sv_of(s->values.v[k].name), name))
			return &s->values.v[k];
	return NULL;
}

/* Of "a.b.c" only "a" is searched for in all that is above. */
static const struct mustache_value *find(const struct render *r, struct sv name)
{
	const struct mustache_value *v = NULL;
	struct sv rest = name, first;

	if (sv_eq(name, SV(".")))
		return in_scope(r->scopes[r->depth - 1], name);
	(void)sv_cut(&rest, '.', &first);
	for (size_t i = r->depth; v == NULL && i-- > 0;)
		v = in_scope(r->scopes[i], first);
	while (v != NULL && sv_cut(&rest, '.', &first))
		v = v->n > 0 ? in_scope(&v->list[0], first) : NULL;
	return v;
}

static bool is_true(const struct mustache_value *v)
{
	return v != NULL && (v->is_list ? v->n > 0 : v->text.n > 0);
}

static int range(struct render *r, const struct parts *all, size_t from,
		 size_t to);

/* Each call counts, and so does each byte that goes out. */
static int spend(struct render *r, const struct part *t)
{
	if (r->out.n <= MAX_FILE_BYTES && ++r->work <= MAX_TEMPLATE_WORK)
		return 0;
	return fail(r->p, t->at,
		    r->out.n > MAX_FILE_BYTES ? "output too large at"
					      : "too much work at",
		    t->text);
}

static int within(struct render *r, const struct parts *all, size_t i,
		  const struct mustache_scope *scope)
{
	const struct part *t = &all->list.v[i];
	int rc;

	if (spend(r, t) < 0)
		return -1;
	if (r->depth == MAX_TEMPLATE_DEPTH)
		return fail(r->p, t->at, "nested too deep:", t->text);
	r->scopes[r->depth++] = scope;
	rc = range(r, all, i + 1, t->end);
	r->depth--;
	return rc;
}

static int section(struct render *r, const struct parts *all, size_t i,
		   const struct mustache_value *v)
{
	struct mustache_value dot = { .name = "." };
	struct mustache_scope text = { .values = { &dot, 1, 1 } };

	if (all->list.v[i].kind == INVERTED)
		return is_true(v) ? 0
				  : range(r, all, i + 1, all->list.v[i].end);
	if (!is_true(v))
		return 0;
	if (!v->is_list) {
		dot.text = v->text;
		return within(r, all, i, &text);
	}
	for (size_t k = 0; k < v->n; k++)
		if (within(r, all, i, &v->list[k]) < 0)
			return -1;
	return 0;
}

static int value_put(struct render *r, const struct part *t,
		     const struct mustache_value *v)
{
	mustache_escape *escape = t->kind == RAW ? r->o->raw : r->o->escape;

	if (v != NULL && v->is_list && r->o->strict)
		return fail(r->p, t->at, "not a text:", t->text);
	if (v != NULL && !v->is_list)
		buf_add(&r->out, escape ? escape(r->mem, v->text) : v->text);
	return spend(r, t);
}

static struct sv indented(struct arena *mem, struct sv text, struct sv indent)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; indent.n > 0 && i < text.n; i++) {
		if (i == 0 || text.p[i - 1] == '\n')
			buf_add(&b, indent);
		buf_char(&b, text.p[i]);
	}
	return indent.n > 0 ? buf_sv(&b) : text;
}

static int partial(struct render *r, const struct part *t)
{
	const struct parser *outer = r->p;
	struct parts parts = { 0 };
	struct sv text = { NULL, 0 };
	struct parser p = { .mem = r->mem, .f = r->f, .out = &parts };
	int rc;

	if (r->partials == MAX_TEMPLATE_DEPTH)
		return fail(outer, t->at, "nested too deep:", t->text);
	if (r->o->partial != NULL &&
	    r->o->partial(r->o->of, t->text, &text) < 0)
		return -1;
	if (text.p == NULL)
		return r->o->strict
			       ? fail(outer, t->at, "no such file:", t->text)
			       : 0;
	r->work += text.n;
	p.name = arena_str(r->mem, t->text);
	p.whole = indented(r->mem, text, t->indent);
	if (spend(r, t) < 0 || parse(&p) < 0)
		return -1;
	r->p = &p;
	r->partials++;
	rc = range(r, &parts, 0, parts.list.n);
	r->partials--;
	r->p = outer;
	return rc;
}

static int part_put(struct render *r, const struct parts *all, size_t i)
{
	const struct part *t = &all->list.v[i];
	const struct mustache_value *v;

	if (t->kind == TEXT) {
		buf_add(&r->out, t->text);
		return spend(r, t);
	}
	if (t->kind == PARTIAL)
		return partial(r, t);
	v = find(r, t->text);
	if (v == NULL && r->o->strict)
		return fail(r->p, t->at, "unknown value", t->text);
	return t->kind == SECTION || t->kind == INVERTED ? section(r, all, i, v)
							 : value_put(r, t, v);
}

static int range(struct render *r, const struct parts *all, size_t from,
		 size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct part *t = &all->list.v[i];

		if (part_put(r, all, i) < 0)
			return -1;
		if (t->kind == SECTION || t->kind == INVERTED)
			i = t->end - 1;
	}
	return 0;
}

int mustache_render(struct arena *mem, const struct mustache_options *o,
		    struct fault *f, struct sv *out)
{
	struct parts parts = { 0 };
	struct parser p = { .mem = mem,
			    .name = o->name,
			    .f = f,
			    .whole = o->template,
			    .out = &parts };
	struct render r = { .mem = mem,
			    .o = o,
			    .f = f,
			    .out = { .mem = mem },
			    .scopes = { o->top },
			    .depth = 1,
			    .p = &p };

	if (parse(&p) < 0 || range(&r, &parts, 0, parts.list.n) < 0)
		return -1;
	*out = buf_sv(&r.out);
	return 0;
}

void mustache_partials(struct arena *mem, struct sv template,
		       struct strings *out)
{
	struct parts parts = { 0 };
	struct fault ignored = { 0 };
	struct parser p = { .mem = mem,
			    .name = "",
			    .f = &ignored,
			    .whole = template,
			    .out = &parts };

	(void)parse(&p);
	for (size_t i = 0; i < parts.list.n; i++)
		if (parts.list.v[i].kind == PARTIAL)
			strings_add_once(mem, out, parts.list.v[i].text);
}

struct sv html_escape(struct arena *mem, struct sv s)
{
	static const struct {
		char c;
		const char *entity;
	} rows[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
	};
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++) {
		size_t k = 0;

		while (k < 4 && rows[k].c != s.p[i])
			k++;
		if (k < 4)
			buf_add(&b, sv_of(rows[k].entity));
		else
			buf_char(&b, s.p[i]);
	}
	return buf_sv(&b);
}
