#include "hostile.h"
#include "plan/plan.h"

/*
 * Input, one record a line:
 *   NAME TYPE TTL TARGETS RESOURCE [static] [p=N] [prop=NAME:VALUE]
 * TARGETS are parted by "|"; RESOURCE "ingress/NS/NAME" comes from the file
 * apps/NS.yaml, the place's line is the number of the line here.
 *
 * Settings: key=value words; see set_word().
 */
struct world {
	struct arena *mem;
	struct diags diags;
	struct config config;
	struct plan_ctx ctx;
	struct plan plan;
	struct endpoints sets[2]; /* one a publisher */
	struct endpoints statics;
};

static struct zone *zone_new(struct world *w, struct sv name)
{
	struct zone *z = VEC_ADD(w->mem, &w->config.zones);
	struct output_spec *o;

	z->name = z->key = name;
	z->at = (struct loc){ SV(".zoneloom.yaml"), 9, 3 };
	z->addresses = SV("public");
	z->default_ttl = 300;
	o = VEC_ADD(w->mem, &z->outputs);
	o->format = SV("bind");
	o->mode = SV("zone");
	return z;
}

static void set_word(struct world *w, struct sv key, struct sv value)
{
	struct publisher *p = w->config.publishers.v;
	struct zone *z = w->config.zones.v;
	struct claim *c;

	if (sv_eq(key, SV("zones")))
		w->config.zones.n = 0;
	else if (sv_eq(key, SV("guard")))
		z->addresses = value;
	else if (sv_eq(key, SV("format")))
		z->outputs.v[0].format = value;
	else if (sv_eq(key, SV("mode")))
		z->outputs.v[0].mode = value;
	else if (sv_eq(key, SV("ns")))
		*VEC_ADD(w->mem, &z->outputs.v[0].ns.list) = value;
	else if (sv_eq(key, SV("delegated")))
		*VEC_ADD(w->mem, &z->delegated.list) = value;
	else if (sv_eq(key, SV("zone")))
		zone_new(w, value);
	else if (sv_eq(key, SV("wildcards")))
		p[0].opt.wildcards = p[1].opt.wildcards = value;
	else if (sv_eq(key, SV("conflict")))
		p[0].opt.conflict = p[1].opt.conflict = value;
	else if (sv_eq(key, SV("unmatched")))
		p[0].opt.unmatched_hosts = value;
	else if (sv_eq(key, SV("domain")))
		*VEC_ADD(w->mem, &p[0].opt.domain_filter.list) = value;
	else if (sv_eq(key, SV("regex")))
		p[0].opt.regex_domain_filter = value;
	else if (sv_eq(key, SV("exclude")))
		*VEC_ADD(w->mem, &p[0].opt.exclude_record_types.list) = value;
	else if (sv_eq(key, SV("claim"))) { /* NAMES:GLOB */
		c = VEC_ADD(w->mem, &w->config.claims);
		*VEC_ADD(w->mem, &c->names.list) =
			sv_head(value, sv_chr(value, ':'));
		globs_add(w->mem, &c->paths,
			  sv_from(value, sv_chr(value, ':') + 1));
		c->at = (struct loc){ SV(".zoneloom.yaml"), 20, 5 };
	} else if (sv_eq(key, SV("override"))) { /* NAME:TYPE:TARGET */
		struct override *o = VEC_ADD(w->mem, &w->config.overrides);
		struct sv type = SV("");

		assert_true(sv_cut(&value, ':', &o->name) &&
			    sv_cut(&value, ':', &type));
		assert_true(rrtype_parse(type, &o->type));
		VEC_ADD(w->mem, &o->targets.list)->text = value;
		o->at = (struct loc){ SV(".zoneloom.yaml"), 30, 5 };
		o->reason = SV("INC-7");
	} else {
		fail_msg("unknown setting %.*s", SV_ARG(key));
	}
}

static void world_new(struct world *w, const char *settings)
{
	static const char *const types[] = { "A",     "AAAA", "CNAME", "TXT",
					     "MX",    "SRV",  "NS",    "DS",
					     "DNAME", "CAA" };
	struct sv rest = sv_of(settings), word;

	*w = (struct world){ .mem = arena_new() };
	w->diags.mem = w->mem;
	w->ctx = (struct plan_ctx){ w->mem, &w->diags, &w->config };
	w->config.file = SV(".zoneloom.yaml");
	for (size_t i = 0; i < 2; i++) {
		struct options *o =
			&VEC_ADD(w->mem, &w->config.publishers)->opt;

		o->annotation_prefix = SV("external-dns.kubernetes.io/");
		o->wildcards = SV("warn");
		o->conflict = SV("error");
		o->unmatched_hosts = SV("warn");
		for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++)
			*VEC_ADD(w->mem, &o->managed_record_types.list) =
				sv_of(types[k]);
	}
	zone_new(w, SV("example.com"));
	while (sv_cut(&rest, ' ', &word))
		if (word.n > 0)
			set_word(w, sv_head(word, sv_chr(word, '=')),
				 sv_from(word, sv_chr(word, '=') + 1));
}

static void add_record(struct world *w, struct sv line, uint32_t number)
{
	struct sv word[8] = { 0 }, target;
	struct endpoint e = { 0 };
	struct provenance *p;
	unsigned long long ttl;
	size_t n = 0, to = 0;

	while (n < 8 && sv_cut(&line, ' ', &word[n]))
		n++;
	assert_true(n >= 5);
	e.name = word[0];
	assert_true(rrtype_parse(word[1], &e.type));
	assert_true(sv_number(word[2], INT32_MAX, &ttl));
	e.ttl = (int64_t)ttl;
	while (sv_cut(&word[3], '|', &target)) {
		struct buf text = { .mem = w->mem };

		/* "+" stands for a blank. */
		for (size_t i = 0; i < target.n; i++)
			buf_char(&text, target.p[i] == '+' ? ' ' : target.p[i]);
		if (sv_starts(target, SV("ref:")))
			e.ref = sv_from(target, 4);
		else
			*VEC_ADD(w->mem, &e.targets) = buf_sv(&text);
	}
	p = VEC_ADD(w->mem, &e.from);
	p->resource = word[4];
	sv_cut(&word[4], '/', &p->kind);
	sv_cut(&word[4], '/', &p->namespace);
	p->name = word[4];
	p->at = (struct loc){ arena_fmt(w->mem, "apps/" SV_FMT ".yaml",
					SV_ARG(p->namespace)),
			      number, 1 };
	pairs_put(w->mem, &e.labels, SV("resource"), p->resource);
	for (size_t i = 5; i < n; i++) {
		if (sv_eq(word[i], SV("static")))
			e.is_static = true;
		else if (sv_eq(word[i], SV("p=1")))
			to = 1;
		else if (sv_starts(word[i], SV("id=")))
			e.set_identifier = sv_from(word[i], 3);
		else
			pairs_put(w->mem, &e.properties,
				  SV("cloudflare/proxied"), word[i]);
	}
	*endpoints_add(w->mem, e.is_static ? &w->statics : &w->sets[to]) = e;
}

static void read_input(struct world *w, const char *input)
{
	struct sv rest = sv_of(input), line;

	for (uint32_t n = 1; sv_cut(&rest, '\n', &line); n++)
		if (line.n > 0)
			add_record(w, line, n);
}

static int run(struct world *w)
{
	int rc = 0;

	for (size_t i = 0; i < 2; i++)
		rc |= plan_add(&w->ctx, &w->config.publishers.v[i], &w->sets[i],
			       &w->plan);
	rc |= plan_finish(&w->ctx, &w->plan);
	for (size_t i = 0; i < w->statics.list.n && w->plan.zones.n > 0; i++)
		*endpoints_add(w->mem, &w->plan.zones.v[0].records) =
			w->statics.list.v[i];
	rc |= plan_check(&w->ctx, &w->plan);
	diags_sort(&w->diags);
	return rc;
}

static void put_set(struct buf *b, const struct endpoints *set)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct endpoint *e = &set->list.v[i];

		buf_fmt(b, SV_FMT " %s %lld", SV_ARG(e->name),
			rrtype_name(e->type), (long long)e->ttl);
		for (size_t k = 0; k < e->targets.n; k++)
			buf_fmt(b, "%c" SV_FMT, k == 0 ? ' ' : '|',
				SV_ARG(e->targets.v[k]));
		if (e->ref.n > 0)
			buf_fmt(b, " ${" SV_FMT "}", SV_ARG(e->ref));
		buf_char(b, '\n');
	}
}

static struct sv records_text(struct world *w)
{
	struct buf b = { .mem = w->mem };

	for (size_t i = 0; i < w->plan.zones.n; i++)
		put_set(&b, &w->plan.zones.v[i].records);
	put_set(&b, &w->plan.unzoned);
	return buf_sv(&b);
}

/* "error dname 3" a line: severity, code, line of the place. */
static struct sv diags_text(struct world *w)
{
	struct buf b = { .mem = w->mem };

	for (size_t i = 0; i < w->diags.list.n; i++) {
		const struct diag *m = &w->diags.list.v[i];

		buf_fmt(&b, "%s %s %u\n", diag_severity_name(m->severity),
			diag_code_name(m->code), m->at.line);
	}
	return buf_sv(&b);
}

