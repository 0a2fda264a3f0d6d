#include "output/svcb.h"

#include "endpoint/txt.h"

#include "output/rdata.h"

enum {
	SVCB_MANDATORY,
	SVCB_ALPN,
	SVCB_NO_ALPN,
	SVCB_PORT,
	SVCB_IPV4,
	SVCB_ECH,
	SVCB_IPV6,
	SVCB_NAMED
};

static unsigned number(struct sv s)
{
	return (unsigned)((unsigned char)s.p[0] << 8 | (unsigned char)s.p[1]);
}

struct param {
	unsigned key;
	struct sv value;
};

/* The next parameter off `*rest`; false at the end and at a broken one. */
static bool param_next(struct sv *rest, struct param *p)
{
	size_t n;

	if (rest->n < 4)
		return false;
	n = number(sv_from(*rest, 2));
	if (rest->n - 4 < n)
		return false;
	p->key = number(*rest);
	p->value = sv_head(sv_from(*rest, 4), n);
	*rest = sv_from(*rest, 4 + n);
	return true;
}

static bool protocols_ok(struct sv value)
{
	while (value.n > 0) {
		size_t n = (unsigned char)value.p[0];
		struct sv id = sv_head(sv_from(value, 1), n);

		if (n == 0 || n >= value.n || sv_chr(id, ',') < n ||
		    sv_chr(id, '\\') < n)
			return false;
		value = sv_from(value, n + 1);
	}
	return true;
}

static bool items_ok(struct sv value, size_t size)
{
	return value.n > 0 && value.n % size == 0;
}

static bool value_ok(const struct param *p)
{
	switch (p->key) {
	case SVCB_MANDATORY:
		return items_ok(p->value, 2);
	case SVCB_ALPN:
		return p->value.n > 0 && protocols_ok(p->value);
	case SVCB_NO_ALPN:
		return p->value.n == 0;
	case SVCB_PORT:
		return p->value.n == 2;
	case SVCB_IPV4:
		return items_ok(p->value, 4);
	case SVCB_ECH:
		return p->value.n > 0;
	case SVCB_IPV6:
		return items_ok(p->value, 16);
	}
	return true;
}

bool svcb_ok(struct sv wire)
{
	struct param p;
	unsigned before = 0;
	bool first = true;

	while (param_next(&wire, &p)) {
		if ((!first && p.key <= before) || !value_ok(&p))
			return false;
		before = p.key;
		first = false;
	}
	return wire.n == 0;
}

static void key_add(struct buf *b, unsigned key)
{
	static const char *const names[SVCB_NAMED] = {
		[SVCB_MANDATORY] = "mandatory",	    [SVCB_ALPN] = "alpn",
		[SVCB_NO_ALPN] = "no-default-alpn", [SVCB_PORT] = "port",
		[SVCB_IPV4] = "ipv4hint",	    [SVCB_ECH] = "ech",
		[SVCB_IPV6] = "ipv6hint",
	};

	if (key < SVCB_NAMED)
		buf_add(b, sv_of(names[key]));
	else
		buf_fmt(b, "key%u", key);
}

static void protocols_add(struct buf *b, struct sv value)
{
	struct buf list = { .mem = b->mem };

	while (value.n > 0) {
		size_t n = (unsigned char)value.p[0];

		if (list.n > 0)
			buf_char(&list, ',');
		buf_add(&list, sv_head(sv_from(value, 1), n));
		value = sv_from(value, n + 1);
	}
	buf_add(b, string_text(b->mem, buf_sv(&list)));
}

static void keys_add(struct buf *b, struct sv value)
{
	for (size_t i = 0; i < value.n; i += 2) {
		if (i > 0)
			buf_char(b, ',');
		key_add(b, number(sv_from(value, i)));
	}
}

static void addresses_add(struct buf *b, struct sv value, size_t size)
{
	for (size_t i = 0; i < value.n; i += size) {
		struct address a = { .n = size };

		memcpy(a.bytes, value.p + i, size);
		if (i > 0)
			buf_char(b, ',');
		buf_add(b, address_text(b->mem, &a));
	}
}

/* RFC 4648 section 4. */
static void base64_add(struct buf *b, struct sv s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		unsigned long v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 |
			    (i + k < s.n ? (unsigned char)s.p[i + k] : 0U);
		for (size_t k = 0; k < 4; k++)
			buf_char(b, k <= s.n - i
					    ? digits[v >> (18 - 6 * k) & 63]
					    : '=');
	}
}

static void value_add(struct buf *b, const struct param *p)
{
	switch (p->key) {
	case SVCB_MANDATORY:
		keys_add(b, p->value);
		return;
	case SVCB_ALPN:
		protocols_add(b, p->value);
		return;
	case SVCB_PORT:
		buf_fmt(b, "%u", number(p->value));
		return;
	case SVCB_IPV4:
		addresses_add(b, p->value, 4);
		return;
	case SVCB_ECH:
		base64_add(b, p->value);
		return;
	case SVCB_IPV6:
		addresses_add(b, p->value, 16);
		return;
	}
	buf_add(b, string_text(b->mem, p->value));
}

struct sv svcb_text(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };
	struct param p;

	while (param_next(&wire, &p)) {
		if (b.n > 0)
			buf_char(&b, ' ');
		key_add(&b, p.key);
		if (p.value.n == 0)
			continue;
		buf_char(&b, '=');
		value_add(&b, &p);
	}
	return buf_sv(&b);
}
