#include "cli/zone_text.h"

#include "output/output.h"

/* The zone's own output of the format, whose provider and zone id are those of
 * its records; in the plain mode, for nothing is around the records here. */
static struct output_spec listed_spec(const struct zone *zone,
				      const struct format *f)
{
	struct output_spec spec = { .at = zone->at,
				    .format = sv_of(f->word),
				    .comments = SV("source") };

	for (size_t i = zone->outputs.n; i-- > 0;)
		if (output_format(&zone->outputs.v[i]) == f)
			spec = zone->outputs.v[i];
	spec.mode = sv_of(format_plain_mode(f)->word);
	return spec;
}

int zone_text(struct session *s, const struct zone_plan *z,
	      const struct format *f, const char *what, bool follow,
	      struct sv *text)
{
	struct output_spec spec = listed_spec(z->zone, f);
	struct sv file = spec.file;
	struct output_ctx ctx = { .mem = s->mem,
				  .diags = &s->diags,
				  .config = &s->config,
				  .zone = z->zone,
				  .spec = &spec };

	/* It is not written: messages are not about it. */
	spec.file = SV("");
	if (follow && file.n > 0 && session_read(s, file, &ctx.previous) < 0)
		return -1;

	if (!f->holds_references &&
	    config_check_plain(&s->diags, z->zone, what, z->zone->at) < 0)
		return -1;
	return output_of(f)->write(&ctx, &z->records, text);
}