static const struct {
	const char *label, *settings, *input, *records, *diags;
} rows[] = {
	{ "plain", "", "www.example.com A 0 8.8.8.8 ingress/a/x",
	  "www.example.com A 0 8.8.8.8\n", "" },
	{ "name and address get one form", "",
	  "WWW.Example.COM. AAAA 60 2606:4700:0::1 ingress/a/x",
	  "www.example.com AAAA 60 2606:4700::1\n", "" },
	{ "target name gets one form", "",
	  "www.example.com CNAME 0 LB.Example.NET. ingress/a/x",
	  "www.example.com CNAME 0 lb.example.net\n", "" },
	{ "targets sorted, each once", "",
	  "www.example.com A 0 9.9.9.9|8.8.8.8|9.9.9.9 ingress/a/x",
	  "www.example.com A 0 8.8.8.8|9.9.9.9\n", "" },
	{ "Terraform reference", "",
	  "www.example.com A 0 ref:local.ip ingress/a/x",
	  "www.example.com A 0 ${local.ip}\n", "" },
	{ "no configuration: everything is loose", "zones=none",
	  "www.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "www.example.org A 0 8.8.8.8 ingress/a/y",
	  "www.example.com A 0 8.8.8.8\nwww.example.org A 0 8.8.8.8\n", "" },
	{ "no configuration: the guard warns", "zones=none",
	  "www.example.com A 0 10.0.0.1 ingress/a/x",
	  "www.example.com A 0 10.0.0.1\n", "warning address 1\n" },

	/* zones */
	{ "outside every zone", "", "www.example.org A 0 8.8.8.8 ingress/a/x",
	  "", "warning no-zone 1\n" },
	{ "suffix without a label break", "",
	  "notexample.com A 0 8.8.8.8 ingress/a/x", "", "warning no-zone 1\n" },
	{ "outside, error", "unmatched=error",
	  "www.example.org A 0 8.8.8.8 ingress/a/x", "", "error no-zone 1\n" },
	{ "outside, skip", "unmatched=skip",
	  "www.example.org A 0 8.8.8.8 ingress/a/x", "", "note no-zone 1\n" },
	{ "longest zone wins", "zone=k8s.example.com",
	  "a.k8s.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "b.example.com A 0 8.8.8.8 ingress/a/x",
	  "b.example.com A 0 8.8.8.8\na.k8s.example.com A 0 8.8.8.8\n", "" },
	{ "type not managed", "exclude=TXT", "t.example.com TXT 0 x crd/a/x",
	  "", "note manifest-skipped 1\n" },

	{ "domain filter", "domain=a.example.com",
	  "x.a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "x.b.example.com A 0 8.8.8.8 ingress/a/x",
	  "x.a.example.com A 0 8.8.8.8\n", "note manifest-skipped 2\n" },
	{ "domain filter, pattern", "regex=^x",
	  "x.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "y.example.com A 0 8.8.8.8 ingress/a/x",
	  "x.example.com A 0 8.8.8.8\n", "note manifest-skipped 2\n" },

	/* names */
	{ "bad name", "", "a..example.com A 0 8.8.8.8 ingress/a/x", "",
	  "error dname 1\n" },
	{ "placeholder name", "", "${HOST} A 0 8.8.8.8 ingress/a/x", "",
	  "error placeholder 1\n" },
	{ "underscore on an address", "",
	  "_x.example.com A 0 8.8.8.8 ingress/a/x", "", "error dname 1\n" },
	{ "underscore on a CNAME", "",
	  "_x.example.com CNAME 0 a.example.net ingress/a/x",
	  "_x.example.com CNAME 0 a.example.net\n", "" },
	{ "underscore outside our zones", "",
	  "_x.example.org A 0 8.8.8.8 ingress/a/x", "", "warning no-zone 1\n" },
	{ "wildcard warns", "", "*.example.com A 0 8.8.8.8 ingress/a/x",
	  "*.example.com A 0 8.8.8.8\n", "warning wildcard 1\n" },
	{ "wildcard refused", "wildcards=error",
	  "*.example.com A 0 8.8.8.8 ingress/a/x", "", "error wildcard 1\n" },
	{ "wildcard allowed", "wildcards=allow",
	  "*.example.com A 0 8.8.8.8 ingress/a/x",
	  "*.example.com A 0 8.8.8.8\n", "" },
	{ "delegated", "delegated=lab.example.com",
	  "a.lab.example.com A 0 8.8.8.8 ingress/a/x", "",
	  "error delegation 1\n" },
	{ "delegated, relative", "delegated=lab",
	  "lab.example.com A 0 8.8.8.8 ingress/a/x", "",
	  "error delegation 1\n" },
	{ "beside a delegated name", "delegated=lab",
	  "collab.example.com A 0 8.8.8.8 ingress/a/x",
	  "collab.example.com A 0 8.8.8.8\n", "" },
	{ "TTL over a day", "", "www.example.com A 172800 8.8.8.8 ingress/a/x",
	  "www.example.com A 172800 8.8.8.8\n", "warning ttl 1\n" },

	/* the guard */
	{ "private in public", "", "a.example.com A 0 10.0.0.1 ingress/a/x", "",
	  "error address 1\n" },
	{ "private under warn", "guard=warn",
	  "a.example.com A 0 10.0.0.1 ingress/a/x",
	  "a.example.com A 0 10.0.0.1\n", "warning address 1\n" },
	{ "private under any", "guard=any",
	  "a.example.com A 0 10.0.0.1 ingress/a/x",
	  "a.example.com A 0 10.0.0.1\n", "" },
	{ "unusable under any", "guard=any",
	  "a.example.com A 0 0.0.0.0 ingress/a/x\n"
	  "b.example.com A 0 224.0.0.1 ingress/a/x\n"
	  "c.example.com A 0 255.255.255.255 ingress/a/x",
	  "", "error address 1\nerror address 2\nerror address 3\n" },
	{ "longest prefix", "",
	  "a.example.com A 0 192.0.0.9 ingress/a/x\n"
	  "b.example.com A 0 192.0.0.8 ingress/a/x",
	  "a.example.com A 0 192.0.0.9\n", "error address 2\n" },
	{ "discard prefix", "", "a.example.com AAAA 0 100:: crd/a/x", "",
	  "error address 1\n" },
	{ "discard prefix, proxied", "",
	  "a.example.com AAAA 0 100:: crd/a/x true",
	  "a.example.com AAAA 0 100::\n", "warning address 1\n" },
	{ "private, proxied", "", "a.example.com A 0 10.0.0.1 crd/a/x true", "",
	  "error address 1\n" },
	{ "documentation warns in public", "",
	  "a.example.com A 0 203.0.113.1 ingress/a/x",
	  "a.example.com A 0 203.0.113.1\n", "warning address 1\n" },
	{ "cluster name, final dot", "",
	  "a.example.com CNAME 0 web.shop.svc.cluster.local. service/a/x", "",
	  "error address 1\n" },
	{ "cluster name", "",
	  "a.example.com CNAME 0 web.shop.svc.cluster.local service/a/x", "",
	  "error address 1\n" },
	{ "capitals", "", "a.example.com CNAME 0 Nas.Home.ARPA crd/a/x", "",
	  "error address 1\n" },
	{ "a label that ends alike", "",
	  "a.example.com CNAME 0 www.mylocal crd/a/x",
	  "a.example.com CNAME 0 www.mylocal\n", "" },
	{ "private name under warn", "guard=warn",
	  "a.example.com CNAME 0 lb.internal crd/a/x",
	  "a.example.com CNAME 0 lb.internal\n", "warning address 1\n" },
	{ "private name under any", "guard=any",
	  "a.example.com CNAME 0 lb.internal crd/a/x",
	  "a.example.com CNAME 0 lb.internal\n", "" },
	{ "invalid under any", "guard=any",
	  "a.example.com CNAME 0 x.invalid crd/a/x", "", "error address 1\n" },
	{ "localhost is one finding", "",
	  "a.example.com CNAME 0 localhost crd/a/x", "", "error address 1\n" },
	{ "IPv6 outside 2000::/3", "",
	  "a.example.com AAAA 0 4000::1 ingress/a/x", "", "error address 1\n" },
	{ "NAT64 around a private address", "",
	  "a.example.com AAAA 0 64:ff9b::a00:1 ingress/a/x", "",
	  "error address 1\n" },
	{ "one bad target of two refuses both", "",
	  "a.example.com A 0 8.8.8.8|10.0.0.1 ingress/a/x", "",
	  "error address 1\n" },

	/* targets */
	{ "mapped", "", "a.example.com AAAA 0 ::ffff:8.8.8.8 ingress/a/x", "",
	  "error target 1\n" },
	{ "leading zero", "", "a.example.com CNAME 0 01.2.3.4 ingress/a/x", "",
	  "error target 1\n" },
	{ "three parts", "", "a.example.com CNAME 0 1.2.3 ingress/a/x", "",
	  "error target 1\n" },
	{ "brackets", "", "a.example.com CNAME 0 [::1] ingress/a/x", "",
	  "error target 1\n" },
	{ "network", "", "a.example.com CNAME 0 1.2.3.4/24 ingress/a/x", "",
	  "error target 1\n" },
	{ "final dot", "", "a.example.com CNAME 0 1.2.3.4. ingress/a/x", "",
	  "error target 1\n" },
	{ "port", "", "a.example.com CNAME 0 1.2.3.4:80 ingress/a/x", "",
	  "error target 1\n" },
	{ "blanks", "", "a.example.com CNAME 0 +8.8.8.8 ingress/a/x", "",
	  "error target 1\n" },
	{ "URL", "", "a.example.com CNAME 0 https://lb.example.net ingress/a/x",
	  "", "error target 1\n" },
	{ "placeholder", "", "a.example.com CNAME 0 <IP+Publique> ingress/a/x",
	  "", "error placeholder 1\n" },
	{ "wildcard", "", "a.example.com CNAME 0 *.example.net ingress/a/x", "",
	  "error target 1\n" },
	{ "name in an A", "", "a.example.com A 0 lb.example.net crd/a/x", "",
	  "error target 1\n" },
	{ "IPv6 in an A", "", "a.example.com A 0 2606:4700::1 crd/a/x", "",
	  "error target 1\n" },
	{ "zone id", "", "a.example.com AAAA 0 fe80::1%eth0 ingress/a/x", "",
	  "error target 1\n" },
	{ "single label", "", "a.example.com CNAME 0 lb ingress/a/x",
	  "a.example.com CNAME 0 lb\n", "warning target 1\n" },
	{ "two CNAMEs of one object", "",
	  "a.example.com CNAME 0 b.example.net|c.example.net ingress/a/x", "",
	  "error cname-other 1\n" },
	{ "no target", "", "a.example.com A 0  crd/a/x", "",
	  "error target 1\n" },
	{ "MX", "", "a.example.com MX 0 010+MAIL.example.net. crd/a/x",
	  "a.example.com MX 0 10 mail.example.net\n", "" },
	{ "MX without a number", "",
	  "a.example.com MX 0 mail.example.net crd/a/x", "",
	  "error target 1\n" },
	{ "MX to an address", "", "a.example.com MX 0 10+8.8.8.8 crd/a/x", "",
	  "error target 1\n" },
	{ "MX to a host with _", "",
	  "a.example.com MX 0 10+a_b.example.net crd/a/x", "",
	  "error target 1\n" },
	{ "null MX", "", "a.example.com MX 0 0+. crd/a/x",
	  "a.example.com MX 0 0 .\n", "" },
	{ "SRV", "",
	  "_s._tcp.example.com SRV 0 0+50+443+h.example.net. crd/a/x",
	  "_s._tcp.example.com SRV 0 0 50 443 h.example.net\n", "" },
	{ "SRV over 65535", "",
	  "_s._tcp.example.com SRV 0 0+50+70000+h.net crd/a/x", "",
	  "error target 1\n" },
	{ "TXT keeps its bytes", "",
	  "t.example.com TXT 0 v=spf1+%{d}+-all crd/a/x",
	  "t.example.com TXT 0 v=spf1 %{d} -all\n", "" },
	{ "TXT in quotes", "", "t.example.com TXT 0 \"v=spf1+-all\" crd/a/x",
	  "t.example.com TXT 0 v=spf1 -all\n", "" },
	{ "TXT of two strings", "", "t.example.com TXT 0 \"a\"+\"b\" crd/a/x",
	  "t.example.com TXT 0 \"a\" \"b\"\n", "" },
	{ "TXT once with quotes, once without", "",
	  "t.example.com TXT 0 \"v=spf1+-all\"|v=spf1+-all crd/a/x\n"
	  "t.example.com TXT 0 v=spf1+-all crd/b/x",
	  "t.example.com TXT 0 v=spf1 -all\n", "" },
	{ "TXT with an open quote", "", "t.example.com TXT 0 \"v=spf1 crd/a/x",
	  "", "error target 1\n" },
	{ "TXT with a variable", "", "t.example.com TXT 0 ${SECRET} crd/a/x",
	  "", "error target 1\n" },

	/* claims */
	{ "inside its claim", "claim=*.example.com:apps/a.yaml",
	  "www.example.com A 0 8.8.8.8 ingress/a/x",
	  "www.example.com A 0 8.8.8.8\n", "" },
	{ "outside its claim", "claim=*.example.com:apps/a.yaml",
	  "www.example.com A 0 8.8.8.8 ingress/b/x", "", "error claim 1\n" },
	{ "in no claim", "claim=shop.example.com:apps/a.yaml",
	  "www.example.com A 0 8.8.8.8 ingress/a/x", "", "error claim 1\n" },
	{ "the most exact claim decides",
	  "claim=*.example.com:apps/a.yaml claim=*.t.example.com:apps/b.yaml",
	  "x.t.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "y.t.example.com A 0 8.8.8.8 ingress/b/x",
	  "y.t.example.com A 0 8.8.8.8\n", "error claim 1\n" },
	{ "a whole name is more exact",
	  "claim=*.example.com:apps/a.yaml claim=s.example.com:apps/b.yaml",
	  "s.example.com A 0 8.8.8.8 ingress/a/x", "", "error claim 1\n" },
	{ "two claims on one name",
	  "claim=*.example.com:apps/a.yaml claim=*.example.com:apps/b.yaml",
	  "x.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "y.example.com A 0 8.8.8.8 ingress/b/x",
	  "x.example.com A 0 8.8.8.8\ny.example.com A 0 8.8.8.8\n", "" },
	{ "the apex is not below itself", "claim=*.example.com:apps/a.yaml",
	  "example.com A 0 8.8.8.8 ingress/a/x", "", "error claim 1\n" },

	/* merge */
	{ "same twice is one", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "A.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\n", "" },
	{ "same of two publishers", "",
	  "a.example.com A 60 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 60 8.8.8.8 ingress/b/y p=1",
	  "a.example.com A 60 8.8.8.8\n", "" },
	{ "unset TTL takes the other's", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 60 8.8.8.8 ingress/b/y",
	  "a.example.com A 60 8.8.8.8\n", "" },
	{ "two TTLs", "",
	  "a.example.com A 60 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 300 8.8.8.8 ingress/b/y",
	  "a.example.com A 60 8.8.8.8\n", "error ttl 2\n" },
	{ "two TTLs under merge", "conflict=merge",
	  "a.example.com A 60 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 300 9.9.9.9 ingress/b/y",
	  "a.example.com A 60 8.8.8.8\n", "error ttl 2\n" },
	{ "different addresses", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 0 9.9.9.9 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\n", "error conflict 2\n" },
	{ "different addresses, merge", "conflict=merge",
	  "a.example.com A 0 9.9.9.9 ingress/a/x\n"
	  "a.example.com A 0 8.8.8.8|9.9.9.9 ingress/b/y\n"
	  "a.example.com A 0 1.1.1.1 ingress/c/z",
	  "a.example.com A 0 1.1.1.1|8.8.8.8|9.9.9.9\n", "" },
	{ "A and AAAA are two records", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "a.example.com AAAA 0 2606:4700::1 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\na.example.com AAAA 0 2606:4700::1\n",
	  "" },
	{ "two CNAMEs, even under merge", "conflict=merge",
	  "a.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "a.example.com CNAME 0 y.example.net ingress/b/y",
	  "a.example.com CNAME 0 x.example.net\n", "error cname-other 2\n" },
	{ "a reference and an address", "conflict=merge",
	  "a.example.com A 0 ref:local.ip ingress/a/x\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 ${local.ip}\n", "error conflict 2\n" },
	{ "properties differ", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x true\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\n", "error conflict 2\n" },
	{ "off, and not said", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x false\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\n", "" },
	{ "set identifiers", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x id=blue\n"
	  "a.example.com A 0 9.9.9.9 ingress/b/y id=green",
	  "a.example.com A 0 8.8.8.8\n", "error conflict 2\n" },

	/* overrides */
	{ "pin in place of the manifests", "override=a.example.com:A:1.1.1.1",
	  "a.example.com A 0 8.8.8.8 ingress/a/x",
	  "a.example.com A 0 1.1.1.1\n", "warning override 30\n" },
	{ "pin settles a conflict", "override=a.example.com:A:1.1.1.1",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 0 9.9.9.9 ingress/b/y",
	  "a.example.com A 0 1.1.1.1\n", "warning override 30\n" },
	{ "pin an address over a CNAME", "override=a.example.com:A:1.1.1.1",
	  "a.example.com CNAME 0 x.example.net ingress/a/x",
	  "a.example.com A 0 1.1.1.1\n", "warning override 30\n" },
	{ "pin leaves the AAAA", "override=a.example.com:A:1.1.1.1",
	  "a.example.com AAAA 0 2606:4700::1 ingress/a/x",
	  "a.example.com A 0 1.1.1.1\na.example.com AAAA 0 2606:4700::1\n",
	  "warning override 30\n" },
	{ "pin of a new name", "override=New.example.com.:A:1.1.1.1", "",
	  "new.example.com A 0 1.1.1.1\n", "warning override 30\n" },
	{ "pin to a private address", "override=a.example.com:A:10.0.0.1",
	  "a.example.com A 0 8.8.8.8 ingress/a/x",
	  "a.example.com A 0 8.8.8.8\n", "error address 30\n" },
	{ "pin outside the zones", "override=a.example.org:A:1.1.1.1", "", "",
	  "error no-zone 30\n" },

	/* whole zone */
	{ "CNAME beside an address", "",
	  "a.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\na.example.com CNAME 0 x.example.net\n",
	  "error cname-other 1\n" },
	{ "CNAME beside an address, loose", "zones=none",
	  "a.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "a.example.com A 0 8.8.8.8\na.example.com CNAME 0 x.example.net\n",
	  "error cname-other 1\n" },
	{ "CNAME beside a hand-kept TXT", "",
	  "a.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "a.example.com TXT 300 hello static/s/s static",
	  "a.example.com CNAME 0 x.example.net\na.example.com TXT 300 hello\n",
	  "error cname-other 1\n" },
	{ "two hand-kept CNAMEs", "",
	  "a.example.com CNAME 300 x.example.net|y.example.net static/s/s "
	  "static",
	  "a.example.com CNAME 300 x.example.net|y.example.net\n",
	  "error cname-other 1\n" },
	{ "CNAME at the apex of a zone file", "",
	  "example.com CNAME 0 x.example.net ingress/a/x",
	  "example.com CNAME 0 x.example.net\n", "error cname-other 1\n" },
	{ "CNAME at the apex, Cloudflare flattens", "format=terraform",
	  "example.com CNAME 0 x.example.net ingress/a/x\n"
	  "example.com MX 300 10+mail.example.net static/s/s static",
	  "example.com CNAME 0 x.example.net\n"
	  "example.com MX 300 10 mail.example.net\n",
	  "" },
	{ "CNAME to itself", "",
	  "a.example.com CNAME 0 a.example.com ingress/a/x",
	  "a.example.com CNAME 0 a.example.com\n", "error zone 1\n" },
	{ "loop of two", "",
	  "a.example.com CNAME 0 b.example.com ingress/a/x\n"
	  "b.example.com CNAME 0 a.example.com ingress/a/x",
	  "a.example.com CNAME 0 b.example.com\n"
	  "b.example.com CNAME 0 a.example.com\n",
	  "error zone 1\n" },
	{ "loop through a wildcard", "wildcards=allow",
	  "*.example.com CNAME 0 lb.example.com ingress/a/x",
	  "*.example.com CNAME 0 lb.example.com\n", "error zone 1\n" },
	{ "loop through a wildcard, others write too",
	  "wildcards=allow mode=include",
	  "*.example.com CNAME 0 lb.example.com ingress/a/x",
	  "*.example.com CNAME 0 lb.example.com\n", "warning zone 1\n" },
	{ "loop, others write too", "mode=include",
	  "a.example.com CNAME 0 b.example.com ingress/a/x\n"
	  "b.example.com CNAME 0 a.example.com ingress/a/x\n"
	  "c.example.com CNAME 0 a.example.com ingress/a/x",
	  "a.example.com CNAME 0 b.example.com\n"
	  "b.example.com CNAME 0 a.example.com\n"
	  "c.example.com CNAME 0 a.example.com\n",
	  "error zone 1\n" },
	{ "dangling, others write too", "mode=include",
	  "a.example.com CNAME 0 b.example.com ingress/a/x",
	  "a.example.com CNAME 0 b.example.com\n", "" },
	{ "nine CNAMEs", "",
	  "a.example.com CNAME 0 b.example.com ingress/a/x\n"
	  "b.example.com CNAME 0 c.example.com ingress/a/x\n"
	  "c.example.com CNAME 0 d.example.com ingress/a/x\n"
	  "d.example.com CNAME 0 e.example.com ingress/a/x\n"
	  "e.example.com CNAME 0 f.example.com ingress/a/x\n"
	  "f.example.com CNAME 0 g.example.com ingress/a/x\n"
	  "g.example.com CNAME 0 h.example.com ingress/a/x\n"
	  "h.example.com CNAME 0 i.example.com ingress/a/x\n"
	  "i.example.com CNAME 0 lb.example.net ingress/a/x",
	  "a.example.com CNAME 0 b.example.com\n"
	  "b.example.com CNAME 0 c.example.com\n"
	  "c.example.com CNAME 0 d.example.com\n"
	  "d.example.com CNAME 0 e.example.com\n"
	  "e.example.com CNAME 0 f.example.com\n"
	  "f.example.com CNAME 0 g.example.com\n"
	  "g.example.com CNAME 0 h.example.com\n"
	  "h.example.com CNAME 0 i.example.com\n"
	  "i.example.com CNAME 0 lb.example.net\n",
	  "warning zone 1\n" },
	{ "dangling", "", "a.example.com CNAME 0 b.example.com ingress/a/x",
	  "a.example.com CNAME 0 b.example.com\n",
	  "warning cname-dangling 1\n" },
	{ "a wildcard answers", "wildcards=allow",
	  "a.example.com CNAME 0 b.example.com ingress/a/x\n"
	  "*.example.com A 0 8.8.8.8 ingress/a/x",
	  "*.example.com A 0 8.8.8.8\na.example.com CNAME 0 b.example.com\n",
	  "" },
	{ "a wildcard does not answer below another name", "wildcards=allow",
	  "a.example.com CNAME 0 b.c.example.com ingress/a/x\n"
	  "*.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "x.c.example.com A 0 8.8.8.8 ingress/a/x",
	  "*.example.com A 0 8.8.8.8\na.example.com CNAME 0 b.c.example.com\n"
	  "x.c.example.com A 0 8.8.8.8\n",
	  "warning cname-dangling 1\n" },
	{ "below a hand-kept delegation", "",
	  "www.sub.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "sub.example.com NS 300 ns.example.net static/s/s static",
	  "sub.example.com NS 300 ns.example.net\n"
	  "www.sub.example.com A 0 8.8.8.8\n",
	  "error delegation 1\n" },
	{ "at a delegation; DS and glue may be", "",
	  "sub.example.com TXT 0 x crd/a/x\n"
	  "sub.example.com NS 300 ns.sub.example.com static/s/s static\n"
	  "sub.example.com DS 300 1+8+2+AB static/s/s static\n"
	  "ns.sub.example.com A 300 8.8.8.8 static/s/s static",
	  "ns.sub.example.com A 300 8.8.8.8\n"
	  "sub.example.com DS 300 1 8 2 AB\n"
	  "sub.example.com NS 300 ns.sub.example.com\n"
	  "sub.example.com TXT 0 x\n",
	  "error delegation 1\n" },
	{ "NS without glue", "",
	  "sub.example.com NS 300 ns.sub.example.com static/s/s static",
	  "sub.example.com NS 300 ns.sub.example.com\n", "error zone 1\n" },
	{ "DS without NS", "",
	  "sub.example.com DS 300 1+8+2+AB static/s/s static",
	  "sub.example.com DS 300 1 8 2 AB\n", "error zone 1\n" },
	{ "NS at a wildcard", "",
	  "*.example.com NS 300 ns.example.net static/s/s static",
	  "*.example.com NS 300 ns.example.net\n", "error zone 1\n" },
	{ "below a DNAME", "",
	  "x.d.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "d.example.com DNAME 300 example.net static/s/s static",
	  "d.example.com DNAME 300 example.net\n"
	  "x.d.example.com A 0 8.8.8.8\n",
	  "error zone 1\n" },
	{ "MX to a CNAME", "",
	  "mail.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "example.com MX 300 10+mail.example.com static/s/s static",
	  "example.com MX 300 10 mail.example.com\n"
	  "mail.example.com CNAME 0 x.example.net\n",
	  "error zone 2\n" },
	{ "MX to a CNAME by wildcard", "wildcards=allow",
	  "*.w.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "example.com MX 300 10+m.w.example.com static/s/s static",
	  "*.w.example.com CNAME 0 x.example.net\n"
	  "example.com MX 300 10 m.w.example.com\n",
	  "error zone 2\n" },
	{ "MX to nothing in a whole zone", "",
	  "example.com MX 300 10+m.example.com static/s/s static",
	  "example.com MX 300 10 m.example.com\n", "error zone 1\n" },
	{ "MX to nothing, others write too", "mode=include",
	  "example.com MX 300 10+m.example.com static/s/s static",
	  "example.com MX 300 10 m.example.com\n", "" },
	{ "MX below a DNAME", "",
	  "d.example.com DNAME 300 example.net static/s/s static\n"
	  "example.com MX 300 10+m.d.example.com static/s/s static",
	  "d.example.com DNAME 300 example.net\n"
	  "example.com MX 300 10 m.d.example.com\n",
	  "error zone 2\n" },
	{ "SRV to nothing", "",
	  "_s._tcp.example.com SRV 0 0+1+2+h.example.com. crd/a/x",
	  "_s._tcp.example.com SRV 0 0 1 2 h.example.com\n",
	  "warning zone 1\n" },
	{ "hand-kept owner that is no host", "",
	  "a_b.example.com A 300 8.8.8.8 static/s/s static\n"
	  "x.*.example.com TXT 300 x static/s/s static\n"
	  "_x.example.com TXT 300 x static/s/s static\n"
	  "gc._msdcs.example.com A 300 8.8.8.8 static/s/s static",
	  "_x.example.com TXT 300 x\na_b.example.com A 300 8.8.8.8\n"
	  "gc._msdcs.example.com A 300 8.8.8.8\nx.*.example.com TXT 300 x\n",
	  "error dname 1\nerror dname 2\n" },
	{ "hand-kept targets that are no hosts", "",
	  "m.example.com MX 300 10+a_b.example.net static/s/s static\n"
	  "n.example.com MX 300 10+192.0.2.1 static/s/s static\n"
	  "o.example.com SRV 300 0+0+5+-a.example.net static/s/s static\n"
	  "p.example.com HTTPS 300 1+_x.example.net static/s/s static\n"
	  "q.example.com HTTPS 300 1+. static/s/s static\n"
	  "r.example.com PTR 300 a_b.example.net static/s/s static",
	  "m.example.com MX 300 10 a_b.example.net\n"
	  "n.example.com MX 300 10 192.0.2.1\n"
	  "o.example.com SRV 300 0 0 5 -a.example.net\n"
	  "p.example.com HTTPS 300 1 _x.example.net\n"
	  "q.example.com HTTPS 300 1 .\nr.example.com PTR 300 "
	  "a_b.example.net\n",
	  "error dname 1\nerror dname 2\nerror dname 3\nerror dname 4\n" },
	{ "Cloudflare is no zone file", "format=terraform mode=",
	  "a_b.example.com A 300 8.8.8.8 static/s/s static",
	  "a_b.example.com A 300 8.8.8.8\n", "" },
	{ "CDS without DNSKEY", "",
	  "example.com CDS 300 1+13+2+ab static/s/s static\n"
	  "x.example.com CDS 300 1+13+2+ab static/s/s static",
	  "example.com CDS 300 1 13 2 ab\nx.example.com CDS 300 1 13 2 ab\n",
	  "error zone 1\n" },
	{ "CDS that deletes", "",
	  "example.com CDS 300 0+0+0+00 static/s/s static",
	  "example.com CDS 300 0 0 0 00\n", "" },
	{ "a signature beside a CNAME", "",
	  "a.example.com CNAME 300 x.example.net static/s/s static\n"
	  "a.example.com RRSIG 300 x static/s/s static\n"
	  "a.example.com NSEC 300 x static/s/s static",
	  "a.example.com CNAME 300 x.example.net\n"
	  "a.example.com NSEC 300 x\na.example.com RRSIG 300 x\n",
	  "" },
	{ "NSEC3 of no hash", "", "a.example.com NSEC3 300 x static/s/s static",
	  "a.example.com NSEC3 300 x\n", "error zone 1\n" },
	{ "null MX beside another", "",
	  "example.com MX 300 0+.|10+m.example.net static/s/s static",
	  "example.com MX 300 0 .|10 m.example.net\n", "error zone 1\n" },
	{ "derived and hand-kept differ", "",
	  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 300 9.9.9.9 static/s/s static",
	  "a.example.com A 0 8.8.8.8\na.example.com A 300 9.9.9.9\n",
	  "error conflict 1\n" },
	{ "derived and hand-kept agree", "",
	  "a.example.com A 300 8.8.8.8 ingress/a/x\n"
	  "a.example.com A 300 8.8.8.8 static/s/s static",
	  "a.example.com A 300 8.8.8.8\n", "note conflict 2\n" },
	{ "hand-kept alone, two TTLs", "",
	  "a.example.com A 300 8.8.8.8 static/s/s static\n"
	  "a.example.com A 60 9.9.9.9 static/s/s static",
	  "a.example.com A 60 9.9.9.9\na.example.com A 300 8.8.8.8\n",
	  "error ttl 1\n" },
	{ "name server without address", "ns=ns1.example.com.", "", "",
	  "error zone 0\n" },
	{ "name server elsewhere", "ns=ns1.example.net", "", "", "" },
	{ "name server of the zone", "ns=ns1.example.com",
	  "ns1.example.com A 300 8.8.8.8 static/s/s static",
	  "ns1.example.com A 300 8.8.8.8\n", "" },
};

static void test_plan(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		int rc;

		world_new(&w, rows[i].settings);
		read_input(&w, rows[i].input);
		rc = run(&w);
		assert_sv(rows[i].label, diags_text(&w), sv_of(rows[i].diags));
		assert_sv(rows[i].label, records_text(&w),
			  sv_of(rows[i].records));
		assert_row(rows[i].label,
			   rc == 0 || strstr(rows[i].diags, "error ") != NULL);
		assert_row(rows[i].label, w.plan.errors == w.diags.errors);
		arena_free(w.mem);
	}
}

/* What a user reads, in full. */
static const struct {
	const char *label, *settings, *input, *want;
} messages[] = {
	{ "private", "", "shop.example.com A 0 10.2.1.1 ingress/shop/web",
	  "apps/shop.yaml:1:1: error: host \"shop.example.com\": target "
	  "10.2.1.1 is private (RFC 1918); expected the public address: set "
	  "external-dns.kubernetes.io/target or targets: [address], or "
	  "addresses: any for an internal zone [address]\n" },
	{ "conflict", "",
	  "shop.example.com A 0 8.8.8.8 ingress/a/x\n"
	  "shop.example.com A 0 9.9.9.9 ingress/b/y",
	  "apps/b.yaml:2:1: error: host \"shop.example.com\": A 9.9.9.9 here, "
	  "8.8.8.8 in ingress a/x (apps/a.yaml:1:1); expected the same, or "
	  "conflict: merge [conflict]\n" },
	{ "claim", "claim=*.example.com:teams/a/**",
	  "shop.example.com A 0 8.8.8.8 ingress/b/y",
	  "apps/b.yaml:1:1: error: host \"shop.example.com\" is claimed by "
	  "\"teams/a/**\" (.zoneloom.yaml:20:5); this file is not in its paths "
	  "[claim]\n" },
	{ "CNAME beside", "",
	  "a.example.com CNAME 0 x.example.net ingress/a/x\n"
	  "a.example.com A 0 8.8.8.8 ingress/b/y",
	  "apps/a.yaml:1:1: error: CNAME \"a.example.com\" cannot coexist with "
	  "A (apps/b.yaml:2:1); a name with a CNAME has no other records (RFC "
	  "1034 3.6.2) [cname-other]\n" },
	{ "leading zero", "", "a.example.com CNAME 0 01.2.3.4 ingress/a/x",
	  "apps/a.yaml:1:1: error: host \"a.example.com\": invalid target "
	  "\"01.2.3.4\": expected four numbers from 0 to 255 without leading "
	  "zeros [target]\n" },
	{ "override", "override=a.example.com:A:1.1.1.1",
	  "a.example.com A 0 8.8.8.8 ingress/a/x",
	  ".zoneloom.yaml:30:5: warning: A \"a.example.com\" is 1.1.1.1 by "
	  "override: INC-7; it replaces what the manifests say [override]\n" },
	{ "no zone", "", "a.example.org A 0 8.8.8.8 ingress/a/x",
	  "apps/a.yaml:1:1: warning: host \"a.example.org\": no zone of "
	  ".zoneloom.yaml contains it, so it has no record; add its zone, or "
	  "set unmatched-hosts: skip [no-zone]\n" },
};

static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct world w;
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		assert_non_null(f);
		world_new(&w, messages[i].settings);
		read_input(&w, messages[i].input);
		run(&w);
		for (size_t k = 0; k < w.diags.list.n; k++)
			diag_write(&w.diags.list.v[k], f);
		fclose(f);
		assert_sv(messages[i].label, ((struct sv){ text, n }),
			  sv_of(messages[i].want));
		free(text);
		arena_free(w.mem);
	}
}

