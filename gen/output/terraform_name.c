/* The names that records and zones have in Terraform. */
#include "output/terraform.h"

/* An injective encoding of a name as a Terraform identifier: names are lower
 * case, so upper case is free for what an identifier cannot hold, and no
 * label is empty, so "__" cannot come out of a name.  A variable, which has
 * no "-", stands behind "V": VSECRET-DOMAIN. */
void tf_name_encode(struct buf *b, struct sv whole)
{
	struct sv name = dname_head(whole), variable = dname_variable(whole);

	/* Neither can be first in an identifier. */
	if (name.n > 0 &&
	    (name.p[0] == '-' || (name.p[0] >= '0' && name.p[0] <= '9')))
		buf_char(b, '_');
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c == '.')
			buf_char(b, '_');
		else if (c == '_')
			buf_char(b, 'U');
		else if (c == '*')
			buf_char(b, 'W');
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			 c == '-')
			buf_char(b, (char)c);
		else
			buf_fmt(b, "X%02X", c);
	}
	if (variable.n > 0)
		buf_char(b, 'V');
	for (size_t i = 0; i < variable.n; i++)
		buf_char(b, variable.p[i] == '_' ? '-' : variable.p[i]);
}

/* The byte of "X2F" at `s`, or -1. */
static int hex_byte(struct sv s)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *high, *low;

	if (s.n < 3 || s.p[1] == '\0' || s.p[2] == '\0')
		return -1;
	high = strchr(digits, s.p[1]);
	low = strchr(digits, s.p[2]);
	return high != NULL && low != NULL
		       ? (int)((high - digits) * 16 + (low - digits))
		       : -1;
}

/* Behind "V": the name of a variable, to the end. */
static struct sv variable_decode(struct buf *b, struct sv s)
{
	buf_add(b, SV("${"));
	for (size_t i = 0; i < s.n; i++)
		buf_char(b, s.p[i] == '-' ? '_' : s.p[i]);
	buf_char(b, '}');
	return SV("");
}

static struct sv next_decode(struct buf *b, struct sv s)
{
	static const char codes[] = "_UW", bytes[] = "._*";
	const char *hit = s.p[0] != '\0' ? strchr(codes, s.p[0]) : NULL;
	int hex = s.p[0] == 'X' ? hex_byte(s) : -1;

	if (s.p[0] == 'V')
		return variable_decode(b, sv_from(s, 1));
	buf_char(b, hex >= 0	  ? (char)hex
		    : hit != NULL ? bytes[hit - codes]
				  : s.p[0]);
	return sv_from(s, hex >= 0 ? 3 : 1);
}

struct sv tf_name_decode(struct arena *mem, struct sv key)
{
	struct buf b = { .mem = mem }, again = { .mem = mem };
	struct sv rest = sv_head(key, sv_find(key, SV("__"))), whole = rest;

	if (rest.n > 1 && rest.p[0] == '_')
		rest = sv_from(rest, 1);
	while (rest.n > 0)
		rest = next_decode(&b, rest);
	tf_name_encode(&again, buf_sv(&b));
	return sv_eq(buf_sv(&again), whole) ? buf_sv(&b) : SV("");
}
