#include "base/path.h"

#include "base/buf.h"

size_t path_shared(struct sv a, struct sv b)
{
	size_t n = 0;

	for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		n += a.p[i] == '/';
	return n;
}

bool path_join(struct arena *mem, struct sv folder, struct sv path,
	       struct sv *out)
{
	struct buf b = { .mem = mem };
	struct sv part;

	if (sv_starts(path, SV("/")))
		return false;
	buf_add(&b, folder);
	while (sv_cut(&path, '/', &part)) {
		if (part.n == 0 || sv_eq(part, SV(".")))
			continue;
		if (sv_eq(part, SV(".."))) {
			if (b.n == 0)
				return false;
			b.n = path_folder(buf_sv(&b)).n;
			continue;
		}
		if (b.n > 0)
			buf_char(&b, '/');
		buf_add(&b, part);
	}
	*out = buf_sv(&b);
	return true;
}