/* One bad default target is one message, however many hosts have it. */
static void test_finding_once(void **state)
{
	struct diag_groups groups = { 0 };
	struct world w;

	(void)state;
	world_new(&w, "");
	read_input(&w, "a.example.com A 0 10.0.0.1 ingress/a/x\n"
		       "b.example.com A 0 10.0.0.1 ingress/a/y\n"
		       "c.example.com A 0 10.0.0.1 ingress/a/z\n");
	for (size_t i = 0; i < 3; i++)
		w.sets[0].list.v[i].from.v[0].target_at =
			(struct loc){ SV(".zoneloom.yaml"), 5, 12 };
	run(&w);
	assert_int_equal(w.diags.list.n, 3);
	diags_sort(&w.diags);
	diags_fold(w.mem, &w.diags, &groups);
	assert_int_equal(groups.list.n, 1);
	assert_true(sv_starts(diag_group_text(w.mem, &groups.list.v[0]),
			      SV("host \"a.example.com\" and 2 more: ")));
	assert_int_equal(groups.list.v[0].first->at.line, 5);
	assert_int_equal(w.plan.zones.v[0].rejected.list.n, 3);
	assert_true(w.plan.zones.v[0].has_errors);
	arena_free(w.mem);
}

/* What folds: the whole text but the quoted name is the same. */
static const struct {
	const char *label;
	enum diag_severity severity;
	unsigned line;
	const char *text;
	size_t group; /* of the fold, from 0 */
} folds[] = {
	{ "first", DIAG_WARNING, 1, "host \"a\": bad", 0 },
	{ "another place", DIAG_WARNING, 2, "host \"b\": bad", 0 },
	{ "another text", DIAG_WARNING, 3, "host \"c\": worse", 1 },
	{ "another word", DIAG_WARNING, 4, "name \"a\": bad", 2 },
	{ "an error", DIAG_ERROR, 5, "host \"a\": bad", 3 },
	{ "an error at another place", DIAG_ERROR, 6, "host \"b\": bad", 4 },
	{ "an error at the same place", DIAG_ERROR, 6, "host \"c\": bad", 4 },
	{ "no name", DIAG_WARNING, 7, "nothing: bad", 5 },
	{ "no name, again", DIAG_WARNING, 8, "nothing: bad", 6 },
	{ "a quote later", DIAG_WARNING, 9, "key: \"x\": bad", 7 },
	{ "a quote later, again", DIAG_WARNING, 10, "key: \"y\": bad", 8 },
};

