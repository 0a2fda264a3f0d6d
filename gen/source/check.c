/* Options whose words only the sources know: found before anything is read,
 * each with its place. */
#include "base/buf.h"
#include "source/source.h"
#include "source/template_object.h"

static struct sv source_flags(struct arena *mem)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; source_table[i] != NULL; i++)
		buf_fmt(&b, "%s%s", i > 0 ? " " : "", source_table[i]->flag);
	return buf_sv(&b);
}

static bool is_source(struct sv flag)
{
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (sv_eq(flag, sv_of(source_table[i]->flag)))
			return true;
	return false;
}

static int check_sources(struct arena *mem, struct diags *d,
			 const struct options *o)
{
	size_t row = option_find(SV("source"));
	int rc = 0;

	for (size_t i = 0; i < o->source.list.n; i++) {
		struct sv flag = o->source.list.v[i];

		if (is_source(flag))
			continue;
		rc = diag_error(d, DIAG_CONFIG, option_item_place(o, row, flag),
				"invalid " SV_FMT " \"" SV_FMT
				"\": expected a source such as ingress%s",
				SV_ARG(option_called(mem, o, row)),
				SV_ARG(flag),
				did_you_mean(mem, flag, source_flags(mem)));
	}
	return rc;
}

/* Several texts are one template; the fault is in the first that has one of
 * its own, else in the last, which closes nothing. */
static struct sv faulty(struct arena *mem, const struct strings *texts)
{
	struct template *ignored;

	for (size_t i = 0; i < texts->list.n; i++)
		if (template_parse(mem, texts->list.v[i],
				   &template_external_dns, &ignored) != NULL)
			return texts->list.v[i];
	return texts->list.v[texts->list.n - 1];
}

static int check_template(struct arena *mem, struct diags *d,
			  const struct options *o, const char *name,
			  const struct strings *texts)
{
	size_t row = option_find(sv_of(name));
	struct template *ignored;
	const char *fault = template_parse(mem, template_join(mem, texts),
					   &template_external_dns, &ignored);
	struct sv text;

	if (fault == NULL)
		return 0;
	text = faulty(mem, texts);
	return diag_error(d, DIAG_CONFIG, option_item_place(o, row, text),
			  "invalid " SV_FMT " \"" SV_FMT "\": %s",
			  SV_ARG(option_called(mem, o, row)), SV_ARG(text),
			  fault);
}

int source_check(struct arena *mem, struct diags *d, const struct config *c)
{
	int rc = 0;

	/* ExternalDNS' own words for its own flags. */
	for (size_t i = 0; !c->compat && i < c->publishers.n; i++) {
		const struct options *o = &c->publishers.v[i].opt;

		rc |= check_sources(mem, d, o);
		rc |= check_template(mem, d, o, "fqdn-template",
				     &o->fqdn_template);
		rc |= check_template(mem, d, o, "fqdn-target-template",
				     &o->fqdn_target_template);
		rc |= check_template(mem, d, o, "target-template",
				     &o->target_template);
	}
	return rc;
}
