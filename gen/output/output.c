#include "output/output.h"

#define FORMAT(name, ...) extern const struct output output_##name;
#include "config/format.def"
#undef FORMAT

/* In the order of format_table[]. */
static const struct output *const table[] = {
#define FORMAT(name, ...) &output_##name,
#include "config/format.def"
#undef FORMAT
};

const struct output *output_of(const struct format *f)
{
	return table[f - format_table];
}

const struct output *output_find(struct sv format)
{
	const struct format *f = format_find(format);

	return f != NULL ? output_of(f) : NULL;
}

bool output_may_replace(const struct output_spec *spec, struct sv text)
{
	return !output_mode(spec)->has_header || header_is_ours(text);
}

static struct sv name_of_key(struct sv key)
{
	return sv_head(key, sv_chr(key, '@'));
}

/* The key that the file says, "" unless it begins with the name of a zone:
 * anybody can write into a file. */
static struct sv key_of_file(struct arena *mem, const struct format *f,
			     const struct header *h, struct sv text)
{
	struct sv key =
		f->is_named ? h->zone : output_of(f)->zone_key(mem, text);
	enum dname_use use = f->holds_references ? DNAME_ZONE_VAR : DNAME_ZONE;
	struct sv name;

	return dname_fault(mem, use, name_of_key(key), &name) == NULL &&
			       sv_eq(name, name_of_key(key))
		       ? key
		       : SV("");
}

/* The zone whose records the file holds.  What it says itself counts, for it
 * may have been written before the zone of this file got another name; of
 * views only Terraform says which. */
static const struct zone *zone_of_file(const struct config *c,
				       const struct zone *own, struct sv key)
{
	if (own != NULL && (key.n == 0 || sv_eq(own->name, name_of_key(key))))
		return own;
	for (size_t i = 0; i < c->zones.n; i++)
		if (sv_eq(c->zones.v[i].key, key))
			return &c->zones.v[i];
	return NULL;
}

/* An output of the zone in this format: it knows what the file does not say,
 * such as which NS records are none of ours. */
static const struct output_spec *spec_of_zone(const struct zone *z,
					      const struct format *f)
{
	for (size_t i = 0; z != NULL && i < z->outputs.n; i++)
		if (output_format(&z->outputs.v[i]) == f &&
		    output_mode(&z->outputs.v[i])->has_header)
			return &z->outputs.v[i];
	return NULL;
}

/* A zone that no configuration has, as the file names it. */
static const struct zone *zone_unknown(struct arena *mem, struct sv key)
{
	struct zone *z = ARENA_NEW(mem, struct zone);

	z->key = key;
	z->name = name_of_key(key);
	z->view = sv_from(key, z->name.n + 1);
	return z;
}

/* The file's own output where it is of this zone and format, else the next
 * best, else one that says nothing. */
static const struct output_spec *
spec_for(struct arena *mem, const struct output_file *f, const struct zone *own,
	 const struct output_spec *spec, struct sv file)
{
	struct output_spec *unknown;

	if (spec != NULL && own == f->zone && output_format(spec) == f->format)
		return spec;
	spec = spec_of_zone(f->zone, f->format);
	if (spec != NULL)
		return spec;
	unknown = ARENA_NEW(mem, struct output_spec);
	unknown->format = sv_of(f->format->word);
	unknown->file = file;
	return unknown;
}

int output_file_read(struct arena *mem, struct diags *d, const struct config *c,
		     struct sv file, struct sv text, struct output_file *out)
{
	const struct zone *own;
	const struct output_spec *spec = config_output_at(c, file, &own);
	struct output_ctx ctx = { .mem = mem, .diags = d, .config = c };

	*out = (struct output_file){ 0 };
	if (header_parse(mem, text, &out->header))
		out->format = header_format(&out->header);
	else if (spec != NULL && !output_mode(spec)->has_header)
		out->format = output_format(spec);
	else
		return 0;
	if (out->format == NULL)
		return diag_error(d, DIAG_OUTPUT, ((struct loc){ file, 1, 1 }),
				  "output of an unknown format \"" SV_FMT "\"",
				  SV_ARG(out->header.format));
	out->zone_key = key_of_file(mem, out->format, &out->header, text);
	out->zone = zone_of_file(c, own, out->zone_key);
	if (out->zone != NULL)
		out->zone_key = out->zone->key;
	ctx.spec = spec_for(mem, out, own, spec, file);
	ctx.zone = out->zone != NULL ? out->zone
				     : zone_unknown(mem, out->zone_key);
	return output_of(out->format)->read(&ctx, file, text, &out->records) < 0
		       ? -1
		       : 1;
}