static void test_fold(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct diag_groups groups = { 0 };
	size_t counted = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		diag_file(&d, DIAG_DNAME, folds[i].severity,
			  (struct loc){ SV("f"), folds[i].line, 1 }, "%s",
			  folds[i].text);
	diags_fold(mem, &d, &groups);
	for (size_t i = 0; i < groups.list.n; i++) {
		for (size_t k = 0; k <= groups.list.v[i].more; k++)
			assert_row(folds[counted + k].label,
				   folds[counted + k].group == i);
		counted += groups.list.v[i].more + 1;
	}
	assert_int_equal(counted, sizeof(folds) / sizeof(folds[0]));
	arena_free(mem);
}

/* Of a code and a severity only the first groups; the last of them counts. */
static void test_fold_kinds(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct diag_groups groups = { 0 };

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		diag_file(&d, DIAG_CLAIM, DIAG_ERROR,
			  (struct loc){ SV("f"), i + 1, 1 },
			  "host \"%u\": claimed", i);
	diag_file(&d, DIAG_CLAIM, DIAG_ERROR, (struct loc){ SV("f"), 50, 1 },
		  "host \"x\": claimed");
	diag_file(&d, DIAG_CLAIM, DIAG_WARNING, (struct loc){ SV("g"), 1, 1 },
		  "host \"y\": claimed");
	diag_file(&d, DIAG_DNAME, DIAG_ERROR, (struct loc){ SV("g"), 2, 1 },
		  "host \"z\": invalid");
	diags_fold_kinds(mem, &d, 3, &groups);
	assert_int_equal(groups.list.n, 5);
	assert_int_equal(groups.list.v[0].alike, 0);
	assert_int_equal(groups.list.v[2].alike, 48);
	assert_int_equal(groups.list.v[3].first->severity, DIAG_WARNING);
	assert_int_equal(groups.list.v[4].first->code, DIAG_DNAME);
	assert_int_equal(groups.list.v[4].alike, 0);
	arena_free(mem);
}

