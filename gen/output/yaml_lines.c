#include "output/yaml_lines.h"

#include "output/list.h"

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

int yaml_read_fault(const struct yaml_reading *r, const struct node *n,
		    const char *fault)
{
	return diag_error(r->ctx->diags, DIAG_OUTPUT, n->at, "%s: %s",
			  r->format, fault);
}

int yaml_read(struct yaml_reading *r, struct sv text,
	      int (*root)(const struct yaml_reading *r,
			  const struct node *document))
{
	struct diags diags = { .mem = arena_under(r->ctx->mem) };
	struct documents docs = { 0 };
	int rc;

	text = output_readable(r->ctx, text);
	yaml_lines_cut(diags.mem, text, &r->lines);
	rc = manifest_parse(diags.mem, &diags, r->file, text, &docs);
	diags_merge(r->ctx->diags, &diags);
	for (size_t i = 0; i < docs.list.n; i++)
		if (root(r, docs.list.v[i]) != 0)
			rc = -1;
	endpoints_sort(r->out);
	arena_free(diags.mem);
	return rc;
}
