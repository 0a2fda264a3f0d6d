#include <arpa/inet.h>

#include "endpoint/endpoint.h"

/* One row of special.def with its prefix as two numbers: matching text 50
 * times for every address of a big zone would be what a run spends most on. */
static const struct {
	struct special_prefix row;
	uint64_t high, low;
	unsigned bytes, bits;
} specials[] = {
#define SPECIAL(prefix, bytes, high, low, bits, class, what, rfc)              \
 { { prefix, ADDRESS_##class, what, rfc },                                     \
   UINT64_C(high),                                                             \
   UINT64_C(low),                                                              \
   bytes,                                                                      \
   bits },
#include "endpoint/special.def"
#undef SPECIAL
};

static const struct special_name special_names[] = {
#define SPECIAL_NAME(name, class, what, source)                                \
 { name, ADDRESS_##class, what, source },
#include "endpoint/special_name.def"
#undef SPECIAL_NAME
};

/* glibc's inet_pton() takes what Go's netip takes: it refuses leading zeros,
 * short forms, hex, brackets, ports and blanks (compared in the tests). */
bool address_parse(struct sv text, struct address *out)
{
	char c_text[INET6_ADDRSTRLEN];
	bool v6 = sv_chr(text, ':') < text.n;

	*out = (struct address){ 0 };
	if (text.n == 0 || text.n >= sizeof(c_text) ||
	    sv_chr(text, '\0') < text.n)
		return false;
	memcpy(c_text, text.p, text.n);
	c_text[text.n] = '\0';
	if (inet_pton(v6 ? AF_INET6 : AF_INET, c_text, out->bytes) != 1)
		return false;
	out->n = v6 ? 16 : 4;
	return true;
}

struct sv address_text(struct arena *mem, const struct address *a)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(a->n == 4 ? AF_INET : AF_INET6, a->bytes, text,
		      sizeof(text)) == NULL)
		return SV("");
	return arena_sv(mem, sv_of(text));
}

static uint64_t word_at(const unsigned char *p)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

/* Do the first `bits` (at most 64 are looked at) of two words agree? */
static bool words_agree(uint64_t a, uint64_t b, unsigned bits)
{
	unsigned rest = bits < 64 ? 64 - bits : 0;

	return rest >= 64 || (a ^ b) >> rest == 0;
}

/* 64:ff9b::/96 carries an IPv4 address, and that is who is reached. */
static bool nat64_inner(const struct address *a, struct address *inner)
{
	static const unsigned char well_known[12] = { 0, 0x64, 0xff, 0x9b };

	if (a->n != 16 || memcmp(a->bytes, well_known, 12) != 0)
		return false;
	*inner = (struct address){ .n = 4 };
	memcpy(inner->bytes, a->bytes + 12, 4);
	return true;
}

const struct special_prefix *address_special(const struct address *a)
{
	uint64_t high = word_at(a->bytes), low = word_at(a->bytes + 8);
	const struct special_prefix *best = NULL;
	unsigned best_bits = 0;
	struct address inner;

	if (nat64_inner(a, &inner))
		return address_special(&inner);
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		unsigned bits = specials[i].bits;

		if (specials[i].bytes != a->n ||
		    (best != NULL && bits < best_bits) ||
		    !words_agree(high, specials[i].high, bits) ||
		    (bits > 64 &&
		     !words_agree(low, specials[i].low, bits - 64)))
			continue;
		best = &specials[i].row;
		best_bits = bits;
	}
	return best != NULL && best->class != ADDRESS_GLOBAL ? best : NULL;
}

const struct special_name *name_special(struct sv name)
{
	const size_t n = sizeof(special_names) / sizeof(special_names[0]);
	const struct special_name *best = NULL;
	size_t best_size = 0;

	for (size_t i = 0; i < n; i++) {
		struct sv row = sv_of(special_names[i].name);

		if (row.n < best_size || !dname_in(name, row))
			continue;
		best = &special_names[i];
		best_size = row.n;
	}
	return best;
}

bool prefix_parse(struct sv text, struct prefix *out)
{
	size_t slash = sv_chr(text, '/');
	unsigned long long bits;

	*out = (struct prefix){ 0 };
	if (slash == text.n ||
	    !address_parse(sv_head(text, slash), &out->base) ||
	    !sv_number(sv_from(text, slash + 1), out->base.n * 8, &bits) ||
	    (text.p[slash + 1] == '0' && text.n > slash + 2))
		return false;
	out->bits = (unsigned)bits;
	return true;
}

bool prefix_holds(const struct prefix *p, const struct address *a)
{
	if (p->base.n != a->n)
		return false;
	return words_agree(word_at(p->base.bytes), word_at(a->bytes),
			   p->bits) &&
	       (p->bits <= 64 ||
		words_agree(word_at(p->base.bytes + 8), word_at(a->bytes + 8),
			    p->bits - 64));
}