/* What one key mends is one line from the fourth on, wherever it stands. */
static void test_fold_alike(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct diag_groups groups = { 0 };

	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		diag_file(&d, DIAG_NO_TARGET, DIAG_ERROR,
			  (struct loc){ SV("f"), i + 1, 1 }, "object %u", i);
		diag_alike(&d, i < 4 ? SV("of many") : SV("of few"));
	}
	diags_fold(mem, &d, &groups);
	assert_int_equal(groups.list.n, 4);
	assert_int_equal(groups.list.v[0].same, 4);
	assert_sv("words", diag_group_text(mem, &groups.list.v[0]),
		  SV("4 of many"));
	assert_sv("words", diag_group_text(mem, &groups.list.v[1]),
		  SV("object 4"));
	arena_free(mem);
}

/* No more lines than there is room for, and nothing is lost. */
static void test_fold_lines(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct diag_groups groups = { 0 };
	size_t all = 0;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		diag_file(&d, DIAG_CLAIM, DIAG_WARNING,
			  (struct loc){ SV("f"), i + 1, 1 }, "claim %u", i);
	for (unsigned i = 0; i < 5; i++)
		diag_file(&d, DIAG_DNAME, DIAG_NOTE,
			  (struct loc){ SV("g"), i + 1, 1 }, "name %u", i);
	diag_file(&d, DIAG_DNAME, DIAG_ERROR, (struct loc){ SV("h"), 1, 1 },
		  "bad");
	diags_fold_lines(mem, &d, DIAG_WARNING, 10, &groups);
	assert_int_equal(groups.list.n, 10);
	for (size_t i = 0; i < groups.list.n; i++)
		all += 1 + groups.list.v[i].more + groups.list.v[i].alike;
	assert_int_equal(all, 31);
	assert_sv("last", groups.list.v[9].first->text, SV("bad"));
	arena_free(mem);
}

