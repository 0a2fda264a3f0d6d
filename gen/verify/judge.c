#include "verify/judge.h"

#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/output.h"

struct sv rr_key(struct arena *mem, struct sv name, unsigned type)
{
	return arena_fmt(mem, "%u " SV_FMT, type, SV_ARG(name));
}

struct sv type_text(struct arena *mem, unsigned code)
{
	enum rrtype type;

	return rrtype_of_code(code, &type) ? sv_of(rrtype_name(type))
					   : arena_fmt(mem, "TYPE%u", code);
}

/* Data of a type that we do not know: RFC 3597's form. */
static struct sv data_text(struct arena *mem, const struct served_rr *rr)
{
	struct buf b = { .mem = mem };
	enum rrtype type;

	if (rrtype_of_code(rr->type, &type))
		return rdata_text(mem, type, rr->wire);
	buf_fmt(&b, "\\# %zu ", rr->wire.n);
	for (size_t i = 0; i < rr->wire.n; i++)
		buf_fmt(&b, "%02x", (unsigned)(unsigned char)rr->wire.p[i]);
	return buf_sv(&b);
}

static bool is_cut(const struct endpoint *e, const struct zone *zone)
{
	return e->type == RR_NS && !sv_eq(e->name, zone->name);
}

static bool is_below_cut(const struct map *cuts, struct sv name)
{
	struct sv label;

	if (cuts->n == 0)
		return false;
	while (sv_cut(&name, '.', &label) && name.p != NULL)
		if (map_get(cuts, name) != NULL)
			return true;
	return false;
}

/* What its outputs make of a zone. */
struct zone_traits {
	bool is_whole;	  /* one of them is all of the zone */
	bool ttl_unset;	  /* none says which TTL an unset one is */
	bool by_provider; /* proxied and flattened: answers are another's */
};

static struct zone_traits traits_of(const struct zone *zone)
{
	struct zone_traits t = { .ttl_unset = true };

	for (size_t i = 0; i < zone->outputs.n; i++) {
		const struct output_spec *o = &zone->outputs.v[i];

		t.is_whole |= output_mode(o)->is_whole_zone;
		t.ttl_unset &= output_format(o)->ttl == FORMAT_TTL_UNSET;
		t.by_provider |= output_format(o)->flattens_apex;
	}
	return t;
}

static bool is_address_like(const struct endpoint *e)
{
	return e->type == RR_A || e->type == RR_AAAA || e->type == RR_CNAME;
}

/* What a row can be compared with, beside exactly. */
static void find_rule(struct row *row, const struct zone *zone,
		      const struct zone_traits *t)
{
	const struct endpoint *e = row->e;

	if (is_cut(e, zone))
		row->rule = ROW_DELEGATION;
	row->proxied =
		t->by_provider && is_address_like(e) && record_proxied(e);
	if (row->proxied)
		row->hidden = "proxied: address not visible";
	else if (t->by_provider && e->type == RR_CNAME &&
		 sv_eq(e->name, zone->name))
		row->hidden = "CNAME at the apex: served as addresses";
	else if (e->ref.n > 0)
		row->hidden = "only Terraform knows the target";
	else if (e->set_identifier.n > 0)
		row->hidden = "the provider chooses among its sets";
	if (row->hidden == NULL)
		return;
	row->rule = ROW_PRESENCE;
	row->ttl = -1;
	/* Both are served as addresses, an IPv6 one by that type. */
	if (e->type == RR_CNAME && e->ref.n == 0 && e->set_identifier.n == 0)
		row->question.type = rrtype_code(RR_A);
}

static void add_texts(struct arena *mem, struct row *row)
{
	const struct endpoint *e = row->e;

	for (size_t i = 0; i < e->targets.n; i++) {
		struct sv wire;

		if (rdata_wire(mem, e, e->targets.v[i], &wire))
			strings_add_once(mem, &row->texts,
					 rdata_text(mem, e->type, wire));
	}
	strings_sort(&row->texts);
}

static void add_row(struct arena *mem, const struct zone *zone,
		    const struct zone_traits *t, const struct endpoint *e,
		    struct rows *out)
{
	struct row row = { .e = e, .ttl = -1 };

