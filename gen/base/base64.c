#include "base/base64.h"

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

struct sv base64_encode(struct arena *mem, struct sv s)
{
	char *p = arena_alloc(mem, s.n / 3 * 4 + 5, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		unsigned bits = (unsigned)(unsigned char)s.p[i] << 16;

		if (left > 1)
			bits |= (unsigned)(unsigned char)s.p[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)s.p[i + 2];
		p[n++] = digits64[bits >> 18];
		p[n++] = digits64[bits >> 12 & 63];
		p[n++] = left > 1 ? digits64[bits >> 6 & 63] : '=';
		p[n++] = left > 2 ? digits64[bits & 63] : '=';
	}
	return (struct sv){ p, n };
}

static unsigned base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool base64_decode(struct arena *mem, struct sv text, struct sv *out)
{
	char *p = arena_alloc(mem, text.n + 1, 1);
	size_t n = 0, digits = 0, pads = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned v = base64_value(text.p[i]);

		if (text.p[i] == '\n' || text.p[i] == '\r')
			continue;
		if (text.p[i] == '=') {
			pads++;
			continue;
		}
		if (v > 63 || pads > 0)
			return false;
		bits = (bits << 6 | v) & 0xffffff;
		if (++digits % 4 != 1)
			p[n++] = (char)(bits >> (6 - 2 * ((digits - 1) % 4)));
	}
	*out = (struct sv){ p, n };
	return (digits + pads) % 4 == 0 && pads <= 2;
}
