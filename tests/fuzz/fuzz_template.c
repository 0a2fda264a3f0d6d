/* A template (the first line) filled from an object (the rest), in each view;
 * nothing but memory and time is checked. */
#include "fuzz.h"

#include "source/template_object.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv rest = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct objects all = { 0 };
	struct strings names = { 0 };
	struct template *t = NULL;
	struct sv line = SV(""), out;

	(void)sv_cut(&rest, '\n', &line);
	if (template_parse(mem, line, &template_external_dns, &t) == NULL &&
	    t != NULL && rest.p != NULL) {
		(void)manifest_parse(mem, &d, SV("fuzz"), rest, &docs);
		for (size_t i = 0; i < docs.list.n; i++)
			objects_add(mem, &d, &all, docs.list.v[i], NULL);
		for (size_t i = 0; i < all.list.n && i < 4; i++) {
			struct template_host host = { all.list.v[i],
						      TEMPLATE_TYPED, "ingress",
						      NULL, NULL };

			(void)template_of_object(mem, t, &host, &out);
			template_names(mem, out, &names);
			host.view = TEMPLATE_PLAIN;
			(void)template_of_object(mem, t, &host, &out);
		}
	}
	arena_free(mem);
	return 0;
}
