/*
 * Names that look like another name.
 *
 * Source: UTS 39 5.1 and 5.2, restriction level "Highly Restrictive", by the
 *         property Script (libunistring has no Script_Extensions, so a
 *         character that several scripts share counts as Common); UTS 39 4,
 *         the letters whose skeleton is a Latin one, of Cyrillic only: that is
 *         where whole words look alike.
 */
#include <unictype.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "endpoint/endpoint.h"
#include "endpoint/idn.h"

/* Scripts that are written together: Japanese, Chinese with its phonetic
 * letters, Korean, each with Latin letters. */
static const char *const together[][4] = {
	{ "Latin", "Han", "Hiragana", "Katakana" },
	{ "Latin", "Han", "Bopomofo", NULL },
	{ "Latin", "Han", "Hangul", NULL },
};

/* Cyrillic letters that look like Latin ones. */
static const struct {
	uint32_t code;
	char latin;
} alike[] = {
	{ 0x430, 'a' }, { 0x433, 'r' }, { 0x435, 'e' }, { 0x43e, 'o' },
	{ 0x440, 'p' }, { 0x441, 'c' }, { 0x443, 'y' }, { 0x445, 'x' },
	{ 0x455, 's' }, { 0x456, 'i' }, { 0x458, 'j' }, { 0x475, 'v' },
	{ 0x4bb, 'h' }, { 0x4cf, 'l' }, { 0x501, 'd' }, { 0x51b, 'q' },
	{ 0x51d, 'w' },
};

enum { MAX_SCRIPTS = 8 }; /* enough to say that they are mixed */

struct scripts {
	const char *v[MAX_SCRIPTS];
	size_t n;
};

static void scripts_add(struct scripts *s, uint32_t code)
{
	const uc_script_t *script = uc_script(code);
	struct sv name = sv_of(script != NULL ? script->name : "Unknown");

	if (sv_eq(name, SV("Common")) || sv_eq(name, SV("Inherited")))
		return;
	for (size_t i = 0; i < s->n; i++)
		if (sv_eq(sv_of(s->v[i]), name))
			return;
	if (s->n < MAX_SCRIPTS)
		s->v[s->n++] = name.p;
}

static void scripts_of(struct sv label, struct scripts *out)
{
	uint32_t code;

	*out = (struct scripts){ .n = 0 };
	for (size_t n; (n = utf8_at(label, &code)) > 0;
	     label = sv_from(label, n))
		scripts_add(out, code);
}

static bool row_has(const char *const row[4], const char *script)
{
	for (size_t i = 0; i < 4 && row[i] != NULL; i++)
		if (sv_eq(sv_of(row[i]), sv_of(script)))
			return true;
	return false;
}

static bool are_together(const struct scripts *s)
{
	for (size_t i = 0; i < sizeof(together) / sizeof(together[0]); i++) {
		size_t n = 0;

		for (size_t k = 0; k < s->n; k++)
			n += row_has(together[i], s->v[k]);
		if (n == s->n)
			return true;
	}
	return s->n < 2;
}

/* The Latin word that each letter of a Cyrillic label looks like, or "". */
static struct sv latin_of(struct arena *mem, struct sv label)
{
	enum { ROWS = sizeof(alike) / sizeof(alike[0]) };
	struct buf b = { .mem = mem };
	uint32_t code;

	for (size_t n; (n = utf8_at(label, &code)) > 0;
	     label = sv_from(label, n)) {
		size_t i = 0;

		while (i < ROWS && alike[i].code != code)
			i++;
		if (code < 0x80)
			buf_char(&b, (char)code);
		else if (i < ROWS)
			buf_char(&b, alike[i].latin);
		else
			return SV("");
	}
	return buf_sv(&b);
}

static struct sv scripts_text(struct arena *mem, const struct scripts *s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s->n; i++)
		buf_fmt(&b, "%s%s",
			i == 0		? ""
			: i + 1 == s->n ? " and "
					: ", ",
			s->v[i]);
	return buf_sv(&b);
}

static bool is_cyrillic(const struct scripts *s)
{
	return s->n == 1 && sv_eq(sv_of(s->v[0]), SV("Cyrillic"));
}

static struct sv label_confusable(struct arena *mem, struct sv ascii,
				  bool cyrillic)
{
	struct sv label = idn_readable(mem, ascii), latin;
	struct scripts s;

	scripts_of(label, &s);
	if (!are_together(&s))
		return arena_fmt(mem,
				 "label \"" SV_FMT "\" (" SV_FMT
				 ") mixes " SV_FMT
				 " letters; expected those of one script",
				 SV_ARG(label), SV_ARG(ascii),
				 SV_ARG(scripts_text(mem, &s)));
	latin = is_cyrillic(&s) && !cyrillic ? latin_of(mem, label) : SV("");
	if (latin.n == 0)
		return SV("");
	return arena_fmt(mem,
			 "label \"" SV_FMT "\" (" SV_FMT
			 ") is Cyrillic and looks like \"" SV_FMT "\"",
			 SV_ARG(label), SV_ARG(ascii), SV_ARG(latin));
}

struct sv dname_confusable(struct arena *mem, struct sv name, struct sv zone)
{
	size_t dot = sv_rchr(name, '.');
	struct sv label = SV(""), why = SV("");
	struct sv rest =
		sv_head(name, name.n - (dname_in(name, zone) ? zone.n : 0));
	struct scripts last;

	if (!sv_has(rest, SV("xn--")))
		return why;
	/* Below a Cyrillic domain nobody takes a word for a Latin one. */
	scripts_of(idn_readable(mem, sv_from(name, dot < name.n ? dot + 1 : 0)),
		   &last);
	while (why.n == 0 && sv_cut(&rest, '.', &label))
		if (sv_starts(label, SV("xn--")))
			why = label_confusable(mem, label, is_cyrillic(&last));
	return why;
}