	if (!name_wire(mem, e->name, &row.question.name))
		return;
	row.question.name = arena_lower(mem, row.question.name);
	row.question.type = rrtype_code(e->type);
	if (e->ttl > 1 || !t->by_provider)
		row.ttl = e->ttl > 0	 ? e->ttl
			  : t->ttl_unset ? -1
					 : zone->default_ttl;
	find_rule(&row, zone, t);
	add_texts(mem, &row);
	*VEC_ADD(mem, &out->list) = row;
}

/* The zone's own NS, which a whole zone file has from its configuration. */
static const struct endpoint *apex_servers(struct arena *mem,
					   const struct zone *zone)
{
	for (size_t i = 0; i < zone->outputs.n; i++) {
		const struct output_spec *o = &zone->outputs.v[i];
		struct endpoint *e;

		if (!output_mode(o)->is_whole_zone || o->ns.list.n == 0)
			continue;
		e = ARENA_NEW(mem, struct endpoint);
		e->name = zone->name;
		e->type = RR_NS;
		e->ttl = o->soa.ttl;
		VEC_ADD(mem, &e->from)->at = o->at;
		for (size_t k = 0; k < o->ns.list.n; k++)
			*VEC_ADD(mem, &e->targets) =
				dname_strip_dot(o->ns.list.v[k]);
		return e;
	}
	return NULL;
}

static void take_endpoint(struct arena *mem, const struct zone *zone,
			  const struct zone_traits *t, const struct map *cuts,
			  const struct endpoint *e, struct rows *out)
{
	/* Of an open name only Terraform knows what it is. */
	if (dname_variable(e->name).n > 0)
		return;
	map_put(&out->known, rr_key(mem, e->name, rrtype_code(e->type)),
		ARENA_NEW(mem, char));
	if (is_below_cut(cuts, e->name))
		out->unasked++;
	else
		add_row(mem, zone, t, e, out);
}

int rows_make(struct arena *mem, const struct zone_plan *z, struct rows *out)
{
	struct zone_traits t = traits_of(z->zone);
	const struct endpoint *ns = apex_servers(mem, z->zone);
	struct map cuts = { .mem = mem };

	*out = (struct rows){ .known = { .mem = mem },
			      .name = z->zone->name,
			      .is_whole = t.is_whole };
	if (!name_wire(mem, z->zone->name, &out->zone))
		return -1;
	for (size_t i = 0; i < z->records.list.n; i++)
		if (is_cut(&z->records.list.v[i], z->zone))
			map_put(&cuts, z->records.list.v[i].name,
				ARENA_NEW(mem, char));
	if (ns != NULL)
		take_endpoint(mem, z->zone, &t, &cuts, ns, out);
	for (size_t i = 0; i < z->records.list.n; i++)
		take_endpoint(mem, z->zone, &t, &cuts, &z->records.list.v[i],
			      out);
	return 0;
}

/* The data of one RRset in a section, and its lowest TTL. */
static void collect(struct arena *mem, const struct served_rrs *from,
		    const struct question *q, unsigned type,
		    struct strings *texts, int64_t *ttl)
{
	*ttl = -1;
	for (size_t i = 0; i < from->list.n; i++) {
		const struct served_rr *rr = &from->list.v[i];

		if (rr->type != type || !sv_eq(rr->owner, q->name))
			continue;
		strings_add_once(mem, texts, data_text(mem, rr));
		if (*ttl < 0 || rr->ttl < *ttl)
			*ttl = rr->ttl;
	}
	strings_sort(texts);
}

static struct sv list_text(struct arena *mem, const struct strings *s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s->list.n; i++) {
		if (i > 0)
			buf_add(&b, SV(", "));
		buf_add(&b, s->list.v[i]);
	}
	return buf_sv(&b);
}

