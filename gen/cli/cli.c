#include "cli/cli.h"

#include <stdio.h>

int cli_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	fputs("zoneloom: nothing yet\n", stderr);
	return EXIT_USAGE;
}
