/* The first line is a template, the rest the data that fills it. */
#include "fuzz.h"

#include "template/template.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct filler f = { .mem = mem, .dialect = &template_sprig };
	struct sv rest = arena_sv(mem, (struct sv){ (const char *)bytes, n });
	struct sv line = SV(""), out;
	struct template *t = NULL;
	struct value dot;

	(void)sv_cut(&rest, '\n', &line);
	(void)manifest_parse(mem, &d, SV("fuzz"),
			     rest.p != NULL ? rest : SV(""), &docs);
	dot = value_data(docs.list.n > 0 ? docs.list.v[0] : NULL);
	if (template_parse(mem, line, &template_sprig, &t) == NULL && t != NULL)
		(void)template_fill(&f, t, &dot, (struct loc){ 0 }, &out);
	arena_free(mem);
	return 0;
}
