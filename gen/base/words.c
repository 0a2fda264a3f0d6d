#include "base/words.h"

#include "base/buf.h"

struct sv words_count(struct arena *mem, size_t n, const char *one,
		      const char *many)
{
	if (n == 1)
		return arena_fmt(mem, "1 %s", one);
	if (many != NULL)
		return arena_fmt(mem, "%zu %s", n, many);
	return arena_fmt(mem, "%zu %ss", n, one);
}

struct sv words_or(struct arena *mem, struct sv words)
{
	struct buf out = { .mem = mem };
	struct sv word;

	while (sv_cut(&words, ' ', &word)) {
		if (out.n > 0)
			buf_add(&out, words.n > 0 ? SV(", ") : SV(" or "));
		buf_add(&out, word);
	}
	return buf_sv(&out);
}
