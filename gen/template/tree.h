/*
 * tree.h - a parsed template; private to gen/template/.
 */
#ifndef TEMPLATE_TREE_H
#define TEMPLATE_TREE_H

#include "template/template.h"

struct pipe;

enum operand_kind {
	OPERAND_DOT,
	OPERAND_VARIABLE,
	OPERAND_FUNCTION,
	OPERAND_STRING,
	OPERAND_INT,
	OPERAND_FLOAT,
	OPERAND_BOOL,
	OPERAND_NIL,
	OPERAND_PIPE, /* in brackets */
};

struct operand {
	enum operand_kind kind;
	struct sv text; /* name or literal */
	int64_t number;
	double real;
	const struct pipe *pipe;
	const struct function *function;
	VEC(struct sv) fields; /* ".a.b" behind it */
};

struct command {
	VEC(struct operand) args;
};

struct pipe {
	struct sv variables[2]; /* "$i, $e :=" */
	size_t n_variables;
	bool assign; /* "=" */
	VEC(struct command) commands;
};

enum step_kind {
	STEP_TEXT,
	STEP_PRINT,
	STEP_IF,
	STEP_WITH,
	STEP_RANGE,
	STEP_BREAK,
	STEP_CONTINUE,
	STEP_TEMPLATE, /* and block */
};

struct step;

struct block {
	VEC(struct step) steps;
};

struct step {
	enum step_kind kind;
	struct sv text; /* or the name of a template */
	struct pipe pipe;
	struct block *body, *other; /* if, with, range; `other` or NULL */
};

struct template
{
	struct block body;
	VEC(struct definition {
		struct sv name;
		struct block *body;
	})
	definitions;
};

/* The function that a dialect calls so, or NULL. */
const struct function *function_find(const struct template_dialect *d,
				     struct sv name);
/* Check the arguments, then call it. */
bool function_call(struct filler *f, const struct function *fn,
		   const struct command *c, const struct value *args, size_t n,
		   struct value *out);

/* printf; false with a fault. */
bool value_printf(struct filler *f, struct sv format, const struct value *args,
		  size_t n, struct sv *out);
/* The name of its type in Go. */
const char *value_type(const struct value *v);

extern const struct function_list go_functions, sprig_texts, sprig_numbers,
	sprig_lists, sprig_dicts, sprig_others, sprig_regex;

/* As sprig's strval(): what a text function makes of any value. */
struct sv value_strval(struct filler *f, const struct value *v);
/* As sprig's strslice(): the texts of a list, or of one value. */
struct items value_strslice(struct filler *f, const struct value *v);
/* As spf13/cast's ToInt64(). */
int64_t value_to_int(struct filler *f, const struct value *v);
/* As Go's strconv.Quote(), with what its %q does. */
struct sv value_quoted(struct arena *mem, struct sv s);
/* As Go's reflect.DeepEqual(). */
bool value_same(struct filler *f, const struct value *a, const struct value *b);

#endif
