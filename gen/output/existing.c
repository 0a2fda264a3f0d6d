/* Records that exist, for adopt/: of our own Terraform files, of Cloudflare's
 * API and of zone files. */
#include "endpoint/txt.h"
#include "output/terraform.h"
#include "output/zone_lines.h"

int resources_read(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, const struct zone *zone,
		   struct resources *out)
{
	struct loc at = { file, 0, 0 };
	struct tf_file f = { 0 };

	if (tf_file_read(mem, d, at, text, zone, &f) != 0)
		return -1;
	for (size_t i = 0; i < f.records.n; i++) {
		const struct tf_record *r = &f.records.v[i];

		*VEC_ADD(mem, &out->list) = (struct resource){
			r->address, r->name,	r->type, r->wire, r->content,
			r->ttl,	    r->proxied, r->note, r->tags, r->zone_id
		};
	}
	for (size_t i = 0; i < f.moves.n; i++)
		*VEC_ADD(mem, &out->moves) =
			(struct resource_move){ f.moves.v[i].from,
						f.moves.v[i].to };
	return 0;
}

/* The fields of `data` in wire order, as a zone file has them; "" where one is
 * missing that its type must have. */
static struct sv fields_text(struct arena *mem, enum rrtype type,
			     struct sv priority, const struct pairs *data)
{
	const struct tf_attribute *a = tf_types[type].data;
	struct sv field[TF_ATTRIBUTES] = { { NULL, 0 } };
	struct buf b = { .mem = mem };

	if (tf_types[type].has_priority)
		field[0] = priority;
	for (size_t i = 0; i < TF_ATTRIBUTES && a[i].name != NULL; i++) {
		const struct sv *v = pairs_get(data, sv_of(a[i].name));

		if (v == NULL || (v->n == 0 && field[a[i].field].n > 0))
			continue;
		field[a[i].field] = rdata_kind(type, a[i].field) == RDATA_STRING
					    ? string_text(mem, *v)
					    : *v;
	}
	for (size_t i = 0; i < TF_ATTRIBUTES; i++)
		if (field[i].n > 0)
			buf_fmt(&b, "%s" SV_FMT, b.n > 0 ? " " : "",
				SV_ARG(field[i]));
	return buf_sv(&b);
}

bool cloudflare_wire(struct arena *mem, enum rrtype type, struct sv content,
		     struct sv priority, const struct pairs *data,
		     struct sv *wire)
{
	const struct endpoint as_text = { .type = type };
	struct sv text = content;

	if (!tf_types[type].known)
		return false;
	if (tf_types[type].data[0].name != NULL && data->list.n > 0)
		text = fields_text(mem, type, priority, data);
	else if (tf_types[type].has_priority)
		text = arena_fmt(mem, SV_FMT " " SV_FMT, SV_ARG(priority),
				 SV_ARG(content));
	return rdata_wire(mem, &as_text, text, wire);
}

bool cloudflare_proxiable(enum rrtype type)
{
	return tf_types[type].proxiable;
}

int zone_records_read(struct arena *mem, struct diags *d, struct sv file,
		      struct sv text, struct sv origin, int64_t default_ttl,
		      struct zone_records *out)
{
	struct zone_rrs rrs = { 0 };
	int rc = zone_scan(mem, d, (struct loc){ file, 0, 0 },
			   zone_text_lf(mem, text), origin,
			   (uint32_t)default_ttl, &rrs);

	for (size_t i = 0; i < rrs.list.n; i++) {
		const struct zone_rr *rr = &rrs.list.v[i];
		struct zone_record *r;

		out->soa_last = rr->code == RRCODE_SOA;
		out->soas += out->soa_last;
		if (out->soa_last)
			continue;
		r = VEC_ADD(mem, &out->list);
		r->name = rr->owner;
		r->type = zone_type_name(mem, rr->code);
		r->known = rrtype_of_code(rr->code, &r->code);
		r->wire = rr->rdata;
		r->ttl = rr->ttl;
		r->line = rr->line;
	}
	return rc;
}
