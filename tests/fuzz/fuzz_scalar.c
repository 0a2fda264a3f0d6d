/*
 * A plain scalar, by the rules of tests/data/yaml-scalars.tsv, which were
 * recorded from the decoder that kubectl has, and by ours: the same type, and
 * of a whole number the same value.
 */
#include "fuzz.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "manifest/scalar.h"

enum { MOST_RULES = 32, MOST_SCALAR = 60 };

struct rule {
	regex_t pattern;
	bool plain;
	struct sv type;
	unsigned base;
};

struct rules {
	struct rule v[MOST_RULES];
	size_t n;
};

static void read_rule(struct arena *mem, struct sv line, struct rule *r)
{
	struct sv on = SV(""), pattern = SV("");
	unsigned long long base = 0;

	assert(sv_cut(&line, '\t', &on) && sv_cut(&line, '\t', &pattern) &&
	       sv_cut(&line, '\t', &r->type));
	r->plain = sv_eq(on, SV("plain"));
	(void)sv_number(line, 16, &base);
	r->base = (unsigned)base;
	assert(regcomp(&r->pattern, arena_str(mem, pattern),
		       REG_EXTENDED | REG_NOSUB) == 0);
}

/* Read once; what lives as long as the process is no leak. */
static const struct rules *rules(void)
{
	static struct rules all;
	static struct arena *mem;
	struct fault f = { 0 };
	struct sv text = SV(""), line;

	if (all.n > 0)
		return &all;
	mem = arena_new();
	assert(file_read(mem, "tests/data/yaml-scalars.tsv", MAX_FILE_BYTES, &f,
			 &text) == 0);
	while (sv_cut(&text, '\n', &line))
		if (line.n > 0 && line.p[0] != '#')
			read_rule(mem, line, &all.v[all.n++]);
	return &all;
}

static struct sv without_underscores(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			buf_char(&b, s.p[i]);
	return buf_sv(&b);
}

/* The digits behind sign and prefix; false: over 64 bits. */
static bool whole_value(const char *plain, unsigned base, bool *negative,
			unsigned long long *out)
{
	char *end;

	*negative = plain[0] == '-';
	plain += plain[0] == '-' || plain[0] == '+';
	if (base != 10 && strchr("xXoObB", plain[1]) != NULL)
		plain += 2;
	/* Behind "0b" a sign may stand. */
	*negative = *negative || plain[0] == '-';
	plain += plain[0] == '-' || plain[0] == '+';
	errno = 0;
	*out = strtoull(plain, &end, (int)base);
	assert(*end == '\0');
	return errno == 0 && (!*negative || *out <= 1ULL << 63);
}

static bool fits(const struct rule *r, const char *plain)
{
	unsigned long long value;
	bool negative;

	if (sv_eq(r->type, SV("int")))
		return whole_value(plain, r->base, &negative, &value);
	return !sv_eq(r->type, SV("float")) || isfinite(strtod(plain, NULL));
}

static const struct rule *rule_of(const char *text, const char *plain)
{
	const struct rules *all = rules();

	for (size_t i = 0; i < all->n; i++) {
		const struct rule *r = &all->v[i];
		const char *on = r->plain ? plain : text;

		if (regexec(&r->pattern, on, 0, NULL, 0) == 0 && fits(r, plain))
			return r;
	}
	abort(); /* the last row matches everything */
}

static const struct {
	const char *word;
	enum scalar_type type;
} types[] = {
	{ "null", SCALAR_NULL },     { "true", SCALAR_BOOL },
	{ "false", SCALAR_BOOL },    { "int", SCALAR_INT },
	{ "float", SCALAR_FLOAT },   { "infinite", SCALAR_FLOAT },
	{ "string", SCALAR_STRING },
};

static enum scalar_type type_of(const struct rule *r)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sv_eq(r->type, sv_of(types[i].word)))
			return types[i].type;
	abort();
}

static void check(struct arena *mem, struct sv text)
{
	const char *plain = arena_str(mem, without_underscores(mem, text));
	const struct rule *r = rule_of(arena_str(mem, text), plain);
	unsigned long long value;
	struct scalar_number n;
	bool negative;

	assert(scalar_resolve(mem, text) == type_of(r));
	if (type_of(r) == SCALAR_BOOL)
		assert(scalar_is_true(text) == sv_eq(r->type, SV("true")));
	if (type_of(r) != SCALAR_INT)
		return;
	assert(whole_value(plain, r->base, &negative, &value));
	n = scalar_number(mem, SCALAR_INT, text);
	assert(n.whole && n.magnitude == value && n.negative == negative);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem;
	struct sv text = { (const char *)data, size };

	if (size > MOST_SCALAR || memchr(data, 0, size) != NULL)
		return 0;
	mem = arena_new();
	check(mem, arena_sv(mem, text));
	arena_free(mem);
	return 0;
}
