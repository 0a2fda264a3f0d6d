/*
 * Data that libzscanner takes and named refuses, and with it the whole zone.
 * Found by giving both the same records; test_bind has a row for each.
 */
#include "output/rdata.h"

/* How long a digest of each kind is; 0 where servers do not check. */
struct digest_rule {
	enum rrtype type;
	unsigned kind, digest; /* fields */
	size_t bytes[5];
	size_t least;
};

static const struct digest_rule digests[] = {
	{ RR_CDS, 2, 3, { 0, 20, 32, 32, 48 }, 0 },
	{ RR_DLV, 2, 3, { 0, 20, 32, 32, 48 }, 0 },
	{ RR_DS, 2, 3, { 0, 20, 32, 32, 48 }, 0 },
	{ RR_SSHFP, 1, 2, { 0, 20, 32 }, 0 },
	/* RFC 8976 section 2.2.4. */
	{ RR_ZONEMD, 2, 3, { 0, 48, 64 }, 12 },
};

static bool digest_ok(enum rrtype type, const struct rdata *r)
{
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		const struct digest_rule *d = &digests[i];
		size_t kind, n;

		if (d->type != type || r->fields.n <= d->digest)
			continue;
		kind = r->fields.v[d->kind].number;
		n = r->fields.v[d->digest].bytes.n;
		return n >= d->least && (kind >= 5 || d->bytes[kind] == 0 ||
					 d->bytes[kind] == n);
	}
	return true;
}

/* "!pattern!replacement!i": three delimiters, then flags; a group for each
 * reference (RFC 3402 section 3.2). */
static bool substitution_ok(struct sv s)
{
	size_t cuts = 1, groups = 0;
	char delimiter = s.n > 0 ? s.p[0] : '\0';

	if (s.n == 0)
		return true;
	if (strchr("0123456789i\\", delimiter) != NULL)
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\0' || (cuts == 3 && c != 'i') ||
		    (c == '\\' && i + 1 == s.n))
			return false;
		if (c == '\\') {
			c = s.p[++i];
			if (cuts == 2 && c >= '0' && c <= '9' &&
			    (c == '0' || (size_t)(c - '0') > groups))
				return false;
			continue;
		}
		cuts += c == delimiter;
		groups += c == '(' && cuts == 1;
	}
	return cuts == 3;
}

/* Keys in order, each once; no-default-alpn speaks of an alpn (RFC 9460
 * sections 2.2 and 7.1.1). */
static bool params_ok(struct sv wire)
{
	enum { SVCB_ALPN = 1, SVCB_NO_ALPN = 2 };
	long before = -1, alpn = -1;

	while (wire.n >= 4) {
		const unsigned char *p = (const unsigned char *)wire.p;
		long key = p[0] << 8 | p[1];
		size_t n = (size_t)(p[2] << 8 | p[3]);

		if (key <= before || wire.n - 4 < n ||
		    (key == SVCB_NO_ALPN && alpn != SVCB_ALPN))
			return false;
		if (key == SVCB_ALPN)
			alpn = key;
		before = key;
		wire = sv_from(wire, 4 + n);
	}
	return wire.n == 0;
}

const char *rdata_shape_fault(enum rrtype type, const struct rdata *r)
{
	/* X.121 addresses have four digits at least (RFC 1183 section 3.1). */
	enum { NAPTR_REGEXP = 4, X25_DIGITS = 4 };

	for (size_t i = 0; i < r->fields.n; i++) {
		const struct rdata_field *f = &r->fields.v[i];

		if (f->kind == RDATA_PARAMS && !params_ok(f->bytes))
			return "parameters in order of their keys, each once, "
			       "and no-default-alpn beside alpn (RFC 9460 2.2)";
		if (type == RR_NAPTR && i == NAPTR_REGEXP &&
		    !substitution_ok(f->bytes))
			return "a pattern, a replacement and flags behind "
			       "three delimiters (RFC 3402 3.2)";
		if (type == RR_X25 && f->bytes.n < X25_DIGITS)
			return "4 digits or more (RFC 1183 3.1)";
	}
	return digest_ok(type, r) ? NULL
				  : "a digest of the length that its type has";
}
