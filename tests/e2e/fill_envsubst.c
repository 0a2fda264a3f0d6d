/*
 * Substitutes for tests/e2e/envsubst.sh: on stdin a line "bytes of the text",
 * then the text, again and again; on stdout "1 BYTES" and what comes out, or
 * "0 BYTES" and why it is refused.  The variables are those of the engine's
 * recorded answers in tests/data/envsubst.
 */
#include <stdio.h>
#include <stdlib.h>

#include "render/flux/envsubst.h"

static const char *const variables[][2] = {
	{ "a", "AbC" }, { "b", "" },   { "host", "www.example.org" },
	{ "n", "42" },	{ "nl", "x" },
};

static enum envsubst_state get(void *ctx, struct sv name, struct sv *value)
{
	(void)ctx;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		if (!sv_eq(name, sv_of(variables[i][0])))
			continue;
		*value = sv_of(variables[i][1]);
		return ENVSUBST_SET;
	}
	return ENVSUBST_UNSET;
}

int main(void)
{
	size_t n;

	while (scanf("%zu", &n) == 1 && getchar() == '\n') {
		struct arena *mem = arena_new();
		struct envsubst e = { .mem = mem, .get = get, .lenient = true };
		char *p = arena_alloc(mem, n + 1, 1);
		struct sv out = SV("");
		int rc;

		if (fread(p, 1, n, stdin) != n)
			return 2;
		rc = envsubst(&e, (struct sv){ p, n }, &out);
		if (rc < 0)
			out = sv_of(e.fault != NULL ? e.fault : "");
		printf("%d %zu\n", rc == 0, out.n);
		fwrite(out.p, 1, out.n, stdout);
		fflush(stdout);
		arena_free(mem);
	}
	return 0;
}
