#include "endpoint/endpoint.h"

#include <idn2.h>
#include <libpsl.h>

struct sv endpoint_library(struct arena *mem)
{
	return arena_fmt(mem, "libidn2 %s, libpsl %s", idn2_check_version(NULL),
			 psl_get_version());
}
