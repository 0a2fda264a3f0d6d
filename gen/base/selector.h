/*
 * selector.h - Kubernetes' selector grammar, over labels or annotations.
 *
 * Shape:  requirements that all must hold: "a", "!a", "a=b", "a==b", "a!=b",
 *         "a in (b,c)", "a notin (b,c)", "a>1", "a<1".  None: all match.
 * Owner:  the arena; views point into the parsed text.
 * Source: k8s.io/apimachinery labels.Parse(), metav1.ParseToLabelSelector().
 */
#ifndef BASE_SELECTOR_H
#define BASE_SELECTOR_H

#include "base/strings.h"

enum selector_op {
	SELECTOR_EXISTS,
	SELECTOR_ABSENT,
	SELECTOR_IN,
	SELECTOR_NOT_IN,
	SELECTOR_GREATER,
	SELECTOR_LESS,
};

/* Which parser of Kubernetes reads the text. */
enum selector_form {
	SELECTOR_ANY,	 /* labels.Parse() */
	SELECTOR_LABELS, /* metav1.ParseToLabelSelector(): what has a form as
			    matchLabels and matchExpressions */
};

struct requirement {
	struct sv key;
	enum selector_op op;
	bool exact; /* written with "=" */
	struct strings values;
};

struct selector {
	VEC(struct requirement) list;
};

/* The value under `key`: false when there is none. */
typedef bool selector_lookup(const void *object, struct sv key,
			     struct sv *value);

/* NULL, or what is wrong. */
const char *selector_parse(struct arena *mem, struct sv text,
			   enum selector_form form, struct selector *out);

bool selector_match(const struct selector *s, selector_lookup *lookup,
		    const void *object);

/* Qualified name "example.org/team", label value: NULL, or what is wrong. */
const char *label_key_fault(struct sv key);
const char *label_value_fault(struct sv value);

#endif
