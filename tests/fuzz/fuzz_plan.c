/*
 * Lines "NAME TYPE TTL TARGET" to the records of a zone.  Checked besides
 * memory: the order of the lines changes neither the records nor the number
 * of messages; nothing is lost without one; two equal sets have no change.
 */
#include "fuzz.h"

#include <assert.h>

#include "plan/plan.h"
#include "registry/registry.h"

enum { LINES = 64 };

struct outcome {
	struct plan plan;
	struct diags diags;
};

static bool add_line(struct arena *mem, struct sv line, uint32_t number,
		     struct endpoints *set)
{
	struct sv type, ttl;
	struct endpoint e = { 0 };
	unsigned long long n;
	struct provenance *p;

	if (!sv_cut(&line, ' ', &e.name) || !sv_cut(&line, ' ', &type) ||
	    !sv_cut(&line, ' ', &ttl) || line.p == NULL ||
	    !rrtype_parse(type, &e.type) || !sv_number(ttl, UINT32_MAX, &n))
		return false;
	e.ttl = (int64_t)n;
	*VEC_ADD(mem, &e.targets) = line;
	p = VEC_ADD(mem, &e.from);
	p->at = (struct loc){ SV("fuzz"), number, 1 };
	p->kind = SV("Line");
	p->resource = arena_fmt(mem, "line/fuzz/%u", number);
	pairs_put(mem, &e.labels, SV("resource"), p->resource);
	e.is_static = number % 8 == 0;
	*endpoints_add(mem, set) = e;
	return true;
}

static void config_fill(struct arena *mem, struct config *c, bool merge)
{
	struct publisher *p = VEC_ADD(mem, &c->publishers);
	struct zone *z = VEC_ADD(mem, &c->zones);

	z->name = z->key = SV("e.fr");
	z->addresses = SV("warn");
	z->default_ttl = 300;
	p->opt.conflict = merge ? SV("merge") : SV("error");
	p->opt.registry = SV("txt");
	p->opt.txt_owner_id = SV("o");
	for (size_t i = 0; i < RR_COUNT; i++)
		*VEC_ADD(mem, &p->opt.managed_record_types.list) =
			sv_of(rrtype_name((enum rrtype)i));
}

static void run(struct arena *mem, const struct endpoints *in, bool backwards,
		bool merge, struct outcome *out)
{
	struct config c = { 0 };
	struct plan_ctx ctx = { mem, &out->diags, &c };
	struct endpoints set = { 0 };
	struct zone_plan *z;

	out->diags.mem = mem;
	config_fill(mem, &c, merge);
	for (size_t i = 0; i < in->list.n; i++) {
		const struct endpoint *e =
			&in->list.v[backwards ? in->list.n - 1 - i : i];

		if (!e->is_static)
			*endpoints_add(mem, &set) = *e;
	}
	(void)plan_add(&ctx, c.publishers.v, &set, &out->plan);
	(void)plan_finish(&ctx, &out->plan);
	z = &out->plan.zones.v[0];
	for (size_t i = 0; i < in->list.n; i++)
		if (in->list.v[i].is_static)
			*endpoints_add(mem, &z->records) = in->list.v[i];
	(void)registry_add(mem, &out->diags, c.publishers.v, false,
			   z->zone->name, &z->records);
	(void)plan_check(&ctx, &out->plan);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv rest = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct outcome forth = { 0 }, back = { 0 };
	struct endpoints in = { 0 };
	struct changes ch;
	struct sv line;
	bool merge = size % 2 == 0;

	for (uint32_t n = 1; n <= LINES && sv_cut(&rest, '\n', &line); n++)
		(void)add_line(mem, line, n, &in);
	run(mem, &in, false, merge, &forth);
	run(mem, &in, true, merge, &back);
	assert(forth.diags.list.n == back.diags.list.n);
	changes_find(mem, &forth.plan.zones.v[0].records,
		     &back.plan.zones.v[0].records, &ch);
	assert(ch.list.n == 0);
	if (in.list.n > 0 && forth.plan.zones.v[0].records.list.n == 0)
		assert(forth.diags.list.n > 0);
	arena_free(mem);
	return 0;
}
