/*
 * template.h - Go's text/template, once, for everybody who names hosts with it.
 *
 * Shape:  text with {{actions}}: fields, pipelines, variables, if, with, range,
 *         break, continue, define, template, block.  A dialect says who reads
 *         the text: its functions, its delimiters, what a missing key is, and
 *         what a field of a value that is not a map is.
 * Owner:  the arena; views point into the template's text and the data.
 * Errors: a text that says what is wrong, in the words of Go's package where
 *         people know them.
 * Trust:  templates and data are a stranger's: depth, steps and length are
 *         bounded, and no function sees the clock, the machine or the network.
 * Source: Go's text/template, github.com/Masterminds/sprig/v3.
 */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "base/buf.h"
#include "manifest/manifest.h"

struct template;

enum value_kind {
	VALUE_MISSING, /* a key that a map does not hold */
	VALUE_NIL,
	VALUE_ZERO, /* a field of a Go type that the object leaves out */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_NODE, /* a list or map of the data */
	VALUE_LIST, /* made by a function */
	VALUE_DICT, /* made by a function, which others may change */
	VALUE_HOST, /* of the dialect: it alone knows its fields */
};

struct value {
	enum value_kind kind;
	bool yes;
	int64_t number;
	double real;
	struct sv text;
	const struct node *node;
	const struct value *items; /* VALUE_LIST */
	size_t n;
	struct dict *dict;
	bool wide;    /* VALUE_INT: Go's int64, not int */
	bool floats;  /* whole numbers below it are Go's float64 */
	bool plain;   /* its keys are a map's, not fields */
	bool strings; /* ... and its values are strings */
	bool held;    /* VALUE_NIL: of a map, where Go knows it as an interface
			 and takes it for no map */
	bool pointer; /* VALUE_NIL: printed as <nil> */
	/* Of values with Go's types, set and read by their dialect. */
	bool named; /* a string type of its own: no argument for a text */
	const char *known; /* the type, or NULL: any fields */
	char mark;	   /* of its field in go_type.def, or NUL */
	struct sv type;	   /* its name in Go, or "": as its kind says */
};

struct dict {
	VEC(struct sv) keys;
	VEC(struct value) values;
};

enum missing_key {
	MISSING_NO_VALUE, /* printed as "<no value>" */
	MISSING_ZERO,	  /* nil: a field of it is a fault */
	MISSING_ERROR,
};

/* One template being filled. */
struct filler {
	struct arena *mem;
	const struct template_dialect *dialect;
	enum missing_key missing;
	void *host; /* the dialect's own */
	bool final; /* not a fault of Go: it is not tried again */
	const char *fault;
	size_t steps, depth;
	struct buf *out;
	const struct template *template;
	VEC(struct pair_of_value {
		struct sv name;
		struct value value;
	})
	variables;
	bool broke, continued;
};

/* What a function gives; false with a fault. */
struct function {
	const char *name;
	/* A letter an argument: s string, i int, b bool, d map with values of
	 * any type, a anything; the last may be followed by "*": none or more
	 * of it.  NULL: between `least` and `most`, and the function checks. */
	const char *takes;
	bool (*call)(struct filler *f, const struct value *args, size_t n,
		     struct value *out);
	size_t least, most;
};

struct function_list {
	const struct function *rows;
	size_t n;
};

struct template_dialect {
	/* Ends with NULL; the first hit counts, then those of `base`. */
	const struct function_list *const *functions;
	const struct template_dialect *base; /* or NULL */
	const char *open, *close;	     /* NULL: "{{" and "}}" */
	/* A field of a value that is not a plain map; NULL: it has none. */
	bool (*field)(struct filler *f, struct value *v, struct sv name);
};

/* Go's own functions; and with those of sprig that have no effects. */
extern const struct template_dialect template_go, template_sprig;

/* NULL, or what is wrong with the text; `*out` is NULL for blank text. */
const char *template_parse(struct arena *mem, struct sv text,
			   const struct template_dialect *dialect,
			   struct template **out);

/*
 * Fill the template with `dot`.  NULL, or why it cannot be filled.  `f` says
 * the arena, what is missing and the host; `at` is where it stands, for the
 * budget.
 */
const char *template_fill(struct filler *f, const struct template *t,
			  const struct value *dot, struct loc at,
			  struct sv *out);

/* False with f->fault: the text is in f->mem. */
bool fill_fault(struct filler *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

struct value value_text(struct sv s);
struct value value_bool(bool b);
struct value value_int(int64_t n);
struct value value_nil(void);
struct value value_list(const struct value *items, size_t n, bool strings);
struct value value_dict(struct arena *mem);
/* The data of a template: maps with any values, numbers as JSON's. */
struct value value_data(const struct node *n);
struct value value_of_node(const struct node *n, bool strings);
/* What stands below `v`, which hands its numbers and strings down. */
struct value value_below(const struct value *v, const struct node *n);

bool value_true(const struct value *v);
/* A list or map of a Go type that is not there. */
bool value_is_empty_list(const struct value *v);
/* Go prints the fields of a struct without their names, and Kubernetes' own
 * types in a form for people: neither is a name. */
bool value_is_struct(const struct value *v);
/* That it cannot be printed, for good. */
bool struct_fault(struct filler *f);
bool value_absent(const struct value *v);
bool value_is_map(const struct value *v);
bool value_is_list(const struct value *v);
size_t value_len(const struct value *v);
/* The value under a key of a map, or false. */
bool value_get(const struct value *map, struct sv key, struct value *out);
void dict_put(struct arena *mem, struct dict *d, struct sv key,
	      struct value value);

/* What a list or map holds; a map in the order of the bytes of its keys. */
struct items {
	size_t n;
	const struct sv *keys; /* NULL: of a list */
	const struct value *values;
};
struct items value_items(struct filler *f, const struct value *v);

/* As Go prints it. */
void value_print(struct filler *f, struct buf *b, const struct value *v);
/* The same where a function prints: nil for what is not there. */
void value_print_arg(struct filler *f, struct buf *b, const struct value *v);
/* The text of a value that must have one; an absent field has none. */
bool value_is_text(struct filler *f, const struct value *v, struct sv *out);

/* As Go's encoding/json; `html` escapes "<", ">" and "&". */
void value_json(struct filler *f, struct buf *b, const struct value *v,
		bool html);
/* False for what is not JSON. */
bool value_from_json(struct filler *f, struct sv text, struct value *out);

#endif
