#include <stdarg.h>

#include "base/budget.h"
#include "base/limits.h"
#include "template/tree.h"

bool fill_fault(struct filler *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (f->fault == NULL)
		f->fault = arena_vfmt(f->mem, fmt, ap).p;
	va_end(ap);
	return false;
}

/* A key of a map: exact. */
static bool map_field(struct filler *f, struct value *v, struct sv name)
{
	struct value map = *v;

	if (value_get(&map, name, v)) {
		v->held = v->kind == VALUE_NIL;
		return true;
	}
	if (f->missing == MISSING_ERROR)
		return fill_fault(f, "map has no entry for key \"" SV_FMT "\"",
				  SV_ARG(name));
	*v = (struct value){ .kind = VALUE_MISSING,
			     .plain = true,
			     .strings = map.strings };
	if (f->missing == MISSING_NO_VALUE)
		return true;
	v->kind = map.strings ? VALUE_STRING : VALUE_NIL;
	v->held = !map.strings;
	return true;
}

/* Does only the dialect know its fields? */
static bool is_host(const struct value *v)
{
	return v->kind == VALUE_HOST || v->kind == VALUE_ZERO ||
	       v->known != NULL || (v->kind == VALUE_NODE && !v->plain);
}

static bool field(struct filler *f, struct value *v, struct sv name)
{
	if (f->dialect->field != NULL && is_host(v))
		return f->dialect->field(f, v, name);
	if (value_is_map(v))
		return map_field(f, v, name);
	if (v->kind == VALUE_NIL)
		return fill_fault(f,
				  "nil pointer evaluating interface {}." SV_FMT,
				  SV_ARG(name));
	if (v->kind == VALUE_MISSING && f->missing == MISSING_ERROR)
		return fill_fault(f,
				  "nil data; no entry for key \"" SV_FMT "\"",
				  SV_ARG(name));
	if (v->kind == VALUE_MISSING)
		return true;
	return fill_fault(f, "can't evaluate field " SV_FMT " in type %s",
			  SV_ARG(name), value_type(v));
}

static bool fields(struct filler *f, const struct operand *o, struct value *v)
{
	for (size_t i = 0; i < o->fields.n; i++)
		if (!field(f, v, o->fields.v[i]))
			return false;
	return true;
}

static bool fill_pipe(struct filler *f, const struct pipe *p,
		      const struct value *dot, struct value *out);

static bool variable(struct filler *f, struct sv name, struct value *out)
{
	for (size_t i = f->variables.n; i-- > 0;)
		if (sv_eq(f->variables.v[i].name, name)) {
			*out = f->variables.v[i].value;
			return true;
		}
	return fill_fault(f, "undefined variable \"$" SV_FMT "\"",
			  SV_ARG(name));
}

static bool operand(struct filler *f, const struct operand *o,
		    const struct value *dot, struct value *out)
{
	bool ok = true;

	*out = *dot;
	switch (o->kind) {
	case OPERAND_DOT:
		break;
	case OPERAND_VARIABLE:
		ok = variable(f, o->text, out);
		break;
	case OPERAND_STRING:
		*out = value_text(o->text);
		break;
	case OPERAND_INT:
		*out = value_int(o->number);
		break;
	case OPERAND_FLOAT:
		*out = (struct value){ .kind = VALUE_FLOAT, .real = o->real };
		break;
	case OPERAND_BOOL:
		*out = value_bool(o->number != 0);
		break;
	case OPERAND_NIL:
		*out = (struct value){ .kind = VALUE_NIL };
		break;
	case OPERAND_PIPE:
		ok = fill_pipe(f, o->pipe, dot, out);
		break;
	case OPERAND_FUNCTION:
		ok = function_call(f, o->function, NULL, NULL, 0, out);
		break;
	}
	return ok && fields(f, o, out);
}

/* "and" and "or" stop at the first argument that decides. */
static bool decides(struct sv name, const struct value *v)
{
	return (sv_eq(name, SV("and")) && !value_true(v)) ||
	       (sv_eq(name, SV("or")) && value_true(v));
}