/* Something else is there in its place, or nothing. */
static enum verdict judge_absence(struct arena *mem, const struct row *row,
				  const struct answer *a, struct served *have)
{
	struct strings other = { 0 };
	int64_t ttl;

	collect(mem, &a->answer, &row->question, rrtype_code(RR_CNAME), &other,
		&ttl);
	if (other.list.n > 0) {
		have->text = arena_fmt(mem, "CNAME " SV_FMT,
				       SV_ARG(list_text(mem, &other)));
		*VEC_ADD(mem, &have->data.list) = have->text;
		return VERDICT_DIFFERENT;
	}
	have->text = a->rcode != RCODE_NOERROR ? rcode_text(mem, a->rcode)
		     : a->authoritative	       ? SV("no such record")
					       : SV("no answer of its own");
	return VERDICT_MISSING;
}

static bool shares(const struct strings *a, const struct strings *b)
{
	for (size_t i = 0; i < a->list.n; i++)
		if (strings_has(b, a->list.v[i]))
			return true;
	return false;
}

static enum verdict judge_presence(struct arena *mem, const struct row *row,
				   const struct answer *a, struct served *have)
{
	struct strings cname = { 0 };
	int64_t ttl;

	collect(mem, &a->answer, &row->question, rrtype_code(RR_CNAME), &cname,
		&ttl);
	if (row->proxied &&
	    (shares(&have->data, &row->texts) || shares(&cname, &row->texts))) {
		have->text = arena_fmt(mem, SV_FMT ", not proxied",
				       SV_ARG(list_text(mem, &row->texts)));
		return VERDICT_DIFFERENT;
	}
	return VERDICT_FINE;
}

enum verdict row_judge(struct arena *mem, const struct row *row,
		       const struct answer *a, struct served *have)
{
	struct strings *data = &have->data;

	*have = (struct served){ .text = SV("") };
	collect(mem, &a->answer, &row->question, row->question.type, data,
		&have->ttl);
	if (data->list.n == 0 && row->rule == ROW_DELEGATION)
		collect(mem, &a->authority, &row->question, row->question.type,
			data, &have->ttl);
	if (data->list.n == 0)
		return judge_absence(mem, row, a, have);
	if (row->rule == ROW_PRESENCE)
		return judge_presence(mem, row, a, have);
	if (!strings_eq(data, &row->texts)) {
		have->text = list_text(mem, data);
		return VERDICT_DIFFERENT;
	}
	if (row->ttl < 0 || have->ttl == row->ttl)
		return VERDICT_FINE;
	have->text = arena_fmt(mem, "TTL %lld", (long long)have->ttl);
	return VERDICT_TTL;
}

/* What servers add by themselves when they sign or copy a zone. */
static bool is_of_server(unsigned type)
{
	static const enum rrtype types[] = {
		RR_RRSIG, RR_NSEC,    RR_NSEC3,	 RR_NSEC3PARAM, RR_DNSKEY,
		RR_CDS,	  RR_CDNSKEY, RR_ZONEMD, RR_TYPE65534,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (type == rrtype_code(types[i]))
			return true;
	return type == TYPE_SOA;
}

/* Who shares a zone with others may ask only for what carries its name. */
static bool is_owned(struct arena *mem, const struct config *c,
		     const struct served_rr *rr)
{
	struct pairs labels = { 0 };
	const struct sv *owner;
	struct sv bytes;

	if (rr->type != rrtype_code(RR_TXT) ||
	    !txt_bytes(mem, rr->wire, &bytes) ||
	    !ownership_parse(mem, bytes, &labels))
		return false;
	owner = pairs_get(&labels, SV("owner"));
	for (size_t i = 0; owner != NULL && i < c->publishers.n; i++)
		if (sv_eq(*owner, c->publishers.v[i].opt.txt_owner_id))
			return true;
	return false;
}

bool rr_is_extra(struct arena *mem, const struct config *c,
		 const struct rows *rows, const struct served_rr *rr,
		 struct sv *name, struct sv *text)
{
	bool is_apex_ns =
		rr->type == rrtype_code(RR_NS) && sv_eq(rr->owner, rows->zone);
	size_t used;

	if (is_of_server(rr->type) || (is_apex_ns && !rows->is_whole) ||
	    !name_plain(mem, rr->owner, name, &used) ||
	    !dname_in(*name, rows->name) ||
	    map_get(&rows->known, rr_key(mem, *name, rr->type)) != NULL ||
	    (!rows->is_whole && !is_owned(mem, c, rr)))
		return false;
	*text = data_text(mem, rr);
	return true;
}
