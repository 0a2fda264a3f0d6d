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

/* What `!!binary` holds.  False if the text is no base64. */
bool scalar_binary(struct arena *mem, struct sv text, struct sv *out);

/* JSON writes what lies above U+FFFF as two escapes, which YAML refuses: the
 * same text with one `\UXXXXXXXX` for both; `text` itself otherwise. */
struct sv json_text(struct arena *mem, struct sv text);

#endif
