/*
 * How the data of a type is built, for what comes as RFC 3597 has it: to
 * libzscanner those are bytes, but a server that knows the type takes them
 * apart, and named refuses the whole zone where they do not fit.
 */
#include "output/rdata.h"

/*
 * A letter a field: 1, 2, 4, 8 bytes; 0 that the next two are zero; n a name;
 * s a string; S one or more strings; r any bytes, R one at least; d a string
 * of decimal digits; t types as bits (RFC 4034 section 4.1.2), T one at least;
 * and what only one type has, below.
 */
static const struct {
	enum rrtype type;
	const char *fields;
} forms[] = {
	{ RR_A6, "P" },
	{ RR_AFSDB, "2n" },
	{ RR_AMTRELAY, "A" },
	{ RR_APL, "B" },
	{ RR_ATMA, "M" },
	{ RR_AVC, "S" },
	{ RR_BRID, "R" },
	{ RR_CDNSKEY, "211R" },
	{ RR_CDS, "211R" },
	{ RR_CERT, "221R" },
	{ RR_CLA, "S" },
	{ RR_CSYNC, "42t" },
	{ RR_DHCID, "R" },
	{ RR_DLV, "211R" },
	{ RR_DNSKEY, "211R" },
	{ RR_DOA, "441sr" },
	{ RR_DS, "211R" },
	{ RR_DSYNC, "212n" },
	{ RR_EID, "R" },
	{ RR_GPOS, "sss" },
	{ RR_HHIT, "R" },
	{ RR_HINFO, "ss" },
	{ RR_HIP, "H" },
	{ RR_HTTPS, "2nr" },
	{ RR_IPSECKEY, "I" },
	{ RR_ISDN, "S" },
	{ RR_KEY, "K" },
	{ RR_KX, "2n" },
	{ RR_L32, "24" },
	{ RR_L64, "28" },
	{ RR_LOC, "L" },
	{ RR_LP, "2n" },
	{ RR_MB, "n" },
	{ RR_MG, "n" },
	{ RR_MINFO, "nn" },
	{ RR_MR, "n" },
	{ RR_MX, "2n" },
	{ RR_NAPTR, "22sssn" },
	{ RR_NID, "28" },
	{ RR_NIMLOC, "R" },
	{ RR_NINFO, "S" },
	{ RR_NSAP, "R" },
	{ RR_NSAP_PTR, "n" },
	{ RR_NSEC, "nT" },
	{ RR_NSEC3PARAM, "112s" },
	{ RR_OPENPGPKEY, "R" },
	{ RR_PX, "2nn" },
	{ RR_RESINFO, "S" },
	{ RR_RKEY, "0211R" },
	{ RR_RP, "nn" },
	{ RR_RRSIG, "2114442nR" },
	{ RR_RT, "2n" },
	{ RR_SIG, "2114442nR" },
	{ RR_SINK, "111r" },
	{ RR_SMIMEA, "111R" },
	{ RR_SRV, "222n" },
	{ RR_SSHFP, "11R" },
	{ RR_SVCB, "2nr" },
	{ RR_TA, "D" },
	{ RR_TALINK, "nn" },
	{ RR_TLSA, "111R" },
	{ RR_URI, "22R" },
	{ RR_WALLET, "S" },
	{ RR_WKS, "W" },
	{ RR_X25, "d" },
	{ RR_ZONEMD, "411R" },
};

static unsigned byte(struct sv s, size_t at)
{
	return at < s.n ? (unsigned char)s.p[at] : 0;
}

static bool take(struct sv *rest, size_t n)
{
	if (rest->n < n)
		return false;
	*rest = sv_from(*rest, n);
	return true;
}

static bool take_name(struct sv *rest)
{
	size_t n;

	/* 255 bytes with the root's (RFC 1035 section 3.1). */
	for (size_t all = 1; (n = byte(*rest, 0)) > 0; all += n + 1)
		if (n > 63 || all + n + 1 > 255 || !take(rest, n + 1))
			return false;
	return take(rest, 1);
}

static bool take_string(struct sv *rest)
{
	return rest->n > 0 && take(rest, byte(*rest, 0) + 1);
}

static bool take_strings(struct sv *rest)
{
	do
		if (!take_string(rest))
			return false;
	while (rest->n > 0);
	return true;
}

static bool take_digits(struct sv *rest)
{
	for (size_t i = 1; i < rest->n; i++)
		if (rest->p[i] < '0' || rest->p[i] > '9')
			return false;
	return take_string(rest);
}

/* Windows in order, each of 1 to 32 bytes, of which the last is not zero. */
static bool take_types(struct sv *rest)
{
	for (int before = -1, window; rest->n > 0; before = window) {
		size_t n = byte(*rest, 1);

		window = (int)byte(*rest, 0);
		if (window <= before || n == 0 || n > 32 ||
		    byte(*rest, n + 1) == 0 || !take(rest, n + 2))
			return false;
	}
	return true;
}

/* RFC 4025 section 2.3, RFC 8777 section 4.2: none, an address, or a name. */
static bool take_gateway(struct sv *rest, unsigned kind)
{
	switch (kind) {
	case 0:
		return true;
	case 1:
		return take(rest, 4);
	case 2:
		return take(rest, 16);
	case 3:
		return take_name(rest);
	}
	return false;
}

static bool take_ipseckey(struct sv *rest)
{
	unsigned kind = byte(*rest, 1), algorithm = byte(*rest, 2);

	return take(rest, 3) && take_gateway(rest, kind) &&
	       (algorithm == 0) == (rest->n == 0) && take(rest, rest->n);
}

