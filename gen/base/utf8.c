#include "base/utf8.h"

#include "base/buf.h"

size_t utf8_at(struct sv s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = s.n > 0 ? (unsigned char)s.p[0] : 0xff;
	size_t n = c < 0x80   ? 1
		   : c < 0xc2 ? 0
		   : c < 0xe0 ? 2
		   : c < 0xf0 ? 3
		   : c < 0xf5 ? 4
			      : 0;
	uint32_t v = n == 1 ? c : c & (0x7fU >> n);

	*code = 0xfffd;
	if (n == 0 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*code = v;
	return n;
}

/* Bytes before the first that is not UTF-8. */
static size_t good_part(struct sv s)
{
	size_t good = 0, n;
	uint32_t code;

	while ((n = utf8_at(sv_from(s, good), &code)) > 0)
		good += n;
	return good;
}

bool utf8_ok(struct sv s)
{
	return good_part(s) == s.n;
}

struct sv utf8_clean(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };
	size_t good = good_part(s);

	if (good == s.n)
		return s;
	for (;; good = good_part(s)) {
		buf_add(&b, sv_head(s, good));
		s = sv_from(s, good);
		if (s.n == 0)
			return buf_sv(&b);
		buf_add(&b, SV("\xef\xbf\xbd"));
		s = sv_from(s, 1);
	}
}

void utf8_put(struct buf *b, int64_t n)
{
	uint32_t c = n < 0 || n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)
			     ? 0xfffd
			     : (uint32_t)n;

	if (c < 0x80) {
		buf_char(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_char(b, (char)(0xe0 | c >> 12));
		} else {
			buf_char(b, (char)(0xf0 | c >> 18));
			buf_char(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_char(b, (char)(0x80 | (c & 0x3f)));
}
