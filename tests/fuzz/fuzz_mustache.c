/*
 * From any bytes to a template, its partial and a value.  Checked besides
 * memory: depth, output and work end; a fault says its line; a value stands
 * between the marks of its escape, whatever is in it.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "base/mustache.h"

struct input {
	struct sv template, partial, value;
};

static int partial_of(void *of, struct sv name, struct sv *text)
{
	const struct input *in = of;

	if (sv_starts(name, SV("p")))
		*text = in->partial;
	return 0;
}

/* A byte that no template of this target has. */
static struct sv marked(struct arena *mem, struct sv s)
{
	return arena_fmt(mem, "\1" SV_FMT "\2", SV_ARG(s));
}

/* Every value stands between its marks, whatever is in it. */
static void check_marks(struct sv out)
{
	bool inside = false;

	for (size_t i = 0; i < out.n; i++) {
		if (out.p[i] != '\1' && out.p[i] != '\2')
			continue;
		assert(inside == (out.p[i] == '\2'));
		inside = !inside;
	}
	assert(!inside);
}

static bool has_marks(struct sv s)
{
	return sv_chr(s, '\1') < s.n || sv_chr(s, '\2') < s.n;
}

static void check(struct arena *mem, struct input *in, bool strict)
{
	struct mustache_scope top = { 0 }, items[2] = { { { 0 } } };
	struct mustache_options o = { .name = "t",
				      .template = in->template,
				      .top = &top,
				      .escape = marked,
				      .raw = marked,
				      .strict = strict,
				      .partial = partial_of,
				      .of = in };
	struct strings names = { 0 };
	struct fault f = { 0 };
	struct sv out;

	mustache_text(mem, &top, "a", in->value);
	mustache_text(mem, &items[0], "b", in->value);
	mustache_text(mem, &items[1], ".", in->value);
	mustache_list(mem, &top, "l", items, 2);
	mustache_partials(mem, in->template, &names);
	if (mustache_render(mem, &o, &f, &out) < 0) {
		assert(f.kind == FAULT_USAGE && f.text.n > 0);
		return;
	}
	assert(out.n <= MAX_FILE_BYTES + in->template.n + in->partial.n +
				in->value.n + 2);
	if (!has_marks(in->template) && !has_marks(in->partial) &&
	    !has_marks(in->value))
		check_marks(out);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct sv rest = { (const char *)data, size };
	struct arena *mem = arena_new();
	struct input in = { SV(""), SV(""), SV("") };

	(void)sv_cut(&rest, '\0', &in.template);
	(void)sv_cut(&rest, '\0', &in.partial);
	if (rest.p != NULL)
		in.value = rest;
	in.template = arena_sv(mem, in.template);
	check(mem, &in, false);
	check(mem, &in, true);
	arena_free(mem);
	return 0;
}
