#include "output/yaml_lines.h"

void yaml_lines_cut(struct arena *mem, struct sv text, struct yaml_lines *out)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		*VEC_ADD(mem, &out->list) = sv_trim(line);
}

struct sv yaml_comment_above(const struct yaml_lines *lines,
			     const struct node *n)
{
	struct sv line = SV("");

	if (n->at.line >= 2 && n->at.line - 2 < lines->list.n)
		line = lines->list.v[n->at.line - 2];
	return sv_starts(line, SV("# ")) ? sv_from(line, 2) : SV("");
}
