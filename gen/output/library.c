#include "output/output.h"

#include <jansson.h>
#include <ldns/ldns.h>
#include <libzscanner/version.h>
#include <openssl/evp.h>

struct sv output_library(struct arena *mem)
{
	/* libzscanner tells its version to the compiler only. */
	return arena_fmt(mem, "jansson %s, libzscanner %d.%d.%d, ldns %s, %s",
			 jansson_version_str(), ZSCANNER_VERSION_MAJOR,
			 ZSCANNER_VERSION_MINOR, ZSCANNER_VERSION_PATCH,
			 ldns_version(), OpenSSL_version(OPENSSL_VERSION));
}
