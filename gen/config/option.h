/*
 * option.h - one row of option.def applied to a struct options; for this
 * folder only.
 *
 * Errors: -1 with a diag at `at` that calls the thing `what` ("--min-ttl" or
 *         "min-ttl"); the old value stays.
 */
#ifndef CONFIG_OPTION_H
#define CONFIG_OPTION_H

#include "config/config.h"
#include "endpoint/ttl.h"

/* What every setter needs. */
struct setter {
	struct arena *mem;
	struct diags *diags;
	struct loc at;
	struct sv what;
	bool split; /* CSV rows at commas; not under --compat */
};

void options_init(struct arena *mem, struct options *o);

/* Have the row's value replaced by (or, a list that this source has begun
 * already, extended with) `text`. */
int option_set(const struct setter *s, struct options *o, size_t row,
	       struct sv text, bool extend);

/* Have a list be given and empty. */
void option_clear(struct options *o, size_t row, struct loc at);

/* Where the value of a row lies in struct options. */
size_t option_offset(size_t row);

/* Is `text` one of the words of `values`, parted by blanks? */
bool choice_ok(struct sv values, struct sv text);

/* sv_bool() and YAML 1.1's words. */
bool bool_parse(struct sv text, bool *out);

#endif