/* Provenances of all askers, the smallest resource's labels. */
static void test_provenance(void **state)
{
	struct world w;
	const struct endpoint *e;

	(void)state;
	world_new(&w, "");
	read_input(&w, "a.example.com A 0 8.8.8.8 ingress/b/y\n"
		       "a.example.com A 0 8.8.8.8 ingress/c/z\n"
		       "a.example.com A 60 8.8.8.8 ingress/a/x p=1\n");
	run(&w);
	e = &w.plan.zones.v[0].records.list.v[0];
	assert_int_equal(w.plan.zones.v[0].records.list.n, 1);
	assert_int_equal(e->from.n, 3);
	assert_sv("first", e->from.v[0].resource, SV("ingress/a/x"));
	assert_sv("last", e->from.v[2].resource, SV("ingress/c/z"));
	assert_sv("label", *pairs_get(&e->labels, SV("resource")),
		  SV("ingress/a/x"));
	assert_ptr_equal(e->publisher, &w.config.publishers.v[1]);
	arena_free(w.mem);
}

/* Which zone an error spoils, for on-error: zone. */
static void test_faulty(void **state)
{
	static const struct {
		const char *label, *input;
		bool first, second, unattributed;
	} cases[] = {
		{ "none", "a.example.com A 0 8.8.8.8 ingress/a/x", false, false,
		  false },
		{ "one zone", "a.example.org A 0 10.0.0.1 ingress/a/x", false,
		  true, false },
		{ "conflict",
		  "a.example.com A 0 8.8.8.8 ingress/a/x\n"
		  "a.example.com A 0 9.9.9.9 ingress/b/x",
		  true, false, false },
		{ "whole zone",
		  "a.example.org CNAME 0 a.example.org ingress/a/x", false,
		  true, false },
		{ "a name that is none, by its end",
		  "a!b.example.org A 0 8.8.8.8 ingress/a/x", false, true,
		  true },
		{ "a name that is none", "${HOST} A 0 8.8.8.8 ingress/a/x",
		  true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;

		world_new(&w, "zone=example.org");
		read_input(&w, cases[i].input);
		run(&w);
		assert_row(cases[i].label,
			   w.plan.zones.v[0].has_errors == cases[i].first);
		assert_row(cases[i].label,
			   w.plan.zones.v[1].has_errors == cases[i].second);
		assert_row(cases[i].label, w.plan.zones.v[1].unattributed ==
						   cases[i].unattributed);
		arena_free(w.mem);
	}
}

/* An ownership TXT with a dotted prefix makes a name exist, so the wildcard
 * is silent there; and one may fall on a CNAME. */
static void test_registry_in_zone(void **state)
{
	static const struct {
		const char *label, *input, *txt, *diags;
	} cases[] = {
		{ "shadow",
		  "*.apps.example.com A 0 8.8.8.8 ingress/a/x\n"
		  "x.bar.apps.example.com A 0 8.8.8.8 ingress/a/y",
		  "_o.foo.apps.example.com", "warning zone 7\n" },
		{ "a real name is there anyway",
		  "*.apps.example.com A 0 8.8.8.8 ingress/a/x\n"
		  "x.bar.apps.example.com A 0 8.8.8.8 ingress/a/y",
		  "_o.bar.apps.example.com", "" },
		{ "on a CNAME",
		  "a-www.example.com CNAME 0 x.example.net ingress/a/x",
		  "a-www.example.com", "error cname-other 1\n" },
		{ "below a CNAME",
		  "www.example.com CNAME 0 x.example.net i/a/x",
		  "_o.www.example.com", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		struct endpoint *txt;

		world_new(&w, "wildcards=allow");
		read_input(&w, cases[i].input);
		plan_add(&w.ctx, &w.config.publishers.v[0], &w.sets[0],
			 &w.plan);
		plan_finish(&w.ctx, &w.plan);
		txt = endpoints_add(w.mem, &w.plan.zones.v[0].records);
		txt->name = sv_of(cases[i].txt);
		txt->type = RR_TXT;
		txt->is_registry = true;
		VEC_ADD(w.mem, &txt->from)->at =
			(struct loc){ SV("apps/a.yaml"), 7, 1 };
		plan_check(&w.ctx, &w.plan);
		assert_sv(cases[i].label, diags_text(&w),
			  sv_of(cases[i].diags));
		arena_free(w.mem);
	}
}

/* Any order of the same records gives the same plan and the same words. */
static void test_permutations(void **state)
{
	static const char input[] =
		"a.example.com A 0 8.8.8.8 ingress/b/y\n"
		"a.example.com A 0 8.8.8.8 ingress/a/x\n"
		"a.example.com A 60 9.9.9.9 ingress/c/z\n"
		"b.example.com CNAME 0 c.example.com ingress/a/x\n"
		"b.example.com A 0 8.8.8.8 ingress/b/y\n"
		"c.example.com A 0 10.0.0.1|8.8.8.8 ingress/a/x\n"
		"c.example.com A 0 203.0.113.1 ingress/b/y\n"
		"*.example.com A 0 203.0.113.1 ingress/b/y\n"
		"d.example.com AAAA 0 2606:4700::1 ingress/d/y true\n"
		"d.example.com AAAA 0 2606:4700::1 ingress/e/y\n";
	struct sv records = SV(""), diags = SV("");
	struct world first = { 0 };
	unsigned seed = 20261123;

	(void)state;
	for (size_t round = 0; round < 200; round++) {
		struct world w;
		struct endpoints *set = &w.sets[0];

		world_new(&w, round % 2 == 0 ? "" : "conflict=merge");
		read_input(&w, input);
		for (size_t i = set->list.n; i > 1; i--) {
			struct endpoint swap = set->list.v[i - 1];
			size_t k;

			seed = seed * 1103515245 + 12345;
			k = (seed >> 16) % i;
			set->list.v[i - 1] = set->list.v[k];
			set->list.v[k] = swap;
		}
		run(&w);
		if (round == 0) {
			first = w;
			records = records_text(&w);
			diags = diags_text(&w);
			continue;
		}
		if (round % 2 == 0) {
			assert_sv("records", records_text(&w), records);
			assert_sv("diags", diags_text(&w), diags);
			for (size_t i = 0; i < w.diags.list.n; i++)
				assert_sv("text", w.diags.list.v[i].text,
					  first.diags.list.v[i].text);
		}
		arena_free(w.mem);
	}
	arena_free(first.mem);
}

/* A record that nobody else asks for changes no other one. */
static void test_unrelated(void **state)
{
	static const char input[] =
		"a.example.com A 0 8.8.8.8 ingress/b/y\n"
		"a.example.com A 60 8.8.8.8 ingress/a/x\n"
		"b.example.com CNAME 0 a.example.com ingress/a/x\n"
		"c.example.com A 0 10.0.0.1 ingress/c/z\n"
		"d.example.com AAAA 0 2606:4700::1 ingress/d/y\n";
	static const char *const unrelated[] = {
		"0.example.com A 0 9.9.9.9 ingress/0/0",
		"zz.example.com CNAME 0 lb.example.net ingress/z/z",
		"x.a.example.com TXT 0 hello crd/a/a",
		"bad..example.com A 0 9.9.9.9 ingress/e/e",
		"a.example.org A 0 9.9.9.9 ingress/e/e",
	};
	struct world base;

	(void)state;
	world_new(&base, "");
	read_input(&base, input);
	run(&base);
	for (size_t i = 0; i < sizeof(unrelated) / sizeof(unrelated[0]); i++) {
		struct world w;
		struct sv rest = records_text(&base), all, line;

		world_new(&w, "");
		read_input(&w, input);
		add_record(&w, sv_of(unrelated[i]), 90);
		run(&w);
		all = records_text(&w);
		while (sv_cut(&rest, '\n', &line))
			assert_row(unrelated[i], sv_has(all, line));
		for (size_t k = 0; k < base.diags.list.n; k++)
			assert_sv(unrelated[i], w.diags.list.v[k].text,
				  base.diags.list.v[k].text);
		arena_free(w.mem);
	}
	arena_free(base.mem);
}

/* A hostile host or target: one record of the expected form, or none
 * and a message with a place. */
static void check_hostile(const struct hostile *h, bool owner)
{
	struct world w;
	struct endpoint *e;
	struct sv text;
	char id[8] = { 0 };
	bool quoted_null, emit = sv_eq(h->expected, SV("emit"));

	memcpy(id, h->id.p, h->id.n < 7 ? h->id.n : 7);
	world_new(&w, "wildcards=allow guard=any mode=include");
	text = unescape(w.mem, h->input);
	e = endpoints_add(w.mem, &w.sets[0]);
	e->name = owner ? text : SV("t.example.com");
	*VEC_ADD(w.mem, &e->targets) = owner ? SV("192.0.2.66") : text;
	e->type = rrtype_of_target(e->targets.v[0]);
	VEC_ADD(w.mem, &e->from)->at = (struct loc){ SV("f"), 3, 1 };
	run(&w);
	quoted_null = sv_starts(h->emitted, SV("E-YAML-TYPE"));
	assert_row(id, emit == (records_text(&w).n > 0));
	if (sv_eq(h->expected, SV("reject")) && !quoted_null) {
		assert_row(id, w.diags.errors == 1);
		assert_row(id, w.diags.list.v[0].at.line == 3);
	} else if (!quoted_null) {
		assert_row(id, w.diags.errors == 0);
	}
	arena_free(w.mem);
}

static void test_hostile(void **state)
{
	struct arena *mem = arena_new();
	struct sv text = read_table(mem, "tests/data/hostile-names.tsv");
	struct hostile h;
	size_t owners = 0, targets = 0;

	(void)state;
	while (hostile_next(&text, &h)) {
		if (sv_eq(h.context, SV("owner"))) {
			check_hostile(&h, true);
			owners++;
		} else if (sv_eq(h.context, SV("target"))) {
			check_hostile(&h, false);
			targets++;
		}
	}
	assert_int_equal(owners, 103);
	assert_int_equal(targets, 22);
	arena_free(mem);
}

static void read_set(struct world *w, const char *text, struct endpoints *out)
{
	w->sets[0] = (struct endpoints){ 0 };
	read_input(w, text);
	*out = w->sets[0];
	endpoints_sort(out);
}

static const struct {
	const char *label, *have, *want, *changes;
} diffs[] = {
	{ "nothing", "", "", "+0 ~0 -0 of 0:" },
	{ "same", "a A 60 8.8.8.8 i/a/x", "a A 60 8.8.8.8 i/b/y",
	  "+0 ~0 -0 of 1:" },
	{ "added", "", "a A 60 8.8.8.8 i/a/x", "+1 ~0 -0 of 0: +a/A" },
	{ "deleted", "a A 60 8.8.8.8 i/a/x", "", "+0 ~0 -1 of 1: -a/A" },
	{ "changed", "a A 60 8.8.8.8 i/a/x", "a A 60 9.9.9.9 i/a/x",
	  "+0 ~1 -0 of 1: ~a/A" },
	{ "order of targets", "a A 60 8.8.8.8|9.9.9.9 i/a/x",
	  "a A 60 9.9.9.9|8.8.8.8 i/a/x", "+0 ~0 -0 of 1:" },
	{ "one target more", "a A 60 8.8.8.8 i/a/x",
	  "a A 60 9.9.9.9|8.8.8.8 i/a/x", "+0 ~1 -0 of 1: ~a/A" },
	{ "TTL", "a A 60 8.8.8.8 i/a/x", "a A 61 8.8.8.8 i/a/x",
	  "+0 ~1 -0 of 1: ~a/A" },
	{ "TTL unset", "a A 60 8.8.8.8 i/a/x", "a A 0 8.8.8.8 i/a/x",
	  "+0 ~1 -0 of 1: ~a/A" },
	{ "property", "a A 0 8.8.8.8 i/a/x true", "a A 0 8.8.8.8 i/a/x false",
	  "+0 ~1 -0 of 1: ~a/A" },
	{ "property gone", "a A 0 8.8.8.8 i/a/x true", "a A 0 8.8.8.8 i/a/x",
	  "+0 ~1 -0 of 1: ~a/A" },
	{ "type", "a A 0 8.8.8.8 i/a/x", "a CNAME 0 x.net i/a/x",
	  "+1 ~0 -1 of 1: -a/A +a/CNAME" },
	{ "renamed, TXT not counted",
	  "a A 0 8.8.8.8 i/a/x\na-a TXT 0 heritage=external-dns,x i/a/x",
	  "b A 0 8.8.8.8 i/a/x\na-b TXT 0 \"heritage=external-dns,x\" i/a/x",
	  "+1 ~0 -1 of 1: -a/A -a-a/TXT +a-b/TXT +b/A" },
	{ "a user's TXT is counted", "", "t TXT 0 v=spf1 i/a/x",
	  "+1 ~0 -0 of 0: +t/TXT" },
	{ "reference", "a A 0 ref:local.a i/a/x", "a A 0 ref:local.b i/a/x",
	  "+0 ~1 -0 of 1: ~a/A" },
};

static void test_changes(void **state)
{
	static const char signs[] = { '+', '~', '-' };

	(void)state;
	for (size_t i = 0; i < sizeof(diffs) / sizeof(diffs[0]); i++) {
		struct world w;
		struct endpoints have, want;
		struct changes c;
		struct buf b;

		world_new(&w, "");
		b = (struct buf){ .mem = w.mem };
		read_set(&w, diffs[i].have, &have);
		read_set(&w, diffs[i].want, &want);
		for (size_t k = 0; k < have.list.n; k++)
			have.list.v[k].publisher = w.config.publishers.v;
		for (size_t k = 0; k < want.list.n; k++)
			want.list.v[k].publisher = w.config.publishers.v;
		changes_find(w.mem, &have, &want, &c);
		buf_fmt(&b, "+%zu ~%zu -%zu of %zu:", c.added, c.updated,
			c.deleted, c.before);
		for (size_t k = 0; k < c.list.n; k++) {
			const struct endpoint *e = c.list.v[k].want;

			e = e != NULL ? e : c.list.v[k].have;
			buf_fmt(&b, " %c" SV_FMT "/%s", signs[c.list.v[k].kind],
				SV_ARG(e->name), rrtype_name(e->type));
		}
		assert_sv(diffs[i].label, buf_sv(&b), sv_of(diffs[i].changes));
		arena_free(w.mem);
	}
}

/* Of a record that was read from a file, its own properties count. */
static void test_changes_of_a_file(void **state)
{
	static const struct {
		const char *label, *have, *want; /* "" : not said */
		size_t updated;
	} cases[] = {
		{ "a zone file says nothing", "", "true", 0 },
		{ "the same", "true", "true", 0 },
		{ "switched on", "false", "true", 1 },
		{ "switched off", "true", "false", 1 },
		{ "the annotation went", "true", "", 1 },
		{ "off is the default", "false", "", 0 },
	};
	const struct sv proxied = SV("cloudflare/proxied");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		struct endpoints have, want;
		struct changes c;

		world_new(&w, "");
		read_set(&w, "a A 0 8.8.8.8 i/a/x", &have);
		read_set(&w, "a A 0 8.8.8.8 i/a/x", &want);
		want.list.v[0].publisher = w.config.publishers.v;
		if (cases[i].have[0] != '\0')
			pairs_put(w.mem, &have.list.v[0].properties, proxied,
				  sv_of(cases[i].have));
		if (cases[i].want[0] != '\0')
			pairs_put(w.mem, &want.list.v[0].properties, proxied,
				  sv_of(cases[i].want));
		changes_find(w.mem, &have, &want, &c);
		assert_row(cases[i].label, c.updated == cases[i].updated);
		arena_free(w.mem);
	}
}

/* stop: NULL, or the whole reason. */
static const struct {
	const char *label;
	size_t before, added, updated, deleted;
	long long allow_deletes, allow_changes;
	const char *stop;
} brakes[] = {
	{ "nothing", 20, 0, 0, 0, -1, -1, NULL },
	{ "new zone", 0, 500, 0, 0, -1, -1, NULL },
	{ "30 percent exactly", 20, 0, 0, 6, -1, -1, NULL },
	{ "over 30 percent", 20, 0, 0, 7, -1, -1,
	  "7 of 20 records would be deleted, over max-deletes of 30%; if that "
	  "is intended: --allow-deletes=7" },
	{ "released", 20, 0, 0, 7, 7, -1, NULL },
	{ "wrong number", 20, 0, 0, 7, 8, -1,
	  "7 of 20 records would be deleted, over max-deletes of 30% "
	  "(--allow-deletes=8 does not match 7); if that is intended: "
	  "--allow-deletes=7" },
	{ "small zone", 9, 0, 0, 8, -1, -1, NULL },
	{ "small zone, empty result", 1, 0, 0, 1, -1, -1,
	  "the only record would be deleted; if that is intended: "
	  "--allow-deletes=1" },
	{ "small zone, renamed", 1, 1, 0, 1, -1, -1, NULL },
	{ "empty result released", 5, 0, 0, 5, 5, -1, NULL },
	{ "60 percent changed", 20, 0, 12, 0, -1, -1, NULL },
	{ "over 60 percent changed", 20, 0, 13, 0, -1, -1,
	  "13 of 20 records would change, over max-changes of 60%; if that is "
	  "intended: --allow-changes=13" },
	{ "changes released", 20, 0, 13, 0, -1, 13, NULL },
	{ "deletes do not release changes", 20, 0, 13, 0, 13, -1,
	  "13 of 20 records would change, over max-changes of 60%; if that is "
	  "intended: --allow-changes=13" },
	{ "both", 20, 0, 6, 7, -1, -1,
	  "7 of 20 records would be deleted, over max-deletes of 30%; 13 of 20 "
	  "records would change, over max-changes of 60%; if that is intended: "
	  "--allow-deletes=7 --allow-changes=13" },
	{ "both released", 20, 0, 6, 7, 7, 13, NULL },
	{ "all deleted is one number", 20, 0, 0, 20, -1, -1,
	  "all 20 records would be deleted; if that is intended: "
	  "--allow-deletes=20" },
	{ "all deleted, released", 20, 0, 0, 20, 20, -1, NULL },
};

static void brake_row(const char *label, const struct zone_changes_list *zones,
		      struct brake_release release, struct arena *mem,
		      const char *stop)
{
	struct config c = { .safety = { 30, 60, 10 } };
	struct sv reason;
	int rc = brake_check(mem, &c, zones, &release, &reason);

	assert_sv(label, reason, sv_of(stop));
	assert_row(label, rc == (stop != NULL ? -1 : 0));
}

static void test_brake(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(brakes) / sizeof(brakes[0]); i++) {
		struct arena *mem = arena_new();
		struct zone_changes_list zones = { 0 };
		struct zone_changes *z = VEC_ADD(mem, &zones.list);

		z->changes = (struct changes){ .added = brakes[i].added,
					       .updated = brakes[i].updated,
					       .deleted = brakes[i].deleted,
					       .before = brakes[i].before };
		brake_row(brakes[i].label, &zones,
			  (struct brake_release){ brakes[i].allow_deletes,
						  brakes[i].allow_changes },
			  mem, brakes[i].stop);
		arena_free(mem);
	}
}

