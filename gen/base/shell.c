#include "base/shell.h"

#include "base/buf.h"
#include "base/escape.h"

/* What no shell takes for anything else, wherever it stands. */
static bool is_bare(struct sv s)
{
	static const struct sv others = { "_./:@%+,-", 9 };

	for (size_t i = 0; i < s.n; i++) {
		char c = sv_lower_char(s.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      sv_chr(others, c) < others.n))
			return false;
	}
	return s.n > 0;
}

static void put_quoted(struct buf *b, struct sv s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			buf_add(b, SV("'\\''"));
		else
			buf_char(b, s.p[i]);
	buf_char(b, '\'');
}

struct sv shell_word(struct arena *mem, struct sv text)
{
	struct buf b = { .mem = mem };
	size_t n;

	if (is_bare(text))
		return text;
	if (text.n == 0)
		return SV("''");
	for (; text.n > 0; text = sv_from(text, n)) {
		n = text_shown(text);
		if (n > 0) {
			put_quoted(&b, sv_head(text, n));
			continue;
		}
		buf_add(&b, SV("$'"));
		for (; n < text.n && text_shown(sv_from(text, n)) == 0; n++)
			buf_fmt(&b, "\\%03o", (unsigned char)text.p[n]);
		buf_char(&b, '\'');
	}
	return buf_sv(&b);
}
