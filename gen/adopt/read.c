/* What kind of file it is, and zone files. */
#include "adopt/internal.h"

enum { ZONE_TTL = 3600 };

static struct sv origin_of(struct adopt *a)
{
	const struct zone *only = NULL;

	for (size_t i = 0; i < a->s->config.zones.n; i++) {
		const struct zone *z = &a->s->config.zones.v[i];

		if (!session_wants_zone(a->s, z))
			continue;
		if (only != NULL && !sv_eq(only->name, z->name))
			return SV("");
		only = z;
	}
	if (only == NULL)
		return SV("");
	return only->ref.n > 0 ? a->domain : only->name;
}

static int zone_read(struct adopt *a, struct sv file, struct sv text,
		     struct zone_records *out)
{
	struct arena *mem = a->s->mem;

	*out = (struct zone_records){ 0 };
	if (zone_records_read(mem, &a->s->diags, file, text, origin_of(a),
			      ZONE_TTL, out) != 0)
		return -1;
	for (size_t i = 0; i < out->list.n; i++) {
		const struct zone_record *r = &out->list.v[i];
		struct loc at = { file, r->line, 1 };
		struct existing *e = existing_add(a, at, SV(""));

		e->name = r->name;
		e->type = r->type;
		e->known = r->known;
		e->code = r->code;
		e->wire = r->wire;
		e->ttl = r->ttl;
		existing_finish(a, e);
	}
	return 0;
}

int zone_file_read(struct adopt *a, struct sv file, struct sv text)
{
	struct zone_records r;

	return zone_read(a, file, text, &r);
}

/* A transfer begins and ends with the SOA: without the last it broke off. */
int axfr_read(struct adopt *a, struct sv file, struct sv text)
{
	struct loc at = { file, 0, 0 };
	struct zone_records r;

	if (zone_read(a, file, text, &r) != 0)
		return -1;
	if (r.soas >= 2 && r.soa_last)
		return 0;
	return diag_error(&a->s->diags, DIAG_ADOPT, at,
			  "a part of the zone: a transfer ends with the SOA; "
			  "expected the output of dig axfr ZONE @SERVER");
}

static bool is_api(struct sv text)
{
	return sv_starts(text, SV("[")) ||
	       (sv_starts(text, SV("{")) && sv_has(text, SV("\"result\"")));
}

static bool is_state(struct sv text)
{
	return sv_starts(text, SV("{")) &&
	       (sv_has(text, SV("\"format_version\"")) ||
		sv_has(text, SV("\"terraform_version\"")));
}

static bool is_dig(struct sv text)
{
	return sv_starts(text, SV("; <<>> DiG "));
}

static bool is_zone(struct sv text)
{
	return !sv_starts(text, SV("{")) && !sv_starts(text, SV("["));
}

/* The first whose test holds. */
static const struct {
	const char *word;
	bool (*is)(struct sv text);
	int (*read)(struct adopt *a, struct sv file, struct sv text);
} kinds[] = {
	{ "state", is_state, state_read },
	{ "cloudflare", is_api, cloudflare_read },
	{ "axfr", is_dig, axfr_read },
	{ "zone", is_zone, zone_file_read },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int adopt_read(struct adopt *a, struct sv file, struct sv text)
{
	struct sv head = sv_trim(text);
	struct loc at = { file, 0, 0 };

	for (size_t i = 0; i < KINDS; i++)
		if (a->from.n > 0 ? sv_eq(a->from, sv_of(kinds[i].word))
				  : kinds[i].is(head))
			return kinds[i].read(a, file, head);
	if (a->from.n > 0)
		return fault_set(&a->s->fault, a->s->mem, FAULT_USAGE,
				 "invalid --from \"" SV_FMT
				 "\": expected cloudflare, state, axfr or zone",
				 SV_ARG(a->from));
	return diag_error(&a->s->diags, DIAG_ADOPT, at,
			  "neither an answer of Cloudflare's API nor a state: "
			  "expected one of these, a zone file or the output of "
			  "dig axfr");
}
