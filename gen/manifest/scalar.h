/*
 * scalar.h - what a scalar means; private to this folder.
 *
 * Source: YAML 1.1 as go.yaml.in/yaml/v2 reads it, which sigs.k8s.io/yaml,
 *         and so kubectl, stands on: `yes` is a boolean, `0755` is octal.
 */
#ifndef MANIFEST_SCALAR_H
#define MANIFEST_SCALAR_H

#include "manifest/manifest.h"

/* The type of a plain scalar without a tag. */
enum scalar_type scalar_resolve(struct arena *mem, struct sv text);

/* The type under an explicit tag, such as "tag:yaml.org,2002:int". */
enum scalar_type scalar_tagged(struct arena *mem, struct sv tag,
			       struct sv text);

/* False where a value has another type than its explicit tag says. */
bool scalar_fits(struct sv tag, enum scalar_type type);

/* The value of a scalar whose type is SCALAR_INT or SCALAR_FLOAT; the two are
 * apart where 64 bits hold more than a double does. */
struct scalar_number {
	bool whole, negative;
	uint64_t magnitude; /* of a whole number */
	double real;
};
struct scalar_number scalar_number(struct arena *mem, enum scalar_type type,
				   struct sv text);

/* As sigs.k8s.io/yaml writes a key of JSON for it: "true", "384", "1e+06"; of
 * a string, itself.  False for null, which has no such form. */
bool scalar_key(struct arena *mem, enum scalar_type type, struct sv text,
		struct sv *out);

/* Is it one of YAML's words for true? */
bool scalar_is_true(struct sv text);

/* JSON writes what lies above U+FFFF as two escapes, which YAML refuses: the
 * same text with one `\UXXXXXXXX` for both; `text` itself otherwise. */
struct sv json_text(struct arena *mem, struct sv text);

#endif