/* `last` is what came through the pipeline, or NULL. */
static bool call(struct filler *f, const struct command *c,
		 const struct value *dot, const struct value *last,
		 struct value *out)
{
	const struct operand *name = &c->args.v[0];
	struct value *args = ARENA_ARRAY(f->mem, struct value, c->args.n + 1);
	size_t n = 0;

	for (size_t i = 1; i < c->args.n; i++) {
		if (!operand(f, &c->args.v[i], dot, &args[n]))
			return false;
		if (decides(name->text, &args[n])) {
			*out = args[n];
			return true;
		}
		n++;
	}
	if (last != NULL)
		args[n++] = *last;
	return function_call(f, name->function, c, args, n, out);
}

static bool fill_command(struct filler *f, const struct command *c,
			 const struct value *dot, const struct value *last,
			 struct value *out)
{
	if (++f->steps > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	if (c->args.v[0].kind == OPERAND_FUNCTION && c->args.v[0].fields.n == 0)
		return call(f, c, dot, last, out);
	if (c->args.v[0].kind == OPERAND_NIL)
		return fill_fault(f, "nil is not a command");
	if (c->args.n > 1 || last != NULL)
		return fill_fault(f, "a value that is not a function is "
				     "followed by another one");
	if (!operand(f, &c->args.v[0], dot, out))
		return false;
	out->held = false;
	return true;
}

static bool assign_variable(struct filler *f, struct sv name, struct value v)
{
	for (size_t i = f->variables.n; i-- > 0;)
		if (sv_eq(f->variables.v[i].name, name)) {
			f->variables.v[i].value = v;
			return true;
		}
	return fill_fault(f, "undefined variable \"$" SV_FMT "\"",
			  SV_ARG(name));
}

static void set_variable(struct filler *f, struct sv name, struct value v)
{
	*VEC_ADD(f->mem, &f->variables) = (struct pair_of_value){ name, v };
}

static bool fill_pipe(struct filler *f, const struct pipe *p,
		      const struct value *dot, struct value *out)
{
	for (size_t i = 0; i < p->commands.n; i++) {
		struct value last = *out;

		if (!fill_command(f, &p->commands.v[i], dot,
				  i > 0 ? &last : NULL, out))
			return false;
	}
	if (p->assign)
		return assign_variable(f, p->variables[0], *out);
	for (size_t i = 0; i < p->n_variables; i++)
		set_variable(f, p->variables[i], *out);
	return true;
}

static bool fill_block(struct filler *f, const struct block *b,
		       const struct value *dot);

static bool fill_either(struct filler *f, const struct step *s,
			const struct value *dot)
{
	size_t known = f->variables.n;
	struct value v = { 0 };
	bool ok = fill_pipe(f, &s->pipe, dot, &v);

	if (ok && value_true(&v))
		ok = fill_block(f, s->body, s->kind == STEP_WITH ? &v : dot);
	else if (ok && s->other != NULL)
		ok = fill_block(f, s->other, dot);
	f->variables.n = known;
	return ok;
}

static bool fill_turn(struct filler *f, const struct step *s,
		      const struct value *key, const struct value *item)
{
	const struct pipe *p = &s->pipe;
	size_t known = f->variables.n;
	bool ok;

	if (++f->steps > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	if (p->n_variables > 0)
		set_variable(f, p->variables[p->n_variables - 1], *item);
	if (p->n_variables > 1)
		set_variable(f, p->variables[0], *key);
	ok = fill_block(f, s->body, item);
	f->variables.n = known;
	f->continued = false;
	return ok && !f->broke;
}

static bool range_items(struct filler *f, const struct step *s,
			const struct value *v)
{
	struct items all = value_items(f, v);

	for (size_t i = 0; i < all.n; i++) {
		struct value key = all.keys != NULL ? value_text(all.keys[i])
						    : value_int((int64_t)i);

		if (!fill_turn(f, s, &key, &all.values[i]))
			break;
	}
	return f->fault == NULL;
}

static bool range_number(struct filler *f, const struct step *s, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		struct value key = value_int(i);

		if (!fill_turn(f, s, &key, &key))
			break;
	}
	return f->fault == NULL;
}

static bool fill_range(struct filler *f, const struct step *s,
		       const struct value *dot)
{
	struct pipe bare = s->pipe;
	struct value v = { 0 };
	bool ok;

	bare.n_variables = 0;
	if (!fill_pipe(f, &bare, dot, &v))
		return false;
	if ((v.mark == '=' && !v.plain) || (v.kind == VALUE_NIL && v.pointer))
		return fill_fault(f, "range over a value that is not a list");
	if (v.kind == VALUE_INT && s->pipe.n_variables > 1)
		return fill_fault(f, "can't use a number to iterate over more "
				     "than one variable");
	if (v.kind == VALUE_BOOL || v.kind == VALUE_STRING ||
	    v.kind == VALUE_FLOAT)
		return fill_fault(f, "range can't iterate over a %s",
				  value_type(&v));
	if (!value_true(&v) || (v.kind == VALUE_INT && v.number <= 0))
		return s->other == NULL || fill_block(f, s->other, dot);
	if (value_is_map(&v) || value_is_list(&v))
		ok = range_items(f, s, &v);
	else if (v.kind == VALUE_INT)
		ok = range_number(f, s, v.number);
	else
		return fill_fault(f, "range can't iterate over a %s",
				  value_type(&v));
	f->broke = false;
	return ok;
}

static bool fill_print(struct filler *f, const struct step *s,
		       const struct value *dot)
{
	struct value v = { 0 };

	if (!fill_pipe(f, &s->pipe, dot, &v))
		return false;
	if (s->pipe.n_variables == 0)
		value_print(f, f->out, &v);
	return f->fault == NULL;
}

static const struct block *definition(const struct template *t, struct sv name)
{
	for (size_t i = t->definitions.n; i-- > 0;)
		if (sv_eq(t->definitions.v[i].name, name))
			return t->definitions.v[i].body;
	return NULL;
}

/* A template of its own sees no variable but "$". */
static bool fill_template(struct filler *f, const struct step *s,
			  const struct value *dot)
{
	const struct block *body = definition(f->template, s->text);
	struct value v = value_nil();
	size_t known = f->variables.n;
	bool ok;

	if (body == NULL)
		return fill_fault(f, "template \"" SV_FMT "\" not defined",
				  SV_ARG(s->text));
	if (s->pipe.commands.n > 0 && !fill_pipe(f, &s->pipe, dot, &v))
		return false;
	if (++f->depth > MAX_GO_TEMPLATE_DEPTH)
		return fill_fault(f, "templates nested too deep");
	f->variables.n = known;
	set_variable(f, SV(""), v);
	ok = fill_block(f, body, &v);
	f->variables.n = known;
	f->depth--;
	return ok;
}

static bool fill_step(struct filler *f, const struct step *s,
		      const struct value *dot)
{
	switch (s->kind) {
	case STEP_TEXT:
		buf_add(f->out, s->text);
		return true;
	case STEP_PRINT:
		return fill_print(f, s, dot);
	case STEP_IF:
	case STEP_WITH:
		return fill_either(f, s, dot);
	case STEP_RANGE:
		return fill_range(f, s, dot);
	case STEP_TEMPLATE:
		return fill_template(f, s, dot);
	case STEP_BREAK:
		f->broke = true;
		return true;
	case STEP_CONTINUE:
		f->continued = true;
		return true;
	}
	return false;
}

static bool fill_block(struct filler *f, const struct block *b,
		       const struct value *dot)
{
	for (size_t i = 0; i < b->steps.n && !f->broke && !f->continued; i++) {
		if (!fill_step(f, &b->steps.v[i], dot))
			return false;
		if (f->out->n > MAX_GO_TEMPLATE_TEXT)
			return fill_fault(f, "more than %d bytes",
					  MAX_GO_TEMPLATE_TEXT);
	}
	return true;
}

const char *template_fill(struct filler *f, const struct template *t,
			  const struct value *dot, struct loc at,
			  struct sv *out)
{
	struct buf b = { .mem = f->mem };

	f->out = &b;
	f->template = t;
	f->variables.n = 0;
	set_variable(f, SV(""), *dot);
	(void)fill_block(f, &t->body, dot);
	work_spend(f->mem, WORK_TEMPLATES, f->steps, at);
	*out = buf_sv(&b);
	f->out = NULL;
	return f->fault;
}
