#include "base/mustache.h"

#include "base/limits.h"

struct render {
	struct arena *mem;
	const char *name;
	struct sv whole;
	struct sv (*escape)(struct arena *, struct sv);
	struct fault *f;
	struct buf out;
	const struct mustache_scope *scopes[MAX_TEMPLATE_DEPTH];
	size_t depth;
};

struct tag {
	char kind; /* '#', '^', '/', '!', or 0 for a value */
	struct sv name;
	size_t start, end; /* with the line, where it stands alone */
};

void mustache_text(struct arena *mem, struct mustache_scope *s,
		   const char *name, struct sv text)
{
	struct mustache_value *v = VEC_ADD(mem, &s->values);

	v->name = name;
	v->text = text;
}

void mustache_list(struct arena *mem, struct mustache_scope *s,
		   const char *name, const struct mustache_scope *list,
		   size_t n)
{
	struct mustache_value *v = VEC_ADD(mem, &s->values);

	v->name = name;
	v->list = list;
	v->n = n;
}

static int fail(struct render *r, size_t at, const char *what, struct sv name)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += r->whole.p[i] == '\n';
	return fault_set(r->f, r->mem, FAULT_USAGE, "%s:%zu: %s {{" SV_FMT "}}",
			 r->name, line, what, SV_ARG(name));
}

static const struct mustache_value *find(const struct render *r, struct sv name)
{
	for (size_t i = r->depth; i-- > 0;)
		for (size_t k = 0; k < r->scopes[i]->values.n; k++)
			if (sv_eq(sv_of(r->scopes[i]->values.v[k].name), name))
				return &r->scopes[i]->values.v[k];
	return NULL;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A section's tag alone on its line leaves no empty line behind. */
static void take_line(const struct render *r, struct tag *t)
{
	size_t start = t->start, end = t->end;

	while (start > 0 && blank(r->whole.p[start - 1]))
		start--;
	while (end < r->whole.n && blank(r->whole.p[end]))
		end++;
	if ((start > 0 && r->whole.p[start - 1] != '\n') ||
	    (end < r->whole.n && r->whole.p[end] != '\n'))
		return;
	t->start = start;
	t->end = end < r->whole.n ? end + 1 : end;
}

/* The next tag in [from, to): 1, 0 when there is none, -1 with a fault. */
static int next_tag(struct render *r, size_t from, size_t to, struct tag *t)
{
	struct sv rest = sv_from(sv_head(r->whole, to), from), inner;
	size_t open = sv_find(rest, SV("{{")), close;

	if (open == rest.n)
		return 0;
	inner = sv_from(rest, open + 2);
	close = sv_find(inner, SV("}}"));
	t->start = from + open;
	if (close == inner.n)
		return fail(r, t->start, "missing end of", SV(""));
	t->end = t->start + 2 + close + 2;
	inner = sv_head(inner, close);
	if (sv_starts(inner, SV("{"))) {
		inner = sv_from(inner, 1);
		t->end += t->end < to && r->whole.p[t->end] == '}';
	}
	t->kind = '\0';
	if (inner.n > 0 && sv_chr(SV("#^/!"), inner.p[0]) < 4) {
		t->kind = inner.p[0];
		inner = sv_from(inner, 1);
		take_line(r, t);
	}
	t->name = sv_trim(inner);
	return 1;
}

/* The tag that closes the section which begins at `open`. */
static int closing(struct render *r, const struct tag *open, size_t to,
		   struct tag *out)
{
	size_t at = open->end, level = 0;
	int rc;

	while ((rc = next_tag(r, at, to, out)) > 0) {
		at = out->end;
		if (out->kind == '#' || out->kind == '^') {
			level++;
			continue;
		}
		if (out->kind != '/')
			continue;
		if (level > 0) {
			level--;
			continue;
		}
		return sv_eq(out->name, open->name)
			       ? 0
			       : fail(r, out->start,
				      "unexpected end of section", open->name);
	}
	return rc < 0 ? -1
		      : fail(r, open->start, "missing end of section",
			     open->name);
}

static int render_part(struct render *r, size_t from, size_t to);

static int each(struct render *r, const struct mustache_value *v, size_t from,
		size_t to)
{
	if (v->list == NULL)
		return v->text.n > 0 ? render_part(r, from, to) : 0;
	if (r->depth == MAX_TEMPLATE_DEPTH)
		return fail(r, from, "nested too deep:", sv_of(v->name));
	for (size_t i = 0; i < v->n; i++) {
		r->scopes[r->depth++] = &v->list[i];
		if (render_part(r, from, to) < 0)
			return -1;
		r->depth--;
	}
	return 0;
}

static int section(struct render *r, const struct tag *t, size_t to,
		   size_t *after)
{
	const struct mustache_value *v = find(r, t->name);
	struct tag end = { 0 };
	bool some;

	if (v == NULL)
		return fail(r, t->start, "unknown value", t->name);
	if (closing(r, t, to, &end) < 0)
		return -1;
	*after = end.end;
	if (t->kind == '#')
		return each(r, v, t->end, end.start);
	some = v->list ? v->n > 0 : v->text.n > 0;
	return some ? 0 : render_part(r, t->end, end.start);
}

static int put_value(struct render *r, const struct tag *t)
{
	const struct mustache_value *v = find(r, t->name);

	if (v == NULL || v->list != NULL)
		return fail(r, t->start, "not a text:", t->name);
	buf_add(&r->out, r->escape ? r->escape(r->mem, v->text) : v->text);
	return 0;
}

static int render_part(struct render *r, size_t from, size_t to)
{
	struct tag t = { 0 };
	int rc;

	while ((rc = next_tag(r, from, to, &t)) > 0) {
		buf_add(&r->out, sv_from(sv_head(r->whole, t.start), from));
		from = t.end;
		if (t.kind == '/')
			return fail(r, t.start, "unexpected end of section",
				    t.name);
		if (t.kind == '\0')
			rc = put_value(r, &t);
		else if (t.kind != '!')
			rc = section(r, &t, to, &from);
		if (rc < 0)
			return -1;
	}
	if (rc == 0)
		buf_add(&r->out, sv_from(sv_head(r->whole, to), from));
	return rc;
}

int mustache_render(struct arena *mem, const char *name, struct sv template,
		    const struct mustache_scope *top,
		    struct sv (*escape)(struct arena *, struct sv),
		    struct fault *f, struct sv *out)
{
	struct render r = { .mem = mem,
			    .name = name,
			    .whole = template,
			    .escape = escape,
			    .f = f,
			    .out = { .mem = mem },
			    .scopes = { top },
			    .depth = 1 };

	if (render_part(&r, 0, template.n) < 0)
		return -1;
	*out = buf_sv(&r.out);
	return 0;
}
