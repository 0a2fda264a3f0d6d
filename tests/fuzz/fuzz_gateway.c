/*
 * From manifests to endpoints, by way of every kind but Ingress, Service and
 * DNSEndpoint, as a copy of ExternalDNS and in our own way.  Checked besides
 * memory: the order of the objects changes nothing, and every endpoint says
 * who asked for it.
 */
#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"
#include "source/source.h"

static void choose(struct arena *mem, struct flags *f)
{
	const struct flag flags[] = {
		{ .name = SV("source"),
		  .value = SV("gateway-httproute,gateway-grpcroute,"
			      "gateway-tlsroute,gateway-tcproute,"
			      "gateway-udproute,service,traefik-proxy,"
			      "istio-gateway,istio-virtualservice,"
			      "contour-httpproxy,openshift-route,"
			      "kong-tcpingress,ambassador-host,"
			      "skipper-routegroup,f5-virtualserver,"
			      "f5-transportserver,gloo-proxy") },
		{ .name = SV("gateway-listener-sets"), .value = SV("true") },
		{ .name = SV("default-targets"), .value = SV("192.0.2.1") },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		*VEC_ADD(mem, &f->list) = flags[i];
}

static struct sv derive(struct arena *mem, const struct objects *all,
			bool compat)
{
	struct diags d = { .mem = mem };
	struct flags f = { 0 };
	struct config c;
	struct endpoints set = { 0 };
	struct source_ctx ctx = {
		.mem = mem, .diags = &d, .config = &c, .all = all, .out = &set
	};
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	choose(mem, &f);
	if (config_load(mem, &d, SV(""), SV(""), &f, compat, &c) < 0)
		abort();
	ctx.publisher = &c.publishers.v[0];
	(void)source_read_all(&ctx);
	for (size_t i = 0; i < set.list.n; i++)
		assert(set.list.v[i].from.n > 0);
	endpoints_sort(&set);
	assert(out != NULL);
	output_jsonl(out, &set, compat);
	if (fclose(out) != 0)
		abort();
	arena_defer(mem, free, text);
	return (struct sv){ text, n };
}

static struct objects turned(struct arena *mem, const struct objects *all)
{
	struct objects out = { 0 };

	for (size_t i = all->list.n; i-- > 0;)
		*VEC_ADD(mem, &out.list) = all->list.v[i];
	return out;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct objects all = { 0 }, back;

	(void)manifest_parse(mem, &d, SV("fuzz"), text, &docs);
	for (size_t i = 0; i < docs.list.n; i++)
		objects_add(mem, &d, &all, docs.list.v[i], NULL);
	back = turned(mem, &all);
	for (int compat = 0; compat < 2; compat++)
		assert(sv_eq(derive(mem, &all, compat),
			     derive(mem, &back, compat)));
	arena_free(mem);
	return 0;
}
