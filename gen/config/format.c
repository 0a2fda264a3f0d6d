#include "config/format.h"

#include "base/buf.h"

/* Names that Terraform reads as something else than a plain file of the
 * module: overrides are merged into blocks, tfvars are values. */
static const char *terraform_file_fault(struct sv name)
{
	if (!sv_ends(name, SV(".tf.json")))
		return "must end in .tf.json: Terraform reads no other JSON";
	if (sv_eq(name, SV("override.tf.json")) ||
	    sv_ends(name, SV("_override.tf.json")))
		return "is the name of an override file in Terraform";
	return NULL;
}

/* clang-format off */
const struct format format_table[] = {
#define MODE(name, ...)		{ #name, __VA_ARGS__ },
#define UNNAMED_MODE(...)	{ "", __VA_ARGS__ },
#define FORMAT(name, rows, ...)						\
	{ .word = #name, .modes = { rows { .word = NULL } }, __VA_ARGS__ },
#include "config/format.def"
#undef FORMAT
#undef UNNAMED_MODE
#undef MODE
	{ .word = NULL },
};
/* clang-format on */

const char format_words[] = ""
#define FORMAT(name, rows, ...) " " #name
#include "config/format.def"
#undef FORMAT
	;

const char format_mode_words[] = ""
#define MODE(name, ...)		" " #name
#define UNNAMED_MODE(...)	""
#define FORMAT(name, rows, ...) rows
#include "config/format.def"
#undef FORMAT
#undef UNNAMED_MODE
#undef MODE
	;

const struct format *format_find(struct sv word)
{
	for (const struct format *f = format_table; f->word != NULL; f++)
		if (sv_eq(word, sv_of(f->word)))
			return f;
	return NULL;
}

const struct format *format_of_syntax(enum comment_style style)
{
	for (const struct format *f = format_table; f->word != NULL; f++)
		if (f->comment == style && !f->is_named)
			return f;
	return NULL;
}

const struct format_mode *format_mode_find(const struct format *f,
					   struct sv word)
{
	for (const struct format_mode *m = f->modes; m->word != NULL; m++)
		if (word.n == 0 || sv_eq(word, sv_of(m->word)))
			return m;
	return NULL;
}

const struct format_mode *format_plain_mode(const struct format *f)
{
	const struct format_mode *m = f->modes;

	while (m->keys[0] != '\0')
		m++;
	return m;
}

struct sv format_list(struct arena *mem)
{
	struct buf b = { .mem = mem };

	for (const struct format *f = format_table; f->word != NULL; f++) {
		if (f != format_table)
			buf_add(&b, f[1].word ? SV(", ") : SV(" or "));
		buf_add(&b, sv_of(f->word));
	}
	return buf_sv(&b);
}

bool format_takes(const char *keys, struct sv key)
{
	struct sv rest = sv_of(keys), word;

	while (sv_cut(&rest, ' ', &word))
		if (sv_eq(word, key))
			return true;
	return false;
}

bool format_suffix_ok(const struct format *f, struct sv path)
{
	struct sv rest = sv_of(f->suffixes), suffix;

	while (sv_cut(&rest, ' ', &suffix))
		if (suffix.n > 0 && sv_ends(path, suffix))
			return true;
	return false;
}
