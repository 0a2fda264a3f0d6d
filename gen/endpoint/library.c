#include "endpoint/endpoint.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <idn2.h>
#include <libpsl.h>
#include <pcre2.h>

struct sv endpoint_library(struct arena *mem)
{
	char pcre[64] = "";

	/* The longest known text has 16 bytes; the call says how many. */
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof(pcre))
		pcre2_config(PCRE2_CONFIG_VERSION, pcre);
	return arena_fmt(mem, "libidn2 %s, libpsl %s, pcre2 %s",
			 idn2_check_version(NULL), psl_get_version(), pcre);
}
