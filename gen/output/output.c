#include "output/output.h"

#define OUTPUT(name) extern const struct output output_##name;
#include "output/output.def"
#undef OUTPUT

const struct output *const output_table[] = {
#define OUTPUT(name) &output_##name,
#include "output/output.def"
#undef OUTPUT
	NULL,
};

const struct output *output_find(struct sv format)
{
	for (size_t i = 0; output_table[i] != NULL; i++)
		if (sv_eq(format, sv_of(output_table[i]->format)))
			return output_table[i];
	return NULL;
}

enum { OPENING_PARTS = 4 };

/* What stands before the header text, by kind of file.  Formatters move
 * blanks about in JSON, so those are skipped. */
static const char *const openings[][OPENING_PARTS] = {
	{ ";", NULL },
	{ "#", NULL },
	{ "{", "\"//\"", ":", "\"" },
};

static struct sv skip_blanks(struct sv s)
{
	size_t n = 0;

	while (n < s.n && strchr(" \t\r\n", s.p[n]) != NULL && s.p[n] != '\0')
		n++;
	return sv_from(s, n);
}

/* True, and `*rest` what follows, if the text begins as opening[] says. */
static bool opening_skip(const char *const *opening, struct sv *rest)
{
	for (size_t k = 0; k < OPENING_PARTS && opening[k] != NULL; k++) {
		struct sv part = sv_of(opening[k]);

		if (!sv_starts(*rest, part))
			return false;
		*rest = skip_blanks(sv_from(*rest, part.n));
	}
	return true;
}

bool output_is_ours(struct sv text)
{
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct sv rest = text;

		if (opening_skip(openings[i], &rest) &&
		    sv_starts(rest, SV(OUTPUT_HEADER_START)))
			return true;
	}
	return false;
}

bool output_may_replace(const struct output_spec *spec, struct sv text)
{
	return sv_eq(spec->mode, SV("block")) || output_is_ours(text);
}
