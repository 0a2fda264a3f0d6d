/* What the tests of gen/output/ share: a record, a zone, a written file. */
#ifndef TESTS_UNIT_OUTPUT_FIXTURE_H
#define TESTS_UNIT_OUTPUT_FIXTURE_H

#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static inline struct endpoint *record(struct arena *mem, struct endpoints *set,
				      const char *name, enum rrtype type,
				      int64_t ttl, const char *target)
{
	struct endpoint *e = endpoints_add(mem, set);
	struct provenance *p = VEC_ADD(mem, &e->from);

	e->name = sv_of(name);
	e->type = type;
	e->ttl = ttl;
	*VEC_ADD(mem, &e->targets) = sv_of(target);
	p->at = (struct loc){ SV("apps/web.yaml"), 7, 5 };
	p->kind = SV("Ingress");
	p->namespace = SV("shop");
	p->name = SV("web");
	p->resource = SV("ingress/shop/web");
	p->name_rule = "spec.rules[].host";
	return e;
}

/* A zone example.com with one output, and what write() needs. */
struct fixture {
	struct arena *mem;
	struct diags d;
	struct zone zone;
	struct output_spec spec;
	struct output_ctx ctx;
	struct endpoints set;
};

static inline struct fixture *fixture_new(const char *format, const char *mode)
{
	struct arena *mem = arena_new();
	struct fixture *f = ARENA_NEW(mem, struct fixture);

	f->mem = mem;
	f->d.mem = mem;
	f->zone.name = f->zone.key = SV("example.com");
	f->zone.default_ttl = 300;
	f->zone.serial = SV("increment");
	f->spec.at = (struct loc){ SV(".zoneloom.yaml"), 5, 9 };
	f->spec.format = sv_of(format);
	f->spec.mode = sv_of(mode);
	f->spec.file = SV("dns/example.com");
	f->spec.provider = SV("cloudflare@5");
	f->spec.soa.mname = SV("ns1.example.net");
	f->spec.soa.rname = SV("hostmaster@example.com");
	f->spec.soa.refresh = 3600;
	f->spec.soa.retry = 600;
	f->spec.soa.expire = 1209600;
	f->spec.soa.minimum = 300;
	f->spec.soa.ttl = 3600;
	*VEC_ADD(mem, &f->spec.ns.list) = SV("ns1.example.net");
	*VEC_ADD(mem, &f->spec.ns.list) = SV("ns2.example.net");
	f->ctx.mem = mem;
	f->ctx.diags = &f->d;
	f->ctx.zone = &f->zone;
	f->ctx.spec = &f->spec;
	f->ctx.now = 1789862400; /* 2026-09-20 */
	return f;
}

static inline struct sv written(struct fixture *f)
{
	struct sv text = SV("");

	if (output_find(f->spec.format)->write(&f->ctx, &f->set, &text) != 0)
		for (size_t i = 0; i < f->d.list.n; i++)
			diag_write(&f->d.list.v[i], stderr);
	assert_int_equal(f->d.errors, 0);
	return text;
}

#endif
