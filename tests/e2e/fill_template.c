/*
 * Fills templates for tests/e2e/gotemplate: on stdin, again and again, a line
 * "missingkey, bytes of the template, bytes of the data", then both; on stdout
 * "1 BYTES" and the text, or "0 BYTES" and why it cannot be filled.
 */
#include <stdio.h>
#include <stdlib.h>

#include "template/template.h"

static const char *read_bytes(struct arena *mem, size_t n)
{
	char *p = arena_alloc(mem, n + 1, 1);

	if (fread(p, 1, n, stdin) != n)
		exit(2);
	return p;
}

static const char *fill(struct arena *mem, const char *missing, struct sv text,
			struct sv data, struct sv *out)
{
	struct filler f = { .mem = mem, .dialect = &template_sprig };
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct template *t;
	struct value dot;
	const char *fault;

	if (strcmp(missing, "zero") == 0)
		f.missing = MISSING_ZERO;
	else if (strcmp(missing, "error") == 0)
		f.missing = MISSING_ERROR;
	if (manifest_parse(mem, &d, SV("data"), data, &docs) < 0)
		exit(2);
	dot = value_data(docs.list.v[0]);
	*out = SV("");
	fault = template_parse(mem, text, &template_sprig, &t);
	if (fault != NULL)
		return fault;
	if (t == NULL)
		*out = text;
	return t != NULL ? template_fill(&f, t, &dot, (struct loc){ 0 }, out)
			 : NULL;
}

int main(void)
{
	char missing[16];
	size_t text, data;

	while (scanf("%15s %zu %zu", missing, &text, &data) == 3 &&
	       getchar() == '\n') {
		struct arena *mem = arena_new();
		struct sv t = { read_bytes(mem, text), text };
		struct sv d = { read_bytes(mem, data), data };
		struct sv out;
		const char *fault = fill(mem, missing, t, d, &out);

		if (fault != NULL)
			out = sv_of(fault);
		printf("%d %zu\n", fault == NULL, out.n);
		fwrite(out.p, 1, out.n, stdout);
		fflush(stdout);
		arena_free(mem);
	}
	return 0;
}
