#include "endpoint/rules.h"

#include <arpa/inet.h>
#include <stdlib.h>

static struct sv property(const struct endpoint *e, struct sv name)
{
	const struct sv *v = pairs_get(&e->properties, name);

	return v != NULL ? *v : (struct sv){ NULL, 0 };
}

static const char *address_fault(struct sv target, enum rrtype type)
{
	return rrtype_of_target(target) == type
		       ? NULL
		       : "the target is not an address of the record's type";
}

/* Up to five words parted by white space. */
static size_t words(struct sv text, struct sv out[5])
{
	size_t n = 0;

	while (n < 5) {
		size_t i = 0;

		text = sv_trim(text);
		if (text.n == 0)
			break;
		while (i < text.n && sv_chr(SV(" \t\r\n\v\f"), text.p[i]) == 6)
			i++;
		out[n++] = sv_head(text, i);
		text = sv_from(text, i);
	}
	return n;
}

static bool small_numbers(const struct sv *w, size_t n)
{
	unsigned long long v;

	for (size_t i = 0; i < n; i++)
		if (!sv_number(w[i], 65535, &v))
			return false;
	return true;
}

static const char *mx_fault(struct sv target, enum rrtype type)
{
	struct sv w[5];

	(void)type;
	return words(target, w) == 2 && small_numbers(w, 1)
		       ? NULL
		       : "an MX target must be a preference and a host";
}

static const char *srv_fault(struct sv target, enum rrtype type)
{
	struct sv w[5];

	(void)type;
	return words(target, w) == 4 && small_numbers(w, 3) &&
			       sv_ends(w[3], SV("."))
		       ? NULL
		       : "an SRV target must be a priority, a weight, a port "
			 "and a host with a final dot";
}

static const char *ptr_fault(struct sv target, enum rrtype type)
{
	(void)type;
	return sv_trim(target).n > 0 && rrtype_of_target(target) == RR_CNAME
		       ? NULL
		       : "a PTR target must be a host";
}

static bool reverse_ok(struct sv name)
{
	static const struct sv ends[] = { { ".in-addr.arpa", 13 },
					  { ".ip6.arpa", 9 } };

	for (size_t i = 0; i < 2; i++) {
		struct sv tail = sv_from(
			name, name.n > ends[i].n ? name.n - ends[i].n : name.n);

		if (name.n > ends[i].n && sv_case_eq(tail, ends[i]))
			return name.p[0] != '.';
	}
	return false;
}

static const struct {
	enum rrtype type;
	const char *(*fault)(struct sv target, enum rrtype type);
} checks[] = {
	{ RR_A, address_fault }, { RR_AAAA, address_fault },
	{ RR_MX, mx_fault },	 { RR_SRV, srv_fault },
	{ RR_PTR, ptr_fault },
};

const char *endpoint_fault(const struct endpoint *e)
{
	bool addresses = e->type == RR_A || e->type == RR_AAAA;
	struct sv alias = property(e, SV("alias"));

	if (alias.p != NULL && !addresses && e->type != RR_CNAME)
		return "the property alias is only valid for A, AAAA and CNAME";
	if (addresses && sv_eq(alias, SV("true")))
		return NULL;
	if (e->type == RR_PTR && (!reverse_ok(e->name) || e->targets.n == 0))
		return "a PTR must have a target and a name below in-addr.arpa "
		       "or ip6.arpa";
	for (size_t c = 0; c < sizeof(checks) / sizeof(checks[0]); c++) {
		if (checks[c].type != e->type)
			continue;
		for (size_t i = 0; i < e->targets.n; i++) {
			const char *fault =
				checks[c].fault(e->targets.v[i], e->type);

			if (fault != NULL)
				return fault;
		}
	}
	return NULL;
}

/* An address, with or without an IPv6 zone. */
static bool literal(struct sv text, struct address *out)
{
	size_t percent = sv_chr(text, '%');

	return rrtype_of_target(text) != RR_CNAME &&
	       address_parse(sv_head(text, percent), out);
}

/* Go's netip prints an address one way only. */
static struct sv canonical(struct sv text, char buf[INET6_ADDRSTRLEN])
{
	struct address a;

	if (!literal(text, &a) ||
	    inet_ntop(a.n == 4 ? AF_INET : AF_INET6, a.bytes, buf,
		      INET6_ADDRSTRLEN) == NULL)
		return text;
	return sv_of(buf);
}

/* Two addresses by their canonical text, anything else by its bytes. */
static int by_text(const void *a, const void *b)
{
	struct sv x = *(const struct sv *)a, y = *(const struct sv *)b;
	char one[INET6_ADDRSTRLEN], two[INET6_ADDRSTRLEN];
	int c = 0;

	if (rrtype_of_target(x) != RR_CNAME && rrtype_of_target(y) != RR_CNAME)
		c = sv_cmp(canonical(x, one), canonical(y, two));
	return c != 0 ? c : sv_cmp(x, y);
}

static int by_number(struct sv x, struct sv y)
{
	struct address a, b;
	bool is_a = literal(x, &a), is_b = literal(y, &b);
	int c = 0;

	if (is_a != is_b)
		return is_a ? -1 : 1;
	if (!is_a)
		return sv_cmp(x, y);
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	c = memcmp(a.bytes, b.bytes, a.n);
	return c != 0 ? c : sv_cmp(x, y);
}

bool endpoint_less(struct endpoint *a, struct endpoint *b)
{
	if (a->targets.n != b->targets.n)
		return a->targets.n < b->targets.n;
	if (a->targets.n == 0)
		return false;
	qsort(a->targets.v, a->targets.n, sizeof(a->targets.v[0]), by_text);
	qsort(b->targets.v, b->targets.n, sizeof(b->targets.v[0]), by_text);
	for (size_t i = 0; i < a->targets.n; i++)
		if (!sv_eq(a->targets.v[i], b->targets.v[i]))
			return by_number(a->targets.v[i], b->targets.v[i]) < 0;
	return false;
}

bool reverse_name(struct arena *mem, struct sv text, struct sv *out)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const char hex[] = "0123456789abcdef";
	char name[80], *p = name;
	struct address a;

	if (!address_parse(text, &a))
		return false;
	if (a.n == 16 && memcmp(a.bytes, mapped, 12) == 0) {
		memmove(a.bytes, a.bytes + 12, 4);
		a.n = 4;
	}
	if (a.n == 4) {
		*out = arena_fmt(mem, "%u.%u.%u.%u.in-addr.arpa", a.bytes[3],
				 a.bytes[2], a.bytes[1], a.bytes[0]);
		return true;
	}
	for (size_t i = 16; i-- > 0;) {
		*p++ = hex[a.bytes[i] & 15];
		*p++ = '.';
		*p++ = hex[a.bytes[i] >> 4];
		*p++ = '.';
	}
	*out = arena_fmt(mem, "%.*sip6.arpa", (int)(p - name), name);
	return true;
}
