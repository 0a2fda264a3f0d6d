#include "output/soa_place.h"

#include "output/serial.h"

/* A walk over the words of a zone file (RFC 1035 section 5.1). */
struct walk {
	struct sv text;
	size_t pos;
	unsigned depth; /* of parentheses */
};

struct word {
	size_t at, n;
	bool first;    /* of an entry */
	bool indented; /* the entry has no owner */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_word(char c)
{
	return is_blank(c) || c == '\n' || c == '(' || c == ')' || c == ';' ||
	       c == '"';
}

/* Over blanks, comments and parentheses; notes where an entry begins. */
static void skip(struct walk *w, struct word *next)
{
	for (; w->pos < w->text.n; w->pos++) {
		char c = w->text.p[w->pos];

		if (c == ';') {
			w->pos += sv_chr(sv_from(w->text, w->pos), '\n') - 1;
		} else if (c == '\n' && w->depth == 0) {
			next->first = true;
			next->indented = w->pos + 1 < w->text.n &&
					 is_blank(w->text.p[w->pos + 1]);
		} else if (c == '(') {
			w->depth++;
		} else if (c == ')' && w->depth > 0) {
			w->depth--;
		} else if (!is_blank(c) && c != '\n' && c != ')') {
			return;
		}
	}
}

static bool word_next(struct walk *w, struct word *out)
{
	bool quoted;

	*out = (struct word){ .first = w->pos == 0 };
	out->indented = out->first && w->text.n > 0 && is_blank(w->text.p[0]);
	skip(w, out);
	out->at = w->pos;
	quoted = w->pos < w->text.n && w->text.p[w->pos] == '"';
	for (w->pos += quoted; w->pos < w->text.n; w->pos++) {
		char c = w->text.p[w->pos];

		if (c == '\\')
			w->pos++;
		else if (quoted ? c == '"' : ends_word(c))
			break;
	}
	if (w->pos > w->text.n)
		w->pos = w->text.n;
	out->n = w->pos - out->at;
	w->pos += quoted && w->pos < w->text.n;
	return out->n > 0;
}

static bool is_digits(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* Between owner and type: a TTL, or a class. */
static bool is_ttl_or_class(struct sv s)
{
	return (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9') ||
	       sv_case_eq(s, SV("IN")) || sv_case_eq(s, SV("CH")) ||
	       sv_case_eq(s, SV("HS")) ||
	       sv_case_eq(sv_head(s, 5), SV("CLASS"));
}

static bool is_hex(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') &&
		    (s.p[i] < 'a' || s.p[i] > 'f'))
			return false;
	return true;
}

/* "; serial 0123456789abcdef" on the same line. */
static void digest_find(struct sv text, struct soa_place *out)
{
	size_t pos = out->at + out->n;
	struct sv line, rest;

	rest = sv_from(text, pos);
	line = sv_head(rest, sv_chr(rest, '\n'));
	rest = sv_trim(line);
	if (!sv_starts(rest, SV(";")))
		return;
	rest = sv_trim(sv_from(rest, 1));
	if (!sv_starts(rest, SV("serial ")))
		return;
	rest = sv_trim(sv_from(rest, 7));
	if (rest.n != SERIAL_DIGEST || !is_hex(rest))
		return;
	out->digest_at = (size_t)(rest.p - text.p);
	out->digest_n = rest.n;
}

struct soa_place soa_find(struct sv text)
{
	enum { OTHER, BEFORE_TYPE, MNAME, RNAME, SERIAL } state = OTHER;
	struct soa_place found = { 0 };
	struct walk w = { .text = text };
	struct word word;

	while (word_next(&w, &word)) {
		struct sv s = { text.p + word.at, word.n };

		if (word.first)
			state = BEFORE_TYPE;
		/* The owner, or a directive, whose words are not types. */
		if (word.first && !word.indented) {
			state = s.p[0] == '$' ? OTHER : BEFORE_TYPE;
			continue;
		}
		if (state == BEFORE_TYPE && !is_ttl_or_class(s)) {
			state = sv_case_eq(s, SV("SOA")) ? MNAME : OTHER;
			found.records += state == MNAME;
		} else if (state == MNAME || state == RNAME) {
			state = state == MNAME ? RNAME : SERIAL;
		} else if (state == SERIAL) {
			found.at = word.at;
			found.n = is_digits(s) ? word.n : 0;
			found.digest_n = 0;
			digest_find(text, &found);
			state = OTHER;
		}
	}
	return found;
}
