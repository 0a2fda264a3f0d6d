/*
 * text.h - small grammars of configuration values; for this folder only.
 */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

#include "config/config.h"

/* A path below the root of the repository: NULL, or what is wrong. */
const char *path_fault(struct sv path);

/* The same for an output: no dot-directory, no name that its format cannot
 * have; `format` may be NULL. */
const char *output_path_fault(struct sv path, const struct format *format);

/* The same for one part of it: what git or another machine would refuse. */
const char *file_name_fault(struct sv part);

/* A shell word: [A-Za-z_][A-Za-z0-9_]*. */
bool variable_name_ok(struct sv name);

/* Letters, digits, "-" and "_": the name of a publisher, view or claim. */
bool word_ok(struct sv name);

#endif
