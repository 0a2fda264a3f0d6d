#include "pipeline/parents.h"

#include "base/path.h"

/* It stands in a folder above the output, or is called as zone files are and
 * stands in the same part of the tree; in no case is it a manifest. */
static bool may_include(struct sv path, const struct output_spec *spec)
{
	static const char *const others[] = { ".yaml", ".yml", ".json",
					      ".md",   ".tf",  ".sh" };

	if (sv_eq(path, spec->file) || spec->file.n == 0)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (sv_ends(path, sv_of(others[i])))
			return false;
	return path_below(spec->file, path_folder(path)) ||
	       (sv_eq(path_top(path), path_top(spec->file)) &&
		format_suffix_ok(output_format(spec), path));
}

int parents_add(struct session *s, struct output_ctx *ctx)
{
	for (size_t i = 0; i < snapshot_count(s->snapshot); i++) {
		const struct snapshot_file *f = snapshot_at(s->snapshot, i);
		struct arena *mem;
		struct diags passed_over;
		struct sv text;
		int rc;

		if (!may_include(f->path, ctx->spec))
			continue;
		mem = arena_under(s->mem);
		passed_over = (struct diags){ .mem = mem };
		rc = snapshot_read(s->snapshot, f, mem, &passed_over, &s->fault,
				   &text);
		if (rc == 0 && include_find(text, ctx->spec->file))
			*VEC_ADD(s->mem, &ctx->parents) =
				(struct zone_parent){ f->path,
						      arena_sv(s->mem, text) };
		arena_free(mem);
		if (s->fault.kind != FAULT_NONE)
			return -1;
	}
	return 0;
}
