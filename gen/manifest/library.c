#include "manifest/manifest.h"

#include <yaml.h>

struct sv manifest_library(struct arena *mem)
{
	return arena_fmt(mem, "libyaml %s", yaml_get_version_string());
}
