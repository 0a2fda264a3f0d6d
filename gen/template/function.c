/* Which function a name means, and whether it takes these arguments. */
#include "base/limits.h"
#include "template/tree.h"

static const struct function *find_in(const struct function_list *list,
				      struct sv name)
{
	for (size_t i = 0; i < list->n; i++)
		if (sv_eq(name, sv_of(list->rows[i].name)))
			return &list->rows[i];
	return NULL;
}

const struct function *function_find(const struct template_dialect *d,
				     struct sv name)
{
	for (; d != NULL; d = d->base)
		for (size_t i = 0; d->functions[i] != NULL; i++) {
			const struct function *fn =
				find_in(d->functions[i], name);

			if (fn != NULL)
				return fn;
		}
	return NULL;
}

/* What a letter of `takes` means. */
static const struct {
	char letter;
	const char *type;
	bool nil; /* what is not there is one, too */
} types[] = {
	{ 'a', "interface {}", true },
	{ 'b', "bool", false },
	{ 'd', "map[string]interface {}", true },
	{ 'i', "int", false },
	{ 'l', "[]interface {}", true },
	{ 's', "string", false },
};

static bool is_of(char letter, const struct value *v)
{
	switch (letter) {
	case 'b':
		return v->kind == VALUE_BOOL;
	case 'd':
		return value_is_map(v) && !v->strings;
	case 'i':
		return v->kind == VALUE_INT && !v->wide;
	case 'l':
		return value_is_list(v) && !v->strings;
	case 's':
		return v->kind == VALUE_STRING && !v->named;
	default: /* anything */
		return true;
	}
}

static bool check_arg(struct filler *f, char letter, const struct value *v,
		      bool literal)
{
	size_t i = 0;

	while (types[i].letter != letter)
		i++;
	if (value_absent(v) && !(v->held && letter != 'a'))
		return types[i].nil ||
		       fill_fault(f, "invalid value; expected %s",
				  types[i].type);
	if (is_of(letter, v))
		return true;
	/* A constant such as 2.0 is an int where one is expected. */
	if (letter == 'i' && literal && v->kind == VALUE_FLOAT &&
	    v->real == (double)(int64_t)v->real)
		return true;
	return fill_fault(f, "wrong type for value; expected %s; got %s",
			  types[i].type, value_type(v));
}

static bool is_literal(const struct command *c, size_t i)
{
	return c != NULL && i + 1 < c->args.n &&
	       c->args.v[i + 1].kind == OPERAND_FLOAT;
}

static bool check_args(struct filler *f, const struct function *fn,
		       const struct command *c, const struct value *args,
		       size_t n)
{
	struct sv takes = sv_of(fn->takes);
	bool any = sv_ends(takes, SV("*"));
	size_t least = takes.n - (any ? 2 : 0);

	if (n < least || (!any && n > least))
		return fill_fault(f,
				  "wrong number of args for %s: want %s%zu got "
				  "%zu",
				  fn->name, any ? "at least " : "", least, n);
	for (size_t i = 0; i < n; i++) {
		char letter = takes.p[i < least ? i : any ? takes.n - 2 : 0];

		if (!check_arg(f, letter, &args[i], is_literal(c, i)))
			return false;
	}
	return true;
}

/* What is made of what was made, again and again. */
static bool in_bounds(struct filler *f, const struct value *v)
{
	if (v->kind == VALUE_STRING && v->text.n > MAX_GO_TEMPLATE_TEXT)
		return fill_fault(f, "more than %d bytes",
				  MAX_GO_TEMPLATE_TEXT);
	if (v->kind == VALUE_LIST && v->n > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	return true;
}

bool function_call(struct filler *f, const struct function *fn,
		   const struct command *c, const struct value *args, size_t n,
		   struct value *out)
{
	if (fn->takes == NULL && (n < fn->least || n > fn->most))
		return fill_fault(f, "wrong number of args for %s", fn->name);
	if (fn->takes != NULL && !check_args(f, fn, c, args, n))
		return false;
	return fn->call(f, args, n, out) && f->fault == NULL &&
	       in_bounds(f, out);
}

static const struct function_list *const of_go[] = { &go_functions, NULL };
static const struct function_list *const of_sprig[] = {
	&sprig_dicts, &sprig_lists, &sprig_numbers, &sprig_others,
	&sprig_regex, &sprig_texts, NULL,
};

const struct template_dialect template_go = { .functions = of_go };
const struct template_dialect template_sprig = { .functions = of_sprig,
						 .base = &template_go };
