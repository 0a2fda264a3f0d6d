/* Run a fuzz target over saved inputs, without clang: `make test` does. */
#include "fuzz.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGEST = 1 << 20 };

static size_t replay(const char *path, unsigned char *bytes)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		err(EXIT_FAILURE, "%s", path);
	n = fread(bytes, 1, LARGEST, f);
	if (ferror(f))
		err(EXIT_FAILURE, "%s", path);
	(void)fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		errx(EXIT_FAILURE, "usage: %s FILE...", argv[0]);
	for (int i = 1; i < argc; i++) {
		/* Its exact size, so that a read behind it is seen. */
		unsigned char *all = malloc(LARGEST), *bytes;
		size_t n;

		if (all == NULL)
			err(EXIT_FAILURE, NULL);
		n = replay(argv[i], all);
		bytes = realloc(all, n + (n == 0));
		if (bytes == NULL)
			err(EXIT_FAILURE, NULL);
		if (LLVMFuzzerTestOneInput(bytes, n) != 0)
			errx(EXIT_FAILURE, "%s: refused", argv[i]);
		free(bytes);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
