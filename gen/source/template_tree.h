/*
 * template_tree.h - a parsed template; private to gen/source/template*.c.
 */
#ifndef SOURCE_TEMPLATE_TREE_H
#define SOURCE_TEMPLATE_TREE_H

#include "source/template.h"

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
};

struct step;

struct block {
	VEC(struct step) steps;
};

struct step {
	enum step_kind kind;
	struct sv text;
	struct pipe pipe;
	struct block *body, *other; /* if, with, range; `other` or NULL */
};

struct template
{
	struct block body;
};

enum value_kind {
	VALUE_MISSING, /* a key that a map does not hold */
	VALUE_NIL,
	VALUE_ZERO, /* a field of a Go type that the object leaves out */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_NODE,   /* a list or map */
	VALUE_OBJECT, /* the object, and its parts without a node */
	VALUE_META,
};

struct value {
	enum value_kind kind;
	bool yes;
	int64_t number;
	double real;
	struct sv text;
	const struct node *node;
	bool plain;   /* its keys are a map's, not fields */
	bool strings; /* ... and its values are strings */
	bool pointer; /* VALUE_NIL: printed as <nil> */
	bool named;   /* a string type of its own: no argument for a text */
	const char *known; /* fields of Go's type, or NULL: any */
	char mark;	   /* of its field in go_type.def, or NUL */
	struct sv type;	   /* its name in Go, or "": as its kind says */
};

struct filler {
	struct arena *mem;
	const struct object *object;
	enum template_view view;
	bool strict; /* a missing key is a fault */
	bool final;  /* not a fault of Go: it is not tried again */
	const struct node *spec, *status; /* part_aliased(), once */
	const char *flag;
	const char *fault;
	size_t steps, depth;
	struct buf *out;
	VEC(struct pair_of_value {
		struct sv name;
		struct value value;
	})
	variables;
	bool broke, continued;
};

/* False with f->fault: the text is in f->mem. */
bool fill_fault(struct filler *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* .Spec or .Status of a TEMPLATE_PLAIN object, which is `part`. */
const struct node *part_aliased(struct filler *f, struct sv name,
				const struct node *part);

struct value value_text(struct sv s);
struct value value_bool(bool b);
struct value value_int(int64_t n);
struct value value_of_node(const struct node *n, bool strings);
bool value_true(const struct value *v);
/* A list or map that is not there. */
bool value_is_empty_list(const struct value *v);
size_t value_len(const struct value *v);
/* Go prints the fields of a struct without their names, and Kubernetes' own
 * types in a form for people: neither is a name. */
bool value_is_struct(const struct value *v);
/* That it cannot be printed, for good. */
bool struct_fault(struct filler *f);
/* As Go prints it. */
void value_print(struct filler *f, struct buf *b, const struct value *v);

/* printf; false with a fault. */
bool value_printf(struct filler *f, struct sv format, const struct value *args,
		  size_t n, struct sv *out);
/* Places of the keys of a map, in the order of their bytes. */
size_t *node_order(struct arena *mem, const struct node *map);

/* What a function gives; false with a fault. */
struct function {
	const char *name;
	size_t least, most;
	bool (*call)(struct filler *f, const struct value *args, size_t n,
		     struct value *out);
};
const struct function *function_find(struct sv name);

#endif
