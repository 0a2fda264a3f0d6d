/*
 * How a zone is published, beside its records: by which outputs, into which
 * zone of the provider, with which SOA.  No record says it, and each of it
 * changes what is answered.
 */
#include "base/buf.h"
#include "plan/admit.h"
#include "plan/published.h"

struct field {
	const char *key;
	size_t offset;
	bool is_number;
};

#define TEXT(key, member)                                                      \
 {                                                                             \
  key, offsetof(struct output_spec, member), false                             \
 }
#define NUMBER(key, member)                                                    \
 {                                                                             \
  key, offsetof(struct output_spec, member), true                              \
 }

/* Those of which a reader of the zone sees something. */
static const struct field fields[] = {
	TEXT("dns-provider", dns_provider),
	TEXT("escape", escape),
	TEXT("format", format),
	TEXT("mode", mode),
	TEXT("provider", provider),
	TEXT("registrar", registrar),
	TEXT("soa.mname", soa.mname),
	TEXT("soa.rname", soa.rname),
	NUMBER("soa.expire", soa.expire),
	NUMBER("soa.minimum", soa.minimum),
	NUMBER("soa.refresh", soa.refresh),
	NUMBER("soa.retry", soa.retry),
	NUMBER("soa.ttl", soa.ttl),
	TEXT(TEMPLATE_KEY, template),
	TEXT("zone-id", zone_id),
};

#undef TEXT
#undef NUMBER

static struct sv field_text(struct arena *mem, const struct field *f,
			    const struct output_spec *o)
{
	const char *at = (const char *)o + f->offset;

	if (!f->is_number)
		return *(const struct sv *)at;
	return arena_fmt(mem, "%lld", (long long)*(const int64_t *)at);
}

static const struct output_spec *output_named(const struct zone *z,
					      struct sv file)
{
	for (size_t i = 0; i < z->outputs.n; i++)
		if (sv_eq(z->outputs.v[i].file, file))
			return &z->outputs.v[i];
	return NULL;
}

static void add(struct arena *mem, struct strings *out, const struct zone *z,
		const struct output_spec *o, struct sv what)
{
	*VEC_ADD(mem, &out->list) = arena_fmt(
		mem,
		"zone " SV_FMT ": output " SV_FMT " " SV_FMT " (" SV_FMT ")",
		SV_ARG(z->key), SV_ARG(o->file), SV_ARG(what),
		SV_ARG(loc_text(mem, o->at)));
}

static struct sv word_of(struct sv value)
{
	return value.n > 0 ? value : SV("(none)");
}

/* A template decides what is said of every record. */
static void compare_templates(struct buf *all, const struct output_spec *was,
			      const struct output_spec *is)
{
	for (size_t i = 0; i < is->template_files.list.n; i++) {
		const struct pair *p = &is->template_files.list.v[i];
		const struct sv *old = pairs_get(&was->template_files, p->name);

		if (old == NULL || !sv_eq(*old, p->value))
			buf_fmt(all, "%stext of " SV_FMT,
				all->n > 0 ? ", " : "", SV_ARG(p->name));
	}
}

static void compare(struct arena *mem, const struct zone *z,
		    const struct output_spec *was, const struct output_spec *is,
		    struct strings *out)
{
	struct buf all = { .mem = mem };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct sv old = field_text(mem, &fields[i], was);
		struct sv new = field_text(mem, &fields[i], is);

		if (!sv_eq(old, new))
			buf_fmt(&all, "%s%s " SV_FMT " -> " SV_FMT,
				all.n > 0 ? ", " : "", fields[i].key,
				SV_ARG(word_of(old)), SV_ARG(word_of(new)));
	}
	compare_templates(&all, was, is);
	if (all.n > 0)
		add(mem, out, z, is,
		    arena_fmt(mem, "changes: " SV_FMT, SV_ARG(buf_sv(&all))));
}

static void compare_zone(struct arena *mem, const struct zone *was,
			 const struct zone *is, struct strings *out)
{
	for (size_t i = 0; i < is->outputs.n; i++) {
		const struct output_spec *o = &is->outputs.v[i];
		const struct output_spec *old = output_named(was, o->file);

		if (old == NULL)
			add(mem, out, is, o, SV("is new"));
		else
			compare(mem, is, old, o, out);
	}
	for (size_t i = 0; i < was->outputs.n; i++)
		if (output_named(is, was->outputs.v[i].file) == NULL)
			add(mem, out, is, &was->outputs.v[i],
			    SV("is no longer written"));
}

void published_changes(struct arena *mem, const struct plan *have,
		       const struct plan *want, struct strings *out)
{
	for (size_t i = 0; i < want->zones.n; i++)
		for (size_t k = 0; k < have->zones.n; k++)
			if (sv_eq(want->zones.v[i].zone->key,
				  have->zones.v[k].zone->key))
				compare_zone(mem, have->zones.v[k].zone,
					     want->zones.v[i].zone, out);
}

/* "terraform ${var.zone}": where records of the output end up. */
static struct sv destination(struct arena *mem, const struct output_spec *o)
{
	return arena_fmt(mem, SV_FMT "%s" SV_FMT, SV_ARG(o->format),
			 o->zone_id.n > 0 ? " " : "", SV_ARG(o->zone_id));
}

struct sv published_where(struct arena *mem, const struct zone *z)
{
	struct strings all = { 0 };
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < z->outputs.n; i++)
		strings_add_once(mem, &all, destination(mem, &z->outputs.v[i]));
	strings_sort(&all);
	for (size_t i = 0; i < all.list.n; i++)
		buf_fmt(&b, "%s" SV_FMT, i > 0 ? " and " : "",
			SV_ARG(all.list.v[i]));
	return buf_sv(&b);
}

/* Of an output that goes the others of its zone have the records; of one that
 * is written into another zone of the provider nothing has them. */
static bool is_led_away(const struct output_spec *was, const struct zone *is)
{
	bool away = false;

	for (size_t i = 0; i < is->outputs.n; i++) {
		const struct output_spec *o = &is->outputs.v[i];

		if (!sv_eq(o->format, was->format))
			continue;
		if (sv_eq(o->zone_id, was->zone_id))
			return false;
		away = true;
	}
	return away;
}

bool published_elsewhere(const struct zone *was, const struct zone *is)
{
	for (size_t i = 0; i < was->outputs.n; i++)
		if (is_led_away(&was->outputs.v[i], is))
			return true;
	return false;
}
