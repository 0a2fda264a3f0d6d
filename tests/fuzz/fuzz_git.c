/*
 * What git/ and its tables of patterns read of other people's files: an index,
 * ignore patterns, a message template, a date.  The first byte says which.
 *
 * Checked besides memory: an index that is taken is in order; a pattern's
 * answer for a path does not change when it is asked again; a template without
 * tags comes out as it is.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/mustache.h"
#include "git/internal.h"

static void try_index(struct arena *mem, struct sv bytes)
{
	struct fault f = { 0 };
	struct index ix;

	if (index_parse(mem, "index", bytes, &f, &ix) < 0) {
		assert(f.kind == FAULT_ENV);
		return;
	}
	for (size_t i = 0; i < ix.list.n; i++) {
		assert(ix.list.v[i].path.n > 0);
		assert(i == 0 ||
		       sv_cmp(ix.list.v[i - 1].path, ix.list.v[i].path) <= 0);
	}
}

/* Patterns by line; the last line is the path. */
static void try_globs(struct arena *mem, struct sv text)
{
	size_t cut = sv_rchr(text, '\n');
	struct sv path = sv_from(text, cut == text.n ? 0 : cut + 1), line;
	struct globs g = { 0 };
	bool hit;

	text = sv_head(text, cut == text.n ? 0 : cut);
	while (sv_cut(&text, '\n', &line))
		globs_add(mem, &g, line);
	hit = globs_match(&g, path);
	assert(hit == globs_match(&g, path));
	if (globs_overruled(&g, path) != NULL)
		assert(hit);
}

static void try_template(struct arena *mem, struct sv text)
{
	struct mustache_scope top = { 0 }, items[2] = { 0 };
	struct fault f = { 0 };
	struct sv out;

	mustache_text(mem, &top, "a", SV("{{b}}"));
	mustache_text(mem, &top, "b", SV(""));
	mustache_text(mem, &items[0], "a", SV("1"));
	mustache_list(mem, &top, "l", items, 2);
	if (mustache_render(mem,
			    &(struct mustache_options){ .name = "t",
							.template = text,
							.top = &top,
							.strict = true },
			    &f, &out) < 0)
		assert(f.kind == FAULT_USAGE);
	else if (!sv_has(text, SV("{{")))
		assert(sv_eq(out, text));
}

static void try_date(struct sv text)
{
	git_time t;

	if (date_parse(text, &t))
		assert(t.offset > -15 * 60 && t.offset < 15 * 60);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	char kind = text.n > 0 ? text.p[0] : '\0';

	text = sv_from(text, 1);
	if (kind == 'i')
		try_index(mem, text);
	else if (kind == 'g')
		try_globs(mem, text);
	else if (kind == 't')
		try_template(mem, text);
	else
		try_date(text);
	arena_free(mem);
	return 0;
}