/* before, added, updated, deleted of up to three zones. */
static const struct {
	const char *label;
	size_t zone[3][4];
	long long allow_deletes, allow_changes;
	const char *stop;
} zones_brakes[] = {
	{ "one small zone of a large sum",
	  { { 100, 0, 0, 0 }, { 12, 0, 0, 11 } },
	  -1,
	  -1,
	  "zone b: 11 of 12 records would be deleted, over max-deletes of 30%; "
	  "if that is intended: --allow-deletes=11" },
	{ "the number is the sum",
	  { { 100, 0, 0, 2 }, { 12, 0, 0, 11 } },
	  -1,
	  -1,
	  "zone b: 11 of 12 records would be deleted, over max-deletes of 30%; "
	  "if that is intended: --allow-deletes=13" },
	{ "a zone's own number does not release",
	  { { 100, 0, 0, 2 }, { 12, 0, 0, 11 } },
	  11,
	  -1,
	  "zone b: 11 of 12 records would be deleted, over max-deletes of 30% "
	  "(--allow-deletes=11 does not match 13); if that is intended: "
	  "--allow-deletes=13" },
	{ "the sum releases every zone",
	  { { 12, 0, 0, 6 }, { 12, 0, 0, 6 } },
	  12,
	  -1,
	  NULL },
	{ "several zones over",
	  { { 12, 0, 0, 6 }, { 12, 0, 0, 6 }, { 12, 0, 0, 6 } },
	  -1,
	  -1,
	  "zone a: 6 of 12 records would be deleted, over max-deletes of 30% "
	  "(and 2 more); if that is intended: --allow-deletes=18" },
	{ "small zones, together over",
	  { { 6, 0, 0, 2 }, { 8, 0, 0, 3 } },
	  -1,
	  -1,
	  "all zones together: 5 of 14 records would be deleted, over "
	  "max-deletes of 30%; if that is intended: --allow-deletes=5" },
	{ "small zones, together under",
	  { { 6, 0, 0, 2 }, { 8, 0, 0, 2 } },
	  -1,
	  -1,
	  NULL },
	{ "one empty among many",
	  { { 100, 0, 0, 0 }, { 3, 0, 0, 3 } },
	  -1,
	  -1,
	  "zone b: all 3 records would be deleted; if that is intended: "
	  "--allow-deletes=3" },
	{ "deletes of one, changes of another",
	  { { 20, 0, 0, 7 }, { 20, 0, 13, 0 } },
	  -1,
	  -1,
	  "zone a: 7 of 20 records would be deleted, over max-deletes of 30%; "
	  "zone b: 13 of 20 records would change, over max-changes of 60%; if "
	  "that is intended: --allow-deletes=7 --allow-changes=20" },
	{ "released deletes leave the changes",
	  { { 20, 0, 0, 7 }, { 20, 0, 13, 0 } },
	  7,
	  -1,
	  "zone b: 13 of 20 records would change, over max-changes of 60%; if "
	  "that is intended: --allow-changes=20" },
	{ "both released", { { 20, 0, 0, 7 }, { 20, 0, 13, 0 } }, 7, 20, NULL },
};