static bool take_amtrelay(struct sv *rest)
{
	unsigned kind = byte(*rest, 1) & 0x7f;

	return take(rest, 2) && take_gateway(rest, kind);
}

/* RFC 2535 section 3.1.2: with two bits set it has none. */
static bool take_key(struct sv *rest)
{
	bool none = (byte(*rest, 0) & 0xc0) == 0xc0;

	return take(rest, 4) && none == (rest->n == 0) && take(rest, rest->n);
}

/* RFC 1876 section 2: version 0, sizes of two digits, a place on earth. */
static bool take_loc(struct sv *rest)
{
	static const uint32_t most[] = { 90u * 3600000, 180u * 3600000 };

	for (size_t i = 1; i < 4; i++)
		if (byte(*rest, i) >> 4 > 9 || (byte(*rest, i) & 15) > 9)
			return false;
	for (size_t i = 0; i < 2; i++) {
		uint32_t v = 0, middle = 1u << 31;

		for (size_t k = 0; k < 4; k++)
			v = v << 8 | byte(*rest, 4 + 4 * i + k);
		if ((v > middle ? v - middle : middle - v) > most[i])
			return false;
	}
	return byte(*rest, 0) == 0 && take(rest, 16);
}

/* RFC 1035 section 3.4.2; the map ends where its bits do. */
static bool take_wks(struct sv *rest)
{
	return take(rest, 5) && rest->n <= 8192 &&
	       (rest->n == 0 || byte(*rest, rest->n - 1) != 0) &&
	       take(rest, rest->n);
}

/* RFC 2874 section 3.1: what is left of the address, its padding zero, and the
 * name of the rest. */
static bool take_a6(struct sv *rest)
{
	unsigned prefix = byte(*rest, 0);
	size_t n = prefix <= 128 ? 16 - prefix / 8 : 0;

	return prefix <= 128 &&
	       (byte(*rest, 1) & (0xff00 >> prefix % 8 & 0xff)) == 0 &&
	       take(rest, 1 + n) && (prefix == 0 || take_name(rest));
}

/* RFC 8005 section 5: the lengths of tag and key, both, and names. */
static bool take_hip(struct sv *rest)
{
	size_t tag = byte(*rest, 0), key = byte(*rest, 2) << 8 | byte(*rest, 3);

	if (tag == 0 || key == 0 || !take(rest, 4 + tag + key))
		return false;
	while (rest->n > 0)
		if (!take_name(rest))
			return false;
	return true;
}

/* Format 1 is a number as the telephone has it, in digits. */
static bool take_atma(struct sv *rest)
{
	for (size_t i = 1; byte(*rest, 0) == 1 && i < rest->n; i++)
		if (rest->p[i] < '0' || rest->p[i] > '9')
			return false;
	return rest->n > 1 && byte(*rest, 0) < 2 && take(rest, rest->n);
}

/* RFC 3123 section 4: IPv4 and IPv6 prefixes, without zeros at their ends. */
static bool take_apl(struct sv *rest)
{
	while (rest->n > 0) {
		unsigned family = byte(*rest, 0) << 8 | byte(*rest, 1);
		size_t bytes = family == 1 ? 4 : 16, n = byte(*rest, 3) & 0x7f;

		if ((family != 1 && family != 2) || n > bytes ||
		    byte(*rest, 2) > 8 * bytes || !take(rest, 4) ||
		    (n > 0 && byte(*rest, n - 1) == 0) || !take(rest, n))
			return false;
	}
	return true;
}

/* As a DS: the digest has the length that its type has. */
static bool take_ds(struct sv *rest)
{
	static const size_t lengths[] = { 0, 20, 32, 32, 48 };
	unsigned kind = byte(*rest, 3);

	return take(rest, 4) && rest->n > 0 &&
	       (kind == 0 || kind >= sizeof(lengths) / sizeof(lengths[0]) ||
		rest->n == lengths[kind]) &&
	       take(rest, rest->n);
}

static bool take_field(char field, struct sv *rest)
{
	switch (field) {
	case '0': /* two bytes that are zero */
		return byte(*rest, 0) == 0 && byte(*rest, 1) == 0;
	case 'n':
		return take_name(rest);
	case 's':
		return take_string(rest);
	case 'S':
		return take_strings(rest);
	case 'd':
		return take_digits(rest);
	case 't':
		return take_types(rest);
	case 'T':
		return rest->n > 0 && take_types(rest);
	case 'r':
		return take(rest, rest->n);
	case 'R':
		return rest->n > 0 && take(rest, rest->n);
	case 'B':
		return take_apl(rest);
	case 'H':
		return take_hip(rest);
	case 'M':
		return take_atma(rest);
	case 'D':
		return take_ds(rest);
	case 'A':
		return take_amtrelay(rest);
	case 'I':
		return take_ipseckey(rest);
	case 'K':
		return take_key(rest);
	case 'L':
		return take_loc(rest);
	case 'W':
		return take_wks(rest);
	case 'P':
		return take_a6(rest);
	}
	return take(rest, (size_t)(field - '0'));
}

bool rdata_form_ok(enum rrtype type, struct sv wire)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].type != type)
			continue;
		for (const char *f = forms[i].fields; *f != '\0'; f++)
			if (!take_field(*f, &wire))
				return false;
		return wire.n == 0;
	}
	return true;
}
