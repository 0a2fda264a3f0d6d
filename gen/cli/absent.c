/* Stages that are not on this branch yet: weak, so that each one that comes
 * takes over.  Goes away with the last of them. */
#include "cli/cli.h"
#include "output/output.h"
#include "source/source.h"

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define WEAK __attribute__((weak))

WEAK int config_add_vars(struct arena *mem, struct diags *d, struct sv file,
			 struct sv text, struct config *c)
{
	return -1;
}
WEAK int config_add_zone(struct arena *mem, struct diags *d, struct config *c,
			 struct sv zone, struct sv format, struct sv zone_id)
{
	return -1;
}
WEAK int source_read_all(struct source_ctx *ctx)
{
	return 0;
}
WEAK const char *const *source_kinds(struct arena *mem, const struct config *c)
{
	static const char *const k[] = { "Ingress", NULL };
	return k;
}
WEAK void plan_compat(struct plan_ctx *ctx, const struct publisher *p,
		      struct endpoints *set)
{
}
WEAK int plan_add(struct plan_ctx *ctx, const struct publisher *p,
		  const struct endpoints *set, struct plan *out)
{
	return 0;
}
WEAK int plan_finish(struct plan_ctx *ctx, struct plan *out)
{
	return 0;
}
WEAK int plan_check(struct plan_ctx *ctx, struct plan *out)
{
	return 0;
}
WEAK void changes_find(struct arena *mem, const struct endpoints *have,
		       const struct endpoints *want, struct changes *out)
{
}
WEAK int brake_check(struct arena *mem, const struct config *c,
		     const struct changes *ch, size_t want_records,
		     long long allow_deletes, long long allow_changes,
		     struct sv *reason)
{
	return 0;
}
WEAK int zone_text_read(struct arena *mem, struct diags *d, struct sv file,
			struct sv text, struct sv origin, int64_t default_ttl,
			struct endpoints *out)
{
	return -1;
}
