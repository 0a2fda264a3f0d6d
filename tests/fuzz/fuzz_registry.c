/*
 * Ownership TXT.  Lines of the input: prefix, suffix, replacement, record name,
 * then NAME=VALUE labels.  Checked besides memory: what is written is read
 * back label by label, and a label that could forge another is refused.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "endpoint/txt.h"
#include "registry/registry.h"

static void check_read_back(struct arena *mem, const struct endpoint *txt,
			    const struct pairs *want)
{
	struct pairs got = { 0 };

	assert(txt->targets.n == 1);
	assert(ownership_parse(mem, txt->targets.v[0], &got));
	assert(got.list.n == want->list.n);
	for (size_t i = 0; i < got.list.n; i++) {
		assert(sv_eq(got.list.v[i].name, want->list.v[i].name));
		assert(sv_eq(got.list.v[i].value, want->list.v[i].value));
	}
}

static void check_name(struct sv name)
{
	struct sv label;

	assert(name.n <= MAX_DNAME);
	while (sv_cut(&name, '.', &label))
		assert(label.n <= MAX_LABEL);
}

static struct sv line(struct sv *rest)
{
	struct sv s = SV("");

	return sv_cut(rest, '\n', &s) ? s : SV("");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv rest = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct publisher p = { .opt = { .registry = SV("txt"),
					.txt_owner_id = SV("default") } };
	struct endpoints set = { 0 };
	struct endpoint *e = endpoints_add(mem, &set);
	struct pairs labels = { 0 };

	(void)ownership_parse(mem, rest, &labels);
	labels = (struct pairs){ 0 };
	p.opt.txt_prefix = line(&rest);
	p.opt.txt_suffix = line(&rest);
	p.opt.txt_wildcard_replacement = line(&rest);
	e->name = line(&rest);
	for (struct sv l = line(&rest); l.n > 0; l = line(&rest))
		pairs_put(mem, &labels, sv_head(l, sv_chr(l, '=')),
			  sv_from(l, sv_chr(l, '=') + 1));
	e->labels = labels;
	if (registry_add(mem, &d, &p, false, SV(""), &set) == 0)
		assert(d.errors == 0);
	else
		assert(d.errors > 0);
	pairs_put(mem, &labels, SV("owner"), p.opt.txt_owner_id);
	for (size_t i = 0; i < set.list.n; i++) {
		const struct endpoint *txt = &set.list.v[i];

		if (!txt->is_registry)
			continue;
		check_name(txt->name);
		check_read_back(mem, txt, &labels);
	}
	arena_free(mem);
	return 0;
}
