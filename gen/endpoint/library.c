#include "endpoint/endpoint.h"

#include <idn2.h>
#include <libpsl.h>
#include <unistring/version.h>

struct sv endpoint_library(struct arena *mem)
{
	return arena_fmt(mem, "libidn2 %s, libpsl %s, libunistring %d.%d",
			 idn2_check_version(NULL), psl_get_version(),
			 _libunistring_version >> 16,
			 _libunistring_version >> 8 & 0xff);
}