static void test_brake_zones(void **state)
{
	static const struct zone names[] = { { .key = { "a", 1 } },
					     { .key = { "b", 1 } },
					     { .key = { "c", 1 } } };

	(void)state;
	for (size_t i = 0; i < sizeof(zones_brakes) / sizeof(*zones_brakes);
	     i++) {
		struct arena *mem = arena_new();
		struct zone_changes_list zones = { 0 };

		for (size_t k = 0; k < 3; k++) {
			const size_t *n = zones_brakes[i].zone[k];
			struct zone_changes *z = VEC_ADD(mem, &zones.list);

			z->zone = &names[k];
			z->changes = (struct changes){ .before = n[0],
						       .added = n[1],
						       .updated = n[2],
						       .deleted = n[3] };
		}
		brake_row(
			zones_brakes[i].label, &zones,
			(struct brake_release){ zones_brakes[i].allow_deletes,
						zones_brakes[i].allow_changes },
			mem, zones_brakes[i].stop);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_finding_once),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_kinds),
		cmocka_unit_test(test_fold_alike),
		cmocka_unit_test(test_fold_lines),
		cmocka_unit_test(test_provenance),
		cmocka_unit_test(test_faulty),
		cmocka_unit_test(test_registry_in_zone),
		cmocka_unit_test(test_permutations),
		cmocka_unit_test(test_unrelated),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_changes_of_a_file),
		cmocka_unit_test(test_brake),
		cmocka_unit_test(test_brake_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
