#include "endpoint/idn.h"

#include <idn2.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

enum {
	/* A name that is worth mapping: four bytes for each of 253 places. */
	MAX_IDN_BYTES = 4 * MAX_DNAME,
};

static bool lookup(struct arena *mem, struct sv text, int flags, struct sv *out)
{
	uint8_t *ascii = NULL;
	int rc;

	if (text.n == 0 || text.n > MAX_IDN_BYTES ||
	    sv_chr(text, '\0') < text.n)
		return false;
	rc = idn2_lookup_u8((const uint8_t *)arena_str(mem, text), &ascii,
			    flags);
	if (rc == IDN2_OK)
		*out = arena_sv(mem, sv_of((const char *)ascii));
	idn2_free(ascii);
	return rc == IDN2_OK;
}

bool idn_label(struct arena *mem, struct sv label, struct sv *out)
{
	return lookup(mem, label,
		      IDN2_NFC_INPUT | IDN2_ALABEL_ROUNDTRIP | IDN2_NO_TR46,
		      out) &&
	       out->n > 0 && sv_chr(*out, '.') == out->n;
}

bool idn_hint(struct arena *mem, struct sv name, struct sv *out)
{
	return lookup(mem, name, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL, out);
}

bool idn_transitional(struct arena *mem, struct sv name, struct sv *out)
{
	return lookup(mem, name, IDN2_NFC_INPUT | IDN2_TRANSITIONAL, out);
}

struct sv idn_readable(struct arena *mem, struct sv name)
{
	char *text = NULL;
	struct sv out = name;

	if (!sv_has(name, SV("xn--")))
		return name;
	if (idn2_to_unicode_8z8z(arena_str(mem, name), &text, IDN2_NO_TR46) ==
	    IDN2_OK)
		out = arena_sv(mem, sv_of(text));
	free(text);
	return out;
}

bool is_ascii(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	return true;
}

bool idn_deviates(struct sv label)
{
	uint32_t code = 0;

	for (size_t n; label.n > 0; label = sv_from(label, n)) {
		n = utf8_at(label, &code);
		if (n == 0)
			return false;
		if (code == 0xdf || code == 0x3c2 || code == 0x200c ||
		    code == 0x200d)
			return true;
	}
	return false;
}
