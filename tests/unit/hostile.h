/* tests/data/hostile-names.tsv: inputs of a stranger and what must happen. */
#ifndef TESTS_UNIT_HOSTILE_H
#define TESTS_UNIT_HOSTILE_H

#include "test.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

static inline struct sv read_table(struct arena *mem, const char *path)
{
	struct fault f = { 0 };
	struct sv text = SV("");

	if (file_read(mem, path, MAX_FILE_BYTES, &f, &text) != 0)
		fail_msg("%s: %.*s", path, SV_ARG(f.text));
	return text;
}

/* One escape of C: \n, \x41, \\; or a run: x{63}, (a.){140}. */
static inline struct sv unescape(struct arena *mem, struct sv s)
{
	static const char letters[] = "n\nr\rt\t\\\\";
	struct buf out = { .mem = mem };
	struct sv run = SV("");

	while (s.n > 0) {
		size_t close = sv_chr(s, '}');
		unsigned long long n;

		if (s.p[0] == '{' && run.n > 0 && close < s.n &&
		    sv_number((struct sv){ s.p + 1, close - 1 }, 200000, &n)) {
			while (n-- > 1)
				buf_add(&out, run);
			s = sv_from(s, close + 1);
			continue;
		}
		if (sv_starts(s, SV("(a.)"))) {
			run = SV("a.");
			buf_add(&out, run);
			s = sv_from(s, 4);
			continue;
		}
		if (s.p[0] == '\\' && s.n >= 4 && s.p[1] == 'x') {
			char hex[3] = { s.p[2], s.p[3], '\0' };

			buf_char(&out, (char)strtol(hex, NULL, 16));
			s = sv_from(s, 4);
			continue;
		}
		if (s.p[0] == '\\' && s.n >= 2 && strchr(letters, s.p[1])) {
			buf_char(&out, strchr(letters, s.p[1])[1]);
			s = sv_from(s, 2);
			continue;
		}
		run = sv_head(s, 1);
		buf_add(&out, run);
		s = sv_from(s, 1);
	}
	return buf_sv(&out);
}

struct hostile {
	struct sv id, context, input, expected, emitted;
};

/* The next row behind the headings; false at the end. */
static inline bool hostile_next(struct sv *text, struct hostile *h)
{
	struct sv line;

	while (sv_cut(text, '\n', &line)) {
		if (line.n == 0)
			continue;
		assert_true(sv_cut(&line, '\t', &h->id) &&
			    sv_cut(&line, '\t', &h->context) &&
			    sv_cut(&line, '\t', &h->input) &&
			    sv_cut(&line, '\t', &h->expected) &&
			    sv_cut(&line, '\t', &h->emitted));
		if (!sv_eq(h->id, SV("id")))
			return true;
	}
	return false;
}

#endif
